"""Accounts, role grants, server-side sessions, the sign-in throttle and one-time secrets."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class OrgUnit(Base):
        class Meta:
            table_name = "org_unit"

    class User(Base):
        login = TextField(unique=True)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", unique=True, null=True)
        name_hi = TextField()
        name_en = TextField()
        password_hash = TextField(null=True)
        language = CharField(max_length=2)
        is_active = BooleanField()
        is_demo = BooleanField()
        created_at = DateTimeField()

        class Meta:
            table_name = "account"
            constraints = [
                Check("login <> ''"),
                Check("language IN ('hi', 'en')"),
            ]

    class OneTimeSecret(Base):
        user = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
        secret_hash = CharField(max_length=64, unique=True)
        made_at = DateTimeField()
        expires_at = DateTimeField()
        used_at = DateTimeField(null=True)

        class Meta:
            table_name = "one_time_secret"

    class RoleGrant(Base):
        user = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
        role = TextField()
        unit = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", null=True)
        tree = TextField()
        is_in_charge = BooleanField()
        from_on = DateField()
        to_on = DateField(null=True)
        ended_at = DateTimeField(null=True)

        class Meta:
            table_name = "role_grant"
            constraints = [
                Check("role IN ('employee', 'nodal', 'head', 'territory', 'panel', 'gad', 'approver', 'auditor', 'sysadmin')"),
                Check("tree IN ('line', 'territory')"),
                Check("to_on IS NULL OR to_on >= from_on"),
            ]

    class Session(Base):
        token_hash = CharField(max_length=64, unique=True)
        user = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
        created_at = DateTimeField()
        touched_at = DateTimeField()
        ended_at = DateTimeField(null=True)
        address = TextField()
        agent = TextField()

        class Meta:
            table_name = "session"

    class SignInThrottle(Base):
        key = TextField(unique=True)
        failures = IntegerField()
        last_failed_at = DateTimeField(null=True)
        blocked_until = DateTimeField(null=True)

        class Meta:
            table_name = "sign_in_throttle"

    return [User, OneTimeSecret, RoleGrant, Session, SignInThrottle]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
