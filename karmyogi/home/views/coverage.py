"""The page of coverage: every office, district or department within reach, sorted by what one asks about."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.months import Month, today
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_
from karmyogi.home.queries.coverage import By, Covered, offices_covered, rolled_up, total_of
from karmyogi.home.views.address import blueprint
from karmyogi.scores import queries as scores
from karmyogi.web.access import current_actor, requires
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import month_name, word

PAGE = 100
COLUMNS = {
    "officers": N_("Officers"),
    "registered": N_("Registered on iGOT"),
    "finished": N_("Finished a course"),
    "share": N_("Per cent finished"),
    "hours": N_("Learning hours"),
    "awards": N_("Awards"),
}


@dataclass(frozen=True)
class Order:
    """By which column the table is sorted; numbers from the top unless turned round, names from the beginning."""

    column: str
    is_turned: bool

    @property
    def is_down(self) -> bool:
        return (self.column in COLUMNS) != self.is_turned

    def sort(self, rows: list[Covered]) -> list[Covered]:
        if self.column not in COLUMNS:
            return rows[::-1] if self.is_turned else rows
        return sorted(rows, key=lambda one: getattr(one, self.column), reverse=self.is_down)


@blueprint.get("/coverage")
@requires(Permission.LEADERBOARD_READ)
def covered() -> str:
    """The units within reach: who is posted, on iGOT, learning, and honoured."""
    scored = [one for one in scores.months_scored() if one.officer_count]
    months = [one.month for one in scored]
    month, by, order = _month(months, sealed=[one.month for one in scored if one.state == "sealed"]), _by(), _order()
    rows = rolled_up(offices_covered(current_actor(), month, on=today()), by)
    start = min(max(asked_number("from") or 0, 0), len(rows))
    return render_template(
        "home/coverage.html",
        rows=order.sort(rows)[start : start + PAGE],
        total=total_of(rows),
        count=len(rows),
        start=start,
        pages=_pages(start, len(rows)),
        month=month,
        months=[(one, month_name(one)) for one in months],
        tabs=[{"label": word(one.value), "url": _address(by=one.value), "current": one is by} for one in By],
        columns=_columns(order, by),
    )


def _month(months: list[str], *, sealed: list[str]) -> Month:
    """The month asked for, else the newest that was sealed, else the newest that was computed, else the running one."""
    asked = request.args.get("month", "")
    chosen = asked if asked in months else next(iter([*sealed, *months]), "")
    return Month.parse(chosen) if chosen else Month.of(today())


def _by() -> By:
    asked = request.args.get("by", "")
    return By(asked) if asked in set(By) else By.OFFICE


def _order() -> Order:
    return Order(request.args.get("sort", ""), request.args.get("turned") == "1")


def _columns(order: Order, by: By) -> list[dict[str, object]]:
    """The headings, each an address that sorts by it, and by it the other way round once it is the order."""
    named = [{"label": word(by.value), "kind": "head", "sort": _sorted_by("", order), "sorted": _direction("", order)}]
    return named + [
        {
            "label": _(label),
            "kind": "number",
            "name": name,
            "sort": _sorted_by(name, order),
            "sorted": _direction(name, order),
        }
        for name, label in COLUMNS.items()
    ]


def _sorted_by(name: str, order: Order) -> str:
    turned = "1" if name == order.column and not order.is_turned else None
    return _address(sort=name or None, turned=turned)


def _direction(name: str, order: Order) -> str:
    if name != (order.column if order.column in COLUMNS else ""):
        return ""
    return "descending" if order.is_down else "ascending"


def _pages(start: int, count: int) -> tuple[str | None, str | None]:
    before = _address(**{"from": max(start - PAGE, 0) or None}) if start else None
    return before, _address(**{"from": start + PAGE}) if start + PAGE < count else None


def _address(**changed: object) -> str:
    """This page with something of it changed; a new order or table begins at the top."""
    kept = {name: request.args[name] for name in ("by", "month", "sort", "turned") if request.args.get(name)}
    return url_for(".covered", **{**kept, **({"turned": None} if "sort" in changed else {}), **changed})
