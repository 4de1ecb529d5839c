"""What a backup says of itself: where it comes from, what the database held, and every file with its hash.

It is signed with the key of the trail, which is never in a backup that is not
locked: who can write into the folder of backups still cannot change one unseen.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.store.db import canonical
from karmyogi.store.files import KINDS

FORMAT = 1
NAME = "manifest.json"
UNFINISHED = ".unfinished-"  # a backup that is still being written, or was cut off
LOCKED = ".age"
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
PART = re.compile(
    rf"(media/({'|'.join(KINDS)})/[0-9a-f]{{2}}/[0-9a-f]{{64}}|database\.(sqlite|dump)|keys/(secret|trail|factor)\.key)(\.age)?"
)

declare(
    backup_half_written=N_("%(folder)s holds no manifest: this backup was never finished, or is none."),
    backup_manifest_unreadable=N_("The manifest of the backup cannot be read: it is cut off or was changed."),
    backup_manifest_changed=N_("The manifest of the backup was changed after it was written, so nothing in it counts."),
    backup_trail_key_differs=N_(
        "The key of the trail here is not the one of this backup. Put the trail.key of that time in its place first."
    ),
)


class BackupRefused(KarmyogiError):
    """A backup that cannot be made, or one that must not be restored."""

    status = 422


@dataclass(frozen=True)
class Stored:
    """A file as it lies in the backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything that a backup says of itself; a moment is UTC, sizes are bytes."""

    made_at: str
    code: str
    migration: str
    engine: str
    engine_version: str
    rows: dict[str, int]
    trail_entries: int
    trail_head: str
    files: dict[str, Stored]
    recipients: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)  # private files that were not what they are named after
    format: int = FORMAT
    key_id: str = ""
    signature: str = ""

    @property
    def is_locked(self) -> bool:
        return bool(self.recipients)

    @property
    def ending(self) -> str:
        """What the name of each of its files ends with."""
        return LOCKED if self.is_locked else ""

    @property
    def database(self) -> str:
        return DATABASES[self.engine] + self.ending

    @property
    def size(self) -> int:
        return sum(stored.bytes for stored in self.files.values())

    def signed(self, key: bytes) -> "Manifest":
        """This manifest with the signature of whoever holds the key."""
        named = replace(self, key_id=id_of(key), signature="")
        return replace(named, signature=_signature(named, key))

    def is_signed_by(self, key: bytes) -> bool:
        return hmac.compare_digest(self.signature, _signature(replace(self, signature=""), key))


def id_of(key: bytes) -> str:
    """What tells one key from another and gives none away."""
    return hmac.new(key, b"karmyogi: which key of the trail", hashlib.sha256).hexdigest()[:16]


def _signature(manifest: Manifest, key: bytes) -> str:
    return hmac.new(key, canonical(asdict(manifest)).encode(), hashlib.sha256).hexdigest()


def write(manifest: Manifest, folder: Path) -> None:
    """Write it for people as well: one line for each file."""
    told = asdict(manifest) | {"files": {name: f"{one.sha256} {one.bytes}" for name, one in manifest.files.items()}}
    (folder / NAME).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest in a folder, of this format or a newer one, whose signature nobody has looked at yet.

    Raises BackupRefused if there is none or it makes no sense.
    """
    if folder.name.startswith(UNFINISHED) or not (folder / NAME).is_file():
        raise BackupRefused(reason("backup_half_written", folder=folder.name))
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Manifest(**{name: told[name] for name in _fields(told)} | {"files": _files(told["files"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupRefused("backup_manifest_unreadable") from error


def _fields(told: Mapping[str, object]) -> list[str]:
    """Those we know; a newer format may have others, and is refused for being newer."""
    return [name for name in Manifest.__dataclass_fields__ if name in told]


def _files(told: Mapping[str, str]) -> dict[str, Stored]:
    found = {}
    for name, line in told.items():
        sha256, size = line.split(" ")
        if not PART.fullmatch(name):
            raise ValueError("no file of a backup")
        found[name] = Stored(int(size), sha256)
    return found


def prove(manifest: Manifest, key: bytes) -> None:
    """Raise BackupRefused if another key signed it, or if it was changed since."""
    if manifest.key_id != id_of(key):
        raise BackupRefused("backup_trail_key_differs")
    if not manifest.is_signed_by(key):
        raise BackupRefused("backup_manifest_changed")
