"""Two records of one person become one, and two again: nothing is rewritten, and the trail names both."""

from datetime import datetime

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import Reason, reason
from karmyogi.home.queries.merging import shared_by, side_of
from karmyogi.people.models import Officer
from karmyogi.people.rules import merging_reasons
from karmyogi.people.service import hold_records, keep_stricter_consents, set_merged
from karmyogi.store.db import database
from karmyogi.store.trail import personal, record


def merge_officers(
    goes: Officer, stands: Officer, *, why: str, is_checked: bool = False, by: Actor, at: datetime | None = None
) -> Officer:
    """Let one record give way to the other of the same person: from now on both are read as the one that stands.

    Facts stay with the record they came to, so that parting gives everything back. Sealed months stay. Of what the
    two agreed to, the stricter answer holds, and parting gives no consent back.
    `is_checked` says that facts which differ were looked into. Raises NotAllowed, or RuleBroken with every reason.
    """
    _check(by)
    at = at or now()
    with database.atomic():
        records = hold_records(goes.id, stands.id)
        goes, stands = records[goes.id], records[stands.id]
        found = reasons_against_merging(goes, stands, why=why.strip(), is_checked=is_checked)
        if found:
            raise RuleBroken(*found)
        set_merged(goes, stands)
        told = {"merged_into": [None, stands.id], "codes": personal([goes.employee_code, stands.employee_code])}
        record(by, "officer.merge", goes, told, remark=why.strip(), at=at)
        keep_stricter_consents(goes, stands, by=by, at=at)
    return Officer.get_by_id(goes.id)


def reasons_against_merging(goes: Officer, stands: Officer, *, why: str, is_checked: bool) -> list[Reason]:
    """Why this record may not give way to that one; empty if it may."""
    return merging_reasons(side_of(goes), side_of(stands), shared_by(goes, stands), why=why, is_checked=is_checked)


def part_officers(goes: Officer, *, why: str, by: Actor, at: datetime | None = None) -> Officer:
    """Let a record that gave way stand for itself again, as it was.

    What came in meanwhile for the person stays with the record that stood; sealed months, nominations and papers
    stay as they are. Raises NotAllowed, or RuleBroken if it belongs to no other, or without a reason.
    """
    _check(by)
    with database.atomic():
        fresh = hold_records(goes.id)[goes.id]
        if fresh.merged_into_id is None:
            raise RuleBroken(reason("part_not_merged", record=fresh.employee_code))
        if not why.strip():
            raise RuleBroken("part_reason_missing")
        stood = Officer.get_by_id(fresh.merged_into_id)
        set_merged(fresh, None)
        told = {"merged_into": [stood.id, None], "codes": personal([fresh.employee_code, stood.employee_code])}
        record(by, "officer.part", fresh, told, remark=why.strip(), at=at or now())
    return Officer.get_by_id(fresh.id)


def _check(by: Actor) -> None:
    if not can(by, Permission.OFFICERS_MERGE):
        raise NotAllowed("not_allowed")
