"""Drafts of the scoring policy: what they say, what bars them, and in what they differ from the version in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from karmyogi.core.months import Month
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import not_same_hand, step, workflow
from karmyogi.scores.rules.policies import Policy, Rule, rule_from
from karmyogi.scores.rules.publishing import faults_of

declare(
    draft_rewritten=N_("Somebody wrote this draft anew after you opened it. Read it again."),
    draft_without_base=N_("No policy has been published yet. Install the State's first policy before drafting a next."),
    draft_base_moved=N_(
        "Version %(number)s has been published since this draft was written. Read the draft beside it and keep it anew."
    ),
    draft_name_missing=N_("Name the version in Hindi and in English."),
    draft_order_missing=N_("Give the number and the date of the order by which the version stands."),
    draft_order_in_future=N_("The date of the order lies in the future."),
    draft_month_sealed=N_(
        "The months up to %(sealed)s are sealed and never change: the version can take effect from %(first)s at the "
        "earliest."
    ),
    draft_month_before=N_("Version %(number)s takes effect in %(month)s, and a later version cannot do so before it."),
    draft_unchanged=N_("The draft says the same as version %(number)s: there is nothing to publish."),
)

# fmt: off
POLICY_DRAFT = workflow("policy_draft", "draft", (
    #    action      from                        to           who may                       guards / remark
    step("submit",   "draft returned",           "submitted", Permission.POLICIES_DRAFT),
    step("return",   "submitted",                "returned",  Permission.POLICIES_PUBLISH,  remark=True),
    step("publish",  "submitted",                "published", Permission.POLICIES_PUBLISH,  not_same_hand),
    step("withdraw", "draft returned submitted", "withdrawn", Permission.POLICIES_DRAFT,    remark=True),
), ends="published withdrawn")
# fmt: on

WRITABLE = ("draft", "returned")


@dataclass(frozen=True)
class Terms:
    """All that a version says; the rules stand in the order in which a score is explained."""

    name_hi: str
    name_en: str
    effective_from: Month
    course_kinds: tuple[str, ...]
    grace_days: int
    rules: tuple[Rule, ...]
    order_number: str = ""
    order_on: date | None = None

    def as_data(self) -> dict[str, object]:
        """The terms as they are stored; `terms_from` reads them back."""
        return {
            **{one.name: getattr(self, one.name) for one in fields(self)},
            "effective_from": str(self.effective_from),
            "course_kinds": sorted(self.course_kinds),
            "order_on": self.order_on and self.order_on.isoformat(),
            "rules": [rule.as_data() for rule in self.rules],
        }

    def as_policy(self, number: int) -> Policy:
        """The version as months would be scored by it."""
        return Policy(number, self.effective_from, frozenset(self.course_kinds), self.grace_days, self.rules)


def terms_from(data: Mapping[str, object]) -> Terms:
    """The terms of a stored draft. Raises what a wrong month or date raises."""
    stored = dict(data)
    stored["effective_from"] = Month.parse(str(stored["effective_from"]))
    stored["course_kinds"] = tuple(stored["course_kinds"])  # type: ignore[arg-type]
    stored["order_on"] = date.fromisoformat(str(stored["order_on"])) if stored["order_on"] else None
    stored["rules"] = tuple(rule_from(rule) for rule in stored["rules"])  # type: ignore[attr-defined]
    return Terms(**stored)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Ground:
    """What a draft stands on: the latest published version, its number, and the last sealed month if there is one."""

    latest: Terms
    number: int
    last_sealed: Month | None = None

    @property
    def first_free(self) -> Month:
        """The first month from which another version can take effect."""
        after = self.last_sealed.plus(1) if self.last_sealed else self.latest.effective_from
        return max(after, self.latest.effective_from)


def reasons_against_draft(terms: Terms, ground: Ground, *, base: int, on: date) -> list[Reason]:
    """Everything that keeps a draft from being submitted and published on that day in India; empty if it may.

    `base` is the number of the version beside which it was written.
    """
    return [
        *_of_ground(ground, base),
        *_of_heading(terms, on),
        *_of_month(terms.effective_from, ground),
        *faults_of(terms.as_policy(ground.number + 1)),
        *([] if differences(ground.latest, terms) else [reason("draft_unchanged", number=ground.number)]),
    ]


def _of_ground(ground: Ground, base: int) -> list[Reason]:
    return [] if base == ground.number else [reason("draft_base_moved", number=ground.number)]


def _of_heading(terms: Terms, on: date) -> list[Reason]:
    reasons = [] if terms.name_hi.strip() and terms.name_en.strip() else [reason("draft_name_missing")]
    if not terms.order_number.strip() or terms.order_on is None:
        return [*reasons, reason("draft_order_missing")]
    return [*reasons, reason("draft_order_in_future")] if terms.order_on > on else reasons


def _of_month(month: Month, ground: Ground) -> list[Reason]:
    sealed, latest = ground.last_sealed, ground.latest.effective_from
    if sealed is not None and month <= sealed:
        return [reason("draft_month_sealed", sealed=str(sealed), first=str(ground.first_free))]
    return [reason("draft_month_before", number=ground.number, month=str(latest))] if month < latest else []


# What differs


@dataclass(frozen=True)
class Difference:
    """One term that a draft changes; `rule` is the rule it belongs to, None for a term of the whole version.

    `term` is the field's name, or `added`, `removed` and `order` of a rule. A
    value that is None is none: no limit, or no rule there.
    """

    term: str
    before: object = None
    after: object = None
    rule: Rule | None = None


OF_THE_WHOLE = ("name_hi", "name_en", "course_kinds", "grace_days")
OF_A_RULE = (
    "counts",
    "conditions",
    "points",
    "cap",
    "counted_first",
    "once",
    "kind",
    "label_hi",
    "label_en",
    "note_hi",
    "note_en",
)


def differences(before: Terms, after: Terms) -> list[Difference]:
    """What a draft changes in how points are counted, term by term, in the draft's order; then what it leaves out.

    Effective month and order are not among it: every version has its own.
    """
    return [*_of_whole(before, after), *_of_rules(before.rules, after.rules)]


def _of_whole(before: Terms, after: Terms) -> Iterator[Difference]:
    for term in OF_THE_WHOLE:
        was, now = getattr(before, term), getattr(after, term)
        if term == "course_kinds":
            was, now = tuple(sorted(was)), tuple(sorted(now))
        if was != now:
            yield Difference(term, was, now)


def _of_rules(before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[Difference]:
    known = {rule.code: rule for rule in before}
    kept = [rule.code for rule in before if rule.code in {one.code for one in after}]
    places = {code: place for place, code in enumerate(kept, 1)}
    place = 0
    for rule in after:
        if rule.code not in known:
            yield Difference("added", None, rule.points, rule)
            continue
        place += 1
        yield from _of_rule(known[rule.code], rule)
        if places[rule.code] != place:
            yield Difference("order", places[rule.code], place, rule)
    left = {rule.code for rule in after}
    yield from (Difference("removed", rule.points, None, rule) for rule in before if rule.code not in left)


def _of_rule(before: Rule, after: Rule) -> Iterator[Difference]:
    for term in OF_A_RULE:
        was, now = getattr(before, term), getattr(after, term)
        if was != now:
            yield Difference(term, was, now, after)
