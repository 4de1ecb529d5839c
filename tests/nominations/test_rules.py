"""Eligibility, citations, windows and the table of steps: decisions without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import TEXTS, reason
from karmyogi.nominations import rules
from karmyogi.nominations.rules import (
    NOMINATION,
    CitationLimits,
    Criteria,
    Hand,
    Integrity,
    IntegrityAnswer,
    Record,
    Script,
    Verdict,
    barring,
    characters_in,
    citation_reasons,
    correction_reasons,
    criteria_from,
    is_written_in,
    issue_reasons,
    priority_reasons,
    quota_reasons,
    reasons_against,
    state_shown,
    tidy,
    verdict_of,
    window_reasons,
    years_after,
)
from tests.nominations.scene import CITATION_EN, CITATION_HI

ON = date(2026, 4, 10)
CLEAR = Integrity(IntegrityAnswer.CLEAR, date(2026, 1, 1), date(2026, 6, 30))
STRICT = Criteria(
    min_points=40,
    min_sealed_months=3,
    plan_done=True,
    cool_off_years=2,
    must_serve_until=date(2027, 3, 31),
    integrity_required=True,
    state_classes=("III", "IV"),
)
SOUND = Record(
    points=40,
    sealed_months=3,
    overdue=0,
    honoured_on=date(2024, 4, 10),
    retires_on=date(2027, 3, 31),
    state_class="III",
    integrity=CLEAR,
)


def with_(record: Record, **changes: object) -> Record:
    return Record(**{name: getattr(record, name) for name in record.__dataclass_fields__} | changes)


def test_an_officer_who_just_meets_every_rule_is_eligible():
    assert reasons_against(SOUND, STRICT, on=ON) == []


# fmt: off
SHORT_BY_ONE = [
    ({"points": 39},                          reason("points_short", has=39, needed=40)),
    ({"sealed_months": 2},                    reason("sealed_months_short", has=2, needed=3)),
    ({"overdue": 1},                          reason("plan_overdue", count=1)),
    ({"honoured_on": date(2024, 4, 11)},
                              reason("honoured_recently", given_on="2024-04-11", again_on="2026-04-11")),
    ({"retires_on": date(2027, 3, 30)},
                              reason("retires_too_soon", retires_on="2027-03-30", needed_until="2027-03-31")),
    ({"retires_on": None},                    reason("retirement_unknown")),
    ({"state_class": "II"},                   reason("post_class_not_allowed", state_class="II", allowed="III, IV")),
    ({"state_class": None},                   reason("post_class_unknown")),
    ({"integrity": None},                     reason("integrity_missing")),
    ({"integrity": Integrity(IntegrityAnswer.PENDING, ON, ON)},   reason("integrity_pending", given_on="2026-04-10")),
    ({"integrity": Integrity(IntegrityAnswer.NOT_CLEAR, ON, ON)}, reason("integrity_not_clear", given_on="2026-04-10")),
    ({"integrity": Integrity(IntegrityAnswer.CLEAR, date(2026, 1, 1), date(2026, 4, 9))},
                                              reason("integrity_expired", valid_until="2026-04-09")),
]
# fmt: on


@pytest.mark.parametrize(("change", "expected"), SHORT_BY_ONE, ids=lambda value: getattr(value, "code", ""))
def test_each_rule_refuses_by_itself_and_says_why(change, expected):
    assert reasons_against(with_(SOUND, **change), STRICT, on=ON) == [expected]


@pytest.mark.parametrize(("change", "_expected"), SHORT_BY_ONE)
def test_a_cycle_that_asks_nothing_refuses_nobody_but_whom_an_authority_names(change, _expected):
    known_trouble = change.get("integrity") == Integrity(IntegrityAnswer.NOT_CLEAR, ON, ON)

    codes = [one.code for one in reasons_against(with_(SOUND, **change), Criteria(), on=ON)]

    assert codes == (["integrity_not_clear"] if known_trouble else [])


def test_an_officer_is_told_every_reason_and_not_only_the_first():
    nothing = Record()

    codes = [one.code for one in reasons_against(nothing, STRICT, on=ON)]

    assert codes == [
        "points_short",
        "sealed_months_short",
        "retirement_unknown",
        "post_class_unknown",
        "integrity_missing",
    ]


def test_a_certificate_that_found_trouble_asks_for_a_new_one_once_its_term_is_over():
    old_trouble = Integrity(IntegrityAnswer.NOT_CLEAR, date(2025, 1, 1), date(2025, 12, 31))

    found = reasons_against(with_(SOUND, integrity=old_trouble), STRICT, on=ON)

    assert found == [reason("integrity_expired", valid_until="2025-12-31")]


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ([], Verdict.ELIGIBLE),
        (["integrity_missing"], Verdict.NEEDS_CERTIFICATE),
        (["integrity_expired"], Verdict.NEEDS_CERTIFICATE),
        (["integrity_pending", "retirement_unknown"], Verdict.NEEDS_CERTIFICATE),
        (["integrity_not_clear"], Verdict.NOT_ELIGIBLE),
        (["integrity_missing", "points_short"], Verdict.NOT_ELIGIBLE),
    ],
)
def test_the_head_sees_one_of_three_verdicts(codes, verdict):
    assert verdict_of([reason(code) for code in codes]) is verdict


def test_what_paper_mends_does_not_keep_the_head_from_nominating():
    reasons = [reason("points_short"), reason("integrity_missing"), reason("post_class_unknown")]

    assert barring(reasons) == [reason("points_short")]


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.integers(0, 30))
def test_a_cool_off_ends_on_the_same_day_of_a_later_year(day, years):
    again_on = years_after(day, years)

    assert again_on.year == day.year + years
    assert (again_on.month, again_on.day) in {(day.month, day.day), (3, 1)}
    assert (again_on.month, again_on.day) == (day.month, day.day) or (day.month, day.day) == (2, 29)


records = st.builds(
    Record,
    points=st.integers(0, 80),
    sealed_months=st.integers(0, 6),
    overdue=st.integers(0, 3),
    honoured_on=st.none() | st.dates(date(2020, 1, 1), date(2026, 4, 10)),
    retires_on=st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    state_class=st.sampled_from([None, "I", "II", "III", "IV"]),
    integrity=st.none()
    | st.builds(
        lambda answer, given_on, days: Integrity(answer, given_on, given_on + timedelta(days=days)),
        st.sampled_from(IntegrityAnswer),
        st.dates(date(2025, 1, 1), date(2026, 4, 10)),
        st.integers(0, 700),
    ),
)


@given(records, st.integers(0, 40), st.integers(0, 3))
def test_more_points_and_fewer_dues_never_make_an_officer_less_eligible(record, more, less):
    better = with_(record, points=record.points + more, overdue=max(0, record.overdue - less))

    codes = {one.code for one in reasons_against(record, STRICT, on=ON)}

    assert {one.code for one in reasons_against(better, STRICT, on=ON)} <= codes


@given(records)
def test_every_reason_has_a_text_whose_places_its_facts_fill(record):
    for one in reasons_against(record, STRICT, on=ON):
        assert one.text % one.facts


@given(records)
def test_a_frozen_record_is_plain_text_and_numbers(record):
    frozen = record.as_data()

    assert frozen["points"] == record.points
    assert frozen["retires_on"] == (record.retires_on and record.retires_on.isoformat())
    assert frozen["integrity"] is None or frozen["integrity"]["answer"] == record.integrity.answer


# Citations


LIMITS = CitationLimits(min_characters=5, max_characters=20, min_words=2, max_words=4)
FITS_HI, FITS_EN = "सेवा में श्रेष्ठ", "best in service"


@pytest.mark.parametrize(
    ("citation_hi", "citation_en", "expected"),
    [
        (FITS_HI, FITS_EN, []),
        ("", FITS_EN, [reason("citation_hi_short", has=0, needed=5), reason("citation_hi_script")]),
        (FITS_HI, "", [reason("citation_en_short", has=0, needed=5), reason("citation_en_script")]),
        ("best in service", FITS_EN, [reason("citation_hi_script")]),
        (FITS_HI, "सेवा में श्रेष्ठ", [reason("citation_en_script")]),
        ("१२ ३४५६", FITS_EN, [reason("citation_hi_script")]),
        ("कर्मयोगी", FITS_EN, [reason("citation_hi_few_words", has=1, needed=2)]),
        (FITS_HI, "a b c d e", [reason("citation_en_many_words", has=5, allowed=4)]),
        (FITS_HI, "x" * 10 + " " + "y" * 10, [reason("citation_en_long", has=21, allowed=20)]),
        (FITS_HI, "x" * 10 + " " + "y" * 9, []),
    ],
)
def test_a_citation_is_measured_in_both_languages(citation_hi, citation_en, expected):
    assert citation_reasons(citation_hi, citation_en, LIMITS) == expected


def test_the_citations_of_the_scene_fit_the_usual_limits():
    assert citation_reasons(CITATION_HI, CITATION_EN, CitationLimits()) == []


@pytest.mark.parametrize(
    ("text", "letters"),
    [("", 0), ("क", 1), ("कि", 1), ("प्रशस्ति", 5), ("é", 1), ("e\u0301", 1), ("क़", 1), ("र्\u200dय", 2), ("  a   b ", 3)],
)
def test_matras_accents_and_joiners_belong_to_their_letter(text, letters):
    assert characters_in(text) == letters


@given(st.text())
def test_a_tidy_text_stays_as_it_is_and_can_be_kept_by_both_engines(text):
    kept = tidy(text)

    assert tidy(kept) == kept
    assert "\x00" not in kept
    assert kept.encode().decode() == kept


@given(st.text(alphabet="कखगघ ािी्"), st.text(alphabet="abc xyz"))
def test_a_script_is_told_by_its_letters(hindi, english):
    assert is_written_in(Script.HINDI, hindi) is any(letter in "कखगघ" for letter in hindi)
    assert is_written_in(Script.ENGLISH, english) is bool(english.strip())
    assert not is_written_in(Script.ENGLISH, hindi)


# Time, quota, priority


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 31), [reason("window_not_open", opens_on="2026-04-01")]),
        (date(2026, 4, 1), []),
        (date(2026, 4, 30), []),
        (date(2026, 5, 1), [reason("window_closed", closes_on="2026-04-30")]),
    ],
)
def test_the_window_includes_its_first_and_its_last_day(on, expected):
    assert window_reasons(date(2026, 4, 1), date(2026, 4, 30), on=on) == expected


@pytest.mark.parametrize(
    ("returned_on", "on", "codes"),
    [
        (date(2026, 4, 5), date(2026, 4, 30), []),  # the window is still open
        (date(2026, 4, 28), date(2026, 5, 5), []),  # the seventh day
        (date(2026, 4, 28), date(2026, 5, 6), ["correction_over"]),
        (date(2026, 6, 1), date(2026, 6, 8), []),
    ],
)
def test_a_returned_nomination_has_its_own_days(returned_on, on, codes):
    assert [one.code for one in correction_reasons(date(2026, 4, 30), returned_on, 7, on=on)] == codes


def test_the_quota_is_full_when_as_many_were_started():
    assert quota_reasons(1, 2) == []
    assert quota_reasons(2, 2) == [reason("quota_full", quota=2)]


@given(st.integers(-3, 9), st.integers(1, 6), st.sets(st.integers(1, 6)))
def test_a_priority_is_free_and_within_the_quota_or_refused(priority, quota, taken):
    allowed = 1 <= priority <= quota and priority not in taken

    assert (priority_reasons(priority, quota, taken) == []) is allowed


# Criteria as data


@given(
    st.builds(
        Criteria,
        min_points=st.integers(0, 500),
        min_sealed_months=st.integers(0, 12),
        plan_done=st.booleans(),
        cool_off_years=st.integers(0, 10),
        must_serve_until=st.none() | st.dates(),
        integrity_required=st.booleans(),
        state_classes=st.sampled_from([(), ("III",), ("III", "IV")]),
        citation=st.builds(CitationLimits, min_characters=st.integers(0, 100), max_words=st.integers(1, 300)),
        correction_days=st.integers(0, 60),
    )
)
def test_criteria_come_back_from_data_as_they_went_in(criteria):
    assert criteria_from(criteria.as_data()) == criteria


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"min_point": 1}, "min_point"),
        ({"min_points": "40"}, "min_points"),
        ({"min_points": -1}, "min_points"),
        ({"min_points": True}, "min_points"),
        ({"plan_done": 1}, "plan_done"),
        ({"must_serve_until": "31.03.2027"}, "must_serve_until"),
        ({"state_classes": "III"}, "state_classes"),
        ({"citation": {"longest": 5}}, "citation"),
        ({"citation": 600}, "citation"),
    ],
)
def test_criteria_that_cannot_be_read_are_named(data, field):
    with pytest.raises(RuleBroken) as refused:
        criteria_from(data)

    assert refused.value.reasons == [reason("cycle_criteria_wrong", field=field)]


# The road


def test_every_state_can_be_reached_and_every_end_is_declared():
    reached, found = {NOMINATION.start}, {NOMINATION.start}
    while found:
        found = {step.target for state in found for step in NOMINATION.actions_from(state)} - reached
        reached |= found

    assert reached == NOMINATION.states
    assert {state for state in reached if not NOMINATION.actions_from(state)} == NOMINATION.ends


def test_no_action_leaves_a_state_in_two_ways():
    ways = [(state, step.action) for step in NOMINATION.steps for state in step.sources]

    assert len(set(ways)) == len(ways)


def test_a_choice_not_yet_released_reads_as_verified_outside_gad():
    assert state_shown("selected", sees_decisions=False) == "verified"
    assert state_shown("selected", sees_decisions=True) == "selected"
    assert state_shown("released", sees_decisions=False) == "released"


SUNITA = Actor(7, "Sunita", officer_id=70)


@pytest.mark.parametrize(
    ("hand", "may"),
    [
        (Hand("select", "verified", 7, 70), True),
        (Hand("return", "verified", 7, 70), True),
        (Hand("return", "submitted", 7, 70), False),
        (Hand("verify", "submitted", 7, 70), False),
        (Hand("release", "selected", 7, 70), False),
        (Hand("start", "", 7, 70), False),
        (Hand("edit", "draft", 7, 70), False),
        (Hand("submit", "draft", 8, 70), False),  # the same person by another account
        (Hand("release", "selected", None, None), True),
        (Hand("release", "selected", 8, 80), True),
    ],
)
def test_who_selected_may_issue_the_order_and_no_other_earlier_hand(hand, may):
    assert (issue_reasons([hand], SUNITA) == []) is may


def test_every_text_of_the_room_is_one_sentence_with_its_places():
    for code, text in TEXTS.items():
        assert text.strip() == text, code
    with pytest.raises(WrongState):
        rules.NOMINATION.step("awarded", "withdraw")
