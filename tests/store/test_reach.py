"""A scope in SQL says of every row what `covers` says of one."""

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.core.permissions import Actor, Grant, Permission, Role, Tree, covers, scope_of
from karmyogi.store.db import database
from karmyogi.store.reach import within


class Row(peewee.Model):
    line_path = peewee.TextField()
    territory_path = peewee.TextField()
    officer_id = peewee.IntegerField(null=True)

    class Meta:
        database = database
        table_name = "reach_row"


PATHS = ("/", "/1/", "/1/2/", "/1/20/", "/1/2/3/", "/10/", "/1_2/", "/A/", "/a/", "/%/", "")
ROWS = [(line, territory, officer) for line in PATHS for territory in PATHS for officer in (None, 1, 2)]

grants = st.builds(
    Grant,
    st.sampled_from([Role.EMPLOYEE, Role.NODAL, Role.HEAD, Role.TERRITORY, Role.GAD, Role.PANEL]),
    st.sampled_from(PATHS[:-1]),
    st.sampled_from(Tree),
)
actors = st.builds(
    Actor, st.just(1), st.just("who"), st.sampled_from([None, 1, 2]), st.lists(grants, max_size=3).map(tuple)
)


@pytest.fixture
def rows(db):
    database.execute_sql(
        "CREATE TEMPORARY TABLE reach_row (id INTEGER, line_path TEXT, territory_path TEXT, officer_id INTEGER)"
    )
    Row.insert_many(
        [(i, *row) for i, row in enumerate(ROWS)], [Row.id, Row.line_path, Row.territory_path, Row.officer_id]
    ).execute()


@given(actors, st.sampled_from([Permission.SCORES_READ, Permission.AWARDS_READ, Permission.NOMINATIONS_READ]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_list_shows_exactly_the_rows_that_one_by_one_would_open(rows, actor, permission):
    condition = within(
        scope_of(actor, permission),
        line_path=Row.line_path,
        territory_path=Row.territory_path,
        officer=Row.officer_id,
    )

    listed = {row.id for row in Row.select(Row.id).where(condition)}

    opened = {
        i
        for i, (line, territory, officer) in enumerate(ROWS)
        if covers(actor, permission, officer_id=officer, line_path=line, territory_path=territory)
    }
    assert listed == opened


def test_a_table_without_a_path_shows_nothing_by_that_tree(rows):
    collector = Actor(1, "Devendra", grants=(Grant(Role.TERRITORY, "/1/", Tree.TERRITORY),))

    condition = within(scope_of(collector, Permission.AWARDS_READ), line_path=Row.line_path)

    assert list(Row.select().where(condition)) == []
