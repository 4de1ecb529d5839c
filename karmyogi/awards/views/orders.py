"""An order as it was issued: its page and its PDF."""

from flask import Response, render_template
from flask_babel import gettext as _

from karmyogi.awards import queries
from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.awards.views.address import ISSUE, READ, blueprint, order_of
from karmyogi.awards.views.papers import kept_pdf
from karmyogi.core.permissions import Permission, can
from karmyogi.documents import queries as documents
from karmyogi.documents.rules import grouped
from karmyogi.web.access import current_actor, requires


@blueprint.get("/orders/<int:order_id>")
@requires(READ)
def order(order_id: int) -> str:
    found = order_of(order_id)
    return render_template(
        "awards/order.html",
        order=found,
        printed=found.document.facts["printed"],
        scans=documents.scans_of(found.document),
        may_issue=can(current_actor(), ISSUE),
        corrigenda=queries.corrigenda_issued(found),
        drafts=_drafts(found),
        may_read_drafts=can(current_actor(), Permission.CORRIGENDA_READ),
        may_draft=can(current_actor(), Permission.CORRIGENDA_DRAFT),
        code=grouped(found.document.code),
        awards={award.number: award for award in queries.awards_in(found)},
        readable={award.number for award in queries.awards_for(current_actor()).where(Award.order == found)},
    )


@blueprint.get("/orders/<int:order_id>/pdf")
@requires(READ)
def order_pdf(order_id: int) -> Response:
    found = order_of(order_id)
    return kept_pdf(found.document.pdf_sha256, found.number, _("Award order"))


def _drafts(order: AwardOrder) -> list[Corrigendum]:
    """The corrigenda that wait to be issued, for those who may know of them."""
    if not can(current_actor(), Permission.CORRIGENDA_READ):
        return []
    waiting = (Corrigendum.order == order) & (Corrigendum.state == "draft")
    return list(queries.corrigenda().where(waiting))
