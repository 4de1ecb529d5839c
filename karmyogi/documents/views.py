"""What anybody may ask: is this document true? No account, no cookie, no script; an answer in either language."""

import peewee
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from playhouse.pool import MaxConnectionsExceeded

from karmyogi.documents import queries
from karmyogi.documents.rules import DocumentKind, grouped, public_view, read_code
from karmyogi.web.access import public
from karmyogi.web.i18n import LANGUAGES, LOCALES

LONGEST_TYPED = 100
RETRY_AFTER = "120"  # seconds
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
blueprint = Blueprint("documents", __name__, url_prefix="/verify")


@blueprint.get("")
@public
def verify_form() -> Response:
    """Ask for the code printed on a paper, and lead to what it says."""
    typed = request.args.get("code", "").strip()[:LONGEST_TYPED]
    if not typed:
        return _page("documents/ask.html", typed="")
    code = read_code(typed)
    if code is None:
        return _unknown(typed)
    return redirect(url_for(".verify", code=code, **_kept_language()))


@blueprint.get("/<code>")
@public
def verify(code: str) -> Response:
    """What was issued under this code, and whether it still stands."""
    document = queries.by_code(code)
    if document is None:
        return _unknown(code[:LONGEST_TYPED])
    return _page(
        "documents/verify.html",
        said=public_view(document),
        beside=queries.beside(document),
        kind=document.kind,
        is_certificate=document.kind == DocumentKind.AWARD_CERTIFICATE,
        code=grouped(document.code),
    )


def _unknown(typed: str) -> Response:
    """One answer for what is no code and for a code that was never given out."""
    return _page("documents/unknown.html", status=404, typed=typed)


def _page(template: str, *, status: int = 200, **facts: object) -> Response:
    lang = _language()
    with force_locale(LOCALES[lang]):
        page = render_template(template, lang=lang, language_links=_language_links(), **facts)
    return _guarded(make_response(page, status))


def _guarded(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _language() -> str:
    """The language of the address, else that of this browser: nothing is remembered on this page."""
    asked = (request.args.get("lang"), session.get("lang"))
    return next((lang for lang in asked if lang in LANGUAGES), "hi")


def _kept_language() -> dict[str, str]:
    asked = request.args.get("lang", "")
    return {"lang": asked} if asked in LANGUAGES else {}


def _language_links() -> list[dict[str, str]]:
    """This very page in each language, by its address alone."""
    typed = (request.view_args or {}).get("code") or request.args.get("code", "")
    here = {"code": typed[:LONGEST_TYPED]} if typed else {}
    return [
        {"code": lang, "name": name, "url": url_for(request.endpoint, **here, lang=lang)}
        for lang, name in LANGUAGES.items()
    ]


@blueprint.errorhandler(peewee.OperationalError)
@blueprint.errorhandler(peewee.InterfaceError)
@blueprint.errorhandler(MaxConnectionsExceeded)
def _try_later(error: Exception) -> Response:
    """Without the database nobody can say anything about a paper: not that it is true, nor that it is not."""
    current_app.logger.error("database: %s", error)
    page = current_app.jinja_env.get_template("documents/later.html").render()  # reads nothing that may be down
    response = _guarded(make_response(page, 503))
    response.headers["Retry-After"] = RETRY_AFTER
    return response
