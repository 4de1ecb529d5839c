"""Which board of officers an address asks for: the month or period, the unit, the class, and the part that is shown."""

from dataclasses import dataclass

import peewee
from flask import request
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere
from karmyogi.core.periods import When
from karmyogi.core.permissions import Permission, Scope, scope_of
from karmyogi.people.models import OrgUnit, StateClass, UnitKind
from karmyogi.people.queries import Narrowing, state, units_within
from karmyogi.scores import queries
from karmyogi.scores.models import Correction
from karmyogi.scores.rules import BoardScope
from karmyogi.scores.views.chosen import Chosen, chosen_from, when_of
from karmyogi.web.access import current_actor
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import local

WIDE_KINDS = (UnitKind.DIVISION, UnitKind.DISTRICT, UnitKind.DEPARTMENT)
BOARD_KINDS = (UnitKind.STATE, *WIDE_KINDS, UnitKind.OFFICE)
OFFICES_LISTED = 300  # more are no list to choose from: a department or district narrows them
# Under which kinds of unit a board can be narrowed to one department, or to one district.
NARROWED_TO = {
    UnitKind.DEPARTMENT: (UnitKind.STATE, UnitKind.DIVISION, UnitKind.DISTRICT),
    UnitKind.DISTRICT: (UnitKind.STATE, UnitKind.DIVISION, UnitKind.DEPARTMENT),
}
CORRECTED = "corrected"  # how an address asks for a board as it was corrected
Choices = dict[str, list[OrgUnit]]


@dataclass(frozen=True)
class Board:
    """What the address asks for: a month, quarter or year, a unit, a class, and the group shown; None if too small.

    `narrowed_by` is the department or district whose officers alone are listed, with their ranks in the whole group.
    """

    chosen: Chosen
    unit: OrgUnit
    state_class: str
    group: queries.Group | None
    narrowed_by: Narrowing = Narrowing()  # noqa: RUF009 - it never changes
    correction: Correction | None = None  # the one that stands for the month, whether it is shown or not

    @property
    def when(self) -> When:
        return when_of(self.chosen)

    @property
    def is_corrected(self) -> bool:
        """Whether the corrected rows are shown, and not those that were sealed."""
        return self.correction is not None and request.args.get("shown") == CORRECTED

    @property
    def is_merged(self) -> bool:
        group = self.group
        return group is not None and (group.unit_id != self.unit.id or group.state_class != self.state_class)

    @property
    def name(self) -> str:
        """Whose board it is, as asked for."""
        return self._named(local(self.unit, "name"), self.state_class)

    @property
    def group_name(self) -> str:
        """Who is compared on it."""
        return self._named(local(self.group, "unit"), self.group.state_class)

    @property
    def kept(self) -> dict[str, object]:
        """The parameters of an address that leads to this board again."""
        asked = {
            "month": self.chosen.month,
            "unit": self.unit.id,
            "class": self.state_class,
            "department": self.narrowed_by.department,
            "district": self.narrowed_by.district,
            "shown": CORRECTED if self.is_corrected else "",
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def seen(self) -> dict[str, object]:
        """What decides which of the group's rows are listed: the reader's reach, and the part asked for."""
        return {"by": current_actor(), "narrowed_by": self.narrowed_by}

    @staticmethod
    def _named(unit: str, state_class: str) -> str:
        return f"{unit} · {_('Class %(name)s', name=state_class)}" if state_class else unit


def board_asked_for(among: list[Chosen]) -> Board | None:
    """The board of the address; None where no month is scored or no unit is within reach.

    Raises NotThere for a unit that is not, or that is another's.
    """
    chosen, unit, state_class = chosen_from(among), _chosen_unit(), _chosen_class()
    if chosen is None or unit is None:
        return None
    correction = queries.last_correction(chosen.month)
    run = correction.run if correction and request.args.get("shown") == CORRECTED else None
    group = queries.group_in(when_of(chosen), BoardScope(unit.kind), unit.id, state_class=state_class, run=run)
    return Board(chosen, unit, state_class, group, _narrowing(unit), correction)


def _scope() -> Scope:
    return scope_of(current_actor(), Permission.LEADERBOARD_READ)


def _in_reach() -> peewee.ModelSelect:
    """The units whose boards this actor may open: all of them, or those below their grants."""
    units, scope = OrgUnit.select().where(OrgUnit.kind.in_([k.value for k in BOARD_KINDS])), _scope()
    return units if scope.everything else units.where(OrgUnit.id.in_(units_within(scope)))


def _wide_units() -> Choices:
    wide = _by_name(_in_reach().where(OrgUnit.kind.in_([k.value for k in WIDE_KINDS])))
    by_kind = {kind.value: [u for u in wide if u.kind == kind] for kind in WIDE_KINDS}
    return {UnitKind.STATE.value: [state()] if _scope().everything else [], **by_kind}


def _by_name(units: peewee.ModelSelect) -> list[OrgUnit]:
    return list(units.order_by(OrgUnit.name_hi, OrgUnit.name_en, OrgUnit.id))


def units_to_choose(board: Board | None) -> Choices:
    """The units of the choice by kind; of offices those around the one that is shown, while they are few enough."""
    return _wide_units() | {UnitKind.OFFICE.value: _offices_near(board) if board else []}


def _offices_near(board: Board) -> list[OrgUnit]:
    offices = _in_reach().where(OrgUnit.kind == UnitKind.OFFICE, _near(board))
    held = offices.where(OrgUnit.closed_on.is_null() | (OrgUnit.closed_on > board.when.first_on))
    listed = _by_name(held.limit(OFFICES_LISTED + 1))
    return listed if len(listed) <= OFFICES_LISTED else [board.unit] if board.unit.kind == UnitKind.OFFICE else []


def _near(board: Board) -> peewee.Expression:
    """Under the unit that is shown, and in the department and district asked for; of an office those beside it."""
    unit, asked = board.unit, board.narrowed_by
    under = {
        UnitKind.STATE: {},
        UnitKind.DIVISION: {"division": unit.id},
        UnitKind.DISTRICT: {"district": unit.id},
        UnitKind.DEPARTMENT: {"department": unit.id},
        UnitKind.OFFICE: {"department": unit.department_id, "district": unit.district_id},
    }[UnitKind(unit.kind)]
    wanted = under | {name: value for name, value in vars(asked).items() if value and name != "state_class"}
    found = peewee.Value(1) == peewee.Value(1)
    for name, value in wanted.items():
        column = getattr(OrgUnit, name)
        found &= column.is_null() if value is None else column == value
    return found


def _chosen_unit() -> OrgUnit | None:
    """The unit asked for; else the widest within reach. Raises NotThere for any other."""
    if (asked := asked_number("unit")) is not None:
        if unit := _in_reach().where(OrgUnit.id == asked).first():
            return unit
        raise NotThere("not_there")
    if request.args.get("unit", type=int) is not None:  # a number that no id can be
        raise NotThere("not_there")
    wide = [unit for units in _wide_units().values() for unit in units]
    return wide[0] if wide else next(iter(_by_name(_in_reach().limit(1))), None)


def _chosen_class() -> str:
    asked = request.args.get("class", "")
    return asked if asked in set(StateClass) else ""


def units_to_narrow_to(unit: OrgUnit) -> dict[UnitKind, list[OrgUnit]]:
    """The departments and districts to which the board of this unit can be narrowed; their names are no secret."""
    return {kind: _inside(unit, kind) for kind, wider in NARROWED_TO.items() if unit.kind in wider}


def _inside(unit: OrgUnit, kind: UnitKind) -> list[OrgUnit]:
    units = OrgUnit.select().where(OrgUnit.kind == kind)
    if unit.kind == UnitKind.DIVISION and kind == UnitKind.DISTRICT:
        units = units.where(OrgUnit.division == unit)
    return _by_name(units)


def _narrowing(unit: OrgUnit) -> Narrowing:
    found = {kind.value: asked_number(kind.value) for kind in NARROWED_TO}
    offered = {kind.value: {one.id for one in units} for kind, units in units_to_narrow_to(unit).items()}
    return Narrowing(**{name: asked for name, asked in found.items() if asked in offered.get(name, ())})
