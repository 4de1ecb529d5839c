"""Registers of accounts and roles, to read: an account is opened, closed and given roles by its own pages."""

import peewee
from flask_babel import gettext

from karmyogi.accounts.models import GRANTABLE, RoleGrant, User
from karmyogi.core.permissions import Actor, Permission, Tree
from karmyogi.core.reasons import N_
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.queries import units_called
from karmyogi.web.filters import Among, Filled, From, OneOf, Until, YesNo
from karmyogi.web.i18n import LANGUAGES
from karmyogi.web.labels import ACCESS
from karmyogi.web.lists import named
from karmyogi.web.registers import Register

LEFT = peewee.JOIN.LEFT_OUTER
TREES = {Tree.LINE.value: N_("Line of the department"), Tree.TERRITORY.value: N_("Division and district")}


def as_tree(code: str) -> str:
    return gettext(TREES[code])


class Users(Register):
    """Who may sign in; passwords, sessions and secrets are nobody's reading."""

    table = User
    title = N_("Accounts")
    group = ACCESS
    slug = "accounts"
    read = Permission.ACCOUNTS_READ
    column_list = ("login", "name", "officer.employee_code", "is_active", "created_at")
    column_details_list = (
        "login",
        "name_hi",
        "name_en",
        "officer.employee_code",
        "language",
        "is_active",
        "is_demo",
        "created_at",
    )
    column_formatters = {"language": LANGUAGES.__getitem__}
    column_sortable_list = ("login",)
    column_default_sort = ("login", False)
    column_filters = (YesNo(User.is_active, N_("Open")), Filled(User.officer, N_("Belongs to an officer")))
    search_texts = (User.login, User.name_hi, User.name_en)
    search_hint = N_("Part of a sign-in name or of a name")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        shown = [getattr(User, name) for name in SHOWN_OF_USER]
        return User.select(*shown, Officer.id, Officer.employee_code).join(Officer, LEFT)


SHOWN_OF_USER = ("id", "login", "officer", "name_hi", "name_en", "language", "is_active", "is_demo", "created_at")


class RoleGrants(Register):
    """Which role a person holds over which unit, along which tree, and for how long."""

    table = RoleGrant
    title = N_("Roles held")
    group = ACCESS
    slug = "role-grants"
    read = Permission.ACCOUNTS_READ
    column_list = ("user.login", "user", "role", "unit", "from_on", "to_on", "ended_at")
    column_details_list = ("user.login", "user", "role", "unit", "tree", "is_in_charge", "from_on", "to_on", "ended_at")
    column_labels = {"user": N_("Name"), "user.login": N_("Sign-in name")}
    column_words = ("role",)
    column_formatters = {"tree": as_tree}
    column_filters = (
        OneOf(RoleGrant.role, N_("Role"), GRANTABLE),
        Among(RoleGrant.unit, N_("Department, district or office"), units_called),
        From(RoleGrant.from_on, N_("Role begins")),
        Until(RoleGrant.from_on, N_("Role begins")),
        Filled(RoleGrant.ended_at, N_("Taken away before its time")),
    )
    search_texts = (User.login, User.name_hi, User.name_en)
    search_hint = N_("Part of a sign-in name or of a name")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            RoleGrant.select(RoleGrant, *named(User, "login"), *named(OrgUnit))
            .join(User, LEFT)
            .switch(RoleGrant)
            .join(OrgUnit, LEFT, on=RoleGrant.unit == OrgUnit.id)
        )


VIEWS = (Users, RoleGrants)
