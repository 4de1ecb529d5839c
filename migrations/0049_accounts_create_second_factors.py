"""A second factor beside the password, recovery codes for a lost telephone, and when a session was proved."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class User(Base):
        class Meta:
            table_name = "account"

    class Authenticator(Base):
        user = ForeignKeyField(User, unique=True, backref="+", on_delete="RESTRICT")
        sealed_seed = TextField()
        last_step = BigIntegerField()
        made_at = DateTimeField()

        class Meta:
            table_name = "authenticator"

    class RecoveryCode(Base):
        user = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
        code_hash = CharField(max_length=64, unique=True)
        made_at = DateTimeField()
        used_at = DateTimeField(null=True)

        class Meta:
            table_name = "recovery_code"

    return [Authenticator, RecoveryCode]


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    migrator.migrate(
        migrator.add_column("account", "factor_reset_at", DateTimeField(null=True)),
        migrator.add_column("session", "proved_at", DateTimeField(null=True)),
    )


def down(migrator, db):
    db.execute_sql('ALTER TABLE "session" DROP COLUMN "proved_at"')
    db.execute_sql('ALTER TABLE "account" DROP COLUMN "factor_reset_at"')
    db.drop_tables(models(db), safe=False)
