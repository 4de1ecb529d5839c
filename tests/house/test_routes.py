"""Every address says who may come, refuses what no form of ours sent, and changes nothing when it is only looked at."""

import ast
import hashlib
from itertools import cycle

import pytest
from flask import Flask

from app import REGISTERS
from karmyogi.core.permissions import Actor, Permission
from karmyogi.store.db import database
from karmyogi.web import access
from karmyogi.web.access import access_of
from tests.house import oracle, people, sources, things
from tests.house.conftest import Site
from tests.house.test_matrix import address, cells, keys_of, methods_of
from tests.visitors import Visitor

# All that anybody on the way may open. A page that is added here is added on purpose.
OPEN_TO_ALL = {
    "static",
    "sheet",  # the style sheets, joined
    "healthz",
    "readyz",
    "language",
    "home.front",  # the public board
    "scores.public_board",  # sealed months alone, and names of those who agreed
    "scores.wall",
    "accounts.sign_in",
    "accounts.try_to_sign_in",
    "accounts.demo_sign_in",  # answers in a demo on loopback alone
    "accounts.first_sign_in",
    "accounts.use_secret",
    "accounts.sign_out",
    "accounts.forgotten",
    "accounts.ask_for_letter",
    "documents.verify_form",
    "documents.verify",
    "guide.contents",  # who cannot sign in needs help most
    "guide.page",
    "guide.picture",
}
OPEN_HALFWAY = {  # to who has shown the right password and must show more
    "accounts.ask_code",
    "accounts.check_code",
    "accounts.ask_recovery",
    "accounts.use_recovery",
    "accounts.set_up",
    "accounts.confirm_set_up",
}
OPEN_TO_ACCOUNTS = {  # about one's own account, whatever its roles
    "home.roles",  # the rules are no secret
    "accounts.password",
    "accounts.change_password",
    "accounts.mine",
    "accounts.ask_password",
    "accounts.check_password",
    "accounts.ask_new_codes",
    "accounts.make_new_codes",
    "accounts.ask_to_remove_factor",
    "accounts.remove_factor",
    "accounts.choose_language",
    "accounts.work_as",
    "accounts.sign_out_everywhere",
    "accounts.end_session",
    "accounts.end_other_sessions",
}
LEAVES_A_TRACE = {  # looked at and yet written, on purpose
    "awards.note_sheet_pdf": "a paper that names choices before they are released leaves an entry on the trail",
    "awards.picture": "drawn when it is first asked for, then kept",
    "scores.unit_board_file": "rows that leave the house leave an entry on the trail",
    "scores.leaderboard_file": "rows that leave the house leave an entry on the trail",
    "reports.registration_file": "rows that leave the house leave an entry on the trail",
    "export": "rows that leave the house leave an entry on the trail",
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
ROLES = (people.STRANGER, "asha", "ravi", "meena", "sunita", "lakshmi", "thomas", "devendra", "pooja", "gopal")
MOVING = {"session", "sign_in_throttle"}  # touched when somebody comes


def declared(app: Flask) -> dict[str, object]:
    return {rule.endpoint: access_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}


def test_every_address_says_what_it_needs(site):
    silent = [endpoint for endpoint, needs in declared(site.app).items() if not needs]

    assert silent == [], "say @requires(…), @signed_in, @halfway or @public"


def test_what_it_needs_is_a_permission_or_one_of_three_words(site):
    odd = {
        endpoint: needs
        for endpoint, needs in declared(site.app).items()
        if needs not in (access.PUBLIC, access.HALFWAY, access.SIGNED_IN)
        and not (isinstance(needs, tuple) and {type(one) for one in needs} == {Permission})
    }

    assert odd == {}


def test_what_is_open_to_all_is_named_here(site):
    found = {endpoint for endpoint, needs in declared(site.app).items() if needs == access.PUBLIC}

    assert found == OPEN_TO_ALL


def test_what_is_open_halfway_in_is_named_here(site):
    found = {endpoint for endpoint, needs in declared(site.app).items() if needs == access.HALFWAY}

    assert found == OPEN_HALFWAY


def test_what_is_open_to_every_account_is_named_here(site):
    found = {endpoint for endpoint, needs in declared(site.app).items() if needs == access.SIGNED_IN}

    assert found == OPEN_TO_ACCOUNTS


def test_an_address_needs_what_the_policy_says(site):
    needs, policy = declared(site.app), oracle.routes()
    other = {
        key: (needs[key.partition(" ")[2]], line.needs)
        for key, line in policy.items()
        if as_set(needs.get(key.partition(" ")[2])) != as_set(line.needs)
    }

    assert other == {}


def as_set(needs: object) -> object:
    return frozenset(needs) if isinstance(needs, tuple) else needs


def test_every_register_reads_and_writes_by_the_powers_of_the_policy():
    found = {one.slug: (one.read, one.write, bool(one.form_new_columns)) for one in REGISTERS}

    assert found == {slug: (line.read, line.write, line.adds) for slug, line in oracle.REGISTERS.items()}


def test_nothing_but_looking_and_sending_forms_is_understood(site):
    methods = {method for rule in site.app.url_map.iter_rules() for method in rule.methods}

    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_method_that_an_address_does_not_know_is_refused(site):
    visitor, methods = site.visitor("sunita"), cycle(("PUT", "PATCH", "DELETE", "TRACE"))
    answers = {
        (url, method): visitor.client.open(url, method=method, data={"csrf_token": visitor.token}).status_code
        for url, method in zip(sorted(set(one_address_of_each(site.app).values())), methods, strict=False)
    }

    assert answers == dict.fromkeys(answers, 405)


def test_an_address_that_only_takes_forms_cannot_be_opened(site):
    visitor = site.visitor("sunita")
    urls = one_address_of_each(site.app)
    posting = [url for key, url in urls.items() if key.startswith("POST") and not is_opened(site.app, url)]

    assert posting
    assert {url: visitor.client.get(url).status_code for url in posting} == dict.fromkeys(posting, 405)


def is_opened(app: Flask, url: str) -> bool:
    return "GET" in app.url_map.bind("localhost").allowed_methods(url.partition("?")[0])


def one_address_of_each(app: Flask) -> dict[str, str]:
    """An address for each method and endpoint, of a thing that is there."""
    found: dict[str, str] = {}
    for cell in cells(app):
        if cell.thing.exists:
            found.setdefault(cell.key, address(app, cell))
    return found


# What no form of ours sent


@pytest.fixture(scope="module")
def posts(site: Site) -> list[tuple[str, Visitor]]:
    """Every address that takes a form, with somebody who may come as far as to send it."""
    actors, visitors = people.actors(), {login: site.visitor(login) for login in people.LOGINS}
    urls, policy = one_address_of_each(site.app), oracle.routes()
    return [
        (urls[key], visitors[next(who for who in people.LOGINS if not door_is_shut(actors[who], key, policy))])
        for key in sorted(keys_of(site.app) & set(policy))
        if key.partition(" ")[0] in UNSAFE
    ]


def door_is_shut(actor, key: str, policy: dict[str, oracle.Route]) -> bool:
    return oracle.at_the_door(actor, "POST", policy[key]) is not None


def test_a_form_without_a_token_is_refused_everywhere(posts):
    answers = {url: visitor.client.post(url, data={"name": "x"}).status_code for url, visitor in posts}

    assert answers == dict.fromkeys(answers, 400)


def test_a_form_with_the_token_of_another_browser_is_refused_everywhere(site, posts):
    other = site.visitor("kabir").token

    answers = {url: visitor.client.post(url, data={"csrf_token": other}).status_code for url, visitor in posts}

    assert answers == dict.fromkeys(answers, 400)


@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.example"}])
def test_a_form_that_another_site_sends_is_refused_everywhere(posts, header):
    answers = {
        url: visitor.client.post(url, data={"csrf_token": visitor.token}, headers=header).status_code
        for url, visitor in posts
    }

    assert answers == dict.fromkeys(answers, 403)


# What is only looked at


@pytest.mark.parametrize("who", ROLES, ids=lambda login: login or "a stranger")
def test_looking_changes_nothing(site, who):
    visitor, before = site.visitor(who), digest()

    for url in [*plain_pages(site.app), *plain_pages(site.app)]:
        visitor.client.get(url).close()

    assert changed_since(before) == []


@pytest.mark.parametrize("who", ["asha", "ravi", "sunita", "thomas"])
def test_looking_at_a_thing_changes_nothing(site, who):
    visitor, asked = site.visitor(who), one_of_each_answer(site.app, people.actors()[who])
    before = digest()

    for url in asked:
        visitor.client.get(url).close()

    assert changed_since(before) == []


def one_of_each_answer(app: Flask, actor: Actor) -> list[str]:
    """An address of each page for each answer that it has for somebody."""
    found = {
        (cell.key, oracle.expected(actor, "GET", cell.route, cell.thing)): cell
        for cell in cells(app)
        if cell.method == "GET" and cell.route.things != "nothing" and not leaves_a_trace(cell.endpoint)
    }
    return [address(app, cell) for cell in found.values()]


def leaves_a_trace(endpoint: str) -> bool:
    return endpoint in LEAVES_A_TRACE or endpoint.rpartition(".")[2] in LEAVES_A_TRACE


def plain_pages(app: Flask) -> list[str]:
    """The addresses that need nothing filled in."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in methods_of(rule) and not rule.arguments]
    return sorted(rule.rule for rule in rules)


def digest() -> dict[str, str]:
    """Each table with a hash over all its rows."""
    return {table: _hash_of(table) for table in database.get_tables() if table not in MOVING}


def _hash_of(table: str) -> str:
    rows = database.execute_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2')
    return hashlib.sha256(repr(rows.fetchall()).encode()).hexdigest()


def changed_since(before: dict[str, str]) -> list[str]:
    return [table for table, found in digest().items() if found != before[table]]


# What is typed into the address bar

NONSENSE = ("9" * 40, "-1", "0", "x", "%00", "१२३", "'", "2026-13", "a" * 5000)
OF_FLASK = ("_external", "_scheme", "_anchor", "_method", "endpoint", "filename", "url_for")


def names_read() -> list[str]:
    """Every name that a page reads from its address."""
    return sorted(
        {
            call.args[0].value
            for _module, call in sources.nodes(ast.Call)
            if ast.unparse(call.func) in {"request.args.get", "_number", "request.values.get"}
            and call.args
            and isinstance(call.args[0], ast.Constant)
        }
        - {"next", "url"}
    )


@pytest.mark.parametrize("value", NONSENSE, ids=range(len(NONSENSE)))
def test_no_nonsense_in_an_address_breaks_a_page(site, value):
    query = "&".join(f"{name}={value}" for name in (*names_read(), *OF_FLASK))
    rooms = [url for url in plain_pages(site.app) if not url.startswith("/admin")]  # registers clamp, and say so
    visitors = [site.visitor(who) for who in ("asha", "meena", "sunita", "thomas")]

    answers = {(url, one.client.get(f"{url}?{query}").status_code) for one in visitors for url in rooms}

    assert [(url, status) for url, status in sorted(answers) if status >= 500] == []


def test_every_kind_of_thing_can_be_asked_for():
    assert {line.things for line in oracle.routes().values()} <= set(things.KINDS) | {
        f"{kind} of {slug}" for kind in ("row", "saved view") for slug in oracle.REGISTERS
    }
