"""What every form has in common: the token, our own words for WTForms' messages, and fields people expect."""

from collections.abc import Iterable

from flask import request
from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from karmyogi.core.months import Month
from karmyogi.core.reasons import Reason
from karmyogi.web.i18n import say

REMARK_LIMIT = 1000
LARGEST = 2**63  # what no column holds


class _Words:
    """WTForms asks for its messages here, so they come from our own catalogue."""

    def gettext(self, text: str) -> str:
        return gettext(text)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        # Not flask_babel's own: it would fill in the places of the text, which WTForms fills in itself.
        return get_domain().get_translations().ngettext(singular, plural, count)


class Form(FlaskForm):
    """The base of every form. The token is checked for the whole application, not here."""

    class Meta(FlaskForm.Meta):
        csrf = False

        def get_translations(self, form: object) -> _Words:
            return _Words()


class CleanText(StringField):
    """One line of text without control characters or outer spaces; `None` never."""

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        self.data = clean(self.data or "")


class CleanLines(TextAreaField):
    """Several lines of text without control characters or outer spaces."""

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        self.data = clean(self.data or "", keep="\n")


class CheckboxesField(SelectMultipleField):
    """Several of a list, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def clean(text: str, *, keep: str = "") -> str:
    """`text` without control characters (PostgreSQL refuses NUL) and outer white space.

    White space of any kind becomes a plain space, but what is in `keep`; the joiners that Hindi needs stay.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    spaced = (" " if c.isspace() and c not in keep else c for c in unified)
    return "".join(c for c in spaced if c.isprintable() or c in f"{keep}\u200d\u200c").strip()


class MonthField(StringField):
    """A month as 2026-01; its data is a Month or None."""

    def process_formdata(self, values: list[str]) -> None:
        self.data = None
        if values and values[0].strip():
            try:
                self.data = Month.parse(values[0].strip())
            except ValueError:
                raise ValueError(gettext("Write the month as 2026-01.")) from None


class StepForm(Form):
    """The remark that goes with a step."""

    remark = CleanLines(validators=[Length(max=REMARK_LIMIT)])

    def blame(self, reasons: Iterable[Reason]) -> None:
        """Put what stands against the step to the remark: that is where people read it, and what often mends it."""
        self.remark.errors = [say(one) for one in reasons]


def asked_number(name: str) -> int | None:
    """The whole number of this name in the query string; None for anything else, or more than a database can hold."""
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) < LARGEST else None


def number_in(text: str) -> int | None:
    """The number that these ASCII digits write, if a column of ids can hold it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def needed(form: object, field: Field) -> None:
    """A field that must hold something, in our own words."""
    if not field.data:
        raise StopValidation(gettext("Fill in this field."))


needed.field_flags = {"required": True}  # type: ignore[attr-defined]

__all__ = [
    "CleanLines",
    "CleanText",
    "Form",
    "InputRequired",
    "Length",
    "MonthField",
    "StepForm",
    "ValidationError",
    "asked_number",
    "clean",
    "needed",
]
