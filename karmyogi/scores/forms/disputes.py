"""What a person may write about points: a dispute, and the word of whoever answers or decides it."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from karmyogi.achievements.models import Achievement
from karmyogi.core.errors import KarmyogiError
from karmyogi.scores.models import PolicyRule
from karmyogi.scores.rules import WORDS_LIMIT, dispute_reasons
from karmyogi.web.forms import REMARK_LIMIT, CleanLines, CleanText, Form, Length, StepForm, needed
from karmyogi.web.i18n import local, say

ENDLESS = 10 * WORDS_LIMIT  # what is only too long is told by its own reason


class DisputeForm(Form):
    """Which line is wrong, why, and what shows it."""

    line = SelectField(_l("Line of the score"))
    words = CleanLines(_l("What is wrong"), validators=[needed, Length(max=ENDLESS)])
    achievement = SelectField(_l("Evidence: an achievement of yours"))
    reference = CleanText(_l("Other evidence"), validators=[Length(max=ENDLESS)])

    def offer(self, lines: Iterable[PolicyRule], achievements: Iterable[Achievement]) -> None:
        self.line.choices = [(rule.code, local(rule, "label")) for rule in lines]
        titled = [(str(one.id), one.title) for one in achievements]
        self.achievement.choices = [("", _("None")), *titled]

    def blame(self, error: KarmyogiError) -> None:
        """Put each reason of a refusal to the field that it is about."""
        told = dispute_reasons(self.words.data, self.reference.data)
        for field, reasons in told.items():
            self[field].errors = [say(one) for one in reasons]
        known = {one for reasons in told.values() for one in reasons}
        self.line.errors = [say(one) for one in error.reasons if one not in known]


class AnswerForm(StepForm):
    """The word of whoever answers or decides."""

    remark = CleanLines(_l("Reason"), validators=[Length(max=REMARK_LIMIT)])
