"""The addresses of people begin at the root of the site: /me/name, /names, /units."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
