"""A later report that says less than an earlier one: taken and flagged, and the history keeps what was said before."""

from karmyogi.completions.models import STATUSES
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.reports.rules import Fault
from karmyogi.store.db import database

declare(
    status_went_back=N_(
        "The status went back: %(before)s → %(now)s. The newer report is taken, and a completion once reported stays. "
        "If iGOT is wrong, ask its help desk."
    ),
    certificate_gone=N_(
        "An earlier report told of a certificate, this one does not. The newer report is taken, the earlier one stays "
        "in the history. If the officer holds the certificate, ask iGOT's help desk."
    ),
    rating_lowered=N_("The rating went down: %(before)s → %(now)s. The newer report is taken; nothing need be done."),
    progress_lowered=N_(
        "The progress went down from %(before)s to %(now)s per cent. The newer report is taken; nothing need be done."
    ),
    points_lowered=N_(
        "The karma points went down: %(before)s → %(now)s, though they are a life-time total. "
        "The newer report is taken; nothing need be done."
    ),
)

RANK = " ".join(f"WHEN '{status}' THEN {place}" for place, status in enumerate(STATUSES))
WENT_BACK = f"(CASE u.status {RANK} END) < (CASE enrolment.status {RANK} END)"
# What is said, in which column, of which two values, and when.
LOWERED = (
    ("status_went_back", "Status", "{row}.status", WENT_BACK),
    (
        "certificate_gone",
        "Certificate_Generated",
        "{row}.certificate_id",
        "enrolment.has_certificate AND NOT u.has_certificate",
    ),
    ("rating_lowered", "User_Rating", "{row}.rating", "enrolment.rating > COALESCE(u.rating, 0)"),
    (
        "progress_lowered",
        "Content_Progress_Percentage",
        "{row}.progress / 100",
        f"enrolment.progress > u.progress AND NOT {WENT_BACK}",
    ),
)


def of_enrolments(taken: str) -> list[Fault]:
    """Of the rows that will change an enrolment, those that lower it; `taken` joins `enrolment` with `usable` u."""
    each = [
        f"""
        SELECT u.row_number, '{code}', '{column}', CAST({value.format(row="enrolment")} AS TEXT),
            CAST({value.format(row="u")} AS TEXT)
        FROM enrolment {taken} AND {condition}"""  # noqa: S608 - names and fragments of ours
        for code, column, value, condition in LOWERED
    ]
    found = database.execute_sql(f"{' UNION ALL '.join(each)} ORDER BY 1, 2").fetchall()
    return [
        Fault(number, column, now or "", reason(code, before=before or "–", now=now or "–"))
        for number, code, column, before, now in found
    ]


def of_profiles(taken: str) -> list[Fault]:
    """Of the rows that will change a profile, those with fewer points; `taken` joins `igot_profile` with `usable` u."""
    found = database.execute_sql(
        f"SELECT u.row_number, igot_profile.karma_points, u.karma_points FROM igot_profile {taken} "  # noqa: S608
        "AND igot_profile.karma_points > u.karma_points ORDER BY u.row_number"
    ).fetchall()
    return [
        Fault(number, "Karma_Points", str(now), reason("points_lowered", before=before, now=now))
        for number, before, now in found
    ]
