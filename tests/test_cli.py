"""Bringing a database to the code's version, and the State into it: as often as one likes, by as many as there are."""

import uuid
from collections import Counter
from dataclasses import replace

import pytest

from app import create_app
from karmyogi.people.models import Designation, OrgUnit
from karmyogi.scores.models import Policy, PolicyRule
from karmyogi.store.db import database, migration_runner, pending_migrations
from karmyogi.store.trail import TrailEntry, broken_link
from tests import trails
from tests.conftest import opened
from tests.processes import all_at_once
from tests.web.site import app_over


@pytest.fixture
def empty(engine, engines):
    """The address of a database without a single table."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    if engine == "postgres":
        engines._on_server(f'CREATE DATABASE "{name}"')
    url = engines.url_of(engine, name)
    with opened(url):
        yield url
    engines.drop(engine, url)


@pytest.fixture
def flask(empty, settings):
    """`flask WORD…` on that database."""
    runner = app_over(replace(settings, database_url=empty)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    return lambda *words: runner.invoke(args=list(words))


def units() -> Counter[str]:
    return Counter(kind for (kind,) in OrgUnit.select(OrgUnit.kind).tuples())


def everything() -> list[list[tuple]]:
    return [
        sorted(table.select().tuples(), key=str) for table in (OrgUnit, Designation, Policy, PolicyRule, TrailEntry)
    ]


def test_an_empty_database_becomes_the_states_own(flask):
    done = flask("migrate")

    names = [step.name for step in migration_runner().status()]
    assert (done.exit_code, done.output.splitlines()) == (0, names)
    assert pending_migrations() == []
    assert units() == {"state": 1, "division": 5, "district": 33, "department": 46}
    assert Designation.select().count() > 100
    assert [policy.number for policy in Policy.select()] == [1]
    assert broken_link() is None


def test_every_unit_has_a_name_in_both_scripts_and_hangs_in_both_trees(flask):
    flask("migrate")

    state = OrgUnit.get(OrgUnit.kind == "state")
    assert [unit.name_en for unit in OrgUnit.select() if not (unit.name_hi and unit.name_en)] == []
    assert {unit.line_path for unit in OrgUnit.select() if unit.kind == "department"} == {
        f"/{state.id}/{unit.id}/" for unit in OrgUnit.select() if unit.kind == "department"
    }
    for district in OrgUnit.select().where(OrgUnit.kind == "district"):
        assert district.territory_path == f"/{state.id}/{district.division_id}/{district.id}/"


def test_a_second_time_changes_nothing_and_says_nothing(flask):
    flask("migrate")
    before = everything()

    again = flask("migrate")

    assert (again.exit_code, again.output) == (0, "")
    assert everything() == before


def test_what_a_person_has_renamed_since_stays_and_what_is_missing_comes_back(flask):
    flask("migrate")
    renamed = OrgUnit.get(OrgUnit.kind == "department")
    OrgUnit.update(name_hi="नया नाम").where(OrgUnit.id == renamed.id).execute()
    Designation.delete().where(Designation.id == Designation.select().first().id).execute()
    count = Designation.select().count()

    flask("migrate")

    assert OrgUnit.get_by_id(renamed.id).name_hi == "नया नाम"
    assert (units()["department"], Designation.select().count()) == (46, count + 1)


def migrate_with(settings) -> int:
    app = create_app(settings)
    return app.test_cli_runner().invoke(args=["migrate"]).exit_code


def test_processes_that_start_at_once_bring_the_state_in_once(empty, settings):
    codes = all_at_once(empty, migrate_with, [(replace(settings, database_url=empty),)] * 3)

    assert codes == [0, 0, 0]
    assert units() == {"state": 1, "division": 5, "district": 33, "department": 46}
    assert Policy.select().count() == 1
    assert broken_link() is None


# ── Looking ──


def test_before_anything_is_applied_everything_is_pending_and_nothing_is_made(flask):
    told = flask("migrate", "--status")

    names = [step.name for step in migration_runner().status()]
    assert (told.exit_code, told.output.splitlines()) == (1, [f"pending  {name}" for name in names])
    assert database.get_tables() == []


def test_once_everything_is_applied_looking_ends_well(flask):
    flask("migrate")

    told = flask("migrate", "--status")

    assert (told.exit_code, {line.split()[0] for line in told.output.splitlines()}) == (0, {"applied"})


def test_one_that_is_pending_is_named_and_ends_with_one(flask):
    flask("migrate")
    last = migration_runner().status()[-1].name
    trails.begin_anew()
    migration_runner().down()

    told = flask("migrate", "--status")

    assert told.exit_code == 1
    assert [line for line in told.output.splitlines() if line.startswith("pending")] == [f"pending  {last}"]


@pytest.mark.parametrize("words", [["migrate", "--backwards"], ["migrate", "now"], ["emigrate"]])
def test_wrong_usage_ends_with_two(flask, words):
    assert flask(*words).exit_code == 2


def test_every_command_tells_how_it_is_used(flask):
    groups = {"people", "reports", "scores", "accounts", "schedule", "audit", "demo"}
    told = {group: flask(group, "--help") for group in groups}

    assert {group: answer.exit_code for group, answer in told.items()} == dict.fromkeys(groups, 0)
    assert [group for group, answer in told.items() if "Commands:" not in answer.output] == []
