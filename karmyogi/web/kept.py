"""What somebody typed, kept across the page that asks once more who they are: signed, theirs alone, for ten minutes.

It travels in that page's own form and is stored nowhere. Files cannot be kept; that there were some is.
"""

from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from karmyogi.web.i18n import address_here

SECONDS = 600
NOT_KEPT = "csrf_token"  # the form is sent again from a page with a token of its own


@dataclass(frozen=True)
class Kept:
    """A form that was sent: where to, each field with its value in their order, and whether files were with it."""

    address: str
    fields: list[tuple[str, str]]
    had_files: bool


def keep(user_id: int) -> str:
    """The form of this request, as it may stand in a page of the person who sent it."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != NOT_KEPT]
    had_files = any(one.filename for _name, one in request.files.items(multi=True))
    return _signer().dumps([user_id, _address(), fields, had_files])


def kept(text: str, user_id: int) -> Kept | None:
    """The form behind what `keep` gave; None if it is another's, too old, or was changed."""
    try:
        whose, address, fields, had_files = _signer().loads(text, max_age=SECONDS)
    except BadData:
        return None
    return Kept(address, [(name, value) for name, value in fields], had_files) if whose == user_id else None


def _address() -> str:
    query = request.query_string.decode("ascii", "ignore")
    return f"{address_here()}?{query}" if query else address_here()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="a form kept for the second factor")
