"""The signed copy of an order on its pages: who brings it, who reads it, and what the public is told."""

import io
from pathlib import Path

from karmyogi.awards.models import AwardOrder
from karmyogi.documents.models import SignedScan
from tests.achievements.scene import picture
from tests.awards.test_views import only, statuses
from tests.visitors import words_of

SAMPLES = Path(__file__).parents[1] / "data" / "certificates"
PDF = (SAMPLES / "vec10.pdf").read_bytes()


def order() -> AwardOrder:
    return AwardOrder.select().order_by(AwardOrder.id).first()


def bring(visitor, content: bytes | None, **typed: str):
    path = f"/awards/orders/{order().id}/scan"
    visitor.get(path)
    scan = {} if content is None else {"scan": (io.BytesIO(content), "आदेश.pdf")}
    return visitor.post(path, typed | scan)


def test_gad_brings_the_signed_copy_and_the_order_shows_it(visit):
    sunita = visit("sunita", language="en")

    answer = bring(sunita, PDF)

    page = words_of(sunita.get(answer.location))
    scan = SignedScan.get()
    assert (answer.status_code, answer.location) == (302, f"/awards/orders/{order().id}")
    assert (scan.document_id, scan.scan_format, scan.pages) == (order().document_id, "PDF", 1)
    assert f"SHA-256 fingerprint {scan.offered_sha256}" in page


def test_the_form_opens_for_gad_alone(visit):
    assert statuses(visit, f"/awards/orders/{order().id}/scan") == only("sunita", "kabir")


def test_whoever_reads_the_order_reads_the_scan_and_nobody_else(visit):
    bring(visit("sunita", language="en"), PDF)
    here = f"/awards/orders/{order().id}"
    readers = statuses(visit, here)

    scan = SignedScan.get().id
    assert statuses(visit, f"{here}/scans/{scan}") == readers
    assert statuses(visit, f"{here}/scans/{scan}/picture") == readers
    assert visit("sunita", language="en").get(f"{here}/scans/{scan + 1}").status_code == 404


def test_the_scan_is_saved_and_never_run(visit):
    sunita = visit("sunita", language="en")
    bring(sunita, PDF)

    answer = sunita.get(f"/awards/orders/{order().id}/scans/{SignedScan.get().id}")

    assert answer.data == PDF
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_form_without_a_file_or_without_a_reason_says_what_is_missing(visit):
    sunita = visit("sunita", language="en")

    empty = bring(sunita, None)
    bring(sunita, PDF)
    silent = bring(sunita, picture())
    said = bring(sunita, picture(), why="Page 2 was missing")

    assert (empty.status_code, silent.status_code, said.status_code) == (422, 422, 302)
    assert "Choose the scan of the signed order." in words_of(empty)
    assert "Write why this one takes its place" in words_of(silent)
    assert [one.reason for one in SignedScan.select().order_by(SignedScan.id)] == ["", "Page 2 was missing"]


def test_the_verification_page_tells_of_the_signed_copy_and_gives_nothing_away(visit, app):
    bring(visit("sunita", language="en"), PDF)

    page = app.test_client().get(f"/verify/{order().document.code}?lang=en")

    scan = SignedScan.get()
    assert "Signed copy On file since" in words_of(page)
    assert scan.offered_sha256 in page.text
    assert [word for word in ("/scans/", scan.uploader) if word in page.text] == []
