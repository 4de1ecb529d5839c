"""Verbs of accounts: making them, proving who one is, sessions, roles. One transaction and one trail entry each.

Passwords are hashed outside the transaction: a hash takes as long as fifty writes, and SQLite has one writer.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from threading import BoundedSemaphore
from typing import NamedTuple

import peewee
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import OneTimeSecret, RoleGrant, Session, SignInThrottle, User
from karmyogi.core.errors import KarmyogiError, NotAllowed, NotThere, RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import NOBODY, SYSTEM, Actor, Grant, Permission, Role, Tree, can
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import record

SESSIONS_KEPT = timedelta(days=90)


class SignInRefused(KarmyogiError):
    """Not signed in. Unknown name, wrong password, closed account and too many tries all look the same."""

    status = 422

    def __init__(self) -> None:
        super().__init__("sign_in_refused")


class SecretRefused(KarmyogiError):
    """A one-time secret that is unknown, used, too old, or of a closed account: all look the same."""

    status = 422

    def __init__(self) -> None:
        super().__init__("secret_refused")


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def create_user(
    login: str,
    *,
    by: Actor,
    name_hi: str = "",
    name_en: str = "",
    officer: Officer | None = None,
    language: str = "hi",
    is_demo: bool = False,
    at: datetime | None = None,
) -> User:
    """Make an account that cannot sign in yet: it needs a one-time secret first.

    Names left out are the officer's. `is_demo` marks the demo's cast. Raises NotAllowed, or RuleBroken when the name
    is odd or taken, or the officer has an account.
    """
    _check_may_write(by)
    at, login = at or now(), rules.login_of(login)
    with database.atomic():
        user = User(
            login=login,
            officer=officer,
            name_hi=name_hi or (officer.name_hi if officer else ""),
            name_en=name_en or (officer.name_en if officer else ""),
            language=language,
            is_demo=is_demo,
            created_at=at,
        )
        _check_new(user)
        user.save(force_insert=True)
        record(by, "account.create", user, {"login": login, "officer": user.officer_id, "is_demo": is_demo}, at=at)
    return user


def _check_new(user: User) -> None:
    """Two made at the same moment meet the tables' own constraints instead; nothing is written then either."""
    reasons = []
    if not rules.is_login(user.login):
        reasons.append(reason("login_odd"))
    if not (user.name_hi or user.name_en):
        reasons.append(reason("account_name_needed"))
    if queries.user_by_login(user.login):
        reasons.append(reason("login_taken"))
    if user.officer_id and User.select().where(User.officer == user.officer_id).exists():
        reasons.append(reason("account_officer_taken"))
    if reasons:
        raise RuleBroken(*reasons)


def close_account(user: User, *, by: Actor, at: datetime | None = None) -> None:
    """End all sessions of an account and let it sign in no more; its history stays. Raises NotAllowed."""
    _check_may_write(by)
    _check_not_own(user, by)
    at = at or now()
    with database.atomic():
        User.update(is_active=False).where(User.id == user.id).execute()
        ended = _end_sessions(user.id, at)
        record(by, "account.close", user, {"sessions_ended": ended}, at=at)
    user.is_active = False


def reopen_account(user: User, *, by: Actor, at: datetime | None = None) -> None:
    """Let a closed account sign in again. Raises NotAllowed."""
    _check_may_write(by)
    _check_not_own(user, by)
    with database.atomic():
        User.update(is_active=True).where(User.id == user.id).execute()
        record(by, "account.reopen", user, at=at)
    user.is_active = True


def account(login: str) -> User:
    """The account with this sign-in name, however it was typed. Raises NotThere."""
    user = queries.user_by_login(rules.login_of(login))
    if user is None:
        raise NotThere(reason("account_unknown", login=login))
    return user


def _check_may_write(by: Actor) -> None:
    if not can(by, Permission.ACCOUNTS_WRITE):
        raise NotAllowed("not_allowed")


def _check_not_own(user: User, by: Actor) -> None:
    is_own = by.user_id == user.id or (user.officer_id is not None and by.officer_id == user.officer_id)
    if is_own:
        raise NotAllowed("own_account")


def _self(user: User) -> Actor:
    """The person as the trail names them in what they do to their own account."""
    return Actor(user.id, str(user), user.officer_id)


# ── Passwords ────────────────────────────────────────────────────────────────────────────────────────────────────────

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_hashing = BoundedSemaphore(2)  # 19 MiB each: five hundred at once would be 9.5 GiB


def set_password(user: User, password: str, *, by: Actor, at: datetime | None = None) -> None:
    """Give one's own account a password; all its sessions end.

    Raises NotAllowed for anybody else's account (they are given a one-time secret instead), and RuleBroken with what
    is wrong with the password.
    """
    if by.user_id != user.id:
        raise NotAllowed("not_allowed")
    at, hashed = at or now(), _fit_hash(user, password)
    with database.atomic():
        ended = _store_password(user, hashed, at)
        record(by, "account.password", user, {"sessions_ended": ended}, at=at)


def change_password(
    user: User, current: str, new: str, *, address: str, agent: str = "", at: datetime | None = None
) -> str:
    """Change one's password, knowing the current one; every session ends and a new one begins, whose token is returned.

    Raises SignInRefused when the current password is wrong (it counts as a failed try), RuleBroken with what is wrong
    with the new one.
    """
    at = at or now()
    proof = _prove(user, user.login, current, address=address, at=at)
    hashed = _fit_hash(user, new)
    with database.atomic():
        _forgive(proof)
        ended = _store_password(user, hashed, at)
        token, _session = _new_session(user, address=address, agent=agent, at=at)
        record(_self(user), "account.password", user, {"sessions_ended": ended}, at=at)
    return token


def _fit_hash(user: User, password: str) -> str:
    reasons = rules.reasons_against_password(password, about=queries.texts_about(user))
    if reasons:
        raise RuleBroken(*reasons)
    return _hash(password)


def _hash(password: str) -> str:
    with _hashing:
        return _hasher.hash(rules.password_bytes(password))


@cache
def _nobodys_hash() -> str:
    """What a password is held against when there is nothing to hold it against, so that it takes as long."""
    return _hash(secrets.token_urlsafe())


def _matches(stored: str | None, password: str) -> bool:
    """True if the password is the stored one. The work is the same when nothing is stored, and the answer is no."""
    nobodys = _nobodys_hash()
    with _hashing:
        try:
            _hasher.verify(stored or nobodys, rules.password_bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def _store_password(user: User, hashed: str, at: datetime) -> int:
    """The number of sessions that ended with it."""
    User.update(password_hash=hashed).where(User.id == user.id).execute()
    user.password_hash = hashed
    return _end_sessions(user.id, at)


# ── One-time secrets ─────────────────────────────────────────────────────────────────────────────────────────────────


def make_first_secret(login: str, *, by: Actor, at: datetime | None = None) -> str:
    """A secret with which the owner of an account sets a password, once, within 72 hours; earlier ones die.

    It is returned for showing once; the database keeps its hash. Raises NotAllowed or NotThere.
    """
    _check_may_write(by)
    at, user = at or now(), account(login)
    text = rules.secret_text(secrets.token_bytes(rules.SECRET_BYTES))
    with database.atomic():
        _spend_secrets(user.id, at)
        OneTimeSecret.create(
            user=user,
            secret_hash=rules.hash_of(rules.secret_core(text)),
            made_at=at,
            expires_at=at + rules.SECRET_LIFE,
        )
        record(by, "account.secret", user, {"expires_at": at + rules.SECRET_LIFE}, at=at)
    return text


def use_secret(secret: str, password: str, *, address: str = "", at: datetime | None = None) -> User:
    """Set a password with a one-time secret, which is spent by it; every session of the account ends.

    Raises SecretRefused, or RuleBroken with what is wrong with the password: the secret is not spent then.
    """
    at = at or now()
    found = queries.open_secret(rules.hash_of(rules.secret_core(secret)), at=at)
    if found is None or not _address_is_free(address, at):
        _count_on_address(address, at)
        raise SecretRefused
    hashed = _fit_hash(found.user, password)
    with database.atomic():
        if not _spend(found, at):
            raise SecretRefused  # another browser was faster
        _spend_secrets(found.user_id, at)
        ended = _store_password(found.user, hashed, at)
        record(_self(found.user), "account.first_sign_in", found.user, {"sessions_ended": ended}, at=at)
    return found.user


def _spend(secret: OneTimeSecret, at: datetime) -> int:
    unused = (OneTimeSecret.id == secret.id) & OneTimeSecret.used_at.is_null()
    return OneTimeSecret.update(used_at=at).where(unused).execute()


def _spend_secrets(user_id: int, at: datetime) -> None:
    unused = (OneTimeSecret.user == user_id) & OneTimeSecret.used_at.is_null()
    OneTimeSecret.update(used_at=at).where(unused).execute()


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Proof:
    """Tries that were counted before the password was looked at, to be given back when it is right."""

    account_key: str
    pair_key: str
    address_key: str
    before: rules.Tries
    after: rules.Tries


def sign_in(login: str, password: str, *, address: str, agent: str = "", at: datetime | None = None) -> str:
    """Sign a person in: the new session's token, for the cookie alone.

    Raises SignInRefused, with one reason whatever was wrong and after the same work.
    """
    at, login = at or now(), rules.login_of(login)
    user = queries.user_by_login(login)
    proof = _prove(user, login, password, address=address, at=at)
    risen = _hash(password) if _hasher.check_needs_rehash(user.password_hash) else None
    with database.atomic():
        _forgive(proof)
        if risen:
            User.update(password_hash=risen).where(User.id == user.id).execute()
        token, session = _new_session(user, address=address, agent=agent, at=at)
        record(_self(user), "account.sign_in", session, {"failures_before": proof.before.failures}, at=at)
    return token


def sign_in_as_cast(login: str, *, address: str, agent: str = "", at: datetime | None = None) -> str:
    """Sign in as one of the demo's cast, without a password: the new session's token.

    The page sees to it that this is a demo on loopback. Raises SignInRefused for every real account.
    """
    user = queries.user_by_login(rules.login_of(login))
    if user is None or not user.is_demo or not user.is_active:
        raise SignInRefused
    return open_session(user, address=address, agent=agent, at=at)


def _prove(user: User | None, login: str, password: str, *, address: str, at: datetime) -> _Proof:
    """The try is counted first: a hundred at the same moment do not get a hundred answers.

    Raises SignInRefused.
    """
    proof, is_free = _take_try(user, login, address, at)
    stored = user.password_hash if user and user.is_active and is_free else None
    if not _matches(stored, password):
        _count_failure(user, proof, at)
        raise SignInRefused
    return proof


def _take_try(user: User | None, login: str, address: str, at: datetime) -> tuple[_Proof, bool]:
    """Count a try on the account and on this address's tries at it; False when one of the three must wait.

    A try that must wait is not counted, but writes as much: its refusal takes as long as any other.
    """
    name = str(user.id) if user else _unknown(login)
    account_key, address_key = f"account:{name}", f"address:{address}"
    pair_key = f"{account_key}@{address}"
    is_known = queries.has_signed_in_from(user.id if user else 0, address)
    with database.atomic():
        tries = _locked(account_key, pair_key, address_key)
        before, on_account = tries[pair_key], tries[account_key]
        watched = [before, tries[address_key]] + ([] if is_known else [on_account])
        is_free = not any(counted.must_wait(at) for counted in watched)
        after = rules.one_more(before, at=at) if is_free else before
        on_account = rules.one_more_within(rules.ON_ONE_ACCOUNT, on_account, at=at) if is_free else on_account
        _write({pair_key: after, account_key: on_account})
    return _Proof(account_key, pair_key, address_key, before, after), is_free


def _unknown(login: str) -> str:
    """A stand-in for a name nobody has: people type passwords here, so twenty bits are kept and no more."""
    return "?" + hashlib.sha256(login.encode("utf-8", "surrogatepass")).hexdigest()[:5]


def _count_failure(user: User | None, proof: _Proof, at: datetime) -> None:
    """Count a failure on its address, and tell the trail when the counts have grown enough to matter."""
    address = proof.address_key.removeprefix("address:")
    with database.atomic():
        _count_on_address(address, at)
        if rules.is_worth_telling(proof.before, proof.after):
            told = {"failures": proof.after.failures, "network": rules.prefix_of(address)}
            record(NOBODY, "account.sign_in_failed", user or "account", told, at=at)


def _count_on_address(address: str, at: datetime) -> None:
    key = f"address:{address}"
    with database.atomic():
        before = _locked(key)[key]
        after = rules.one_more_within(rules.FROM_ONE_ADDRESS, before, at=at)
        _write({key: after})
        if rules.is_a_siege(before, after, at=at):
            told = {"failures": after.failures, "network": rules.prefix_of(address)}
            record(NOBODY, "account.address_slowed", "address", told, at=at)


def _address_is_free(address: str, at: datetime) -> bool:
    row = SignInThrottle.get_or_none(SignInThrottle.key == f"address:{address}")
    return row is None or not _tries(row).must_wait(at)


def _forgive(proof: _Proof) -> None:
    """The password was right: this address's tries are forgotten, and the account gets back the one counted."""
    tries = _locked(proof.account_key, proof.pair_key)
    counted = tries[proof.account_key]
    given_back = rules.Tries(max(0, counted.failures - 1), counted.last_failed_at)
    _write({proof.pair_key: rules.Tries(), proof.account_key: given_back})


def _locked(*keys: str) -> dict[str, rules.Tries]:
    """The tries under these keys, held until the transaction ends; always taken in one order."""
    ordered = sorted(keys)
    SignInThrottle.insert_many([{"key": key, "failures": 0} for key in ordered]).on_conflict_ignore().execute()
    rows = SignInThrottle.select().where(SignInThrottle.key.in_(ordered)).order_by(SignInThrottle.key)
    rows = rows.for_update() if is_postgres() else rows  # SQLite has one writer anyway
    return {row.key: _tries(row) for row in rows}


def _tries(row: SignInThrottle) -> rules.Tries:
    return rules.Tries(row.failures, row.last_failed_at, row.blocked_until)


def _write(changed: Mapping[str, rules.Tries]) -> None:
    for key, tries in changed.items():
        SignInThrottle.update(asdict(tries)).where(SignInThrottle.key == key).execute()


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class LiveSession(NamedTuple):
    """A session that is alive, whose it is, and what they may do at this moment."""

    user: User
    session: Session
    actor: Actor


def open_session(user: User, *, address: str, agent: str = "", at: datetime | None = None) -> str:
    """Begin a session for a person who has just proved who they are: its token, 256 random bits, kept as a hash."""
    at = at or now()
    with database.atomic():
        token, session = _new_session(user, address=address, agent=agent, at=at)
        record(_self(user), "account.sign_in", session, at=at)
    return token


def find_session(token: str, *, at: datetime | None = None) -> LiveSession | None:
    """The live session behind a cookie, or None: ended, unused too long, too old, or its account closed.

    Two queries. Roles are read each time, so one taken away is gone at the very next request.
    """
    at = at or now()
    session = queries.session_of(rules.hash_of(token))
    if session is None:
        return None
    actor = actor_of(session.user, on=at.astimezone(IST).date())
    life = rules.session_life(actor.roles)
    if not rules.is_live(session.created_at, session.touched_at, life, at=at):
        return None
    return LiveSession(session.user, session, actor)


def sessions_of(user: User, *, at: datetime | None = None) -> list[Session]:
    """The sessions of one person that are alive, the last used first."""
    at = at or now()
    life = rules.session_life(actor_of(user, on=at.astimezone(IST).date()).roles)
    opened = queries.open_sessions(user.id)
    return [session for session in opened if rules.is_live(session.created_at, session.touched_at, life, at=at)]


def touch(session: Session, *, at: datetime | None = None) -> None:
    """Note that a session is in use, at most every five minutes; a busy database is no reason to fail a page."""
    at = at or now()
    if at - session.touched_at < rules.TOUCH_EVERY:
        return
    with suppress(peewee.OperationalError), _impatient():
        Session.update(touched_at=at).where((Session.id == session.id) & Session.ended_at.is_null()).execute()


def end_session(session: Session, *, by: Actor, at: datetime | None = None) -> None:
    """End one session: one's own, or anybody's for those who look after accounts. Ending it twice changes nothing.

    Raises NotAllowed.
    """
    if by.user_id != session.user_id:
        _check_may_write(by)
    at = at or now()
    with database.atomic():
        is_open = (Session.id == session.id) & Session.ended_at.is_null()
        if Session.update(ended_at=at).where(is_open).execute():
            record(by, "account.sign_out", session, at=at)


def end_all_sessions(user: User, *, by: Actor, keep: Session | None = None, at: datetime | None = None) -> int:
    """End every session of a person but one: the number ended. Raises NotAllowed."""
    if by.user_id != user.id:
        _check_may_write(by)
    at = at or now()
    with database.atomic():
        ended = _end_sessions(user.id, at, keep=keep)
        record(by, "account.sign_out_all", user, {"sessions_ended": ended}, at=at)
    return ended


def forget_old(*, at: datetime | None = None) -> dict[str, int]:
    """Clear away what has served its time: tries quiet for a day, sessions over for ninety days. Returns the counts."""
    at = at or now()
    with database.atomic():
        quiet = SignInThrottle.last_failed_at.is_null() | (SignInThrottle.last_failed_at < at - rules.FORGOTTEN_AFTER)
        long_over = (Session.ended_at < at - SESSIONS_KEPT) | (Session.touched_at < at - SESSIONS_KEPT)
        counts = {
            "tries": SignInThrottle.delete().where(quiet).execute(),
            "sessions": Session.delete().where(long_over).execute(),
        }
        record(SYSTEM, "account.forget_old", "session", counts, at=at)
    return counts


def _new_session(user: User, *, address: str, agent: str, at: datetime) -> tuple[str, Session]:
    token = secrets.token_urlsafe(32)
    session = Session.create(
        token_hash=rules.hash_of(token), user=user, created_at=at, touched_at=at, address=address, agent=agent[:300]
    )
    return token, session


def _end_sessions(user_id: int, at: datetime, *, keep: Session | None = None) -> int:
    mine = (Session.user == user_id) & Session.ended_at.is_null()
    if keep is not None:
        mine &= Session.id != keep.id
    return Session.update(ended_at=at).where(mine).execute()


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait for no lock: not ten seconds for SQLite's one writer, not for a row that PostgreSQL holds."""
    if is_postgres():
        with database.atomic():
            database.execute_sql("SET LOCAL lock_timeout = '50ms'")
            yield
        return
    database.execute_sql("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        database.execute_sql("PRAGMA busy_timeout = 10000")


# ── Roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def actor_of(user: User, *, on: date) -> Actor:
    """The person with the roles they hold on a day; an officer is an employee without being made one. One query.

    A role that needs a unit and has none, or whose unit does not stand in its tree, gives nothing.
    """
    own = [Grant(Role.EMPLOYEE)] if user.officer_id is not None else []
    held = (_grant_of(row) for row in queries.grants_in_force(user.id, on=on))
    return Actor(user.id, str(user), user.officer_id, tuple(dict.fromkeys([*own, *filter(None, held)])))


def _grant_of(row: RoleGrant) -> Grant | None:
    role, tree = Role(row.role), Tree(row.tree)
    path = _path(row.unit, tree) if row.unit_id else None
    if path is None and rules.needs_unit(role):
        return None
    return Grant(role, path or "/", tree)


def _path(unit: OrgUnit, tree: Tree) -> str | None:
    path = unit.line_path if tree is Tree.LINE else unit.territory_path
    return path if rules.stands_in_tree(unit.id, path) else None


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
    _check_may_write(by)
    _check_not_own(user, by)
    at, tree = at or now(), tree or rules.usual_tree(role)
    from_on = from_on or at.astimezone(IST).date()
    with database.atomic():
        _hold(user)
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
        _end_sessions(user.id, at)
        record(by, "account.grant", user, _told(grant), at=at)
    return grant


def end_grant(grant: RoleGrant, *, by: Actor, at: datetime | None = None) -> None:
    """Take a role away, from this moment; the person's sessions end.

    Raises NotAllowed (also for one's own role), or RuleBroken if it was taken away before.
    """
    _check_may_write(by)
    _check_not_own(grant.user, by)
    at = at or now()
    with database.atomic():
        in_force = (RoleGrant.id == grant.id) & RoleGrant.ended_at.is_null()
        if not RoleGrant.update(ended_at=at).where(in_force).execute():
            raise RuleBroken("grant_ended")
        _end_sessions(grant.user_id, at)
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
    if unit is not None and _path(unit, tree) is None:
        reasons.append(reason("grant_unit_elsewhere"))
    if _is_among(held, role, unit, tree):
        reasons.append(reason("grant_held"))
    if reasons:
        raise RuleBroken(*reasons)


def _is_among(held: Iterable[RoleGrant], role: Role, unit: OrgUnit | None, tree: Tree) -> bool:
    wanted = (role.value, unit.id if unit else None, tree.value)
    return any((grant.role, grant.unit_id, grant.tree) == wanted for grant in held)


def _hold(user: User) -> None:
    """Two who grant to one person at the same moment come one after the other; SQLite has one writer anyway."""
    if is_postgres():
        User.select(User.id).where(User.id == user.id).for_update().execute()


def _told(grant: RoleGrant) -> dict[str, object]:
    return {
        "role": grant.role,
        "unit": grant.unit_id,
        "tree": grant.tree,
        "from_on": grant.from_on,
        "to_on": grant.to_on,
        "is_in_charge": grant.is_in_charge,
    }
