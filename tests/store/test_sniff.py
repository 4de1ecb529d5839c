"""What a file is by its first bytes, and the way round for whoever has the wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.reasons import reason
from karmyogi.store.sniff import REFUSED_AS, looks_like, wrong_type


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp41", "MP4"),
        (b"\0\0\0\x08ftyp", "MP4"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\n\n%PDF-1.7\n", "PDF"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a comment --><svg xmlns='x'>", "SVG"),
        (b"  <SVG>", "SVG"),
        (b"<!DOCTYPE html><html><svg></svg>", "SVG"),
        (b"<!doctype html><title>x</title>", "HTML"),
        (b"<script>alert(1)</script>", "HTML"),
        ("नमस्ते".encode(), "TXT"),
        ("अ".encode() * 3000, "TXT"),  # cut inside a letter by the part we look at
        (b"PK\x03\x04", "ZIP"),
        (b"PK\x03\x04....word/document.xml", "DOCX"),
        (b"PK\x03\x04....xl/workbook.xml", "XLSX"),
        (b"PK\x03\x04....ppt/slides", "PPTX"),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text", "ODF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC"),
        (b"{\\rtf1", "RTF"),
        (b"\x1aE\xdf\xa3", "WEBM"),
        (b"ID3", "MP3"),
        (b"MZ\x90\0", "EXE"),
        (b"RIFF\0\0\0\0WAVE", "WAV"),
        (b"RIFF\0\0\0\0AVI ", "AVI"),
        (b"RIFF\0\0\0\0ABCD", None),
        (b"RIFF\0\0\0\0WEBP", "WEBP"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x89PNG\n\x1a\n\n", None),
        (b"\xff\xd8", None),
        (b"a\0b", None),
        (bytes(100), None),
        (b"", None),
    ],
)
def test_a_file_is_named_by_its_first_bytes(content, name):
    assert looks_like(content) == name


@given(st.binary(max_size=64), st.sampled_from([b"", b"RIFF", b"\0\0\0\x20ftyp", b"<", b"\xff\xd8\xff", b"%PDF"]))
def test_naming_a_file_never_fails(tail, start):
    assert looks_like(start + tail) is None or looks_like(start + tail)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf", "image_is_heic"),
        (b"<svg xmlns='x'>", "image_is_drawing"),
        (b"PK\x03\x04....word/document.xml", "image_is_document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "image_is_document"),
        (b"PK\x03\x04", "image_is_archive"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp41", "image_is_film"),
        (b"<!doctype html>", "image_is_page"),
        (b"MZ\x90\0", "image_is_program"),
        (b"GIF89a", "image_wrong_type"),
        (bytes(100), "image_type_unknown"),
    ],
)
def test_each_kind_of_wrong_file_has_its_own_way_round(content, code):
    assert wrong_type(content) == (
        reason(code) if code == "image_type_unknown" else reason(code, looks_like=looks_like(content))
    )


def test_every_way_round_speaks_of_what_the_file_is():
    assert [
        code for form, code in REFUSED_AS.items() if "%(looks_like)s" not in reason(code, looks_like=form).text
    ] == []
