"""Pages of awards: what was given and to whom it shows, the way to an order, the papers, and the way back."""

import hashlib
import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from karmyogi.accounts import service as accounts
from karmyogi.awards import service
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import today
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.demo.cast import HEALTH, REVENUE
from karmyogi.demo.story import actor
from karmyogi.nominations import service as nominations
from karmyogi.nominations.forms import said
from karmyogi.nominations.models import Cycle, IntegrityCertificate, Nomination
from karmyogi.nominations.rules import IntegrityAnswer
from karmyogi.people.models import Designation, Honour, OrgUnit
from karmyogi.people.rules import Names
from karmyogi.people.service import request_name
from karmyogi.store.files import open_files
from tests import worlds
from tests.visitors import Visitor, words_of

CAST = ("asha", "ravi", "meena", "imran", "farah", "sunita", "kabir", "lakshmi", "thomas")
Visit = Callable[..., Visitor]


def cycle() -> Cycle:
    return Cycle.get()


def statuses(visit: Visit, path: str) -> dict[str, int]:
    return {key: visit(key).get(path).status_code for key in CAST}


def only(*keys: str, else_: int = 403, **others: int) -> dict[str, int]:
    return {key: others.get(key, 200 if key in keys else else_) for key in CAST}


def awardee(visit: Visit, award: Award, *, language: str = "en") -> Visitor:
    """The browser of the one who was given the award."""
    login = f"holder-{award.id}"
    accounts.create_user(login, by=SYSTEM, officer=award.officer, is_demo=True)
    return visit(login, language=language)


def released(name: str = HEALTH, *, priority: int = 3) -> Nomination:
    """The waiting nomination of Health, carried to the released decision by the proper hands."""
    department = OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == name))
    case = Nomination.get((Nomination.department == department) & (Nomination.state == "submitted"))
    clear(case)
    for action, by in (("verify", "ravi"), ("select", "kabir"), ("release", "lakshmi")):
        case = nominations.act(case, action, by=actor(by))
    return case


def clear(case: Nomination, answer: IntegrityAnswer = IntegrityAnswer.CLEAR) -> None:
    nominations.enter_integrity(
        case.officer,
        answer=answer,
        reference="VIG/9",
        given_on=today(),
        valid_until=today().replace(year=today().year + 1),
        by=actor("ravi"),
    )


def order_of(*cases: Nomination, **changes: object) -> dict[str, object]:
    typed = {
        "nominations": [case.id for case in cases],
        "ordered_on": today().isoformat(),
        "file_number": "F-17",
        "signatory_hi": "अनिता वर्मा\nअवर सचिव",
        "signatory_en": "Anita Verma\nUnder Secretary",
        "copy_to_hi": "संबंधित अधिकारी\nगार्ड फाइल",
        "copy_to_en": "The officer concerned\nGuard file",
    }
    return typed | changes


# Who may open what


def test_the_list_of_awards_opens_for_everyone_who_may_read_awards(visit):
    assert statuses(visit, "/awards") == only(*CAST)
    assert visit().get("/awards").headers["Location"] == "/login?next=/awards"
    assert visit("gopal").get("/awards").status_code == 200  # an employee like others: his own awards
    assert words_of(visit("gopal", language="en").get("/awards")).count("GAD/KMY") == 0


@pytest.mark.parametrize("page", ["", "/certificate", "/picture"])
def test_an_award_exists_only_for_its_department_its_holder_and_the_state(visit, page):
    award = Award.select().first()

    assert statuses(visit, f"/awards/{award.id}{page}") == only(
        "imran", "farah", "sunita", "kabir", "lakshmi", "thomas", else_=404
    )
    assert awardee(visit, award).get(f"/awards/{award.id}{page}").status_code == 200
    assert visit("sunita").get(f"/awards/99999999999999999999{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "/pdf"])
def test_an_order_exists_for_those_who_may_see_one_of_its_awards(visit, page):
    order = AwardOrder.get()

    assert statuses(visit, f"/awards/orders/{order.id}{page}") == only(
        "imran", "farah", "sunita", "kabir", "lakshmi", "thomas", else_=404
    )


def test_only_gad_prepares_orders(visit):
    case = released()

    assert statuses(visit, f"/awards/orders/new?cycle={cycle().id}") == only("sunita", "kabir")
    for key in CAST:
        if key not in ("sunita", "kabir"):
            for path in ("/awards/orders", "/awards/orders/preview", "/awards/orders/new"):
                assert visit(key).post(f"{path}?cycle={cycle().id}", order_of(case)).status_code == 403
    assert Award.select().count() == 2


def test_only_the_approver_revokes(visit):
    award = Award.select().first()

    assert statuses(visit, f"/awards/{award.id}/revoke") == only("lakshmi")
    for key in CAST:
        if key != "lakshmi":
            reasons = {"state": "given", "reason_hi": "कारण", "reason_en": "Reason"}
            assert visit(key).post(f"/awards/{award.id}/revoke", reasons).status_code == 403
    assert Award.get_by_id(award.id).state == "given"


def test_an_employee_sees_own_awards_and_nobody_elses(visit):
    mine, other = Award.select().order_by(Award.id)

    holder = awardee(visit, mine)
    page = holder.get("/awards")

    assert mine.number in words_of(page)
    assert other.number not in page.text
    assert holder.get(f"/awards/{other.id}").status_code == 404
    assert f'src="/awards/{mine.id}/picture"' in page.text


# The papers


def test_the_certificate_comes_as_a_file_named_after_its_number_and_holder(visit):
    award = Award.select().first()

    paper = visit("sunita").get(f"/awards/{award.id}/certificate")

    assert hashlib.sha256(paper.data).hexdigest() == award.document.pdf_sha256
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.headers["Cache-Control"] == "private, no-cache"
    assert paper.headers["X-Content-Type-Options"] == "nosniff"
    assert paper.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    disposition = paper.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    name = unquote(re.search(r"filename\*=UTF-8''([^;]+)", disposition)[1])
    assert name == f"{award.number.replace('/', '-')} {award.officer.name_hi}.pdf"
    assert 'filename="GAD-KMY-' in disposition


def test_the_picture_is_private_small_in_pages_and_whole_to_keep(visit):
    award, sunita = Award.select().first(), visit("sunita")

    shown = sunita.get(f"/awards/{award.id}/picture")
    whole = sunita.get(f"/awards/{award.id}/picture?size=full")
    again = sunita.get(f"/awards/{award.id}/picture", headers={"If-None-Match": shown.headers["ETag"]})

    assert shown.headers["Content-Type"] == "image/webp"
    assert "attachment" not in shown.headers.get("Content-Disposition", "")
    assert len(shown.data) < 150_000
    assert hashlib.sha256(whole.data).hexdigest() == Award.get_by_id(award.id).document.picture_sha256
    assert whole.headers["Content-Type"] == "image/png"
    assert whole.headers["Content-Disposition"].startswith("attachment; ")
    assert (again.status_code, again.data) == (304, b"")
    for picture in (shown, whole, again):
        assert picture.headers["Cache-Control"] == "private, no-cache"
        assert picture.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_order_as_a_file_is_the_one_that_was_issued(visit):
    order = AwardOrder.get()

    paper = visit("farah").get(f"/awards/orders/{order.id}/pdf")

    assert hashlib.sha256(paper.data).hexdigest() == order.document.pdf_sha256


def test_the_page_of_an_order_names_everyone_in_it_with_masked_codes(visit):
    order = AwardOrder.get()

    page = visit("imran", language="en").get(f"/awards/orders/{order.id}")

    for award in order.awards:
        assert award.officer.name_en in words_of(page)
        assert award.officer.employee_code not in page.text
        assert f"XXXX{award.officer.employee_code[-4:]}" in words_of(page)


# The way to an order


def test_a_released_nomination_waits_for_its_order_and_the_order_gives_the_award(visit):
    case, sunita = released(), visit("sunita", language="en")
    name = case.officer.name_en

    waiting = sunita.get("/awards")
    assert "Awaiting an order 1" in words_of(waiting)
    assert name in words_of(waiting)
    form = sunita.get(f"/awards/orders/new?cycle={cycle().id}")
    assert "All heads of department, Chhattisgarh" in words_of(form)  # as in the order before
    shown = sunita.post(f"/awards/orders/preview?cycle={cycle().id}", order_of(case))
    assert shown.status_code == 200
    assert "The order as it would be" in words_of(shown)
    assert "GAD/KMY/" in words_of(shown)
    assert Award.select().count() == 2
    issued = sunita.post(f"/awards/orders?cycle={cycle().id}", order_of(case))
    page = sunita.get(issued.headers["Location"])

    award = Award.get(Award.nomination == case)
    assert name in words_of(page)
    assert (award.order.file_number, award.order.issued_by) == ("F-17", actor("sunita").user_id)
    assert award.order.copy_to == [["संबंधित अधिकारी", "The officer concerned"], ["गार्ड फाइल", "Guard file"]]
    assert Nomination.get_by_id(case.id).state == "awarded"
    assert "No nomination awaits an order" in words_of(sunita.get("/awards?view=awaiting"))


def test_the_preview_warns_of_a_name_that_may_still_change_and_does_not_bar_the_order(visit, app):
    case, sunita = released(), visit("sunita", language="en")
    calm = sunita.post(f"/awards/orders/preview?cycle={cycle().id}", order_of(case))
    officer = case.officer
    asking = Actor(None, "holder", officer.id, (Grant(Role.EMPLOYEE),))
    request_name(officer, Names(f"{officer.name_hi} देवी", officer.name_en), why="आदेश", by=asking)

    warned = sunita.post(f"/awards/orders/preview?cycle={cycle().id}", order_of(case))

    assert "Names that may still change" not in words_of(calm)
    assert "Names that may still change" in words_of(warned)
    assert "Issue order" in words_of(warned)


def test_the_preview_says_everything_that_issuing_would_refuse(visit, app):
    case, kabir = released(), visit("kabir", language="en")
    Designation.update(name_hi="").where(Designation.id == case.officer.designation_id).execute()
    clear(case, IntegrityAnswer.NOT_CLEAR)
    asked = order_of(case, ordered_on="2026-01-05", copy_to_en="Only one line")

    shown = kabir.post(f"/awards/orders/preview?cycle={cycle().id}", asked)

    with pytest.raises(RuleBroken) as refused:
        service.issue_order(
            cycle(),
            [case],
            ordered_on=today().replace(2026, 1, 5),
            wording=service.wording_for(
                cycle(), signatory=("अ", "A"), copy_to=[("संबंधित अधिकारी", "Only one line"), ("गार्ड फाइल", "")]
            ),
            issuer=service.issuer_of(app.extensions["karmyogi"].profile, base_url="http://localhost"),
            files=open_files(worlds.media_of("told")),
            by=actor("kabir"),
        )
    codes = [why.code for why in refused.value.reasons]
    assert sorted(codes) == sorted(
        [
            "copy_to_missing",
            "order_blocked_for",
            "order_before_release",
            "integrity_not_clear",
            "awardee_designation_hi_missing",
        ]
    )
    with app.test_request_context("/"):
        from flask import session

        session["lang"] = "en"
        sentences = [said(why) for why in refused.value.reasons if why.code != "order_blocked_for"]
    assert shown.status_code == 200
    assert all(sentence in words_of(shown) for sentence in sentences)
    assert "This order cannot be issued yet" in words_of(shown)
    assert "Issue order" not in words_of(shown)
    assert case.officer.name_en in words_of(shown)


def test_an_order_that_is_refused_after_all_is_shown_with_the_reasons_and_gives_nothing(visit):
    case, sunita = released(), visit("sunita", language="en")
    sunita.get(f"/awards/orders/new?cycle={cycle().id}")
    clear(case, IntegrityAnswer.NOT_CLEAR)

    answer = sunita.post(f"/awards/orders?cycle={cycle().id}", order_of(case))

    assert answer.status_code == 422
    assert "is not clear" in words_of(answer)
    assert AwardOrder.select().count() == 1


def test_a_form_that_lacks_something_keeps_what_was_typed(visit):
    case, sunita = released(), visit("sunita", language="en")
    sunita.get(f"/awards/orders/new?cycle={cycle().id}")

    answer = sunita.post(f"/awards/orders/preview?cycle={cycle().id}", order_of(signatory_hi="", file_number="F-99"))

    assert answer.status_code == 422
    assert words_of(answer).count("Fill in this field.") >= 2
    assert 'value="F-99"' in answer.text
    assert "The officer concerned" in answer.text
    assert case.officer.name_en in words_of(answer)


def test_from_the_preview_the_form_comes_back_as_it_was(visit):
    case, sunita = released(), visit("sunita", language="en")
    sunita.get(f"/awards/orders/new?cycle={cycle().id}")

    form = sunita.post(f"/awards/orders/new?cycle={cycle().id}", order_of(case, file_number="F-42"))

    assert form.status_code == 200
    assert 'value="F-42"' in form.text
    assert re.search(rf'<input checked[^>]*value="{case.id}"', form.text)


MOVED = {
    "hi": "किसी अन्य ने पहले ही कार्रवाई कर दी है: यह प्रकरण अब “पुरस्कृत” स्थिति में है।",
    "en": "Somebody else acted first: this case is now “Awarded”.",
}


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_second_tab_that_issues_late_gives_nothing_and_says_so(visit, language):
    case, sunita = released(), visit("sunita", language=language)
    sunita.get(f"/awards/orders/new?cycle={cycle().id}")
    assert sunita.post(f"/awards/orders?cycle={cycle().id}", order_of(case)).status_code == 302

    late = [sunita.post(f"/awards/orders{step}?cycle={cycle().id}", order_of(case)) for step in ("", "/preview")]

    assert [answer.status_code for answer in late] == [409, 409]
    assert all(MOVED[language] in words_of(answer) for answer in late)
    assert AwardOrder.select().count() == 2


def test_a_nomination_of_no_released_list_cannot_be_smuggled_into_an_order(visit):
    released()
    draft = Nomination.get(Nomination.state == "draft")
    sunita = visit("sunita")
    sunita.get(f"/awards/orders/new?cycle={cycle().id}")

    answers = [
        sunita.post(f"/awards/orders?cycle={cycle().id}", order_of() | {"nominations": [wanted]})
        for wanted in (draft.id, 999_999, "x")
    ]

    assert [answer.status_code for answer in answers] == [409, 404, 404]
    assert AwardOrder.select().count() == 1


def test_the_hand_that_released_does_not_order(visit):
    assert visit("lakshmi").get(f"/awards/orders/new?cycle={cycle().id}").status_code == 403


# Revoking


def test_a_revocation_needs_its_reason_in_both_languages_and_keeps_what_was_typed(visit):
    award, lakshmi = Award.select().first(), visit("lakshmi", language="en")
    lakshmi.get(f"/awards/{award.id}/revoke")

    refused = lakshmi.post(f"/awards/{award.id}/revoke", {"state": "given", "reason_hi": "प्रकरण लंबित था।"})

    assert refused.status_code == 422
    assert "Fill in this field." in words_of(refused)
    assert "प्रकरण लंबित था।" in refused.text
    assert Award.get_by_id(award.id).state == "given"


def test_a_revoked_award_says_so_with_day_and_reason_and_no_longer_bars_or_honours(visit):
    award, lakshmi = Award.select().first(), visit("lakshmi", language="en")
    asked = lakshmi.get(f"/awards/{award.id}/revoke")
    assert "Nothing is deleted, and nothing brings the award back." in words_of(asked)

    reasons = {"state": "given", "reason_hi": "प्रकरण लंबित था।", "reason_en": "A case was pending."}
    done = lakshmi.post(f"/awards/{award.id}/revoke", reasons)

    assert done.headers["Location"] == f"/awards/{award.id}"
    page = words_of(lakshmi.get(f"/awards/{award.id}"))
    assert "A case was pending. प्रकरण लंबित था।" in page
    assert Honour.get(Honour.award_id == award.id).withdrawn_on == today()
    assert lakshmi.get(f"/awards/{award.id}/revoke").status_code == 409


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_second_tab_that_revokes_late_is_told_so(visit, language):
    award, lakshmi = Award.select().first(), visit("lakshmi", language=language)
    reasons = {"state": "given", "reason_hi": "प्रकरण लंबित था।", "reason_en": "A case was pending."}
    lakshmi.get(f"/awards/{award.id}/revoke")
    lakshmi.post(f"/awards/{award.id}/revoke", reasons)

    late = lakshmi.post(f"/awards/{award.id}/revoke", reasons | {"reason_en": "Another reason."})

    assert late.status_code == 409
    assert ("निरस्त" if language == "hi" else "Revoked") in words_of(late)
    assert Award.get_by_id(award.id).reason_en == "A case was pending."


# The lists


def test_awards_are_found_by_name_code_number_and_status(visit):
    one, other = Award.select().order_by(Award.id)
    farah = visit("farah", language="en")

    def found(**asked: str) -> list[int]:
        page = farah.get("/awards", query_string={"view": "awards", **asked}).text
        return sorted(int(number) for number in re.findall(r'href="/awards/(\d+)"', page))

    assert found() == [one.id, other.id]
    assert found(q=one.officer.name_hi) == [one.id]
    assert found(q=other.officer.employee_code) == [other.id]
    assert found(q=one.number) == [one.id]
    assert found(q="100%") == []
    assert found(state="revoked") == []
    assert found(page="2") == []


def test_the_orders_list_holds_only_orders_within_reach(visit):
    number = AwardOrder.get().number

    assert number in words_of(visit("farah").get("/awards?view=orders"))
    assert number not in visit("meena").get("/awards?view=orders").text
    assert number not in visit("asha").get("/awards?view=orders").text
    assert REVENUE != HEALTH
    assert IntegrityCertificate.select().count() == 2
