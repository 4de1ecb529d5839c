"""The handbook's pictures are pictures of the product: taken here by `make guide`, looked for in its pages."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from karmyogi.guide.reader import FOLDER, PICTURES
from tests.journeys.walker import Walker

WIDTH, HEIGHT = 960, 900
COLOURS = 64


@dataclass(frozen=True)
class Picture:
    """A page as one of the cast sees it; `click` is followed first, `width` is that of a phone where it is smaller."""

    name: str
    who: str
    path: str
    click: str = ""
    width: int = WIDTH


PICTURED = (
    Picture("board", "", "/"),
    Picture("me", "asha", "/me", width=390),
    Picture("score", "asha", "/me/scores/2025-12", width=390),
    Picture("certificate", "asha", "/achievements/new", width=390),
    Picture("head", "meena", "/"),
    Picture("candidates", "meena", "/nominations", click='main a[href*="/candidates"]'),
    Picture("board-of-officers", "meena", "/leaderboards"),
    Picture("nodal", "ravi", "/"),
    Picture("review", "ravi", "/achievements/review"),
    Picture("territory", "devendra", "/"),
    Picture("gad", "sunita", "/"),
    Picture("imports", "sunita", "/imports/"),
    Picture("months", "sunita", "/months"),
    Picture("approver", "lakshmi", "/"),
    Picture("proof", "thomas", "/trail/proof"),
)
NAMED = re.compile(r"\]\(\.\./pictures/([a-z-]+)-(hi|en)\.webp\)")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_picture_of_the_handbook_can_be_taken(visitor: Callable[..., Walker], language: str, tmp_path: Path):
    folder = PICTURES if os.environ.get("KARMYOGI_GUIDE") else tmp_path
    walk = visitor(language)

    for picture in PICTURED:
        path = folder / f"{picture.name}-{language}.webp"
        path.write_bytes(smaller(take(walk, picture)))

        assert path.stat().st_size > 5_000


def take(walk: Walker, picture: Picture) -> bytes:
    walk.page.context.clear_cookies()
    walk.page.set_viewport_size({"width": picture.width, "height": HEIGHT})
    if picture.who:
        walk.sign_in(picture.who)
    walk.page.goto(f"{walk.base}/lang/{walk.language}?next={picture.path}")
    if picture.click:
        walk.page.locator(picture.click).first.click()
        walk.page.wait_for_load_state()
    return walk.page.screenshot()


def smaller(png: bytes) -> bytes:
    """The picture in so many colours as a page of ours has: a fifth of the bytes."""
    small = BytesIO()
    few = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS)
    few.convert("RGB").save(small, "WEBP", lossless=True, quality=100, method=6)
    return small.getvalue()


def test_every_picture_that_a_page_of_the_handbook_shows_is_there_in_its_language():
    shown = {(language, *found) for language in ("hi", "en") for found in pictures_in(language)}

    assert {name for _page, name, _language in shown} <= {picture.name for picture in PICTURED}
    assert [(page, language) for page, _name, language in shown if page != language] == []
    missing = [f"{name}-{language}.webp" for _page, name, language in shown]
    assert [name for name in missing if not (PICTURES / name).is_file()] == [], "take them with `make guide`"


def pictures_in(language: str) -> list[tuple[str, str]]:
    return [found for path in (FOLDER / language).glob("*.md") for found in NAMED.findall(path.read_text("utf-8"))]
