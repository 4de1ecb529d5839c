"""`flask people import` and `flask reports …`: the same road as the page, from the command line."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask.cli import AppGroup

from karmyogi.core.months import IST
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.reasons import Reason
from karmyogi.reports import queries, service
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow, ImportState, Outcome
from karmyogi.store.sheets import LIMITS
from karmyogi.web.console import on_database, print_json
from karmyogi.web.i18n import in_both, say, word
from karmyogi.web.installed import files

people = AppGroup("people", help="The State's roster of officers.")
reports = AppGroup("reports", help="iGOT report files.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Taken = tuple[Import, list[ImportRow]]  # what became of a file, and its rows that need attention


def import_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)
    return click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")(command)


@people.command("import")
@click.argument("roster", type=FILE)
@click.option("--create-units", is_flag=True, help="Create departments, districts and offices that are missing.")
@click.option("--as-on", type=click.DateTime(["%Y-%m-%d"]), help="The day the roster speaks of; else the file's own.")
@import_options
@on_database
def import_roster(roster: Path, create_units: bool, as_on: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Import the State's roster of officers from ROSTER, a CSV file."""
    day = as_on.date() if as_on else _day_of(roster)
    _import([roster], dry_run=dry_run, as_json=as_json, creates_units=create_units, as_on=day)


@reports.command("import")
@click.argument("paths", metavar="FILE...", type=FILE, nargs=-1, required=True)
@import_options
@on_database
def import_reports(paths: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Import iGOT reports from each FILE, in the order given."""
    _import(list(paths), dry_run=dry_run, as_json=as_json, creates_units=False, as_on=None)


@reports.command("queue")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@on_database
def show_queue(as_json: bool) -> None:
    """Rows that wait for a person to say whose they are."""
    rows = [{"import": row.origin.id, "file": row.origin.file_name, **_problem(row)} for row in queries.queue()]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['file']}:{row['row']}  {row['message_en']}")


def _day_of(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, IST).date()


def _import(paths: list[Path], *, dry_run: bool, as_json: bool, creates_units: bool, as_on: date | None) -> None:
    take = _look_at if dry_run else _import_one
    done = [take(path, creates_units=creates_units, as_on=as_on or _day_of(path)) for path in paths]
    if as_json:
        told = [as_facts(*one) for one in done]
        print_json(told[0] if len(told) == 1 else told)
    else:
        for one in done:
            _tell(*one)
    if any(_is_refused(origin) for origin, _problems in done):
        sys.exit(1)


def _import_one(path: Path, *, creates_units: bool, as_on: date) -> Taken:
    with path.open("rb") as stream:
        origin = service.receive(stream, files(), name=path.name, by=SYSTEM, creates_units=creates_units, as_on=as_on)
    service.check(origin, files())
    if origin.state == ImportState.CHECKED:
        service.apply(origin, files(), by=SYSTEM)
    return origin, queries.problems_of(origin)


def _look_at(path: Path, *, creates_units: bool, as_on: date) -> Taken:
    """What `_import_one` would come to; the copy of the file that is read twice is gone afterwards."""
    with TemporaryDirectory() as folder, path.open("rb") as stream:
        aside = open_files(folder)
        sha256, size = aside.put_stream(stream, kind="report", limit=LIMITS.max_bytes)
        origin = Import(file_name=path.name, sha256=sha256, size_bytes=size, creates_units=creates_units, as_on=as_on)
        rows = service.preview(origin, aside)
    return origin, [row for row in rows if row.outcome in queries.PROBLEMS]


def _is_refused(origin: Import) -> bool:
    """Refused as a whole, or row by row to the last."""
    return origin.state == ImportState.REFUSED or (origin.row_count > 0 and origin.rejected == origin.row_count)


def as_facts(origin: Import, problems: list[ImportRow]) -> dict[str, object]:
    """An import as one JSON object; see the README for its keys."""
    return {
        "file": origin.file_name,
        "kind": origin.kind,
        "generation": origin.generation,
        "rows": origin.row_count,
        **service.counts(origin),
        "flagged": origin.flagged,
        "unknown_columns": origin.unknown_columns,
        "missing_columns": origin.missing_columns,
        "refusal": [in_both(reason) | {"reason": reason.code} for reason in refusal_of(origin)],
        "problems": [_problem(row) for row in problems],
    }


def refusal_of(origin: Import) -> list[Reason]:
    return [Reason(code, facts) for code, facts in origin.refusal or []]


def reason_of(row: ImportRow) -> Reason:
    return Reason(row.code, row.facts)


def _problem(row: ImportRow) -> dict[str, object]:
    return {
        "row": row.row_number,
        "outcome": row.outcome,
        "column": row.column,
        "value": row.value,
        "reason": row.code,
        **in_both(reason_of(row)),
    }


def _tell(origin: Import, problems: list[ImportRow]) -> None:
    click.echo(f"{origin.file_name}: {word(origin.kind or origin.state)}, {origin.row_count} rows")
    for reason in refusal_of(origin):
        click.echo(f"  {say(reason)}", err=True)
    for outcome in Outcome:
        click.echo(f"  {word(outcome.value)}: {getattr(origin, outcome.value)}")
    for row in problems[:20]:
        click.echo(f"  {row.row_number}: {say(reason_of(row))}", err=True)
