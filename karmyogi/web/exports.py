"""Files for Excel: UTF-8 with a mark so that Hindi shows, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask import Response, stream_with_context
from werkzeug.http import dump_options_header

from karmyogi.core.months import IST
from karmyogi.web.forms import clean

DANGEROUS = "=+-@\t\r\n＝＋－＠"
UNSEEN = " \u00a0\u200b\u200c\u200d\u2060\ufeff"  # some programs look past them for the first letter


def harmless(value: object) -> object:
    """A cell as text that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(UNSEEN)[:1] in tuple(DANGEROUS):
        return f"'{value}"
    return value


def plain(value: object) -> object:
    """A cell as a machine sorts it: nothing is empty, and a moment is what the clock of India showed."""
    if isinstance(value, datetime):
        return value.astimezone(IST).strftime("%Y-%m-%d %H:%M")
    return "" if value is None else value


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file piece by piece: a thousand rows at a time, whatever the number of rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([harmless(cell) for cell in header])
    for count, row in enumerate(rows, 1):
        writer.writerow([harmless(plain(cell)) for cell in row])
        if count % 1000 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A streamed download called `name`.csv."""
    response = Response(stream_with_context(csv_lines(header, rows)), mimetype="text/csv")
    return as_download(response, f"{name}.csv")


def as_download(response: Response, file_name: str) -> Response:
    """Offer the response as a file; a Hindi name survives (RFC 6266), what could mislead in one does not."""
    plain = clean(file_name).replace("/", "-").replace("\\", "-")
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": plain})
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
