"""Who finds whom: by name in either script, by code, by telephone for those who may; never out of reach."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from karmyogi.core.permissions import NOBODY, SYSTEM, Actor, Role, Tree
from karmyogi.people.models import KeyKind, Officer, OfficerKey, OfficerWord
from karmyogi.people.queries import Narrowing, officers_called, officers_found
from karmyogi.people.queries import search as searching
from karmyogi.people.rules import name_keys
from karmyogi.people.service import keep_words
from karmyogi.store.db import database, is_postgres
from tests import factories as make
from tests.house.test_lists import statements

ON = date(2026, 4, 10)
PHONE = "9000003737"


@contextmanager
def statements_with_values() -> Iterator[list[tuple[str, list[object]]]]:
    """The statements that are asked meanwhile, each with its values."""
    asked: list[tuple[str, list[object]]] = []
    handler, logger = Heard(asked), logging.getLogger("peewee")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield asked
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)


class Heard(logging.Handler):
    def __init__(self, asked: list[tuple[str, list[object]]]):
        super().__init__()
        self.asked = asked

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, tuple):
            self.asked.append((record.msg[0], list(record.msg[1] or ())))


class Town:
    """Health and Revenue in Raipur and Durg, with two officers of one name, and people who look for them."""

    def __init__(self) -> None:
        state = make.make_state()
        self.raipur, self.durg = make.make_district(state, "Raipur"), make.make_district(state, "Durg")
        self.health, self.revenue = make.make_department(state, "Health"), make.make_department(state, "Revenue")
        self.health_office = make.make_office(self.health, self.raipur, "Health Raipur")
        self.revenue_office = make.make_office(self.revenue, self.durg, "Revenue Durg")
        self.asha = self.officer("Asha Sahu", "आशा साहू", unit=self.health_office, employee_code="90000101")
        self.other_asha = self.officer("Asha Sahu", "आशा साहू", unit=self.revenue_office, state_class="II")
        self.sunita = self.officer("Suneeta Markam", "सुनीता मरकाम", unit=self.health_office)
        self.raj = self.officer("Raj Kumar Verma", "राजकुमार वर्मा", unit=self.health_office)
        self.gone = self.officer("Bhola Markam", "भोला मरकाम", unit=None)
        self.sunita_gad = self.reader(Role.GAD, state)
        self.ravi, self.meena = self.reader(Role.NODAL, self.health), self.reader(Role.HEAD, self.health)
        self.devendra = self.reader(Role.TERRITORY, self.raipur, Tree.TERRITORY)

    def officer(self, *names: str, unit, **facts: object) -> Officer:
        officer = make.make_officer(*names, unit=unit, **facts)
        OfficerKey.create(kind=KeyKind.PHONE, value=PHONE, officer=officer)
        keep_words(Officer.id == officer.id)
        return officer

    def reader(self, role: Role, unit, tree: Tree = Tree.LINE) -> Actor:
        own = (Role.EMPLOYEE, None)
        return make.actor_of(make.make_user(f"{role.value} {unit.name_en}"), own, (role, unit, tree))


@pytest.fixture
def town(db) -> Town:
    return Town()


def found(text: str, by: Actor, **narrowed: object) -> list[Officer]:
    return officers_found(text, by, on=ON, narrowed_by=Narrowing(**narrowed)).officers


@pytest.mark.parametrize(
    "text",
    [
        "sunita",
        "suneeta",
        "SUNITA",
        "सुनीता",
        "मरकाम",
        "markam",
        "marcam",
        "su",
        "सु",
        "sun mar",
        "sune मर",
        "markam sunita",
    ],
)
def test_sunita_is_found_however_her_name_is_spelled(town, text):
    assert town.sunita in found(text, town.sunita_gad)


@pytest.mark.parametrize("text", ["rajkumar", "raj kumar", "राज कुमार", "राजकुमार", "rajkumar verma", "ver", "ve raj"])
def test_two_names_written_as_one_are_found_either_way(town, text):
    assert found(text, town.sunita_gad) == [town.raj]


@pytest.mark.parametrize("text", ["sunita sahu", "zzq", "%", "_", "", " ", "'; --", "\0", "सुनीता राम"])
def test_what_is_nobodys_name_finds_nobody(town, text):
    assert found(text, town.sunita_gad) == []


def test_the_whole_code_finds_its_owner_and_its_beginning_too(town):
    assert found("90000101", town.sunita_gad) == [town.asha]
    assert found("९०००0101", town.sunita_gad) == [town.asha]
    assert town.asha in found("9000010", town.sunita_gad)


def test_whole_words_come_before_words_that_only_begin_so(town):
    ram = town.officer("Ram Netam", "राम नेताम", unit=town.health_office)
    early = Officer.create(employee_code="0", name_en="Ramesh Netam", name_hi="रमेश नेताम")
    keep_words(Officer.id == early.id)

    assert found("ram", town.sunita_gad) == [ram, early]


# Reach


def test_an_officer_of_another_department_is_never_found_though_the_name_is_the_same(town):
    for reader in (town.ravi, town.meena, town.devendra):
        assert found("asha sahu", reader) == [town.asha]
        assert found(town.other_asha.employee_code, reader) == []
    assert found("asha", town.sunita_gad) == [town.asha, town.other_asha]


def test_who_holds_no_post_today_is_found_by_those_only_who_reach_the_whole_state(town):
    assert found("bhola", town.ravi) == []
    assert found("bhola", town.sunita_gad) == [town.gone]


def test_more_is_not_told_of_officers_out_of_reach(town):
    for number in range(25):
        town.officer(f"Gita Rao {number}", "गीता राव", unit=town.revenue_office)

    seen, everything = officers_found("gita", town.ravi, on=ON), officers_found("gita", town.sunita_gad, on=ON)

    assert (seen.officers, seen.is_more) == ([], False)
    assert (len(everything.officers), everything.is_more) == (20, True)


def test_an_employee_and_a_stranger_find_nobody(town):
    asha = make.actor_of(make.make_user("Asha", officer=town.asha), (Role.EMPLOYEE, None))

    assert found("asha", asha) == []
    assert found("asha", NOBODY) == []


@pytest.mark.parametrize("few", [0, 2_000], ids=["by the index", "one by one"])
def test_a_large_reach_and_a_small_one_give_the_same(town, monkeypatch, few):
    monkeypatch.setattr(searching, "FEW", few)

    assert found("asha", town.ravi) == [town.asha]
    assert found("sun mar", town.ravi) == [town.sunita]
    assert found("raj verma", town.ravi) == [town.raj]
    assert found("bhola", town.ravi) == []
    assert found("asha", town.ravi, state_class="I") == []


def test_a_search_is_narrowed_by_department_district_and_class(town):
    assert found("asha", town.sunita_gad, department=town.revenue.id) == [town.other_asha]
    assert found("asha", town.sunita_gad, district=town.raipur.id) == [town.asha]
    assert found("asha", town.sunita_gad, state_class="II") == [town.other_asha]
    assert found("asha", town.sunita_gad, department=town.health.id, district=town.durg.id) == []
    assert found("asha", town.ravi, department=town.revenue.id) == []


# Telephone


def test_a_telephone_number_finds_its_owners_for_those_who_may_know_it(town):
    assert set(found(f"+91 {PHONE}", town.sunita_gad)) == {town.asha, town.other_asha, town.sunita, town.raj, town.gone}
    assert set(found(PHONE, town.ravi)) == {town.asha, town.sunita, town.raj}


def test_for_others_a_telephone_number_is_a_number_like_any_other(town):
    thomas = town.reader(Role.AUDITOR, town.health.line_parent)

    for reader in (town.meena, town.devendra, thomas):
        known, unknown = (officers_found(number, reader, on=ON) for number in (PHONE, "9999999999"))
        assert known == unknown
        assert known.officers == []


# In step with names


def test_a_renamed_officer_is_found_by_the_new_name_only(town):
    Officer.update(name_en="Savitri Netam", name_hi="सावित्री नेताम").where(Officer.id == town.sunita.id).execute()
    keep_words(Officer.id == town.sunita.id)

    assert found("savitri", town.sunita_gad) == [town.sunita]
    assert found("suneeta", town.sunita_gad) == []


def test_keeping_words_twice_changes_nothing(town):
    before = sorted(OfficerWord.select(OfficerWord.officer, OfficerWord.word).tuples())

    keep_words(Officer.id > 0)

    assert sorted(OfficerWord.select(OfficerWord.officer, OfficerWord.word).tuples()) == before


def test_an_import_leaves_every_officer_with_the_keys_of_code_and_names(imported_db):
    officers = list(Officer.select())

    kept = {(word.officer_id, word.word) for word in OfficerWord.select()}

    assert kept == {(o.id, key) for o in officers for key in name_keys(o.employee_code, o.name_hi, o.name_en)}
    assert officers


# Cost


def test_a_search_costs_the_same_few_statements_for_one_and_for_many(town):
    def cost(text: str) -> int:
        with statements() as asked:
            officers_found(text, town.ravi, on=ON)
        return sum(asked.values())

    for number in range(30):
        town.officer(f"Gita Rao {number}", "गीता राव", unit=town.health_office)

    assert cost("gita") <= cost("asha") <= 9
    assert cost("a b c d e f g h i j k") <= 12


@pytest.mark.parametrize("text", ["sun mar", "rek khar ver", "re", "90000101", "raj kumar verma"])
def test_no_search_reads_the_whole_index_of_words(town, monkeypatch, text):
    monkeypatch.setattr(searching, "FEW", 0)
    monkeypatch.setattr(searching, "_counts", lambda ways: {})  # every way is gone, though nobody has such a word
    with statements_with_values() as asked:
        officers_found(text, town.ravi, on=ON)

    looked_up = [one for one in asked if "officer_word" in one[0]]
    assert [plan for one in looked_up for plan in plan_of(*one) if is_read_through(plan)] == []
    assert looked_up


def is_read_through(step: str) -> bool:
    """True for a step of a plan that reads a table or an index of words from end to end."""
    return "SCAN t1" in step or ("officer_word" in step and ("Seq Scan" in step))


def plan_of(sql: str, values: list[object]) -> list[str]:
    """What the database means to do, step by step; PostgreSQL as if the table were too large to be read through."""
    if not is_postgres():
        return [row[-1] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    with database.atomic():
        database.execute_sql("SET LOCAL enable_seqscan = off")
        return [row[0] for row in database.execute_sql(f"EXPLAIN {sql}", values)]


def test_a_word_with_two_beginnings_gives_its_officers_in_the_order_of_their_words(town, monkeypatch):
    monkeypatch.setattr(searching, "FEW", 0)
    rekhi = town.officer("Rekhi Kharwar", "रेखी खरवार", unit=town.health_office)
    rechi = town.officer("Rechi Kharwar", "रेची खरवार", unit=town.health_office)

    for _other in range(3):  # so that the first word is the rarer one
        town.officer("Karan Netam", "करन नेताम", unit=town.health_office)

    assert found("rek khar", town.ravi) == [rechi, rekhi]


def test_the_register_of_officers_finds_the_same(town):
    for text in ("sunita", "मरकाम", "rajkumar", "90000101", "ver"):
        called = set(Officer.select().where(officers_called(text)))
        assert called == set(found(text, SYSTEM))
    assert list(Officer.select().where(officers_called(PHONE))) == []
    assert list(Officer.select().where(officers_called("%"))) == []
