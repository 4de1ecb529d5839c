"""The trail as the auditor reads it: every act, newest first."""

import re

from karmyogi.audit import queries
from karmyogi.core.permissions import Actor
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry, record
from tests.factories import AT
from tests.scores.board import statuses, those
from tests.visitors import words_of

SUNITA = Actor(6, "Sunita Markam", 106)
ODD_QUERIES = (
    "before=0",
    "before=-1",
    "before=x",
    f"before={2**63}",
    f"before={'9' * 50}",
    "id=x",
    f"id={2**63}",
    "action=%00",
    "subject=%00' OR 1=1",
    "action=<b>",
    "endpoint=x&_scheme=javascript&_external=1",
)


def write(action: str, subject: str = "officer", change: dict[str, object] | None = None, **options: object) -> None:
    with database.atomic():
        record(SUNITA, action, subject, change, at=AT, **options)


def acts_on(page) -> list[str]:
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row"><span lang="en">([^<]+)</span>', table)


# ── The trail ──


def test_the_trail_and_its_proof_are_open_to_the_auditor_alone(site):
    for path in ("/trail", "/trail/proof"):
        found = statuses(site, path)

        assert those(found, 200) == {"thomas"}, path
        assert those(found, 302) == {""}, path


def test_nothing_on_the_trail_can_be_pressed_or_sent(site, thomas):
    assert 'method="post"' not in thomas.get("/trail").text.partition("<main")[2]
    assert thomas.post("/trail").status_code == 405


def test_every_act_is_told_newest_first_with_who_and_what_and_why(site, thomas):
    write("officer.rename", change={"name_hi": ["आशा", "आशा साहू"]}, remark="आदेश क्रमांक 12")

    page = thomas.get("/trail")

    assert acts_on(page)[:2] == ["officer.rename", "scores.add_up"]
    told = words_of(page)
    assert [told.count(text) for text in ("Sunita Markam", "आदेश क्रमांक 12", '{"name_hi": ["आशा", "आशा साहू"]}')] == [
        1,
        1,
        1,
    ]


def test_what_people_typed_is_shown_as_text_and_never_run(site, thomas):
    write(
        "officer.rename",
        change={"name": "<script>alert(1)</script>"},
        remark="{{ 1234567*7654321 }}<img src=x onerror=alert(1)>",
    )

    page = thomas.get("/trail").text

    assert page.count("<script>alert") == page.count("<img src=x") == page.count("9449772114007") == 0
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 1
    assert page.count("{{ 1234567*7654321 }}") == 1


def test_the_trail_is_narrowed_by_act_record_and_number(site, thomas):
    write("officer.rename")
    write("unit.rename", "org_unit")

    assert acts_on(thomas.get("/trail?action=officer.rename")) == ["officer.rename"]
    assert acts_on(thomas.get("/trail?subject=org_unit")) == ["unit.rename", "people.install"]
    assert set(acts_on(thomas.get("/trail?subject=score_month&id=1"))) == {
        "scores.run",
        "score_month.seal",
        "scores.seal",
    }
    assert acts_on(thomas.get("/trail?action=officer.rename&subject=org_unit")) == []


def test_every_kind_of_act_can_be_chosen_and_no_other(site, thomas):
    offered = re.findall(r'<option value="([^"]+)"', thomas.get("/trail").text.partition('id="filter-action"')[2])

    assert offered == sorted({entry.action for entry in TrailEntry.select()})


def test_leafing_through_the_trail_shows_every_entry_once_and_keeps_what_was_chosen(site, thomas, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        write("officer.rename", remark=f"number {number}")
    seen, address = [], "/trail?action=officer.rename"

    while address:
        page = thomas.get(address)
        seen += re.findall(r"number \d", words_of(page))
        found = re.search(r'<a rel="next" href="([^"]+)"', page.text)
        address = found and found[1].replace("&amp;", "&")

    assert seen == [f"number {number}" for number in (4, 3, 2, 1, 0)]


def test_what_somebody_writes_into_the_address_breaks_no_page_and_leads_nowhere(site, thomas, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 1)

    pages = {query: thomas.get(f"/trail?{query}") for query in ODD_QUERIES}

    assert {query: page.status_code for query, page in pages.items()} == dict.fromkeys(ODD_QUERIES, 200)
    links = [link for page in pages.values() for link in re.findall(r'rel="next" href="([^"]+)"', page.text)]
    assert links != []
    assert [link for link in links if not link.startswith("/trail?")] == []
