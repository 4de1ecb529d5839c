"""What an officer may type when submitting a certificate."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from karmyogi.completions.models import Completion
from karmyogi.core.errors import BadFile, KarmyogiError
from karmyogi.store.sandbox import SandboxUnavailable
from karmyogi.web.forms import REMARK_LIMIT, CleanLines, CleanText, Form, Length, StepForm, needed
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
    image = FileField(_l("Certificate image"), validators=[needed])

    def offer(self, completions: Iterable[Completion]) -> None:
        """Let the officer choose among these completions, or none."""
        rows = [(one.course_id, f"{one.course.name} ({day(one.completed_on)})") for one in completions]
        self.course.choices = [("", _l("Not in this list")), *rows]

    def blame(self, error: KarmyogiError) -> None:
        """Put each reason of a refusal to the field that it is about, so that all that was typed stays."""
        about = "image" if isinstance(error, BadFile | SandboxUnavailable) else ""
        for reason in error.reasons:
            name = FIELD_OF.get(reason.code, about)
            where = self[name].errors if name else self.form_errors
            where.append(say(reason))


class ClaimAgainForm(ClaimForm):
    """The same for a returned claim, whose picture may stay."""

    image = FileField(_l("Another certificate image"))


class DecisionForm(StepForm):
    """A reviewer's word on a claim."""

    remark = CleanLines(_l("Remark"), validators=[Length(max=REMARK_LIMIT)])
