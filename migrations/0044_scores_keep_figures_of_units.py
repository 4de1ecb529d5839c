"""Each month keeps the figures of units, and how many officers of a group have how many points, within its seal."""

from peewee import *

OLD, NEW = "part IN ('score', 'group')", "part IN ('score', 'group', 'unit')"


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class OrgUnit(Base):
        class Meta:
            table_name = "org_unit"

    class PointCount(Base):
        month = CharField(max_length=7)
        scope = TextField()
        unit = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
        state_class = CharField(max_length=3, default="")
        points = IntegerField()
        run = BigIntegerField(default=0)
        officers = IntegerField()

        class Meta:
            table_name = "point_count"
            primary_key = CompositeKey("month", "scope", "unit", "state_class", "points", "run")
            constraints = [Check("points > 0"), Check("officers > 0")]

    class UnitFigure(Base):
        month = CharField(max_length=7)
        scope = TextField()
        unit = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
        run = BigIntegerField(default=0)
        department = ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
        officers = IntegerField()
        scored = IntegerField()
        points = BigIntegerField()
        learners = IntegerField()
        seconds = BigIntegerField()
        planners = IntegerField()
        plan_courses = IntegerField()
        in_time = IntegerField()

        class Meta:
            table_name = "unit_figure"
            primary_key = CompositeKey("month", "scope", "unit", "run")
            constraints = [
                Check("scope IN ('department', 'district', 'division', 'office', 'state')"),
                Check("officers >= 0 AND scored >= 0 AND learners >= planners AND plan_courses >= in_time"),
            ]

    return [PointCount, UnitFigure]


def up(migrator, db):
    """Months that were computed before have the first version, sealed or not: their rows are these, and no others."""
    migrator.migrate(migrator.add_column("score_month", "seal_version", IntegerField(default=1)))
    allow(db, OLD, NEW)
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    """The older code cannot prove what was sealed since; its digests of units go, and the rows they were made of."""
    db.execute_sql("DELETE FROM seal_block WHERE part = 'unit'")
    db.drop_tables(models(db), safe=False)
    allow(db, NEW, OLD)
    migrator.migrate(migrator.drop_column("score_month", "seal_version"))


def allow(db, before, after):
    """Change which parts of a month the table of digests takes; as for the kinds of documents in 0027."""
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("ALTER TABLE seal_block DROP CONSTRAINT seal_block_part_check")
        db.execute_sql(f"ALTER TABLE seal_block ADD CONSTRAINT seal_block_part_check CHECK ({after})")
        return
    [[version]] = db.execute_sql("PRAGMA schema_version").fetchall()
    db.execute_sql("PRAGMA writable_schema = 1")
    db.execute_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'seal_block'",
        (before, after),
    )
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = 0")
