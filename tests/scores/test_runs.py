"""A month is computed beside what is shown: nobody sees half of it, nobody waits for it, nothing of it is left over."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.scores import queries, service
from karmyogi.scores.admin import MonthlyScores
from karmyogi.scores.models import MonthlyScore, PeerGroup, PointCount, ScoreLine, ScoreMonth, UnitFigure
from karmyogi.scores.queries import storing
from karmyogi.scores.queries.facts import published_policies
from karmyogi.scores.queries.figuring import clear_run, stage_run
from karmyogi.scores.queries.groups import state_id
from karmyogi.scores.queries.officers import may_read_month
from karmyogi.scores.queries.rows import fingerprint_of, stored
from karmyogi.scores.queries.storing import LONGEST_STEP, STEP, STEP_SECONDS, Stride, write_run
from karmyogi.scores.queries.telling import told_month
from karmyogi.scores.rules import BoardScope
from karmyogi.store import jobs
from karmyogi.store.db import database, is_postgres
from tests import factories as make
from tests.scores.scene import AT, JANUARY, Scene

TABLES = (MonthlyScore, ScoreLine, PeerGroup, PointCount, UnitFigure)
LATER = 2**61


@dataclass
class Watch(service.Pace):
    """Looks on at every sign of life of a computation."""

    look: Callable[[], object] = lambda: None
    seen: list[object] = field(default_factory=list)

    def at(self, share: float) -> None:
        self.seen.append(self.look())


@pytest.fixture
def computed(scene) -> Scene:
    scene.officers(12, points=2)
    scene.officers(11, points=1, unit=scene.tehsil)
    scene.run()
    return scene


def all_that_is_read(officer_id: int) -> list[object]:
    """What every reader of a month's rows is told of January."""
    state = queries.group_in(JANUARY, BoardScope.STATE, state_id())
    office = queries.group_in(JANUARY, BoardScope.OFFICE, MonthlyScore.select(MonthlyScore.unit).limit(1).scalar())
    standing, health = queries.standing_of(officer_id, JANUARY), OrgUnit.get(OrgUnit.name_en == "Health")
    head = make.actor_of(make.make_user("Meena"), (Role.HEAD, health))
    return [
        state,
        office,
        [queries.standings(JANUARY, group, by=SYSTEM) for group in (state, office)],
        [queries.standings(JANUARY.next, group, by=SYSTEM) for group in (state, office)],
        queries.leaders(JANUARY, state),
        [queries.how_many(JANUARY, state, by=reader) for reader in (SYSTEM, head)],
        queries.key_of(JANUARY, state, officer_id, by=SYSTEM),
        queries.spread(JANUARY, state, by=SYSTEM),
        [
            queries.unit_board(JANUARY, scope, (50,), by=SYSTEM)
            for scope in (BoardScope.DEPARTMENT, BoardScope.DISTRICT)
        ],
        queries.unit_board(JANUARY, BoardScope.OFFICE, (50,), by=SYSTEM, department_id=health.id),
        queries.participation(JANUARY),
        standing,
        [queries.neighbours(standing, scope=place.wanted.scope) for place in standing.places],
        queries.history_of(officer_id),
        queries.months_seen(officer_id, SYSTEM, limit=9),
        queries.lines_of(officer_id, JANUARY),
        queries.months_without_record(officer_id, limit=9),
        [line.counted for line in told_month(officer_id, ScoreMonth.get(ScoreMonth.month == str(JANUARY))).lines],
        may_read_month(Officer.get_by_id(officer_id), JANUARY, head),
        list(service.export_month(JANUARY)),
        fingerprint_of(stored(JANUARY)),
        list(MonthlyScores.rows(MonthlyScores, SYSTEM).tuples()),
    ]


def left_over() -> list[int]:
    """How many rows each table holds that their month does not show."""
    shown = {row.month: row.run for row in ScoreMonth.select()}
    return [sum(row.run != shown[row.month] for row in table.select()) for table in TABLES]


def write_hidden(scene: Scene, run: int) -> None:
    """A computation with other facts that was killed before its rows were shown."""
    scene.earn(Officer.select().order_by(Officer.id.desc()).get(), 9)
    stage_run(JANUARY, published_policies()[0])
    assert list(write_run(JANUARY, run)) == [0, 1000]
    clear_run()


def test_who_reads_while_a_month_is_computed_sees_what_was_shown_before_and_then_all_of_the_new(computed):
    asha = computed.officer(1)
    computed.run()
    before = all_that_is_read(asha.id)
    computed.earn(asha, 5)
    watch = Watch(look=lambda: all_that_is_read(asha.id))

    service.run_month(JANUARY, by=SYSTEM, pace=watch, at=AT)

    assert len(watch.seen) >= 3
    assert all(seen == before for seen in watch.seen)
    assert queries.standing_of(asha.id, JANUARY).points == 6
    assert left_over() == [0] * len(TABLES)


@pytest.mark.parametrize("run", [1, LATER])
def test_what_a_killed_computation_has_left_is_seen_by_nobody(computed, run):
    asha = computed.officer(1)
    computed.run()
    before = all_that_is_read(asha.id)

    write_hidden(computed, run)

    assert min(left_over()) > 0
    assert all_that_is_read(asha.id) == before


def test_the_next_computation_takes_away_what_a_killed_one_has_left(computed):
    write_hidden(computed, ScoreMonth.get().run + 1)

    computed.run()

    assert left_over() == [0] * len(TABLES)
    assert max(row.total for row in service.export_month(JANUARY)) == 10


@pytest.mark.parametrize("run", [1, LATER])
def test_a_sealed_month_keeps_no_rows_but_those_under_its_seal(computed, run):
    write_hidden(computed, run)

    service.seal_month(JANUARY, by=SYSTEM, at=AT)

    assert left_over() == [0] * len(TABLES)
    assert service.verify_seals().faults == ()


def test_a_month_pointed_at_other_rows_after_its_sealing_is_found(computed):
    service.seal_month(JANUARY, by=SYSTEM, at=AT)
    write_hidden(computed, LATER)

    ScoreMonth.update(run=LATER).execute()

    wrong = {f"seal_{part}_wrong" for part in ("score", "group", "unit")}
    assert {fault.code for fault in service.verify_seals().faults} == wrong


def sealed_meanwhile() -> None:
    ScoreMonth.update(state="sealed", sealed_at=AT, seal="s" * 64, seal_number=1).execute()


def overtaken_meanwhile() -> None:
    for table in (ScoreMonth, *TABLES):
        table.update(run=LATER).execute()


MEANWHILE = {"month_is_sealed": sealed_meanwhile, "month_has_changed": overtaken_meanwhile}


@pytest.mark.parametrize("code", MEANWHILE)
def test_a_computation_that_comes_too_late_is_refused_and_leaves_nothing(computed, code):
    before = MonthlyScore.select().count()
    computed.officer(4)
    happens = [MEANWHILE[code]]
    watch = Watch(look=lambda: happens and happens.pop()())

    with pytest.raises(RuleBroken) as refused:
        service.run_month(JANUARY, by=SYSTEM, pace=watch, at=AT)

    assert [why.code for why in refused.value.reasons] == [code]
    assert (left_over(), MonthlyScore.select().count()) == ([0] * len(TABLES), before)


def test_a_computation_that_is_called_off_changes_nothing(computed):
    before = all_that_is_read(1)
    computed.earn(Officer.get_by_id(1), 4)
    jobs.enqueue("score-month", "2026-01@1", by=SYSTEM)
    assert jobs.claim("score-month", "2026-01@1")
    job = jobs.find("score-month", "2026-01@1")

    jobs.ask_to_cancel(job)
    with pytest.raises(jobs.Cancelled):
        service.run_month(JANUARY, by=SYSTEM, pace=service.Pace(job), at=AT)

    assert (all_that_is_read(1), left_over()) == (before, [0] * len(TABLES))


def test_a_job_tells_how_far_its_part_of_the_work_is(computed):
    computed.officer(4)
    assert jobs.claim("score-month", "2026-01@1")
    job = jobs.find("score-month", "2026-01@1")
    told = []

    class Noting(service.Pace):
        def at(self, share: float) -> None:
            super().at(share)
            told.append(jobs.find(job.job, job.period).progress)

    service.run_month(JANUARY, by=SYSTEM, pace=Noting(job, 500, 900), at=AT)

    assert told == sorted(told)
    assert (500 < told[0] < told[-1], told[-1]) == (True, 900)


def test_others_write_between_two_steps_of_a_computation(computed):
    if is_postgres():
        pytest.skip("writers of PostgreSQL do not keep each other out")
    other = sqlite3.connect(database.database, timeout=0, isolation_level=None)
    other.execute("CREATE TABLE probe (n INTEGER)")
    computed.officer(4)
    watch = Watch(look=lambda: other.execute("INSERT INTO probe VALUES (1)").rowcount)

    service.run_month(JANUARY, by=SYSTEM, pace=watch, at=AT)

    assert watch.seen == [1] * len(watch.seen)
    assert other.execute("SELECT COUNT(*) FROM probe").fetchone() == (len(watch.seen),)
    other.close()


def test_a_clock_that_goes_back_hides_no_run(computed):
    overtaken_meanwhile()
    asha = computed.officer(4)

    computed.run()

    assert ScoreMonth.get().run == LATER + 1
    assert queries.standing_of(asha.id, JANUARY).rank_state == 1
    assert left_over() == [0] * len(TABLES)


def test_a_month_is_not_there_before_its_first_computation_is_done(scene):
    asha = scene.officer(3)
    watch = Watch(look=lambda: (queries.history_of(asha.id), queries.standing_of(asha.id, JANUARY)))

    service.run_month(JANUARY, by=SYSTEM, pace=watch, at=AT)

    assert watch.seen == [([], None)] * len(watch.seen)
    assert make.shown_run("2026-01") > 0
    assert [month.points for month in queries.history_of(asha.id)] == [3]


def test_a_step_takes_as_many_rows_as_fill_its_time_and_never_grows_at_a_leap():
    stride = Stride()
    for seconds, rows in (
        (STEP_SECONDS / 10, 2 * STEP),  # quick: twice as many, not ten times
        (STEP_SECONDS / 2, 4 * STEP),
        (STEP_SECONDS * 2, 2 * STEP),  # slow, as when others work too: half as many
        (STEP_SECONDS * 100, STEP),  # fewer than in the first help nobody
    ):
        stride.took(seconds)
        assert stride.rows == rows

    for _step in range(20):
        stride.took(0.0)

    assert stride.rows == LONGEST_STEP


def test_a_month_written_in_steps_of_any_length_is_the_same_month(scene, monkeypatch):
    scene.officers(30, points=2)
    scene.officers(20, points=1, unit=scene.tehsil)
    scene.run()
    before = ScoreMonth.get().run_id

    for first, longest in ((1, 1), (7, 64)):
        monkeypatch.setattr(storing, "STEP", first)
        monkeypatch.setattr(storing, "LONGEST_STEP", longest)
        MonthlyScore.update(points=MonthlyScore.points + 1).execute()  # so that it is written anew
        scene.run()

        assert fingerprint_of(stored(JANUARY)).run_id == before
        assert MonthlyScore.select().count() == 50
