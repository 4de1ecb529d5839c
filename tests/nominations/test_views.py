"""Pages of nominations: who may open them, the whole road through them, and what a late hand is told."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from karmyogi.core.months import today
from karmyogi.demo.cast import HEALTH, REVENUE
from karmyogi.demo.story import actor
from karmyogi.nominations import queries, service
from karmyogi.nominations.models import Cycle, IntegrityCertificate, Nomination
from karmyogi.nominations.rules import NOMINATION, IntegrityAnswer, Verdict
from karmyogi.people.models import OrgUnit
from karmyogi.store.transitions import open_steps
from tests.visitors import Visitor, words_of

CAST = ("asha", "ravi", "meena", "imran", "farah", "sunita", "kabir", "lakshmi", "thomas")
Visit = Callable[..., Visitor]


def cycle() -> Cycle:
    return Cycle.get()


def department(name: str) -> OrgUnit:
    return OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == name))


def case_in(state: str, name: str = HEALTH) -> Nomination:
    return Nomination.get((Nomination.department == department(name)) & (Nomination.state == state))


def candidate(
    name: str = HEALTH, *, verdict: Verdict = Verdict.NEEDS_CERTIFICATE, by: str = "meena"
) -> queries.Candidate:
    """The first officer of a department with this verdict whom nobody has nominated, and who is not its head."""
    rows = queries.records_of(department(name), cycle(), on=today())
    head = actor(by).officer_id
    return next(one for one in rows if one.verdict is verdict and not one.nomination_id and one.officer_id != head)


def clear(nomination: Nomination, *, by: str = "ravi") -> None:
    service.enter_integrity(
        nomination.officer,
        answer=IntegrityAnswer.CLEAR,
        reference="VIG/1",
        given_on=today(),
        valid_until=date(2099, 12, 31),
        by=actor(by),
    )


def bring(nomination: Nomination, *steps: tuple[str, str]) -> Nomination:
    """Walk a nomination by the verbs, each step by one of the cast."""
    for action, by in steps:
        if action == "verify":
            clear(nomination, by=by)
        nomination = service.act(nomination, action, by=actor(by), remark="कारण")
    return nomination


VERIFIED = ("verify", "ravi")
SELECTED = (VERIFIED, ("select", "sunita"))


def statuses(visit: Visit, path: str) -> dict[str, int]:
    return {key: visit(key).get(path).status_code for key in CAST}


# Who may open what


def only(*keys: str, else_: int = 403, **others: int) -> dict[str, int]:
    return {key: others.get(key, 200 if key in keys else else_) for key in CAST}


def test_the_list_opens_for_everyone_with_a_hand_in_nominations_and_not_for_employees(visit):
    assert statuses(visit, "/nominations") == only(*CAST[1:])
    assert visit().get("/nominations").headers["Location"] == "/login?next=/nominations"


def test_a_case_exists_only_for_its_department_and_for_those_over_the_whole_state(visit):
    case = case_in("submitted")

    assert statuses(visit, f"/nominations/{case.id}") == only(
        "ravi", "meena", "sunita", "kabir", "lakshmi", "thomas", imran=404, farah=404
    )
    assert visit("ravi").get("/nominations/99999999999999999999999").status_code == 404


def test_only_heads_see_the_officers_they_may_nominate_and_only_their_own(visit):
    page = f"/nominations/cycles/{cycle().id}/candidates"
    health = department(HEALTH).id

    assert statuses(visit, page) == only("meena", "farah")
    assert statuses(visit, f"{page}?department={health}") == only("meena", farah=404)
    assert visit("meena").get("/nominations/cycles/999999/candidates").status_code == 404


def test_only_the_head_of_the_officers_department_may_write_a_nomination(visit):
    new = f"/nominations/new?cycle={cycle().id}&officer={candidate().officer_id}"
    draft = case_in("draft")

    assert statuses(visit, new) == only("meena", farah=404)
    assert statuses(visit, f"/nominations/{draft.id}/edit") == only("meena", farah=404)
    assert visit("meena").get("/nominations/new").status_code == 404
    assert visit("meena").get(f"/nominations/new?cycle={cycle().id}&officer=x").status_code == 404


def test_only_the_nodal_officer_and_gad_may_enter_an_integrity_certificate(visit):
    case = case_in("submitted")

    assert statuses(visit, f"/nominations/{case.id}/integrity") == only("ravi", "sunita", "kabir", imran=404)


@pytest.mark.parametrize(
    ("action", "mine"),
    [("verify", "ravi"), ("return", "ravi"), ("withdraw", "meena")],
)
def test_a_step_on_a_submitted_case_is_refused_to_everyone_whose_it_is_not(visit, action, mine):
    case = case_in("submitted")
    clear(case)

    for key in CAST:
        if key == mine:
            continue
        answer = visit(key).post(f"/nominations/{case.id}/{action}", {"state": "submitted", "remark": "x"})
        assert (key, answer.status_code) == (key, 404 if key in ("imran", "farah") else 403)
    assert Nomination.get_by_id(case.id).state == "submitted"
    assert (
        visit(mine).post(f"/nominations/{case.id}/{action}", {"state": "submitted", "remark": "x"}).status_code == 302
    )


def test_a_step_without_the_forms_token_is_refused(visit):
    case = case_in("submitted")
    ravi = visit("ravi")

    answer = ravi.client.post(f"/nominations/{case.id}/return", data={"state": "submitted", "remark": "x"})

    assert (answer.status_code, Nomination.get_by_id(case.id).state) == (400, "submitted")


def test_an_action_that_no_workflow_knows_is_not_there(visit):
    case = case_in("submitted")
    ravi = visit("ravi")

    answers = [
        ravi.post(f"/nominations/{case.id}/{name}", {"state": "submitted"}) for name in ("award", "delete", "start")
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_the_buttons_on_a_case_are_exactly_the_steps_that_are_open(visit):
    draft = case_in("draft")
    bring(Nomination.get_by_id(draft.id), ("submit", "meena"), *SELECTED)

    for key in CAST[1:]:
        for case in queries.nominations_for(actor(key)):
            page = visit(key).get(f"/nominations/{case.id}").text
            drawn = set(re.findall(rf"formaction=\"/nominations/{case.id}/(\w+)\"", page))
            drawn |= set(re.findall(rf"class=\"button\"[^>]*href=\"/nominations/{case.id}/(\w+)\"", page))
            drawn |= {"award"} if "/awards/orders/new?cycle=" in page else set()
            steps = {step.action for step in open_steps(NOMINATION, case, by=actor(key))}
            assert (key, case.state, drawn - {"edit", "integrity"}) == (key, case.state, steps)


# The list


def test_what_waits_for_a_person_stands_first(visit):
    waiting = [case.id for case in queries.pending_with(actor("ravi"))]

    page = visit("ravi", language="en").get("/nominations")

    assert ids_in(page.text) == waiting == [case_in("submitted").id]
    assert "Waiting for you 1" in words_of(page)


def ids_in(page: str) -> list[int]:
    return [int(found) for found in re.findall(r"href=\"/nominations/(\d+)\"", page)]


def test_gad_narrows_the_list_by_cycle_status_and_department(visit):
    sunita = visit("sunita")
    health, submitted = department(HEALTH).id, case_in("submitted").id

    def found(**asked: object) -> list[int]:
        return ids_in(sunita.get("/nominations", query_string={"view": "all", **asked}).text)

    assert len(found()) == 4
    assert found(state="submitted") == [submitted]
    assert sorted(found(department=health)) == sorted([submitted, case_in("draft").id])
    assert found(department=health, state="awarded") == []
    assert found(cycle=cycle().id + 1) == []
    assert len(found(cycle="x", department="9" * 30, state="nonsense", page="-1")) == 4


def test_a_head_sees_the_open_cycle_with_the_places_that_are_left(visit):
    page = visit("meena", language="en").get("/nominations")

    assert "Places used 2 of 4" in words_of(page)
    assert "2 places left." in words_of(page)
    assert f"/nominations/cycles/{cycle().id}/candidates?department={department(HEALTH).id}" in page.text
    assert "Places used" not in words_of(visit("sunita", language="en").get("/nominations"))


def test_the_list_asks_the_database_as_often_for_many_cases_as_for_few(visit, caplog):
    sunita = visit("sunita")
    sunita.get("/nominations?view=all")

    def asked(path: str) -> tuple[int, int]:
        caplog.clear()
        with caplog.at_level("DEBUG", logger="peewee"):
            page = sunita.get(path)
        return len(ids_in(page.text)), sum(record.name == "peewee" for record in caplog.records)

    assert (asked("/nominations?view=all"), asked("/nominations?view=all&state=submitted")) == ((4, 8), (1, 8))


# The officers one may nominate


def test_every_officer_stands_under_the_verdict_and_the_counts_add_up(visit):
    meena = visit("meena", language="en")
    page = f"/nominations/cycles/{cycle().id}/candidates"
    everyone = queries.records_of(department(HEALTH), cycle(), on=today())

    tabs = dict(
        re.findall(r"(All|Eligible|Needs an integrity certificate|Not eligible) (\d+)", words_of(meena.get(page)))
    )

    counted = {verdict: sum(one.verdict is verdict for one in everyone) for verdict in Verdict}
    assert tabs == {
        "All": str(len(everyone)),
        "Eligible": str(counted[Verdict.ELIGIBLE]),
        "Needs an integrity certificate": str(counted[Verdict.NEEDS_CERTIFICATE]),
        "Not eligible": str(counted[Verdict.NOT_ELIGIBLE]),
    }
    assert counted[Verdict.NOT_ELIGIBLE] > 0


def test_an_officer_who_may_not_be_nominated_has_every_reason_and_no_button(visit):
    meena = visit("meena", language="en")
    rows = queries.records_of(department(HEALTH), cycle(), on=today())
    found = next(one for one in rows if [why.code for why in one.reasons] == ["points_short", "integrity_missing"])

    page = meena.get(f"/nominations/cycles/{cycle().id}/candidates?q={found.employee_code}")

    short = f"{found.record.points} points in the sealed months of the period; the scheme asks for 20."
    assert f"Not eligible {short} There is no integrity certificate." in words_of(page)
    assert "/nominations/new" not in page.text


def test_an_officer_is_found_by_name_in_either_script_and_by_code_in_either_digits(visit):
    meena, found = visit("meena"), candidate()
    page = f"/nominations/cycles/{cycle().id}/candidates"
    button = f'/nominations/new?cycle={cycle().id}&amp;officer={found.officer_id}"'
    hindi_digits = found.employee_code.translate(str.maketrans("0123456789", "०१२३४५६७८९"))

    for typed in (found.name_hi, found.name_en.upper(), found.employee_code, hindi_digits):
        assert button in meena.get(page, query_string={"q": typed}).text
    assert button not in meena.get(page, query_string={"q": "कोईनहीं"}).text


def test_a_list_longer_than_a_page_is_turned_page_by_page(visit):
    meena = visit("meena")
    page = f"/nominations/cycles/{cycle().id}/candidates"
    total = len(queries.records_of(department(HEALTH), cycle(), on=today()))

    rows = [meena.get(f"{page}?page={number}").text.count('<th scope="row">') for number in range(1, total // 25 + 3)]

    assert sum(rows) == total
    assert rows[0] == 25
    assert rows[-1] == 0


# The draft


CITATION_HI = "इन्होंने क्षमता निर्माण योजना के सभी पाठ्यक्रम समय पर पूर्ण किए और अपने सहकर्मियों को भी सीखने में सहायता दी।"
CITATION_EN = (
    "Completed every course of the capacity building plan in time and helped the colleagues of the office to learn."
)


def written(**changes: object) -> dict[str, object]:
    typed = {
        "category": cycle().categories.get().id,
        "priority": 3,
        "citation_hi": CITATION_HI,
        "citation_en": CITATION_EN,
    }
    return typed | changes


def test_a_draft_that_is_refused_keeps_everything_that_was_typed(visit):
    meena = visit("meena", language="en")
    page = f"/nominations/new?cycle={cycle().id}&officer={candidate().officer_id}"
    meena.get(page)

    answer = meena.post(page, written(priority=1))

    assert answer.status_code == 422
    assert "Priority 1 is given to another nomination of your department." in words_of(answer)
    assert CITATION_HI in answer.text
    assert CITATION_EN in answer.text
    assert Nomination.select().count() == 4


def test_the_characters_of_a_citation_are_counted_as_a_reader_counts_them(visit):
    meena = visit("meena", language="en")
    page = f"/nominations/new?cycle={cycle().id}&officer={candidate().officer_id}"
    meena.get(page)

    answer = meena.post(page, written(priority=1, citation_hi="क्षमता निर्माण", citation_en="ab cd"))

    assert "Now 9 characters, 2 words." in words_of(answer)
    assert "Now 5 characters, 2 words." in words_of(answer)
    assert "60 to 600 characters and 10 to 120 words." in words_of(answer)


def test_a_form_with_a_forged_category_or_priority_is_refused(visit):
    meena = visit("meena")
    page = f"/nominations/new?cycle={cycle().id}&officer={candidate().officer_id}"
    meena.get(page)

    for forged in ({"category": 999}, {"category": "x"}, {"priority": 0}, {"priority": ""}, {"category": "9" * 40}):
        assert meena.post(page, written(**forged)).status_code == 422
    assert Nomination.select().count() == 4


def test_an_officer_who_is_already_nominated_leads_to_the_case(visit):
    draft = case_in("draft")

    answer = visit("meena").get(f"/nominations/new?cycle={cycle().id}&officer={draft.officer_id}")

    assert answer.headers["Location"] == f"/nominations/{draft.id}"


def test_who_saves_too_late_is_told_so_and_loses_nothing(visit):
    draft, meena = case_in("draft"), visit("meena", language="en")
    page = f"/nominations/{draft.id}/edit"
    meena.get(page)
    first, second = (
        written(priority=2, citation_en="The first tab."),
        written(priority=2, citation_en="The second tab."),
    )
    version = {"version": draft.version}

    assert meena.post(page, first | version).status_code == 302
    late = meena.post(page, second | version)

    assert late.status_code == 409
    assert "Somebody else saved this nomination after you opened it" in words_of(late)
    assert re.search(r"<textarea[^>]*name=\"citation_en\"[^>]*>\s*The second tab\.", late.text)
    assert "The first tab." in words_of(late)
    assert Nomination.get_by_id(draft.id).citation_en == "The first tab."

    again = re.search(r'name="version"[^>]*value="(\d+)"', late.text)[1]
    assert meena.post(page, second | {"version": again}).status_code == 302
    assert Nomination.get_by_id(draft.id).citation_en == "The second tab."


def test_who_edits_what_was_submitted_meanwhile_keeps_the_text_and_changes_nothing(visit):
    draft, meena = case_in("draft"), visit("meena", language="en")
    meena.get(f"/nominations/{draft.id}/edit")
    bring(draft, ("submit", "meena"))

    late = meena.post(f"/nominations/{draft.id}/edit", written(citation_en="Too late.") | {"version": draft.version})

    assert late.status_code == 409
    assert "It is now “Submitted”. Your text was not saved" in words_of(late)
    assert "Too late." in late.text
    assert Nomination.get_by_id(draft.id).citation_en != "Too late."
    assert meena.get(f"/nominations/{draft.id}/edit").status_code == 409


# The road


def test_a_nomination_walks_from_the_list_of_officers_to_the_released_decision(visit):
    meena, ravi, sunita, lakshmi = (visit(key, language="en") for key in ("meena", "ravi", "sunita", "lakshmi"))
    found = candidate()
    new = f"/nominations/new?cycle={cycle().id}&officer={found.officer_id}"
    assert (
        new.replace("&", "&amp;")
        in meena.get(f"/nominations/cycles/{cycle().id}/candidates?q={found.employee_code}").text
    )

    meena.get(new)
    case = meena.post(new, written(citation_en="Too short.")).headers["Location"]
    assert "The English citation has 10 characters; it needs at least 60." in words_of(meena.get(case))
    refused = meena.post(f"{case}/submit", {"state": "draft"})
    assert refused.status_code == 422
    assert "The English citation has 10 characters; it needs at least 60." in words_of(refused)
    meena.get(f"{case}/edit")
    assert meena.post(f"{case}/edit", written() | {"version": 1}).headers["Location"] == case
    assert meena.post(f"{case}/submit", {"state": "draft"}).headers["Location"] == case

    refused = ravi.post(f"{case}/verify", {"state": "submitted", "remark": "Checked."}) if ravi.get(case) else None
    assert refused.status_code == 422
    assert "There is no integrity certificate." in words_of(refused)
    assert "Checked." in refused.text
    entered = ravi.post(
        f"{case}/integrity",
        {"answer": "clear", "reference": "VIG/7", "given_on": "2026-01-05", "valid_until": "2099-12-31"},
    )
    assert entered.headers["Location"] == case
    assert ravi.post(f"{case}/verify", {"state": "submitted"}).headers["Location"] == case
    sunita.get(case)
    assert sunita.post(f"{case}/select", {"state": "verified"}).headers["Location"] == case
    assert "Release this decision?" in words_of(lakshmi.get(f"{case}/release"))
    assert lakshmi.post(f"{case}/release", {"state": "selected"}).headers["Location"] == case

    page = words_of(meena.get(case))
    assert Nomination.get_by_id(int(case.rpartition("/")[2])).state == "released"
    assert "Decision released" in page
    assert "Lakshmi Chandrakar" in page


def test_an_integrity_certificate_that_is_refused_keeps_what_was_typed(visit):
    case, ravi = case_in("submitted"), visit("ravi", language="en")
    page = f"/nominations/{case.id}/integrity"
    ravi.get(page)

    empty = ravi.post(page, {})
    wrong = ravi.post(
        page, {"answer": "clear", "reference": "VIG/8", "given_on": "2099-01-05", "valid_until": "2098-01-05"}
    )

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert words_of(empty).count("Fill in this field.") >= 4
    assert "The integrity certificate cannot be dated after today." in words_of(wrong)
    assert 'value="VIG/8"' in wrong.text
    assert IntegrityCertificate.select().where(IntegrityCertificate.officer == case.officer).count() == 0


def test_a_return_without_a_remark_is_asked_for_one(visit):
    case, ravi = case_in("submitted"), visit("ravi", language="en")
    ravi.get(f"/nominations/{case.id}")

    answer = ravi.post(f"/nominations/{case.id}/return", {"state": "submitted", "remark": "  "})

    assert answer.status_code == 422
    assert "Write a remark" in words_of(answer)
    assert Nomination.get_by_id(case.id).state == "submitted"


def test_a_returned_nomination_shows_the_head_why(visit):
    case, meena, ravi = case_in("submitted"), visit("meena", language="en"), visit("ravi")
    ravi.get(f"/nominations/{case.id}")
    ravi.post(f"/nominations/{case.id}/return", {"state": "submitted", "remark": "संख्या भी लिखें।"})

    page = words_of(meena.get(f"/nominations/{case.id}"))

    assert "Returned for correction संख्या भी लिखें।" in page
    assert meena.get(f"/nominations/{case.id}/edit").status_code == 200


def test_what_cannot_be_undone_is_asked_once_more_and_done_only_then(visit):
    case, meena = case_in("draft"), visit("meena", language="en")

    asked = meena.get(f"/nominations/{case.id}/withdraw")

    assert "It ends here and cannot be taken up again." in words_of(asked)
    assert Nomination.get_by_id(case.id).state == "draft"
    assert meena.post(f"/nominations/{case.id}/withdraw", {"state": "draft"}).status_code == 302
    assert Nomination.get_by_id(case.id).state == "withdrawn"


def test_a_rejection_needs_its_reason_on_the_page_that_asks_once_more(visit):
    case, sunita = bring(case_in("submitted"), VERIFIED), visit("sunita", language="en")
    sunita.get(f"/nominations/{case.id}/reject")

    refused = sunita.post(f"/nominations/{case.id}/reject", {"state": "verified"})

    assert refused.status_code == 422
    assert "Reject this nomination?" in words_of(refused)
    assert "Write a remark" in words_of(refused)


MOVED = {
    "hi": "किसी अन्य ने पहले ही कार्रवाई कर दी है: यह प्रकरण अब “सत्यापित” स्थिति में है।",
    "en": "Somebody else acted first: this case is now “Verified”.",
}


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_second_tab_that_acts_late_is_told_so_and_keeps_its_remark(visit, language):
    case, ravi = case_in("submitted"), visit("ravi", language=language)
    clear(case)
    ravi.get(f"/nominations/{case.id}")
    assert ravi.post(f"/nominations/{case.id}/verify", {"state": "submitted"}).status_code == 302

    late = ravi.post(f"/nominations/{case.id}/return", {"state": "submitted", "remark": "Sums are missing."})

    assert late.status_code == 409
    assert MOVED[language] in words_of(late)
    assert "Sums are missing." in words_of(late)
    assert f'href="/nominations/{case.id}"' in late.text
    assert Nomination.get_by_id(case.id).state == "verified"


def test_a_page_that_does_not_say_which_status_it_showed_changes_nothing(visit):
    case, ravi = case_in("submitted"), visit("ravi")
    clear(case)
    ravi.get(f"/nominations/{case.id}")

    assert ravi.post(f"/nominations/{case.id}/verify").status_code == 409
    assert Nomination.get_by_id(case.id).state == "submitted"


# What nobody outside may know before the release


@pytest.mark.parametrize("key", ["meena", "ravi"])
def test_before_the_release_nothing_on_any_page_tells_that_a_nomination_was_selected(visit, key):
    case, visitor = bring(case_in("submitted"), VERIFIED), visit(key)

    before = everything_seen(visitor, case)
    service.act(case, "select", by=actor("sunita"))
    after = everything_seen(visitor, case)

    assert after == before
    assert Nomination.get_by_id(case.id).state == "selected"


def everything_seen(visitor: Visitor, case: Nomination) -> list[tuple[str, int, str]]:
    """What each page and each attempt says, one after the other; none of the attempts may succeed."""
    paths = [f"/nominations/{case.id}", *(f"/nominations?view={view}" for view in ("all", "waiting"))]
    paths += [f"/nominations?view=all&state={state}" for state in ("verified", "selected", "released")]
    paths += [f"/nominations/cycles/{case.cycle_id}/candidates?q={case.officer.employee_code}", "/", "/awards"]
    paths += [f"/nominations/{case.id}/{action}" for action in ("edit", "withdraw", "reject", "release")]
    seen = [(path, visitor.get(path)) for path in paths]
    for action in ("submit", "verify", "return", "select", "reject", "release", "award", "withdraw"):
        for state in ("verified", "selected"):
            path = f"/nominations/{case.id}/{action}"
            seen.append((f"{path} {state}", visitor.post(path, {"state": state, "remark": "x"})))
    edit = f"/nominations/{case.id}/edit"
    seen.append((edit, visitor.post(edit, written() | {"version": case.version})))
    return [(path, answer.status_code, words_of(answer)) for path, answer in seen]


def test_gad_and_its_second_person_and_the_auditor_see_the_selection(visit):
    case = bring(case_in("submitted"), *SELECTED)

    for key in ("sunita", "kabir", "lakshmi", "thomas"):
        page = visit(key, language="en").get("/nominations?view=all&state=selected")
        assert ids_in(page.text) == [case.id]


def test_another_department_never_shows(visit):
    mine, farah = case_in("submitted"), visit("farah")
    planted = mine.officer.employee_code

    for path in ("/nominations", "/nominations?view=all", f"/nominations/cycles/{cycle().id}/candidates?q={planted}"):
        assert planted not in words_of(farah.get(path))
    assert department(REVENUE).id != mine.department_id
