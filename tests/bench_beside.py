"""What goes on in processes of their own while scores are benched: scoring, somebody who writes, somebody who reads.

Each is told its work on the command line. Who writes or reads goes on until a line comes in, then tells every time
that it took, in seconds.
"""

import json
import select
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import peewee
from flask.testing import FlaskClient

from karmyogi.completions.models import OnboardingStep
from karmyogi.core.months import Month, today
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.people.models import OrgUnit
from karmyogi.scores import service
from karmyogi.store import trail
from karmyogi.store.db import database, open_database
from karmyogi.web import access
from karmyogi.web.access import SignedIn
from tests.bench_imports import peak_megabytes
from tests.bench_pages import site_over
from tests.worlds import TRAIL_KEY

READING = {"DEFERRED", "REPEATABLE READ"}  # how transactions begin that are for one view of the data
PAUSE_SECONDS = 0.02  # between two writes or pages, as people leave


def main() -> None:
    """One piece of work, its outcome as JSON."""
    url, folder, work, *what = sys.argv[1:]
    trail.use_key(TRAIL_KEY)
    if work == "read":
        told: object = read(url, folder, json.loads(what[0]))
    else:
        open_database(url, patient=True)
        with database.connection_context():
            told = {"score": score, "write": write}[work](*what)
    print(json.dumps(told))  # noqa: T201 - what this program is for


# Scoring


def score(month: str) -> dict[str, float]:
    """Compute a month: its seconds, the most memory in MB, and the longest that it kept others from writing."""
    held: list[float] = []
    _time_transactions(held)
    begun, begun_at = time.process_time(), time.perf_counter()
    service.run_month(Month.parse(month), by=SYSTEM)
    took = {"seconds": time.process_time() - begun, "wall": time.perf_counter() - begun_at}
    return {**took, "peak": peak_megabytes(), "held": max(held)}


def _time_transactions(held: list[float]) -> None:
    """Note how long each transaction that may write is open; those that only read on one view are left out."""
    begins, ends = peewee._transaction.__enter__, peewee._transaction.__exit__

    def enter(self: peewee._transaction) -> object:
        entered = begins(self)
        self.begun_at = time.perf_counter()
        return entered

    def leave(self: peewee._transaction, *error: object) -> object:
        left, (how, more) = ends(self, *error), self._begin_args
        if not READING & {*how, *more.values()}:
            held.append(time.perf_counter() - self.begun_at)
        return left

    peewee._transaction.__enter__, peewee._transaction.__exit__ = enter, leave


# Somebody who writes


def write() -> list[float]:
    """What a verb does to its tables: a row, its change, and an entry on the trail, in one transaction."""
    return list(_until_told(lambda: time_of(_write)))


def _write() -> None:
    with database.atomic():
        step = OnboardingStep.create(officer=1, step="download", said_on=today())
        trail.record(SYSTEM, "onboarding.say", step, {"step": step.step})
        step.delete_instance()


# Somebody who reads


def read(url: str, folder: str, pages: dict[str, str]) -> dict[str, list[float]]:
    """Pages in turn, by the names they are given; what is to be read as somebody else begins with that one's name."""
    site = Site(url, folder)
    rounds = _until_told(lambda: {name: site.time_of(page) for name, page in pages.items()})
    took: dict[str, list[float]] = defaultdict(list)
    for each in rounds:
        for name, seconds in each.items():
            took[name].append(seconds)
    return took


def _until_told(work: Callable[[], object]) -> Iterator[object]:
    """Do it over and over; "ready" after the first time, which is not counted."""
    work()
    print("ready", flush=True)  # noqa: T201 - what this program is for
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        yield work()


def time_of(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


class Site:
    """The application over a database, with browsers of an officer, two people of a department, and GAD."""

    def __init__(self, url: str, folder: str):
        app = site_over(url, folder)
        with database.connection_context():
            department = OrgUnit.select().where(OrgUnit.kind == "department").order_by(OrgUnit.id).first()
        people = {
            "gad": Actor(1, "Sunita", grants=(Grant(Role.GAD),)),
            "head": Actor(2, "Meena", grants=(Grant(Role.HEAD, department.line_path),)),
            "nodal": Actor(4, "Ravi", grants=(Grant(Role.NODAL, department.line_path),)),
            "officer": Actor(3, "Asha", officer_id=1, grants=(Grant(Role.EMPLOYEE),)),
        }
        access.use_loader(
            lambda token: SignedIn(token, people[token].user_id or 0, people[token], "लोग", "People", "en")
        )
        self.browsers = {who: self._browser(app.test_client(), who) for who in people}

    @staticmethod
    def _browser(client: FlaskClient, who: str) -> FlaskClient:
        with client.session_transaction() as session:
            session.update(_user_id=who, _fresh=True, lang="en")
        return client

    def read(self, page: str) -> str:
        """The text of a page; `gad /months` is that page in front of GAD. Raises RuntimeError if it does not open."""
        who, address = page.split(" ", 1)
        answer = self.browsers[who].get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{page}: {answer.status_code}")
        return answer.get_data(as_text=True)

    def time_of(self, page: str) -> float:
        return time_of(lambda: self.read(page))


class Remembering:
    """Answers each statement that was answered before from memory: what is left is the page without the database."""

    def __init__(self, engine: peewee.Database):
        self.engine, self.ask = engine, engine.execute_sql
        self.known: dict[tuple[str, str], tuple[object, list[tuple]]] = {}

    def __enter__(self) -> None:
        self.engine.execute_sql = self._answer

    def __exit__(self, *error: object) -> None:
        self.engine.execute_sql = self.ask

    def _answer(self, sql: str, params: object = None, **how: object) -> object:
        key = sql, repr(params)
        if key not in self.known:
            cursor = self.ask(sql, params, **how)
            if cursor.description is None:
                return cursor
            self.known[key] = cursor.description, cursor.fetchall()
        description, rows = self.known[key]
        left = iter(rows)
        return SimpleNamespace(
            description=description,
            rowcount=len(rows),
            fetchone=lambda: next(left, None),
            fetchall=lambda: list(left),
            close=lambda: None,
        )


if __name__ == "__main__":
    main()
