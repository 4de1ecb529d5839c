"""Bringing a backup back, into an empty database and nowhere else: the files first, the database last and at once.

Whoever is interrupted finds the database empty, and begins again.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.store import trail
from karmyogi.store.backups import copying, engines
from karmyogi.store.backups.checking import Checked
from karmyogi.store.backups.manifest import BackupRefused, Manifest
from karmyogi.store.backups.plan import TRAIL_KEY, Plan
from karmyogi.store.files import Kind, PrivateFiles, sync_disk

MEGABYTE = 1_000_000

declare(
    restore_not_empty=N_(
        "The database is not empty: it has %(tables)s tables. A backup is only restored into a new, empty one."
    ),
    restore_no_room=N_(
        "There is not enough room at %(folder)s: %(needed_mb)s MB are needed and %(free_mb)s MB are free."
    ),
    restore_rows_differ=N_("%(table)s has %(found)s rows and the backup says %(told)s."),
    restore_head_differs=N_("The trail does not end as the backup says."),
)


def refuse_target(checked: Checked, files: PrivateFiles) -> None:
    """Raise BackupRefused unless the database is empty and there is room for everything."""
    there = engines.tables(engines.here)
    if there:
        raise BackupRefused(reason("restore_not_empty", tables=len(there)))
    needs: dict[Path, int] = {}
    for folder, needed in _needs(checked.manifest, files):
        needs[folder] = needs.get(folder, 0) + needed
    short = [_no_room(folder, needed) for folder, needed in needs.items() if needed > shutil.disk_usage(folder).free]
    if short:
        raise BackupRefused(*short)


def _needs(manifest: Manifest, files: PrivateFiles) -> list[tuple[Path, int]]:
    """How many bytes each place takes: a server sees to its own, a locked copy is opened beside the database first."""
    database = manifest.files[manifest.database].bytes
    media = sum(stored.bytes for name, stored in manifest.files.items() if name.startswith("media/"))
    place = engines.folder()
    return [(files.root, media)] + ([(place, database * (2 if manifest.is_locked else 1))] if place else [])


def _no_room(folder: Path, needed: int) -> Reason:
    free = shutil.disk_usage(folder).free
    return reason("restore_no_room", folder=str(folder), needed_mb=-(-needed // MEGABYTE), free_mb=free // MEGABYTE)


def put_back_keys(checked: Checked, plan: Plan, *, at: datetime) -> list[Path]:
    """Let the keys of a locked backup take the place of those here, which are laid aside; returns those laid aside."""
    trail.use_key(checked.keys[TRAIL_KEY])
    laid = []
    for name, key in checked.keys.items():
        if plan.key_folder and plan.keys.get(name) != key:
            place = plan.key_folder / name
            laid.append(place.with_name(f"{name}.before-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"))
            place.replace(laid[-1])
            copying.copy_bytes(key, place)
    return laid


@contextmanager
def laid_out(checked: Checked) -> Iterator[None]:
    """Let every table be that of a backup while the block runs. Raises BackupRefused for one of PostgreSQL."""
    trail.use_key(checked.keys[TRAIL_KEY])
    with engines.laid_out(checked.folder / checked.manifest.database, checked.identities):
        yield


def restore(checked: Checked, files: PrivateFiles, *, alive: Callable[[], object] = lambda: None) -> None:
    """Bring the files and then the database of a backup back; `refuse_target` has been asked before."""
    for name in checked.manifest.files:
        if name.startswith("media/"):
            _take_back(checked, name, files)
            alive()
    sync_disk(files.root)
    engines.load(checked.folder / checked.manifest.database, checked.identities)


def _take_back(checked: Checked, name: str, files: PrivateFiles) -> None:
    _media, kind, _two, file_name = name.split("/")

    def fill(file: BinaryIO) -> None:
        copying.open_into(checked.folder / name, copying.Hashed(file), checked.identities)

    files.take_back(file_name.removesuffix(checked.manifest.ending), kind=_kind(kind), fill=fill)


def _kind(name: str) -> Kind:
    return name  # type: ignore[return-value]  # a manifest names no other


def unlike(manifest: Manifest) -> list[Reason]:
    """What the database now holds that the manifest does not say, or says otherwise; nothing after a restore."""
    found = engines.look(engines.here)
    differing = [
        reason("restore_rows_differ", table=name, found=found.rows.get(name, 0), told=manifest.rows.get(name, 0))
        for name in sorted(found.rows.keys() | manifest.rows.keys())
        if found.rows.get(name) != manifest.rows.get(name)
    ]
    return differing + ([] if found.trail_head == manifest.trail_head else [reason("restore_head_differs")])
