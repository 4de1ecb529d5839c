"""What a preview has read is applied without reading the report again, or the report is read anew: never a third."""

import io
import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.core.errors import BadFile, NotThere
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import OrgUnit
from karmyogi.reports import service
from karmyogi.reports.reader import Kind
from karmyogi.store.db import canonical, database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow
from tests.conftest import copy_of
from tests.reports.dump import dump
from tests.reports.neighbours import OF_KIND, make_neighbours, report
from tests.reports.neighbours import row as row_of
from tests.reports.small_world import any_files
from tests.reports.test_properties import WORLDS
from tests.reports.test_service import ASHA, NEW, RAVI, consumption, row

FEW = settings(max_examples=WORLDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def bring(files, content, **options):
    stream = content if isinstance(content, io.BytesIO) else io.BytesIO(content)
    origin = service.receive(stream, files, name="x.csv", by=SYSTEM, **options)
    return service.check(origin, files)


def kept_of(origin, files):
    return list(files.scratch.glob(f"{origin.id}-*"))


def lose_report(origin, files):
    files.path_of(origin.sha256, kind="report").unlink()


def lose_what_was_read(origin, files):
    for path in kept_of(origin, files):
        path.unlink()


def damage_what_was_read(origin, files):
    """One bit, in the middle."""
    [path] = kept_of(origin, files)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_what_was_read(origin, files):
    [path] = kept_of(origin, files)
    os.truncate(path, path.stat().st_size // 2)


def upgrade(origin, files):
    """What other code has read has another name."""
    [path] = kept_of(origin, files)
    number, _made_of, digest = path.name.split("-")
    path.rename(path.with_name(f"{number}-{'0' * 32}-{digest}"))


UNUSABLE = [lose_what_was_read, damage_what_was_read, cut_what_was_read, upgrade]


def state_of(origin):
    """Everything that is told of an import and its rows, but the moments."""
    [told] = Import.select().where(Import.id == origin.id).dicts()
    rows = ImportRow.select().where(ImportRow.origin == origin).dicts()
    kept = sorted(canonical({name: value for name, value in one.items() if name != "id"}) for one in rows)
    return {name: value for name, value in told.items() if not name.endswith("_at")}, kept


# The property


@given(any_files(min_size=1, max_size=4), st.data())
@FEW
def test_whatever_comes_in_between_what_was_read_before_comes_to_the_same_as_reading_it_anew(
    engine, engines, tmp_path, drawn, data
):
    """In one world the reports themselves are gone once they were looked at, in the other what was read of them."""
    for_unit = data.draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn)))
    pairs = list(zip(drawn, for_unit, strict=True))
    ends = []
    for meanwhile in (lose_report, lose_what_was_read):
        with copy_of("installed", engines, engine):
            ends.append(end_of(pairs, open_files(f"file://{tmp_path}/{meanwhile.__name__}"), meanwhile))

    assert ends[0] == ends[1]


def end_of(pairs, files, meanwhile):
    """Where a world ends in which the first two files are taken, then the others looked at, then applied in turn."""
    (roster, _unit), (users, _of_unit), *others = pairs
    for each in (roster, users):
        apply_after(files, looked_at(files, each), meanwhile=lambda *_nothing: None)
    waiting = [looked_at(files, each, is_unit=is_unit) for each, is_unit in others]
    for origin in waiting:
        if origin.state == "checked":
            apply_after(files, origin, meanwhile)
    return dump(), [state_of(origin) for origin in Import.select().order_by(Import.id)]


def looked_at(files, drawn, *, is_unit=False):
    _kind, content, day = drawn
    health = OrgUnit.get_or_none((OrgUnit.name_en == "Health") & (OrgUnit.kind == "department"))
    unit_id = health.id if is_unit and health else None
    return bring(files, content, creates_units=unit_id is None, as_on=date.fromisoformat(day), unit_id=unit_id)


def apply_after(files, origin, meanwhile):
    """The report is there again afterwards: another import may have the same bytes.

    What came in between may have left no row of it within its unit.
    """
    report = files.path_of(origin.sha256, kind="report")
    content = report.read_bytes()
    meanwhile(origin, files)
    with suppress(BadFile):
        service.apply(Import.get_by_id(origin.id), files, by=SYSTEM)
    report.write_bytes(content)


# One import


@pytest.mark.parametrize("kind", OF_KIND, ids=lambda kind: kind.value)
@pytest.mark.parametrize("is_unit", [False, True], ids=["state", "unit"])
def test_every_kind_is_applied_without_its_report_and_says_what_the_preview_said(db, files, kind, is_unit):
    place = make_neighbours()
    content = report(kind, row_of("asha"), row_of("imran", "Revenue"), row_of("nobody"), row_of("silent", ""))
    origin = bring(files, content, unit_id=place.health.id if is_unit else None)
    seen = service.counts(origin), origin.organisations, origin.generated_at
    lose_report(origin, files)

    applied = service.apply(Import.get_by_id(origin.id), files, by=SYSTEM)

    assert (service.counts(applied), applied.organisations, applied.generated_at) == seen
    assert sum(service.counts(applied).values()) == 4


@pytest.mark.parametrize("meanwhile", UNUSABLE)
def test_what_was_read_and_is_gone_damaged_or_of_other_code_is_not_trusted(imported_db, files, meanwhile):
    origin = bring(files, consumption(row(ASHA, NEW), row(RAVI, NEW)))
    meanwhile(origin, files)

    report = files.path_of(origin.sha256, kind="report")
    with report.open("rb") as held:
        lose_report(origin, files)
        with pytest.raises(NotThere):
            service.apply(Import.get_by_id(origin.id), files, by=SYSTEM)
        report.write_bytes(held.read())
    service.apply(origin, files, by=SYSTEM)

    assert (origin.state, origin.created) == ("applied", 2)
    assert kept_of(origin, files) == []


def test_a_row_that_waits_only_since_the_preview_is_shown_with_its_cells(imported_db, files):
    """Rows that were created without a remark are kept as samples; this one lies beyond them."""
    rows = [row(ASHA, f"{NEW} {number}") for number in range(60)]
    origin = bring(files, consumption(*rows, row(ASHA, NEW, certificate="c-77")))
    other = bring(files, consumption(row(RAVI, NEW, certificate="c-77")))
    service.apply(other, files, by=SYSTEM)

    service.apply(origin, files, by=SYSTEM)

    [waits] = origin.rows.where(ImportRow.outcome == "queued")
    assert (waits.code, waits.row_number, waits.told["Content_Name"]) == ("certificate_of_other", 62, NEW)


def test_the_same_report_for_another_unit_is_read_for_that_one(db, files):
    place = make_neighbours()
    content = report(Kind.PLAN, row_of("asha"), row_of("left"))
    for_health = bring(files, content, unit_id=place.health.id)
    for_all = bring(files, content)

    service.apply(for_all, files, by=SYSTEM)
    service.apply(for_health, files, by=SYSTEM)

    assert (for_all.rejected, for_health.rejected) == (0, 1)


# How long it is kept


def test_nothing_is_kept_of_an_import_that_is_applied_set_aside_or_refused(imported_db, files):
    applied = bring(files, consumption(row(ASHA, NEW)))
    aside = bring(files, consumption(row(RAVI, NEW)))
    assert kept_of(applied, files)
    assert kept_of(aside, files)

    service.apply(applied, files, by=SYSTEM)
    service.discard(aside, files, by=SYSTEM)
    refused = bring(files, consumption(row("somebody@elsewhere.example")), unit_id=OrgUnit.get(kind="office").id)

    assert refused.state == "refused"
    assert list(files.scratch.iterdir()) == []


def test_looked_at_again_it_is_kept_once_and_only_this_account_may_read_it(imported_db, files):
    origin = bring(files, consumption(row(ASHA, NEW)))
    service.check(origin, files)

    [path] = kept_of(origin, files)
    assert path.stat().st_mode & 0o777 == 0o600
    assert files.scratch.stat().st_mode & 0o777 == 0o700


def test_what_waits_too_long_is_swept_by_night_and_read_anew(imported_db, files):
    origin = bring(files, consumption(row(ASHA, NEW)))
    [path] = kept_of(origin, files)
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    os.utime(path, (monday.timestamp(), monday.timestamp()))

    assert files.sweep(before=monday) == 0
    assert files.sweep(before=monday + timedelta(days=1)) == 1

    service.apply(origin, files, by=SYSTEM)
    assert origin.state == "applied"


def test_in_a_transaction_nothing_is_kept_and_all_is_done_the_same(imported_db, files):
    with database.atomic():
        origin = bring(files, consumption(row(ASHA, NEW)))
        found = kept_of(origin, files)
        service.apply(origin, files, by=SYSTEM)

    assert (found, origin.state, origin.created) == ([], "applied", 1)
