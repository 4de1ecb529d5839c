"""Workbooks for tests: as Excel would save them, and as nobody would."""

import io
import zipfile

from xlsxwriter import Workbook

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGED = "http://schemas.openxmlformats.org/package/2006/relationships"


def book_of(*tables, names=(), shared=True, hidden=(), **options) -> bytes:
    """A workbook with one sheet for each table; texts are written as texts, all else by its type."""
    out = io.BytesIO()
    told = {"constant_memory": not shared, "strings_to_formulas": False, "strings_to_numbers": False, **options}
    with Workbook(out, {"strings_to_urls": False, **told}) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        book.default_date_format = day
        for number, table in enumerate(tables):
            page = book.add_worksheet(names[number] if names else None)
            if number in hidden:
                page.hide()
            for row, cells in enumerate(table):
                for column, value in enumerate(cells):
                    write = page.write_string if isinstance(value, str) and value else page.write
                    write(row, column, value)
    return out.getvalue()


def packed(parts: dict[str, str | bytes], *, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(
    sheet: str | bytes, *, strings: str = "", styles: str = "", about: str = "", target: str = "worksheets/sheet1.xml"
) -> dict[str, str | bytes]:
    """The parts of a workbook whose sheet is this XML."""
    relation = '<Relationship Id="{}" Type="' + RELATIONS + '/{}" Target="{}"/>'
    related = relation.format("r1", "worksheet", target)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<R xmlns="{PACKAGED}">{relation.format("m", "officeDocument", "xl/workbook.xml")}</R>',
        "xl/workbook.xml": f'<workbook xmlns="{SPACE}" xmlns:r="{RELATIONS}">{about}<sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings:
        related += relation.format("r2", "sharedStrings", "sharedStrings.xml")
        parts["xl/sharedStrings.xml"] = strings
    if styles:
        related += relation.format("r3", "styles", "styles.xml")
        parts["xl/styles.xml"] = styles
    parts["xl/_rels/workbook.xml.rels"] = f'<R xmlns="{PACKAGED}">{related}</R>'
    return parts


def worksheet(rows: str, *, before: str = "") -> str:
    return f'<?xml version="1.0"?><worksheet xmlns="{SPACE}">{before}<sheetData>{rows}</sheetData></worksheet>'


def raw_book(rows: str, **parts) -> bytes:
    """A workbook whose rows are this XML."""
    return packed(parts_of(worksheet(rows), **parts))


def old_office(*, stream: str) -> bytes:
    """The skeleton of an Office file of the old kind that holds one stream of this name."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    head[48:52] = (1).to_bytes(4, "little")
    entry = stream.encode("utf-16-le").ljust(128, b"\0")
    return bytes(head) + bytes(512) + b"Root Entry".ljust(128, b"\0") + entry + bytes(256)
