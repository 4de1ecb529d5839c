"""The command line: refusals as sentences, and the exit codes that scripts rely on."""

import json
import os

import click
import pytest
from flask.cli import AppGroup

from karmyogi.core.errors import RuleBroken
from karmyogi.core.reasons import reason
from karmyogi.store.db import database, is_postgres
from karmyogi.web.console import on_database, print_json
from tests.web.site import opened_site


@pytest.fixture
def run(db, settings):
    with opened_site(settings, db) as site:
        site.app.cli.add_command(probe)

        def run(*words: str, language: str = "en_IN.UTF-8"):
            return site.app.test_cli_runner(env={**os.environ, "LANG": language}).invoke(args=["probe", *words])

        yield run


probe = AppGroup("probe")


@probe.command("count")
@on_database
def count_command() -> None:
    """How many accounts there are."""
    click.echo(database.execute_sql("SELECT COUNT(*) FROM account").fetchone()[0])


@probe.command("refuse")
@on_database
def refuse_command() -> None:
    click.echo("begun")
    raise RuleBroken(reason("moved_on", state="sealed"), "own_case")


@probe.command("break")
@on_database
def break_command() -> None:
    raise ZeroDivisionError


@probe.command("limit")
@on_database
def limit_command() -> None:
    click.echo(database.execute_sql("SHOW statement_timeout").fetchone()[0] if is_postgres() else "0")


@probe.command("facts")
@click.argument("number", type=int)
def facts_command(number: int) -> None:
    print_json({"name": "आशा", "count": number, "asked": {"b": None, "a": [1]}})


def test_what_went_well_ends_with_zero(run):
    done = run("count")

    assert (done.exit_code, done.stdout, done.stderr) == (0, "0\n", "")


def test_a_refusal_ends_with_one_and_says_every_reason_apart_from_the_output(run):
    refused = run("refuse")

    assert (refused.exit_code, refused.stdout) == (1, "begun\n")
    assert refused.stderr.splitlines() == [
        "Somebody else acted first: this case is now “sealed”. Reload the page to see where it stands.",
        "This case is about you, so somebody else must act on it.",
    ]


def test_a_terminal_in_hindi_is_refused_in_hindi(run):
    english, hindi = (run("refuse", language=language).stderr for language in ("en_IN.UTF-8", "hi_IN.UTF-8"))

    assert len(hindi.splitlines()) == 2
    assert set(hindi.splitlines()) & set(english.splitlines()) == set()


def test_wrong_usage_ends_with_two(run):
    assert [run(*words).exit_code for words in (["dance"], ["facts"], ["facts", "many"], ["count", "--loud"])] == [
        2
    ] * 4


def test_a_fault_of_ours_is_not_told_as_a_refusal(run):
    broken = run("break")

    assert isinstance(broken.exception, ZeroDivisionError)


def test_a_command_may_ask_for_long_statements(run):
    assert run("limit").stdout == "0\n"


def test_the_connection_is_given_back_however_a_command_ends(run):
    given_back = [run(word) and database.is_closed() for word in ("count", "refuse", "break")]

    assert given_back == [True, True, True]


def test_facts_are_printed_as_one_value_with_readable_hindi_in_the_order_of_their_names(run):
    printed = run("facts", "7").stdout

    assert json.loads(printed) == {"asked": {"a": [1], "b": None}, "count": 7, "name": "आशा"}
    assert [line.split('"')[1] for line in printed.splitlines() if line.startswith(' "')] == ["asked", "count", "name"]
    assert printed.count("आशा") == 1
