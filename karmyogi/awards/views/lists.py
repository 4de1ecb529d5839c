"""The lists: awards, orders, and what still waits for one."""

from dataclasses import dataclass

import peewee
from flask import render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.awards import queries
from karmyogi.awards.models import Award
from karmyogi.awards.views.address import ISSUE, READ, READ_DRAFTS, blueprint, orders_for, page_number, pages
from karmyogi.core.permissions import Actor, can, scope_of
from karmyogi.documents.rules import public_view
from karmyogi.nominations import queries as nominations
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.web.access import current_actor, requires
from karmyogi.web.filters import ascii_code
from karmyogi.web.i18n import word

PAGE = 50
LONGEST_SEARCH = 100
STATES = ("given", "revoked")


@blueprint.get("")
@requires(READ)
def awards() -> str:
    """The awards within reach; for wider eyes also the orders, and for GAD what still waits for one."""
    actor = current_actor()
    awaiting = _awaiting_by_cycle() if can(actor, ISSUE) else None
    view = _view(actor, awaiting)
    rows = _rows(actor, view)
    found = list(rows.limit(PAGE + 1).offset((page_number() - 1) * PAGE)) if view != "awaiting" else []
    return render_template(
        "awards/list.html",
        view=view,
        tabs=_tabs(actor, view, awaiting),
        awaiting=awaiting or [],
        rows=found[:PAGE],
        page=page_number(),
        pages=pages(is_more=len(found) > PAGE),
        states=[(state, word(state)) for state in STATES],
        search=_search(),
        public_view=public_view,
        is_own=_sees_own_alone(actor),
    )


def _rows(actor: Actor, view: str) -> peewee.ModelSelect:
    if view == "corrigenda":
        return queries.corrigenda()
    return orders_for(actor) if view == "orders" else _narrowed(queries.awards_for(actor))


def _sees_own_alone(actor: Actor) -> bool:
    scope = scope_of(actor, READ)
    return not scope.everything and not scope.paths


def _view(actor: Actor, awaiting: list["Awaiting"] | None) -> str:
    asked = request.args.get("view", "")
    offered = {
        "awards": True,
        "orders": not _sees_own_alone(actor),
        "corrigenda": can(actor, READ_DRAFTS),
        "awaiting": awaiting is not None,
    }
    return asked if offered.get(asked) else "awaiting" if awaiting and not asked else "awards"


def _tabs(actor: Actor, view: str, awaiting: list["Awaiting"] | None) -> list[dict[str, object]]:
    if _sees_own_alone(actor):
        return []
    labels = [("awards", _("Awards"), None), ("orders", _("Orders"), None)]
    if can(actor, READ_DRAFTS):
        labels.append(("corrigenda", _("Corrigenda"), queries.corrigenda_drafted().count()))
    if awaiting is not None:
        labels.insert(0, ("awaiting", _("Awaiting an order"), sum(len(one.nominations) for one in awaiting)))
    return [
        {"label": label, "url": url_for(".awards", view=name), "current": view == name, "count": count}
        for name, label, count in labels
    ]


@dataclass(frozen=True)
class Awaiting:
    """The released nominations of a cycle that no order has awarded yet."""

    cycle: Cycle
    nominations: list[Nomination]


def _awaiting_by_cycle() -> list[Awaiting]:
    groups: dict[int, Awaiting] = {}
    for one in released():
        groups.setdefault(one.cycle_id, Awaiting(one.cycle, [])).nominations.append(one)
    return list(groups.values())


def released() -> peewee.ModelSelect:
    return nominations.nominations_for(current_actor()).where(Nomination.state == "released")


def _narrowed(rows: peewee.ModelSelect) -> peewee.ModelSelect:
    if (state := request.args.get("state")) in STATES:
        rows = rows.where(Award.state == state)
    for part in _search().split():
        rows = rows.where(queries.is_called(part))
    return rows


def _search() -> str:
    return " ".join(ascii_code(request.args.get("q", "")[:LONGEST_SEARCH].replace("\0", "")).split())
