"""`flask scores …`: compute, seal, prove and read out months, as the system."""

import csv
import json
import sys
from collections.abc import Iterable

import click
from flask.cli import AppGroup

from karmyogi.core.months import Month
from karmyogi.scores import service
from karmyogi.scores.queries import Export
from karmyogi.web.console import at_the_shell, on_database
from karmyogi.web.exports import harmless
from karmyogi.web.i18n import say

scores = AppGroup("scores", help="Compute, seal and verify monthly scores.")


class MonthType(click.ParamType):
    """A month written as 2026-01; anything else is a wrong use of the command."""

    name = "month"

    def convert(self, value: str | Month, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


MONTH = MonthType()


@scores.command("run")
@click.argument("month", type=MONTH)
@click.option("--policy", "policy_number", type=int, help="Use this version instead of the latest in force.")
@on_database
def run(month: Month, policy_number: int | None) -> None:
    """Compute a MONTH that is not sealed; it stays provisional."""
    row = service.run_month(month, by=at_the_shell(), policy_number=policy_number)
    click.echo(f"{row.month} {row.state} {row.officer_count} {row.run_id}")


@scores.command("seal")
@click.argument("month", type=MONTH)
@on_database
def seal(month: Month) -> None:
    """Seal a MONTH that is over, for good."""
    row = service.seal_month(month, by=at_the_shell())
    click.echo(f"{row.month} {row.state} {row.officer_count} {row.seal}")


@scores.command("add-up")
@click.option("--again", is_flag=True, help="Also where nothing has changed since.")
@on_database
def add_up(again: bool) -> None:
    """Add up the quarters and financial years whose sealed months have changed; the scheduler does it by itself."""
    for period in service.add_up(by=at_the_shell(), again=again):
        click.echo(period)


@scores.command("verify")
@click.argument("month", type=MONTH, required=False)
@click.option("--again", is_flag=True, help="Also compute each month from today's records, and tell who would differ.")
@on_database
def verify(month: Month | None, again: bool) -> None:
    """Prove the seal of a MONTH, or of every sealed month; exit code 1 names what is broken."""
    proof = service.verify_seals(month)
    for sealed in proof.months:
        click.echo(f"{sealed} {'broken' if sealed in proof.broken else 'ok'}")
    for fault in (*proof.faults, *proof.unlike):
        click.echo(say(fault), err=True)
    for today in map(service.compare_with_today, _still_sealed(proof) if again else ()):
        told = f"{today.differing} of {today.officers} officers differ" if today.differing else "equal to the byte"
        click.echo(f"{today.month} today: {told}")
    if proof.broken:
        sys.exit(1)


def _still_sealed(proof: service.Proof) -> list[Month]:
    """The months of a proof but those whose seal is gone."""
    gone = {fault.facts["month"] for fault in proof.faults if fault.code == "seal_missing"}
    return [Month.parse(month) for month in proof.months if month not in gone]


@scores.command("export")
@click.argument("month", type=MONTH)
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@on_database
def export(month: Month, form: str) -> None:
    """Write everybody's points of a MONTH to standard output, sorted by employee code."""
    rows = service.export_month(month)
    if form == "json":
        write_json(rows)
    else:
        write_csv(rows, service.codes_of(month))


def write_json(rows: Iterable[Export]) -> None:
    """One array, an officer to a line, so that a large month is never held as one text."""
    before = "["
    for row in rows:
        click.echo(f"{before}\n{json.dumps(vars(row), ensure_ascii=False)}", nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def write_csv(rows: Iterable[Export], codes: list[str]) -> None:
    """A column for each code of the month's policy; an empty cell where it gave no points."""
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["employee_code", "total", *codes])
    for row in rows:
        table.writerow([harmless(row.employee_code), row.total, *(row.lines.get(code, "") for code in codes)])
