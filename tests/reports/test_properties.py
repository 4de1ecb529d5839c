"""Of any files in any order: counts add up, the same again changes nothing, undoing gives the database as before."""

import io
import os
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.reports import service
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportChange
from tests.reports.dump import dump
from tests.reports.small_world import any_files

WORLDS = int(os.environ.get("KARMYOGI_WORLDS", "8"))  # drawn for each property and engine; more by hand
FEW = settings(max_examples=WORLDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def take(files, drawn):
    """The import of a drawn file, applied."""
    kind, content, day = drawn
    options = {"name": f"{kind}.csv", "creates_units": True, "as_on": date.fromisoformat(day)}
    origin = service.receive(io.BytesIO(content), files, by=SYSTEM, **options)
    return service.apply(service.check(origin, files), files, by=SYSTEM)


@given(any_files(max_size=4))
@FEW
def test_each_import_undone_in_reverse_order_gives_the_database_as_it_was_before_it(installed_db, files, drawn):
    with database.atomic() as trial:
        states, taken = [dump()], []
        for each in drawn:
            taken.append(take(files, each))
            states.append(dump())

        for origin, before in zip(reversed(taken), reversed(states[:-1]), strict=True):
            service.undo(origin, by=SYSTEM)
            assert dump() == before
        trial.rollback()


@given(any_files(max_size=3))
@FEW
def test_the_last_file_again_changes_nothing_and_keeps_nothing(installed_db, files, drawn):
    """Unless rows of it waited: the file itself may have taught whose they are."""
    with database.atomic() as trial:
        last = [take(files, each) for each in drawn][-1]
        before, kept = dump(), ImportChange.select().count()

        again = take(files, drawn[-1])

        if not last.queued:
            assert dump() == before
            assert ImportChange.select().count() == kept + 1  # its mark
        service.undo(again, by=SYSTEM)
        assert dump() == before
        trial.rollback()


@given(any_files(min_size=1, max_size=4))
@FEW
def test_what_may_be_undone_in_the_middle_leaves_the_rest_such_that_it_can_be_undone_too(installed_db, files, drawn):
    with database.atomic() as trial:
        before = dump()
        taken = [take(files, each) for each in drawn]

        left = [origin for origin in taken if not is_undone(origin)]
        for origin in reversed(left):
            service.undo(origin, by=SYSTEM)

        assert dump() == before
        trial.rollback()


def is_undone(origin):
    """Whether it could be undone though others came later."""
    try:
        service.undo(origin, by=SYSTEM)
    except RuleBroken:
        return False
    return True


@given(any_files(max_size=4))
@FEW
def test_the_outcomes_of_any_file_add_up_to_its_rows(installed_db, files, drawn):
    with database.atomic() as trial:
        taken = [take(files, each) for each in drawn]

        for origin, (_kind, content, _day) in zip(taken, drawn, strict=True):
            stored = Import.get_by_id(origin.id)
            assert sum(service.counts(stored).values()) == stored.row_count == content.count(b"\n") - 1
        trial.rollback()
