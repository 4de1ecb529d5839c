"""What a person may write about points: disputes of them, holds, and drafts of the policy."""

from karmyogi.scores.forms.disputes import AnswerForm, DisputeForm
from karmyogi.scores.forms.drafts import RemarkForm, TermsForm, blame, in_words, month_called, said
from karmyogi.scores.forms.holds import HoldForm

__all__ = [
    "AnswerForm",
    "DisputeForm",
    "HoldForm",
    "RemarkForm",
    "TermsForm",
    "blame",
    "in_words",
    "month_called",
    "said",
]
