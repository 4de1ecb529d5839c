"""How a case is told on a page: what happened to it, newest last."""

from collections.abc import Iterable

from karmyogi.core.permissions import SYSTEM
from karmyogi.store.transitions import CaseStep
from karmyogi.web.i18n import moment, word


def timeline(steps: Iterable[CaseStep]) -> list[dict[str, str]]:
    """Steps taken, as the timeline part wants them: by what each came to, since the words of acts are for buttons.

    A step that only opened the case, changed it, or led back to where it began is told by its own word.
    """
    taken = list(steps)
    start = taken[0].from_state or taken[0].to_state if taken else ""
    return [
        {"title": _title(step, start), "when": moment(step.at), "by": _hand(step), "note": step.remark}
        for step in taken
    ]


def _title(step: CaseStep, start: str) -> str:
    led_on = step.from_state and step.to_state not in (step.from_state, start)
    return word(step.to_state if led_on else step.action)


def _hand(step: CaseStep) -> str:
    return word(SYSTEM.name) if step.user_id is None and step.actor == SYSTEM.name else step.actor
