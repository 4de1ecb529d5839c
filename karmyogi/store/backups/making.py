"""Making a backup while everybody works: the database of one moment, the private files after it, the manifest last.

It is written aside under a name of its own and gets its place whole, so that
whatever is interrupted never looks like a backup.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.store.backups import copying, engines
from karmyogi.store.backups import manifest as manifests
from karmyogi.store.backups.manifest import UNFINISHED, BackupRefused, Manifest, Stored
from karmyogi.store.backups.plan import Plan
from karmyogi.store.db import database, one_at_a_time, pending_migrations
from karmyogi.store.files import PrivateFiles, sync_disk, sync_folder
from karmyogi.store.trail import record

BACKUP_LOCK = 727278
NAMED = "karmyogi-%Y%m%dT%H%M%SZ"
MEGABYTE = 1_000_000
OFTEN = 200  # files between two signs of life
FEW_LINKS = {errno.EMLINK, errno.EPERM, errno.EXDEV, errno.ENOTSUP}

declare(
    backup_no_folder=N_("Nobody has said where backups go: set KARMYOGI_BACKUP_DIR, or name a folder with --to."),
    backup_folder_unusable=N_("The folder of backups %(folder)s cannot be used (%(problem)s)."),
    backup_no_room=N_(
        "There is not enough room for a backup: about %(needed_mb)s MB are needed and %(free_mb)s MB are free."
    ),
    backup_exists=N_("There is a backup of this very second already."),
    backup_not_written=N_(
        "The backup could not be written (%(problem)s). Nothing of it was kept; the earlier ones stand."
    ),
)


@dataclass(frozen=True)
class Made:
    """A backup that stands: where, what it says, and how many private files were not in the one before."""

    folder: Path
    manifest: Manifest
    new_files: int

    @property
    def result(self) -> dict[str, object]:
        """What the row of a job and the trail keep of it."""
        told = self.manifest
        media = sum(name.startswith("media/") for name in told.files)
        return {"backup": self.folder.name, "bytes": told.size, "files": media, "damaged": len(told.damaged)}


def make(
    files: PrivateFiles,
    plan: Plan,
    *,
    by: Actor,
    to: Path | None = None,
    at: datetime | None = None,
    alive: Callable[[], object] = lambda: None,
) -> Made:
    """Back up the database and the private files into a new folder below `to`, or below the plan's own.

    One at a time; another waits. `alive` is called now and then, and may raise
    to stop it. Raises BackupRefused, and leaves nothing half done.
    """
    within = _folder(to or plan.folder)
    at = at or now()
    place = within / f"{at.astimezone(UTC):{NAMED}}"
    with one_at_a_time(BACKUP_LOCK), _aside(place) as aside:
        earlier = _Earlier.in_folder(within, plan)
        _require_room(within, files, earlier)
        made = _fill(aside, files, plan, earlier, at=at, alive=alive)
        sync_disk(aside)
        aside.rename(place)
        sync_folder(within)
    made = Made(place, made.manifest, made.new_files)
    if not pending_migrations():  # before an upgrade the trail may not have all its columns yet
        with database.atomic():
            record(by, "backup.made", "backup", made.result, at=at)
    return made


def _folder(folder: Path | None) -> Path:
    if folder is None:
        raise BackupRefused("backup_no_folder")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupRefused(reason("backup_folder_unusable", folder=str(folder), problem=error.strerror)) from error
    return folder.absolute()


@contextmanager
def _aside(place: Path) -> Iterator[Path]:
    """A folder to write into; gone unless it was renamed, with whatever killed processes left beside it."""
    if place.exists():
        raise BackupRefused("backup_exists")
    for left in place.parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    aside = place.with_name(UNFINISHED + place.name)
    try:
        aside.mkdir(mode=0o700)
        yield aside
    except OSError as error:
        raise BackupRefused(reason("backup_not_written", problem=error.strerror or type(error).__name__)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(
    aside: Path, files: PrivateFiles, plan: Plan, earlier: "_Earlier", *, at: datetime, alive: Callable[[], object]
) -> Made:
    ending = manifests.LOCKED if plan.recipients else ""
    name = manifests.DATABASES[engines.engine()] + ending
    held, stored = engines.dump(aside / name, plan.recipients)
    alive()
    kept = _Kept(aside, plan.recipients, ending, earlier)
    for number, path in enumerate(files.everything()):
        kept.take(path)
        if number % OFTEN == 0:
            alive()
    keys = _keys(aside, plan) if plan.recipients else {}
    manifest = Manifest(
        made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
        code=plan.code,
        engine=engines.engine(),
        engine_version=engines.engine_version(),
        files=dict(sorted({name: stored, **kept.files, **keys}.items())),
        recipients=sorted(plan.recipients),
        damaged=sorted(kept.damaged),
        **vars(held),
    ).signed(plan.trail_key)
    manifests.write(manifest, aside)
    return Made(aside, manifest, kept.new)


def _keys(aside: Path, plan: Plan) -> dict[str, Stored]:
    """The keys of the installation go along only where nobody can read them."""
    return {
        name: copying.copy(BytesIO(key), aside / name, plan.recipients)
        for name, key in ((f"keys/{name}{manifests.LOCKED}", key) for name, key in plan.keys.items())
    }


@dataclass(frozen=True)
class _Earlier:
    """The newest backup in the folder whose files may stand for those of the next: same key, same recipients."""

    folder: Path | None = None
    files: dict[str, Stored] | None = None

    @classmethod
    def in_folder(cls, within: Path, plan: Plan) -> "_Earlier":
        for folder in sorted(within.glob("karmyogi-*"), reverse=True):
            with suppress(BackupRefused):
                told = manifests.read(folder)
                manifests.prove(told, plan.trail_key)
                if told.recipients == sorted(plan.recipients):
                    return cls(folder, told.files)
        return cls()

    def has(self, name: str) -> bool:
        return name in (self.files or {})

    def link(self, name: str, target: Path) -> Stored | None:
        """Let a file of the earlier backup stand in the next one too; None if it cannot."""
        stored = (self.files or {}).get(name)
        source = self.folder and self.folder / name
        if stored is None or source is None or not source.is_file() or source.stat().st_size != stored.bytes:
            return None
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno not in FEW_LINKS:
                raise
            return None
        return stored


class _Kept:
    """The private files as they come into a backup."""

    def __init__(self, aside: Path, recipients: tuple[str, ...], ending: str, earlier: _Earlier):
        self._aside, self._recipients, self._ending, self._earlier = aside, recipients, ending, earlier
        self.files: dict[str, Stored] = {}
        self.damaged: list[str] = []
        self.new = 0

    def take(self, path: Path) -> None:
        """Link the earlier copy, which was good, or copy the file; one that is not what its name says is only named."""
        name = _name_of(path) + self._ending
        stored = self._earlier.link(name, self._aside / name) or self._copy(path, name)
        if stored:
            self.files[name] = stored

    def _copy(self, path: Path, name: str) -> Stored | None:
        target = self._aside / name
        try:
            with path.open("rb") as source:
                stored = copying.copy(source, target, self._recipients)
            found = copying.hash_of(path) if self._recipients else stored.sha256
        except FileNotFoundError:  # removed while we looked
            target.unlink(missing_ok=True)
            return None
        if found != path.name:
            target.unlink()
            self.damaged.append(_name_of(path))
            return None
        self.new += 1
        return stored


def _name_of(path: Path) -> str:
    return "/".join(("media", *path.parts[-3:]))


def _require_room(within: Path, files: PrivateFiles, earlier: _Earlier) -> None:
    """Refuse before the disk is full, which may be the one that the State works on."""
    new = sum(
        _bytes(path)
        for path in files.everything()
        if not (earlier.has(_name_of(path)) or earlier.has(_name_of(path) + manifests.LOCKED))
    )
    needed, free = engines.size() + new, shutil.disk_usage(within).free
    if needed > free:
        facts = {"needed_mb": -(-needed // MEGABYTE), "free_mb": free // MEGABYTE}
        raise BackupRefused(reason("backup_no_room", **facts))


def _bytes(path: Path) -> int:
    with suppress(FileNotFoundError):  # removed while we looked
        return path.stat().st_size
    return 0
