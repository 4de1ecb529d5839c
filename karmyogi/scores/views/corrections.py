"""Corrections of sealed months: asked for on the month's page, read officer by officer, approved by a second person."""

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import Permission, can
from karmyogi.core.reasons import TEXTS, Reason
from karmyogi.scores import queries, service
from karmyogi.scores.forms import AnswerForm, said
from karmyogi.scores.models import Correction, CorrectionBlock, Dispute, ScoreMonth
from karmyogi.scores.rules import CORRECTION, CORRECTION_OPEN, Basis, Figures
from karmyogi.scores.views.address import blueprint
from karmyogi.scores.views.working import how_far
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.transitions import open_steps, reasons_barring, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.cases import timeline
from karmyogi.web.forms import asked_number

READ, OPEN, APPROVE = Permission.CORRECTIONS_READ, Permission.CORRECTIONS_OPEN, Permission.CORRECTIONS_APPROVE
WORK = (service.CORRECT, service.APPROVE)
OFFICERS, LISTED = 50, 100
VERBS = {
    "correction_propose": service.propose_correction,
    "correction_return": service.return_correction,
    "correction_withdraw": service.withdraw_correction,
}
STEPS = ("correction_approve", *VERBS)
ACTIONS = f"any({', '.join(STEPS)})"


@blueprint.get("/corrections")
@requires(READ)
def corrections() -> str:
    """What is under way, and the upheld disputes that wait for a correction."""
    actor = current_actor()
    upheld = queries.disputes_to_settle()
    return render_template(
        "scores/corrections.html",
        cases=list(queries.corrections_for(actor).where(Correction.state.in_(CORRECTION_OPEN)).limit(LISTED)),
        disputes=list(upheld.limit(LISTED)) if can(current_actor(), Permission.DISPUTES_READ) else [],
        count=upheld.count(),
        figures_of=figures_of,
    )


@blueprint.post("/months/<month>/corrections")
@requires(OPEN)
def open_correction(month: str) -> Response:
    """Queue the computing of a correction; the worker makes it, since a whole State takes a while."""
    row = visible_or_404(ScoreMonth.select().where(ScoreMonth.month == month))
    service.ask_for_correction(row, by=current_actor())
    flash(_("The correction is being computed. This page shows what it comes to when it is done."), "success")
    return redirect(url_for(".month", month=row.month))


@blueprint.get("/corrections/progress/<int:run_id>")
@requires(READ)
def correction_progress(run_id: int) -> Response:
    run = visible_or_404(JobRun.select().where((JobRun.id == run_id) & JobRun.job.in_(WORK)))
    there = (
        url_for(".month", month=run.about)
        if run.job == service.CORRECT
        else url_for(".correction", correction_id=run.about)
    )
    return how_far(run, there)


@blueprint.get("/corrections/<int:correction_id>")
@requires(READ)
def correction(correction_id: int) -> str:
    return _case_page(_correction(correction_id), AnswerForm())


@blueprint.get(f"/corrections/<int:correction_id>/<{ACTIONS}:action>")
@requires(READ)
def correction_again(correction_id: int, action: str) -> Response:
    """Where a refused step is loaded again, or in the other language."""
    return redirect(url_for(".correction", correction_id=correction_id))


@blueprint.post(f"/corrections/<int:correction_id>/<{ACTIONS}:action>")
@requires(OPEN, APPROVE)
def judge_correction(correction_id: int, action: str) -> Response | tuple[str, int]:
    case, form = _correction(correction_id), AnswerForm()
    if not form.validate_on_submit():
        return _case_page(case, form), RuleBroken.status
    try:
        if action == "correction_approve":
            service.ask_to_approve(case, by=current_actor())
            flash(
                _("The month is computed once more first. This page shows what it came to when it is done."), "success"
            )
        else:
            VERBS[action](case, by=current_actor(), remark=form.remark.data)
            flash(_("Done. The step is on the trail."), "success")
    except RuleBroken as error:
        form.blame(error.reasons)
        return _case_page(case, form), error.status
    return redirect(url_for(".correction", correction_id=correction_id))


def of_month(row: ScoreMonth) -> dict[str, object]:
    """What the page of a month shows of its corrections; nothing where the reader reads none."""
    if not can(current_actor(), READ) or row.state != "sealed":
        return {"corrections": None}
    cases = queries.corrections_of(row.month)
    return {
        "corrections": cases,
        "figures_of": figures_of,
        "correcting": work_on(service.CORRECT, row.month),
        "may_correct": can(current_actor(), OPEN) and not any(case.state in CORRECTION_OPEN for case in cases),
        "upheld": queries.disputes_to_settle(month=row.month).count(),
    }


def figures_of(case: Correction) -> Figures:
    """The figures of a correction, for its page and for lists of several."""
    return Figures.read(case.figures)


def work_on(job: str, about: object) -> dict[str, object] | None:
    """The last work asked for, while it waits, is at work, or ended without its work being done; why it was refused."""
    its = (JobRun.job == job) & JobRun.period.startswith(f"{about}@")
    run: JobRun | None = JobRun.select().where(its).order_by(JobRun.id.desc()).first()
    if run is None or run.state == JobState.DONE:
        return None
    refused = [said(Reason(code, facts)) for code, facts in run.reasons or () if code in TEXTS]
    return {"run": run, "is_busy": run.is_busy, "refused": refused}


def _correction(correction_id: int) -> Correction:
    return visible_or_404(queries.corrections_for(current_actor()), id=correction_id)


def _case_page(case: Correction, form: AnswerForm) -> str:
    actor, working = current_actor(), work_on(service.APPROVE, case.id)
    rows = queries.changed_officers(case, limit=OFFICERS + 1, after=asked_number("after") or 0)
    is_busy = bool(working and working["is_busy"])
    return render_template(
        "scores/correction.html",
        case=case,
        figures=figures_of(case),
        corrects=queries.corrected_by(case),
        rows=rows[:OFFICERS],
        units=queries.units_named(rows[:OFFICERS]),
        lines=queries.changed_lines(case, [row.officer_id for row in rows[:OFFICERS]]),
        next_page=url_for(".correction", correction_id=case.id, after=rows[OFFICERS - 1].officer_id)
        if len(rows) > OFFICERS
        else None,
        is_kept=CorrectionBlock.select().where(CorrectionBlock.correction == case.id).exists(),
        basis=_basis(case),
        form=form,
        working=working,
        actions=[] if is_busy else [step for step in open_steps(CORRECTION, case, by=actor) if step.action in STEPS],
        barred=reasons_barring(CORRECTION, case, ("correction_approve",), by=actor),
        steps=timeline(steps_taken(CORRECTION, case)),
    )


def _basis(case: Correction) -> dict[str, object]:
    """What a correction rests on, as far as this reader may open it."""
    basis = Basis.read(case.basis)
    disputes = (
        Dispute.select().where(Dispute.id.in_(basis.disputes[:LISTED]))
        if can(current_actor(), Permission.DISPUTES_READ)
        else []
    )
    return {"told": basis, "disputes": list(disputes), "imports": basis.imports[::-1][:LISTED], "undone": basis.undone}
