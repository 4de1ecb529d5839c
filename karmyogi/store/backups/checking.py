"""Reading a backup before anything is done with it: where it is from, who signed it, and each file to its last byte."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.store.backups import copying, engines
from karmyogi.store.backups import manifest as manifests
from karmyogi.store.backups.manifest import BackupRefused, Manifest
from karmyogi.store.backups.plan import FACTOR_KEY, SECRET_KEY, TRAIL_KEY, Plan
from karmyogi.store.db import migration_runner
from karmyogi.store.files import Kind

MOST_NAMED = 20

declare(
    backup_format_newer=N_(
        "The backup has format %(format)s; this program reads up to %(known)s. Restore it with the newer program."
    ),
    backup_engine_differs=N_(
        "The backup is of %(theirs)s and the database here is %(ours)s. Restore it into a database of the same kind."
    ),
    backup_migration_newer=N_(
        "The backup is of a newer program: the migration %(name)s is not known here. Restore it with the newer program."
    ),
    backup_file_missing=N_("A file of the backup is missing: %(name)s."),
    backup_file_extra=N_("A file lies in the backup that does not belong there: %(name)s."),
    backup_file_cut=N_("A file of the backup is cut off: %(name)s has %(found)s of %(bytes)s bytes."),
    backup_file_longer=N_(
        "A file of the backup is longer than it was: %(name)s has %(found)s instead of %(bytes)s bytes."
    ),
    backup_file_changed=N_("A file of the backup was changed: %(name)s."),
    backup_more_broken=N_("%(count)s more files of the backup are not as they were."),
)


@dataclass(frozen=True)
class Checked:
    """A backup that is whole, with what opens it and the keys that belong to it: its own, or those kept here."""

    folder: Path
    manifest: Manifest
    keys: dict[str, bytes]
    identities: engines.Identities = ()

    def has_file(self, sha256: str, kind: Kind) -> bool:
        """True if a private file is in the backup."""
        return f"media/{kind}/{sha256[:2]}/{sha256}{self.manifest.ending}" in self.manifest.files


def check(folder: Path, plan: Plan, *, identity: Path | None = None) -> Checked:
    """Read a backup whole. Raises BackupRefused with every reason why it must not be restored here."""
    manifest = manifests.read(folder)
    _refuse_foreign(manifest)
    identities = copying.identities_in(identity) if manifest.is_locked else []
    keys = _keys_in(folder, manifest, identities) if identities else plan.keys
    manifests.prove(manifest, keys[TRAIL_KEY])
    broken = list(_broken(folder, manifest))
    if broken:
        more = [reason("backup_more_broken", count=len(broken) - MOST_NAMED)] if len(broken) > MOST_NAMED else []
        raise BackupRefused(*broken[:MOST_NAMED], *more)
    return Checked(folder, manifest, keys, identities)


def _refuse_foreign(manifest: Manifest) -> None:
    if manifest.format > manifests.FORMAT:
        raise BackupRefused(reason("backup_format_newer", format=manifest.format, known=manifests.FORMAT))
    if manifest.engine != engines.engine():
        raise BackupRefused(reason("backup_engine_differs", theirs=manifest.engine, ours=engines.engine()))
    known = {step.name for step in migration_runner().migrations()}
    if manifest.migration not in known:
        raise BackupRefused(reason("backup_migration_newer", name=manifest.migration))


def _keys_in(folder: Path, manifest: Manifest, identities: engines.Identities) -> dict[str, bytes]:
    """The keys that went along; a locked backup without them has lost files, or its manifest was changed."""
    names = (TRAIL_KEY, SECRET_KEY, FACTOR_KEY)
    return {name: _content(folder, f"keys/{name}{manifest.ending}", identities) for name in names}


def _content(folder: Path, name: str, identities: engines.Identities) -> bytes:
    if not (folder / name).is_file():
        raise BackupRefused(reason("backup_file_missing", name=name))
    opened = BytesIO()
    try:
        copying.open_into(folder / name, copying.Hashed(opened), identities)
    except OSError as error:
        raise BackupRefused(reason("backup_file_changed", name=name)) from error
    return opened.getvalue()


def _broken(folder: Path, manifest: Manifest) -> Iterator[Reason]:
    """Every file that is not as the manifest says, in order of names."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    for name in sorted((found | manifest.files.keys()) - {manifests.NAME}):
        if name not in manifest.files:
            yield reason("backup_file_extra", name=name)
        elif name not in found:
            yield reason("backup_file_missing", name=name)
        elif why := _unlike(folder / name, name, manifest.files[name]):
            yield why


def _unlike(path: Path, name: str, stored: manifests.Stored) -> Reason | None:
    found = path.stat().st_size
    if found != stored.bytes:
        code = "backup_file_cut" if found < stored.bytes else "backup_file_longer"
        return reason(code, name=name, found=found, bytes=stored.bytes)
    return None if copying.hash_of(path) == stored.sha256 else reason("backup_file_changed", name=name)
