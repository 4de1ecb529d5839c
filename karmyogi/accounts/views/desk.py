"""The administrator's desk: accounts, the roles they hold, and one-time codes for those nobody else may help."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.forms import GRANT_FIELDS, NEW_ACCOUNT_FIELDS, GrantForm, NewAccountForm
from karmyogi.accounts.models import GRANTABLE, RoleGrant, User
from karmyogi.accounts.service import Print, Slip
from karmyogi.accounts.views.activation import slips_page
from karmyogi.accounts.views.here import Page, blueprint, part_of
from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken
from karmyogi.core.months import now, today
from karmyogi.core.permissions import Permission, Role
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.filters import ascii_code
from karmyogi.web.forms import Form, clean
from karmyogi.web.i18n import say
from karmyogi.web.lists import Through, matching

READ, WRITE = Permission.ACCOUNTS_READ, Permission.ACCOUNTS_WRITE
CODES = (User.login, Through(User.officer, Officer.employee_code))
TEXTS = (User.name_hi, User.name_en)


@blueprint.get("/accounts")
@requires(READ)
def accounts() -> Page:
    text = clean(request.args.get("q", ""))[:100]
    rows = queries.users()
    if text:
        named = queries.account_named(rules.login_of(text))
        rows = rows.where(User.id == named.id) if named else matching(rows, text, codes=CODES, texts=TEXTS)
    found, pages = part_of(rows, "q")
    return render_template(
        "accounts/accounts.html",
        accounts=found,
        roles=queries.grants_by_user([user.id for user in found], on=today()),
        pages=pages,
        text=text,
    )


@blueprint.get("/accounts/roles")
@requires(READ)
def roles() -> Page:
    """Who holds what, what ends soonest first."""
    role, view = request.args.get("role", ""), request.args.get("view", "")
    role = role if role in GRANTABLE else ""
    rows = queries.grants_held(on=today(), role=role, ending_within=30 if view == "ending" else None)
    found, pages = part_of(rows, "role", "view")
    return render_template(
        "accounts/roles.html", grants=found, pages=pages, role=role, roles=GRANTABLE, view=view, today=today()
    )


@blueprint.get("/accounts/new")
@requires(WRITE)
def new_account() -> Page:
    return render_template("accounts/new.html", form=NewAccountForm())


@blueprint.post("/accounts/new")
@requires(WRITE)
def create_account() -> Page:
    form = NewAccountForm()
    if form.validate():
        try:
            user = _create(form)
        except RuleBroken as error:
            _blame(form, error, NEW_ACCOUNT_FIELDS)
        else:
            flash(_("The account was made. Now give its owner a one-time code, and the roles they need."), "success")
            return redirect(url_for(".account", user_id=user.id))
    return render_template("accounts/new.html", form=form), RuleBroken.status


def _create(form: NewAccountForm) -> User:
    code, officer = ascii_code(form.employee_code.data), None
    if code:
        officer = queries.officer_by_code(code)
        if officer is None:
            raise RuleBroken(reason("account_officer_unknown", employee_code=code))
    login = form.login.data or code
    if not login:
        raise RuleBroken("login_odd")
    return service.create_user(
        login, officer=officer, name_hi=form.name_hi.data, name_en=form.name_en.data, by=current_actor()
    )


@blueprint.get("/accounts/<int:user_id>")
@requires(READ)
def account(user_id: int) -> Page:
    user = _account(user_id)
    return render_template(
        "accounts/account.html",
        account=user,
        grants=list(queries.grants_of(user.id)),
        sessions=service.sessions_of(user),
        is_own=_is_own(user),
        factor=queries.authenticator_of(user.id),
        state_of=lambda grant: rules.grant_state(grant.from_on, grant.to_on, ended=bool(grant.ended_at), on=today()),
    )


@blueprint.get("/accounts/<int:user_id>/secret")
@requires(WRITE)
def ask_secret(user_id: int) -> Page:
    return render_template("accounts/ask-secret.html", account=_account(user_id))


@blueprint.post("/accounts/<int:user_id>/secret")
@requires(WRITE)
def give_secret(user_id: int) -> Page:
    """A slip to print or read out: shown in this answer alone."""
    user = _account(user_id)
    code = service.make_first_secret(user.login, by=current_actor())
    number = user.officer.employee_code if user.officer else ""
    slip = Slip(user.name_hi, user.name_en, number, user.login, code)
    until = rules.last_day(now() + rules.SECRET_LIFE)
    return slips_page(Print([slip], until), back=url_for(".account", user_id=user.id))


@blueprint.get("/accounts/<int:user_id>/second-factor")
@requires(WRITE)
def ask_to_reset_factor(user_id: int) -> Page:
    user = _others(user_id)
    if queries.authenticator_of(user.id) is None:
        raise NotThere("not_there")
    return render_template("accounts/ask-reset-factor.html", account=user)


@blueprint.post("/accounts/<int:user_id>/second-factor")
@requires(WRITE)
def reset_factor(user_id: int) -> Page:
    service.reset_factor(_account(user_id), by=current_actor())
    flash(_("Second factor and password were removed. Now give the owner a one-time code."), "success")
    return redirect(url_for(".ask_secret", user_id=user_id))


@blueprint.get("/accounts/<int:user_id>/close")
@requires(WRITE)
def ask_to_close(user_id: int) -> Page:
    return render_template("accounts/ask-close.html", account=_others(user_id))


@blueprint.post("/accounts/<int:user_id>/close")
@requires(WRITE)
def close_account(user_id: int) -> Page:
    service.close_account(_account(user_id), by=current_actor())
    flash(_("The account is closed and signed out everywhere."), "success")
    return redirect(url_for(".account", user_id=user_id))


@blueprint.post("/accounts/<int:user_id>/reopen")
@requires(WRITE)
def reopen_account(user_id: int) -> Page:
    service.reopen_account(_account(user_id), by=current_actor())
    flash(_("The account is open again."), "success")
    return redirect(url_for(".account", user_id=user_id))


@blueprint.get("/accounts/<int:user_id>/grant")
@requires(WRITE)
def new_grant(user_id: int) -> Page:
    return render_template("accounts/grant.html", account=_others(user_id), form=GrantForm(from_on=today()))


@blueprint.post("/accounts/<int:user_id>/grant")
@requires(WRITE)
def grant_role(user_id: int) -> Page:
    user, form = _others(user_id), GrantForm()
    form.offer(_units_for(form))
    if form.validate():
        try:
            _grant(user, form)
        except RuleBroken as error:
            _blame(form, error, GRANT_FIELDS)
        else:
            flash(_("The role was given. It is in the menu of this person from their next sign-in on."), "success")
            return redirect(url_for(".account", user_id=user_id))
    return render_template("accounts/grant.html", account=user, form=form), RuleBroken.status


def _units_for(form: GrantForm) -> list[OrgUnit]:
    """What the typed name may mean: the units of this very name or number, else those called so."""
    text = form.unit_name.data or ""
    return (queries.units_named(text) or queries.open_units_called(text)) if text else []


def _grant(user: User, form: GrantForm) -> None:
    """Raises RuleBroken, also when the typed name may mean several units: then the form shows them to choose from."""
    service.grant_role(
        user,
        Role(form.role.data),
        unit=form.unit_meant(),
        from_on=form.from_on.data,
        to_on=form.to_on.data,
        is_in_charge=form.is_in_charge.data,
        by=current_actor(),
    )


@blueprint.get("/accounts/grants/<int:grant_id>/end")
@requires(WRITE)
def ask_to_end(grant_id: int) -> Page:
    grant = _grant_of(grant_id)
    if _is_own(grant.user):
        raise NotAllowed("own_account")
    return render_template("accounts/ask-end.html", grant=grant)


@blueprint.post("/accounts/grants/<int:grant_id>/end")
@requires(WRITE)
def end_grant(grant_id: int) -> Page:
    grant = _grant_of(grant_id)
    service.end_grant(grant, by=current_actor())
    flash(_("The role has ended; the person was signed out."), "success")
    return redirect(url_for(".account", user_id=grant.user_id))


def _account(user_id: int) -> User:
    return visible_or_404(queries.users(), id=user_id)


def _others(user_id: int) -> User:
    """An account that is not the reader's own: nobody gives themselves a role. Raises NotAllowed."""
    user = _account(user_id)
    if _is_own(user):
        raise NotAllowed("own_account")
    return user


def _is_own(user: User) -> bool:
    actor = current_actor()
    return user.id == actor.user_id or (user.officer_id is not None and user.officer_id == actor.officer_id)


def _grant_of(grant_id: int) -> RoleGrant:
    return visible_or_404(queries.every_grant(), id=grant_id)


def _blame(form: Form, error: RuleBroken, fields: dict[str, str]) -> None:
    """Say each reason at the field it speaks of, or on top."""
    for found in error.reasons:
        if name := fields.get(found.code):
            form[name].errors = [*form[name].errors, say(found)]
        else:
            form.form_errors = [*form.form_errors, say(found)]
