"""Archives of reports, as the portal packs them: their members one by one, with a password where they have one.

The list of contents is the zip's own; classic and AES encryption are undone by
`stream_unzip`, which checks every member to its end. Nothing is unpacked to a
name that the archive chose.
"""

import io
import stat
import zipfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from stream_unzip import IncorrectAESPasswordError, IncorrectZipCryptoPasswordError, UnzipError, stream_unzip

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.store.files import Readable
from karmyogi.store.sheets.package import BLOCK, BROKEN, METHODS, opened_package
from karmyogi.store.sheets.table import MEGABYTE, Limits

declare(
    archive_empty=N_("There is no report in this archive. Download it again and send the new file."),
    archive_too_many_members=N_(
        "There are %(members)s files in this archive; at most %(most)s are taken. Take out what is no report, "
        "or send the reports in several archives."
    ),
    archive_too_big=N_(
        "The files in this archive are together larger than %(most)s MB. Unpack it and send the reports one by one."
    ),
    archive_needs_password=N_(
        "This archive is protected by a password: the one with which it opens on your own computer. Type it to go on."
    ),
    archive_password_wrong=N_(
        "The archive does not open with this password. Type it again, with its capitals and signs. "
        "If it surely is the right one, the archive is damaged: download it again."
    ),
    archive_member_damaged=N_(
        "This file in the archive is damaged, or packed in a way that is not read here. Download the archive again."
    ),
)

ENCRYPTED, AES = 0x1, 99
NOT_MEANT = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
UTF_8 = 0x800


@dataclass(frozen=True)
class Member:
    """A file in an archive: its path as people read it, its size as the archive claims it."""

    path: str
    size: int
    is_locked: bool
    place: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Archive:
    """A zip in `stream`, and the members of it that people put there.

    Raises BadFile if it is damaged, holds none, too many, or together too much.
    """

    def __init__(self, stream: IO[bytes], limits: Limits):
        self._stream = stream
        self._package = opened_package(stream)
        self._parts = self._package.infolist()
        self.members = [_member(part, place) for place, part in enumerate(self._parts) if _is_meant(part)]
        if not self.members:
            raise BadFile("archive_empty")
        if len(self.members) > limits.max_members:
            raise BadFile(
                reason("archive_too_many_members", members=len(self.members), most=limits.max_members),
            )
        if sum(member.size for member in self.members) > limits.max_bytes:
            raise BadFile(reason("archive_too_big", most=limits.max_bytes // MEGABYTE))

    @property
    def is_locked(self) -> bool:
        """True if any member asks for a password."""
        return any(member.is_locked for member in self.members)

    def open(self, member: Member, *, password: str = "") -> Readable:
        """The bytes of a member, unpacked as they are read.

        Raises BadFile while they are read, also at their very end: no password
        or a wrong one, damaged, or packed in a way that is not known.
        """
        if not member.is_locked:
            return _Bytes(self._unpacked(member))
        if not password:
            raise BadFile("archive_needs_password")
        return _Bytes(self._unlocked(member, password))

    def _unpacked(self, member: Member) -> Generator[bytes, None, None]:
        part = self._parts[member.place]
        if part.compress_type not in METHODS:
            raise BadFile("archive_member_damaged")
        try:
            with self._package.open(part) as stream:
                while block := stream.read(BLOCK):
                    yield block
        except BROKEN as error:
            raise BadFile("archive_member_damaged") from error

    def _unlocked(self, member: Member, password: str) -> Generator[bytes, None, None]:
        part = self._parts[member.place]
        try:
            for _name, _size, blocks in stream_unzip(self._packed(part), password=password.encode()):
                yield from _no_more_than(member.size, blocks)
                return
        except (IncorrectAESPasswordError, IncorrectZipCryptoPasswordError) as error:
            raise BadFile("archive_password_wrong") from error
        except (UnzipError, *BROKEN) as error:
            # One wrong password in 256 is found out by classic encryption only when nothing sensible comes of it.
            code = "archive_member_damaged" if part.compress_type == AES else "archive_password_wrong"
            raise BadFile(code) from error

    def _packed(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """The archive from this member on; whoever unpacks it stops at the member's end."""
        place = part.header_offset
        while True:
            self._stream.seek(place)
            block = self._stream.read(BLOCK)
            if not block:
                return
            place += len(block)
            yield block


class _Bytes(io.RawIOBase):
    """Blocks, as a stream that gives as many bytes as it is asked for, or fewer."""

    def __init__(self, blocks: Generator[bytes, None, None]):
        self._blocks = blocks
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next((block for block in self._blocks if block), b"")
        cut = len(self._rest) if size < 0 else size
        told, self._rest = self._rest[:cut], self._rest[cut:]
        return told


def _no_more_than(size: int, blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        size -= len(block)
        if size < 0:
            raise BadFile("archive_member_damaged")
        yield block


def _member(part: zipfile.ZipInfo, place: int) -> Member:
    return Member(_shown(part), part.file_size, bool(part.flag_bits & ENCRYPTED), place)


def _shown(part: zipfile.ZipInfo) -> str:
    """The path in letters: what is not marked as UTF-8 often is none the less."""
    path = part.filename
    if not part.flag_bits & UTF_8:
        try:
            path = path.encode("cp437").decode()
        except UnicodeError:
            path = part.filename
    printable = "".join(sign for sign in path.replace("\\", "/") if sign.isprintable() or sign in "\u200c\u200d")
    return printable.strip("/")[-400:]


def _is_meant(part: zipfile.ZipInfo) -> bool:
    """False for folders, links, and what computers put beside people's files."""
    *folders, name = part.filename.replace("\\", "/").split("/")
    is_link = stat.S_ISLNK(part.external_attr >> 16)
    is_debris = "__MACOSX" in folders or name.startswith("._") or name.lower() in NOT_MEANT
    return bool(name) and not is_link and not is_debris
