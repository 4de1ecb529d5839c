"""`make bench`: each claim as a ratio against a baseline of the same run. Nothing here is an assertion.

Usage: python -m tests.bench [--officers N] [--only SECTION …] [--engine sqlite|postgres]
"""

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from python_calamine import CalamineWorkbook

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.demo.people import FEWEST
from karmyogi.demo.writer import write_state
from karmyogi.people.models import Officer
from karmyogi.people.queries import state
from karmyogi.people.service import install_state
from karmyogi.reports import reader, service
from karmyogi.scores import queries
from karmyogi.scores import service as scores
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import NEWEST_SEAL, SCORES_ALONE, BoardScope
from karmyogi.store import trail
from karmyogi.store.db import database, migrate, open_database
from karmyogi.store.files import open_files
from karmyogi.store.sheets import read_sheet
from tests import bench_imports, bench_pages, bench_scores, postgres
from tests.bench_search import bench_search, settle
from tests.store.books import book_of
from tests.worlds import DATA, TRAIL_KEY

SMALLER = 100  # the State that pages are compared with has so many times fewer officers
MONTH = Month(2025, 12)


def cpu_and_wall(work: Callable[[], object]) -> tuple[float, float, object]:
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def tell(what: str, figure: str) -> None:
    print(f"{what:<58} {figure}", flush=True)  # noqa: T201 - this program prints


SECTIONS = ("workbook", "imports", "search", "scores", "pages")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--officers", type=int, default=20_000)
    parser.add_argument(
        "--only", choices=SECTIONS, action="append", help="this section, instead of all; may be repeated"
    )
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="this engine, instead of both")
    asked = parser.parse_args()
    only = frozenset(asked.only or SECTIONS)
    with tempfile.TemporaryDirectory() as folder:
        if "workbook" in only:
            bench_workbook(DATA / "user-enrollment-report.csv", Path(folder))
        if "scores" in only:
            bench_scores.bench_scores(tell, Path(folder), asked.officers, asked.engine)
        if only - {"workbook", "scores"}:
            bench_engines(asked.engine, asked.officers, only, Path(folder))


def bench_engines(engine: str | None, officers: int, only: frozenset[str], folder: Path) -> None:
    """The sections of one engine, or of SQLite and then PostgreSQL if its programs are there."""
    small = state_of(max(officers // SMALLER, FEWEST), str(folder), "small")
    paths = state_of(officers, str(folder), "whole")
    report = bench_imports.keep_back(paths)
    if engine != "postgres":
        url = f"sqlite:///{folder}/bench.db"
        bench_engine("SQLite", bench_imports.Place(url, folder), small, paths, report, only)
    if engine != "sqlite" and (binaries := postgres.find_binaries()):
        folder.chmod(0o755)  # PostgreSQL runs as an account of its own
        cluster = postgres.Cluster(binaries, folder / "postgres", postgres.OF_A_STATE)
        try:
            url = cluster.start().format(name="postgres")
            bench_engine("PostgreSQL", bench_imports.Place(url, folder, cluster), small, paths, report, only)
        finally:
            cluster.stop()


def state_of(officers: int, folder: str, name: str) -> dict[str, Path]:
    """The reports of a made-up State of so many officers."""
    where = Path(folder) / name
    where.mkdir()
    return write_state(where, officers=officers, seed=5, until="2026-01", profile=load_profile("chhattisgarh"))


def bench_engine(
    name: str,
    place: bench_imports.Place,
    small: dict[str, Path],
    paths: dict[str, Path],
    report: Path,
    only: frozenset[str],
) -> None:
    tell(name, f"pid {os.getpid()}")
    trail.use_key(TRAIL_KEY)
    open_database(place.url, patient=True)
    migrate()
    with database.connection_context():
        profile = load_profile("chhattisgarh")
        install_state(profile, by=SYSTEM)
        scores.install_policy(profile.policy, by=SYSTEM)
        for path in small.values():
            take_in(path, place.folder)
        scores.run_month(MONTH, by=SYSTEM)
    client = bench_pages.open_site(place.url, str(place.folder))
    open_database(place.url, patient=True)  # the site's own connections let no statement take as long as an import
    before = bench_pages.page_times(client) if "pages" in only else {}
    with database.connection_context():
        for path in paths.values():
            take_in(path, place.folder)
        settle()
        if "search" in only:
            bench_search(tell)
        if "pages" in only:
            scores.run_month(MONTH, by=SYSTEM)
            bench_boards()
            settle()
    if "pages" in only:
        tell_pages(before, bench_pages.page_times(client))
        tell_files(bench_pages.file_times(client))
    if "imports" in only:
        with database.connection_context():
            bench_imports.fill()
            bench_imports.bench_imports(tell, place, report)


def tell_pages(before: dict[str, float], after: dict[str, float]) -> None:
    """The median of each page over all officers, against the same page over a hundredth of them."""
    for page, took in after.items():
        tell(f"  {page}: rows of the whole State / of few", f"{took / before[page]:6.1f} x")


def tell_files(took: dict[str, float]) -> None:
    """The file of all officers against their bare rows; Excel for those of class I."""
    rows, part = Officer.select().count(), Officer.select().where(Officer.state_class == "I").count()
    tell(f"  {rows} officers as CSV / a bare CSV writer", f"{took['csv'] / took['bare']:6.1f} x")
    each = took["xlsx of class I"] / part, took["csv"] / rows
    tell("  an officer of class I as Excel row / as CSV row", f"{each[0] / each[1]:6.1f} x")


def bench_workbook(report: Path, folder: Path) -> None:
    """Reading 50,000 rows of a workbook, against the library alone, which keeps the whole sheet in memory."""
    with report.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    path = folder / "report.xlsx"
    path.write_bytes(book_of([header, *islice(cycle(rows), 50_000)]))
    base, _wall, _rows = cpu_and_wall(lambda: count_by_library(path))
    ours, _wall, count = cpu_and_wall(lambda: count_rows(path))
    tell(f"Workbook: {count} rows of {len(header)} columns, understood / the library alone", f"{ours / base:6.2f} x")


def count_by_library(path: Path) -> int:
    return sum(1 for _row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())


def take_in(path: Path, folder: Path) -> None:
    """Look at and apply a file."""
    files = open_files(f"file://{folder}/media")
    with path.open("rb") as stream:
        origin = service.receive(stream, files, name=path.name, by=SYSTEM, creates_units=True)
    service.apply(service.check(origin, files), files, by=SYSTEM)


def count_rows(path: Path) -> int:
    with path.open("rb") as stream:
        sheet = read_sheet(stream)
        layout = reader.recognise(sheet.header)
        return sum(1 for line, cells in sheet.rows if reader.read_row(layout, line, cells))


def bench_boards() -> None:
    """What boards read from the month, against counting the same, as for a month that keeps no figures."""
    group = queries.group_in(MONTH, BoardScope.STATE, state().id)
    reads: dict[str, Callable[[], object]] = {
        "spread of the State": lambda: queries.spread(MONTH, group, by=SYSTEM),
        "board of departments": lambda: queries.unit_board(MONTH, BoardScope.DEPARTMENT, (50, 200, 1000), by=SYSTEM),
        "participation": lambda: queries.participation(MONTH),
    }
    kept = {name: median(cpu_and_wall(read)[1] for _time in range(5)) for name, read in reads.items()}
    ScoreMonth.update(seal_version=SCORES_ALONE).where(ScoreMonth.month == str(MONTH)).execute()
    for name, read in reads.items():
        counted = median(cpu_and_wall(read)[1] for _time in range(5))
        tell(f"  {name}: counted / read as kept ({kept[name] * 1000:.1f} ms)", f"{counted / kept[name]:6.1f} x")
    ScoreMonth.update(seal_version=NEWEST_SEAL).where(ScoreMonth.month == str(MONTH)).execute()


if __name__ == "__main__":
    main()
