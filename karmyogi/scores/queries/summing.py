"""Quarters and financial years: what the sealed months of a period come to, laid out as a month is.

Each month counts as it stands today: by the rows of its last approved correction, else by those under its seal. All
records of a person are one. Whose score of a counted month was left out on hold stands in no rank of the period
either: the sum of the other months is not theirs to be compared by.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date

import peewee

from karmyogi.core.months import Month
from karmyogi.core.periods import Period, periods_of
from karmyogi.people.models import Officer
from karmyogi.scores.models import Correction, MonthlyScore, ScoreHold, ScoreMonth, UnitFigure, in_month, is_counting
from karmyogi.scores.queries.computing import SCORES, create_scores, stage_ranks
from karmyogi.scores.queries.figures import KEPT_SINCE, NUMBERS
from karmyogi.scores.queries.figuring import FIGURE_COLUMNS, FIGURES, clear_run, stage_counts
from karmyogi.scores.queries.persons import RECORD, RECORDS
from karmyogi.scores.queries.raw import execute
from karmyogi.scores.rules import APPROVED, BoardScope, UnitFigures, told_hours, told_units
from karmyogi.store import staging
from karmyogi.store.db import canonical

COUNTED = "staged_counted"
ADDED_UP = "1"  # how months are added up; another number adds every period up anew
LISTED = (BoardScope.DEPARTMENT, BoardScope.DISTRICT, BoardScope.DIVISION, BoardScope.OFFICE)


@dataclass(frozen=True)
class Counted:
    """A sealed month as it counts: the run of its rows, what they come to, and the correction they are of."""

    month: str
    run: int
    run_id: str
    correction: int | None
    keeps_figures: bool
    data_as_on: date | None


def counted_in(period: Period) -> list[Counted]:
    """The sealed months of a period, the first first."""
    asked = [str(month) for month in period.months]
    sealed = (ScoreMonth.state == "sealed") & ScoreMonth.month.in_(asked)
    its = (Correction.state == APPROVED) & Correction.month.in_(asked)
    last = {case.month: case for case in Correction.select().where(its).order_by(Correction.number)}
    rows = ScoreMonth.select().where(sealed).order_by(ScoreMonth.month)
    return [_counted(row, last.get(row.month)) for row in rows]


def _counted(row: ScoreMonth, last: Correction | None) -> Counted:
    shown, is_kept = last or row, row.seal_version >= KEPT_SINCE
    return Counted(row.month, shown.run, shown.run_id, last and last.number, is_kept, shown.data_as_on)


def periods_begun() -> list[Period]:
    """Every quarter and year of which a month is sealed, the first first."""
    rows = ScoreMonth.select(ScoreMonth.month).where(ScoreMonth.state == "sealed").order_by(ScoreMonth.month)
    found = (period for (month,) in rows.tuples() for period in periods_of(Month.parse(month)))
    return list(dict.fromkeys(found))


def inputs_of(counted: Sequence[Counted]) -> str:
    """A hash of what the rows of a period follow from: the months as they count, and which records are one person."""
    months = [[one.month, one.run, one.run_id] for one in counted]
    said = [ADDED_UP, months, _merged([one.month for one in counted])]
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def _merged(months: Sequence[str]) -> list[tuple[int, int]]:
    """The records with a score or a hold in these months that gave way to another, each with the one that stands."""
    score, hold = MonthlyScore, ScoreHold
    # Asked of each record that gave way, which are few; asked of the scores it would read those of everybody.
    scored = score.select(score.points).join(ScoreMonth, on=is_counting(score)).where(score.month.in_(months))
    held = hold.select(hold.id).where(hold.month.in_(months))
    its = peewee.fn.EXISTS(scored.where(score.officer == Officer.id))
    its |= peewee.fn.EXISTS(held.where(hold.officer == Officer.id))
    gone = Officer.select(Officer.id, Officer.merged_into).where(Officer.merged_into.is_null(False) & its)
    return list(gone.order_by(Officer.id).tuples())


# Scores: everybody's points added up, in the posting of the last month that counts for them. People with several
# records are few; they are added up record by record, so that the statement over everybody sorts nobody.

COLUMNS = "unit_id, department_id, district_id, division_id, state_class"
PLACED = ", ".join(f"s.{column}" for column in COLUMNS.split(", "))
LEFT_OUT = f"""
    SELECT COALESCE(o.merged_into_id, o.id)
    FROM score_hold h
    JOIN {COUNTED} c ON c.month = h.month
    JOIN score_month m ON m.month = h.month
    JOIN officer o ON o.id = h.officer_id
    WHERE h.confirmed_at <= m.sealed_at AND (h.ended_at IS NULL OR h.ended_at > m.sealed_at) AND NOT EXISTS (
        SELECT 1 FROM monthly_score s
        WHERE s.month = c.month AND s.run = c.run AND s.officer_id IN (h.officer_id, COALESCE(o.merged_into_id, o.id))
    )"""  # noqa: S608 - names of ours
EVERYBODY = f"""
WITH total AS (
    SELECT s.officer_id, CAST(SUM(s.points) AS INTEGER) AS points, MAX(s.month) AS month
    FROM {COUNTED} c
    JOIN monthly_score s ON s.month = c.month AND s.run = c.run
    GROUP BY s.officer_id
)
SELECT t.officer_id, t.points, {PLACED}
FROM total t
JOIN {COUNTED} c ON c.month = t.month
JOIN monthly_score s ON s.month = t.month AND s.officer_id = t.officer_id AND s.run = c.run
WHERE t.officer_id NOT IN (SELECT officer_id FROM {RECORD}) AND t.officer_id NOT IN ({LEFT_OUT})"""  # noqa: S608
PERSONS = f"""
WITH part AS (
    SELECT
        r.person_id,
        SUM(s.points) OVER (PARTITION BY r.person_id) AS points,
        ROW_NUMBER() OVER (
            PARTITION BY r.person_id
            ORDER BY s.month DESC, CASE WHEN s.officer_id = r.person_id THEN 0 ELSE 1 END, s.officer_id
        ) AS place,
        {PLACED}
    FROM {RECORD} r
    JOIN {COUNTED} c ON 1 = 1
    JOIN monthly_score s ON s.month = c.month AND s.run = c.run AND s.officer_id = r.officer_id
)
SELECT person_id, CAST(points AS INTEGER), {COLUMNS}
FROM part
WHERE place = 1 AND person_id NOT IN ({LEFT_OUT})"""  # noqa: S608


def stage_period(counted: Sequence[Counted]) -> None:
    """Add a period up into temporary tables: scores with ranks, groups, how many have how many points, and units."""
    staging.create(COUNTED, {"month": "TEXT NOT NULL", "run": "BIGINT NOT NULL"})
    staging.load(COUNTED, 2, [(one.month, one.run) for one in counted])
    staging.weigh(COUNTED)
    staging.create_as(RECORD, RECORDS)
    staging.analyze(RECORD)
    create_scores()
    for part in (EVERYBODY, PERSONS):
        execute(f"INSERT INTO {SCORES} {part}", {})
    staging.analyze(SCORES)
    stage_ranks()
    stage_counts()
    _stage_figures(counted)


def keeps_figures(counted: Sequence[Counted]) -> bool:
    """Whether every month keeps the figures of units, so that they can be added up."""
    return all(one.keeps_figures for one in counted)


# Figures of units: only what every month told is added up, so that nothing of a month can be had by subtraction

Parts = dict[int | None, dict[int, UnitFigures]]


@dataclass
class Sums:
    """Units of one scope that every month so far has listed: their sums, and the department each was last in."""

    units: dict[int, UnitFigures] = field(default_factory=dict)
    homes: dict[int, int | None] = field(default_factory=dict)
    may_tell_hours: set[int] = field(default_factory=set)
    months: int = 0

    def add(self, parts: Parts) -> None:
        """Add a month: offices in the department they then had, all other units in one."""
        told = {unit: (home, units[unit]) for home, units in parts.items() for unit in told_units(units)}
        hours = {unit for units in parts.values() for unit in told_hours(units)}
        listed = told.keys() & self.units.keys() if self.months else told.keys()
        self.units = {unit: self.units.get(unit, UnitFigures()) + told[unit][1] for unit in listed}
        self.homes = {unit: told[unit][0] for unit in listed}
        self.may_tell_hours = hours & self.may_tell_hours if self.months else hours
        self.months += 1

    def rows(self, scope: BoardScope) -> list[tuple[object, ...]]:
        """The rows of the period's figures, as `FIGURE_COLUMNS` names them."""
        return [(scope.value, unit, self.homes[unit], *astuple(self._figures_of(unit))) for unit in sorted(self.units)]

    def _figures_of(self, unit: int) -> UnitFigures:
        figures = self.units[unit].over(self.months)
        return figures if unit in self.may_tell_hours else figures.without_learning()


def _stage_figures(counted: Sequence[Counted]) -> None:
    numbers = dict.fromkeys(FIGURE_COLUMNS[3:], "BIGINT NOT NULL")
    staging.create(FIGURES, {"scope": "TEXT", "unit_id": "INTEGER", "department_id": "INTEGER", **numbers})
    for scope in LISTED if keeps_figures(counted) else ():
        sums = Sums()
        for one in counted:
            sums.add(_parts(one.month, scope))
        staging.load(FIGURES, len(FIGURE_COLUMNS), sums.rows(scope))


def _parts(month: str, scope: BoardScope) -> Parts:
    """The figures of a month's units by the department within which they are listed, which only offices have."""
    own = in_month(month, UnitFigure) & (UnitFigure.scope == scope.value)
    found: Parts = defaultdict(dict)
    for unit, home, *numbers in UnitFigure.select(UnitFigure.unit, UnitFigure.department, *NUMBERS).where(own).tuples():
        found[home][unit] = UnitFigures(*numbers)
    return found


def clear_period() -> None:
    """Drop all temporary tables of a period."""
    clear_run()
    staging.drop(COUNTED)
