"""Officers who were there before the search are found like all others."""

from karmyogi.people.models import Officer, OfficerWord
from karmyogi.people.rules import name_keys
from karmyogi.store.db import database, migrate, migration_runner
from tests import trails


def test_the_migration_gives_the_same_keys_as_the_verb(imported_db):
    kept = sorted(OfficerWord.select(OfficerWord.officer, OfficerWord.word).tuples())
    runner = migration_runner()
    names = [step.name for step in runner.status()]
    trails.begin_anew()

    runner.down(next(name for name in names if "fill_officer_words" in name))
    assert OfficerWord.select().count() == 0
    database.close()
    migrate()
    database.connect()

    assert sorted(OfficerWord.select(OfficerWord.officer, OfficerWord.word).tuples()) == kept
    assert {o.id: name_keys(o.employee_code, o.name_hi, o.name_en) for o in Officer.select()} == {
        o.id: frozenset(word for officer, word in kept if officer == o.id) for o in Officer.select()
    }
