"""`flask achievements check`: what the certificate checker says of files, without storing them."""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import AppGroup

from karmyogi.achievements.rules import only_certificate, reading_reasons
from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import Reason, reason
from karmyogi.store.images import LIMITS, Picture, inspect_image
from karmyogi.store.sandbox import SandboxUnavailable
from karmyogi.store.sniff import looks_like
from karmyogi.web.console import print_json
from karmyogi.web.i18n import in_both, say

achievements = AppGroup("achievements", help="Certificate images.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CHUNK = 1024 * 1024


@achievements.command("check")
@click.argument("paths", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with one object for each file.")
def check_files(paths: tuple[Path, ...], as_json: bool) -> None:
    """Say of each FILE whether it would be taken as a certificate image, and what is read in it.

    ok: one certificate of iGOT is named. review: it is taken, and a person must look. refused: it is not taken.
    """
    told = [_look_at(path) for path in paths]
    if as_json:
        print_json(
            [one | {"reasons": [{"reason": why.code, **in_both(why)} for why in one["reasons"]]} for one in told]
        )
    else:
        _tell(told)
    if any(one["verdict"] == "refused" for one in told):
        sys.exit(1)


def _look_at(path: Path) -> dict[str, object]:
    try:
        start = _start_of(path)
        picture = inspect_image(start)
    except OSError as error:
        return _refused(path, b"", [reason("file_unreadable", problem=error.strerror)])
    except (BadFile, SandboxUnavailable) as error:
        return _refused(path, start, error.reasons)
    return _taken(path, picture)


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LIMITS.bytes + 1)


def _taken(path: Path, picture: Picture) -> dict[str, object]:
    reasons = [*reading_reasons(picture.codes), *(reason(note) for note in picture.notes)]
    return {
        "file": str(path),
        "verdict": "review" if reasons else "ok",
        "reasons": reasons,
        "kind": picture.format,
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
        "qr": list(picture.codes),
        "certificate_id": only_certificate(picture.codes) or None,
    }


def _refused(path: Path, start: bytes, reasons: Iterable[Reason]) -> dict[str, object]:
    return {
        "file": str(path),
        "verdict": "refused",
        "reasons": list(reasons),
        "kind": looks_like(start),
        "width": None,
        "height": None,
        "sha256": _sha256(path),
        "qr": [],
        "certificate_id": None,
    }


def _sha256(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def _tell(told: Iterable[dict[str, object]]) -> None:
    for one in told:
        click.echo(f"{one['file']}: {one['verdict']} {one['certificate_id'] or ''}".rstrip())
        for why in one["reasons"]:
            click.echo(f"  {say(why)}", err=True)
