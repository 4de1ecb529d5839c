"""Cycles, their quotas, and the departments that an actor nominates from."""

from collections.abc import Sequence
from datetime import date

import peewee

from karmyogi.core.permissions import Actor, scope_of
from karmyogi.nominations.models import Cycle, Nomination, Scheme
from karmyogi.nominations.queries.facts import is_live
from karmyogi.nominations.rules import CREATE
from karmyogi.people.models import OrgUnit
from karmyogi.store.reach import within


def quota_used(cycle: Cycle, department: OrgUnit | int) -> int:
    """How many nominations the department has started in the cycle; withdrawn and rejected ones count."""
    return Nomination.select().where((Nomination.cycle == cycle) & (Nomination.department == department)).count()


def priorities_taken(cycle: Cycle, department: OrgUnit | int) -> dict[int, int]:
    """The priority numbers held by the department's live nominations, each with the nomination's id."""
    mine = (Nomination.cycle == cycle) & (Nomination.department == department) & is_live()
    return dict(Nomination.select(Nomination.priority, Nomination.id).where(mine).tuples())


def departments_in_reach(actor: Actor) -> list[OrgUnit]:
    """The departments whose officers this actor may nominate, by Hindi name."""
    scope = scope_of(actor, CREATE)
    reached = within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path)
    return list(
        OrgUnit.select()
        .where((OrgUnit.kind == "department") & OrgUnit.closed_on.is_null() & reached)
        .order_by(OrgUnit.name_hi, OrgUnit.name_en)
    )


def cycles() -> peewee.ModelSelect:
    """All cycles with their schemes, the latest to open first."""
    return Cycle.select(Cycle, Scheme).join(Scheme).order_by(Cycle.opens_on.desc(), Cycle.id.desc())


def open_cycles(*, on: date) -> list[Cycle]:
    """The cycles that take nominations on that day, both ends inclusive, the latest to open first."""
    return list(cycles().where((Cycle.opens_on <= on) & (Cycle.closes_on >= on)))


def quotas_used(within_cycles: Sequence[Cycle], departments: Sequence[OrgUnit]) -> dict[tuple[int, int], int]:
    """How many nominations each department has started in each cycle, by (cycle id, department id), in one statement.

    Withdrawn and rejected ones count; a department that has started none is left out.
    """
    rows = (
        Nomination.select(Nomination.cycle, Nomination.department, peewee.fn.COUNT(Nomination.id))
        .where(Nomination.cycle.in_(within_cycles) & Nomination.department.in_(departments))
        .group_by(Nomination.cycle, Nomination.department)
    )
    return {(cycle, department): count for cycle, department, count in rows.tuples()}
