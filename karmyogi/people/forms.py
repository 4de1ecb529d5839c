"""What a person may type about a name."""

from flask_babel import lazy_gettext as _l

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.reasons import Reason
from karmyogi.people.rules import NAME_LIMIT, REASON_LIMIT, REFERENCE_LIMIT, Names, request_reasons, tidy_name
from karmyogi.web.forms import REMARK_LIMIT, CleanLines, CleanText, Form, Length, StepForm, needed
from karmyogi.web.i18n import say

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

    def blame(self, reasons: list[Reason]) -> None:
        self.remark.errors = [say(one) for one in reasons]
