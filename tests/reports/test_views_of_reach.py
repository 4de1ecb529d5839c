"""The pages of imports as a nodal officer has them: own files, own queue, own undo; nothing of the office beside."""

import re

import pytest

from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.people.models import Officer, OfficerKey, OrgUnit, Posting
from karmyogi.reports.models import QueueAnswer, QueuedPerson
from karmyogi.reports.reader import Kind
from karmyogi.store.imports import Bundle, Import, ImportRow
from tests.factories import make_office, open_account
from tests.reports.neighbours import SECRET, by_line, learning_of, make_neighbours, report, row
from tests.reports.test_views import bring, forms_on, work
from tests.store.zips import Packed, archive_of
from tests.visitors import words_of
from tests.web.site import opened_site


@pytest.fixture
def place(db):
    return make_neighbours()


@pytest.fixture
def site(db, settings, place):
    health, hospital, revenue = (unit.line_path for unit in (place.health, place.hospital, place.revenue))
    cast = {
        "ravi": Actor(1, "Ravi", None, (Grant(Role.NODAL, health),)),
        "usha": Actor(2, "Usha", None, (Grant(Role.NODAL, hospital),)),
        "imran": Actor(3, "Imran", None, (Grant(Role.NODAL, revenue),)),
        "noori": Actor(4, "Noori", None, (Grant(Role.NODAL, health), Grant(Role.NODAL, revenue))),
        "sunita": Actor(5, "Sunita", None, (Grant(Role.GAD),)),
        "thomas": Actor(6, "Thomas", None, (Grant(Role.AUDITOR),)),
        "meena": Actor(7, "Meena", None, (Grant(Role.HEAD, health),)),
    }
    with opened_site(settings, db, cast) as site:
        yield site


def applied(site, who, content, **fields) -> Import:
    """What somebody brings, looked at and applied by pressing the button."""
    browser = site.browser(who)
    address = bring(browser, content, "report.csv", **fields).location
    work(site)
    browser.post(f"{address}/apply")
    work(site)
    return Import.get_by_id(int(address.rpartition("/")[2]))


def test_before_an_office_has_brought_anything_its_page_says_that_the_states_files_count_for_it(site):
    assert "What GAD imports for the whole State counts for it as well." in site.browser("imran").get("/imports/").text
    assert "Begin with the roster" in site.browser("sunita").get("/imports/").text


def test_a_nodal_officer_brings_a_mixed_file_and_only_the_own_rows_are_written(site, place):
    content = report(
        Kind.CONSUMPTION, row("meena"), row("asha", "District Hospital"), row("imran"), row("x", "Revenue")
    )

    origin = applied(site, "ravi", content)

    imran = Officer.get(Officer.employee_code == f"{SECRET}-1")
    assert (origin.unit_id, origin.state) == (place.health.id, "applied")
    assert {line: outcome for line, (outcome, _why) in by_line(origin).items()} == {
        2: "created",
        3: "created",
        4: "rejected",
        5: "rejected",
    }
    assert learning_of(imran) == 0
    pages = [f"/imports/{origin.id}", f"/imports/{origin.id}/problems.csv", "/imports/", "/imports/queue", "/"]
    shown = [site.browser("ravi").get(path) for path in pages]
    assert [page.status_code for page in shown] == [200] * 5
    assert [path for path, page in zip(pages, shown, strict=True) if SECRET.lower() in page.text.lower()] == []
    assert "Organisations in this file" in words_of(shown[0])


def test_offices_beside_and_above_do_not_see_a_file_those_above_it_do(site, place):
    ours = applied(site, "usha", report(Kind.PLAN, row("asha", "District Hospital"))).id
    locked = Bundle.create(file_name="z.zip", sha256="0" * 64, size_bytes=1, state="locked", unit_id=place.hospital.id,
                           received_at=Import.get_by_id(ours).received_at)  # fmt: skip
    reads = (f"{ours}", f"{ours}/progress", f"{ours}/problems.csv", f"{ours}/problems.xlsx", f"{ours}/undo")
    bundle = f"bundles/{locked.id}"

    for who, status in (("usha", 200), ("ravi", 200), ("noori", 200), ("imran", 404), ("sunita", 200)):
        browser = site.browser(who)
        paths = (*reads, bundle, f"{bundle}/progress")
        assert {browser.get(f"/imports/{path}").status_code for path in paths} == {status}, who
        assert ("report.csv" in browser.get("/imports/").text) == (status == 200)
        assert ("z.zip" in browser.get("/imports/").text) == (status == 200)
    for path in (f"{ours}/apply", f"{ours}/check", f"{ours}/cancel", f"{ours}/discard", f"{ours}/undo",
                 f"{bundle}/unlock", f"{bundle}/apply", f"{bundle}/discard"):  # fmt: skip
        assert site.browser("imran").post(f"/imports/{path}").status_code == 404, path
    assert {site.browser("meena").get(f"/imports/{path}").status_code for path in reads} == {403}
    assert site.browser("usha").get("/imports/courses").status_code == 403


def test_what_the_whole_state_brings_is_not_shown_to_a_nodal_officer(site, place):
    states = applied(site, "sunita", report(Kind.PLAN, row("asha"), row("imran")))

    assert states.unit_id is None
    assert site.browser("ravi").get(f"/imports/{states.id}").status_code == 404
    assert "report.csv" not in site.browser("ravi").get("/imports/").text


def test_the_same_file_brought_elsewhere_before_is_not_mentioned(site, place):
    content = report(Kind.PLAN, row("asha", "Health"), row("imran", "Revenue"))
    applied(site, "imran", content)

    ours = applied(site, "ravi", content)

    assert "The very same file" not in words_of(site.browser("ravi").get(f"/imports/{ours.id}"))
    assert "The very same file" in words_of(site.browser("sunita").get(f"/imports/{ours.id}"))


def test_whoever_holds_several_units_says_for_which_a_single_one_is_said(site, place):
    form = site.browser("noori").get("/imports/")
    assert re.findall(r'<option value="(\d+)"', form.text) == [str(place.health.id), str(place.revenue.id)]
    assert "These files are brought for Health and the offices below it." in words_of(
        site.browser("ravi").get("/imports/")
    )

    chosen = applied(site, "noori", report(Kind.PLAN, row("imran", "Revenue")), unit=str(place.revenue.id))
    beyond = bring(site.browser("noori"), report(Kind.PLAN, row("asha")), unit=str(place.hospital.id))

    assert (chosen.unit_id, beyond.status_code) == (place.revenue.id, 422)


def test_a_nodal_officer_cannot_widen_the_reach_by_what_the_form_sends(site, place):
    content = report(Kind.PLAN, row("asha"))

    bring(site.browser("ravi"), content, unit=str(place.revenue.id), create_units="y")

    origin = Import.get()
    assert (origin.unit_id, origin.creates_units) == (place.health.id, False)


def test_files_of_an_archive_are_all_for_the_unit(site, place):
    plan, users = (report(kind, row("asha")) for kind in (Kind.PLAN, Kind.USER))
    packed = archive_of(Packed(b"a.csv", plan), Packed(b"b.csv", users))

    bring(site.browser("ravi"), packed, "reports.zip")
    work(site)

    assert {origin.unit_id for origin in Import.select()} == {place.health.id}
    assert [bundle.unit_id for bundle in Bundle.select()] == [place.health.id]


def test_a_nodal_officer_undoes_an_import_of_the_unit_and_no_other(site, place):
    asha = Officer.get(Officer.employee_code == "E-ASHA")
    ours = applied(site, "ravi", report(Kind.CONSUMPTION, row("asha")))
    assert learning_of(asha) == 1

    site.browser("imran").post(f"/imports/{ours.id}/undo")
    work(site)
    assert learning_of(asha) == 1
    site.browser("ravi").post(f"/imports/{ours.id}/undo")
    work(site)

    assert (learning_of(asha), Import.get_by_id(ours.id).state) == (0, "undone")


def test_a_later_import_that_keeps_one_from_undoing_is_named_only_to_who_may_open_it(site, place):
    ours = applied(site, "ravi", report(Kind.CONSUMPTION, row("asha")))
    newer = row("asha", generated_at="2026-03-02 11:30:47 AM")
    later = applied(site, "sunita", report(Kind.CONSUMPTION, newer))

    asked = site.browser("ravi").get(f"/imports/{ours.id}/undo")

    assert f'href="/imports/{later.id}"' not in asked.text
    assert f'href="/imports/{later.id}"' in site.browser("sunita").get(f"/imports/{ours.id}/undo").text


# The queue


def waiting(site, who, told="Health", **facts) -> int:
    origin = applied(site, who, report(Kind.PLAN, row("nobody", told, **facts)))
    assert origin.queued == 1
    return QueuedPerson.get(QueuedPerson.unit_id == (origin.unit_id or 0)).id


def test_each_office_has_its_own_queue_and_gad_has_all(site, place):
    ours, theirs = waiting(site, "ravi"), waiting(site, "imran", "Revenue", full_name="Their own telling")

    for who, seen in (("ravi", [ours]), ("imran", [theirs]), ("usha", []), ("sunita", [ours, theirs])):
        page = site.browser(who).get("/imports/queue")
        assert [int(one) for one in re.findall(r'name="person" value="(\d+)"', page.text)] == seen, who
    assert "Their own telling" not in site.browser("ravi").get(f"/imports/queue/{ours}").text
    browser = site.browser("ravi")
    assert browser.get(f"/imports/queue/{theirs}").status_code == 404
    assert browser.get(f"/imports/queue/{theirs}/create").status_code == 404
    asha = Officer.get(Officer.employee_code == "E-ASHA")
    assert browser.post("/imports/queue/link", {"pair": f"{theirs}:{asha.id}"}).status_code == 404
    browser.post("/imports/queue/aside", {"person": str(theirs), "remark": "x"})
    browser.post("/imports/queue/retry", {"person": str(theirs)})
    assert QueueAnswer.select().count() == 0
    assert site.browser("thomas").get("/imports/queue").status_code == 403


def test_an_officer_outside_is_neither_shown_nor_linked(site, place):
    imran = Officer.get(Officer.employee_code == f"{SECRET}-1")
    OfficerKey.create(kind="phone", value="9876500001", officer=imran)
    origin = applied(site, "ravi", report(Kind.CONSUMPTION, row("asha", phone="9876500001")))
    person = QueuedPerson.get().id
    browser = site.browser("ravi")

    asha = Officer.get(Officer.employee_code == "E-ASHA")
    paths = (
        "/imports/queue",
        f"/imports/queue/{person}",
        f"/imports/queue/{person}?q=Khan",
        f"/imports/queue/link?person={person}&officer={asha.id}",
        f"/imports/{origin.id}?outcome=queued",
    )
    shown = [re.sub(r'value="[^"]*"', "", browser.get(path).text) for path in paths]
    assert [path for path, text in zip(paths, shown, strict=True) if SECRET in text] == []
    assert "an officer outside your office" in shown[0]
    assert "outside your office" in shown[3]
    assert browser.get(f"/imports/queue/link?person={person}&officer={imran.id}").status_code == 404
    assert browser.post("/imports/queue/link", {"pair": f"{person}:{imran.id}"}).status_code == 404
    assert QueueAnswer.select().count() == 0

    assert SECRET in site.browser("sunita").get(f"/imports/queue/{person}").text


def test_a_nodal_officer_links_to_an_own_officer_and_takes_it_back(site, place):
    person, asha = waiting(site, "ravi"), Officer.get(Officer.employee_code == "E-ASHA")

    done = site.browser("ravi").post("/imports/queue/link", {"pair": f"{person}:{asha.id}"})

    answer = QueueAnswer.get()
    assert (done.status_code, answer.unit_id, learning_of(asha)) == (302, place.health.id, 1)
    assert {origin.unit_id for origin in Import.select()} == {place.health.id}
    address = f"/imports/queue/answers/{answer.id}"
    assert {who: site.browser(who).get(address).status_code for who in ("ravi", "imran", "usha", "sunita")} == {
        "ravi": 200,
        "imran": 404,
        "usha": 404,
        "sunita": 200,
    }
    assert site.browser("imran").post(f"{address}/undo").status_code == 404
    site.browser("ravi").post(f"{address}/undo")
    assert learning_of(asha) == 0


def test_an_officer_who_has_left_since_is_not_named_under_an_answer(site, place):
    person, asha = waiting(site, "ravi"), Officer.get(Officer.employee_code == "E-ASHA")
    site.browser("ravi").post("/imports/queue/link", {"pair": f"{person}:{asha.id}"})
    address = f"/imports/queue/answers/{QueueAnswer.get().id}"
    assert "E-ASHA" in site.browser("ravi").get(address).text

    Posting.update(unit=place.tehsil).where(Posting.officer == asha).execute()

    assert "E-ASHA" not in site.browser("ravi").get(address).text
    assert "E-ASHA" in site.browser("sunita").get(address).text


def test_rows_are_not_linked_past_the_office_their_file_was_brought_for(site, place):
    """Noori reads officers of both departments, but the file was for one."""
    origin = applied(site, "noori", report(Kind.PLAN, row("nobody")), unit=str(place.health.id))
    person, imran = QueuedPerson.get().id, Officer.get(Officer.employee_code == f"{SECRET}-1")

    done = site.browser("noori").post("/imports/queue/link", {"pair": f"{person}:{imran.id}"})

    assert (done.status_code, QueueAnswer.select().count(), learning_of(imran)) == (422, 0, 0)
    assert origin.unit_id == place.health.id


def test_gad_answers_for_all_and_a_nodal_officer_reads_that_it_did(site, place):
    person, imran = waiting(site, "ravi"), Officer.get(Officer.employee_code == f"{SECRET}-1")

    site.browser("sunita").post("/imports/queue/link", {"pair": f"{person}:{imran.id}"})

    page = site.browser("ravi").get(f"/imports/queue/{person}")
    assert learning_of(imran) == 1
    assert "GAD has answered this." in words_of(page)
    assert SECRET not in page.text
    assert SECRET not in site.browser("ravi").get("/imports/queue?state=linked").text


NEWCOMER = {"employee_code": "N-1", "name_en": "Bela Rai", "designation": "CLERK", "state_class": "III",
            "joined_on": "2020-01-01"}  # fmt: skip


def test_officers_are_created_in_own_offices_only(site, place):
    person, browser = waiting(site, "ravi"), site.browser("ravi")
    address = f"/imports/queue/{person}/create"

    beyond = browser.post(address, NEWCOMER | {"unit": str(place.tehsil.id)})
    taken = browser.post(address, NEWCOMER | {"unit": str(place.hospital.id), "employee_code": f"{SECRET}-1"})
    assert (beyond.status_code, taken.status_code) == (422, 422)
    assert "outside your office" in words_of(taken)
    assert "Khan" not in taken.text
    assert QueueAnswer.select().count() == 0

    done = browser.post(address, NEWCOMER | {"unit": str(place.hospital.id)})
    created = Officer.get(Officer.employee_code == "N-1")
    assert (done.status_code, learning_of(created)) == (302, 1)


def test_offices_elsewhere_are_not_offered_to_a_newcomer(site, place):
    make_office(place.revenue, OrgUnit.get(OrgUnit.kind == "district"), "District Hospital")
    person = waiting(site, "ravi", organization="District Hospital")

    offered = re.findall(r"<li>(\d+) ·", site.browser("ravi").get(f"/imports/queue/{person}/create").text)

    assert offered == [str(place.hospital.id)]


def test_trying_again_takes_in_who_is_known_by_now_within_reach_alone(site, place):
    inside = applied(site, "ravi", report(Kind.PLAN, row("one"), row("two")))
    imran, asha = (Officer.get(Officer.employee_code == code) for code in (f"{SECRET}-1", "E-ASHA"))
    OfficerKey.create(kind="email", value="one@cg.example.in", officer=asha)
    OfficerKey.create(kind="email", value="two@cg.example.in", officer=imran)
    open_account(1, "ravi", Role.NODAL, unit=place.health)

    ravi = site.browser("ravi")
    ravi.post("/imports/queue/retry")
    before, _done = ravi.get("/imports/queue?lang=en").text, work(site)
    after = ravi.get("/imports/queue?lang=en").text

    assert ["being tried again" in page for page in (before, after)] == [True, False]
    assert "1 row was tried again." in after
    assert (learning_of(asha), learning_of(imran)) == (1, 0)
    left = ImportRow.select().where((ImportRow.origin == inside) & ImportRow.settled_by.is_null())
    assert [one.row_number for one in left if one.outcome == "queued"] == [3]


def test_the_desk_counts_what_waits_in_own_files(site, place):
    waiting(site, "ravi")
    waiting(site, "imran", "Revenue")
    bring(site.browser("imran"), report(Kind.PLAN, row("imran", "Revenue")))
    work(site)

    desk = words_of(site.browser("ravi").get("/"))

    assert "Your iGOT files" in desk
    assert re.findall(r"(\d+) People in the match queue", desk) == ["1"]
    assert "Imports checked and not applied" not in desk


def test_forms_of_an_import_are_for_whoever_may_press_them(site, place):
    address = bring(site.browser("ravi"), report(Kind.PLAN, row("asha"))).location
    work(site)

    assert forms_on(site.browser("ravi").get(address)) == {f"{address}/apply", f"{address}/discard"}
    assert forms_on(site.browser("thomas").get(address)) == set()
