"""The page of imports: bring a file, see what it would do, apply it or set it aside."""

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.completions.queries import flags_raised_by
from karmyogi.core.errors import BadFile
from karmyogi.core.permissions import Permission, scope_of
from karmyogi.core.reasons import Reason
from karmyogi.reports import queries, service
from karmyogi.reports.commands import reason_of, refusal_of
from karmyogi.reports.forms import UploadForm
from karmyogi.reports.views.address import blueprint, one_import
from karmyogi.reports.views.working import doing, heading, is_busy, may_be_checked
from karmyogi.store.imports import Bundle, Import, ImportRow, ImportState
from karmyogi.store.sheets import LIMITS
from karmyogi.web import access
from karmyogi.web.access import current_actor, requires
from karmyogi.web.forms import asked_number, clean
from karmyogi.web.i18n import local, say, word
from karmyogi.web.installed import files

READ, IMPORT = Permission.REPORTS_READ, Permission.REPORTS_IMPORT
OVERHEAD = 64 * 1024  # what a form adds to its file
SAMPLED = {"created", "updated", "unchanged"}
# The columns that tell a reader at a glance whose row it is and what it is about, in any generation.
WHO = ("name_hi", "name_en", "Full_Name", "Name", "Full Name", "Learner Name", "employee_code")
ABOUT = (
    "office",
    "Content_Name",
    "CBP_Name",
    "Name of CBP Allocated Course",
    "Assessment Name",
    "Assessment_Name",
    "Program_Name",
    "content_name",
    "Department",
    "department",
)


@blueprint.get("/")
@requires(READ)
def imports() -> str:
    return _list(_upload_form())


@blueprint.post("/")
@requires(IMPORT)
@access.body_limit(LIMITS.max_bytes + OVERHEAD)
def receive() -> Response | tuple[str, int]:
    form = _upload_form()
    if not form.validate_on_submit():
        return _list_again(form)
    uploads = [service.Upload(clean(each.filename or ""), each.stream) for each in form.file.data]
    creates_units = bool(form.create_units and form.create_units.data)
    brought = service.Brought(current_actor(), creates_units, unit_id=_unit_of(form))
    try:
        done = service.bring(uploads, files(), brought, password=form.password.data or "")
    except BadFile as error:
        form.file.errors = [say(reason) for reason in error.reasons]
        return _list_again(form)
    for one in done:
        service.ask_for_checks(one, by=current_actor())
    return on_to(_page_of(done[0]) if len(done) == 1 else url_for(".imports"))


def _upload_form() -> UploadForm:
    """For who holds units without what is the State's; of several one is chosen, a single one is plain."""
    form, units = UploadForm(), queries.units_to_import_for(current_actor())
    if len(units) > 1:
        form.unit.choices = [(str(unit.id), local(unit, "name")) for unit in units]
    else:
        del form.unit
    if units:
        del form.create_units
    form.held = units
    return form


def _unit_of(form: UploadForm) -> int | None:
    """The unit for which the files are brought; None for the whole State, which only its importers have."""
    if form.unit:
        return int(form.unit.data)
    if scope_of(current_actor(), IMPORT).everything:
        return None
    [unit] = form.held
    return unit.id


def _page_of(brought: Import | Bundle) -> str:
    if isinstance(brought, Bundle):
        return url_for(".bundle", bundle_id=brought.id)
    return url_for(".show", import_id=brought.id)


def on_to(url: str) -> Response:
    """To the page of what was brought; a script that sent the form is told where, and goes there itself."""
    return jsonify(url=url) if request.accept_mimetypes.best == "application/json" else redirect(url)


def _list_again(form: UploadForm) -> tuple[str, int]:
    return _list(form), 422


def _list(form: UploadForm) -> str:
    rows = queries.imports_before(current_actor(), asked_number("before"))
    return render_template(
        "reports/list.html",
        imports=rows[:25],
        more=len(rows) > 25,
        form=form,
        locked=queries.locked_bundles(current_actor()),
        units=queries.units_of(rows),
    )


@blueprint.get("/<int:import_id>")
@requires(READ)
def show(import_id: int) -> str:
    origin = one_import(import_id)
    run = queries.work_on(origin)
    tab = _tab(origin)
    rows = queries.rows_of(origin, tab, after=asked_number("after") or 0) if tab else []
    return render_template(
        "reports/show.html",
        origin=origin,
        run=run,
        is_busy=is_busy(run),
        doing=doing,
        heading=heading,
        may_be_checked=may_be_checked(origin, run),
        why_failed=[Reason(*one) for one in run.reasons or []] if run else [],
        refusal=refusal_of(origin),
        tabs=_tabs(origin, tab),
        tab=tab,
        rows=rows[: queries.ROWS_SHOWN],
        more=rows[queries.ROWS_SHOWN - 1].row_number if len(rows) > queries.ROWS_SHOWN else None,
        reason_of=reason_of,
        has_reasons=tab not in SAMPLED,
        first_of=_first_of,
        who=WHO,
        about=ABOUT,
        same=queries.same_file(origin, current_actor()),
        settled=queries.settled_in(origin, current_actor()),
        units=queries.units_of([origin]),
        flags=flags_raised_by(origin, current_actor()),
    )


@blueprint.post("/<int:import_id>/apply")
@requires(IMPORT)
def apply(import_id: int) -> Response:
    origin = one_import(import_id, IMPORT)
    if origin.state != ImportState.CHECKED:
        flash(_("This import has moved on since the page was opened."), "error")
    else:
        service.ask_for(service.APPLY, origin, by=current_actor())
    return redirect(url_for(".show", import_id=import_id))


@blueprint.post("/<int:import_id>/discard")
@requires(IMPORT)
def discard(import_id: int) -> Response:
    service.discard(one_import(import_id, IMPORT), files(), by=current_actor())
    flash(_("The import was set aside. Nothing of it was written."), "success")
    return redirect(url_for(".imports"))


def _first_of(row: ImportRow, names: tuple[str, ...]) -> str:
    return next((row.told[name] for name in names if row.told.get(name)), "")


def _tab(origin: Import) -> str:
    """The outcome to show: the one asked for, else the first that has rows."""
    asked = request.args.get("outcome", "")
    if asked in queries.TABS:
        return asked
    return next((outcome for outcome in queries.TABS if getattr(origin, outcome)), "")


def _tabs(origin: Import, current: str) -> list[dict[str, object]]:
    return [
        {
            "label": word(outcome),
            "url": url_for(".show", import_id=origin.id, outcome=outcome),
            "current": outcome == current,
            "count": getattr(origin, outcome),
        }
        for outcome in queries.TABS
        if getattr(origin, outcome)
    ]
