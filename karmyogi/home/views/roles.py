"""Who may do what: the table of powers as the code itself reads it, in the reader's language."""

from itertools import groupby

from flask import render_template
from flask_babel import gettext as _

from karmyogi.core.permissions import GRANTS, ROLES, Permission, Reach, Role
from karmyogi.core.reasons import N_
from karmyogi.home.views.address import blueprint
from karmyogi.web.access import current_actor, signed_in
from karmyogi.web.i18n import word
from karmyogi.web.words import POWERS, SUBJECTS

REACHES = {
    Reach.NONE: "",
    Reach.SELF: N_("own"),
    Reach.ASSIGNED: N_("assigned"),
    Reach.UNIT: N_("unit"),
    Reach.ALL: N_("all"),
}
SHOWN = tuple(role for role in ROLES if role is not Role.SYSTEM)  # nobody signs in as the system


@blueprint.get("/roles")
@signed_in
def roles() -> str:
    """Every power and how far each role carries it; one's own roles are marked."""
    held = current_actor().roles
    return render_template(
        "home/roles.html",
        roles=[(word(role.value), role in held) for role in SHOWN],
        groups=[(subject, [_row(one) for one in powers]) for subject, powers in groupby(GRANTS, key=_subject)],
    )


def _subject(permission: Permission) -> str:
    """What a power is about, in the order of the table."""
    subject = permission.value.partition(":")[0]
    return _(SUBJECTS[subject]) if subject in SUBJECTS else subject


def _row(permission: Permission) -> tuple[str, list[str]]:
    cells = dict(zip(ROLES, GRANTS[permission], strict=True))
    name = _(POWERS[permission.value]) if permission.value in POWERS else permission.value
    return name, [_(REACHES[cells[role]]) if cells[role] else "" for role in SHOWN]
