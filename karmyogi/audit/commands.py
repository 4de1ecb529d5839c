"""`flask audit verify`: the trail's chain, from its first entry to its last."""

import sys

import click
from flask.cli import AppGroup

from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.web.console import on_database

audit = AppGroup("audit", help="The trail of every act.")


@audit.command("verify")
@on_database
def verify() -> None:
    """Prove that no entry was changed, dropped or reordered; exit code 1 names the first that was."""
    broken = broken_link()
    if broken:
        click.echo(f"The chain breaks at entry {broken.id}: {broken.at} {broken.action}", err=True)
        sys.exit(1)
    click.echo(f"{TrailEntry.select().count()} entries, the chain is whole")
