"""What everybody may read of the newest sealed month: who holds ranks 1 to 3 of a group, by name if they agreed.

Only sealed rows are read, so nothing held, running, half written or corrected later is among them. No points are told
and nobody is told of who has not agreed, except how many at these ranks have not; and that only where they are some of
at least ten.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

import peewee

from karmyogi.core.months import Month
from karmyogi.people.models import Consent, Officer, OrgUnit
from karmyogi.people.queries import is_agreed
from karmyogi.people.rules import Purpose
from karmyogi.scores.models import MonthlyScore, PeerGroup, ScoreMonth, in_month
from karmyogi.scores.queries.boards import LEADERS
from karmyogi.scores.queries.groups import UNIT_COLUMNS, rank_column
from karmyogi.scores.rules import MINIMUM_GROUP, BoardScope, Peers, may_be_told

NAMED_AT_MOST = 20  # of a group, however many share its ranks
PUBLIC_SCOPES = (BoardScope.STATE, BoardScope.DEPARTMENT, BoardScope.DISTRICT)

Inside = MonthlyScore.alias("inside")
Department, District = OrgUnit.alias("named_department"), OrgUnit.alias("named_district")


@dataclass(frozen=True)
class Named:
    """An officer who agreed to be named, and where they were posted in that month."""

    rank: int
    name_hi: str
    name_en: str
    department_hi: str
    department_en: str
    district_hi: str
    district_en: str


@dataclass(frozen=True)
class PublicGroup:
    """Ten or more officers with a score, and what may be told of ranks 1 to 3.

    `leaders` is how many hold them; None where nothing may be told. `named` are those who agreed, from the top and at
    most twenty, and `agreed` how many they are altogether.
    """

    unit_id: int
    unit_hi: str
    unit_en: str
    size: int
    leaders: int | None
    agreed: int = 0
    named: tuple[Named, ...] = ()

    @property
    def is_told(self) -> bool:
        return self.leaders is not None

    @property
    def unnamed(self) -> int:
        """How many at these ranks have not agreed."""
        return (self.leaders or 0) - self.agreed


def public_month() -> ScoreMonth | None:
    """The newest sealed month; None before the first."""
    fields = (ScoreMonth.month, ScoreMonth.state, ScoreMonth.seal, ScoreMonth.sealed_at, ScoreMonth.data_as_on)
    sealed = ScoreMonth.select(ScoreMonth.id, *fields).where(ScoreMonth.state == "sealed")
    return sealed.order_by(ScoreMonth.month.desc()).first()


def public_units(month: Month) -> list[tuple[BoardScope, int, str, str]]:
    """The State, departments and districts with ten or more scores in a month: scope, id and both names, by name."""
    names = (OrgUnit.name_hi, OrgUnit.name_en)
    rows = _groups(month, PUBLIC_SCOPES).select(PeerGroup.scope, PeerGroup.unit, *names).order_by(*names, OrgUnit.id)
    return [(BoardScope(scope), *unit) for scope, *unit in rows.tuples()]


def public_groups(month: Month, scope: BoardScope, *, unit_id: int | None = None) -> list[PublicGroup]:
    """The groups of a scope, or the one of a unit, by name; a group of fewer than ten is none. Two statements."""
    groups = _groups(month, (scope,))
    if unit_id is not None:
        groups = groups.where(PeerGroup.unit == unit_id)
    facts = groups.select(
        PeerGroup.unit,
        OrgUnit.name_hi,
        OrgUnit.name_en,
        PeerGroup.size,
        _last_leader(month, scope),
        _leaders(month, scope),
        _unnamed_at(month, scope, 1),
        _unnamed_at(month, scope, MINIMUM_GROUP),
    ).order_by(OrgUnit.name_hi, OrgUnit.name_en, OrgUnit.id)
    rows = [(*row[:-2], _is_told(*row[-2:])) for row in facts.tuples()]
    named = _named_by_unit(month, scope, {unit: last for unit, *_told, last, _leaders, is_told in rows if is_told})
    return [_group(row, named.get(row[0], [])) for row in rows]


def _is_told(some: int | None, ten: int | None) -> bool:
    """By the first and the tenth officer who have not agreed."""
    return may_be_told(0 if some is None else 1 if ten is None else MINIMUM_GROUP)


def _group(row: tuple, named: list[tuple[int, Named]]) -> PublicGroup:
    *unit, _last, leaders, is_told = row
    agreed = named[0][0] if named else 0
    return PublicGroup(*unit, leaders if is_told else None, agreed, tuple(one for _agreed, one in named))


def _groups(month: Month, scopes: tuple[BoardScope, ...]) -> peewee.ModelSelect:
    """Groups of all classes, large enough to be shown."""
    large = (PeerGroup.state_class == "") & (PeerGroup.size >= MINIMUM_GROUP)
    wanted = in_month(month, PeerGroup) & PeerGroup.scope.in_([scope.value for scope in scopes])
    return PeerGroup.select().join(OrgUnit, on=PeerGroup.unit == OrgUnit.id).where(wanted & large)


def _is_in(scope: BoardScope, score: type[MonthlyScore]) -> peewee.Expression:
    """The condition that a score belongs to the group of the row around it."""
    column = UNIT_COLUMNS.get(scope)
    return getattr(score, column) == PeerGroup.unit if column else peewee.Value(1) == peewee.Value(1)


def _last_leader(month: Month, scope: BoardScope) -> peewee.ModelSelect:
    """The State's rank of the third officer from the top: ranks 1 to 3 reach so far, also in a tie.

    One step in the index, where asking for the rank in the group would read all of it.
    """
    third = Inside.select(Inside.rank_state).where(_is_in(scope, Inside) & in_month(month, Inside))
    return third.order_by(Inside.rank_state).limit(1).offset(LEADERS - 1)


def _leaders(month: Month, scope: BoardScope) -> peewee.ModelSelect:
    top = MonthlyScore.alias("top")
    held = _is_in(scope, top) & in_month(month, top) & (top.rank_state <= _last_leader(month, scope))
    return top.select(peewee.fn.COUNT(top.officer)).where(held)


def _unnamed_at(month: Month, scope: BoardScope, place: int) -> peewee.ModelSelect:
    """The first, second … officer of the group from the top who has not agreed; NULL if there are not so many."""
    other = MonthlyScore.alias("other")
    silent = other.select(other.officer).where(_is_in(scope, other) & in_month(month, other) & (_agrees(other) != 1))
    return silent.order_by(other.rank_state).limit(1).offset(place - 1)


def _agrees(score: type[MonthlyScore]) -> peewee.Function:
    """1 if the officer of a score agrees, else 0.

    Asked of one officer after the other from the top: as a join, an engine would begin with everybody who agrees.
    """
    given = Consent.select(peewee.Value(1)).where(is_agreed(Consent, score.officer, Purpose.PUBLIC_NAME))
    return peewee.fn.COALESCE(given, 0)


def _named_by_unit(month: Month, scope: BoardScope, ends: dict[int, int]) -> dict[int, list[tuple[int, Named]]]:
    """By unit the officers at ranks 1 to 3 who agreed, each beside how many agreed there.

    `ends` are the units, each with the State's rank of its third officer: known numbers lead both engines by the index.
    """
    if not ends:
        return {}
    rank, unit, leads = getattr(MonthlyScore, rank_column(Peers(scope))), *_leading(scope, ends)
    order = [MonthlyScore.rank_state, Officer.name_en, Officer.name_hi, Officer.id]
    leading = (
        MonthlyScore.select(
            unit.alias("unit"),
            peewee.fn.COUNT(Officer.id).over(partition_by=[unit]).alias("agreed"),
            peewee.fn.ROW_NUMBER().over(partition_by=[unit], order_by=order).alias("place"),
            rank.alias("rank"),
            Officer.name_hi.alias("name_hi"),
            Officer.name_en.alias("name_en"),
            Department.name_hi.alias("department_hi"),
            Department.name_en.alias("department_en"),
            District.name_hi.alias("district_hi"),
            District.name_en.alias("district_en"),
        )
        .join(Officer, on=(Officer.id == MonthlyScore.officer) & Officer.merged_into.is_null())
        .join(Department, peewee.JOIN.LEFT_OUTER, on=MonthlyScore.department == Department.id, src=MonthlyScore)
        .join(District, peewee.JOIN.LEFT_OUTER, on=MonthlyScore.district == District.id, src=MonthlyScore)
        .where(in_month(month, MonthlyScore) & leads & (_agrees(MonthlyScore) == 1))
    )
    c = leading.c
    shown = leading.select_from(
        c.unit, c.agreed, c.rank, c.name_hi, c.name_en, c.department_hi, c.department_en, c.district_hi, c.district_en
    ).where(c.place <= NAMED_AT_MOST)
    found: dict[int, list[tuple[int, Named]]] = {}
    for unit_id, agreed, *told in shown.order_by(c.unit, c.place).tuples():
        found.setdefault(unit_id, []).append((agreed, Named(*(one or "" for one in told))))
    return found


def _leading(scope: BoardScope, ends: dict[int, int]) -> tuple[peewee.Node, peewee.Expression]:
    """The unit of a score within the scope, and the condition that it stands at ranks 1 to 3 of one of these."""
    rank = MonthlyScore.rank_state
    if scope not in UNIT_COLUMNS:
        ((state, last),) = ends.items()
        return MonthlyScore.rank_state * 0 + state, rank <= last
    unit = getattr(MonthlyScore, UNIT_COLUMNS[scope])
    # No end lies below the last of all. SQLite takes many ends for most of the State: so it need not weigh each of it.
    return unit, (rank <= max(ends.values())) & reduce(or_, ((unit == one) & (rank <= e) for one, e in ends.items()))
