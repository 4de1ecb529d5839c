"""Pages of drafts: GAD writes, the approver publishes or returns, others look on or stay outside."""

import re
from datetime import UTC, date, datetime
from html import unescape
from itertools import pairwise

import pytest

from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import queries, rules, service
from karmyogi.scores.forms import drafts as forms
from karmyogi.scores.models import Policy, PolicyDraft, PolicyRule
from karmyogi.scores.rules import terms_from
from karmyogi.scores.service.policies import terms_of
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun
from tests.conftest import copy_of
from tests.factories import make_completion, make_course
from tests.scores import board
from tests.scores.board import statuses, those
from tests.visitors import words_of
from tests.web.site import Browser, opened_site

DRAFTS = "/score-policy/drafts"
READERS = {"sunita", "lakshmi", "thomas"}


@pytest.fixture
def site(engine, engines, settings):
    with copy_of("board", engines, engine) as url, opened_site(settings, url, board.cast()) as site:
        yield site


def form_of(page) -> dict[str, str]:
    """What a browser would send if nothing were typed."""
    main = unescape(page.text.partition("<main")[2])
    found = {name: value for name, value in re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', main)}
    for select in re.findall(r"<select.*?</select>", main, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', select) or re.search(r'<option value="([^"]*)"', select)
        found[re.search(r'name="([^"]+)"', select)[1]] = chosen[1]
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", main)
    for box in boxes:
        found.pop(re.search(r'name="([^"]+)"', box)[1], None)
    kinds = [re.search(r'value="([^"]*)"', b)[1] for b in boxes if "checked" in b and 'name="course_kinds"' in b]
    once = {re.search(r'name="([^"]+)"', box)[1]: "y" for box in boxes if "checked" in box and "once" in box}
    return {name: value for name, value in found.items() if name != "csrf_token"} | once | {"course_kinds": kinds}


def begin(who: Browser) -> str:
    """The address of a draft just begun."""
    return who.post(DRAFTS).location.removesuffix("/edit")


def write(who: Browser, address: str, **typed: object) -> None:
    order = {"order_number": "F 1-2/2026", "order_on": str(today())}
    sent = who.post(f"{address}/edit", form_of(who.get(f"{address}/edit")) | order | typed)
    assert (sent.status_code, sent.location) == (302, address)


def submit(who: Browser, address: str) -> None:
    version = form_of(who.get(f"{address}/edit"))["version"]
    assert who.post(f"{address}/submit", {"version": version}).status_code == 302


def test_only_gad_the_approver_and_the_auditor_see_drafts(site):
    address = begin(site.browser("sunita"))

    for path in (DRAFTS, address):
        assert those(statuses(site, path), 200) == READERS
    assert those(statuses(site, f"{address}/edit"), 200) == {"sunita"}


def test_a_draft_kept_as_it_opened_says_what_is_in_force(site):
    sunita = site.browser("sunita")
    address = begin(sunita)
    before = PolicyDraft.get().terms

    sunita.post(f"{address}/edit", form_of(sunita.get(f"{address}/edit")))

    assert PolicyDraft.get().terms == before
    assert "the draft says what version 1 says" in words_of(sunita.get(address))


def test_what_sunita_changes_is_told_beside_what_is_in_force(site):
    sunita = site.browser("sunita")
    address = begin(sunita)
    write(sunita, address, **{"rules-0-points": "७", "rules-0-cap": "", "rules-10-gone": "y", "grace_days": "15"})

    page = words_of(sunita.get(address))

    terms = terms_from(PolicyDraft.get().terms)
    assert (terms.rules[0].points, terms.rules[0].cap, len(terms.rules), terms.grace_days) == (7, None, 10, 15)
    for told in (
        "Course completed: Points each 5 7",
        "Course completed: At most in a month 4 no limit",
        "First enrolment: Rule left out First enrolment · 5 points each · once only –",
        "Days of grace until a month is sealed 10 15",
    ):
        assert told in page


def test_a_rule_is_added_and_put_in_its_place(site):
    sunita = site.browser("sunita")
    address = begin(sunita)
    grown = sunita.post(f"{address}/edit", form_of(sunita.get(f"{address}/edit")) | {"more": "1"})
    new = {
        "code": "teaching",
        "label_hi": "अध्यापन",
        "label_en": "Teaching",
        "counts": "taught",
        "points": "2",
        "place": "0",
    }
    typed = form_of(grown) | {f"rules-11-{name}": value for name, value in new.items()}

    sunita.post(f"{address}/edit", typed)

    rules_now = terms_from(PolicyDraft.get().terms).rules
    assert (rules_now[0].code, rules_now[0].counts, rules_now[0].points, len(rules_now)) == (
        "teaching",
        "taught",
        2,
        12,
    )


CONDITIONS = {
    "effective_from": "2026-01",
    "rules-0-kinds": ["Course"],
    "rules-0-providers": " nic raipur \r\n",
    "rules-0-least_minutes": "३०",
    "rules-0-with_certificate": "y",
    "rules-0-counted_first": "longest",
}
TOLD = (
    "Only content of these types: Course. Only content of these providers: NIC Raipur. Only completions with a "
    "certificate of iGOT. Only content of at least 30 minutes."
)
LONGEST = "Where the monthly limit leaves some out, the longest are counted."


@pytest.fixture
def conditioned(site) -> str:
    """The address of a draft whose first rule has conditions and counts the longest first."""
    with site.app.app_context():
        database.connect(reuse_if_open=True)
        make_course("Noting", provider="NIC Raipur")
    sunita = site.browser("sunita")
    address = begin(sunita)
    write(sunita, address, **CONDITIONS)
    return address


def test_conditions_are_kept_and_told_beside_the_version_in_force_that_has_none(site, conditioned):
    sunita = site.browser("sunita")

    page, form = words_of(sunita.get(conditioned)), sunita.get(f"{conditioned}/edit")

    assert f"Course completed: Conditions no conditions {TOLD}" in page
    assert "Course completed: Counted first The earliest of the month The longest of the month" in page
    rule = terms_from(PolicyDraft.get().terms).rules[0]
    assert rule.conditions == rules.Conditions(("Course",), ("NIC Raipur",), with_certificate=True, least_minutes=30)
    assert ">NIC Raipur</textarea>" in form.text.replace("\r\n", "")
    assert re.search(r'id="rules-0-kinds-\d+"[^>]*checked|checked[^>]*id="rules-0-kinds-\d+"', form.text)


def test_a_provider_that_no_content_names_is_refused_beside_its_rule(site):
    sunita = site.browser("sunita")
    address = begin(sunita)

    answer = sunita.post(f"{address}/edit", form_of(sunita.get(f"{address}/edit")) | {"rules-0-providers": "Nobody"})

    assert (answer.status_code, PolicyDraft.get().version) == (422, 1)
    assert "No content of the provider “Nobody” is known." in words_of(answer)


def test_conditions_are_printed_with_the_version_and_with_the_scores_it_gives_and_are_part_of_its_seal(
    site, conditioned
):
    sunita, asha = site.browser("sunita"), site.browser("asha")
    submit(sunita, conditioned)
    site.browser("lakshmi").post(f"{conditioned}/publish", {"version": "2"})
    with site.app.app_context():
        database.connect(reuse_if_open=True)
        anil, at = Officer.get(Officer.name_hi == "अनिल"), datetime(2026, 1, 12, 6, 30, tzinfo=UTC)
        noting = make_course("Noting", provider="NIC Raipur")
        make_completion(anil, noting, at, has_certificate=True, duration_seconds=1_800)
        service.run_month(Month(2026, 1), by=SYSTEM)
        database.connect(reuse_if_open=True)

    month = words_of(sunita.get(f"/officers/{anil.id}/scores/2026-01"))
    assert f"{TOLD} {LONGEST}" in words_of(asha.get("/score-policy"))
    assert f"{TOLD} {LONGEST}" in month
    assert "Noting – Counted." in month
    assert "Course 0 – Not counted: the rule counts other providers." in month
    [first, second] = [terms_of(policy)["rules"][0] for policy in Policy.select().order_by(Policy.number)]
    assert first.keys() == second.keys() - {"conditions", "counted_first"}
    assert second["conditions"]["providers"] == ["NIC Raipur"]
    assert second["counted_first"] == "longest"


@pytest.mark.parametrize(("language", "sentence"), [("en", "Write a whole number."), ("hi", "पूर्ण संख्या लिखें।")])
def test_what_is_no_number_is_said_with_its_rule_and_nothing_is_lost(site, language, sentence):
    sunita = site.browser("sunita", language=language)
    address = begin(sunita)

    answer = sunita.post(
        f"{address}/edit", form_of(sunita.get(f"{address}/edit")) | {"rules-0-points": "many", "name_en": "Changed"}
    )

    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert 'value="many"' in answer.text
    assert 'value="Changed"' in answer.text
    assert PolicyDraft.get().version == 1


def test_sunita_submits_and_lakshmi_publishes_what_the_page_told_her(site):
    sunita, lakshmi = site.browser("sunita"), site.browser("lakshmi")
    address = begin(sunita)
    write(sunita, address, **{"rules-0-points": "6"})
    submit(sunita, address)

    page = lakshmi.get(f"{address}/publish")
    done = lakshmi.post(f"{address}/publish", {"version": "2"})

    told = words_of(page)
    assert "The draft becomes version 2, by order F 1-2/2026" in told
    assert "The months up to December 2025 are sealed: nothing changes in them." in told
    assert "It differs from version 1 in 1 term." in told
    assert (done.status_code, done.location) == (302, "/score-policy")
    assert [policy.number for policy in queries.published_policies()] == [1, 2]
    assert "By order F 1-2/2026" in words_of(site.browser("asha").get("/score-policy"))
    assert "Published as Version 2" in words_of(site.browser("thomas").get(address))


def test_what_lakshmi_read_is_what_she_publishes(site):
    sunita, lakshmi = site.browser("sunita"), site.browser("lakshmi")
    address = begin(sunita)
    write(sunita, address, **{"rules-0-points": "6"})
    submit(sunita, address)

    assert lakshmi.post(f"{address}/publish", {"version": "1"}).status_code == 409
    assert Policy.select().count() == 1


def test_kabir_does_not_publish_what_he_wrote_though_he_holds_both_roles(site):
    kabir = site.browser("kabir")
    address = begin(kabir)
    write(kabir, address, **{"rules-0-points": "6"})
    submit(kabir, address)

    page, tried = kabir.get(f"{address}/publish"), kabir.post(f"{address}/publish", {"version": "2"})

    assert "Publish as version" not in words_of(page)
    assert (tried.status_code, Policy.select().count()) == (422, 1)


def test_lakshmi_returns_a_draft_with_a_remark_that_sunita_reads(site):
    sunita, lakshmi = site.browser("sunita"), site.browser("lakshmi")
    address = begin(sunita)
    write(sunita, address, **{"rules-0-points": "6"})
    submit(sunita, address)

    without = lakshmi.post(f"{address}/return", {"remark": ""})
    lakshmi.post(f"{address}/return", {"remark": "Six is too many"})

    assert without.status_code == 422
    assert "Six is too many" in words_of(sunita.get(address))
    assert sunita.get(f"{address}/edit").status_code == 200


def test_what_bars_a_draft_stands_on_its_page_and_there_is_no_button(site):
    sunita = site.browser("sunita")
    address = begin(sunita)

    page, tried = sunita.get(address), sunita.post(f"{address}/submit", {"version": "1"})

    for told in ("Give the number and the date of the order", "The draft says the same as version 1"):
        assert told in words_of(page)
        assert told in words_of(tried)
    assert "Submit to the approver" not in words_of(page)
    assert tried.status_code == 422


def test_the_auditor_reads_a_draft_and_can_press_nothing(site):
    address = begin(site.browser("sunita"))
    thomas = site.browser("thomas")

    assert "<form" not in thomas.get(address).text.partition("<main")[2]
    assert [
        thomas.post(f"{address}/{act}", {"remark": "x"}).status_code
        for act in ("submit", "return", "withdraw", "publish")
    ] == [403] * 4


def test_only_months_that_are_not_sealed_can_be_chosen(site):
    sunita = site.browser("sunita")
    address = begin(sunita)
    page = sunita.get(f"{address}/edit")

    months = re.findall(r'<option(?: selected)? value="(\d{4}-\d\d)"', page.text)

    assert months[0] == "2026-01"
    assert all(earlier < later for earlier, later in pairwise(months))
    tried = sunita.post(f"{address}/edit", form_of(page) | {"effective_from": "2025-12"})
    assert (tried.status_code, PolicyDraft.get().version) == (422, 1)


def test_every_source_and_every_term_has_its_words():
    assert forms.COUNTED.keys() == rules.SOURCES.keys()
    fields = {*rules.Terms.__dataclass_fields__, *rules.Rule.__dataclass_fields__}
    assert forms.TERMS.keys() - {"order", "added", "removed"} == fields - {
        "effective_from", "rules", "order_number", "order_on", "code",
    }  # fmt: skip


def test_nothing_of_a_draft_is_read_on_the_page_of_the_policy(site):
    sunita = site.browser("sunita")
    write(sunita, begin(sunita), **{"rules-0-label_en": "A planted rule", "rules-0-points": "999"})

    page = site.browser("asha").get("/score-policy")

    assert "planted" not in page.text
    assert "999" not in words_of(page)
    assert not PolicyRule.select().where(PolicyRule.points == 999).exists()


def test_a_day_of_the_order_that_is_still_to_come_bars_the_draft(site):
    sunita = site.browser("sunita")
    address = begin(sunita)
    write(sunita, address, order_on=str(date(2099, 1, 1)), **{"rules-0-points": "6"})

    assert "The date of the order lies in the future." in words_of(sunita.get(address))


# What if


@pytest.fixture
def tried(site) -> str:
    """The address of a draft that pays no course beyond the first, tried on December, which is sealed, and January."""
    sunita = site.browser("sunita")
    with site.app.app_context():
        service.run_month(Month(2026, 1), by=SYSTEM)
        service.seal_month(Month(2026, 1), by=SYSTEM)
        database.connect(reuse_if_open=True)
    address = begin(sunita)
    write(sunita, address, **{"rules-0-cap": "1"})
    asked = sunita.post(f"{address}/what-if", {"months": "3"})
    assert (asked.status_code, asked.location) == (302, f"{address}/what-if")
    return address


def work(site) -> None:
    with site.app.app_context():
        work_off_queue(at=now())
        database.connect(reuse_if_open=True)


def test_sunita_asks_what_a_draft_would_change_and_the_worker_finds_it(site, tried):
    sunita = site.browser("sunita")
    run = JobRun.get(JobRun.job == "policy-trial")

    waiting = sunita.get(f"{tried}/what-if/progress/{run.id}").json
    work(site)
    finished = sunita.get(f"{tried}/what-if/progress/{run.id}").json
    page = words_of(sunita.get(f"{tried}/what-if"))

    assert (waiting["finished"], finished["finished"], finished["url"]) == (False, True, f"{tried}/what-if")
    # Before 4, 3, 3, 2, 2 and ten times 1 course, with it one each: all share the first place.
    for told in ("14 would gain places", "0 would lose places", "1 would keep their place", "By gender"):
        assert told in page
    assert "January 2026 December 2025" in page


def test_all_readers_see_what_was_found_and_only_gad_and_the_approver_may_ask(site, tried):
    work(site)

    assert those(statuses(site, f"{tried}/what-if"), 200) == READERS
    assert "<form" not in site.browser("thomas").get(f"{tried}/what-if").text.partition("<main")[2]
    asked = [site.browser(who).post(f"{tried}/what-if", {"months": "1"}) for who in ("lakshmi", "thomas")]
    assert [answer.status_code for answer in asked] == [302, 403]


def test_a_trial_of_an_earlier_text_says_so(site, tried):
    work(site)
    sunita = site.browser("sunita")
    before = words_of(sunita.get(f"{tried}/what-if"))

    write(sunita, tried, **{"rules-0-cap": "2"})

    assert "written anew since" not in before
    assert "The draft has been written anew since." in words_of(sunita.get(f"{tried}/what-if"))


def test_no_name_and_no_group_of_fewer_than_ten_stands_on_the_page(site, tried):
    work(site)

    page = site.browser("sunita", language="hi").get(f"{tried}/what-if").text.partition("<main")[2]

    names = [name for (name,) in Officer.select(Officer.name_hi).tuples()]
    assert not [name for name in names if name in page]
    assert "राजस्व एवं आपदा प्रबंधन" not in page  # three officers


@pytest.mark.parametrize("months", ["", "0", "13", "x", "9" * 30])
def test_a_wrong_number_of_months_is_refused_in_words(site, tried, months):
    answer = site.browser("sunita").post(f"{tried}/what-if", {"months": months})

    assert answer.status_code == 422
    assert "A draft is tried on 1 to 12 months." in words_of(answer)
