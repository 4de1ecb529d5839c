"""What an address of these pages asks for, and the claim behind it, if this actor may see it."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from karmyogi.achievements import queries
from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries import DOUBTS_ASKED, PAGE, READ, Narrowed
from karmyogi.achievements.rules import ACHIEVEMENT, REVIEW, SUBMIT
from karmyogi.core.permissions import can, scope_of
from karmyogi.people.models import OrgUnit
from karmyogi.store.transitions import check
from karmyogi.web.access import current_actor, visible_or_404
from karmyogi.web.forms import asked_number

blueprint = Blueprint("achievements", __name__, url_prefix="/achievements")


def achievement_of(achievement_id: int) -> Achievement:
    return visible_or_404(queries.achievements_for(current_actor()), id=achievement_id)


def ready_for(action: str, achievement_id: int) -> Achievement:
    """The claim, if this actor may take the step now. Raises NotThere, NotAllowed or WrongState."""
    achievement = achievement_of(achievement_id)
    check(ACHIEVEMENT, achievement, ACHIEVEMENT.step(achievement.state, action), by=current_actor())
    return achievement


def may_submit() -> bool:
    return current_actor().officer_id is not None and can(current_actor(), SUBMIT)


@dataclass(frozen=True)
class Asked:
    """How the reviewer narrowed the queue; kept from page to page in the address."""

    doubt: str = ""
    unit_id: int | None = None

    @property
    def narrowed(self) -> Narrowed:
        unit = OrgUnit.get_or_none(OrgUnit.id == self.unit_id) if self.unit_id else None
        return Narrowed(self.doubt, unit)

    @property
    def kept(self) -> dict[str, object]:
        asked = {"doubt": self.doubt, "office": self.unit_id}
        return {name: value for name, value in asked.items() if value}


def asked() -> Asked:
    """The narrowing in this address; what is not understood narrows nothing."""
    doubt = request.args.get("doubt", "")
    return Asked(doubt if doubt in DOUBTS_ASKED else "", asked_number("office"))


def older(rows: list[Achievement], **kept: str) -> str | None:
    """The address of the next page of a list, if there is one."""
    if len(rows) <= PAGE:
        return None
    return url_for(request.endpoint, before=rows[PAGE - 1].id, **{name: value for name, value in kept.items() if value})


def tabs() -> list[dict[str, object]]:
    """The views of achievements that this actor has; one alone needs no tabs."""
    actor = current_actor()
    reach = scope_of(actor, READ)
    found = [
        (".own", _("My achievements"), may_submit()),
        (".review", _("To review"), can(actor, REVIEW)),
        (".everything", _("All in my reach"), reach.everything or bool(reach.paths)),
    ]
    here = f".{request.endpoint.partition('.')[2]}"
    links = [
        {"label": label, "url": url_for(name), "current": name == here} for name, label, is_open in found if is_open
    ]
    return links if len(links) > 1 else []
