"""An officer agrees to be named in public, alone, and takes it back; the words that were read stay known."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from babel.messages.pofile import read_po

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.home.service import merge_officers, part_officers
from karmyogi.people import queries
from karmyogi.people.models import Consent
from karmyogi.people.rules import Answer, Purpose, merged_answer, words_now
from karmyogi.people.rules.consents import PUBLIC_NAME_WORDS
from karmyogi.people.service import give_consent, withdraw_consent
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.web.i18n import SOURCES
from tests import factories as make
from tests import trails
from tests.people.scene import AT, LATER

NAME = Purpose.PUBLIC_NAME
# What each version of the words says in English and in Hindi: who changes a sentence makes a new version.
AS_READ = {1: "1e4e9bc27a0c93f989f4c38b2bee8c27f5d6de0ab03dea22bee581e16a40239e"}


def agree(scene, who: str = "asha", *, by: str | None = None, at=AT, **read: object) -> Consent:
    asked = {"words": words_now(NAME).version, "language": "hi"} | read
    return give_consent(scene.officers[who], NAME, by=scene.actors[by or who], at=at, **asked)


def withdraw(scene, who: str = "asha", *, by: str | None = None, at=LATER) -> Consent:
    return withdraw_consent(scene.officers[who], NAME, by=scene.actors[by or who], at=at)


def answer(scene, who: str = "asha") -> Answer:
    return queries.answer_of(scene.officers[who], NAME)


def codes_of(error) -> list[str]:
    return [one.code for one in error.value.reasons]


def test_who_was_never_asked_has_not_agreed(scene):
    assert answer(scene) is Answer.SILENT
    assert queries.consent_of(scene.officers["asha"], NAME) is None


def test_asha_agrees_and_takes_it_back_and_both_are_dated_and_on_the_trail(scene):
    given = agree(scene)
    while_given = answer(scene)
    withdraw(scene)

    kept = Consent.get_by_id(given.id)
    told = [(e.action, e.subject, e.subject_id, e.at) for e in TrailEntry.select().order_by(TrailEntry.id)]
    assert (while_given, answer(scene)) == (Answer.AGREED, Answer.TAKEN_BACK)
    assert (kept.given_at, kept.withdrawn_at, kept.words, kept.language) == (AT, LATER, 1, "hi")
    assert told == [("consent.give", "consent", given.id, AT), ("consent.withdraw", "consent", given.id, LATER)]
    assert TrailEntry.get().change["officer"] == scene.officers["asha"].id
    assert broken_link() is None


def test_she_may_agree_again_and_each_answer_stays(scene):
    agree(scene)
    withdraw(scene)

    agree(scene, at=LATER + timedelta(days=1), language="en")

    told = [(one.language, one.withdrawn_at) for one in queries.consents_of(scene.officers["asha"], NAME)]
    assert told == [("en", None), ("hi", LATER)]
    assert answer(scene) is Answer.AGREED


@pytest.mark.parametrize("who", ["ravi", "meena", "sunita", "thomas", "devendra", "imran"])
def test_nobody_agrees_or_takes_back_for_her(scene, who):
    with pytest.raises(NotAllowed):
        agree(scene, by=who)
    agree(scene)
    with pytest.raises(NotAllowed):
        withdraw(scene, by=who)

    assert answer(scene) is Answer.AGREED


def test_the_system_agrees_for_nobody(scene):
    with pytest.raises(NotAllowed):
        give_consent(scene.officers["asha"], NAME, words=1, language="hi", by=SYSTEM, at=AT)


@pytest.mark.parametrize("read", [None, 0, 2, -1])
def test_other_words_than_those_of_today_are_no_consent(scene, read):
    with pytest.raises(RuleBroken) as error:
        agree(scene, words=read)

    assert codes_of(error) == ["consent_words_changed"]
    assert answer(scene) is Answer.SILENT


def test_agreeing_twice_or_taking_back_nothing_is_refused(scene):
    with pytest.raises(RuleBroken) as nothing:
        withdraw(scene)
    agree(scene)
    with pytest.raises(RuleBroken) as again:
        agree(scene)

    assert (codes_of(nothing), codes_of(again)) == (["consent_not_given"], ["consent_already_given"])
    assert TrailEntry.select().count() == 1


def test_two_browsers_of_one_person_give_one_consent(scene):
    def press(_browser: int) -> str:
        with database.connection_context():
            try:
                agree(scene)
            except RuleBroken as broken:
                return broken.reasons[0].code
            return "given"

    with ThreadPoolExecutor(2) as browsers:
        found = sorted(browsers.map(press, range(2)))

    assert found == ["consent_already_given", "given"]
    assert Consent.select().count() == 1


# Two records of one person


@pytest.fixture
def second(scene):
    """Another record of Asha, with an account that was closed since."""
    officer = make.make_officer("Asha Sahoo", "आशा साहू", unit=scene.units["health_office"])
    scene.officers["second"] = officer
    scene.actors["second"] = make.actor_of(make.make_user("Asha Sahoo", officer=officer), (make.Role.EMPLOYEE, None))
    return officer


def merge(scene) -> None:
    merge_officers(
        scene.officers["second"], scene.officers["asha"], why="नया कोड", is_checked=True, by=scene.actors["sunita"],
        at=LATER + timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("goes", "stands", "expected"),
    [
        ("agreed", "agreed", "agreed"),
        ("silent", "agreed", "agreed"),
        ("taken_back", "agreed", "taken_back"),
        ("agreed", "silent", "silent"),
        ("agreed", "taken_back", "taken_back"),
        ("silent", "silent", "silent"),
        ("taken_back", "silent", "silent"),
    ],
)
def test_the_stricter_answer_holds_for_two_records_that_become_one(scene, second, goes, stands, expected):
    for who, said in (("second", goes), ("asha", stands)):
        if said != "silent":
            agree(scene, who)
        if said == "taken_back":
            withdraw(scene, who)

    merge(scene)

    assert merged_answer(Answer(goes), Answer(stands)) == Answer(expected)
    assert answer(scene) == Answer(expected)
    assert queries.consent_of(second, NAME) is None


def test_what_merging_ends_is_dated_and_on_the_trail_in_the_name_of_who_merged(scene, second):
    agree(scene, "second")
    withdraw(scene, "second")
    agree(scene)

    merge(scene)

    entry = trails.told_last(TrailEntry.action == "consent.withdraw")
    assert (entry.actor, entry.at) == ("Sunita Markam", LATER + timedelta(days=1))
    assert (entry.change["officer"], entry.change["because"]) == (scene.officers["asha"].id, "officer.merge")


def test_parting_gives_no_consent_back_and_the_record_that_gave_way_gives_none(scene, second):
    agree(scene, "second")
    merge(scene)
    with pytest.raises(RuleBroken) as error:
        agree(scene, "second", at=LATER + timedelta(days=2))

    part_officers(second, why="दो व्यक्ति", by=scene.actors["sunita"])

    assert codes_of(error) == ["consent_record_gave_way"]
    assert queries.consent_of(second, NAME) is None


# The words


def test_a_version_of_the_words_never_changes():
    with open(SOURCES / "hi" / "LC_MESSAGES" / "messages.po", "rb") as file:
        hindi = read_po(file, locale="hi")

    def read(sentences: tuple[str, ...]) -> str:
        both = "\n".join([*sentences, *(str(hindi[one].string) for one in sentences)])
        return hashlib.sha256(both.encode()).hexdigest()

    assert {one.version: read(one.sentences) for one in PUBLIC_NAME_WORDS} == AS_READ
    assert [one.version for one in PUBLIC_NAME_WORDS] == list(range(1, len(PUBLIC_NAME_WORDS) + 1))
