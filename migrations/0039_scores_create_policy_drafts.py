"""Drafts of the scoring policy in tables of their own; published versions that the engine itself keeps as they are.

A version says by which order it stands, and how many rules it has, so that none can be added later.
"""

from peewee import *

KEPT = "a published policy never changes"
FULL = "a published policy takes no more rules"
ON_SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        for table in ("policy", "policy_rule")
        for verb in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER policy_rule_no_insert BEFORE INSERT ON policy_rule "
    "WHEN (SELECT COUNT(*) FROM policy_rule WHERE policy_id = NEW.policy_id) >= "
    "(SELECT rule_count FROM policy WHERE id = NEW.policy_id) "
    f"BEGIN SELECT RAISE(ABORT, '{FULL}'); END",
)
ON_POSTGRES = (
    "CREATE FUNCTION refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{KEPT}'; END $$",
    "CREATE FUNCTION refuse_policy_rule() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF (SELECT COUNT(*) FROM policy_rule WHERE policy_id = NEW.policy_id) >= "
    "(SELECT rule_count FROM policy WHERE id = NEW.policy_id) "
    f"THEN RAISE EXCEPTION '{FULL}'; END IF; RETURN NEW; END $$",
    *(
        f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_policy_change()"
        for table in ("policy", "policy_rule")
    ),
    "CREATE TRIGGER policy_rule_is_full BEFORE INSERT ON policy_rule "
    "FOR EACH ROW EXECUTE FUNCTION refuse_policy_rule()",
)
OFF_SQLITE = tuple(
    f"DROP TRIGGER {name}"
    for name in (
        "policy_no_update",
        "policy_no_delete",
        "policy_rule_no_update",
        "policy_rule_no_delete",
        "policy_rule_no_insert",
    )
)
OFF_POSTGRES = (
    "DROP TRIGGER policy_rule_is_full ON policy_rule",
    "DROP TRIGGER policy_rule_is_kept ON policy_rule",
    "DROP TRIGGER policy_is_kept ON policy",
    "DROP FUNCTION refuse_policy_rule",
    "DROP FUNCTION refuse_policy_change",
)
COLUMNS = {"order_number": "TEXT", "order_on": "DATE", "rule_count": "INTEGER"}


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Policy(Base):
        class Meta:
            table_name = "policy"

    class PolicyDraft(Base):
        line_path = TextField(default="/")
        territory_path = TextField(default="/")
        state = TextField(index=True)
        version = IntegerField()
        base = IntegerField()
        terms = TextField()
        drafted_at = DateTimeField()
        policy = ForeignKeyField(Policy, null=True, unique=True, backref="+", on_delete="RESTRICT")

        class Meta:
            table_name = "policy_draft"
            constraints = [
                Check("state IN ('draft', 'submitted', 'returned', 'published', 'withdrawn')"),
                Check("(state = 'published') = (policy_id IS NOT NULL)"),
            ]

    class PolicyTrial(Base):
        draft = ForeignKeyField(PolicyDraft, backref="+", on_delete="RESTRICT", index=False)
        month = CharField(max_length=7)
        version = IntegerField()
        against = IntegerField()
        found = TextField()
        made_at = DateTimeField()

        class Meta:
            table_name = "policy_trial"
            indexes = ((("draft", "month"), True),)

    return [PolicyDraft, PolicyTrial]


def up(migrator, db):
    for name, kind in COLUMNS.items():
        db.execute_sql(f'ALTER TABLE "policy" ADD COLUMN "{name}" {kind}')
    db.execute_sql("UPDATE policy SET rule_count = (SELECT COUNT(*) FROM policy_rule WHERE policy_id = policy.id)")
    db.create_tables(models(db), safe=False)
    for statement in ON_POSTGRES if isinstance(db, PostgresqlDatabase) else ON_SQLITE:
        db.execute_sql(statement)


def down(migrator, db):
    for statement in OFF_POSTGRES if isinstance(db, PostgresqlDatabase) else OFF_SQLITE:
        db.execute_sql(statement)
    db.drop_tables(models(db), safe=False)
    for name in COLUMNS:
        db.execute_sql(f'ALTER TABLE "policy" DROP COLUMN "{name}"')
