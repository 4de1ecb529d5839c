"""The public board for visitors, and the front page of each role."""

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user

from karmyogi.awards.queries import published_awards
from karmyogi.core.permissions import Role
from karmyogi.core.reasons import N_
from karmyogi.home import queries
from karmyogi.home.views.address import blueprint
from karmyogi.web.access import current_actor, public
from karmyogi.web.i18n import word

PENDING = {
    "nominations": N_("Nominations waiting for you"),
    "names": N_("Corrections of names waiting for you"),
    "months": N_("Months waiting for you"),
    "imports": N_("Imports checked and not applied"),
}


@blueprint.get("/")
@public
def front() -> str:
    """The public board for visitors; what waits for them, for people who are signed in."""
    if not current_user.is_authenticated:
        return render_template("home/board.html", awards=published_awards(limit=30))
    actor = current_actor()
    return render_template(
        "home/front.html",
        roles=[word(role.value) for role in Role if role in actor.roles and role is not Role.EMPLOYEE],
        pending=[(_(PENDING[one.code]), one) for one in queries.pending(actor)],
        awards=published_awards(limit=5),
    )
