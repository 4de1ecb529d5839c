"""`flask people import` and `flask reports …`: the same road as the page, from the command line."""

import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from karmyogi.core.errors import BadFile, NotThere, RuleBroken
from karmyogi.core.months import IST
from karmyogi.core.reasons import Reason
from karmyogi.reports import queries, service
from karmyogi.reports.service import Brought, Kept, Upload
from karmyogi.store.files import PrivateFiles, open_files
from karmyogi.store.imports import BundleState, Import, ImportRow, ImportState, Outcome
from karmyogi.web.console import at_the_shell, on_database, print_json
from karmyogi.web.i18n import in_both, name_of_records, say, word
from karmyogi.web.installed import files

people = AppGroup("people", help="The State's roster of officers.")
reports = AppGroup("reports", help="iGOT report files.")
PASSWORD = "KARMYOGI_ZIP_PASSWORD"  # noqa: S105 - the name of a variable of the environment
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
    """Import the State's roster of officers from ROSTER, a CSV or XLSX file."""
    day = as_on.date() if as_on else _day_of(roster)
    _import([roster], dry_run=dry_run, as_json=as_json, creates_units=create_units, as_on=day)


@reports.command("import")
@click.argument("paths", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option(
    "--password-stdin", is_flag=True, help=f"Read an archive's password from standard input; else {PASSWORD}."
)
@import_options
@on_database
def import_reports(paths: tuple[Path, ...], password_stdin: bool, dry_run: bool, as_json: bool) -> None:
    """Import iGOT reports from each FILE, in the order given: CSV, XLSX, or the portal's zip.

    The files in a zip are applied in the order that fits them. A password is never
    an argument, which others could see.
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else os.environ.get(PASSWORD, "")
    _import(list(paths), dry_run=dry_run, as_json=as_json, creates_units=False, as_on=None, password=password)


@reports.command("undo")
@click.argument("import_id", metavar="IMPORT", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, or what rests on it; change nothing.")
@on_database
def undo_import(import_id: int, dry_run: bool, as_json: bool) -> None:
    """Take back the import of this number, with all that it wrote; refused with what rests on it."""
    origin = Import.get_or_none(Import.id == import_id)
    if origin is None:
        raise NotThere("not_there")
    told = service.what_it_did(origin) if origin.state == ImportState.APPLIED else []
    if dry_run:
        _refuse_undoing(origin)
    else:
        service.undo(origin, by=at_the_shell())
    if as_json:
        print_json({"import": origin.id, "state": origin.state, "tables": {one.table: asdict(one) for one in told}})
        return
    click.echo(f"{origin.file_name}: {word(origin.state)}")
    for one in told:
        told_of = f"{_('Are removed')}: {one.created}, {_('Become as before')}: {one.changed}"
        click.echo(f"  {name_of_records(one.table)}: {told_of}")


def _refuse_undoing(origin: Import) -> None:
    if origin.state != ImportState.APPLIED:
        raise RuleBroken("import_not_applied")
    if reasons := service.reasons_against(origin):
        raise RuleBroken(*reasons)


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


def _import(
    paths: list[Path], *, dry_run: bool, as_json: bool, creates_units: bool, as_on: date | None, password: str = ""
) -> None:
    take = _look_at if dry_run else _import_one
    done = [
        one
        for path in paths
        for one in take(path, Brought(at_the_shell(), creates_units, as_on or _day_of(path)), password=password)
    ]
    if as_json:
        told = [as_facts(*one) for one in done]
        print_json(told[0] if len(told) == 1 else told)
    else:
        for one in done:
            _tell(*one)
    if any(_is_refused(origin) for origin, _problems in done):
        sys.exit(1)


def _import_one(path: Path, brought: Brought, *, password: str) -> list[Taken]:
    with path.open("rb") as stream:
        [whole] = service.bring([Upload(path.name, stream)], files(), brought, password=password)
    if isinstance(whole, Import):
        return [_apply(whole)]
    if whole.state == BundleState.LOCKED:
        service.discard_bundle(whole, by=at_the_shell())  # the file is still where it was, and may be brought again
        raise BadFile("archive_password_wrong" if password else "archive_needs_password")
    imports = service.waiting_in(whole)
    for origin in imports:
        service.check(origin, files())
    return [*map(_apply, service.in_order(imports)), *_left_out(whole.left_out)]


def _apply(origin: Import) -> Taken:
    if origin.state == ImportState.RECEIVED:
        service.check(origin, files())
    if origin.state == ImportState.CHECKED:
        service.apply(origin, files(), by=at_the_shell())
    return origin, queries.problems_of(origin)


def _look_at(path: Path, brought: Brought, *, password: str) -> list[Taken]:
    """What `_import_one` would come to; the copies of the files are gone afterwards."""
    with TemporaryDirectory() as folder, path.open("rb") as stream:
        aside = open_files(folder)
        unpacked = service.unpack(Upload(path.name, stream), aside, password=password)
        looked = [_preview(one, aside, brought) for one in unpacked.files]
    ordered = service.in_order(origin for origin, _rows in looked)
    return [*sorted(looked, key=lambda one: ordered.index(one[0])), *_left_out(unpacked.left_out)]


def _preview(kept: Kept, aside: PrivateFiles, brought: Brought) -> Taken:
    origin = Import(
        file_name=kept.name,
        sha256=kept.sha256,
        size_bytes=kept.size,
        creates_units=brought.creates_units,
        as_on=brought.as_on,
    )
    rows = service.preview(origin, aside)
    return origin, [row for row in rows if row.outcome in queries.PROBLEMS]


def _left_out(members: list[list[object]]) -> list[Taken]:
    """What could not be unpacked, told as a file that was refused."""
    return [
        (Import(file_name=path, state=ImportState.REFUSED.value, refusal=[[code, facts]]), [])
        for path, code, facts in members
    ]


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
