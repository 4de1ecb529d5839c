"""Commands of the installation itself: bring the database to the code's version, back it up, bring a backup back."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from karmyogi.core.months import now
from karmyogi.people.service import install_state
from karmyogi.scores.service import install_policy, verify_seals
from karmyogi.store import backups
from karmyogi.store.db import database, migrate, migration_runner, one_at_a_time, pending_migrations
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.web.console import at_the_shell, on_database
from karmyogi.web.i18n import say
from karmyogi.web.installed import files, profile

MEGABYTE = 1_000_000
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
        install_state(profile(), by=at_the_shell())
        install_policy(profile().policy, by=at_the_shell())


def _show_status() -> None:
    with database.connection_context():
        steps = migration_runner().status()
    for step in steps:
        click.echo(f"{'applied' if step.applied else 'pending'}  {step.name}")
    if any(not step.applied for step in steps):
        sys.exit(1)


# Backups

A_FOLDER = click.Path(file_okay=False, path_type=Path)
A_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.option("--to", type=A_FOLDER, metavar="FOLDER", help="Into this folder, instead of KARMYOGI_BACKUP_DIR.")
@with_appcontext
@on_database
def backup_command(to: Path | None) -> None:
    """Back up the database and the private files while everybody works.

    In KARMYOGI_BACKUP_DIR what has outlived its time is removed: all of two days
    are kept, the last of each day for 35 days, the last of each month for a year.
    """
    plan, at = backups.plan(), now()
    made = backups.make(files(), plan, by=at_the_shell(), to=to, at=at)
    click.echo(f"{made.folder}: {_content_of(made.manifest)}, {made.new_files} of them new")
    _tell_damaged(made.manifest)
    _tell_keys(plan)
    for name in [] if to else backups.thin(plan, at=at):
        click.echo(f"removed {name}, which has outlived its time")


def _content_of(manifest: backups.Manifest) -> str:
    size, count = manifest.size / MEGABYTE, sum(name.startswith("media/") for name in manifest.files)
    return f"{size:,.1f} MB, {sum(manifest.rows.values())} rows and {count} private files"


def _tell_damaged(manifest: backups.Manifest) -> None:
    for name in manifest.damaged:
        click.echo(f"damaged before this backup was made, and not in it: {name}", err=True)


def _tell_keys(plan: backups.Plan) -> None:
    if plan.recipients:
        click.echo(f"locked for {len(plan.recipients)} recipients; secret.key, trail.key and factor.key are in it")
        return
    kept = plan.key_folder or "the folder of KARMYOGI_SECRET_KEY_FILE"
    click.echo(
        f"not locked, so the keys are not in it: keep trail.key, secret.key and factor.key of {kept} apart, in a safe"
    )
    click.echo(
        "place. Without trail.key no backup can be restored. KARMYOGI_BACKUP_RECIPIENTS locks backups, keys included."
    )


@click.command("restore")
@click.argument("folder", type=A_FOLDER)
@click.option("--identity", type=A_FILE, envvar="KARMYOGI_BACKUP_IDENTITY", help="The age identity of a locked backup.")
@click.option("--check", "only_check", is_flag=True, help="Read the whole backup and say what is wrong; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
@on_database
def restore_command(folder: Path, identity: Path | None, only_check: bool, yes: bool) -> None:
    """Bring the backup in FOLDER back into an empty database, prove it, and say what to do next.

    A backup of SQLite is restored into SQLite only, one of PostgreSQL into
    PostgreSQL only. Stop the web server and the scheduler first.
    """
    checked = backups.check(folder, backups.plan(), identity=identity)
    told = checked.manifest
    click.echo(f"whole: made {told.made_at}, {told.engine}, {told.migration}, {_content_of(told)}")
    _tell_damaged(told)
    if only_check:
        return
    backups.refuse_target(checked, files())
    if not yes:
        click.confirm("Restore it into this empty database?", abort=True)
    for laid in backups.put_back_keys(checked, backups.plan(), at=now()):
        click.echo(f"the key that was here is now {laid}")
    backups.restore(checked, files())
    _prove_restored(told)
    click.echo(f"What was done after {told.made_at} is not in it: bring those reports in again, and tell the people.")


def _prove_restored(told: backups.Manifest) -> None:
    """Exit with 1 if anything is not as it was when the backup was made."""
    faults = [say(one) for one in backups.unlike(told)]
    click.echo(f"restored: {sum(told.rows.values())} rows, the trail ends with {told.trail_head[:16]}")
    if pending_migrations():
        click.echo(
            "Next: flask migrate, then flask audit verify and flask scores verify; then start web and scheduler."
        )
    else:
        faults += _prove_chains()
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)


def _prove_chains() -> list[str]:
    broken, proof = broken_link(), verify_seals()
    if not broken and not proof.broken:
        entries = TrailEntry.select().count()
        click.echo(f"proven: {entries} entries on the trail, {len(proof.months)} sealed months")
        click.echo("Next: start the web server and the scheduler, sign in and look at a month that you know.")
    chain = [f"The chain breaks at entry {broken.id}: {broken.at} {broken.action}"] if broken else []
    return chain + [say(fault) for fault in (*proof.faults, *proof.unlike)]
