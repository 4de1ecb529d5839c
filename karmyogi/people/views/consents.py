"""Whether one's own name may be shown to everybody: asked of oneself, on one's own page, and taken back there."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.people import queries, service
from karmyogi.people.rules import Purpose, words_now
from karmyogi.people.rules.consents import GIVE
from karmyogi.people.views.address import blueprint
from karmyogi.people.views.names import myself
from karmyogi.web.access import current_actor, requires
from karmyogi.web.i18n import language

TAKE_BACK = "withdraw"
EARLIER = 5  # consents taken back that the page still tells


@blueprint.get("/me/public-name")
@requires(GIVE)
def public_name() -> str:
    """The words, the answer by now, and the button for the other answer."""
    given = queries.consents_of(myself(), Purpose.PUBLIC_NAME)
    return render_template(
        "people/public_name.html",
        words=words_now(Purpose.PUBLIC_NAME),
        given=next((one for one in given if one.withdrawn_at is None), None),
        earlier=[one for one in given if one.withdrawn_at][:EARLIER],
    )


@blueprint.post("/me/public-name")
@requires(GIVE)
def answer_public_name() -> Response:
    """Agree, in the version of the words that stood on the page, or take it back."""
    if request.form.get("answer") == TAKE_BACK:
        service.withdraw_consent(myself(), Purpose.PUBLIC_NAME, by=current_actor())
        flash(_("Taken back: your name is no longer shown."), "success")
    else:
        _agree()
        flash(_("Noted: your name may be shown. You can take it back here at any time."), "success")
    return redirect(url_for(".public_name"))


def _agree() -> None:
    read = request.form.get("words", type=int)
    service.give_consent(myself(), Purpose.PUBLIC_NAME, words=read, language=language(), by=current_actor())
