"""The beginning and the unused end of an import: the file is kept, work on it is asked for, or it is set aside."""

from dataclasses import dataclass, field
from datetime import date, datetime

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import N_, declare
from karmyogi.reports.service import kept
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles, Readable
from karmyogi.store.imports import Bundle, Import, ImportState
from karmyogi.store.jobs import JobRun, ask_to_cancel, enqueue
from karmyogi.store.sheets import LIMITS
from karmyogi.store.trail import personal, record

CHECK, APPLY, UNDO = "import-check", "import-apply", "import-undo"
OPEN_STATES = [ImportState.RECEIVED.value, ImportState.CHECKED.value]

declare(
    import_not_checked=N_("This import has not been checked yet, or it has already been applied or set aside."),
)


@dataclass(frozen=True)
class Brought:
    """What people say of a file as they bring it, and when that was."""

    by: Actor
    creates_units: bool = False
    as_on: date | None = None
    at: datetime = field(default_factory=now)
    unit_id: int | None = None  # whose officers the files may be about; None: the whole State


@dataclass(frozen=True)
class Kept:
    """A file that lies among the private ones; its name, and its path in an archive, are text and lead nowhere."""

    name: str
    sha256: str
    size: int
    packed_as: str = ""


def receive(
    stream: Readable,
    files: PrivateFiles,
    *,
    name: str,
    by: Actor,
    creates_units: bool = False,
    as_on: date | None = None,
    at: datetime | None = None,
    unit_id: int | None = None,
) -> Import:
    """Keep an uploaded file privately and remember who brought it; nothing of it is read yet.

    Raises BadFile if it is larger than imports may be.
    """
    sha256, size = files.put_stream(stream, kind="report", limit=LIMITS.max_bytes)
    return register(Kept(name[:200], sha256, size), Brought(by, creates_units, as_on, at or now(), unit_id))


def register(kept: Kept, brought: Brought, *, bundle: Bundle | None = None) -> Import:
    """Remember a file that lies among the private ones, and who brought it."""
    with database.atomic():
        received = Import.create(
            file_name=kept.name,
            sha256=kept.sha256,
            size_bytes=kept.size,
            creates_units=brought.creates_units and brought.unit_id is None,  # units are the State's to create
            unit_id=brought.unit_id,
            as_on=brought.as_on or brought.at.date(),
            received_by=brought.by.user_id,
            received_at=brought.at,
            bundle=bundle,
            packed_as=kept.packed_as,
        )
        record(
            brought.by,
            "import.receive",
            received,
            {"file": personal(kept.name), "sha256": kept.sha256} | _for(brought),
            at=brought.at,
        )
    return received


def _for(brought: Brought) -> dict[str, object]:
    return {"unit": brought.unit_id} if brought.unit_id else {}


def ask_for(job: str, origin: Import, *, by: Actor) -> JobRun:
    """Queue the checking, applying or undoing of an import for the worker."""
    return enqueue(job, str(origin.id), by=by)


def call_off(run: JobRun, origin: Import, *, by: Actor) -> bool:
    """Ask that work on an import stops; nothing of it is written then. False if it has ended before."""
    with database.atomic():
        stopped = ask_to_cancel(run)
        if stopped:
            record(by, "import.call_off", origin, {"job": run.job})
    return stopped


def discard(origin: Import, files: PrivateFiles, *, by: Actor) -> None:
    """Set a received or checked import aside; its file and its preview stay readable."""
    with database.atomic():
        move(origin, ImportState.DISCARDED)
        record(by, "import.discard", origin)
    kept.forget(origin, files)


def move(origin: Import, target: ImportState) -> None:
    """Raises RuleBroken if somebody has applied the import or set it aside meanwhile."""
    moved = Import.update(state=target.value).where((Import.id == origin.id) & Import.state.in_(OPEN_STATES)).execute()
    if not moved:
        raise RuleBroken("import_not_checked")
    origin.state = target.value
    if target is ImportState.CHECKED:
        origin.checked_at = now()
