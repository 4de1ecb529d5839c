"""Letters to the one officer who has that address or telephone: a code for a forgotten password, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import User
from karmyogi.accounts.service.actors import self_of
from karmyogi.accounts.service.slips import give_secret
from karmyogi.accounts.service.throttle import name_of, pass_within
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import NOBODY, Actor
from karmyogi.core.reasons import Reason, reason
from karmyogi.core.sms import fits, is_number, masked
from karmyogi.people.models import KeyKind
from karmyogi.people.rules import phone_in
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.trail import personal, record

RESET = "password-letter"
FACTOR_GONE = "factor-letter"
_post: "list[Post]" = []


class Way(StrEnum):
    """How a code travels; the first that is open is taken, and e-mail costs nothing."""

    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True)
class Letter:
    """What a letter needs: to whom, and the code, which lives for sixty minutes and stands nowhere else."""

    way: Way
    to: str
    login: str
    code: str
    until: datetime
    language: str


@dataclass(frozen=True)
class Notice:
    """An e-mail that tells somebody what was done to their account."""

    to: str
    told: Reason


class Post(Protocol):
    """Who words letters and sends them: it knows the languages and the servers."""

    def ways(self) -> Sequence[Way]:
        """The ways that this installation has set up."""

    def send(self, letter: Letter) -> None:
        """Word a letter and send it. Raises OSError when it was not taken."""

    def tell(self, notice: Notice) -> None:
        """Word a notice and send it. Raises OSError when it was not taken."""


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


def use_post(post: Post) -> None:
    """Whoever words letters and sends them."""
    _post[:] = [post]


def send_letter(user_id: int, *, at: datetime | None = None) -> int:
    """Write the letter for an account and send it: how many went out. What the post raises is raised."""
    letter = write_letter(user_id, ways=_post[0].ways(), at=at)
    if letter is None:
        return 0
    _post[0].send(letter)
    return 1


def tell_of_reset(user: User, *, by: Actor, at: datetime) -> None:
    """Have an officer told by e-mail that their second factor is gone, in the transaction of that act.

    Nothing is asked where no mail server is set up: they read it at their next sign-in either way.
    """
    if user.officer_id is not None and _post and Way.MAIL in _post[0].ways():
        jobs.enqueue(FACTOR_GONE, f"{user.id}@{at.isoformat(timespec='seconds')}", by=by, at=at)


def send_notice(user_id: int) -> int:
    """Send an officer the notice that their second factor is gone: how many letters went out.

    None to an address that several officers have, or to who has had none removed. What the post raises is raised.
    """
    user = User.get_or_none(User.id == user_id)
    to = _address_of(user) if user and user.factor_reset_at and user.officer_id else None
    if to is None:
        return 0
    on = f"{user.factor_reset_at.astimezone(IST):%d-%m-%Y, %H:%M}"
    _post[0].tell(Notice(to, reason("factor_reset_letter", login=user.login, on=on)))
    return 1


def write_letter(user_id: int, *, ways: Sequence[Way], at: datetime | None = None) -> Letter | None:
    """The letter for an account by the first of `ways` that leads to it, with a code made now; earlier codes die.

    None may be sent to an account that is closed, has no password yet (it needs a slip), holds a role, is that of
    a record that gave way, or whose address and telephone belong to several officers, who would then open each other's
    accounts. The trail knows the way, and of a telephone its last digits.
    """
    at = at or now()
    user = User.get_or_none(User.id == user_id)
    found = _way_to(user, ways) if user and _may_get_one(user, at=at) else None
    if found is None:
        return None
    (way, to), until = found, at + rules.RESET_LIFE
    told = {"expires_at": until, "way": way.value} | ({"to": personal(masked(to))} if way is Way.SMS else {})
    with database.atomic():
        code = give_secret(user, size=rules.SECRET_BYTES, expires_at=until, at=at)
        record(self_of(user), "account.letter", user, told, at=at)
    return Letter(way, to, user.login, code, until, user.language)


def _may_get_one(user: User, *, at: datetime) -> bool:
    is_open = user.is_active and user.password_hash is not None and user.officer_id is not None
    if not is_open or queries.standing_for(user.officer_id):
        return False
    return not queries.holds_power(user.id, on=at.astimezone(IST).date())


def _way_to(user: User, ways: Sequence[Way]) -> tuple[Way, str] | None:
    """The first way by which this person alone is reached, and where."""
    find = {Way.MAIL: _address_of, Way.SMS: _number_of}
    return next(((way, to) for way in ways if (to := find[way](user))), None)


def _address_of(user: User) -> str | None:
    address = user.officer.email
    is_own = address and queries.has_key_alone(user.officer_id, KeyKind.EMAIL, [address, address.lower()])
    return address if is_own else None


def _number_of(user: User) -> str | None:
    """A telephone that can be one; a sign-in name that fits no place of a registered text gets no message."""
    number = phone_in(user.officer.mobile) or ""
    is_own = is_number(number) and queries.has_key_alone(user.officer_id, KeyKind.PHONE, [number, user.officer.mobile])
    return number if is_own and fits(user.login) else None
