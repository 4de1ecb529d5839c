"""Accounts, the roles they hold, how they prove who they are, sessions, and the throttle on signing in."""

import peewee

from karmyogi.core.permissions import Role, Tree
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.store.db import Moment, Table, one_of

GRANTABLE = [role.value for role in Role if role is not Role.SYSTEM]


class User(Table):
    """A login account; it may belong to an officer."""

    login = peewee.TextField(unique=True)
    officer = peewee.ForeignKeyField(Officer, null=True, unique=True, backref="+", on_delete="RESTRICT")
    name_hi = peewee.TextField(default="")
    name_en = peewee.TextField(default="")
    password_hash = peewee.TextField(null=True)
    language = peewee.CharField(max_length=2, default="hi")
    is_active = peewee.BooleanField(default=True)
    is_demo = peewee.BooleanField(default=False)  # one of the demo's cast: signs in without a password, on loopback
    created_at = Moment()
    factor_reset_at = Moment(null=True)  # when a system administrator last removed its second factor

    class Meta:
        table_name = "account"  # "user" is a reserved word on PostgreSQL
        constraints = [peewee.Check("login <> ''"), peewee.Check("language IN ('hi', 'en')")]

    def __str__(self) -> str:
        return self.name_hi or self.name_en or self.login


class RoleGrant(Table):
    """A role over a unit and all below it, along one tree, from one day to another, both inclusive.

    In-charge if for the time being. `ended_at` is set when it is taken away before its time: from that moment, not
    from the next day.
    """

    user = peewee.ForeignKeyField(User, backref="grants", on_delete="RESTRICT")
    role = peewee.TextField()
    unit = peewee.ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT")
    tree = peewee.TextField(default=Tree.LINE.value)
    is_in_charge = peewee.BooleanField(default=False)
    from_on = peewee.DateField()
    to_on = peewee.DateField(null=True)
    ended_at = Moment(null=True)

    class Meta:
        constraints = [
            one_of("role", GRANTABLE),
            one_of("tree", [t.value for t in Tree]),
            peewee.Check("to_on IS NULL OR to_on >= from_on"),
        ]

    def __str__(self) -> str:
        return self.role


class Session(Table):
    """One signed-in browser; the cookie's value is kept only as a hash."""

    token_hash = peewee.CharField(max_length=64, unique=True)
    user = peewee.ForeignKeyField(User, backref="sessions", on_delete="RESTRICT")
    created_at = Moment()
    touched_at = Moment()
    ended_at = Moment(null=True)
    proved_at = Moment(null=True)  # when more than the password was last shown in it
    address = peewee.TextField(default="")
    agent = peewee.TextField(default="")
    work_as = peewee.ForeignKeyField(RoleGrant, null=True, backref="+", on_delete="RESTRICT")  # None: all roles at once

    def __str__(self) -> str:
        return f"{self.created_at}"


class SignInThrottle(Table):
    """Failed tries for one account or one address; kept here so that a restart forgets nothing."""

    key = peewee.TextField(unique=True)
    failures = peewee.IntegerField(default=0)
    last_failed_at = Moment(null=True)
    blocked_until = Moment(null=True)

    def __str__(self) -> str:
        return self.key


class OneTimeSecret(Table):
    """A secret that lets its owner set a password once, within its time."""

    user = peewee.ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    secret_hash = peewee.CharField(max_length=64, unique=True)
    made_at = Moment()
    expires_at = Moment()
    used_at = Moment(null=True)

    def __str__(self) -> str:
        return f"{self.expires_at}"


class Authenticator(Table):
    """The app that shows an account's six digits: its seed, sealed, and the last of its steps that was used."""

    user = peewee.ForeignKeyField(User, unique=True, backref="+", on_delete="RESTRICT")
    sealed_seed = peewee.TextField()
    last_step = peewee.BigIntegerField()
    made_at = Moment()

    def __str__(self) -> str:
        return f"{self.made_at}"


class RecoveryCode(Table):
    """What stands in for the app when the telephone is lost: once each, kept as a hash."""

    user = peewee.ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    code_hash = peewee.CharField(max_length=64, unique=True)
    made_at = Moment()
    used_at = Moment(null=True)

    def __str__(self) -> str:
        return f"{self.made_at}"
