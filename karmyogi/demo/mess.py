"""A handful of odd rows in the enrolment report, as they come in life, so that a preview has something to show."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle

from karmyogi.demo.courses import NO_BATCH
from karmyogi.demo.rows import ENROLMENTS, Row

AT = {name: index for index, name in enumerate(ENROLMENTS)}
EVERY = 11  # rows between two odd ones
ROUNDS = 2


@dataclass(frozen=True)
class Oddity:
    """One way for a row to be odd: which rows it can happen to, and what becomes of them.

    `change` gets the row and an earlier certificated row of another officer;
    where `is_extra`, its result follows the row, otherwise it replaces it.
    """

    name: str
    change: Callable[[Row, Row], Row]
    suits: Callable[[Row], bool] = bool
    is_extra: bool = True


def _with(row: Row, **cells: str) -> Row:
    changed = list(row)
    for column, value in cells.items():
        changed[AT[column]] = value
    return tuple(changed)


def _cell(row: Row, column: str) -> str:
    return row[AT[column]]


def _is_completed(row: Row) -> bool:
    return _cell(row, "Status") == "completed"


def _is_certificated(row: Row) -> bool:
    return bool(_cell(row, "Certificate_ID"))


def _is_in_progress(row: Row) -> bool:
    return _cell(row, "Status") == "in-progress"


def _has_no_batch(row: Row) -> bool:
    return _cell(row, "Batch_Id") == NO_BATCH


def _capitals(row: Row, _other: Row) -> Row:
    return _with(row, Email=f"  {_cell(row, 'Email').upper()} ")


def _phone_only(row: Row, _other: Row) -> Row:
    phone = _cell(row, "Phone_Number")
    return _with(row, Email="", Phone_Number=f"+91 {phone[:5]} {phone[5:]}")


def _garbled(row: Row, _other: Row) -> Row:
    """An address shown through the map of a legacy Hindi font: the keystrokes of ramesh.sahu@cg.example.in."""
    return _with(row, Email="तंउमेीण्ेंीन/बहण्मगंउचसमण्पद")


def _odd_spaces(row: Row, _other: Row) -> Row:
    return _with(row, Content_Name="\u00a0" + _cell(row, "Content_Name").replace(" ", "  ") + " ")


def _formula(row: Row, _other: Row) -> Row:
    return _with(row, Designation='=HYPERLINK("http://x.example","click")')


def _hundred_but_open(row: Row, _other: Row) -> Row:
    return _with(row, Content_Progress_Percentage="100.00")


def _finished_before_begun(row: Row, _other: Row) -> Row:
    done_on, done_at = _cell(row, "Completed_On").split()
    return _with(row, Enrolled_On=f"{done_on} 23:59:59", Completed_On=f"{done_on} {done_at}")


def _somebody_elses_certificate(row: Row, other: Row) -> Row:
    return _with(row, Certificate_ID=_cell(other, "Certificate_ID"))


def _same_again(row: Row, _other: Row) -> Row:
    return row


def _same_with_blank_batch(row: Row, _other: Row) -> Row:
    return _with(row, Batch_Id="", Batch_Name="")


def _blank_status(row: Row, _other: Row) -> Row:
    return _with(row, Status="")


def _unknown_status(row: Row, _other: Row) -> Row:
    return _with(row, Status="finished?")


def _blank_course(row: Row, _other: Row) -> Row:
    return _with(row, Content_Name=" ")


def _impossible_date(row: Row, _other: Row) -> Row:
    return _with(row, Completed_On="2025-13-45 10:00:00")


def _date_to_come(row: Row, _other: Row) -> Row:
    generated_on = _cell(row, "Report_Last_Generated_On")
    return _with(row, Completed_On=f"{int(generated_on[:4]) + 1}{generated_on[4:10]} 10:00:00")


def _duration_in_words(row: Row, _other: Row) -> Row:
    return _with(row, Content_Duration="1 hour")


def _unknown_person(row: Row, _other: Row) -> Row:
    row = _with(row, Certificate_Generated="No", Certificate_ID="", Status="in-progress", Completed_On="")
    return _with(row, Email="nobody@nowhere.example.in", Phone_Number="", External_System_Id="", User_Rating="")


def _two_keys_two_officers(row: Row, other: Row) -> Row:
    return _with(row, Phone_Number=_cell(other, "Phone_Number"))


# fmt: off
ODDITIES = (
    Oddity("e-mail in capitals, with spaces",    _capitals, is_extra=False),
    Oddity("blank status",                       _blank_status),
    Oddity("course name with odd spaces",        _odd_spaces, is_extra=False),
    Oddity("two keys, two officers",             _two_keys_two_officers),
    Oddity("phone with +91 only",                _phone_only, is_extra=False),
    Oddity("doubled row",                        _same_again),
    Oddity("impossible completion date",         _impossible_date, _is_completed),
    Oddity("formula in a cell",                  _formula, is_extra=False),
    Oddity("unknown person",                     _unknown_person),
    Oddity("100 per cent, but in progress",      _hundred_but_open, _is_in_progress, is_extra=False),
    Oddity("unknown status",                     _unknown_status),
    Oddity("garbled e-mail",                     _garbled, is_extra=False),
    Oddity("completed after the report",         _date_to_come, _is_completed),
    Oddity("another officer's certificate",      _somebody_elses_certificate, _is_certificated, is_extra=False),
    Oddity("blank course name",                  _blank_course),
    Oddity("completed before enrolled",          _finished_before_begun, _is_completed, is_extra=False),
    Oddity("duration in words",                  _duration_in_words),
    Oddity("doubled row, batch left blank",      _same_with_blank_batch, _has_no_batch),
)
# fmt: on


class Mess:
    """Strews each oddity into the rows that pass, `ROUNDS` times over, then lets rows pass untouched.

    `placed` counts what was strewn, by name.
    """

    def __init__(self) -> None:
        self.placed: dict[str, int] = {}
        self._waiting = list(ODDITIES) * ROUNDS
        self._gap = cycle(range(EVERY))
        self._other: Row = ()

    def strew(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows of one officer, some of them odd, some followed by an odd one."""
        if not self._waiting:
            yield from rows
            return
        rows = list(rows)
        for row in rows:
            yield from self._pass(row) if self._other and self._waiting else (row,)
        certificated = [row for row in rows if _is_certificated(row)]
        self._other = certificated[0] if certificated else self._other

    def _pass(self, row: Row) -> Iterator[Row]:
        oddity = self._waiting[0]
        if next(self._gap) or not oddity.suits(row):
            yield row
            return
        self._waiting.pop(0)
        self.placed[oddity.name] = self.placed.get(oddity.name, 0) + 1
        if oddity.is_extra:
            yield row
        yield oddity.change(row, self._other)
