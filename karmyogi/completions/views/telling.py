"""What is odd about a group of flags, in the reader's words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import ngettext

from karmyogi.completions.queries import Group
from karmyogi.completions.rules import SAME_SECOND, Doubt, Told, has_clock
from karmyogi.people.models import Officer
from karmyogi.web.i18n import day, instant, local
from karmyogi.web.values import as_duration

STRETCHES_TOLD = 2


def oddness(group: Group, stretches: Sequence[Sequence[Told]] = (), officer: Officer | None = None) -> str:
    """One sentence; of a group of too fast courses with its stretches and its officer."""
    match Doubt(group.code):
        case Doubt.TOO_FAST:
            return _("%(name)s: %(what)s", name=local(officer, "name"), what=_haste(group, stretches))
        case Doubt.SAME_SECOND:
            return ngettext(
                "%(num)s completion at %(moment)s; the file tells at least %(least)s at this second.",
                "%(num)s completions at %(moment)s; the file tells at least %(least)s at this second.",
                group.count,
                moment=instant(group.first_at),
                least=SAME_SECOND,
            )
        case Doubt.SHARED_CERTIFICATE:
            return _("The certificate id %(about)s stands in the rows of two persons.", about=group.about)
        case Doubt.BEFORE_ENROLLED:
            return ngettext(
                "%(num)s completion lies before its enrolment.",
                "%(num)s completions lie before their enrolments.",
                group.count,
            )
        case Doubt.IN_FUTURE:
            return ngettext(
                "%(num)s completion lies after the day on which the file came in.",
                "%(num)s completions lie after the day on which the file came in.",
                group.count,
            )


def _haste(group: Group, stretches: Sequence[Sequence[Told]]) -> str:
    if not stretches:
        return ngettext("%(num)s course in too short a time", "%(num)s courses in too short a time", group.count)
    told = [_stretch(one) for one in stretches[:STRETCHES_TOLD]]
    if more := len(stretches[STRETCHES_TOLD:]):
        told.append(ngettext("and %(num)s more such stretch", "and %(num)s more such stretches", more))
    return "; ".join(told)


def _stretch(told: Sequence[Told]) -> str:
    span = told[-1].completed_at - told[0].completed_at
    return _(
        "%(courses)s courses of together %(length)s within %(span)s",
        courses=len(told),
        length=as_duration(sum(one.length_seconds for one in told)),
        span=span_of(span),
    )


def span_of(span: timedelta) -> str:
    """A length of time; at the same second it is none."""
    seconds = int(span.total_seconds())
    if seconds < 60 or seconds >= 3600:
        return as_duration(seconds)
    return _("%(minutes)s min %(seconds)s s", minutes=seconds // 60, seconds=seconds % 60)


def when(at: datetime | None) -> str:
    """A moment to the second; the day alone where the report names no time."""
    return instant(at) if at and has_clock(at) else day(at)


def since_before(stretches: Sequence[Sequence[Told]]) -> dict[object, str]:
    """For each course of a stretch, but its first, the time since the one before."""
    return {
        later.course: span_of(later.completed_at - earlier.completed_at)
        for stretch in stretches
        for earlier, later in pairwise(stretch)
    }
