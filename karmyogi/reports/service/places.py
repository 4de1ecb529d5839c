"""What rows tell of where their officers serve: counted for the preview, and judged where a file is for one unit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter

from karmyogi.core.errors import BadFile
from karmyogi.core.months import today
from karmyogi.core.reasons import Reason
from karmyogi.reports import matching
from karmyogi.reports.kinds import Kind, Within, reach
from karmyogi.reports.reader import Layout
from karmyogi.reports.rules import Fault, Node, ReportRow, Told, is_inside
from karmyogi.store.imports import Import

SHOWN = 50  # organisations kept of a file, the biggest first
FILLED = ("name", "organisation", "department", "mdoid")  # the first that is told is what a rejected row is blamed for


class Places:
    """What one pass over a file tells of places: how many rows each has and, for a unit, which row has which."""

    def __init__(self, within: Within, *, keeps_rows: bool):
        self.within = within
        self.counts: Counter[object] = Counter()
        self._rows: list[tuple[int, int]] = []
        self._told = attrgetter(*within.tells.values())
        self._numbers: dict[object, int] | None = {} if keeps_rows else None

    def note(self, row: ReportRow) -> None:
        """Count what the row tells."""
        told = self._told(row)
        self.counts[told] += 1
        if self._numbers is not None:
            self._rows.append((row.line_number, self._numbers.setdefault(told, len(self._numbers))))

    @property
    def keeps_rows(self) -> bool:
        return self._numbers is not None

    def take_rows(self) -> list[tuple[int, int]]:
        """Each row with the number of what it told, to be laid out; they are not kept here any longer."""
        rows, self._rows = self._rows, []
        return rows

    def plain(self) -> list[tuple[Sequence[str], int]]:
        """What was told and by how many rows, as JSON holds it."""
        return [(_fields(values), count) for values, count in self.counts.items()]

    def refill(self, plain: Iterable[tuple[Sequence[str], int]]) -> None:
        """Take up what an earlier pass over the same file counted; its rows are laid out already."""
        self.counts.update({tuple(values): count for values, count in plain})

    def told(self) -> list[tuple[Told, int]]:
        """What was told and by how many rows, in the order of the numbers, which is that in which it came."""
        return [(self._as_told(values), count) for values, count in self.counts.items()]

    def _as_told(self, values: object) -> Told:
        return Told(**dict(zip(self.within.tells, _fields(values), strict=True)))


def _fields(values: object) -> tuple[str, ...]:
    """What a row told, of one field or of several."""
    return values if isinstance(values, tuple) else (str(values),)


def places_in(kind: Kind, origin: Import) -> Places | None:
    """What to note of places while a file is read; None where nothing depends on it.

    That is a kind about no officers, and a file for the whole State whose organisations are noted already. Raises
    BadFile if a file of such a kind came in for a unit.
    """
    if kind.reach is None and origin.unit_id:
        raise BadFile("report_of_the_state")
    if kind.reach is None or (origin.unit_id is None and origin.organisations):
        return None
    return Places(kind.reach, keeps_rows=origin.unit_id is not None)


def note_organisations(places: Places, origin: Import) -> list[bool]:
    """Note in the import which units its organisations are taken for; returns of each, by number, if it lies within.

    Everything lies within the whole State.
    """
    told = places.told()
    meant = places.within.places([one for one, _count in told])
    top = _top(origin)
    inside = [top is None or is_inside(meant[one], top) for one, _count in told]
    each = [_noted(one, count, meant[one], is_in) for (one, count), is_in in zip(told, inside, strict=True)]
    origin.organisations = sorted(each, key=lambda one: (-one["rows"], one["name"]))[:SHOWN]
    return inside


def _noted(told: Told, rows: int, units: tuple[Node, ...], is_in: bool) -> dict[str, object]:
    return {
        "name": told.text,
        "mdoid": told.mdoid,
        "units": [unit.id for unit in units[:2]],  # two tell that the name alone does not say which
        "rows": rows,
        "inside": is_in,
    }


def _top(origin: Import) -> Node | None:
    return reach.nodes([origin.unit_id])[origin.unit_id] if origin.unit_id else None


def set_outside_apart(places: Places, origin: Import, layout: Layout) -> list[Fault]:
    """Rows that lie outside the unit of the import, with their reasons; they are out of all that is judged next.

    `row_told` is laid out. Raises BadFile if no row is left.
    """
    within = places.within
    within.prepare()
    if not within.is_by_code:
        matching.match(unit_id=origin.unit_id)
    inside = note_organisations(places, origin)
    numbered = (number for number, is_in in enumerate(inside) if is_in)
    apart = reach.set_apart(within.owners, _top(origin), numbered, on=today(), needs_both=within.is_by_code)
    if len(apart) == places.counts.total():
        raise BadFile("no_row_within_reach")
    return _faults(places, apart, layout)


def _faults(places: Places, apart: list[tuple[int, int]], layout: Layout) -> list[Fault]:
    told = [one for one, _count in places.told()]
    return [_fault(line, told[place], places.within, layout) for line, place in apart]


def _fault(line: int, told: Told, within: Within, layout: Layout) -> Fault:
    field = next((name for name in FILLED if getattr(told, name)), "")
    column = layout.heading(within.tells[field]) if field else ""
    return Fault(line, column, getattr(told, field, ""), Reason("outside_reach"))
