"""Passwords, and signing in with one.

They are hashed outside the transaction: a hash takes as long as fifty writes, and SQLite has one writer.
"""

import secrets
from datetime import datetime
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import User
from karmyogi.accounts.service.actors import self_of
from karmyogi.accounts.service.sessions import end_sessions, new_session, open_session
from karmyogi.accounts.service.throttle import Proof, count_failure, forgive, take_try
from karmyogi.core.errors import KarmyogiError, NotAllowed, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.store.db import database
from karmyogi.store.trail import record

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_hashing = BoundedSemaphore(2)  # 19 MiB each: five hundred at once would be 9.5 GiB


class SignInRefused(KarmyogiError):
    """Not signed in. Unknown name, wrong password, closed account and too many tries all look the same."""

    status = 422

    def __init__(self) -> None:
        super().__init__("sign_in_refused")


def sign_in(login: str, password: str, *, address: str, agent: str = "", at: datetime | None = None) -> str:
    """Sign a person in by their password: the new session's token, for the cookie alone.

    Who has a second factor, or whose roles demand one, can do nothing with it before that is shown too.
    Raises SignInRefused, with one reason whatever was wrong and after the same work, and GaveWay, to who has the right
    password alone, if the record behind the account gave way to another.
    """
    at, login = at or now(), rules.login_of(login)
    user = queries.user_by_login(login)
    proof = prove(user, login, password, address=address, at=at)
    risen = hash_of_password(password) if _hasher.check_needs_rehash(user.password_hash) else None
    with database.atomic():
        forgive(proof)
        if risen:
            User.update(password_hash=risen).where(User.id == user.id).execute()
        token, session = new_session(user, address=address, agent=agent, at=at)
        record(self_of(user), "account.sign_in", session, {"failures_before": proof.before.failures}, at=at)
    return token


def sign_in_as_cast(login: str, *, address: str, agent: str = "", at: datetime | None = None) -> str:
    """Sign in as one of the demo's cast, without a password: the new session's token.

    The page sees to it that this is a demo on loopback; the session counts as one in which a second factor was shown.
    Raises SignInRefused for every real account.
    """
    at, user = at or now(), queries.user_by_login(rules.login_of(login))
    if user is None or not user.is_demo or not user.is_active:
        raise SignInRefused
    return open_session(user, address=address, agent=agent, proved_at=at, at=at)


def set_password(user: User, password: str, *, by: Actor, at: datetime | None = None) -> None:
    """Give one's own account a password; all its sessions end.

    Raises NotAllowed for anybody else's account (they are given a one-time secret instead), and RuleBroken with what
    is wrong with the password.
    """
    if by.user_id != user.id:
        raise NotAllowed("not_allowed")
    at, hashed = at or now(), fit_hash(user, password)
    with database.atomic():
        ended = store_password(user, hashed, at)
        record(by, "account.password", user, {"sessions_ended": ended}, at=at)


def change_password(
    user: User,
    current: str,
    new: str,
    *,
    address: str,
    agent: str = "",
    proved_at: datetime | None = None,
    at: datetime | None = None,
) -> str:
    """Change one's password, knowing the current one; every session ends and a new one begins, whose token is returned.

    `proved_at` is when more than a password was last shown in the session in which this is asked.

    Raises SignInRefused when the current password is wrong (it counts as a failed try), RuleBroken with what is wrong
    with the new one.
    """
    at = at or now()
    proof = prove(user, user.login, current, address=address, at=at)
    hashed = fit_hash(user, new)
    with database.atomic():
        forgive(proof)
        ended = store_password(user, hashed, at)
        token, _session = new_session(user, address=address, agent=agent, proved_at=proved_at, at=at)
        record(self_of(user), "account.password", user, {"sessions_ended": ended}, at=at)
    return token


def prove(user: User | None, login: str, password: str, *, address: str, at: datetime) -> Proof:
    """The try is counted first: a hundred at the same moment do not get a hundred answers.

    Raises SignInRefused.
    """
    proof, is_free = take_try(user, login, address, at)
    stored = user.password_hash if user and user.is_active and is_free else None
    if not matches(stored, password):
        count_failure(user, proof, at)
        raise SignInRefused
    return proof


def fit_hash(user: User, password: str) -> str:
    """What is stored of a new password. Raises RuleBroken with what is wrong with it."""
    reasons = rules.reasons_against_password(password, about=queries.texts_about(user))
    if reasons:
        raise RuleBroken(*reasons)
    return hash_of_password(password)


def hash_of_password(password: str) -> str:
    """What is stored of a password, whatever it is."""
    with _hashing:
        return _hasher.hash(rules.password_bytes(password))


@cache
def _nobodys_hash() -> str:
    """What a password is held against when there is nothing to hold it against, so that it takes as long."""
    return hash_of_password(secrets.token_urlsafe())


def matches(stored: str | None, password: str) -> bool:
    """True if the password is the stored one. The work is the same when nothing is stored, and the answer is no."""
    nobodys = _nobodys_hash()
    with _hashing:
        try:
            _hasher.verify(stored or nobodys, rules.password_bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def store_password(user: User, hashed: str, at: datetime) -> int:
    """The number of sessions that ended with it."""
    User.update(password_hash=hashed).where(User.id == user.id).execute()
    user.password_hash = hashed
    return end_sessions(user.id, at)
