"""The register of nominations tells a choice to nobody before it is released."""

import csv
import io
import re
from dataclasses import replace

import pytest

from karmyogi.nominations.models import Nomination
from karmyogi.store.db import database
from karmyogi.web import access
from karmyogi.web.access import SignedIn
from tests.apps import app_over


@pytest.fixture
def chosen(scene) -> Nomination:
    return scene.brought_to("selected")


@pytest.fixture
def open_as(db, scene, chosen, settings):
    """The register as one of the scene's people opens it."""
    app = app_over(replace(settings, database_url=db))
    database.connect()
    people = {n: SignedIn(n, a.user_id, a, n, n, "en", is_fresh=True) for n, a in scene.actors.items()}
    access.use_loader(people.get)

    def visit(who: str, page: str = "", **query: object) -> str:
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(_user_id=who, lang="en")
        return client.get(f"/admin/nominations/{page}", query_string=query, buffered=True).text

    yield visit
    database.close_all()


def states_in(page: str) -> list[str]:
    return re.findall(r'<span class="badge" data-state="([a-z]+)"', page)


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ("meena", "verified"),
        ("ravi", "verified"),
        ("sunita", "selected"),
        ("lakshmi", "selected"),
        ("thomas", "selected"),
    ],
)
def test_a_choice_not_yet_released_reads_as_verified_outside_gad(open_as, chosen, who, known):
    file = list(csv.reader(io.StringIO(open_as(who, "export/csv/"))))[1:]

    assert states_in(open_as(who)) == [known]
    assert states_in(open_as(who, "details/", id=chosen.id)) == [known]
    assert [row[5] for row in file] == [known.title()]


@pytest.mark.parametrize("who", ["meena", "ravi"])
def test_filtering_by_state_does_not_find_out_the_choice(open_as, who):
    found = {state: states_in(open_as(who, flt_state=state)) for state in ("selected", "verified", "submitted")}

    assert found == {"selected": [], "verified": ["verified"], "submitted": []}
