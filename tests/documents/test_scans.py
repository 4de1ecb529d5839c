"""Scans of signed papers: opened at arm's length, kept with all that came before, never given to strangers."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from karmyogi.core.errors import BadFile, NotAllowed, RuleBroken
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.core.reasons import reason
from karmyogi.documents import service
from karmyogi.documents.models import SignedScan
from karmyogi.documents.queries import beside, scans_of
from karmyogi.documents.rules import SignedCopy, scan_reasons, scan_refusal
from karmyogi.store.files import PrivateFiles, open_files
from karmyogi.store.trail import TrailEntry
from tests import trails
from tests.achievements.scene import picture
from tests.documents.test_service import KABIR, issued

SAMPLES = Path(__file__).parents[1] / "data" / "certificates"
PAST_MIDNIGHT = datetime(2026, 4, 10, 20, 0, tzinfo=UTC)  # in India


@pytest.fixture
def files(tmp_path) -> PrivateFiles:
    return open_files(str(tmp_path / "media"))


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


def pdf() -> bytes:
    return (SAMPLES / "vec10.pdf").read_bytes()


def test_a_pdf_is_given_to_readers_as_it_came_and_a_picture_as_its_pixels(db, files):
    document = issued()

    first = service.add_scan(document, service.keep_scan(pdf(), files), by=KABIR, at=PAST_MIDNIGHT)
    second = service.add_scan(document, service.keep_scan(picture(), files), why="A clearer scan", by=KABIR)

    assert files.read(first.offered_sha256, kind="scan") == pdf()
    assert files.read(second.offered_sha256, kind="scan")[8:12] == b"WEBP"
    assert second.offered_sha256 != second.original_sha256
    assert [one.id for one in scans_of(document)] == [second.id, first.id]


def test_a_scan_does_not_lie_among_the_certificates_where_it_would_be_swept(db, files):
    service.add_scan(issued(), service.keep_scan(picture(), files), by=KABIR)

    assert {path.parent.parent.name for path in files.root.rglob("*") if path.is_file()} == {"scan"}


def test_the_public_learns_the_day_and_the_fingerprint_of_the_latest_scan(db, files):
    document = issued()
    assert beside(document).signed_copy is None

    scan = service.add_scan(document, service.keep_scan(pdf(), files), by=KABIR, at=PAST_MIDNIGHT)

    assert beside(document).signed_copy == SignedCopy(date(2026, 4, 11), scan.offered_sha256)


def test_a_newer_scan_says_why_and_the_trail_keeps_it(db, files):
    document = issued()
    service.add_scan(document, service.keep_scan(pdf(), files), by=KABIR)
    newer = service.keep_scan(picture(), files)

    with pytest.raises(RuleBroken) as refused:
        service.add_scan(document, newer, why="  ", by=KABIR)
    service.add_scan(document, newer, why=" Page 2 was missing ", by=KABIR)

    entries = trails.told(TrailEntry.action == "scan.add")
    assert codes(refused) == ["scan_needs_reason"]
    assert [entry.remark for entry in entries] == ["", "Page 2 was missing"]
    assert SignedScan.select().count() == 2


def test_the_same_file_is_kept_once_for_a_document_but_may_be_anothers(db, files):
    document, other = issued(), issued("GAD/KMY/2026-27/000001/002")
    kept = service.keep_scan(pdf(), files)
    service.add_scan(document, kept, by=KABIR)

    with pytest.raises(RuleBroken) as refused:
        service.add_scan(document, kept, why="again", by=KABIR)
    service.add_scan(other, kept, by=KABIR)

    assert codes(refused) == ["scan_kept_already"]
    assert SignedScan.select().count() == 2


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.NODAL, Role.EMPLOYEE])
def test_nobody_but_gad_brings_a_scan(db, files, role):
    document, kept = issued(), service.keep_scan(pdf(), files)

    with pytest.raises(NotAllowed):
        service.add_scan(document, kept, by=Actor(9, "x", grants=(Grant(role),)))

    assert SignedScan.select().count() == 0


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bad_js.pdf", "scan_not_plain"),
        ("bad_trunc.pdf", "scan_damaged"),
        ("bad_hugepage.pdf", "scan_too_large"),
        ("bad_script.svg", "scan_wrong_type"),
        ("bad_trunc.png", "scan_damaged"),
    ],
)
def test_what_no_scanner_makes_is_refused_in_words_about_an_order_and_not_kept(files, name, code):
    with pytest.raises(BadFile) as refused:
        service.keep_scan((SAMPLES / name).read_bytes(), files)

    assert codes(refused) == [code]
    assert [path for path in files.root.rglob("*") if path.is_file()] == []


def test_a_refusal_keeps_its_facts_and_what_it_says_of_any_picture_stays():
    assert scan_refusal(reason("pdf_too_many_pages", limit_pages=5)) == reason("scan_too_many_pages", limit_pages=5)
    assert scan_refusal(reason("file_too_large", limit_mb=10)) == reason("file_too_large", limit_mb=10)
    assert scan_refusal(reason("image_animated")) == reason("image_animated")
    assert scan_refusal(reason("image_is_heic", looks_like="HEIC")) == reason("scan_wrong_type")


def test_the_first_scan_needs_no_reason():
    assert scan_reasons("a", kept=[], why="") == []
    assert scan_reasons("b", kept=["a"], why="") == [reason("scan_needs_reason")]
    assert scan_reasons("a", kept=["a"], why="") == [reason("scan_kept_already")]
