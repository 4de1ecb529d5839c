"""What a person may type to sign in. Passwords are taken as they are: no space is cut, no character is changed."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, HiddenField, PasswordField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from karmyogi.accounts.models import GRANTABLE
from karmyogi.core.errors import RuleBroken
from karmyogi.core.reasons import reason
from karmyogi.people.models import OrgUnit
from karmyogi.web.forms import CleanText, Form, needed
from karmyogi.web.i18n import local, word


def like_the_first(form: "NewPassword", field: Field) -> None:
    """The password typed a second time, where it could not be read."""
    if field.data != form.password.data:
        raise ValidationError(gettext("The two passwords are not the same. Type both again."))


class SignInForm(Form):
    login = CleanText(_l("Sign-in name"), validators=[needed])
    password = PasswordField(_l("Password"), validators=[needed])
    next = HiddenField()


class NewPassword(Form):
    """A new password, twice."""

    password = PasswordField(_l("New password"), validators=[needed])
    again = PasswordField(_l("New password again"), validators=[needed, like_the_first])


class FirstSignInForm(NewPassword):
    login = CleanText(_l("Employee code or sign-in name"), validators=[needed])
    secret = CleanText(_l("One-time code"), validators=[needed])


class CodeForm(Form):
    """The six digits that an app shows now."""

    code = CleanText(_l("Code of six digits"), validators=[needed, Length(max=40)])
    next = HiddenField()
    kept = HiddenField()


class PasswordAgainForm(Form):
    password = PasswordField(_l("Password"), validators=[needed])
    next = HiddenField()
    kept = HiddenField()


class RecoveryForm(Form):
    recovery = CleanText(_l("Recovery code"), validators=[needed, Length(max=100)])
    next = HiddenField()
    kept = HiddenField()


class ForgottenForm(Form):
    login = CleanText(_l("Employee code or sign-in name"), validators=[needed])


class PasswordForm(NewPassword):
    current = PasswordField(_l("Current password"), validators=[needed])


NEW_ACCOUNT_FIELDS = {
    "login_odd": "login",
    "login_taken": "login",
    "account_name_needed": "name_hi",
    "account_officer_unknown": "employee_code",
    "account_officer_taken": "employee_code",
}


class NewAccountForm(Form):
    """An account, of an officer or of somebody who is none."""

    employee_code = CleanText(_l("Employee code"), validators=[Length(max=64)])
    login = CleanText(_l("Sign-in name"), validators=[Length(max=64)])
    name_hi = CleanText(_l("Name in Hindi"), validators=[Length(max=200)])
    name_en = CleanText(_l("Name in English"), validators=[Length(max=200)])


GRANT_FIELDS = {
    "grant_unit_needed": "unit_name",
    "grant_unit_elsewhere": "unit_name",
    "grant_unit_unknown": "unit_name",
    "grant_units_several": "unit",
    "grant_roles_apart": "role",
    "grant_held": "role",
    "grant_dates": "to_on",
}


class GrantForm(Form):
    """A role over a unit and all below it, for some time."""

    role = SelectField(_l("Role"), validators=[needed])
    unit_name = CleanText(_l("Department, district or office"), validators=[Length(max=200)])
    unit = RadioField(_l("Which of these"), choices=[], validate_choice=False)
    from_on = DateField(_l("First day"), validators=[Optional()])
    to_on = DateField(_l("Last day"), validators=[Optional()])
    is_in_charge = BooleanField(_l("In charge for the time being"))

    def __init__(self, **facts: object):
        super().__init__(**facts)
        self.role.choices = [SelectChoice(role, word(role)) for role in GRANTABLE]
        self.units: list[OrgUnit] = []

    def offer(self, units: list[OrgUnit]) -> None:
        """The units that the typed name may mean."""
        self.units = units
        self.unit.choices = [SelectChoice(str(unit.id), _place(unit)) for unit in units]

    def unit_meant(self) -> OrgUnit | None:
        """The unit that was typed or chosen; None if none was. Raises RuleBroken if it may be none or several."""
        if not self.unit_name.data:
            return None
        chosen = [unit for unit in self.units if str(unit.id) == self.unit.data]
        meant = chosen or self.units
        if not meant:
            raise RuleBroken(reason("grant_unit_unknown", name=self.unit_name.data))
        if len(meant) > 1:
            raise RuleBroken("grant_units_several")
        return meant[0]


def _place(unit: OrgUnit) -> str:
    return f"{local(unit, 'name')} – {word(unit.kind)}, {unit.id}"
