"""Who a person is to the rest of the house: their actor, and what nobody does to their own account."""

from collections.abc import Iterable
from datetime import date

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import RoleGrant, User
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.permissions import Actor, Grant, Permission, Role, Tree, can
from karmyogi.core.reasons import reason
from karmyogi.people.models import OrgUnit
from karmyogi.store.db import is_postgres


def actor_of(user: User, *, on: date) -> Actor:
    """The person with the roles they hold on a day; an officer is an employee without being made one. One query.

    A role that needs a unit and has none, or whose unit does not stand in its tree, gives nothing.
    """
    return actor_with(user, queries.grants_in_force(user.id, on=on))


def actor_with(user: User, rows: Iterable[RoleGrant]) -> Actor:
    """The person with these of their roles, each with its unit at hand; an officer is always an employee too."""
    own = [Grant(Role.EMPLOYEE)] if user.officer_id is not None else []
    held = (_grant_of(row) for row in rows)
    return Actor(user.id, str(user), user.officer_id, tuple(dict.fromkeys([*own, *filter(None, held)])))


def _grant_of(row: RoleGrant) -> Grant | None:
    role, tree = Role(row.role), Tree(row.tree)
    path = path_of(row.unit, tree) if row.unit_id else None
    if path is None and rules.needs_unit(role):
        return None
    return Grant(role, path or "/", tree)


def path_of(unit: OrgUnit, tree: Tree) -> str | None:
    """The unit's path in a tree; None if it does not stand there."""
    path = unit.line_path if tree is Tree.LINE else unit.territory_path
    return path if rules.stands_in_tree(unit.id, path) else None


def self_of(user: User) -> Actor:
    """The person as the trail names them in what they do to their own account."""
    return Actor(user.id, str(user), user.officer_id)


class GaveWay(RuleBroken):
    """The account is that of a record which gave way to another of the same person; the reason names both."""


def check_stands(officer_id: int | None) -> None:
    """Raises GaveWay for a record that gave way: whoever came in by it would be somebody else in their own cases."""
    codes = queries.standing_for(officer_id) if officer_id is not None else None
    if codes:
        raise GaveWay(reason("account_gave_way", record=codes[0], stands=codes[1]))


def check_may_write(by: Actor) -> None:
    """Raises NotAllowed for who does not look after accounts."""
    if not can(by, Permission.ACCOUNTS_WRITE):
        raise NotAllowed("not_allowed")


def check_not_own(user: User, by: Actor) -> None:
    """Raises NotAllowed for one's own account, also through the officer behind it."""
    is_own = by.user_id == user.id or (user.officer_id is not None and by.officer_id == user.officer_id)
    if is_own:
        raise NotAllowed("own_account")


def hold(user: User) -> None:
    """Two who change one account at the same moment come one after the other; SQLite has one writer anyway."""
    if is_postgres():
        User.select(User.id).where(User.id == user.id).for_update().execute()
