"""Why am I not listed: every reason, from rules and from a small State."""

from datetime import date

import pytest

from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer, Posting
from karmyogi.scores import queries
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import Listing, reasons_unlisted
from karmyogi.scores.rules import Posting as Held
from tests import factories as make
from tests.scores.scene import JANUARY

NOTHING = reason("unlisted_nothing_known")
ALWAYS = (Held(date(2020, 1, 1)),)
BEFORE, AFTER = Held(date(2020, 1, 1), date(2025, 12, 31)), Held(date(2026, 2, 1))


@pytest.mark.parametrize(
    ("postings", "why"),
    [
        ((), [reason("unlisted_never_posted")]),
        ((AFTER,), [reason("unlisted_joined_later", on="2026-02-01")]),
        ((BEFORE,), [reason("unlisted_left_before", on="2025-12-31")]),
        ((BEFORE, AFTER), [reason("unlisted_between")]),
        (ALWAYS, []),
        ((Held(date(2026, 1, 31)),), []),
        ((Held(date(2020, 1, 1), date(2026, 1, 1)),), []),
    ],
)
def test_a_month_without_a_posting_says_which_way(postings, why):
    assert reasons_unlisted(Listing(False, postings), JANUARY) == [*why, NOTHING]


def test_all_reasons_are_said_at_once():
    assert reasons_unlisted(Listing(False, (), is_on_igot=False), JANUARY) == [
        reason("unlisted_never_posted"),
        reason("unlisted_not_on_igot"),
        NOTHING,
    ]


@pytest.mark.parametrize(
    ("found", "later", "code"),
    [(0, 0, "unlisted_nothing_known"), (2, 0, "unlisted_nothing_counted"), (2, 1, "unlisted_came_later")],
)
def test_a_month_without_points_says_what_was_found(found, later, code):
    assert reasons_unlisted(Listing(False, ALWAYS, found=found, later=later), JANUARY) == [reason(code)]


def test_a_score_on_the_boards_needs_no_reason():
    assert reasons_unlisted(Listing(True), JANUARY) == []


def test_a_score_off_a_board_says_why():
    assert reasons_unlisted(Listing(True, has_class=False, is_merged=True), JANUARY) == [
        reason("unlisted_without_class"),
        reason("unlisted_small_group"),
    ]
    assert reasons_unlisted(Listing(True, has_board=False, is_merged=False), JANUARY) == [reason("unlisted_no_board")]


# A small State


def why(officer: Officer) -> list[str]:
    told = queries.told_month(officer.id, ScoreMonth.get(ScoreMonth.month == str(JANUARY)))
    case = queries.listing_of(officer, told, queries.standing_of(officer.id, JANUARY))
    return [one.code for one in reasons_unlisted(case, JANUARY)]


@pytest.fixture
def ten(scene) -> list[Officer]:
    return scene.officers(10)


def test_ten_of_a_class_are_listed_and_nine_are_told_of_the_wider_group(scene, ten):
    """Nine in the other class stand on the boards of all classes."""
    others = scene.officers(9, state_class="II")
    scene.run()

    assert [why(one) for one in (ten[0], others[0])] == [[], ["unlisted_small_group"]]


def test_nine_in_the_whole_state_have_no_board(scene):
    nine = scene.officers(9)
    scene.run()

    assert why(nine[0]) == ["unlisted_no_board"]


def test_an_officer_without_a_class_is_told(scene, ten):
    asha = scene.officer(1, state_class=None)
    scene.run()

    assert why(asha) == ["unlisted_without_class"]


def test_asha_who_did_nothing_reads_that_nothing_is_on_record(scene, ten):
    asha = scene.officer(0)
    scene.run()

    assert why(asha) == ["unlisted_not_on_igot", "unlisted_nothing_known"]
    make.make_registration(asha, date(2024, 1, 1))
    assert why(asha) == ["unlisted_nothing_known"]


def test_a_session_before_the_posting_did_not_count(scene, ten):
    asha = make.make_officer()
    make.make_registration(asha, date(2024, 1, 1))
    make.make_posting(asha, scene.clinic, from_on=date(2026, 1, 20))
    make.make_attendance(asha, date(2026, 1, 19))
    scene.run()

    assert why(asha) == ["unlisted_nothing_counted"]


def test_a_session_entered_too_late_is_told(scene, ten):
    asha = scene.officer(0)
    scene.run()
    scene.earn(asha, 1)

    assert why(asha) == ["unlisted_not_on_igot", "unlisted_came_later"]


def test_a_score_that_stands_with_another_record_is_told_by_its_code(scene, ten):
    old, new = scene.officer(1), scene.officer(0)
    scene.run()
    Officer.update(merged_into=new).where(Officer.id == old.id).execute()
    told = queries.told_month(new.id, ScoreMonth.get())

    assert why(new) == ["unlisted_other_record"]
    assert queries.listing_of(new, told, None).other_record == old.employee_code


def test_another_persons_score_is_nobodys_other_record(scene, ten):
    asha = scene.officer(0)
    scene.run()

    assert "unlisted_other_record" not in why(asha)


def test_months_without_a_record_are_those_that_were_computed(scene):
    asha, ravi = scene.officer(0), scene.officer(1)
    scene.run()

    assert [queries.months_without_record(one.id, limit=12) for one in (asha, ravi)] == [["2026-01"], []]


def test_who_left_before_the_month_reads_when(scene, ten):
    asha = scene.officer(0)
    Posting.update(to_on=date(2025, 6, 30)).where(Posting.officer == asha).execute()
    scene.run()

    assert why(asha)[0] == "unlisted_left_before"
