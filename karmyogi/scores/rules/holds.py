"""A score taken out of ranking: proposed by one person with a reason, confirmed by another, released in the end."""

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, declare
from karmyogi.core.workflow import not_own_case, not_same_hand, step, workflow

declare(
    hold_reason_missing=N_("Say why the score should not be ranked: the officer reads it."),
    hold_already_there=N_("This score is on hold already, or a proposal to hold it waits for its second person."),
)

CONFIRM = Permission.HOLDS_CONFIRM

# fmt: off
SCORE_HOLD = workflow("score_hold", "hold_proposed", (
    #    action          from             to                who       guards / remark
    step("hold_confirm", "hold_proposed", "held",           CONFIRM,  not_own_case, not_same_hand),
    step("hold_dismiss", "hold_proposed", "hold_dismissed", CONFIRM,  not_own_case, remark=True),
    step("hold_release", "held",          "hold_released",  CONFIRM,  not_own_case, remark=True),
), ends="hold_dismissed hold_released")
# fmt: on

STANDING = ("hold_proposed", "held")
TOLD = ("held", "hold_released")  # what the officer is shown: not what was only proposed
