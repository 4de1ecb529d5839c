"""A small State with two departments and two districts, and people in it."""

import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache

import pytest
from flask import Flask

from karmyogi.accounts import service
from karmyogi.accounts.models import Authenticator, User
from karmyogi.accounts.rules import factors
from karmyogi.accounts.service import passwords
from karmyogi.config import Settings
from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.people.models import Officer, OrgUnit, UnitKind
from karmyogi.people.service import make_unit
from karmyogi.store import seals
from karmyogi.store.db import database
from tests.apps import app_over

NOON = datetime(2026, 2, 12, 6, 30, tzinfo=UTC)  # twelve o'clock in India
TODAY = date(2026, 2, 12)
PASSWORD = "नीली साइकिल पर चाय की केतली"
ANOTHER = "three grey herons wait for rain"
HOME = "10.1.2.3"
SEED = b"twenty bytes of seed"


@dataclass
class Place:
    state: OrgUnit
    health: OrgUnit
    revenue: OrgUnit
    raipur: OrgUnit
    clinic: OrgUnit


@pytest.fixture
def place(db) -> Place:
    state = make_unit(UnitKind.STATE, name_hi="छत्तीसगढ़", name_en="Chhattisgarh")
    both = {"line_parent": state, "territory_parent": state}
    health = make_unit(UnitKind.DEPARTMENT, name_hi="स्वास्थ्य विभाग", name_en="Health", **both)
    revenue = make_unit(UnitKind.DEPARTMENT, name_hi="राजस्व विभाग", name_en="Revenue", **both)
    raipur = make_unit(UnitKind.DISTRICT, name_hi="रायपुर", name_en="Raipur", **both)
    clinic = make_unit(
        UnitKind.OFFICE, name_hi="जिला चिकित्सालय", name_en="Clinic", line_parent=health, territory_parent=raipur
    )
    return Place(state, health, revenue, raipur, clinic)


def make_officer(code: str = "00000101", name_hi: str = "आशा साहू", name_en: str = "Asha Sahu") -> Officer:
    return Officer.create(employee_code=code, name_hi=name_hi, name_en=name_en)


def make_user(login: str, *, password: str = "", officer: Officer | None = None, name_en: str = "") -> User:
    """An account, which can sign in if a password is given."""
    user = service.create_user(login, name_en=name_en or login.title(), officer=officer, by=SYSTEM, at=NOON)
    if password:
        User.update(password_hash=hash_once(password)).where(User.id == user.id).execute()
    return User.get_by_id(user.id)


@cache
def hash_once(password: str) -> str:
    """Hashing is slow on purpose; the tests need each password's hash once."""
    return passwords.hash_of_password(password)


@pytest.fixture
def asha(place) -> User:
    return make_user("asha", password=PASSWORD, officer=make_officer())


@pytest.fixture
def gopal(place) -> User:
    """The system administrator."""
    gopal = make_user("gopal", password=ANOTHER)
    service.grant_role(gopal, Role.SYSADMIN, by=SYSTEM, at=NOON)
    return give_factor(gopal)


def give_factor(user: User) -> User:
    """Set up a telephone of which the tests know the seed."""
    sealed = seals.seal(SEED, owner=f"authenticator of account {user.id}")
    Authenticator.create(user=user, sealed_seed=sealed, last_step=0, made_at=NOON)
    return user


def next_code(user: User, *, at: datetime | None = None) -> str:
    """The next code of a person's telephone that is taken at this moment."""
    used = Authenticator.get(Authenticator.user == user).last_step
    return factors.code_of(SEED, max(used + 1, factors.step_at(at or now()) - 1))


def actor(user: User):
    return service.actor_of(user, on=TODAY)


def every_text_in_the_database() -> str:
    """All that is stored, in one text: what somebody with a copy of the database would search."""
    rows = [database.execute_sql(f'SELECT * FROM "{table}"').fetchall() for table in database.get_tables()]
    return "\n".join(str(value) for table in rows for row in table for value in row)


@pytest.fixture
def count_queries():
    """How many statements an act sends to the database."""

    def count(act) -> int:
        sent = []

        class Counting(logging.Handler):
            def emit(self, message):
                sent.append(message)

        handler, logger = Counting(), logging.getLogger("peewee")
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        try:
            act()
        finally:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)
        return len(sent)

    return count


def make_app(settings: Settings, url: str) -> Flask:
    return app_over(replace(settings, database_url=url))


@pytest.fixture
def app(db, settings) -> Flask:
    return make_app(replace(settings, demo=True), db)


class Browser:
    """One browser at one address; it sends the token of the page it stands on, as a form does."""

    def __init__(self, app: Flask, address: str = "127.0.0.1", *, base_url: str = "http://localhost", headers=None):
        self.app, self.client = app, app.test_client()
        self.options = {"environ_base": {"REMOTE_ADDR": address}, "base_url": base_url, "headers": headers}

    def get(self, path: str):
        return self.client.get(path, **self.options)

    def post(self, path: str, *, csrf_token: str = "", token_from: str = "", **fields: str):
        fields["csrf_token"] = csrf_token or self.token_of(token_from or FORM_OF.get(path, "/account"))
        return self.client.post(path, data=fields, **self.options)

    def sign_in(self, login: str, password: str, **fields: str):
        """By password, and by the code of their telephone for who has one."""
        answer = self.post("/login", login=login, password=password, **fields)
        if answer.status_code == 302 and answer.location.startswith("/sign-in/code"):
            return self.show_code(User.get(User.login == login), **fields)
        return answer

    def show_code(self, user: User, **fields: str):
        return self.post("/sign-in/code", code=next_code(user), **fields)

    def token_of(self, path: str) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)[1]

    @property
    def cookie(self) -> str:
        return self.client.get_cookie("karmyogi").value


FORM_OF = {
    path: path
    for path in (
        "/login",
        "/first-sign-in",
        "/password",
        "/forgotten",
        "/sign-in/code",
        "/sign-in/recovery",
        "/second-factor",
    )
}
