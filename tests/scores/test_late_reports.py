"""What a report tells too late changes no byte of a sealed month, and what it tells in time counts to the second."""

import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.core.profile import load_profile
from karmyogi.people.models import OfficerKey, Posting
from karmyogi.reports import service as reports
from karmyogi.scores import service
from karmyogi.scores.models import ScoreLine, ScoreMonth
from karmyogi.scores.rules import SCORES_ALONE
from karmyogi.scores.service.computing import run_id_now
from karmyogi.store.db import canonical, database
from karmyogi.store.files import PrivateFiles, open_files
from tests.reports.test_service import ASHA, NEW, RAVI, consumption, row
from tests.scores import correcting
from tests.scores.scene import policy
from tests.worlds import DATA

JANUARY = Month(2026, 1)
PEOPLE = ((1, "Sunita", Role.GAD), (2, "Rekha", Role.APPROVER))
SEALED = ("score_month", "monthly_score", "score_line", "peer_group", "point_count", "unit_figure", "seal_block")


@pytest.fixture
def files(tmp_path) -> PrivateFiles:
    return open_files(f"file://{tmp_path}/media")


def take(files: PrivateFiles, name: str, content: bytes) -> None:
    origin = reports.receive(io.BytesIO(content), files, name=name, by=SYSTEM)
    reports.apply(reports.check(origin, files), files, by=SYSTEM)


def learning(files: PrivateFiles, *rows: str) -> None:
    take(files, "report.csv", consumption(*rows).getvalue())


def officer_of(email: str) -> int:
    return OfficerKey.get((OfficerKey.kind == "email") & (OfficerKey.value == email)).officer_id


# ── After the sealing ──


def sealed_bytes(month: Month) -> list[str]:
    """Every column of every row that the seal of a month covers."""
    lines = []
    for table in SEALED:
        cursor = database.execute_sql(f"SELECT * FROM {table} WHERE month = '{month}'")
        names = [column[0] for column in cursor.description]
        lines += sorted(f"{table} {canonical(dict(zip(names, one, strict=True)))}" for one in cursor.fetchall())
    return lines


@pytest.fixture
def january(imported_db) -> list[str]:
    """January of the sample State, sealed; every byte of it."""
    service.run_month(JANUARY, by=SYSTEM)
    service.seal_month(JANUARY, by=SYSTEM)
    return sealed_bytes(JANUARY)


def roster_with(*changes: tuple[str, str]) -> bytes:
    """The sample's roster, with some texts replaced."""
    text = (DATA / "roster.csv").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


LATE = {
    "a course of January": lambda files: learning(
        files,
        *(row(who, NEW, on="2026-01-20 10:00:00", certificate="c-1", report="2026-03-02") for who in (ASHA, RAVI)),
    ),
    "an earlier day of a course of February": lambda files: (
        learning(files, row(ASHA, NEW, on="2026-02-20 10:00:00", report="2026-03-02")),
        learning(files, row(ASHA, NEW, on="2026-01-31 23:59:59", report="2026-03-09")),
    ),
    "a roster in which everybody of a class is of another": lambda files: take(
        files, "roster.csv", roster_with((",II,", ",I,"))
    ),
}


@pytest.mark.parametrize("late", LATE)
def test_a_late_report_changes_no_byte_of_a_sealed_month(january, files, late):
    row = ScoreMonth.get(ScoreMonth.month == str(JANUARY))

    LATE[late](files)

    assert run_id_now(row) != row.run_id  # what it told would have counted
    with pytest.raises(RuleBroken):
        service.run_month(JANUARY, by=SYSTEM)
    assert sealed_bytes(JANUARY) == january
    assert service.verify_seals() == service.Proof((str(JANUARY),), ())


@pytest.mark.parametrize("late", LATE)
def test_a_late_report_is_entered_by_a_correction_and_still_changes_no_sealed_byte(january, files, late):
    before = correcting.sealed_bytes(JANUARY)
    LATE[late](files)
    sunita, rekha = (Actor(n, name, grants=(Grant(role),)) for n, name, role in PEOPLE)

    case = service.draft_correction(JANUARY, by=sunita)
    service.propose_correction(case, by=sunita, remark="देर से मिली रिपोर्ट")
    case = service.approve_correction(case, by=rekha)

    assert case.state == "correction_approved"
    assert [report[0] for report in case.basis["imports"]] == [
        report[0] for report in case.inputs[-len(case.basis["imports"]) :]
    ]
    assert len(case.basis["imports"]) == (2 if late == "an earlier day of a course of February" else 1)
    assert case.run_id == run_id_now(correcting.month_row(JANUARY), version=SCORES_ALONE)
    assert correcting.sealed_bytes(JANUARY) == before
    assert service.verify_seals().faults == ()


def test_the_month_after_is_computed_and_sealed_with_what_came_late_and_leaves_the_one_before_alone(january, files):
    learning(
        files,
        row(ASHA, NEW, on="2026-01-20 10:00:00", report="2026-03-02"),
        row(ASHA, f"{NEW} 2", on="2026-02-10 10:00:00", report="2026-03-02"),
    )

    service.run_month(JANUARY.next, by=SYSTEM)
    service.seal_month(JANUARY.next, by=SYSTEM)

    assert found(ASHA, JANUARY.next) == 1
    assert sealed_bytes(JANUARY) == january
    assert service.verify_seals().faults == ()


# ── To the second ──


def found(email: str, month: Month, code: str = "course") -> int:
    """How many items a month found for an officer, before any cap."""
    mine = (ScoreLine.month == str(month)) & (ScoreLine.officer == officer_of(email)) & (ScoreLine.code == code)
    return ScoreLine.select(ScoreLine.found).where(mine).scalar() or 0


def found_in(first: Month, code: str = "course") -> tuple[int, int]:
    """Asha's items of a month and of the one after."""
    for month in (first, first.next):
        service.run_month(month, by=SYSTEM)
    return found(ASHA, first, code), found(ASHA, first.next, code)


LAST_DAYS = [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 31), date(2026, 3, 31), date(2025, 12, 31)]


@pytest.fixture
def every_year(imported_db) -> None:
    """The shipped terms also for the years before the first version."""
    service.install_policy(replace(load_profile("chhattisgarh").policy, number=2, effective_from="2024-01"), by=SYSTEM)


@pytest.mark.parametrize("last_on", LAST_DAYS, ids=str)
def test_a_report_tells_the_last_second_of_a_month_from_the_first_of_the_next(every_year, files, last_on):
    first = Month.of(last_on)
    before = found_in(first)

    learning(files, row(ASHA, NEW, on=f"{last_on} 23:59:59", report="2026-05-02"))
    in_the_last_second = found_in(first)
    learning(files, row(ASHA, f"{NEW} 2", on=f"{first.next.first_on} 00:00:00", report="2026-05-02"))

    assert in_the_last_second == (before[0] + 1, before[1])
    assert found_in(first) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize("last_on", LAST_DAYS, ids=str)
def test_whoever_retires_on_the_last_day_of_a_month_still_scores_on_it_and_not_on_the_next(every_year, files, last_on):
    first = Month.of(last_on)
    Posting.update(from_on=date(2020, 1, 1), to_on=last_on).where(Posting.officer == officer_of(ASHA)).execute()
    before = found_in(first)

    learning(
        files,
        row(ASHA, NEW, on=f"{last_on} 10:00:00", report="2026-05-02"),
        row(ASHA, f"{NEW} 2", on=f"{first.next.first_on} 10:00:00", report="2026-05-02"),
    )

    assert found_in(first) == (before[0] + 1, 0)


def test_a_version_from_april_scores_april_and_not_the_last_second_of_march(imported_db, files):
    service.install_policy(policy(2, effective_from="2026-04", points=9), by=SYSTEM)
    learning(
        files,
        row(ASHA, NEW, on="2026-03-31 23:59:59", report="2026-05-02"),
        row(ASHA, f"{NEW} 2", on="2026-04-01 00:00:00", report="2026-05-02"),
    )

    assert found_in(Month(2026, 3)) == (1, 0)  # from April on this version pays sessions alone
    versions = [ScoreMonth.get(ScoreMonth.month == month).policy.number for month in ("2026-03", "2026-04")]
    assert versions == [1, 2]


@pytest.mark.parametrize("last_on", LAST_DAYS, ids=str)
def test_a_month_is_over_with_the_midnight_in_india_after_its_last_day(every_year, files, last_on):
    month = Month.of(last_on)
    learning(files, row(ASHA, NEW, on=f"{last_on} 23:59:59", report="2026-05-02"))
    service.run_month(month, by=SYSTEM)
    midnight = datetime.combine(month.next.first_on, time(), IST)

    with pytest.raises(RuleBroken) as refused:
        service.seal_month(month, by=SYSTEM, at=midnight - timedelta(seconds=1))

    assert [why.code for why in refused.value.reasons] == ["month_not_over"]
    assert service.seal_month(month, by=SYSTEM, at=midnight).state == "sealed"
