"""A sealed month under a draft, beside the same month under the version that scored it; all in temporary tables.

Both are computed from what is known on one view of the data, so that only the
policy differs between them. Raw SQL over the tables of `computing`.
"""

from karmyogi.core.months import Month
from karmyogi.people.models import OrgUnit
from karmyogi.scores.models import Policy, PolicyDraft, PolicyTrial, ScoreMonth
from karmyogi.scores.queries.computing import RANKED, clear_stage, snapshot, stage_month
from karmyogi.scores.queries.raw import fetch
from karmyogi.scores.rules import FAR, TOPS, Moved, Trial, steps_of, told_groups
from karmyogi.scores.rules import Policy as Version
from karmyogi.store import staging
from karmyogi.store.jobs import JobRun, JobState

BEFORE, BOTH = "staged_before", "staged_both"
KEYS = {
    "class": "b.state_class",
    "gender": "o.gender",
    "district": "COALESCE(b.district_id, 0)",
    "department": "COALESCE(b.department_id, 0)",
}
IS_UP, IS_DOWN = "b.rank_after < b.rank_before", "b.rank_after > b.rank_before"
COUNTED = f"""
    COUNT(*),
    COUNT(CASE WHEN {IS_UP} THEN 1 END),
    COUNT(CASE WHEN {IS_DOWN} THEN 1 END),
    COUNT(CASE WHEN b.points_before IS NULL THEN 1 END),
    COUNT(CASE WHEN b.points_after IS NULL THEN 1 END),
    COALESCE(SUM(b.points_before), 0),
    COALESCE(SUM(b.points_after), 0)
FROM {BOTH} b"""


def last_sealed(count: int) -> list[tuple[Month, int]]:
    """The last sealed months, the latest first, each with the number of the version that scored it."""
    rows = (
        ScoreMonth.select(ScoreMonth.month, Policy.number)
        .join(Policy, on=ScoreMonth.policy == Policy.id)
        .where((ScoreMonth.state == "sealed") & (ScoreMonth.officer_count > 0))
        .order_by(ScoreMonth.month.desc())
        .limit(count)
    )
    return [(Month.parse(month), number) for month, number in rows.tuples()]


def trials_of(draft: PolicyDraft) -> list[PolicyTrial]:
    """What a draft was tried on, the latest month first."""
    return list(PolicyTrial.select().where(PolicyTrial.draft == draft.id).order_by(PolicyTrial.month.desc()))


def trial_running(draft: PolicyDraft, job: str) -> JobRun | None:
    """The last trial asked for of a draft, if it waits, is at work, or could not be made."""
    mine = (JobRun.job == job) & JobRun.period.startswith(f"{draft.id}:")
    run: JobRun | None = JobRun.select().where(mine).order_by(JobRun.id.desc()).first()
    return None if run is None or run.state in (JobState.DONE, JobState.CANCELLED) else run


def names_in(trial: Trial) -> dict[int, OrgUnit]:
    """The units that a trial tells of, by id."""
    ids = {one.key for rows in trial.by.values() for one in rows if isinstance(one.key, int)}
    return {unit.id: unit for unit in OrgUnit.select().where(OrgUnit.id.in_(ids))}


def tried(month: Month, before: Version, after: Version) -> Trial:
    """What a month would be under `after`, beside what it is under `before`; no table of scores is written."""
    try:
        with snapshot():
            stage_month(month, before)
            _keep_before()
            stage_month(month, after)
            _lay_side_by_side()
            return _told()
    finally:
        clear_stage()
        for name in (BEFORE, BOTH):
            staging.drop(name)


PLACE = "state_class, district_id, department_id"


def _keep_before() -> None:
    staging.create_as(BEFORE, f"SELECT officer_id, points, rank_state, {PLACE} FROM {RANKED}")  # noqa: S608 - names of ours


def _lay_side_by_side() -> None:
    """Every officer with a score in either; where they are posted does not depend on the policy."""
    staging.create_as(
        BOTH,
        f"""
SELECT
    officer_id,
    MAX(points_before) AS points_before,
    MAX(points_after) AS points_after,
    MAX(rank_before) AS rank_before,
    MAX(rank_after) AS rank_after,
    MAX(state_class) AS state_class,
    MAX(district_id) AS district_id,
    MAX(department_id) AS department_id
FROM (
    SELECT officer_id, points AS points_before, NULL AS points_after, rank_state AS rank_before, NULL AS rank_after,
        {PLACE}
    FROM {BEFORE}
    UNION ALL
    SELECT officer_id, NULL, points, NULL, rank_state, {PLACE} FROM {RANKED}
) each
GROUP BY officer_id""",  # noqa: S608 - names of ours
    )
    staging.analyze(BOTH)


def _told() -> Trial:
    whole = Moved("", *_numbers(fetch(f"SELECT {COUNTED}", {})[0]))
    return Trial(
        whole=whole,
        by={name: told_groups(_groups(key)) for name, key in KEYS.items()},
        moves=_moves(),
        tops=[(top, _come_into(top)) for top in TOPS if top <= whole.officers],
        spread=steps_of(_points("points_before"), _points("points_after")),
    )


def _groups(key: str) -> list[Moved]:
    sql = f"SELECT {key}, {COUNTED} JOIN officer o ON o.id = b.officer_id GROUP BY {key}"
    return [Moved(name or "", *_numbers(counts)) for name, *counts in fetch(sql, {})]


def _moves() -> list[tuple[int | None, int, int]]:
    far = (
        "CASE WHEN b.rank_after > b.rank_before THEN b.rank_after - b.rank_before ELSE b.rank_before - b.rank_after END"
    )
    kinds = " ".join(f"WHEN {far} <= {places} THEN {places}" for places in FAR)
    sql = f"""
SELECT CASE {kinds} ELSE 0 END AS far, COUNT(CASE WHEN {IS_UP} THEN 1 END), COUNT(CASE WHEN {IS_DOWN} THEN 1 END)
FROM {BOTH} b WHERE b.rank_after <> b.rank_before GROUP BY 1"""  # noqa: S608 - names of ours
    found = {far: (up, down) for far, up, down in (_numbers(row) for row in fetch(sql, {}))}
    return [(places or None, *found.get(places, (0, 0))) for places in (*FAR, 0)]


def _come_into(top: int) -> int:
    sql = f"""
SELECT COUNT(*) FROM {BOTH} WHERE rank_after <= :top AND (rank_before IS NULL OR rank_before > :top)"""  # noqa: S608
    return _numbers(fetch(sql, {"top": top})[0])[0]


def _points(column: str) -> dict[int, int]:
    sql = f"SELECT {column}, COUNT(*) FROM {BOTH} WHERE {column} IS NOT NULL GROUP BY {column}"  # noqa: S608
    return {points: officers for points, officers in (_numbers(row) for row in fetch(sql, {}))}


def _numbers(row: object) -> list[int]:
    return [int(value) for value in row]  # type: ignore[attr-defined]
