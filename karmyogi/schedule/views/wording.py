"""What the pages say of a job: what it is about, who asked, how long it took, what it came to, and why it failed."""

import re
from datetime import timedelta

from babel.lists import format_list
from flask import url_for
from flask_babel import format_timedelta, get_locale
from flask_babel import gettext as _

from karmyogi.accounts.models import User
from karmyogi.core.months import now
from karmyogi.core.permissions import Permission, can
from karmyogi.core.reasons import N_, TEXTS, Reason
from karmyogi.reports import service as reports
from karmyogi.schedule import table
from karmyogi.schedule.table import Timed
from karmyogi.store.jobs import GAVE_UP, JobRun, JobState
from karmyogi.web.access import current_actor
from karmyogi.web.i18n import day, local, month_name, number, say, word

DAY, MONTH = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d")
COUNTED = {
    "removed": N_("%(count)s old jobs removed"),
    "swept": N_("%(count)s files of unfinished uploads removed"),
    "officers": N_("%(count)s officers with a score"),
    "tried": N_("Rows tried again: %(count)s"),
}
MEGABYTE = 1_000_000
WAITING = N_("Waiting")  # the word of the match queue does not fit here
IN_WORDS = {
    "OperationalError": N_("The database could not be reached, or others kept it busy for too long. Try again later."),
    "InterfaceError": N_("The database could not be reached, or others kept it busy for too long. Try again later."),
    "FileNotFoundError": N_("A stored file was not found. Tell the help contact the number of this job."),
    "OSError": N_("A file could not be read or written; the disk may be full. Tell whoever runs the server."),
    "NotTaken": N_("The SMS gateway did not take the message. Tell whoever runs the server the number of this job."),
    "MemoryError": N_(
        "The server did not have enough memory. Try again at night; if it fails again, tell who runs it."
    ),
    "SystemExit": N_("The server was stopped while this was at work. Nothing half done was kept; try again."),
    "KeyboardInterrupt": N_("The server was stopped while this was at work. Nothing half done was kept; try again."),
}
LOST = N_("Five processes began this and none came to its end. Tell whoever runs the server before trying again.")
UNFORESEEN = N_("The program met a fault that it did not foresee. Tell the help contact the number of this job.")


def at_times(job: Timed) -> str:
    """When it rings: every night at 02:30."""
    return _(job.at_times, time=f"{job.next_ring(now()):%H:%M}")


def about(run: JobRun) -> str:
    """What the work is about: a day, a month, an import; else its period as it is stored."""
    period = run.about
    if DAY.fullmatch(period):
        return day(period)
    if MONTH.fullmatch(period):
        return month_name(period)
    if run.job == reports.RETRY:
        return _("All who wait in the match queue")
    return _("Import %(number)s", number=period) if run.job.startswith("import-") else period


def link_of(run: JobRun) -> str | None:
    """The page of what it is about, for those who may open it."""
    is_import = run.job.startswith("import-") and run.period.isascii() and run.period.isdecimal()
    return url_for("reports.show", import_id=run.period) if is_import and _may(Permission.REPORTS_READ) else None


def asked_by(run: JobRun, askers: dict[int, User]) -> str:
    user = askers.get(run.requested_by or 0)
    return (local(user, "name") or user.login) if user else _("The clock")


def took(run: JobRun) -> str:
    """How long it ran, roughly."""
    if run.started_at is None or run.finished_at is None:
        return ""
    return format_timedelta(max(run.finished_at - run.started_at, timedelta(seconds=1)))


def process_of(run: JobRun) -> str:
    """The machine and the number of the process that did it."""
    if not run.owner:
        return ""
    host, *_token, process = run.owner.split(":")
    return _("%(host)s, process %(number)s", host=host, number=process)


def state_word(state: str) -> str:
    """What the state of a job is called."""
    return _(WAITING) if state == JobState.QUEUED else word(state)


def standing_of(run: JobRun) -> str:
    if run.state == JobState.QUEUED:
        return _("Waiting for the worker")
    return _("Being called off") if run.cancel_asked and run.state == JobState.RUNNING else _("At work")


def why(run: JobRun) -> list[str]:
    """Why it failed, as sentences; what a fault of the program says itself may hold anybody's data: it is not shown."""
    if run.reasons:
        return [say(Reason(code, facts)) if code in TEXTS else code for code, facts in run.reasons]
    kind = (run.error or "").partition(":")[0]
    text = LOST if kind.startswith(GAVE_UP) else IN_WORDS.get(kind, UNFORESEEN)
    return [_(text)]


def came_to(run: JobRun) -> str:
    """What it came to, as a sentence."""
    found = run.result if isinstance(run.result, dict) else {}
    if found.keys() & {"computed", "proposed", "sealed"}:
        return _months_in_words(found)
    if "backup" in found:
        return _backup_in_words(found)
    if "correction" in found:
        return word(found["state"])
    if "entries" in found:
        return _proof_in_words(found)
    counted = next((name for name in COUNTED if name in found), None)
    if counted:
        return _(COUNTED[counted], count=number(found[counted]))
    return _listed([f"{word(name)} {number(count)}" for name, count in found.items() if isinstance(count, int)])


def _listed(texts: list[str]) -> str:
    return format_list(texts, locale=get_locale())


def _months_in_words(found: dict[str, list[str]]) -> str:
    if found.get("sealed"):
        return _("Sealed: %(months)s", months=_listed([month_name(one) for one in found["sealed"]]))
    if found.get("proposed"):
        return _("Sealing proposed: %(months)s", months=_listed([month_name(one) for one in found["proposed"]]))
    if found.get("computed"):
        return _("Computed: %(months)s", months=_listed([month_name(one) for one in found["computed"]]))
    return _("Nothing was due")


def _backup_in_words(found: dict[str, int]) -> str:
    facts = {"size": number(-(-found["bytes"] // MEGABYTE)), "count": number(found["files"]), "name": found["backup"]}
    told = _("%(name)s: %(size)s MB with %(count)s private files.", **facts)
    if not found["damaged"]:
        return told
    bad = _("Damaged files that could not be backed up: %(count)s.", count=number(found["damaged"]))
    return f"{told} {bad}"


def _proof_in_words(found: dict[str, list[object]]) -> str:
    counted = {"months": number(len(found["months"])), "faults": number(found["count"])}
    return _("Sealed months proven: %(months)s. Faults found: %(faults)s", **counted)


def is_cancellable(run: JobRun) -> bool:
    return run.is_busy and not run.cancel_asked and _may(Permission.JOBS_RUN)


def is_retriable(run: JobRun) -> bool:
    ended = {JobState.FAILED.value, JobState.CANCELLED.value}
    return run.state in ended and table.work_of(run.job) is not None and _may(Permission.JOBS_RUN)


def _may(permission: Permission) -> bool:
    return can(current_actor(), permission)


WAYS_OF_SAYING = {
    said.__name__: said
    for said in (
        about,
        asked_by,
        came_to,
        is_cancellable,
        is_retriable,
        link_of,
        process_of,
        standing_of,
        state_word,
        took,
        why,
    )
}
