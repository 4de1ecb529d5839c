"""Who stands before these pages: the person behind a cookie, their session, and where their browser is."""

from collections.abc import Callable
from datetime import datetime

import peewee
from flask import Blueprint, flash, g, redirect, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from karmyogi.accounts import service
from karmyogi.accounts.models import Session, User
from karmyogi.accounts.rules import factors
from karmyogi.accounts.rules.factors import Stage
from karmyogi.accounts.service import LiveSession
from karmyogi.accounts.views.post import CounterOfPost
from karmyogi.core.errors import KarmyogiError
from karmyogi.core.months import now
from karmyogi.web import access
from karmyogi.web.access import HalfSignedIn, HeldRole, SignedIn
from karmyogi.web.forms import Form, asked_number
from karmyogi.web.i18n import moment, say
from karmyogi.web.lists import DEEPEST_PAGE
from karmyogi.web.pages import safe_next

blueprint = Blueprint("accounts", __name__)
Page = str | Response | tuple[str, int]
ON_A_PAGE = 50
NEXT_PAGE = {Stage.CODE: "accounts.ask_code", Stage.SET_UP: "accounts.set_up"}


@blueprint.record_once
def _know_people(state: BlueprintSetupState) -> None:
    access.use_loader(load)
    service.use_post(CounterOfPost())


def load(token: str) -> SignedIn | HalfSignedIn | None:
    """The person behind a cookie's token, for the web floor; their session is noted as used."""
    found = service.find_session(token)
    if found is None:
        return None
    service.touch(found.session)
    g.live_session = found
    return _signed_in(token, found)


def _signed_in(token: str, found: LiveSession) -> SignedIn | HalfSignedIn:
    user, chosen = found.user, found.session.work_as_id
    named = user.officer if user.officer_id else user  # an officer is called as the record calls them today
    if found.stage:
        return HalfSignedIn(token, user.id, named.name_hi, named.name_en, user.language, found.stage.value)
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
    return SignedIn(
        token,
        user.id,
        found.actor,
        named.name_hi,
        named.name_en,
        user.language,
        roles,
        is_in_one_role=chosen is not None,
        is_fresh=_is_fresh(found.session),
    )


def _is_fresh(one: Session) -> bool:
    return factors.is_fresh(one.proved_at, one.created_at, has_factor=one.has_factor, at=now())


def enter(token: str) -> Response:
    """Begin the browser's session with a token just made; an earlier one ends, the language chosen before it stays."""
    leave()
    found = service.find_session(token)
    language = session.get("lang") or found.user.language
    access.remember(_signed_in(token, found), language=language)
    return redirect(url_for(NEXT_PAGE[found.stage], next=safe_next())) if found.stage else come_in(found.user)


def come_in(user: User) -> Response:
    """To the page the person wanted, now that nothing more is asked of them."""
    if factors.is_told_of_reset(user.factor_reset_at, at=now()):
        flash(_told_of_reset(user), "warning")
    return redirect(safe_next())


def _told_of_reset(user: User) -> str:
    return _(
        "A system administrator removed your second factor on %(on)s. If you did not ask for it, tell the help "
        "contact.",
        on=moment(user.factor_reset_at),
    )


def leave() -> None:
    """End the session that this browser is in, whole or half."""
    if current_user.is_authenticated or access.half_signed_in():
        service.end_session(here().session, by=here().actor)


def go_on(token: str) -> None:
    """Go on in this browser under the session's new token; who was half signed in begins afresh."""
    found, was_half = service.find_session(token), access.half_signed_in()
    person, language = _signed_in(token, found), session.get("lang") or found.user.language
    if was_half:
        access.remember(person, language=language)
    else:
        access.go_on_as(person)
    g.live_session = found


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
