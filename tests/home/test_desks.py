"""Desks: every number is that of its list, of one's own reach alone, and tells of no decision before its time."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from karmyogi.accounts.models import RoleGrant, User
from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Completion
from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import GRANTS, ROLES, SYSTEM, Permission, Reach, Role
from karmyogi.demo.cast import CAST, HEALTH
from karmyogi.demo.story import actor
from karmyogi.home.queries import deadlines, pending, since, state, unit
from karmyogi.home.queries.coverage import By, Covered, offices_covered, rolled_up, total_of
from karmyogi.home.rules import Ends
from karmyogi.nominations.models import Nomination
from karmyogi.nominations.queries import late_counts, nominations_for
from karmyogi.people.models import IgotProfile, OrgUnit, Posting
from karmyogi.people.queries import is_held, officers_for
from karmyogi.scores import service as scores
from karmyogi.scores.models import MonthlyScore, PolicyDraft, ScoreMonth
from karmyogi.scores.queries import participation
from karmyogi.scores.rules import BoardScope, terms_from
from karmyogi.store import heartbeats
from karmyogi.store.imports import Import
from tests.home.conftest import make_old, open_new_cycle, submit_old
from tests.visitors import words_of

BEFORE, JANUARY, READ = timedelta(hours=1), Month(2026, 1), Permission.OFFICERS_READ
TILE = re.compile(r'<span class="tile-number">([\d,]+)</span>\s*<span class="tile-label"><a href="([^"]+)">([^<]+)</a>')
COUNT = re.compile(r'<a href="([^"]+)"><strong>([\d,]+)</strong> ([^<]+)</a>')
PEOPLE_IN_THE_QUEUE = 5  # of the demo's reports, whom GAD alone answers for
CASES = re.compile(r'href="/nominations/(\d+)"')


def counted(who: str) -> dict[str, int]:
    """What waits for somebody, but for flags: those have tests of their own."""
    found = {one.code: one.count for one in pending.pending(actor(who), on=today())}
    return {code: count for code, count in found.items() if not code.startswith("flags")}


def numbers(page) -> list[tuple[str, str, int]]:
    """Every number of a desk that leads to nominations: its word, its list and itself."""
    found = [(label, url, count) for count, url, label in TILE.findall(page.text)]
    found += [(label, url, count) for url, count, label in COUNT.findall(page.text)]
    return [
        (label, url.replace("&amp;", "&"), int(count.replace(",", "")))
        for label, url, count in found
        if url.startswith("/nominations?")
    ]


@pytest.mark.parametrize("who", ["meena", "ravi", "farah", "sunita", "lakshmi", "thomas"])
def test_every_number_of_nominations_is_that_of_its_list(visit, select, who):
    make_old(select())
    reader = visit(who, language="en")

    told = numbers(reader.get("/"))

    assert told
    for label, url, count in told:
        assert (label, len(set(CASES.findall(reader.get(url).text)))) == (label, count)


def test_what_waits_is_each_ones_own(revenue_case):
    assert counted("meena") == {"nominations_draft": 1}
    assert counted("ravi") == {"nominations_submitted": 1}
    assert counted("farah") == counted("imran") == counted("asha") == {}
    assert counted("sunita") == {"nominations_verified": 1, "queue": PEOPLE_IN_THE_QUEUE}


def test_a_decision_to_release_waits_for_the_approver_alone(select):
    select()

    assert counted("lakshmi") == {"nominations_selected": 1}
    assert counted("farah") == counted("imran") == {}
    assert counted("sunita") == {"queue": PEOPLE_IN_THE_QUEUE}


def told_to(who: str) -> list[object]:
    """All that the queries of a desk count of nominations for somebody."""
    reader = actor(who)
    return [
        pending.pending(reader, on=today()),
        [one.counts for one in state.rounds(reader, on=today())],
        late_counts(reader, on=today()),
        since.changes(reader, since=now() - BEFORE),
    ]


@pytest.mark.parametrize("who", ["farah", "imran"])
def test_no_count_tells_the_department_of_a_choice_before_it_is_released(select, revenue_case, who):
    make_old(revenue_case)
    before = told_to(who)

    select()

    assert told_to(who) == before
    assert ("verified", 1) in late_counts(actor(who), on=today())
    assert late_counts(actor("kabir"), on=today()) == []


@pytest.mark.parametrize(
    ("who", "late"), [("ravi", 1), ("imran", 0), ("sunita", 2), ("thomas", 2), ("meena", 0), ("asha", 0)]
)
def test_a_certificate_that_nobody_reviewed_for_a_fortnight_is_late_for_those_who_reach_it(visit, who, late):
    Achievement.update(state="withdrawn", verified_at=None).execute()
    submit_old({"asha": 16, "ravi": 15, "pooja": 40})
    reader = visit(who, language="en")

    desk = reader.get("/").text
    found = re.search(r'<a href="(/achievements/all\?late=1)"><strong>(\d+)</strong>', desk)

    assert (int(found[2]) if found else 0) == late
    if late:
        listed = reader.get(found[1]).text
        assert len(set(re.findall(r'href="/achievements/(\d+)"', listed))) == late
        assert "Seminar of ravi" not in listed


def test_a_district_of_fewer_than_ten_stands_in_no_plot_and_the_desk_says_how_many_are_left_out(visit):
    rows = covered("meena", By.DISTRICT)
    small = [one.unit_en for one in rows if one.officers < 10]
    large = [one.unit_en for one in rows if one.officers >= 10]
    assert small
    assert large

    page = visit("meena", language="en").get("/").text
    plot = page[page.index("by district</figcaption>") :]
    shown = re.findall(r"<li><div><span>([^<]+)</span>", plot[: plot.index("</figure>")])

    assert set(shown) <= set(large)
    assert len(shown) == min(len(large), 12)
    assert f"{len(small)} districts with fewer than 10 officers" in page


def test_what_has_changed_is_what_others_did_within_reach(revenue_case):
    moment = now() - BEFORE

    def moved(who: str) -> int:
        return {one.code: one.count for one in since.changes(actor(who), since=moment)}.get("nominations", 0)

    assert moved("meena") == 0  # she took every step of Health herself
    assert moved("ravi") == len(nominations_for(actor("ravi"))) == 2
    assert moved("sunita") == len(nominations_for(actor("sunita"))) == 5
    assert {one.code for one in since.changes(actor("sunita"), since=moment)} >= {"imports", "months", "orders"}
    assert "imports" not in {one.code for one in since.changes(actor("asha"), since=moment)}
    assert since.changes(actor("sunita"), since=now() + BEFORE) == []


def test_an_import_that_waits_and_a_row_that_waits_lead_to_their_lists(visit):
    Import.update(queued=Import.queued + 3, created=Import.created - 3).where(Import.kind == "consumption").execute()
    origin = Import.get(Import.kind == "consumption")
    sunita = visit("sunita", language="en")

    page = sunita.get("/")

    assert (f"/imports/{origin.id}?outcome=queued", str(origin.queued)) in {
        (url.replace("&amp;", "&"), count) for url, count, _label in COUNT.findall(page.text)
    }
    assert [one.origin.id for one in state.last_imports(SYSTEM, on=today())] == [
        Import.select().where(Import.kind == kind).order_by(Import.id.desc()).first().id for kind in state.KINDS
    ]


def test_months_wait_for_two_hands_once_they_are_over(told_db):
    running = Month.of(today())
    for month in (running.previous, running):
        ScoreMonth.create(
            month=str(month), policy=1, run_id="r" * 64, computed_at=now(), officer_count=5, state="provisional"
        )

    assert counted("sunita") == {"months_propose": 1, "queue": PEOPLE_IN_THE_QUEUE}
    assert counted("lakshmi") == {}
    assert [one.key for one in deadlines.deadlines(actor("lakshmi"), on=today()) if one.what is Ends.SEAL] == [
        str(running.previous)
    ]

    ScoreMonth.update(state="proposed").where(ScoreMonth.month == str(running.previous)).execute()

    assert counted("lakshmi") == {"months_seal": 1}
    assert "months_propose" not in counted("sunita")


def test_a_draft_of_the_policy_waits_for_the_approver_and_then_for_who_wrote_it(told_db):
    sunita, draft = actor("sunita"), scores.begin_draft(by=actor("sunita"))
    terms = terms_from(draft.terms)
    told = replace(terms, grace_days=terms.grace_days + 1, order_number="F 1-2/2026", order_on=today())
    draft = scores.rewrite_draft(draft, told, seen=1, by=sunita)
    assert "policies_publish" not in counted("lakshmi")

    scores.submit_draft(draft, seen=2, by=sunita)
    assert counted("lakshmi") == {"policies_publish": 1}
    assert "policies_publish" not in counted("sunita")

    scores.return_draft(PolicyDraft.get(), remark="कारण", by=actor("lakshmi"))
    assert counted("lakshmi") == {}
    assert counted("sunita")["policies_returned"] == 1


def test_a_draft_that_nobody_has_submitted_waits_for_gad_alone(told_db):
    scores.begin_draft(by=actor("kabir"))

    assert counted("sunita")["policies_draft"] == counted("kabir")["policies_draft"] == 1
    assert counted("lakshmi") == {}


WORK_WITH_SCORES = {
    "ravi": {"/disputes", "/holds"},
    "meena": {"/holds"},
    "sunita": {"/disputes", "/holds", "/corrections", "/score-policy/drafts"},
    "lakshmi": {"/holds", "/corrections", "/score-policy/drafts"},
    "thomas": {"/disputes", "/holds", "/corrections", "/score-policy/drafts"},
    "asha": set(),
    "devendra": set(),
    "gopal": set(),
}


@pytest.mark.parametrize("who", WORK_WITH_SCORES)
def test_the_menu_leads_to_disputes_holds_corrections_and_drafts_whom_they_concern(visit, who):
    reader = visit(who, language="en")
    menu = re.search(r'<details class="drop" data-kind="nav".*?</nav>', reader.get("/").text, re.DOTALL)[0]

    offered = set(re.findall(r'href="([^"]+)"', menu)) & WORK_WITH_SCORES["thomas"]

    assert offered == WORK_WITH_SCORES[who]
    assert {reader.get(url).status_code for url in offered} <= {200}
    assert {reader.get(url).status_code for url in WORK_WITH_SCORES["thomas"] - offered} <= {403}


def test_the_next_last_days_are_those_of_ones_own_cases(revenue_case):
    cycle = open_new_cycle()
    told = {who: deadlines.deadlines(actor(who), on=today()) for who in ("meena", "imran", "devendra")}

    assert next(one.key for one in told["meena"] if one.what is Ends.CYCLE) == cycle.id
    assert [one.what for one in told["imran"]].count(Ends.INTEGRITY) == 0  # a year is not soon

    later = deadlines.deadlines(actor("imran"), on=today() + timedelta(days=350))
    assert [one.key for one in later if one.what is Ends.INTEGRITY] == [revenue_case.id]
    assert not any(
        one.what is Ends.INTEGRITY for one in deadlines.deadlines(actor("ravi"), on=today() + timedelta(days=350))
    )
    assert not any(one.what is Ends.CYCLE for one in told["devendra"])


# Plots and coverage


def test_the_plots_are_the_stored_numbers_of_the_month(told_db):
    month = Month(2026, 1)
    found = participation(month)

    for scope in (BoardScope.DIVISION, BoardScope.DEPARTMENT):
        column = getattr(MonthlyScore, scope.value)
        assert found[scope]
        for one in found[scope]:
            mine = MonthlyScore.select().where((MonthlyScore.month == str(month)) & (column == one.unit_id))
            assert (one.figures.scored, one.figures.points) == (mine.count(), sum(row.points for row in mine))
            assert one.figures.officers >= 10


def covered(who: str, by: By) -> list[Covered]:
    return rolled_up(offices_covered(actor(who), JANUARY, on=today()), by)


def test_coverage_counts_the_officers_of_ones_own_territory(told_db):
    raipur = OrgUnit.get((OrgUnit.kind == "district") & (OrgUnit.name_en == "Raipur"))

    by_office, by_district = covered("devendra", By.OFFICE), covered("devendra", By.DISTRICT)
    everything = covered("sunita", By.DISTRICT)
    finished = Completion.select().where(Completion.month == str(JANUARY)).distinct()
    posted = Posting.select(Posting.officer).join(OrgUnit).where((OrgUnit.district == raipur) & is_held(today()))

    assert [one.unit_id for one in by_district] == [raipur.id]
    assert total_of(by_office).officers == by_district[0].officers
    assert by_district[0] in everything
    assert by_district[0].officers == officers_for(actor("devendra"), READ, on=today()).count()
    mine = finished.where(Completion.officer.in_(posted))
    assert by_district[0].finished == len({one.officer_id for one in mine}) > 0
    assert by_district[0].seconds == sum(one.duration_seconds for one in mine)
    assert sum(one.awards for one in everything) == 2


def test_the_table_of_coverage_is_sorted_by_its_address(visit):
    anil = visit("anil", language="en")

    page = anil.get("/coverage?by=district&sort=officers")

    shown = re.findall(r'<tr>\s*<th scope="row">([^<]+)</th>\s*<td[^>]*><div>([\d,]+)', page.text)
    assert [int(count) for _name, count in shown] == sorted((int(count) for _name, count in shown), reverse=True)
    assert len(shown) > 3
    assert "Raipur" not in {name for name, _count in shown}
    assert anil.get("/coverage?by=nothing&sort=x&from=-5&month=2099-01").status_code == 200


def test_who_is_not_on_igot_is_counted_as_the_register_lists_them(visit):
    ravi = visit("ravi", language="en")
    IgotProfile.delete().where(IgotProfile.officer == actor("meena").officer_id).execute()

    tiles = {label: (int(count), url) for count, url, label in TILE.findall(ravi.get("/").text)}
    count, url = tiles["Not yet on iGOT"]

    listed = ravi.get(url.replace("&amp;", "&"))
    assert count == total_of(covered("ravi", By.OFFICE)).unregistered > 0
    assert listed.text.count("/admin/officers/details/") >= count
    assert "Meena Thakur" in words_of(listed)


def test_a_nodal_officer_sees_how_many_of_the_own_unit_have_an_account_that_works(visit):
    ravi = visit("ravi", language="en")
    User.update(password_hash="set").where(User.login.in_(["asha", "imran"])).execute()  # Imran's is another unit's

    tiles = {label: (int(count), url) for count, url, label in TILE.findall(ravi.get("/").text)}

    assert tiles["Activated accounts"] == (1, "/activation")
    assert "Activated accounts" not in words_of(visit("meena", language="en").get("/"))


def test_courses_of_the_plan_are_counted_by_office_of_ones_own_unit(told_db):
    health = OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == HEALTH))

    dues = unit.dues_by_office(actor("meena"), on=today())

    assert dues
    assert {OrgUnit.get_by_id(one.unit_id).department_id for one in dues} == {health.id}
    assert [one.overdue for one in dues] == sorted((one.overdue for one in dues), reverse=True)


# The page itself


@pytest.mark.parametrize("who", [member.key for member in CAST])
def test_the_bar_shows_seven_at_most_and_the_front_page_the_rest(visit, who):
    page = visit(who, language="en").get("/")

    bar = re.search(r'<nav class="mainnav".*?</nav>', page.text, re.DOTALL)[0]
    assert page.status_code == 200
    assert 2 <= bar.count("<a ") <= 7
    assert "/roles" in page.text


def test_somebody_without_an_officer_has_no_own_page(visit, app):
    state_unit = OrgUnit.get(OrgUnit.kind == "state")
    user = User.create(login="clerk", name_en="Clerk", is_demo=True, created_at=now())
    RoleGrant.create(user=user, role=Role.GAD.value, unit=state_unit, from_on=today())

    page = visit("clerk", language="en").get("/")

    assert page.status_code == 200
    assert 'href="/me"' not in page.text
    assert "This is your first visit" in words_of(page)


def test_a_person_with_two_roles_has_both_desks(visit):
    revenue = OrgUnit.get((OrgUnit.kind == "district") & (OrgUnit.name_en == "Raipur"))
    RoleGrant.create(
        user=User.get(User.login == "pooja"), role="territory", unit=revenue, tree="territory", from_on=today()
    )

    said = words_of(visit("pooja", language="en").get("/"))

    assert "Nothing is assigned to you" in said
    assert "Coverage by office" in said


def test_the_page_of_powers_is_the_table_itself(visit):
    page = visit("asha", language="en").get("/roles")

    rows = re.findall(r'<tr><th scope="row">[^<]+</th>(.*?)</tr>', page.text, re.DOTALL)
    said = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in rows]
    words = {Reach.NONE: "–", Reach.SELF: "own", Reach.ASSIGNED: "assigned", Reach.UNIT: "unit", Reach.ALL: "all"}
    assert said == [[words[cell] for cell in cells[: ROLES.index(Role.SYSTEM)]] for cells in GRANTS.values()]
    assert ":" not in " ".join(re.findall(r'<tr><th scope="row">([^<]+)</th>', page.text))  # every power has a word


# The public board


def test_the_public_board_is_light_and_pages_by_key(visit, monkeypatch):
    stranger = visit(language="en")
    monkeypatch.setattr("karmyogi.home.views.board.PAGE", 1)

    first = stranger.get("/")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = stranger.get(following)

    names = [re.findall(r'class="honour-name"><strong lang="en">([^<]+)', page.text) for page in (first, second)]
    assert [len(one) for one in names] == [1, 1]
    assert names[0] != names[1]
    assert 'rel="next"' not in second.text
    assert 1 + len(re.findall(r"<(?:link [^>]*stylesheet|link rel=\"icon|script|img)", first.text)) <= 6
    assert 'name="code"' in first.text


def test_the_public_board_is_narrowed_by_year_and_department(visit):
    stranger = visit(language="en")
    health = OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == HEALTH))
    given = Nomination.get(Nomination.state == "awarded").department_id

    count = lambda query: stranger.get(f"/?{query}").text.count('class="honour"')  # noqa: E731

    assert (count(""), count(f"department={given}"), count("year=2019-20")) == (2, 2, 2)  # no such year is no choice
    assert count(f"department={health.id}") == 2  # nothing was given to it, so it is no choice either
    assert count(f"after_on={today()}&after=~") == 0
    assert stranger.get("/?after_on=x&after=%00&department=y").status_code == 200


def test_who_reads_jobs_is_told_that_no_scheduler_runs_and_nobody_else_is(visit):
    readers = {who: visit(who, language="en") for who in ("sunita", "lakshmi", "thomas", "gopal", "meena", "asha")}
    warning = "No scheduler has been seen yet"

    told = {who for who, reader in readers.items() if warning in words_of(reader.get("/"))}
    heartbeats.beat()

    assert told == {"sunita", "lakshmi", "thomas", "gopal"}
    assert warning not in words_of(readers["sunita"].get("/"))
