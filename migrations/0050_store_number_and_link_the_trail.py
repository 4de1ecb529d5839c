"""Entries of the trail get a number without gaps, a form, and a link that needs no key; facts about people a table.

What is there keeps its form, 1: its keyed hash stays as it was made, and its link is computed here.
"""

import hashlib
import json
from datetime import UTC, datetime

from peewee import *

NOTHING_BEFORE = "0" * 64
AT_A_TIME = 2000
OF_OLD = ("id", "at", "user_id", "officer_id", "actor", "action", "subject", "subject_id", "change", "remark", "previous_hash", "hash")
ADDED = '"seq" INTEGER NOT NULL, "form" INTEGER NOT NULL, "link" VARCHAR(64) NOT NULL, CHECK (seq > 0 AND form IN (1, 2))'

# A fact is only ever erased, once, and only in the name of a later entry that tells of it.
IS_ERASING = (
    "OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL AND NEW.id = OLD.id AND NEW.entry = OLD.entry AND NEW.name = OLD.name "
    "AND EXISTS (SELECT 1 FROM trail_entry e WHERE e.seq = NEW.erased_by AND e.action = 'trail.erase' AND e.seq > OLD.entry)"
)
REFUSED = "facts beside the trail are only erased, with an entry"
GUARDS_ON_SQLITE = (
    "CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail_entry BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    "CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail_entry BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    "CREATE TRIGGER trail_fact_no_update BEFORE UPDATE ON trail_fact WHEN NOT (%s) BEGIN SELECT RAISE(ABORT, '%s'); END" % (IS_ERASING, REFUSED),
    "CREATE TRIGGER trail_fact_no_delete BEFORE DELETE ON trail_fact BEGIN SELECT RAISE(ABORT, '%s'); END" % REFUSED,
)
GUARDS_ON_POSTGRES = (
    "CREATE TRIGGER trail_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_trail_change()",
    "CREATE FUNCTION refuse_fact_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%s'; END $$" % REFUSED,
    "CREATE FUNCTION allow_fact_erasing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF %s THEN RETURN NEW; END IF; RAISE EXCEPTION '%s'; END $$" % (IS_ERASING, REFUSED),
    "CREATE TRIGGER trail_fact_is_kept BEFORE DELETE OR TRUNCATE ON trail_fact FOR EACH STATEMENT EXECUTE FUNCTION refuse_fact_change()",
    "CREATE TRIGGER trail_fact_is_only_erased BEFORE UPDATE ON trail_fact FOR EACH ROW EXECUTE FUNCTION allow_fact_erasing()",
)


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class TrailFact(Base):
        entry = BigIntegerField()
        name = TextField()
        salt = CharField(max_length=32, null=True)
        value = TextField(null=True)
        erased_by = BigIntegerField(null=True)

        class Meta:
            table_name = "trail_fact"
            indexes = ((("entry", "name"), False),)
            constraints = [
                Check("(erased_by IS NULL) = (salt IS NOT NULL) AND (erased_by IS NULL) = (value IS NOT NULL)"),
            ]

    return [TrailFact]


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    if isinstance(db, PostgresqlDatabase):
        _extend(db)
    else:
        _rebuild(db)
    db.execute_sql('CREATE UNIQUE INDEX "trail_entry_seq" ON "trail_entry" ("seq")')
    for statement in GUARDS_ON_POSTGRES if isinstance(db, PostgresqlDatabase) else GUARDS_ON_SQLITE:
        db.execute_sql(statement)


def _extend(db):
    db.execute_sql("DROP TRIGGER IF EXISTS trail_is_append_only ON trail_entry")
    for column in ('"seq" BIGINT', '"form" INTEGER', '"link" VARCHAR(64)'):
        db.execute_sql("ALTER TABLE trail_entry ADD COLUMN %s" % column)
    for rows in _linked(db):
        values = ", ".join("(%s, %s, %s)" for _row in rows)
        asked = "UPDATE trail_entry AS t SET seq = v.seq, form = 1, link = v.link FROM (VALUES %s) AS v (id, seq, link) WHERE t.id = v.id"
        db.execute_sql(asked % values, [value for row in rows for value in (row[0], row[-2], row[-1])])
    for column in ("seq", "form", "link"):
        db.execute_sql("ALTER TABLE trail_entry ALTER COLUMN %s SET NOT NULL" % column)
    db.execute_sql("ALTER TABLE trail_entry ADD CHECK (seq > 0 AND form IN (1, 2))")


def _rebuild(db):
    """SQLite adds no column without a default: the table is written anew under its own definition and these columns."""
    asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    ((sql,),) = db.execute_sql(asked, ("trail_entry", "table")).fetchall()
    indexes = [index for (index,) in db.execute_sql(asked, ("trail_entry", "index")).fetchall()]
    db.execute_sql(sql.replace('"trail_entry"', '"trail_entry_anew"', 1).rstrip().removesuffix(")") + ", " + ADDED + ")")
    names = ", ".join('"%s"' % name for name in (*OF_OLD, "seq", "link"))
    for rows in _linked(db):
        values = ", ".join("(%s, 1)" % ", ".join("?" * len(row)) for row in rows)
        db.execute_sql('INSERT INTO "trail_entry_anew" (%s, "form") VALUES %s' % (names, values), [one for row in rows for one in row])
    for trigger in ("trail_no_update", "trail_no_delete"):
        db.execute_sql("DROP TRIGGER IF EXISTS %s" % trigger)
    db.execute_sql('DROP TABLE "trail_entry"')
    db.execute_sql('ALTER TABLE "trail_entry_anew" RENAME TO "trail_entry"')
    for index in indexes:
        db.execute_sql(index)


def _linked(db):
    """The entries as they stand, each with its number and link, so many at a time."""
    mark = "%s" if isinstance(db, PostgresqlDatabase) else "?"
    names = ", ".join('"%s"' % name for name in OF_OLD)
    asked = 'SELECT %s FROM trail_entry WHERE id > %s ORDER BY id LIMIT %d' % (names, mark, AT_A_TIME)
    last, seq, link = 0, 0, NOTHING_BEFORE
    while rows := db.execute_sql(asked, (last,)).fetchall():
        linked = []
        for row in rows:
            seq += 1
            link = _link(dict(zip(OF_OLD, row, strict=True)), seq, link)
            linked.append((*row, seq, link))
        yield linked
        last = rows[-1][0]


def _link(row, seq, previous):
    at = row["at"] if isinstance(row["at"], datetime) else datetime.fromisoformat(row["at"])
    told = {name: row[name] for name in OF_OLD if name != "id"}
    told |= {"at": at.replace(tzinfo=UTC).isoformat(), "change": json.loads(row["change"]), "seq": seq, "form": 1}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode()).hexdigest()


def down(migrator, db):
    """What of the new form there is would lose what it tells of people, and no older code could prove it."""
    if db.execute_sql("SELECT 1 FROM trail_entry WHERE form = 2 LIMIT 1").fetchone():
        raise RuntimeError("the trail has entries of the new form: go back to a copy made before")
    db.drop_tables(models(db), safe=False)
    if isinstance(db, PostgresqlDatabase):
        for function in ("refuse_fact_change", "allow_fact_erasing"):
            db.execute_sql("DROP FUNCTION %s" % function)
        for column in ("seq", "form", "link"):
            db.execute_sql("ALTER TABLE trail_entry DROP COLUMN %s" % column)
    else:
        _shrink(db)


def _shrink(db):
    asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    ((sql,),) = db.execute_sql(asked, ("trail_entry", "table")).fetchall()
    indexes = [index for (index,) in db.execute_sql(asked, ("trail_entry", "index")).fetchall()]
    names = ", ".join('"%s"' % name for name in OF_OLD)
    db.execute_sql(sql.replace('"trail_entry"', '"trail_entry_anew"', 1).replace(", " + ADDED, ""))
    db.execute_sql('INSERT INTO "trail_entry_anew" (%s) SELECT %s FROM "trail_entry"' % (names, names))
    for trigger in ("trail_no_update", "trail_no_delete"):
        db.execute_sql("DROP TRIGGER IF EXISTS %s" % trigger)
    db.execute_sql('DROP TABLE "trail_entry"')
    db.execute_sql('ALTER TABLE "trail_entry_anew" RENAME TO "trail_entry"')
    for statement in (*(index for index in indexes if "trail_entry_seq" not in index), *GUARDS_ON_SQLITE[:2]):
        db.execute_sql(statement)
