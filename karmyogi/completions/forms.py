"""The form on the page of flags."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from karmyogi.web.forms import REMARK_LIMIT, CleanLines, StepForm


class JudgeForm(StepForm):
    """What is said with a verdict on flags."""

    remark = CleanLines(_l("Remark"), validators=[Length(max=REMARK_LIMIT)])
