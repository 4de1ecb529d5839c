"""Pages of months: computing them, proposing and sealing."""

from datetime import timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, today
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import TEXTS, Reason
from karmyogi.scores import queries, service
from karmyogi.scores.forms import said
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import SCORE_MONTH
from karmyogi.scores.views.address import blueprint
from karmyogi.scores.views.corrections import of_month
from karmyogi.scores.views.working import how_far
from karmyogi.store.jobs import JobRun
from karmyogi.store.transitions import open_steps, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.cases import timeline
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import month_name

REPORTS_SHOWN = 50
WORK = (service.COMPUTE, service.PROPOSE, service.SEAL)
# The steps that people take; a proposal that lapses is the work of a new computation.
VERBS = {"propose": service.ask_to_propose, "withdraw": service.withdraw_proposal, "seal": service.ask_to_seal}
QUEUED = {"propose", "seal"}  # the month is computed once more for these, which takes a while


@blueprint.get("/months")
@requires(Permission.SCORES_RUN, Permission.SCORES_SEAL, Permission.TRAIL_READ)
def months() -> str:
    listed = queries.months_scored()
    runs = JobRun.select().where(JobRun.job == service.COMPUTE).order_by(JobRun.id.desc()).limit(5)
    return render_template(
        "scores/months.html",
        months=listed,
        runs=list(runs),
        to_run=[(m, month_name(m)) for m in _months_to_run(listed)],
    )


def _months_to_run(listed: list[ScoreMonth]) -> list[str]:
    """Months a policy covers, up to the running one, that are not sealed; newest first, two years at most."""
    policies = queries.published_policies()
    if not policies:
        return []
    first = max(min(p.effective_from for p in policies), Month.of(today()).plus(-24))
    sealed = {m.month for m in listed if m.state == "sealed"}
    month, found = Month.of(today()), []
    while month >= first:
        found += [str(month)] if str(month) not in sealed else []
        month = month.previous
    return found


@blueprint.post("/months")
@requires(Permission.SCORES_RUN)
def run_month() -> Response:
    """Queue the computing of a month."""
    service.ask_to_compute(str(_month_or_404(request.form.get("month", ""))), by=current_actor())
    flash(_("The month is being computed. This page shows when it is done."), "success")
    return redirect(url_for(".months"))


@blueprint.get("/months/<month>")
@requires(Permission.SCORES_RUN, Permission.SCORES_SEAL, Permission.TRAIL_READ)
def month(month: str) -> str:
    row = _score_month(month)
    taken = steps_taken(SCORE_MONTH, row)
    reports, overtaken = _reports_before(row, asked_number("before")), queries.overtaken_by(row, service.COMPUTE)
    return render_template(
        "scores/month.html",
        row=row,
        reports=reports[:REPORTS_SHOWN],
        more=len(reports) > REPORTS_SHOWN,
        ends_on=Month.parse(row.month).last_on,
        grace_until=Month.parse(row.month).last_on + timedelta(days=row.policy.grace_days),
        overtaken=overtaken,
        steps=[
            step
            for step in open_steps(SCORE_MONTH, row, by=current_actor())
            if step.action in VERBS and not (overtaken and step.action in QUEUED)
        ],
        queued=QUEUED,
        taken=timeline(taken),
        was_proposed=any(step.to_state == "proposed" for step in taken),
        **_work(queries.last_work(row, WORK)),
        **of_month(row),
    )


def _work(run: JobRun | None) -> dict[str, object]:
    """What is being done with the month, or why the last thing that was asked for could not be done."""
    return {
        "run": run,
        "is_busy": run is not None and run.is_busy,
        "refused": [said(Reason(code, facts)) for code, facts in (run and run.reasons) or () if code in TEXTS],
    }


def _reports_before(row: ScoreMonth, number: int | None) -> list[list[int | str | None]]:
    """The reports a month rests on as number, kind and hash, newest first; the seal covers them as they stand here."""
    return [report for report in reversed(row.inputs) if number is None or report[0] < number]


@blueprint.post("/months/<month>/<action>")
@requires(Permission.SCORES_PROPOSE_SEAL, Permission.SCORES_SEAL)
def take_step(month: str, action: str) -> Response:
    row = _score_month(month)
    if action not in VERBS:
        raise NotThere("not_there")
    VERBS[action](Month.parse(row.month), by=current_actor())
    asked = _("The month is computed once more for this. This page shows what it came to when it is done.")
    flash(asked if action in QUEUED else _("Done. The step is on the trail."), "success")
    return redirect(url_for(".month", month=month))


@blueprint.get("/months/progress/<int:run_id>")
@requires(Permission.SCORES_RUN, Permission.SCORES_SEAL, Permission.TRAIL_READ)
def progress(run_id: int) -> Response:
    """How far work with a month is; where what was asked for on the month's own page ends, there it is told."""
    run = visible_or_404(JobRun.select().where((JobRun.id == run_id) & JobRun.job.in_(WORK)))
    there = url_for(".months") if run.job == service.COMPUTE else url_for(".month", month=run.about)
    return how_far(run, there)


def _month_or_404(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise NotThere("not_there") from None


def _score_month(text: str) -> ScoreMonth:
    return visible_or_404(ScoreMonth.select().where(ScoreMonth.month == str(_month_or_404(text))))
