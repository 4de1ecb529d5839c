"""What a workbook's cell shows, as the text a report would have: dates in ISO form, numbers with all their digits."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from xml.etree.ElementTree import Element

LARGEST_WHOLE = 10**15  # Excel keeps fifteen digits; what has more has lost some
DAYS_OF_A_DURATION = 1_000  # a clock without a date shows a length of time up to here, and hides a date above
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no zones
_DAY_ZERO_EARLY = datetime(1899, 12, 31)  # noqa: DTZ001 - before the 29 February 1900 that Excel invented
_EARLY = 60
_FROM_1904 = 1462  # days between the two calendars of Excel
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58), "d"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), "h"),
    22: "d h",
}


class Shown(StrEnum):
    """How a number is shown where it is no plain number."""

    DAY = "day"
    MOMENT = "moment"
    CLOCK = "clock"


Style = Shown | int | None  # an int: so many digits, with zeros before
PLAIN: Style = None


def styles_in(sheet: Element | None) -> list[Style]:
    """How each style of the workbook shows a number, in the order in which cells name them."""
    if sheet is None:
        return []
    own = {_id(found): found.get("formatCode", "") for found in sheet.iter() if _local(found) == "numFmt"}
    used = next((found for found in sheet if _local(found) == "cellXfs"), ())
    return [_style(_id(style), own) for style in used]


def _style(number: int, own: Mapping[int, str]) -> Style:
    return style_of(own[number] if number in own else _BUILT_IN.get(number, ""))


def style_of(code: str) -> Style:
    """How a format code shows a number: `dd-mm-yyyy` a day, `[h]:mm` a length of time, `000000` six digits."""
    shown = _NOT_SHOWN.sub("", code.partition(";")[0]).lower()
    if shown == "general":
        return PLAIN
    has_clock, has_day = bool(re.search("[hs]", shown)), bool(re.search("[dy]|mmm", shown))
    if has_day:
        return Shown.MOMENT if has_clock else Shown.DAY
    if has_clock:
        return Shown.CLOCK
    return len(shown) if re.fullmatch("0{2,20}", shown) else PLAIN


def _id(found: Element) -> int:
    told = found.get("numFmtId", "0")
    return int(told) if told.isdecimal() else 0


def _local(found: Element) -> str:
    return found.tag.rpartition("}")[2] if isinstance(found.tag, str) else ""


class Values:
    """Numbers as text, by the styles and the calendar of one workbook."""

    def __init__(self, styles: Sequence[Style], *, counts_from_1904: bool):
        self._styles = [str(place) for place, style in enumerate(styles) if style is not PLAIN]
        self._by_name = {str(place): style for place, style in enumerate(styles)}
        self._shift = _FROM_1904 if counts_from_1904 else 0
        self.special = frozenset(self._styles)
        self.number = lru_cache(maxsize=32_768)(self._number)

    def _number(self, written: str, style: str) -> str:
        shown = self._by_name.get(style)
        if isinstance(shown, Shown):
            return _in_time(written, shown, self._shift)
        plain = plain_number(written)
        return plain.zfill(shown) if shown and plain.isdecimal() else plain


def plain_number(written: str) -> str:
    """A number with all its digits: `9876543210`, never `9.87E+09` or with `.0`; `93.5` stays.

    What has more digits than Excel keeps is written with an exponent, so that nobody takes it for a whole code.
    """
    try:
        value = float(written)
    except ValueError:
        return written
    if value.is_integer():
        return str(int(value)) if abs(value) < LARGEST_WHOLE else f"{value:.14E}"
    return f"{value:.15g}" if 1e-4 <= abs(value) < LARGEST_WHOLE else repr(value)


def _in_time(written: str, shown: Shown, shift: int) -> str:
    try:
        days = float(written)
    except ValueError:
        return written
    if shown is Shown.CLOCK and 0 <= days < DAYS_OF_A_DURATION:
        return _duration(round(days * 86_400))
    try:
        return _moment(days + shift, shown)
    except (OverflowError, ValueError):
        return plain_number(written)


def _duration(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _moment(days: float, shown: Shown) -> str:
    if days < 0:
        raise ValueError("before the calendar of workbooks")
    whole = int(days)
    zero = _DAY_ZERO if whole >= _EARLY else _DAY_ZERO_EARLY
    moment = zero + timedelta(days=whole, seconds=round((days - whole) * 86_400))
    is_day = shown is Shown.DAY and not (moment.hour or moment.minute or moment.second)
    return moment.date().isoformat() if is_day else moment.isoformat(" ")
