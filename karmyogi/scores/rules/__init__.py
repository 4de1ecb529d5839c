"""How a month's points come about, who is compared with whom, and when a month may be sealed.

One officer at a time, in plain Python: this is what a page explains. The room's
queries ask the same of everybody at once, and tests hold the two against each other.
"""

from karmyogi.scores.rules.disputes import (
    ANSWER,
    ANSWERED,
    DECIDE,
    DISPUTE,
    EVIDENCE_LIMIT,
    OPEN,
    RAISE,
    WORDS_LIMIT,
    dispute_reasons,
    last_day,
)
from karmyogi.scores.rules.drafts import (
    POLICY_DRAFT,
    WRITABLE,
    Difference,
    Ground,
    Terms,
    differences,
    reasons_against_draft,
    terms_from,
)
from karmyogi.scores.rules.earning import Chance, chances
from karmyogi.scores.rules.facts import Assessment, Attendance, Completion, Facts, Known, Origin, Posting
from karmyogi.scores.rules.groups import (
    MINIMUM_GROUP,
    WIDER,
    BoardScope,
    Peers,
    bands_from,
    group_shown,
    shared_ranks,
    wider_groups,
    width_of_steps,
)
from karmyogi.scores.rules.holds import SCORE_HOLD, STANDING, TOLD
from karmyogi.scores.rules.lines import Entry, Line, explained, line_of, lines_for
from karmyogi.scores.rules.listing import Listing, reasons_unlisted
from karmyogi.scores.rules.policies import Policy, Rule, policy_for
from karmyogi.scores.rules.publishing import KINDS, faults_of
from karmyogi.scores.rules.sealing import (
    SCORE_MONTH,
    Readiness,
    is_due_to_seal,
    only_the_system,
    reasons_against_sealing,
)
from karmyogi.scores.rules.sources import SECONDS_PER_HOUR, SOURCES, Item, Source, is_in_time
from karmyogi.scores.rules.telling import Counted, Telling, ToldEntry, ToldLine, told, total
from karmyogi.scores.rules.trials import FAR, OTHERS, TOPS, Moved, Trial, steps_of, told_groups, trial_from

__all__ = [
    "ANSWER",
    "ANSWERED",
    "DECIDE",
    "DISPUTE",
    "EVIDENCE_LIMIT",
    "FAR",
    "KINDS",
    "MINIMUM_GROUP",
    "OPEN",
    "OTHERS",
    "POLICY_DRAFT",
    "RAISE",
    "SCORE_HOLD",
    "SCORE_MONTH",
    "SECONDS_PER_HOUR",
    "SOURCES",
    "STANDING",
    "TOLD",
    "TOPS",
    "WIDER",
    "WORDS_LIMIT",
    "WRITABLE",
    "Assessment",
    "Attendance",
    "BoardScope",
    "Chance",
    "Completion",
    "Counted",
    "Difference",
    "Entry",
    "Facts",
    "Ground",
    "Item",
    "Known",
    "Line",
    "Listing",
    "Moved",
    "Origin",
    "Peers",
    "Policy",
    "Posting",
    "Readiness",
    "Rule",
    "Source",
    "Telling",
    "Terms",
    "ToldEntry",
    "ToldLine",
    "Trial",
    "bands_from",
    "chances",
    "differences",
    "dispute_reasons",
    "explained",
    "faults_of",
    "group_shown",
    "is_due_to_seal",
    "is_in_time",
    "last_day",
    "line_of",
    "lines_for",
    "only_the_system",
    "policy_for",
    "reasons_against_draft",
    "reasons_against_sealing",
    "reasons_unlisted",
    "shared_ranks",
    "steps_of",
    "terms_from",
    "told",
    "told_groups",
    "total",
    "trial_from",
    "wider_groups",
    "width_of_steps",
]
