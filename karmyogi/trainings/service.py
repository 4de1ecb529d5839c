"""Verbs of trainings: enter a session that was held, with those who taught and attended it."""

from collections.abc import Sequence
from datetime import date, datetime

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.people.models import Officer
from karmyogi.store.db import database
from karmyogi.store.trail import record
from karmyogi.trainings.models import Attendance, TrainingSession

ROWS_AT_ONCE = 500

declare(
    session_untitled=N_("Give the session a title in Hindi and in English."),
    session_in_future=N_("A session is entered when it has been held, not before."),
    session_without_officers=N_("Nobody is named who attended the session."),
    session_officer_twice=N_("An officer is named twice among those who attended or taught the session."),
)


def enter_session(
    *,
    title_hi: str,
    title_en: str,
    held_on: date,
    attended: Sequence[Officer],
    taught: Sequence[Officer] = (),
    by: Actor,
    at: datetime | None = None,
) -> TrainingSession:
    """Enter a session held on a day in India, with everybody's part in it; the next computation of its month counts it.

    Who taught a session may have attended it as well. Raises NotAllowed, or RuleBroken with everything that is wrong.
    """
    at = at or now()
    if not can(by, Permission.TRAININGS_WRITE):
        raise NotAllowed(reason("not_allowed"))
    parts = {"attended": [officer.id for officer in attended], "taught": [officer.id for officer in taught]}
    wrong = _faults(title_hi, title_en, held_on, parts, on=at.astimezone(IST).date())
    if wrong:
        raise RuleBroken(*(reason(code) for code in wrong))
    with database.atomic():
        session = TrainingSession.create(title_hi=title_hi, title_en=title_en, held_on=held_on)
        rows = [{"session": session, "officer": one, "part": part} for part, ids in parts.items() for one in ids]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            Attendance.insert_many(rows[start : start + ROWS_AT_ONCE]).execute()
        told = {"title": title_en, "held_on": held_on, **{part: len(ids) for part, ids in parts.items()}}
        record(by, "training.enter_session", session, told, at=at)
    return session


def _faults(title_hi: str, title_en: str, held_on: date, parts: dict[str, list[int]], *, on: date) -> list[str]:
    faults = {
        "session_untitled": not (title_hi.strip() and title_en.strip()),
        "session_in_future": held_on > on,
        "session_without_officers": not parts["attended"],
        "session_officer_twice": any(len(set(ids)) < len(ids) for ids in parts.values()),
    }
    return [code for code, is_wrong in faults.items() if is_wrong]
