"""What the statements find that differs is what the rules find, on random months and on both engines."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.scores import rules
from karmyogi.scores.models import MonthlyScore, ScoreLine
from karmyogi.scores.queries.computing import clear_stage, stage_month
from karmyogi.scores.queries.differences import (
    CHANGED_LINES,
    CHANGES,
    LINE_CHANGE_COLUMNS,
    clear_differences,
    digests_of_changes,
    figures,
    lay_differences,
)
from karmyogi.scores.queries.facts import published_policies
from karmyogi.scores.queries.raw import fetch
from karmyogi.scores.rules import Counted, Scored
from karmyogi.store.db import database
from karmyogi.trainings.models import Attendance
from tests.scores.correcting import month_row
from tests.scores.scene import JANUARY, Scene

OFFICERS = 5
EVENTS = st.tuples(st.integers(0, OFFICERS - 1), st.sampled_from(["earn", "lose", "move", "class", "close"]))


def staged(source: str, lines: str, where: str = "1 = 1") -> dict[int, Scored]:
    """Everybody of a month as the rules read it."""
    scores, found = {}, defaultdict(dict)
    columns = "officer_id, points, unit_id, state_class, department_id, district_id, division_id"
    for officer_id, points, unit, state_class, *within in fetch(f"SELECT {columns} FROM {source} WHERE {where}", {}):
        scores[officer_id] = (points, (unit, state_class), tuple(within))
    rows = fetch(f"SELECT officer_id, code, found, items, points FROM {lines} WHERE {where}", {})
    for officer_id, code, *counted in rows:
        found[officer_id][code] = Counted(*counted)
    whose = scores.keys() | found.keys()
    return {one: Scored(*scores.get(one, (None, (None, ""), ())), found.get(one, {})) for one in whose}


def happen(scene: Scene, officer: Officer, event: str) -> None:
    held = Posting.officer == officer
    if event == "earn":
        scene.earn(officer, 1)
    elif event == "lose":
        last = Attendance.select().where(Attendance.officer == officer).order_by(Attendance.id.desc()).first()
        if last:
            last.delete_instance()
    elif event == "move":
        Posting.update(unit=scene.tehsil).where(held).execute()
    elif event == "class":
        Posting.update(state_class="II").where(held).execute()
    else:
        OrgUnit.update(department=scene.revenue).where(OrgUnit.id == scene.clinic.id).execute()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.integers(0, 3), min_size=OFFICERS, max_size=OFFICERS), events=st.lists(EVENTS, max_size=8))
def test_the_statements_and_the_rules_agree_on_what_differs(scene, points, events):
    with database.atomic() as nothing_stays:
        officers = [scene.officer(count) for count in points]
        scene.run()
        for index, event in events:
            happen(scene, officers[index], event)
        run = month_row().run

        stage_month(JANUARY, published_policies()[0])
        lay_differences(JANUARY, run)

        before = staged("monthly_score", "score_line", f"month = '{JANUARY}' AND run = {run}")
        after = staged("staged_ranked", "staged_line")
        wanted = rules.changes(before, after)
        assert {row[0]: row[1:3] for row in fetch(f"SELECT * FROM {CHANGES}", {})} == {
            who: (pair.before.points, pair.after.points) for who, pair in wanted.items()
        }
        assert changed_lines() == {(who, code) for who, pair in wanted.items() for code in pair.codes}
        assert figures(JANUARY, run) == rules.figures_of(wanted, moved=moved(run, wanted))
        assert set(digests_of_changes()[1]) == set(wanted)
        assert rules.corrected(before, wanted) == after
        nothing_stays.rollback()
    clear_differences()
    clear_stage()


def changed_lines() -> set[tuple[int, str]]:
    rows = fetch(f"SELECT {', '.join(LINE_CHANGE_COLUMNS)} FROM {CHANGED_LINES}", {})
    assert all(row[2:5] != row[5:8] for row in rows)
    return {(row[0], row[1]) for row in rows}


def moved(run: int, changed: dict[int, rules.Changed]) -> int:
    """Others whose rank is another than it was."""
    score = MonthlyScore
    before = dict(score.select(score.officer, score.rank_state).where(score.run == run).tuples())
    after = dict(fetch("SELECT officer_id, rank_state FROM staged_ranked", {}))
    return sum(before.get(who) != rank for who, rank in after.items() if who not in changed)


def test_what_is_laid_out_leaves_nothing_on_the_connection(scene):
    scene.officer(1)
    scene.run()
    stage_month(JANUARY, published_policies()[0])
    lay_differences(JANUARY, month_row().run)
    clear_differences()
    clear_stage()

    assert not [name for name in database.get_tables() if name.startswith("staged")]
    assert ScoreLine.select().count() == 1
