"""What people do about points, in a real browser: a dispute to its correction, a hold, and a new version of the policy.

Walked in Hindi on SQLite and in English on PostgreSQL; axe looks at every page on the way.
"""

from collections.abc import Callable
from datetime import date

import pytest

from karmyogi.accounts.models import User
from karmyogi.completions.models import Completion
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer
from karmyogi.trainings.service import enter_session
from tests.journeys.test_from_roster_to_award import CERTIFICATE
from tests.journeys.walker import PHONE, Walker

BOTH = pytest.mark.parametrize(("engine", "language"), [("sqlite", "hi"), ("postgres", "en")], indirect=["engine"])
MONTH = "2026-01"
OPEN_ALL = "document.querySelectorAll('details.explain').forEach(one => one.open = true)"


def asha() -> Officer:
    return User.get(User.login == "asha").officer


def take(walk: Walker, action: str, remark: str = "") -> Walker:
    """Give a reason and press the button of a step."""
    walk.page.fill("textarea[name=remark]", remark)
    button = f'button[formaction$="/{action}"], form[action$="/{action}"] button:not([formaction])'
    walk.page.locator(button).first.click()
    return walk.look()


@pytest.mark.browser
@BOTH
def test_a_dispute_leads_to_a_correction_that_the_officer_and_the_board_show(colleague, language: str):
    walk = colleague(language)

    case = asha_brings_a_certificate_and_disputes_its_line(walk)
    ravi_verifies_it_and_agrees(walk, case)
    gad_upholds(walk, case)
    correction = gad_corrects_the_month(walk)
    the_approver_approves(walk, correction)
    the_board_shows_both(walk)
    asha_reads_both(walk, case)


def asha_brings_a_certificate_and_disputes_its_line(walk: Walker) -> str:
    done = Completion.select().where((Completion.officer == asha()) & (Completion.month == MONTH)).first()
    walk.sign_in("asha").go("/achievements/new")
    walk.page.select_option("select[name=course]", str(done.course_id))
    walk.page.fill("input[name=finished_on]", done.completed_on.isoformat())
    walk.page.set_input_files("input[type=file]", CERTIFICATE)
    walk.press("Submit").waits_for("main .zoom")
    walk.go(f"/me/scores/{MONTH}").page.evaluate(OPEN_ALL)
    walk.press("Dispute this line").look()
    walk.page.select_option("select[name=line]", "certificate")
    walk.page.fill("textarea[name=words]", "जनवरी के पाठ्यक्रम का प्रमाण पत्र नहीं गिना गया।")
    walk.page.select_option("select[name=achievement]", index=1)
    walk.press("Send dispute").look().on(PHONE)
    return walk.page.url.rsplit("/", 1)[1]


def ravi_verifies_it_and_agrees(walk: Walker, case: str) -> None:
    walk.become("ravi").go("/achievements/review").page.locator("main ul.certificates a.button").first.click()
    walk.look().page.fill("textarea[name=remark]", "मूल प्रमाण पत्र देखा गया।")
    walk.press("Verify").look()
    walk.go("/disputes").page.locator(f'main a[href$="/disputes/{case}"]').click()
    take(walk.look(), "agree", "प्रमाण पत्र सही है, देर से मिला।").reads("No dispute waits for you")


def gad_upholds(walk: Walker, case: str) -> None:
    walk.sign_in("sunita").page.locator('main a[href="/disputes"]').first.click()
    walk.look().page.locator(f'main a[href$="/disputes/{case}"]').click()
    take(walk.look(), "uphold", "माह सुधारा जाए।")


def gad_corrects_the_month(walk: Walker) -> str:
    walk.go("/corrections").page.locator(f'main a[href="/months/{MONTH}"]').click()
    walk.look().press("Open a correction").waits_for('.badge[data-state="correction_drafted"]')
    walk.page.locator('main a[href^="/corrections/"]').first.click()
    take(walk.look(), "correction_propose", "आपत्ति स्वीकार की गई।").on(PHONE)
    return walk.page.url.rsplit("/", 1)[1]


def the_approver_approves(walk: Walker, correction: str) -> None:
    walk.sign_in("lakshmi").page.locator('main a[href="/corrections"]').first.click()
    walk.look().page.locator(f'main a[href="/corrections/{correction}"]').first.click()
    take(walk.look(), "correction_approve").waits_for('.badge[data-state="correction_approved"]')


def the_board_shows_both(walk: Walker) -> None:
    walk.go(f"/leaderboards?month={MONTH}&find=00000101").press("As corrected by no. %(number)s", number=1).look().on(
        PHONE
    )
    assert walk.page.locator("thead th").filter(has_text=walk.say("As sealed")).count() == 1


def asha_reads_both(walk: Walker, case: str) -> None:
    walk.become("asha").go(f"/me/scores/{MONTH}")
    assert "→" in walk.page.locator('main .notice[data-tone="info"]').first.inner_text()
    walk.go(f"/disputes/{case}").reads("The dispute was upheld.")
    assert walk.page.locator('main .notice[data-tone="good"]').count() == 1


@pytest.mark.browser
@BOTH
def test_two_people_hold_a_score_and_the_officer_reads_why(colleague, language: str):
    walk, she = colleague(language), asha()
    day = date(2026, 2, 10)
    enter_session(title_hi="कार्यशाला", title_en="Workshop", held_on=day, attended=[she], by=SYSTEM)
    walk.become("sunita").go("/months").page.select_option("#filter-month", "2026-02")
    walk.press("Compute").waits_for('a[href="/months/2026-02"]')

    walk.go(f"/officers/{she.id}").press("Hold a score").look()
    walk.page.select_option("select[name=month]", "2026-02")  # the worker has computed the running month as well
    walk.page.fill("textarea[name=reason]", "उपस्थिति पत्रक की जाँच चल रही है।")
    walk.press("Propose hold").look()
    walk.sign_in("kabir").page.locator('main a[href="/holds"]').first.click()
    walk.look().page.locator('main a[href^="/holds/"]').first.click()
    take(walk.look(), "hold_confirm").on(PHONE)

    walk.sign_in("asha").go("/me").reads("उपस्थिति पत्रक की जाँच चल रही है।")
    walk.page.wait_for_function(  # the worker computes the month once more
        "note => fetch('/me/scores/2026-02').then(answer => answer.text()).then(text => text.includes(note))",
        arg=f'tile-note">{walk.say("Ranking on hold")}<',
        timeout=60_000,
        polling=1000,
    )
    walk.go("/me/scores/2026-02").reads("उपस्थिति पत्रक की जाँच चल रही है।")


@pytest.mark.browser
@BOTH
def test_a_draft_of_the_policy_is_tried_and_published_by_a_second_person(
    colleague: Callable[..., Walker], language: str
):
    walk = colleague(language).sign_in("kabir").go("/score-policy/drafts").press("Draft a version").look()
    page = walk.page
    page.evaluate(OPEN_ALL)
    page.fill('[name="rules-0-cap"]', "6")
    page.fill("[name=order_number]", "F 3-9/2026")
    page.fill("[name=order_on]", "2026-04-01")
    walk.press("Keep draft").look().on(PHONE)
    walk.press("What if: on sealed months").look().press("Try").waits_for("main figure svg")
    walk.press("Draft %(number)s", within=".crumbs", number=1).press("Submit to the approver").look()

    walk.sign_in("lakshmi").page.locator('main a[href="/score-policy/drafts"]').first.click()
    walk.look().page.locator('main a[href="/score-policy/drafts/1"]').click()
    walk.look().press("See what publishing does").look().press("Publish as version %(number)s", number=2)

    assert walk.look().page.locator("#version-2").count() == 1
