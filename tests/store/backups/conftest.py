"""A database of a State's first day with three private files, and a folder for its backups."""

import pytest

from karmyogi.store.files import open_files
from tests.store.backups.scene import empty_database, plan_in


@pytest.fixture
def world():
    return "installed"


@pytest.fixture
def files(tmp_path):
    kept = open_files(str(tmp_path / "media"))
    for number, kind in enumerate(("original", "image", "report")):
        kept.put(f"प्रमाण पत्र {number}".encode() * 1000, kind=kind)
    return kept


@pytest.fixture
def plan(tmp_path):
    return plan_in(tmp_path / "backups")


@pytest.fixture
def elsewhere(engines, engine):
    """`with elsewhere() as url:` is an empty database on the same engine."""
    return lambda: empty_database(engines, engine)
