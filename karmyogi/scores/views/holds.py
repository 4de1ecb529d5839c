"""Scores on hold: proposed from an officer's page, confirmed by a second person, released with a word."""

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import Permission
from karmyogi.people.models import Officer
from karmyogi.scores import queries, service
from karmyogi.scores.forms import AnswerForm, HoldForm
from karmyogi.scores.models import ScoreHold, ScoreMonth
from karmyogi.scores.rules import SCORE_HOLD
from karmyogi.scores.views.address import blueprint
from karmyogi.store.transitions import open_steps, reasons_barring, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.cases import timeline
from karmyogi.web.i18n import say

READ, PROPOSE, CONFIRM = Permission.HOLDS_READ, Permission.HOLDS_PROPOSE, Permission.HOLDS_CONFIRM
SHOWN = 100
VERBS = {
    "hold_confirm": service.confirm_hold,
    "hold_dismiss": service.dismiss_hold,
    "hold_release": service.release_hold,
}
ACTIONS = "any(hold_confirm, hold_dismiss, hold_release)"


@blueprint.get("/holds")
@requires(READ)
def holds() -> str:
    """What waits for a second person, and what is on hold."""
    rows = queries.holds_for(current_actor())
    return render_template(
        "scores/holds.html",
        waiting=list(rows.where(ScoreHold.state == "hold_proposed").limit(SHOWN)),
        held=list(rows.where(ScoreHold.state == "held").limit(SHOWN)),
    )


@blueprint.get("/officers/<int:officer_id>/hold")
@requires(PROPOSE)
def new_hold(officer_id: int) -> str:
    return _form_page(_officer(officer_id), HoldForm())


@blueprint.post("/officers/<int:officer_id>/hold")
@requires(PROPOSE)
def propose_hold(officer_id: int) -> Response | tuple[str, int]:
    officer, form = _officer(officer_id), HoldForm()
    form.offer(months_to_hold())
    if not form.validate_on_submit():
        return _form_page(officer, form), RuleBroken.status
    month = ScoreMonth.get(ScoreMonth.month == form.month.data)
    try:
        case = service.propose_hold(officer, month, reason=form.reason.data, by=current_actor())
    except RuleBroken as error:
        form.form_errors.extend(say(one) for one in error.reasons)
        return _form_page(officer, form), error.status
    flash(_("Proposed. A second person confirms it; until then the score is ranked."), "success")
    return redirect(url_for(".hold", hold_id=case.id))


def months_to_hold() -> list[str]:
    """The months whose ranks can still change, the newest first."""
    return [one.month for one in queries.months_scored() if one.state != "sealed"]


def _form_page(officer: Officer, form: HoldForm) -> str:
    form.offer(months_to_hold())
    return render_template("scores/hold_form.html", officer=officer, form=form)


@blueprint.get("/holds/<int:hold_id>")
@requires(READ)
def hold(hold_id: int) -> str:
    return _case_page(_hold(hold_id), AnswerForm())


@blueprint.get(f"/holds/<int:hold_id>/<{ACTIONS}:action>")
@requires(READ)
def hold_again(hold_id: int, action: str) -> Response:
    """Where a refused step is loaded again, or in the other language."""
    return redirect(url_for(".hold", hold_id=hold_id))


@blueprint.post(f"/holds/<int:hold_id>/<{ACTIONS}:action>")
@requires(CONFIRM)
def judge_hold(hold_id: int, action: str) -> Response | tuple[str, int]:
    case, form = _hold(hold_id), AnswerForm()
    if not form.validate_on_submit():
        return _case_page(case, form), RuleBroken.status
    try:
        VERBS[action](case, by=current_actor(), remark=form.remark.data)
    except RuleBroken as error:
        form.blame(error.reasons)
        return _case_page(case, form), error.status
    flash(_("Done. The ranks follow as soon as the month is computed again."), "success")
    return redirect(url_for(".hold", hold_id=hold_id))


def _officer(officer_id: int) -> Officer:
    """The officer, or the record that stands for one that gave way."""
    found = visible_or_404(Officer.select().where(Officer.id == officer_id))
    return found.merged_into or found


def _hold(hold_id: int) -> ScoreHold:
    return visible_or_404(queries.holds_for(current_actor()), id=hold_id)


def _case_page(case: ScoreHold, form: AnswerForm) -> str:
    return render_template(
        "scores/hold.html",
        case=case,
        row=ScoreMonth.get_or_none(ScoreMonth.month == case.month),
        form=form,
        actions=open_steps(SCORE_HOLD, case, by=current_actor()),
        barred=reasons_barring(SCORE_HOLD, case, VERBS, by=current_actor()),
        steps=timeline(steps_taken(SCORE_HOLD, case)),
    )
