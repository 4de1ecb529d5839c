"""Registers of points: policies and their rules, months, and everybody's months."""

import peewee

from karmyogi.core.permissions import Actor, Permission, Scope, scope_of
from karmyogi.core.reasons import N_
from karmyogi.people.models import Officer, OrgUnit, StateClass
from karmyogi.people.queries import units_called, units_within
from karmyogi.scores.models import (
    Correction,
    Dispute,
    MonthlyScore,
    Policy,
    PolicyRule,
    ScoreHold,
    ScoreMonth,
    is_shown,
)
from karmyogi.scores.queries import corrections_for, disputes_for, holds_for
from karmyogi.scores.rules import CORRECTION, DISPUTE, SCORE_HOLD
from karmyogi.store.reach import EVERY_ROW
from karmyogi.web.filters import Among, Code, InMonth, OneOf, Whole
from karmyogi.web.labels import SCORES
from karmyogi.web.lists import named
from karmyogi.web.registers import Register
from karmyogi.web.values import as_list, as_month

LEFT = peewee.JOIN.LEFT_OUTER


class Policies(Register):
    """Published versions of the scoring policy; a published version never changes."""

    table = Policy
    title = N_("Scoring policies")
    group = SCORES
    slug = "policies"
    read = Permission.POLICIES_READ
    column_list = ("name", "number", "effective_from", "grace_days", "published_at")
    column_details_list = ("name_hi", "name_en", *column_list[1:], "course_kinds")
    column_plain = ("number",)
    column_formatters = {"effective_from": as_month, "course_kinds": as_list}


class PolicyRules(Register):
    """What each policy pays for."""

    table = PolicyRule
    title = N_("Rules of the policies")
    group = SCORES
    slug = "policy-rules"
    read = Permission.POLICIES_READ
    column_list = ("label", "policy.number", "code", "points", "cap", "once")
    column_details_list = (
        "label_hi",
        "label_en",
        "policy.number",
        "position",
        "code",
        "kind",
        "points",
        "cap",
        "once",
        "note_hi",
        "note_en",
    )
    column_labels = {
        "policy.number": N_("Policy"),
        "label_hi": N_("What it is called in Hindi"),
        "label_en": N_("What it is called in English"),
        "note_hi": N_("Note in Hindi"),
        "note_en": N_("Note in English"),
    }
    column_words = ("kind",)
    column_plain = ("policy.number", "position")
    column_filters = (Whole(Policy.number, N_("Policy")),)

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return PolicyRule.select(PolicyRule, Policy.id, Policy.number).join(Policy, LEFT)


class ScoreMonths(Register):
    """The months that have been scored. A month is the whole State's; only its scores are somebody's."""

    table = ScoreMonth
    title = N_("Scored months")
    group = SCORES
    slug = "months"
    read = Permission.SCORES_READ
    column_list = ("month", "state", "officer_count", "data_as_on", "computed_at", "sealed_at")
    column_details_list = (*column_list, "policy.number", "run_id", "seal_number", "seal")
    column_labels = {"policy.number": N_("Policy")}
    column_words = ("state",)
    column_plain = ("policy.number", "seal_number")
    column_formatters = {"month": as_month}
    column_sortable_list = ("month",)
    column_default_sort = ("month", True)
    column_filters = (OneOf(ScoreMonth.state, N_("Status"), ("provisional", "proposed", "sealed")),)

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return ScoreMonth.select(ScoreMonth, Policy.id, Policy.number).join(Policy, LEFT)


class Corrections(Register):
    """What was corrected of sealed months beside them, or proposed to be."""

    table = Correction
    title = N_("Corrections of sealed months")
    group = SCORES
    slug = "corrections"
    read = Permission.CORRECTIONS_READ
    own_page = ("scores.correction", "correction_id")
    column_list = ("month", "number", "state", "computed_at", "approved_at")
    column_details_list = (*column_list, "run_id", "previous", "hash")
    column_labels = {
        "number": N_("Number of the correction"),
        "approved_at": N_("Approved on"),
        "previous": N_("Hash before it"),
        "hash": N_("Hash of the correction"),
    }
    column_words = ("state",)
    column_plain = ("number",)
    column_formatters = {"month": as_month}
    column_filters = (
        OneOf(Correction.state, N_("Status"), sorted(CORRECTION.states)),
        InMonth(Correction.month, N_("Month")),
    )

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return corrections_for(actor).order_by()


class MonthlyScores(Register):
    """An officer's month; it belongs to the office of that month's posting, and so does its reader."""

    table = MonthlyScore
    title = N_("Monthly scores")
    group = SCORES
    slug = "scores"
    read = Permission.SCORES_READ
    column_list = ("officer", "officer.employee_code", "month", "points", "department", "rank_state", "rank_department")
    column_details_list = (
        *column_list[:4],
        "unit",
        "department",
        "district",
        "division",
        "state_class",
        "rank_state",
        "rank_division",
        "rank_district",
        "rank_department",
        "class_rank_state",
        "class_rank_division",
        "class_rank_district",
        "class_rank_department",
    )
    column_formatters = {"month": as_month}
    column_filters = (
        InMonth(MonthlyScore.month, N_("Month")),
        Code(Officer.employee_code, N_("Employee code")),
        Among(MonthlyScore.unit, N_("Department, district or office"), units_called),
        OneOf(MonthlyScore.state_class, N_("Class"), [one.value for one in StateClass]),
    )
    search_codes = (Officer.employee_code,)
    search_hint = N_("Employee code")

    def about(self, row: MonthlyScore) -> list[tuple[str, dict[str, object]]]:
        code = row.officer.employee_code
        return [("completions", {"search": code, "flt_month": row.month}), ("scores", {"search": code})]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        units = {name: OrgUnit.alias() for name in ("unit", "department", "district", "division")}
        names = [column for unit in units.values() for column in named(unit)]
        query = MonthlyScore.select(MonthlyScore, *named(Officer, "employee_code"), *names).join(Officer, LEFT)
        query = query.switch(MonthlyScore).join(ScoreMonth, on=is_shown(MonthlyScore))
        for name, unit in units.items():
            query = query.switch(MonthlyScore).join(unit, LEFT, on=getattr(MonthlyScore, name) == unit.id, attr=name)
        return query.switch(MonthlyScore).where(_score_within(scope_of(actor, self.read)))


class Disputes(Register):
    """Objections of officers to their points, and what became of them."""

    table = Dispute
    title = N_("Disputes of points")
    group = SCORES
    slug = "disputes"
    read = Permission.DISPUTES_READ
    own_page = ("scores.dispute", "dispute_id")
    column_list = ("officer", "officer.employee_code", "month", "label", "state", "answer_by", "decide_by")
    column_details_list = (
        "officer",
        "officer.employee_code",
        "month",
        "label_hi",
        "label_en",
        "words",
        "reference",
        "state",
        "raised_at",
        "answer_by",
        "answered_at",
        "decide_by",
        "ended_at",
    )
    column_labels = {
        "label": N_("Line of the score"),
        "label_hi": N_("What it is called in Hindi"),
        "label_en": N_("What it is called in English"),
        "words": N_("What is wrong"),
        "reference": N_("Other evidence"),
        "raised_at": N_("Raised on"),
        "answer_by": N_("Answer by"),
        "answered_at": N_("Answered on"),
        "decide_by": N_("Decision by"),
        "ended_at": N_("Closed on"),
    }
    column_words = ("state",)
    column_formatters = {"month": as_month}
    column_filters = (
        OneOf(Dispute.state, N_("Status"), sorted(DISPUTE.states)),
        InMonth(Dispute.month, N_("Month")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = N_("Employee code")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return disputes_for(actor).order_by()


class Holds(Register):
    """Scores that are not ranked, or were proposed not to be."""

    table = ScoreHold
    title = N_("Scores on hold")
    group = SCORES
    slug = "holds"
    read = Permission.HOLDS_READ
    own_page = ("scores.hold", "hold_id")
    column_list = ("officer", "officer.employee_code", "month", "state", "proposed_at", "confirmed_at", "ended_at")
    column_details_list = (*column_list[:3], "reason", *column_list[3:])
    column_labels = {
        "reason": N_("Reason"),
        "proposed_at": N_("Proposed on"),
        "confirmed_at": N_("Confirmed on"),
        "ended_at": N_("Ended on"),
    }
    column_words = ("state",)
    column_formatters = {"month": as_month}
    column_filters = (
        OneOf(ScoreHold.state, N_("Status"), sorted(SCORE_HOLD.states)),
        InMonth(ScoreHold.month, N_("Month")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = N_("Employee code")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return holds_for(actor).order_by()


def _score_within(scope: Scope) -> peewee.Expression:
    """True for scores of units within the scope, and for one's own."""
    if scope.everything:
        return EVERY_ROW
    own = MonthlyScore.officer == (scope.officer_id or 0)
    return own | MonthlyScore.unit.in_(units_within(scope)) if scope.paths else own


VIEWS = (MonthlyScores, ScoreMonths, Corrections, Disputes, Holds, Policies, PolicyRules)
