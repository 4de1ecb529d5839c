"""Pictures people upload: what can be told of them, and a clean copy of the pixels.

This process never opens a picture. It looks at the first bytes and hands the
whole to `decoder`, a program of its own that knows no secrets and opens each
picture in a child with little memory and little time. What comes back is a
little JSON and two WebP files made of nothing but pixels.
"""

import codecs
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, Fact, Reason, declare, reason
from karmyogi.store.files import MEGABYTE
from karmyogi.store.sandbox import Sandboxes, pack, unpack

log = logging.getLogger(__name__)

DECODERS = Sandboxes("karmyogi.store.decoder", count=2)
ANSWER_SECONDS = 8  # on top of the picture's own time: to start the decoder, to carry the bytes
MOST_CODES = 8
ACCEPTED = frozenset({"JPEG", "PNG", "WEBP"})

declare(
    file_empty=N_("The file is empty."),
    image_wrong_type=N_(
        "This file looks like %(looks_like)s. Please give a JPEG, PNG or WebP picture: "
        "download the certificate from iGOT as PNG, or take a screenshot of it."
    ),
    image_type_unknown=N_("This file is not a picture we can read. Please give a JPEG, PNG or WebP picture."),
    image_too_many_pixels=N_(
        "The picture is too large: at most %(limit_megapixels)s megapixels "
        "and %(limit_side)s pixels along a side are taken."
    ),
    image_too_small=N_("The picture is too small: each side needs at least %(limit_side)s pixels."),
    image_animated=N_("This is a moving picture. Please give a still one."),
    image_damaged=N_("The picture is damaged or incomplete. Please download it or photograph it again."),
    image_took_too_long=N_("Opening the picture took too much time or memory. Please give a smaller one."),
)


@dataclass(frozen=True)
class Limits:
    """How much of a picture is taken, and what opening it may cost."""

    bytes: int = 10 * MEGABYTE
    pixels: int = 40_000_000
    longest_side: int = 12_000
    shortest_side: int = 8
    shown_side: int = 2000
    thumb_side: int = 480
    memory_bytes: int = 1536 * MEGABYTE
    cpu_seconds: int = 8
    wall_seconds: int = 12


LIMITS = Limits()


@dataclass(frozen=True)
class Picture:
    """What an accepted picture is, with the two copies that may be shown.

    Width and height are in pixels, with the picture turned as the camera says.
    `sha256` is of the bytes as given. `webp` (longest side 2000) and `thumb`
    (480) hold pixels and no metadata; neither is larger than the picture was.
    `codes` are the texts of its QR codes, each once.
    """

    format: str
    width: int
    height: int
    sha256: str
    webp: bytes
    thumb: bytes
    codes: tuple[str, ...]


def inspect_image(content: bytes, limits: Limits = LIMITS) -> Picture:
    """Look at an uploaded JPEG, PNG or WebP, and make the copies that may be shown.

    What is exactly at a limit is still taken. A picture without a readable QR
    code is accepted, with no codes. Several threads may call this at once.

    Raises BadFile with one reason (`file_empty`, `file_too_large`,
    `image_wrong_type`, `image_type_unknown`, `image_too_many_pixels`,
    `image_too_small`, `image_animated`, `image_damaged`, `image_took_too_long`),
    or SandboxUnavailable if the decoder cannot be started.
    """
    form = _form_of(content, limits)
    question = pack({"form": form, "limits": asdict(limits)}, content)
    answer = DECODERS.ask(question, seconds=limits.wall_seconds + ANSWER_SECONDS)
    return _picture(answer, content, form, limits)


def looks_like(content: bytes) -> str | None:
    """What the first bytes say a file is, as people call it: "PNG", "PDF", "HEIC"…; None if they say nothing."""
    for name, start in SIGNATURES:
        if content.startswith(start):
            return name
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
    ("EXE", b"MZ"),
    ("BMP", b"BM"),
)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})


def _boxed(content: bytes) -> str | None:
    """Formats that name themselves a little later: WebP in RIFF, HEIC and AVIF in `ftyp`."""
    if content[:4] == b"RIFF":
        return "WEBP" if content[8:12] == b"WEBP" else None
    if content[4:8] != b"ftyp":
        return None
    box = content[8 : min(int.from_bytes(content[:4]), 256)]
    brands = {box[at : at + 4] for at in range(0, len(box), 4)}
    if brands & AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & HEIC_BRANDS else "MP4"


def _written(content: bytes) -> str | None:
    """Formats made of text, and PDF with something before its first line."""
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


def _form_of(content: bytes, limits: Limits) -> str:
    if not content:
        raise BadFile("file_empty")
    if len(content) > limits.bytes:
        raise BadFile(reason("file_too_large", limit_mb=limits.bytes // MEGABYTE))
    form = looks_like(content)
    if form is None:
        raise BadFile("image_type_unknown")
    if form not in ACCEPTED:
        raise BadFile(reason("image_wrong_type", looks_like=form))
    return form


def _picture(answer: bytes, content: bytes, form: str, limits: Limits) -> Picture:
    # A hostile picture may have won where this was written: no part of it is taken on trust.
    header, blobs = _opened(answer)
    match header, blobs:
        case {"refused": str(code)}, []:
            log.info("picture refused: %r (%r)", code, header.get("error"))
            raise BadFile(_refusal(code, limits))
        case {"width": int(width), "height": int(height), "codes": [*codes]}, [webp, thumb] if (
            _is_size(width, height, limits) and looks_like(webp) == looks_like(thumb) == "WEBP"
        ):
            sha256 = hashlib.sha256(content).hexdigest()
            return Picture(form, width, height, sha256, webp, thumb, _texts(codes))
    log.warning("the decoder's answer makes no sense")
    raise BadFile("image_damaged")


def _opened(answer: bytes) -> tuple[Mapping[str, object], list[bytes]]:
    try:
        return unpack(answer)
    except (ValueError, RecursionError):
        return {}, []


def _is_size(width: int, height: int, limits: Limits) -> bool:
    return all(limits.shortest_side <= side <= limits.longest_side for side in (width, height))


def _texts(codes: Sequence[object]) -> tuple[str, ...]:
    # Some QR codes hold a ZIP as text; PostgreSQL keeps no NUL and no half of a surrogate pair.
    texts = [code for code in codes if isinstance(code, str)][:MOST_CODES]
    return tuple(text.replace("\0", "\ufffd").encode("utf-8", "replace").decode() for text in texts)


def _refusal(code: str, limits: Limits) -> Reason:
    facts: dict[str, dict[str, Fact]] = {
        "image_too_many_pixels": {
            "limit_megapixels": limits.pixels // 1_000_000,
            "limit_side": limits.longest_side,
        },
        "image_too_small": {"limit_side": limits.shortest_side},
        "image_animated": {},
        "image_took_too_long": {},
    }
    return reason(code, **facts[code]) if code in facts else reason("image_damaged")
