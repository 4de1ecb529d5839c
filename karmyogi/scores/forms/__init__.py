"""What a person may write about points: disputes of them, and drafts of the policy."""

from karmyogi.scores.forms.disputes import AnswerForm, DisputeForm
from karmyogi.scores.forms.drafts import RemarkForm, TermsForm, blame, in_words, said

__all__ = ["AnswerForm", "DisputeForm", "RemarkForm", "TermsForm", "blame", "in_words", "said"]
