"""A zip opened at arm's length: nothing it says of itself is believed, and no more of it is read than was asked for.

Used for workbooks and for archives. Names in it are looked up and shown, and
never become a path.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.etree import ElementTree

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare

declare(
    sheet_package_damaged=N_(
        "The file is damaged, or was not saved to its end. Open it in Excel and save it again, or download it again."
    ),
    sheet_package_too_big=N_(
        "The file unpacks to far more than a report ever holds, and was not opened. "
        "Download the report again, or save its one sheet as CSV and send that file."
    ),
)

LARGEST_LIST = 1024 * 1024  # bytes of an archive's list of contents: some ten thousand names
LARGEST_LEAF = 8 * 1024 * 1024  # of the parts that are read whole: styles, names of sheets
BLOCK = 64 * 1024
PLAUSIBLE = 20 * 1024 * 1024  # below this no ratio is judged
DENSEST = 200  # times smaller than unpacked; a real sheet is packed ten to forty times
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
    OverflowError,
    KeyError,
    IndexError,
)


@contextmanager
def damage_told() -> Iterator[None]:
    """Whatever the libraries raise at a damaged file is one refusal."""
    try:
        yield
    except BROKEN as error:
        raise BadFile("sheet_package_damaged") from error


class _Guarded(io.RawIOBase):
    """The caller's stream for zipfile, which believes the sizes it reads there; never closed here."""

    def __init__(self, stream: IO[bytes]):
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        told = self._stream.read(size if 0 <= size <= LARGEST_LIST else LARGEST_LIST + 1)
        if len(told) > LARGEST_LIST:
            raise BadFile("sheet_package_too_big")
        return told

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True


def opened_package(stream: IO[bytes]) -> zipfile.ZipFile:
    """The zip in `stream`, its list of contents read. Raises BadFile if it is damaged or its list is too long."""
    with damage_told():
        return zipfile.ZipFile(_Guarded(stream))


def refuse_bomb(part: zipfile.ZipInfo, most: int) -> None:
    """Raise BadFile if a part says it is larger than `most` bytes, or packed more tightly than sheets can be.

    zipfile never gives more of a part than its list of contents says.
    """
    is_dense = part.file_size > PLAUSIBLE and part.file_size > DENSEST * part.compress_size
    if part.file_size > most or is_dense:
        raise BadFile("sheet_package_too_big")
    if part.compress_type not in METHODS:
        raise BadFile("sheet_package_damaged")


def blocks_of(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The bytes of a part, unpacked block by block. Raises BadFile: a bomb, or damaged."""
    refuse_bomb(part, most)
    with damage_told(), package.open(part) as stream:
        while block := stream.read(BLOCK):
            yield block


def leaf_of(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> ElementTree.Element:
    """A small part of XML, read whole. Raises BadFile if it is large, damaged, or declares anything of its own."""
    content = b"".join(blocks_of(package, part, LARGEST_LEAF))
    refuse_declarations(content)
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - it declares no entities: see above
    except ElementTree.ParseError as error:
        raise BadFile("sheet_package_damaged") from error


def refuse_declarations(start: bytes) -> None:
    """Raise BadFile if XML is not in UTF-8 or has a document type, with which entities are declared."""
    head = start[:200].lower()
    is_foreign = start.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"encoding=" in head and b"utf-8" not in head)
    if is_foreign or b"\0" in start or b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise BadFile("sheet_package_damaged")
