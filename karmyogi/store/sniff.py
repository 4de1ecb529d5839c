"""What a file is by its first bytes, and what to tell a person whose file cannot be taken as a certificate."""

import codecs

from karmyogi.core.reasons import N_, Reason, declare, reason

declare(
    image_type_unknown=N_(
        "This file is not one we can read. "
        "Please give the PDF or PNG file downloaded from iGOT, or a JPEG or WebP picture."
    ),
    image_wrong_type=N_(
        "This file looks like %(looks_like)s. Please give a JPEG, PNG or WebP picture or a PDF: "
        "download the certificate from iGOT, or take a screenshot of it."
    ),
    image_is_heic=N_(
        "This is an iPhone photograph (%(looks_like)s), which cannot be opened here. "
        "Take a screenshot of it and give that, "
        "or choose Settings › Camera › Formats › Most Compatible and take the photograph again."
    ),
    image_is_drawing=N_(
        "This is a drawing made of code (%(looks_like)s), which is never opened here. "
        "Download the certificate from iGOT as PNG or PDF instead."
    ),
    image_is_document=N_(
        "This is an office document (%(looks_like)s), not a picture. Save it as PDF and give that, "
        "or better the file downloaded from iGOT."
    ),
    image_is_archive=N_(
        "This is a packed file (%(looks_like)s). Unpack it first and give the picture or PDF that is inside."
    ),
    image_is_film=N_(
        "This is a video or sound file (%(looks_like)s). Please give a still picture of the certificate, or its PDF."
    ),
    image_is_page=N_(
        "This is a web page or a text (%(looks_like)s), not the certificate itself. "
        "Open the certificate on iGOT and download it as PNG or PDF."
    ),
    image_is_program=N_("This is a program (%(looks_like)s), not a certificate. It was not kept."),
)

REFUSED_AS = {
    "HEIC": "image_is_heic",
    "SVG": "image_is_drawing",
    **dict.fromkeys(("DOC", "DOCX", "XLSX", "PPTX", "ODF", "RTF"), "image_is_document"),
    **dict.fromkeys(("ZIP", "RAR", "7z", "GZIP"), "image_is_archive"),
    **dict.fromkeys(("MP4", "AVI", "WEBM", "MP3", "WAV"), "image_is_film"),
    **dict.fromkeys(("HTML", "TXT"), "image_is_page"),
    "EXE": "image_is_program",
}


def wrong_type(content: bytes) -> Reason:
    """What to tell whose file is no certificate by its first bytes: what it looks like, and the way round."""
    form = looks_like(content)
    if form is None:
        return reason("image_type_unknown")
    return reason(REFUSED_AS.get(form, "image_wrong_type"), looks_like=form)


def looks_like(content: bytes) -> str | None:
    """What the first bytes say a file is, as people call it: "PNG", "PDF", "HEIC"…; None if they say nothing."""
    for name, start in SIGNATURES:
        if content.startswith(start):
            return _packed(content) if name == "ZIP" else name
    return _boxed(content) or _written(content)


SIGNATURES = (
    ("JPEG", b"\xff\xd8\xff"),
    ("PNG", b"\x89PNG\r\n\x1a\n"),
    ("GIF", b"GIF8"),
    ("PDF", b"%PDF-"),
    ("TIFF", b"II*\0"),
    ("TIFF", b"MM\0*"),
    ("TIFF", b"II+\0"),
    ("TIFF", b"MM\0+"),
    ("PSD", b"8BPS"),
    ("JPEG XL", b"\xff\x0a"),
    ("JPEG XL", b"\0\0\0\x0cJXL "),
    ("JPEG 2000", b"\0\0\0\x0cjP  "),
    ("ZIP", b"PK\x03\x04"),
    ("RAR", b"Rar!\x1a\x07"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
    ("GZIP", b"\x1f\x8b"),
    ("DOC", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("RTF", b"{\\rtf"),
    ("WEBM", b"\x1aE\xdf\xa3"),
    ("MP3", b"ID3"),
    ("EXE", b"MZ"),
    ("EXE", b"\x7fELF"),
    ("BMP", b"BM"),
)
PACKED = (("DOCX", b"word/"), ("XLSX", b"xl/"), ("PPTX", b"ppt/"), ("ODF", b"mimetypeapplication/vnd.oasis"))
IN_RIFF = {b"WEBP": "WEBP", b"WAVE": "WAV", b"AVI ": "AVI"}
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})


def _packed(content: bytes) -> str:
    """Office documents are archives; the names of their parts stand readable at the start and at the end."""
    names = content[:4096] + content[-4096:]
    return next((form for form, part in PACKED if part in names), "ZIP")


def _boxed(content: bytes) -> str | None:
    """Formats that name themselves a little later: WebP in RIFF, HEIC and AVIF in `ftyp`."""
    if content[:4] == b"RIFF":
        return IN_RIFF.get(content[8:12])
    if content[4:8] != b"ftyp":
        return None
    box = content[8 : min(int.from_bytes(content[:4]), 256)]
    brands = {box[at : at + 4] for at in range(0, len(box), 4)}
    if brands & AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & HEIC_BRANDS else "MP4"


def _written(content: bytes) -> str | None:
    """Formats made of text, and PDF with something before its first line; nothing at all is none of them."""
    if not content:
        return None
    if b"%PDF-" in content[:1024]:
        return "PDF"
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(content[:4096]).lstrip().lower()
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    if "<svg" in text and text.startswith("<"):
        return "SVG"
    return "HTML" if text.startswith(("<!doctype html", "<html", "<script", "<body")) else "TXT"
