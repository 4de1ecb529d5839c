"""When a month may be sealed, and what may be wrong with it or its seal."""

from dataclasses import dataclass
from datetime import date, timedelta

from karmyogi.core.months import Month
from karmyogi.core.permissions import Permission, Role
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import Circumstances, not_same_hand, step, workflow

# What a run's id, and so a seal, covers. Version 1: scores, lines and groups. 2: also how many of a group have how many
# points, and the figures of units. A month keeps the version of its computation, so that old seals can be proved.
SCORES_ALONE, NEWEST_SEAL = 1, 2

declare(
    month_is_sealed=N_(
        "The month %(month)s is sealed and never changes. What comes in later is entered by a numbered correction, "
        "which GAD opens on the page of the month."
    ),
    month_not_scored=N_("The month %(month)s has not been computed yet. Run it first."),
    month_not_sealed=N_("The month %(month)s is not sealed, so there is no seal to prove."),
    month_is_empty=N_("Nobody has a score in the month %(month)s, so there is nothing to seal."),
    month_not_over=N_("The month %(month)s is not over yet, so it cannot be sealed."),
    month_is_stale=N_(
        "What counts in the month %(month)s has changed since it was computed. "
        "Compute it again, look at it, and propose the seal then."
    ),
    month_overtaken=N_(
        "Version %(number)s of the policy takes effect in %(month)s and was published after the month was computed. It "
        "is computed again by that version first; look at it, and propose the seal then."
    ),
    month_has_changed=N_("The month %(month)s was computed again meanwhile. Look at it and try again."),
    month_is_damaged=N_("The stored rows of %(month)s are not those that were computed. Run it again first."),
    earlier_month_open=N_("Months are sealed in order: seal %(month)s first."),
    seal_needs_proposal=N_("A person seals a month only after another person has proposed it."),
    seal_score_wrong=N_(
        "The sealed score of officer %(employee_code)s in %(month)s has been changed, removed or added since."
    ),
    seal_group_wrong=N_(
        "The sealed size of the group %(group)s in %(month)s has been changed, removed or added since."
    ),
    seal_unit_wrong=N_(
        "The sealed figures of the unit %(unit)s in %(month)s have been changed, removed or added since."
    ),
    seal_run_wrong=N_("The sealed rows of %(month)s fit their digests, but not the run that was sealed."),
    seal_digests_wrong=N_("The digests kept with the seal of %(month)s have been changed since."),
    seal_header_wrong=N_(
        "The seal of %(month)s does not fit what it covers: its policy, inputs or dates have been changed since."
    ),
    seal_link_wrong=N_("The seal of %(month)s does not follow from the one sealed before it."),
    seal_off_trail=N_("The seal of %(month)s is not the one on the trail."),
    seal_missing=N_("The month %(month)s was sealed on the trail, and is sealed no longer."),
    proof_names_more=N_("Further faults of this kind in %(month)s: %(count)s."),
    again_line_wrong=N_(
        "In %(month)s a line of officer %(employee_code)s (%(line)s) says %(stands)s points; what was found and the "
        "policy come to %(follows)s."
    ),
    again_points_wrong=N_(
        "In %(month)s the score of officer %(employee_code)s says %(stands)s points; the lines come to %(follows)s."
    ),
    again_rank_wrong=N_("In %(month)s a rank of officer %(employee_code)s does not follow from everybody's points."),
    again_group_wrong=N_("In %(month)s the size or the points of the group %(group)s are not those of its officers."),
    again_spread_wrong=N_(
        "In %(month)s %(stands)s officers of the group %(group)s are said to have %(points)s points; their scores come "
        "to %(follows)s officers."
    ),
    again_unit_wrong=N_(
        "In %(month)s the figures of the unit %(unit)s are not those of its officers' scores, or of its offices."
    ),
    again_score_missing=N_(
        "In %(month)s officer %(employee_code)s has points in lines and no score, and was not on hold at the sealing."
    ),
    again_count_wrong=N_("Officers with a score in %(month)s: %(count)s. The month itself says another number."),
    state_unit_missing=N_("The State itself is missing among the units. Install the State's reference data first."),
)


def only_the_system(here: Circumstances) -> Reason | None:
    """Without a proposal only the scheduler or the command line seals: two persons, or none."""
    return None if Role.SYSTEM in here.actor.roles else reason("seal_needs_proposal")


# fmt: off
SCORE_MONTH = workflow("score_month", "provisional", (
    #    action       from           to             who may                         guards
    step("propose",   "provisional", "proposed",    Permission.SCORES_PROPOSE_SEAL),
    step("withdraw",  "proposed",    "provisional", Permission.SCORES_PROPOSE_SEAL),
    step("lapse",     "proposed",    "provisional", Permission.SCORES_RUN),
    step("seal",      "proposed",    "sealed",      Permission.SCORES_SEAL,         not_same_hand),
    step("seal",      "provisional", "sealed",      Permission.SCORES_SEAL,         only_the_system),
), ends="sealed")
# fmt: on


@dataclass(frozen=True)
class Readiness:
    """What sealing a computed month depends on.

    `earlier_open` is the first unsealed month with scores before it, `overtaken_by` the number of a version that takes
    effect in it and by which it has still to be computed.
    """

    month: Month
    officer_count: int
    is_stale: bool = False
    earlier_open: str | None = None
    overtaken_by: int | None = None


def reasons_against_sealing(readiness: Readiness, *, on: date) -> list[Reason]:
    """Why a month may not be proposed or sealed on that day in India; empty if it may.

    The last day of the month is still part of it.
    """
    month, reasons = str(readiness.month), []
    if on <= readiness.month.last_on:
        reasons.append(reason("month_not_over", month=month))
    if not readiness.officer_count:
        reasons.append(reason("month_is_empty", month=month))
    if readiness.overtaken_by:
        reasons.append(reason("month_overtaken", month=month, number=readiness.overtaken_by))
    if readiness.is_stale:
        reasons.append(reason("month_is_stale", month=month))
    if readiness.earlier_open:
        reasons.append(reason("earlier_month_open", month=readiness.earlier_open))
    return reasons


def is_due_to_seal(month: Month, *, grace_days: int, on: date) -> bool:
    """True once the policy's grace days after the month's end have passed: with ten days, from the eleventh."""
    return on > month.last_on + timedelta(days=grace_days)
