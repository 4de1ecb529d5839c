"""How a case is told on a page: what happened to it, newest last."""

from collections.abc import Iterable

from karmyogi.store.transitions import CaseStep
from karmyogi.web.i18n import moment, word


def timeline(steps: Iterable[CaseStep]) -> list[dict[str, str]]:
    """Steps taken, as the timeline part wants them."""
    return [
        {"title": word(step.action), "when": moment(step.at), "by": step.actor, "note": step.remark} for step in steps
    ]
