"""Who stands before these pages: the person behind a cookie, their session, and where their browser is."""

from collections.abc import Callable
from datetime import datetime

import peewee
from flask import Blueprint, g, redirect, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_login import current_user
from werkzeug.wrappers import Response

from karmyogi.accounts import service
from karmyogi.accounts.models import User
from karmyogi.accounts.service import LiveSession
from karmyogi.accounts.views.post import CounterOfPost
from karmyogi.core.errors import KarmyogiError
from karmyogi.core.months import now
from karmyogi.web import access
from karmyogi.web.access import HeldRole, SignedIn, current_actor
from karmyogi.web.forms import Form, asked_number
from karmyogi.web.i18n import say
from karmyogi.web.lists import DEEPEST_PAGE
from karmyogi.web.pages import safe_next

blueprint = Blueprint("accounts", __name__)
Page = str | Response | tuple[str, int]
ON_A_PAGE = 50


@blueprint.record_once
def _know_people(state: BlueprintSetupState) -> None:
    access.use_loader(load)
    service.use_post(CounterOfPost())


def load(token: str) -> SignedIn | None:
    """The person behind a cookie's token, for the web floor; their session is noted as used."""
    found = service.find_session(token)
    if found is None:
        return None
    service.touch(found.session)
    g.live_session = found
    return _signed_in(token, found)


def _signed_in(token: str, found: LiveSession) -> SignedIn:
    user, chosen = found.user, found.session.work_as_id
    roles = tuple(
        HeldRole(
            grant.id,
            grant.role,
            grant.unit.name_hi if grant.unit_id else "",
            grant.unit.name_en if grant.unit_id else "",
            grant.is_in_charge,
            grant.id == chosen,
        )
        for grant in found.held
    )
    named = user.officer if user.officer_id else user  # an officer is called as the record calls them today
    return SignedIn(
        token,
        user.id,
        found.actor,
        named.name_hi,
        named.name_en,
        user.language,
        roles,
        is_in_one_role=chosen is not None,
    )


def enter(token: str) -> Response:
    """Begin the browser's session with a token just made; an earlier one ends, the language chosen before it stays."""
    if current_user.is_authenticated:
        service.end_session(here().session, by=current_actor())
    found = service.find_session(token)
    language = session.get("lang") or found.user.language
    access.remember(_signed_in(token, found), language=language)
    return redirect(safe_next())


def here() -> LiveSession:
    """The session this page was asked in."""
    return g.live_session


def user_here() -> User:
    """The account this page was asked with."""
    return here().user


def address() -> str:
    return request.remote_addr or ""


def agent() -> str:
    return request.user_agent.string


def refused(form: Form, error: KarmyogiError) -> Form:
    """The form with what is wrong with all of it."""
    form.form_errors = [*form.form_errors, *said(error)]
    return form


def said(error: KarmyogiError) -> list[str]:
    return [say(found) for found in error.reasons]


def moment_now() -> datetime:
    """One moment for all that a page says."""
    return now()


def part_of(rows: peewee.ModelSelect, *kept: str) -> tuple[list, dict[str, str | None]]:
    """The rows of the page that the address asks for, and the addresses of the pages before and after it."""
    number = min(max(asked_number("page") or 1, 1), DEEPEST_PAGE)
    found = list(rows.limit(ON_A_PAGE + 1).offset((number - 1) * ON_A_PAGE))
    to = _pages(*kept)
    around = {"previous": to(number - 1) if number > 1 else None, "next": to(number + 1) if found[ON_A_PAGE:] else None}
    return found[:ON_A_PAGE], around


def _pages(*kept: str) -> Callable[[int], str]:
    asked = {name: request.args[name] for name in kept if request.args.get(name)}
    return lambda number: url_for(request.endpoint, **(request.view_args or {}), **asked, page=number)
