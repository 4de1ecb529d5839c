"""Note-sheets: drawn of the present state, frozen by nothing; a paper that leaves the house leaves an entry."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from karmyogi.awards.drawing import Upward, note_facts
from karmyogi.awards.queries import last_ranks, proposed, standing_honours, states_in
from karmyogi.awards.rules import STAGES, Proposal
from karmyogi.core.errors import NotAllowed
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import Candidate, candidates_of, sees_decisions
from karmyogi.people.models import Honour
from karmyogi.store.db import database
from karmyogi.store.paper import NoteFacts, note_sheet
from karmyogi.store.trail import record


def note_of(
    cycle: Cycle, upward: Upward, *, cases: Collection[int] = (), by: Actor, at: datetime | None = None
) -> NoteFacts:
    """What the note-sheet of a cycle says now: of all cases of its stage, or of these alone.

    It names a choice before it is released. Raises NotAllowed for whoever may not know it.
    """
    if not sees_decisions(by):
        raise NotAllowed("not_allowed")
    at = at or now()
    found = proposed(by, cycle, upward.stage, cases=cases)
    month, rows = _proposals(found, cycle, at)
    return note_facts(
        upward, cycle, rows, counts=states_in(by, cycle), cases=[one.id for one in found], month=month, at=at
    )


def print_note(cycle: Cycle, facts: NoteFacts, *, by: Actor, at: datetime | None = None) -> bytes:
    """The note-sheet as a PDF, with an entry on the trail that says which cases it names."""
    pdf = note_sheet(facts)
    told = {"cases": facts.cases, "sha256": hashlib.sha256(pdf).hexdigest()}
    with database.atomic():
        record(by, "note_sheet.print", cycle, told, at=at or now())
    return pdf


def stage_of(cycle: Cycle, asked: str, *, by: Actor) -> str:
    """The stage that was asked for, else the one that has cases: what goes up to be released comes first."""
    if asked in STAGES:
        return asked
    counts = states_in(by, cycle)
    return next((stage for stage in STAGES if counts.get(stage)), STAGES[0])


def _proposals(found: list[Nomination], cycle: Cycle, at: datetime) -> tuple[str, list[Proposal]]:
    officers = [one.officer_id for one in found]
    candidates = candidates_of(officers, cycle, on=at.astimezone(IST).date())
    month, ranks = last_ranks(officers, cycle)
    honours = standing_honours(officers)
    rows = [
        _proposal(one, candidates.get(one.officer_id), ranks.get(one.officer_id), honours.get(one.officer_id, []))
        for one in found
    ]
    return month, rows


def _proposal(
    one: Nomination, found: Candidate | None, rank: tuple[int, int] | None, honours: list[Honour]
) -> Proposal:
    """The officer as the records say; who held no posting on the cut-off day has a name and a department alone."""
    held = found.record.integrity if found else None
    return Proposal(
        employee_code=one.officer.employee_code,
        name_hi=one.officer.name_hi or one.officer.name_en,
        name_en=one.officer.name_en,
        designation=(found.designation_hi or found.designation_en) if found else "",
        office=(found.unit_hi or found.unit_en) if found else "",
        department=one.department.name_hi or one.department.name_en,
        state_class=(found.record.state_class or "") if found else "",
        points=found.record.points if found else 0,
        months=found.record.sealed_months if found else 0,
        rank=rank,
        honours=tuple((honour.title_hi or honour.title_en, honour.given_on) for honour in honours),
        integrity=(held.answer.value, held.given_on, held.valid_until) if held else None,
        category=one.category.name_hi,
        amount_rupees=one.category.amount_rupees,
        citation=one.citation_hi,
    )
