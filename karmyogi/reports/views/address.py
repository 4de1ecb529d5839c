"""The addresses of imports begin at /imports; each is about one import or about all."""

from flask import Blueprint

from karmyogi.reports import queries
from karmyogi.store.imports import Import
from karmyogi.web.access import visible_or_404

blueprint = Blueprint("reports", __name__, url_prefix="/imports")


def one_import(import_id: int) -> Import:
    return visible_or_404(queries.imports().where(Import.id == import_id))
