"""`flask audit`: prove the trail, here or from an export, and export it; `flask doctor`: prove what must be true."""

import os
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from karmyogi.audit.service import Finding, examine
from karmyogi.core.proving import MOST_TOLD, Head, Walk, faults_of_export
from karmyogi.core.reasons import Reason
from karmyogi.store import backups, trail
from karmyogi.store.db import database
from karmyogi.store.invariants import look_now
from karmyogi.web.console import at_the_shell, on_database, print_json
from karmyogi.web.i18n import say, text_in_both
from karmyogi.web.installed import files

audit = AppGroup("audit", help="The trail of every act.")
HEAD = "A head noted before, as SEQ:HASH or HASH: what stood there then must stand there still."


class HeadType(click.ParamType):
    """A head as `12:<64 hex digits>`, or the digits alone."""

    name = "head"

    def convert(self, value: str | Head, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        if isinstance(value, Head):
            return value
        try:
            return Head.parse(value)
        except ValueError:
            self.fail(
                f"{value!r} is no head: 64 hex digits, with the number of the entry and a colon before", param, ctx
            )


@audit.command("verify")
@click.option("--export", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Prove this file.")
@click.option("--head", "heads", type=HeadType(), multiple=True, help=HEAD)
@click.option("--with-key", is_flag=True, help="Prove an export with the key of this installation too.")
def verify(file: Path | None, heads: tuple[Head, ...], with_key: bool) -> None:
    """Prove that no entry was changed, dropped or reordered; exit code 1 names every one that was.

    An export needs neither the database nor the key.
    """
    if file is None:
        _verify_here(heads)
    else:
        _verify_file(file, Walk(key=trail.trail_key() if with_key else b"", heads=heads))


@on_database
def _verify_here(heads: tuple[Head, ...]) -> None:
    proof = Walk(key=trail.trail_key(), heads=heads)
    _tell(trail.walk(proof), proof)


def _verify_file(file: Path, proof: Walk) -> None:
    with file.open(encoding="utf-8", errors="surrogateescape") as stream:
        _tell(faults_of_export(stream, proof), proof)


def _tell(faults: Iterable[Reason], proof: Walk) -> None:
    count = 0
    for count, fault in enumerate(faults, 1):
        if count <= MOST_TOLD:
            click.echo(say(fault), err=True)
    if count > MOST_TOLD:
        click.echo(f"… {count - MOST_TOLD} more", err=True)
    if count:
        sys.exit(1)
    click.echo(f"{proof.count} entries, the chain is whole")
    if proof.head:
        click.echo(f"head {proof.head}")


@audit.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--without-names", is_flag=True, help="Leave out what entries tell of people; the file can be proven still."
)
@on_database
def export(file: Path, without_names: bool) -> None:
    """Write the whole trail to a new FILE of JSON lines, which anybody can prove without us, names or none."""
    with os.fdopen(_new(file), "w", encoding="utf-8") as stream:
        lines = sum(map(bool, map(stream.write, trail.export(facts=not without_names))))
    entries = lines - 1  # the first tells what the file is
    with database.atomic():
        trail.record(at_the_shell(), "trail.export", "trail_entry", {"entries": entries, "names": not without_names})
    click.echo(f"{file}: {entries} entries")


def _new(file: Path) -> int:
    """A file that was not there, for its owner alone."""
    try:
        return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error


# The doctor


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--on", type=click.Path(file_okay=False, path_type=Path), metavar="BACKUP", help="Look at a backup instead."
)
@click.option("--identity", type=click.Path(dir_okay=False, path_type=Path), envvar="KARMYOGI_BACKUP_IDENTITY")
@with_appcontext
@on_database
def doctor(as_json: bool, on: Path | None, identity: Path | None) -> None:
    """Prove what must be true of every row, and name the rows of which it is not; nothing is written.

    Exit code 1 if anything is broken. A backup of SQLite is looked at as it is;
    one of PostgreSQL is restored into an empty database first.
    """
    checked = backups.check(on, backups.plan(), identity=identity) if on else None
    look = look_now(checked.has_file if checked else lambda sha256, kind: files().exists(sha256, kind=kind))
    with backups.laid_out(checked) if checked else nullcontext():
        found = list(examine(look)) if as_json else _say(examine(look))
    if as_json:
        print_json({"healthy": not _broken(found), "invariants": [_as_json(one) for one in found]})
    elif not _broken(found):
        click.echo(f"{len(found)} invariants hold")
    if _broken(found):
        sys.exit(1)


def _broken(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if one.offences]


def _say(findings: Iterable[Finding]) -> list[Finding]:
    """Say each broken one in both languages as soon as it is found, with its rows."""
    kept = []
    for one in findings:
        kept.append(one)
        if one.offences:
            said = text_in_both(one.invariant.sentence)
            click.echo(f"BROKEN {one.invariant.name}: {said['message_hi']} / {said['message_en']}", err=True)
        for offence in one.offences:
            click.echo(f"  {offence.table} {offence.row if offence.row is not None else ''} {offence.detail}", err=True)
        if one.has_more:
            click.echo("  and more", err=True)
    return kept


def _as_json(one: Finding) -> dict[str, object]:
    rows = [{"table": row.table, "row": row.row, "detail": row.detail} for row in one.offences]
    return {
        "name": one.invariant.name,
        **text_in_both(one.invariant.sentence),
        "broken": bool(rows),
        "rows": rows,
        "more": one.has_more,
        "seconds": round(one.seconds, 3),
    }
