"""The one role that a person has chosen to work in, kept with the session."""

from peewee import *


def up(migrator, db):
    class RoleGrant(Model):
        class Meta:
            database = db
            table_name = "role_grant"

    work_as = ForeignKeyField(RoleGrant, field=RoleGrant.id, backref="+", on_delete="RESTRICT", null=True)
    migrator.migrate(migrator.add_column("session", "work_as_id", work_as))


def down(migrator, db):
    migrator.migrate(migrator.drop_index("session", "session_work_as_id"))
    migrator.migrate(migrator.drop_column("session", "work_as_id"))
