"""PDFs for the decoder: opened, looked over and drawn, never run.

PDFium is built without scripts and forms are not even loaded, so what a PDF
would do when opened is only noted. Nothing here is called outside the
decoder's child, which has little memory and little time.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import TypeAlias

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from karmyogi.store.images import Limits

DRAWN_SIDE = 2400  # pixels; twice what the QR code of a certificate needs
MOST_PIXELS_PER_POINT = 300 / 72
NO_SECURITY = -1
PARTS_DEEP = 4  # how far pictures are looked for inside drawings inside drawings
PACKED_PART = 2 * 1024 * 1024  # bytes of one compressed stream that are looked through

ACTS = {
    "pdf_runs_code": re.compile(rb"/(?:JS|JavaScript)\b"),
    "pdf_acts_when_opened": re.compile(rb"/(?:OpenAction|AA|Launch|SubmitForm|ImportData)\b"),
    "pdf_carries_files": re.compile(rb"/(?:EmbeddedFiles?|FileAttachment|RichMedia)\b"),
}
SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECTS = re.compile(rb"/ObjStm\b[^>]*>>\s*stream\r?\n")

Document: TypeAlias = pypdfium2.PdfDocument


class Refused(Exception):
    """A rule says no; the argument is the reason's code."""


def opened(content: bytes, limits: Limits) -> Document:
    """The document, if its pages are few enough and it needs no password.

    Exactly `limits.pages` pages are still taken. Raises Refused, or PdfiumError for damage.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Refused("pdf_encrypted") from None
        if error.err_code == raw.FPDF_ERR_SUCCESS:  # PDFium's way of saying that there is no page
            raise Refused("pdf_without_pages") from None
        raise
    if raw.FPDF_GetSecurityHandlerRevision(document) != NO_SECURITY:
        raise Refused("pdf_encrypted")
    if len(document) > limits.pages:
        raise Refused("pdf_too_many_pages")
    return document


def drawn(document: Document, number: int, limits: Limits) -> Image.Image:
    """One page as a picture, its longest side at most 2400 pixels and never finer than 300 to the inch.

    A side of exactly `limits.page_points` is still taken. Raises Refused.
    """
    page = document[number]
    try:
        return _drawn(page, limits)
    finally:
        page.close()


def _drawn(page: pypdfium2.PdfPage, limits: Limits) -> Image.Image:
    width, height = page.get_size()
    if max(width, height) > limits.page_points:
        raise Refused("pdf_page_too_large")
    scale = min(DRAWN_SIDE / max(width, height), MOST_PIXELS_PER_POINT)
    if min(width, height) * scale < limits.shortest_side:
        raise Refused("image_too_small")
    _refuse_bombs(page, limits)
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture


def notes_on(document: Document, content: bytes) -> tuple[str, ...]:
    """What the PDF would do or carries besides its pages, as codes in a fixed order; a hint, not a proof of none."""
    found = {note for text in _readable(content) for note, mark in ACTS.items() if mark.search(text)}
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        found.add("pdf_runs_code")
    if raw.FPDFDoc_GetAttachmentCount(document) > 0:
        found.add("pdf_carries_files")
    return tuple(note for note in ACTS if note in found)


def empty_page() -> bytes:
    """The smallest PDF with a page: for warming up."""
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(72, 72)
    document.save(file)
    return file.getvalue()


def _refuse_bombs(page: pypdfium2.PdfPage, limits: Limits) -> None:
    # A page of modest size may hold a picture of a billion points: its header tells, before anything is unpacked.
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=PARTS_DEEP):
        width, height = picture.get_px_size()
        if width * height > limits.pixels or max(width, height) > limits.longest_side:
            raise Refused("image_too_many_pixels")


def _readable(content: bytes) -> Iterator[bytes]:
    """The file as written, then its packed tables of objects; `/J#53` is the same name as `/JS`."""
    yield _spelled_out(content)
    for start in OBJECTS.finditer(content):
        try:
            yield _spelled_out(zlib.decompressobj().decompress(content[start.end() :], PACKED_PART))
        except zlib.error:  # packed in another way, or damaged: PDFium says what it makes of it
            continue


def _spelled_out(text: bytes) -> bytes:
    return SPELLED.sub(lambda found: bytes([int(found[1], 16)]), text)
