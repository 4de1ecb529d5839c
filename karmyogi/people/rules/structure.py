"""What may stand below what in the structure of the State, and when a unit may close: pure decisions."""

from collections.abc import Mapping
from dataclasses import dataclass

from karmyogi.core.reasons import N_, Reason, declare, reason

declare(
    unit_name_missing=N_("Write the name in both languages."),
    unit_name_taken=N_("“%(name)s” stands there already: %(where)s."),
    unit_name_unchanged=N_("Both names are already written like this."),
    unit_day_in_future=N_("The day cannot be after today."),
    unit_day_before_last=N_("The unit has borne its present name since %(since)s; a new one cannot begin before that."),
    unit_parents_unchanged=N_("The unit stands there already. Choose another place for it."),
    unit_parent_missing=N_("Choose where the unit stands in the line of departments and in the territory."),
    unit_parent_closed=N_("“%(name)s” is closed, so nothing can stand below it."),
    unit_parent_kind=N_("A unit of the kind “%(kind)s” cannot stand below “%(parent)s”."),
    unit_below_itself=N_("A unit cannot stand below itself."),
    unit_is_root=N_("The State itself is neither moved nor closed."),
    unit_stands_fast=N_("Only districts, directorates and offices are moved."),
    unit_is_closed=N_("The unit is closed. Reopen it first."),
    unit_is_open=N_("The unit is open."),
    unit_has_units=N_("%(count)s open units stand below it. Move or close them first."),
    unit_has_officers=N_("%(count)s officers are posted there after that day. Their postings must end or move first."),
    unit_has_cases=N_("%(count)s open cases were begun there. They must be decided first."),
    unit_changed=N_("Somebody else has changed this unit since you opened the page, so nothing was done."),
)

# Which kinds may stand above a kind: in the line of departments, and in the territory.
LINE_ABOVE = {
    "department": ("state",),
    "directorate": ("department",),
    "division": ("state",),
    "district": ("state",),
    "office": ("department", "directorate", "office"),
}
TERRITORY_ABOVE = {
    "department": ("state",),
    "directorate": ("state", "division", "district"),
    "division": ("state",),
    "district": ("state", "division"),
    "office": ("state", "division", "district"),
}
MOVABLE = ("directorate", "district", "office")  # of the others there is one place only
UNIT_NAME_LIMIT = 200


@dataclass(frozen=True)
class Above:
    """A unit as it would stand above another: its kind, its name, its path in that tree, and whether it is open."""

    kind: str
    name: str
    path: str
    is_open: bool


def placing_reasons(
    kind: str, line: Above | None, territory: Above | None, *, unit_id: int | None = None
) -> list[Reason]:
    """Why a unit of this kind may not stand below these two; `unit_id` is None for one that is new."""
    if line is None or territory is None:
        return [reason("unit_parent_missing")]
    found = [*_below_reasons(kind, line, LINE_ABOVE), *_below_reasons(kind, territory, TERRITORY_ABOVE)]
    if unit_id is not None and any(f"/{unit_id}/" in above.path for above in (line, territory)):
        found.append(reason("unit_below_itself"))
    return list(dict.fromkeys(found))


def _below_reasons(kind: str, above: Above, allowed: Mapping[str, tuple[str, ...]]) -> list[Reason]:
    return [
        *([] if above.kind in allowed.get(kind, ()) else [reason("unit_parent_kind", kind=kind, parent=above.name)]),
        *([] if above.is_open else [reason("unit_parent_closed", name=above.name)]),
    ]


def unit_name_reasons(name_hi: str, name_en: str) -> list[Reason]:
    """What is missing in a unit's names, tidied; both are needed, at most 200 characters each."""
    if not (name_hi and name_en):
        return [reason("unit_name_missing")]
    longest = max(len(name_hi), len(name_en))
    return [reason("name_text_too_long", has=longest, allowed=UNIT_NAME_LIMIT)] if longest > UNIT_NAME_LIMIT else []


def closing_reasons(*, units: int, officers: int, cases: int) -> list[Reason]:
    """Why a unit may not close yet: open units below it, officers posted after the day, cases that are not decided."""
    counts = {"unit_has_units": units, "unit_has_officers": officers, "unit_has_cases": cases}
    return [reason(code, count=count) for code, count in counts.items() if count]
