"""What a note-sheet will print, from what the records say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from karmyogi.awards.rules import Issuer, Proposal
from karmyogi.awards.rules import note_sheets as words
from karmyogi.core.money import rupees
from karmyogi.core.months import IST, Month
from karmyogi.nominations.models import Cycle
from karmyogi.store.paper import NoteFacts, NoteRow


@dataclass(frozen=True)
class Upward:
    """Where a note-sheet goes: its file, the stage it is for, and the posts that sign, (Hindi, English)."""

    stage: str
    file_number: str
    issuer: Issuer
    hands: tuple[tuple[str, str], ...]


def note_facts(
    upward: Upward,
    cycle: Cycle,
    rows: Sequence[Proposal],
    *,
    counts: dict[str, int],
    cases: Sequence[int],
    month: str,
    at: datetime,
) -> NoteFacts:
    """The note-sheet of these officers at that moment; `month` is that of their ranks, empty without one."""
    scheme, on = cycle.scheme, at.astimezone(IST).date()
    subject = words.subject((scheme.name_hi, scheme.name_en), (cycle.name_hi, cycle.name_en), upward.stage)
    before = words.opening(
        scheme=scheme.name_hi,
        cycle=cycle.name_hi,
        period=(_numeric(cycle.first_month), _numeric(cycle.last_month)),
        window=(cycle.opens_on, cycle.closes_on),
        counts=counts,
    )
    before.append(words.proposal(upward.stage, count=len(rows), award=scheme.award_hi))
    return NoteFacts(
        government_hi=upward.issuer.government_hi,
        department_hi=upward.issuer.department_hi,
        subject_hi=subject[0],
        subject_en=subject[1],
        file_line=words.file_line(upward.file_number),
        as_on=words.as_on(at),
        drawn_on=on,
        before=tuple(before),
        columns=words.COLUMNS,
        rows=tuple(_row(serial, one, month, at) for serial, one in enumerate(rows, 1)),
        after=tuple(words.closing(rows, number=len(before), on=on)),
        cases=", ".join(map(str, cases)),
        hands=tuple(f"{hi} ({en})" for hi, en in upward.hands),
        hand_columns=words.HAND_COLUMNS,
    )


def _numeric(month: str) -> str:
    found = Month.parse(month)
    return f"{found.number:02d}/{found.year}"


def _row(serial: int, one: Proposal, month: str, at: datetime) -> NoteRow:
    return NoteRow(
        serial=serial,
        name_hi=one.name_hi,
        name_en=one.name_en,
        employee_code=one.employee_code,
        post=words.post_in_words(one),
        record=words.record_in_words(one, month=_numeric(month) if month else "", on=at.astimezone(IST).date()),
        award=one.category,
        amount=rupees(one.amount_rupees) if one.amount_rupees is not None else "",
        citation=words.in_short(one.citation),
    )
