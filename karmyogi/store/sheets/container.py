"""What a file is packed in, by its first bytes and an archive's list of contents; and refusals of what is not taken."""

from enum import StrEnum
from typing import IO

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.store.sheets.package import opened_package

declare(
    sheet_is_zip=N_(
        "This is an archive inside an archive, which is not opened. Unpack it and send the reports that are in it."
    ),
    sheet_is_old_workbook=N_(
        "This is a workbook of Excel 97–2003 (.xls), or another old Office file. Open it in Excel, "
        "save it as “Excel Workbook (.xlsx)” and send that file."
    ),
    sheet_is_locked_workbook=N_(
        "This workbook is protected by a password. Open it in Excel, take the password away under "
        "File › Info › Protect Workbook, save it and send it again."
    ),
    sheet_is_other_workbook=N_(
        "This is a workbook of a kind that is not taken (%(kind)s). "
        "Save it as “Excel Workbook (.xlsx)” and send that file."
    ),
    sheet_is_document=N_("This is an Office document (%(kind)s), not a table. Send the report as it was downloaded."),
)

HEAD = 64 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")
WORKBOOK_PART = "[Content_Types].xml"
LOCKED = "EncryptedPackage".encode("utf-16-le")
OTHER_WORKBOOKS = {"xl/workbook.bin": "XLSB", "content.xml": "ODS", "Index/Document.iwa": "Numbers"}
DOCUMENTS = {"word/document.xml": "DOCX", "ppt/presentation.xml": "PPTX"}


class Container(StrEnum):
    """What the rows of a file come in."""

    TEXT = "text"
    WORKBOOK = "workbook"
    ARCHIVE = "archive"


def container_of(stream: IO[bytes]) -> tuple[Container, IO[bytes]]:
    """What the file is, and the stream to read it from, at its start.

    Raises BadFile for what is certainly neither a text table, a workbook of
    today nor an archive. A text that cannot be read is found out when it is read.
    """
    if not stream.seekable():
        return Container.TEXT, stream
    head = stream.read(len(OLD_OFFICE))
    stream.seek(0)
    if head.startswith(OLD_OFFICE):
        raise BadFile("sheet_is_locked_workbook" if _is_locked(stream) else "sheet_is_old_workbook")
    if not head.startswith(ARCHIVES):
        return Container.TEXT, stream
    return _packed(stream), stream


def _packed(stream: IO[bytes]) -> Container:
    names = set(opened_package(stream).namelist())
    stream.seek(0)
    for part, kind in OTHER_WORKBOOKS.items():
        if part in names:
            raise BadFile(reason("sheet_is_other_workbook", kind=kind))
    for part, kind in DOCUMENTS.items():
        if part in names:
            raise BadFile(reason("sheet_is_document", kind=kind))
    return Container.WORKBOOK if WORKBOOK_PART in names else Container.ARCHIVE


def _is_locked(stream: IO[bytes]) -> bool:
    """Old Office files keep a list of their streams in a sector that the first one names."""
    head = stream.read(512)
    sector = int.from_bytes(head[48:52], "little")
    size = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    stream.seek(min((sector + 1) * size, 2**40))
    listed = stream.read(4096)
    stream.seek(0)
    return LOCKED in listed
