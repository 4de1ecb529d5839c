"""The program that opens pictures for `images`: `python -m karmyogi.store.decoder`.

It is warm (Pillow is loaded) and has no threads, so it may fork: each picture
is opened in a child of its own, under hard limits on memory, time and files.
A picture can at worst end its own child. Nothing is written to disk.
"""

import contextlib
import io
import os
import resource
import select
import signal
import struct
import time
import warnings
from typing import NoReturn

import zxingcpp
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from karmyogi.store import pdfs
from karmyogi.store.images import MOST_CODES, Limits
from karmyogi.store.pdfs import Refused
from karmyogi.store.sandbox import LARGEST_MESSAGE, pack, receive, send, unpack

# Loaded before the first fork; with these three known, Pillow never looks for others.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

PARENT, ANSWERS = 0, 1  # our standard input and output
MOST_OPEN_FILES = 0  # those that are open stay so: no other, and no connection, can be opened
# Ours, the kernel's for want of memory, or PDFium's own for the same.
TOO_LONG = (signal.SIGKILL, signal.SIGXCPU, signal.SIGALRM, signal.SIGABRT)
WEBP_QUALITY = 85


def main() -> None:
    """Answer one question after the other until whoever asks is gone."""
    _warm_up()
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            send(ANSWERS, answer(receive(PARENT)))


def answer(question: bytes) -> bytes:
    """What a child makes of the picture, or why it could not; the child has ended in any case."""
    limits = _limits_of(question)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_end(question, limits, writer)
    os.close(writer)
    try:
        reply = _collect(reader, seconds=limits.wall_seconds)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)  # changes nothing for one that has already come to its end
        _, status = os.waitpid(child, 0)
    return reply[8:] if _is_whole(reply) else _refusal_for(status)


def look_at(content: bytes, form: str, limits: Limits) -> bytes:
    """Open one picture and answer with its size, its QR texts and the two copies.

    Raises Refused, or whatever the decoders raise on damaged input: IndexError,
    SyntaxError, KeyError, TypeError and zlib.error have been seen besides OSError.
    """
    if form == "PDF":
        return _look_at_pages(content, limits)
    picture = _pixels_of(_upright(_opened(content, form, limits)))
    return _told(picture, _qr_texts(picture, limits), limits)


def _look_at_pages(content: bytes, limits: Limits) -> bytes:
    """The first page with a QR code stands for the file; without any, the first page."""
    document = pdfs.opened(content, limits)
    notes = pdfs.notes_on(document, content)
    shown, codes = _page_and_codes(document, 0, limits)
    for number in range(1, len(document)):
        if codes:
            break
        page, codes = _page_and_codes(document, number, limits)
        shown = page if codes else shown
    return _told(shown, codes, limits, pages=len(document), notes=notes)


def _page_and_codes(document: pdfs.Document, number: int, limits: Limits) -> tuple[Image.Image, list[str]]:
    picture = _pixels_of(pdfs.drawn(document, number, limits))
    return picture, _read_codes(picture.convert("L"))  # drawn as large as is of use: no second look


def _told(
    picture: Image.Image, codes: list[str], limits: Limits, *, pages: int = 1, notes: tuple[str, ...] = ()
) -> bytes:
    shown = _within(limits.shown_side, picture)
    thumb = _within(limits.thumb_side, shown)
    header = {"width": picture.width, "height": picture.height, "codes": codes, "pages": pages, "notes": notes}
    return pack(header, _webp(shown), _webp(thumb))


def _warm_up() -> None:
    # What the libraries load at first use is loaded once, not in every child.
    for form in ("JPEG", "PNG", "WEBP"):
        file = io.BytesIO()
        Image.new("RGB", (8, 8)).save(file, form, icc_profile=SRGB.tobytes())
        look_at(file.getvalue(), form, Limits())
    look_at(pdfs.empty_page(), "PDF", Limits())


def _limits_of(question: bytes) -> Limits:
    limits = unpack(question)[0].get("limits")
    if not isinstance(limits, dict):
        raise ValueError("a question without limits")
    return Limits(**limits)


def _collect(reader: int, *, seconds: float) -> bytes:
    """All a child writes until it ends, or as much of it as comes in time."""
    events = select.poll()
    events.register(reader, select.POLLIN)
    events.register(PARENT, 0)  # reported only when the other end is closed
    deadline = time.monotonic() + seconds
    reply = bytearray()
    while len(reply) < LARGEST_MESSAGE and (left := deadline - time.monotonic()) > 0:
        ready = dict(events.poll(left * 1000))
        if PARENT in ready:
            raise SystemExit  # nobody is waiting any more
        if reader in ready:
            chunk = os.read(reader, 1024 * 1024)
            if not chunk:
                break
            reply += chunk
    return bytes(reply)


def _is_whole(reply: bytes) -> bool:
    return len(reply) >= 8 and struct.unpack(">Q", reply[:8]) == (len(reply) - 8,)


def _refusal_for(status: int) -> bytes:
    """The answer for a child that ended with this wait status and without one of its own."""
    stopped = os.WIFSIGNALED(status) and os.WTERMSIG(status) in TOO_LONG
    return pack({"refused": "image_took_too_long" if stopped else "image_damaged", "error": f"status {status}"})


def _work_and_end(question: bytes, limits: Limits, writer: int) -> NoReturn:
    try:
        _confine(limits)
        send(writer, _reply(question, limits))
    finally:
        os._exit(0)  # never back into the parent's loop, whatever happened


def _confine(limits: Limits) -> None:
    """Give up the parent's pipes, and everything a picture does not need."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    _lower(resource.RLIMIT_AS, limits.memory_bytes)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, MOST_OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NPROC, 0)  # root alone may still fork
    signal.alarm(limits.wall_seconds + 1)  # in case the parent is gone


def _lower(what: int, most: int) -> None:
    _, allowed = resource.getrlimit(what)
    most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
    resource.setrlimit(what, (most, most))


def _reply(question: bytes, limits: Limits) -> bytes:
    try:
        match unpack(question):
            case {"form": str(form)}, [content]:
                return look_at(content, form, limits)
        return pack({"refused": "image_damaged", "error": "no question"})
    except Refused as refused:
        return pack({"refused": str(refused)})
    except MemoryError:
        return pack({"refused": "image_took_too_long", "error": "MemoryError"})
    except Exception as error:  # the edge: a hostile file may raise anything at all
        return pack({"refused": "image_damaged", "error": repr(error)[:200]})


def _opened(content: bytes, form: str, limits: Limits) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = limits.pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(content), formats=(form,))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("image_too_many_pixels") from None
    _check(picture, limits)
    if form == "PNG":  # checks every chunk's sum, which loading does not; then the file is used up
        picture.verify()
        picture = Image.open(io.BytesIO(content), formats=(form,))
    picture.load()
    return picture


def _check(picture: Image.Image, limits: Limits) -> None:
    if max(picture.size) > limits.longest_side:
        raise Refused("image_too_many_pixels")
    if min(picture.size) < limits.shortest_side:
        raise Refused("image_too_small")
    # A telephone's JPEG may carry a second frame (a preview, a depth map); the first is the photograph.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Refused("image_animated")


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # broken EXIF in a good photograph: show it as it lies
        return picture


def _pixels_of(picture: Image.Image) -> Image.Image:
    """The pixels alone, in sRGB, on white, in a picture that never held anything else."""
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(_in_srgb(_opaque(_eight_bit(picture)), picture.info.get("icc_profile")))
    return clean


def _eight_bit(picture: Image.Image) -> Image.Image:
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda level: level / 256).convert("L")  # a plain convert would clip to white


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        return white
    return picture.convert("RGB") if picture.mode in ("P", "1") else picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and picture.mode in ("RGB", "L", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
        except Exception:  # a broken or foreign profile: the colours may be off, the certificate is not
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _qr_texts(picture: Image.Image, limits: Limits) -> list[str]:
    """The texts of the QR codes, each once; tried again at twice the size if there is room for it."""
    grey = picture.convert("L")
    texts = _read_codes(grey)
    if not texts and 4 * grey.width * grey.height <= limits.pixels:
        texts = _read_codes(grey.resize((2 * grey.width, 2 * grey.height), Image.Resampling.LANCZOS))
    return texts


def _read_codes(grey: Image.Image) -> list[str]:
    try:
        found = zxingcpp.read_barcodes(grey, formats=QR_CODES)
        return list(dict.fromkeys(code.text for code in found if code.text))[:MOST_CODES]
    except Exception:  # an unreadable code is no fault of the picture
        return []


def _within(side: int, picture: Image.Image) -> Image.Image:
    smaller = picture.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
    return smaller


def _webp(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=WEBP_QUALITY)
    return file.getvalue()


if __name__ == "__main__":
    main()
