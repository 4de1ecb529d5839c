"""`make bench`: each claim as a ratio against a baseline of the same run. Nothing here is an assertion.

Usage: python -m tests.bench [--officers N]
"""

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from python_calamine import CalamineWorkbook

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.demo.writer import write_state
from karmyogi.people.models import Officer
from karmyogi.people.service import install_state
from karmyogi.reports import reader, service
from karmyogi.scores import queries
from karmyogi.scores import service as scores
from karmyogi.scores.rules import lines_for, policy_for
from karmyogi.store import trail
from karmyogi.store.db import database, migrate, open_database
from karmyogi.store.files import open_files
from karmyogi.store.sheets import read_sheet
from tests import bench_pages, postgres
from tests.bench_search import bench_search, settle
from tests.store.books import book_of
from tests.worlds import DATA, TRAIL_KEY

SMALLER = 100  # the State that pages are compared with has so many times fewer officers
LOOPED = 300  # officers scored one by one, to extrapolate from
MONTH = Month(2025, 12)


def cpu_and_wall(work: Callable[[], object]) -> tuple[float, float, object]:
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def tell(what: str, figure: str) -> None:
    print(f"{what:<58} {figure}", flush=True)  # noqa: T201 - this program prints


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--officers", type=int, default=20_000)
    wanted = parser.parse_args().officers
    with tempfile.TemporaryDirectory() as folder:
        bench_workbook(DATA / "user-enrollment-report.csv", Path(folder))
        small, paths = state_of(wanted // SMALLER, folder, "small"), state_of(wanted, folder, "whole")
        bench_engine("SQLite", f"sqlite:///{folder}/bench.db", small, paths, Path(folder))
        if binaries := postgres.find_binaries():
            cluster = postgres.Cluster(binaries)
            try:
                bench_engine("PostgreSQL", cluster.start().format(name="postgres"), small, paths, Path(folder))
            finally:
                cluster.stop()


def state_of(officers: int, folder: str, name: str) -> dict[str, Path]:
    """The reports of a made-up State of so many officers."""
    where = Path(folder) / name
    where.mkdir()
    return write_state(where, officers=officers, seed=5, until="2026-01", profile=load_profile("chhattisgarh"))


def bench_engine(name: str, url: str, small: dict[str, Path], paths: dict[str, Path], folder: Path) -> None:
    tell(name, f"pid {os.getpid()}")
    trail.use_key(TRAIL_KEY)
    open_database(url, patient=True)
    migrate()
    with database.connection_context():
        profile = load_profile("chhattisgarh")
        install_state(profile, by=SYSTEM)
        scores.install_policy(profile.policy, by=SYSTEM)
        for kind, path in small.items():
            take_in(kind, path, folder)
        scores.run_month(MONTH, by=SYSTEM)
    client = bench_pages.open_site(url, str(folder))
    before = bench_pages.page_times(client)
    with database.connection_context():
        for kind, path in paths.items():
            bench_import(kind, path, folder)
        settle()
        bench_search(tell)
        bench_scoring()
    tell_pages(before, bench_pages.page_times(client))
    tell_files(bench_pages.file_times(client))


def tell_pages(before: dict[str, float], after: dict[str, float]) -> None:
    """The median of each page over a hundred times the officers, against the same page before."""
    for page, took in after.items():
        tell(f"  {page}: {took:.0f} ms; {SMALLER} times the rows / few", f"{took / before[page]:6.1f} x")


def tell_files(took: dict[str, float]) -> None:
    """The file of all officers against their bare rows; Excel for those of class I."""
    rows, part = Officer.select().count(), Officer.select().where(Officer.state_class == "I").count()
    tell(
        f"  officers as CSV: {rows / took['csv']:,.0f} rows/s; / a bare CSV writer",
        f"{took['csv'] / took['bare']:6.1f} x",
    )
    tell("  officers of class I as Excel file", f"{part / took['xlsx of class I']:,.0f} rows/s")


def bench_workbook(report: Path, folder: Path) -> None:
    """Reading 50,000 rows of a workbook, against the library alone, which keeps the whole sheet in memory."""
    with report.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    path = folder / "report.xlsx"
    path.write_bytes(book_of([header, *islice(cycle(rows), 50_000)]))
    base, _wall, _rows = cpu_and_wall(lambda: count_by_library(path))
    ours, _wall, count = cpu_and_wall(lambda: count_rows(path))
    text, _wall, _rows = cpu_and_wall(lambda: count_rows(report))
    tell(f"Workbook: {count} rows of {len(header)} columns, by the library alone", f"{base:6.1f} s of work")
    tell("  read and understood by us / the library alone", f"{ours / base:6.1f} x")
    tell(f"  the text of {len(rows)} rows, read and understood", f"{text:6.1f} s of work")


def count_by_library(path: Path) -> int:
    return sum(1 for _row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())


def take_in(kind: str, path: Path, folder: Path) -> None:
    """Look at and apply a file."""
    files = open_files(f"file://{folder}/media")
    with path.open("rb") as stream:
        origin = service.receive(stream, files, name=path.name, by=SYSTEM, creates_units=True)
    service.apply(service.check(origin, files), files, by=SYSTEM)


def bench_import(kind: str, path: Path, folder: Path) -> None:
    """Looking at and applying a file, against only reading and understanding its rows."""
    files = open_files(f"file://{folder}/media")
    _cpu, base, rows = cpu_and_wall(lambda: count_rows(path))
    with path.open("rb") as stream:
        origin = service.receive(stream, files, name=path.name, by=SYSTEM, creates_units=True)
    _cpu, looked, _origin = cpu_and_wall(lambda: service.check(origin, files))
    _cpu, applied, _origin = cpu_and_wall(lambda: service.apply(origin, files, by=SYSTEM))
    tell(f"  {kind}: {rows} rows, read only", f"{base:6.1f} s")
    tell(f"  {kind}: preview / read only", f"{looked / base:6.1f} x")
    tell(f"  {kind}: apply / read only", f"{applied / base:6.1f} x")


def count_rows(path: Path) -> int:
    with path.open("rb") as stream:
        sheet = read_sheet(stream)
        layout = reader.recognise(sheet.header)
        return sum(1 for line, cells in sheet.rows if reader.read_row(layout, line, cells))


def bench_scoring() -> None:
    """A month of everybody set-based, against asking for each officer's facts and counting in Python."""
    _cpu, together, row = cpu_and_wall(lambda: scores.run_month(MONTH, by=SYSTEM))
    policy = policy_for(MONTH, queries.published_policies())
    some = [o for (o,) in Officer.select(Officer.id).limit(LOOPED).tuples()]
    _cpu, looped, _lines = cpu_and_wall(lambda: [lines_for(queries.facts_of(o, MONTH), policy, MONTH) for o in some])
    officers = Officer.select().count()
    whole_loop = looped / len(some) * officers
    tell(f"  score {MONTH}: {officers} officers, {row.officer_count} with a score, ranked", f"{together:6.1f} s")
    tell("  one by one (extrapolated, without ranks) / set-based", f"{whole_loop / together:6.1f} x")


if __name__ == "__main__":
    main()
