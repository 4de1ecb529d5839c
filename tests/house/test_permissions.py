"""The schedule of powers is printed, and every power opens something."""

import ast

import pytest

from karmyogi import docs
from karmyogi.config import ROOT
from karmyogi.core.permissions import GRANTS, ROLES, Permission, Reach
from tests.house import sources


def test_the_schedule_has_a_row_for_each_permission_and_a_column_for_each_role():
    assert set(GRANTS) == set(Permission)
    assert [permission.value for permission, cells in GRANTS.items() if len(cells) != len(ROLES)] == []
    assert {type(cell) for cells in GRANTS.values() for cell in cells} == {Reach}


@pytest.mark.parametrize("name", sorted(docs.PAGES))
def test_what_newcomers_read_is_what_the_tables_say(name):
    printed = (ROOT / "docs" / name).read_text(encoding="utf-8")

    assert printed == docs.PAGES[name](), "run `make docs`"


# Powers that are delegated already and that no page asks for yet.
KEPT_FOR_LATER = {
    "ROSTER_IMPORT",  # a roster comes in through the same page as every report, behind REPORTS_IMPORT
}


def test_every_permission_is_asked_for_somewhere():
    schedule = "karmyogi/core/permissions.py"
    named = {
        node.attr
        for module, node in sources.nodes(ast.Attribute)
        if module != schedule and isinstance(node.value, ast.Name) and node.value.id == "Permission"
    }

    assert {permission.name for permission in Permission} - named == KEPT_FOR_LATER
