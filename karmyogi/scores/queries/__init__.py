"""Reads of scores: boards, one officer's facts, a month of everybody at once, and rows as text for seals."""

from karmyogi.scores.queries.boards import (
    Key,
    Standing,
    found_on,
    how_many,
    key_above,
    key_of,
    leaders,
    standings,
)
from karmyogi.scores.queries.disputes import (
    DUE_ON,
    disputes_for,
    disputes_of,
    disputes_waiting,
    evidence_of,
    lines_to_dispute,
    open_dispute,
)
from karmyogi.scores.queries.drafts import drafts, ground, months_from, terms_of_version, types_of_content
from karmyogi.scores.queries.facts import facts_of, published_policies
from karmyogi.scores.queries.groups import Group, group_in
from karmyogi.scores.queries.holds import holds_for, holds_to_confirm, holds_told, months_left_out
from karmyogi.scores.queries.listing import listing_of, months_without_record
from karmyogi.scores.queries.months import (
    computed_on,
    first_covered_month,
    grace_days,
    is_open,
    months_due_to_seal,
    months_scored,
    months_to_finish,
)
from karmyogi.scores.queries.officers import SeenMonth, may_read_month, months_seen
from karmyogi.scores.queries.participation import Participation, participation
from karmyogi.scores.queries.rows import Export, exported
from karmyogi.scores.queries.spread import Step, spread
from karmyogi.scores.queries.standing import (
    Neighbour,
    Neighbours,
    OfficerStanding,
    PastMonth,
    Place,
    StoredLine,
    history_of,
    lines_of,
    neighbours,
    standing_of,
)
from karmyogi.scores.queries.telling import ToldMonth, told_month
from karmyogi.scores.queries.trials import last_sealed, names_in, trial_running, trials_of, tried
from karmyogi.scores.queries.units import Band, UnitStanding, unit_board

__all__ = [
    "DUE_ON",
    "Band",
    "Export",
    "Group",
    "Key",
    "Neighbour",
    "Neighbours",
    "OfficerStanding",
    "Participation",
    "PastMonth",
    "Place",
    "SeenMonth",
    "Standing",
    "Step",
    "StoredLine",
    "ToldMonth",
    "UnitStanding",
    "computed_on",
    "disputes_for",
    "disputes_of",
    "disputes_waiting",
    "drafts",
    "evidence_of",
    "exported",
    "facts_of",
    "first_covered_month",
    "found_on",
    "grace_days",
    "ground",
    "group_in",
    "history_of",
    "holds_for",
    "holds_to_confirm",
    "holds_told",
    "how_many",
    "is_open",
    "key_above",
    "key_of",
    "last_sealed",
    "leaders",
    "lines_of",
    "lines_to_dispute",
    "listing_of",
    "may_read_month",
    "months_due_to_seal",
    "months_from",
    "months_left_out",
    "months_scored",
    "months_seen",
    "months_to_finish",
    "months_without_record",
    "names_in",
    "neighbours",
    "open_dispute",
    "participation",
    "published_policies",
    "spread",
    "standing_of",
    "standings",
    "terms_of_version",
    "told_month",
    "trial_running",
    "trials_of",
    "tried",
    "types_of_content",
    "unit_board",
]
