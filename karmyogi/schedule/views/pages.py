"""The pages of jobs: what is done at which time, what is at work now, what failed and why, and all that ever ran."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.months import now
from karmyogi.core.permissions import Permission
from karmyogi.schedule import queries, service, table
from karmyogi.schedule.views.wording import WAYS_OF_SAYING, at_times, standing_of, state_word
from karmyogi.store import heartbeats
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.web import installed
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import asked_number, clean
from karmyogi.web.i18n import word

READ, RUN = Permission.JOBS_READ, Permission.JOBS_RUN
blueprint = Blueprint("schedule", __name__, url_prefix="/jobs")


@blueprint.get("/")
@requires(READ)
def jobs() -> str:
    timed, at_work, failed = queries.timed_jobs(), queries.at_work(), queries.failed()
    return render_template(
        "schedule/jobs.html",
        schedulers=heartbeats.alive(),
        last_seen=heartbeats.last_seen(),
        timed=[(job, last, job.next_ring(now()), at_times(job)) for job, last in timed],
        at_work=at_work,
        failed=failed,
        askers=queries.askers([*at_work, *failed]),
        lacks_backups=not (table.has_place_for_backups() or installed.settings().demo),
        **WAYS_OF_SAYING,
    )


@blueprint.get("/history")
@requires(READ)
def history() -> str:
    job, state = clean(request.args.get("job", "")), clean(request.args.get("state", ""))
    rows = queries.history(job=job, state=state, before=asked_number("before"))
    shown = rows[: queries.PAGE]
    kept = {name: value for name, value in (("job", job), ("state", state)) if value}
    return render_template(
        "schedule/history.html",
        runs=shown,
        askers=queries.askers(shown),
        job=job,
        state=state,
        jobs=[(name, word(name)) for name in (*(one.name for one in table.SCHEDULE), *table.QUEUED)],
        states=[(one.value, state_word(one.value)) for one in JobState],
        next_page=url_for(".history", **kept, before=shown[-1].id) if len(rows) > queries.PAGE else None,
        **WAYS_OF_SAYING,
    )


@blueprint.get("/<int:run_id>")
@requires(READ)
def show(run_id: int) -> str:
    run = _run(run_id)
    return render_template("schedule/show.html", run=run, askers=queries.askers([run]), **WAYS_OF_SAYING)


@blueprint.get("/<int:run_id>/progress")
@requires(READ)
def progress(run_id: int) -> Response:
    """What the pages ask every two seconds; when it has ended they load themselves again."""
    run = _run(run_id)
    return jsonify(done=run.progress, total=1000, text=standing_of(run), finished=not run.is_busy)


@blueprint.post("/run")
@requires(RUN)
def run_now() -> Response:
    service.run_now(request.form.get("job", ""), by=current_actor())
    flash(_("The job is queued. This page shows how far it is."), "success")
    return redirect(url_for(".jobs"))


@blueprint.post("/<int:run_id>/retry")
@requires(RUN)
def retry(run_id: int) -> Response:
    service.retry(_run(run_id), by=current_actor())
    flash(_("The job is queued again. This page shows how far it is."), "success")
    return redirect(url_for(".show", run_id=run_id))


@blueprint.get("/<int:run_id>/cancel")
@requires(RUN)
def ask_to_cancel(run_id: int) -> str:
    return render_template("schedule/cancel.html", run=_run(run_id), **WAYS_OF_SAYING)


@blueprint.post("/<int:run_id>/cancel")
@requires(RUN)
def cancel(run_id: int) -> Response:
    service.cancel(_run(run_id), by=current_actor())
    flash(_("The job was called off. The step is on the trail."), "success")
    return redirect(url_for(".show", run_id=run_id))


def _run(run_id: int) -> JobRun:
    return visible_or_404(queries.runs().where(JobRun.id == run_id))
