"""The page of files that came in together: each with its state, the password that is asked for, all applied at once."""

from flask import Response, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import BadFile
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import Reason
from karmyogi.reports import queries, service
from karmyogi.reports.commands import refusal_of
from karmyogi.reports.forms import PasswordForm
from karmyogi.reports.views.address import blueprint
from karmyogi.reports.views.imports import on_to
from karmyogi.store.imports import Bundle, ImportState
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.i18n import say
from karmyogi.web.installed import files

READ, IMPORT = Permission.REPORTS_READ, Permission.REPORTS_IMPORT


@blueprint.get("/bundles/<int:bundle_id>")
@requires(READ)
def bundle(bundle_id: int) -> str:
    return _page(_bundle(bundle_id), PasswordForm())


def _page(bundle: Bundle, form: PasswordForm) -> str:
    imports = service.in_order(queries.in_bundle(bundle))
    runs = queries.runs_of(bundle, imports)
    return render_template(
        "reports/bundle.html",
        bundle=bundle,
        form=form,
        imports=imports,
        refusal_of=refusal_of,
        left_out=[(path, Reason(code, facts)) for path, code, facts in bundle.left_out],
        is_busy=any(run.is_busy for run in runs),
        applying=_applying(runs),
        done=_done(imports, is_applying=_applying(runs)),
        ready=[origin for origin in imports if origin.state == ImportState.CHECKED],
        stopped=_why_stopped(runs),
        failed=any(run.state == JobState.FAILED for run in runs),
    )


@blueprint.get("/bundles/<int:bundle_id>/progress")
@requires(READ)
def bundle_progress(bundle_id: int) -> Response:
    """What the page asks every two seconds while the worker is at any of the files."""
    bundle = _bundle(bundle_id)
    imports = queries.in_bundle(bundle)
    runs = queries.runs_of(bundle, imports)
    is_busy = any(run.is_busy for run in runs)
    return jsonify(
        done=_done(imports, is_applying=_applying(runs)),
        total=max(1, len(imports)),
        text=_("At work"),
        finished=not is_busy,
        url=url_for(".bundle", bundle_id=bundle.id),
    )


@blueprint.post("/bundles/<int:bundle_id>/unlock")
@requires(IMPORT)
def unlock(bundle_id: int) -> Response | tuple[str, int]:
    bundle, form = _bundle(bundle_id, IMPORT), PasswordForm()
    if not form.validate_on_submit():
        return _page(bundle, form), 422
    try:
        service.unlock(bundle, files(), password=form.password.data, by=current_actor())
    except BadFile as error:
        form.password.errors = [say(reason) for reason in error.reasons]
        return _page(bundle, form), 422
    service.ask_for_checks(bundle, by=current_actor())
    return on_to(url_for(".bundle", bundle_id=bundle.id))


@blueprint.post("/bundles/<int:bundle_id>/apply")
@requires(IMPORT)
def apply_bundle(bundle_id: int) -> Response:
    bundle = _bundle(bundle_id, IMPORT)
    if service.waiting_in(bundle):
        service.ask_to_apply_all(bundle, by=current_actor())
    else:
        flash(_("Nothing in it waits to be applied any longer."), "error")
    return redirect(url_for(".bundle", bundle_id=bundle.id))


@blueprint.post("/bundles/<int:bundle_id>/discard")
@requires(IMPORT)
def discard_bundle(bundle_id: int) -> Response:
    service.discard_bundle(_bundle(bundle_id, IMPORT), by=current_actor())
    flash(_("The archive was set aside. Nothing of it was read."), "success")
    return redirect(url_for(".imports"))


def _bundle(bundle_id: int, permission: Permission = READ) -> Bundle:
    return visible_or_404(queries.bundles_for(current_actor(), permission).where(Bundle.id == bundle_id))


def _applying(runs: list[JobRun]) -> bool:
    return any(run.job == service.APPLY_ALL and run.is_busy for run in runs)


def _done(imports: list[object], *, is_applying: bool) -> int:
    """How many files are through what the worker is at."""
    waits = {ImportState.RECEIVED, ImportState.CHECKED} if is_applying else {ImportState.RECEIVED}
    return sum(1 for origin in imports if origin.state not in waits)


def _why_stopped(runs: list[JobRun]) -> list[Reason]:
    """Why applying all of it ended before its end; empty if it did not."""
    stopped = [run for run in runs if run.job == service.APPLY_ALL and run.state == JobState.FAILED]
    return [Reason(code, facts) for run in stopped for code, facts in run.reasons or []]
