"""Reads of accounts: who has this name, what they hold on a day, which sessions are open."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import peewee

from karmyogi.accounts.models import Authenticator, OneTimeSecret, RecoveryCode, RoleGrant, Session, User
from karmyogi.accounts.rules import Standing, standing_of
from karmyogi.core.months import as_utc
from karmyogi.core.permissions import Actor, Permission, Role, Tree, scope_of
from karmyogi.people.models import KeyKind, Officer, OfficerKey, OrgUnit, Posting, UnitKind
from karmyogi.people.queries import is_held, officer_within, units_called
from karmyogi.store.reach import within

LEFT = peewee.JOIN.LEFT_OUTER

NAMED_EVERYWHERE = (UnitKind.STATE, UnitKind.DEPARTMENT, UnitKind.DIVISION, UnitKind.DISTRICT)


def user_by_login(login: str) -> User | None:
    """The account with this sign-in name, open or closed; None if there is none."""
    return User.get_or_none(User.login == login)


def account_of(officer: Officer | int) -> User | None:
    """The account that belongs to an officer, open or closed; None if there is none."""
    return User.get_or_none(User.officer == officer)


def standing_for(officer_id: int) -> tuple[str, str] | None:
    """The codes of a record that gave way and of the one that stands for it; None if it stands for itself."""
    record, stands = Officer.alias(), Officer.alias()
    codes = record.select(record.employee_code, stands.employee_code).join(stands, on=record.merged_into == stands.id)
    return codes.where(record.id == officer_id).tuples().first()


def account_named(typed: str) -> User | None:
    """The account with this sign-in name, or that of the officer with this employee code; None if there is none."""
    codes = [typed, typed.upper()]
    of_officer = User.select().join(Officer).where(Officer.employee_code.in_(codes)).order_by(User.id)
    return user_by_login(typed) or of_officer.first()


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


def every_grant() -> peewee.ModelSelect:
    """Every role ever given, with its unit and whose it is."""
    return (
        RoleGrant.select(RoleGrant, OrgUnit, User)
        .join(OrgUnit, LEFT)
        .switch(RoleGrant)
        .join(User, on=RoleGrant.user == User.id)
    )


def grants_held(*, on: date, role: str = "", ending_within: int | None = None) -> peewee.ModelSelect:
    """Roles held on a day or given for later, with unit and person, what ends soonest first.

    `role` leaves only that one; `ending_within` only those whose last day comes within so many days.
    """
    grants = every_grant().where(_not_over(on))
    grants = grants.where(RoleGrant.role == role) if role else grants
    if ending_within is not None:
        grants = grants.where(RoleGrant.to_on <= on + timedelta(days=ending_within))
    return grants.order_by(RoleGrant.to_on.asc(nulls="LAST"), RoleGrant.id)


def grants_now_and_later(user_id: int, *, on: date) -> list[RoleGrant]:
    """The roles a person holds on a day, and those given for later, each with its unit."""
    return list(_grants_with_units().where((RoleGrant.user == user_id) & _not_over(on)))


def grants_by_user(users: Sequence[int], *, on: date) -> dict[int, list[RoleGrant]]:
    """The roles of several people, now and later, by person; one query."""
    found: dict[int, list[RoleGrant]] = {user: [] for user in users}
    for grant in _grants_with_units().where(RoleGrant.user.in_(users) & _not_over(on)):
        found[grant.user_id].append(grant)
    return found


def _not_over(on: date) -> peewee.Expression:
    return RoleGrant.ended_at.is_null() & (RoleGrant.to_on.is_null() | (RoleGrant.to_on >= on))


def open_units_called(text: str) -> list[OrgUnit]:
    """Up to 25 open units with this text in a name of theirs, of their department or of their district."""
    called = OrgUnit.id.in_(units_called(text)) & OrgUnit.closed_on.is_null()
    return list(OrgUnit.select().where(called).order_by(OrgUnit.name_en, OrgUnit.id).limit(25))


def places_of(offices: Iterable[OrgUnit]) -> dict[int, OrgUnit]:
    """The departments and districts of these offices, by their number; one query."""
    wanted = {number for office in offices for number in (office.department_id, office.district_id) if number}
    return {unit.id: unit for unit in OrgUnit.select().where(OrgUnit.id.in_(list(wanted)))}


def nodal_officers_in(department_id: int, *, on: date) -> list[RoleGrant]:
    """Nodal officers of a department and of its offices on a day, those of the whole department first; at most 50."""
    inside = (OrgUnit.id == department_id) | (OrgUnit.department == department_id)
    return list(_nodal_officers(on).where(inside).limit(50))


def nodal_officers_over(unit: OrgUnit, *, on: date, but: int) -> list[RoleGrant]:
    """Up to five nodal officers who reach a unit along the line on a day, nearest first; without the officer `but`."""
    above = peewee.fn.SUBSTR(unit.line_path, 1, peewee.fn.LENGTH(OrgUnit.line_path)) == OrgUnit.line_path
    nearest = peewee.fn.LENGTH(OrgUnit.line_path).desc()
    others = User.officer.is_null() | (User.officer != but)
    return list(_nodal_officers(on).where(above & others).order_by(nearest, RoleGrant.id).limit(5))


def _nodal_officers(on: date) -> peewee.ModelSelect:
    held = (RoleGrant.from_on <= on) & _not_over(on) & (RoleGrant.role == Role.NODAL.value)
    return (
        RoleGrant.select(RoleGrant, OrgUnit, User, Officer)
        .join(OrgUnit)
        .switch(RoleGrant)
        .join(User, on=RoleGrant.user == User.id)
        .join(Officer, LEFT, on=User.officer == Officer.id)
        .where(held & User.is_active & (RoleGrant.tree == Tree.LINE.value))
        .order_by(peewee.fn.LENGTH(OrgUnit.line_path), OrgUnit.name_en, RoleGrant.id)
    )


def session_of(token_hash: str) -> Session | None:
    """The session behind a cookie that nobody has ended, with its user and officer; its clocks are not looked at.

    `has_factor` is whether its person has a second factor.
    """
    factor = Authenticator.select(peewee.SQL("1")).where(Authenticator.user == Session.user)
    return (
        Session.select(Session, User, Officer, peewee.fn.EXISTS(factor).alias("has_factor"))
        .join(User)
        .join(Officer, peewee.JOIN.LEFT_OUTER)
        .where(Session.token_hash == token_hash)
        .where(Session.ended_at.is_null())
        .where(User.is_active)
        .first()
    )


def authenticator_of(user_id: int) -> Authenticator | None:
    """The app that shows this account's codes; None if it has none."""
    return Authenticator.get_or_none(Authenticator.user == user_id)


def recovery_codes_left(user_id: int) -> int:
    """How many recovery codes of an account nobody has used."""
    return RecoveryCode.select().where((RecoveryCode.user == user_id) & RecoveryCode.used_at.is_null()).count()


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


def open_secret(user_id: int, secret_hash: str, *, at: datetime) -> OneTimeSecret | None:
    """The unused secret of an open account whose time is not over, with its user."""
    return (
        OneTimeSecret.select(OneTimeSecret, User)
        .join(User)
        .where((OneTimeSecret.secret_hash == secret_hash) & (OneTimeSecret.user == user_id))
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


# ── On the way in ────────────────────────────────────────────────────────────────────────────────────────────────────


class OnTheWay(NamedTuple):
    """An officer with what there is of their account: `expires_at` is the end of the secret they have not used."""

    id: int
    employee_code: str
    name_hi: str
    name_en: str
    user_id: int | None
    login: str | None
    is_active: bool | None
    has_password: bool
    expires_at: datetime | None
    holds_power: bool | None

    def standing(self, at: datetime) -> Standing:
        """How far they are."""
        return standing_of(
            has_account=self.user_id is not None,
            is_active=bool(self.is_active),
            has_password=bool(self.has_password),
            expires_at=self.expires_at,
            at=at,
        )


class OfficeCounts(NamedTuple):
    """How many officers of an office there are, and how far they are."""

    officers: int = 0
    active: int = 0
    out: int = 0
    expired: int = 0


HAS_PASSWORD = User.is_active & User.password_hash.is_null(False)
NO_PASSWORD = User.is_active & User.password_hash.is_null()
UNUSED = (OneTimeSecret.user == User.id) & OneTimeSecret.used_at.is_null()


def offices_for(actor: Actor, *, on: date, text: str = "") -> peewee.ModelSelect:
    """Units within reach in which somebody is posted on a day, by name; with `text`, those called so."""
    scope = scope_of(actor, Permission.ACCOUNTS_ACTIVATE)
    somebody = Posting.select(Posting.unit).where(is_held(on))
    offices = OrgUnit.select().where(
        within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path) & OrgUnit.id.in_(somebody)
    )
    offices = offices.where(OrgUnit.id.in_(units_called(text))) if text else offices
    return offices.order_by(OrgUnit.name_hi, OrgUnit.name_en, OrgUnit.id)


def counts_of(offices: Iterable[int], *, on: date, at: datetime) -> dict[int, OfficeCounts]:
    """The counts of these offices, by unit; one query. Closed accounts are among the officers and nowhere else."""

    def of(condition: peewee.Expression) -> peewee.Function:
        return peewee.fn.COUNT(peewee.Case(None, [(condition, Posting.officer)]).distinct())

    rows = (
        Posting.select(
            Posting.unit,
            peewee.fn.COUNT(Posting.officer.distinct()),
            of(HAS_PASSWORD),
            of(NO_PASSWORD & (OneTimeSecret.expires_at > at)),
            of(NO_PASSWORD & (OneTimeSecret.expires_at <= at)),
        )
        .join(User, LEFT, on=User.officer == Posting.officer)
        .join(OneTimeSecret, LEFT, on=UNUSED)
        .where(Posting.unit.in_(list(offices)) & is_held(on))
        .group_by(Posting.unit)
    )
    return {unit: OfficeCounts(*counts) for unit, *counts in rows.tuples()}


def counts_within(actor: Actor, *, on: date, at: datetime) -> OfficeCounts:
    """The counts of all offices within reach for slips, together."""
    found = counts_of((office.id for office in offices_for(actor, on=on)), on=on, at=at)
    return OfficeCounts(*(sum(column) for column in zip(*found.values(), strict=True)))


def officers_at(unit_id: int, *, on: date, at: datetime, standing: Standing | None = None) -> peewee.ModelSelect:
    """Officers posted in a unit itself on a day, as `OnTheWay`, by name; with `standing`, those who are so far."""
    posted = Posting.select(Posting.officer).where((Posting.unit == unit_id) & is_held(on))
    here = Officer.id.in_(posted) & Officer.merged_into.is_null()
    rows = _on_the_way(on).where(here).order_by(Officer.name_hi, Officer.name_en, Officer.id)
    return rows.where(_stands(standing, at)) if standing else rows


def waiting_for_slips(unit_id: int, *, on: date, at: datetime, again: bool) -> peewee.ModelSelect:
    """Officers of a unit without a password whom a slip may be printed for; without `again`, without one that works."""
    may_have = User.id.is_null() | (NO_PASSWORD & User.id.not_in(_holding_power(on)))
    rows = officers_at(unit_id, on=on, at=at).where(may_have)
    return rows if again else rows.where(OneTimeSecret.id.is_null() | (OneTimeSecret.expires_at <= at))


def on_the_way(officer_id: int, *, actor: Actor, on: date) -> OnTheWay | None:
    """One officer, if within the actor's reach for slips on that day."""
    scope = scope_of(actor, Permission.ACCOUNTS_ACTIVATE)
    return _on_the_way(on).where((Officer.id == officer_id) & officer_within(scope, Officer.id, on=on)).first()


def _on_the_way(on: date) -> peewee.ModelSelect:
    return (
        Officer.select(
            Officer.id,
            Officer.employee_code,
            Officer.name_hi,
            Officer.name_en,
            User.id.alias("user_id"),
            User.login,
            User.is_active,
            User.password_hash.is_null(False).alias("has_password"),
            OneTimeSecret.expires_at,
            User.id.in_(_holding_power(on)).alias("holds_power"),
        )
        .join(User, LEFT, on=User.officer == Officer.id)
        .join(OneTimeSecret, LEFT, on=UNUSED)
        .objects(OnTheWay)
    )


def _stands(standing: Standing, at: datetime) -> peewee.Expression:
    return {
        Standing.ACTIVE: HAS_PASSWORD,
        Standing.CLOSED: User.is_active == False,  # noqa: E712 - a column
        Standing.OUT: NO_PASSWORD & (OneTimeSecret.expires_at > at),
        Standing.EXPIRED: NO_PASSWORD & (OneTimeSecret.expires_at <= at),
        Standing.NONE: User.id.is_null() | (NO_PASSWORD & OneTimeSecret.id.is_null()),
    }[standing]


def _holding_power(on: date) -> peewee.ModelSelect:
    """Ids of accounts that hold a role beyond being an employee, on that day or later."""
    return RoleGrant.select(RoleGrant.user).where((RoleGrant.role != Role.EMPLOYEE.value) & _not_over(on))


def holds_power(user_id: int, *, on: date) -> bool:
    """True if an account holds, on that day or later, a role beyond being an employee."""
    return _holding_power(on).where(RoleGrant.user == user_id).exists()


def users_with_open_secrets(users: Sequence[int], *, at: datetime) -> set[int]:
    """Those of these accounts that were given a secret which still works."""
    rows = OneTimeSecret.select(OneTimeSecret.user).where(
        OneTimeSecret.user.in_(users) & OneTimeSecret.used_at.is_null() & (OneTimeSecret.expires_at > at)
    )
    return {user_id for (user_id,) in rows.tuples()}


def officers_with_accounts(officers: Sequence[int]) -> set[int]:
    """Those of these officers who have an account."""
    return {officer for (officer,) in User.select(User.officer).where(User.officer.in_(officers)).tuples()}


def has_key_alone(officer_id: int, kind: KeyKind, spellings: Sequence[str]) -> bool:
    """True if no other officer has this address or telephone, however it is spelled, by what any file ever said."""
    known = (OfficerKey.kind == kind) & OfficerKey.value.in_(spellings)
    return not OfficerKey.select().where(known & (OfficerKey.officer != officer_id)).exists()


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
