"""An award: its page, the papers to take home, and the way back."""

from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from karmyogi.awards import service
from karmyogi.awards.drawing import small
from karmyogi.awards.forms import REVOCATION_FIELDS, RevokeForm
from karmyogi.awards.models import Award
from karmyogi.awards.rules import AWARD
from karmyogi.awards.views.address import READ, REVOKE, award_of, blueprint
from karmyogi.awards.views.papers import kept_pdf, private
from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.reasons import reason
from karmyogi.documents.rules import grouped, public_view
from karmyogi.nominations.forms import blame, said
from karmyogi.store.transitions import check, open_steps
from karmyogi.web.access import current_actor, requires
from karmyogi.web.i18n import local
from karmyogi.web.installed import files


@blueprint.get("/<int:award_id>")
@requires(READ)
def show(award_id: int) -> str:
    award = award_of(award_id)
    return render_template(
        "awards/show.html",
        award=award,
        said=public_view(award.document),
        code=grouped(award.document.code),
        steps=open_steps(AWARD, award, by=current_actor()),
    )


@blueprint.get("/<int:award_id>/certificate")
@requires(READ)
def certificate(award_id: int) -> Response:
    """The PDF as it was issued, as a file named after the award and its holder."""
    award = award_of(award_id)
    return kept_pdf(award.document.pdf_sha256, award.number, local(public_view(award.document), "name"))


@blueprint.get("/<int:award_id>/picture")
@requires(READ)
def picture(award_id: int) -> Response:
    """The certificate as a picture for those who may see the award: small for pages, whole with `size=full`."""
    award = award_of(award_id)
    whole = service.picture_of(award, files=files())
    if request.args.get("size") == "full":
        name = f"{award.number.replace('/', '-')}.png"
        return private(send_file(BytesIO(whole), mimetype="image/png", as_attachment=True, download_name=name))
    tag = f"{award.document.picture_sha256}-small"
    if request.if_none_match.contains(tag):
        return private(Response(status=304))
    return private(send_file(BytesIO(small(whole)), mimetype="image/webp", etag=tag))


# Revoking


@blueprint.get("/<int:award_id>/revoke")
@requires(REVOKE)
def ask_to_revoke(award_id: int) -> str:
    award = award_of(award_id)
    check(AWARD, award, AWARD.step(award.state, "revoke"), by=current_actor())
    return _revoke_page(award, RevokeForm(state=award.state))


@blueprint.post("/<int:award_id>/revoke")
@requires(REVOKE)
def revoke(award_id: int) -> Response | tuple[str, int]:
    award, form = award_of(award_id), RevokeForm()
    if form.state.data != award.state:
        raise WrongState(reason("moved_on", state=award.state))
    if not form.validate_on_submit():
        return _revoke_page(award, form), RuleBroken.status
    try:
        service.revoke_award(award, reason_hi=form.reason_hi.data, reason_en=form.reason_en.data, by=current_actor())
    except RuleBroken as error:
        blame(form, error, REVOCATION_FIELDS)
        return _revoke_page(award, form), error.status
    flash(_("The award was revoked. Its verification page says so from now on, with the reason."), "success")
    return redirect(url_for(".show", award_id=award_id))


def _revoke_page(award: Award, form: RevokeForm) -> str:
    return render_template("awards/revoke.html", award=award, form=form, said=public_view(award.document))


@blueprint.errorhandler(WrongState)
def _moved_on(error: WrongState) -> tuple[str, int]:
    """Who came too late: another tab or another hand has issued or revoked meanwhile."""
    award_id = (request.view_args or {}).get("award_id")
    page = render_template("awards/moved.html", sentences=[said(one) for one in error.reasons], award_id=award_id)
    return page, error.status
