"""Verbs of people: the State's units and posts, changes of its structure, and corrections of names."""

from karmyogi.people.service.names import approve_name, refuse_name, release_name, request_name, withdraw_name
from karmyogi.people.service.state import install_state, make_unit, place, place_new_offices

__all__ = [
    "approve_name",
    "install_state",
    "make_unit",
    "place",
    "place_new_offices",
    "refuse_name",
    "release_name",
    "request_name",
    "withdraw_name",
]
