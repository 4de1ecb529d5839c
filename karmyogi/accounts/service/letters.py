"""A forgotten password, with e-mail: a letter with a one-time code, to the one officer who has that address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import User
from karmyogi.accounts.service.actors import self_of
from karmyogi.accounts.service.slips import give_secret
from karmyogi.accounts.service.throttle import name_of, pass_within
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import NOBODY
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.trail import record

RESET = "password-letter"
_post: "list[Callable[[Letter], None]]" = []


@dataclass(frozen=True)
class Letter:
    """What a letter needs: to whom, and the code, which lives for sixty minutes and stands nowhere else."""

    to: str
    login: str
    code: str
    until: datetime


def ask_for_letter(login: str, *, address: str, at: datetime | None = None) -> None:
    """Ask for a letter with a new code; whether there is such an account is seen by nobody, and nothing comes back.

    `login` is the sign-in name or the employee code. The work is queued either way, once in a minute for one account;
    more than three in an hour for one account, or thirty from one address, are passed over in silence.
    """
    at, login = at or now(), rules.login_of(login)
    user = queries.account_named(login)
    with database.atomic():
        is_free = pass_within(
            {
                f"letter:{name_of(user, login)}": rules.LETTERS_TO_ONE,
                f"letters@{address}": rules.LETTERS_FROM_ONE_ADDRESS,
            },
            at=at,
        )
        if is_free:
            minute = at.astimezone(IST).strftime("%Y-%m-%dT%H:%M")
            jobs.enqueue(RESET, f"{user.id if user else 0}@{minute}", by=NOBODY, at=at)


def use_post(post: Callable[[Letter], None]) -> None:
    """The one function that words a letter and sends it: it knows the languages and the mail server."""
    _post[:] = [post]


def send_letter(user_id: int, *, at: datetime | None = None) -> int:
    """Write the letter for an account and send it: how many went out. What the post raises is raised."""
    letter = write_letter(user_id, at=at)
    if letter is None:
        return 0
    _post[0](letter)
    return 1


def write_letter(user_id: int, *, at: datetime | None = None) -> Letter | None:
    """The letter for an account, with a code made now; earlier codes die. None when none may be sent.

    None may be sent to an account that is closed, has no password yet (it needs a slip), holds a role, or whose
    address belongs to several officers, who would then open each other's accounts.
    """
    at = at or now()
    user = User.get_or_none(User.id == user_id)
    to = _address_of(user, at=at) if user else None
    if to is None:
        return None
    until = at + rules.RESET_LIFE
    with database.atomic():
        code = give_secret(user, size=rules.SECRET_BYTES, expires_at=until, at=at)
        record(self_of(user), "account.letter", user, {"expires_at": until}, at=at)
    return Letter(to, user.login, code, until)


def _address_of(user: User, *, at: datetime) -> str | None:
    is_open = user.is_active and user.password_hash is not None and user.officer_id is not None
    if not is_open or queries.holds_power(user.id, on=at.astimezone(IST).date()):
        return None
    address = user.officer.email
    return address if address and queries.has_address_alone(user.officer_id, address) else None
