"""Signing in and out, the first sign-in, and a forgotten password."""

from ipaddress import ip_address

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.forms import FirstSignInForm, ForgottenForm, SignInForm
from karmyogi.accounts.rules.factors import Stage
from karmyogi.accounts.service import GaveWay, SecretRefused, SignInRefused
from karmyogi.accounts.views.here import NEXT_PAGE, Page, address, agent, blueprint, enter, leave, refused, said
from karmyogi.accounts.views.post import CounterOfPost
from karmyogi.config import LOOPBACK
from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import today
from karmyogi.people.models import UnitKind
from karmyogi.people.queries import units_of_kind
from karmyogi.web import access
from karmyogi.web.access import public
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import local
from karmyogi.web.installed import settings
from karmyogi.web.pages import safe_next


@blueprint.get("/login")
@public
def sign_in() -> Page:
    if current_user.is_authenticated:
        return redirect(safe_next())
    if half := access.half_signed_in():
        return redirect(url_for(NEXT_PAGE[Stage(half.stage)], next=safe_next()))
    return _sign_in_page(SignInForm(next=safe_next("")))


@blueprint.post("/login")
@public
def try_to_sign_in() -> Page:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        token = service.sign_in(form.login.data, form.password.data, address=address(), agent=agent())
    except (SignInRefused, GaveWay) as error:
        return _sign_in_page(refused(form, error)), error.status
    return enter(token)


@blueprint.post("/demo-sign-in")
@public
def demo_sign_in() -> Page:
    if not is_demo():
        raise NotThere("not_there")
    return enter(service.sign_in_as_cast(request.form.get("login", ""), address=address(), agent=agent()))


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign-in.html", form=form, cast=queries.cast() if is_demo() else [])


def is_demo() -> bool:
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
    leave()
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
        user = service.use_secret(form.login.data, form.secret.data, form.password.data, address=address())
    except (SecretRefused, GaveWay) as error:
        return _first_page(refused(form, error)), error.status
    except RuleBroken as broken:
        form.password.errors = said(broken)
        return _first_page(form), broken.status
    answer = enter(service.open_session(user, address=address(), agent=agent()))
    flash(_("Your password is set. Use it with your sign-in name %(login)s from now on.", login=user.login), "success")
    return answer


def _first_page(form: FirstSignInForm) -> str:
    return render_template("accounts/first-sign-in.html", form=form, shortest=rules.SHORTEST)


@blueprint.get("/forgotten")
@public
def forgotten() -> Page:
    return _forgotten_page(ForgottenForm())


@blueprint.post("/forgotten")
@public
def ask_for_letter() -> Page:
    """The answer is the same whatever was typed: it never says whether there is such an account."""
    form = ForgottenForm()
    if not _ways():
        raise NotThere("not_there")
    if not form.validate():
        return _forgotten_page(form), 422
    service.ask_for_letter(form.login.data, address=address())
    return render_template("accounts/letter-asked.html", ways=_ways())


def _ways() -> list[str]:
    return [way.value for way in CounterOfPost().ways()]


def _forgotten_page(form: ForgottenForm) -> str:
    department = asked_number("department")
    return render_template(
        "accounts/forgotten.html",
        form=form,
        ways=_ways(),
        options=[(unit.id, local(unit, "name")) for unit in units_of_kind(UnitKind.DEPARTMENT)],
        department=department,
        nodal_officers=queries.nodal_officers_in(department, on=today()) if department else [],
    )
