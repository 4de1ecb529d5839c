"""How many of a department have each verdict, in one statement, is what the rules say of its officers one by one."""

from collections import Counter
from datetime import date, timedelta

import pytest

from karmyogi.core.months import today
from karmyogi.demo.cast import HEALTH
from karmyogi.nominations.models import Cycle, IntegrityCertificate
from karmyogi.nominations.queries import records_of, verdict_counts
from karmyogi.nominations.rules import Criteria, years_after, years_before
from karmyogi.people.models import Honour, Officer, OrgUnit, Posting
from tests.factories import AT

YEAR = timedelta(days=365)
ASKED = [
    Criteria(),
    Criteria(min_points=20),
    Criteria(min_sealed_months=3, plan_done=True, course_kinds=("Course",)),
    Criteria(integrity_required=True),
    Criteria(cool_off_years=2),
    Criteria(state_classes=("III", "IV"), must_serve_until=date(2035, 1, 1)),
    Criteria(
        min_points=5,
        plan_done=True,
        cool_off_years=2,
        integrity_required=True,
        state_classes=("II", "III"),
        must_serve_until=date(2030, 1, 1),
        course_kinds=("Course", "Moderated Course"),
    ),
]


@pytest.fixture
def health(told_db) -> OrgUnit:
    """Health, with records that differ in all that a cycle may ask for."""
    unit = OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == HEALTH))
    posts = Posting.select().join(OrgUnit).where(OrgUnit.department == unit)
    officers = [post.officer for post in posts.order_by(Posting.id)]
    for place, officer in enumerate(officers):
        _paper(officer, place)
        if place % 4 == 0:
            given_on = today() - YEAR * (place % 5)
            Honour.create(officer=officer, title_hi="क", title_en="a", given_on=given_on)
        if place % 7 == 0:
            Officer.update(retires_on=None, state_class=None).where(Officer.id == officer.id).execute()
            Posting.update(state_class=None).where(Posting.officer == officer).execute()
    return unit


def _paper(officer: Officer, place: int) -> None:
    """None, or one of each answer, some of them over."""
    answer = (None, "clear", "not_clear", "pending")[place % 4]
    if answer:
        until = today() + timedelta(days=(-1, 0, 30)[place % 3])
        IntegrityCertificate.create(
            officer=officer, answer=answer, reference="V", given_on=until - YEAR, valid_until=until, entered_at=AT
        )


@pytest.mark.parametrize("criteria", ASKED, ids=range(len(ASKED)))
def test_the_counts_are_those_of_the_list(health, criteria):
    cycle = Cycle.get()
    Cycle.update(criteria=criteria.as_data()).where(Cycle.id == cycle.id).execute()
    cycle = Cycle.get_by_id(cycle.id)

    listed = Counter(one.verdict for one in records_of(health, cycle, on=today()))

    assert {verdict: count for verdict, count in verdict_counts(health, cycle, on=today()).items() if count} == listed
    assert sum(listed.values()) > 20


@pytest.mark.parametrize("criteria", ASKED, ids=range(len(ASKED)))
def test_the_counts_are_those_of_the_list_where_records_gave_way(health, criteria):
    posted = Posting.select(Posting.officer).join(OrgUnit).where(OrgUnit.department == health).distinct()
    ids = sorted(officer for (officer,) in posted.tuples())
    for goes, stands in zip(ids[0::3], ids[1::3], strict=False):
        Officer.update(merged_into=stands).where(Officer.id == goes).execute()
    cycle = Cycle.get()
    Cycle.update(criteria=criteria.as_data()).where(Cycle.id == cycle.id).execute()
    cycle = Cycle.get_by_id(cycle.id)

    listed = Counter(one.verdict for one in records_of(health, cycle, on=today()))

    assert {verdict: count for verdict, count in verdict_counts(health, cycle, on=today()).items() if count} == listed
    assert sum(listed.values()) < len(ids)


@pytest.mark.parametrize("on", [date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29), date(2026, 11, 26)])
@pytest.mark.parametrize("years", [1, 2, 4])
def test_the_way_back_is_that_of_the_way_forth(on, years):
    last = years_before(on, years)

    assert years_after(last, years) <= on < years_after(last + timedelta(days=1), years)
