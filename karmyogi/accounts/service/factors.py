"""The second factor: set up, shown, stood in for by a recovery code, taken away.

Each is one transaction with one trail entry. Whatever is shown here gives the session another token, so that one taken
before opens nothing.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import Authenticator, RecoveryCode, Session, User
from karmyogi.accounts.rules import factors
from karmyogi.accounts.service.actors import check_may_write, check_not_own, hold, self_of
from karmyogi.accounts.service.letters import tell_of_reset
from karmyogi.accounts.service.passwords import prove
from karmyogi.accounts.service.sessions import LiveSession, end_sessions, renew
from karmyogi.accounts.service.slips import new_code, spend_secrets
from karmyogi.accounts.service.throttle import Proof, count_failure, forgive, take_try_at
from karmyogi.core.errors import KarmyogiError, NotAllowed, NotThere, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import Reason, reason
from karmyogi.store import seals
from karmyogi.store.db import database
from karmyogi.store.trail import record

APP, RECOVERY, PASSWORD, CAST = "factor", "recovery", "password", "cast"
logger = logging.getLogger("karmyogi")


class CodeRefused(KarmyogiError):
    """The code was not right, or too many were tried."""

    status = 422


class SetUp(NamedTuple):
    """The session's new token, and the recovery codes, which are shown now and never again."""

    token: str
    codes: Sequence[str]


def offered_seed(session: Session) -> bytes:
    """The seed that a session is offered for setting up: the same until its token changes, and stored nowhere."""
    return seals.drawn_from(f"seed of session {session.token_hash}", factors.SEED_BYTES)


def set_up_factor(live: LiveSession, typed: str, *, address: str, at: datetime | None = None) -> SetUp:
    """Take the offered seed for the account once a code of it was typed; every other session of the person ends.

    Raises CodeRefused, with the clock of the telephone as the reason if that alone makes the code wrong, and RuleBroken
    for who has a second factor already.
    """
    at, user, seed = at or now(), live.user, offered_seed(live.session)
    proof, step = _take(APP, user, address, at), factors.step_of(seed, typed, at=at)
    if step is None or proof is None:
        _count_refusal(user, proof, at)
        raise CodeRefused(_why_not(seed, typed, at) if proof else "code_refused")
    with database.atomic():
        forgive(proof)
        hold(user)
        if queries.authenticator_of(user.id):
            raise RuleBroken("factor_exists")
        sealed = seals.seal(seed, owner=_owner(user))
        Authenticator.create(user=user, sealed_seed=sealed, last_step=step, made_at=at)
        codes, token = _give_codes(user, at), _renewed(live, at)
        ended = end_sessions(user.id, at, keep=live.session)
        record(self_of(user), "account.factor", user, {"codes": len(codes), "sessions_ended": ended}, at=at)
    return SetUp(token, codes)


def _why_not(seed: bytes, typed: str, at: datetime) -> Reason:
    minutes = factors.clock_off(seed, typed, at=at)
    if not minutes:
        return reason("code_refused")
    return reason("clock_is_fast" if minutes > 0 else "clock_is_slow", minutes=abs(minutes))


def prove_by_app(live: LiveSession, typed: str, *, address: str, at: datetime | None = None) -> str:
    """Show the second factor by a code of the app, each step of which works once: the session's new token.

    Raises CodeRefused.
    """
    at, user = at or now(), live.user
    proof, found = _take(APP, user, address, at), queries.authenticator_of(user.id)
    step = factors.step_of(_seed_of(found), typed, at=at) if found else None
    if step is None or proof is None or found is None:
        _count_refusal(user, proof, at)
        raise CodeRefused("code_refused")
    with database.atomic():
        forgive(proof)
        later = (Authenticator.id == found.id) & (Authenticator.last_step < step)
        if not Authenticator.update(last_step=step).where(later).execute():
            raise CodeRefused("code_refused")  # used before, by whoever was faster
        return _proved(live, {"by": APP}, at)


def prove_by_recovery(live: LiveSession, typed: str, *, address: str, at: datetime | None = None) -> str:
    """Show a recovery code in place of the app, which spends it: the session's new token. Raises CodeRefused."""
    at, user = at or now(), live.user
    proof = _take(RECOVERY, user, address, at)
    unused = (RecoveryCode.user == user) & RecoveryCode.used_at.is_null()
    this = unused & (RecoveryCode.code_hash == rules.hash_of_secret(user.id, typed))
    if proof is None or not RecoveryCode.select().where(this).exists():
        _count_refusal(user, proof, at)
        raise CodeRefused("recovery_refused")
    with database.atomic():
        forgive(proof)
        if not RecoveryCode.update(used_at=at).where(this).execute():
            raise CodeRefused("recovery_refused")  # another browser was faster
        return _proved(live, {"by": RECOVERY, "codes_left": queries.recovery_codes_left(user.id)}, at)


def prove_by_password(live: LiveSession, password: str, *, address: str, at: datetime | None = None) -> str:
    """Show the password once more, for who has no second factor and needs none: the session's new token.

    Raises SignInRefused, or NotAllowed for who has a second factor or must have one.
    """
    at, user = at or now(), live.user
    if live.stage or queries.authenticator_of(user.id):
        raise NotAllowed("not_allowed")
    proof = prove(user, user.login, password, address=address, at=at)
    with database.atomic():
        forgive(proof)
        return _proved(live, {"by": PASSWORD}, at)


def prove_as_cast(live: LiveSession, *, at: datetime | None = None) -> str:
    """One click of the demo's cast, who have neither password nor telephone: the session's new token.

    The page sees to it that this is a demo on loopback. Raises NotAllowed for every real account.
    """
    if live.stage or not live.user.is_demo:
        raise NotAllowed("not_allowed")
    with database.atomic():
        return _proved(live, {"by": CAST}, at or now())


def new_recovery_codes(user: User, *, at: datetime | None = None) -> Sequence[str]:
    """Ten new recovery codes for one's own account, to be shown once; the earlier ones die. Raises NotThere."""
    at = at or now()
    with database.atomic():
        hold(user)
        _factor(user)
        codes = _give_codes(user, at)
        record(self_of(user), "account.recovery_codes", user, {"codes": len(codes)}, at=at)
    return codes


def remove_factor(live: LiveSession, *, at: datetime | None = None) -> str:
    """Take away one's own second factor: the session's new token. Every other session ends. Raises NotThere.

    Whose roles demand one sets up the next before anything else.
    """
    at, user = at or now(), live.user
    with database.atomic():
        hold(user)
        _forget(_factor(user))
        token = _renewed(live, None)
        ended = end_sessions(user.id, at, keep=live.session)
        record(self_of(user), "account.factor_removed", user, {"sessions_ended": ended}, at=at)
    return token


def reset_factor(user: User, *, by: Actor, at: datetime | None = None) -> None:
    """Take away second factor and password of somebody who lost telephone and codes; their sessions end, they are told.

    With the password left, it alone would let whoever knows it set up a telephone of their own; so the owner begins
    anew, by a one-time code. Raises NotAllowed, also for one's own account, and NotThere.
    """
    check_may_write(by)
    check_not_own(user, by)
    at = at or now()
    with database.atomic():
        hold(user)
        _forget(_factor(user))
        User.update(factor_reset_at=at, password_hash=None).where(User.id == user.id).execute()
        spend_secrets([user.id], at)
        ended = end_sessions(user.id, at)
        record(by, "account.factor_reset", user, {"sessions_ended": ended}, at=at)
        tell_of_reset(user, by=by, at=at)
    user.factor_reset_at, user.password_hash = at, None


def _take(what: str, user: User, address: str, at: datetime) -> Proof | None:
    """The try, counted before anything is looked at; None if it must wait."""
    proof, is_free = take_try_at(what, user, address, at)
    return proof if is_free else None


def _count_refusal(user: User, proof: Proof | None, at: datetime) -> None:
    """A try that had to wait was not counted, and is not now."""
    if proof:
        count_failure(user, proof, at, action="account.prove_failed")


def _owner(user: User) -> str:
    return f"authenticator of account {user.id}"


def _seed_of(found: Authenticator) -> bytes:
    """A seal that does not open gives a seed that no app has: recovery codes still work, and the log says why."""
    try:
        return seals.open_seal(found.sealed_seed, owner=_owner(found.user))
    except seals.SealBroken:
        logger.error("a second factor cannot be opened: factor.key is not the one that it was sealed with")
        return seals.drawn_from(f"no seed of {found.id}", factors.SEED_BYTES)


def _factor(user: User) -> Authenticator:
    found = queries.authenticator_of(user.id)
    if found is None:
        raise NotThere("not_there")
    return found


def _forget(found: Authenticator) -> None:
    RecoveryCode.delete().where(RecoveryCode.user == found.user_id).execute()
    found.delete_instance()


def _give_codes(user: User, at: datetime) -> Sequence[str]:
    codes = [new_code(factors.RECOVERY_BYTES) for _each in range(factors.RECOVERY_CODES)]
    RecoveryCode.delete().where(RecoveryCode.user == user).execute()
    rows = [{"user": user, "code_hash": rules.hash_of_secret(user.id, code), "made_at": at} for code in codes]
    RecoveryCode.insert_many(rows).execute()
    return codes


def _proved(live: LiveSession, told: Mapping[str, object], at: datetime) -> str:
    """The new token of a session in which more was shown, in the transaction of that."""
    token = _renewed(live, at)
    record(self_of(live.user), "account.prove", live.session, told, at=at)
    return token


def _renewed(live: LiveSession, proved_at: datetime | None) -> str:
    token = renew(live.session, proved_at=proved_at)
    if token is None:
        raise CodeRefused("code_refused")  # signed out elsewhere meanwhile
    return token
