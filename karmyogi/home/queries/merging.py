"""What the records say of two who may be one person: what stands against it, and each beside the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.accounts.queries import account_of
from karmyogi.achievements.models import Achievement
from karmyogi.awards.models import Award
from karmyogi.completions.models import Completion
from karmyogi.home.queries.structure import open_states
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import is_live
from karmyogi.people.models import KeyKind, Officer, OfficerKey, Posting
from karmyogi.people.queries import merged_records, postings_with_places
from karmyogi.people.rules import Likeness, Shared, Side, name_verdict, text_verdict
from karmyogi.store.db import Table
from karmyogi.store.trail import TrailEntry


def side_of(officer: Officer) -> Side:
    """One of two records with what stands against its giving way to the other."""
    account = account_of(officer)
    in_use = account is not None and account.is_active and account.password_hash is not None
    return Side(
        officer.id,
        officer.employee_code,
        birth_on=officer.birth_on,
        gender=officer.gender,
        merged_into=officer.merged_into.employee_code if officer.merged_into else "",
        others=[one.employee_code for one in merged_records(officer)],
        login=account.login if in_use else "",
        open_cases=sum(_count(case, case.state.in_(states), officer) for case, states in open_states().values()),
    )


def shared_by(one: Officer, other: Officer) -> Shared:
    """The cycles in which both have a nomination that stands, and in which both hold an award."""
    held = Nomination.id.in_(Award.select(Award.nomination).where(Award.state == "given"))
    return Shared(nominated=_cycles(one, other, is_live()), awarded=_cycles(one, other, held))


def _cycles(one: Officer, other: Officer, condition: peewee.Expression) -> list[str]:
    both = (
        Nomination.select(Nomination.cycle)
        .where(Nomination.officer.in_([one.id, other.id]) & condition)
        .group_by(Nomination.cycle)
        .having(peewee.fn.COUNT(Nomination.officer.distinct()) > 1)
    )
    return [str(cycle) for cycle in Cycle.select().where(Cycle.id.in_(both)).order_by(Cycle.id)]


def _count(table: type[Table], condition: peewee.Expression | None, officer: Officer) -> int:
    mine = table.officer == officer
    return table.select().where(mine if condition is None else mine & condition).count()


@dataclass(frozen=True)
class Beside:
    """One thing of both records, and whether it agrees; `field` is a code that a page has words for."""

    field: str
    one: str | date | int | None
    other: str | date | int | None
    likeness: Likeness | None = None  # None where nothing is to agree


def side_by_side(one: Officer, other: Officer, *, on: date, with_contact: bool, with_birth: bool) -> list[Beside]:
    """All that tells whether two records are of one person, and how much hangs on each of them."""
    held = postings_with_places([one.id, other.id], on=on)
    lines = [_names(one, other), _posts(one, other), _units(held.get(one.id), held.get(other.id))]
    lines += [_exact("gender", one.gender.capitalize(), other.gender.capitalize())]  # files differ in letters only
    lines += [_exact("birth_on", one.birth_on, other.birth_on)] if with_birth else []
    lines += [_exact(name, getattr(one, name), getattr(other, name)) for name in ("joined_on", "retires_on")]
    if with_contact:
        lines += [_exact("told_email", one.email.lower(), other.email.lower())]
        lines += [_exact("told_phone", one.mobile, other.mobile)]
    return [*lines, *_keys(one, other, with_contact=with_contact), *_weights(one, other)]


def _names(one: Officer, other: Officer) -> Beside:
    verdict = name_verdict(one.name_en or one.name_hi, other.name_en, other.name_hi)
    return Beside("told_name", _both(one), _both(other), verdict)


def _both(named: Table | None) -> str:
    return " · ".join(filter(None, (named.name_hi, named.name_en))) if named else ""


def _posts(one: Officer, other: Officer) -> Beside:
    first, second = one.designation, other.designation
    verdict = text_verdict(_name(first), _name(second))
    return Beside("told_designation", _both(first), _both(second), verdict)


def _units(one: Posting | None, other: Posting | None) -> Beside:
    """Two offices agree if they are one, and are near if they are of one department."""
    first, second = one and one.unit, other and other.unit
    if not first or not second:
        return Beside("posting", _both(first), _both(second), Likeness.UNKNOWN)
    near = Likeness.NEAR if first.department_id == second.department_id else Likeness.OTHER
    return Beside("posting", _both(first), _both(second), Likeness.SAME if first == second else near)


def _name(named: Table | None) -> str:
    return (named.name_en or named.name_hi) if named else ""


def _exact(field: str, one: str | date | None, other: str | date | None) -> Beside:
    if not one or not other:
        return Beside(field, one, other, Likeness.UNKNOWN)
    return Beside(field, one, other, Likeness.SAME if one == other else Likeness.OTHER)


CONTACTS = (KeyKind.EMAIL, KeyKind.PHONE)


def _keys(one: Officer, other: Officer, *, with_contact: bool) -> Iterable[Beside]:
    """The keys by which files know each of the two, kind by kind; contacts only for who may know them."""
    rows = OfficerKey.select().where(OfficerKey.officer.in_([one.id, other.id])).order_by(OfficerKey.value)
    known = list(rows)
    for kind in KeyKind:
        values = [
            [key.value for key in known if key.officer_id == each.id and key.kind == kind] for each in (one, other)
        ]
        if any(values) and (with_contact or kind not in CONTACTS):
            verdict = _verdict_of(*values)
            yield Beside(f"key_{kind.value}", ", ".join(values[0]), ", ".join(values[1]), verdict)


def _verdict_of(one: Sequence[str], other: Sequence[str]) -> Likeness:
    if not one or not other:
        return Likeness.UNKNOWN
    return Likeness.SAME if set(one) & set(other) else Likeness.OTHER


def _weights(one: Officer, other: Officer) -> Iterable[Beside]:
    """How much hangs on each record."""
    for table in (Completion, Achievement, Nomination, Award):
        yield Beside(table._meta.table_name, _count(table, None, one), _count(table, None, other))
    logins = [account.login if (account := account_of(each)) else "" for each in (one, other)]
    yield Beside("account", *logins)


def merging_of(officer: Officer) -> TrailEntry | None:
    """When, by whom and why this record gave way, as the trail has it; None if it did not."""
    its = (TrailEntry.subject == "officer") & (TrailEntry.subject_id == officer.id)
    rows = TrailEntry.select().where(its & (TrailEntry.action == "officer.merge"))
    return rows.order_by(TrailEntry.id.desc()).first()
