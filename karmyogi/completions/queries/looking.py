"""Reads for those who look at flags: what is odd, group by group, and the completions of one group."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import peewee

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.rules import FLAG, Doubt, Told, stretches
from karmyogi.core.permissions import Actor, Permission, can, scope_of
from karmyogi.courses.models import Course
from karmyogi.people.models import Officer
from karmyogi.people.queries import units_within, within_reach
from karmyogi.store.db import Moment
from karmyogi.store.imports import Import, sources_of
from karmyogi.store.reach import within
from karmyogi.store.transitions import CaseStep, touched_by

READ = Permission.FLAGS_READ
GROUPS, PAGE = 25, 50
AT_ONCE = 200  # flags judged together: each leaves its own entry on the trail
ACTS_SHOWN = 20
TABS = {"open": ("open",), "doubted": ("doubted",), "judged": ("credible", "not_credible")}


@dataclass(frozen=True)
class Asked:
    """Which flags a reader wants to see: a tab of TABS, and one kind, one import or all."""

    tab: str = "open"
    code: str = ""
    import_id: int | None = None


@dataclass(frozen=True)
class Group:
    """Flags raised together, as far as the reader reaches: why, about what, and how many in the tab that was asked."""

    code: str
    about: str
    count: int
    officers: int
    newest_id: int
    first_at: datetime  # of the completions
    import_id: int | None  # the latest that raised one of them


@dataclass(frozen=True)
class Act:
    """The same step taken on several flags at one moment by one person."""

    action: str
    actor: str
    at: datetime
    remark: str
    count: int


def is_reached(actor: Actor, permission: Permission = READ) -> peewee.Expression:
    """The condition that a flag lies within reach: by the unit in which it was raised."""
    scope = scope_of(actor, permission)
    return within(scope, line_path=Flag.line_path, territory_path=Flag.territory_path)


def flags_for(actor: Actor) -> peewee.ModelSelect:
    """The flags within reach, with their officers and courses."""
    return (
        Flag.select(Flag, Officer, Completion, Course)
        .join(Officer, on=Flag.officer)
        .switch(Flag)
        .join(Completion)
        .join(Course)
        .where(is_reached(actor))
    )


def groups_page(actor: Actor, asked: Asked, *, before: int | None = None) -> list[Group]:
    """One page of groups, the newest first, and one more that tells whether there is a next page.

    `before` is the number of the newest flag in the last group of the page before.
    """
    newest, fn = peewee.fn.MAX(Flag.id), peewee.fn
    told = (fn.COUNT(Flag.id), fn.COUNT(Flag.officer.distinct()), newest, fn.MIN(Flag.completed_at))
    rows = Flag.select(Flag.code, Flag.about, *told, fn.MAX(Flag.import_id)).where(_asked(actor, asked))
    rows = rows.group_by(Flag.code, Flag.about).order_by(newest.desc()).limit(GROUPS + 1)
    if before:
        rows = rows.having(newest < before)
    return [_group(*row) for row in rows.tuples()]


def _asked(actor: Actor, asked: Asked) -> peewee.Expression:
    wanted = is_reached(actor) & Flag.state.in_(TABS[asked.tab])
    if asked.code:
        wanted &= Flag.code == asked.code
    return wanted & (Flag.import_id == asked.import_id) if asked.import_id else wanted


def _group(code: str, about: str, count: int, officers: int, newest: int, first: object, origin: int | None) -> Group:
    return Group(code, about, count, officers, newest, Moment().python_value(first), origin)


def group_of(actor: Actor, flag: Flag) -> peewee.ModelSelect:
    """The flags within reach that were raised with this one, in the order of time."""
    same = (Flag.code == flag.code) & (Flag.about == flag.about)
    return flags_for(actor).where(same).order_by(Flag.completed_at, Flag.id)


def states_of(group: peewee.ModelSelect) -> dict[str, int]:
    """How many flags of a group stand in each state, in the order of looking at them."""
    counted = group.select(Flag.state, peewee.fn.COUNT(Flag.id)).group_by(Flag.state).order_by()
    counts = dict(counted.tuples())
    return {state: counts[state] for states in TABS.values() for state in states if state in counts}


def group_page(group: peewee.ModelSelect, state: str, *, after: int | None = None) -> list[Flag]:
    """One page of a group in one state, and one more row that tells whether there is a next page."""
    rows, last = group.where(Flag.state == state), Flag.get_or_none(Flag.id == after) if after else None
    if last:
        later = (Flag.completed_at == last.completed_at) & (Flag.id > last.id)
        rows = rows.where((Flag.completed_at > last.completed_at) | later)
    return list(rows.limit(PAGE + 1))


def acts_on(group: peewee.ModelSelect) -> list[Act]:
    """What was said of a group, the latest last; what was said of many at one moment is told once."""
    theirs = (CaseStep.workflow == FLAG.name) & CaseStep.case_id.in_(group.select(Flag.id).order_by())
    told = (CaseStep.action, CaseStep.actor, CaseStep.at, CaseStep.remark)
    rows = CaseStep.select(*told, peewee.fn.COUNT(CaseStep.id)).where(theirs).group_by(*told)
    latest = rows.order_by(CaseStep.at.desc(), peewee.fn.MAX(CaseStep.id).desc()).limit(ACTS_SHOWN)
    return [Act(*row) for row in reversed(list(latest.tuples()))]


def stretches_of(actor: Actor, officers: Iterable[str]) -> dict[str, list[list[Told]]]:
    """The stretches in which these officers, as `about` names them, finished courses too fast, as far as in reach.

    A course of a stretch is named by the number of its flag.
    """
    rows = Flag.select(Flag.about, Flag.id, Flag.completed_at, Flag.length_seconds).where(
        is_reached(actor) & (Flag.code == Doubt.TOO_FAST.value) & Flag.about.in_(list(officers))
    )
    theirs: defaultdict[str, list[Told]] = defaultdict(list)
    for about, number, at, seconds in rows.tuples():
        theirs[about].append(Told(about, number, at, length_seconds=seconds or 0))
    return {about: stretches(told) for about, told in theirs.items()}


def others_seen(flags: Iterable[Flag], actor: Actor, *, on: date) -> dict[int, Officer]:
    """Who else holds the certificate of these flags, by number; only officers in the reader's own reach."""
    wanted = {flag.other_id for flag in flags if flag.other_id}
    seen = within_reach(wanted, actor, Permission.OFFICERS_READ, on=on) if wanted else ()
    return {one.id: one for one in Officer.select().where(Officer.id.in_(list(seen)))} if seen else {}


def origins_of(numbers: Iterable[int | None], actor: Actor) -> dict[int, Import]:
    """The imports with these numbers, each marked `is_readable` where the reader may open it."""
    scope, found = scope_of(actor, Permission.REPORTS_READ), sources_of(numbers)
    units = {one.unit_id for one in found.values() if one.unit_id}
    rows = units_within(scope)
    reached = {one for (one,) in rows.where(rows.model.id.in_(list(units))).tuples()} if units else set()
    for origin in found.values():
        origin.is_readable = scope.everything or origin.unit_id in reached
    return found


def flags_raised_by(origin: Import, actor: Actor) -> int:
    """How many flags within reach an import has raised."""
    return Flag.select().where(is_reached(actor) & (Flag.import_id == origin.id)).count()


def flags_to_judge(actor: Actor) -> peewee.ModelSelect:
    """The flags that this person may judge as the first: open ones within reach, none of them their own."""
    return Flag.select().where((Flag.state == "open") & is_reached(actor, Permission.FLAGS_JUDGE) & _of_another(actor))


def flags_to_confirm(actor: Actor) -> peewee.ModelSelect:
    """The doubted ones that wait for this person as the second: none of their own, none that they doubted."""
    waiting = (Flag.state == "doubted") & is_reached(actor, Permission.FLAGS_CONFIRM) & _of_another(actor)
    return Flag.select().where(waiting & ~touched_by(actor, FLAG, Flag.id))


def _of_another(actor: Actor) -> peewee.Expression:
    return Flag.officer != (actor.officer_id or 0)


def flags_on(completions: Iterable[Completion], actor: Actor) -> dict[int, list[Flag]]:
    """The flags within reach on these completions, by the number of the completion; one query."""
    numbers, found = [one.id for one in completions], defaultdict(list)
    if numbers and can(actor, READ):
        for flag in Flag.select().where(is_reached(actor) & Flag.completion.in_(numbers)).order_by(Flag.id):
            found[flag.completion_id].append(flag)
    return dict(found)
