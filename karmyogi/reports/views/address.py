"""The addresses of imports begin at /imports; each is about one import or about all."""

from flask import Blueprint

from karmyogi.core.permissions import Permission
from karmyogi.reports import queries
from karmyogi.store.imports import Import
from karmyogi.web.access import current_actor, visible_or_404

blueprint = Blueprint("reports", __name__, url_prefix="/imports")


def one_import(import_id: int, permission: Permission = Permission.REPORTS_READ) -> Import:
    """The import, if this permission reaches it. Raises NotThere otherwise."""
    return visible_or_404(queries.imports_for(current_actor(), permission).where(Import.id == import_id))
