"""What people find about flagged completions."""

from collections.abc import Sequence
from datetime import datetime

from karmyogi.completions.models import Flag
from karmyogi.completions.rules import FLAG
from karmyogi.core.errors import WrongState
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.store.db import database
from karmyogi.store.transitions import perform


def judge(flag: Flag, action: str, *, by: Actor, remark: str = "", at: datetime | None = None) -> None:
    """Take one step of `FLAG` on a flag: to accept the completion, to doubt it, to confirm that, or to go back.

    Scores follow with the next calculation of a month that is not sealed.
    Raises NotAllowed, RuleBroken or WrongState; then nothing is written.
    """
    perform(FLAG, flag, action, by=by, remark=remark, at=at or now())


def judge_each(flags: Sequence[Flag], action: str, *, by: Actor, remark: str = "", at: datetime | None = None) -> None:
    """Say the same of many flags, in one transaction; each is checked, and each leaves its entry on the trail.

    Raises NotAllowed or RuleBroken for the first that may not be judged so, WrongState if somebody else was first
    at any of them; then nothing is written at all.
    """
    at = at or now()
    with database.atomic():
        for flag in flags:
            try:
                judge(flag, action, by=by, remark=remark, at=at)
            except WrongState as moved:
                raise WrongState("flag_verdict_changed") from moved
