"""Leaderboards of officers: the page, and the file with the same columns and rows.

A board is read from its top, on the page as in the file; nothing sorts it from below.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.completions.queries import flags_beside
from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import Permission, scope_of
from karmyogi.people.models import OrgUnit, StateClass, UnitKind
from karmyogi.people.queries import posting_of, state, units_within
from karmyogi.scores import queries, service
from karmyogi.scores.leaderboard import COLUMNS
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import BoardScope
from karmyogi.scores.views.address import blueprint
from karmyogi.web.access import current_actor, requires
from karmyogi.web.exports import csv_response
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import language, local, month_name, word
from karmyogi.web.workbooks import Sheet, refuse_too_many, xlsx_response

PAGE = 50
BATCH = 1000
CSV, XLSX = "csv", "xlsx"
BOARD_KINDS = (UnitKind.DIVISION, UnitKind.DISTRICT, UnitKind.DEPARTMENT)
Choices = dict[str, list[OrgUnit]]


@dataclass(frozen=True)
class Board:
    """What the address asks for: a month, a unit, a class, and the group that is shown for them; None if too small."""

    chosen: ScoreMonth
    unit: OrgUnit
    state_class: str
    group: queries.Group | None

    @property
    def month(self) -> Month:
        return Month.parse(self.chosen.month)

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

    @staticmethod
    def _named(unit: str, state_class: str) -> str:
        return f"{unit} · {_('Class %(name)s', name=state_class)}" if state_class else unit


@blueprint.get("/leaderboards")
@requires(Permission.LEADERBOARD_READ)
def leaderboard() -> str:
    months, choices = queries.months_scored(), _units_to_choose()
    board = _board(months, choices)
    shown = {} if board is None or board.group is None else _shown(board)
    links = (
        {}
        if board is None
        else {
            "kept": _kept(board),
            "mine": _own_units(choices),
            "my_place": _my_place(board),
            "own_hold": _own_hold(board),
        }
    )
    return render_template("scores/leaderboard.html", months=months, choices=choices, board=board, **shown, **links)


def _links(board: Board, choices: Choices) -> dict[str, object]:
    return {
        "kept": _kept(board),
        "mine": _own_units(choices),
        "my_place": _my_place(board),
        "own_hold": _own_hold(board),
    }


def _shown(board: Board) -> dict[str, object]:
    """A page of the board; its picture stands on the first."""
    rows = queries.standings(board.month, board.group, by=current_actor(), limit=PAGE + 1, after=_key())
    is_first_page = _key() is None
    month, shown = str(board.month), [row.officer_id for row in rows[:PAGE]]
    return {
        "rows": rows[:PAGE],
        "flags": flags_beside(shown, current_actor(), first=month, last=month),
        "next_page": _next_page(rows),
        "ties": _tied_ranks(rows),
        "is_first_page": is_first_page,
        "spread": queries.spread(board.month, board.group) if is_first_page else [],
        "own_id": current_actor().officer_id,
    }


@blueprint.get("/leaderboards/file/<kind>")
@requires(Permission.LEADERBOARD_READ)
def leaderboard_file(kind: str) -> Response:
    """The whole board that the page shows, from its top, within the reader's reach; taking it leaves a trace."""
    board = _board(queries.months_scored(), _units_to_choose())
    if kind not in (CSV, XLSX) or board is None or board.group is None:
        raise NotThere("not_there")
    actor = current_actor()
    count = queries.how_many(board.month, board.group, by=actor)
    if kind == XLSX:
        refuse_too_many(count)
    asked = {"unit": board.unit.id, "class": board.state_class, "kind": kind, "rows": count}
    service.remember_file(board.chosen, asked, by=actor)
    name, header = f"leaderboard-{board.month}-{board.unit.id}", [_(column.label) for column in COLUMNS]
    if kind == CSV:
        return csv_response(name, header, _cells(board))
    return xlsx_response(name, Sheet(_("Leaderboard: %(name)s", name=board.name), _facts(board), header, _cells(board)))


def _cells(board: Board) -> Iterator[list[object]]:
    """Every row of the board, read some at a time."""
    actor, spoken, after = current_actor(), language(), None
    while True:
        rows = queries.standings(board.month, board.group, by=actor, limit=BATCH, after=after)
        for row in rows:
            yield [column.value(row, spoken) for column in COLUMNS]
        if len(rows) < BATCH:
            return
        after = rows[-1].key


def _facts(board: Board) -> list[tuple[str, object]]:
    """What must be known of a board on paper: the month, whether it is final, how fresh, and who is compared."""
    merged = [(_("Shown together with"), board.group_name)] if board.is_merged else []
    size = (_("Officers with a score in this group"), board.group.size)
    return [*facts_of_month(board.chosen), *merged, size, (_("Taken on"), now())]


def facts_of_month(chosen: ScoreMonth) -> list[tuple[str, object]]:
    """What every board of a month says of it: whether it is final, its seal, and how fresh its reports are."""
    return [
        (_("Month"), month_name(chosen.month)),
        (_("Status"), word(chosen.state)),
        *([(_("Hash of the seal"), chosen.seal)] if chosen.seal else []),
        (_("iGOT data as on"), chosen.data_as_on),
    ]


def _board(months: list[ScoreMonth], choices: Choices) -> Board | None:
    """The board of the address; None where no month is scored or no unit is within reach."""
    chosen, unit, state_class = chosen_month(months), _chosen_unit(choices), _chosen_class()
    if chosen is None or unit is None:
        return None
    month = Month.parse(chosen.month)
    return Board(
        chosen, unit, state_class, queries.group_in(month, BoardScope(unit.kind), unit.id, state_class=state_class)
    )


def chosen_month(months: list[ScoreMonth]) -> ScoreMonth | None:
    """The month asked for; else the newest sealed one, else the newest."""
    asked = request.args.get("month")
    sealed = [m for m in months if m.state == "sealed"]
    return next((m for m in months if m.month == asked), (sealed or months or [None])[0])


def _units_to_choose() -> Choices:
    """The units whose boards this actor may open, by kind: all of them, or those below their grants."""
    scope = scope_of(current_actor(), Permission.LEADERBOARD_READ)
    units = OrgUnit.select().where(OrgUnit.kind.in_([k.value for k in BOARD_KINDS]))
    if not scope.everything:
        units = units.where(OrgUnit.id.in_(units_within(scope)))
    listed = list(units.order_by(OrgUnit.name_hi, OrgUnit.name_en))
    by_kind = {kind.value: [u for u in listed if u.kind == kind] for kind in BOARD_KINDS}
    return {"state": [state()] if scope.everything else [], **by_kind}


def _chosen_unit(choices: Choices) -> OrgUnit | None:
    offered = [unit for units in choices.values() for unit in units]
    asked = request.args.get("unit", type=int)
    if asked is not None and asked not in {unit.id for unit in offered}:
        raise NotThere("not_there")
    return next((unit for unit in offered if unit.id == asked), offered[0] if offered else None)


def _chosen_class() -> str:
    asked = request.args.get("class", "")
    return asked if asked in set(StateClass) else ""


def _kept(board: Board) -> dict[str, object]:
    """The parameters of an address that leads to this board again."""
    asked = {"month": board.chosen.month, "unit": board.unit.id, "class": board.state_class}
    return {name: value for name, value in asked.items() if value}


def _own_units(choices: Choices) -> list[OrgUnit]:
    """The reader's own department and district, where there is a choice among several."""
    offered = {unit.id: unit for units in choices.values() for unit in units}
    officer_id = current_actor().officer_id
    held = posting_of(officer_id, on=today()) if officer_id and len(offered) > 1 else None
    own = (held.unit.department_id, held.unit.district_id) if held else ()
    return [offered[unit_id] for unit_id in own if unit_id in offered]


def _my_place(board: Board) -> str | None:
    """The address of the page of this board that begins with the reader's own rank; None where they are not on it."""
    officer_id = current_actor().officer_id
    key = board.group and officer_id and queries.key_before(board.month, board.group, officer_id, by=current_actor())
    return _address_after(_kept(board), key) if key else None


def _own_hold(board: Board) -> bool:
    """Whether the reader's own score of this month is left out of the ranks."""
    officer_id = current_actor().officer_id
    return bool(officer_id) and any(one.state == "held" for one in queries.holds_told(officer_id, month=board.month))


def _key() -> queries.Key | None:
    rank, officer = asked_number("after_rank"), asked_number("after_id")
    if rank is None or officer is None:
        return None
    return queries.Key(rank, request.args.get("after_name", "").replace("\0", ""), officer)


def _next_page(rows: list[queries.Standing]) -> str | None:
    if len(rows) <= PAGE:
        return None
    kept = {name: request.args[name] for name in ("month", "unit", "class") if name in request.args}
    return _address_after(kept, rows[PAGE - 1].key)


def _address_after(kept: dict[str, object], key: queries.Key) -> str:
    return url_for(".leaderboard", **kept, after_rank=key.rank_state, after_name=key.name, after_id=key.officer_id)


def _tied_ranks(rows: list[queries.Standing]) -> set[int]:
    """The ranks that several share, also with a row of the page before or after."""
    ranks, before = Counter(row.rank for row in rows), _key()
    if before and before.officer_id and rows and rows[0].key.rank_state == before.rank_state:
        ranks[rows[0].rank] += 1
    return {rank for rank, count in ranks.items() if count > 1}
