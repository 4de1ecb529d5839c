"""The trail on a page: its entries with what stands beside them, and what is said where that was erased."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext

from karmyogi.store.trail import TrailEntry, reveal
from karmyogi.web.i18n import day


def revealed(entries: Iterable[TrailEntry]) -> list[TrailEntry]:
    """These entries as people read them, by one query for all; in place of what was erased, the day."""
    return reveal(entries, erased=_erased)


def revealed_one(entry: TrailEntry | None) -> TrailEntry | None:
    """The same of one entry, where there is one."""
    return revealed([entry])[0] if entry else None


def _erased(at: datetime | None) -> str:
    return gettext("erased on %(day)s", day=day(at)) if at else gettext("no longer there")
