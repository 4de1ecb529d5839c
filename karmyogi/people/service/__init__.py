"""Verbs of people: the State's units and posts, changes of its structure, and corrections of names, and the search."""

from karmyogi.people.service.consents import give_consent, keep_stricter_consents, withdraw_consent
from karmyogi.people.service.merging import hold_records, set_merged
from karmyogi.people.service.names import approve_name, refuse_name, release_name, request_name, withdraw_name
from karmyogi.people.service.state import install_state, make_unit, place, place_new_offices
from karmyogi.people.service.units import create_unit, move_unit, rename_unit, reopen_unit, set_closed
from karmyogi.people.service.words import forget_words, keep_words

__all__ = [
    "approve_name",
    "create_unit",
    "forget_words",
    "give_consent",
    "hold_records",
    "install_state",
    "keep_stricter_consents",
    "keep_words",
    "make_unit",
    "move_unit",
    "place",
    "place_new_offices",
    "refuse_name",
    "release_name",
    "rename_unit",
    "reopen_unit",
    "request_name",
    "set_closed",
    "set_merged",
    "withdraw_consent",
    "withdraw_name",
]
