"""What somebody answers about people of the match queue, remembered for the next file, and how it is taken back.

An answer writes facts by no road of its own: the rows it settles are laid out
as a small file of their kind and imported like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import peewee

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.people.models import Officer, OfficerKey, OrgUnit
from karmyogi.people.queries import officers_for
from karmyogi.reports import matching
from karmyogi.reports.models import KEYS, STATE, Question, QueueAnswer, QueuedPerson, Verdict, Waits
from karmyogi.reports.queries import imports_of, imports_relying_on, rows_in_queue
from karmyogi.reports.service.again import bring, files_of
from karmyogi.reports.service.undoing import undo as take_import_back
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import, ImportRow, ImportState, lock_out_other_imports
from karmyogi.store.jobs import JobRun, enqueue
from karmyogi.store.trail import record

RETRY = "queue-retry"  # the job that tries all again who wait for one person's answer

declare(
    queue_moved_on=N_(
        "Somebody else has answered this in the meantime, or its rows have been taken. "
        "Open the match queue again; nothing was changed."
    ),
    queue_answer_undone=N_("This answer has already been taken back."),
    queue_answer_relied_on=N_(
        "Later imports knew people by this answer: %(imports)s. Undo those first, the latest first."
    ),
    queue_still_unmatched=N_(
        "Even with this answer %(rows)s of the rows find nobody. Nothing was changed; tell the help contact."
    ),
    queue_nobody_chosen=N_("Nobody is chosen. Tick at least one and try again."),
    queue_not_to_link=N_(
        "Whose row this is, is known; another officer holds its certificate id. "
        "Let it wait, set it aside, or try it again once the other record is corrected."
    ),
    queue_remark_needed=N_("Say why it is set aside. The reason stays with it."),
    code_taken=N_(
        "An officer with the employee code %(employee_code)s is there already: %(name)s. Link the rows to that officer."
    ),
    queue_several_offices=N_(
        "These people came by files of several offices. Answer about those of one office at a time."
    ),
    queue_officer_outside=N_(
        "The rows would go to an officer outside the office that their file was brought for. "
        "Leave them waiting; GAD decides about them."
    ),
    code_taken_outside=N_(
        "The employee code %(employee_code)s belongs to an officer outside your office. "
        "Check the code; if it is right, leave the rows waiting, and GAD decides."
    ),
    newcomer_rejected=N_("The officer could not be created. Correct what is said below and try again."),
)


@dataclass(frozen=True)
class Newcomer:
    """What must be known of an officer who is created from the queue; the unit is an office."""

    employee_code: str
    name_hi: str
    name_en: str
    designation: str
    state_class: str
    unit: OrgUnit
    joined_on: date
    email: str = ""
    mobile: str = ""


def link(officers: Mapping[int, int], files: PrivateFiles, *, by: Actor, at: datetime | None = None) -> QueueAnswer:
    """Say which officer each of these waiting people is (person → officer), and bring their rows in at once.

    Their keys are remembered for the officer. Raises WrongState if one of them waits no longer, RuleBroken if
    nobody is chosen or a row would still find nobody; then nothing is changed.
    """
    with database.atomic():
        answer = _answer(Verdict.LINK, "", by, at or now(), unit_id=_unit_of(officers, by))
        return _link_by(answer, officers, files, by=by, at=at or now())


def create(
    person: QueuedPerson, newcomer: Newcomer, files: PrivateFiles, *, by: Actor, at: datetime | None = None
) -> QueueAnswer:
    """Add an officer for a waiting person, by a roster of one row, and link the person to it.

    Raises WrongState if the person waits no longer, RuleBroken if the code is taken or the roster would reject the
    row; then nothing is changed.
    """
    at = at or now()
    _refuse_if_taken(newcomer.employee_code, by, at)
    with database.atomic():
        answer = _answer(Verdict.CREATE, "", by, at, unit_id=_unit_of([person.id], by))
        roster = bring(_roster_of(newcomer), files, answer=answer, name="queue-roster.csv", by=by, at=at)
        if not roster.created:
            raise RuleBroken(*_why_not(roster))
        officer = Officer.get(Officer.employee_code == newcomer.employee_code)
        return _link_by(answer, {person.id: officer.id}, files, by=by, at=at)


def _refuse_if_taken(code: str, by: Actor, at: datetime) -> None:
    """Who holds a code is told to those only who may see that officer."""
    taken = Officer.get_or_none(Officer.employee_code == code)
    if taken and officers_for(by, Permission.OFFICERS_READ, on=at.date()).where(Officer.id == taken.id).exists():
        raise RuleBroken(reason("code_taken", employee_code=code, name=taken.name_en or taken.name_hi))
    if taken:
        raise RuleBroken(reason("code_taken_outside", employee_code=code))


def _why_not(roster: Import) -> list[Reason]:
    return [Reason(row.code, row.facts) for row in roster.rows if row.code] or [reason("newcomer_rejected")]


def _roster_of(newcomer: Newcomer) -> list[list[str]]:
    unit = newcomer.unit
    told = {
        "employee_code": newcomer.employee_code,
        "name_en": newcomer.name_en,
        "name_hi": newcomer.name_hi,
        "designation": newcomer.designation,
        "class": newcomer.state_class,
        "department": unit.department.name_en if unit.department else "",
        "office": unit.name_en,
        "district": unit.district.name_en if unit.district else "",
        "email": newcomer.email,
        "mobile": newcomer.mobile,
        "gender": "",
        "birth_on": "",
        "joined_on": newcomer.joined_on.isoformat(),
        "retires_on": "",
    }
    return [list(told), list(told.values())]


def _link_by(
    answer: QueueAnswer, officers: Mapping[int, int], files: PrivateFiles, *, by: Actor, at: datetime
) -> QueueAnswer:
    _take(answer, officers, Waits.LINKED)
    taught = matching.teach(answer)
    brought = _bring_in(answer, officers, files, by=by, at=at)
    if any(_lies_outside(origin) for origin in brought):
        raise RuleBroken("queue_officer_outside")
    lost = sum(_still_asks_who(origin) for origin in brought)
    if lost:
        raise RuleBroken(reason("queue_still_unmatched", rows=lost))
    told = {"people": [[person, officer] for person, officer in sorted(officers.items())], "keys": taught}
    record(by, f"queue.{answer.verdict}", answer, told | _brought(brought), at=at)
    return answer


def set_aside(people: Sequence[int], remark: str, *, by: Actor, at: datetime | None = None) -> QueueAnswer:
    """Let these people wait no longer, and rows of theirs in later files neither, until it is taken back.

    Raises WrongState if one of them waits no longer, RuleBroken without a reason or with nobody chosen.
    """
    if not remark.strip():
        raise RuleBroken("queue_remark_needed")
    with database.atomic():
        answer = _answer(Verdict.ASIDE, remark.strip(), by, at or now(), unit_id=_unit_of(people, by))
        _take(answer, dict.fromkeys(people), Waits.ASIDE)
        record(by, "queue.aside", answer, {"people": sorted(people)}, remark=remark.strip(), at=at)
    return answer


def retry(people: Iterable[QueuedPerson], files: PrivateFiles, *, by: Actor, at: datetime | None = None) -> QueueAnswer:
    """Send once more the rows of those of these people whom their keys find by now; nothing is decided.

    Raises RuleBroken if there is nobody like that.
    """
    at = at or now()
    found = _found_by_now(list(people), by, at)
    if not found:
        raise RuleBroken("queue_nobody_chosen")
    return _once_more(found, files, by=by, at=at)


def _once_more(found: Sequence[int], files: PrivateFiles, *, by: Actor, at: datetime) -> QueueAnswer:
    with database.atomic():
        answer = _answer(Verdict.RETRY, "", by, at, unit_id=_unit_of(found, by))
        brought = _bring_in(answer, dict.fromkeys(found), files, by=by, at=at)
        record(by, "queue.retry", answer, {"people": sorted(found)} | _brought(brought), at=at)
    return answer


def ask_to_retry(*, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the trying again of all who wait for one's answer: it may be half the State."""
    at = at or now()
    return enqueue(RETRY, f"{by.user_id}@{at:%Y%m%d%H%M%S}", by=by, at=at)


def last_retry(*, by: Actor) -> JobRun | None:
    """What became of the trying again that this person asked for last."""
    asked = (JobRun.job == RETRY) & (JobRun.requested_by == by.user_id)
    return JobRun.select().where(asked).order_by(JobRun.id.desc()).first()


def retry_all(
    people: Iterable[QueuedPerson], files: PrivateFiles, *, by: Actor, at: datetime | None = None
) -> dict[str, int]:
    """Send the rows of all these people again who are found by now, the files of one office at a time.

    Returns how many rows were tried; none if nobody is found yet.
    """
    waiting, done = sorted(people, key=lambda one: one.unit_id or 0), []
    by_office = [waiting] if scope_of(by, Permission.REPORTS_IMPORT).everything else _by_office(waiting)
    at = at or now()
    for of_office in by_office:
        if found := _found_by_now(of_office, by, at):
            done.append(_once_more(found, files, by=by, at=at))
    return {"tried": sum(origin.row_count for one in done for origin in imports_of(one))}


def _by_office(people: Sequence[QueuedPerson]) -> list[list[QueuedPerson]]:
    return [list(those) for _unit, those in groupby(people, key=lambda one: one.unit_id)]


def _found_by_now(people: Sequence[QueuedPerson], by: Actor, at: datetime) -> list[int]:
    """Those whom the keys find within reach, and those who wait for a certificate: only trying tells about these."""
    asked = {one.id: tuple(getattr(one, key) or None for key in KEYS) for one in people if not one.label}
    numbers = {keys: number for number, keys in enumerate(dict.fromkeys(asked.values()))}
    matched = matching.matched(numbers)
    in_reach = officers_for(by, Permission.OFFICERS_READ, on=at.date()).where(Officer.id.in_(list(matched.values())))
    officers = {officer.id for officer in in_reach}
    found = {person for person, keys in asked.items() if matched.get(numbers[keys]) in officers}
    return [one.id for one in people if one.id in found or one.question == Question.CERTIFICATE]


def undo(answer: QueueAnswer, *, by: Actor, at: datetime | None = None) -> None:
    """Take an answer back: its imports are undone, the keys it taught forgotten, and the people wait again.

    Raises WrongState if it was taken back already, RuleBroken with what rests on it; then nothing is changed.
    """
    at = at or now()
    with database.atomic():
        lock_out_other_imports()
        _refuse_if_relied_on(answer)
        moved = QueueAnswer.update(undone_by=by.user_id, undone_at=at).where(
            (QueueAnswer.id == answer.id) & QueueAnswer.undone_at.is_null()
        )
        if not moved.execute():
            raise WrongState("queue_answer_undone")
        people = [person.id for person in answer.people]
        QueuedPerson.update(state=Waits.WAITING.value, officer=None, answer=None).where(
            QueuedPerson.answer == answer.id
        ).execute()
        OfficerKey.delete().where(OfficerKey.answer_id == answer.id).execute()
        undone = [origin for origin in reversed(imports_of(answer)) if origin.state == ImportState.APPLIED]
        for origin in undone:
            take_import_back(origin, by=by, at=at)
        record(by, "queue.undo", answer, {"people": people, "imports": [origin.id for origin in undone]}, at=at)


def _refuse_if_relied_on(answer: QueueAnswer) -> None:
    if later := imports_relying_on(answer):
        raise RuleBroken(reason("queue_answer_relied_on", imports=", ".join(map(str, later))))


def _unit_of(people: Iterable[int], by: Actor) -> int | None:
    """By whose reach an answer is given: that of the files the people came by; None of whoever has the whole State.

    Raises RuleBroken if those are files of several units, NotAllowed if they are for the whole State.
    """
    if scope_of(by, Permission.REPORTS_IMPORT).everything:
        return None
    told = QueuedPerson.select(QueuedPerson.unit_id).where(QueuedPerson.id.in_(list(people))).distinct()
    units = [unit for (unit,) in told.tuples()]
    if STATE in units:
        raise NotAllowed("not_allowed")
    if len(units) > 1:
        raise RuleBroken("queue_several_offices")
    return units[0] if units else None


def _answer(verdict: Verdict, remark: str, by: Actor, at: datetime, *, unit_id: int | None) -> QueueAnswer:
    lock_out_other_imports()
    return QueueAnswer.create(
        verdict=verdict.value, remark=remark, answered_by=by.user_id, answered_at=at, unit_id=unit_id
    )


def _take(answer: QueueAnswer, officers: Mapping[int, int | None], state: Waits) -> None:
    """Move all these people out of the queue, or none: each by the state it waits in."""
    if not officers:
        raise RuleBroken("queue_nobody_chosen")
    is_meant = QueuedPerson.id.in_(list(officers)) & (QueuedPerson.state == Waits.WAITING.value)
    facts: dict[str, object] = {"answer": answer.id}
    if state is Waits.LINKED:
        is_meant &= QueuedPerson.question == Question.WHO.value
        facts |= {"officer": peewee.Case(QueuedPerson.id, list(officers.items())), "label": _spent_label()}
    if QueuedPerson.update(state=state.value, **facts).where(is_meant).execute() != len(officers):
        raise WrongState("queue_moved_on")


def _spent_label() -> peewee.Node:
    """A row without any key stands for itself but once: the same row of the next file is asked about anew."""
    spent = QueuedPerson.label.concat("@").concat(QueuedPerson.id.cast("TEXT"))
    return peewee.Case(None, [(QueuedPerson.label != "", spent)], "")


def _bring_in(
    answer: QueueAnswer, officers: Mapping[int, int | None], files: PrivateFiles, *, by: Actor, at: datetime
) -> list[Import]:
    """Send the waiting rows of these people once more: a file for each kind and layout."""
    rows = (
        rows_in_queue()
        .select(ImportRow, Import, QueuedPerson, Officer)
        .switch(ImportRow)
        .join(QueuedPerson, on=ImportRow.person_id == QueuedPerson.id, attr="person")
        .join(Officer, peewee.JOIN.LEFT_OUTER, on=QueuedPerson.officer == Officer.id)
        .where(ImportRow.person_id.in_(list(officers)))
        .order_by(Import.generated_at, Import.id, ImportRow.row_number)
    )
    return [
        bring(file.lines, files, answer=answer, name=f"queue-{file.kind}.csv", rows=file.rows, by=by, at=at)
        for file in files_of(rows)
    ]


def _lies_outside(origin: Import) -> bool:
    return origin.rows.where(ImportRow.code == "outside_reach").exists()


def _still_asks_who(origin: Import) -> int:
    return origin.rows.where((ImportRow.outcome == "queued") & (ImportRow.code != "certificate_of_other")).count()


def _brought(imports: Sequence[Import]) -> dict[str, object]:
    return {"imports": [origin.id for origin in imports], "rows": sum(origin.row_count for origin in imports)}
