"""Work on an import in the background: how far it is, asking for it once more, and calling it off."""

from flask import Response, flash, jsonify, redirect, url_for
from flask_babel import gettext as _

from karmyogi.core.permissions import Permission
from karmyogi.reports import queries, service
from karmyogi.reports.service.reading import COMPARING, WRITING
from karmyogi.reports.views.address import blueprint, one_import
from karmyogi.store.imports import Import, ImportState
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.pace import share_done
from karmyogi.web.access import current_actor, requires

IMPORT = Permission.REPORTS_IMPORT


@blueprint.get("/<int:import_id>/progress")
@requires(Permission.REPORTS_READ)
def progress(import_id: int) -> Response:
    """What the page asks every two seconds while the worker is at it."""
    run = queries.work_on(one_import(import_id))
    return jsonify(
        done=run.progress if run else 0,
        total=1000,
        text=doing(run) if run else "",
        finished=not is_busy(run),
        url=url_for(".show", import_id=import_id),
    )


@blueprint.post("/<int:import_id>/check")
@requires(IMPORT)
def check(import_id: int) -> Response:
    """Look at the file after all, whose first look was called off or failed."""
    origin = one_import(import_id, IMPORT)
    if origin.state == ImportState.RECEIVED:
        service.ask_for(service.CHECK, origin, by=current_actor())
    else:
        flash(_("This import has moved on since the page was opened."), "error")
    return redirect(url_for(".show", import_id=import_id))


@blueprint.post("/<int:import_id>/cancel")
@requires(IMPORT)
def cancel(import_id: int) -> Response:
    """Call off what is queued or under way; the import stays as it was before."""
    origin = one_import(import_id, IMPORT)
    run = queries.work_on(origin)
    if run and service.call_off(run, origin, by=current_actor()):
        flash(_("Called off. What was begun stops at its next step, and nothing of it is written."), "success")
    else:
        flash(_("There was nothing left to call off."), "error")
    return redirect(url_for(".show", import_id=import_id))


def is_busy(run: JobRun | None) -> bool:
    return run is not None and run.is_busy


def doing(run: JobRun) -> str:
    """The step that the work has come to, in words."""
    if run.state == JobState.QUEUED:
        return _("Waiting for the worker")
    if run.cancel_asked:
        return _("Being called off")
    if run.job == service.UNDO:
        return _("Putting the rows back")
    return _step(run)


def _step(run: JobRun) -> str:
    done = share_done(run)
    if done < COMPARING:
        return _("Reading the file: %(percent)s %%", percent=int(100 * done / COMPARING))
    if done < WRITING or run.job == service.CHECK:
        return _("Comparing with what is stored")
    return _("Writing")


def heading(run: JobRun) -> str:
    """What is being done."""
    told = {
        service.CHECK: _("Checking the file"),
        service.APPLY: _("Applying the import"),
        service.UNDO: _("Undoing the import"),
    }
    return told[run.job]


def may_be_checked(origin: Import, run: JobRun | None) -> bool:
    """True for a file that nobody has looked at and that no work waits for."""
    return origin.state == ImportState.RECEIVED and not is_busy(run)
