"""`flask accounts …`: the first administrator, and what is done when the pages cannot help.

A one-time secret is printed once, alone on standard output; what to do with it goes to standard error.
"""

from datetime import date, datetime

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.models import GRANTABLE, User
from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import Role, Tree
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.store.db import database
from karmyogi.web.console import at_the_shell, on_database
from karmyogi.web.installed import settings

accounts = AppGroup("accounts", help="Who may sign in, and in which roles.")
ROLE = click.Choice(GRANTABLE)
TREE = click.Choice([tree.value for tree in Tree])
DAY = click.DateTime(["%Y-%m-%d"])


@accounts.command("create")
@click.argument("login")
@click.option("--name-hi", default="", help="The name in Hindi; else the officer's.")
@click.option("--name-en", default="", help="The name in English; else the officer's.")
@click.option("--officer", "employee_code", help="The employee code of the officer whose account it is.")
@click.option("--role", type=ROLE, help="A role to give at once.")
@click.option("--unit", help="The unit the role reaches: its name in either language, or its number.")
@click.option("--tree", type=TREE, help="The tree the role follows; else the role's usual one.")
@on_database
def create_command(
    login: str,
    name_hi: str,
    name_en: str,
    employee_code: str | None,
    role: str | None,
    unit: str | None,
    tree: str | None,
) -> None:
    """Make an account and print the one-time secret with which its owner sets a password."""
    with database.atomic():  # an account without the role asked for would be half of what was asked
        user = service.create_user(
            login, name_hi=name_hi, name_en=name_en, officer=_officer(employee_code), by=at_the_shell()
        )
        if role:
            _grant(user, role, unit=unit, tree=tree)
        secret = service.make_first_secret(user.login, by=at_the_shell())
    _show(secret)


@accounts.command("secret")
@click.argument("login")
@on_database
def secret_command(login: str) -> None:
    """Print a new one-time secret for an account whose password or secret is lost; earlier secrets die."""
    _show(service.make_first_secret(login, by=at_the_shell()))


@accounts.command("reset-factor")
@click.argument("login")
@on_database
def reset_factor_command(login: str) -> None:
    """Remove second factor and password of an account and print the secret with which its owner begins anew."""
    with database.atomic():
        service.reset_factor(service.account(login), by=at_the_shell())
        secret = service.make_first_secret(login, by=at_the_shell())
    _show(secret)


@accounts.command("grant")
@click.argument("login")
@click.argument("role", type=ROLE)
@click.option("--unit", help="The unit the role reaches: its name in either language, or its number.")
@click.option("--tree", type=TREE, help="The tree the role follows; else the role's usual one.")
@click.option("--from", "from_on", type=DAY, help="The first day, as 2026-04-01; else today.")
@click.option("--to", "to_on", type=DAY, help="The last day, as 2027-03-31; else without end.")
@click.option("--in-charge", is_flag=True, help="For the time being only.")
@on_database
def grant_command(
    login: str,
    role: str,
    unit: str | None,
    tree: str | None,
    from_on: datetime | None,
    to_on: datetime | None,
    in_charge: bool,
) -> None:
    """Give an account a role over a unit and all below it."""
    user = service.account(login)
    _grant(user, role, unit=unit, tree=tree, from_on=_day(from_on), to_on=_day(to_on), is_in_charge=in_charge)


@accounts.command("close")
@click.argument("login")
@on_database
def close_command(login: str) -> None:
    """Let an account sign in no more and end its sessions; its history stays."""
    service.close_account(service.account(login), by=at_the_shell())


@accounts.command("reopen")
@click.argument("login")
@on_database
def reopen_command(login: str) -> None:
    """Let a closed account sign in again."""
    service.reopen_account(service.account(login), by=at_the_shell())


def _grant(
    user: User,
    role: str,
    *,
    unit: str | None,
    tree: str | None,
    from_on: date | None = None,
    to_on: date | None = None,
    is_in_charge: bool = False,
) -> None:
    service.grant_role(
        user,
        Role(role),
        unit=_unit(unit) if unit else None,
        tree=Tree(tree) if tree else None,
        from_on=from_on,
        to_on=to_on,
        is_in_charge=is_in_charge,
        by=at_the_shell(),
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _officer(employee_code: str | None) -> Officer | None:
    if employee_code is None:
        return None
    officer = queries.officer_by_code(employee_code)
    if officer is None:
        raise RuleBroken(reason("account_officer_unknown", employee_code=employee_code))
    return officer


def _unit(name: str) -> OrgUnit:
    found = queries.units_named(name)
    if not found:
        raise RuleBroken(reason("grant_unit_unknown", name=name))
    if len(found) > 1:
        listed = ", ".join(f"{unit.id} ({unit.kind})" for unit in found)
        raise RuleBroken(reason("grant_unit_ambiguous", name=name, units=listed))
    return found[0]


def _show(secret: str) -> None:
    hours = int(rules.SECRET_LIFE.total_seconds()) // 3600
    told = _(
        "Shown this once: the one-time code. Open %(address)s, enter the sign-in name with it and set a password "
        "within %(hours)s hours.",
        address=f"{settings().base_url}/first-sign-in",
        hours=hours,
    )
    click.echo(told, err=True)
    click.echo(secret)
