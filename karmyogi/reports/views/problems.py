"""The file of problem rows: columns as they came, and beside them what is wrong and how to correct it."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Response

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import Fact
from karmyogi.reports import queries, service
from karmyogi.reports.rules import ADDED_COLUMNS, in_two, marked
from karmyogi.reports.views.address import blueprint, one_import
from karmyogi.reports.views.imports import reason_of
from karmyogi.store.imports import Import, ImportRow
from karmyogi.web.access import requires
from karmyogi.web.exports import csv_response
from karmyogi.web.i18n import text_in_both
from karmyogi.web.workbooks import Sheet, refuse_too_many, xlsx_response


@blueprint.get("/<int:import_id>/problems.csv")
@requires(Permission.REPORTS_READ)
def problems(import_id: int) -> Response:
    """Rows that were refused or wait, and that no later import has taken."""
    origin = one_import(import_id)
    rows = queries.open_problems_of(origin)
    header = _header(origin, rows)
    return csv_response(_name(origin), [*header, *ADDED_COLUMNS], _lines(header, rows))


@blueprint.get("/<int:import_id>/problems.xlsx")
@requires(Permission.REPORTS_READ)
def problems_in_excel(import_id: int) -> Response:
    """The same for Excel: the header stands in the first line, so that the file can be sent again."""
    origin = one_import(import_id)
    rows = queries.open_problems_of(origin)
    refuse_too_many(len(rows))
    header = _header(origin, rows)
    return xlsx_response(_name(origin), Sheet("", [], [*header, *ADDED_COLUMNS], _lines(header, rows)))


def _name(origin: Import) -> str:
    return f"import-{origin.id}-problems"


def _header(origin: Import, rows: Sequence[ImportRow]) -> tuple[str, ...]:
    """The header of the file; of an import of the first release also what its rows have besides."""
    header = service.header_of(origin)
    told = dict.fromkeys(name for row in rows for name in row.told) if not origin.header else {}
    return (*header, *(name for name in told if name not in header))


def _lines(header: Sequence[str], rows: Sequence[ImportRow]) -> Iterator[list[object]]:
    for row in rows:
        wrong, remedy = _said(reason_of(row).text, reason_of(row).facts)
        yield [*service.cells_of(header, row.told), marked(row.import_id, row.row_number, wrong), remedy]


def _said(text: str, facts: Mapping[str, Fact]) -> tuple[str, str]:
    """What is wrong, and what to do, each in Hindi and then in English."""
    both = [in_two(text_in_both(text)[name]) for name in ("message_hi", "message_en")]
    wrong, remedy = (" / ".join(part % facts for part in parts if part) for parts in zip(*both, strict=True))
    return wrong, remedy
