"""Certificates as PDF: drawn, looked over, never run, and never at a great cost."""

import subprocess
import sys
import zlib

import pytest
from PIL import Image

from karmyogi.core.reasons import reason
from karmyogi.store.images import inspect_image
from tests.store import pdf_files
from tests.store.pdf_files import one_page, stream
from tests.store.test_images import ADDRESS, bombs, certificate, chunks_of, opened, refusal_of, sample

NOTHING = stream(b"", b"")


def test_a_pdf_is_shown_as_a_picture_that_carries_nothing_of_the_file():
    picture = inspect_image(sample("bad_js.pdf"))

    assert [chunks_of(picture.webp), chunks_of(picture.thumb)] == [[b"VP8 "], [b"VP8 "]]
    assert (opened(picture.webp).size, picture.pages) == ((2000, 1414), 1)


def test_the_first_page_with_a_code_stands_for_the_file():
    cover, page = Image.new("RGB", (300, 300), "white"), certificate()

    picture = inspect_image(pdf_files.of_pictures(cover, page, cover))

    assert (picture.codes, picture.pages) == ((ADDRESS,), 3)
    assert picture.width > picture.height  # the certificate lies, the cover is square


def test_a_pdf_without_a_code_is_its_first_page():
    picture = inspect_image(pdf_files.empty(2, width=400, height=300))

    assert (picture.format, picture.width, picture.height, picture.codes, picture.pages) == ("PDF", 1667, 1250, (), 2)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (pdf_files.empty(5), None),
        (pdf_files.empty(6), reason("pdf_too_many_pages", limit_pages=5)),
        (pdf_files.empty(0), reason("pdf_without_pages")),
        (pdf_files.empty(1, width=5000, height=5000), None),
        (pdf_files.empty(1, width=5001, height=50), reason("pdf_page_too_large", limit_points=5000)),
        (pdf_files.empty(1, width=5000, height=10), reason("image_too_small", limit_side=8)),
        (b"%PDF-1.7\n", reason("image_damaged")),
        (b"%PDF-1.7\n" + bytes(2000), reason("image_damaged")),
    ],
    ids=["5 pages", "6 pages", "no page", "5000 points", "5001 points", "a thread", "a beginning", "nothing more"],
)
def test_the_limits_of_a_pdf_are_exact(content, why):
    if why:
        assert refusal_of(content) == [why]
    else:
        assert inspect_image(content).format == "PDF"


def test_a_pdf_with_a_password_is_refused_even_when_the_password_is_empty():
    key = b"/Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4" % (b"00" * 32, b"11" * 32)
    locked = pdf_files.pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<<%b>>" % key,
        trailer=b"/Encrypt 3 0 R/ID[<00><00>]",
    )

    assert refusal_of(locked) == [reason("pdf_encrypted")]


def test_a_scan_of_five_pages_is_taken():
    page = Image.linear_gradient("L").resize((1240, 1754)).convert("RGB")

    assert inspect_image(pdf_files.of_pictures(*[page] * 5)).pages == 5


# What would run


SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


@pytest.mark.parametrize(
    ("content", "notes"),
    [
        (one_page(content=NOTHING), ()),
        (one_page(content=NOTHING, catalogue=b"/OpenAction 5 0 R"), ("pdf_acts_when_opened",)),
        (
            one_page(SCRIPT, content=NOTHING, catalogue=b"/OpenAction 5 0 R"),
            ("pdf_runs_code", "pdf_acts_when_opened"),
        ),
        (one_page(SCRIPT.replace(b"/JS", b"/J#53"), content=NOTHING), ("pdf_runs_code",)),
        (one_page(content=NOTHING, catalogue=b"/Names<</EmbeddedFiles 5 0 R>>"), ("pdf_carries_files",)),
        (one_page(stream(b"/Type/EmbeddedFile", b"MZ"), content=NOTHING), ("pdf_carries_files",)),
        (
            one_page(
                stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", zlib.compress(b"9 0 " + SCRIPT)),
                content=NOTHING,
            ),
            ("pdf_runs_code",),
        ),
    ],
    ids=["plain", "opens", "opens a script", "spelled oddly", "files", "a file", "packed away"],
)
def test_what_a_pdf_would_do_is_noted_and_not_done(content, notes):
    assert inspect_image(content).notes == notes


# Bombs


MEASURE = """
import os, resource, sys
from dataclasses import asdict
from karmyogi.store import decoder, images
from karmyogi.store.sandbox import pack, unpack
content = sys.stdin.buffer.read()
form = images.looks_like(content)
decoder._warm_up()
reader, writer = os.pipe()
os.dup2(reader, decoder.PARENT)
question = pack({"form": form, "limits": asdict(images._limits_for(form, images.LIMITS))}, content)
header, _ = unpack(decoder.answer(question))
print(header.get("refused"), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


BOMBS = pdf_files.bombs() | bombs()


@pytest.mark.parametrize("content", BOMBS.values(), ids=list(BOMBS))
def test_a_bomb_is_refused_before_its_child_has_taken_200_mb(content):
    run = subprocess.run([sys.executable, "-c", MEASURE], input=content, capture_output=True, check=True)
    refused, megabytes = run.stdout.split()

    assert refused.startswith((b"image_", b"pdf_"))
    assert int(megabytes) < 200
