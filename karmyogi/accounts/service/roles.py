"""Roles, given and taken away."""

from collections.abc import Iterable
from datetime import date, datetime

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import RoleGrant, Session, User
from karmyogi.accounts.service.actors import check_may_write, check_not_own, hold, path_of
from karmyogi.accounts.service.sessions import end_sessions
from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Role, Tree
from karmyogi.core.reasons import reason
from karmyogi.people.models import OrgUnit
from karmyogi.store.db import database
from karmyogi.store.trail import record


def grant_role(
    user: User,
    role: Role,
    *,
    by: Actor,
    unit: OrgUnit | None = None,
    tree: Tree | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    is_in_charge: bool = False,
    at: datetime | None = None,
) -> RoleGrant:
    """Give a person a role over a unit and all below it, from one day to another, both inclusive; their sessions end.

    The first day is today in India and the last is none unless said; the tree is the role's usual one. Raises
    NotAllowed (also for one's own account), or RuleBroken when the unit is missing or stands elsewhere, when the role
    is held already, or when one person may not hold these roles together.
    """
    check_may_write(by)
    check_not_own(user, by)
    at, tree = at or now(), tree or rules.usual_tree(role)
    from_on = from_on or at.astimezone(IST).date()
    with database.atomic():
        hold(user)
        _check_grant(user, role, unit=unit, tree=tree, from_on=from_on, to_on=to_on)
        grant = RoleGrant.create(
            user=user,
            role=role.value,
            unit=unit,
            tree=tree.value,
            is_in_charge=is_in_charge,
            from_on=from_on,
            to_on=to_on,
        )
        end_sessions(user.id, at)
        record(by, "account.grant", user, _told(grant), at=at)
    return grant


def end_grant(grant: RoleGrant, *, by: Actor, at: datetime | None = None) -> None:
    """Take a role away, from this moment; the person's sessions end.

    Raises NotAllowed (also for one's own role), or RuleBroken if it was taken away before.
    """
    check_may_write(by)
    check_not_own(grant.user, by)
    at = at or now()
    with database.atomic():
        in_force = (RoleGrant.id == grant.id) & RoleGrant.ended_at.is_null()
        if not RoleGrant.update(ended_at=at).where(in_force).execute():
            raise RuleBroken("grant_ended")
        end_sessions(grant.user_id, at)
        record(by, "account.end_grant", grant.user, _told(grant), at=at)
    grant.ended_at = at


def end_grants_over(unit: OrgUnit, *, at: datetime) -> int:
    """Take away every role held over a unit that closes, now or from a later day on; returns how many.

    Their holders' sessions end. The caller holds the transaction and writes the trail.
    """
    over = (RoleGrant.unit == unit) & RoleGrant.ended_at.is_null()
    holders = [user_id for (user_id,) in RoleGrant.select(RoleGrant.user).where(over).distinct().tuples()]
    ended: int = RoleGrant.update(ended_at=at).where(over).execute()
    Session.update(ended_at=at).where(Session.user.in_(holders) & Session.ended_at.is_null()).execute()
    return ended


def _check_grant(
    user: User, role: Role, *, unit: OrgUnit | None, tree: Tree, from_on: date, to_on: date | None
) -> None:
    if to_on is not None and to_on < from_on:
        raise RuleBroken("grant_dates")
    held = queries.grants_between(user.id, from_on=from_on, to_on=to_on)
    reasons = rules.reasons_against_roles(role, held=[Role(grant.role) for grant in held])
    if unit is None and rules.needs_unit(role):
        reasons.append(reason("grant_unit_needed"))
    if unit is not None and path_of(unit, tree) is None:
        reasons.append(reason("grant_unit_elsewhere"))
    if _is_among(held, role, unit, tree):
        reasons.append(reason("grant_held"))
    if reasons:
        raise RuleBroken(*reasons)


def _is_among(held: Iterable[RoleGrant], role: Role, unit: OrgUnit | None, tree: Tree) -> bool:
    wanted = (role.value, unit.id if unit else None, tree.value)
    return any((grant.role, grant.unit_id, grant.tree) == wanted for grant in held)


def _told(grant: RoleGrant) -> dict[str, object]:
    return {
        "role": grant.role,
        "unit": grant.unit_id,
        "tree": grant.tree,
        "from_on": grant.from_on,
        "to_on": grant.to_on,
        "is_in_charge": grant.is_in_charge,
    }
