"""What decides whether a month lists an officer, and the months that do not."""

import peewee

from karmyogi.people.models import Officer
from karmyogi.people.queries import profile_of, records_of
from karmyogi.scores import rules
from karmyogi.scores.models import MonthlyScore, ScoreLine, ScoreMonth, in_month, is_shown
from karmyogi.scores.queries.standing import OfficerStanding
from karmyogi.scores.queries.telling import ToldMonth


def listing_of(officer: Officer, told: ToldMonth, standing: OfficerStanding | None) -> rules.Listing:
    """An officer's case in a month, for `rules.reasons_unlisted`."""
    places = standing.places if standing else ()
    return rules.Listing(
        has_score=standing is not None,
        postings=told.facts.postings,
        other_record="" if standing else _other_record(officer, told),
        is_on_igot=profile_of(officer) is not None,
        found=sum(len(line.entries) for line in told.lines),
        later=sum(line.today.items for line in told.differing),
        has_class=all(place.wanted.state_class for place in places),
        has_board=bool(places),
        is_held=standing is None and told.total > 0,
        is_merged=any(place.is_merged for place in places),
    )


def _other_record(officer: Officer, told: ToldMonth) -> str:
    """The code of another record of the person that has a score in the month; empty if none has."""
    same = {number for (number,) in records_of(officer.id).tuples()} | {officer.merged_into_id}
    if not (others := same - {officer.id, None}):
        return ""
    scored = in_month(told.month, MonthlyScore) & MonthlyScore.officer.in_(others)
    rows = MonthlyScore.select(Officer.employee_code).join(Officer, on=MonthlyScore.officer).where(scored)
    return rows.order_by(Officer.id).scalar() or ""


def months_without_record(officer_id: int, *, limit: int) -> list[str]:
    """The computed months in which an officer has no points, newest first; a score on hold has lines alone."""
    mine = ScoreLine.select().where((ScoreLine.officer == officer_id) & is_shown(ScoreLine))
    rows = ScoreMonth.select(ScoreMonth.month).where(~peewee.fn.EXISTS(mine))
    return [month for (month,) in rows.order_by(ScoreMonth.month.desc()).limit(limit).tuples()]
