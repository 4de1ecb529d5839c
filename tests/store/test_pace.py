"""How far work is, told to the job that asked for it."""

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.store.jobs import JobRun, claim, enqueue, find
from karmyogi.store.pace import Pace, share_done


@pytest.fixture
def run(db) -> JobRun:
    """A job that is being done here."""
    enqueue("import-check", "1", by=SYSTEM)
    assert claim("import-check", "1")
    return find("import-check", "1")


def done(run: JobRun) -> float:
    return share_done(JobRun.get_by_id(run.id))


@pytest.mark.parametrize("share", [0.0, 0.6, 0.8, 1.0])
def test_the_share_that_was_told_is_read_back(run, share):
    Pace(run).at(share)

    assert done(run) == share


def test_a_sign_of_life_never_moves_the_bar_back(run):
    reading = Pace(run).part(0, 0.6)

    for share in (0.5, 0.2, 7.0):
        reading.alive(share)
        assert done(run) == pytest.approx(0.3 if share < 1 else 0.6)


def test_little_steps_are_told_only_where_somebody_asks_for_a_sign_of_life(run):
    pace = Pace(run)
    pace.at(0.5)

    pace.at(0.501)
    before = done(run)
    pace.alive(0.502)

    assert (before, done(run) > before) == (0.5, True)
