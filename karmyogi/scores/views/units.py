"""Leaderboards of units: departments, districts, or the offices of a department, among those of like size."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, now
from karmyogi.core.periods import Period, When
from karmyogi.core.permissions import Permission, scope_of
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.queries import units_of_kind, units_within
from karmyogi.scores import queries, service
from karmyogi.scores.leaderboard import PERIOD_UNIT_COLUMNS, SORTED_BY, UNIT_COLUMNS, Column, hours, sorted_units
from karmyogi.scores.models import ScorePeriod
from karmyogi.scores.rules import BoardScope
from karmyogi.scores.views.address import blueprint
from karmyogi.scores.views.boards import CSV, XLSX
from karmyogi.scores.views.chosen import Chosen, choices_of, chosen_from, counted_in, facts_of, offered, when_of
from karmyogi.web.access import current_actor, requires
from karmyogi.web.exports import csv_response
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import day, language, local, number, word
from karmyogi.web.installed import profile
from karmyogi.web.workbooks import Sheet, xlsx_response

KINDS = (BoardScope.DEPARTMENT, BoardScope.DISTRICT)
MONTHS = 12  # of a unit's history


@dataclass(frozen=True)
class Asked:
    """The board of the address: a kind of units, or the offices of one department, in a month, quarter or year."""

    chosen: Chosen
    scope: BoardScope
    department: OrgUnit | None
    sort: str

    @property
    def name(self) -> str:
        return local(self.department, "name") if self.department else word(self.scope.value)

    @property
    def when(self) -> When:
        return when_of(self.chosen)

    @property
    def columns(self) -> tuple[Column[queries.UnitStanding], ...]:
        return PERIOD_UNIT_COLUMNS if isinstance(self.chosen, ScorePeriod) else UNIT_COLUMNS

    def bands(self) -> list[queries.Band]:
        """The board, each band in the order asked for, the best first."""
        department_id = self.department and self.department.id
        found = queries.unit_board(
            self.when, self.scope, profile().unit_bands, by=current_actor(), department_id=department_id
        )
        return [replace(band, units=tuple(sorted_units(band.units, self.sort))) for band in found]

    def kept(self) -> dict[str, object]:
        """The parameters of an address that leads to this board again."""
        of = {"department": self.department.id} if self.department else {"of": self.scope.value}
        order = {} if self.sort == SORTED_BY[0] else {"sort": self.sort}
        return {"month": self.chosen.month, **of, **order}

    def headings(self) -> list[dict[str, object]]:
        """The columns of the page; those that can be sorted lead to it, always from the best down."""
        return [self._heading(column) for column in self.columns if column.key]

    def _heading(self, column: Column[queries.UnitStanding]) -> dict[str, object]:
        kind = {"rank": "rank", "unit": "head", "change": "text"}.get(column.key, "number")
        is_order = column.key == self.sort
        url = url_for(".unit_board", **{**self.kept(), "sort": column.key}) if column.key in SORTED_BY else ""
        return {
            "key": column.key,
            "label": _(column.label),
            "kind": kind,
            "sort": "" if is_order else url,
            "sorted": "descending" if is_order else "",
            "value": column.value,
        }


@blueprint.get("/leaderboards/units")
@requires(Permission.LEADERBOARD_READ)
def unit_board() -> str:
    """Without a department the units of a kind; with one, its offices."""
    among, departments = offered(), units_of_kind(UnitKind.DEPARTMENT)
    asked = _asked(among, departments)
    return render_template(
        "scores/units.html",
        whens=choices_of(among),
        asked=asked,
        kinds=[kind.value for kind in KINDS],
        departments=[(unit.id, local(unit, "name")) for unit in departments],
        bands=[(band, band_name(band), _tied_ranks(band)) for band in asked.bands()] if asked else [],
        is_kept=asked is None or queries.keeps_figures(asked.when),
        counted=asked and counted_in(asked.chosen, as_sealed=True),
    )


@blueprint.get("/leaderboards/units/<int:unit_id>")
@requires(Permission.LEADERBOARD_READ)
def unit_history(unit_id: int) -> str:
    """One unit over the last twelve months that were scored."""
    unit, months = _within_reach(unit_id), queries.months_scored()[:MONTHS]
    history = queries.unit_history(unit, [Month.parse(one.month) for one in reversed(months)], profile().unit_bands)
    return render_template(
        "scores/unit_months.html",
        unit=unit,
        scope=queries.scope_of_unit(unit).value,
        history=history,
        hours=hours,
    )


def _within_reach(unit_id: int) -> OrgUnit:
    scope = scope_of(current_actor(), Permission.LEADERBOARD_READ)
    units = OrgUnit.select().where(OrgUnit.id == unit_id)
    unit = (units if scope.everything else units.where(OrgUnit.id.in_(units_within(scope)))).first()
    if unit is None:
        raise NotThere("not_there")
    return unit


@blueprint.get("/leaderboards/units/file/<kind>")
@requires(Permission.LEADERBOARD_READ)
def unit_board_file(kind: str) -> Response:
    """The board that the page shows; taking it leaves a trace."""
    asked = _asked(offered(), units_of_kind(UnitKind.DEPARTMENT))
    if kind not in (CSV, XLSX) or asked is None:
        raise NotThere("not_there")
    bands = asked.bands()
    count = sum(len(band.units) for band in bands)
    service.remember_file(asked.chosen, {"units": asked.kept(), "kind": kind, "rows": count}, by=current_actor())
    name = f"leaderboard-{asked.scope.value}-{asked.chosen.month}"
    header = [_("Size of the unit"), *(_(column.label) for column in asked.columns)]
    if kind == CSV:
        return csv_response(name, header, _cells(asked, bands))
    title = _("Leaderboard of units: %(name)s", name=asked.name)
    counted = (_("Officers posted, counted on"), _counted_on(asked))
    facts = [*facts_of(asked.chosen, as_sealed=True), counted, (_("Taken on"), now())]
    return xlsx_response(name, Sheet(title, facts, header, _cells(asked, bands)))


def _counted_on(asked: Asked) -> str:
    """The day whose postings were counted, and by which roster if not by that of the month's computation."""
    if isinstance(asked.when, Period):
        return _("Average of the months counted")
    on = day(asked.when.last_on)
    return on if queries.keeps_figures(asked.when) else _("%(day)s, by the roster of today", day=on)


def _cells(asked: Asked, bands: list[queries.Band]) -> Iterator[list[object]]:
    spoken = language()
    for band in bands:
        for unit in band.units:
            yield [band_name(band), *(column.value(unit, spoken) for column in asked.columns)]


def band_name(band: queries.Band) -> str:
    """What units of a band have in common."""
    smallest = number(band.smallest)
    if band.largest is None:
        return _("Units with %(smallest)s officers or more", smallest=smallest)
    return _("Units with %(smallest)s to %(largest)s officers", smallest=smallest, largest=number(band.largest))


def _asked(among: list[Chosen], departments: list[OrgUnit]) -> Asked | None:
    """What the address asks for; None where no month is scored."""
    chosen, department = chosen_from(among), _chosen_department(departments)
    scope = BoardScope.OFFICE if department else _chosen_kind()
    sort = request.args.get("sort", "")
    return chosen and Asked(chosen, scope, department, sort if sort in SORTED_BY else SORTED_BY[0])


def _chosen_kind() -> BoardScope:
    asked = request.args.get("of")
    return BoardScope(asked) if asked in set(KINDS) else KINDS[0]


def _chosen_department(departments: list[OrgUnit]) -> OrgUnit | None:
    asked = asked_number("department")
    found = next((unit for unit in departments if unit.id == asked), None)
    if asked is not None and found is None:
        raise NotThere("not_there")
    return found


def _tied_ranks(band: queries.Band) -> set[int]:
    """The ranks that several of the units shown share."""
    ranks = [unit.rank for unit in band.units]
    return {rank for rank in ranks if ranks.count(rank) > 1}
