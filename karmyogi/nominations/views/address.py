"""What an address of these pages asks for, and the case behind it, if this actor may see it."""

from collections.abc import Iterable

from flask import Blueprint, request, url_for

from karmyogi.core.permissions import Permission, covers
from karmyogi.nominations import queries
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.people.models import OrgUnit
from karmyogi.web.access import current_actor, visible_or_404
from karmyogi.web.filters import whole_number
from karmyogi.web.i18n import local
from karmyogi.web.lists import DEEPEST_PAGE

KEPT = ("view", "cycle", "state", "department", "q", "verdict", "moved", "late")  # what a list keeps from page to page
blueprint = Blueprint("nominations", __name__, url_prefix="/nominations")


def page_number() -> int:
    return min(max(whole_number("page") or 1, 1), DEEPEST_PAGE)


def pages(*, is_more: bool) -> tuple[str | None, str | None]:
    """The addresses of the page before and after this one, with all that the list was asked for."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}

    def address(number: int) -> str:
        return url_for(request.endpoint, **(request.view_args or {}), **kept, page=number)

    return address(page_number() - 1) if page_number() > 1 else None, address(page_number() + 1) if is_more else None


def named(rows: Iterable[Cycle | OrgUnit]) -> list[tuple[int, str]]:
    """The rows as options of a choice."""
    return [(row.id, local(row, "name")) for row in rows]


def nomination_of(nomination_id: int) -> Nomination:
    return visible_or_404(queries.nominations_for(current_actor()), id=nomination_id)


def reaches(permission: Permission, nomination: Nomination) -> bool:
    return covers(
        current_actor(),
        permission,
        officer_id=nomination.officer_id,
        line_path=nomination.line_path,
        territory_path=nomination.territory_path,
    )
