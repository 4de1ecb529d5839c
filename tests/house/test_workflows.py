"""Workflows are tables that hang together, and the database, the pages and the words know the same states."""

import ast
import re

import pytest

from karmyogi.audit.admin import CASES as CALLED
from karmyogi.core.permissions import GRANTS, Reach
from karmyogi.core.workflow import Workflow
from karmyogi.docs import WORKFLOWS
from karmyogi.store.db import Table
from karmyogi.store.transitions import Case
from karmyogi.web.words import WORDS
from tests.house import sources
from tests.house.test_migrations import every_table

tables = pytest.mark.parametrize("table", WORKFLOWS, ids=lambda table: table.name)

# How a case of each kind is stored, by the name of its workflow.
CASES = {case.__name__: case for case in every_table() if issubclass(case, Case)}
STORED = {
    "nomination": CASES["Nomination"],
    "award": CASES["Award"],
    "achievement": CASES["Achievement"],
    "score_month": CASES["ScoreMonth"],
    "correction": CASES["Correction"],
    "policy_draft": CASES["PolicyDraft"],
    "document": CASES["IssuedDocument"],
    "corrigendum": CASES["Corrigendum"],
    "name_correction": CASES["NameCorrection"],
    "dispute": CASES["Dispute"],
    "score_hold": CASES["ScoreHold"],
    "flag": CASES["Flag"],
}


def reachable(workflow: Workflow) -> set[str]:
    found, ahead = set(), {workflow.start}
    while ahead:
        state = ahead.pop()
        found.add(state)
        ahead |= {step.target for step in workflow.actions_from(state)} - found
    return found


def states_allowed(table: type[Table]) -> set[str]:
    """What the database lets stand in the column `state`."""
    checks = [getattr(one, "sql", "") for one in table._meta.constraints]
    listed = next(found[1] for sql in checks if (found := re.search(r"\bstate IN \(([^)]+)\)\)?$", sql)))
    return set(re.findall(r"'([^']+)'", listed))


def written_workflows() -> set[str]:
    """The names of all workflows that stand in the code."""
    calls = [node for _module, node in sources.nodes(ast.Call) if sources.called(node) == "workflow"]
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def test_every_workflow_is_printed_and_held_to_these_tests():
    assert {table.name for table in WORKFLOWS} == written_workflows()


def test_every_kind_of_case_has_a_workflow():
    assert set(STORED) == {table.name for table in WORKFLOWS}
    assert set(CASES.values()) == set(STORED.values())


@tables
def test_every_state_can_be_reached_from_the_first(table):
    assert reachable(table) == table.states


@tables
def test_the_ends_are_the_states_that_nothing_leaves(table):
    assert {state for state in table.states if not table.actions_from(state)} == table.ends


@tables
def test_every_step_is_somebodys_to_take(table):
    idle = [step.action for step in table.steps if set(GRANTS[step.permission]) <= {Reach.NONE}]

    assert idle == []


@tables
def test_every_guard_has_a_name_that_the_printed_table_can_say(table):
    names = {guard.__name__ for step in table.steps for guard in step.guards}

    assert {name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name)} == set()


@tables
def test_from_one_state_an_act_is_one_step_for_each_permission(table):
    keys = [(state, step.action, step.permission) for step in table.steps for state in step.sources]

    assert len(keys) == len(set(keys))


@tables
def test_the_database_allows_the_states_of_the_table_and_no_others(table):
    assert states_allowed(STORED[table.name]) == table.states


def test_every_kind_of_case_is_called_something_by_the_auditor():
    assert set(CALLED) == {table.name for table in WORKFLOWS}


def test_every_hand_that_is_remembered_has_a_word():
    """Who begins a case, or writes it anew, takes no step of the table and is remembered with the others."""
    calls = [call for _module, call in sources.nodes(ast.Call)]
    acts = {ast.literal_eval(call.args[2]) for call in calls if sources.called(call) == "remember_hand"}

    assert {"start", "edit", "submit", "request"} <= acts
    assert acts - set(WORDS) == set()


@tables
def test_every_state_and_every_act_has_a_word(table):
    said = table.states | {step.action for step in table.steps}

    assert said - set(WORDS) == set()
