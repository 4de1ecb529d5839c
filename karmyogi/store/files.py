"""Private files, kept by what they contain: a file's name is the SHA-256 of its bytes.

Nothing a person typed is ever part of a path, so no name can collide, climb out
of the folder or be run. The folder is served by no web server; an authorised
page reads from it. A row that names a file is written only after `put` has
returned, so a row never points at a file that is not there.
"""

import contextlib
import ctypes
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, get_args
from urllib.parse import unquote, urlsplit

from karmyogi.core.errors import BadFile, KarmyogiError, NotThere
from karmyogi.core.reasons import N_, declare, reason

Kind = Literal["original", "image", "thumb", "report", "document", "scan"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MEGABYTE = 1024 * 1024
CHUNK = 256 * 1024
UNFINISHED = "unfinished"  # beside the kinds: what is still being written, or was cut off
SCRATCH = "scratch"  # and what can be made anew at any time
SHA256 = re.compile(r"[0-9a-f]{64}")
FOLDER_MODE = 0o700

declare(
    file_too_large=N_("The file is larger than %(limit_mb)s MB."),
    file_not_there=N_("This file is not there."),
    file_damaged=N_("The stored file is damaged. Please tell the administrator."),
    media_url_wrong=N_("KARMYOGI_MEDIA_URL must be a folder or file:///absolute/folder, not %(given)s."),
    media_folder_unusable=N_("KARMYOGI_MEDIA_URL: the folder %(folder)s cannot be used (%(problem)s)."),
)


class Damaged(KarmyogiError):
    """A stored file no longer has the content it is named after."""

    status = 500


class BadMediaUrl(KarmyogiError):
    """The setting that says where private files live cannot be used."""

    status = 500


class Readable(Protocol):
    """Whatever gives bytes when asked: an upload, an open file, a socket's body."""

    def read(self, size: int, /) -> bytes: ...


class PrivateFiles:
    """Files below one folder as `<kind>/<first two>/<sha256>`, readable by this account alone."""

    def __init__(self, root: Path):
        """`root` exists and belongs to this account; `open_files` sees to both."""
        self.root = root

    def put(self, content: bytes, *, kind: Kind) -> str:
        """Keep `content` and return its SHA-256 in hex; the same content twice is one file.

        When it returns, the file survives a power cut; when it raises or the
        process is killed, no file of that name has appeared.
        """
        sha256, _ = self._keep([content], kind)
        return sha256

    def put_stream(self, stream: Readable, *, kind: Kind, limit: int) -> tuple[str, int]:
        """Keep what `stream` gives, without holding it in memory; return its SHA-256 and size in bytes.

        Exactly `limit` bytes are still taken. Raises BadFile (`file_too_large`,
        with `limit_mb` rounded down) at the first byte above it, and keeps nothing.
        """
        return self._keep(_at_most(limit, stream), kind)

    def read(self, sha256: str, *, kind: Kind) -> bytes:
        """The whole content, checked against its name. Raises NotThere, or Damaged if they differ."""
        content = self.path_of(sha256, kind=kind).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Damaged("file_damaged")
        return content

    def open(self, sha256: str, *, kind: Kind) -> BinaryIO:
        """The file opened for reading from its start, unchecked: for sending large ones. Raises NotThere."""
        return self.path_of(sha256, kind=kind).open("rb")

    def path_of(self, sha256: str, *, kind: Kind) -> Path:
        """Where the file lies. Raises NotThere, also for anything that is not 64 lower-case hex digits."""
        if not self.exists(sha256, kind=kind):
            raise NotThere("file_not_there")
        return self._place(sha256, kind)

    def exists(self, sha256: str, *, kind: Kind) -> bool:
        """True if the file is there; False for anything that is not 64 lower-case hex digits."""
        return bool(SHA256.fullmatch(sha256)) and self._place(sha256, kind).is_file()

    @property
    def scratch(self) -> Path:
        """A folder for what can be made anew at any time, under names of ours: nobody is sorry if it is gone."""
        return self._folder(SCRATCH)

    def sweep(self, *, before: datetime) -> int:
        """Remove what killed processes left half written before that moment, and old scratch; return how many."""
        swept = 0
        for path in (*self._folder(UNFINISHED).iterdir(), *self.scratch.iterdir()):
            with contextlib.suppress(FileNotFoundError):  # finished while we looked
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    swept += 1
        return swept

    def kept_before(self, moment: datetime, *, kind: Kind) -> Iterator[str]:
        """The names of the files of a kind that were put for the last time before that moment, in no order."""
        for folder in self._folder(kind).iterdir():
            for path in folder.iterdir():
                with contextlib.suppress(FileNotFoundError):  # removed while we looked
                    if SHA256.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
                        yield path.name

    def everything(self) -> Iterator[Path]:
        """Where each private file of any kind lies, in no order; one may be gone when it is opened."""
        for kind in KINDS:
            for folder in self._folder(kind).iterdir():
                yield from (path for path in folder.iterdir() if SHA256.fullmatch(path.name))

    def take_back(self, sha256: str, *, kind: Kind, fill: Callable[[BinaryIO], object]) -> None:
        """Let `fill` write a file of that name anew, as from a backup. Raises Damaged if it wrote anything else.

        It survives a power cut only once the whole disk was brought up to date: whoever takes back many does it once.
        """
        handle, name = tempfile.mkstemp(dir=self._folder(UNFINISHED))
        try:
            with os.fdopen(handle, "w+b") as file:
                fill(file)
                file.seek(0)
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise Damaged("file_damaged")
            Path(name).replace(self._folder(kind, sha256[:2]) / sha256)
        finally:
            Path(name).unlink(missing_ok=True)

    def remove(self, sha256: str, *, kind: Kind, before: datetime) -> bool:
        """Remove a file; False if it is gone already, or was put once more since that moment and stays.

        It is laid aside before it is looked at, so that what is put meanwhile is another file and not lost.
        """
        place, aside = self._place(sha256, kind), self._folder(UNFINISHED) / f"{kind}-{sha256}"
        with contextlib.suppress(FileNotFoundError):
            place.rename(aside)
            if aside.stat().st_mtime < before.timestamp():
                aside.unlink()
                return True
            aside.rename(place)
        return False

    def _keep(self, chunks: Iterable[bytes], kind: Kind) -> tuple[str, int]:
        _check(kind)
        handle, name = tempfile.mkstemp(dir=self._folder(UNFINISHED))  # mkstemp gives mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                sha256, size = _copy(chunks, file)
            self._show(Path(name), sha256, kind)
        finally:
            Path(name).unlink(missing_ok=True)
        return sha256, size

    def _show(self, finished: Path, sha256: str, kind: Kind) -> None:
        # A rename, not a link: content that is there already is replaced by itself,
        # which mends a damaged copy and makes the file young again for the sweep of orphans.
        folder = self._folder(kind, sha256[:2])
        finished.replace(folder / sha256)
        for changed in (folder, folder.parent, self.root):
            sync_folder(changed)

    def _folder(self, *parts: str) -> Path:
        folder = self.root
        for part in parts:
            folder = folder / part
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        return folder

    def _place(self, sha256: str, kind: Kind) -> Path:
        _check(kind)
        return self.root / kind / sha256[:2] / sha256


def open_files(url: str) -> PrivateFiles:
    """The private files that `KARMYOGI_MEDIA_URL` names, making the folder (mode 0700) if it is new.

    Takes `file:///absolute/folder` or a plain folder; a relative one counts from
    the current folder. Raises BadMediaUrl for anything else, `s3://` included,
    naming the scheme only (such an address may carry a password), and for a
    folder that cannot be made.
    """
    root = _folder_in(url)
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        root.mkdir(mode=FOLDER_MODE, exist_ok=True)
        sync_folder(root.parent)
    except OSError as error:
        raise BadMediaUrl(reason("media_folder_unusable", folder=str(root), problem=error.strerror)) from error
    return PrivateFiles(root)


def _folder_in(url: str) -> Path:
    parts = urlsplit(url)
    if not parts.scheme and url.strip():
        return Path(url).absolute()
    absolute = parts.path.startswith("/") and parts.path.strip("/")
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not absolute:
        raise BadMediaUrl(reason("media_url_wrong", given=f"{parts.scheme}://…" if parts.scheme else "''"))
    return Path(unquote(parts.path))


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"no such kind of private file: {kind}")


def _at_most(limit: int, stream: Readable) -> Iterator[bytes]:
    taken = 0
    while chunk := stream.read(min(CHUNK, limit - taken + 1)):
        taken += len(chunk)
        if taken > limit:
            raise BadFile(reason("file_too_large", limit_mb=limit // MEGABYTE))
        yield chunk


def _copy(chunks: Iterable[bytes], file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size


def sync_disk(folder: Path) -> None:
    """Bring to the disk whatever was written on the one that holds this folder, of which there may be very much."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(handle):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Bring to the disk which files a folder has."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
