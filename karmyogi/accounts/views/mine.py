"""One's own account: password, roles, browsers, language."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.forms import PasswordForm
from karmyogi.accounts.models import RoleGrant
from karmyogi.accounts.service import SignInRefused
from karmyogi.accounts.views.here import Page, address, agent, blueprint, enter, here, said, user_here
from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import today
from karmyogi.people.queries import posting_of
from karmyogi.web import access
from karmyogi.web.access import current_actor, signed_in, visible_or_404
from karmyogi.web.i18n import LANGUAGES


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
            user_here(),
            form.current.data,
            form.password.data,
            address=address(),
            agent=agent(),
            proved_at=here().session.proved_at,
        )
    except SignInRefused as error:
        form.current.errors = said(error)
        return _password_page(form), error.status
    except RuleBroken as broken:
        form.password.errors = said(broken)
        return _password_page(form), broken.status
    answer = enter(token)
    flash(_("Your password is changed. Every other browser has been signed out."), "success")
    return answer


def _password_page(form: PasswordForm) -> str:
    return render_template("accounts/password.html", form=form, login=user_here().login, shortest=rules.SHORTEST)


@blueprint.get("/account")
@signed_in
def mine() -> Page:
    """All about one's own account: roles, browsers, password, language, and whom to ask."""
    user = user_here()
    return render_template(
        "accounts/mine.html",
        user=user,
        grants=queries.grants_now_and_later(user.id, on=today()),
        sessions=service.sessions_of(user),
        here=here().session,
        workable={grant.id for grant in here().held},
        languages=LANGUAGES,
        factor=queries.authenticator_of(user.id),
        codes_left=queries.recovery_codes_left(user.id),
        contacts=_contacts(user.officer_id) if user.officer_id else [],
        device_of=rules.device_of,
    )


def _contacts(officer_id: int) -> list[RoleGrant]:
    posting = posting_of(officer_id, on=today())
    return queries.nodal_officers_over(posting.unit, on=today(), but=officer_id) if posting else []


@blueprint.post("/account/language")
@signed_in
def choose_language() -> Page:
    """Kept with the account, and taken up at once in this browser."""
    code = request.form.get("language", "")
    if code not in LANGUAGES:
        raise RuleBroken("language_unknown")
    service.choose_language(user_here(), code)
    session["lang"] = code
    return redirect(url_for(".mine"))


@blueprint.post("/account/work-as")
@signed_in
def work_as() -> Page:
    """One of one's roles alone, or all of them; then the front page, since this one may belong to the other role."""
    wanted = request.form.get("grant", "")
    chosen = [grant for grant in here().held if str(grant.id) == wanted]
    if wanted and not chosen:
        raise NotThere("not_there")
    service.work_as(here(), chosen[0] if chosen else None)
    return redirect("/")


@blueprint.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Page:
    service.end_all_sessions(user_here(), by=current_actor())
    access.forget()
    flash(_("You are signed out in every browser, in this one too."), "success")
    return redirect(url_for(".sign_in"))


@blueprint.post("/account/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Page:
    found = visible_or_404(queries.open_sessions(current_user.user_id), id=session_id)
    service.end_session(found, by=current_actor())
    flash(_("That browser has been signed out."), "success")
    return redirect(url_for(".mine"))


@blueprint.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> Page:
    service.end_all_sessions(user_here(), by=current_actor(), keep=here().session)
    flash(_("Every other browser has been signed out."), "success")
    return redirect(url_for(".mine"))
