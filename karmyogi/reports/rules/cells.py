"""What one cell and one row of a report mean: pure, for one row at a time.

A value reader takes the text of a cell and gives the value, or raises Unreadable
with the code of the reason, and nothing else. A blank cell gives None, or "" for text.
Times are India Standard Time, without a zone.
"""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

from karmyogi.core.reasons import N_, Reason, declare, reason

declare(
    column_blank=N_("%(column)s is blank, and the row means nothing without it. Fill it in and send the row again."),
    name_blank=N_(
        "%(column)s is blank, and so is the name in the other script. Write the name in at least one and send the row "
        "again."
    ),
    status_unknown=N_(
        "“%(value)s” in %(column)s is no known status. "
        "Write not-enrolled, not-started, in-progress or completed and send the row again."
    ),
    profile_status_unknown=N_(
        "“%(value)s” in %(column)s is no known profile status. "
        "Write VERIFIED, NOT-VERIFIED or NOT-MY-USER and send the row again."
    ),
    date_unreadable=N_(
        "“%(value)s” in %(column)s is not a date that can be read. "
        "Write it like 2025-08-14 or 14/08/2025 and send the row again."
    ),
    datetime_unreadable=N_(
        "“%(value)s” in %(column)s is not a date and time that can be read. "
        "Write it like 2026-01-29 16:02:11 and send the row again."
    ),
    duration_unreadable=N_(
        "“%(value)s” in %(column)s is not a duration that can be read. "
        "Write hours, minutes and seconds like 01:30:00 and send the row again."
    ),
    number_unreadable=N_(
        "“%(value)s” in %(column)s is not a number that can be read. Write it in digits only and send the row again."
    ),
    progress_unreadable=N_(
        "“%(value)s” in %(column)s is not a progress that can be read. "
        "Write a number from 0 to 100 and send the row again."
    ),
    yes_no_unreadable=N_("“%(value)s” in %(column)s is neither yes nor no. Write Yes or No and send the row again."),
    rating_unreadable=N_(
        "“%(value)s” in %(column)s is not a rating. "
        "Write a whole number from 1 to 5, or leave it blank, and send the row again."
    ),
    stars_unreadable=N_(
        "“%(value)s” in %(column)s is not a rating. Write a number from 0 to 5 and send the row again."
    ),
    result_unreadable=N_(
        "“%(value)s” in %(column)s does not say whether the assessment was passed. "
        "Write Pass, Fail, Yes or No and send the row again."
    ),
    attendance_unknown=N_(
        "“%(value)s” in %(column)s does not say whether the person came. "
        "Write Attended or Absent and send the row again."
    ),
    time_unreadable=N_(
        "“%(value)s” in %(column)s is not a time of the day that can be read. "
        "Write it like 10:30 and send the row again."
    ),
    class_unknown=N_(
        "“%(value)s” in %(column)s is no class of service. Write I, II, III or IV and send the row again."
    ),
    code_unreadable=N_(
        "“%(value)s” in %(column)s is not a code: a spreadsheet has turned it into a number and lost digits. "
        "Set the column to text, write the code again and send the row again."
    ),
    completed_after_report=N_(
        "“%(value)s” in %(column)s is later than the report itself, which is of %(report)s. "
        "Check the date on the portal, correct it and send the row again."
    ),
    row_too_wide=N_(
        "The row has more cells than the header; the first one too many says “%(value)s”. "
        "Probably a comma stands in a cell without quotation marks: correct the row and send it again."
    ),
    email_garbled=N_(
        "“%(value)s” in %(column)s is an e-mail address spoilt by an old Hindi font. "
        "The row was matched without it; correct the address on the portal."
    ),
    email_masked=N_("“%(value)s” in %(column)s is a masked e-mail address. The row was matched without it."),
    email_unusable=N_(
        "“%(value)s” in %(column)s is not an e-mail address. "
        "The row was matched without it; correct the address on the portal."
    ),
    employee_id_unusable=N_(
        "“%(value)s” in %(column)s is not a code: a spreadsheet has turned it into a number and lost digits. "
        "The row was matched without it."
    ),
    completed_before_enrolled=N_("%(column)s is “%(value)s”, which is before the enrolment. Check it on the portal."),
    faster_than_course=N_(
        "%(column)s is “%(value)s”: less time after the enrolment than the course itself lasts. Check how it was taken."
    ),
)

SHOWN_CHARACTERS = 80
T = TypeVar("T")


class Unreadable(ValueError):
    """A cell that has a value, but none in a form that is known; `code` is the reason's."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Fault(NamedTuple):
    """Why a row is rejected: the first cell at fault, in the order of the file's columns."""

    line_number: int
    column: str
    value: str
    reason: Reason


class Remark(NamedTuple):
    """Something to say about a cell of a row that is imported all the same."""

    column: str
    value: str
    reason: Reason


def about(code: str, column: str, value: str, **facts: str | int | None) -> Reason:
    """The reason `code` about a cell; a long value is shortened for the sentence, not in the Fault."""
    shown = text(value) or storable(value).strip()
    if len(shown) > SHOWN_CHARACTERS:
        shown = shown[:SHOWN_CHARACTERS] + "…"
    return reason(code, column=column, value=shown, **facts)


# Text

BLANKS = frozenset({"", "not available", "na", "null", "-"})
_LONGEST_BLANK = max(map(len, BLANKS))
_NOT_STORABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_WITHOUT_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def text(cell: str) -> str:
    """The cell's text: NFC, every run of white space one space, trimmed, no control characters; "" if blank.

    Blank is also `Not Available`, `NA`, `null` and `-`, in capitals or not. A
    text that begins with `=` is text.
    """
    if not cell or (len(cell) > _LONGEST_BLANK and cell.isascii() and cell.isprintable() and " " not in cell):
        return cell
    tidy = _tidied(cell, "NFC")
    return "" if tidy.lower() in BLANKS else tidy


def normalised_name(cell: str) -> str:
    """A content's name as names are compared: NFKC, runs of white space one space, trimmed, case kept; "" if blank."""
    tidy = _tidied(cell, "NFKC")
    return "" if tidy.lower() in BLANKS else tidy


def storable(cell: str) -> str:
    """The cell as it stands, without the characters that no database keeps."""
    return _NOT_STORABLE.sub("", cell)


def _tidied(cell: str, form: str) -> str:
    tidy = " ".join(cell.split())
    if tidy.isascii() and tidy.isprintable():
        return tidy
    return " ".join(unicodedata.normalize(form, storable(cell)).split())


def text_list(cell: str) -> tuple[str, ...]:
    """The entries of a cell that joins them by commas, in their order, each once."""
    entries = (text(entry) for entry in text(cell).split(","))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


_GROUP = re.compile("group[ -]?([a-d])")


def group(cell: str) -> str:
    """`Group A` to `Group D` in that spelling; any other group as it stands."""
    named = text(cell)
    known = _GROUP.fullmatch(named.lower())
    return f"Group {known[1].upper()}" if known else named


# Dates, times, numbers

_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # naive on purpose: everything here is IST
_EXCEL_SERIAL = re.compile("[0-9]{5}(?:[.][0-9]+)?")
_MOMENT = re.compile(
    "(?:(?P<y>[0-9]{4})(?P<between>[-/])(?P<m>[0-9]{1,2})(?P=between)(?P<d>[0-9]{1,2})"
    "|(?P<d2>[0-9]{1,2})-(?P<m2>[0-9]{1,2})-(?P<y2>[0-9]{4})"
    "|(?P<d3>[0-9]{1,2})/(?P<m3>[0-9]{1,2})/(?P<y3>[0-9]{4}|[0-9]{2}))"
    "(?:[ T](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.][0-9]+)?)?"
    "(?: ?(?P<half>[AP])M)?)?",
    re.IGNORECASE,
)
_FULL_YEAR_DAY = re.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}([-/])[0-9]{1,2}\\1[0-9]{4}")


def date_in(cell: str) -> date | None:
    """The day: `2025-08-14`, `14/08/2025`, `14/08/25` (a year of 20xx), `14-08-2025`, or Excel's serial number.

    A time after the day is left out. Raises Unreadable("date_unreadable").
    """
    moment = _moment(cell, "date_unreadable")
    return moment and moment.date()


def roster_date(cell: str) -> date | None:
    """The day, from a roster: `2025-08-14`, `14-08-2025` or `14/08/2025`.

    The year stands in full, because births and retirements span two centuries.
    Raises Unreadable("date_unreadable").
    """
    written = text(_ascii_digits(cell))
    if written and not _FULL_YEAR_DAY.fullmatch(written):
        raise Unreadable("date_unreadable")
    return date_in(written)


def datetime_in(cell: str) -> datetime | None:
    """The moment in IST, to the second; a day without a time is that day at 00:00.

    A 24-hour clock may be followed by AM or PM, which then says nothing. Only
    where the two contradict (04:02 PM, 12:30 AM) was a 12-hour clock written,
    as the newest reports do, and it is read as one.
    Raises Unreadable("datetime_unreadable").
    """
    if len(cell) == 19 and cell[4] == cell[7] == "-" and cell[10] == " " and cell[16] == ":":
        try:  # the form of nearly every cell of half a million rows, and many times as fast as the pattern
            return _plausible(datetime.fromisoformat(cell))
        except ValueError:
            return _moment(cell, "datetime_unreadable")
    return _moment(cell, "datetime_unreadable") if cell else None


def has_clock(cell: str) -> bool:
    """True if a date-time says the time of the day, and not only the day."""
    return ":" in cell or bool(re.fullmatch("[0-9]{5}[.][0-9]*[1-9][0-9]*", cell.strip()))


def _moment(cell: str, code: str) -> datetime | None:
    written = text(_ascii_digits(cell))
    if not written:
        return None
    parts = _MOMENT.fullmatch(written)
    with suppress(ValueError):
        if parts:
            return _plausible(_from_parts(parts))
        if _EXCEL_SERIAL.fullmatch(written):
            return _from_serial(written)
    raise Unreadable(code)


def _plausible(moment: datetime) -> datetime:
    if not 1900 <= moment.year < 2200:
        raise ValueError(moment)
    return moment


def _from_parts(parts: re.Match[str]) -> datetime:
    year, month, day = (int(parts[name] or parts[name + "2"] or parts[name + "3"]) for name in "ymd")
    return datetime.combine(date(year + 2000 if year < 100 else year, month, day), _clock(parts))


def _clock(parts: re.Match[str]) -> time:
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    return time(hour_of(hour, parts["half"]), minute, second)


def hour_of(written: int, half: str | None) -> int:
    """The hour of the day; A or P (AM, PM) counts only where it contradicts a 24-hour clock."""
    if half in ("P", "p") and 1 <= written < 12:
        return written + 12
    return 0 if half in ("A", "a") and written == 12 else written


def is_after_report(day: date | None, generated_at: datetime | None) -> bool:
    """True if something is dated after the day of the report that tells of it; a report without a date says nothing."""
    return day is not None and generated_at is not None and day > generated_at.date()


def _from_serial(written: str) -> datetime:
    days, _point, fraction = written.partition(".")
    seconds = round(Decimal(f"0.{fraction or 0}") * 86_400)
    return _EXCEL_DAY_ZERO + timedelta(days=int(days), seconds=seconds)


_DURATION = re.compile("([0-9]{1,5}):([0-5][0-9]):([0-5][0-9])")
_DECIMAL = re.compile("[0-9]{1,9}(?:[.][0-9]{0,20})?")
_WHOLE = re.compile("([0-9]{1,9})(?:[.]0{0,20})?")
_RATING = re.compile("([0-5])(?:[.]0{0,20})?")


def duration(cell: str) -> int | None:
    """Seconds of `HH:MM:SS`; hours may exceed 24. Raises Unreadable("duration_unreadable")."""
    written = text(cell)
    if not written:
        return None
    parts = _DURATION.fullmatch(written)
    if not parts:
        raise Unreadable("duration_unreadable")
    return int(parts[1]) * 3600 + int(parts[2]) * 60 + int(parts[3])


def progress(cell: str) -> int | None:
    """Hundredths of a per cent, 0 to 10000, halves rounded up. Raises Unreadable("progress_unreadable")."""
    hundredths = _hundredths(text(cell), "progress_unreadable")
    if hundredths is not None and hundredths > 10_000:
        raise Unreadable("progress_unreadable")
    return hundredths


def learning_hours(cell: str) -> int | None:
    """Hundredths of an hour, written as a decimal or as `HH:MM:SS`. Raises Unreadable("number_unreadable")."""
    if ":" not in cell:
        return _hundredths(text(cell), "number_unreadable")
    try:
        seconds = duration(cell)
    except Unreadable:
        raise Unreadable("number_unreadable") from None
    return seconds and (seconds * 100 + 1800) // 3600


def _hundredths(written: str, code: str) -> int | None:
    if not written:
        return None
    if not _DECIMAL.fullmatch(written):
        raise Unreadable(code)
    return int((Decimal(written) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def whole_number(cell: str) -> int | None:
    """A number from 0 to 999,999,999, also written `93.0`. Raises Unreadable("number_unreadable")."""
    written = text(cell)
    if not written:
        return None
    parts = _WHOLE.fullmatch(written)
    if not parts:
        raise Unreadable("number_unreadable")
    return int(parts[1])


def rating(cell: str) -> int | None:
    """One to five stars; 0 is blank. Raises Unreadable("rating_unreadable")."""
    written = text(cell)
    if not written:
        return None
    parts = _RATING.fullmatch(written)
    if not parts:
        raise Unreadable("rating_unreadable")
    return int(parts[1]) or None


def stars(cell: str) -> int | None:
    """Hundredths of a star, 0 to 500; nobody's rating is blank or 0. Raises Unreadable("stars_unreadable")."""
    hundredths = _hundredths(text(cell), "stars_unreadable")
    if hundredths is not None and hundredths > 500:
        raise Unreadable("stars_unreadable")
    return hundredths or None


# Closed lists of words


class Status(StrEnum):
    """How far a person is with a course."""

    NOT_ENROLLED = "not-enrolled"
    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"


_STATUSES = {status.value: status for status in Status} | {
    "0": Status.NOT_STARTED,  # early marketplace rows
    "1": Status.IN_PROGRESS,
    "2": Status.COMPLETED,
}
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_PROFILE_STATUSES = {
    "verified": "VERIFIED",
    "not-verified": "NOT-VERIFIED",
    "not-my-user": "NOT-MY-USER",
    "true": "VERIFIED",  # older reports ask "Verified Karmayogi"
    "false": "NOT-VERIFIED",
    "yes": "VERIFIED",
    "no": "NOT-VERIFIED",
}
_CLASSES = {"i": "I", "ii": "II", "iii": "III", "iv": "IV"}


def status(cell: str) -> Status | None:
    """The status, in any case, a space as good as a hyphen. Raises Unreadable("status_unknown")."""
    return one_of(_STATUSES, cell, "status_unknown")


def yes_no(cell: str) -> bool | None:
    """Yes or No, true or false, in any case. Raises Unreadable("yes_no_unreadable")."""
    return one_of(_YES_NO, cell, "yes_no_unreadable")


def profile_status(cell: str) -> str:
    """VERIFIED, NOT-VERIFIED, NOT-MY-USER or "". Raises Unreadable("profile_status_unknown")."""
    return one_of(_PROFILE_STATUSES, cell, "profile_status_unknown") or ""


def state_class(cell: str) -> str:
    """The State's class of service I to IV, or "". Raises Unreadable("class_unknown")."""
    return one_of(_CLASSES, cell, "class_unknown") or ""


def one_of(meanings: Mapping[str, T], cell: str, code: str) -> T | None:
    """What the word of a cell means, in any case, a space as good as a hyphen; None if blank. Raises Unreadable."""
    word = text(cell).lower().replace(" ", "-")
    if not word:
        return None
    if word not in meanings:
        raise Unreadable(code)
    return meanings[word]


# Keys: what tells which officer a row is about

_SCIENTIFIC = re.compile("[0-9](?:[.,][0-9]+)?E[+][0-9]+", re.IGNORECASE)
_SHORTENED = re.compile("[0-9]E[+-]?[0-9]", re.IGNORECASE)
_MASK = re.compile("[*•●…]|x{4}|#{4}", re.IGNORECASE)
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_PLAIN_ADDRESS = re.compile("[a-z0-9._+-]+@[a-z0-9.-]+")
_ADDRESS = re.compile("[!-?A-~]+@[!-?A-~]+")


def igot_id(cell: str) -> str | None:
    """The portal's own id of a user, in lower case, or None."""
    return _WITHOUT_WIDTH.sub("", text(cell)).lower() or None


def email(cell: str) -> str | None:
    """The e-mail address as a key: trimmed, lower case; None if blank, or if `why_ignored` says why."""
    address = cell.strip().lower()
    if _PLAIN_ADDRESS.fullmatch(address) and "xxxx" not in address:
        return address
    address = _address(cell)
    return None if not address or _why_no_email(address) else address


def phone(cell: str) -> str | None:
    """The last ten digits as a key; None without ten digits, masked, or in scientific notation."""
    if len(cell) == 10 and cell.isascii() and cell.isdigit():
        return cell
    written = _ascii_digits(cell).strip()
    if _MASK.search(written) or _SHORTENED.search(written):
        return None
    digits = re.sub("[^0-9]", "", re.sub("[.]0+$", "", written))
    return digits[-10:] if len(digits) >= 10 else None


def employee_code(cell: str) -> str:
    """An employee code as codes are compared: NFC, ASCII digits, capitals, no spaces or joiners; "" if blank.

    Leading zeros stay. Raises Unreadable("code_unreadable") for `1.23E+11`.
    """
    if cell.isascii() and cell.isalnum() and cell.lower() not in BLANKS:
        return cell.upper()
    code = _WITHOUT_WIDTH.sub("", _ascii_digits(text(cell))).replace(" ", "").upper()
    if _SCIENTIFIC.fullmatch(code):
        raise Unreadable("code_unreadable")
    return unicodedata.normalize("NFC", code)


def employee_id(cell: str) -> str | None:
    """An employee code as a key, or None if blank or no longer a code."""
    try:
        return employee_code(cell) or None
    except Unreadable:
        return None


def external_system(cell: str) -> str:
    """The name of the other system in lower case, "" if blank."""
    return text(cell).lower()


def why_ignored(field: str, cell: str) -> str | None:
    """The code of the reason why a key's cell is no key; None if it is blank.

    Also None for a phone: a spreadsheet shortens whole columns of them, so a
    word about each would drown all others.
    """
    if field == "phone" or not cell or not text(cell):
        return None
    return _why_no_email(_address(cell)) if field == "email" else "employee_id_unusable"


def _address(cell: str) -> str:
    return _WITHOUT_WIDTH.sub("", text(cell)).lower()


def _why_no_email(address: str) -> str | None:
    if _DEVANAGARI.search(address):
        return "email_garbled"
    if _MASK.search(address):
        return "email_masked"
    return None if _ADDRESS.fullmatch(address) else "email_unusable"


def _ascii_digits(written: str) -> str:
    if written.isascii():
        return written
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in written)
