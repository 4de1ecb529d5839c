"""A fictional certificate image, drawn here: what an employee would bring from a course elsewhere."""

from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (1400, 990)
PAPER, INK, FRAME = "#fdfaf2", "#22304f", "#b3862b"


def draw_certificate(*, name: str, course: str, on: date) -> bytes:
    """A PNG with the words of a certificate in English; the same words give the same bytes."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    for inset, width in ((30, 8), (52, 2)):
        draw.rectangle((inset, inset, SIZE[0] - inset, SIZE[1] - inset), outline=FRAME, width=width)
    lines = (
        (190, 64, "CERTIFICATE OF COMPLETION"),
        (330, 34, "This is to certify that"),
        (420, 58, name),
        (530, 34, "has completed the course"),
        (615, 48, course),
        (740, 34, f"on {on:%d %B %Y}"),
        (860, 26, "A fictional institute of the demo; not valid anywhere"),
    )
    for top, size, text in lines:
        draw.text((SIZE[0] / 2, top), text, fill=INK, font=ImageFont.load_default(size), anchor="mm")
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
