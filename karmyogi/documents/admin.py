"""The register of issued documents: that they were issued and still stand, not what they say."""

import peewee

from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.documents.models import IssuedDocument
from karmyogi.store.reach import within
from karmyogi.web.filters import From, OneOf, Until
from karmyogi.web.labels import RECOGNITION
from karmyogi.web.registers import Register


class IssuedDocuments(Register):
    """Orders and award certificates by their numbers; their facts are on the papers themselves."""

    table = IssuedDocument
    title = N_("Issued documents")
    group = RECOGNITION
    slug = "documents"
    read = Permission.AWARDS_READ
    column_list = ("number", "kind", "state", "issued_at", "revoked_at")
    column_details_list = (*column_list, "reason_hi", "reason_en", "pdf_sha256")
    column_labels = {"reason_hi": N_("Reason in Hindi"), "reason_en": N_("Reason in English")}
    column_words = ("kind", "state")
    column_filters = (
        OneOf(IssuedDocument.kind, N_("Kind"), ("award_certificate", "award_order", "corrigendum")),
        OneOf(IssuedDocument.state, N_("Status"), ("valid", "revoked", "superseded")),
        From(IssuedDocument.issued_at, N_("Issued")),
        Until(IssuedDocument.issued_at, N_("Issued")),
    )
    search_codes = (IssuedDocument.number,)
    search_hint = N_("The whole number of a document")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        shown = [getattr(IssuedDocument, name) for name in ("id", *self.column_details_list)]
        return IssuedDocument.select(*shown).where(
            within(
                scope_of(actor, self.read),
                line_path=IssuedDocument.line_path,
                territory_path=IssuedDocument.territory_path,
            )
        )


VIEWS = (IssuedDocuments,)
