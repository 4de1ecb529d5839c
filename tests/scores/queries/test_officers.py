"""Whose reach a month of an officer's lies in."""

from karmyogi.core.permissions import Actor, Role
from karmyogi.people.models import Officer, Posting
from karmyogi.scores import queries
from tests import factories as make
from tests.scores.scene import FEBRUARY, JANUARY, Scene


def reads(scene: Scene, who: str, officer: Officer) -> bool:
    return queries.may_read_month(officer, JANUARY, scene.actors[who])


def test_a_month_stays_with_the_department_where_it_was_earned(scene):
    asha = scene.officer(2)
    scene.run()
    Posting.update(to_on=JANUARY.last_on).where(Posting.officer == asha).execute()
    make.make_posting(asha, scene.tehsil, from_on=FEBRUARY.first_on)

    assert [reads(scene, who, asha) for who in ("ravi", "imran", "sunita", "thomas")] == [True, False, True, True]


def test_a_month_without_a_score_lies_where_the_officer_was_posted_last(scene):
    asha = scene.officer(0)
    Posting.update(to_on=JANUARY.first_on).where(Posting.officer == asha).execute()
    make.make_posting(asha, scene.tehsil, from_on=FEBRUARY.first_on)

    assert [reads(scene, who, asha) for who in ("ravi", "imran")] == [True, False]


def test_a_month_before_the_first_posting_lies_with_that_posting(scene):
    asha = make.make_officer()
    make.make_posting(asha, scene.tehsil, from_on=FEBRUARY.first_on)

    assert [reads(scene, who, asha) for who in ("ravi", "imran")] == [False, True]


def test_the_month_of_an_officer_never_posted_is_for_those_who_read_the_whole_state(scene):
    asha = make.make_officer()
    herself = make.actor_of(make.make_user(officer=asha), (Role.EMPLOYEE, None))

    assert [reads(scene, who, asha) for who in ("ravi", "collector", "sunita")] == [False, False, True]
    assert queries.may_read_month(asha, JANUARY, herself)
    assert not queries.may_read_month(make.make_officer(), JANUARY, herself)
    assert not queries.may_read_month(asha, JANUARY, Actor(None, "nobody"))


def test_the_collector_reads_the_months_of_the_district(scene):
    there, here = scene.officer(1, unit=scene.hospital), scene.officer(1)
    scene.run()

    assert [reads(scene, "collector", one) for one in (there, here)] == [True, False]
