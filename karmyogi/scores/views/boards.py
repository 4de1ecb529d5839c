"""Leaderboards of officers: the page, and the file with the same columns and rows.

A board is read from its top, on the page as in the file; nothing sorts it from below.
"""

from collections import Counter
from collections.abc import Iterator

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.completions.queries import flags_beside
from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import Permission
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.queries import posting_of
from karmyogi.scores import queries, service
from karmyogi.scores.leaderboard import COLUMNS, CORRECTED_COLUMNS, PERIOD_COLUMNS, Column
from karmyogi.scores.models import ScorePeriod
from karmyogi.scores.views.address import blueprint
from karmyogi.scores.views.choosing import Board, Choices, board_asked_for, units_to_choose, units_to_narrow_to
from karmyogi.scores.views.chosen import before_name, choices_of, counted_in, facts_of, months_of, offered
from karmyogi.web.access import current_actor, fresh, requires
from karmyogi.web.exports import csv_response
from karmyogi.web.forms import asked_number, clean
from karmyogi.web.i18n import language, local
from karmyogi.web.workbooks import Sheet, refuse_too_many, xlsx_response

PAGE = 50
ABOVE = 5  # rows over the officer to whom the page goes
FOUND_AT_MOST = 20
LONGEST_SEARCH = 100
BATCH = 1000
CSV, XLSX = "csv", "xlsx"


@blueprint.get("/leaderboards")
@requires(Permission.LEADERBOARD_READ)
def leaderboard() -> str | Response:
    """A page of a board; a search that finds one officer leads to the page on which they stand."""
    among = offered()
    board = board_asked_for(among)
    text = clean(request.args.get("find", "")[:LONGEST_SEARCH])
    found = _found(board, text)
    if found and len(found) == 1:
        return redirect(_place(board, found[0].officer_id))
    choices = units_to_choose(board)
    return render_template(
        "scores/leaderboard.html",
        whens=choices_of(among),
        choices=choices,
        board=board,
        text=text,
        found=found,
        **(_beside(board, choices) if board else {}),
        **(_shown(board) if board and board.group else {}),
    )


def _beside(board: Board, choices: Choices) -> dict[str, object]:
    """What leads from this board to others, and to the reader's own place."""
    own_id = current_actor().officer_id
    return {
        "narrowing": _named(units_to_narrow_to(board.unit)),
        "narrowed_to": _narrowed_to(board),
        "mine": _own_units(board, choices),
        "my_place": _place(board, own_id) if own_id and _key_of(board, own_id) else None,
        "own_hold": _own_hold(board),
        "before": before_name(board.chosen),
        "counted": counted_in(board.chosen),
        "place_of": lambda officer_id: _place(board, officer_id),
    }


def _named(units: dict[UnitKind, list[OrgUnit]]) -> dict[str, list[tuple[int, str]]]:
    return {kind.value: [(unit.id, local(unit, "name")) for unit in among] for kind, among in units.items()}


def _found(board: Board | None, text: str) -> list[queries.Standing] | None:
    """The officers of this board whom the text may mean; None where nobody is looked for."""
    if not text or board is None or board.group is None:
        return None
    return queries.found_on(board.when, board.group, text, **board.seen, limit=FOUND_AT_MOST)


def _place(board: Board, officer_id: int) -> str:
    return url_for(".leaderboard", **board.kept, at=officer_id, _anchor=f"officer-{officer_id}")


def _shown(board: Board) -> dict[str, object]:
    """A page of the board; its picture stands on the first."""
    after = _start(board)
    rows = queries.standings(board.when, board.group, **board.seen, limit=PAGE + 1, after=after)
    months, shown = months_of(board.chosen), [row.officer_id for row in rows[:PAGE]]
    is_first_page = after is None
    return {
        "rows": rows[:PAGE],
        "sought": asked_number("at"),
        "flags": flags_beside(shown, current_actor(), first=months[0], last=months[-1]),
        "next_page": _address_after(board, rows[PAGE - 1].key) if len(rows) > PAGE else None,
        "page_before": None if is_first_page or not rows else _page_before(board, rows[0].key),
        "ties": _tied_ranks(rows, after),
        "is_first_page": is_first_page,
        "spread": queries.spread(board.when, board.group, by=current_actor()) if is_first_page else [],
        "own_id": current_actor().officer_id,
    }


def _start(board: Board) -> queries.Key | None:
    """After which key the page begins: that of the address, or a few rows over the officer to whom it goes."""
    officer_id = asked_number("at")
    key = _key_of(board, officer_id) if officer_id else None
    return _key_above(board, key, ABOVE) if key else _asked_key()


def _key_of(board: Board, officer_id: int) -> queries.Key | None:
    if board.group is None:
        return None
    return queries.key_of(board.when, board.group, officer_id, **board.seen)


def _key_above(board: Board, key: queries.Key, rows: int) -> queries.Key | None:
    return queries.key_above(board.when, board.group, key, rows=rows, **board.seen)


def _page_before(board: Board, first: queries.Key) -> str:
    above = _key_above(board, first, PAGE)
    return _address_after(board, above) if above else url_for(".leaderboard", **board.kept)


@blueprint.get("/leaderboards/file/<kind>")
@requires(Permission.LEADERBOARD_READ)
@fresh
def leaderboard_file(kind: str) -> Response:
    """The whole board that the page shows, from its top, within the reader's reach; taking it leaves a trace."""
    board = board_asked_for(offered())
    if kind not in (CSV, XLSX) or board is None or board.group is None:
        raise NotThere("not_there")
    count = queries.how_many(board.when, board.group, **board.seen)
    if kind == XLSX:
        refuse_too_many(count)
    asked = {**board.kept, "class": board.state_class, "kind": kind, "rows": count}
    service.remember_file(board.chosen, asked, by=current_actor())
    name, header = f"leaderboard-{board.chosen.month}-{board.unit.id}", [_(column.label) for column in _columns(board)]
    if kind == CSV:
        return csv_response(name, header, _cells(board))
    return xlsx_response(name, Sheet(_("Leaderboard: %(name)s", name=board.name), _facts(board), header, _cells(board)))


def _columns(board: Board) -> tuple[Column[queries.Standing], ...]:
    if isinstance(board.chosen, ScorePeriod):
        return PERIOD_COLUMNS
    return CORRECTED_COLUMNS if board.is_corrected else COLUMNS


def _cells(board: Board) -> Iterator[list[object]]:
    """Every row of the board, read some at a time."""
    spoken, columns, after = language(), _columns(board), None
    while True:
        rows = queries.standings(board.when, board.group, **board.seen, limit=BATCH, after=after)
        for row in rows:
            yield [column.value(row, spoken) for column in columns]
        if len(rows) < BATCH:
            return
        after = rows[-1].key


def _facts(board: Board) -> list[tuple[str, object]]:
    """What must be known of a board on paper: what it is of, whether it is final, how fresh, and who is compared."""
    merged = [(_("Shown together with"), board.group_name)] if board.is_merged else []
    narrowed = [(_("Only officers of"), ", ".join(names))] if (names := _narrowed_to(board)) else []
    size = (_("Officers with a score in this group"), board.group.size)
    return [
        *facts_of(board.chosen),
        *_facts_of_correction(board),
        *merged,
        *narrowed,
        size,
        (_("Taken on"), now()),
    ]


def _facts_of_correction(board: Board) -> list[tuple[str, object]]:
    """Whether the sealed rows are listed or the corrected ones, where there are both."""
    case = board.correction
    if case is None:
        return []
    shown = _("As corrected by no. %(number)s", number=case.number) if board.is_corrected else _("As sealed")
    return [(_("Points and ranks"), shown), (_("Hash of the correction"), case.hash)]


def _narrowed_to(board: Board) -> list[str]:
    """The names of the department and district whose officers alone are listed."""
    asked = [unit_id for unit_id in (board.narrowed_by.department, board.narrowed_by.district) if unit_id]
    units = OrgUnit.select().where(OrgUnit.id.in_(asked)).order_by(OrgUnit.kind) if asked else []
    return [local(unit, "name") for unit in units]


def _own_units(board: Board, choices: Choices) -> list[OrgUnit]:
    """The reader's own office, department and district, as far as their boards are within reach."""
    officer_id, wide = current_actor().officer_id, [unit for units in choices.values() for unit in units]
    held = posting_of(officer_id, on=today()) if officer_id and len(wide) > 1 else None
    if held is None:
        return []
    own, offered = (held.unit.department_id, held.unit.district_id), {unit.id: unit for unit in wide}
    found = [offered[unit_id] for unit_id in own if unit_id in offered]
    is_ours = held.unit.kind == UnitKind.OFFICE and (found or held.unit.id in offered)
    return [one for one in [*found, *([held.unit] if is_ours else [])] if one.id != board.unit.id]


def _own_hold(board: Board) -> str | None:
    """The month whose page tells the reader why their own score is left out of these ranks."""
    officer_id, months = current_actor().officer_id, months_of(board.chosen)
    if not officer_id:
        return None
    if isinstance(board.chosen, ScorePeriod):
        left_out = queries.months_left_out(officer_id, months[0], months[-1])
        return left_out[0] if left_out and _key_of(board, officer_id) is None else None
    is_held = any(one.state == "held" for one in queries.holds_told(officer_id, month=Month.parse(months[0])))
    return months[0] if is_held else None


def _asked_key() -> queries.Key | None:
    rank, officer = asked_number("after_rank"), asked_number("after_id")
    if rank is None or officer is None:
        return None
    return queries.Key(rank, request.args.get("after_name", "").replace("\0", ""), officer)


def _address_after(board: Board, key: queries.Key) -> str:
    last = {"after_rank": key.rank_state, "after_name": key.name, "after_id": key.officer_id}
    return url_for(".leaderboard", **board.kept, **last)


def _tied_ranks(rows: list[queries.Standing], after: queries.Key | None) -> set[int]:
    """The ranks that several share, also with a row of the page before or after."""
    ranks = Counter(row.rank for row in rows)
    if after and after.officer_id and rows and rows[0].key.rank_state == after.rank_state:
        ranks[rows[0].rank] += 1
    return {rank for rank, count in ranks.items() if count > 1}
