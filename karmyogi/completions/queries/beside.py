"""How many flags lie on the completions of the officers on a page: what reviewers see beside a rank."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import peewee

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.queries.looking import READ, is_reached
from karmyogi.core.permissions import Actor, can
from karmyogi.people.models import Officer
from karmyogi.people.queries import persons

WEIGHTY = ("open", "doubted", "not_credible")  # what was found credible weighs nothing


@dataclass(frozen=True)
class FlagCount:
    """So many flags of an officer in one state, and the newest of them, which leads to its group."""

    state: str
    count: int
    newest_id: int


def flags_beside(officers: Iterable[int], actor: Actor, *, first: str, last: str) -> dict[int, list[FlagCount]]:
    """The flags within reach on completions of the months from `first` to `last`, by officer, the open ones first.

    Those of a record that gave way stand with the one that stands. One query, for the officers on the page alone;
    nothing for who may not read flags.
    """
    ids, found = list(officers), defaultdict(list)
    if ids and can(actor, READ):
        for officer_id, *counted in _counted(ids, actor, first, last).tuples():
            found[officer_id].append(FlagCount(*counted))
    return {
        officer_id: sorted(counts, key=lambda one: WEIGHTY.index(one.state)) for officer_id, counts in found.items()
    }


def _counted(ids: list[int], actor: Actor, first: str, last: str) -> peewee.ModelSelect:
    records = persons(Officer.select(Officer.id).where(Officer.id.in_(ids))).alias("records")
    person = records.c.person_id
    return (
        Flag.select(person, Flag.state, peewee.fn.COUNT(Flag.id), peewee.fn.MAX(Flag.id))
        .join(Completion)
        .switch(Flag)
        .join(records, on=records.c.officer_id == Flag.officer)
        .where(is_reached(actor) & Flag.state.in_(WEIGHTY) & Completion.month.between(first, last))
        .group_by(person, Flag.state)
    )
