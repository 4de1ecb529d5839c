"""Role × address × object: what everybody is answered, everywhere, as the policy says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import pytest
from flask import Flask, g
from werkzeug.routing import Rule

from karmyogi.accounts import views as accounts_views
from karmyogi.core.errors import KarmyogiError
from karmyogi.core.permissions import GRAVE, Actor, Permission
from karmyogi.store.db import database
from karmyogi.web import access
from karmyogi.web.access import HalfSignedIn, SignedIn
from tests.conftest import Engines
from tests.house import oracle, people, things
from tests.house.conftest import Site, opened_site
from tests.house.oracle import Route, Thing
from tests.visitors import Visitor

CELLS_TODAY = 20_000  # of the whole matrix: it grows with the pages, and a change that shrinks it is looked at
ANSWERS = {200, 302, 400, 401, 403, 404, 409, 422, 428}


@dataclass(frozen=True, eq=False)
class Cell:
    """An address of the application, asked for one thing in one way."""

    method: str
    endpoint: str
    route: Route
    thing: Thing

    @property
    def key(self) -> str:
        return f"{self.method} {self.endpoint}"


def methods_of(rule: Rule) -> set[str]:
    return rule.methods - {"HEAD", "OPTIONS"}


def keys_of(app: Flask) -> set[str]:
    """Every method of every address that the application has."""
    return {f"{method} {rule.endpoint}" for rule in app.url_map.iter_rules() for method in methods_of(rule)}


def cells(app: Flask) -> list[Cell]:
    """All of them, reading before writing."""
    policy, known = oracle.routes(), things.everything()
    found = [
        Cell(method, endpoint, policy[f"{method} {endpoint}"], thing)
        for method, _space, endpoint in (key.partition(" ") for key in sorted(keys_of(app) & set(policy)))
        for thing in known[policy[f"{method} {endpoint}"].things]
    ]
    return sorted(found, key=lambda cell: (cell.method, cell.endpoint))


@dataclass
class Matrix:
    site: Site
    cells: list[Cell]
    actors: dict[str, Actor | None]
    sessions: "remembering_sessions"

    def cells_of(self, who: str) -> list[Cell]:
        """What somebody asks for: every thing behind the doors that open to them, and two behind each other door."""
        actor, found = self.actors[who], []
        for _key, group in groupby(self.cells, lambda cell: cell.key):
            same = list(group)
            is_shut = oracle.at_the_door(actor, same[0].method, same[0].route)
            found += dict.fromkeys([same[0], same[-1]]) if is_shut else same
        return found


@pytest.fixture(scope="module")
def site(engines: Engines) -> Iterator[Site]:
    """Without drawing refusals: what their page says has tests of its own, and most cells are refusals."""
    yield from opened_site("sqlite", engines, without_pages_of_refusals)


def without_pages_of_refusals(app: Flask) -> None:
    app.register_error_handler(KarmyogiError, lambda error: ("", error.status))


@pytest.fixture(scope="module")
def matrix(site: Site) -> Iterator[Matrix]:
    with remembering_sessions() as sessions:
        yield Matrix(site, cells(site.app), people.actors(), sessions)


class remembering_sessions:
    """A session is looked up once for each person: its rules have tests of their own, and there are many cells."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[SignedIn | HalfSignedIn | None, object]] = {}

    def __enter__(self) -> "remembering_sessions":
        access.use_loader(self.load)
        return self

    def __exit__(self, *_error: object) -> None:
        access.use_loader(accounts_views.load)

    def load(self, token: str) -> SignedIn | HalfSignedIn | None:
        if token not in self.found:
            person = accounts_views.load(token)
            self.found[token] = (person, g.get("live_session"))
        person, g.live_session = self.found[token]
        return person


def test_every_address_stands_in_the_policy(site):
    missing = keys_of(site.app) - set(oracle.routes())

    assert missing == set(), f"add a line for each to ROUTES or REGISTERS in tests/house/oracle.py: {sorted(missing)}"


def test_the_policy_speaks_of_no_address_that_is_gone(site):
    assert set(oracle.routes()) - keys_of(site.app) == set()


def test_every_parameter_of_an_address_is_filled_with_real_things(site):
    policy, known = oracle.routes(), things.everything()
    asked = {f"{m} {rule.endpoint}": rule.arguments for rule in site.app.url_map.iter_rules() for m in methods_of(rule)}

    unfilled = {
        key: sorted(arguments)
        for key, arguments in asked.items()
        if key in policy and not all(arguments <= set(thing.values) for thing in known[policy[key].things])
    }

    assert unfilled == {}, "name a kind of tests/house/things.py in the line of the policy"


def test_every_kind_of_thing_is_asked_for_here_and_there(site):
    thin = {kind: len(found) for kind, found in things.everything().items() if kind != "nothing" and len(found) < 2}

    assert thin == {}


@pytest.mark.parametrize("who", people.LOGINS, ids=lambda login: login or "a stranger")
def test_everybody_is_answered_as_the_policy_says(matrix, who):
    visitor, actor, asked = matrix.site.visitor(who), matrix.actors[who], matrix.cells_of(who)

    wrong = [
        f"{cell.key} {cell.thing.label} {dict(cell.thing.values)}: {got}, not {wanted}"
        for cell in asked
        if (got := answer(visitor, cell)) != (wanted := oracle.expected(actor, cell.method, cell.route, cell.thing))
    ]

    assert wrong == [], "\n".join([f"{who or 'a stranger'}: {len(wrong)} of {len(asked)}", *wrong[:60]])


AGES = ("none", "old")  # of the proof; all that is asked above is asked with a fresh one


class aged_sessions(remembering_sessions):
    """Everybody's last proof is ten minutes old, or they have shown none at all."""

    def __init__(self, age: str) -> None:
        super().__init__()
        self.age = age

    def load(self, token: str) -> SignedIn | HalfSignedIn | None:
        person = super().load(token)
        if not isinstance(person, SignedIn):
            return person
        if self.age == "old":
            return replace(person, is_fresh=False)
        return HalfSignedIn(token, person.user_id, person.name_hi, person.name_en, person.language, "code")


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("who", people.LOGINS[1:])
def test_a_proof_that_is_old_or_none_opens_no_grave_act(matrix, who, age):
    visitor, actor = matrix.site.visitor(who), matrix.actors[who]
    grave = oracle.ASKED_BY_ALL | set(oracle.GRAVE)
    asked = [cell for cell in matrix.cells_of(who) if cell.key in grave]
    if age == "old":
        asked = [cell for cell in asked if oracle.asked_again(actor, cell.key, cell.route)]

    with aged_sessions(age):
        wrong = [
            f"{cell.key} {cell.thing.label}: {got}, not {wanted}"
            for cell in asked
            if (got := answer(visitor, cell)) != (wanted := with_proof_of(age, actor, cell))
        ]
    access.use_loader(matrix.sessions.load)

    assert wrong == [], "\n".join([f"{who}, {age}: {len(wrong)} of {len(asked)}", *wrong[:60]])


def with_proof_of(age: str, actor: Actor, cell: Cell) -> int | None:
    if age == "none":
        return oracle.expected(None, cell.method, cell.route, cell.thing)
    return oracle.asked_again(actor, cell.key, cell.route)


@pytest.mark.parametrize("who", ["sunita", "lakshmi", "gopal", "ravi"])
def test_the_age_of_a_proof_means_nothing_elsewhere(matrix, who):
    visitor, actor = matrix.site.visitor(who), matrix.actors[who]
    firsts = [next(same) for _key, same in groupby(matrix.cells_of(who), lambda cell: cell.key)]
    asked = [cell for cell in firsts if not oracle.asked_again(actor, cell.key, cell.route)]

    with aged_sessions("old"):
        wrong = [
            f"{cell.key}: {got}, not {wanted}"
            for cell in asked
            if (got := answer(visitor, cell)) != (wanted := oracle.expected(actor, cell.method, cell.route, cell.thing))
        ]
    access.use_loader(matrix.sessions.load)

    assert wrong == []


def test_the_policy_knows_every_act_that_asks_again(site):
    policy = oracle.routes()
    asking = {key for key in keys_of(site.app) if getattr(view_of(site.app, key), "asks_again", False)}
    grave = {key: permissions_that_make_grave(site.app, key) for key in policy if key.startswith("POST")}

    assert asking == oracle.ASKED_BY_ALL
    assert {key: found for key, found in grave.items() if found} == {key: {one} for key, one in oracle.GRAVE.items()}


def view_of(app: Flask, key: str) -> object:
    return app.view_functions[key.partition(" ")[2]]


def permissions_that_make_grave(app: Flask, key: str) -> set[Permission]:
    needs = access.access_of(app, key.partition(" ")[2])
    return GRAVE & set(needs) if isinstance(needs, tuple) else set()


def answer(visitor: Visitor, cell: Cell) -> int:
    url = address(visitor.client.application, cell)
    ask = partial(visitor.client.get, url) if cell.method == "GET" else partial(post, visitor, url)
    response = ask()
    response.close()
    return response.status_code


def address(app: Flask, cell: Cell) -> str:
    return app.url_map.bind("localhost").build(cell.endpoint, dict(cell.thing.values), method=cell.method)


def post(visitor: Visitor, url: str):
    """An empty form with the page's own token; whatever it did is taken back, so that the next one finds the same."""
    cookie = visitor.client.get_cookie("karmyogi")
    with database.atomic() as transaction:
        response = visitor.client.post(url, data={"csrf_token": visitor.token})
        transaction.rollback()
    visitor.client.set_cookie("karmyogi", cookie.value)
    return response


def test_the_matrix_does_not_shrink(matrix):
    assert sum(len(matrix.cells_of(who)) for who in people.LOGINS) >= CELLS_TODAY
