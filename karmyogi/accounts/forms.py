"""What a person may type to sign in. Passwords are taken as they are: no space is cut, no character is changed."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, PasswordField
from wtforms.validators import ValidationError

from karmyogi.web.forms import CleanText, Form, needed


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
    secret = CleanText(_l("One-time secret"), validators=[needed])


class PasswordForm(NewPassword):
    current = PasswordField(_l("Current password"), validators=[needed])
