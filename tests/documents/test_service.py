"""Documents as they are issued, found by their code, and taken back in the open."""

from datetime import UTC, date, datetime

import peewee
import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.documents import service
from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.queries import by_code
from karmyogi.documents.rules import DocumentKind, PublicFacts, grouped, new_code, public_view
from karmyogi.documents.service import Kept
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.trail import TrailEntry, broken_link

AT = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)
KABIR = Actor(1, "Kabir", grants=(Grant(Role.GAD),))
LAKSHMI = Actor(2, "Lakshmi", grants=(Grant(Role.APPROVER),))
PUBLIC = PublicFacts("पुरस्कार", "Award", "GAD/KMY/2026-27/000001", date(2026, 4, 10), name_en="Asha Sahu")
WHY = {"reason_hi": "अभिलेख में त्रुटि", "reason_en": "An error in the records"}


def issued(number: str = "GAD/KMY/2026-27/000001/001", *, code: str | None = None) -> IssuedDocument:
    return service.issue(
        DocumentKind.AWARD_CERTIFICATE,
        number,
        code=code or new_code(),
        public=PUBLIC,
        printed={"citation_en": "Kept"},
        kept=Kept("a" * 64),
        by=KABIR,
        at=AT,
    )


def test_a_document_is_found_by_its_code_however_it_is_typed(db):
    mine, _other = issued(), issued("GAD/KMY/2026-27/000001/002")

    assert by_code(grouped(mine.code).lower()) == mine
    assert by_code(new_code()) is None
    assert by_code(mine.number) is None
    assert by_code("") is None


def test_a_number_is_issued_once(db):
    issued()

    with pytest.raises(peewee.IntegrityError):
        issued()

    assert IssuedDocument.select().count() == 1
    assert TrailEntry.select().count() == 1


def test_a_revoked_document_stays_and_tells_everyone_why(db):
    document = issued()

    service.revoke(document, **WHY, by=LAKSHMI, at=AT)

    kept = by_code(document.code)
    assert (kept.state, kept.revoked_at, kept.reason_hi, kept.reason_en) == ("revoked", AT, *WHY.values())
    assert public_view(kept).status.revoked_on == date(2026, 4, 10)
    assert [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id)] == [
        "document.issue",
        "document.revoke",
    ]
    assert broken_link() is None


def test_a_document_is_revoked_once(db):
    document = issued()
    late = IssuedDocument.get_by_id(document.id)
    service.revoke(document, **WHY, by=LAKSHMI, at=AT)

    with pytest.raises(WrongState):
        service.revoke(late, reason_hi="दूसरा", reason_en="Other", by=LAKSHMI, at=AT)

    assert by_code(document.code).reason_en == WHY["reason_en"]


@pytest.mark.parametrize("why", [{"reason_hi": "", "reason_en": "x"}, {"reason_hi": "क", "reason_en": "  "}])
def test_a_document_is_not_revoked_without_a_reason_in_both_languages(db, why):
    document = issued()

    with pytest.raises(RuleBroken):
        service.revoke(document, **why, by=LAKSHMI, at=AT)

    assert by_code(document.code).state == "valid"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPROVER])
def test_only_the_approver_revokes(db, role):
    document = issued()

    with pytest.raises(NotAllowed):
        service.revoke(document, **WHY, by=Actor(3, "x", grants=(Grant(role),)), at=AT)


def test_a_code_that_is_not_whole_is_refused_by_the_table_itself(db):
    with pytest.raises(peewee.IntegrityError), database.atomic():
        issued(code="SHORT")


def test_the_same_paper_is_kept_once_and_a_picture_beside_it(tmp_path):
    files = open_files(str(tmp_path))

    first = service.keep(files, pdf=b"%PDF", picture=b"PNG")
    again = service.keep(files, pdf=b"%PDF")

    assert (again.pdf_sha256, again.picture_sha256) == (first.pdf_sha256, None)
    assert files.read(first.picture_sha256, kind="document") == b"PNG"
