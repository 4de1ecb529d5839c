"""Commands of the installation itself: bring the database to the code's version and its State into it."""

import sys

import click
from flask.cli import with_appcontext

from karmyogi.core.permissions import SYSTEM
from karmyogi.people.service import install_state
from karmyogi.scores.service import install_policy
from karmyogi.store.db import database, migrate, migration_runner, one_at_a_time
from karmyogi.web.console import on_database
from karmyogi.web.installed import profile

INSTALL_LOCK = 727276


@click.command("migrate")
@click.option("--status", is_flag=True, help="List the migrations; exit with 1 if one is pending.")
@with_appcontext
def migrate_command(status: bool) -> None:
    """Bring the database to the code's version; safe when two start at once."""
    if status:
        _show_status()
        return
    for name in migrate():
        click.echo(name)
    install_reference_data()


@on_database
def install_reference_data() -> None:
    """The State's units, designations and first policy, as far as they are not there yet."""
    with one_at_a_time(INSTALL_LOCK):  # two would both find that nothing is there
        install_state(profile(), by=SYSTEM)
        install_policy(profile().policy, by=SYSTEM)


def _show_status() -> None:
    with database.connection_context():
        steps = migration_runner().status()
    for step in steps:
        click.echo(f"{'applied' if step.applied else 'pending'}  {step.name}")
    if any(not step.applied for step in steps):
        sys.exit(1)
