"""What a person may type about a name, and about a unit."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import Optional

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.reasons import Reason
from karmyogi.people.rules import NAME_LIMIT, REASON_LIMIT, REFERENCE_LIMIT, Names, request_reasons, tidy_name
from karmyogi.web.forms import REMARK_LIMIT, CleanLines, CleanText, Form, Length, StepForm, needed
from karmyogi.web.i18n import day, say, word

ENDLESS = 10 * max(NAME_LIMIT, REASON_LIMIT, REFERENCE_LIMIT)  # what is only too long is told by its own reason


class NameForm(Form):
    """Both names as they should be written, and why."""

    name_hi = CleanText(_l("Name in Hindi"), validators=[needed, Length(max=ENDLESS)])
    name_en = CleanText(_l("Name in English"), validators=[needed, Length(max=ENDLESS)])
    reason = CleanLines(_l("Reason for the correction"), validators=[needed, Length(max=ENDLESS)])
    reference = CleanText(_l("Order or service book"), validators=[Length(max=ENDLESS)])

    @property
    def names(self) -> Names:
        return Names(tidy_name(self.name_hi.data), tidy_name(self.name_en.data))

    def blame(self, error: KarmyogiError, now: Names) -> None:
        """Put each reason of a refusal to the field that it is about, so that all that was typed stays."""
        told = request_reasons(now, self.names, why=self.reason.data, reference=self.reference.data)
        for field, reasons in told.items():
            self[field].errors = [say(one) for one in reasons]
        known = {one for reasons in told.values() for one in reasons}
        self.form_errors.extend(say(one) for one in error.reasons if one not in known)


class DecisionForm(StepForm):
    """A reviewer's word on a request."""

    remark = CleanLines(_l("Remark"), validators=[Length(max=REMARK_LIMIT)])


class UnitStep(Form):
    """What every change of the structure carries: the version it was drawn from, and whether it was confirmed."""

    version = HiddenField()
    confirmed = HiddenField()

    def blame(self, error: KarmyogiError) -> None:
        """Put each reason of a refusal to the field that it is about; the others stand above the form."""
        for one in error.reasons:
            field = FIELD_OF_UNIT.get(one.code, "")
            where = self[field].errors if field in self else self.form_errors
            where.append(said(one))


class UnitNamesForm(UnitStep):
    """A unit's names in both languages."""

    name_hi = CleanText(_l("Name in Hindi"), validators=[needed, Length(max=ENDLESS)])
    name_en = CleanText(_l("Name in English"), validators=[needed, Length(max=ENDLESS)])


class RenameForm(UnitNamesForm):
    """New names, and from which day; without a day it is a correction of the spelling."""

    since = DateField(_l("Called so since"), validators=[Optional()])


class PlaceForm(UnitStep):
    """Where a unit stands: each place by the number or the name of the unit above."""

    line_parent = CleanText(_l("Stands in the line below"), validators=[needed, Length(max=ENDLESS)])
    territory_parent = CleanText(_l("Stands in the territory of"), validators=[needed, Length(max=ENDLESS)])


class NewUnitForm(PlaceForm, UnitNamesForm):
    """A unit that is not there yet."""

    kind = SelectField(_l("Kind"))

    def offer(self, kinds: Iterable[str]) -> None:
        self.kind.choices = [(one, word(one)) for one in kinds]


class CloseForm(UnitStep):
    """The last day of a unit."""

    closed_on = DateField(_l("Last day"), validators=[needed])


class ReopenForm(UnitStep):
    """Nothing but the consent."""


FIELD_OF_UNIT = {
    "unit_name_missing": "name_hi",
    "name_text_too_long": "name_en",
    "unit_name_taken": "name_en",
    "unit_name_unchanged": "name_hi",
    "unit_day_before_last": "since",
    "unit_parent_missing": "line_parent",
}
CODES_IN = {"kind": word, "since": day}  # facts that are codes, and how a reader is told them


def said(one: Reason) -> str:
    """A reason with its codes as words and its days as days."""
    facts = {name: CODES_IN[name](value) if name in CODES_IN else value for name, value in one.facts.items()}
    return say(Reason(one.code, facts))
