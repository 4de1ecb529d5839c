"""`flask scores …`: what scripts read, and the exit codes they go by."""

import csv
import json
from dataclasses import replace
from datetime import date

import pytest

from karmyogi.people.models import Officer
from karmyogi.scores.models import MonthlyScore, ScoreMonth
from karmyogi.store.db import database
from tests import factories as make
from tests.apps import app_over


@pytest.fixture
def run(scene, db, settings):
    scene.officer(2, employee_code="00000014", name_hi="रवि")
    scene.officer(3, employee_code="00000007", name_hi="आशा")
    app = app_over(replace(settings, database_url=db))
    runner = app.test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    yield lambda *words: runner.invoke(args=["scores", *words])
    database.close_all()


def test_a_month_is_run_sealed_and_verified(run):
    ran = run("run", "2026-01")
    month = ScoreMonth.get()
    sealed = run("seal", "2026-01")
    verified = run("verify")

    assert (ran.exit_code, ran.output) == (0, f"2026-01 provisional 2 {month.run_id}\n")
    assert (sealed.exit_code, sealed.output) == (0, f"2026-01 sealed 2 {ScoreMonth.get().seal}\n")
    assert (verified.exit_code, verified.output) == (0, "2026-01 ok\n")
    assert run("verify", "2026-01").exit_code == 0


def test_quarters_and_years_are_added_up_once_and_again_where_that_is_asked_for(run):
    run("run", "2026-01")
    run("seal", "2026-01")
    added, same = run("add-up"), run("add-up")
    MonthlyScore.update(points=9).where((MonthlyScore.month == "2025-FY") & (MonthlyScore.points == 2)).execute()
    again = run("add-up", "--again")

    assert (added.exit_code, added.output) == (0, "2025-Q4\n2025-FY\n")
    assert (same.exit_code, same.output) == (0, "")
    assert (again.exit_code, again.output) == (0, "2025-Q4\n2025-FY\n")
    assert {row.points for row in MonthlyScore.select().where(MonthlyScore.month == "2025-FY")} == {2, 3}


def test_the_export_is_one_json_entry_per_officer_sorted_by_code(run):
    run("run", "2026-01")

    exported = run("export", "2026-01")

    assert exported.exit_code == 0
    assert json.loads(exported.stdout) == [
        {"employee_code": "00000007", "total": 3, "lines": {"session": 3}},
        {"employee_code": "00000014", "total": 2, "lines": {"session": 2}},
    ]


def test_an_empty_month_exports_an_empty_list(run):
    run("run", "2025-12")

    assert json.loads(run("export", "2025-12").stdout) == []


def test_the_export_as_csv_has_a_column_for_each_code_of_the_policy(run):
    run("run", "2026-01")

    exported = run("export", "2026-01", "--format", "csv")

    assert list(csv.reader(exported.stdout.splitlines())) == [
        ["employee_code", "total", "session"],
        ["00000007", "3", "3"],
        ["00000014", "2", "2"],
    ]


def test_a_refusal_is_said_in_a_sentence_and_exits_with_one(run):
    run("run", "2026-01")
    run("seal", "2026-01")

    again = run("run", "2026-01")

    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == (
        "The month 2026-01 is sealed and never changes. What comes in later is entered by a numbered correction, "
        "which GAD opens on the page of the month.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "2025-03"], "No published scoring policy covers the month 2025-03.\n"),
        (["run", "2026-01", "--policy", "9"], "There is no scoring policy with the number 9.\n"),
        (["seal", "2026-01"], "The month 2026-01 has not been computed yet. Run it first.\n"),
        (["export", "2026-01"], "The month 2026-01 has not been computed yet. Run it first.\n"),
        (["verify", "2026-01"], "The month 2026-01 has not been computed yet. Run it first.\n"),
    ],
)
def test_what_cannot_be_done_says_why(run, words, said):
    refused = run(*words)

    assert (refused.exit_code, refused.stderr) == (1, said)


@pytest.mark.parametrize(
    "words", [["run"], ["run", "2026-13"], ["run", "January"], ["export", "2026-01", "--format", "xml"]]
)
def test_a_wrong_use_exits_with_two(run, words):
    assert run(*words).exit_code == 2


def test_verify_names_the_officer_whose_sealed_score_was_changed(run):
    run("run", "2026-01")
    run("seal", "2026-01")
    MonthlyScore.update(points=9).where(MonthlyScore.points == 2).execute()

    broken = run("verify")

    assert (broken.exit_code, broken.stdout) == (1, "2026-01 broken\n")
    assert broken.stderr == (
        "The sealed score of officer 00000014 in 2026-01 has been changed, removed or added since.\n"
        "In 2026-01 the score of officer 00000014 says 9 points; the lines come to 2.\n"
    )


def test_verify_again_tells_how_a_sealed_month_stands_to_the_records_of_today(run):
    run("run", "2026-01")
    run("seal", "2026-01")
    same = run("verify", "--again")
    make.make_attendance(Officer.get(Officer.employee_code == "00000014"), date(2026, 1, 20))
    other = run("verify", "2026-01", "--again")

    assert (same.exit_code, same.stdout) == (0, "2026-01 ok\n2026-01 today: equal to the byte\n")
    assert (other.exit_code, other.stdout) == (0, "2026-01 ok\n2026-01 today: 1 of 2 officers differ\n")
