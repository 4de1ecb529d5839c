"""What GAD types for a draft of the scoring policy, what the approver answers, and how a draft is told in words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, FieldList, FormField, HiddenField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.months import Month
from karmyogi.core.reasons import N_, Reason
from karmyogi.scores.rules import EARLIEST, KINDS, Conditions, Difference, Rule, Terms
from karmyogi.web.forms import REMARK_LIMIT, CheckboxesField, CleanLines, CleanText, Form, needed
from karmyogi.web.i18n import local, month_name, number, say, word

LONGEST_LABEL, LONGEST_NOTE = 200, 1000
MORE, MOST = 1, 40  # rules added with each press, and at most
MONTHS_AHEAD = 24
DIGITS = 6

# What a rule may count, by the names of `rules.SOURCES`.
COUNTED = {
    "course": N_("Courses outside the plan"),
    "plan_course": N_("Courses of the plan"),
    "plan_in_time": N_("Courses of the plan finished in time"),
    "assessment": N_("Course assessments passed"),
    "certificate": N_("Completions with a verified certificate image"),
    "hours": N_("Full hours of learning"),
    "rating": N_("Courses rated"),
    "session": N_("Sessions attended"),
    "taught": N_("Sessions led as trainer"),
    "registered": N_("Registration on iGOT, once"),
    "first_enrolment": N_("First enrolment in a course, once"),
}

# The terms of a version and of a rule, as a comparison calls them.
TERMS = {
    "name_hi": N_("Name in Hindi"),
    "name_en": N_("Name in English"),
    "course_kinds": N_("Types of content that are courses"),
    "grace_days": N_("Days of grace until a month is sealed"),
    "counts": N_("What is counted"),
    "conditions": N_("Conditions"),
    "counted_first": N_("Counted first"),
    "points": N_("Points each"),
    "cap": N_("At most in a month"),
    "once": N_("Once only"),
    "kind": N_("Kind"),
    "label_hi": N_("Name in Hindi"),
    "label_en": N_("Name in English"),
    "note_hi": N_("Explanation in Hindi"),
    "note_en": N_("Explanation in English"),
    "order": N_("Place in the order"),
    "added": N_("New rule"),
    "removed": N_("Rule left out"),
}


# Which items a monthly limit takes, by the names of `rules.ORDERS`.
FIRST = {
    "earliest": N_("The earliest of the month"),
    "longest": N_("The longest of the month"),
}


class WholeNumber(CleanText):
    """A whole number, in the digits of either script; empty is None."""

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        typed = str(self.data or "")
        self.data = int(typed) if typed.isdecimal() and len(typed) <= DIGITS else None
        if typed and self.data is None:
            self.raw_data = values
            raise ValueError(gettext("Write a whole number."))

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ("" if self.data is None else str(self.data))


class Providers(CleanLines):
    """Providers of content, one on each line; one that no content names is refused."""

    offered: frozenset[str] = frozenset()

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        typed = (line.strip() for line in str(self.data or "").splitlines())
        self.data = list(dict.fromkeys(line for line in typed if line))

    def offer(self, providers: Iterable[str]) -> None:
        """Say which there are: what was typed takes their spelling, capitals aside."""
        self.offered = frozenset(providers)
        known = {one.casefold(): one for one in self.offered}
        self.data = [known.get(one.casefold(), one) for one in self.data or ()]

    def pre_validate(self, form: Form) -> None:
        unknown = [one for one in self.data or () if one not in self.offered]
        if unknown:
            raise ValidationError(gettext("No content of the provider “%(name)s” is known.", name=unknown[0]))

    def _value(self) -> str:
        return "\n".join(self.data or ())


class RuleForm(Form):
    """One rule: what it counts under which conditions, for how many points, how often, and what it is called."""

    label_hi = CleanText(_l("Name in Hindi"), validators=[Length(max=LONGEST_LABEL)])
    label_en = CleanText(_l("Name in English"), validators=[Length(max=LONGEST_LABEL)])
    counts = SelectField(_l("What is counted"), validate_choice=False)
    points = WholeNumber(_l("Points each"))
    cap = WholeNumber(_l("At most in a month"))
    once = BooleanField(_l("Once only in an officer's service"))
    kinds = CheckboxesField(_l("Only content of these types"))
    providers = Providers(_l("Only content of these providers"))
    least_minutes = WholeNumber(_l("Only content of at least so many minutes"))
    with_certificate = BooleanField(_l("Only completions with a certificate of iGOT"))
    only_planned = BooleanField(_l("Only courses of the officer's plan"))
    counted_first = SelectField(_l("Where the monthly limit leaves some out, count first"), validate_choice=False)
    kind = SelectField(_l("Kind"), validate_choice=False)
    note_hi = CleanText(_l("Explanation in Hindi"), validators=[Length(max=LONGEST_NOTE)])
    note_en = CleanText(_l("Explanation in English"), validators=[Length(max=LONGEST_NOTE)])
    place = WholeNumber(_l("Place in the order"))
    code = CleanText(_l("Code"), validators=[Length(max=LONGEST_LABEL)])
    gone = BooleanField(_l("Leave this rule out"))

    @property
    def is_empty(self) -> bool:
        return not any((self.code.data, self.label_hi.data, self.label_en.data, self.points.data))

    @property
    def shows_conditions(self) -> bool:
        """Whether the rule has conditions or an order of its own, or something is wrong there."""
        return bool(self.rule.asks) or any(self[one].errors for one in ("kinds", "providers", "least_minutes"))

    @property
    def rule(self) -> Rule:
        typed = {name: self[name].data for name in PLAIN}
        return Rule(
            **typed | {"points": typed["points"] or 0},
            conditions=Conditions(
                kinds=tuple(sorted(self.kinds.data or ())),
                providers=tuple(sorted(self.providers.data or ())),
                with_certificate=bool(self.with_certificate.data),
                only_planned=bool(self.only_planned.data),
                least_minutes=self.least_minutes.data,
            ),
            counted_first=self.counted_first.data or EARLIEST,
        )

    @property
    def summary(self) -> str:
        """The rule in one line, as it stands in the form."""
        return told(self.rule) if not self.is_empty else gettext("New rule")


PLAIN = [one.name for one in fields(Rule) if one.name not in ("conditions", "counted_first")]


class TermsForm(Form):
    """A draft of the policy: its name, month and order, and its rules; `version` is of the draft that was open."""

    name_hi = CleanText(_l("Name in Hindi"), validators=[needed, Length(max=LONGEST_LABEL)])
    name_en = CleanText(_l("Name in English"), validators=[needed, Length(max=LONGEST_LABEL)])
    effective_from = SelectField(_l("In force from"))
    order_number = CleanText(_l("Number of the order"), validators=[Length(max=LONGEST_LABEL)])
    order_on = DateField(_l("Date of the order"), validators=[Optional()])
    grace_days = WholeNumber(_l("Days of grace until a month is sealed"))
    course_kinds = CheckboxesField(_l("Types of content that are courses"))
    rules = FieldList(FormField(RuleForm), max_entries=MOST)
    version = HiddenField()

    def offer(self, terms: Terms, *, first: Month, kinds: Iterable[str], providers: Iterable[str] = ()) -> None:
        """The months, types, sources and providers to choose among; what the draft says is always one of them."""
        months = {str(first.plus(ahead)) for ahead in range(MONTHS_AHEAD)} | {str(terms.effective_from)}
        self.effective_from.choices = [SelectChoice(one, month_name(one)) for one in sorted(months)]
        self.course_kinds.choices = [SelectChoice(kind, kind) for kind in sorted({*kinds, *terms.course_kinds})]
        asked = {kind for rule in terms.rules for kind in rule.conditions.kinds}
        known = {*providers, *(one for rule in terms.rules for one in rule.conditions.providers)}
        for entry in self.rules:
            entry.form.counts.choices = [SelectChoice(code, gettext(text)) for code, text in COUNTED.items()]
            entry.form.kind.choices = [SelectChoice(kind, word(kind)) for kind in KINDS]
            entry.form.kinds.choices = [SelectChoice(kind, kind) for kind in sorted({*kinds, *asked})]
            entry.form.providers.offer(known)
            entry.form.counted_first.choices = [SelectChoice(code, gettext(text)) for code, text in FIRST.items()]

    def take_over(self, terms: Terms, version: int) -> None:
        """Begin with what the draft says."""
        for name in ("name_hi", "name_en", "order_number", "order_on", "grace_days"):
            self[name].data = getattr(terms, name)
        self.effective_from.data, self.course_kinds.data = str(terms.effective_from), list(terms.course_kinds)
        self.version.data = str(version)
        for place, rule in enumerate(terms.rules, 1):
            asked = {one.name: getattr(rule.conditions, one.name) for one in fields(Conditions)}
            plain = {name: getattr(rule, name) for name in PLAIN}
            self.rules.append_entry({**plain, **asked, "counted_first": rule.counted_first, "place": place})

    def grow(self) -> None:
        """Room for more rules, as far as a policy takes them."""
        for _number in range(min(MORE, MOST - len(self.rules))):
            self.rules.append_entry({"place": len(self.rules) + 1})

    def validate(self, extra_validators: object = None) -> bool:
        """Also says on top of the page what is wrong inside a rule."""
        is_valid: bool = super().validate(extra_validators)
        for entry in self.rules:
            self.form_errors += [f"{entry.form.summary}: {field.label.text}: {error}" for field, error in _wrong(entry)]
        return is_valid

    @property
    def terms(self) -> Terms:
        """What was typed, the rules by their place; those left out or left empty are none."""
        kept = [entry.form for entry in self.rules if not entry.form.gone.data and not entry.form.is_empty]
        return Terms(
            name_hi=self.name_hi.data,
            name_en=self.name_en.data,
            effective_from=Month.parse(self.effective_from.data),
            course_kinds=tuple(sorted(self.course_kinds.data or ())),
            grace_days=self.grace_days.data or 0,
            rules=tuple(one.rule for one in sorted(kept, key=_place)),
            order_number=self.order_number.data,
            order_on=self.order_on.data,
        )


def _place(form: RuleForm) -> int:
    """Where a rule is to stand; without a place at the end."""
    place: int | None = form.place.data
    return 10**DIGITS if place is None else place


def _wrong(entry: FormField) -> list[tuple[Field, str]]:
    return [(field, error) for field in entry.form for error in field.errors]


class RemarkForm(Form):
    """A step on a draft: the remark that goes with it, and the version of the draft that was read."""

    remark = CleanLines(_l("Remark"), validators=[Length(max=REMARK_LIMIT)])
    version = HiddenField()


def blame(form: Form, error: KarmyogiError) -> None:
    """Put the reasons of a refusal on top of the form, a missing remark to its field."""
    for reason in error.reasons:
        if reason.code == "remark_needed":
            form["remark"].errors = [*form["remark"].errors, said(reason)]
        else:
            form.form_errors.append(said(reason))


def said(reason: Reason) -> str:
    """A reason's sentence in the reader's language, its months and statuses as they are said on a page."""
    return say(replace(reason, facts={name: _fact(name, value) for name, value in reason.facts.items()}))


def _fact(name: str, value: object) -> object:
    if name == "state":
        return word(str(value))
    return month_called(str(value)) if name in ("month", "sealed", "first") else value


def month_called(text: str) -> str:
    """The name of a month; what somebody wrote over one in the database stands as it is written."""
    return month_name(text) if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) else text


def told(rule: Rule) -> str:
    """A rule in one line: what it is called, its points and its limit."""
    points = ngettext("%(num)s point each", "%(num)s points each", rule.points)
    often = gettext("once only") if rule.once else _limit(rule.cap)
    return f"{local(rule, 'label') or rule.code} · {points} · {often}"


def _limit(cap: int | None) -> str:
    return gettext("at most %(number)s in a month", number=number(cap)) if cap else gettext("no limit")


def in_words(one: Difference) -> dict[str, str]:
    """A difference as a line of the comparison: what, as in force, and as drafted."""
    return {
        "what": ": ".join(filter(None, (local(one.rule, "label") if one.rule else "", gettext(TERMS[one.term])))),
        "before": _value(one, one.before),
        "after": _value(one, one.after),
    }


def _conditions(asked: object) -> str:
    sentences = asked.told() if isinstance(asked, Conditions) else []
    return " ".join(say(sentence) for sentence in sentences) or gettext("no conditions")


# How a value of a term is said where it is more than a number or a text.
SAID: Mapping[str, Callable[[object], str]] = {
    "cap": lambda cap: number(cap) if cap else gettext("no limit"),
    "once": lambda once: gettext("yes") if once else gettext("no"),
    "kind": lambda kind: word(str(kind)),
    "counts": lambda code: gettext(COUNTED.get(str(code), str(code))),
    "counted_first": lambda code: gettext(FIRST.get(str(code), str(code))),
    "conditions": _conditions,
}


def _value(one: Difference, value: object) -> str:
    if one.term in ("added", "removed"):
        return "" if value is None or one.rule is None else told(one.rule)
    if one.term in SAID:
        return SAID[one.term](value)
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return number(value) if isinstance(value, int) else str(value)
