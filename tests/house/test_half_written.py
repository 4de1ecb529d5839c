"""A run that is being written, or was left half written, is seen by nobody: no page, no file, no work reads it."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from karmyogi.core.months import Month, now
from karmyogi.core.permissions import SYSTEM
from karmyogi.demo import story
from karmyogi.people.models import Officer
from karmyogi.schedule import table as timetable
from karmyogi.schedule.worker import ring, work_off_queue
from karmyogi.scores import service as scores
from karmyogi.scores.models import (
    MonthlyScore,
    PeerGroup,
    PointCount,
    PolicyDraft,
    Rows,
    ScoreLine,
    ScoreMonth,
    UnitFigure,
    in_month,
)
from karmyogi.store.db import database
from tests import factories as make
from tests.house import oracle, people
from tests.house.conftest import Site
from tests.house.plants import HEALTH, officer_of, officers_of
from tests.house.test_matrix import Cell, address, cells
from tests.visitors import Visitor

READERS = ("", "asha", "ravi", "meena", "devendra", "pooja", "sunita", "lakshmi", "thomas", "gopal")
SEALED, RUNNING = Month(2026, 1), Month(2026, 2)
TABLES: tuple[Rows, ...] = (MonthlyScore, ScoreLine, PeerGroup, PointCount, UnitFigure)
KEYS = (str(SEALED), str(RUNNING), "2025-FY")  # and the year that the sealed month is added up to
RUN = 7  # of no month: runs are numbered by the clock
CANARY = 1_777_000_000  # added to every number: nothing in the story is as large
HATCHED = re.compile(r"\b1777\d{6}\b")
OF_EACH_PAGE, OF_POINTS = 1, 5  # things that a page about one thing is opened for; in rooms that tell points
ROOMS_OF_POINTS = ("scores", "home", "nominations", "admin_scores")
NEW_EACH_TIME = re.compile(
    rb'name="csrf_token" value="[^"]+"|nonce="[^"]+"|\b\d\d:\d\d\b|\d+ (second|minute)s? ago|<v>\d{5}\.\d+</v>'
)
UNLIKE_ANYHOW = {
    "accounts.set_up",  # draws a new secret
    "reports.ask_undo",  # counts whatever refers to what an import has created
}
DRAWN = re.compile(r"pdf|picture|image|thumb|scan|slips|certificate")  # from what their pages show


@pytest.fixture(scope="module", autouse=True)
def _computed(site: Site) -> None:
    """The running month has scores too."""
    for officer in officers_of(HEALTH)[:12]:
        make.make_attendance(officer, RUNNING.first_on)
    scores.run_month(RUNNING, by=SYSTEM)


# ── What is planted ──


def plant(month: str) -> None:
    """Half of what it shows once more, every number far too large, and two officers who have no score in it."""
    for table in TABLES:
        shown = list(table.select().where(in_month(month, table)).dicts())
        for row in shown[: len(shown) // 2 + 1]:
            table.insert(spoilt(table, row)).execute()
    known = MonthlyScore.select(MonthlyScore.officer).where(MonthlyScore.month == month)
    like = MonthlyScore.select().where(in_month(month, MonthlyScore)).dicts().first()
    for officer in Officer.select().where(Officer.id.not_in(known)).order_by(Officer.id).limit(2):
        MonthlyScore.insert(spoilt(MonthlyScore, {**like, "officer": officer.id})).execute()


def spoilt(table: Rows, row: dict[str, object]) -> dict[str, object]:
    """The row as one of no run that is shown."""
    fields = table._meta.fields
    numbers = {name for name in row if not hasattr(fields[name], "rel_model") and isinstance(row[name], int)}
    told = {name: value + CANARY if name in numbers else value for name, value in row.items() if name != "id"}
    return told | {"run": RUN}


@contextmanager
def planted() -> Iterator[None]:
    with database.atomic() as change:
        for month in KEYS:
            plant(month)
        yield
        change.rollback()


# ── Pages and files ──


def pages_for(site: Site, who: str) -> list[Cell]:
    """Every address that opens to somebody, for some of the things that it can be about."""
    actor, kept, met = people.actors()[who], [], Counter()
    for cell in cells(site.app):
        if cell.endpoint in UNLIKE_ANYHOW or DRAWN.search(cell.endpoint):
            continue
        opens = cell.method == "GET" and oracle.expected(actor, "GET", cell.route, cell.thing) == oracle.OK
        most = OF_POINTS if cell.endpoint.partition(".")[0] in ROOMS_OF_POINTS else OF_EACH_PAGE
        if opens and met[cell.endpoint] < most:
            met[cell.endpoint] += 1
            kept.append(cell)
    return kept


def addresses(site: Site, cell: Cell) -> list[str]:
    """A board opens with the newest sealed month: it is asked for the running one too."""
    plain = address(site.app, cell)
    is_board = cell.endpoint.startswith(("scores.leaderboard", "scores.unit"))
    return [plain, f"{plain}{'&' if '?' in plain else '?'}month={RUNNING}"] if is_board else [plain]


def read(site: Site, visitor: Visitor, asked: Iterable[Cell]) -> dict[str, bytes]:
    """What each address answers, without what is new in every answer; what it wrote is taken back."""
    return {f"{one.key} {url}": answer(visitor, url) for one in asked for url in addresses(site, one)}


def answer(visitor: Visitor, url: str) -> bytes:
    with database.atomic() as change:
        response = visitor.client.get(url)
        body = response.get_data()
        response.close()
        change.rollback()
    body = sheets_of(body) if response.mimetype.endswith("sheet") else body
    return NEW_EACH_TIME.sub(b"", body)


def sheets_of(workbook: bytes) -> bytes:
    """The cells of a workbook; around them stands when it was made."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return b"".join(archive.read(name) for name in sorted(archive.namelist()) if name.startswith("xl/"))


def unlike(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    return [key for key, body in after.items() if body != before[key]]


SHOWING = {
    "admin_scores.index_view", "home.front", "home.me", "home.month_of_officer", "home.my_scores", "home.officer",
    "scores.leaderboard", "scores.leaderboard_file", "scores.public_board", "scores.unit_board", "scores.unit_history",
}  # fmt: skip


@pytest.mark.parametrize("who", READERS, ids=lambda login: login or "a stranger")
def test_no_page_and_no_file_changes_by_a_run_that_is_half_written(site, who):
    visitor, asked = site.visitor(who), pages_for(site, who)
    before = read(site, visitor, asked)

    with planted():
        after = read(site, visitor, asked)

    assert unlike(before, after) == []
    assert [key for key, body in after.items() if HATCHED.search(body.decode("utf-8", "replace"))] == []


def test_were_it_the_run_that_is_shown_many_pages_would_change(site):
    visitor = site.visitor("sunita")
    asked = [cell for cell in pages_for(site, "sunita") if cell.endpoint.startswith(ROOMS_OF_POINTS)]
    before = read(site, visitor, asked)

    with planted():
        ScoreMonth.update(run=RUN).where(ScoreMonth.month.in_([str(SEALED), str(RUNNING)])).execute()
        changed = unlike(before, read(site, visitor, asked))

    assert {key.split()[1] for key in changed} >= SHOWING


# ── Work ──


def hatched() -> dict[str, int]:
    """How many values of each table are those of the planted rows, in rows that are not of the planted run."""
    found = Counter()
    for table in database.get_tables():
        cursor = database.execute_sql(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        found[table] += sum(bool(HATCHED.search(f"{row.values()}")) for row in rows if row.get("run") != RUN)
    return {table: count for table, count in found.items() if count}


def plant_anew() -> None:
    """As it was planted, whatever the last work has taken away."""
    for table in TABLES:
        table.delete().where(table.run == RUN).execute()
    for month in KEYS:
        plant(month)
    assert MonthlyScore.select().where(MonthlyScore.run == RUN).count() > 2


def correct() -> None:
    """Late points of Asha, brought into the sealed month by a correction."""
    sunita = story.actor("sunita")
    make.make_attendance(officer_of("asha"), SEALED.first_on)
    case = scores.propose_correction(scores.draft_correction(SEALED, by=sunita), by=sunita, remark="कारण")
    scores.approve_correction(case, by=story.actor("lakshmi"))


def through_the_night() -> None:
    for job in timetable.SCHEDULE:
        ring(job, at=now())


def what_was_asked_for() -> None:
    draft = PolicyDraft.select().where(PolicyDraft.state == "draft").first()
    scores.ask_for_trial(draft, 1, by=story.actor("sunita"))
    work_off_queue(at=now())


def test_no_work_reads_a_run_that_is_half_written(site):
    for work in (what_was_asked_for, correct, through_the_night):
        plant_anew()
        with site.app.app_context():
            work()

        assert hatched() == {}, work.__name__

    plant_anew()
    assert scores.verify_seals().faults == scores.verify_seals().unlike == ()
