"""The whole road in a real browser: files in, months sealed, a nomination, an award that anyone can verify.

Walked in Hindi on SQLite and in English on PostgreSQL; axe looks at every page on the way.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from karmyogi.core.months import Month, months_between
from karmyogi.core.profile import load_profile
from karmyogi.demo.writer import write_state
from tests.journeys.walker import Walker
from tests.worlds import DATA, SAMPLE, TOWN

MONTHS = [str(month) for month in months_between(Month(2025, 4), Month(2026, 1))]
CERTIFICATE = DATA.parent / "certificates" / "mobile00.png"
HINDI = "इन्होंने मिशन कर्मयोगी के अंतर्गत सभी पाठ्यक्रम समय पर पूर्ण किए और कार्यालय के सहकर्मियों को भी सीखने में सहायता दी।"
ENGLISH = (
    "Completed every course of the plan in time and helped the colleagues of the office to learn as well, every week."
)


@pytest.mark.browser
@pytest.mark.parametrize(("engine", "language"), [("sqlite", "hi"), ("postgres", "en")], indirect=["engine"])
def test_the_road_from_a_roster_to_an_award_that_anyone_can_verify(
    walker: Callable[[str], Walker], language: str, tmp_path: Path
):
    walk = walker(language)
    town = write_state(tmp_path, **TOWN, profile=load_profile("chhattisgarh"))

    gad_sees_the_state(walk)
    gad_imports(walk, [DATA / name for name in SAMPLE] + [path for kind, path in town.items() if kind != "roster"])
    gad_and_the_approver_seal_the_months(walk)
    leaderboards_are_read(walk)
    an_employee_reads_her_page_and_submits_a_certificate(walk)
    case = a_head_nominates(walk)
    the_nomination_goes_from_hand_to_hand(walk, case)
    code = gad_issues_the_award(walk)
    anyone_verifies_it(walk, code, "valid")
    the_approver_revokes_it(walk)
    anyone_verifies_it(walk, code, "revoked")
    an_auditor_reads_everything(walk, case)


def gad_sees_the_state(walk: Walker) -> None:
    walk.sign_in("sunita").go("/admin/").go("/admin/units/?search=Raipur").go("/admin/officers/").go("/score-policy")


def gad_imports(walk: Walker, paths: list[Path]) -> None:
    for path in paths:
        walk.go("/imports/")
        walk.page.set_input_files("input[type=file]", path)
        if "roster" in path.name:
            walk.page.locator("main input[type=checkbox]").check()
        walk.press("Check the files").waits_for('form[action$="/apply"]').reads("Nothing has been written yet")
        walk.press("Apply import").waits_for('.badge[data-state="applied"]')
    walk.go("/imports/")


def gad_and_the_approver_seal_the_months(walk: Walker) -> None:
    for month in MONTHS:
        walk.page.goto(f"{walk.base}/months")
        walk.page.select_option("#filter-month", month)
        walk.press("Compute")
    walk.page.goto(f"{walk.base}/months")
    walk.page.wait_for_function(
        "months => months.every(m => document.querySelector(`a[href='/months/${m}']`)) "
        "|| (setTimeout(() => location.reload(), 1500), false)",
        arg=MONTHS,
        timeout=120_000,
        polling=3000,
    )
    walk.look()
    for month in MONTHS:  # proposed and sealed one after the other: months are sealed in order
        walk.page.goto(f"{walk.base}/months/{month}")
        walk.page.locator('form[action$="/propose"] button').click()
        walk.waits_for('.badge[data-state="proposed"]')
        walk.sign_in("lakshmi") if month == MONTHS[0] else walk.become("lakshmi")
        walk.page.goto(f"{walk.base}/months/{month}")
        walk.page.locator('form[action$="/seal"] button').click()
        walk.waits_for('.badge[data-state="sealed"]')
        walk.become("sunita")
    walk.go("/months").reads("Sealed")


def leaderboards_are_read(walk: Walker) -> None:
    walk.go("/leaderboards").go("/leaderboards?month=2025-12").go("/leaderboards?class=III")
    walk.sign_in("meena").go("/leaderboards")
    walk.sign_in("devendra").go("/leaderboards")


def an_employee_reads_her_page_and_submits_a_certificate(walk: Walker) -> None:
    walk.sign_in("asha").go("/me").go("/me/scores/2025-12").go("/achievements/new")
    walk.page.select_option("select[name=course]", index=1)
    walk.page.fill("input[name=finished_on]", "2025-12-01")
    walk.page.set_input_files("input[type=file]", CERTIFICATE)
    walk.press("Submit").waits_for("main .zoom")  # a script sends the file, then goes on
    walk.go("/me")
    walk.sign_in("ravi").go("/achievements/review")


def a_head_nominates(walk: Walker) -> str:
    walk.sign_in("meena").go("/nominations").press("Choose officers").look()
    walk.page.locator('main a[href*="/nominations/new"]').first.click()
    walk.look()
    walk.page.fill("textarea[name=citation_hi]", "बहुत छोटा")
    walk.page.fill("textarea[name=citation_en]", ENGLISH)
    walk.press("Save draft").look()
    case = walk.page.url.rsplit("/", 1)[1]
    walk.page.goto(f"{walk.base}/nominations/{case}/edit")
    walk.page.fill("textarea[name=citation_hi]", HINDI)
    walk.press("Save draft").look()
    walk.page.locator(f'button[formaction$="/nominations/{case}/submit"]').click()
    walk.waits_for('.badge[data-state="submitted"]')
    return case


def the_nomination_goes_from_hand_to_hand(walk: Walker, case: str) -> None:
    walk.sign_in("ravi").go(f"/nominations/{case}").go(f"/nominations/{case}/integrity")
    walk.page.locator("input[type=radio][value=clear]").check()
    walk.page.fill("input[name=reference]", "VIG/17/2026")
    walk.page.fill("input[name=given_on]", "2026-03-02")
    walk.page.fill("input[name=valid_until]", "2030-03-31")
    walk.press("Enter certificate").look()
    late_tab = walk.page.context.new_page()
    late_tab.goto(f"{walk.base}/nominations/{case}")
    _take(walk, case, "verify")
    answer = late_tab.evaluate(
        "async () => { const button = document.querySelector('button[formaction$=\"/verify\"]');"
        " const body = new URLSearchParams(new FormData(button.form));"
        " return (await fetch(button.formAction, {method: 'POST', body})).status }"
    )
    assert answer == 409
    late_tab.close()
    walk.complaints.clear()
    walk.sign_in("sunita").go(f"/nominations/{case}")
    _take(walk, case, "select")
    walk.sign_in("lakshmi").go(f"/nominations/{case}").go(f"/nominations/{case}/release")
    walk.press("Yes, release").look()


def _take(walk: Walker, case: str, action: str) -> None:
    walk.page.locator(f'button[formaction$="/nominations/{case}/{action}"]').click()
    walk.look()


def gad_issues_the_award(walk: Walker) -> str:
    walk.sign_in("sunita").go("/awards").press("Prepare order").look()
    for box in walk.page.locator("input[name=nominations]").all():
        box.check()
    for field, text in (
        ("signatory_hi", "सचिव\nसामान्य प्रशासन विभाग"),
        ("signatory_en", "Secretary\nGeneral Administration Department"),
    ):
        walk.page.fill(f"textarea[name={field}]", text)
    walk.press("See order").look().press("Issue order").look()
    order = walk.page.url
    assert walk.page.request.get(f"{order}/pdf").headers["content-type"] == "application/pdf"
    walk.page.locator('main a[href^="/awards/"]:not([href*="orders"])').first.click()
    walk.look()
    return walk.page.locator('main a[href*="/verify/"]').first.get_attribute("href").rsplit("/", 1)[1].split("?")[0]


def anyone_verifies_it(walk: Walker, code: str, state: str) -> None:
    walk.page.context.clear_cookies()
    walk.go(f"/verify/{code}?lang={walk.language}")
    walk.reads({"valid": "This document is genuine and stands", "revoked": "This document was revoked"}[state])
    assert walk.page.context.cookies() == []


def the_approver_revokes_it(walk: Walker) -> None:
    walk.sign_in("lakshmi").go("/awards?view=awards")
    walk.page.locator('main table a[href^="/awards/"]:not([href*="orders"])').first.click()
    walk.look().press("Revoke").look()
    walk.page.fill("textarea[name=reason_hi]", "तथ्यों में त्रुटि पाई गई।")
    walk.page.fill("textarea[name=reason_en]", "The facts were found to be wrong.")
    walk.press("Yes, revoke").waits_for('.badge[data-state="revoked"]')


def an_auditor_reads_everything(walk: Walker, case: str) -> None:
    walk.sign_in("thomas").go("/trail").go("/trail/proof").reads("This proof does not cover everything")
    walk.press("Prove again").waits_for('main section h3 .badge[data-state="ok"]').reads("The chain is whole")
    walk.go(f"/nominations/{case}").go("/awards").go("/imports/").go("/months").go("/leaderboards").go("/admin/trail/")
    assert walk.page.goto(f"{walk.base}/nominations/{case}").status == 200
    assert walk.page.locator('main form[method="post"]').count() == 0
