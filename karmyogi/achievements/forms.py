"""What an officer may type when submitting a certificate."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import Optional

from karmyogi.achievements.rules import RETURN_REASONS
from karmyogi.completions.models import Completion
from karmyogi.core.errors import BadFile, KarmyogiError
from karmyogi.core.reasons import reason
from karmyogi.store.sandbox import SandboxUnavailable
from karmyogi.web.forms import REMARK_LIMIT, CheckboxesField, CleanLines, CleanText, Form, Length, StepForm
from karmyogi.web.i18n import day, say

FIELD_OF = {
    "course_not_completed": "course",
    "course_already_claimed": "course",
    "claim_unnamed": "course",
    "claim_named_twice": "title",
    "title_too_long": "title",
    "finished_day_missing": "finished_on",
    "finished_in_future": "finished_on",
    "certificate_already_claimed": "image",
}


def _course_id(value: object) -> int | None:
    return int(str(value)) if value not in ("", None) else None


class ClaimForm(Form):
    """A completed course or a title, the day on the certificate, and its picture."""

    course = SelectField(_l("Completed course"), coerce=_course_id, validators=[Optional()])
    title = CleanText(_l("Title on the certificate"))
    finished_on = DateField(_l("Date on the certificate"), validators=[Optional()])
    image = FileField(_l("Certificate image"))
    kept = HiddenField()  # the pass of an image that was looked at and kept already, for this person alone

    def offer(self, completions: Iterable[Completion]) -> None:
        """Let the officer choose among these completions, or none."""
        rows = [(one.course_id, f"{one.course.name} ({day(one.completed_on)})") for one in completions]
        self.course.choices = [("", _l("Not in this list")), *rows]

    def blame(self, error: KarmyogiError) -> None:
        """Put each reason of a refusal to the field that it is about, so that all that was typed stays."""
        about = "image" if isinstance(error, BadFile | SandboxUnavailable) else ""
        for one in error.reasons:
            name = FIELD_OF.get(one.code, about)
            where = self[name].errors if name else self.form_errors
            where.append(say(one))


class ClaimAgainForm(ClaimForm):
    """The same for a returned claim, whose picture may stay."""

    image = FileField(_l("Another certificate image"))


class DecisionForm(StepForm):
    """A reviewer's word on a claim, and why it goes back if it does."""

    reasons = CheckboxesField(_l("Why it goes back"))
    remark = CleanLines(_l("Remark"), validators=[Length(max=REMARK_LIMIT)])

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.reasons.choices = [(code, say(reason(code))) for code in RETURN_REASONS]
