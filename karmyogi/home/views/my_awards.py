"""An employee's own award as something to show: a picture fit to share, and the address that proves it."""

from io import BytesIO
from urllib.parse import urlencode

from flask import Response, render_template, request, send_file
from flask_babel import gettext as _

from karmyogi.awards import service
from karmyogi.awards.drawing import small
from karmyogi.awards.models import Award
from karmyogi.awards.queries import standing_awards_of
from karmyogi.core.permissions import Permission
from karmyogi.documents.rules import grouped, public_view
from karmyogi.home.views.address import blueprint
from karmyogi.home.views.me import own_record
from karmyogi.web.access import requires, visible_or_404
from karmyogi.web.i18n import local

SHOWN_WIDTH = 540  # pixels: what the page shows; the whole one is for sending


@blueprint.get("/me/awards/<int:award_id>")
@requires(Permission.ME_READ)
def my_award(award_id: int) -> str:
    """One's own award with all there is to take along."""
    award = _own_award(award_id)
    verify_url = award.document.facts["printed"]["verify_url"]
    said = public_view(award.document)
    message = _("I have been given the award “%(award)s”. Verify: %(url)s", award=local(said, "award"), url=verify_url)
    return render_template(
        "home/award.html",
        award=award,
        said=said,
        code=grouped(award.document.code),
        verify_url=verify_url,
        send_url=f"https://wa.me/?{urlencode({'text': message})}",
    )


@blueprint.get("/me/awards/<int:award_id>/picture")
@requires(Permission.ME_READ)
def my_picture(award_id: int) -> Response:
    """The picture to share: small for the page, whole with `size=full`; drawn anew, so that nothing need be kept."""
    award = _own_award(award_id)
    is_whole = request.args.get("size") == "full"
    tag = f"{award.document.pdf_sha256}-share-{'full' if is_whole else 'small'}"
    if request.if_none_match.contains(tag):
        return _private(Response(status=304))
    picture = service.share_picture_of(award)
    if is_whole:
        name = f"{award.number.replace('/', '-')}.png"
        file = send_file(BytesIO(picture), mimetype="image/png", as_attachment=True, download_name=name, etag=tag)
    else:
        file = send_file(BytesIO(small(picture, width=SHOWN_WIDTH)), mimetype="image/webp", etag=tag)
    return _private(file)


def _private(response: Response) -> Response:
    """About a person: asked for again each time, and run by nothing."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _own_award(award_id: int) -> Award:
    return visible_or_404(standing_awards_of(own_record().id), id=award_id)
