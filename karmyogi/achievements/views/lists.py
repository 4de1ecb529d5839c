"""Lists of achievements: one's own, and all within reach."""

from flask import Response, redirect, render_template, request, url_for

from karmyogi.achievements import queries
from karmyogi.achievements.models import STATES
from karmyogi.achievements.queries import PAGE, READ
from karmyogi.achievements.rules import REVIEW, REVIEW_WITHIN
from karmyogi.achievements.views.address import blueprint, may_submit, older, tabs
from karmyogi.core.months import today
from karmyogi.core.permissions import can
from karmyogi.web.access import current_actor, requires
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import word


@blueprint.get("/")
@requires(READ)
def own() -> str | Response:
    """One's own claims; whoever makes none is led to those of others."""
    if not may_submit():
        return redirect(url_for(".review" if can(current_actor(), REVIEW) else ".everything"))
    rows = queries.page_of(queries.claims_of(current_actor().officer_id), before=asked_number("before"))
    return render_template("achievements/own.html", cards=queries.cards(rows[:PAGE]), older=older(rows), tabs=tabs())


@blueprint.get("/all")
@requires(READ)
def everything() -> str:
    """Every claim within reach."""
    state, is_late = request.args.get("state", ""), request.args.get("late") == "1"
    actor = current_actor()
    rows = queries.late_claims(actor, on=today()) if is_late else queries.achievements_for(actor)
    rows = queries.page_of(rows, before=asked_number("before"), state=state if state in STATES else "")
    return render_template(
        "achievements/list.html",
        cards=queries.cards(rows[:PAGE]),
        older=older(rows, state=state, late="1" if is_late else ""),
        state_chosen=state,
        late_after=REVIEW_WITHIN if is_late else None,
        options=[(one, word(one)) for one in STATES],
        tabs=tabs(),
    )
