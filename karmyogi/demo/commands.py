"""`flask demo write` and `flask demo load`: a fictional state, brought in through the real importer."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from karmyogi.demo import chapters, story
from karmyogi.demo.writer import write_state
from karmyogi.people.models import Officer
from karmyogi.web.console import on_database
from karmyogi.web.installed import files, profile, settings

demo = AppGroup("demo", help="A fictional state to try the product with.")
DEMO_OFFICERS, DEMO_SEED, DEMO_UNTIL = 1200, 7, "2026-01"


@demo.command("write")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--officers", default=DEMO_OFFICERS, show_default=True)
@click.option("--seed", default=DEMO_SEED, show_default=True)
@click.option("--until", default=DEMO_UNTIL, show_default=True, help="The last month with learning, as 2026-01.")
def write_command(folder: Path, officers: int, seed: int, until: str) -> None:
    """Write a fictional state's roster and iGOT report files into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in write_state(folder, officers=officers, seed=seed, until=until, profile=profile()).values():
        click.echo(path)


@demo.command("exists")
@on_database
def exists_command() -> None:
    """Exit with 0 if there are officers already, with 1 if the installation is empty."""
    sys.exit(0 if Officer.select().exists() else 1)


@demo.command("load")
@click.option("--officers", default=DEMO_OFFICERS, show_default=True)
@click.option("--seed", default=DEMO_SEED, show_default=True)
@on_database
def load_command(officers: int, seed: int) -> None:
    """Write a fictional state, import it, score and seal its months, and walk cases to every state they can be in."""
    story.tell(profile(), files(), officers=officers, seed=seed, say=click.echo)
    if officers >= chapters.FEWEST:
        stage = story.Stage(profile(), files(), click.echo)
        chapters.tell(stage, officers=officers, seed=seed, base_url=settings().base_url)
