"""How many officers of a department may be nominated, counted by the database."""

from datetime import date

import peewee

from karmyogi.nominations.models import Cycle
from karmyogi.nominations.queries.facts import honours_of, integrity_of, overdue_of, postings_of, sealed_scores_of
from karmyogi.nominations.rules import (
    Criteria,
    IntegrityAnswer,
    Verdict,
    criteria_from,
    years_before,
)
from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.store.reach import NO_ROW


def verdict_counts(department: OrgUnit | int, cycle: Cycle, *, on: date) -> dict[Verdict, int]:
    """How many of `records_of` have each verdict: the same rules in one statement, whatever the department's size."""
    posted, criteria = postings_of(cycle).where(OrgUnit.department == department), criteria_from(cycle.criteria)
    officers = posted.select(Posting.officer)
    scores = sealed_scores_of(officers, cycle).alias("scores")
    overdue = overdue_of(officers, criteria, on).alias("overdue")
    honours = honours_of(officers).alias("honours")
    papers = integrity_of(officers, on).alias("papers")
    barred = _bars(criteria, on, scores.c, overdue.c, honours.c, papers.c)
    verdict = peewee.Case(
        None,
        [(barred, Verdict.NOT_ELIGIBLE.value), (_lacks_paper(criteria, on, papers.c), Verdict.NEEDS_CERTIFICATE.value)],
        Verdict.ELIGIBLE.value,
    )
    rows = posted.select(verdict, peewee.fn.COUNT(Posting.officer))
    for facts in (scores, overdue, honours, papers):
        rows = rows.switch(Posting).join(facts, peewee.JOIN.LEFT_OUTER, on=facts.c.officer_id == Posting.officer)
    return dict.fromkeys(Verdict, 0) | {Verdict(code): count for code, count in rows.group_by(verdict).tuples()}


def _bars(
    criteria: Criteria, on: date, scores: peewee.Node, overdue: peewee.Node, honours: peewee.Node, papers: peewee.Node
) -> peewee.Expression:
    """True for officers against whom stands what no paper mends: `rules.reasons_against`, said of many."""
    none = peewee.fn.COALESCE
    found = none(scores.points, 0) < criteria.min_points
    found = found | (none(scores.months, 0) < criteria.min_sealed_months)
    found = found | ((papers.answer == IntegrityAnswer.NOT_CLEAR.value) & (papers.valid_until >= on))
    if criteria.plan_done:
        found = found | (none(overdue.courses, 0) > 0)
    if criteria.cool_off_years:
        found = found | (honours.given_on > years_before(on, criteria.cool_off_years))
    if criteria.must_serve_until:
        found = found | (Officer.retires_on < criteria.must_serve_until)
    if criteria.state_classes:
        found = found | ((_class() != "") & _class().not_in(list(criteria.state_classes)))
    return found


def _lacks_paper(criteria: Criteria, on: date, papers: peewee.Node) -> peewee.Expression:
    """True for officers who lack an integrity certificate, a date of retirement or a class that the cycle asks for."""
    found = NO_ROW
    if criteria.must_serve_until:
        found = found | Officer.retires_on.is_null()
    if criteria.state_classes:
        found = found | (_class() == "")
    if criteria.integrity_required:
        pending = papers.answer == IntegrityAnswer.PENDING.value
        found = found | papers.answer.is_null() | (papers.valid_until < on) | pending
    return found


def _class() -> peewee.Node:
    """The class of the post, else the officer's own; empty if neither is on record."""
    own = peewee.fn.NULLIF(Posting.state_class, ""), Officer.state_class
    return peewee.fn.COALESCE(*own, "")
