"""Where the numbers of a front page lead: each to the list that it counts."""

from datetime import datetime

import peewee
from flask import url_for

from karmyogi.core.permissions import Permission, can
from karmyogi.reports.admin import Imports
from karmyogi.store.imports import Import
from karmyogi.web.access import current_actor
from karmyogi.web.filters import Filter
from karmyogi.web.registers import Register


def register_list(register: type[Register], column: peewee.Field, value: str, *, kind: type[Filter] = Filter) -> str:
    """The address of a register narrowed by the filter, of that kind, of one of its columns."""
    key = next(one.key for one in register.column_filters if one.column is column and isinstance(one, kind))
    return url_for(f"admin_{register.slug}.index_view", **{f"flt_{key}": value})


def pending_list(code: str) -> str:
    """The list of what waits, by the code of `queries.pending`."""
    kind, _space, state = code.partition("nominations_")
    if state:
        return url_for("nominations.nominations", view="waiting", state=state)
    if kind == "corrigenda":
        return url_for("awards.awards", view="corrigenda")
    if kind == "flags_doubted":
        return url_for("completions.flags", state="doubted")
    if kind == "imports":
        return register_list(Imports, Import.state, "checked")
    return url_for(PENDING[kind])


PENDING = {
    "queue": "reports.queue",
    "names": "people.queue",
    "flags": "completions.flags",
    "certificates": "achievements.review",
    "own_certificates": "achievements.own",
    "disputes": "scores.disputes",
    "holds": "scores.holds",
    "corrections_approve": "scores.corrections",
    "corrections_propose": "scores.corrections",
    "disputes_upheld": "scores.corrections",
    "months_propose": "scores.months",
    "months_seal": "scores.months",
    "policies_publish": "scores.drafts",
    "policies_draft": "scores.drafts",
    "policies_returned": "scores.drafts",
}


def changes_list(code: str, since: datetime) -> str:
    """The list of what has changed, by the code of `queries.since`; the newest stand first."""
    if code == "nominations":
        return url_for("nominations.nominations", view="all", moved=int(since.timestamp()))
    if code == "orders":
        return url_for("awards.awards", view="orders")
    if code == "months":
        return _months()
    return url_for({"imports": "reports.imports", "awards": "awards.awards", "certificates": "achievements.own"}[code])


def _months() -> str:
    actor = current_actor()
    if any(can(actor, one) for one in (Permission.SCORES_RUN, Permission.SCORES_SEAL, Permission.TRAIL_READ)):
        return url_for("scores.months")
    return url_for("scores.leaderboard" if can(actor, Permission.LEADERBOARD_READ) else "home.me")


def board_of(unit_id: int, month: str) -> str:
    """The board of a unit in a month."""
    return url_for("scores.leaderboard", unit=unit_id, month=month)
