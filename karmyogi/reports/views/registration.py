"""Officers who are not on iGOT yet: the file that its bulk upload takes, and who cannot stand in it and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, render_template, url_for

from karmyogi.core.errors import NotThere
from karmyogi.core.months import today
from karmyogi.core.permissions import Permission, scope_of
from karmyogi.people.models import OrgUnit
from karmyogi.reports import queries, service
from karmyogi.reports.rules import REGISTRATION_HEADER, Lack, registration_line
from karmyogi.reports.views.address import blueprint
from karmyogi.web.access import current_actor, fresh, requires
from karmyogi.web.exports import csv_response
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import local
from karmyogi.web.workbooks import Sheet, refuse_too_many, xlsx_response

REGISTER = Permission.REPORTS_REGISTER
SHOWN = 50
KINDS = ("csv", "xlsx")


@dataclass(frozen=True)
class Asked:
    """Of whom: a department that an actor for the whole State must choose first, or an actor's own unit."""

    departments: list[OrgUnit]
    department: OrgUnit | None

    @property
    def is_open(self) -> bool:
        return self.department is None and bool(self.departments)


def _asked() -> Asked:
    departments, number = queries.departments_to_register(current_actor()), asked_number("department")
    return Asked(departments, next((one for one in departments if one.id == number), None))


@blueprint.get("/registration")
@requires(REGISTER)
def registration() -> str:
    asked = _asked()
    counts: dict[Lack | None, int] = {}
    rows: list[queries.Unregistered] = []
    if not asked.is_open:
        counts = queries.counts_to_register(current_actor(), asked.department, on=today())
        rows = queries.officers_to_complete(
            current_actor(), asked.department, on=today(), after=asked_number("after") or 0, limit=SHOWN
        )
    return render_template(
        "reports/registration.html",
        asked=asked,
        options=[(str(one.id), local(one, "name")) for one in asked.departments],
        counts=counts,
        lacking=[(lack, counts[lack]) for lack in Lack if lack in counts],
        rows=rows[:SHOWN],
        more=_address(asked, after=rows[SHOWN - 1].officer_id) if len(rows) > SHOWN else None,
        file_url=_file_address(asked),
    )


@blueprint.get("/registration/<export_type>")
@requires(REGISTER)
@fresh
def registration_file(export_type: str) -> Response:
    """The portal's own template, filled; its header stands in the first line."""
    if export_type not in KINDS:
        raise NotThere("not_there")
    asked = _asked()
    count = queries.counts_to_register(current_actor(), asked.department, on=today()).get(None, 0)
    if export_type == "xlsx":
        refuse_too_many(count)
    service.remember_registration(asked.department, count, kind=export_type, by=current_actor())
    if export_type == "csv":
        return csv_response("igot-bulk-upload", REGISTRATION_HEADER, _lines(asked))
    return xlsx_response("igot-bulk-upload", Sheet("", [], REGISTRATION_HEADER, _lines(asked)))


def _lines(asked: Asked) -> Iterator[list[str]]:
    with_birth = scope_of(current_actor(), Permission.OFFICERS_BIRTH).everything
    for officer in queries.officers_to_register(current_actor(), asked.department, on=today()):
        yield registration_line(officer, with_birth=with_birth)


def _address(asked: Asked, *, after: int | None = None) -> str:
    return url_for(".registration", department=asked.department.id if asked.department else None, after=after)


def _file_address(asked: Asked) -> dict[str, str]:
    department = asked.department.id if asked.department else None
    return {one: url_for(".registration_file", export_type=one, department=department) for one in KINDS}
