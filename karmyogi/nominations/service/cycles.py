"""Schemes and cycles: what is awarded, in which round, on which terms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import Reason, reason
from karmyogi.nominations.models import Category, Cycle, Scheme
from karmyogi.nominations.rules import Criteria
from karmyogi.nominations.service.checks import must_hold, refuse
from karmyogi.store.db import database
from karmyogi.store.trail import record


@dataclass(frozen=True)
class Terms:
    """What a category is called and what it brings; no amount means no money."""

    name_hi: str
    name_en: str
    amount_rupees: int | None = None


def install_scheme(code: str, *, name_hi: str, name_en: str, award_hi: str, award_en: str, by: Actor) -> Scheme:
    """The scheme of that code, made if it is not there yet; one that is there stays as it is.

    Raises NotAllowed, or RuleBroken when a name is missing in one language.
    """
    must_hold(by, Permission.CYCLES_WRITE)
    names = {"name_hi": name_hi, "name_en": name_en, "award_hi": award_hi, "award_en": award_en}
    refuse(_names_missing(*names.values()))
    with database.atomic():
        made = Scheme.insert(code=code, **names).on_conflict_ignore().as_rowcount().execute()
        scheme = Scheme.get(Scheme.code == code)
        if made:
            record(by, "scheme.install", scheme, {"code": code, **names})
    return scheme


def create_cycle(
    scheme: Scheme,
    *,
    name_hi: str,
    name_en: str,
    first_month: Month,
    last_month: Month,
    cut_off_on: date,
    opens_on: date,
    closes_on: date,
    quota: int,
    criteria: Criteria,
    categories: Sequence[Terms],
    by: Actor,
) -> Cycle:
    """Open a round of a scheme; its criteria, quota and dates stay as they are given here.

    Months and days are inclusive; `quota` is nominations per department. Raises
    NotAllowed, or RuleBroken with everything that is wrong.
    """
    must_hold(by, Permission.CYCLES_WRITE)
    refuse(
        [
            *_names_missing(name_hi, name_en, *(name for one in categories for name in (one.name_hi, one.name_en))),
            *([] if quota > 0 else [reason("cycle_quota_wrong")]),
            *([] if opens_on <= closes_on else [reason("cycle_window_wrong")]),
            *([] if first_month <= last_month else [reason("cycle_period_wrong")]),
            *([] if categories else [reason("cycle_category_missing")]),
            *([reason("category_amount_wrong")] if any(_is_wrong(one.amount_rupees) for one in categories) else []),
        ]
    )
    with database.atomic():
        cycle = Cycle.create(
            scheme=scheme,
            name_hi=name_hi,
            name_en=name_en,
            first_month=str(first_month),
            last_month=str(last_month),
            cut_off_on=cut_off_on,
            opens_on=opens_on,
            closes_on=closes_on,
            quota=quota,
            criteria=criteria.as_data(),
        )
        for one in categories:
            Category.create(cycle=cycle, **asdict(one))
        told = {"scheme": scheme.code, "quota": quota, "criteria": cycle.criteria, "opens_on": opens_on}
        record(by, "cycle.create", cycle, told | {"closes_on": closes_on, "cut_off_on": cut_off_on})
    return cycle


def _names_missing(*names: str) -> list[Reason]:
    return [] if all(name.strip() for name in names) else [reason("cycle_name_missing")]


def _is_wrong(amount_rupees: int | None) -> bool:
    return amount_rupees is not None and amount_rupees <= 0
