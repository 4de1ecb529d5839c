"""Policies published once, months computed and sealed in order by two persons, and every broken seal found."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from karmyogi.core.errors import NotAllowed, PolicyGap, RuleBroken, WrongState
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.core.profile import load_profile
from karmyogi.core.reasons import reason
from karmyogi.scores import queries, service
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
from karmyogi.scores.queries.figuring import NUMBERS
from karmyogi.scores.queries.rows import blocks_of, fingerprint_of, stored
from karmyogi.store.db import database, is_postgres
from karmyogi.store.imports import Import
from karmyogi.store.trail import TrailEntry, record
from karmyogi.store.transitions import CaseStep
from tests import factories as make
from tests.scores.scene import AT, FEBRUARY, JANUARY, Scene, policy

DECEMBER = Month(2025, 12)


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [why.code for why in refused.value.reasons]


def told(action: str) -> list[dict]:
    return [entry.change for entry in TrailEntry.select().where(TrailEntry.action == action).order_by(TrailEntry.id)]


def receive_report(generated_at: datetime = AT, *, sha256: str = "a" * 64) -> Import:
    """An applied report, made at that moment."""
    return Import.create(
        kind="consumption",
        file_name="report.csv",
        sha256=sha256,
        size_bytes=1,
        state="applied",
        generated_at=generated_at,
        received_at=AT,
        applied_at=AT,
    )


def rows_of(month: Month = JANUARY) -> list[tuple]:
    """Every row of a month, but for the number of its run."""
    return [row for table in (MonthlyScore, ScoreLine) for row in _rows_of(table, month)]


def _rows_of(table, month: Month) -> list[tuple]:
    told = [field for field in table._meta.sorted_fields if field.name != "run"]
    return list(table.select(*told).where(table.month == str(month)).order_by(table.officer).tuples())


# Policies


def test_the_shipped_policy_is_published_once(db):
    shipped = load_profile("chhattisgarh").policy

    first = service.install_policy(shipped, by=SYSTEM, at=AT)
    again = service.install_policy(shipped, by=SYSTEM, at=AT + timedelta(days=1))

    assert again.id == first.id
    assert again.published_at == AT
    assert [rule.code for rule in queries.published_policies()[0].rules] == [rule.code for rule in shipped.rules]
    assert len(told("scores.publish_policy")) == 1


def test_a_published_version_never_changes(scene):
    with pytest.raises(RuleBroken) as refused:
        service.install_policy(policy(points=2), by=SYSTEM)

    assert codes(refused) == ["policy_is_published"]
    assert [rule.points for rule in queries.published_policies()[0].rules] == [1]


def test_a_policy_that_counts_what_does_not_exist_is_not_published(db):
    odd = replace(policy(), rules=(replace(policy().rules[0], counts="thanks"),))

    with pytest.raises(RuleBroken) as refused:
        service.install_policy(odd, by=SYSTEM)

    assert codes(refused) == ["policy_source_unknown"]
    assert Policy.select().count() == 0


@pytest.mark.parametrize("who", ["asha", "ravi", "meena", "rekha", "thomas"])
def test_only_gad_publishes_and_computes(scene, who):
    with pytest.raises(NotAllowed):
        service.install_policy(policy(2), by=scene.actors[who])
    with pytest.raises(NotAllowed):
        service.run_month(JANUARY, by=scene.actors[who])

    assert ScoreMonth.select().count() == 0


# Computing


def test_a_month_computed_twice_gives_the_same_rows_and_run(scene):
    scene.officers(5, points=2)
    scene.officers(7, points=1, unit=scene.tehsil)

    first = service.run_month(JANUARY, by=SYSTEM, at=AT)
    before = rows_of()
    again = service.run_month(JANUARY, by=SYSTEM, at=AT + timedelta(hours=1))

    assert again.run_id == first.run_id
    assert rows_of() == before
    assert (again.officer_count, again.state, again.computed_at) == (12, "provisional", AT + timedelta(hours=1))
    assert [run["run_id"] for run in told("scores.run")] == [first.run_id] * 2


def test_both_engines_come_to_the_same_run(scene):
    first = scene.officer(3, employee_code="00000001", name_hi="आशा")
    for points in (2, 2, 1):
        scene.officer(points, unit=scene.tehsil, state_class="I")

    row = service.run_month(JANUARY, by=SYSTEM, at=AT)

    # The ids of a fresh database are the same on both engines, and so is every row down to its hash.
    assert first.id == 1
    assert (row.run_id, row.seal_version) == (RUN_ON_EITHER_ENGINE, 2)
    assert fingerprint_of(replace(stored(JANUARY), version=1)).run_id == RUN_BEFORE_UNITS


RUN_ON_EITHER_ENGINE = "7547a025fedb3f18a99f3f3b737d55f12c02941be70758ae3acf4c9b5904e574"
RUN_BEFORE_UNITS = "3a72c549847dd70866363022191095d372c87201a163b33d3da4d8373f284b91"


def test_a_later_run_takes_what_came_in_and_forgets_what_is_gone(scene):
    asha, ravi = scene.officer(2), scene.officer(1)
    scene.run()
    scene.earn(asha, 1)
    for attendance in ravi.attendances:
        attendance.delete_instance()
    imran = scene.officer(4)

    scene.run()

    points = MonthlyScore.select(MonthlyScore.officer, MonthlyScore.points).order_by(MonthlyScore.officer).tuples()
    assert list(points) == [(asha.id, 3), (imran.id, 4)]
    assert ScoreLine.select().count() == 2


def test_a_run_leaves_other_months_alone(scene):
    scene.officer(2)
    scene.run(JANUARY)
    before = rows_of(JANUARY)
    scene.officer(1, month=FEBRUARY)

    scene.run(FEBRUARY)

    assert rows_of(JANUARY) == before


def test_a_run_repairs_rows_that_were_changed_behind_its_back(scene):
    scene.officers(2)
    row = service.run_month(JANUARY, by=SYSTEM, at=AT)
    before = rows_of()
    MonthlyScore.update(points=99).execute()

    again = service.run_month(JANUARY, by=SYSTEM, at=AT)

    assert again.run_id == row.run_id
    assert rows_of() == before


def test_a_month_nobody_scored_in_is_computed_empty(scene):
    row = service.run_month(JANUARY, by=SYSTEM, at=AT)

    assert (row.officer_count, list(service.export_month(JANUARY))) == (0, [])


def test_a_month_before_the_first_policy_is_an_error_that_says_so(scene):
    with pytest.raises(PolicyGap) as refused:
        service.run_month(Month(2025, 3), by=SYSTEM)

    assert codes(refused) == ["policy_gap"]


def test_a_month_is_scored_by_the_latest_version_in_force_or_by_the_one_asked_for(scene):
    service.install_policy(policy(2, effective_from="2026-01", points=10), by=SYSTEM, at=AT)
    asha = scene.officer(3)
    scene.earn(asha, 3, month=DECEMBER)

    totals = {}
    for month, number in ((DECEMBER, None), (JANUARY, None), (JANUARY, 1)):
        row = service.run_month(month, by=SYSTEM, policy_number=number, at=AT)
        totals[str(month), row.policy.number] = next(service.export_month(month)).total

    assert totals == {("2025-12", 1): 3, ("2026-01", 2): 30, ("2026-01", 1): 3}


def test_a_run_notes_the_reports_it_rests_on_and_their_day(scene):
    receive_report(datetime(2026, 2, 2, 18, 29, tzinfo=UTC))
    receive_report(datetime(2026, 2, 1, 6, 0, tzinfo=UTC), sha256="b" * 64)
    Import.create(file_name="x", sha256="c" * 64, size_bytes=1, state="received", received_at=AT)
    scene.officer(1)

    row = service.run_month(JANUARY, by=SYSTEM, at=AT)

    assert [entry[1:] for entry in row.inputs] == [["consumption", "a" * 64], ["consumption", "b" * 64]]
    assert row.data_as_on == date(2026, 2, 2)


def test_the_export_has_one_entry_per_officer_sorted_by_code(scene):
    for code, points in (("00010014", 1), ("00010007", 2), ("A-2", 4), ("00010021", 3)):
        scene.officer(points, employee_code=code)
    scene.run()

    assert [(row.employee_code, row.total, row.lines) for row in service.export_month(JANUARY)] == [
        ("00010007", 2, {"session": 2}),
        ("00010014", 1, {"session": 1}),
        ("00010021", 3, {"session": 3}),
        ("A-2", 4, {"session": 4}),
    ]


def test_a_month_never_computed_cannot_be_exported_proposed_or_sealed(scene):
    for verb in (
        lambda: service.export_month(JANUARY),
        lambda: service.propose_seal(JANUARY, by=scene.actors["sunita"]),
        lambda: service.seal_month(JANUARY, by=SYSTEM),
    ):
        with pytest.raises(RuleBroken) as refused:
            verb()
        assert codes(refused) == ["month_not_scored"]


# Sealing by persons


@pytest.fixture
def computed(scene) -> Scene:
    scene.officers(6, points=2)
    scene.officers(6, points=1, unit=scene.tehsil)
    scene.run()
    return scene


def seal(scene: Scene, month: Month = JANUARY, *, at: datetime = AT) -> ScoreMonth:
    service.propose_seal(month, by=scene.actors["sunita"], at=at)
    return service.seal_month(month, by=scene.actors["rekha"], at=at)


def test_gad_proposes_and_a_second_person_seals(computed):
    row = seal(computed)

    assert (row.state, row.seal_number, row.previous_seal, row.sealed_at) == ("sealed", 1, None, AT)
    assert [step.action for step in CaseStep.select().order_by(CaseStep.id)] == ["propose", "seal"]
    assert told("scores.seal") == [{"month": "2026-01", "number": 1, "seal": row.seal}]
    assert service.verify_seals().faults == ()


def test_the_person_who_proposed_does_not_seal_whatever_their_roles(computed):
    sunita = make.actor_of(make.make_user("Sunita"), (Role.GAD, None), (Role.APPROVER, None))
    service.propose_seal(JANUARY, by=sunita, at=AT)

    with pytest.raises(RuleBroken) as refused:
        service.seal_month(JANUARY, by=sunita, at=AT)

    assert codes(refused) == ["same_hand"]
    assert ScoreMonth.get().state == "proposed"


def test_an_approver_seals_nothing_that_was_not_proposed(computed):
    with pytest.raises(RuleBroken) as refused:
        service.seal_month(JANUARY, by=computed.actors["rekha"], at=AT)

    assert codes(refused) == ["seal_needs_proposal"]


@pytest.mark.parametrize("who", ["asha", "ravi", "meena", "rekha", "thomas"])
def test_only_gad_proposes(computed, who):
    with pytest.raises(NotAllowed):
        service.propose_seal(JANUARY, by=computed.actors[who], at=AT)


@pytest.mark.parametrize("who", ["asha", "ravi", "meena", "sunita", "thomas"])
def test_only_the_approver_seals(computed, who):
    service.propose_seal(JANUARY, by=computed.actors["sunita"], at=AT)

    with pytest.raises(NotAllowed):
        service.seal_month(JANUARY, by=computed.actors[who], at=AT)


def test_a_proposal_can_be_taken_back_and_made_again(computed):
    sunita = computed.actors["sunita"]
    service.propose_seal(JANUARY, by=sunita, at=AT)
    service.withdraw_proposal(JANUARY, by=sunita, at=AT)
    assert ScoreMonth.get().state == "provisional"

    assert seal(computed).state == "sealed"


def test_a_proposal_stands_when_a_run_changes_nothing_and_lapses_when_it_does(computed):
    service.propose_seal(JANUARY, by=computed.actors["sunita"], at=AT)
    computed.run()
    assert ScoreMonth.get().state == "proposed"

    computed.officer(1)
    computed.run()

    assert ScoreMonth.get().state == "provisional"
    assert [step.action for step in CaseStep.select().order_by(CaseStep.id)] == ["propose", "lapse"]


def test_a_month_is_not_sealed_before_it_is_over_in_india(computed):
    still_january = datetime(2026, 1, 31, 18, 29, 59, tzinfo=UTC)
    for verb, by in ((service.propose_seal, computed.actors["sunita"]), (service.seal_month, SYSTEM)):
        with pytest.raises(RuleBroken) as refused:
            verb(JANUARY, by=by, at=still_january)
        assert codes(refused) == ["month_not_over"]

    assert service.seal_month(JANUARY, by=SYSTEM, at=still_january + timedelta(seconds=1)).state == "sealed"


def test_months_are_sealed_in_order(computed):
    computed.officer(1, month=FEBRUARY)
    computed.run(FEBRUARY)
    computed.run()  # one more was posted in January

    with pytest.raises(RuleBroken) as refused:
        seal(computed, FEBRUARY)
    assert refused.value.reasons == [reason("earlier_month_open", month="2026-01")]

    january, february = seal(computed, JANUARY), seal(computed, FEBRUARY)
    assert (february.seal_number, february.previous_seal) == (2, january.seal)


def test_an_earlier_month_in_which_nobody_scored_holds_up_nothing(computed):
    computed.run(DECEMBER)

    assert seal(computed, JANUARY).state == "sealed"


def test_a_month_in_which_nobody_scored_is_not_sealed(scene):
    scene.run()

    with pytest.raises(RuleBroken) as refused:
        service.seal_month(JANUARY, by=SYSTEM, at=AT)

    assert codes(refused) == ["month_is_empty"]


def test_a_month_scored_late_is_sealed_after_those_that_follow_it(computed):
    seal(computed)
    computed.officer(1, month=DECEMBER)
    computed.run(DECEMBER)

    assert seal(computed, DECEMBER).seal_number == 2
    assert service.verify_seals().faults == ()


def test_a_person_does_not_seal_what_newer_reports_have_overtaken(computed):
    receive_report()

    with pytest.raises(RuleBroken) as refused:
        service.propose_seal(JANUARY, by=computed.actors["sunita"], at=AT)

    assert codes(refused) == ["month_is_stale"]


def test_the_system_computes_again_what_newer_reports_have_overtaken(computed):
    service.propose_seal(JANUARY, by=computed.actors["sunita"], at=AT)
    computed.officer(9)
    receive_report()

    row = service.seal_month(JANUARY, by=SYSTEM, at=AT)

    assert (row.state, row.officer_count, len(row.inputs)) == ("sealed", 13, 1)


def test_rows_changed_after_the_run_are_not_sealed(computed):
    MonthlyScore.update(points=99).execute()

    with pytest.raises(RuleBroken) as refused:
        service.seal_month(JANUARY, by=SYSTEM, at=AT)

    assert codes(refused) == ["month_is_damaged"]


def test_a_sealed_month_is_never_computed_proposed_or_sealed_again(computed):
    row, before = seal(computed), rows_of()
    computed.officer(9)
    for verb in (
        lambda: service.run_month(JANUARY, by=SYSTEM),
        lambda: service.seal_month(JANUARY, by=SYSTEM),
    ):
        with pytest.raises(RuleBroken) as refused:
            verb()
        assert codes(refused) == ["month_is_sealed"]
    with pytest.raises(WrongState):
        service.propose_seal(JANUARY, by=computed.actors["sunita"])
    with pytest.raises(WrongState):
        service.withdraw_proposal(JANUARY, by=computed.actors["sunita"])

    assert rows_of() == before
    assert ScoreMonth.get().seal == row.seal


# The scheduler


@pytest.mark.parametrize(("day", "sealed"), [(10, []), (11, ["2026-01"])])
def test_the_scheduler_seals_once_the_grace_days_have_passed(computed, day, sealed):
    receive_report(datetime(2026, 2, 2, tzinfo=UTC))

    assert service.seal_due_months(by=SYSTEM, at=datetime(2026, 2, day, 6, tzinfo=UTC)) == sealed


def test_the_scheduler_seals_nothing_before_a_report_made_after_the_month(computed):
    receive_report(datetime(2026, 1, 31, 18, 29, tzinfo=UTC))  # still January in India

    assert service.seal_due_months(by=SYSTEM, at=AT) == []


def test_the_scheduler_catches_up_oldest_first_and_passes_over_empty_months(scene):
    scene.officers(2, month=DECEMBER)
    scene.officers(2, month=JANUARY)
    receive_report(AT)

    assert service.seal_due_months(by=SYSTEM, at=AT) == ["2025-12", "2026-01"]
    assert service.seal_due_months(by=SYSTEM, at=AT) == []


# Proving


@pytest.fixture
def sealed(computed) -> Scene:
    """January and February sealed; the second officer of January is the one tampered with."""
    computed.officers(2, month=FEBRUARY)
    computed.run(FEBRUARY)
    computed.run()
    seal(computed, JANUARY)
    seal(computed, FEBRUARY)
    return computed


def second_score() -> MonthlyScore:
    return MonthlyScore.select().where(MonthlyScore.month == "2026-01").order_by(MonthlyScore.officer).offset(1).first()


def second_line():
    score = second_score()
    return (ScoreLine.month == score.month) & (ScoreLine.officer == score.officer_id)


def the_second():
    score = second_score()
    return (MonthlyScore.month == score.month) & (MonthlyScore.officer == score.officer_id)


def an_added_line() -> None:
    stranger = make.make_officer(employee_code="99999999")
    ScoreLine.create(
        month="2026-01", run=make.shown_run("2026-01"), officer=stranger, code="session", found=1, items=1, points=1
    )


def an_added_score() -> None:
    make.make_score(make.make_officer(employee_code="99999999"), "2026-01", 5, unit=second_score().unit)


ROWS = {
    "points": lambda: MonthlyScore.update(points=3).where(the_second()).execute(),
    "rank": lambda: MonthlyScore.update(rank_state=9).where(the_second()).execute(),
    "rank in class": lambda: MonthlyScore.update(class_rank_district=None).where(the_second()).execute(),
    "class": lambda: MonthlyScore.update(state_class="I").where(the_second()).execute(),
    "score gone": lambda: MonthlyScore.delete().where(the_second()).execute(),
    "line's points": lambda: ScoreLine.update(points=9).where(second_line()).execute(),
    "line's items": lambda: ScoreLine.update(found=9).where(second_line()).execute(),
    "line's code": lambda: ScoreLine.update(code="taught").where(second_line()).execute(),
    "line gone": lambda: ScoreLine.delete().where(second_line()).execute(),
}


@pytest.mark.parametrize("tampering", ROWS)
def test_a_changed_score_or_line_is_named_by_its_officer(sealed, tampering):
    code = second_score().officer.employee_code

    ROWS[tampering]()

    assert service.verify_seals().faults == (reason("seal_score_wrong", month="2026-01", employee_code=code),)
    assert service.verify_seals(FEBRUARY).faults == ()


@pytest.mark.parametrize("add", [an_added_line, an_added_score])
def test_an_added_score_or_line_is_named_by_its_officer(sealed, add):
    add()

    assert service.verify_seals(JANUARY).faults == (
        reason("seal_score_wrong", month="2026-01", employee_code="99999999"),
    )


def in_january(*conditions):
    found = PeerGroup.month == "2026-01"
    for condition in conditions:
        found &= condition
    return found


GROUPS = {
    "size": lambda: (
        PeerGroup.update(size=7)
        .where(in_january(PeerGroup.scope == "district", PeerGroup.state_class == "III"))
        .execute()
    ),
    "total": lambda: (
        PeerGroup.update(total_points=7)
        .where(in_january(PeerGroup.scope == "district", PeerGroup.state_class == "III"))
        .execute()
    ),
    "gone": lambda: (
        PeerGroup.delete().where(in_january(PeerGroup.scope == "district", PeerGroup.state_class == "III")).execute()
    ),
}


@pytest.mark.parametrize("tampering", GROUPS)
def test_a_changed_group_is_named(sealed, tampering):
    GROUPS[tampering]()

    assert service.verify_seals().faults == (reason("seal_group_wrong", month="2026-01", group="district Raipur III"),)


def in_the_clinic(sealed):
    return (UnitFigure.month == "2026-01") & (UnitFigure.scope == "office") & (UnitFigure.unit == sealed.clinic)


UNITS = {
    **{
        name: lambda of, name=name: UnitFigure.update(**{name: 77}).where(of).execute()
        for name in ("officers", "scored", "points", "learners", "seconds", "plan_courses")
    },
    "in time": lambda of: UnitFigure.update(plan_courses=9, in_time=9).where(of).execute(),
    "department": lambda of: UnitFigure.update(department=None).where(of).execute(),
    "gone": lambda of: UnitFigure.delete().where(of).execute(),
}


@pytest.mark.parametrize("tampering", UNITS)
def test_a_changed_figure_of_a_unit_is_named(sealed, tampering):
    UNITS[tampering](in_the_clinic(sealed))

    assert service.verify_seals().faults == (reason("seal_unit_wrong", month="2026-01", unit="office Clinic"),)
    assert service.verify_seals(FEBRUARY).faults == ()


def test_an_added_figure_of_a_unit_is_named(sealed):
    run = ScoreMonth.get(ScoreMonth.month == "2026-01").run
    numbers = dict.fromkeys(NUMBERS, 0) | {"officers": 12}
    UnitFigure.create(month="2026-01", run=run, scope="division", unit=sealed.tehsil, **numbers)

    assert service.verify_seals().faults == (reason("seal_unit_wrong", month="2026-01", unit="division Tehsil"),)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda of: PointCount.update(officers=7).where(of).execute(),
        lambda of: PointCount.delete().where(of).execute(),
    ],
)
def test_a_changed_number_of_officers_with_so_many_points_is_named_by_its_group(sealed, tamper):
    tamper((PointCount.month == "2026-01") & (PointCount.scope == "district") & (PointCount.state_class == "III"))

    assert service.verify_seals().faults == (reason("seal_group_wrong", month="2026-01", group="district Raipur III"),)


@pytest.fixture
def sealed_before_units(computed) -> Scene:
    """January sealed by the code that knew neither figures of units nor how many have how many points."""
    found = fingerprint_of(replace(stored(JANUARY), version=1))
    for table in (PointCount, UnitFigure):
        table.delete().execute()
    ScoreMonth.update(run_id=found.run_id, seal_version=1).execute()
    row = ScoreMonth.get()
    row.state, row.sealed_at, row.seal_number = "sealed", AT, 1
    row.seal = service.seal_of(row)
    row.save()
    SealBlock.insert_many(blocks_of(JANUARY, found)).execute()
    with database.atomic():
        record(SYSTEM, "scores.seal", row, {"month": row.month, "number": 1, "seal": row.seal}, at=AT)
    return computed


def test_a_seal_made_before_units_had_figures_stays_provable(sealed_before_units):
    assert service.verify_seals().faults == ()
    MonthlyScore.update(points=3).where(the_second()).execute()
    assert [fault.code for fault in service.verify_seals().faults] == ["seal_score_wrong"]


def test_a_new_seal_follows_upon_one_made_before_units_had_figures(sealed_before_units):
    sealed_before_units.officers(2, month=FEBRUARY)
    sealed_before_units.run(FEBRUARY)

    assert seal(sealed_before_units, FEBRUARY).seal_version == 2
    assert service.verify_seals().faults == ()


def test_nobody_makes_an_old_seal_of_a_new_one_to_be_rid_of_its_figures(sealed):
    found = fingerprint_of(replace(stored(JANUARY), version=1))
    of_january(run_id=found.run_id, seal_version=1)
    SealBlock.delete().where(SealBlock.month == "2026-01").execute()
    SealBlock.insert_many(blocks_of(JANUARY, found)).execute()

    assert [fault.code for fault in service.verify_seals().faults] == ["seal_header_wrong"]


def of_january(**facts: object) -> None:
    ScoreMonth.update(**facts).where(ScoreMonth.month == "2026-01").execute()


def unbar_policies() -> None:
    """What somebody with the database in their hands would do first: the engine refuses to change a version."""
    name, on = ("is_kept", " ON {}") if is_postgres() else ("no_update", "")
    for table in ("policy", "policy_rule"):
        database.execute_sql(f"DROP TRIGGER {table}_{name}{on.format(table)}")


MONTHS = {
    "run": (lambda: of_january(run_id="0" * 64), ["seal_run_wrong", "seal_header_wrong"]),
    "count": (lambda: of_january(officer_count=13), ["seal_header_wrong"]),
    "inputs": (lambda: of_january(inputs=[[1, "consumption", "f" * 64]]), ["seal_header_wrong"]),
    "day of the data": (lambda: of_january(data_as_on=date(2026, 2, 1)), ["seal_header_wrong"]),
    "moment of sealing": (lambda: of_january(sealed_at=AT - timedelta(days=1)), ["seal_header_wrong"]),
    "moment of computing": (lambda: of_january(computed_at=AT - timedelta(days=1)), ["seal_header_wrong"]),
    "seal": (
        lambda: of_january(seal="0" * 64),
        ["seal_header_wrong", "seal_off_trail", "seal_link_wrong"],
    ),
    "link": (lambda: of_january(previous_seal="0" * 64), ["seal_header_wrong", "seal_link_wrong"]),
    "number": (
        lambda: of_january(seal_number=7),
        ["seal_link_wrong", "seal_header_wrong", "seal_link_wrong", "seal_off_trail"],
    ),
    "name of a policy": (lambda: Policy.update(name_hi="और").execute(), ["seal_header_wrong"] * 2),
    "points of a rule": (lambda: PolicyRule.update(points=2).execute(), ["seal_header_wrong"] * 2),
    "cap of a rule": (lambda: PolicyRule.update(cap=1).execute(), ["seal_header_wrong"] * 2),
    "digests": (lambda: SealBlock.delete().where(SealBlock.month == "2026-01").execute(), ["seal_digests_wrong"]),
}


@pytest.mark.parametrize("tampering", MONTHS)
def test_what_a_seal_covers_besides_its_rows_is_proved_too(sealed, tampering):
    tamper, faults = MONTHS[tampering]
    unbar_policies()

    tamper()

    assert [fault.code for fault in service.verify_seals().faults] == faults


def test_a_month_unsealed_behind_the_trails_back_is_found(sealed):
    ScoreMonth.update(state="provisional", seal=None, sealed_at=None, seal_number=None).where(
        ScoreMonth.month == "2026-02"
    ).execute()

    proof = service.verify_seals()

    assert proof.faults == (reason("seal_missing", month="2026-02"),)
    assert (proof.months, proof.broken) == (("2026-01", "2026-02"), frozenset({"2026-02"}))
    assert service.verify_seals(FEBRUARY).faults == proof.faults


def test_a_seal_computed_anew_after_tampering_is_not_the_one_on_the_trail(sealed):
    MonthlyScore.update(points=9).where(MonthlyScore.month == "2026-02").execute()
    ScoreLine.update(points=9).where(ScoreLine.month == "2026-02").execute()
    found = fingerprint_of(stored(FEBRUARY))
    SealBlock.delete().where(SealBlock.month == "2026-02").execute()
    SealBlock.insert_many(blocks_of(FEBRUARY, found)).execute()
    ScoreMonth.update(run_id=found.run_id).where(ScoreMonth.month == "2026-02").execute()
    row = ScoreMonth.get(ScoreMonth.month == "2026-02")
    ScoreMonth.update(seal=service.seal_of(row)).where(ScoreMonth.id == row.id).execute()

    assert service.verify_seals().faults == (reason("seal_off_trail", month="2026-02"),)


def test_a_month_that_was_never_sealed_has_no_seal_to_prove(computed):
    with pytest.raises(RuleBroken) as refused:
        service.verify_seals(JANUARY)

    assert codes(refused) == ["month_not_sealed"]
    assert service.verify_seals() == service.Proof((), ())
