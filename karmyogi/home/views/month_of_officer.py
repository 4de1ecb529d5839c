"""Why an officer's month has its points, for those who may read the scores of others: the page the officer reads."""

import peewee
from flask import Response, render_template

from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, today
from karmyogi.core.permissions import Permission
from karmyogi.home.views.address import blueprint
from karmyogi.home.views.explaining import explained_month, scored_or_404
from karmyogi.home.views.month_papers import paper_of
from karmyogi.people.models import Designation, Officer
from karmyogi.people.queries import officers_for
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.queries import may_read_month
from karmyogi.web.access import current_actor, requires, visible_or_404


@blueprint.get("/officers/<int:officer_id>/scores/<month>")
@requires(Permission.SCORES_READ)
def month_of_officer(officer_id: int, month: str) -> str:
    """One month of an officer's with every line explained, where the month was earned within the reader's reach."""
    officer, scored = _officer_and_month(officer_id, month)
    return render_template(
        "home/month_of_officer.html",
        officer=officer,
        is_on_page=_has_a_page(officer),
        **explained_month(officer, scored),
    )


@blueprint.get("/officers/<int:officer_id>/scores/<month>/pdf")
@requires(Permission.SCORES_READ)
def month_of_officer_pdf(officer_id: int, month: str) -> Response:
    """The same as a paper, in the language of the page."""
    officer, scored = _officer_and_month(officer_id, month)
    return paper_of(officer, explained_month(officer, scored))


def _officer_and_month(officer_id: int, month: str) -> tuple[Officer, ScoreMonth]:
    everybody = Officer.select(Officer, Designation).join(Designation, peewee.JOIN.LEFT_OUTER)
    officer, scored = visible_or_404(everybody, id=officer_id), scored_or_404(month)
    if not may_read_month(officer, Month.parse(scored.month), current_actor()):
        raise NotThere("not_there")
    return officer, scored


def _has_a_page(officer: Officer) -> bool:
    """Whether the reader may open the officer's own page: not where they have been posted elsewhere since."""
    return officers_for(current_actor(), Permission.OFFICERS_READ, on=today()).where(Officer.id == officer.id).exists()
