"""The address under which all pages of scores stand."""

from flask import Blueprint

blueprint = Blueprint("scores", __name__)
