"""No page asks the database once for each of its rows: three rows cost what one costs."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from karmyogi.people.models import Officer
from tests.house import oracle, people
from tests.house.test_matrix import Cell, address, cells

OFTEN_ENOUGH = 5  # an officer stands on five boards; lists of the story have more rows than that
READERS = ("asha", "ravi", "meena", "devendra", "sunita", "lakshmi", "thomas", "gopal")
EACH_BY_ITSELF = {
    "audit.trail",  # the kinds of acts, each by one step in an index: a few dozen whatever the length of the trail
}
OF_EACH_PAGE = 3  # things that a page about one thing is opened for


class Statements(logging.Handler):
    """Every statement that peewee sends while this handler is in place."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.asked: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.asked[record.msg[0]] += 1


@contextmanager
def statements() -> Iterator[Counter[str]]:
    heard, logger = Statements(), logging.getLogger("peewee")
    before = logger.level
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    try:
        yield heard.asked
    finally:
        logger.setLevel(before)
        logger.removeHandler(heard)


def pages_for(site, who: str) -> list[Cell]:
    """Every page that opens to somebody, for a few of the things it can be about."""
    actor, kept, met = people.actors()[who], [], Counter()
    for cell in cells(site.app):
        is_read = cell.method == "GET" and cell.thing.exists and cell.endpoint not in EACH_BY_ITSELF
        if is_read and met[cell.endpoint] < OF_EACH_PAGE and answer_to(actor, cell) == oracle.OK:
            met[cell.endpoint] += 1
            kept.append(cell)
    return kept


def answer_to(actor, cell: Cell) -> int:
    return oracle.expected(actor, cell.method, cell.route, cell.thing)


@pytest.mark.parametrize("who", READERS)
def test_no_page_asks_the_same_again_for_each_of_its_rows(site, who):
    visitor, repeated = site.visitor(who), []

    for cell in pages_for(site, who):
        with statements() as asked:
            visitor.client.get(address(site.app, cell)).close()
        repeated += [f"{cell.key}: {count} × {sql[:160]}" for sql, count in asked.items() if count > OFTEN_ENOUGH]

    assert repeated == []


def test_a_statement_asked_for_each_row_would_be_heard(site):
    some = [officer.id for officer in Officer.select(Officer.id).limit(8)]

    with statements() as asked:
        for officer_id in some:
            Officer.get_by_id(officer_id)

    assert max(asked.values()) == 8
