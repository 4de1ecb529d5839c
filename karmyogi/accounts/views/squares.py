"""QR codes as drawings within a page."""

from dataclasses import dataclass

import segno

MARGIN = 2  # modules of white around a QR code on white paper


@dataclass(frozen=True)
class Square:
    """A QR code as a drawing: so many modules to a side, its margin included, and the path of the dark ones."""

    side: int
    path: str


def square_of(text: str) -> Square:
    """The QR code of a text, with a correction of faults that a telephone's camera needs."""
    rows = segno.make(text, error="m", micro=False).matrix
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows, MARGIN) for x, module in enumerate(row, MARGIN) if module
    )
    return Square(len(rows) + 2 * MARGIN, dark)
