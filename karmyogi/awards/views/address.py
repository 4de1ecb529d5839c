"""What an address of these pages asks for, and what stands behind it, if this actor may see it."""

import peewee
from flask import Blueprint, request, url_for

from karmyogi.awards import queries, service
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.awards.rules import Issuer
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.nominations import queries as nominations
from karmyogi.nominations.models import Cycle
from karmyogi.web.access import current_actor, visible_or_404
from karmyogi.web.filters import whole_number
from karmyogi.web.installed import profile, settings
from karmyogi.web.lists import DEEPEST_PAGE

READ, ISSUE, REVOKE = Permission.AWARDS_READ, Permission.AWARDS_ISSUE, Permission.AWARDS_REVOKE
READ_DRAFTS = Permission.CORRIGENDA_READ
blueprint = Blueprint("awards", __name__, url_prefix="/awards")


def page_number() -> int:
    return min(max(whole_number("page") or 1, 1), DEEPEST_PAGE)


def pages(*, is_more: bool) -> tuple[str | None, str | None]:
    """The addresses of the page before and after this one, with all that the list was asked for."""
    kept = {name: request.args[name] for name in ("view", "state", "q") if request.args.get(name)}
    before = url_for(".awards", **kept, page=page_number() - 1) if page_number() > 1 else None
    return before, url_for(".awards", **kept, page=page_number() + 1) if is_more else None


def award_of(award_id: int) -> Award:
    return visible_or_404(queries.awards_for(current_actor()), id=award_id)


def order_of(order_id: int) -> AwardOrder:
    return visible_or_404(orders_for(current_actor()), id=order_id)


def orders_for(actor: Actor) -> peewee.ModelSelect:
    """Orders that gave an award within the actor's reach: who may see none of their awards sees no order."""
    rows = queries.orders()
    if scope_of(actor, READ).everything:
        return rows
    return rows.where(AwardOrder.id.in_(queries.awards_for(actor).select(Award.order).order_by()))


def cycle_asked_for() -> Cycle:
    return visible_or_404(nominations.cycles(), id=whole_number("cycle") or 0)


def issuer() -> Issuer:
    return service.issuer_of(profile(), base_url=settings().base_url)
