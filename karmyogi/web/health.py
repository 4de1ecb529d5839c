"""What a load balancer asks: does the process run, and can it serve."""

import logging
import tempfile
from collections.abc import Callable

import peewee
from flask import Flask, Response, jsonify

from karmyogi.core.errors import in_short
from karmyogi.store import heartbeats
from karmyogi.store.db import database, pending_migrations
from karmyogi.web.access import public
from karmyogi.web.installed import files

logger = logging.getLogger("karmyogi.health")


def install(app: Flask) -> None:
    """Open the two addresses to everybody: they tell no more than yes or no."""
    app.add_url_rule("/healthz", "healthz", public(alive))
    app.add_url_rule("/readyz", "readyz", public(ready))


def alive() -> Response:
    """The process answers; nothing else is asked, so that a database that is down restarts nobody."""
    return jsonify(process=True)


def ready() -> tuple[Response, int]:
    """200 if pages can be served now, else 503 with what is missing; why, only the log says.

    Whether a scheduler runs is told beside it and decides nothing: pages are served without one.
    """
    answers = _holds(_database_answers)
    found = {
        "database": answers,
        "migrations": answers and _holds(_nothing_is_pending),
        "files": _holds(_files_can_be_written),
    }
    scheduler = found["migrations"] and _holds(lambda: bool(heartbeats.alive()))
    return jsonify(**found, scheduler=scheduler), 200 if all(found.values()) else 503


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except (peewee.PeeweeException, OSError, ValueError) as error:  # ValueError: the pool has no connection left
        logger.error("not ready: %s", in_short(error))
        return False


def _database_answers() -> bool:
    database.connect(reuse_if_open=True)
    return database.execute_sql("SELECT 1").fetchone() == (1,)


def _nothing_is_pending() -> bool:
    return not pending_migrations()


def _files_can_be_written() -> bool:
    """Also on a full disk this says no: the byte must reach it."""
    with tempfile.TemporaryFile(dir=files().root) as probe:
        probe.write(b"1")
        probe.flush()
    return True
