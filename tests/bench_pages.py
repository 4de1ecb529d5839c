"""Pages and files of `make bench`: a page over a hundred times the rows, and a file against its bare rows."""

import csv
import io
import json
import select
import sys
import time
from collections.abc import Callable, Iterable
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from karmyogi.config import Settings
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.people.models import Officer
from karmyogi.store.db import database
from karmyogi.web import access
from karmyogi.web.access import SignedIn
from tests.worlds import FACTOR_KEY, TRAIL_KEY

PAGES = (
    "/admin/officers/",
    "/admin/officers/?flt_state_class=III",
    "/admin/completions/",
    "/admin/scores/",
    "/leaderboards",
    "/leaderboards/units",
)
MEANWHILE = "/admin/officers/?flt_state_class=III"  # read again and again while something else is done
TIMES = 15
READER = Actor(1, "bench", grants=(Grant(Role.GAD),))


def site_over(url: str, folder: str) -> Flask:
    """The application over the database of `url`, with its private files in `folder`."""
    return create_app(
        Settings(
            database_url=url,
            media_url=f"file://{folder}/media",
            base_url="http://localhost",
            secret_key=b"a secret for the bench, nowhere else used",
            trail_key=TRAIL_KEY,
            factor_key=FACTOR_KEY,
        )
    )


def open_site(url: str, folder: str) -> FlaskClient:
    """A browser of GAD's over the database of `url`."""
    app = site_over(url, folder)
    access.use_loader(lambda token: SignedIn(token, 1, READER, "बेंच", "Bench", "en", is_fresh=True))
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(_user_id="bench", _fresh=True, lang="en")
    return client


def page_times(client: FlaskClient) -> dict[str, float]:
    """The median of some requests of each page, in milliseconds, after a first that is not counted."""
    return {page: _median_of(lambda page=page: _read(client, page)) * 1000 for page in PAGES}


def _median_of(work: Callable[[], object]) -> float:
    work()
    return median(_seconds(work) for _time in range(TIMES))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _read(client: FlaskClient, address: str) -> int:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return sum(len(piece) for piece in answer.iter_encoded())


def file_times(client: FlaskClient) -> dict[str, float]:
    """Seconds for the register of officers: its rows through a bare CSV writer, then the files of the register."""
    files = {kind: _seconds(lambda kind=kind: _read(client, f"/admin/officers/export/{kind}/")) for kind in ("csv",)}
    most = "/admin/officers/export/xlsx/?flt_state_class=I"  # a part that fits into an Excel file
    return {"bare": _seconds(_bare), **files, "xlsx of class I": _seconds(lambda: _read(client, most))}


def _bare() -> None:
    with database.connection_context():
        rows: Iterable[tuple] = Officer.select(
            Officer.name_en, Officer.employee_code, Officer.designation, Officer.state_class
        ).tuples()
        writer = csv.writer(io.StringIO())
        writer.writerows(rows.iterator())


def main() -> None:
    """Read a page over and over until a line comes in, then tell the seconds of each time; "ready" after the first."""
    client = open_site(*sys.argv[1:])
    _read(client, MEANWHILE)
    print("ready", flush=True)  # noqa: T201 - what this program is for
    took = []
    while not select.select([sys.stdin], [], [], 0)[0]:
        took.append(_seconds(lambda: _read(client, MEANWHILE)))
    print(json.dumps(took))  # noqa: T201 - what this program is for


if __name__ == "__main__":
    main()
