"""Where people meet flags: the front page, an officer's page, the own page, and the import that raised them."""

import re
from datetime import UTC, date, datetime

import pytest

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.queries import found_not_credible
from karmyogi.completions.service import judge
from karmyogi.core.months import Month
from karmyogi.demo import story
from karmyogi.home.queries.pending import pending
from karmyogi.scores.models import ScoreMonth
from karmyogi.store.imports import Import
from tests import factories as make
from tests.home.test_officers import officer, page_of
from tests.visitors import words_of

DOUBTED_AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
FOUND_AT = datetime(2026, 11, 21, 6, tzinfo=UTC)
FOUND_ON = "21 November 2026"


@pytest.fixture(autouse=True)
def none_yet(told_db):
    """The demo's own reports raise a few; these tests raise theirs."""
    Flag.delete().execute()


def completion_of(key: str) -> Completion:
    return (
        Completion.select().where(Completion.officer == officer(key)).order_by(Completion.completed_at.desc()).first()
    )


def found_wanting(key: str, **facts) -> Flag:
    """A completion of this officer that two people have found not credible."""
    flag = make.make_flag(completion_of(key), **facts)
    judge(flag, "doubt", by=story.actor("sunita"), remark="Odd.", at=DOUBTED_AT)
    judge(flag, "confirm", by=story.actor("kabir"), remark="Odd indeed.", at=FOUND_AT)
    return flag


def waiting_for(key: str) -> dict[str, int]:
    return {one.code: one.count for one in pending(story.actor(key), on=date(2026, 11, 26)) if "flags" in one.code}


# The front page


def test_flags_wait_for_the_nodal_officer_in_whose_unit_they_are_and_for_the_state(visit):
    origin = Import.select().first()
    for key in ("asha", "imran"):
        make.make_flag(completion_of(key), import_id=origin.id)

    assert {key: waiting_for(key) for key in ("ravi", "sunita", "meena", "thomas", "asha")} == {
        "ravi": {"flags": 1},
        "sunita": {"flags": 2},
        "meena": {},
        "thomas": {},
        "asha": {},
    }
    page = visit("ravi", language="en").get("/")
    assert "Flagged completions to look at" in words_of(page)
    assert 'href="/flags"' in page.text


def test_a_doubt_waits_for_another_person_of_the_state_than_who_doubted(visit):
    judge(make.make_flag(completion_of("asha")), "doubt", by=story.actor("sunita"), remark="Odd.")

    assert {key: waiting_for(key) for key in ("sunita", "kabir", "ravi")} == {
        "sunita": {},
        "kabir": {"flags_doubted": 1},
        "ravi": {},
    }
    assert 'href="/flags?state=doubted"' in visit("kabir").get("/").text


def test_nobody_is_asked_to_look_at_what_they_finished_themselves():
    make.make_flag(completion_of("ravi"))

    assert (waiting_for("ravi"), waiting_for("sunita")) == ({}, {"flags": 1})


# An officer's page


def test_a_flagged_completion_is_marked_for_those_who_may_read_flags(visit):
    flag = make.make_flag(completion_of("asha"))
    link = f'href="/flags/{flag.id}"'

    marked = {
        who: link in visit(who).get(page_of("asha")).text for who in ("ravi", "sunita", "thomas", "meena", "asha")
    }

    assert marked == {"ravi": True, "sunita": True, "thomas": True, "meena": False, "asha": False}


# The own page


def test_an_open_doubt_is_not_told_to_the_officer(visit):
    flag = make.make_flag(completion_of("asha"))
    judge(flag, "doubt", by=story.actor("sunita"), remark="Odd.")
    asha, month = visit("asha", language="en"), completion_of("asha").month

    said = " ".join(words_of(asha.get(path)) for path in ("/me", "/me/courses", f"/me/scores/{month}"))

    assert "not counted" not in said
    assert "credible" not in said.lower()
    assert "Odd." not in said


def test_an_officer_reads_which_course_was_found_not_credible_and_where_to_turn(visit):
    found_wanting("asha")
    asha, done = visit("asha", language="en"), completion_of("asha")

    for path in ("/me", "/me/courses"):
        said = words_of(asha.get(path))
        assert f"not counted: found not credible on {FOUND_ON}" in said
        assert "1 course is not counted" in said
        assert "tell the nodal officer of your department" in said
        assert done.course.name in said
        assert "Odd indeed." not in said  # a remark is for those who decide


def test_why_this_score_names_what_was_found_not_credible_and_a_sealed_month_stays(visit):
    found_wanting("asha")
    month = completion_of("asha").month
    ScoreMonth.update(sealed_at=FOUND_AT.replace(day=25)).where(ScoreMonth.month == month).execute()
    asha, said = visit("asha", language="en"), f"not counted: found not credible on {FOUND_ON}"
    assert said in words_of(asha.get(f"/me/scores/{month}"))
    assert said in words_of(visit("ravi", language="en").get(f"{page_of('asha')}/scores/{month}"))

    ScoreMonth.update(sealed_at=DOUBTED_AT).where(ScoreMonth.month == month).execute()
    said = words_of(asha.get(f"/me/scores/{month}"))

    assert f"found not credible on {FOUND_ON}, after this month was sealed: its points stay as they are" in said
    assert "not counted:" not in said


def test_a_completion_of_two_flags_is_told_once_with_the_verdict_of_the_first():
    first, second = found_wanting("asha"), make.make_flag(completion_of("asha"), code="in_future")
    Flag.update(state="not_credible").where(Flag.id == second.id).execute()

    [found] = found_not_credible(officer("asha").id)

    assert (found.completion.id, found.found_at) == (first.completion_id, FOUND_AT)
    assert found_not_credible(officer("asha").id, month=Month(2001, 1)) == []
    assert found_not_credible(officer("imran").id) == []


# The import


def test_an_import_tells_how_many_of_its_completions_are_flagged_within_reach(visit):
    origin = Import.select().where(Import.unit_id.is_null()).first()
    for key in ("asha", "imran", "ravi"):
        make.make_flag(completion_of(key), import_id=origin.id)

    page = visit("sunita", language="en").get(f"/imports/{origin.id}")

    assert "3 completions of this file are flagged" in words_of(page)
    assert re.search(rf'href="/flags\?file={origin.id}"', page.text)
