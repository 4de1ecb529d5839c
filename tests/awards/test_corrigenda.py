"""Corrigenda: what they may correct, whose hands they need, and what becomes of the order and its certificates."""

from datetime import date

import pypdfium2
import pytest

from karmyogi.awards import service
from karmyogi.awards.models import Award, Corrigendum
from karmyogi.awards.queries import reading_of
from karmyogi.awards.rules import Line, Place, awards_corrected, corrected_parts, line_reasons, lines_from
from karmyogi.awards.service import Draft
from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.core.reasons import reason
from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.queries import beside, by_code
from karmyogi.documents.rules import public_view
from karmyogi.people.models import Officer
from karmyogi.store.trail import TrailEntry, broken_link
from tests import trails
from tests.awards.conftest import ISSUER, SIGNATORY
from tests.nominations.scene import AT

PLACE = Place("row:1:office", "कार्यालय", "office", "जिला कार्यालय, रायपुर", "District Office, Raipur")
NAME = Place("row:1:name", "नाम", "name", "आशा साहु", "Asha Sahu")
OFFICE = Line("row:1:office", "रायपुर", "दुर्ग", "Raipur", "Durg")
FILE = Line("file_number", "F-17", "F-71")


def draft(*lines: Line) -> Draft:
    return Draft(lines, SIGNATORY)


@pytest.fixture
def order(scene, issue):
    return issue(scene.brought_to("released"))


@pytest.fixture
def correct(order, scene, files):
    """Drafts as Kabir of GAD and issues as Lakshmi, the approver."""

    def correct(*lines: Line) -> Corrigendum:
        case = service.draft_corrigendum(order, draft(*lines), by=scene.kabir, at=AT)
        return service.issue_corrigendum(case, seen=1, issuer=ISSUER, files=files, by=scene.lakshmi, at=AT)

    return correct


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


def printed(files, document: IssuedDocument) -> str:
    pdf = pypdfium2.PdfDocument(files.read(document.pdf_sha256, kind="document"))
    return " ".join("".join(page.get_textpage().get_text_range() for page in pdf).split())


# What may be corrected


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line("row:9:office", "x", "y"), "corrigendum_place_unknown"),
        (Line("amount", "5,000", "50,000"), "corrigendum_place_unknown"),
        (Line("row:1:award", "x", "y"), "corrigendum_place_unknown"),
        (Line("row:1:office"), "corrigendum_line_empty"),
        (Line("row:1:office", "रायपुर", ""), "corrigendum_half"),
        (Line("row:1:office", "", "", "", "Durg"), "corrigendum_half"),
        (Line("row:1:office", "रायपुर", "रायपुर"), "corrigendum_unchanged"),
        (Line("row:1:office", "बिलासपुर", "दुर्ग"), "corrigendum_not_there"),
        (Line("row:1:office", "", "", "i", "y"), "corrigendum_not_once"),
        (Line("row:1:name", "आशा साहु", "मीना वर्मा"), "corrigendum_other_name"),
    ],
)
def test_a_line_that_does_not_fit_the_order_is_refused_with_its_number(line, code):
    places = {PLACE.code: PLACE, NAME.code: NAME}

    [found] = line_reasons([line], places, {NAME.code: ("आशा साहू", "Asha Sahu")})

    assert (found.code, found.facts["line"]) == (code, 1)


def test_a_name_may_become_what_the_record_says_and_nothing_else():
    places, record = {NAME.code: NAME}, {NAME.code: ("आशा साहू", "Asha Sahu")}

    assert line_reasons([Line(NAME.code, "साहु", "साहू")], places, record) == []
    assert line_reasons([Line(NAME.code, "", "", "Asha", "Usha")], places, record) == [
        reason("corrigendum_other_name", line=1, name="Asha Sahu")
    ]


def test_a_place_is_corrected_once_and_a_corrigendum_has_a_line():
    assert line_reasons([], {}, {}) == [reason("corrigendum_empty")]
    assert line_reasons([OFFICE, OFFICE], {PLACE.code: PLACE}, {}) == [reason("corrigendum_place_twice", line=2)]


def test_only_lines_about_a_row_touch_a_certificate():
    assert awards_corrected([FILE, OFFICE, Line("row:12:name", "a", "b")]) == [1, 12]
    assert corrected_parts(1, [FILE, OFFICE], {PLACE.code: PLACE}) == {
        "office_hi": "जिला कार्यालय, दुर्ग",
        "office_en": "District Office, Durg",
    }


def test_the_places_of_an_order_are_its_words_and_neither_awards_nor_money(order):
    places = reading_of(order).places

    assert list(places) == [
        "subject",
        "file_number",
        "date",
        "reference",
        "paragraph:1",
        "signatory",
        "copy:1",
        "copy:2",
        "row:1:name",
        "row:1:designation",
        "row:1:department",
        "row:1:office",
        "row:1:citation",
    ]
    assert (places["file_number"].hi, places["date"].en) == ("F-17", "10/04/2026")


# The whole road


def test_an_issued_corrigendum_has_number_paper_and_code_and_the_order_is_as_it_was(order, correct, files):
    before = files.read(order.document.pdf_sha256, kind="document")

    case = correct(FILE)

    assert (case.number, case.state, case.serial) == (f"{order.number}/C1", "issued", 1)
    document = by_code(case.document.code)
    paper = printed(files, document)
    assert (document.kind, document.number, document.state) == ("corrigendum", case.number, "valid")
    assert [word for word in ("F-17", "F-71", "Corrigendum", order.number) if word.lower() not in paper.lower()] == []
    assert IssuedDocument.get_by_id(order.document_id).pdf_sha256 == order.document.pdf_sha256
    assert files.read(order.document.pdf_sha256, kind="document") == before


def test_order_and_corrigendum_name_each_other_to_the_public(order, correct):
    first, second = correct(FILE), correct(Line("subject", "", "", "grant", "conferment"))

    of_order, of_first = beside(order.document), beside(first.document)
    assert [one.number for one in of_order.corrigenda] == [first.number, second.number]
    assert [one.code for one in of_order.corrigenda] == [first.document.code, second.document.code]
    assert (of_first.corrects.number, of_first.corrects.code) == (order.number, order.document.code)
    assert public_view(first.document).name_en == ""


def test_a_second_corrigendum_begins_with_what_the_first_made(order, correct):
    correct(FILE)

    with pytest.raises(RuleBroken) as refused:
        correct(FILE)
    second = correct(Line("file_number", "F-71", "F-72"))

    assert codes(refused) == ["corrigendum_not_there"]
    assert second.number == f"{order.number}/C2"


def test_a_text_of_no_language_is_typed_once(order, correct):
    [line] = lines_from(correct(Line("file_number", "F-17", "F-71")).lines)

    assert (line.wrong_en, line.right_en) == ("F-17", "F-71")


# Certificates


def test_a_corrected_name_gives_the_award_a_new_certificate_that_the_old_one_names(order, scene, correct, files):
    Officer.update(name_hi="आशा देवी साहू").where(Officer.id == scene.asha.id).execute()
    award, old = Award.get(), Award.get().document

    correct(Line("row:1:name", "आशा साहू", "आशा देवी साहू"))

    new, old = Award.get().document, IssuedDocument.get_by_id(old.id)
    assert (old.state, new.state) == ("superseded", "valid")
    assert new.number == f"{award.number}/C1"
    assert beside(old).replaced_by.code == new.code
    assert public_view(new).name_hi == "आशा देवी साहू"
    assert public_view(new).name_en == public_view(old).name_en
    assert new.facts["printed"] == old.facts["printed"] | {
        "name_hi": "आशा देवी साहू",
        "award_number": new.number,
        "code": new.code,
        "verify_url": ISSUER.verify_url(new.code),
    }
    assert "आशा देवी साहू" in printed(files, new)
    assert public_view(new).ordered_on == date(2026, 4, 10)


def test_a_certificate_replaced_twice_keeps_what_was_corrected_first(order, correct):
    office = reading_of(order).places["row:1:office"]
    correct(Line("row:1:office", office.hi, "कार्यालय एक", office.en, "Office One"))

    correct(Line("row:1:citation", "", "", reading_of(order).places["row:1:citation"].en, "A shorter citation."))

    facts = Award.get().document.facts["printed"]
    assert (facts["office_hi"], facts["office_en"], facts["citation_en"]) == (
        "कार्यालय एक",
        "Office One",
        "A shorter citation.",
    )
    assert (facts["award_number"], IssuedDocument.select().where(IssuedDocument.state == "superseded").count()) == (
        f"{order.number}/001/C2",
        2,
    )


def test_a_revoked_award_is_corrected_no_more_and_a_replaced_one_can_be_revoked(order, scene, correct):
    correct(other_office(order))
    service.revoke_award(Award.get(), reason_hi="त्रुटि", reason_en="An error", by=scene.lakshmi)

    assert [code for code in reading_of(order).places if code.startswith("row:")] == []
    assert reading_of(order).names == {}
    assert Award.get().document.state == "revoked"


def other_office(order) -> Line:
    place = reading_of(order).places["row:1:office"]
    return Line(place.code, place.hi, "कार्यालय", place.en, "Office")


# Hands


def test_who_wrote_any_of_it_does_not_issue_it(order, scene, files):
    both = Actor(scene.kabir.user_id, "Kabir", grants=(Grant(Role.GAD), Grant(Role.APPROVER)))
    case = service.draft_corrigendum(order, draft(FILE), by=scene.kabir)
    case = service.rewrite_corrigendum(case, draft(FILE), seen=1, by=scene.kabir)

    with pytest.raises(RuleBroken) as refused:
        service.issue_corrigendum(case, seen=2, issuer=ISSUER, files=files, by=both)

    assert codes(refused) == ["same_hand"]
    assert Corrigendum.get().state == "draft"


def test_who_only_rewrote_it_does_not_issue_it_either(order, scene, files):
    both = Actor(scene.sunita.user_id, "Sunita", grants=(Grant(Role.GAD), Grant(Role.APPROVER)))
    case = service.draft_corrigendum(order, draft(FILE), by=scene.kabir)
    case = service.rewrite_corrigendum(case, draft(FILE), seen=1, by=scene.sunita)

    with pytest.raises(RuleBroken) as refused:
        service.issue_corrigendum(case, seen=2, issuer=ISSUER, files=files, by=both)

    assert codes(refused) == ["same_hand"]
    assert Corrigendum.get().state == "draft"


def test_nobody_drafts_or_issues_a_correction_of_their_own_award(order, scene, files):
    asha_of_gad = Actor(901, "Asha", officer_id=scene.asha.id, grants=(Grant(Role.GAD),))
    asha_approves = Actor(902, "Asha", officer_id=scene.asha.id, grants=(Grant(Role.APPROVER),))
    case = service.draft_corrigendum(order, draft(other_office(order)), by=scene.kabir)

    with pytest.raises(RuleBroken) as drafting:
        service.draft_corrigendum(order, draft(other_office(order)), by=asha_of_gad)
    with pytest.raises(RuleBroken) as issuing:
        service.issue_corrigendum(case, seen=1, issuer=ISSUER, files=files, by=asha_approves)

    assert (codes(drafting), codes(issuing)) == (["own_case"], ["own_case"])


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.NODAL, Role.HEAD, Role.EMPLOYEE])
def test_nobody_but_gad_drafts(order, role):
    with pytest.raises(NotAllowed):
        service.draft_corrigendum(order, draft(FILE), by=Actor(9, "x", grants=(Grant(role),)))


def test_gad_alone_does_not_issue(order, scene, files):
    case = service.draft_corrigendum(order, draft(FILE), by=scene.kabir)

    with pytest.raises(NotAllowed):
        service.issue_corrigendum(case, seen=1, issuer=ISSUER, files=files, by=scene.sunita)


def test_what_is_issued_is_what_the_approver_read(order, scene, files):
    case = service.draft_corrigendum(order, draft(FILE), by=scene.kabir)
    service.rewrite_corrigendum(case, draft(Line("file_number", "F-17", "F-99")), seen=1, by=scene.sunita)

    with pytest.raises(WrongState) as refused:
        service.issue_corrigendum(case, seen=1, issuer=ISSUER, files=files, by=scene.lakshmi)

    assert codes(refused) == ["corrigendum_rewritten"]
    assert IssuedDocument.select().where(IssuedDocument.kind == "corrigendum").count() == 0


def test_a_withdrawn_draft_keeps_its_remark_and_takes_no_number(order, scene, correct):
    case = service.draft_corrigendum(order, draft(FILE), by=scene.kabir)
    service.withdraw_corrigendum(case, remark="भूल नहीं थी", by=scene.sunita)

    later = correct(FILE)

    assert (Corrigendum.get_by_id(case.id).number, later.serial) == (None, 1)
    assert trails.told_last(TrailEntry.action == "corrigendum.withdraw").remark == "भूल नहीं थी"


def test_every_act_is_on_the_trail(order, correct):
    correct(other_office(order))

    acts = [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id)]
    assert acts[-6:] == [
        "corrigendum.start",
        "document.issue",
        "corrigendum.issue",
        "document.issue",
        "document.supersede",
        "corrigendum.number",
    ]
    assert broken_link() is None
