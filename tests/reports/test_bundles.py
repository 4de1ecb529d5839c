"""Files that come in together: the portal's locked zip, several files at once, and what each of them becomes."""

import io
import json

import pytest

from karmyogi.core.errors import BadFile, RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.reports import service
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Bundle, Import
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry
from tests.store.books import book_of
from tests.store.zips import Packed, archive_of
from tests.worlds import DATA, SAMPLE

EXPECTED = json.loads((DATA / "expected.json").read_text())
PASSWORD = "Nodal@2026"
ROSTER, USERS, PLAN, ENROLMENTS = ((DATA / name).read_bytes() for name in SAMPLE)
BROUGHT = service.Brought(SYSTEM, creates_units=True)


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def upload(content: bytes, name: str = "reports.zip") -> service.Upload:
    return service.Upload(name, io.BytesIO(content))


def everything(lock: str = "") -> bytes:
    """What the portal gives, in the wrong order, in folders, with a roster and debris beside it."""
    members = {
        "संगठन/user-enrollment-report.csv": ENROLMENTS,
        "संगठन/cbp/cbp-report-mdo-enrolment.csv": PLAN,
        "user-report.csv": USERS,
        "roster.csv": ROSTER,
        "__MACOSX/._roster.csv": b"\0\5\x16\7",
    }
    return archive_of(*[Packed(name.encode(), content, lock, PASSWORD) for name, content in members.items()])


def states() -> dict[str, str]:
    return {origin.file_name: origin.state for origin in Import.select().order_by(Import.id)}


@pytest.mark.parametrize("lock", ["classic", "aes-2"])
def test_the_portals_locked_zip_is_applied_in_the_order_that_fits_its_reports(installed_db, files, lock):
    [bundle] = service.bring([upload(everything(lock))], files, BROUGHT, password=PASSWORD)
    told = service.apply_all(bundle, files, by=SYSTEM)

    applied = Import.select().order_by(Import.applied_at)
    assert told == {"applied": 4}
    assert [origin.kind for origin in applied] == ["roster", "user", "plan", "consumption"]
    assert [origin.packed_as for origin in applied][-1] == "संगठन/user-enrollment-report.csv"
    assert applied[0].created == EXPECTED["officers"]
    assert {k: v for k, v in service.counts(applied[3]).items() if v} == EXPECTED["enrolment_outcomes"]
    assert {origin.bundle_id for origin in applied} == {bundle.id}


def test_a_locked_archive_is_kept_until_its_password_comes(installed_db, files):
    [bundle] = service.bring([upload(everything("aes-2"))], files, BROUGHT)
    waits = (bundle.state, Import.select().count())
    with pytest.raises(BadFile) as wrong:
        service.unlock(bundle, files, password="nodal@2026", by=SYSTEM)
    still = (Bundle.get().state, Import.select().count())
    service.unlock(bundle, files, password=PASSWORD, by=SYSTEM)

    assert waits == still == ("locked", 0)
    assert [reason.code for reason in wrong.value.reasons] == ["archive_password_wrong"]
    assert (Bundle.get().state, Import.select().count()) == ("opened", 4)
    with pytest.raises(RuleBroken):
        service.unlock(bundle, files, password=PASSWORD, by=SYSTEM)


def test_a_password_is_stored_nowhere(installed_db, files, caplog):
    [bundle] = service.bring([upload(everything("aes-2"))], files, BROUGHT, password="wrong")
    service.unlock(bundle, files, password=PASSWORD, by=SYSTEM)
    service.ask_for_checks(bundle, by=SYSTEM)

    stored = [database.execute_sql(f'SELECT * FROM "{table}"').fetchall() for table in database.get_tables()]
    assert JobRun.select().count() == 4
    assert [found for found in (str(stored), caplog.text) if PASSWORD in found] == []


def test_an_archive_set_aside_is_not_opened_any_longer(installed_db, files):
    [bundle] = service.bring([upload(everything("classic"))], files, BROUGHT)
    service.discard_bundle(bundle, by=SYSTEM)

    with pytest.raises(RuleBroken):
        service.unlock(bundle, files, password=PASSWORD, by=SYSTEM)
    assert (Bundle.get().state, Import.select().count()) == ("discarded", 0)
    acts = [entry.action for entry in TrailEntry.select().where(TrailEntry.subject == "import_bundle")]
    assert acts == ["bundle.receive", "bundle.discard"]


def test_foreign_files_are_refused_one_by_one_and_the_rest_goes_on(installed_db, files):
    inner = archive_of(Packed(b"user-report.csv", USERS))
    content = archive_of(
        Packed(b"logo.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        Packed(b"nested.zip", inner),
        Packed(b"list.csv", b"a,b,c\n1,2,3\n"),
        Packed(b"roster.csv", ROSTER),
        Packed(b"spoilt.csv", USERS, claimed=7),
    )

    [bundle] = service.bring([upload(content)], files, BROUGHT)
    service.apply_all(bundle, files, by=SYSTEM)

    assert states() == {"logo.png": "refused", "nested.zip": "refused", "list.csv": "refused", "roster.csv": "applied"}
    assert bundle.left_out == [["spoilt.csv", "archive_member_damaged", {}]]
    assert Import.get(Import.file_name == "nested.zip").refusal == [["sheet_is_zip", {}]]


def test_several_files_chosen_at_once_are_one_bundle_and_one_file_is_none(installed_db, files):
    workbook = book_of([line.split(",") for line in ["a,b,c", "1,2,3"]])
    together = service.bring([upload(ROSTER, "roster.csv"), upload(workbook, "list.xlsx")], files, BROUGHT)
    alone = service.bring([upload(ROSTER, "roster.csv")], files, BROUGHT)

    assert [type(one) for one in together + alone] == [Bundle, Import]
    assert [origin.bundle_id for origin in Import.select().order_by(Import.id)] == [1, 1, None]


@pytest.mark.parametrize(
    ("content", "code"),
    [(archive_of(Packed(b"__MACOSX/x", b"x")), "archive_empty"), (everything()[:-10], "sheet_package_damaged")],
)
def test_an_archive_that_cannot_be_opened_is_a_refused_import(installed_db, files, content, code):
    [origin] = service.bring([upload(content)], files, BROUGHT)
    if origin.state == "received":
        service.check(origin, files)

    assert (origin.state, origin.refusal) == ("refused", [[code, {}]])


def test_applying_all_stops_at_the_first_that_cannot_be_applied_and_says_which(installed_db, files):
    [bundle] = service.bring([upload(everything())], files, BROUGHT)
    for origin in service.waiting_in(bundle):
        service.check(origin, files)
    plan = Import.get(Import.kind == "plan")
    files.path_of(plan.sha256, kind="report").unlink()
    for read_before in files.scratch.iterdir():
        read_before.unlink()

    with pytest.raises(RuleBroken) as stopped:
        service.apply_all(bundle, files, by=SYSTEM)

    assert [reason.code for reason in stopped.value.reasons] == ["bundle_stopped", "file_not_there"]
    assert stopped.value.reasons[0].facts == {"file": "cbp-report-mdo-enrolment.csv"}
    assert list(states().values()) == ["checked", "checked", "applied", "applied"]


def test_a_workbook_comes_to_the_same_as_the_report_it_was_saved_from(installed_db, files):
    import csv

    tables = [list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) for content in (ROSTER, USERS)]
    for table in tables:
        [origin] = service.bring([upload(book_of(table, names=("रिपोर्ट",)), "report.xlsx")], files, BROUGHT)
        service.apply(service.check(origin, files), files, by=SYSTEM)

    roster, users = Import.select().order_by(Import.id)
    assert roster.created == EXPECTED["officers"]
    assert {k: v for k, v in service.counts(users).items() if v} == EXPECTED["user_report_outcomes"]
    assert (users.container, users.sheet_name, users.sheets_unread) == ("workbook", "रिपोर्ट", [])
