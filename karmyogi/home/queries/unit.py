"""The desk of a unit: its plan courses by office."""

from dataclasses import dataclass
from datetime import date, timedelta

import peewee

from karmyogi.completions.models import Completion
from karmyogi.completions.queries import is_credible
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.courses.models import Course
from karmyogi.courses.queries import is_called
from karmyogi.people.models import OrgUnit, Posting
from karmyogi.people.queries import is_held
from karmyogi.plans.models import Obligation
from karmyogi.store.reach import within

SOON_DAYS = 30  # what falls due within a month can still be planned for
OFFICES_SHOWN = 10


@dataclass(frozen=True)
class OfficeDues:
    """An office's unfinished plan courses: past their due date, and due within 30 days."""

    unit_id: int
    unit_hi: str
    unit_en: str
    overdue: int
    due: int


def dues_by_office(actor: Actor, *, on: date) -> list[OfficeDues]:
    """The offices within reach with unfinished courses of the plan, the most overdue first, ten at most.

    A course is unfinished without a completion of that name; on its due date it is still in time.
    """
    late = peewee.fn.SUM(peewee.Case(None, [(Obligation.due_on < on, 1)], 0))
    rows = (
        Obligation.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en, late, peewee.fn.COUNT(Obligation.id))
        .join(Posting, on=(Posting.officer == Obligation.officer) & is_held(on))
        .join(OrgUnit)
        .where((Obligation.due_on <= on + timedelta(days=SOON_DAYS)) & _within_reach(actor) & ~_finished())
        .group_by(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en)
        .order_by(late.desc(), OrgUnit.name_hi, OrgUnit.name_en)
        .limit(OFFICES_SHOWN)
    )
    return [OfficeDues(*unit, int(overdue), both - int(overdue)) for *unit, overdue, both in rows.tuples()]


def _finished() -> peewee.Expression:
    done = Completion.select(Completion.id).join(Course).where(is_credible(Completion.id))
    return peewee.fn.EXISTS(
        done.where((Completion.officer == Obligation.officer) & is_called(Course, Obligation.course_name))
    )


def _within_reach(actor: Actor) -> peewee.Expression:
    scope = scope_of(actor, Permission.LEARNING_READ)
    return within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path)
