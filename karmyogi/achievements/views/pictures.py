"""The pictures behind the claims: copies of pixels to look at, and the original to take away."""

from flask import Response, request

from karmyogi.achievements import queries
from karmyogi.achievements.models import CertificateImage
from karmyogi.achievements.queries import READ
from karmyogi.achievements.rules import REVIEW, SUBMIT
from karmyogi.achievements.views.address import blueprint
from karmyogi.core.errors import NotAllowed
from karmyogi.core.reasons import N_, declare
from karmyogi.store.files import Kind
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.installed import files

OUR_OWN_PAGES = {"same-origin", "none"}  # what a browser says of a picture in our page, or opened by hand
DOES_NOTHING = "sandbox; default-src 'none'"
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "PDF": "pdf"}

declare(picture_asked_from_elsewhere=N_("Certificate images are shown on this site alone."))


@blueprint.get("/images/<int:image_id>")
@requires(READ)
def image(image_id: int) -> Response:
    return _picture(image_id, "image")


@blueprint.get("/images/<int:image_id>/thumb")
@requires(READ)
def thumb(image_id: int) -> Response:
    return _picture(image_id, "thumb")


@blueprint.get("/images/<int:image_id>/original")
@requires(SUBMIT, REVIEW)
def original(image_id: int) -> Response:
    """The file as it was given, to be saved and never shown: for its owner and the reviewers."""
    _refuse_other_sites()
    row: CertificateImage = visible_or_404(queries.originals_for(current_actor()), id=image_id)
    response = Response(files().read(row.original_sha256, kind="original"), mimetype="application/octet-stream")
    name = f"certificate-{row.achievement_id}-{row.id}.{ENDINGS[row.image_format]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = DOES_NOTHING
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _picture(image_id: int, kind: Kind) -> Response:
    """A copy made of pixels alone, for those who may see the claim, in pages of this site alone."""
    _refuse_other_sites()
    row = visible_or_404(queries.images_for(current_actor()), id=image_id)
    sha256 = row.image_sha256 if kind == "image" else row.thumb_sha256
    response = Response(files().read(sha256, kind=kind), mimetype="image/webp")
    response.headers["Content-Security-Policy"] = DOES_NOTHING
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for again: reach may end
    response.set_etag(sha256)
    return response.make_conditional(request)


def _refuse_other_sites() -> None:
    if request.headers.get("Sec-Fetch-Site", "none") not in OUR_OWN_PAGES:
        raise NotAllowed("picture_asked_from_elsewhere")
