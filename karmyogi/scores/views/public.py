"""The leaderboard that anybody may read: ranks 1 to 3 of the newest sealed month, by name for those who agreed."""

import hashlib

from flask import Response, g, make_response, render_template, request, session
from flask_login import current_user

from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month
from karmyogi.people.models import UnitKind
from karmyogi.scores import queries
from karmyogi.scores.rules import BoardScope
from karmyogi.scores.views.address import blueprint
from karmyogi.web.access import public
from karmyogi.web.i18n import local

Units = dict[str, list[tuple[int, str]]]


@blueprint.get("/leaderboards/public")
@public
def public_board() -> Response:
    """Of the State, or of the department or district that is chosen."""
    chosen = queries.public_month()
    month = chosen and Month.parse(chosen.month)
    units = queries.public_units(month) if month else []
    scope, unit_id = _asked(units)
    groups = queries.public_groups(month, scope, unit_id=unit_id) if month and unit_id else []
    page = render_template(
        "scores/public.html",
        chosen=chosen,
        group=groups[0] if groups else None,
        scope=scope.value,
        choices=_by_kind(units),
    )
    return kept_while_the_same(page)


def _asked(units: list[tuple[BoardScope, int, str, str]]) -> tuple[BoardScope, int | None]:
    """The unit of the address, else the State; None where the State is too small. Raises NotThere for any other."""
    asked = request.args.get("unit", type=int)
    scopes = {unit_id: scope for scope, unit_id, *_names in units}
    if asked is None:
        return BoardScope.STATE, next((unit_id for unit_id, scope in scopes.items() if scope is BoardScope.STATE), None)
    if asked not in scopes:
        raise NotThere("not_there")
    return scopes[asked], asked


def _by_kind(units: list[tuple[BoardScope, int, str, str]]) -> Units:
    found: Units = {kind.value: [] for kind in (UnitKind.STATE, UnitKind.DEPARTMENT, UnitKind.DISTRICT)}
    for scope, unit_id, name_hi, name_en in units:
        found[scope.value].append((unit_id, local({"name_hi": name_hi, "name_en": name_en}, "name")))
    return found


def kept_while_the_same(page: str) -> Response:
    """The page, to be asked for again each time and sent only if it differs: a name taken back is gone at once.

    Whoever is signed in has a page of their own, which is never kept.
    """
    response = make_response(page)
    if current_user.is_authenticated or "_flashes" in session:
        return response
    response.headers["Cache-Control"] = "no-cache"
    same = page.replace(g.nonce, "") if "nonce" in g else page  # drawn anew for each answer
    response.set_etag(hashlib.sha256(same.encode()).hexdigest())
    return response.make_conditional(request)
