"""The register of imports: every file that came in, and what became of its rows."""

import peewee

from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import N_
from karmyogi.reports.queries import imports_for
from karmyogi.store.imports import Import, ImportState
from karmyogi.web.filters import From, OneOf, Until
from karmyogi.web.labels import OVERSIGHT
from karmyogi.web.registers import Register

KINDS = (
    "roster",
    "user",
    "content",
    "competency",
    "plan",
    "plan_summary",
    "consumption",
    "unenrolment",
    "course_assessment",
    "standalone_assessment",
    "programme",
)
COUNTS = ("created", "updated", "unchanged", "queued", "rejected", "flagged")


class Imports(Register):
    """Files within reach, newest first."""

    table = Import
    title = N_("Imports")
    group = OVERSIGHT
    slug = "imports"
    read = Permission.REPORTS_READ
    column_list = ("file_name", "kind", "state", "as_on", "row_count", "rejected", "received_at")
    column_details_list = (
        "file_name",
        "id",
        "kind",
        "generation",
        "state",
        "as_on",
        "row_count",
        *COUNTS,
        "size_bytes",
        "sha256",
        "received_at",
        "checked_at",
        "applied_at",
    )
    column_labels = {"id": N_("Number")}
    column_words = ("kind", "state")
    column_plain = ("id",)
    column_filters = (
        OneOf(Import.kind, N_("Kind"), KINDS),
        OneOf(Import.state, N_("Status"), [state.value for state in ImportState]),
        From(Import.received_at, N_("Received")),
        Until(Import.received_at, N_("Received")),
    )
    search_texts = (Import.file_name,)
    search_hint = N_("Part of the file's name")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return imports_for(actor)


VIEWS = (Imports,)
