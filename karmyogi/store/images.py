"""Pictures and PDFs people upload: what can be told of them, and a clean copy of the pixels.

This process never opens a picture. It looks at the first bytes and hands the
whole to `decoder`, a program of its own that knows no secrets and opens each
picture in a child with little memory and little time. What comes back is a
little JSON and two WebP files made of nothing but pixels.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, Fact, Reason, declare, reason
from karmyogi.store.files import MEGABYTE
from karmyogi.store.sandbox import Sandboxes, pack, unpack
from karmyogi.store.sniff import looks_like, wrong_type

log = logging.getLogger(__name__)

DECODERS = Sandboxes("karmyogi.store.decoder", count=2)
ANSWER_SECONDS = 8  # on top of the picture's own time: to start the decoder, to carry the bytes
MOST_CODES = 8
ACCEPTED = frozenset({"JPEG", "PNG", "WEBP", "PDF"})
NOTES = frozenset({"pdf_runs_code", "pdf_acts_when_opened", "pdf_carries_files"})

declare(
    file_empty=N_("The file is empty. Perhaps the download stopped early: download it again and choose it once more."),
    image_too_many_pixels=N_(
        "The picture is too large: at most %(limit_megapixels)s megapixels "
        "and %(limit_side)s pixels along a side are taken. Take a screenshot of it and give that."
    ),
    image_too_small=N_(
        "The picture is too small: each side needs at least %(limit_side)s pixels. "
        "Please give the certificate itself, not its icon."
    ),
    image_animated=N_("This is a moving picture. Please give a still one: a screenshot will do."),
    image_damaged=N_(
        "The file is damaged or incomplete. Download it from iGOT again, or photograph the certificate again."
    ),
    image_took_too_long=N_("Opening the file took too much time or memory. Take a screenshot of it and give that."),
    pdf_encrypted=N_(
        "This PDF is protected by a password. Download it from iGOT again, "
        "or open it and give a screenshot of the certificate."
    ),
    pdf_without_pages=N_("This PDF has no pages. Download it from iGOT again."),
    pdf_too_many_pages=N_(
        "This PDF has more than %(limit_pages)s pages. Give only the page with the certificate, or a screenshot of it."
    ),
    pdf_page_too_large=N_(
        "A page of this PDF is larger than %(limit_points)s points along a side. "
        "Give a screenshot of the certificate instead."
    ),
    pdf_runs_code=N_("The PDF carries a script. It was not run; the picture shows the page without it."),
    pdf_acts_when_opened=N_("The PDF would do something by itself when opened. Do not open the original without need."),
    pdf_carries_files=N_("Other files are packed into the PDF. Do not open the original without need."),
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
    pages: int = 5
    page_points: int = 5000
    memory_bytes: int = 1536 * MEGABYTE
    pdf_memory_bytes: int = 224 * MEGABYTE  # a small PDF can ask for any amount; a page needs half
    cpu_seconds: int = 8
    wall_seconds: int = 12


LIMITS = Limits()


@dataclass(frozen=True)
class Picture:
    """What an accepted picture is, with the two copies that may be shown.

    Width and height are in pixels, with the picture turned as the camera says.
    `sha256` is of the bytes as given. `webp` (longest side 2000) and `thumb`
    (480) hold pixels and no metadata; neither is larger than the picture was.
    `codes` are the texts of its QR codes, each once. Of a PDF the picture is
    the first page with a QR code, or the first page; `pages` is how many it
    has, and `notes` are codes of reasons about what its reader might run.
    """

    format: str
    width: int
    height: int
    sha256: str
    webp: bytes
    thumb: bytes
    codes: tuple[str, ...]
    pages: int = 1
    notes: tuple[str, ...] = ()


def inspect_image(content: bytes, limits: Limits = LIMITS) -> Picture:
    """Look at an uploaded JPEG, PNG, WebP or PDF, and make the copies that may be shown.

    What is exactly at a limit is still taken. A picture without a readable QR
    code is accepted, with no codes. Several threads may call this at once.

    Raises BadFile with one reason (`file_empty`, `file_too_large`, what
    `sniff.wrong_type` gives, or one declared above), or SandboxUnavailable if
    the decoder cannot be started.
    """
    form = _form_of(content, limits)
    question = pack({"form": form, "limits": asdict(_limits_for(form, limits))}, content)
    answer = DECODERS.ask(question, seconds=limits.wall_seconds + ANSWER_SECONDS)
    return _picture(answer, content, form, limits)


def _form_of(content: bytes, limits: Limits) -> str:
    if not content:
        raise BadFile("file_empty")
    if len(content) > limits.bytes:
        raise BadFile(reason("file_too_large", limit_mb=limits.bytes // MEGABYTE))
    form = looks_like(content)
    if form is None or form not in ACCEPTED:
        raise BadFile(wrong_type(content))
    return form


def _limits_for(form: str, limits: Limits) -> Limits:
    return replace(limits, memory_bytes=min(limits.memory_bytes, limits.pdf_memory_bytes)) if form == "PDF" else limits


def _picture(answer: bytes, content: bytes, form: str, limits: Limits) -> Picture:
    # A hostile picture may have won where this was written: no part of it is taken on trust.
    header, blobs = _opened(answer)
    match header, blobs:
        case {"refused": str(code)}, []:
            log.info("picture refused: %r (%r)", code, header.get("error"))
            raise BadFile(_refusal(code, limits))
        case {
            "width": int(width),
            "height": int(height),
            "codes": [*codes],
            "pages": int(pages),
            "notes": [*notes],
        }, [webp, thumb] if (
            _is_size(width, height, limits)
            and 1 <= pages <= limits.pages
            and looks_like(webp) == looks_like(thumb) == "WEBP"
        ):
            sha256 = hashlib.sha256(content).hexdigest()
            known = tuple(note for note in notes if note in NOTES)
            return Picture(form, width, height, sha256, webp, thumb, _texts(codes), pages, known)
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
        "pdf_encrypted": {},
        "pdf_without_pages": {},
        "pdf_too_many_pages": {"limit_pages": limits.pages},
        "pdf_page_too_large": {"limit_points": limits.page_points},
    }
    return reason(code, **facts[code]) if code in facts else reason("image_damaged")
