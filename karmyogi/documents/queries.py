"""Reads of issued documents."""

from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.rules import read_code


def by_code(text: str) -> IssuedDocument | None:
    """The document of a code as a person types it, whatever its state; None if there is none or it is no code."""
    code = read_code(text)
    return code and IssuedDocument.get_or_none(IssuedDocument.code == code)
