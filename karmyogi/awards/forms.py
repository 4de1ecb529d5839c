"""What GAD types for an award order, and the approver for a revocation."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, FieldList, FormField, HiddenField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from karmyogi.awards.models import AwardOrder, Corrigendum
from karmyogi.awards.rules import Line, Place, Wording, lines_from
from karmyogi.awards.service import Draft, wording_for
from karmyogi.core.reasons import N_, declare
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.web.forms import CleanLines, CleanText, Form, needed, number_in
from karmyogi.web.i18n import local

LONGEST_LINE, LONGEST_LINES = 200, 4000
FEWEST, MORE, MOST = 2, 3, 30  # corrections of one corrigendum: offered at first, with each press, at most
REVOCATION_FIELDS = {"revocation_needs_reason": "reason_hi"}
SCAN_FIELDS = {"scan_needs_reason": "why"}

declare(scan_not_chosen=N_("Choose the scan of the signed order."))


def _whole(value: object) -> int | None:
    return number_in(str(value))


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


class LineForm(Form):
    """One correction: the place, what stands there, and what is to be read instead."""

    place = SelectField(_l("Place in the order"), validate_choice=False)
    wrong_hi = CleanText(_l("Instead of, in Hindi"), validators=[Length(max=LONGEST_LINES)])
    right_hi = CleanText(_l("Read, in Hindi"), validators=[Length(max=LONGEST_LINES)])
    wrong_en = CleanText(_l("Instead of, in English"), validators=[Length(max=LONGEST_LINES)])
    right_en = CleanText(_l("Read, in English"), validators=[Length(max=LONGEST_LINES)])

    @property
    def line(self) -> Line:
        return Line(self.place.data or "", *(self[name].data or "" for name in WORDS_OF_A_LINE))


WORDS_OF_A_LINE = ("wrong_hi", "right_hi", "wrong_en", "right_en")


class CorrigendumForm(Form):
    """The corrections of an order, and who signs them; `version` is of the draft that was open."""

    lines = FieldList(FormField(LineForm), min_entries=FEWEST, max_entries=MOST)
    signatory_hi = CleanLines(_l("Signed by, in Hindi"), validators=[needed, Length(max=LONGEST_LINE)])
    signatory_en = CleanLines(_l("Signed by, in English"), validators=[needed, Length(max=LONGEST_LINE)])
    version = HiddenField()

    def offer(self, places: Mapping[str, Place]) -> None:
        """Let GAD choose among the places of the order, each with what stands there."""
        rows = [
            SelectChoice(code, f"{local(place, 'name')}: {_shortened(_both(place))}") for code, place in places.items()
        ]
        for entry in self.lines:
            entry.form.place.choices = [SelectChoice("", _l("Choose a place")), *rows]

    def take_over(self, case: Corrigendum) -> None:
        """Begin with what a draft says."""
        self.signatory_hi.data, self.signatory_en.data = case.signatory_hi, case.signatory_en
        self.version.data = str(case.version)
        for entry, line in zip(self.lines, lines_from(case.lines), strict=False):
            for name, text in line.as_data().items():
                entry.form[name].data = text

    def grow(self, count: int) -> None:
        """Room for so many more corrections, as far as a corrigendum takes them."""
        for _number in range(min(count, MOST - len(self.lines))):
            self.lines.append_entry()

    @property
    def draft(self) -> Draft:
        """What was typed; entries that were left empty are none."""
        lines = [entry.form.line for entry in self.lines]
        return Draft(
            tuple(line for line in lines if line != Line("")), (self.signatory_hi.data, self.signatory_en.data)
        )


def _both(place: Place) -> str:
    return place.hi if place.hi == place.en else f"{place.hi} · {place.en}"


def _shortened(text: str, longest: int = 90) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


class WithdrawForm(Form):
    """Why a draft is given up, and the version that was read."""

    remark = CleanLines(_l("Remark"), validators=[Length(max=LONGEST_LINE)])
