"""Quarters and years are the sums of their sealed months: as corrected, once for each person, and never half of one."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.core.errors import NotAllowed
from karmyogi.core.months import Month
from karmyogi.core.periods import Period
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer, Posting
from karmyogi.schedule import table
from karmyogi.schedule.worker import ring
from karmyogi.scores import queries, service
from karmyogi.scores.models import MonthlyScore, PeerGroup, PointCount, ScoreMonth, ScorePeriod, UnitFigure
from karmyogi.scores.queries.summing import counted_in, inputs_of
from karmyogi.scores.rules import BoardScope, shared_ranks
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry
from tests import factories as make
from tests.scores.adding_up import MARCH, QUARTER, YEAR, add_up, after, earn, points, row, seal
from tests.scores.correcting import WHY, correct
from tests.scores.scene import FEBRUARY, JANUARY, Scene

DECEMBER, APRIL = Month(2025, 12), Month(2026, 4)
TABLES = (MonthlyScore, PeerGroup, PointCount, UnitFigure)


def of_periods() -> list[int]:
    """How many rows of quarters and years each table holds, shown or not."""
    shown = (str(QUARTER), str(YEAR))
    return [table.select().where(table.month.in_(shown)).count() for table in TABLES]


def all_rows() -> list[list[tuple]]:
    return [sorted(table.select().where(table.month == str(QUARTER)).tuples(), key=str) for table in TABLES]


@pytest.fixture
def two(scene) -> list[Officer]:
    """Asha with 2 points in January and 3 in February, Ravi with 4 in February alone."""
    asha, ravi = scene.officer(2, name_hi="आशा"), make.make_officer(unit=scene.clinic, name_hi="रवि")
    earn(scene, asha, feb=3)
    earn(scene, ravi, feb=4)
    return [asha, ravi]


# ── Which months count ──


def test_a_quarter_is_the_sum_of_its_sealed_months(scene, two):
    asha, ravi = two

    assert add_up(JANUARY, FEBRUARY) == [str(QUARTER), str(YEAR)]

    assert points() == points(YEAR) == {asha.id: 5, ravi.id: 4}
    assert (row().months, row().missing, row().state) == (["2026-01", "2026-02"], ["2026-03"], "period_so_far")


def test_nothing_that_is_not_sealed_counts(scene, two):
    seal(JANUARY)
    service.run_month(FEBRUARY, by=SYSTEM, at=after(FEBRUARY))

    service.add_up(by=SYSTEM)

    assert points() == {two[0].id: 2}
    assert row().months == ["2026-01"]


def test_before_a_month_of_it_is_sealed_there_is_no_quarter(scene, two):
    scene.run()

    assert service.add_up(by=SYSTEM) == []
    assert service.add_up([JANUARY], by=SYSTEM) == []
    assert points() == {}
    assert ScorePeriod.select().count() == 0


def test_a_quarter_is_complete_when_its_last_month_is_sealed(scene, two):
    earn(scene, two[0], mar=1)
    add_up(JANUARY, FEBRUARY)

    add_up(MARCH)

    assert (row().state, row().missing) == ("period_complete", [])
    assert row(YEAR).state == "period_so_far"  # April to December were never sealed
    assert points()[two[0].id] == 6


def test_the_last_of_march_ends_a_year_and_the_first_of_april_begins_one(scene):
    asha = scene.officer(1)
    make.make_attendance(asha, date(2026, 3, 31))
    make.make_attendance(asha, date(2026, 4, 1))
    make.make_attendance(asha, date(2026, 4, 1))

    assert add_up(JANUARY, MARCH, APRIL) == ["2025-Q4", "2025-FY", "2026-Q1", "2026-FY"]

    assert (points(Period(2025, 4)), points(Period(2025))) == ({asha.id: 2}, {asha.id: 2})
    assert (points(Period(2026, 1)), points(Period(2026))) == ({asha.id: 2}, {asha.id: 2})
    assert row(Period(2026, 1)).months == ["2026-04"]


# ── Sums, ranks and groups ──


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives=st.lists(st.tuples(*[st.integers(0, 4)] * 3, st.integers(0, 2)), min_size=1, max_size=14))
def test_sums_and_ranks_are_those_of_the_months_whatever_these_are(scene, lives):
    with database.atomic() as drawn:
        offices, sums = (scene.clinic, scene.hospital, scene.tehsil), {}
        for january, february, march, office in lives:
            officer = make.make_officer(unit=offices[office])
            earn(scene, officer, jan=january, feb=february, mar=march)
            sums |= {officer.id: january + february + march} if january + february + march else {}
        months = [month for n, month in enumerate((JANUARY, FEBRUARY, MARCH)) if any(life[n] for life in lives)]
        add_up(*months)

        assert points() == sums
        assert sums == {who: sum(points(month).get(who, 0) for month in months) for who in sums}
        ranks = {one.officer_id: one.rank_state for one in MonthlyScore.select().where(MonthlyScore.month == "2025-Q4")}
        assert ranks == dict(zip(sums, shared_ranks(list(sums.values())), strict=True))
        groups = PeerGroup.select().where(PeerGroup.month == "2025-Q4", PeerGroup.scope == "state")
        assert {one.size for one in groups if not one.state_class} == ({len(sums)} if sums else set())
        drawn.rollback()


def test_equal_sums_share_a_rank_and_the_next_skips(scene):
    for january, february in ((3, 1), (1, 2), (2, 1), (0, 2), *[(1, 0)] * 6):
        earn(scene, make.make_officer(unit=scene.clinic), jan=january, feb=february)
    add_up(JANUARY, FEBRUARY)

    rows = queries.standings(QUARTER, queries.group_in(QUARTER, BoardScope.STATE, scene.state.id), by=SYSTEM)

    assert [(one.rank, one.points) for one in rows[:5]] == [(1, 4), (2, 3), (2, 3), (4, 2), (5, 1)]


@pytest.mark.parametrize(("count", "shown"), [(9, "state"), (10, "department"), (11, "department")])
def test_a_department_of_nine_in_the_quarter_is_shown_in_the_state(scene, count, shown):
    scene.officers(5)
    scene.officers(count - 5, month=FEBRUARY)  # five in one month, the others in the next: one group in the quarter
    scene.officers(5, unit=scene.tehsil)
    add_up(JANUARY, FEBRUARY)

    group = queries.group_in(QUARTER, BoardScope.DEPARTMENT, scene.health.id)

    assert group.scope == shown
    assert group.size == (count if shown == "department" else count + 5)


def test_a_person_stands_where_the_last_month_that_counts_for_them_stood(scene):
    asha, meena = scene.officer(3), scene.officer(1)
    Posting.update(to_on=date(2026, 1, 31)).where(Posting.officer == asha).execute()
    Posting.create(officer=asha, unit=scene.tehsil, from_on=date(2026, 2, 1), state_class="II")
    earn(scene, asha, feb=1)
    add_up(JANUARY, FEBRUARY)

    stood = {one.officer_id: one for one in MonthlyScore.select().where(MonthlyScore.month == str(QUARTER))}

    assert (stood[asha.id].points, stood[asha.id].unit_id, stood[asha.id].state_class) == (4, scene.tehsil.id, "II")
    assert stood[asha.id].department_id == scene.revenue.id
    assert (stood[meena.id].points, stood[meena.id].unit_id) == (1, scene.clinic.id)


def test_two_records_of_one_person_are_one_row_also_when_they_are_merged_afterwards(scene, two):
    asha, other = two
    add_up(JANUARY, FEBRUARY)
    Officer.update(merged_into=asha).where(Officer.id == other.id).execute()

    assert service.add_up(by=SYSTEM) == [str(QUARTER), str(YEAR)]

    assert points() == {asha.id: 9}
    assert MonthlyScore.get(MonthlyScore.month == str(QUARTER)).rank_state == 1
    assert service.add_up(by=SYSTEM) == []


def test_records_that_met_without_a_score_add_nothing_up_anew(scene, two):
    gone, stands = make.make_officer(unit=scene.clinic), make.make_officer(unit=scene.clinic)
    add_up(JANUARY, FEBRUARY)
    Officer.update(merged_into=stands).where(Officer.id == gone.id).execute()

    assert service.add_up(by=SYSTEM) == []


# ── Holds ──


def held(scene: Scene, officer: Officer) -> None:
    scene.run()
    month = ScoreMonth.get(ScoreMonth.month == str(JANUARY))
    hold = service.propose_hold(officer, month, reason=WHY, by=scene.actors["sunita"], at=after(JANUARY))
    service.confirm_hold(hold, by=scene.actors["rekha"], at=after(JANUARY))


def test_a_hold_in_one_month_leaves_a_person_out_of_the_ranks_of_the_period(scene, two):
    asha, ravi = two
    scene.earn(ravi, 1)
    held(scene, asha)

    add_up(JANUARY, FEBRUARY)

    assert points(FEBRUARY) == {asha.id: 3, ravi.id: 4}
    assert points() == points(YEAR) == {ravi.id: 5}
    assert queries.months_left_out(asha.id, "2026-01", "2026-03") == ["2026-01"]


def test_a_hold_that_was_released_counts_once_a_correction_brings_the_month_in(scene, two):
    asha, ravi = two
    scene.earn(ravi, 1)
    held(scene, asha)
    add_up(JANUARY, FEBRUARY)
    service.release_hold(
        queries.holds_told(asha.id)[0], by=scene.actors["sunita"], remark=WHY, at=after(FEBRUARY) + timedelta(days=1)
    )
    service.add_up(by=SYSTEM)
    assert asha.id not in points()

    correct(scene)
    service.add_up(by=SYSTEM)

    assert points() == {asha.id: 5, ravi.id: 5}


# ── Corrections ──


def test_a_month_counts_as_corrected(scene, two):
    asha, ravi = two
    add_up(JANUARY, FEBRUARY)
    scene.earn(ravi, 7)

    correct(scene)
    assert points()[ravi.id] == 4

    assert service.add_up(by=SYSTEM) == [str(QUARTER), str(YEAR)]
    assert points() == {asha.id: 5, ravi.id: 11}
    assert row().corrections == [("2026-01", 1)]
    assert points(JANUARY) == {asha.id: 2}  # what was sealed stays


def test_a_correction_that_is_only_proposed_changes_nothing(scene, two):
    add_up(JANUARY, FEBRUARY)
    scene.earn(two[1], 7)
    case = service.draft_correction(JANUARY, by=scene.actors["sunita"], at=after(FEBRUARY))
    service.propose_correction(case, by=scene.actors["sunita"], remark=WHY, at=after(FEBRUARY))

    assert service.add_up(by=SYSTEM) == []


# ── When it is added up ──


def test_the_same_inputs_write_nothing_anew(scene, two):
    add_up(JANUARY, FEBRUARY)
    before, rows = row(), all_rows()

    assert service.add_up(by=SYSTEM) == []

    assert (row().run, row().computed_at, all_rows()) == (before.run, before.computed_at, rows)
    assert TrailEntry.select().where(TrailEntry.action == "scores.add_up").count() == 2


def test_nobody_who_may_not_compute_months_adds_them_up(scene, two):
    seal(JANUARY)

    for who in ("asha", "ravi", "meena", "thomas"):
        with pytest.raises(NotAllowed):
            service.add_up(by=scene.actors[who])


def work_off() -> list[str]:
    """Do what waits for the worker; returns it."""
    waiting = jobs.waiting([service.ADD_UP])
    for run in waiting:
        jobs.run_once(run.job, run.period, lambda run: table.work_of(run.job)(run, lambda: None))
    return [run.period for run in waiting]


def test_a_seal_and_a_correction_ask_for_it(scene, two):
    seal(JANUARY)
    assert work_off() == ["2026-01@0"]
    assert points() == {two[0].id: 2}

    scene.earn(two[1], 7)
    correct(scene)

    assert work_off() == ["2026-01@1"]
    assert points() == {two[0].id: 2, two[1].id: 7}
    assert JobRun.get(JobRun.period == "2026-01@1").result == {"added_up": [str(QUARTER), str(YEAR)]}


def test_the_night_adds_up_what_was_left(scene, two):
    seal(JANUARY, FEBRUARY)
    ring(table.timed("periods-night"), at=after(FEBRUARY))

    assert points()[two[0].id] == 5
    assert JobRun.get(JobRun.job == "periods-night").result == {"added_up": [str(QUARTER), str(YEAR)]}


# ── Never half of it ──


@dataclass
class Watch(service.Pace):
    """Looks on at every sign of life."""

    seen: list[object] = field(default_factory=list)

    def at(self, share: float) -> None:
        self.seen.append((points(), points(YEAR)))

    def part(self, first: float, last: float) -> "Watch":
        return self


def test_who_reads_while_it_is_added_up_sees_what_was_shown_before_and_then_all_of_it(scene, two):
    add_up(JANUARY)
    before = (points(), points(YEAR))
    seal(FEBRUARY)
    watch = Watch()

    service.add_up(by=SYSTEM, pace=watch)

    assert len(watch.seen) >= 4
    assert watch.seen[:3] == [before] * 3
    assert points()[two[0].id] == 5


class Stop(Exception):
    pass


@dataclass
class Killed(service.Pace):
    """Stops the work when rows have been written."""

    signs: int = 0

    def at(self, share: float) -> None:
        self.signs += 1
        if self.signs == 3:
            raise Stop

    def part(self, first: float, last: float) -> "Killed":
        return self


def test_what_is_called_off_leaves_nothing(scene, two):
    add_up(JANUARY)
    rows, counted = all_rows(), of_periods()
    seal(FEBRUARY)

    with pytest.raises(Stop):
        service.add_up(by=SYSTEM, pace=Killed())

    assert all_rows() == rows
    assert of_periods() == counted
    assert service.add_up(by=SYSTEM) == [str(QUARTER), str(YEAR)]


@dataclass
class Meanwhile(service.Pace):
    """Lets January count by other rows while the quarter is written, as an approved correction would."""

    def at(self, share: float) -> None:
        ScoreMonth.update(run_id="0" * 64).where(ScoreMonth.month == str(JANUARY)).execute()

    def part(self, first: float, last: float) -> "Meanwhile":
        return self


def test_a_sum_that_is_overtaken_by_a_correction_is_not_shown(scene, two):
    seal(JANUARY)

    assert service.add_up(by=SYSTEM, pace=Meanwhile()) == [str(YEAR)]  # which began after it

    assert ScorePeriod.select().where(ScorePeriod.period == str(QUARTER)).count() == 0
    assert MonthlyScore.select().where(MonthlyScore.month == str(QUARTER)).count() == 0
    assert service.add_up(by=SYSTEM) == [str(QUARTER)]
    assert row().inputs == inputs_of(counted_in(QUARTER))


# ── Readers of months meet none of it ──


def test_who_reads_months_reads_no_quarter(scene, two):
    asha = two[0]
    seal(JANUARY, FEBRUARY)
    before = (
        [one.month for one in queries.history_of(asha.id)],
        [one.month for one in queries.months_seen(asha.id, SYSTEM, limit=9)],
        [one.month for one in queries.months_scored()],
        queries.standing_of(asha.id, FEBRUARY),
        [(one.employee_code, one.total) for one in service.export_month(JANUARY)],
    )

    service.add_up(by=SYSTEM)

    assert before == (
        [one.month for one in queries.history_of(asha.id)],
        [one.month for one in queries.months_seen(asha.id, SYSTEM, limit=9)],
        [one.month for one in queries.months_scored()],
        queries.standing_of(asha.id, FEBRUARY),
        [(one.employee_code, one.total) for one in service.export_month(JANUARY)],
    )
    assert service.verify_seals().faults == ()
