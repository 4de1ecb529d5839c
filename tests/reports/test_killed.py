"""A worker killed with SIGKILL in the middle of an import: all of it is there or nothing, and another one resumes."""

import os
import signal

import pytest

from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM
from karmyogi.reports import service
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportChange
from karmyogi.store.jobs import LEASE, JobRun
from karmyogi.store.trail import TrailEntry, broken_link
from tests.conftest import opened
from tests.processes import FORK
from tests.reports.dump import dump
from tests.reports.test_service import ASHA, NEW, RAVI, consumption, row

# A statement of each step: reading, comparing, and every kind of write in the one transaction.
APPLYING = (
    "CREATE TEMPORARY TABLE staged",
    "CREATE TEMPORARY TABLE judged",
    'UPDATE "import" SET',
    "INSERT INTO import_change",
    "INSERT INTO enrolment",
    "INSERT INTO completion",
    'DELETE FROM "import_row"',
    'INSERT INTO "trail_entry"',
)
UNDOING = ('UPDATE "import" SET', "UPDATE enrolment SET", "DELETE FROM completion", 'DELETE FROM "import_change"')


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


@pytest.fixture
def checked(imported_db, files):
    """A report that changes one enrolment and creates another, looked at and not applied."""
    bring(files, row(ASHA, NEW))
    return bring(files, row(ASHA, NEW, status="in-progress", report="2026-03-02"), row(RAVI, NEW), applied=False)


def bring(files, *rows, applied=True):
    origin = service.receive(consumption(*rows), files, name="x.csv", by=SYSTEM)
    service.check(origin, files)
    return service.apply(origin, files, by=SYSTEM) if applied else origin


def apply_once(number, files, at):
    origin = Import.get_by_id(number)
    return jobs.run_once(
        "import-apply", str(number), lambda run: service.apply(origin, files, by=SYSTEM, run=run), at=at
    )


def undo_once(number, _files, at):
    origin = Import.get_by_id(number)
    return jobs.run_once("import-undo", str(number), lambda run: service.undo(origin, by=SYSTEM, run=run), at=at)


def killed_at(statement, url, work, *task):
    """Whether a process doing this work died when it came to such a statement."""
    database.close_all()  # a child must not inherit a connection
    process = FORK.Process(target=_die_at, args=(statement, url, work, task))
    process.start()
    process.join()
    database.connect()
    return process.exitcode == -signal.SIGKILL


def _die_at(statement, url, work, task):
    def listen(event):
        if event.sql.lstrip().startswith(statement):
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(url):
        database.obj.query_hooks[:] = [listen]
        work(*task)
    os._exit(0)


@pytest.mark.parametrize("statement", APPLYING)
def test_whoever_is_killed_while_applying_leaves_nothing_and_another_applies_it_all(
    imported_db, files, checked, statement
):
    before = dump()

    assert killed_at(statement, imported_db, apply_once, checked.id, files, now())
    found = dump(), Import.get_by_id(checked.id).state, ImportChange.select().where(of(checked)).count()
    too_early = apply_once(checked.id, files, now())
    resumed = apply_once(checked.id, files, now() + LEASE)

    assert found == (before, "checked", 0)
    assert (too_early, resumed) == (False, True)
    assert (Import.get_by_id(checked.id).state, JobRun.get().attempts) == ("applied", 2)
    assert (
        TrailEntry.select().where(TrailEntry.action == "import.apply", TrailEntry.subject_id == checked.id).count() == 1
    )
    assert broken_link() is None
    service.undo(Import.get_by_id(checked.id), by=SYSTEM)
    assert dump() == before


def of(origin):
    return ImportChange.import_id == origin.id


@pytest.mark.parametrize("statement", UNDOING)
def test_whoever_is_killed_while_undoing_leaves_all_as_it_was_and_another_undoes_it(
    imported_db, files, checked, statement
):
    before = dump()
    service.apply(checked, files, by=SYSTEM)
    applied = dump()

    assert killed_at(statement, imported_db, undo_once, checked.id, files, now())
    found = dump(), Import.get_by_id(checked.id).state
    resumed = undo_once(checked.id, files, now() + LEASE)

    assert found == (applied, "applied")
    assert (resumed, dump(), Import.get_by_id(checked.id).state) == (True, before, "undone")


def test_called_off_while_it_is_compared_nothing_is_written_and_it_can_be_asked_for_again(imported_db, files, checked):
    """Somebody presses the button just before the writing begins."""
    before = dump()

    def press(event):
        if event.sql.startswith("CREATE TEMPORARY TABLE judged"):
            JobRun.update(cancel_asked=True).execute()

    database.obj.query_hooks.append(press)
    called_off = apply_once(checked.id, files, now())
    database.obj.query_hooks.remove(press)
    found = dump(), Import.get_by_id(checked.id).state, JobRun.get().state
    jobs.ask_again(JobRun.get(), by=SYSTEM)

    assert (called_off, found) == (False, (before, "checked", "cancelled"))
    assert apply_once(checked.id, files, now())
