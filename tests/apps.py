"""The application for tests: built once in a process, and each test's database and files put under it."""

from collections.abc import Callable

from flask import Flask

from app import create_app
from karmyogi.accounts import views as accounts_views
from karmyogi.config import Settings
from karmyogi.core.profile import load_profile
from karmyogi.store import backups, seals, trail
from karmyogi.store.db import database, open_database
from karmyogi.store.files import open_files
from karmyogi.web import access, installed

Extension = Callable[[Flask], None]
_built: dict[tuple[str, bytes, int, Extension | None], Flask] = {}


def app_over(settings: Settings, extension: Extension | None = None) -> Flask:
    """The application with these settings, and with the pages that an extension adds for tests.

    To build it, and to compile its templates anew, takes as long as ten tests; so one is kept for each address,
    secret and number of proxies, which are built in. All
    else that a test may set is put in place here, as `create_app` does: one test can
    have one application at a time. A test of `create_app` itself calls that.
    """
    database.close_all()
    key = (settings.base_url, settings.secret_key, settings.proxies, extension)
    if key not in _built:
        _built[key] = create_app(settings)
        _built[key].testing = True
        if extension:
            extension(_built[key])
    _put_under(_built[key], settings)
    return _built[key]


def _put_under(app: Flask, settings: Settings) -> None:
    trail.use_key(settings.trail_key)
    seals.use_key(settings.factor_key)
    backups.use(backups.plan_of(settings))
    open_database(settings.database_url)
    access.use_loader(accounts_views.load)
    files = open_files(settings.media_url)
    installed.install(app, installed.Installation(settings, load_profile(settings.profile), files))
