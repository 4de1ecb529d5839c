"""What a person writes to have a score held."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Length

from karmyogi.web.forms import REMARK_LIMIT, CleanLines, Form, needed
from karmyogi.web.i18n import month_name


class HoldForm(Form):
    """Which month's score is not to be ranked, and why."""

    month = SelectField(_l("Month"))
    reason = CleanLines(_l("Reason"), validators=[needed, Length(max=REMARK_LIMIT)])

    def offer(self, months: Iterable[str]) -> None:
        self.month.choices = [(month, month_name(month)) for month in months]
