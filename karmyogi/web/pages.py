"""What every page carries: headers, errors as pages, the menu, and the names templates may use."""

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import peewee
from flask import Flask, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from karmyogi.config import Settings
from karmyogi.core.errors import KarmyogiError
from karmyogi.core.permissions import Permission, can
from karmyogi.core.reasons import N_
from karmyogi.web.access import current_actor, public
from karmyogi.web.i18n import LANGUAGES, say

logger = logging.getLogger("karmyogi")

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Link:
    """A line of the menu: shown to those who may open what it leads to."""

    label: str
    endpoint: str
    permission: Permission | tuple[Permission, ...] = ()

    def is_open(self) -> bool:
        wanted = self.permission if isinstance(self.permission, tuple) else (self.permission,)
        return not wanted or any(can(current_actor(), permission) for permission in wanted)


def is_own_path(url: str) -> bool:
    """True for a plain path of this site: one slash, printable ASCII, no backslash."""
    return url.startswith("/") and not url.startswith("//") and "\\" not in url and url.isascii() and url.isprintable()


def safe_next(fallback: str = "/") -> str:
    """The page the reader wanted, if it is one of ours."""
    wanted = request.values.get("next", "")
    return wanted if is_own_path(wanted) else fallback


def install(app: Flask, settings: Settings, *, menu: Iterable[Link], shared: Callable[[], dict[str, object]]) -> None:
    """Give every page of `app` its headers, its errors, its menu and its names."""
    CSRFProtect(app)
    menu = tuple(menu)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-karmyogi" if settings.is_https else "karmyogi",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session
        WTF_CSRF_SSL_STRICT=False,  # SameSite and the token; a proxy may drop the Referer
        TRUSTED_HOSTS=[settings.host, "localhost", "127.0.0.1"],
        MAX_FORM_PARTS=200,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.before_request(_refuse_foreign_targets)
    app.after_request(_headers(settings))
    app.context_processor(lambda: {"csp_nonce": _nonce, "may": _may, "navigation": _navigation(menu), **shared()})
    _register_errors(app)
    app.add_url_rule("/lang/<code>", "language", public(_choose_language))


def _choose_language(code: str) -> Response:
    if code in LANGUAGES:
        session["lang"] = code
    return redirect(safe_next())


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def _may(permission: str) -> bool:
    """Whether to draw a button; the view behind it checks for itself."""
    return can(current_actor(), Permission[permission])


def _refuse_foreign_targets() -> None:
    """Flask-Admin follows `url` wherever it leads; only plain paths of this site may pass."""
    for name in ("url", "next"):
        if any(not is_own_path(value) for value in request.values.getlist(name) if value):
            raise KarmyogiError("target_elsewhere")


def _headers(settings: Settings) -> Callable[[Response], Response]:
    fixed = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Frame-Options": "DENY",
    }
    if settings.is_https:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    def add(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=_nonce()))
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return _only_our_own_location(response)

    return add


def _only_our_own_location(response: Response) -> Response:
    target = response.headers.get("Location", "")
    if target and urlsplit(target).netloc not in {"", request.host}:
        response.headers["Location"] = "/"
    return response


def _navigation(menu: tuple[Link, ...]) -> list[dict[str, object]]:
    if not current_user.is_authenticated:
        return []
    open_links = [(link, url_for(link.endpoint)) for link in menu if link.is_open()]
    here = max((url for _link, url in open_links if _is_under(request.path, url)), key=len, default="")
    return [{"label": gettext(link.label), "url": url, "current": url == here} for link, url in open_links]


def _is_under(path: str, url: str) -> bool:
    url = urlsplit(url).path
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def _register_errors(app: Flask) -> None:
    app.register_error_handler(KarmyogiError, _karmyogi_error)
    app.register_error_handler(CSRFError, lambda error: _page(400, message=gettext(OLD_FORM)))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(peewee.OperationalError, _database_error)
    app.register_error_handler(Exception, _unforeseen)


OLD_FORM = N_(
    "The form is too old or was opened in another browser. Go back, load the page again and send it once more."
)


def _karmyogi_error(error: KarmyogiError) -> tuple[str, int]:
    return _page(error.status, reasons=[say(reason) for reason in error.reasons])


def _http_error(error: HTTPException) -> tuple[str, int] | Response:
    if error.code == 401 and request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if error.response is not None:
        return error.response
    return _page(error.code or 500)


def _database_error(error: peewee.OperationalError) -> tuple[str, int]:
    logger.error("database: %s", error)
    return _page(503)


def _unforeseen(error: Exception) -> tuple[str, int]:
    reference = secrets.token_hex(4)
    logger.exception("unforeseen %s", reference)
    return _page(500, reference=reference)


def _page(status: int, *, message: str = "", reasons: Iterable[str] = (), reference: str = "") -> tuple[str, int]:
    """The error as a page in the reader's language, or in both when even that cannot be drawn."""
    try:
        page = render_template(
            "errors/error.html", status=status, message=message, reasons=list(reasons), reference=reference
        )
    except Exception:  # the edge: whatever broke may have broken the frame as well
        logger.exception("the error page itself")
        page = render_template("errors/broken.html")
    return page, status
