"""An applied import taken back whole, while nothing rests on it: rows as they were, created ones gone."""

from dataclasses import replace
from datetime import datetime

import peewee

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.people.models import Officer
from karmyogi.people.service import forget_words, keep_words
from karmyogi.reports.kinds import tables
from karmyogi.reports.models import QueueAnswer
from karmyogi.reports.service.reading import KINDS, WRITING
from karmyogi.store import history, staging
from karmyogi.store.db import database
from karmyogi.store.dependents import Dependents, dependents_of
from karmyogi.store.history import Undoable, Undoing
from karmyogi.store.imports import Import, ImportRow, ImportState, lock_out_other_imports
from karmyogi.store.jobs import JobRun, finish
from karmyogi.store.pace import Pace
from karmyogi.store.trail import record

declare(
    import_not_applied=N_("This import is not applied, so there is nothing to take back."),
    undo_not_kept=N_(
        "It is no longer kept how the rows were before this import, so it cannot be undone. "
        "Bring a file with the right values instead."
    ),
    undo_answer_instead=N_(
        "It came with an answer in the match queue. Take that answer back there, and this import goes with it."
    ),
    undo_later_imports=N_(
        "Later imports have written the same rows, or brought rows of it again: %(imports)s. "
        "Undo those first, the latest first."
    ),
    undo_sealed_months=N_(
        "Sealed months rest on it: %(months)s. A sealed month never changes; "
        "bring a file with the right values instead."
    ),
    undo_corrections=N_(
        "Approved corrections of sealed months rest on it: %(corrections)s. What was approved never changes; "
        "bring a file with the right values instead, and a further correction carries them."
    ),
    undo_proposals=N_("Corrections that are proposed rest on it: %(months)s. Have them sent back or withdrawn first."),
    undo_records=N_("Other records refer to what it created: %(count)s. They would lose what they refer to."),
    undo_acts=N_("People have changed the same rows since: %(count)s. Undoing would lose their work."),
)


def undo(origin: Import, *, by: Actor, run: JobRun | None = None, at: datetime | None = None) -> Import:
    """Take an applied import back in one transaction with its trail entry; its file and rows stay readable.

    Raises RuleBroken with everything that rests on it, or if it is not applied (any longer); then nothing is changed.
    """
    at = at or now()
    Pace(run).at(WRITING)
    with database.atomic():
        lock_out_other_imports()
        _move(origin, by, at)
        _refuse(reasons_against(origin))
        told = what_it_did(origin)
        _take_back(origin)
        record(by, "import.undo", origin, {"sha256": origin.sha256, **{d.table: [d.created, d.changed] for d in told}})
        Pace(run).at(1)  # who calls it off until now finds that nothing was changed
        if run:
            finish(run, {d.table: d.created + d.changed for d in told})
    origin.state, origin.undone_at, origin.undone_by = ImportState.UNDONE.value, at, by.user_id
    return origin


def what_it_did(origin: Import) -> list[Undoing]:
    """How many rows of each table would be removed and how many put back; tables without any are left out."""
    mark = history.mark_of(origin)
    counted = [history.count(mark, facts) for facts in _tables(origin)]
    return [one for one in counted if one.created or one.changed]


def what_rests_on(origin: Import) -> Dependents:
    """What keeps an applied import from being undone; nothing for one whose changes are not kept."""
    if not history.is_remembered(origin):
        return Dependents()
    found = dependents_of(origin, _tables(origin))
    return replace(found, imports=tuple(sorted({*found.imports, *_brought_again(origin)})))


def _brought_again(origin: Import) -> list[int]:
    """Applied imports in which rows of this one came again, corrected or with an answer of the match queue."""
    taker = Import.alias()
    rows = ImportRow.select(taker.id).distinct().join(taker, on=ImportRow.settled_by == taker.id)
    stands = (ImportRow.origin == origin) & (taker.state == ImportState.APPLIED.value)
    return [number for (number,) in rows.where(stands).tuples()]


def reasons_against(origin: Import, found: Dependents | None = None) -> list[Reason]:
    """Why it cannot be undone, in words; `found` is what rests on it where that is known already."""
    if not history.is_remembered(origin):
        return [reason("undo_not_kept")]
    if QueueAnswer.select().where((QueueAnswer.id == origin.answer_id) & QueueAnswer.undone_at.is_null()).exists():
        return [reason("undo_answer_instead")]
    found = found or what_rests_on(origin)
    approved = [(month, number) for month, number in found.corrections if number is not None]
    proposed = [month for month, number in found.corrections if number is None]
    told = [
        (found.imports, "undo_later_imports", {"imports": ", ".join(str(number) for number in found.imports)}),
        (found.months, "undo_sealed_months", {"months": ", ".join(found.months)}),
        (approved, "undo_corrections", {"corrections": ", ".join(f"{month} ({number})" for month, number in approved)}),
        (proposed, "undo_proposals", {"months": ", ".join(proposed)}),
        (found.records, "undo_records", {"count": sum((found.records or {}).values())}),
        (found.acts, "undo_acts", {"count": sum((found.acts or {}).values())}),
    ]
    return [reason(code, **facts) for is_there, code, facts in told if is_there]


def _tables(origin: Import) -> tuple[Undoable, ...]:
    return KINDS[origin.kind].tables


def _move(origin: Import, by: Actor, at: datetime) -> None:
    is_applied = (Import.id == origin.id) & (Import.state == ImportState.APPLIED.value)
    moved = Import.update(state=ImportState.UNDONE.value, undone_at=at, undone_by=by.user_id).where(is_applied)
    if not moved.execute():
        raise RuleBroken("import_not_applied")


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise RuleBroken(*reasons)


def _take_back(origin: Import) -> None:
    """The words of a search follow the names: those of officers who go go first, those of the others are read anew."""
    mark, names_change = history.mark_of(origin), tables.OFFICER in _tables(origin)
    if names_change:
        forget_words(Officer.id.in_(_rows(history.created(mark, tables.OFFICER))))
        staging.create_as("renamed", f"SELECT image_of AS id FROM ({history.images(mark, tables.OFFICER)}) old")  # noqa: S608
    history.take_back(mark, _tables(origin))
    if names_change:
        keep_words(Officer.id.in_(_rows("SELECT id FROM renamed")))


def _rows(select: str) -> peewee.SQL:
    return peewee.SQL(f"({select})")
