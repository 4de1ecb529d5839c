"""Reads of accounts: who has this name, what they hold on a day, which sessions are open."""

from datetime import date, datetime, time, timedelta

import peewee

from karmyogi.accounts.models import OneTimeSecret, RoleGrant, Session, User
from karmyogi.core.months import as_utc
from karmyogi.people.models import Officer, OrgUnit, UnitKind

NAMED_EVERYWHERE = (UnitKind.STATE, UnitKind.DEPARTMENT, UnitKind.DIVISION, UnitKind.DISTRICT)


def user_by_login(login: str) -> User | None:
    """The account with this sign-in name, open or closed; None if there is none."""
    return User.get_or_none(User.login == login)


def account_of(officer: Officer | int) -> User | None:
    """The account that belongs to an officer, open or closed; None if there is none."""
    return User.get_or_none(User.officer == officer)


def users() -> peewee.ModelSelect:
    """Every account with its officer, by sign-in name."""
    return User.select(User, Officer).join(Officer, peewee.JOIN.LEFT_OUTER).order_by(User.login)


def cast() -> list[User]:
    """The demo's cast as they stand on the sign-in page, in the order they were made; empty in a real installation.

    Each has its `grant` with its unit, or None for an employee; who holds several roles stands there several times.
    """
    return list(
        User.select(User, RoleGrant, OrgUnit)
        .join(RoleGrant, peewee.JOIN.LEFT_OUTER, attr="grant")
        .join(OrgUnit, peewee.JOIN.LEFT_OUTER)
        .where(User.is_demo & User.is_active & RoleGrant.ended_at.is_null())
        .order_by(User.id, RoleGrant.id)
    )


def officer_by_code(employee_code: str) -> Officer | None:
    """The officer with this employee code, as the roster writes it; None if there is none."""
    return Officer.get_or_none(Officer.employee_code == employee_code)


def units_named(name: str) -> list[OrgUnit]:
    """Open units with this Hindi or English name, or the one with this number."""
    wanted = (OrgUnit.name_en == name) | (OrgUnit.name_hi == name)
    if name.isascii() and name.isdecimal() and len(name) < 10:
        wanted |= OrgUnit.id == int(name)
    return list(OrgUnit.select().where(wanted & OrgUnit.closed_on.is_null()).order_by(OrgUnit.id))


def grants_in_force(user_id: int, *, on: date) -> list[RoleGrant]:
    """The roles a person holds on a day of India, each with its unit; one query.

    First and last day are included. One taken away before its time is gone from that very moment, so on that day it
    is in force no more.
    """
    next_day = as_utc(datetime.combine(on + timedelta(days=1), time()))
    return list(
        _grants_with_units()
        .where(RoleGrant.user == user_id)
        .where(RoleGrant.from_on <= on)
        .where(RoleGrant.to_on.is_null() | (RoleGrant.to_on >= on))
        .where(RoleGrant.ended_at.is_null() | (RoleGrant.ended_at >= next_day))
    )


def grants_between(user_id: int, *, from_on: date, to_on: date | None) -> list[RoleGrant]:
    """The roles a person holds on any day from one to another, both inclusive; `to_on` None is without end."""
    grants = _grants_with_units().where(RoleGrant.user == user_id).where(RoleGrant.ended_at.is_null())
    grants = grants.where(RoleGrant.to_on.is_null() | (RoleGrant.to_on >= from_on))
    return list(grants if to_on is None else grants.where(RoleGrant.from_on <= to_on))


def grants_of(user_id: int) -> peewee.ModelSelect:
    """Every role a person holds, held or will hold, newest first, each with its unit."""
    return _grants_with_units().where(RoleGrant.user == user_id).order_by(RoleGrant.from_on.desc(), RoleGrant.id.desc())


def session_of(token_hash: str) -> Session | None:
    """The session behind a cookie that nobody has ended, with its user and officer; its clocks are not looked at."""
    return (
        Session.select(Session, User, Officer)
        .join(User)
        .join(Officer, peewee.JOIN.LEFT_OUTER)
        .where(Session.token_hash == token_hash)
        .where(Session.ended_at.is_null())
        .where(User.is_active)
        .first()
    )


def open_sessions(user_id: int) -> peewee.ModelSelect:
    """Sessions of one person that nobody has ended, the last used first; their clocks may have run out."""
    mine = (Session.user == user_id) & Session.ended_at.is_null()
    return Session.select().where(mine).order_by(Session.touched_at.desc(), Session.id.desc())


def signed_in_before(session: Session) -> datetime | None:
    """When the person of this session began the one before it, on whatever browser; None on a first visit."""
    earlier = (Session.user == session.user_id) & (Session.id < session.id)
    before = Session.select(Session.created_at).where(earlier).order_by(Session.id.desc()).first()
    return before and before.created_at


def has_signed_in_from(user_id: int, address: str) -> bool:
    """True if this person has had a session from this address: a stranger's tries elsewhere do not slow them."""
    return Session.select().where((Session.user == user_id) & (Session.address == address)).exists()


def open_secret(secret_hash: str, *, at: datetime) -> OneTimeSecret | None:
    """The unused secret whose time is not over, of an open account, with its user."""
    return (
        OneTimeSecret.select(OneTimeSecret, User)
        .join(User)
        .where(OneTimeSecret.secret_hash == secret_hash)
        .where(OneTimeSecret.used_at.is_null())
        .where(OneTimeSecret.expires_at > at)
        .where(User.is_active)
        .first()
    )


def texts_about(user: User) -> list[str]:
    """What a stranger would try first as this person's password: names, codes, departments, districts; two queries."""
    texts = [user.login, user.name_hi, user.name_en]
    if officer := user.officer:
        texts += [officer.employee_code, officer.name_hi, officer.name_en, officer.email, officer.mobile]
    units = OrgUnit.select(OrgUnit.name_hi, OrgUnit.name_en).where(OrgUnit.kind.in_(NAMED_EVERYWHERE)).tuples()
    return texts + [name for names in units for name in names]


def _grants_with_units() -> peewee.ModelSelect:
    return RoleGrant.select(RoleGrant, OrgUnit).join(OrgUnit, peewee.JOIN.LEFT_OUTER).order_by(RoleGrant.id)


def in_charge_of(unit: OrgUnit, *, on: date) -> list[RoleGrant]:
    """The roles held over this very unit on a day, each with its account, by role and name."""
    next_day = as_utc(datetime.combine(on + timedelta(days=1), time()))
    return list(
        RoleGrant.select(RoleGrant, User, Officer)
        .join(User)
        .join(Officer, peewee.JOIN.LEFT_OUTER)
        .where((RoleGrant.unit == unit) & User.is_active & (RoleGrant.from_on <= on))
        .where(RoleGrant.to_on.is_null() | (RoleGrant.to_on >= on))
        .where(RoleGrant.ended_at.is_null() | (RoleGrant.ended_at >= next_day))
        .order_by(RoleGrant.role, User.name_en, RoleGrant.id)
    )
