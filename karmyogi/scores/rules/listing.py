"""Why an officer is not listed in a month, or not where they look: every reason that holds, said at once."""

from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.core.reasons import N_, Day, Reason, declare, reason
from karmyogi.scores.rules.facts import Posting

declare(
    unlisted_on_hold=N_("The General Administration Department has put the score of this month on hold."),
    unlisted_other_record=N_("The score of this month stands with the record %(record)s of the same person."),
    unlisted_never_posted=N_("No posting is on record, and days without a posting do not count."),
    unlisted_joined_later=N_("The first posting on record begins on %(on)s, after this month."),
    unlisted_left_before=N_("The last posting on record ended on %(on)s, before this month."),
    unlisted_between=N_("No posting is on record for any day of this month."),
    unlisted_not_on_igot=N_("No report of iGOT names the officer as registered."),
    unlisted_nothing_known=N_("Nothing of this month is on record that the policy counts."),
    unlisted_nothing_counted=N_("What is on record of this month did not count; each line below says why."),
    unlisted_came_later=N_("What is on record came in only after the month was computed."),
    unlisted_no_board=N_("Fewer than ten officers of the whole State had a score in this month: no board is shown."),
    unlisted_without_class=N_("No class of post is on record, so that only boards of all classes list this score."),
    unlisted_small_group=N_("A group of fewer than ten officers has no board of its own; the wider group is shown."),
)


@dataclass(frozen=True)
class Listing:
    """What decides whether a month lists an officer. `found` and `later` count items on record; days are Indian."""

    has_score: bool
    postings: tuple[Posting, ...] = ()
    other_record: str = ""  # the employee code of the same person's record with which the score stands
    is_on_igot: bool = True
    found: int = 0
    later: int = 0  # of those, the ones that today's records would count and the month does not
    has_class: bool = True
    has_board: bool = True
    is_merged: bool = False
    is_held: bool = False  # points are there, and no score of them: two people have left it out of the ranks


def reasons_unlisted(case: Listing, month: Month) -> list[Reason]:
    """All that keeps an officer off the boards of a month, or moves them to a wider one; none if nothing does."""
    return _of_score(case) if case.has_score else _of_no_record(case, month)


def _of_score(case: Listing) -> list[Reason]:
    holding = {
        "unlisted_no_board": not case.has_board,
        "unlisted_without_class": not case.has_class,
        "unlisted_small_group": case.has_board and case.is_merged,
    }
    return [reason(code) for code, holds in holding.items() if holds]


def _of_no_record(case: Listing, month: Month) -> list[Reason]:
    if case.other_record:
        return [reason("unlisted_other_record", record=case.other_record)]
    if case.is_held:
        return [reason("unlisted_on_hold")]
    found = _of_postings(case.postings, month)
    if not case.is_on_igot:
        found.append(reason("unlisted_not_on_igot"))
    return [*found, reason(_of_facts(case))]


def _of_facts(case: Listing) -> str:
    if not case.found:
        return "unlisted_nothing_known"
    return "unlisted_came_later" if case.later else "unlisted_nothing_counted"


def _of_postings(postings: tuple[Posting, ...], month: Month) -> list[Reason]:
    if not postings:
        return [reason("unlisted_never_posted")]
    if any(p.from_on <= month.last_on and (p.to_on is None or p.to_on >= month.first_on) for p in postings):
        return []
    first_on, ends = min(p.from_on for p in postings), [p.to_on for p in postings if p.to_on]
    if first_on > month.last_on:
        return [reason("unlisted_joined_later", on=Day(first_on))]
    if len(ends) == len(postings) and max(ends) < month.first_on:
        return [reason("unlisted_left_before", on=Day(max(ends)))]
    return [reason("unlisted_between")]
