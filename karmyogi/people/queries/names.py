"""Corrections of names: who asked for which, and what waits for whom."""

import peewee

from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import NameCorrection, Officer
from karmyogi.people.rules import READ, REVIEW
from karmyogi.store.reach import within


def corrections_for(actor: Actor, permission: Permission = READ) -> peewee.ModelSelect:
    """Requests to correct a name within the actor's reach, each with its officer, the newest first."""
    reach = within(
        scope_of(actor, permission),
        line_path=NameCorrection.line_path,
        territory_path=NameCorrection.territory_path,
        officer=NameCorrection.officer,
    )
    return NameCorrection.select(NameCorrection, Officer).join(Officer).where(reach).order_by(NameCorrection.id.desc())


def corrections_to_review(actor: Actor) -> peewee.ModelSelect:
    """Open requests that the actor may decide, the longest waiting first; never the actor's own."""
    waiting = corrections_for(actor, REVIEW).where(NameCorrection.state == "requested")
    if actor.officer_id is not None:
        waiting = waiting.where(NameCorrection.officer != actor.officer_id)
    return waiting.order_by(NameCorrection.requested_at, NameCorrection.id)


def open_correction_of(officer: Officer | int) -> NameCorrection | None:
    """The officer's request that still waits; None if there is none."""
    mine = (NameCorrection.officer == officer) & (NameCorrection.state == "requested")
    return NameCorrection.get_or_none(mine)


def last_correction_of(officer: Officer | int) -> NameCorrection | None:
    """The officer's newest request, whatever became of it; None if there never was one."""
    mine = NameCorrection.officer == officer
    return NameCorrection.select().where(mine).order_by(NameCorrection.id.desc()).first()


def open_corrections_of(officer_ids: list[int]) -> dict[int, NameCorrection]:
    """The waiting requests of these officers, by officer; one query."""
    waiting = NameCorrection.officer.in_(officer_ids) & (NameCorrection.state == "requested")
    return {case.officer_id: case for case in NameCorrection.select().where(waiting)}


def held_corrections(officer: Officer | int) -> peewee.ModelSelect:
    """Ids of approved corrections that keep the roster from changing the officer's names."""
    held = (NameCorrection.state == "approved") & NameCorrection.released_at.is_null()
    return NameCorrection.select(NameCorrection.id).where((NameCorrection.officer == officer) & held)
