"""A month points to the run whose rows are shown, so that the next one can be written beside it in small steps."""

from peewee import *

KEYS = {"monthly_score": ("month", "officer_id"), "score_line": ("month", "officer_id", "code")}
GROUP = ("month", "scope", "unit_id", "state_class")
SHOWN = 'SELECT 1 FROM "score_month" m WHERE m."month" = r."month" AND m."run" = r."run"'


def up(migrator, db):
    migrator.migrate(migrator.add_column("score_month", "run", BigIntegerField(default=0)))
    for table, key in KEYS.items():
        if isinstance(db, SqliteDatabase):
            _rebuild(db, table, key, (*key, "run"), adds=True)
        else:
            db.execute_sql('ALTER TABLE "%s" ADD COLUMN "run" BIGINT NOT NULL DEFAULT 0' % table)
            db.execute_sql('ALTER TABLE "%s" ALTER COLUMN "run" DROP DEFAULT' % table)
            _key(db, table, (*key, "run"))
    db.execute_sql('DROP INDEX "peer_group_%s"' % "_".join(GROUP))
    migrator.migrate(migrator.add_column("peer_group", "run", BigIntegerField(default=0)))
    _group_index(db, (*GROUP, "run"))


def down(migrator, db):
    """What is not shown goes: the older code would take it for the month's."""
    for table in (*KEYS, "peer_group"):
        db.execute_sql('DELETE FROM "%s" AS r WHERE NOT EXISTS (%s)' % (table, SHOWN))
    for table, key in KEYS.items():
        if isinstance(db, SqliteDatabase):
            _rebuild(db, table, (*key, "run"), key, adds=False)
        else:
            _key(db, table, key)
            db.execute_sql('ALTER TABLE "%s" DROP COLUMN "run"' % table)
    db.execute_sql('DROP INDEX "peer_group_%s_run"' % "_".join(GROUP))
    migrator.migrate(migrator.drop_column("peer_group", "run"))
    _group_index(db, GROUP)
    migrator.migrate(migrator.drop_column("score_month", "run"))


def _rebuild(db, table, key, new_key, *, adds):
    """SQLite changes no primary key: the table is written anew under its own definition, but for the key."""
    asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    ((sql,),) = db.execute_sql(asked, (table, "table")).fetchall()
    indexes = [index for (index,) in db.execute_sql(asked, (table, "index")).fetchall()]
    columns = [c.name for c in db.get_columns(table) if c.name != "run"]
    month, run = '("month" VARCHAR(7) NOT NULL', '("run" INTEGER NOT NULL, "month" VARCHAR(7) NOT NULL'
    sql = sql.replace('"%s"' % table, '"%s_anew"' % table, 1).replace("(%s)" % _listed(key), "(%s)" % _listed(new_key))
    sql = sql.replace(month, run) if adds else sql.replace(run, month)
    db.execute_sql(sql)
    names = _listed(columns)
    into, values = (names + ', "run"', names + ", 0") if adds else (names, names)
    db.execute_sql('INSERT INTO "%s_anew" (%s) SELECT %s FROM "%s"' % (table, into, values, table))
    db.execute_sql('DROP TABLE "%s"' % table)
    db.execute_sql('ALTER TABLE "%s_anew" RENAME TO "%s"' % (table, table))
    for index in indexes:
        db.execute_sql(index)


def _key(db, table, key):
    db.execute_sql('ALTER TABLE "%s" DROP CONSTRAINT "%s_pkey"' % (table, table))
    db.execute_sql('ALTER TABLE "%s" ADD PRIMARY KEY (%s)' % (table, _listed(key)))


def _group_index(db, columns):
    name = "peer_group_" + "_".join(columns)
    db.execute_sql('CREATE UNIQUE INDEX "%s" ON "peer_group" (%s)' % (name, _listed(columns)))


def _listed(columns):
    return ", ".join('"%s"' % column for column in columns)
