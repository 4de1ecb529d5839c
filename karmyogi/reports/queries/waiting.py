"""Reads of the match queue: who waits, the rows of each, whom their keys mean, and what was answered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

import peewee

from karmyogi.completions.models import Enrolment
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import Designation, Officer, OfficerKey, OrgUnit, Posting
from karmyogi.people.queries import officers_for, person_of, postings_with_places
from karmyogi.people.rules import ALIKE, Likeness, name_likeness, name_verdict, text_verdict
from karmyogi.reports.models import KEYS, STATE, Question, QueueAnswer, QueuedPerson, QueueUse, Waits
from karmyogi.reports.queries.imports import READ, for_units_of
from karmyogi.reports.reader import simplified
from karmyogi.store.imports import Import, ImportRow, ImportState, Outcome

CARDS = 20  # people on a page
FILES_SHOWN = 5
Settler = Import.alias()


@dataclass(frozen=True)
class Asked:
    """What narrows the queue: the reason, the kind and the number of the import, and a part of a name or key."""

    state: str = Waits.WAITING.value
    code: str = ""
    kind: str = ""
    import_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Source:
    """Rows of one person in one import: how many, and the first of them."""

    import_id: int
    file_name: str
    kind: str
    rows: int
    first_row: int


@dataclass(frozen=True)
class Compared:
    """One thing that is told of a person, beside what is known of an officer."""

    field: str
    told: str
    known: str
    likeness: Likeness


@dataclass(frozen=True)
class Candidate:
    """An officer whom a row may mean: the keys that point there, how alike the name is, and each thing compared."""

    officer: Officer
    posting: Posting | None
    keys: tuple[str, ...]
    likeness: int
    compared: tuple[Compared, ...]

    @property
    def is_strong(self) -> bool:
        """True if a key points there and the name agrees too; a name alone is only a suggestion."""
        return bool(self.keys) and self.likeness >= ALIKE


def rows_in_queue() -> peewee.ModelSelect:
    """Rows of applied imports that wait: no import that stands has taken them since."""
    return (
        ImportRow.select()
        .join(Import, on=ImportRow.origin == Import.id)
        .switch(ImportRow)
        .join(
            Settler,
            peewee.JOIN.LEFT_OUTER,
            on=_settles(),
        )
        .where(
            (ImportRow.outcome == Outcome.QUEUED.value)
            & (Import.state == ImportState.APPLIED.value)
            & Settler.id.is_null()
        )
    )


def queue() -> peewee.ModelSelect:
    """Rows that wait for a person to say whose they are, oldest first; not those of people who were set aside."""
    decided = QueuedPerson.select(QueuedPerson.id).where(QueuedPerson.state != Waits.WAITING.value)
    rows = rows_in_queue().select(ImportRow, Import)
    return rows.where(ImportRow.person_id.is_null() | ImportRow.person_id.not_in(decided)).order_by(
        ImportRow.origin, ImportRow.row_number
    )


def open_problems_of(origin: Import) -> list[ImportRow]:
    """Rows of an import that were refused or queued and that no import that stands has taken since, in their order."""
    return list(
        ImportRow.select()
        .join(Settler, peewee.JOIN.LEFT_OUTER, on=_settles())
        .where(
            (ImportRow.origin == origin)
            & ImportRow.outcome.in_([Outcome.REJECTED.value, Outcome.QUEUED.value])
            & Settler.id.is_null()
        )
        .order_by(ImportRow.row_number, ImportRow.id)
    )


def settled_in(origin: Import, actor: Actor) -> list[tuple[int, str, int]]:
    """The later imports in reach that stand and have taken problem rows of this one: number, file and how many."""
    rows = (
        ImportRow.select(Settler.id, Settler.file_name, peewee.fn.COUNT(ImportRow.id))
        .join(Settler, on=_settles())
        .where((ImportRow.origin == origin) & (Settler.id != origin.id) & for_units_of(actor, READ, Settler.unit_id))
        .group_by(Settler.id, Settler.file_name)
        .order_by(Settler.id)
    )
    return list(rows.tuples())


def _settles() -> peewee.Expression:
    return (Settler.id == ImportRow.settled_by) & (Settler.state == ImportState.APPLIED.value)


def queue_for(actor: Actor) -> peewee.ModelSelect:
    """The people in the queue about whom this actor may decide: whom files for units of theirs told."""
    return QueuedPerson.select().where(for_units_of(actor, Permission.REPORTS_IMPORT, QueuedPerson.unit_id))


def waiting_for(actor: Actor) -> peewee.ModelSelect:
    """Those of them who wait, with at least one row."""
    return _in_state(queue_for(actor), Asked())


def queue_page(actor: Actor, asked: Asked, *, after: int | None = None) -> list[QueuedPerson]:
    """A page of the queue, those who wait longest first, and one more person who tells that there is a next page."""
    rows = _in_state(queue_for(actor), asked)
    if asked.code:
        rows = rows.where(QueuedPerson.code == asked.code)
    if asked.text:
        rows = rows.where(_is_called(asked.text))
    if after:
        rows = rows.where(QueuedPerson.id > after)
    return list(rows.order_by(QueuedPerson.id).limit(CARDS + 1))


def _in_state(people: peewee.ModelSelect, asked: Asked) -> peewee.ModelSelect:
    """People in this state; of those who wait only those whose rows do, so that an undone import leaves no one."""
    rows = rows_in_queue() if asked.state == Waits.WAITING else ImportRow.select().join(Import)
    rows = rows.where(ImportRow.person_id == QueuedPerson.id)
    if asked.kind:
        rows = rows.where(Import.kind == asked.kind)
    if asked.import_id:
        rows = rows.where(Import.id == asked.import_id)
    return people.where((QueuedPerson.state == asked.state) & peewee.fn.EXISTS(rows.select(ImportRow.id)))


def _is_called(text: str) -> peewee.Expression:
    columns = [QueuedPerson.name, *(getattr(QueuedPerson, key) for key in KEYS)]
    return reduce(or_, (column.contains(text) for column in columns))


def sources_of(people: Iterable[QueuedPerson], *, waiting: bool) -> dict[int, list[Source]]:
    """In which imports the rows of these people stand, the oldest first; one query."""
    rows = rows_in_queue() if waiting else ImportRow.select().join(Import)
    counted = (
        rows.select(
            ImportRow.person_id,
            Import.id,
            Import.file_name,
            Import.kind,
            peewee.fn.COUNT(ImportRow.id),
            peewee.fn.MIN(ImportRow.row_number),
        )
        .where(ImportRow.person_id.in_([person.id for person in people]))
        .group_by(ImportRow.person_id, Import.id, Import.file_name, Import.kind)
        .order_by(Import.id)
    )
    found: dict[int, list[Source]] = defaultdict(list)
    for person_id, *source in counted.tuples():
        found[person_id].append(Source(*source))
    return found


def rows_of_person(person: QueuedPerson, *, limit: int = 50) -> list[ImportRow]:
    """The rows of a person with their imports, those of the latest import first."""
    rows = rows_in_queue() if person.state == Waits.WAITING else ImportRow.select().join(Import)
    return list(
        rows.select(ImportRow, Import)
        .where(ImportRow.person_id == person.id)
        .order_by(ImportRow.origin.desc(), ImportRow.row_number)
        .limit(limit)
    )


def candidates_of(people: Sequence[QueuedPerson], *, by: Actor, on: date) -> dict[int, list[Candidate]]:
    """Whom in reach the keys of each of these people point to, the likeliest first; the same few queries for all."""
    pointing = _officers_by_key(people)
    officers = _officers(_in_reach({officer for found in pointing.values() for officer in found}, by, on), on=on)
    found = {}
    for person in people:
        keys: dict[int, list[str]] = defaultdict(list)
        for key in KEYS:
            for officer_id in pointing.get((key, getattr(person, key)), ()):
                keys[officer_id].append(key)
        found[person.id] = _ranked(candidate(person, officers[each], keys[each]) for each in keys if each in officers)
    return found


def pointing_beyond(people: Sequence[QueuedPerson], *, by: Actor, on: date) -> set[int]:
    """Those of these people of whom a key points to an officer outside reach: nothing of that officer is told."""
    pointing = _officers_by_key(people)
    everybody = {officer for found in pointing.values() for officer in found}
    beyond = everybody - _in_reach(everybody, by, on)
    each = ((one.id, pointing.get((key, getattr(one, key)), ())) for one in people for key in KEYS)
    return {person for person, officers in each if beyond.intersection(officers)}


def _in_reach(officers: set[int], by: Actor, on: date) -> set[int]:
    """Of these officers those whom an actor may read."""
    if not officers or scope_of(by, Permission.OFFICERS_READ).everything:
        return officers
    rows = officers_for(by, Permission.OFFICERS_READ, on=on).select(Officer.id).where(Officer.id.in_(officers))
    return {officer for (officer,) in rows.tuples()}


def _officers_by_key(people: Sequence[QueuedPerson]) -> dict[tuple[str, str], list[int]]:
    told = {key: {value for one in people if (value := getattr(one, key))} for key in KEYS}
    wanted = [(OfficerKey.kind == key) & OfficerKey.value.in_(values) for key, values in told.items() if values]
    if not wanted:
        return {}
    person = person_of(OfficerKey.officer).alias("person")
    rows = OfficerKey.select(OfficerKey.kind, OfficerKey.value, person).where(reduce(or_, wanted)).distinct()
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for kind, value, officer_id in sorted(rows.tuples()):
        found[kind, value].append(officer_id)
    return found


def _officers(ids: Iterable[int], *, on: date) -> dict[int, Officer]:
    wanted = list(ids)
    rows = Officer.select(Officer, Designation).join(Designation, peewee.JOIN.LEFT_OUTER).where(Officer.id.in_(wanted))
    by_id, held = {officer.id: officer for officer in rows}, postings_with_places(wanted, on=on)
    for officer in by_id.values():
        officer.posting = held.get(officer.id)
    return by_id


def shown(officer: Officer, *, on: date) -> Officer:
    """An officer with designation and `posting`, as a candidate is made of."""
    return _officers([officer.id], on=on)[officer.id]


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda one: (-len(one.keys), -one.likeness, one.officer.id))


def candidate(person: QueuedPerson, officer: Officer, keys: Sequence[str] = ()) -> Candidate:
    """An officer beside a person of the queue; the officer comes with designation and `posting`."""
    posting = officer.posting
    return Candidate(
        officer,
        posting,
        tuple(keys),
        name_likeness(person.name, officer.name_hi, officer.name_en),
        tuple(_compared(person, officer, posting, keys)),
    )


def _compared(
    person: QueuedPerson, officer: Officer, posting: Posting | None, keys: Sequence[str]
) -> Iterable[Compared]:
    designation, unit = officer.designation, posting and posting.unit
    department = unit and unit.department
    posts = [designation.name_en, designation.name_hi] if designation else []
    places = [name for one in (department, unit) if one for name in (one.name_en, one.name_hi)]
    yield Compared(
        "name",
        person.name,
        " · ".join(filter(None, (officer.name_hi, officer.name_en))),
        name_verdict(person.name, officer.name_hi, officer.name_en),
    )
    yield Compared(
        "designation", person.designation, " · ".join(filter(None, posts)), text_verdict(person.designation, *posts)
    )
    for field in ("department", "organisation"):
        told = getattr(person, field)
        if field == "department" or told:
            yield Compared(
                field,
                told,
                places[0] if field == "department" and places else (unit.name_en if unit else ""),
                text_verdict(told, *places),
            )
    yield Compared(
        "igot_group", person.igot_group, officer.igot_group, text_verdict(person.igot_group, officer.igot_group)
    )
    known = {"email": officer.email, "phone": officer.mobile, "employee_id": officer.employee_code}
    for key in KEYS:
        told = getattr(person, key)
        if told or known.get(key):
            agrees = Likeness.SAME if key in keys else text_verdict(told, known.get(key, ""))
            yield Compared(key, told, known.get(key, "") or (told if key in keys else ""), agrees)


def strong_suggestion(found: Sequence[Candidate]) -> Candidate | None:
    """The one candidate whom a key and the name both point to; None if there is none or another one."""
    strong = [one for one in found if one.is_strong]
    return strong[0] if len(strong) == 1 else None


def keys_of_others(
    people: Mapping[int, int], *, by: Actor, on: date
) -> dict[int, list[tuple[str, str, Officer | None]]]:
    """For people about to be linked (person → officer): their keys that also lead to somebody else, and to whom.

    Of who is outside the actor's reach nothing is told: None.

    Such a key then leads to both. Rows with other keys besides go on by those; rows with it alone will wait.
    """
    persons = list(QueuedPerson.select().where(QueuedPerson.id.in_(list(people))))
    pointing = _officers_by_key(persons)
    seen = _in_reach({officer for found in pointing.values() for officer in found}, by, on)
    others = {officer.id: officer for officer in Officer.select().where(Officer.id.in_(seen))}
    found: dict[int, list[tuple[str, str, Officer | None]]] = {}
    for person in persons:
        told = [(key, getattr(person, key)) for key in KEYS]
        found[person.id] = [
            (key, value, others.get(officer_id))
            for key, value in told
            for officer_id in pointing.get((key, value), ())
            if officer_id != people[person.id]
        ]
    return found


def holders_of(people: Sequence[QueuedPerson], *, by: Actor, on: date) -> list[Officer | None]:
    """Who holds the certificate ids of the waiting rows of people who wait for that; nobody for the others.

    Of who is outside the actor's reach nothing is told: None.
    """
    asked = [person.id for person in people if person.question == Question.CERTIFICATE]
    rows = rows_in_queue().where(ImportRow.person_id.in_(asked))
    ids = {cell for row in rows for name, cell in row.told.items() if simplified(name) == "certificateid"}
    held = Enrolment.select(Enrolment.officer).where(Enrolment.certificate_id.in_(ids)).distinct()
    holders = {officer_id for (officer_id,) in held.tuples()}
    seen = _in_reach(holders, by, on)
    return [*_officers(seen, on=on).values(), *[None] * bool(holders - seen)]


def answers_for(actor: Actor) -> peewee.ModelSelect:
    """What was answered about people of files for the actor's units, the newest first."""
    mine = for_units_of(actor, Permission.REPORTS_IMPORT, QueueAnswer.unit_id)
    return QueueAnswer.select().where(mine).order_by(QueueAnswer.id.desc())


def answers_open(actor: Actor, people: Iterable[QueuedPerson]) -> set[int]:
    """The answers about these people that the actor may open: not GAD's, for who answers for a unit."""
    wanted = {one.answer_id for one in people if one.answer_id}
    rows = answers_for(actor).select(QueueAnswer.id).where(QueueAnswer.id.in_(wanted))
    return {answer for (answer,) in rows.tuples()} if wanted else set()


def units_of_people(people: Iterable[QueuedPerson]) -> dict[int, OrgUnit]:
    """The units whose files told of these people; of the whole State's files none."""
    wanted = {one.unit_id for one in people} - {STATE}
    return {unit.id: unit for unit in OrgUnit.select().where(OrgUnit.id.in_(wanted))} if wanted else {}


def people_of(answer: QueueAnswer) -> list[QueuedPerson]:
    """The people of whom an answer speaks while it stands, with the officers they were linked to."""
    return list(
        QueuedPerson.select(QueuedPerson, Officer)
        .join(Officer, peewee.JOIN.LEFT_OUTER)
        .where(QueuedPerson.answer == answer)
        .order_by(QueuedPerson.id)
    )


def imports_of(answer: QueueAnswer) -> list[Import]:
    """The imports that brought in what was answered, in their order."""
    return list(Import.select().where(Import.answer_id == answer.id).order_by(Import.id))


def imports_relying_on(answer: QueueAnswer) -> list[int]:
    """Later imports that stand and knew somebody by this answer."""
    rows = (
        QueueUse.select(QueueUse.import_id)
        .join(QueuedPerson)
        .switch(QueueUse)
        .join(Import, on=QueueUse.import_id == Import.id)
        .where(
            (QueuedPerson.answer == answer)
            & (Import.state == ImportState.APPLIED.value)
            & (Import.answer_id.is_null() | (Import.answer_id != answer.id))
        )
        .distinct()
        .order_by(QueueUse.import_id)
    )
    return [number for (number,) in rows.tuples()]
