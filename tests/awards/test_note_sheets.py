"""The note-sheet: what it says of whom, in whose hands it opens, and that it freezes nothing."""

from datetime import UTC, date, datetime

import pypdfium2
import pytest

from karmyogi.awards import service
from karmyogi.awards.drawing import Upward
from karmyogi.awards.rules import note_sheets as words
from karmyogi.core.errors import NotAllowed
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.people.models import Honour
from karmyogi.store.trail import TrailEntry
from tests.awards.conftest import ISSUER
from tests.awards.test_views import only, released, statuses
from tests.nominations.scene import AT
from tests.visitors import words_of

HANDS = (("अवर सचिव", "Under Secretary"), ("सचिव", "Secretary"))


def upward(stage: str = "selected", file_number: str = "F-17/2026") -> Upward:
    return Upward(stage, file_number, ISSUER, HANDS)


def printed(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join("".join(page.get_textpage().get_text_range() for page in document).split())


# Words


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (None, "निष्ठा प्रमाणन: उपलब्ध नहीं"),
        (
            ("clear", date(2026, 4, 1), date(2026, 4, 10)),
            "निष्ठा प्रमाणन: स्पष्ट, 01/04/2026; 10/04/2026 तक",
        ),
        (("clear", date(2025, 4, 1), date(2026, 4, 9)), "निष्ठा प्रमाणन: 09/04/2026 को अवधि समाप्त"),
        (
            ("pending", date(2026, 4, 1), date(2026, 5, 1)),
            "निष्ठा प्रमाणन: लंबित, 01/04/2026; 01/05/2026 तक",
        ),
    ],
)
def test_integrity_is_said_as_it_stands_on_the_day_its_last_included(held, said):
    assert words.integrity_in_words(held, on=date(2026, 4, 10)) == said


def test_a_citation_is_cut_after_a_whole_word():
    long = "शब्द " * 60

    assert words.in_short("  छोटा \n उद्धरण ") == "छोटा उद्धरण"
    assert words.in_short(long) == f"{long[: words.SHORT].rsplit(' ', 1)[0]}…"


def test_the_moment_is_that_of_india():
    assert words.as_on(datetime(2026, 4, 10, 20, 0, tzinfo=UTC)) == ("11/04/2026, 01:30 बजे (भारतीय मानक समय) की स्थिति")


# The paper


def test_it_says_all_that_the_records_say_of_those_who_are_proposed(scene):
    case = scene.brought_to("selected")
    Honour.create(officer=scene.asha, title_hi="उत्कृष्ट सेवा", title_en="Service", given_on=date(2019, 1, 26))

    note = service.note_of(scene.cycle, upward(), by=scene.kabir, at=AT)

    [row] = note.rows
    assert (row.name_hi, row.name_en, row.employee_code) == ("आशा साहू", "Asha Sahu", scene.asha.employee_code)
    assert "पूर्व सम्मान: उत्कृष्ट सेवा (26/01/2019)" in row.record
    assert row.award == case.category.name_hi
    assert row.amount == "₹5,000"
    assert (note.cases, note.file_line, note.hands) == (
        str(case.id),
        "नस्ती क्रमांक : F-17/2026",
        ("अवर सचिव (Under Secretary)", "सचिव (Secretary)"),
    )
    assert "कुल ₹5,000 (पाँच हज़ार रुपये मात्र)" in note.after[0]


def test_it_holds_the_cases_of_its_stage_and_of_these_alone_when_asked(scene):
    Cycle.update(quota=4).execute()
    first = scene.brought_to("selected", scene.asha, priority=1)
    second = scene.brought_to("selected", scene.bhola, priority=2)

    both = service.note_of(scene.cycle, upward(), by=scene.kabir)
    one = service.note_of(scene.cycle, upward(), cases=[second.id], by=scene.kabir)
    none = service.note_of(scene.cycle, upward("released"), by=scene.kabir)

    assert (both.cases, one.cases, none.cases) == (f"{first.id}, {second.id}", str(second.id), "")
    assert none.after[0] == "वित्तीय भार: इस प्रस्ताव में कोई राशि निहित नहीं है।"


def test_what_goes_up_first_is_shown_first(scene):
    scene.brought_to("released")

    assert service.stage_of(scene.cycle, "", by=scene.kabir) == "released"
    assert service.stage_of(scene.cycle, "selected", by=scene.kabir) == "selected"
    assert service.stage_of(scene.cycle, "draft", by=scene.kabir) == "released"


@pytest.mark.parametrize("role", [Role.NODAL, Role.HEAD, Role.TERRITORY, Role.EMPLOYEE, Role.SYSADMIN])
def test_who_may_not_know_a_choice_gets_no_note_sheet(scene, role):
    with pytest.raises(NotAllowed):
        service.note_of(scene.cycle, upward(), by=Actor(9, "x", grants=(Grant(role),)))


def test_the_paper_has_numbered_pages_and_columns_to_sign_and_changes_no_case(scene):
    case = scene.brought_to("selected")
    note = service.note_of(scene.cycle, upward(), by=scene.kabir, at=AT)

    pdf = service.print_note(scene.cycle, note, by=scene.kabir, at=AT)

    text = printed(pdf)
    entry = TrailEntry.get(TrailEntry.action == "note_sheet.print")
    assert [part for part in ("F-17/2026", "Asha Sahu", "Secretary", note.as_on[:10]) if part not in text] == []
    assert (entry.subject_id, entry.change["cases"]) == (scene.cycle.id, str(case.id))
    assert Nomination.get_by_id(case.id).state == "selected"


# The pages


def test_it_opens_for_those_who_may_know_a_choice_before_it_is_released(visit):
    cycle = Cycle.get()
    allowed = only("sunita", "kabir", "lakshmi", "thomas")

    assert statuses(visit, f"/awards/note-sheet/{cycle.id}") == allowed
    assert statuses(visit, f"/awards/note-sheet/{cycle.id}/pdf") == allowed


def test_gad_comes_to_it_from_the_cycle_and_from_the_orders_that_wait(visit):
    case = released()
    sunita = visit("sunita", language="en")

    of_cycle = sunita.get(f"/nominations?view=all&cycle={case.cycle_id}")
    waiting = sunita.get("/awards?view=awaiting")

    assert f'href="/awards/note-sheet/{case.cycle_id}"' in of_cycle.text
    assert f'href="/awards/note-sheet/{case.cycle_id}?stage=released"' in waiting.text
    assert "note-sheet" not in visit("ravi").get(f"/nominations?view=all&cycle={case.cycle_id}").text


def test_the_page_is_the_paper_with_its_file_number_and_names(visit):
    case = released()

    page = visit("sunita", language="en").get(
        f"/awards/note-sheet/{case.cycle_id}?stage=released&file=F-9/2026&cases={case.id}"
    )

    text = words_of(page)
    wanted = ("F-9/2026", case.officer.employee_code, f"Cases: {case.id}", "Dealing Assistant", "कंडिका 3")
    assert [part for part in wanted if part not in text] == []
    assert f"file=F-9/2026&amp;cases={case.id}" in page.text
