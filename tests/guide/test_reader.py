"""The handbook: the same parts in both languages, nothing lost on the way to the page, links that lead somewhere."""

import re

import pytest

from karmyogi.core.permissions import Role
from karmyogi.guide.reader import FOLDER, Page, Part, plain, read_page
from karmyogi.guide.rules import FIRST, PAGES, page_for

DRAWN = {
    "text",
    "softbreak",
    "heading",
    "paragraph",
    "bullet_list",
    "ordered_list",
    "list_item",
    "strong",
    "em",
    "code_inline",
    "blockquote",
    "link",
    "image",
}
every_page = pytest.mark.parametrize("name", PAGES)


def page(language: str, name: str) -> Page:
    return read_page(FOLDER / language / f"{name}.md", 0)


def below(parts: tuple[Part, ...]) -> list[Part]:
    return [found for part in parts for found in [part, *below(part.parts)]]


def test_the_handbook_has_a_page_for_each_role_and_one_for_everyone():
    files = {language: {path.stem for path in (FOLDER / language).glob("*.md")} for language in ("hi", "en")}

    assert files == {"hi": set(PAGES), "en": set(PAGES)}
    assert {role.value for role in FIRST} | {"public", "technician"} == set(PAGES)


@every_page
def test_a_page_says_the_same_in_both_languages(name):
    hindi, english = page("hi", name), page("en", name)

    assert [part.anchor for part in hindi.sections] == [part.anchor for part in english.sections]
    assert [part.kind for part in hindi.parts] == [part.kind for part in english.parts]
    assert re.search(r"[ऀ-ॿ]", hindi.title)


@every_page
@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_part_of_a_page_is_of_a_kind_that_is_drawn(language, name):
    found = below(page(language, name).parts)

    assert {part.kind for part in found} <= DRAWN
    assert [plain(part) for part in found if part.kind == "image" and not plain(part)] == []


@every_page
@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_link_of_a_page_leads_to_a_page_and_a_part_that_are_there(language, name):
    links = [part.target for part in below(page(language, name).parts) if part.kind == "link"]

    for target in links:
        file_name, _hash, anchor = target.partition("#")
        leads_to = page(language, file_name.removesuffix(".md"))
        assert not anchor or anchor in {part.anchor for part in leads_to.sections}


def test_markup_in_a_text_stays_text(tmp_path):
    path = tmp_path / "page"
    path.write_text("# Title\n\n<script>alert(1)</script> & <b>bold</b>\n", encoding="utf-8")

    assert plain(read_page(path, 1).parts[0]) == "<script>alert(1)</script> & <b>bold</b>"


def test_a_file_without_a_title_is_no_page(tmp_path):
    path = tmp_path / "page"
    path.write_text("text\n", encoding="utf-8")

    with pytest.raises(ValueError):
        read_page(path, 2)


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((), "public"),
        ((Role.EMPLOYEE,), "employee"),
        ((Role.EMPLOYEE, Role.NODAL), "nodal"),
        ((Role.NODAL, Role.HEAD, Role.EMPLOYEE), "head"),
        ((Role.GAD, Role.HEAD), "gad"),
        ((Role.TERRITORY, Role.EMPLOYEE), "territory"),
    ],
)
def test_everybody_is_led_to_the_page_of_what_they_decide(roles, expected):
    assert page_for(roles) == expected
