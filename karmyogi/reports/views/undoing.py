"""Taking an import back: the page that asks first and says what would happen or what is in the way, and the act."""

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.permissions import Permission
from karmyogi.reports import queries, service
from karmyogi.reports.views.address import blueprint, one_import
from karmyogi.store.imports import Import, ImportState
from karmyogi.web.access import current_actor, requires
from karmyogi.web.i18n import month_name, name_of_records

UNDO = Permission.REPORTS_UNDO


@blueprint.get("/<int:import_id>/undo")
@requires(UNDO)
def ask_undo(import_id: int) -> str | Response:
    """How many records would go and how many would be as before; or what rests on the import."""
    origin = one_import(import_id, UNDO)
    if origin.state != ImportState.APPLIED:
        return _moved_on(origin)
    return _asking(origin)


@blueprint.post("/<int:import_id>/undo")
@requires(UNDO)
def undo(import_id: int) -> Response | str | tuple[str, int]:
    """Ask the worker to take it back; refused at once if something rests on it."""
    origin = one_import(import_id, UNDO)
    if origin.state != ImportState.APPLIED:
        return _moved_on(origin)
    if service.reasons_against(origin):
        return _asking(origin), 422
    service.ask_for(service.UNDO, origin, by=current_actor())
    return redirect(url_for(".show", import_id=import_id))


def _moved_on(origin: Import) -> Response:
    flash(_("This import has moved on since the page was opened."), "error")
    return redirect(url_for(".show", import_id=origin.id))


def _asking(origin: Import) -> str:
    found = service.what_rests_on(origin)
    reasons = service.reasons_against(origin, found)
    return render_template(
        "reports/undo.html",
        origin=origin,
        reasons={one.code: one for one in reasons},
        later=queries.imports_numbered(current_actor(), found.imports),
        corrections=[(month_name(month), number) for month, number in found.corrections if number is not None],
        proposed=[month_name(month) for month, number in found.corrections if number is None],
        months=[month_name(month) for month in found.months],
        records=[(name_of_records(table), count) for table, count in (found.records or {}).items()],
        acts=[(act, count) for act, count in (found.acts or {}).items()],
        doing=[] if reasons else [(name_of_records(one.table), one) for one in service.what_it_did(origin)],
    )
