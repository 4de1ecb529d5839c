"""The second factor: six digits of an app beside the password (RFC 6238), and when they are asked for."""

import base64
import hmac
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from karmyogi.core.permissions import PRIVILEGED, Role
from karmyogi.core.reasons import N_, declare

declare(
    code_refused=N_(
        "This code is not right, is over, or was used before. Wait for the next one and type it. After several failed "
        "tries you have to wait for up to five minutes."
    ),
    recovery_refused=N_(
        "This recovery code is mistyped or was used before; each works once. After several failed tries you have to "
        "wait for up to five minutes."
    ),
    factor_exists=N_("This account has a second factor already. Remove it first if the phone is another one."),
    clock_is_slow=N_(
        "The code would be right, but the clock of your phone is slow by %(minutes)s min. Let it set date and "
        "time by itself, then type the code that it shows."
    ),
    clock_is_fast=N_(
        "The code would be right, but the clock of your phone is fast by %(minutes)s min. Let it set date and "
        "time by itself, then type the code that it shows."
    ),
    factor_reset_letter=N_(
        "A system administrator removed the second factor of your account %(login)s of karmyogi on %(on)s. The app on "
        "your phone, the recovery codes and your password no longer work; you are given a one-time code with which "
        "you begin anew.\n\n"
        "If you did not ask for this, tell your nodal officer or the General Administration Department at once. The "
        "entry stands on the trail."
    ),
)

STEP_SECONDS = 30
DIGITS = 6
STEPS_AROUND = 1  # before and after: telephones differ by some seconds, and people type slowly
SEED_BYTES = 20  # 160 bits, as RFC 4226 asks for, and whole groups of base32
FARTHEST_CLOCK = timedelta(hours=13)  # a telephone set to another time zone is found out as well
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits: sixteen characters, which are written down and typed once
FRESH_FOR = timedelta(minutes=10)
RESET_TOLD_FOR = timedelta(days=30)
ISSUER = "karmyogi"
APPS = ("Google Authenticator", "Microsoft Authenticator", "FreeOTP", "Aegis")  # as their shops call them


class Stage(StrEnum):
    """What a person whose password was right still has to do."""

    CODE = "code"  # type the code of their app
    SET_UP = "set_up"  # set up an app, which their roles demand


def stage_of(roles: Iterable[Role], *, has_factor: bool, is_proved: bool) -> Stage | None:
    """What is still to be done in a session; None if nothing. `roles` are all that the person holds now."""
    if is_proved:
        return None
    if has_factor:
        return Stage.CODE
    return Stage.SET_UP if PRIVILEGED & set(roles) else None


def is_fresh(proved_at: datetime | None, created_at: datetime, *, has_factor: bool, at: datetime) -> bool:
    """True within ten minutes of the last proof in a session; at the very end of them it is over.

    Of who has no second factor the password is the proof: they have shown it when the session began.
    """
    last = proved_at or (None if has_factor else created_at)
    return last is not None and at - last < FRESH_FOR


def is_told_of_reset(reset_at: datetime | None, *, at: datetime) -> bool:
    """True for thirty days after somebody else removed a person's second factor."""
    return reset_at is not None and at - reset_at < RESET_TOLD_FOR


def step_at(at: datetime) -> int:
    """The number of the thirty seconds that a moment lies in, counted from 1970."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(seed: bytes, step: int) -> str:
    """The six digits of a step: RFC 6238 with HMAC-SHA-1, the one form that every app computes.

    What is broken of SHA-1 are collisions, and HMAC does not rest on there being none.
    """
    digest = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def code_typed(typed: str) -> str:
    """A code as people type it: Hindi digits are digits, gaps are nothing."""
    return "".join(str(unicodedata.decimal(c)) for c in typed if c.isdecimal())


def step_of(seed: bytes, typed: str, *, at: datetime) -> int | None:
    """The step whose code was typed: the present one, the one before or the one after; None if it is none of them."""
    here = step_at(at)
    return _found(seed, typed, range(here - STEPS_AROUND, here + STEPS_AROUND + 1))


def clock_off(seed: bytes, typed: str, *, at: datetime) -> int | None:
    """By how many minutes the clock of the telephone is fast (negative: slow), if that alone makes a code wrong.

    Only for who has just been shown the seed: of anybody else it would be an answer about codes to come.
    """
    here, far = step_at(at), int(FARTHEST_CLOCK.total_seconds()) // STEP_SECONDS
    steps = sorted(range(here - far, here + far + 1), key=lambda step: abs(step - here))
    found = _found(seed, typed, steps)
    return round((found - here) * STEP_SECONDS / 60) if found is not None else None


def _found(seed: bytes, typed: str, steps: Iterable[int]) -> int | None:
    code = code_typed(typed).encode()
    return next((step for step in steps if hmac.compare_digest(code_of(seed, step).encode(), code)), None)


def seed_text(seed: bytes) -> str:
    """A seed as letters and digits to type into an app, four to a group."""
    letters = base64.b32encode(seed).decode("ascii")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def seed_address(seed: bytes, *, login: str) -> str:
    """What the square holds and the link on a telephone opens: the key, and whose it is."""
    label = f"{quote(ISSUER)}:{quote(login)}"
    secret = base64.b32encode(seed).decode("ascii")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(ISSUER)}&digits={DIGITS}&period={STEP_SECONDS}"
