"""Who is asking, and may this page open: closed by default.

Every view declares what it needs: `@requires(Permission.X)`, `@signed_in`,
`@halfway` or `@public`. A view that declares nothing answers 403, and a house test finds it
before anybody meets it. The web floor knows no room: `accounts` hands it the
function that turns a cookie's token into a signed-in person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import peewee
from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response

from karmyogi.core.errors import NotAllowed, NotThere
from karmyogi.core.permissions import NOBODY, Actor, Permission, can, is_grave
from karmyogi.store.db import database

View = TypeVar("View", bound=Callable[..., object])
Loader = Callable[[str], "SignedIn | HalfSignedIn | None"]
Asker = Callable[[], tuple[str, int]]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC, HALFWAY, SIGNED_IN = "public", "halfway in", "signed in"
ASK_AGAIN = "accounts.ask_code"  # the page that asks for the second factor
WITHOUT_DATABASE = {"healthz", "readyz", "sheet"}


@dataclass(frozen=True)
class HeldRole:
    """A role that the person holds now and may choose to work in alone."""

    grant_id: int
    role: str
    unit_hi: str
    unit_en: str
    is_in_charge: bool
    is_chosen: bool


@dataclass(frozen=True)
class SignedIn:
    """The person behind a live session, as Flask-Login and the templates want to know them."""

    token: str
    user_id: int
    actor: Actor
    name_hi: str
    name_en: str
    language: str
    roles: tuple[HeldRole, ...] = ()
    is_in_one_role: bool = False  # chosen, and perhaps over by now
    is_fresh: bool = False  # more than the password was shown in the last minutes

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    @property
    def working_as(self) -> HeldRole | None:
        """The one role that this page is read in; None for all of several, for none, and for one that is over."""
        if self.is_in_one_role:
            return next((role for role in self.roles if role.is_chosen), None)
        return self.roles[0] if len(self.roles) == 1 else None


@dataclass(frozen=True)
class HalfSignedIn:
    """Who has shown the right password and must show more: a stranger to every page but those that ask for it."""

    token: str
    user_id: int
    name_hi: str
    name_en: str
    language: str
    stage: str

    is_authenticated = False
    is_active = True
    is_anonymous = True

    def get_id(self) -> str:
        return self.token


_loader: list[Loader] = []
_asker: list[Asker] = []


def use_loader(loader: Loader) -> None:
    """The one function that knows sessions: token in, signed-in person or None out."""
    _loader[:] = [loader]


def use_asker(asker: Asker) -> None:
    """The one function that draws the page which asks for the second factor and keeps what was sent."""
    _asker[:] = [asker]


def half_signed_in() -> HalfSignedIn | None:
    """Who stands before this page with the right password and nothing more; None for everybody else."""
    person = current_user._get_current_object()
    return person if isinstance(person, HalfSignedIn) else None


def remember(person: SignedIn | HalfSignedIn, *, language: str) -> None:
    """Begin a browser's session afresh: nothing from before signing in survives it."""
    session.clear()
    session["lang"] = language
    session.permanent = False
    login_user(person)


def go_on_as(person: SignedIn | HalfSignedIn) -> None:
    """Go on in the same browser's session under its new token; forms that stand open in it still work."""
    login_user(person)


def forget() -> None:
    """End the browser's session; its language stays."""
    language = session.get("lang")
    logout_user()
    session.clear()
    if language:
        session["lang"] = language


def current_actor() -> Actor:
    """The actor of this request; nobody when not signed in."""
    return current_user.actor if current_user.is_authenticated else NOBODY


def requires(*permissions: Permission) -> Callable[[View], View]:
    """The view opens for an actor who holds any of these permissions, at any reach."""

    def mark(view: View) -> View:
        view.access = permissions  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """The view opens for everyone, without signing in."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def halfway(view: View) -> View:
    """The view opens for everyone who is signed in, and for who has still to show more than the password."""
    view.access = HALFWAY  # type: ignore[attr-defined]
    return view


def fresh(view: View) -> View:
    """The view opens to who has shown more than the password within the last minutes, also only to be read."""
    view.asks_again = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """The view opens for everyone who is signed in."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def body_limit(most: int) -> Callable[[View], View]:
    """The view takes a body of up to `most` bytes; others take the application's limit."""

    def mark(view: View) -> View:
        view.body_limit = most  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> object:
    """What the view behind an endpoint declares, or None: then it stays closed."""
    view = app.view_functions.get(endpoint)
    return getattr(view, "access", None)


def visible_or_404(rows: peewee.ModelSelect, **by: object) -> peewee.Model:
    """The one row of an already scoped query; outside one's reach a row does not exist.

    Raises NotThere when the query gives none, or when an id is no sensible number.
    """
    try:
        found = rows.filter(**by).first() if by else rows.first()
    except (OverflowError, ValueError, peewee.DataError):
        found = None
    if found is None:
        raise NotThere("not_there")
    return found


def install(app: Flask) -> None:
    """Guard every request of `app`."""
    manager = LoginManager(app)
    manager.session_protection = None  # the server-side row decides, not the browser's address
    manager.user_loader(_load)
    app.before_request(_guard)


def ask_again(app: Flask) -> None:
    """Ask once more before grave acts; to be called after the guards against forms of others."""
    app.before_request(_ask_again)


def _load(token: str) -> SignedIn | HalfSignedIn | None:
    return _loader[0](token) if _loader else None


def _guard() -> Response | None:
    if request.endpoint is None:
        return None  # no such page: the router answers 404
    view = current_app.view_functions.get(request.endpoint)
    request.max_content_length = getattr(view, "body_limit", current_app.config["MAX_CONTENT_LENGTH"])
    access = access_of(current_app, request.endpoint)
    if access == PUBLIC or (access == HALFWAY and half_signed_in()):
        return None
    if not current_user.is_authenticated:
        abort(401)
    is_open = access in {SIGNED_IN, HALFWAY} or any(can(current_actor(), permission) for permission in access or ())
    if not is_open:
        raise NotAllowed("not_allowed")
    return None


def _ask_again() -> Response | tuple[str, int] | None:
    """Before a grave act, and before pages that say so, who has shown nothing for some minutes is asked once more.

    What was sent is kept across that; so this comes after all that a form is refused for.
    """
    if not current_user.is_authenticated or current_user.is_fresh:
        return None
    is_sent, view = request.method not in SAFE_METHODS, current_app.view_functions.get(request.endpoint)
    if not (getattr(view, "asks_again", False) or (is_sent and asks_before_sending(current_actor(), view))):
        return None
    return _asker[0]() if is_sent else redirect(url_for(ASK_AGAIN, next=iri_to_uri(request.full_path.rstrip("?"))))


def asks_before_sending(actor: Actor, view: object) -> bool:
    """True if what this actor sends to a view is a grave act: the view names its permission, and they hold it."""
    access = getattr(view, "access", ())
    return isinstance(access, tuple) and is_grave(actor, access)


def needs_database(endpoint: str | None) -> bool:
    """Static files need none, and who asks after our health must hear that there is none; everything else does."""
    return endpoint is not None and not endpoint.endswith("static") and endpoint not in WITHOUT_DATABASE


def connect_for_request(app: Flask) -> None:
    """One pooled connection for each request that needs one, given back at its end."""

    @app.before_request
    def _connect() -> None:
        if needs_database(request.endpoint):
            database.connect(reuse_if_open=True)

    @app.teardown_request
    def _give_back(_error: BaseException | None) -> None:
        if not app.testing and not database.is_closed():
            database.close()
