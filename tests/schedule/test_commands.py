"""The command line of the scheduler: one job by hand, the queue, and what ran last."""

from dataclasses import replace

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.schedule import table
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun, enqueue
from tests.web.site import app_over


@pytest.fixture
def run(installed_db, settings):
    runner = app_over(replace(settings, database_url=installed_db)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    yield lambda *words: runner.invoke(args=["schedule", *words])
    database.close_all()


def test_one_job_is_run_now_for_a_day_and_only_once(run):
    first, again = run("once", "score-night", "2026-01-20"), run("once", "score-night", "2026-01-20")

    assert (first.exit_code, first.output) == (0, "score-night 2026-01-20: done\n")
    assert (again.exit_code, again.output) == (0, "score-night 2026-01-20: nothing to do\n")


def test_the_queue_is_worked_off_from_the_command_line(run):
    enqueue(table.SCORE, "2026-01@20260203101500", by=SYSTEM)

    assert [run("once", "queue").output for _time in range(2)] == ["1\n", "0\n"]


def test_every_timed_job_is_listed_with_its_last_run(run):
    before = run("list").output
    run("once", "score-night", "2026-01-20")

    jobs = ["seal-due", "periods-night", "month-end", "score-night", "trim-jobs", "sweep-uploads", "proof-night"]
    assert before.splitlines() == [f"{job}  -  never" for job in jobs]
    assert run("list").output == before.replace("score-night  -  never", "score-night  2026-01-20  done")


def test_a_job_or_a_day_that_there_is_none_of_is_wrong_usage_and_leaves_nothing(run):
    wrong = [
        run(*words).exit_code for words in (["once", "tea"], ["once"], ["once", "seal-due", "yesterday"], ["dance"])
    ]

    assert wrong == [2, 2, 2, 2]
    assert JobRun.select().count() == 0
