"""Disputes of points: raised by an officer from a line of a month, answered in the unit, decided by GAD."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import Month, today
from karmyogi.core.permissions import Permission, can
from karmyogi.people.models import Officer
from karmyogi.people.queries import posting_of
from karmyogi.scores import queries, service
from karmyogi.scores.forms import AnswerForm, DisputeForm
from karmyogi.scores.models import Dispute, ScoreMonth
from karmyogi.scores.rules import DISPUTE
from karmyogi.scores.views.address import blueprint
from karmyogi.store.transitions import open_steps, reasons_barring, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.cases import timeline

READ, RAISE = Permission.DISPUTES_READ, Permission.DISPUTES_RAISE
ANSWER, DECIDE = Permission.DISPUTES_ANSWER, Permission.DISPUTES_DECIDE
QUEUE, OWN, EVIDENCE = 50, 50, 100
VERBS = {
    "agree": service.answer_dispute,
    "disagree": service.answer_dispute,
    "uphold": service.decide_dispute,
    "decline": service.decide_dispute,
}
ACTIONS = "any(agree, disagree, uphold, decline)"


@blueprint.get("/me/disputes")
@requires(RAISE)
def my_disputes() -> str:
    """All disputes of one's own, the newest first."""
    return render_template("scores/my_disputes.html", cases=queries.disputes_of(_myself().id, limit=OWN))


@blueprint.get("/me/scores/<month>/dispute")
@requires(RAISE)
def new_dispute(month: str) -> str:
    """The form, with the line chosen from which one came."""
    return _form_page(_scored(month), DisputeForm(line=request.args.get("line")), _myself())


@blueprint.post("/me/scores/<month>/dispute")
@requires(RAISE)
def raise_dispute(month: str) -> Response | tuple[str, int]:
    row, officer, form = _scored(month), _myself(), DisputeForm()
    _offer(form, row, officer)
    if not form.validate_on_submit():
        return _form_page(row, form, officer), RuleBroken.status
    try:
        case = service.raise_dispute(officer, row, _complaint(form, officer), by=current_actor())
    except RuleBroken as error:
        form.blame(error)
        return _form_page(row, form, officer), error.status
    flash(_("Your dispute was sent. Here you see each step of it."), "success")
    return redirect(url_for(".dispute", dispute_id=case.id))


def _complaint(form: DisputeForm, officer: Officer) -> service.Complaint:
    own = {str(one.id): one for one in queries.evidence_of(officer.id, limit=EVIDENCE)}
    return service.Complaint(form.line.data, form.words.data, own.get(form.achievement.data), form.reference.data)


def _form_page(row: ScoreMonth, form: DisputeForm, officer: Officer) -> str:
    _offer(form, row, officer)
    mine = queries.disputes_of(officer.id, limit=OWN, month=Month.parse(row.month))
    return render_template("scores/dispute_form.html", row=row, form=form, cases=mine)


def _offer(form: DisputeForm, row: ScoreMonth, officer: Officer) -> None:
    form.offer(queries.lines_to_dispute(row), queries.evidence_of(officer.id, limit=EVIDENCE))


@blueprint.get("/disputes")
@requires(ANSWER, DECIDE, Permission.TRAIL_READ)
def disputes() -> str:
    """What waits for this person, late ones first; an auditor sees everything that is open."""
    actor, on = current_actor(), today()
    judges = can(actor, ANSWER) or can(actor, DECIDE)
    rows = queries.disputes_waiting(actor, on=on) if judges else queries.disputes_open(actor)
    return render_template(
        "scores/disputes.html", cases=list(rows.limit(QUEUE)), count=rows.count(), judges=judges, on=on
    )


@blueprint.get("/disputes/<int:dispute_id>")
@requires(READ)
def dispute(dispute_id: int) -> str:
    return _case_page(_dispute(dispute_id), AnswerForm())


@blueprint.get(f"/disputes/<int:dispute_id>/<{ACTIONS}:action>")
@requires(READ)
def dispute_again(dispute_id: int, action: str) -> Response:
    """Where a refused step is loaded again, or in the other language."""
    return redirect(url_for(".dispute", dispute_id=dispute_id))


@blueprint.post(f"/disputes/<int:dispute_id>/<{ACTIONS}:action>")
@requires(ANSWER, DECIDE)
def judge_dispute(dispute_id: int, action: str) -> Response | tuple[str, int]:
    case, form = _dispute(dispute_id), AnswerForm()
    if not form.validate_on_submit():
        return _case_page(case, form), RuleBroken.status
    try:
        VERBS[action](case, action, by=current_actor(), remark=form.remark.data)
    except RuleBroken as error:
        form.blame(error.reasons)
        return _case_page(case, form), error.status
    flash(_("Done. The officer reads your reason."), "success")
    return redirect(url_for(".disputes"))


@blueprint.post("/disputes/<int:dispute_id>/withdraw")
@requires(RAISE)
def withdraw_dispute(dispute_id: int) -> Response:
    service.withdraw_dispute(_dispute(dispute_id), by=current_actor())
    flash(_("Your dispute was withdrawn."), "success")
    return redirect(url_for(".dispute", dispute_id=dispute_id))


def _dispute(dispute_id: int) -> Dispute:
    return visible_or_404(queries.disputes_for(current_actor()), id=dispute_id)


def _scored(month: str) -> ScoreMonth:
    """The month as computed. Raises NotThere for one that is none, or not scored."""
    return visible_or_404(ScoreMonth.select().where(ScoreMonth.month == month))


def _myself() -> Officer:
    """The officer behind the account. Raises NotThere if there is none."""
    officer = Officer.get_or_none(Officer.id == (current_actor().officer_id or 0))
    if officer is None:
        raise NotThere("not_there")
    return officer


def _case_page(case: Dispute, form: AnswerForm) -> str:
    actor, on = current_actor(), today()
    lines = queries.lines_of(case.officer_id, Month.parse(case.month))
    return render_template(
        "scores/dispute.html",
        case=case,
        row=ScoreMonth.get_or_none(ScoreMonth.month == case.month),
        settled=queries.settled_by(case),
        line=next((one for one in lines if one.code == case.code), None),
        posting=posting_of(case.officer_id, on=on),
        form=form,
        is_own=case.officer_id == actor.officer_id,
        is_late=case.is_late(on),
        actions=[step.action for step in open_steps(DISPUTE, case, by=actor)],
        barred=reasons_barring(DISPUTE, case, VERBS, by=actor),
        steps=timeline(steps_taken(DISPUTE, case)),
    )
