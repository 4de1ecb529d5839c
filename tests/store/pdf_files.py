"""PDFs made by hand, as small and as bad as a test needs them."""

import io
import zlib

import pypdfium2
from PIL import Image

MEGABYTE = 1024 * 1024


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these numbered objects, the first of them its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(places) + 1, table)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, trailer, end)
    return bytes(out)


def stream(about: bytes, data: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (about, len(data), data)


def one_page(*more: bytes, content: bytes, resources: bytes = b"", catalogue: bytes = b"", box: bytes = b"") -> bytes:
    """A PDF with one page; `content` is its stream, and further objects begin with number 5."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<<%b>>>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalogue,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page % (box or b"0 0 800 600", resources),
        content,
        *more,
    )


def empty(pages: int, *, width: float = 400, height: float = 300) -> bytes:
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(width, height)
    document.save(file)
    return file.getvalue()


def of_pictures(*pictures: Image.Image) -> bytes:
    file, (first, *others) = io.BytesIO(), pictures
    first.save(file, "PDF", save_all=True, append_images=others, resolution=150)
    return file.getvalue()


def zeros(count: int) -> bytes:
    """`count` zero bytes, deflated without ever holding them all."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(MEGABYTE)) for _ in range(count // MEGABYTE)]
    return b"".join([*parts, packer.compress(bytes(count % MEGABYTE)), packer.flush()])


def with_picture(side: int) -> bytes:
    """A page of modest size with a picture of `side` times `side` bits."""
    picture = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray" % (side, side)
    return one_page(
        stream(picture + b"/Filter/FlateDecode", zeros(side * side // 8)),
        content=stream(b"", b"q 800 0 0 600 0 0 cm /I Do Q"),
        resources=b"/XObject<</I 5 0 R>>",
    )


def laughing() -> bytes:
    """Ten drawings, each of which shows the next ten times."""
    drawings = []
    for number in range(10):
        inner = b"/F Do " * 10 if number < 9 else b"0 0 10 10 re f " * 100
        further = b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + number) if number < 9 else b""
        drawings.append(stream(b"/Type/XObject/Subtype/Form/BBox[0 0 800 600]" + further, inner))
    return one_page(*drawings, content=stream(b"", b"/F Do"), resources=b"/XObject<</F 5 0 R>>")


def bombs() -> dict[str, bytes]:
    orders = zlib.compress(b"0 0 10 10 re f\n" * 10_000_000, 9)
    twice = zlib.compress(zlib.compress(b"0" * (256 * MEGABYTE), 9), 9)
    return {
        "a picture of 50,000 by 50,000": with_picture(50_000),
        "drawings in drawings": laughing(),
        "300 MB of content": one_page(content=stream(b"/Filter/FlateDecode", zeros(300 * MEGABYTE))),
        "ten million orders": one_page(content=stream(b"/Filter/FlateDecode", orders)),
        "packed twice": one_page(content=stream(b"/Filter[/FlateDecode/FlateDecode]", twice)),
        "a page of 200,000 points": one_page(content=stream(b"", b""), box=b"0 0 200000 200000"),
    }
