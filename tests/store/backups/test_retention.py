"""Which backups are kept: all of two days, the last of a day for 35, of a month for a year, and the last good one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.months import IST
from karmyogi.core.permissions import SYSTEM
from karmyogi.store import backups
from karmyogi.store.backups.retention import DAILY, MONTHLY, outlived
from karmyogi.store.files import open_files
from tests.store.backups.scene import plan_in

AT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # the 27th in India


def kept(moments):
    return sorted(set(moments) - outlived(moments, at=AT))


def ago(**times):
    return AT - timedelta(**times)


def test_every_backup_of_two_days_is_kept():
    quarters = [ago(minutes=15 * number) for number in range(4 * 48 + 1)]

    assert kept(quarters) == sorted(quarters)


def test_after_two_days_the_last_of_each_day_in_india_is_kept():
    hours = [ago(days=10, hours=number) for number in range(48)]

    days = {(moment.astimezone(IST).date()) for moment in hours}
    assert [moment.astimezone(IST).date() for moment in kept(hours)] == sorted(days)
    assert kept(hours)[-1] == ago(days=10)


def test_of_two_years_of_nights_35_days_and_the_ends_of_a_years_months_are_kept():
    nights = [ago(days=number) for number in range(730)]

    left = kept(nights)

    months = [moment.astimezone(IST) for moment in left if AT - moment > DAILY]
    assert [moment for moment in left if AT - moment <= DAILY] == sorted(nights[:36])
    assert [f"{moment:%Y-%m}" for moment in months] == [f"2025-{number:02}" for number in (11, 12)] + [
        f"2026-{number:02}" for number in range(1, 10)
    ]
    assert {(moment + timedelta(days=1)).day for moment in months} == {1}


@given(st.lists(st.integers(0, 3 * 366 * 24), max_size=60, unique=True))
def test_nothing_young_goes_and_nothing_older_than_a_year_stays(hours):
    moments = [ago(hours=number) for number in hours]

    gone = outlived(moments, at=AT)

    assert {moment for moment in moments if AT - moment > MONTHLY} <= gone
    assert not {moment for moment in moments if AT - moment <= timedelta(days=2)} & gone
    assert outlived(set(moments) - gone, at=AT) == set()


@pytest.fixture
def made(db, tmp_path):
    """Backups of two years, one a month, each really there."""
    files, plan = open_files(str(tmp_path / "media")), plan_in(tmp_path / "backups")
    return plan, [backups.make(files, plan, by=SYSTEM, at=ago(days=400 + 40 * number)).folder for number in range(3)]


def test_the_last_good_one_is_never_removed_however_old(made):
    plan, folders = made

    assert backups.thin(plan, at=AT) == [folder.name for folder in reversed(folders[1:])]
    assert list(plan.folder.iterdir()) == [folders[0]]


def test_a_newer_one_that_is_spoilt_does_not_count_as_the_last_good_one(made):
    plan, folders = made
    next(folders[0].glob("database.*")).unlink()

    backups.thin(plan, at=AT)

    assert list(plan.folder.iterdir()) == [folders[1]]


def test_what_is_no_backup_of_ours_is_left_alone(made):
    plan, _folders = made
    (plan.folder / "karmyogi-notes").mkdir()
    (plan.folder / "karmyogi-20200101T000000Z.tar").touch()

    backups.thin(plan, at=AT)

    assert {path.name for path in plan.folder.iterdir()} >= {"karmyogi-notes", "karmyogi-20200101T000000Z.tar"}
