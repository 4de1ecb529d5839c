"""The pages of the match queue: who may open them, what stands side by side, and answers given singly and together."""

import re

import pytest

from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.people.models import Officer
from karmyogi.reports import queries
from karmyogi.reports.models import QueueAnswer, QueuedPerson
from karmyogi.store.files import open_files
from karmyogi.store.jobs import JobRun
from tests.factories import make_designation, open_account
from tests.reports.scene import PLAN_HEADER, make_place, officer, person, plan_row, row, take
from tests.reports.test_answers import finished
from tests.reports.test_views import CAST, work
from tests.visitors import words_of
from tests.web.site import opened_site


@pytest.fixture
def site(db, settings):
    with opened_site(settings, db, CAST) as site:
        yield site


@pytest.fixture
def files(site, settings):
    return open_files(settings.media_url)


@pytest.fixture
def sunita(site):
    return site.browser("sunita")


def ticked(page) -> list[str]:
    return re.findall(r'<input type="checkbox" name="person" value="(\d+)"', page.text)


def test_only_who_imports_opens_the_queue_and_answers_in_it(site, files):
    take(files, row(email="n@x.in"))
    card = person(email="n@x.in").id
    paths = ("", f"/{card}", f"/link?person={card}", f"/aside?person={card}", f"/{card}/create")

    for who in ("asha", "meena", "lakshmi", "thomas", "gopal"):
        browser = site.browser(who)
        assert {browser.get(f"/imports/queue{path}").status_code for path in paths} == {403}
        posts = ("link", "aside", "retry", f"{card}/create", "answers/1/undo")
        assert {browser.post(f"/imports/queue/{path}").status_code for path in posts} == {403}
    assert QueueAnswer.select().count() == 0


def test_the_queue_lists_each_person_once_with_files_reason_and_who_it_may_be(site, files, sunita):
    asha = officer(email="asha@x.in", unit=make_place())
    officer("Bela Rai", "बेला राय", phone="9000000002")
    take(files, row(email="asha@x.in", phone="9000000002"), row(email="asha@x.in", phone="9000000002", course="X"))
    take(files, row("Nobody Known", email="n@x.in"))

    page = sunita.get("/imports/queue")

    words = words_of(page)
    assert len(ticked(page)) == 2
    assert "2 people wait." in words
    assert f"{asha.employee_code}" in words
    assert words.count("Likely") == 1
    assert "No key points to anybody" in words


def test_nothing_waits_says_so(site, sunita):
    assert "Nobody waits" in words_of(sunita.get("/imports/queue"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("reason=matched_nobody", ["n@x.in", "plan@x.in"]),
        ("reason=keys_contradict", ["a@x.in"]),
        ("kind=plan", ["plan@x.in"]),
        ("file=1", ["a@x.in", "n@x.in"]),
        ("q=plan@", ["plan@x.in"]),
        ("q=नाम", []),
        ("state=linked", []),
        ("reason=nonsense&kind=x&file=x&after=x&state=y", ["a@x.in", "n@x.in", "plan@x.in"]),
    ],
)
def test_the_queue_is_narrowed_by_reason_file_kind_and_text(site, files, sunita, query, found):
    officer(email="a@x.in")
    officer("Bela", phone="9000000002")
    take(files, row(email="a@x.in", phone="9000000002"), row(email="n@x.in"))
    take(files, plan_row(email="plan@x.in"), header=PLAN_HEADER)

    shown = {QueuedPerson.get_by_id(number).email for number in ticked(sunita.get(f"/imports/queue?{query}"))}

    assert sorted(shown) == found


def test_leafing_through_the_queue_shows_each_person_once(site, files, sunita):
    take(files, *(row(email=f"n{number:02}@x.in") for number in range(45)))

    seen, address = [], "/imports/queue"
    while address:
        page = sunita.get(address)
        seen += ticked(page)
        following = re.search(r'<a rel="next" href="([^"]+)"', page.text)
        address = following and following[1].replace("&amp;", "&")

    assert len(seen) == len(set(seen)) == 45


def test_one_card_shows_side_by_side_what_agrees_and_what_differs(site, files, sunita):
    asha = officer(email="asha@x.in", unit=make_place())
    bela = officer("Bela Rai", "बेला राय", phone="9000000002")
    take(files, row("Asha Sahoo", email="asha@x.in", phone="9000000002"))

    page = sunita.get(f"/imports/queue/{person(email='asha@x.in').id}")

    tables = re.findall(r"<tbody>(.*?)</tbody>", page.text, re.DOTALL)
    said = [re.findall(r'<th scope="row">([^<]+)</th>.*?data-state="(\w+)"', one, re.DOTALL) for one in tables]
    assert dict(said[0])["Name"] == "agrees"
    assert dict(said[0])["Office"] == "agrees"
    assert dict(said[0])["E-mail"] == "agrees"
    assert dict(said[0])["Phone"] == "not_known"
    assert (dict(said[1])["Name"], dict(said[1])["Phone"], dict(said[1])["E-mail"]) == (
        "differs",
        "agrees",
        "not_known",
    )
    assert [f"officer={one.id}" in page.text for one in (asha, bela)] == [True, True]


def test_sunita_links_a_person_after_reading_what_it_would_do(site, files, sunita):
    asha = officer(email="asha@x.in")
    bela = officer("Bela Rai", "बेला राय", phone="9000000002")
    take(files, row(email="asha@x.in", phone="9000000002"))
    card = person(email="asha@x.in").id

    asked = sunita.get(f"/imports/queue/link?person={card}&officer={asha.id}")
    linked = sunita.post("/imports/queue/link", {"pair": f"{card}:{asha.id}"})

    assert f"Phone 9000000002: Bela Rai ({bela.employee_code})" in words_of(asked)
    assert linked.location == f"/imports/queue/answers/{QueueAnswer.get().id}"
    assert finished(asha) == {"Noting"}
    assert "Answered: 1 row was brought in." in words_of(sunita.get(linked.location))


def test_the_second_of_two_who_answer_at_once_is_told(site, files, sunita):
    asha = officer(email="asha@x.in")
    take(files, row(email="n@x.in"))
    card = person(email="n@x.in").id
    sunita.post("/imports/queue/link", {"pair": f"{card}:{asha.id}"})

    late = site.browser("sunita").post("/imports/queue/aside", {"person": str(card), "remark": "x"})

    assert late.status_code == 409
    assert "Somebody else has answered this in the meantime" in words_of(late)


def test_several_are_linked_together_where_one_officer_is_likely_and_the_others_are_left(site, files, sunita):
    asha = officer(email="asha@x.in")
    officer("Bela Rai", "बेला राय", phone="9000000002")
    take(files, row(email="asha@x.in", phone="9000000002"), row("Nobody", email="n@x.in"))
    cards = [person(email=email).id for email in ("asha@x.in", "n@x.in")]

    page = sunita.get(f"/imports/queue/link?person={cards[0]}&person={cards[1]}")
    pairs = re.findall(r'name="pair" value="([^"]+)"', page.text)

    assert pairs == [f"{cards[0]}:{asha.id}"]
    assert "Not linked now, because no one officer is likely: Nobody." in words_of(page)


def test_setting_aside_needs_a_reason_and_shows_who(site, files, sunita):
    take(files, row("Ana", email="n@x.in"), row("Bina", email="m@x.in"))
    cards = [str(person(email=email).id) for email in ("n@x.in", "m@x.in")]

    asked = sunita.get(f"/imports/queue/aside?person={cards[0]}&person={cards[1]}")
    without = sunita.post("/imports/queue/aside", {"person": cards})
    done = sunita.post("/imports/queue/aside", {"person": cards, "remark": "left the State"})

    assert ("Ana" in asked.text, "Bina" in asked.text) == (True, True)
    assert (without.status_code, done.status_code) == (422, 302)
    assert {one.state for one in QueuedPerson.select()} == {"aside"}


def test_who_was_set_aside_waits_again_when_it_is_taken_back(site, files, sunita):
    take(files, row(email="n@x.in"))
    sunita.post("/imports/queue/aside", {"person": str(person(email="n@x.in").id), "remark": "x"})
    answer = QueueAnswer.get().id

    back = sunita.post(f"/imports/queue/answers/{answer}/undo")
    twice = sunita.post(f"/imports/queue/answers/{answer}/undo")

    assert (back.status_code, twice.status_code) == (302, 409)
    assert queries.waiting_for(SYSTEM).count() == 1


def test_an_officer_is_created_from_a_row_with_the_office_chosen_by_name_or_number(site, files, sunita):
    place = make_place()
    take(files, row("Naya Sahu", email="n@x.in"))
    card = person(email="n@x.in").id
    form = sunita.get(f"/imports/queue/{card}/create")
    told = {
        "employee_code": "00990001",
        "name_en": "Naya Sahu",
        "designation": make_designation().name_en,
        "state_class": "III",
        "unit": "No such office",
        "joined_on": "2024-07-01",
        "email": "n@x.in",
    }

    wrong = sunita.post(f"/imports/queue/{card}/create", told)
    done = sunita.post(f"/imports/queue/{card}/create", told | {"unit": f"{place.id} · whatever"})

    assert 'value="Naya Sahu"' in form.text
    assert f"{place.id} · District Hospital, Health, Raipur" in form.text
    assert (wrong.status_code, done.status_code) == (422, 302)
    assert finished(Officer.get(Officer.employee_code == "00990001")) == {"Noting"}


@pytest.mark.parametrize("number", ["0", "99999", str(2**63), "9" * 60, "9" * 5000])
def test_somebody_who_is_not_in_the_queue_is_not_there(site, sunita, number):
    asked = [f"/imports/queue/{number}", f"/imports/queue/{number}/create", f"/imports/queue/answers/{number}"]

    assert [sunita.get(path).status_code for path in asked] == [404] * 3
    assert sunita.get(f"/imports/queue/aside?person={number}").status_code == 302
    assert sunita.post("/imports/queue/link", {"pair": f"{number}:{number}"}).status_code == 404


def test_what_somebody_writes_for_a_pair_breaks_nothing(site, files, sunita):
    take(files, row(email="n@x.in"))
    card = person(email="n@x.in").id

    for pair in ("", "x", ":", f"{card}:", f"{card}:999999", f"{card}:{'9' * 40}", "-1:-1", "9" * 5000 + ":1"):
        assert sunita.post("/imports/queue/link", {"pair": pair}).status_code in (404, 422), pair
    assert person(email="n@x.in").state == "waiting"


def test_trying_all_again_is_done_in_the_background_and_says_when_nobody_is_found(site, files, sunita):
    take(files, row(email="n@x.in"), row(email="m@x.in"))
    open_account(4, "sunita", Role.GAD)

    sunita.post("/imports/queue/retry")
    work(site)

    assert "Nobody who waits is found by the keys yet." in sunita.get("/imports/queue?lang=en").text
    assert QueueAnswer.select().count() == 0


def test_who_asks_from_two_browsers_is_served_and_the_rows_come_in_once(site, files, sunita):
    take(files, row(email="n@x.in"))
    asha = officer("Asha", email="n@x.in")
    open_account(4, "sunita", Role.GAD)

    for browser in (sunita, site.browser("sunita")):
        browser.post("/imports/queue/retry")
    work(site)

    assert (finished(asha), QueueAnswer.select().count()) == ({"Noting"}, 1)


def test_for_an_account_that_is_gone_nothing_is_tried(site, files, sunita):
    take(files, row(email="n@x.in"))
    asha = officer("Asha", email="n@x.in")

    sunita.post("/imports/queue/retry")
    work(site)

    assert (finished(asha), JobRun.get(JobRun.job == "queue-retry").state) == (set(), "failed")
    assert "did not come to its end" in sunita.get("/imports/queue?lang=en").text
