"""Verbs of the search: every officer has the keys of the code and the names, whoever writes a name."""

import peewee

from karmyogi.people.models import Officer, OfficerWord
from karmyogi.people.rules import name_keys
from karmyogi.store import staging
from karmyogi.store.db import database, letters_type


def keep_words(officers: peewee.Expression) -> None:
    """Bring the keys by which a search finds these officers in step with their codes and names; set-based.

    To be called in the transaction of whatever wrote a name. What is in step already is not touched. The record that
    stands for a person is found by all of the person's codes and names, and those that gave way are not found.
    """
    keys = [(officer_id, key) for officer_id, *names in _said(officers) for key in name_keys(*names)]
    staging.create("spelled", {"officer_id": "INTEGER", "word": letters_type()})
    staging.load("spelled", 2, keys)
    staging.index("spelled", "officer_id", "word")
    staging.analyze("spelled")
    database.execute_sql(
        """
        DELETE FROM officer_word
        WHERE officer_id IN (SELECT officer_id FROM spelled)
            AND NOT EXISTS (
                SELECT 1 FROM spelled s WHERE s.officer_id = officer_word.officer_id AND s.word = officer_word.word
            )
        """
    )
    database.execute_sql(
        """
        INSERT INTO officer_word (officer_id, word)
        SELECT officer_id, word FROM spelled WHERE true ORDER BY officer_id, word
        ON CONFLICT (officer_id, word) DO NOTHING
        """
    )


def _said(officers: peewee.Expression) -> list[tuple[int, str, str, str]]:
    """Id, code and names of these officers, and of all others of a person of whom one is among them."""
    rows = Officer.select(Officer.id, Officer.employee_code, Officer.name_hi, Officer.name_en, Officer.merged_into)
    said = list(rows.where(officers).tuples())
    merged = Officer.select(Officer.id, Officer.merged_into).where(Officer.merged_into.is_null(False))
    persons = dict(merged.tuples())
    if not persons:
        return [row[:4] for row in said]
    touched = {persons.get(row[0], row[0]) for row in said} & set(persons.values())
    whole = rows.where(Officer.id.in_(list(touched)) | Officer.merged_into.in_(list(touched))).tuples()
    return [(persons.get(row[0], row[0]), *row[1:4]) for row in {*said, *whole}]


def forget_words(officers: peewee.Expression) -> None:
    """Take the keys of these officers away, in the transaction in which they are removed themselves."""
    OfficerWord.delete().where(OfficerWord.officer.in_(Officer.select(Officer.id).where(officers))).execute()
