"""What a password must be, when a try must wait, how long a session lives, and who may be given a role.

The numbers follow OWASP ASVS 5.0 and NIST SP 800-63B-4: length instead of composition rules, no forced change, growing
delays instead of a lock that a stranger could close.
"""

import hashlib
import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from karmyogi.core.months import IST, as_utc
from karmyogi.core.permissions import PRIVILEGED, Permission, Reach, Role, Tree, may_hold_together, reach
from karmyogi.core.reasons import N_, Reason, declare, reason

declare(
    password_short=N_("A password needs at least %(needed)s characters; this one has %(has)s."),
    password_long=N_("A password may have at most %(allowed)s characters; this one has %(has)s."),
    password_common=N_(
        "This password is on the list of common ones. A sentence that only you would think of is better."
    ),
    password_repeats=N_("This password repeats the same few characters. A sentence is better, and easy to remember."),
    password_guessable=N_(
        "This password is little more than your name, your office or a common word. Add other words."
    ),
    sign_in_refused=N_(
        "We could not sign you in. Check the sign-in name and the password. After several failed tries you have to "
        "wait for up to five minutes."
    ),
    secret_refused=N_(
        "This sign-in name and this one-time code do not work together: one of them is mistyped, or the code was "
        "used or is too old. Check both; if it still does not work, ask whoever gave it to you for a new one."
    ),
    password_letter=N_(
        "You asked for a new password for karmyogi.\n\n"
        "1. Open %(address)s\n"
        "2. Enter the sign-in name %(login)s and the one-time code %(secret)s\n"
        "3. Choose a new password.\n\n"
        "The code works once, until %(until)s today (Indian time, sixty minutes after it was made). If you did not ask "
        "for it, do nothing: your password stays as it is. Nobody will ever ask you for this code or for your password."
    ),
    slip_step_open=N_("Open the address on your phone or computer, or point the camera at the square."),
    slip_step_enter=N_("Enter the sign-in name and the one-time code of this slip."),
    slip_step_choose=N_("Choose a password of at least %(shortest)s characters; a sentence of your own is best."),
    slip_keep=N_("Give this slip to nobody. The code works once, up to and including %(until)s."),
    language_unknown=N_("This site is read in Hindi or in English."),
    slips_not_asked=N_("Say which slips to print: open the page again and press one of its buttons."),
    slips_none=N_("There is no slip to print: every officer here has an account or a slip that still works."),
    slip_reserved=N_(
        "This person holds a role. A one-time code for them is made by a system administrator alone, so that nobody "
        "who takes part in a case can sign in as another."
    ),
    slip_closed=N_("The account of this officer is closed. A system administrator can open it again."),
    account_gave_way=N_(
        "The record %(record)s belongs to %(stands)s, which stands for this person. Use the account of %(stands)s. "
        "If they are two people, the General Administration Department can part the two records."
    ),
    slip_no_login=N_(
        "No account can be made for this officer: the employee code is the sign-in name of somebody else, or cannot be "
        "one. A system administrator can make the account under another name."
    ),
    slip_moved_on=N_("Something changed meanwhile. Look at the page again before you print."),
    login_odd=N_(
        "A sign-in name has 2 to 64 small letters, digits and the signs . _ - @, beginning with a letter or digit."
    ),
    login_taken=N_("There is already an account with this sign-in name."),
    account_name_needed=N_("Enter the name in Hindi or in English, better in both."),
    account_officer_unknown=N_("There is no officer with the employee code %(employee_code)s."),
    account_officer_taken=N_("This officer already has an account."),
    account_unknown=N_("There is no account with the sign-in name %(login)s."),
    own_account=N_("Nobody changes their own roles or closes their own account. Somebody else must do it."),
    grant_roles_apart=N_(
        "One person may not hold these roles together: auditors and system administrators decide nothing."
    ),
    grant_unit_needed=N_("This role reaches a unit and all below it, so name the unit."),
    grant_unit_elsewhere=N_("This unit does not stand in the tree that the role follows."),
    grant_unit_unknown=N_("There is no unit named %(name)s."),
    grant_unit_ambiguous=N_("Several units are named %(name)s. Give the number of the one you mean: %(units)s."),
    grant_units_several=N_("Several units may be meant. Choose one below, or type more of its name."),
    grant_held=N_("This person already holds this role over this unit in that time."),
    grant_dates=N_("The last day of a role may not come before its first."),
    grant_ended=N_("This role has already ended."),
)

# ── Passwords ────────────────────────────────────────────────────────────────────────────────────────────────────────

SHORTEST, LONGEST = 15, 128
OTHER_LETTERS_NEEDED = 6
LONGEST_REPEATED_PIECE = 8
FEWEST_DIFFERENT = 5
COMMON = Path(__file__).with_name("common-passwords.txt")


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC), so that two Hindi keyboards give one password."""
    return unicodedata.normalize("NFC", text)


def password_bytes(password: str) -> bytes:
    """What is hashed: every character of the composed password, spaces and all, never cut."""
    return composed(password).encode("utf-8", "surrogatepass")


def reasons_against_password(password: str, *, about: Iterable[str] = ()) -> list[Reason]:
    """Why this may not be somebody's password; empty if it may.

    Characters are Unicode code points of the composed text: 15 to 128, both included. No kind of character is
    demanded and none is forbidden. `about` are texts that a stranger would try first: the person's own names and
    codes, offices, departments.
    """
    length = len(composed(password))
    if length < SHORTEST:
        return [reason("password_short", needed=SHORTEST, has=length)]
    if length > LONGEST:
        return [reason("password_long", allowed=LONGEST, has=length)]
    folded = _folded(password)
    if folded in common_passwords():
        return [reason("password_common")]
    if _repeats(folded):
        return [reason("password_repeats")]
    if _is_guessable(folded, about):
        return [reason("password_guessable")]
    return []


@cache
def common_passwords() -> frozenset[str]:
    """The shipped list of common passwords, folded: short ones as well, as pieces of longer ones."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(_folded(line) for line in lines if line and not line.startswith("#"))


def words_in(text: str) -> list[str]:
    """The words of a name, folded; those of one to three Latin letters, or one or two others, say too little."""
    spaced = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in _folded(text))
    return [word for word in spaced.split() if len(word) >= (4 if word.isascii() else 3)]


def _folded(text: str) -> str:
    """Small letters, composed, without the invisible joiners of Hindi typing."""
    return composed(text).casefold().replace("\u200d", "").replace("\u200c", "")


def _repeats(folded: str) -> bool:
    few = len(set(folded)) < FEWEST_DIFFERENT
    return few or any(folded[size:] == folded[:-size] for size in range(1, LONGEST_REPEATED_PIECE + 1))


def _is_guessable(folded: str, about: Iterable[str]) -> bool:
    """True if common words and what is known of the person leave fewer than six other letters."""
    known = {word for text in about for word in words_in(text)}
    left = folded
    for word in sorted(known | _common_pieces(), key=len, reverse=True):
        left = left.replace(word, " ")
    letters = sum(unicodedata.category(c)[0] in "LM" for c in left)
    return left != folded and letters < OTHER_LETTERS_NEEDED


@cache
def _common_pieces() -> frozenset[str]:
    return frozenset(word for word in common_passwords() if len(word) < SHORTEST)


# ── One-time secrets ─────────────────────────────────────────────────────────────────────────────────────────────────

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BYTES = 15  # 120 bits
SECRET_LIFE = timedelta(hours=72)
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def secret_text(random_bytes: bytes) -> str:
    """Random bytes as letters and digits that are not mixed up when read aloud: `7K2M-9QXD-…`, four to a group.

    Fifteen bytes give 24 characters. Raises ValueError unless the bits fill whole characters.
    """
    if len(random_bytes) * 8 % 5:
        raise ValueError("the number of bytes must be a multiple of five")
    number = int.from_bytes(random_bytes, "big")
    count = len(random_bytes) * 8 // 5
    letters = "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(count)))
    return "-".join(letters[start : start + 4] for start in range(0, count, 4))


def secret_core(typed: str) -> str:
    """A typed secret without its gaps, and with O, I and L read as the digits they are mistaken for."""
    return re.sub(r"[\s\-–—_.]", "", typed).upper().translate(_LOOKALIKES)


def hash_of(token: str) -> str:
    """What is kept of a random token; fast, because nobody can try all values of a hundred bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


SLIP_BYTES = 10  # 80 bits: sixteen characters can be typed on a phone, and a slip also needs its own sign-in name
SLIP_DAYS = 30
RESET_LIFE = timedelta(minutes=60)
MOST_SLIPS = 3000  # on one page of one print


def hash_of_secret(user_id: int, typed: str) -> str:
    """What is kept of a one-time secret: bound to its account, so that guesses at many are not one guess at all."""
    return hash_of(f"{user_id}:{secret_core(typed)}")


def slip_days(on: date) -> date:
    """The last day on which a slip printed on this day works: thirty days later, that whole day included."""
    return on + timedelta(days=SLIP_DAYS)


def end_of(day: date) -> datetime:
    """The moment in which a day of India is over; at that very moment it is."""
    return as_utc(datetime.combine(day + timedelta(days=1), time()))


def last_day(expires_at: datetime) -> date:
    """The last day of India on which something still works that ends at this moment."""
    return (expires_at - timedelta(microseconds=1)).astimezone(IST).date()


def holds_power(roles: Iterable[Role]) -> bool:
    """True if one of these roles is more than being an employee.

    Who prints a slip sees its code. A nodal officer who could print one for a head, or GAD one for the approver, could
    take two steps of one case that must be taken by two; so only a system administrator, who decides nothing, does.
    """
    return bool(set(roles) - {Role.EMPLOYEE})


class Standing(StrEnum):
    """How far an officer is on the way in."""

    ACTIVE = "account_active"  # has set a password
    OUT = "slip_out"  # a slip was printed and still works
    EXPIRED = "slip_expired"  # a slip was printed, and its time is over
    NONE = "slip_none"  # nothing was printed, or it was given up
    CLOSED = "account_closed"


def standing_of(
    *, has_account: bool, is_active: bool, has_password: bool, expires_at: datetime | None, at: datetime
) -> Standing:
    """How far an officer is; `expires_at` is the end of the one secret that nobody has used, if there is one."""
    if has_account and not is_active:
        return Standing.CLOSED
    if has_password:
        return Standing.ACTIVE
    if expires_at is None:
        return Standing.NONE
    return Standing.OUT if at < expires_at else Standing.EXPIRED


# ── Sign-in names ────────────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGES = ("hi", "en")
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


def login_of(typed: str) -> str:
    """A sign-in name as it is kept: small letters, no outer spaces, Hindi digits as 0 to 9."""
    return "".join(_latin_digit(c) for c in composed(typed).strip().casefold())


def _latin_digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def is_login(login: str) -> bool:
    """True for a name that can be typed on any keyboard and read aloud."""
    return LOGIN.fullmatch(login) is not None


# ── Failed tries ─────────────────────────────────────────────────────────────────────────────────────────────────────

FREE_TRIES = 5
LONGEST_WAIT = timedelta(seconds=300)
FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Tries:
    """Failed tries as they stand, and until when the next one waits."""

    failures: int = 0
    last_failed_at: datetime | None = None
    blocked_until: datetime | None = None

    def must_wait(self, at: datetime) -> bool:
        return self.blocked_until is not None and at < self.blocked_until


@dataclass(frozen=True)
class Allowance:
    """So many failures in so much time; they drain away one by one."""

    size: int
    per: timedelta

    @property
    def each(self) -> timedelta:
        return self.per / self.size


# A person behind one address; everybody behind one address; one account from everywhere.
FROM_ONE_ADDRESS = Allowance(30, timedelta(minutes=1))
ON_ONE_ACCOUNT = Allowance(100, timedelta(hours=1))
# Letters with a code: to one account, and asked for from one address, which may be a whole office.
LETTERS_TO_ONE = Allowance(3, timedelta(hours=1))
LETTERS_FROM_ONE_ADDRESS = Allowance(30, timedelta(hours=1))


def wait_after(failures: int) -> timedelta:
    """How long the next try waits: nothing before the fifth failure, then 1, 2, 4 … and at most 300 seconds."""
    if failures < FREE_TRIES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 9)), LONGEST_WAIT)


def one_more(tries: Tries, *, at: datetime) -> Tries:
    """The tries of one address on one account after another failure; a quiet day forgets them."""
    quiet = tries.last_failed_at is None or at - tries.last_failed_at >= FORGOTTEN_AFTER
    failures = 1 if quiet else tries.failures + 1
    return Tries(failures, at, at + wait_after(failures) if failures >= FREE_TRIES else None)


def one_more_within(allowance: Allowance, tries: Tries, *, at: datetime) -> Tries:
    """The tries counted against an allowance after another failure; when it is full, one waits for one to drain."""
    drained = int((at - tries.last_failed_at) / allowance.each) if tries.last_failed_at else tries.failures
    failures = min(max(0, tries.failures - max(0, drained)) + 1, allowance.size)
    blocked = at + allowance.each if failures == allowance.size else tries.blocked_until
    return Tries(failures, at, blocked)


def is_worth_telling(before: Tries, after: Tries) -> bool:
    """True when the trail should hold the count: at 5, 10, 20, 40 … failures of one address on one account."""
    steps, rest = divmod(after.failures, FREE_TRIES)
    return after.failures > before.failures and rest == 0 and steps.bit_count() == 1


def is_a_siege(before: Tries, after: Tries, *, at: datetime) -> bool:
    """True when an allowance is full and was not within the last hour: told once, not at every try."""
    recent = before.blocked_until is not None and at - before.blocked_until < timedelta(hours=1)
    return after.must_wait(at) and not recent


def prefix_of(address: str) -> str:
    """The network of an address, which is enough to follow an attack: /24, or /48 for IPv6; "" if it is none."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((number, 24 if number.version == 4 else 48), strict=False))


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TOUCH_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class SessionLife:
    """How long a session lives without being used, and at most."""

    idle: timedelta
    longest: timedelta


def session_life(roles: Iterable[Role]) -> SessionLife:
    """30 minutes unused and 12 hours in all; 15 minutes and 8 hours for those who decide, audit or administer."""
    if PRIVILEGED & set(roles):
        return SessionLife(timedelta(minutes=15), timedelta(hours=8))
    return SessionLife(timedelta(minutes=30), timedelta(hours=12))


def is_live(created_at: datetime, touched_at: datetime, life: SessionLife, *, at: datetime) -> bool:
    """True while both clocks of a session run; the very end of either is over.

    A session is touched at most every five minutes, so the unused time may be counted up to five minutes too long
    against the reader, never too short.
    """
    return at - touched_at < life.idle and at - created_at < life.longest


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def device_of(agent: str) -> str:
    """A browser and its system as people know them, `Chrome, Android`; "" when it says neither."""
    names = (next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, names))


# ── Roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def needs_unit(role: Role) -> bool:
    """True if some power of the role reaches a unit and all below it: without a unit it would reach everything."""
    return any(reach(role, permission) is Reach.UNIT for permission in Permission)


def usual_tree(role: Role) -> Tree:
    """Commissioners and collectors see by territory, everyone else by the line of departments."""
    return Tree.TERRITORY if role is Role.TERRITORY else Tree.LINE


def stands_in_tree(unit_id: int, path: str) -> bool:
    """True if a unit's path in a tree leads to the unit itself; a unit outside the tree has no such path."""
    return path.endswith(f"/{unit_id}/")


def grant_state(from_on: date, to_on: date | None, *, ended: bool, on: date) -> str:
    """Where a role stands on a day: taken away, over, yet to come, ending within thirty days, or in force."""
    if ended:
        return "grant_taken"
    if to_on is not None and to_on < on:
        return "grant_over"
    if from_on > on:
        return "grant_to_come"
    if to_on is not None and to_on - on <= timedelta(days=30):
        return "grant_ending"
    return "grant_in_force"


def reasons_against_roles(wanted: Role, *, held: Iterable[Role]) -> list[Reason]:
    """Why nobody may hold `wanted` beside the roles they hold in the same time; empty if they may."""
    return [] if may_hold_together({wanted, *held}) else [reason("grant_roles_apart")]
