"""Where a run of the tests keeps its databases and files: in memory if there is room, else on the disk."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 3 * 2**30  # bytes; a run of all tests takes less than a third of it
PREFIX = "karmyogi-test-"
_held: list[int] = []


def take() -> Path:
    """A folder for this run, which everything that asks for a temporary file gets too; what dead runs left goes."""
    around = MEMORY if _has_room(MEMORY) else Path("/tmp")
    _sweep(around)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=around))
    _held.append(_hold(folder))
    folder.chmod(0o711)  # PostgreSQL's account goes through to its own folder
    (folder / "tmp").mkdir(mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
    return folder


def leave(folder: Path) -> None:
    tempfile.tempdir = None
    os.environ.pop("TMPDIR", None)
    shutil.rmtree(folder, ignore_errors=True)
    while _held:
        os.close(_held.pop())


def is_memory(folder: Path) -> bool:
    return folder.is_relative_to(MEMORY)


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ROOM


def _hold(folder: Path) -> int:
    """A lock that ends with this process, however it ends. Raises OSError where another run holds it."""
    held = os.open(folder / "held", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held


def _sweep(around: Path) -> None:
    """A run that was killed cannot clean up; a server that misses its files stops by itself within a minute."""
    for folder in around.glob(f"{PREFIX}*/held"):
        with suppress(OSError), _lent(folder.parent):
            shutil.rmtree(folder.parent, ignore_errors=True)


@contextmanager
def _lent(folder: Path) -> Iterator[None]:
    held = _hold(folder)
    try:
        yield
    finally:
        os.close(held)
