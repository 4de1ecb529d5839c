"""Which unit of the State a row means by the organisation that it tells, and what lies below what."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from karmyogi.reports.rules.cells import normalised_name


class Told(NamedTuple):
    """What a row says of where its officer serves; "" where it says nothing."""

    mdoid: str = ""
    name: str = ""  # of the organisation on iGOT, or of a roster's office
    organisation: str = ""
    department: str = ""
    district: str = ""

    @property
    def text(self) -> str:
        """What a reader calls it: the organisation, else the nearest that is told."""
        return self.name or self.organisation or self.department or self.mdoid


class Node(NamedTuple):
    """A unit and where it stands in the two trees; `is_territory` for a division or a district."""

    id: int
    is_territory: bool
    line_path: str
    territory_path: str


def lies_below(unit: Node, top: Node) -> bool:
    """True for the top itself, and for what stands below it in the tree that the top belongs to."""
    if top.is_territory:
        return unit.territory_path.startswith(top.territory_path)
    return unit.line_path.startswith(top.line_path)


def folded(name: str) -> str:
    """A name as names of units are compared: white space as one space, letters without case."""
    return normalised_name(name).casefold()


def units_meant(told: Told, called: Mapping[str, Sequence[Node]]) -> tuple[Node, ...]:
    """The units that a row may mean, by their folded names: the narrowest told; empty if none is known.

    The organisation on iGOT goes before the department where the two disagree,
    and what is told besides only narrows it. Several remain where units share a name.
    """
    department, name, organisation = (
        tuple(called.get(folded(text), ())) for text in (told.department, told.name, told.organisation)
    )
    found = _below(name, department) or name or department
    return _below(organisation, found) or found or organisation


def _below(units: Sequence[Node], tops: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(unit for unit in units if any(lies_below(unit, top) for top in tops))


def is_inside(units: Sequence[Node], top: Node) -> bool:
    """True if every unit that may be meant lies below the top; never if none is known."""
    return bool(units) and all(lies_below(unit, top) for unit in units)
