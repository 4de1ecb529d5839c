"""The addresses of imports begin at /imports."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, url_prefix="/imports")
