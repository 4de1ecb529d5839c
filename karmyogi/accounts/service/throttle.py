"""Failed tries, counted in the database: so many on one account, from one address, and of one on the other."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import SignInThrottle, User
from karmyogi.core.permissions import NOBODY
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import personal, record


@dataclass(frozen=True)
class Proof:
    """Tries that were counted before the password was looked at, to be given back when it is right."""

    account_key: str
    pair_key: str
    address_key: str
    before: rules.Tries
    after: rules.Tries


def take_try(user: User | None, login: str, address: str, at: datetime) -> tuple[Proof, bool]:
    """Count a try on the account and on this address's tries at it; False when one of the three must wait.

    A try that must wait is not counted, but writes as much: its refusal takes as long as any other. The tries of all on
    the account do not slow who has signed in from this address before.
    """
    is_known = queries.has_signed_in_from(user.id if user else 0, address)
    return _take(f"account:{name_of(user, login)}", address, is_known=is_known, at=at)


def take_try_at(what: str, user: User, address: str, at: datetime) -> tuple[Proof, bool]:
    """Count a try at what comes after the password; the password being right forgives none of them.

    Whoever tries has signed in, so nobody counts as known here.
    """
    return _take(f"{what}:{user.id}", address, is_known=False, at=at)


def _take(account_key: str, address: str, *, is_known: bool, at: datetime) -> tuple[Proof, bool]:
    address_key, pair_key = f"address:{address}", f"{account_key}@{address}"
    with database.atomic():
        tries = locked(account_key, pair_key, address_key)
        before, on_account = tries[pair_key], tries[account_key]
        watched = [before, tries[address_key]] + ([] if is_known else [on_account])
        is_free = not any(counted.must_wait(at) for counted in watched)
        after = rules.one_more(before, at=at) if is_free else before
        on_account = rules.one_more_within(rules.ON_ONE_ACCOUNT, on_account, at=at) if is_free else on_account
        write({pair_key: after, account_key: on_account})
    return Proof(account_key, pair_key, address_key, before, after), is_free


def name_of(user: User | None, login: str) -> str:
    """What counts are kept under: the account, or a stand-in for a name that nobody has.

    People type passwords where a name is asked for, so twenty bits are kept of it and no more.
    """
    return str(user.id) if user else "?" + hashlib.sha256(login.encode("utf-8", "surrogatepass")).hexdigest()[:5]


def count_failure(user: User | None, proof: Proof, at: datetime, *, action: str = "account.sign_in_failed") -> None:
    """Count a failure on its address, and tell the trail when the counts have grown enough to matter."""
    address = proof.address_key.removeprefix("address:")
    with database.atomic():
        count_on_address(address, at)
        if rules.is_worth_telling(proof.before, proof.after):
            told = {"failures": proof.after.failures, "network": personal(rules.prefix_of(address))}
            record(NOBODY, action, user or "account", told, at=at)


def count_on_address(address: str, at: datetime) -> None:
    """Count a failure on an address, and tell the trail when that is a siege."""
    key = f"address:{address}"
    with database.atomic():
        before = locked(key)[key]
        after = rules.one_more_within(rules.FROM_ONE_ADDRESS, before, at=at)
        write({key: after})
        if rules.is_a_siege(before, after, at=at):
            told = {"failures": after.failures, "network": personal(rules.prefix_of(address))}
            record(NOBODY, "account.address_slowed", "address", told, at=at)


def pass_within(allowances: Mapping[str, rules.Allowance], *, at: datetime) -> bool:
    """Count one under each of these keys, inside the caller's transaction; False, and not counted, if one is full."""
    tries = locked(*allowances)
    is_free = not any(counted.must_wait(at) for counted in tries.values())
    after = {key: rules.one_more_within(allowances[key], tries[key], at=at) for key in allowances}
    write(after if is_free else tries)
    return is_free


def forgive(proof: Proof) -> None:
    """The password was right: this address's tries are forgotten, and the account gets back the one counted."""
    tries = locked(proof.account_key, proof.pair_key)
    counted = tries[proof.account_key]
    given_back = rules.Tries(max(0, counted.failures - 1), counted.last_failed_at)
    write({proof.pair_key: rules.Tries(), proof.account_key: given_back})


def locked(*keys: str) -> dict[str, rules.Tries]:
    """The tries under these keys, held until the transaction ends; always taken in one order."""
    ordered = sorted(keys)
    SignInThrottle.insert_many([{"key": key, "failures": 0} for key in ordered]).on_conflict_ignore().execute()
    rows = SignInThrottle.select().where(SignInThrottle.key.in_(ordered)).order_by(SignInThrottle.key)
    rows = rows.for_update() if is_postgres() else rows  # SQLite has one writer anyway
    return {row.key: _tries(row) for row in rows}


def _tries(row: SignInThrottle) -> rules.Tries:
    return rules.Tries(row.failures, row.last_failed_at, row.blocked_until)


def write(changed: Mapping[str, rules.Tries]) -> None:
    """Store the tries under these keys."""
    for key, tries in changed.items():
        SignInThrottle.update(asdict(tries)).where(SignInThrottle.key == key).execute()
