"""What proving names: every column of what is sealed, what does not follow from the lines, and what came later."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import peewee
import pytest

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.scores import service
from karmyogi.scores.models import (
    MonthlyScore,
    PeerGroup,
    PointCount,
    Policy,
    PolicyRule,
    ScoreLine,
    ScoreMonth,
    SealBlock,
    UnitFigure,
)
from karmyogi.scores.queries.rows import blocks_of, fingerprint_of, stored
from karmyogi.scores.service import proving
from karmyogi.store.db import Table, database
from karmyogi.store.trail import TrailEntry
from tests import factories as make
from tests.scores.scene import AT, FEBRUARY, JANUARY, Scene, policy
from tests.scores.tampering import edit, found, unbar

MONTH = str(JANUARY)
SEALED = (
    MonthlyScore, ScoreLine, PeerGroup, PointCount, UnitFigure, ScoreMonth, SealBlock, Policy, PolicyRule, TrailEntry
)  # fmt: skip
# What nothing follows from: a row's own number that no other row names, the place of the only rule, and the moment
# and count of publishing, which stand on the keyed trail and which the engine lets nobody change.
WEIGHS_NOTHING = {"peer_group.id", "policy_rule.id", "policy_rule.position", "policy.published_at", "policy.rule_count"}


@pytest.fixture
def sealed(scene) -> Scene:
    """January and February sealed, both under version 1; version 2 counts double and has scored nothing."""
    scene.officers(11, points=1)
    scene.officers(12, points=2, unit=scene.tehsil)
    scene.officers(2, month=FEBRUARY)
    learns_what_is_planned(scene)
    for month in (JANUARY, FEBRUARY):
        scene.run(month)
        service.seal_month(month, by=SYSTEM, at=AT)
    second = policy(2, effective_from="2026-03", points=2)
    service.install_policy(replace(second, rules=(replace(second.rules[0], code="meeting"),)), by=SYSTEM, at=AT)
    make.make_office(scene.health, scene.durg, "New")  # which no sealed row names
    unbar()
    return scene


def learns_what_is_planned(scene: Scene) -> None:
    """Somebody of the clinic finishes a course of the plan, too late for it."""
    course, learner = make.make_course(), Officer.select().order_by(Officer.id).get()
    make.make_completion(learner, course, datetime(2026, 1, 20, 6, 0, tzinfo=UTC), duration_seconds=3600)
    make.make_obligation(learner, course.name, due_on=date(2026, 1, 10))


def a_row_of(table: type[Table]) -> peewee.Model:
    rows = {
        ScoreMonth: ScoreMonth.select().where(ScoreMonth.month == MONTH),
        Policy: Policy.select().where(Policy.number == 1),
        PolicyRule: PolicyRule.select().join(Policy).where(Policy.number == 1),
        PeerGroup: PeerGroup.select().where((PeerGroup.month == MONTH) & (PeerGroup.scope == "district")),
        PointCount: PointCount.select().where((PointCount.month == MONTH) & (PointCount.scope == "district")),
        UnitFigure: UnitFigure.select().where(
            (UnitFigure.month == MONTH) & (UnitFigure.scope == "office") & (UnitFigure.learners == 1)
        ),
        ScoreLine: ScoreLine.select().where((ScoreLine.month == MONTH) & (ScoreLine.found == 2)),
        SealBlock: SealBlock.select().where((SealBlock.month == MONTH) & (SealBlock.part == "score")),
        TrailEntry: TrailEntry.select().where(TrailEntry.action == "scores.seal"),
    }
    return rows[table].get() if table in rows else table.select().where(table.month == MONTH).get()


@pytest.mark.parametrize("table", SEALED, ids=lambda table: table._meta.table_name)
def test_an_edit_of_any_column_of_what_is_sealed_is_found(sealed, table):
    row, missed, tried = a_row_of(table), [], 0

    for field in table._meta.sorted_fields:
        with database.atomic() as change:
            try:
                edit(row, field)
                tried += 1
                missed += [] if found() else [f"{table._meta.table_name}.{field.name}"]
            except peewee.IntegrityError:  # the engine refuses it: nobody can make this edit
                assert field.name in ("id", "seal", "sealed_at", "seal_number", "part"), field.name
            change.rollback()

    assert set(missed) == {name for name in WEIGHS_NOTHING if name.startswith(f"{table._meta.table_name}.")}
    assert tried >= len(table._meta.sorted_fields) - 3
    assert found() == set()


def test_the_engine_itself_refuses_to_change_a_published_version(scene):
    scene.run()

    for table in (Policy, PolicyRule):
        for field in table._meta.sorted_fields:
            with pytest.raises(peewee.DatabaseError), database.atomic():
                edit(table.get(), field)


def test_a_month_renamed_to_none_is_named_and_stops_no_proof(sealed):
    ScoreMonth.update(month="2026-00").where(ScoreMonth.month == MONTH).execute()

    proof = service.verify_seals()

    assert reason("seal_header_wrong", month="2026-00") in proof.faults
    assert reason("seal_missing", month=MONTH) in proof.faults
    assert str(FEBRUARY) not in {fault.facts["month"] for fault in proof.unlike}


# ── Every fault is named ──


def test_a_hundred_officers_are_named_and_how_many_more_there_are(sealed, monkeypatch):
    monkeypatch.setattr(proving, "MOST_NAMED", 5)
    MonthlyScore.update(points=MonthlyScore.points + 1).where(MonthlyScore.month == MONTH).execute()

    proof = service.verify_seals()

    assert [fault.code for fault in proof.faults] == ["seal_score_wrong"] * 5 + ["proof_names_more"]
    assert proof.faults[-1] == reason("proof_names_more", month=MONTH, count=18)
    assert len({fault.facts["employee_code"] for fault in proof.faults[:5]}) == 5


# ── What stands follows from what was found ──


def of_january(table: type[Table]) -> peewee.Expression:
    return table.month == MONTH


def the_best() -> MonthlyScore:
    return MonthlyScore.select().where(of_january(MonthlyScore)).order_by(MonthlyScore.rank_state).get()


def change_score(**facts: object) -> str:
    """A score changed so that nothing else says so; returns whose."""
    best = the_best()
    MonthlyScore.update(**facts).where(of_january(MonthlyScore) & (MonthlyScore.officer == best.officer)).execute()
    return best.officer.employee_code


def change_line(**facts: object) -> str:
    best = the_best()
    ScoreLine.update(**facts).where(of_january(ScoreLine) & (ScoreLine.officer == best.officer)).execute()
    return best.officer.employee_code


def seal_anew() -> None:
    """Everything that is hashed, hashed again by somebody who has the program: no hash tells anything then."""
    row, digests = ScoreMonth.get(of_january(ScoreMonth)), fingerprint_of(stored(JANUARY))
    ScoreMonth.update(run_id=digests.run_id).where(ScoreMonth.id == row.id).execute()
    SealBlock.delete().where(of_january(SealBlock)).execute()
    SealBlock.insert_many(blocks_of(JANUARY, digests)).execute()


def told(proof: service.Proof) -> list[tuple[str, object]]:
    return [(one.code, one.facts.get("employee_code")) for one in proof.unlike]


SUMS: dict[str, tuple[Callable[[], str], list[str]]] = {
    "points of a score": (lambda: change_score(points=9), ["again_points_wrong"]),
    "rank in the State": (lambda: change_score(rank_state=2), ["again_rank_wrong"]),
    "rank in the class": (lambda: change_score(class_rank_district=7), ["again_rank_wrong"]),
    "no rank in the department": (lambda: change_score(rank_department=None), ["again_rank_wrong"]),
    "points of a line": (lambda: change_line(points=9), ["again_line_wrong"]),
    "items of a line": (lambda: change_line(items=1), ["again_line_wrong"]),
}


@pytest.mark.parametrize("change", SUMS)
def test_what_does_not_follow_is_named_whatever_the_hashes_say(sealed, change):
    tamper, codes = SUMS[change]
    code = tamper()
    seal_anew()

    assert told(service.verify_seals(JANUARY)) == [(one, code) for one in codes]
    assert service.verify_seals(FEBRUARY).unlike == ()


def test_more_found_than_there_was_moves_points_places_and_groups(sealed):
    code = change_line(found=5)
    seal_anew()

    proof = service.verify_seals(JANUARY)

    assert told(proof)[0] == ("again_line_wrong", code)
    assert {name for name, _code in told(proof)} >= {"again_points_wrong", "again_rank_wrong", "again_group_wrong"}
    assert proof.unlike[0].facts["follows"] == 5


def test_a_group_and_a_count_that_are_not_those_of_its_officers_are_named(sealed):
    PeerGroup.update(size=PeerGroup.size + 1).where(of_january(PeerGroup) & (PeerGroup.scope == "state")).execute()
    ScoreMonth.update(officer_count=24).where(of_january(ScoreMonth)).execute()

    named = [(fault.code, fault.facts.get("count")) for fault in service.verify_seals(JANUARY).unlike]

    assert named[-1] == ("again_count_wrong", 23)
    assert {code for code, _count in named[:-1]} == {"again_group_wrong"}


def of_january_and(table: type[Table], scope: str) -> peewee.Expression:
    return of_january(table) & (table.scope == scope)


def figure(scope: str, unit: OrgUnit, **facts: object) -> None:
    """A unit's figures of January changed, past every verb."""
    its = of_january_and(UnitFigure, scope) & (UnitFigure.unit == unit)
    assert UnitFigure.update(**facts).where(its).execute() == 1


def take_out(scope: str, unit: OrgUnit) -> None:
    assert UnitFigure.delete().where(of_january_and(UnitFigure, scope) & (UnitFigure.unit == unit)).execute() == 1


FIGURES: dict[str, tuple[Callable[[Scene], None], list[str]]] = {
    "points of an office": (
        lambda s: figure("office", s.clinic, points=99),
        ["department Health", "office Clinic", "state Chhattisgarh"],
    ),
    "who scored in a district": (lambda s: figure("district", s.raipur, scored=3), ["district Raipur"]),
    "points of a division": (lambda s: figure("division", s.division, points=1), ["division Raipur Division"]),
    "who is posted in a department": (lambda s: figure("department", s.health, officers=500), ["department Health"]),
    "hours of the State": (lambda s: figure("state", s.state, seconds=1), ["state Chhattisgarh"]),
    "who learnt in an office": (
        lambda s: figure("office", s.tehsil, learners=4),
        ["department Revenue", "state Chhattisgarh"],
    ),
    "an office taken out": (
        lambda s: take_out("office", s.clinic),
        ["department Health", "office Clinic", "state Chhattisgarh"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", FIGURES)
def test_figures_of_a_unit_that_are_not_those_of_its_scores_or_offices_are_named_whatever_the_hashes_say(
    sealed, change
):
    tamper, named = FIGURES[change]
    tamper(sealed)
    assert "seal_unit_wrong" in {fault.code for fault in service.verify_seals(JANUARY).faults}
    seal_anew()

    unlike = service.verify_seals(JANUARY).unlike

    assert [(fault.code, fault.facts["unit"]) for fault in unlike] == [("again_unit_wrong", unit) for unit in named]
    assert service.verify_seals(FEBRUARY).unlike == ()


def test_a_picture_of_a_group_that_is_not_that_of_its_officers_is_named_with_both_numbers(sealed):
    its = of_january_and(PointCount, "district") & (PointCount.points == 2) & (PointCount.unit == sealed.raipur)
    assert PointCount.update(officers=13).where(its & (PointCount.state_class == "")).execute() == 1
    assert {fault.code for fault in service.verify_seals(JANUARY).faults} >= {"seal_group_wrong"}
    seal_anew()

    [fault] = service.verify_seals(JANUARY).unlike

    assert fault == reason(
        "again_spread_wrong", month=MONTH, group="district Raipur", points=2, stands=13, follows=12
    )  # fmt: skip


def test_a_seal_of_the_first_version_is_proven_without_figures_of_units(sealed):
    """As it was made: before a month kept them."""
    for table in (PointCount, UnitFigure):
        table.delete().where(of_january(table)).execute()
    ScoreMonth.update(seal_version=1).where(of_january(ScoreMonth)).execute()

    assert service.verify_seals(JANUARY).unlike == ()


def test_a_score_taken_out_of_the_ranks_without_a_hold_is_named(sealed):
    best = the_best()
    MonthlyScore.delete().where(of_january(MonthlyScore) & (MonthlyScore.officer == best.officer)).execute()

    named = told(service.verify_seals(JANUARY))

    assert ("again_score_missing", best.officer.employee_code) in named


def test_a_score_that_was_on_hold_at_the_sealing_is_not_missed(scene):
    one, _two = scene.officers(2)
    scene.run()
    month = ScoreMonth.get()
    case = service.propose_hold(one, month, reason="A doubt", by=scene.actors["sunita"], at=AT)
    service.confirm_hold(case, by=scene.actors["rekha"], at=AT)
    scene.run()
    service.seal_month(JANUARY, by=SYSTEM, at=AT + timedelta(hours=1))

    assert service.verify_seals() == service.Proof((MONTH,), ())


# ── The records of today ──


def test_a_month_whose_records_stand_is_equal_to_the_byte(sealed):
    assert service.compare_with_today(JANUARY) == service.Today(MONTH, 23, 0)


def test_what_came_later_is_told_as_officers_and_the_seal_holds(sealed):
    best = the_best()
    make.make_attendance(best.officer, date(2026, 1, 20))
    before = MonthlyScore.select().count()

    today = service.compare_with_today(JANUARY)

    assert today.differing >= 1
    assert service.compare_with_today(FEBRUARY).differing == 0
    assert (service.verify_seals().faults, MonthlyScore.select().count()) == ((), before)


def test_whoever_came_or_went_differs_too(sealed):
    late = make.make_officer(unit=sealed.clinic)
    make.make_attendance(late, date(2026, 1, 2))
    Posting.update(to_on=date(2025, 12, 1), from_on=date(2025, 1, 1)).where(
        Posting.officer == the_best().officer
    ).execute()

    # The newcomer and whoever left; and every other, since all stand in other places now.
    assert service.compare_with_today(JANUARY).differing >= 2


def test_a_month_that_is_not_sealed_is_not_compared(scene):
    scene.officers(2)
    scene.run()

    with pytest.raises(RuleBroken) as refused:
        service.compare_with_today(JANUARY)

    assert [one.code for one in refused.value.reasons] == ["month_not_sealed"]


def test_a_changed_record_of_an_officer_without_points_changes_nothing(sealed):
    Officer.update(name_hi="और").where(Officer.id == the_best().officer_id).execute()

    assert service.compare_with_today(JANUARY).differing == 0
