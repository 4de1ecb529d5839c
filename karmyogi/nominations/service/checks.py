"""What every verb of nominations asks before it acts: who may, within which reach, of which moment."""

from collections.abc import Sequence
from datetime import date, datetime

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST
from karmyogi.core.permissions import Actor, Permission, can, covers
from karmyogi.core.reasons import Reason
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.rules import CREATE
from karmyogi.people.models import OrgUnit
from karmyogi.store.db import held


def day_of(moment: datetime) -> date:
    """The day of a moment in India: windows, terms and cool-offs are counted in days there."""
    return moment.astimezone(IST).date()


def must_hold(by: Actor, permission: Permission) -> None:
    """Raises NotAllowed for whoever holds no role with this permission."""
    if not can(by, permission):
        raise NotAllowed("not_allowed")


def must_head(by: Actor, department: OrgUnit) -> None:
    """Only who is over the whole department nominates for it, not who heads an office in it."""
    if not may_within(by, CREATE, department, None):
        raise NotAllowed("not_allowed")


def may_within(by: Actor, permission: Permission, place: OrgUnit | Nomination, officer_id: int | None) -> bool:
    """True if the actor's permission reaches this department, or the unit under which this case was opened."""
    return covers(by, permission, officer_id=officer_id, line_path=place.line_path, territory_path=place.territory_path)


def refuse(reasons: Sequence[Reason]) -> None:
    """Raises RuleBroken with all reasons at once, if there are any."""
    if reasons:
        raise RuleBroken(*reasons)


def held_cycle(cycle_id: int) -> Cycle:
    """The cycle as it is now; whoever starts, edits or submits in it goes through here one at a time."""
    return held(Cycle.select().where(Cycle.id == cycle_id)).get()


def read_again(nomination: Nomination) -> Nomination:
    """The case as it stands inside this transaction."""
    return Nomination.get_by_id(nomination.id)
