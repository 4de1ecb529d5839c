"""The file of officers to be registered on iGOT leaves a trace: it holds e-mail addresses and telephones."""

from karmyogi.core.permissions import Actor
from karmyogi.people.models import OrgUnit
from karmyogi.store.db import database
from karmyogi.store.trail import record


def remember_registration(department: OrgUnit | None, count: int, *, kind: str, by: Actor) -> None:
    """Who took the bulk-upload file, of which department (None: all within reach), and of how many officers."""
    with database.atomic():
        record(by, "registration.export", department or "officer", {"kind": kind, "rows": count})
