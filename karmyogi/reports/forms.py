"""What a person may type when bringing a file, and when answering in the match queue."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, DateField, PasswordField, SelectField

from karmyogi.people.models import OrgUnit, StateClass
from karmyogi.web.forms import REMARK_LIMIT, CleanLines, CleanText, Form, Length, needed


class PasswordForm(Form):
    """The password of an archive, on its way to the archive and nowhere else."""

    password = PasswordField(_l("Password of the archive"), validators=[needed])


class UploadForm(Form):
    """Files, the password if one is a locked archive, the unit they are for, and whether a roster creates units."""

    held: Sequence[OrgUnit] = ()  # by whoever fills it in, unless they have the whole State

    file = MultipleFileField(_l("Files"), validators=[needed])
    password = PasswordField(_l("Password of the archive"))
    unit = SelectField(_l("For which unit"))
    create_units = BooleanField(_l("Create departments, districts and offices that are missing (roster only)"))


class AsideForm(Form):
    """Why people are set aside."""

    remark = CleanLines(_l("Why they are set aside"), validators=[Length(max=REMARK_LIMIT)])


class NewcomerForm(Form):
    """What the State must know of an officer who is created from a row; the office by its number or its name."""

    employee_code = CleanText(_l("Employee code"), validators=[needed, Length(max=40)])
    name_hi = CleanText(_l("Name in Hindi"), validators=[Length(max=200)])
    name_en = CleanText(_l("Name in English"), validators=[needed, Length(max=200)])
    designation = CleanText(_l("Designation"), validators=[needed, Length(max=200)])
    state_class = SelectField(_l("Class"), choices=[("", "–"), *((one.value, one.value) for one in StateClass)])
    unit = CleanText(_l("Office"), validators=[needed, Length(max=200)])
    joined_on = DateField(_l("Joined on"), validators=[needed])
    email = CleanText(_l("E-mail"), validators=[Length(max=200)])
    mobile = CleanText(_l("Phone"), validators=[Length(max=20)])
