"""What a person may type about two records of one officer."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from karmyogi.core.errors import KarmyogiError
from karmyogi.people.models import Officer
from karmyogi.web.forms import REMARK_LIMIT, CleanLines, Form, Length, needed, number_in
from karmyogi.web.i18n import local, say

FIELD_OF = {"merge_reason_missing": "why", "part_reason_missing": "why", "merge_facts_differ": "is_checked"}


class WhyForm(Form):
    """Why two records are parted."""

    why = CleanLines(_l("Reason"), validators=[needed, Length(max=REMARK_LIMIT)])

    def blame(self, error: KarmyogiError) -> None:
        """Put each reason of a refusal to the field that it is about; the others stand above the form."""
        for one in error.reasons:
            name = FIELD_OF.get(one.code, "")
            where = self[name].errors if name in self else self.form_errors
            where.append(say(one))


class MergeForm(WhyForm):
    """Which of two records stands, and why they are of one person."""

    stands = RadioField(_l("Which record stands?"))
    is_checked = BooleanField(_l("I have checked that it is one person although facts differ"))

    def offer(self, one: Officer, other: Officer) -> None:
        """The two records to choose from."""
        self.stands.choices = [(str(each.id), f"{local(each, 'name')} ({each.employee_code})") for each in (one, other)]

    def mark(self, stands: Officer) -> None:
        """Mark a record beforehand, unless a person has chosen."""
        self.stands.data = self.stands.data or str(stands.id)

    def chosen(self, one: Officer, other: Officer) -> tuple[Officer, Officer]:
        """The record that gives way, and the one that stands."""
        return (one, other) if number_in(self.stands.data or "") == other.id else (other, one)
