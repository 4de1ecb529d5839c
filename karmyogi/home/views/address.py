"""The addresses that begin at the root of the site."""

from flask import Blueprint

blueprint = Blueprint("home", __name__)
