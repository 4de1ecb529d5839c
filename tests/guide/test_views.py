"""The handbook's pages: open to everyone, in the reader's language, and one step from every other page."""

import pytest

from karmyogi.guide.rules import PAGES
from tests.visitors import words_of


def test_a_stranger_reads_the_handbook(visit):
    stranger = visit(language="en")

    assert {name: stranger.get(f"/guide/{name}").status_code for name in PAGES} == dict.fromkeys(PAGES, 200)
    assert stranger.get("/guide/nobody").status_code == 404
    assert stranger.get("/guide/pictures/nothing.webp").status_code == 404
    assert stranger.get("/guide/pictures/..%2f..%2fdecisions").status_code == 404


@pytest.mark.parametrize(("who", "path"), [("meena", "/guide/head#nominations"), ("sunita", "/guide/gad#nominations")])
def test_a_page_leads_to_its_own_part_of_the_readers_handbook(visit, who, path):
    assert f'href="{path}"' in visit(who).get("/nominations").text


def test_the_handbook_speaks_the_readers_language(visit):
    assert "For heads of department" in words_of(visit(language="en").get("/guide/head"))
    assert "विभागाध्यक्षों के लिए" in words_of(visit(language="hi").get("/guide/head"))
