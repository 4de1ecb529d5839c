"""One-time secrets: the slip that lets an officer in for the first time or again, and what an administrator hands over.

An account is made when its first slip is printed, not when the slip is used: a role can then be given before the first
sign-in, and a slip that is used needs no more rights than any other password. Its sign-in name is the employee code.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import OneTimeSecret, User
from karmyogi.accounts.queries import OnTheWay
from karmyogi.accounts.rules import Standing
from karmyogi.accounts.service.actors import check_may_write, check_stands, hold, self_of
from karmyogi.accounts.service.passwords import fit_hash, store_password
from karmyogi.accounts.service.throttle import count_failure, forgive, take_try
from karmyogi.accounts.service.users import account
from karmyogi.core.errors import KarmyogiError, NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Permission, covers
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import record

AT_ONCE = 1000  # rows of one statement


class SecretRefused(KarmyogiError):
    """A sign-in name and a one-time secret that do not open an account, whatever the reason: all look the same."""

    status = 422

    def __init__(self) -> None:
        super().__init__("secret_refused")


class Which(StrEnum):
    """Whose slips to print: of those who have none that works, or of all, which gives up the ones that were printed."""

    NEW = "new"
    ALL = "all"


@dataclass(frozen=True)
class Slip:
    """What is printed for one person and shown once: their names, how they sign in, and the code."""

    name_hi: str
    name_en: str
    employee_code: str
    login: str
    code: str


@dataclass(frozen=True)
class Print:
    """The slips of one print, the last day on which they work, and how many officers no account could be made for."""

    slips: Sequence[Slip]
    until: date
    left_out: int = 0


def print_slips(unit: OrgUnit, which: Which, *, by: Actor, at: datetime | None = None) -> Print:
    """A slip for each officer of an office who has not set a password yet, at most 3,000 at once, by name.

    Accounts are made where there are none; slips printed before for the same officers die. Who holds a role is left to
    a system administrator. Raises NotAllowed outside one's reach, and RuleBroken when there is nobody to print for.
    """
    _check_reach(unit, by)
    at = at or now()
    on = at.astimezone(IST).date()
    with database.atomic():
        waiting = list(queries.waiting_for_slips(unit.id, on=on, at=at, again=which is Which.ALL))
        printed = _print(waiting[: rules.MOST_SLIPS], on=on, at=at, keep_open=which is Which.NEW)
        if not printed.slips:
            raise RuleBroken("slip_no_login" if printed.left_out else "slips_none")
        told = {"slips": len(printed.slips), "left_out": printed.left_out, "until": printed.until, "which": which.value}
        record(by, "account.slips", unit, told, at=at)
    return printed


def print_slip(officer: Officer, seen: str, *, by: Actor, at: datetime | None = None) -> Print:
    """One officer's slip; for who has an account it is the way to a new password, and the old one works until then.

    `seen` is the officer's standing as the page said it. Raises NotAllowed outside one's reach, WrongState when the
    standing is another by now, and RuleBroken when a role is held, the account is closed or the record gave way.
    """
    at = at or now()
    on = at.astimezone(IST).date()
    with database.atomic():
        found = queries.on_the_way(officer.id, actor=by, on=on)
        if found is None:
            raise NotAllowed("not_allowed")
        check_stands(officer.id)
        _check_slip(found, seen, at=at)
        printed = _print([found], on=on, at=at)
        if not printed.slips:
            raise RuleBroken("slip_no_login")
        record(by, "account.slip", officer, {"standing": seen, "until": printed.until}, at=at)
    return printed


def _check_reach(unit: OrgUnit, by: Actor) -> None:
    paths = {"line_path": unit.line_path, "territory_path": unit.territory_path}
    if not covers(by, Permission.ACCOUNTS_ACTIVATE, officer_id=None, **paths):
        raise NotAllowed("not_allowed")


def _check_slip(found: OnTheWay, seen: str, *, at: datetime) -> None:
    standing = found.standing(at)
    if standing is Standing.CLOSED:
        raise RuleBroken("slip_closed")
    if found.holds_power:
        raise RuleBroken("slip_reserved")
    if standing.value != seen:
        raise WrongState("slip_moved_on")


def _print(officers: Sequence[OnTheWay], *, on: date, at: datetime, keep_open: bool = False) -> Print:
    """The order of locks is the same for everybody, so of two prints at once the later one finds what the first did."""
    _make_accounts([one for one in officers if one.user_id is None], at)
    accounts = _held_accounts(officers)
    if keep_open:
        still = queries.users_with_open_secrets([user.id for user in accounts.values()], at=at)
        accounts = {officer: user for officer, user in accounts.items() if user.id not in still}
    until = rules.slip_days(on)
    codes = {user.id: new_code(rules.SLIP_BYTES) for user in accounts.values()}
    _keep(codes, at=at, expires_at=rules.end_of(until))
    slips = [_slip(one, accounts[one.id], codes) for one in officers if one.id in accounts]
    known = queries.officers_with_accounts([one.id for one in officers if one.user_id is None])
    left_out = sum(one.user_id is None and one.id not in known for one in officers)
    return Print(slips, until, left_out)


def _slip(one: OnTheWay, user: User, codes: dict[int, str]) -> Slip:
    return Slip(one.name_hi, one.name_en, one.employee_code, user.login, codes[user.id])


def _make_accounts(officers: Iterable[OnTheWay], at: datetime) -> None:
    """Whose code is no sign-in name, or somebody else's, gets none; the page says how many those are."""
    rows = [
        {
            "login": rules.login_of(one.employee_code),
            "officer": one.id,
            "name_hi": one.name_hi,
            "name_en": one.name_en,
            "created_at": at,
        }
        for one in sorted(officers, key=lambda one: one.id)
        if rules.is_login(rules.login_of(one.employee_code))
    ]
    for part in _parts(rows):
        User.insert_many(part).on_conflict_ignore().execute()


def _held_accounts(officers: Sequence[OnTheWay]) -> dict[int, User]:
    """The open accounts of these officers, each held until the transaction ends, by officer.

    Who has set a password since they were looked at is left out: the slip would be one for a new password.
    """
    had_password = {one.id: one.has_password for one in officers}
    found = {}
    for part in _parts(sorted(had_password)):
        rows = User.select().where(User.officer.in_(part) & User.is_active).order_by(User.id)
        for user in rows.for_update() if is_postgres() else rows:  # SQLite has one writer anyway
            if user.password_hash is None or had_password[user.officer_id]:
                found[user.officer_id] = user
    return found


def _keep(codes: dict[int, str], *, at: datetime, expires_at: datetime) -> None:
    """Store the hashes of codes, and give up what the same accounts were given before."""
    for part in _parts(sorted(codes)):
        spend_secrets(part, at)
        rows = [
            {
                "user": user_id,
                "secret_hash": rules.hash_of_secret(user_id, codes[user_id]),
                "made_at": at,
                "expires_at": expires_at,
            }
            for user_id in part
        ]
        OneTimeSecret.insert_many(rows).execute()


def _parts(rows: Sequence) -> Iterator[Sequence]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def new_code(random_bytes: int) -> str:
    """A one-time code as it is shown, in groups of four."""
    return rules.secret_text(secrets.token_bytes(random_bytes))


def make_first_secret(login: str, *, by: Actor, at: datetime | None = None) -> str:
    """A secret with which the owner of an account sets a password, once, within 72 hours; earlier ones die.

    It is returned for showing once; the database keeps its hash. Raises NotAllowed, NotThere, or GaveWay if the
    record behind the account gave way to another.
    """
    check_may_write(by)
    at, user = at or now(), account(login)
    with database.atomic():
        check_stands(user.officer_id)
        text = give_secret(user, size=rules.SECRET_BYTES, expires_at=at + rules.SECRET_LIFE, at=at)
        record(by, "account.secret", user, {"expires_at": at + rules.SECRET_LIFE}, at=at)
    return text


def give_secret(user: User, *, size: int, expires_at: datetime, at: datetime) -> str:
    """A new secret for one account, in the transaction of the act it belongs to; earlier ones die."""
    text = new_code(size)
    hold(user)
    _keep({user.id: text}, at=at, expires_at=expires_at)
    return text


def use_secret(login: str, secret: str, password: str, *, address: str = "", at: datetime | None = None) -> User:
    """Set a password with a one-time secret, which is spent by it; every session of the account ends.

    `login` is the sign-in name or the employee code. Tries are counted as those of signing in are. Raises
    SecretRefused; GaveWay, to who has the right code, if the record gave way to another; or RuleBroken with what is
    wrong with the password: the secret is not spent then.
    """
    at, login = at or now(), rules.login_of(login)
    user = queries.account_named(login)
    proof, is_free = take_try(user, login, address, at)
    user_id = user.id if user else 0
    found = queries.open_secret(user_id, rules.hash_of_secret(user_id, secret), at=at)
    if found is None or not is_free:
        count_failure(user, proof, at)
        raise SecretRefused
    with database.atomic():
        forgive(proof)
    check_stands(found.user.officer_id)
    hashed = fit_hash(found.user, password)
    with database.atomic():
        if not _spend(found, at):
            raise SecretRefused  # another browser was faster
        spend_secrets([found.user_id], at)
        ended = store_password(found.user, hashed, at)
        record(self_of(found.user), "account.first_sign_in", found.user, {"sessions_ended": ended}, at=at)
    return found.user


def _spend(secret: OneTimeSecret, at: datetime) -> int:
    unused = (OneTimeSecret.id == secret.id) & OneTimeSecret.used_at.is_null()
    return OneTimeSecret.update(used_at=at).where(unused).execute()


def spend_secrets(users: Sequence[int], at: datetime) -> int:
    """Give up what these accounts were given and have not used: how many that were."""
    unused = OneTimeSecret.user.in_(users) & OneTimeSecret.used_at.is_null()
    return OneTimeSecret.update(used_at=at).where(unused).execute()
