"""The facts of everybody, read table by table and put together in Python: for comparing thousands with the rules.

It says what `queries.facts_of` says of one officer, which asks the database six times about each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Assessment, Completion, Enrolment, Flag
from karmyogi.core.months import Month
from karmyogi.courses.models import Course, CourseAlias
from karmyogi.people.models import IgotProfile, Officer, Posting
from karmyogi.plans.models import Obligation
from karmyogi.scores import rules
from karmyogi.store.db import Table
from karmyogi.trainings.models import Attendance, TrainingSession

OF_OFFICERS = (Posting, Completion, Achievement, Assessment, Attendance, Obligation, Enrolment, IgotProfile)


@dataclass(frozen=True)
class Person:
    """All rows of one person's records, each table by itself; `officer` is the record that stands."""

    officer: Officer
    rows: Mapping[type[Table], list] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class State:
    """What everybody shares: courses with the names each is called by and the one that stands for it, and sessions."""

    courses: Mapping[int, Course]
    names: Mapping[int, Set[str]]
    stands: Mapping[int, int]
    sessions: Mapping[int, TrainingSession]
    not_credible: Set[int]


def everybody() -> list[Person]:
    """Every person with all their rows, in the order of the records that stand."""
    officers = list(Officer.select().order_by(Officer.id))
    person_of = {officer.id: officer.merged_into_id or officer.id for officer in officers}
    people = {officer.id: Person(officer) for officer in officers if not officer.merged_into_id}
    for table in OF_OFFICERS:
        for row in table.select().iterator():
            people[person_of[row.officer_id]].rows[table].append(row)
    return list(people.values())


def the_state() -> State:
    courses = {course.id: course for course in Course.select()}
    by_title = {(one.provider, one.name, one.kind): one.id for one in courses.values()}
    aliases = list(CourseAlias.select().where(CourseAlias.verdict == "same"))
    stands = {number: number for number in courses}
    for alias in aliases:
        if other := by_title.get((alias.provider, alias.name, alias.kind)):
            stands[other] = alias.course_id
    names = {number: {course.name} for number, course in courses.items()}
    for number, stand in stands.items():
        names[number] |= {courses[stand].name} | {one.name for one in aliases if one.course_id == stand}
    sessions = {session.id: session for session in TrainingSession.select()}
    doubted = Flag.select(Flag.completion).where(Flag.state == "not_credible")
    return State(courses, names, stands, sessions, {flag.completion_id for flag in doubted})


def facts_of_all(people: Iterable[Person], month: Month) -> Iterator[tuple[Person, rules.Facts]]:
    """What the rules may know of each person for a month."""
    state = the_state()
    for person in people:
        yield (
            person,
            rules.Facts(
                postings=tuple(rules.Posting(one.from_on, one.to_on) for one in person.rows[Posting]),
                completions=tuple(_completions(person, month, state)),
                assessments=tuple(_assessments(person, month)),
                attendances=tuple(_attendances(person, month, state)),
                registered_on=_first(one.registered_on for one in person.rows[IgotProfile]),
                first_enrolled_on=_first(
                    one.enrolled_on for one in person.rows[Enrolment] if one.status != "not-enrolled"
                ),
            ),
        )


def _first(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day), default=None)


def _completions(person: Person, month: Month, state: State) -> Iterator[rules.Completion]:
    """Of what is one course the first credible completion, whichever record and name it stands under."""
    seen = set()
    for row in sorted(person.rows[Completion], key=lambda row: (row.completed_at, row.id)):
        stands = state.stands[row.course_id]
        if row.id in state.not_credible or stands in seen:
            continue
        seen.add(stands)
        if row.month == str(month):
            yield _completion(person, row, state)


def _completion(person: Person, row: Completion, state: State) -> rules.Completion:
    course = state.courses[row.course_id]
    planned = [one for one in person.rows[Obligation] if one.course_name in state.names[row.course_id]]
    claims = [one for one in person.rows[Achievement] if one.course_id == row.course_id and one.state == "verified"]
    return rules.Completion(
        course_name=course.name,
        completed_at=row.completed_at,
        completed_on=row.completed_on,
        provider=course.provider,
        kind=course.kind,
        is_planned=bool(planned),
        due_on=max((one.due_on for one in planned if one.due_on), default=None),
        has_certificate=row.has_certificate,
        is_verified=bool(claims),
        is_rated=row.is_rated,
        duration_seconds=row.duration_seconds,
    )


def _assessments(person: Person, month: Month) -> Iterator[rules.Assessment]:
    """What was attempted in the month, and was not passed before on another record."""
    passed: set[tuple[str, str, str]] = set()
    dated = [row for row in person.rows[Assessment] if row.attempted_on]
    for row in sorted(dated, key=lambda row: (row.attempted_on, row.id)):
        what = (row.kind, row.name, row.course_name)
        if what not in passed and Month.of(row.attempted_on) == month:
            yield rules.Assessment(row.name, row.attempted_on, row.is_passed)
        passed |= {what} if row.is_passed else set()


def _attendances(person: Person, month: Month, state: State) -> Iterator[rules.Attendance]:
    for session_id, part in {(row.session_id, row.part) for row in person.rows[Attendance]}:
        session = state.sessions[session_id]
        if Month.of(session.held_on) == month:
            yield rules.Attendance(session.title_hi, session.title_en, session.held_on, part)
