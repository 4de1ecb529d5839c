"""Leaderboards of units: departments, districts, or the offices of a department, among those of like size."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, render_template, request
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import Permission
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.queries import units_of_kind
from karmyogi.scores import queries, service
from karmyogi.scores.leaderboard import UNIT_COLUMNS, average
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import BoardScope
from karmyogi.scores.views.address import blueprint
from karmyogi.scores.views.boards import CSV, XLSX, facts_of_month
from karmyogi.scores.views.choosing import chosen_month
from karmyogi.web.access import current_actor, requires
from karmyogi.web.exports import csv_response
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import language, local, number, word
from karmyogi.web.installed import profile
from karmyogi.web.workbooks import Sheet, xlsx_response

KINDS = (BoardScope.DEPARTMENT, BoardScope.DISTRICT)


@dataclass(frozen=True)
class Asked:
    """The board of the address: a kind of units, or the offices of one department, in a month."""

    chosen: ScoreMonth
    scope: BoardScope
    department: OrgUnit | None

    @property
    def name(self) -> str:
        return local(self.department, "name") if self.department else word(self.scope.value)

    def bands(self) -> list[queries.Band]:
        return queries.unit_board(
            Month.parse(self.chosen.month),
            self.scope,
            profile().unit_bands,
            by=current_actor(),
            department_id=self.department and self.department.id,
        )

    def kept(self) -> dict[str, object]:
        """The parameters of an address that leads to this board again."""
        of = {"department": self.department.id} if self.department else {"of": self.scope.value}
        return {"month": self.chosen.month, **of}


@blueprint.get("/leaderboards/units")
@requires(Permission.LEADERBOARD_READ)
def unit_board() -> str:
    """Without a department the units of a kind; with one, its offices."""
    months, departments = queries.months_scored(), units_of_kind(UnitKind.DEPARTMENT)
    asked = _asked(months, departments)
    return render_template(
        "scores/units.html",
        months=months,
        asked=asked,
        kinds=[kind.value for kind in KINDS],
        departments=[(unit.id, local(unit, "name")) for unit in departments],
        bands=[(band, band_name(band), _tied_ranks(band)) for band in asked.bands()] if asked else [],
        average=average,
    )


@blueprint.get("/leaderboards/units/file/<kind>")
@requires(Permission.LEADERBOARD_READ)
def unit_board_file(kind: str) -> Response:
    """The board that the page shows; taking it leaves a trace."""
    asked = _asked(queries.months_scored(), units_of_kind(UnitKind.DEPARTMENT))
    if kind not in (CSV, XLSX) or asked is None:
        raise NotThere("not_there")
    bands = asked.bands()
    count = sum(len(band.units) for band in bands)
    service.remember_file(asked.chosen, {"units": asked.kept(), "kind": kind, "rows": count}, by=current_actor())
    name = f"leaderboard-{asked.scope.value}-{asked.chosen.month}"
    header = [_("Size of the unit"), *(_(column.label) for column in UNIT_COLUMNS)]
    if kind == CSV:
        return csv_response(name, header, _cells(bands))
    title = _("Leaderboard of units: %(name)s", name=asked.name)
    facts = [*facts_of_month(asked.chosen), (_("Taken on"), now())]
    return xlsx_response(name, Sheet(title, facts, header, _cells(bands)))


def _cells(bands: list[queries.Band]) -> Iterator[list[object]]:
    spoken = language()
    for band in bands:
        for unit in band.units:
            yield [band_name(band), *(column.value(unit, spoken) for column in UNIT_COLUMNS)]


def band_name(band: queries.Band) -> str:
    """What units of a band have in common."""
    smallest = number(band.smallest)
    if band.largest is None:
        return _("Units with %(smallest)s officers or more", smallest=smallest)
    return _("Units with %(smallest)s to %(largest)s officers", smallest=smallest, largest=number(band.largest))


def _asked(months: list[ScoreMonth], departments: list[OrgUnit]) -> Asked | None:
    """What the address asks for; None where no month is scored."""
    chosen, department = chosen_month(months), _chosen_department(departments)
    scope = BoardScope.OFFICE if department else _chosen_kind()
    return chosen and Asked(chosen, scope, department)


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
