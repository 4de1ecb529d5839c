"""Imports and the rows worth a look: plain ids, so that every room's facts can name where they came from."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import peewee

from karmyogi.store.db import JsonText, Moment, Table, database, is_postgres, one_of

IMPORTS_LOCK = 727275


class ImportState(StrEnum):
    RECEIVED = "received"  # the file is kept; nobody has read it yet
    CHECKED = "checked"  # previewed; nothing has been written
    APPLIED = "applied"
    REFUSED = "refused"  # not a report we know, or none of its rows may be taken
    DISCARDED = "discarded"
    UNDONE = "undone"  # was applied, and was taken back whole


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    QUEUED = "queued"
    REJECTED = "rejected"


class BundleState(StrEnum):
    LOCKED = "locked"  # the archive is kept and waits for its password
    OPENED = "opened"  # each file in it has become an import
    DISCARDED = "discarded"


class Bundle(Table):
    """Files that came in together: an archive, or several files chosen at once."""

    file_name = peewee.TextField()
    sha256 = peewee.CharField(max_length=64, null=True)  # of the archive
    size_bytes = peewee.BigIntegerField()
    state = peewee.TextField(default=BundleState.OPENED.value)
    creates_units = peewee.BooleanField(default=False)
    as_on = peewee.DateField(null=True)
    left_out = JsonText(default=list)  # members that could not be unpacked, as [path, code, facts]
    received_by = peewee.IntegerField(null=True)
    received_at = Moment()
    unit_id = peewee.IntegerField(null=True)  # whose officers they may be about; None: the whole State

    class Meta:
        table_name = "import_bundle"
        constraints = [
            one_of("state", [s.value for s in BundleState]),
            peewee.Check("state <> 'locked' OR sha256 IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.id})"


class Import(Table):
    """One file that came in: what it was, who brought it, and what became of its rows."""

    kind = peewee.TextField(null=True)
    generation = peewee.TextField(null=True)
    file_name = peewee.TextField()
    sha256 = peewee.CharField(max_length=64, index=True)
    size_bytes = peewee.BigIntegerField()
    state = peewee.TextField(default=ImportState.RECEIVED.value)
    creates_units = peewee.BooleanField(default=False)
    as_on = peewee.DateField(null=True)
    generated_at = Moment(null=True)  # what the report says of itself
    mdoid = peewee.TextField(null=True)
    row_count = peewee.IntegerField(default=0)
    created = peewee.IntegerField(default=0)
    updated = peewee.IntegerField(default=0)
    unchanged = peewee.IntegerField(default=0)
    queued = peewee.IntegerField(default=0)
    rejected = peewee.IntegerField(default=0)
    flagged = peewee.IntegerField(default=0)
    unknown_columns = JsonText(default=list)
    missing_columns = JsonText(default=list)
    header = JsonText(null=True)  # as the file spells it; None for imports of the first release
    again_of = peewee.ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")  # whose rows came again
    answer_id = peewee.IntegerField(null=True, index=True)  # of the match queue, which sent them
    refusal = JsonText(null=True)  # reasons as [code, facts]
    received_by = peewee.IntegerField(null=True)
    received_at = Moment()
    checked_at = Moment(null=True)
    applied_at = Moment(null=True)
    applied_by = peewee.IntegerField(null=True)
    bundle = peewee.ForeignKeyField(Bundle, backref="imports", on_delete="RESTRICT", null=True)
    packed_as = peewee.TextField(default="")  # its path in the archive, as people read it
    container = peewee.TextField(null=True)
    sheet_name = peewee.TextField(default="")  # of a workbook: the sheet that was read
    sheets_unread = JsonText(default=list)  # and those that hold tables too
    undone_at = Moment(null=True)
    undone_by = peewee.IntegerField(null=True)
    unit_id = peewee.IntegerField(null=True, index=True)  # whose officers it may be about; None: the whole State
    organisations = JsonText(default=list)  # told in the file, the biggest first; see reports/service/places

    class Meta:
        table_name = "import"
        constraints = [
            one_of("state", [s.value for s in ImportState]),
            peewee.Check("created + updated + unchanged + queued + rejected = row_count"),
            peewee.Check("(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)"),
            peewee.Check("(state = 'undone') = (undone_at IS NOT NULL)"),
            peewee.Check("state <> 'refused' OR refusal IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.id})"


class ImportRow(Table):
    """A row worth a look: refused, queued, flagged, or a sample of what was taken."""

    origin = peewee.ForeignKeyField(Import, column_name="import_id", backref="rows", on_delete="RESTRICT", index=False)
    row_number = peewee.IntegerField()
    outcome = peewee.TextField()
    code = peewee.TextField(default="")  # the reason; empty for a sample
    column = peewee.TextField(default="", column_name="column_name")
    value = peewee.TextField(default="")
    facts = JsonText(default=dict)
    told = JsonText(default=dict)  # the cells as they came, for the reader and for sending again
    officer_id = peewee.IntegerField(null=True)
    person_id = peewee.IntegerField(null=True)  # in the match queue
    content = peewee.CharField(max_length=16, null=True)  # equal where two queued rows say the same
    settled_by = peewee.IntegerField(null=True)  # the later import that took the row up, if that stands,
    settled_row = peewee.IntegerField(null=True)  # and its line there

    class Meta:
        indexes = ((("origin", "outcome", "row_number"), False),)
        constraints = [one_of("outcome", [o.value for o in Outcome] + ["flagged"])]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.outcome}"


for _column, _name in ((ImportRow.person_id, "person"), (ImportRow.settled_by, "settler")):
    ImportRow.add_index(ImportRow.index(_column, where=_column.is_null(False), name=f"import_row_{_name}"))

ImportRow.add_index(
    ImportRow.index(
        ImportRow.code, where=ImportRow.code == "certificate_of_other_course", name="import_row_renamed_course"
    )
)


class ImportChange(Table):
    """How a row was before an import wrote it: what undoing it needs, and what earlier reports said.

    `before` is the whole row, or nothing if the import created it and its table cannot say so itself. With `last_id`
    it holds only a few columns, alike in all rows from `row_id` to `last_id`. The first entry of an import, about
    itself, keeps the highest id of each table at that moment: whatever it created lies above.
    """

    import_id = peewee.IntegerField()
    table_name = peewee.TextField()
    row_id = peewee.IntegerField()
    last_id = peewee.IntegerField(null=True)
    was_of = peewee.IntegerField(null=True)  # the import that had written the row last
    before = JsonText(null=True)

    class Meta:
        indexes = ((("import_id", "table_name", "row_id"), True), (("table_name", "row_id"), False))
        constraints = [peewee.Check("last_id IS NULL OR (last_id >= row_id AND before IS NOT NULL)")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}"


class ImportHold(Table):
    """A sealed month: what had been imported by then, and counts in it, can no longer be taken back."""

    month = peewee.CharField(max_length=7, unique=True)
    sealed_at = Moment()
    changes_upto = peewee.IntegerField()  # the last change of an import by then, whatever the clock said

    class Meta:
        constraints = [peewee.Check("length(month) = 7")]

    def __str__(self) -> str:
        return self.month


class CorrectionHold(Table):
    """A correction of a sealed month that is proposed or approved: what it rests on can no longer be taken back."""

    case_id = peewee.IntegerField(unique=True)
    month = peewee.CharField(max_length=7)
    number = peewee.IntegerField(null=True)  # from the approval on
    changes_upto = peewee.IntegerField()  # the last change of the imports that it counts

    class Meta:
        constraints = [peewee.Check("length(month) = 7")]

    def __str__(self) -> str:
        return f"{self.month}: {self.number or ''}"


def lock_out_other_imports() -> None:
    """One import, undoing or sealing at a time until the transaction ends; SQLite has one writer anyway."""
    if is_postgres():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (IMPORTS_LOCK,))


def hold_month(month: str, *, at: datetime) -> None:
    """Note that a month is sealed, in the transaction of the sealing; what was imported before counts in it."""
    last = ImportChange.select(peewee.fn.COALESCE(peewee.fn.MAX(ImportChange.id), 0)).scalar()
    ImportHold.create(month=month, sealed_at=at, changes_upto=last)


def hold_correction(case_id: int, month: str, *, counts: Iterable[int]) -> None:
    """Note that a correction is proposed which counts these imports, in the transaction of the proposal."""
    changes = ImportChange.select(peewee.fn.COALESCE(peewee.fn.MAX(ImportChange.id), 0))
    last = changes.where(ImportChange.import_id.in_(list(counts))).scalar()
    CorrectionHold.create(case_id=case_id, month=month, changes_upto=last)


def number_correction(case_id: int, number: int) -> None:
    """Note the number with which a correction was approved."""
    CorrectionHold.update(number=number).where(CorrectionHold.case_id == case_id).execute()


def release_correction(case_id: int) -> None:
    """A correction that ends without approval holds nothing any longer."""
    CorrectionHold.delete().where(CorrectionHold.case_id == case_id).execute()


def sources_of(numbers: Iterable[int | None]) -> dict[int, Import]:
    """The imports with these numbers, for whoever tells where a fact came from; one query, none for no numbers."""
    wanted = {number for number in numbers if number is not None}
    found = Import.select().where(Import._meta.fields["id"].in_(wanted)) if wanted else ()
    return {row.id: row for row in found}
