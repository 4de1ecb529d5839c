"""What a head, a nodal officer and GAD may type about a nomination, and how its refusals are said."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.reasons import N_, Reason
from karmyogi.nominations.models import Category, Nomination
from karmyogi.nominations.rules import IntegrityAnswer
from karmyogi.web.forms import REMARK_LIMIT, CleanLines, CleanText, Form, StepForm, needed, number_in
from karmyogi.web.i18n import day, local, say, word

LONGEST_CITATION = 10_000  # of what may be typed and corrected; how long it may be is the cycle's to say
LONGEST_REFERENCE = 200
PROPOSAL_FIELDS = {
    "priority_out_of_range": "priority",
    "priority_taken": "priority",
    "category_elsewhere": "category",
    "edited_meanwhile": "version",
}
INTEGRITY_FIELDS = {
    "integrity_in_future": "given_on",
    "integrity_term_wrong": "valid_until",
    "integrity_reference_missing": "reference",
}
ANSWERS = {
    IntegrityAnswer.CLEAR: N_("Clear: nothing is pending or contemplated"),
    IntegrityAnswer.NOT_CLEAR: N_("Not clear"),
    IntegrityAnswer.PENDING: N_("Pending: the authority has not answered yet"),
}


def _whole(value: object) -> int | None:
    """The number of a choice; None for what is no number, which is then no valid choice."""
    return number_in(str(value))


class ProposalForm(Form):
    """Why an officer is nominated: the category, the order of preference, a citation in each language."""

    category = SelectField(_l("Category"), coerce=_whole, validators=[needed])
    priority = SelectField(_l("Priority"), coerce=_whole, validators=[needed])
    citation_hi = CleanLines(_l("Citation in Hindi"), validators=[Length(max=LONGEST_CITATION)])
    citation_en = CleanLines(_l("Citation in English"), validators=[Length(max=LONGEST_CITATION)])
    version = HiddenField()  # of the stored text that stands in the form

    def offer(self, categories: Iterable[Category], *, quota: int, held: Mapping[int, Nomination]) -> None:
        """Let the head choose among these categories, and among priorities of which some are held by others."""
        self.category.choices = [SelectChoice(one.id, local(one, "name")) for one in categories]
        self.priority.choices = [SelectChoice(place, _place(place, held.get(place))) for place in range(1, quota + 1)]


def _place(place: int, holder: Nomination | None) -> str:
    return f"{place}" if holder is None else f"{place} – {local(holder.officer, 'name')}"


class CaseForm(StepForm):
    """A step on a case: the remark that goes with it, and the status that the reader saw when deciding."""

    remark = CleanLines(_l("Remark"), validators=[Length(max=REMARK_LIMIT)])
    state = HiddenField()


class IntegrityForm(Form):
    """An authority's answer about an officer, its reference and its term; never what the case is about."""

    answer = RadioField(
        _l("Answer of the authority"),
        choices=[SelectChoice(answer.value, _l(text)) for answer, text in ANSWERS.items()],
        validators=[needed],
    )
    reference = CleanText(_l("Letter or file number"), validators=[needed, Length(max=LONGEST_REFERENCE)])
    given_on = DateField(_l("Given on"), validators=[needed])
    valid_until = DateField(_l("Valid until"), validators=[needed])


def blame(form: Form, error: KarmyogiError, fields: Mapping[str, str]) -> None:
    """Put each reason of a refusal to the field that it is about, so that all that was typed stays."""
    for reason in error.reasons:
        name = fields.get(reason.code, "")
        if name:
            form[name].errors = [*form[name].errors, said(reason)]
        else:
            form.form_errors.append(said(reason))


def said(reason: Reason) -> str:
    """A reason's sentence in the reader's language, its days and statuses as they are said on a page."""
    return say(Reason(reason.code, {name: _fact(name, value) for name, value in reason.facts.items()}))


def _fact(name: str, value: object) -> object:
    if name == "state":
        return word(str(value))
    return day(value) if isinstance(value, str) and name.endswith(("_on", "_until")) else value
