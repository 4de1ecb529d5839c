"""The signed copy of an order: brought by GAD, read by whoever may read the order."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.awards.forms import SCAN_FIELDS, ScanForm
from karmyogi.awards.models import AwardOrder
from karmyogi.awards.views.address import ISSUE, READ, blueprint, order_of
from karmyogi.awards.views.papers import private
from karmyogi.core.errors import BadFile, NotThere, RuleBroken
from karmyogi.core.reasons import reason
from karmyogi.documents import queries as documents
from karmyogi.documents import service
from karmyogi.documents.models import SignedScan
from karmyogi.nominations.forms import blame
from karmyogi.store.images import LIMITS
from karmyogi.store.sandbox import SandboxUnavailable
from karmyogi.web.access import current_actor, fresh, requires
from karmyogi.web.installed import files


@blueprint.get("/orders/<int:order_id>/scan")
@requires(ISSUE)
@fresh
def ask_for_scan(order_id: int) -> str:
    """Asked before a file is chosen, since a file cannot be kept while who brings it is asked who they are."""
    return _page(order_of(order_id), ScanForm())


@blueprint.post("/orders/<int:order_id>/scan")
@requires(ISSUE)
def add_scan(order_id: int) -> Response | tuple[str, int]:
    order, form = order_of(order_id), ScanForm()
    is_valid = form.validate_on_submit()
    try:
        kept = service.keep_scan(_chosen(form), files())
        if is_valid:
            service.add_scan(order.document, kept, why=form.why.data, by=current_actor())
    except (BadFile, SandboxUnavailable, RuleBroken) as error:
        blame(form, error, SCAN_FIELDS | {one.code: "scan" for one in error.reasons if one.code not in SCAN_FIELDS})
        return _page(order, form), error.status
    if not is_valid:
        return _page(order, form), RuleBroken.status
    flash(_("The signed copy was kept. Whoever may read the order may read it."), "success")
    return redirect(url_for(".order", order_id=order_id))


def _chosen(form: ScanForm) -> bytes:
    if not form.scan.data:
        raise BadFile(reason("scan_not_chosen"))
    content: bytes = form.scan.data.read(LIMITS.bytes + 1)
    return content


def _page(order: AwardOrder, form: ScanForm) -> str:
    return render_template("awards/scan.html", order=order, form=form, scans=documents.scans_of(order.document))


@blueprint.get("/orders/<int:order_id>/scans/<int:scan_id>")
@requires(READ)
def scan(order_id: int, scan_id: int) -> Response:
    """The file to be saved and never shown: the PDF as it came, or the clean copy of a picture."""
    order = order_of(order_id)
    found = _scan(order, scan_id)
    is_pdf = found.scan_format == "PDF"
    content = files().read(found.offered_sha256, kind="scan")
    response = Response(content, mimetype="application/octet-stream")
    name = f"{order.number.replace('/', '-')}-signed-{found.id}.{'pdf' if is_pdf else 'webp'}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


@blueprint.get("/orders/<int:order_id>/scans/<int:scan_id>/picture")
@requires(READ)
def scan_picture(order_id: int, scan_id: int) -> Response:
    """The first page, as a picture made of pixels alone."""
    found = _scan(order_of(order_id), scan_id)
    response = Response(files().read(found.image_sha256, kind="scan"), mimetype="image/webp")
    response.set_etag(found.image_sha256)
    return private(response.make_conditional(request))


def _scan(order: AwardOrder, scan_id: int) -> SignedScan:
    found = next((one for one in documents.scans_of(order.document) if one.id == scan_id), None)
    if found is None:
        raise NotThere("not_there")
    return found
