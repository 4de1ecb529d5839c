"""The pages of flags: who sees which, what they say in words, and what becomes of a verdict."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.queries import AT_ONCE, GROUPS, PAGE
from karmyogi.completions.service import judge
from karmyogi.core.permissions import Permission, scope_of
from karmyogi.demo import story
from karmyogi.store.imports import Import
from tests import factories as make
from tests.house.plants import officer_of
from tests.visitors import words_of

NOON = datetime(2025, 8, 14, 6, 30, tzinfo=UTC)  # twelve o'clock in India


def stretch(key: str, *, count: int = 3, **facts) -> list[Flag]:
    """Courses of twenty minutes that an officer finished ten seconds after one another."""
    officer = officer_of(key)
    times = [NOON + timedelta(seconds=10 * n) for n in range(count)]
    done = [make.make_completion(officer, make.make_course(f"Course {n} of {key}"), at) for n, at in enumerate(times)]
    told = {"length_seconds": 1200, "about": str(officer.id)} | facts
    return [make.make_flag(one, enrolled_at=NOON - timedelta(days=9), **told) for one in done]


def crowd(count: int, **facts) -> list[Flag]:
    """Completions of many officers at one second, none of Sunita's own."""
    others = Completion.officer != officer_of("sunita")
    done = Completion.select().where(others).order_by(Completion.id).limit(count)
    told = {"code": "same_second", "about": "2025-08-14 06:30:00", "completed_at": NOON}
    return [make.make_flag(one, **told | facts) for one in done]


def listed(page: str) -> list[int]:
    """The flags by which the list names its groups, in its order."""
    return [int(found) for found in re.findall(r'href="/flags/(\d+)"', page)]


def boxes(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'name="flag" value="(\d+)"', page)]


@pytest.fixture(autouse=True)
def none_yet(told_db):
    """The demo's own reports raise a few; these tests raise theirs."""
    Flag.delete().execute()


# The list


def test_a_nodal_officer_finds_what_is_odd_in_the_own_unit_in_words(visit):
    stretch("asha"), stretch("imran")

    page = visit("ravi", language="en").get("/flags")

    assert "Asha Sahu: 3 courses of together 1 h 0 min within 20 s" in words_of(page)
    assert "Imran" not in words_of(page).partition("Flags")[2]
    assert len(listed(page.text)) == 1


@pytest.mark.parametrize(("key", "status"), [("asha", 403), ("meena", 403), ("thomas", 200), ("sunita", 200)])
def test_who_may_read_flags(visit, key, status):
    flag, *_rest = stretch("asha")
    visitor = visit(key)

    assert [visitor.get(path).status_code for path in ("/flags", f"/flags/{flag.id}")] == [status, status]


def test_outside_ones_reach_there_is_no_flag(visit):
    flag, *_rest = stretch("asha")

    assert visit("imran").get(f"/flags/{flag.id}").status_code == 404
    assert visit("imran").post(f"/flags/{flag.id}/accept", {"flag": flag.id}).status_code == 404
    assert {one.state for one in Flag.select()} == {"open"}


def test_each_kind_is_said_in_words(visit):
    done = list(Completion.select().order_by(Completion.id.desc()).limit(3))
    crowd(2)
    make.make_flag(done[0], code="shared_certificate", about="do_113")
    make.make_flag(done[1], code="before_enrolled", about="7")
    make.make_flag(done[2], code="in_future", about="7")

    said = words_of(visit("sunita", language="en").get("/flags"))

    assert "2 completions at 14 August 2025, 12:00:00; the file tells at least 100 at this second." in said
    assert "The certificate id do_113 stands in the rows of two persons." in said
    assert "1 completion lies before its enrolment." in said
    assert "1 completion lies after the day on which the file came in." in said


def test_the_list_is_narrowed_by_state_kind_and_import(visit):
    origin = Import.select().first()
    first, second, third = stretch("asha")
    [alone] = crowd(1, import_id=origin.id)
    Flag.update(state="doubted").where(Flag.id == second.id).execute()
    Flag.update(state="credible").where(Flag.id == third.id).execute()
    sunita = visit("sunita")

    def ids(address: str) -> list[int]:
        return listed(sunita.get(f"/flags?{address}").text)

    assert ids("") == [alone.id, first.id]
    assert (ids("state=doubted"), ids("state=judged")) == ([second.id], [third.id])
    assert (ids("code=too_fast"), ids(f"file={origin.id}"), ids("file=99999999")) == ([first.id], [alone.id], [])
    assert ids("state=x&code=x&file=x") == [alone.id, first.id]


def test_older_groups_stand_on_the_next_page(visit):
    done = Completion.select().order_by(Completion.id).limit(GROUPS + 2)
    flags = [make.make_flag(one, code="shared_certificate", about=f"c{n}") for n, one in enumerate(done)]
    sunita = visit("sunita")

    page = sunita.get("/flags?code=shared_certificate").text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")

    assert listed(page) == [one.id for one in reversed(flags)][:GROUPS]
    assert listed(sunita.get(older).text) == [flags[1].id, flags[0].id]


# One group


def test_a_group_tells_each_completion_with_the_time_since_the_one_before(visit):
    flags = stretch("asha")

    page = visit("ravi", language="en").get(f"/flags/{flags[1].id}")

    said = words_of(page)
    assert all(f"14 August 2025, 12:00:{second}" in said for second in ("00", "10", "20"))
    assert said.count("05 August 2025, 12:00:00") == 3  # enrolled
    assert (said.count("10 s"), boxes(page.text)) == (2, [one.id for one in flags])


def test_the_day_alone_is_told_where_the_report_names_no_time(visit):
    midnight = datetime(2025, 8, 13, 18, 30, tzinfo=UTC)
    [flag] = crowd(1, code="before_enrolled", completed_at=midnight, enrolled_at=midnight + timedelta(days=1))

    said = words_of(visit("sunita", language="en").get(f"/flags/{flag.id}"))

    assert "14 August 2025 15 August 2025" in " ".join(reversed(re.findall(r"1[45] August 2025", said)))
    assert "00:00:00" not in said


def test_a_group_with_completions_outside_reach_shows_only_ones_own(visit):
    crowd(400)
    [(_tree, path)] = scope_of(story.actor("ravi"), Permission.FLAGS_READ).paths
    inside = [one.id for one in Flag.select() if one.line_path.startswith(path)]
    assert 0 < len(inside) < 400

    page = visit("ravi").get(f"/flags/{inside[0]}").text

    assert set(boxes(page)) <= set(inside)
    assert f">{len(inside)}<" in page


def test_who_holds_the_same_certificate_is_told_only_within_reach(visit):
    ravi, sunita = visit("ravi", language="en"), visit("sunita", language="en")
    imran = officer_of("imran")
    done = Completion.select().where(Completion.officer == officer_of("asha")).first()
    flag = make.make_flag(done, code="shared_certificate", about="c1", other=imran)

    seen = {who: words_of(one.get(f"/flags/{flag.id}")) for who, one in (("ravi", ravi), ("sunita", sunita))}

    assert (imran.employee_code in seen["ravi"], imran.employee_code in seen["sunita"]) == (False, True)
    assert "an officer outside your office" in seen["ravi"]


# Verdicts


def states() -> list[str]:
    return [one.state for one in Flag.select().order_by(Flag.id)]


def test_some_of_a_group_are_found_credible(visit):
    flags = stretch("asha")
    ravi = visit("ravi", language="en")
    ravi.get(f"/flags/{flags[0].id}")

    sent = {"state": "open", "flag": [flags[0].id, flags[2].id]}
    done = ravi.post(f"/flags/{flags[0].id}/accept", sent, follow_redirects=True)

    assert states() == ["credible", "open", "credible"]
    assert "2 completions were found credible." in words_of(done)
    assert boxes(done.text) == [flags[1].id]


def test_a_doubt_without_words_is_sent_back_with_the_same_ticked(visit):
    flags = stretch("asha")
    ravi = visit("ravi", language="en")
    ravi.get(f"/flags/{flags[0].id}")

    answer = ravi.post(f"/flags/{flags[0].id}/doubt", {"state": "open", "flag": [flags[1].id]})

    assert (answer.status_code, states()) == (422, ["open", "open", "open"])
    assert "Write a remark" in words_of(answer)
    assert re.findall(r'value="(\d+)"[^>]* checked', answer.text) == [str(flags[1].id)]


def test_two_people_of_the_state_find_a_completion_not_credible(visit):
    flag, *_rest = stretch("asha")
    for key, step, state in (("sunita", "doubt", "open"), ("kabir", "confirm", "doubted")):
        visitor = visit(key)
        visitor.get(f"/flags/{flag.id}")
        visitor.post(f"/flags/{flag.id}/{step}", {"state": state, "flag": [flag.id], "remark": f"{key} says so"})

    page = words_of(visit("thomas", language="en").get(f"/flags/{flag.id}"))

    assert Flag.get_by_id(flag.id).state == "not_credible"
    assert page.index("sunita says so") < page.index("kabir says so")


def test_whoever_doubted_is_not_offered_to_confirm(visit):
    flag, *_rest = stretch("asha")
    judge(flag, "doubt", by=story.actor("sunita"), remark="Odd.")

    pages = {key: visit(key).get(f"/flags/{flag.id}").text for key in ("sunita", "kabir", "ravi")}

    offered = {key: set(re.findall(r'formaction="/flags/\d+/(\w+)"', page)) for key, page in pages.items()}
    assert offered == {"sunita": {"reopen"}, "kabir": {"confirm", "dismiss", "reopen"}, "ravi": {"reopen"}}


def test_all_of_a_group_are_doubted_and_what_came_since_is_not(visit):
    flags = stretch("asha", count=4)
    late = flags.pop()
    ravi = visit("ravi", language="en")
    ravi.get(f"/flags/{flags[0].id}")

    sent = {"state": "open", "all": flags[-1].id, "remark": "Within seconds."}
    done = ravi.post(f"/flags/{flags[0].id}/doubt", sent, follow_redirects=True)

    assert "3 completions were doubted." in words_of(done)
    assert states() == ["doubted"] * 3 + ["open"]
    assert Flag.get(Flag.state == "open").id == late.id


def test_no_more_are_judged_at_once_than_two_hundred(visit):
    flags = crowd(AT_ONCE + 3)
    sunita = visit("sunita", language="en")
    page = sunita.get(f"/flags/{flags[0].id}")
    assert len(boxes(page.text)) == PAGE
    assert f"The first {AT_ONCE} of all {AT_ONCE + 3}" in words_of(page)

    done = sunita.post(f"/flags/{flags[0].id}/accept", {"state": "open", "all": flags[-1].id}, follow_redirects=True)

    assert states().count("credible") == AT_ONCE
    assert len(boxes(done.text)) == 3


def test_the_next_page_of_a_group_goes_on_where_the_first_ended(visit):
    flags = crowd(PAGE + 2)
    sunita = visit("sunita")

    page = sunita.get(f"/flags/{flags[0].id}").text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")

    assert boxes(page) == [one.id for one in flags[:PAGE]]
    assert boxes(sunita.get(older).text) == [one.id for one in flags[PAGE:]]


def test_nobody_judges_what_is_about_themselves_not_even_among_others(visit):
    mine = stretch("ravi", about="x")
    others = stretch("asha", about="x")
    ravi = visit("ravi")

    page = ravi.get(f"/flags/{others[0].id}").text
    assert boxes(page) == [one.id for one in others]
    answer = ravi.post(f"/flags/{others[0].id}/accept", {"state": "open", "flag": [mine[0].id, others[0].id]})
    assert (answer.status_code, set(states())) == (422, {"open"})

    ravi.post(f"/flags/{others[0].id}/accept", {"state": "open", "all": others[-1].id})
    assert states() == ["open"] * 3 + ["credible"] * 3


def test_what_somebody_else_judged_meanwhile_is_looked_at_again(visit):
    flags = stretch("asha")
    ravi = visit("ravi", language="en")
    ravi.get(f"/flags/{flags[0].id}")
    judge(flags[0], "accept", by=story.actor("sunita"))

    sent = {"state": "open", "flag": [flags[0].id, flags[1].id]}
    done = ravi.post(f"/flags/{flags[0].id}/accept", sent, follow_redirects=True)

    assert "judged by somebody else meanwhile" in words_of(done)
    assert states() == ["credible", "open", "open"]


def test_nothing_ticked_changes_nothing_and_says_so(visit):
    flag, *_rest = stretch("asha")
    ravi = visit("ravi", language="en")
    ravi.get(f"/flags/{flag.id}")

    done = ravi.post(f"/flags/{flag.id}/accept", {"state": "open"}, follow_redirects=True)

    assert "Nothing was ticked" in words_of(done)
    assert set(states()) == {"open"}


def test_a_flag_of_another_group_is_not_judged_from_this_page(visit):
    flag, *_rest = stretch("asha")
    [other] = crowd(1)
    sunita = visit("sunita")
    sunita.get(f"/flags/{flag.id}")

    assert sunita.post(f"/flags/{flag.id}/accept", {"state": "open", "flag": [other.id]}).status_code == 404
    assert set(states()) == {"open"}


def test_an_auditor_reads_and_says_nothing(visit):
    flag, *_rest = stretch("asha")
    thomas = visit("thomas")

    page = thomas.get(f"/flags/{flag.id}").text

    assert (boxes(page), "formaction" in page) == ([], False)
    assert thomas.post(f"/flags/{flag.id}/accept", {"flag": [flag.id]}).status_code == 403


def test_an_empty_list_says_what_would_come(visit):
    said = words_of(visit("sunita", language="en").get("/flags"))

    assert "Nothing is to be looked at" in said
    assert "Nothing is doubted" in words_of(visit("sunita", language="en").get("/flags?state=doubted"))


# The register


def test_the_register_lists_filters_and_exports_the_flags_within_reach(visit):
    mine, *_rest = stretch("asha")
    stretch("imran")
    judge(mine, "doubt", by=story.actor("sunita"), remark="Odd.")
    ravi = visit("ravi", language="en")

    page = ravi.get("/admin/flags/").text
    doubted = ravi.get("/admin/flags/?flt_state=doubted")
    exported = ravi.get("/admin/flags/export/csv/").text

    assert (page.count("Course 0 of asha"), page.count("of imran")) == (1, 0)
    assert "Course 0 of asha" in doubted.text
    assert "Course 1 of asha" not in doubted.text
    assert f'href="/flags/{mine.id}"' in ravi.get(f"/admin/flags/details/?id={mine.id}").text
    assert (exported.count("of asha"), exported.count("of imran")) == (3, 0)
