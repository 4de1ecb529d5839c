"""How a nomination came to where it stands: its road, and what happened on it."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from karmyogi.accounts.models import User
from karmyogi.core.reasons import N_
from karmyogi.nominations import queries
from karmyogi.nominations.models import Nomination
from karmyogi.nominations.rules import EDITABLE, NOMINATION
from karmyogi.store.transitions import CaseStep
from karmyogi.web.i18n import day, local, moment, word

ROAD = ("draft", "submitted", "verified", "selected", "released", "awarded")
WAITS = {
    "submitted": N_("With the nodal officer"),
    "verified": N_("With GAD"),
    "selected": N_("With the approver"),
    "released": N_("Waits for the award order"),
}
TAKEN = {
    "start": (N_("Draft begun"), "info"),
    "edit": (N_("Draft changed by another hand"), ""),
    "submit": (N_("Submitted"), "info"),
    "verify": (N_("Verified"), "good"),
    "return": (N_("Returned for correction"), "warn"),
    "select": (N_("Selected"), "good"),
    "reject": (N_("Rejected"), "bad"),
    "release": (N_("Decision released"), "good"),
    "award": (N_("Awarded by an order"), "good"),
    "withdraw": (N_("Withdrawn"), "bad"),
}


def road(nomination: Nomination, taken: Sequence[CaseStep], names: Mapping[int | None, str]) -> list[dict[str, str]]:
    """The road of the case: done, now, to come; a case that ended early ends there."""
    notes = {step.to_state: f"{day(step.at)} · {names[step.user_id]}" for step in taken}
    state = nomination.shown
    if state in NOMINATION.ends - {"awarded"}:
        reached = taken[-1].from_state if taken and taken[-1].from_state in ROAD else ROAD[0]
        passed = [_milestone(one, "done", notes) for one in ROAD[: ROAD.index(reached) + 1]]
        return [*passed, _milestone(state, "refused", notes)]
    if state in EDITABLE:
        return [_milestone(state, "current", notes), *(_milestone(one, "todo", {}) for one in ROAD[1:])]
    here = ROAD.index(state) + 1
    ahead = [{"label": word(one), "state": "todo", "note": ""} for one in ROAD[here:]]
    if ahead:
        ahead[0] |= {"state": "current", "note": _(WAITS[state])}
    return [*(_milestone(one, "done", notes) for one in ROAD[:here]), *ahead]


def _milestone(name: str, state: str, notes: dict[str, str]) -> dict[str, str]:
    return {"label": word(name), "state": state, "note": notes.get(name, "")}


def timeline(taken: Sequence[CaseStep], names: Mapping[int | None, str]) -> list[dict[str, str]]:
    return [
        {
            "title": _(TAKEN[step.action][0]),
            "when": moment(step.at),
            "by": names[step.user_id],
            "note": step.remark,
            "tone": TAKEN[step.action][1],
        }
        for step in taken
    ]


def names_of(taken: Sequence[CaseStep]) -> dict[int | None, str]:
    """Who took the steps, by account, in the reader's script; the name of that day where an account is gone."""
    users = {user.id: user for user in queries.accounts_of(taken)}
    return {step.user_id: _name_of(users.get(step.user_id)) or step.actor for step in taken}


def _name_of(user: User | None) -> str:
    return (local(user, "name") or local(user.officer, "name")) if user else ""


def return_of(nomination: Nomination, taken: Sequence[CaseStep]) -> CaseStep | None:
    """The step that sent a returned nomination back, with its remark."""
    return taken[-1] if nomination.shown == "returned" and taken[-1].action == "return" else None
