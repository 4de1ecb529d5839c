"""Files on their way into a backup and out of it: hashed as they are written, locked and opened in the age format.

What is locked here, the `age` program opens with the same identity.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

from karmyogi.core.reasons import N_, declare
from karmyogi.store.backups.manifest import BackupRefused, Stored
from karmyogi.store.files import CHUNK, Readable, sync_disk

FILE_MODE = 0o600

declare(
    backup_needs_identity=N_(
        "This backup is locked. Name the file with the age identity that opens it: --identity FILE."
    ),
    backup_other_identity=N_("This identity does not open the backup: it was locked for other recipients."),
    backup_identity_unreadable=N_("The file of the identity cannot be read, or holds no age identity."),
)


class Hashed:
    """A file that is written and hashed at once.

    It keeps what went wrong, since the library that locks files does not pass every fault on.
    """

    def __init__(self, file: IO[bytes]):
        self._file, self._digest, self._size = file, hashlib.sha256(), 0
        self._fault: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            self._file.write(data)
        except OSError as error:
            self._fault = error
            raise
        self._digest.update(data)
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def stored(self) -> Stored:
        """What was written. Raises the OSError that kept some of it back."""
        if self._fault:
            raise self._fault
        return Stored(self._size, self._digest.hexdigest())


@contextmanager
def written(path: Path) -> Iterator[Hashed]:
    """A new file for its owner alone, in folders that are made for it; whole when the block ends."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "xb", opener=_private) as file:
        yield Hashed(file)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, FILE_MODE)


def copy(source: Readable, path: Path, recipients: Sequence[str] = ()) -> Stored:
    """Write what `source` gives into a new file, locked for the recipients if there are any."""
    with written(path) as target:
        if recipients:
            _lock(source, target, recipients)
        else:
            pour(source, target)
        target.flush()
        return target.stored()


def _lock(source: Readable, target: Hashed, recipients: Sequence[str]) -> None:
    try:
        pyrage.encrypt_io(source, target, [x25519.Recipient.from_str(one) for one in recipients])
    except pyrage.EncryptError:
        target.stored()  # which tells what the disk said
        raise


def copy_bytes(content: bytes, path: Path) -> None:
    """A small file that survives a power cut."""
    with written(path) as target:
        target.write(content)
    sync_disk(path.parent)


def pour(source: Readable, target: Hashed) -> None:
    """Write all that `source` gives, piece by piece."""
    while chunk := source.read(CHUNK):
        target.write(chunk)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Opening


def identities_in(path: Path | None) -> list[x25519.Identity]:
    """The identities of a file as `age-keygen` writes it. Raises BackupRefused if there is none."""
    if path is None:
        raise BackupRefused("backup_needs_identity")
    try:
        lines = path.read_text(encoding="utf-8").split()
        found = [x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-1")]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise BackupRefused("backup_identity_unreadable") from error
    if not found:
        raise BackupRefused("backup_identity_unreadable")
    return found


def open_into(path: Path, target: Hashed, identities: Sequence[x25519.Identity]) -> None:
    """Write the content of a file of a backup, opened if it is locked. Raises BackupRefused for another identity."""
    with path.open("rb") as source:
        if not identities:
            pour(source, target)
            return
        try:
            pyrage.decrypt_io(source, target, identities)
        except pyrage.DecryptError as error:
            raise BackupRefused("backup_other_identity") from error
