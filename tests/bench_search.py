"""The search for officers against reading every name: a part of `make bench`, or by itself at 400,000 officers.

Usage: python -m tests.bench_search [--officers N]
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial, reduce
from itertools import islice
from pathlib import Path
from random import Random

from karmyogi.core.months import today
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Permission, Role, scope_of
from karmyogi.core.profile import Profile, load_profile
from karmyogi.demo.cast import HEALTH
from karmyogi.demo.learning import last_day_of
from karmyogi.demo.people import draw_people
from karmyogi.demo.rows import ROSTER, roster_row
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.queries import FOUND_AT_MOST, officers_found, officers_posted_in, units_within
from karmyogi.people.service import install_state
from karmyogi.reports import service
from karmyogi.store import trail
from karmyogi.store.db import database, is_postgres, migrate, open_database
from karmyogi.store.files import open_files
from karmyogi.store.reach import NO_ROW
from tests import postgres
from tests.worlds import TRAIL_KEY

Tell = Callable[[str, str], None]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--officers", type=int, default=400_000)
    profile = load_profile("chhattisgarh")
    with tempfile.TemporaryDirectory() as folder:
        roster = write_roster(Path(folder), officers=parser.parse_args().officers, profile=profile)
        bench_engine(f"sqlite:///{folder}/bench.db", roster, profile)
        if binaries := postgres.find_binaries():
            Path(folder).chmod(0o755)  # PostgreSQL runs as an account of its own
            cluster = postgres.Cluster(binaries, Path(folder) / "postgres")
            try:
                bench_engine(cluster.start().format(name="postgres"), roster, profile)
            finally:
                cluster.stop()


def bench_engine(url: str, roster: Path, profile: Profile) -> None:
    trail.use_key(TRAIL_KEY)
    open_database(url, patient=True)
    migrate()
    files = open_files(f"file://{roster.parent}/media")
    with database.connection_context():
        install_state(profile, by=SYSTEM)
        with roster.open("rb") as stream:
            origin = service.receive(stream, files, name=roster.name, by=SYSTEM, creates_units=True)
        service.apply(service.check(origin, files), files, by=SYSTEM)
        settle()
        bench_search(lambda what, figure: print(f"{what:<58} {figure}", flush=True))  # noqa: T201 - this program prints


def settle() -> None:
    """What PostgreSQL does by itself within minutes of an import, and the throw-away server of the tests never does."""
    if is_postgres():
        database.execute_sql("VACUUM ANALYZE")


def write_roster(folder: Path, *, officers: int, profile: Profile) -> Path:
    """The roster of a made-up State, without its reports."""
    path = folder / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(ROSTER)
        people = draw_people(officers, Random("people 5"), last_on=last_day_of("2026-01"), profile=profile)
        rows.writerows(map(roster_row, people))
    return path


def bench_search(tell: Tell) -> None:
    """What people type, looked up by spelling, against reading every name for it; whole State, then one department."""
    asked = what_people_type()
    unit = OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == HEALTH))
    readers = {"the State": SYSTEM, "a department": Actor(1, "Ravi", grants=(Grant(Role.NODAL, unit.line_path),))}
    officers = Officer.select().count()
    for whose, by in readers.items():
        search, scan = partial(officers_found, actor=by, on=today()), partial(with_like, actor=by)
        found = slowest_but_five([partial(search, text) for text in asked])
        read = slowest_but_five([partial(scan, text) for text in asked])
        what = f"search in {whose} of {officers}, p95 of {len(asked)}"
        tell(f"  {what}: LIKE over all names / search", f"{read / found:6.1f} x")


def what_people_type() -> list[str]:
    """Whole names, beginnings and other spellings of officers here and there, in both scripts, and codes."""
    some = Officer.select(Officer.employee_code, Officer.name_hi, Officer.name_en).order_by(Officer.id).tuples()
    every = max(Officer.select().count() // 30, 1)
    asked = []
    for code, name_hi, name_en in islice(some, 0, None, every):
        given, surname = name_en.split()[0], name_en.split()[-1]
        other = given.replace("ee", "i").replace("i", "ee").replace("v", "w")
        asked += [
            name_en,
            name_hi,
            given[:3],
            surname,
            f"{other} {surname[:4]}",
            f"{given} {name_hi.split()[-1]}",
            code,
        ]
    return asked


def slowest_but_five(works: Sequence[Callable[[], object]]) -> float:
    """The wall time in seconds that 95 of a hundred stay below; of each the best of three."""
    times = sorted(min(wall_time(work) for _again in range(3)) for work in works)
    return times[len(times) * 95 // 100]


def with_like(text: str, *, actor: Actor) -> list[Officer]:
    """The first officers with every word of a text somewhere in a name or the code, in order of code."""
    columns = (Officer.name_hi, Officer.name_en, Officer.employee_code)
    query = Officer.select()
    for word in text.split():
        query = query.where(reduce(lambda found, column: found | column.contains(word), columns, NO_ROW))
    [grant] = actor.grants
    if grant.path != "/":
        scope = scope_of(actor, Permission.OFFICERS_SEARCH)
        query = query.where(Officer.id.in_(officers_posted_in(units_within(scope), on=today())))
    return list(query.order_by(Officer.employee_code).limit(FOUND_AT_MOST + 1))


def wall_time(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
