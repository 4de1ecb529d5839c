"""What every page carries: headers, errors as pages, the menu, and the names templates may use."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import peewee
from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_compress import Compress
from flask_login import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.wrappers import Response

from karmyogi.config import Settings
from karmyogi.core.errors import KarmyogiError, NotAllowed, in_short
from karmyogi.core.permissions import Permission, can
from karmyogi.core.reasons import N_, declare
from karmyogi.web.access import SAFE_METHODS, current_actor, public
from karmyogi.web.i18n import LANGUAGES, address_here, say

logger = logging.getLogger("karmyogi")
FOR_A_YEAR = f"public, max-age={365 * 24 * 60 * 60}, immutable"  # of a file whose address changes with it

declare(
    sent_from_elsewhere=N_("This form was sent from another site. Open the page here and send it from there."),
)

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Link:
    """A line of the menu: shown to those who may open what it leads to.

    `unless` leaves it out for those whose bar is full of other work; they reach it by the menu of their name.
    """

    label: str
    endpoint: str
    permission: Permission | tuple[Permission, ...] = ()
    unless: Permission | None = None

    def is_open(self) -> bool:
        wanted = self.permission if isinstance(self.permission, tuple) else (self.permission,)
        if self.unless and can(current_actor(), self.unless):
            return False
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
        # Files alone: a page has its reader's token beside what others wrote, and its length would give that away.
        COMPRESS_MIMETYPES=["text/css", "text/javascript", "image/svg+xml"],
        COMPRESS_ALGORITHM="gzip",
        COMPRESS_ALGORITHM_STREAMING="gzip",
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
    )
    Compress(app)
    app.before_request(_refuse_foreign_senders)
    app.before_request(_refuse_foreign_targets)
    app.after_request(_headers(settings))
    app.url_defaults(_add_version)
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


def _refuse_foreign_senders() -> None:
    """What changes anything must come from a page of ours: the browser says so, beside the form's own token.

    Older browsers send no Sec-Fetch-Site; then the Origin decides, and programs that send neither have the token alone.
    """
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = site in {"same-origin", "none"} if site else origin is None or urlsplit(origin).netloc == request.host
    if not is_ours:
        raise NotAllowed("sent_from_elsewhere")


def _add_version(endpoint: str, values: dict[str, object]) -> None:
    """A file's address changes when the file does, so that a browser may keep it for a year."""
    if endpoint == "static" and (version := version_of(str(values.get("filename", "")))):
        values.setdefault("v", version)


def version_of(file_name: str) -> str:
    """Ten digits that stand for the content of a static file; empty if there is none of that name."""
    path = Path(current_app.static_folder or "") / file_name
    try:
        told = path.stat()
    except OSError:
        return ""
    return _digest(path, told.st_mtime_ns, told.st_size) if path.is_file() else ""


@lru_cache(maxsize=1024)
def _digest(path: Path, _changed_at: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


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
        _say_how_long_to_keep(response)
        return _only_our_own_location(response)

    return add


def _say_how_long_to_keep(response: Response) -> None:
    """A static file of this very version for a year; one asked for without it is asked for again; pages never."""
    is_file = request.endpoint == "static" and response.status_code in {200, 206, 304}
    if not is_file:
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.args.get("v") == version_of(request.view_args["filename"]):
        response.headers["Cache-Control"] = FOR_A_YEAR


def _only_our_own_location(response: Response) -> Response:
    target = response.headers.get("Location", "")
    if target and not is_own_path(target.removeprefix(request.host_url.rstrip("/"))):
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
    app.register_error_handler(SecurityError, _wrong_host)
    for lost in (peewee.OperationalError, peewee.InterfaceError, MaxConnectionsExceeded):
        app.register_error_handler(lost, _database_error)
    app.register_error_handler(Exception, _unforeseen)


WRONG_HOST = "यह पता इस साइट का नहीं है। / This address is not one of this site.\n"
OLD_FORM = N_(
    "The form is too old or was opened in another browser. Go back, load the page again and send it once more."
)


def _karmyogi_error(error: KarmyogiError) -> tuple[str, int]:
    return _page(error.status, reasons=[say(reason) for reason in error.reasons])


def _http_error(error: HTTPException) -> tuple[str, int] | tuple[str, int, dict[str, str]] | Response:
    if error.code == 401 and request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=address_here()))
    if error.response is not None:
        return error.response
    page = _page(error.code or 500)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return *page, {"Allow": ", ".join(error.valid_methods)}
    return page


def _wrong_host(error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """Asked for under a name that is not ours, no page can be drawn: its links would have no address."""
    return WRONG_HOST, error.code, {"Content-Type": "text/plain; charset=utf-8"}


def _database_error(error: Exception) -> tuple[str, int, dict[str, str]]:
    """The frame asks the database itself, so the plain page; what the driver adds may tell of persons, so one line."""
    logger.error("database: %s", in_short(error))
    return _plain_page(), 503, {"Retry-After": "60"}


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
        page = _plain_page()
    return page, status


def _plain_page() -> str:
    """In both languages, and not by render_template: what every page is given may be what broke."""
    return current_app.jinja_env.get_template("errors/broken.html").render()
