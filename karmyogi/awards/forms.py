"""What GAD types for an award order, and the approver for a revocation."""

from collections.abc import Sequence
from itertools import zip_longest

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from karmyogi.awards.models import AwardOrder
from karmyogi.awards.rules import Wording
from karmyogi.awards.service import wording_for
from karmyogi.core.reasons import N_, declare
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.web.forms import CleanLines, CleanText, Form, needed
from karmyogi.web.i18n import local

LONGEST_LINE, LONGEST_LINES = 200, 4000
REVOCATION_FIELDS = {"revocation_needs_reason": "reason_hi"}
SCAN_FIELDS = {"scan_needs_reason": "why"}

declare(scan_not_chosen=N_("Choose the scan of the signed order."))


def _whole(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class OrderForm(Form):
    """Whom an order awards, its day and file, who signs, and who gets a copy."""

    nominations = SelectMultipleField(
        _l("In this order"),
        coerce=_whole,
        validate_choice=False,  # one that is no longer free is told apart, by the verb
        validators=[needed],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    ordered_on = DateField(_l("Date of the order"), validators=[needed])
    file_number = CleanText(_l("File number"), validators=[Length(max=LONGEST_LINE)])
    signatory_hi = CleanLines(_l("Signed by, in Hindi"), validators=[needed, Length(max=LONGEST_LINE)])
    signatory_en = CleanLines(_l("Signed by, in English"), validators=[needed, Length(max=LONGEST_LINE)])
    copy_to_hi = CleanLines(_l("Copies to, in Hindi"), validators=[Length(max=LONGEST_LINES)])
    copy_to_en = CleanLines(_l("Copies to, in English"), validators=[Length(max=LONGEST_LINES)])

    def offer(self, awaiting: Sequence[Nomination]) -> None:
        """Let GAD choose among these released nominations."""
        self.nominations.choices = [SelectChoice(one.id, _called(one)) for one in awaiting]

    def take_over(self, order: AwardOrder) -> None:
        """Begin with the signatory and the copies of an earlier order: they seldom change."""
        self.signatory_hi.data, self.signatory_en.data = order.signatory_hi, order.signatory_en
        self.copy_to_hi.data = "\n".join(hi for hi, _en in order.copy_to)
        self.copy_to_en.data = "\n".join(en for _hi, en in order.copy_to)

    def wording(self, cycle: Cycle) -> Wording:
        """The usual words of an order of this cycle, with what was typed; lines of the copies go in pairs."""
        hi, en = (_lines(field.data) for field in (self.copy_to_hi, self.copy_to_en))
        return wording_for(
            cycle,
            signatory=(self.signatory_hi.data, self.signatory_en.data),
            copy_to=list(zip_longest(hi, en, fillvalue="")),
            file_number=self.file_number.data,
        )


def _called(nomination: Nomination) -> str:
    officer, department = nomination.officer, nomination.department
    return f"{local(officer, 'name')} ({officer.employee_code}) · {local(department, 'name')}"


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class RevokeForm(Form):
    """Why an award is revoked, in both languages: the public reads it; and the status that the reader saw."""

    reason_hi = CleanLines(_l("Reason in Hindi"), validators=[needed, Length(max=LONGEST_LINES)])
    reason_en = CleanLines(_l("Reason in English"), validators=[needed, Length(max=LONGEST_LINES)])
    state = HiddenField()


class ScanForm(Form):
    """A scan of the signed order, and why it takes the place of the one before."""

    scan = FileField(_l("Scan of the signed order"))
    why = CleanLines(_l("Why a new scan"), validators=[Length(max=LONGEST_LINE)])
