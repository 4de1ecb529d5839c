"""The pages of corrigenda: from GAD's form to the approver's button, and what everybody else reads."""

import re

from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.awards.queries import reading_of
from tests.awards.test_views import only, statuses
from tests.visitors import words_of


def order() -> AwardOrder:
    return AwardOrder.select().order_by(AwardOrder.id).first()


def typed(*lines: tuple[str, str, str], **changes: str) -> dict[str, str]:
    """What GAD types: places with the wrong and the right words in Hindi."""
    form = {"signatory_hi": "अनिता वर्मा", "signatory_en": "Anita Verma"}
    for number, (place, wrong, right) in enumerate(lines):
        form |= {f"lines-{number}-place": place, f"lines-{number}-wrong_hi": wrong, f"lines-{number}-right_hi": right}
    return form | changes


def office() -> tuple[str, str, str]:
    place = next(place for code, place in reading_of(order()).places.items() if code.endswith(":office"))
    return place.code, place.hi, "जिला कार्यालय, दुर्ग"


def drafted(visit, *lines: tuple[str, str, str]) -> Corrigendum:
    sunita, path = visit("sunita", language="en"), f"/awards/orders/{order().id}/corrigenda/new"
    sunita.get(path)
    answer = sunita.post(path, typed(*lines))
    assert answer.status_code == 302, words_of(answer)
    return Corrigendum.select().order_by(Corrigendum.id.desc()).first()


def issue(visit, case: Corrigendum, who: str = "lakshmi", **changes: object):
    visitor = visit(who, language="en")
    visitor.get(f"/awards/corrigenda/{case.id}")
    return visitor.post(f"/awards/corrigenda/{case.id}/issue", {"version": case.version} | changes)


def test_gad_drafts_and_the_approver_issues(visit):
    case = drafted(visit, office())

    answer = issue(visit, case)

    issued = Corrigendum.get_by_id(case.id)
    page = words_of(visit("thomas", language="en").get(f"/awards/orders/{order().id}"))
    assert (answer.status_code, issued.state, issued.number) == (302, "issued", f"{order().number}/C1")
    assert f"Read with corrigendum {issued.number} of" in page


def test_drafts_open_for_those_who_write_issue_or_audit_them(visit):
    case = drafted(visit, office())

    assert statuses(visit, f"/awards/corrigenda/{case.id}") == only("sunita", "kabir", "lakshmi", "thomas")
    assert statuses(visit, f"/awards/corrigenda/{case.id}/edit") == only("sunita", "kabir")
    assert statuses(visit, f"/awards/orders/{order().id}/corrigenda/new") == only("sunita", "kabir")


def test_the_paper_is_read_by_whoever_reads_the_order_once_it_is_issued(visit):
    case = drafted(visit, office())
    path = f"/awards/orders/{order().id}/corrigenda/{case.id}/pdf"
    before = statuses(visit, path)
    readers = statuses(visit, f"/awards/orders/{order().id}")

    issue(visit, case)

    assert set(before.values()) == {404}
    assert statuses(visit, path) == readers
    assert visit("thomas").get(path).data.startswith(b"%PDF")


def test_what_is_wrong_is_said_by_the_number_of_its_line_and_all_that_was_typed_stays(visit):
    sunita, path = visit("sunita", language="en"), f"/awards/orders/{order().id}/corrigenda/new"
    sunita.get(path)

    answer = sunita.post(path, typed(office(), ("subject", "यह वहाँ नहीं", "कुछ और")))

    assert answer.status_code == 422
    assert "Correction 2: “यह वहाँ नहीं” does not stand in that place." in words_of(answer)
    assert 'value="जिला कार्यालय, दुर्ग"' in answer.text
    assert Corrigendum.select().count() == 0


def test_there_is_room_for_more_corrections_without_a_script(visit):
    sunita, path = visit("sunita", language="en"), f"/awards/orders/{order().id}/corrigenda/new"
    first = sunita.get(path)

    more = sunita.post(path, typed(office(), more="1"))

    assert [len(re.findall(r"<legend>", page.text)) for page in (first, more)] == [2, 5]
    assert 'value="जिला कार्यालय, दुर्ग"' in more.text


def test_a_draft_written_anew_keeps_its_corrections_on_the_form(visit):
    case = drafted(visit, office())
    sunita = visit("sunita", language="en")

    form = sunita.get(f"/awards/corrigenda/{case.id}/edit")
    answer = sunita.post(
        f"/awards/corrigenda/{case.id}/edit", typed((*office()[:2], "जिला कार्यालय, बालोद"), version=str(case.version))
    )
    old = issue(visit, case)

    assert 'value="जिला कार्यालय, दुर्ग"' in form.text
    assert (answer.status_code, old.status_code) == (302, 409)
    assert Corrigendum.get().version == 2


def test_the_form_says_what_a_corrigendum_cannot_do_and_offers_no_place_for_it(visit):
    page = visit("sunita", language="en").get(f"/awards/orders/{order().id}/corrigenda/new")

    offered = re.findall(r'<option value="([^"]*)"', page.text)
    assert "changes neither who is honoured, nor the award, nor any money" in words_of(page)
    assert [code for code in offered if "amount" in code or "award" in code] == []


def test_a_replaced_certificate_names_the_new_one_to_the_public(visit, app):
    row = office()
    award = order().awards.where(Award.number.endswith(f"{int(row[0].split(':')[1]):03d}")).get()
    old = award.document

    issue(visit, drafted(visit, row))

    new = Award.get_by_id(award.id).document
    page = app.test_client().get(f"/verify/{old.code}?lang=en")
    fresh = app.test_client().get(f"/verify/{new.code}?lang=en")
    assert "This document was replaced by a later one" in words_of(page)
    assert f'href="/verify/{new.code}?lang=en">{new.number}</a>' in page.text
    assert "Status: Valid" in words_of(fresh)


def test_the_verification_pages_of_order_and_corrigendum_name_each_other(visit, app):
    issue(visit, drafted(visit, office()))
    case, stranger = Corrigendum.get(), app.test_client()

    of_order = stranger.get(f"/verify/{order().document.code}?lang=en")
    of_case = stranger.get(f"/verify/{case.document.code}?lang=en")

    assert f"Read with corrigendum {case.number} of" in words_of(of_order)
    assert f"Corrects the order {order().number} of" in words_of(of_case)
    assert f"Number of the corrigendum {case.number}" in words_of(of_case)


def test_a_draft_is_withdrawn_with_a_remark(visit):
    case = drafted(visit, office())
    sunita = visit("sunita", language="en")
    sunita.get(f"/awards/corrigenda/{case.id}")

    silent = sunita.post(f"/awards/corrigenda/{case.id}/withdraw", {"remark": " "})
    said = sunita.post(f"/awards/corrigenda/{case.id}/withdraw", {"remark": "भूल नहीं थी"})

    assert (silent.status_code, said.status_code, Corrigendum.get().state) == (422, 302, "withdrawn")


def test_a_draft_waits_on_the_front_page_of_the_approver_and_leads_to_the_list(visit):
    case = drafted(visit, office())
    lakshmi = visit("lakshmi", language="en")

    waiting = words_of(lakshmi.get("/"))
    listed = lakshmi.get("/awards?view=corrigenda")
    issue(visit, case)

    assert "1 Corrigenda to issue" in waiting
    assert f'href="/awards/corrigenda/{case.id}">Draft of a corrigendum</a>' in listed.text
    assert "Corrigenda to issue" not in words_of(lakshmi.get("/"))
    assert f'href="/awards/corrigenda/{case.id}">{order().number}/C1</a>' in lakshmi.get("/awards?view=corrigenda").text


def test_who_wrote_a_draft_or_may_not_issue_it_is_not_told_that_it_waits(visit):
    case = drafted(visit, office())

    assert all("Corrigenda to issue" not in words_of(visit(who, language="en").get("/")) for who in ("sunita", "kabir"))
    number = f"/awards/corrigenda/{case.id}"
    for who in ("meena", "farah", "asha"):
        assert number not in visit(who).get("/awards?view=corrigenda").text
