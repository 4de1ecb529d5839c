"""The page of imports: who brings a file, what it shows before anything is written, and that it is done once."""

import csv
import io
import re

import pytest

from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.people.models import Officer
from karmyogi.reports.rules import FIX, REASON
from karmyogi.schedule.worker import work_off_queue
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun, claim
from karmyogi.store.trail import TrailEntry, broken_link
from tests.store.books import book_of
from tests.store.zips import Packed, archive_of
from tests.visitors import words_of
from tests.web.site import opened_site
from tests.worlds import DATA

CAST = {
    "asha": Actor(1, "Asha", 101, (Grant(Role.EMPLOYEE),)),
    "meena": Actor(2, "Meena", 102, (Grant(Role.HEAD, "/1/7/"),)),
    "ravi": Actor(3, "Ravi", 103, (Grant(Role.NODAL, "/1/7/"),)),
    "sunita": Actor(4, "Sunita", 104, (Grant(Role.GAD),)),
    "lakshmi": Actor(5, "Lakshmi", 105, (Grant(Role.APPROVER),)),
    "thomas": Actor(6, "Thomas", 106, (Grant(Role.AUDITOR),)),
    "gopal": Actor(7, "Gopal", 107, (Grant(Role.SYSADMIN),)),
}


@pytest.fixture
def site(installed_db, settings):
    with opened_site(settings, installed_db, CAST) as site:
        yield site


@pytest.fixture
def sunita(site):
    return site.browser("sunita")


def roster(*rows: int, **changes: str) -> bytes:
    """The header and some rows of the sample roster, counted from one."""
    lines = (DATA / "roster.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([lines[0], *(lines[row] for row in rows)]) + "\n"
    for before, after in changes.items():
        text = text.replace(before, after)
    return text.encode()


def bring(browser, content: bytes, name: str = "roster.csv", **fields: str):
    data = {"file": (io.BytesIO(content), name), **fields}
    return browser.post("/imports/", data, content_type="multipart/form-data")


def work(site) -> int:
    """The worker looks at the queue once."""
    with site.app.app_context():
        done = work_off_queue(at=now())
    database.connect(reuse_if_open=True)
    return done


# ── Bringing and applying ──


def test_sunita_brings_a_roster_sees_what_it_would_do_and_applies_it(site, sunita):
    brought = bring(sunita, roster(1, 2), create_units="y")
    waiting = sunita.get(brought.location)
    work(site)
    looked, officers_then = sunita.get(brought.location), Officer.select().count()

    pressed = sunita.post(f"{brought.location}/apply")
    work(site)

    assert (brought.status_code, pressed.status_code) == (302, 302)
    assert forms_on(waiting) == {f"{brought.location}/cancel"}
    assert forms_on(looked) == {f"{brought.location}/apply", f"{brought.location}/discard"}
    assert (officers_then, Officer.select().count(), Import.get().state) == (0, 2, "applied")
    assert forms_on(sunita.get(brought.location)) == set()
    assert broken_link() is None


def forms_on(page) -> set[str]:
    return set(re.findall(r'<form method="post" action="([^"]+)"', page.text.partition("<main")[2]))


def test_how_far_the_work_is_can_be_asked_until_it_is_done(site, sunita):
    address = bring(sunita, roster(1), create_units="y").location

    before = sunita.get(f"{address}/progress").json
    work(site)
    after = sunita.get(f"{address}/progress").json

    assert (before["finished"], before["done"], before["text"]) == (False, 0, "Waiting for the worker")
    assert (after["finished"], after["done"], after["url"]) == (True, 1000, address)


def test_an_import_set_aside_writes_nothing_and_cannot_be_applied(site, sunita):
    address = bring(sunita, roster(1, 2), create_units="y").location
    work(site)

    sunita.post(f"{address}/discard")
    sunita.post(f"{address}/apply")

    assert (work(site), Import.get().state, Officer.select().count()) == (0, "discarded", 0)
    assert sunita.post(f"{address}/discard").status_code == 422


def test_an_import_set_aside_while_the_worker_looks_at_it_stays_aside(site, sunita):
    address = bring(sunita, roster(1), create_units="y").location
    sunita.post(f"{address}/discard")

    assert work(site) == 0
    assert Import.get().state == "discarded"


def test_pressing_twice_applies_once(site, sunita):
    address = bring(sunita, roster(1, 2), create_units="y").location
    work(site)

    sunita.post(f"{address}/apply")
    sunita.post(f"{address}/apply")

    assert (work(site), work(site)) == (1, 0)
    assert TrailEntry.select().where(TrailEntry.action == "import.apply").count() == 1


def test_an_import_whose_applying_failed_can_be_applied_again(site, sunita):
    address = bring(sunita, roster(1), create_units="y").location
    work(site)
    sunita.post(f"{address}/apply")
    claim("import-apply", str(Import.get().id))
    JobRun.update(state="failed", finished_at=JobRun.queued_at).where(JobRun.job == "import-apply").execute()

    sunita.post(f"{address}/apply")

    assert (work(site), Import.get().state) == (1, "applied")


def test_the_very_same_file_again_is_said_to_be_the_same(site, sunita):
    first = bring(sunita, roster(1), create_units="y").location
    work(site)
    sunita.post(f"{first}/apply")
    work(site)

    second = bring(sunita, roster(1), create_units="y").location
    work(site)

    assert words_of(sunita.get(second)).count("The very same file has been applied before") == 1
    assert Import.get_by_id(int(second.rpartition("/")[2])).unchanged == 1


# ── What is not taken ──


def test_a_foreign_file_is_refused_with_the_reason_on_its_page(site, sunita):
    address = bring(sunita, b"dish,price\nidli,30\n", "menu.csv").location
    work(site)

    page = sunita.get(address)

    assert (page.status_code, Import.get().state) == (200, "refused")
    assert words_of(page).count("This file was not taken") == 1
    assert forms_on(page) == set()


def test_without_a_file_the_page_says_so_and_keeps_nothing(site, sunita):
    answers = [sunita.post("/imports/"), bring(sunita, b"x", "")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert words_of(answers[0]).count("Fill in this field.") >= 1
    assert Import.select().count() == 0


def test_a_file_larger_than_other_forms_may_send_is_taken(site, sunita):
    large = roster(1) + b"\n" * (13 * 1024 * 1024)

    assert bring(sunita, large).status_code == 302
    assert Import.get().size_bytes == len(large)


def test_a_form_of_another_page_may_not_be_as_large(site, sunita):
    answer = sunita.post("/months", {"month": "x" * (13 * 1024 * 1024)})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("कर्मचारी सूची जनवरी.csv", "कर्मचारी सूची जनवरी.csv"),
        ("../../etc/passwd.csv", "../../etc/passwd.csv"),
        ("<b>bold</b>.csv", "<b>bold</b>.csv"),
        ("x" * 500 + ".csv", "x" * 200),
    ],
    ids=["hindi", "climbing", "html", "long"],
)
def test_a_name_of_a_file_is_text_and_nothing_else(site, sunita, name, kept):
    bring(sunita, roster(1), name)

    assert Import.get().file_name == kept
    assert "<b>bold" not in sunita.get("/imports/").text


# ── Rows worth a look ──


def test_rows_that_need_attention_are_listed_and_can_be_taken_home_without_running_anything(site, sunita):
    address = bring(sunita, roster(1, 2, **{"Kamla Prasad Nishad": "=cmd|'/C calc'!A0"})).location
    work(site)

    page = sunita.get(address)
    download = sunita.get(f"{address}/problems.csv")

    assert words_of(page).count("The department, district or office of this row is not among") == 2
    rows = list(csv.DictReader(io.StringIO(download.text.removeprefix("\ufeff"))))
    assert rows[0]["name_en"] == "'=cmd|'/C calc'!A0"
    assert [row[REASON][:6] for row in rows] == [f"[{Import.get().id}/2] ", f"[{Import.get().id}/3] "]
    assert " / Correct the name, or import again and let missing units be created." in rows[0][FIX]
    assert download.headers["Content-Disposition"] == f"attachment; filename=import-{Import.get().id}-problems.csv"


# ── Several files, archives and passwords ──

PASSWORD = "Nodal@2026"


def locked_zip() -> bytes:
    users = (DATA / "user-report.csv").read_bytes()
    members = {"रिपोर्ट/user-report.csv": users, "roster.csv": roster(1, 2), "note.txt": b"hello"}
    return archive_of(*[Packed(name.encode(), content, "aes-2", PASSWORD) for name, content in members.items()])


def test_sunita_brings_the_portals_zip_types_its_password_and_applies_all(site, sunita):
    brought = bring(sunita, locked_zip(), "reports.zip", create_units="y")
    asked = sunita.get(brought.location)
    wrong = sunita.post(f"{brought.location}/unlock", {"password": "nodal"})
    opened = sunita.post(f"{brought.location}/unlock", {"password": PASSWORD})
    checked = work(site)
    looked, officers_then = sunita.get(brought.location), Officer.select().count()
    sunita.post(f"{brought.location}/apply")
    applied = work(site)

    assert (brought.status_code, wrong.status_code, opened.status_code) == (302, 422, 302)
    assert "The archive waits for its password" in words_of(asked)
    assert "Created" in words_of(looked)  # a column's word in the reader's language, not in the first one's
    assert "does not open with this password" in words_of(wrong)
    assert PASSWORD not in opened.text + looked.text
    assert (checked, applied, officers_then) == (3, 1, 0)
    assert forms_on(looked) == {f"{brought.location}/apply"}
    assert {origin.file_name: origin.state for origin in Import.select()} == {
        "user-report.csv": "applied",
        "roster.csv": "applied",
        "note.txt": "refused",
    }
    assert broken_link() is None


def test_a_password_sent_with_the_zip_opens_it_at_once(site, sunita):
    brought = bring(sunita, locked_zip(), "reports.zip", password=PASSWORD)
    before = sunita.get(f"{brought.location}/progress").json
    work(site)
    after = sunita.get(f"{brought.location}/progress").json

    assert (before["finished"], before["done"], before["total"]) == (False, 0, 3)
    assert (after["finished"], after["done"], after["url"]) == (True, 3, brought.location)


def test_an_archive_set_aside_asks_for_no_password_any_longer(site, sunita):
    brought = bring(sunita, locked_zip(), "reports.zip")
    on_the_list = sunita.get("/imports/")
    sunita.post(f"{brought.location}/discard")

    assert "An archive waits for its password" in words_of(on_the_list)
    assert "An archive waits for its password" not in words_of(sunita.get("/imports/"))
    assert forms_on(sunita.get(brought.location)) == set()
    assert sunita.post(f"{brought.location}/unlock", {"password": PASSWORD}).status_code == 422


def test_several_files_at_once_have_one_page(site, sunita):
    data = {"file": [(io.BytesIO(roster(1)), "one.csv"), (io.BytesIO(roster(2)), "two.csv")], "create_units": "y"}
    brought = sunita.post("/imports/", data, content_type="multipart/form-data")
    work(site)
    page = sunita.get(brought.location)

    assert brought.location == "/imports/bundles/1"
    assert re.findall(r'<a href="/imports/(\d+)"', page.text) == ["1", "2"]


def test_a_script_that_sends_the_form_is_told_where_to_go(site, sunita):
    data = {"file": (io.BytesIO(roster(1)), "one.csv")}

    told = sunita.post("/imports/", data, content_type="multipart/form-data", headers={"Accept": "application/json"})

    assert told.json == {"url": "/imports/1"}


def test_where_applying_all_stopped_is_said_until_it_is_put_right(site, sunita, settings):
    address = bring(sunita, locked_zip(), "reports.zip", password=PASSWORD, create_units="y").location
    work(site)
    users = Import.get(Import.kind == "user")
    lost = open_files(settings.media_url).path_of(users.sha256, kind="report")
    content = lost.read_bytes()
    lost.unlink()
    sunita.post(f"{address}/apply")
    work(site)
    stopped = sunita.get(address)
    lost.write_bytes(content)
    sunita.post(f"{address}/apply")
    work(site)

    assert "It stopped at “user-report.csv”" in words_of(stopped)
    assert "It stopped at" not in words_of(sunita.get(address))
    assert {origin.state for origin in Import.select().where(Import.kind.is_null(False))} == {"applied"}


def test_a_workbook_with_more_sheets_says_which_was_read(site, sunita):
    table = [line.split(",") for line in roster(1, 2).decode().splitlines()]
    book = book_of(table, table, names=("Roster", "Copy"))
    address = bring(sunita, book, "roster.xlsx", create_units="y").location
    work(site)
    page = words_of(sunita.get(address))

    assert "The sheet “Roster” was read. These hold tables too: Copy." in page
    assert "Excel workbook" in page
