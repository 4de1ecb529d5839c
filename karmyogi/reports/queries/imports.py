"""Reads of imports: the list, one with its rows, and how fresh the data is."""

from collections.abc import Iterable, Sequence
from datetime import date

import peewee

from karmyogi.core.months import IST
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import OrgUnit
from karmyogi.people.queries import units_within
from karmyogi.store.imports import Import, ImportRow, ImportState, Outcome
from karmyogi.store.jobs import JobRun

READ = Permission.REPORTS_READ
ROWS_SHOWN = 50
PROBLEMS = [Outcome.REJECTED.value, Outcome.QUEUED.value, "flagged"]
WORK = ("import-check", "import-apply", "import-undo")  # jobs about one import
TABS = [*PROBLEMS, "created", "updated", "unchanged"]


def for_units_of(actor: Actor, permission: Permission, unit: peewee.Field) -> peewee.Expression:
    """The condition that a unit, whose number stands in this column, lies within reach; with the State, any or none."""
    scope = scope_of(actor, permission)
    return peewee.Value(1) == peewee.Value(1) if scope.everything else unit.in_(units_within(scope))


def imports_for(actor: Actor, permission: Permission = READ) -> peewee.ModelSelect:
    """Imports within the actor's reach: those that were brought for a unit of theirs, or below it."""
    return Import.select().where(for_units_of(actor, permission, Import.unit_id))


def units_to_import_for(actor: Actor) -> list[OrgUnit]:
    """The units for which an actor brings files: those they hold; none for whoever brings them for the State."""
    scope = scope_of(actor, Permission.REPORTS_IMPORT)
    held = {int(path.strip("/").rpartition("/")[2] or 0) for _tree, path in scope.paths}
    if scope.everything or not held:
        return []
    return list(OrgUnit.select().where(OrgUnit.id.in_(held)).order_by(OrgUnit.name_hi, OrgUnit.id))


def units_of(imports: Iterable[Import]) -> dict[int, OrgUnit]:
    """The units for which these imports were brought, and those that their organisations were taken for."""
    rows = list(imports)
    told = {unit for row in rows for one in row.organisations for unit in one["units"]}
    wanted = {row.unit_id for row in rows if row.unit_id} | told
    return {unit.id: unit for unit in OrgUnit.select().where(OrgUnit.id.in_(wanted))} if wanted else {}


def imports_before(actor: Actor, last_id: int | None, *, limit: int = 25) -> list[Import]:
    """One page of the list by key, and one more row that tells whether there is a next page."""
    rows = imports_for(actor).order_by(Import.id.desc()).limit(limit + 1)
    return list(rows.where(Import.id < last_id) if last_id else rows)


def rows_of(origin: Import, outcome: str, *, after: int = 0, limit: int = ROWS_SHOWN) -> list[ImportRow]:
    """Rows of an import with one outcome, in the order of the file; one more than the limit if there are more."""
    mine = (ImportRow.origin == origin) & (ImportRow.outcome == outcome) & (ImportRow.row_number > after)
    return list(ImportRow.select().where(mine).order_by(ImportRow.row_number, ImportRow.id).limit(limit + 1))


def problems_of(origin: Import) -> list[ImportRow]:
    """Refused, queued and flagged rows, in the order of the file."""
    return list(
        ImportRow.select()
        .where((ImportRow.origin == origin) & ImportRow.outcome.in_(PROBLEMS))
        .order_by(ImportRow.row_number, ImportRow.id)
    )


def data_as_on() -> date | None:
    """The day of the newest iGOT report that was applied for the whole State, in India; None before the first."""
    newest = (
        Import.select(peewee.fn.MAX(Import.generated_at))
        .where((Import.state == ImportState.APPLIED.value) & Import.unit_id.is_null())
        .scalar(as_tuple=False)
    )
    newest = Import.generated_at.python_value(newest)
    return newest.astimezone(IST).date() if newest else None


def same_file(origin: Import, actor: Actor) -> Import | None:
    """An earlier import of the very same file that was applied and that this actor may read, if there is one."""
    return (
        imports_for(actor)
        .where((Import.sha256 == origin.sha256) & (Import.state == ImportState.APPLIED.value) & (Import.id < origin.id))
        .first()
    )


def imports_numbered(actor: Actor, numbers: Sequence[int]) -> list[Import]:
    """Of the imports with these numbers those within reach, the latest first."""
    found = imports_for(actor).where(Import.id.in_(list(numbers))).order_by(Import.id.desc())
    return list(found) if numbers else []


def work_on(origin: Import) -> JobRun | None:
    """The piece of work that was last asked for on this import."""
    mine = (JobRun.period == str(origin.id)) & JobRun.job.in_(WORK)
    return JobRun.select().where(mine).order_by(JobRun.queued_at.desc(), JobRun.id.desc()).first()
