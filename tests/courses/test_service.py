"""One course under several names: decided, without chains, taken back, and read by everybody who reads names."""

from datetime import UTC, date, datetime

import pytest

from karmyogi.completions.queries import Standing, dues_of
from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.permissions import SYSTEM
from karmyogi.courses import service
from karmyogi.courses.models import Course, CourseAlias
from karmyogi.courses.rules import Named
from karmyogi.home.queries.unit import dues_by_office
from karmyogi.nominations.queries.facts import overdue_of
from karmyogi.nominations.rules import Criteria
from karmyogi.people.models import Officer
from karmyogi.store.trail import TrailEntry
from tests import factories as make

ON = date(2026, 3, 1)


def as_named(course: Course) -> Named:
    return Named(course.id, course.provider, course.name, course.kind)


def test_a_plan_is_fulfilled_under_either_name_until_it_is_taken_back(db):
    asha = make.make_officer()
    old, new = make.make_course("Noting"), make.make_course("Noting (2025)")
    make.make_obligation(asha, "Noting", due_on=date(2026, 2, 1))
    make.make_completion(asha, new, datetime(2026, 1, 10, 6, tzinfo=UTC))

    def standing() -> list[Standing]:
        return [due.standing for due in dues_of(asha.id, on=ON)]

    before = standing()
    alias = service.name_course(new, as_named(old), by=SYSTEM)
    during = standing()
    service.take_back(alias, by=SYSTEM)

    assert (before, during, standing()) == ([Standing.OVERDUE], [Standing.DONE_IN_TIME], [Standing.OVERDUE])
    assert [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id)] == ["course.same", "course.undecide"]


def test_every_name_of_a_course_fulfils_every_other(db):
    asha = make.make_officer()
    stands, second, third = (make.make_course(name) for name in ("Stands", "Second", "Third"))
    service.name_course(stands, as_named(second), by=SYSTEM)
    service.name_course(stands, as_named(third), by=SYSTEM)
    service.name_course(stands, Named(None, "", "Only in plans", ""), by=SYSTEM)
    for name in ("Stands", "Second", "Third", "Only in plans", "Another"):
        make.make_obligation(asha, name)
    make.make_completion(asha, second, datetime(2026, 1, 10, 6, tzinfo=UTC))

    open_dues = [due.course_name for due in dues_of(asha.id, on=ON) if due.completed_on is None]

    assert open_dues == ["Another"]


def test_what_is_overdue_for_nominations_and_for_the_office_asks_all_names(db):
    state = make.make_state()
    clinic = make.make_office(make.make_department(state, "Health"), make.make_district(state, "Raipur"), "Clinic")
    asha = make.make_officer(unit=clinic)
    old, new = make.make_course("Noting"), make.make_course("Noting (2025)")
    make.make_obligation(asha, "Noting", due_on=date(2026, 2, 1))
    make.make_completion(asha, new, datetime(2026, 1, 10, 6, tzinfo=UTC))
    everybody = Officer.select(Officer.id)

    def overdue():
        late = [one.overdue for one in dues_by_office(SYSTEM, on=ON)]
        return late, overdue_of(everybody, Criteria(), ON).count()

    before = overdue()
    service.name_course(new, as_named(old), by=SYSTEM)

    assert (before, overdue()) == (([1], 1), ([], 0))


def test_there_are_no_chains_of_names(db):
    a, b, c = (make.make_course(name) for name in "ABC")
    service.name_course(a, as_named(b), by=SYSTEM)

    for stands, other in ((b, c), (c, b), (c, a)):
        with pytest.raises(RuleBroken) as refused:
            service.name_course(stands, as_named(other), by=SYSTEM)
        assert [reason.code for reason in refused.value.reasons] == ["alias_is_taken"]
    with pytest.raises(RuleBroken):
        service.name_course(a, as_named(a), by=SYSTEM)
    assert CourseAlias.select().count() == 1


def test_a_decision_is_made_once_and_taken_back_once(db):
    a, b = make.make_course("A"), make.make_course("B")
    alias = service.tell_apart(a, as_named(b), by=SYSTEM)

    with pytest.raises(WrongState):
        service.tell_apart(a, as_named(b), by=SYSTEM)
    service.take_back(alias, by=SYSTEM)
    with pytest.raises(WrongState):
        service.take_back(alias, by=SYSTEM)
