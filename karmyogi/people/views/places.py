"""Where a unit is to stand: what is typed for the two units above it, and what the fields offer."""

import re
from collections.abc import Mapping

from karmyogi.core.errors import RuleBroken
from karmyogi.core.reasons import N_, Reason, declare
from karmyogi.people import queries
from karmyogi.people.forms import PlaceForm
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.rules import LINE_ABOVE, TERRITORY_ABOVE
from karmyogi.people.views.changes import named
from karmyogi.web.i18n import say

NUMBER = re.compile(r"(?:^|\()(\d{1,9})\)?$")


declare(
    unit_unknown_above=N_("No open unit “%(text)s” may stand above. Choose one of the list, or write its number."),
    unit_several_above=N_("Several units are called “%(text)s”. Write the number of the one that is meant."),
)


def places_typed(form: PlaceForm, kind: str) -> dict[str, OrgUnit]:
    """The two units that were typed. Raises RuleBroken, with the word in its field, for one that is not there."""
    allowed = {"line_parent": LINE_ABOVE.get(kind, ()), "territory_parent": TERRITORY_ABOVE.get(kind, ())}
    found: dict[str, OrgUnit] = {}
    for field, kinds in allowed.items():
        meant = _meant(form[field].data, kinds)
        if len(meant) == 1:
            found[field] = meant[0]
        else:
            code = "unit_several_above" if meant else "unit_unknown_above"
            form[field].errors = [say(Reason(code, {"text": form[field].data}))]
    if len(found) < len(allowed):
        raise RuleBroken()
    return found


def _meant(text: str, kinds: tuple[str, ...]) -> list[OrgUnit]:
    """The open units of these kinds with the number at the end of the text, or else with the text as their name."""
    typed = NUMBER.search(text)
    return queries.units_like(text, kinds, number=int(typed[1]) if typed else None)


def suggested(kind: str | None) -> dict[str, list[str]]:
    """What the two fields of a place offer: never offices, of which there are thousands."""
    kinds = {"line_parent": LINE_ABOVE, "territory_parent": TERRITORY_ABOVE}
    return {
        field: [named(one) for one in queries.units_to_stand_below(_kinds(allowed, kind))]
        for field, allowed in kinds.items()
    }


def _kinds(allowed: Mapping[str, tuple[str, ...]], kind: str | None) -> list[str]:
    found = allowed[kind] if kind else {one for above in allowed.values() for one in above}
    return sorted(set(found) - {UnitKind.OFFICE.value})
