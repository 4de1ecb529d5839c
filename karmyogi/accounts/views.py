"""Signing in and out, setting a password, and one's own sessions."""

from ipaddress import ip_address

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.forms import FirstSignInForm, PasswordForm, SignInForm
from karmyogi.accounts.models import User
from karmyogi.accounts.service import LiveSession, SecretRefused, SignInRefused
from karmyogi.config import LOOPBACK
from karmyogi.core.errors import KarmyogiError, NotThere, RuleBroken
from karmyogi.web import access
from karmyogi.web.access import SignedIn, current_actor, public, signed_in, visible_or_404
from karmyogi.web.i18n import say
from karmyogi.web.installed import settings
from karmyogi.web.pages import safe_next

blueprint = Blueprint("accounts", __name__)
Page = str | Response | tuple[str, int]


@blueprint.record_once
def _know_people(state: BlueprintSetupState) -> None:
    access.use_loader(load)


def load(token: str) -> SignedIn | None:
    """The person behind a cookie's token, for the web floor; their session is noted as used."""
    found = service.find_session(token)
    if found is None:
        return None
    service.touch(found.session)
    g.live_session = found
    return _signed_in(token, found)


def _signed_in(token: str, found: LiveSession) -> SignedIn:
    user = found.user
    named = user.officer if user.officer_id else user  # an officer is called as the record calls them today
    return SignedIn(token, user.id, found.actor, named.name_hi, named.name_en, user.language)


@blueprint.get("/login")
@public
def sign_in() -> Page:
    if current_user.is_authenticated:
        return redirect(safe_next())
    return _sign_in_page(SignInForm(next=safe_next("")))


@blueprint.post("/login")
@public
def try_to_sign_in() -> Page:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        token = service.sign_in(form.login.data, form.password.data, address=_address(), agent=_agent())
    except SignInRefused as refused:
        return _sign_in_page(_refused(form, refused)), refused.status
    return _enter(token)


@blueprint.post("/demo-sign-in")
@public
def demo_sign_in() -> Page:
    if not _is_demo():
        raise NotThere("not_there")
    return _enter(service.sign_in_as_cast(request.form.get("login", ""), address=_address(), agent=_agent()))


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign-in.html", form=form, cast=queries.cast() if _is_demo() else [])


def _is_demo() -> bool:
    """True in a demo, for a browser on this very machine and not behind a proxy."""
    if not settings().demo or "X-Forwarded-For" in request.headers:
        return False
    return _is_loopback(request.remote_addr or "") and request.host.rsplit(":", 1)[0].strip("[]") in LOOPBACK


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@blueprint.post("/logout")
@public
def sign_out() -> Page:
    """Open to everyone: who presses it after the session has run out wants to be out, and is."""
    if current_user.is_authenticated:
        service.end_session(_here().session, by=current_actor())
    access.forget()
    answer = redirect("/")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/first-sign-in")
@public
def first_sign_in() -> Page:
    return _first_page(FirstSignInForm())


@blueprint.post("/first-sign-in")
@public
def use_secret() -> Page:
    form = FirstSignInForm()
    if not form.validate():
        return _first_page(form), 422
    try:
        user = service.use_secret(form.secret.data, form.password.data, address=_address())
    except SecretRefused as refused:
        return _first_page(_refused(form, refused)), refused.status
    except RuleBroken as broken:
        form.password.errors = _said(broken)
        return _first_page(form), broken.status
    answer = _enter(service.open_session(user, address=_address(), agent=_agent()))
    flash(_("Your password is set. Use it with your sign-in name %(login)s from now on.", login=user.login), "success")
    return answer


def _first_page(form: FirstSignInForm) -> str:
    return render_template("accounts/first-sign-in.html", form=form, shortest=rules.SHORTEST)


@blueprint.get("/password")
@signed_in
def password() -> Page:
    return _password_page(PasswordForm())


@blueprint.post("/password")
@signed_in
def change_password() -> Page:
    form = PasswordForm()
    if not form.validate():
        return _password_page(form), 422
    try:
        token = service.change_password(
            _user(), form.current.data, form.password.data, address=_address(), agent=_agent()
        )
    except SignInRefused as refused:
        form.current.errors = _said(refused)
        return _password_page(form), refused.status
    except RuleBroken as broken:
        form.password.errors = _said(broken)
        return _password_page(form), broken.status
    answer = _enter(token)
    flash(_("Your password is changed. Every other browser has been signed out."), "success")
    return answer


def _password_page(form: PasswordForm) -> str:
    return render_template("accounts/password.html", form=form, login=_user().login, shortest=rules.SHORTEST)


@blueprint.get("/sessions")
@signed_in
def sessions() -> Page:
    return render_template(
        "accounts/sessions.html",
        sessions=service.sessions_of(_user()),
        here=_here().session,
        device_of=rules.device_of,
    )


@blueprint.post("/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Page:
    found = visible_or_404(queries.open_sessions(current_user.user_id), id=session_id)
    service.end_session(found, by=current_actor())
    flash(_("That browser has been signed out."), "success")
    return redirect(url_for(".sessions"))


@blueprint.post("/sessions/end-others")
@signed_in
def end_other_sessions() -> Page:
    service.end_all_sessions(_user(), by=current_actor(), keep=_here().session)
    flash(_("Every other browser has been signed out."), "success")
    return redirect(url_for(".sessions"))


def _enter(token: str) -> Response:
    """Begin the browser's session with a token just made; an earlier one ends, the language chosen before it stays."""
    if current_user.is_authenticated:
        service.end_session(_here().session, by=current_actor())
    found = service.find_session(token)
    language = session.get("lang") or found.user.language
    access.remember(_signed_in(token, found), language=language)
    return redirect(safe_next())


def _here() -> LiveSession:
    """The session this page was asked in."""
    return g.live_session


def _user() -> User:
    return _here().user


def _address() -> str:
    return request.remote_addr or ""


def _agent() -> str:
    return request.user_agent.string


def _refused(form: SignInForm | FirstSignInForm, refused: KarmyogiError) -> SignInForm | FirstSignInForm:
    form.form_errors = [*form.form_errors, *_said(refused)]
    return form


def _said(error: KarmyogiError) -> list[str]:
    return [say(found) for found in error.reasons]
