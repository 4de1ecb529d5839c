"""Imports of `make bench`: a consumption report into a full database, against parsing it and loading its final rows.

The baseline reads the file with `csv.reader` and loads the rows that the import came to into the same tables with the
same indexes: COPY on PostgreSQL, `executemany` on SQLite. Both are measured in processor time, that of the database's
server included, alternating, median of three.
"""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Protocol

from python_calamine import CalamineWorkbook

from karmyogi.core.permissions import SYSTEM
from karmyogi.reports import service
from karmyogi.store import staging, trail
from karmyogi.store.db import columns_of, database, is_postgres, open_database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import
from tests import postgres
from tests.store.books import book_of
from tests.worlds import TRAIL_KEY


class Rows(Protocol):
    """A writer of rows of text."""

    def writerow(self, row: Sequence[str], /) -> object: ...


Tell = Callable[[str, str], None]
LEARNT = 12  # courses that everybody has finished before, so that the tables are full
TABLES = ("enrolment", "completion")
EVERY = 3  # of so many rows one is kept back for the report that is measured
WORKBOOK_ROWS = 50_000
ROUNDS = 3
AT_REST_SECONDS = 5
MEGABYTE = 1024


@dataclass(frozen=True)
class Place:
    """Where an engine's State lies: the database, and the folder with the private files."""

    url: str
    folder: Path
    cluster: postgres.Cluster | None = None

    def server_seconds(self) -> float:
        """Processor time of the database's server so far, of all its processes."""
        return postgres_seconds(self.cluster.folder) if self.cluster else 0.0


def keep_back(paths: dict[str, Path]) -> Path:
    """Take every third row out of the consumption reports, into a report of its own: rows that nobody knows yet."""
    reports = [path for name, path in paths.items() if name.startswith("user-enrollment-report")]
    kept_back = reports[0].with_name("kept-back.csv")
    with kept_back.open("w", encoding="utf-8", newline="") as apart:
        numbers = count(1)
        for at, report in enumerate(reports):
            _split(report, csv.writer(apart), numbers, with_header=at == 0)
    return kept_back


def _split(report: Path, apart: Rows, numbers: Iterator[int], *, with_header: bool) -> None:
    rest = report.with_suffix(".rest")
    with report.open(encoding="utf-8", newline="") as source, rest.open("w", encoding="utf-8", newline="") as target:
        rows, stays = csv.reader(source), csv.writer(target)
        header = next(rows)
        stays.writerow(header)
        if with_header:
            apart.writerow(header)
        for number, row in zip(numbers, rows, strict=False):
            (apart if number % EVERY == 0 else stays).writerow(row)
    rest.replace(report)


def fill() -> None:
    """Enrolments and completions of everybody in some courses of their own, by the shortest road."""
    with database.atomic():
        for number in range(LEARNT):
            database.execute_sql(
                f"INSERT INTO course (provider, name, kind) VALUES ('iGOT', 'Learnt before {number}', 'Course')"
            )
        of_all = "FROM officer o CROSS JOIN course k WHERE k.name LIKE 'Learnt before %%' ORDER BY o.id, k.id"
        if not is_postgres():
            of_all = of_all.replace("%%", "%")
        database.execute_sql(
            f"""
            INSERT INTO enrolment (officer_id, course_id, batch, batch_name, status, progress, enrolled_at,
                enrolled_on, completed_at, completed_on, has_certificate, certificate_id, mdoid, reported_at,
                fingerprint, extra)
            SELECT o.id, k.id, '', '', 'completed', 10000, '2025-04-02 05:00:00', '2025-04-02',
                '2025-04-03 05:00:00', '2025-04-03', true, 'bench-' || o.id || '-' || k.id, '',
                '2025-05-01 00:00:00', 'learnt before', '{{}}' {of_all}
            """
        )
        database.execute_sql(
            f"""
            INSERT INTO completion (month, officer_id, course_id, completed_at, completed_on, has_certificate,
                certificate_id, is_rated, duration_seconds)
            SELECT '2025-04', o.id, k.id, '2025-04-03 05:00:00', '2025-04-03', true,
                'bench-' || o.id || '-' || k.id, false, 3600 {of_all}
            """
        )
    database.execute_sql("ANALYZE")


def bench_imports(tell: Tell, place: Place, report: Path) -> None:
    """The report as text, then as much of it as a workbook; each line a ratio to its baseline."""
    stored = {name: _count(name) for name in TABLES}
    tell("  stored before", ", ".join(f"{number:,} {name}s" for name, number in stored.items()))
    bench_report(tell, place, report, lambda: parsed(report))
    bench_meanwhile(tell, place, report)
    book = report.with_suffix(".xlsx")
    write_book(report, book)
    bench_report(tell, place, book, lambda: read_by_library(book))


def bench_report(tell: Tell, place: Place, report: Path, read: Callable[[], int]) -> None:
    """Look at a report, apply it, take it back, then load what it came to; three times."""
    looks, writes, loads, reads, peaks = [], [], [], [], []
    for _round in range(ROUNDS):
        looked = done_apart(place, "check", str(report))
        highest = {name: _highest(name) for name in TABLES}
        applied = done_apart(place, "apply", str(looked["import"]))
        rows = {name: _rows_above(name, highest[name]) for name in TABLES}
        with database.connection_context():
            service.undo(Import.get_by_id(looked["import"]), by=SYSTEM)
        reads.append(seconds(place, read))
        loads.append(seconds(place, lambda rows=rows: load(rows)))
        unload(highest)
        looks.append(looked["seconds"])
        writes.append(applied["seconds"])
        peaks.append(max(looked["peak"], applied["peak"]))
    base = median(reads) + median(loads)
    name = report.suffix.removeprefix(".").upper()
    final = ", ".join(f"{len(found):,} {table}s" for table, found in rows.items())
    tell(f"  {name}: {looked['rows']:,} rows, which come to {final}", "")
    tell(
        f"  {name}: baseline, read by the library + load of the final rows",
        f"{median(reads):.1f} + {median(loads):.1f} s",
    )
    tell(f"  {name}: preview / baseline", f"{median(looks) / base:6.2f} x")
    tell(f"  {name}: apply / baseline", f"{median(writes) / base:6.2f} x")
    tell(f"  {name}: peak memory of preview and apply / 500 MB", f"{max(peaks) / 500:6.2f} x")


def bench_meanwhile(tell: Tell, place: Place, report: Path) -> None:
    """One more round, while somebody reads a page in a process of their own: how long that takes, and at rest."""
    done: list[dict[str, float]] = []
    at_rest = page_times_while(place, lambda: time.sleep(AT_REST_SECONDS))
    looking = page_times_while(place, lambda: done.append(done_apart(place, "check", str(report))))
    applying = page_times_while(place, lambda: done.append(done_apart(place, "apply", str(done[0]["import"]))))
    with database.connection_context():
        service.undo(Import.get_by_id(done[0]["import"]), by=SYSTEM)
    tell("  a page while a report is looked at / at rest, p95", _times_as_long(looking, at_rest))
    tell("  a page while a report is applied / at rest, p95", _times_as_long(applying, at_rest))
    tell("  others kept from writing / the whole of applying", f"{done[1]['held'] / done[1]['wall']:6.2f} x")


def page_times_while(place: Place, work: Callable[[], object]) -> list[float]:
    """The seconds of each reading of a page by a process of its own, until the work is done."""
    command = [sys.executable, "-m", "tests.bench_pages", place.url, str(place.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout
        reader.stdout.readline()
        work()
        told, _errors = reader.communicate("\n")
    return list(json.loads(told))


def _times_as_long(meanwhile: Sequence[float], at_rest: Sequence[float]) -> str:
    p95 = [quantiles(took, n=20)[-1] for took in (meanwhile, at_rest)]
    return f"{p95[0] / p95[1]:6.2f} x of {p95[1] * 1000:.0f} ms; {len(meanwhile)} readings"


def done_apart(place: Place, verb: str, what: str) -> dict[str, float]:
    """A verb in a process of its own, whose memory and time are its own; the server's time is added."""
    before = place.server_seconds()
    command = [sys.executable, "-m", "tests.bench_imports", place.url, str(place.folder), verb, what]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    told["seconds"] += place.server_seconds() - before
    return told


def main() -> None:
    """One verb, for `done_apart`."""
    url, folder, verb, what = sys.argv[1:]
    trail.use_key(TRAIL_KEY)
    open_database(url, patient=True)
    files = open_files(f"file://{folder}/media")
    with database.connection_context():
        if verb == "check":
            with Path(what).open("rb") as stream:
                origin = service.receive(stream, files, name=Path(what).name, by=SYSTEM, creates_units=True)
        else:
            origin = Import.get_by_id(int(what))
        begun, begun_at = time.process_time(), time.perf_counter()
        writing: list[float] = []
        database.obj.query_hooks.append(lambda event: _note_writing(event.sql, writing))
        if verb == "check":
            service.check(origin, files)
        else:
            service.apply(origin, files, by=SYSTEM)
        took = time.process_time() - begun
    ended_at = time.perf_counter()
    told = {"seconds": took, "peak": peak_megabytes(), "import": origin.id, "rows": origin.row_count}
    told |= {"wall": ended_at - begun_at, "held": ended_at - writing[-1]}
    print(json.dumps(told))  # noqa: T201 - what this program is for


def _note_writing(sql: str, writing: list[float]) -> None:
    """When others are kept out: the first statement of the last transaction."""
    if sql.startswith('UPDATE "import" SET "state"'):
        writing.append(time.perf_counter())


def peak_megabytes() -> float:
    """The most memory that this process has had; what getrusage tells may be its parent's."""
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / MEGABYTE


def seconds(place: Place, work: Callable[[], object]) -> float:
    """Processor time of this process and the database's server."""
    own, server = time.process_time(), place.server_seconds()
    work()
    return time.process_time() - own + place.server_seconds() - server


def postgres_seconds(folder: Path) -> float:
    """Processor time of a cluster: what its processes have used, and those that have ended."""
    server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    ticks = sum(_stat(server)[11:15])
    for other in Path("/proc").glob("[0-9]*"):
        try:
            found = _stat(int(other.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
        if found[1] == server:
            ticks += found[11] + found[12]
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[int]:
    """The numbers of /proc/PID/stat from the state on, in whose place stands a 0."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


def parsed(report: Path) -> int:
    with report.open(encoding="utf-8", newline="") as file:
        return sum(1 for _row in csv.reader(file))


def read_by_library(book: Path) -> int:
    return sum(1 for _row in CalamineWorkbook.from_path(book).get_sheet_by_index(0).iter_rows())


def write_book(report: Path, book: Path) -> None:
    with report.open(encoding="utf-8", newline="") as file:
        book.write_bytes(book_of([row for row, _n in zip(csv.reader(file), range(WORKBOOK_ROWS + 1), strict=False)]))


def _count(table: str) -> int:
    return int(database.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def _highest(table: str) -> int:
    return int(database.execute_sql(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()[0])


def _rows_above(table: str, highest: int) -> list[tuple]:
    """The rows that came in, in the order of their columns."""
    columns = ", ".join(columns_of(table))
    return list(database.execute_sql(f"SELECT {columns} FROM {table} WHERE id > {highest} ORDER BY id").fetchall())


def load(rows: dict[str, list[tuple]]) -> None:
    """Rows into their tables by the shortest road, in one transaction."""
    with database.atomic():
        for table, found in rows.items():
            columns = columns_of(table)
            staging.load(f"{table} ({', '.join(columns)})", len(columns), found)


def unload(highest: dict[str, int]) -> None:
    with database.atomic():
        for table, number in reversed(highest.items()):
            database.execute_sql(f"DELETE FROM {table} WHERE id > {number}")
    if is_postgres():
        database.execute_sql("VACUUM enrolment")
        database.execute_sql("VACUUM completion")


if __name__ == "__main__":
    main()
