"""The second factor: asked for at sign-in and before grave acts, set up on a telephone, given up for another one."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from karmyogi.accounts import queries, service
from karmyogi.accounts.forms import CodeForm, PasswordAgainForm, RecoveryForm
from karmyogi.accounts.rules import factors
from karmyogi.accounts.rules.factors import Stage
from karmyogi.accounts.service import CodeRefused, SignInRefused
from karmyogi.accounts.views.here import Page, address, blueprint, come_in, go_on, here, moment_now, said, user_here
from karmyogi.accounts.views.signing import is_demo
from karmyogi.accounts.views.squares import square_of
from karmyogi.core.errors import NotThere
from karmyogi.core.months import IST
from karmyogi.web.access import fresh, halfway, signed_in
from karmyogi.web.kept import keep, kept
from karmyogi.web.pages import safe_next

Asking = CodeForm | PasswordAgainForm | RecoveryForm
ASKED = 428  # "precondition required": neither done nor refused


@blueprint.get("/sign-in/code")
@halfway
def ask_code() -> Page:
    return _elsewhere() or _code_page(CodeForm(next=safe_next("")))


@blueprint.post("/sign-in/code")
@halfway
def check_code() -> Page:
    if elsewhere := _elsewhere():
        return elsewhere
    form = CodeForm()
    if not form.validate():
        return _code_page(form), 422
    try:
        token = service.prove_by_app(here(), form.code.data, address=address())
    except CodeRefused as error:
        form.code.errors = said(error)
        return _code_page(form), error.status
    return _in_with(token, form)


@blueprint.get("/sign-in/again")
@signed_in
def ask_password() -> Page:
    """For who has no second factor and needs none, and for the demo's cast."""
    if queries.authenticator_of(user_here().id):
        return redirect(url_for(".ask_code", next=safe_next()))
    return _password_page(PasswordAgainForm(next=safe_next("")))


@blueprint.post("/sign-in/again")
@signed_in
def check_password() -> Page:
    form = PasswordAgainForm()
    if _is_cast():
        return _in_with(service.prove_as_cast(here()), form)
    if not form.validate():
        return _password_page(form), 422
    try:
        token = service.prove_by_password(here(), form.password.data, address=address())
    except SignInRefused as error:
        form.password.errors = said(error)
        return _password_page(form), error.status
    return _in_with(token, form)


def _is_cast() -> bool:
    return user_here().is_demo and is_demo()


def _password_page(form: PasswordAgainForm) -> str:
    return render_template("accounts/again.html", form=form, is_cast=_is_cast(), login=user_here().login)


@blueprint.get("/sign-in/recovery")
@halfway
def ask_recovery() -> Page:
    return _elsewhere() or _recovery_page(RecoveryForm(next=safe_next("")))


@blueprint.post("/sign-in/recovery")
@halfway
def use_recovery() -> Page:
    if elsewhere := _elsewhere():
        return elsewhere
    form = RecoveryForm()
    if not form.validate():
        return _recovery_page(form), 422
    try:
        token = service.prove_by_recovery(here(), form.recovery.data, address=address())
    except CodeRefused as error:
        form.recovery.errors = said(error)
        return _recovery_page(form), error.status
    answer = _in_with(token, form)
    flash(_("That recovery code is spent. If your phone is lost, set up another one under My account."), "warning")
    return answer


def _elsewhere() -> Response | None:
    """Who has no second factor is not asked for it, but led to setting one up or to the password."""
    if queries.authenticator_of(user_here().id):
        return None
    return redirect(url_for(".set_up" if here().stage else ".ask_password", next=safe_next()))


def _in_with(token: str, form: Asking) -> Page:
    """On with the session's new token: to the page that was wanted, or to sending what was kept."""
    is_whole = here().stage is None
    go_on(token)
    if sent := kept(form.kept.data or "", user_here().id):
        return render_template("accounts/send-again.html", sent=sent)
    return redirect(safe_next()) if is_whole else come_in(user_here())


def ask_before_act() -> tuple[str, int]:
    """The page that asks once more, in answer to a form that is kept in it meanwhile."""
    text = keep(user_here().id)
    if queries.authenticator_of(user_here().id):
        return _code_page(CodeForm(formdata=None, kept=text)), ASKED
    return _password_page(PasswordAgainForm(formdata=None, kept=text)), ASKED


def _code_page(form: CodeForm) -> str:
    recovery = RecoveryForm(formdata=None, next=form.next.data, kept=form.kept.data) if form.kept.data else None
    return render_template("accounts/code.html", form=form, recovery=recovery, clock=_clock())


def _recovery_page(form: RecoveryForm) -> str:
    left = queries.recovery_codes_left(user_here().id)
    return render_template("accounts/recovery.html", form=form, left=left)


def _clock() -> str:
    """The time of this site in India, to hold a telephone against."""
    return f"{moment_now().astimezone(IST):%H:%M:%S}"


@blueprint.get("/second-factor")
@halfway
def set_up() -> Page:
    """The square to point a telephone at; who has one set up already is led to where it is managed."""
    if queries.authenticator_of(user_here().id):
        return redirect(url_for(".mine"))
    return _set_up_page(CodeForm(next=safe_next("")))


@blueprint.post("/second-factor")
@halfway
def confirm_set_up() -> Page:
    """The recovery codes: shown in this answer alone, and nowhere again."""
    form = CodeForm()
    if queries.authenticator_of(user_here().id):
        return redirect(url_for(".mine"))
    if not form.validate():
        return _set_up_page(form), 422
    try:
        made = service.set_up_factor(here(), form.code.data, address=address())
    except CodeRefused as error:
        form.code.errors = said(error)
        return _set_up_page(form), error.status
    go_on(made.token)
    return _codes_page(made.codes, onward=safe_next())


def _set_up_page(form: CodeForm) -> str:
    seed, user = service.offered_seed(here().session), user_here()
    leads_in = factors.seed_address(seed, login=user.login)
    return render_template(
        "accounts/set-up.html",
        form=form,
        is_asked_for=here().stage is Stage.SET_UP,
        told_on=user.factor_reset_at if factors.is_told_of_reset(user.factor_reset_at, at=moment_now()) else None,
        square=square_of(leads_in),
        leads_in=leads_in,
        typed=factors.seed_text(seed),
        clock=_clock(),
        apps=factors.APPS,
    )


def _codes_page(codes: object, *, onward: str) -> str:
    return render_template("accounts/recovery-codes.html", codes=codes, login=user_here().login, onward=onward)


@blueprint.get("/second-factor/codes")
@signed_in
@fresh
def ask_new_codes() -> Page:
    _check_factor()
    return render_template("accounts/ask-codes.html", left=queries.recovery_codes_left(user_here().id))


@blueprint.post("/second-factor/codes")
@signed_in
@fresh
def make_new_codes() -> Page:
    return _codes_page(service.new_recovery_codes(user_here()), onward=url_for(".mine"))


@blueprint.get("/second-factor/remove")
@signed_in
@fresh
def ask_to_remove_factor() -> Page:
    _check_factor()
    return render_template("accounts/ask-remove-factor.html")


@blueprint.post("/second-factor/remove")
@signed_in
@fresh
def remove_factor() -> Page:
    """Then to setting up the next one, which deciding roles are asked for at once."""
    go_on(service.remove_factor(here()))
    flash(_("The second factor was removed. Set up the new phone now."), "success")
    return redirect(url_for(".set_up"))


def _check_factor() -> None:
    if queries.authenticator_of(user_here().id) is None:
        raise NotThere("not_there")
