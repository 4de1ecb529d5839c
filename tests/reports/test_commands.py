"""The same road as the page, from the command line: what scripts read, and the codes by which they know."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from karmyogi.people.models import Officer, Posting
from karmyogi.store.db import database
from karmyogi.store.imports import Import
from karmyogi.store.trail import TrailEntry, broken_link
from tests import trails, worlds
from tests.store.zips import Packed, archive_of
from tests.web.site import app_over
from tests.worlds import DATA

EXPECTED = json.loads((DATA / "expected.json").read_text())
ROSTER, USERS, PLAN, ENROLMENTS = (str(DATA / name) for name in worlds.SAMPLE)
CONTRACT = {
    "kind", "generation", "rows", "created", "updated", "unchanged", "queued", "rejected", "flagged", "unknown_columns",
    "missing_columns", "problems",
}  # fmt: skip
OUTCOMES = ("created", "updated", "unchanged", "queued", "rejected")


def runner_of(settings, url: str, media: str):
    runner = app_over(replace(settings, database_url=url, media_url=media)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    return lambda *words: runner.invoke(args=[str(word) for word in words])


@pytest.fixture
def run(installed_db, settings):
    yield runner_of(settings, installed_db, settings.media_url)
    database.close_all()


@pytest.fixture
def run_on_sample(imported_db, settings):
    yield runner_of(settings, imported_db, worlds.media_of("imported"))
    database.close_all()


def outcomes(facts: dict[str, object]) -> dict[str, int]:
    return {name: facts[name] for name in OUTCOMES if facts[name]}


def small_roster(folder: Path, *rows: int) -> Path:
    """The header and some rows of the sample roster, counted from one."""
    lines = (DATA / "roster.csv").read_text(encoding="utf-8").splitlines()
    path = folder / "small.csv"
    path.write_text("\n".join([lines[0], *(lines[row] for row in rows)]) + "\n", encoding="utf-8")
    return path


def everything() -> dict[str, list]:
    """All that is stored, row by row."""
    return {
        table: sorted(map(str, database.execute_sql(f'SELECT * FROM "{table}"').fetchall()))
        for table in database.get_tables()
    }


# ── The sample, as a script would bring it ──


def test_the_sample_comes_in_through_the_command_line_with_the_outcomes_worked_out_beside_it(run):
    roster = run("people", "import", ROSTER, "--create-units", "--json")
    reports = run("reports", "import", USERS, PLAN, ENROLMENTS, "--json")

    assert (roster.exit_code, reports.exit_code) == (0, 0)
    told = [json.loads(roster.stdout), *json.loads(reports.stdout)]
    assert [one["kind"] for one in told] == ["roster", "user", "plan", "consumption"]
    assert [outcomes(one) for one in told] == [
        {"created": EXPECTED["officers"]},
        EXPECTED["user_report_outcomes"],
        EXPECTED["plan_report_outcomes"],
        EXPECTED["enrolment_outcomes"],
    ]
    assert [set(one) - CONTRACT for one in told] == [{"file", "refusal"}] * 4
    assert [CONTRACT - set(one) for one in told] == [set()] * 4
    assert [sum(one[name] for name in OUTCOMES) - one["rows"] for one in told] == [0, 0, 0, 0]
    assert problem_rows(told[3]) == expected_problem_rows()
    assert odd_problems([row for one in told for row in one["problems"]]) == []
    assert broken_link() is None


def problem_rows(facts: dict[str, object]) -> dict[int, str]:
    return {row["row"]: row["outcome"] for row in facts["problems"] if row["outcome"] in {"queued", "rejected"}}


def expected_problem_rows() -> dict[int, str]:
    wanted = {name: how for name, how in EXPECTED["mess_outcomes"].items() if how in {"queued", "rejected"}}
    return {line: how for name, how in wanted.items() for line in EXPECTED["mess_rows"][name]}


def odd_problems(problems: list[dict[str, object]]) -> list[dict[str, object]]:
    """Those that do not say where they are and why, in both languages."""
    keys = {"row", "outcome", "column", "value", "reason", "message_hi", "message_en"}
    return [
        row
        for row in problems
        if set(row) != keys
        or not (row["reason"] and row["message_hi"] and row["message_en"])
        or "%(" in row["message_en"] + row["message_hi"]
    ]


def test_what_waits_for_a_person_is_listed(run_on_sample):
    listed = json.loads(run_on_sample("reports", "queue", "--json").stdout)
    said = run_on_sample("reports", "queue").stdout.splitlines()

    queued = {row: "queued" for row, how in expected_problem_rows().items() if how == "queued"}
    assert {row["row"]: row["outcome"] for row in listed} == queued
    assert {row["file"] for row in listed} == {"user-enrollment-report.csv"}
    assert len(said) == len(listed) == 23


# ── Looking without touching ──


def test_a_dry_run_tells_what_would_happen_and_writes_nothing_at_all(run, tmp_path):
    path, media = small_roster(tmp_path, 1, 2, 2), Path(tmp_path / "media")
    before, kept = everything(), sorted(media.rglob("*"))

    looked = run("people", "import", path, "--create-units", "--dry-run", "--json")

    assert (looked.exit_code, outcomes(json.loads(looked.stdout))) == (0, {"created": 2, "unchanged": 1})
    assert everything() == before
    assert sorted(media.rglob("*")) == kept


def test_a_dry_run_tells_the_same_as_the_import_that_follows(run, tmp_path):
    path = small_roster(tmp_path, 1, 2, 2, 3)
    dry = run("people", "import", path, "--create-units", "--dry-run", "--json")

    real = run("people", "import", path, "--create-units", "--json")

    assert dry.stdout == real.stdout
    assert Officer.select().count() == 3


def test_a_dry_run_of_a_report_names_the_same_rows_as_the_import_did(run_on_sample):
    told = json.loads(run_on_sample("reports", "import", ENROLMENTS, "--dry-run", "--json").stdout)

    assert problem_rows(told) == expected_problem_rows()
    assert outcomes(told)["unchanged"] == told["rows"] - 23 - 22


def test_a_dry_run_of_a_foreign_file_is_refused_too_and_leaves_nothing(run, tmp_path):
    path = tmp_path / "menu.csv"
    path.write_text("dish,price\nidli,30\n")
    before = everything()

    assert run("reports", "import", path, "--dry-run").exit_code == 1
    assert everything() == before


# ── What is not taken ──


def test_a_foreign_file_is_refused_with_a_reason_and_the_code_one(run, tmp_path):
    path = tmp_path / "menu.csv"
    path.write_text("dish,price\nidli,30\n")

    refused = run("reports", "import", path, "--json")

    told = json.loads(refused.stdout)
    assert (refused.exit_code, told["kind"], told["rows"], told["problems"]) == (1, None, 0, [])
    assert [one["reason"] for one in told["refusal"]] == ["sheet_not_recognised"]
    assert Import.get().state == "refused"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        b"%PDF-1.7\n",
        b"\x00" * 100,
        "नाम\n".encode("utf-16"),
        b"PK\x03\x04broken",
    ],
    ids=["empty", "a picture", "a pdf", "zeros", "utf-16", "a broken zip"],
)
def test_whatever_the_file_is_the_answer_is_a_sentence_and_never_a_crash(run, tmp_path, content):
    path = tmp_path / "report.csv"
    path.write_bytes(content)

    refused = run("reports", "import", path)

    assert refused.exit_code == 1
    assert refused.exception is None or isinstance(refused.exception, SystemExit)
    assert refused.stderr.strip() != ""
    assert "Traceback" not in refused.output


def test_a_refused_file_does_not_keep_the_others_back(run, tmp_path):
    foreign = tmp_path / "menu.csv"
    foreign.write_text("dish,price\nidli,30\n")

    done = run("reports", "import", foreign, small_roster(tmp_path, 1), "--json")

    assert done.exit_code == 1
    assert [one["kind"] for one in json.loads(done.stdout)] == [None, "roster"]


def test_a_roster_of_unknown_offices_is_rejected_row_by_row_unless_they_may_be_created(run, tmp_path):
    path = small_roster(tmp_path, 1, 2)

    refused, taken = run("people", "import", path, "--json"), run("people", "import", path, "--create-units", "--json")

    assert (refused.exit_code, outcomes(json.loads(refused.stdout))) == (1, {"rejected": 2})
    assert {row["reason"] for row in json.loads(refused.stdout)["problems"]} == {"unit_unknown"}
    assert (taken.exit_code, outcomes(json.loads(taken.stdout))) == (0, {"created": 2})


def test_some_bad_rows_do_not_make_the_import_a_failure(run, tmp_path):
    path = small_roster(tmp_path, 1)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([*lines, lines[1].replace("1995-06-13", "31-31-1995").replace("00010000", "00010001")]) + "\n"
    )

    done = run("people", "import", path, "--create-units", "--json")

    assert done.exit_code == 0
    assert outcomes(json.loads(done.stdout)) == {"created": 1, "rejected": 1}


@pytest.mark.parametrize(
    "words",
    [
        ["reports", "import"],
        ["reports", "import", "/no/such/file.csv"],
        ["reports", "import", "/"],
        ["people", "import"],
        ["people", "import", ROSTER, "--as-on", "yesterday"],
        ["reports", "export"],
    ],
    ids=lambda words: " ".join(words[:2]) + f" {len(words)}",
)
def test_wrong_usage_ends_with_two_and_imports_nothing(run, words):
    assert run(*words).exit_code == 2
    assert Import.select().count() == 0


# ── Taking back ──


def test_an_import_is_taken_back_by_its_number_after_a_look_that_changes_nothing(run, tmp_path):
    run("people", "import", small_roster(tmp_path, 1, 2), "--create-units")
    imported = everything()

    looked = json.loads(run("reports", "undo", 1, "--dry-run", "--json").stdout)
    unchanged = everything()
    done = json.loads(run("reports", "undo", 1, "--json").stdout)

    assert unchanged == imported
    assert looked["tables"]["officer"] == {"table": "officer", "created": 2, "changed": 0}
    assert (looked["state"], done) == ("applied", looked | {"state": "undone"})
    assert (Officer.select().count(), Posting.select().count(), broken_link()) == (0, 0, None)


@pytest.mark.parametrize("look", [[], ["--dry-run"]], ids=["at once", "only looked"])
def test_what_rests_on_an_import_is_said_and_nothing_is_taken_back(run, tmp_path, look):
    run("people", "import", small_roster(tmp_path, 1, 2), "--create-units", "--as-on", "2026-01-01")
    later = small_roster(tmp_path, 1, 2)
    later.write_text(later.read_text(encoding="utf-8").replace("1995-06-13", "1995-06-14"), encoding="utf-8")
    run("people", "import", later, "--as-on", "2026-01-02")
    before = everything()

    refused, missing = run("reports", "undo", 1, *look), run("reports", "undo", 99, *look)

    assert (refused.exit_code, missing.exit_code) == (1, 1)
    assert "Later imports have written the same rows" in refused.stderr
    assert everything() == before


def test_an_import_that_was_taken_back_is_not_taken_back_again(run, tmp_path):
    run("people", "import", small_roster(tmp_path, 1, 2), "--create-units")
    run("reports", "undo", 1)

    again, looked = run("reports", "undo", 1), run("reports", "undo", 1, "--dry-run")

    assert [one.exit_code for one in (again, looked)] == [1, 1]
    assert "not applied" in again.stderr
    assert again.stderr == looked.stderr


# ── For people ──


def test_a_person_reads_how_many_rows_had_which_outcome(run, tmp_path):
    told = run("people", "import", small_roster(tmp_path, 1, 2), "--create-units")

    assert told.stdout.splitlines() == [
        "small.csv: Roster, 2 rows",
        "  Created: 2",
        "  Updated: 0",
        "  Unchanged: 0",
        "  In the match queue: 0",
        "  Rejected: 0",
    ]


def test_the_day_a_roster_speaks_of_is_given_or_that_of_the_file(run, tmp_path):
    path = small_roster(tmp_path, 1)
    run("people", "import", path, "--create-units", "--as-on", "2025-07-15")

    assert str(Import.get().as_on) == "2025-07-15"
    assert str(Posting.get().from_on) == "2016-02-22"


def test_the_command_line_acts_as_the_system_and_the_trail_says_by_whose_hand(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "gopal")
    run("people", "import", small_roster(tmp_path, 1), "--create-units")

    acts = trails.told(TrailEntry.action.startswith("import."))
    assert [(entry.action, entry.actor) for entry in acts] == [
        ("import.receive", "system (gopal)"),
        ("import.apply", "system (gopal)"),
    ]


# ── The portal's zip ──

PASSWORD = "Nodal@2026"


def portal_zip(folder: Path) -> Path:
    """The sample's four files in a locked zip, in the wrong order, with one that is no report."""
    contents = {name: Path(name).read_bytes() for name in (ENROLMENTS, PLAN, USERS)}
    contents |= {ROSTER: small_roster(folder, 1, 2).read_bytes(), "note.txt": b"hello"}
    members = [Packed(Path(name).name.encode(), content, "aes-2", PASSWORD) for name, content in contents.items()]
    path = folder / "reports.zip"
    path.write_bytes(archive_of(*members))
    return path


def test_a_locked_zip_is_imported_in_the_order_that_fits_with_its_password_from_standard_input(
    installed_db, settings, tmp_path
):
    path = portal_zip(tmp_path)
    runner = app_over(replace(settings, database_url=installed_db)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})

    looked = runner.invoke(
        args=["reports", "import", str(path), "--dry-run", "--json", "--password-stdin"], input=f"{PASSWORD}\n"
    )
    done = runner.invoke(args=["reports", "import", str(path), "--json"], env={"KARMYOGI_ZIP_PASSWORD": PASSWORD})

    for result in (looked, done):
        assert [facts["kind"] for facts in json.loads(result.output)] == ["roster", "user", "plan", "consumption", None]
        assert result.exit_code == 1  # a file among them was refused
    database.close_all()


@pytest.mark.parametrize(
    ("given", "code"), [("", "protected by a password"), ("nodal", "does not open with this password")]
)
def test_a_locked_zip_without_its_password_is_refused_and_can_be_brought_again(
    installed_db, settings, tmp_path, given, code
):
    path = portal_zip(tmp_path)
    runner = app_over(replace(settings, database_url=installed_db)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})

    for options in ([], ["--dry-run"]):
        result = runner.invoke(args=["reports", "import", str(path), "--password-stdin", *options], input=f"{given}\n")

        assert (result.exit_code, code in result.output) == (1, True)
    database.close_all()


def test_the_command_line_brings_for_the_whole_state(run_on_sample):
    assert run_on_sample("reports", "import", USERS).exit_code == 0

    origin = Import.select().order_by(Import.id.desc()).first()
    assert (origin.unit_id, origin.rejected, {one["inside"] for one in origin.organisations}) == (
        None,
        EXPECTED["user_report_outcomes"].get("rejected", 0),
        {True},
    )
