"""The file of problem rows: two columns beside the ones that came, which are not read when the file is sent again."""

import re

REASON, FIX = "कारण / Reason (karmyogi)", "सुधार / How to correct (karmyogi)"
ADDED_COLUMNS = (REASON, FIX)
MARK = "[{import_id}/{row}] "  # begins the reason: which row of which import this line is
_MARK = re.compile(r"\[(\d{1,9})/(\d{1,9})\]")
_GUARDED = re.compile(r"'[\u00a0\u200b-\u200d\u2060\ufeff ]*[=+\-@\t\r\n＝＋－＠]")


def marked(import_id: int, row: int, text: str) -> str:
    """The reason of a problem row, with the mark by which it is known again."""
    return MARK.format(import_id=import_id, row=row) + text


def row_meant(reason: str) -> tuple[int, int] | None:
    """Of which import and which row a line speaks that was sent again; None if the mark is gone."""
    found = _MARK.match(reason.strip())
    return (int(found[1]), int(found[2])) if found else None


def without_guard(cell: str) -> str:
    """A cell of the file of problem rows as it was before it was made harmless: without the apostrophe."""
    return cell[1:] if _GUARDED.match(cell) else cell


def in_two(text: str) -> tuple[str, str]:
    """What is wrong, and what to do about it: a reason says the first in its first sentence, the second after it."""
    ends = [place for end in (". ", "। ") if (place := text.find(end)) >= 0]
    return (text[: min(ends) + 1], text[min(ends) + 2 :].strip()) if ends else (text, "")
