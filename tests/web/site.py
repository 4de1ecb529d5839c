"""The application over an empty database, with a few pages of its own: what every page gets, whatever its room."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import peewee
from flask import Flask, Response, flash, redirect, request, url_for
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from karmyogi.accounts.models import User
from karmyogi.config import Settings
from karmyogi.core import errors
from karmyogi.core.permissions import Actor, Grant, Permission, Role
from karmyogi.core.reasons import reason
from karmyogi.store.db import database
from karmyogi.web import access
from karmyogi.web.access import SignedIn, public, requires, signed_in, visible_or_404
from karmyogi.web.forms import asked_number
from tests import apps, worlds
from tests.conftest import Engines, copy_of
from tests.visitors import TOKEN

SECRET = "SELECT password FROM account; /srv/karmyogi/secret.key"
PEOPLE = {
    "asha": Actor(1, "Asha", 101, (Grant(Role.EMPLOYEE),)),
    "meena": Actor(2, "Meena", 102, (Grant(Role.HEAD, "/1/7/"),)),
    "sunita": Actor(3, "Sunita", 103, (Grant(Role.GAD),)),
    "pooja": Actor(4, "Pooja", 104, (Grant(Role.PANEL),)),
}
REFUSALS = {error.__name__: error for error in (
    errors.NotAllowed, errors.NotThere, errors.WrongState, errors.RuleBroken, errors.BadFile, errors.PolicyGap
)}  # fmt: skip


@dataclass
class Site:
    """The application and the people who may open it, each in a browser of their own."""

    app: Flask

    def browser(self, who: str = "", *, language: str = "en") -> "Browser":
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["lang"] = language
            if who:
                session.update(_user_id=who, _fresh=True)
        return Browser(client)


class Browser:
    """One person's browser; its forms carry the token of the sign-in page or of the front page."""

    def __init__(self, client: FlaskClient):
        self.client = client
        self.get = client.get

    def post(self, path: str, data: dict[str, str] | None = None, **options: object) -> Response:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)

    def token(self) -> str:
        return TOKEN.search(self.client.get("/probe/form").text)[1]


def settings_for(media: Path) -> Settings:
    """Settings of a site whose private files lie there; the database is named when it is opened."""
    return Settings(
        database_url="",
        media_url=f"file://{media}",
        base_url="http://localhost",
        secret_key=b"a secret for tests, nowhere else used",
        trail_key=worlds.TRAIL_KEY,
        factor_key=worlds.FACTOR_KEY,
    )


def sqlite_site(engines: Engines, media: Path, **changes: object) -> Iterator["Site"]:
    """The site for a whole module of tests that ask nothing of the engine; `changes` are to its settings."""
    settings = replace(settings_for(media), **changes)
    with copy_of("bare", engines, "sqlite") as url, opened_site(settings, url) as site:
        yield site


@contextmanager
def opened_site(settings: Settings, url: str, cast: Mapping[str, Actor] = PEOPLE) -> Iterator[Site]:
    """The site over the database of `url`; its people need no account, the guard only looks at the actor."""
    app = app_over(replace(settings, database_url=url))
    database.connect()
    people = {
        name: SignedIn(name, actor.user_id, actor, f"{name} हि", name.title(), "en", is_fresh=True)
        for name, actor in cast.items()
    }
    access.use_loader(people.get)
    try:
        yield Site(app)
    finally:
        database.close_all()


def app_over(settings: Settings) -> Flask:
    """The application with these settings and the pages of its own."""
    return apps.app_over(settings, _add_probes)


def _add_probes(app: Flask) -> None:
    for name, view in PROBES.items():
        app.add_url_rule(f"/probe/{name}", f"probe.{name}", view, methods=["GET", "POST"])
    app.add_url_rule("/probe/refused/<kind>", "probe.refused", public(_refused))
    app.add_url_rule("/probe/account/<user_id>", "probe.account", public(_account))


def _named(text: str) -> Callable[[], str]:
    def view() -> str:
        return text

    return view


def _form() -> str:
    return f'<form><input name="csrf_token" value="{generate_csrf()}"></form>'


def _boom() -> str:
    raise RuntimeError(SECRET)


def _lost(error: type[Exception]) -> Callable[[], str]:
    def view() -> str:
        raise error(SECRET)

    return view


def _sent_away() -> Response:
    return redirect(request.args["where"])


def _done() -> Response:
    flash("Done.", "success")
    return redirect(url_for("probe.public"))


def _number() -> str:
    return str(asked_number("n"))


def _refused(kind: str) -> str:
    raise REFUSALS[kind]("own_case", reason("moved_on", state="<b>sealed</b>"))


def _account(user_id: str) -> str:
    return visible_or_404(User.select(), id=int(user_id) if request.args.get("as") == "number" else user_id).login


PROBES = {
    "silent": _named("nobody said who may read this"),
    "public": public(_named("for everybody")),
    "signed-in": signed_in(_named("for whoever is signed in")),
    "gad": requires(Permission.SCORES_RUN)(_named("for the General Administration")),
    "either": requires(Permission.SCORES_RUN, Permission.NOMINATIONS_CREATE)(_named("for one of two")),
    "form": public(_form),
    "boom": public(_boom),
    "lost": public(_lost(peewee.OperationalError)),
    "away": public(_lost(peewee.InterfaceError)),
    "sent-away": public(_sent_away),
    "done": public(_done),
    "number": public(_number),
}
