"""Scores of `make bench`, or by themselves: a month of everybody, what it keeps others from, and the pages of scores.

Usage: python -m tests.bench_scores [--officers N] [--engine sqlite|postgres] [--no-growth]
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer
from karmyogi.scores import queries
from karmyogi.scores import service as scores
from karmyogi.scores.models import MonthlyScore, ScoreMonth
from karmyogi.scores.rules import BoardScope, lines_for, policy_for
from karmyogi.store import trail
from karmyogi.store.db import database, migrate, open_database
from tests import bench_duckdb, postgres
from tests.bench_beside import Remembering, Site, time_of
from tests.bench_imports import Place
from tests.bench_pages_of_scores import make_cases, pages_of
from tests.bench_state import make_state
from tests.worlds import TRAIL_KEY

Tell = Callable[[str, str], None]
MONTHS = (Month(2025, 11), Month(2025, 12), Month(2026, 1))  # the last one is not sealed
SEALED_AT = datetime(2026, 2, 5, 6, 30, tzinfo=UTC)
LOOPED = 2_000  # officers scored one by one, to extrapolate from
SMALLER = (8, 4, 2)  # States of so many times fewer officers, for how the work grows
AT_REST_SECONDS = 5
READ_SECONDS = 20
GOAL_MS, LOCK_GOAL_MS, MEMORY_GOAL_MB = 150, 150, 500


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--officers", type=int, default=400_000)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="this engine, instead of both")
    parser.add_argument("--no-growth", action="store_true", help="leave out the States of fewer officers")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench_scores(_print, Path(folder), asked.officers, asked.engine, () if asked.no_growth else SMALLER)


def _print(what: str, figure: str) -> None:
    print(f"{what:<74} {figure}", flush=True)  # noqa: T201 - this program prints


def bench_scores(tell: Tell, folder: Path, officers: int, engine: str | None, smaller: Sequence[int] = SMALLER) -> None:
    """Each engine over a State of its own, the same on both."""
    if engine != "postgres":
        with _room(folder, "sqlite") as room:
            bench_engine(tell, "SQLite", lambda name: Place(f"sqlite:///{room}/{name}.db", room), officers, smaller)
    if engine != "sqlite" and (binaries := postgres.find_binaries()):
        folder.chmod(0o755)  # PostgreSQL runs as an account of its own
        with _room(folder, "postgres-files") as room:
            cluster = postgres.Cluster(binaries, folder / "postgres", postgres.OF_A_STATE)
            server = cluster.start()
            try:
                bench_engine(
                    tell, "PostgreSQL", lambda name: _on_server(server, name, room, cluster), officers, smaller
                )
            finally:
                cluster.stop()


@contextmanager
def _room(folder: Path, name: str) -> Iterator[Path]:
    """A folder of an engine's own; two States of 400,000 officers need not lie there at once."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=name) as room:
        yield Path(room)


def _on_server(server: str, name: str, room: Path, cluster: postgres.Cluster) -> Place:
    import psycopg

    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return Place(server.format(name=name), room, cluster)


def bench_engine(
    tell: Tell, name: str, place_of: Callable[[str], Place], officers: int, smaller: Sequence[int]
) -> None:
    tell(f"{name}: scores of {officers:,} officers", "")
    grown = {officers // part: _seconds_of_first(place_of(f"part{part}"), officers // part) for part in smaller}
    place = place_of("whole")
    made = time_of(lambda: _made(place, officers))
    limit = _limit(place, officers)
    runs = [_apart(place, "score", str(month)) for month in MONTHS]
    with _opened(place):
        count = ScoreMonth.get(ScoreMonth.month == str(MONTHS[-1])).officer_count
        tell(f"  made in {made:.0f} s; {MONTHS[-1]} has {count:,} with a score", "")
        _tell_month(tell, runs, limit["seconds"], {**grown, officers: median(run["seconds"] for run in runs)})
        _check(limit["came_to"])
        _tell_loop(tell, median(run["seconds"] for run in runs), officers)
        for month in MONTHS[:-1]:
            scores.seal_month(month, by=SYSTEM, at=SEALED_AT)
        pages = pages_of(make_cases(MONTHS[1]), MONTHS)
        _tell_rank(tell)
    _bench_beside(tell, place, runs[-1])
    _bench_pages(tell, place, pages)


def _made(place: Place, officers: int) -> None:
    with _opened(place):
        make_state(officers)


@contextmanager
def _opened(place: Place) -> Iterator[None]:
    trail.use_key(TRAIL_KEY)
    open_database(place.url, patient=True)
    migrate()
    with database.connection_context():
        yield
    database.close_all()


def _seconds_of_first(place: Place, officers: int) -> float:
    """How long a smaller State takes, to see how the work grows."""
    _made(place, officers)
    return median(_apart(place, "score", str(month))["seconds"] for month in MONTHS)


def _limit(place: Place, officers: int) -> dict[str, list]:
    """The same months by DuckDB, on its own tables."""
    path = place.folder / "limit.duckdb"
    with _opened(place):
        bench_duckdb.make(path, officers)
    command = [sys.executable, "-m", "tests.bench_duckdb", str(path), *map(str, MONTHS)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def _check(came_to: Sequence[int]) -> None:
    """The limit has done the same work: as many officers, points and places."""
    total = "SELECT COUNT(*), SUM(points), SUM(rank_state) FROM monthly_score WHERE month = '{}'"
    ours = database.execute_sql(total.format(MONTHS[-1])).fetchone()
    if [int(number) for number in ours] != list(came_to):
        raise RuntimeError(f"{ours} is not {came_to}")


def _apart(place: Place, *work: str) -> dict[str, float]:
    """Something done by a process of its own; of its processor seconds those of the database's server are part."""
    before = place.server_seconds()
    command = [sys.executable, "-m", "tests.bench_beside", place.url, str(place.folder), *work]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return {**told, "seconds": told["seconds"] + place.server_seconds() - before}


# The month


def _tell_month(tell: Tell, runs: list[dict[str, float]], limit: list[float], grown: dict[int, float]) -> None:
    ours, least = median(run["seconds"] for run in runs), median(limit)
    walls = median(run["wall"] for run in runs)
    times = f"{ours:.1f} s, {least:.2f} s; {walls:.1f} s wall"
    tell("  a month scored and stored, processor time / DuckDB", f"{ours / least:6.1f} x ({times})")
    if len(grown) > 1:
        tell("  growth over the last doublings, exponent (goal 1.05)", f"{_exponent(grown):6.2f}   ({_listed(grown)})")
    peak = max(run["peak"] for run in runs)
    tell(f"  most memory / {MEMORY_GOAL_MB} MB", f"{peak / MEMORY_GOAL_MB:6.2f} x")


def _exponent(grown: dict[int, float]) -> float:
    """The slope of time over officers, both as logarithms, by least squares."""
    points = [(math.log(officers), math.log(seconds)) for officers, seconds in grown.items()]
    mean = [sum(axis) / len(points) for axis in zip(*points, strict=True)]
    above = sum((x - mean[0]) * (y - mean[1]) for x, y in points)
    return above / sum((x - mean[0]) ** 2 for x, _y in points)


def _listed(grown: dict[int, float]) -> str:
    return ", ".join(f"{officers:,}: {seconds:.1f} s" for officers, seconds in sorted(grown.items()))


def _tell_loop(tell: Tell, ours: float, officers: int) -> None:
    policy = policy_for(MONTHS[-1], queries.published_policies())
    some = [number for (number,) in Officer.select(Officer.id).limit(LOOPED).tuples()]
    begun = time.process_time()
    for number in some:
        lines_for(queries.facts_of(number, MONTHS[-1]), policy, MONTHS[-1])
    looped = (time.process_time() - begun) / len(some) * officers
    tell("  one by one without ranks (extrapolated, own time only) / set-based (goal 200)", f"{looped / ours:6.1f} x")


def _tell_rank(tell: Tell) -> None:
    """Ranks with neighbours of officers all over the board, against one look-up by primary key."""
    month = str(MONTHS[1])
    mine = MonthlyScore.month == month
    rows = MonthlyScore.select(MonthlyScore.officer).where(mine).order_by(MonthlyScore.officer)
    numbers = [number for (number,) in rows.tuples()]
    some = numbers[:: max(len(numbers) // 500, 1)]
    run = ScoreMonth.get(ScoreMonth.month == month).run
    key = {number: time_of(lambda n=number: MonthlyScore.get_by_id((month, n, run))) for number in some}
    places = {number: time_of(lambda n=number: _ranks(n)) for number in some}
    for what, at in (("p50", 50), ("p95", 95)):
        one, all_ranks = (_percentile(list(took.values()), at) for took in (key, places))
        tell(
            f"  my ranks and neighbours / a look-up by key, {what} (goal 5)",
            f"{all_ranks / one:6.1f} x ({all_ranks * 1000:.2f} ms)",
        )


def _ranks(officer_id: int) -> object:
    standing = queries.standing_of(officer_id, MONTHS[1])
    return standing and queries.neighbours(standing, scope=BoardScope.DEPARTMENT)


def _percentile(took: list[float], at: int) -> float:
    return quantiles(took, n=100)[at - 1]


# While the scheduler scores


def _bench_beside(tell: Tell, place: Place, alone: dict[str, float]) -> None:
    done: list[dict[str, float]] = []
    at_rest = _meanwhile(place, "write", lambda: time.sleep(AT_REST_SECONDS))
    _change(place, 1)
    scoring = _meanwhile(place, "write", lambda: done.append(_apart(place, "score", str(MONTHS[-1]))))
    p99 = [_percentile(took, 99) for took in (scoring, at_rest)]
    tell("  a write while scoring / at rest, p99 (goal 10)", f"{p99[0] / p99[1]:6.1f} x of {p99[1] * 1000:.1f} ms")
    tell("  a write while scoring, the longest", f"{max(scoring) * 1000:6.0f} ms of {len(scoring)} writes")
    held = max(alone["held"], done[0]["held"])
    tell(f"  longest transaction that writes / {LOCK_GOAL_MS} ms", f"{held * 1000 / LOCK_GOAL_MS:6.2f} x")


def _change(place: Place, session: int) -> None:
    """Something that changes the running month, so that all of it is written anew."""
    with _opened(place):
        database.execute_sql(f"UPDATE training_session SET held_on = '{MONTHS[-1].first_on}' WHERE id <= {session * 3}")


def _meanwhile(place: Place, work: str, act: Callable[[], object], *what: str) -> object:
    """What a process of its own tells of its work while something else is done."""
    command = [sys.executable, "-m", "tests.bench_beside", place.url, str(place.folder), work, *what]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as beside:
        assert beside.stdout
        beside.stdout.readline()
        act()
        told, _errors = beside.communicate("\n")
    return json.loads(told)


def _bench_pages(tell: Tell, place: Place, pages: dict[str, str]) -> None:
    """Pages while everybody is scored, at rest, and with their rows from memory: 95 of a hundred take no longer."""
    asked = json.dumps(pages)
    at_rest = _meanwhile(place, "read", lambda: time.sleep(READ_SECONDS), asked)
    _change(place, 2)
    scoring = _meanwhile(place, "read", lambda: _apart(place, "score", str(MONTHS[-1])), asked)
    constant = _from_memory(place, pages)
    tell(f"  pages, p95 in ms (goal {GOAL_MS}) while scoring; / at rest; / with constant rows", "")
    for name in pages:
        p95 = [_percentile(took, 95) * 1000 for took in (scoring[name], at_rest[name], constant[name])]
        tell(
            f"    {name}",
            f"{p95[0]:6.0f} ms {'' if p95[0] <= GOAL_MS else '!'}  {p95[0] / p95[1]:5.1f} x of {p95[1]:.0f} ms"
            f"  {p95[0] / p95[2]:5.1f} x of {p95[2]:.0f} ms",
        )


def _from_memory(place: Place, pages: dict[str, str]) -> dict[str, list[float]]:
    site = Site(place.url, str(place.folder))
    took = {}
    with Remembering(database.obj):
        for name, page in pages.items():
            site.read(page)
            took[name] = [site.time_of(page) for _each in range(20)]
    database.close_all()
    return took


if __name__ == "__main__":
    main()
