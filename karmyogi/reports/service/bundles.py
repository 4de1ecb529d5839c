"""Several files that come in together: an archive unpacked into imports, and all of them applied in their order.

A password lives as long as the call that was given it: it is neither stored nor
logged, and no job ever learns it. So an archive is unpacked where it is asked
for; what is in it is checked by the worker.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from karmyogi.core.errors import BadFile, KarmyogiError, RuleBroken
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.reports.service.applying import apply
from karmyogi.reports.service.checking import check, refuse
from karmyogi.reports.service.reading import KINDS
from karmyogi.reports.service.receiving import CHECK, OPEN_STATES, Brought, Kept, ask_for, register
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles, Readable
from karmyogi.store.imports import Bundle, BundleState, Import, ImportState
from karmyogi.store.jobs import JobRun, enqueue, progress
from karmyogi.store.sheets import LIMITS, Container, container_of
from karmyogi.store.sheets.archive import Archive, Member
from karmyogi.store.trail import personal, record

APPLY_ALL = "import-apply-all"
LAST_TURN = max(kind.turn for kind in KINDS.values())

declare(
    bundle_not_locked=N_("This archive has been opened or set aside already. Open its page to see what was in it."),
    bundle_stopped=N_(
        "It stopped at “%(file)s”, and nothing of that file or of those after it was written. "
        "What stands before it is applied. The reason follows; put it right, then apply the rest."
    ),
)


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: its name, and its bytes to be read once."""

    name: str
    stream: Readable


def bring(
    uploads: Sequence[Upload], files: PrivateFiles, brought: Brought, *, password: str = ""
) -> list[Import | Bundle]:
    """Keep the files: an archive becomes a bundle, other files are one import, or one bundle if they are several.

    An archive without its password, or with a wrong one, is kept and waits; one
    that cannot be opened at all is a refused import. Raises BadFile if a file is
    too large: then nothing is remembered of any of them.
    """
    kept = [_keep(upload, files) for upload in uploads]
    archives = [one for one in kept if _is_archive(one, files)]
    loose = [one for one in kept if one not in archives]
    done: list[Import | Bundle] = [_bring_archive(one, files, brought, password) for one in archives]
    if len(loose) == 1:
        done.append(register(loose[0], brought))
    elif loose:
        done.append(_bring_loose(loose, brought))
    return done


def unlock(bundle: Bundle, files: PrivateFiles, *, password: str, by: Actor) -> None:
    """Unpack an archive that waited for its password; each file in it becomes an import.

    Raises BadFile if the password is wrong: the archive is still kept.
    Raises RuleBroken if somebody has opened it or set it aside meanwhile.
    """
    brought = Brought(by, bundle.creates_units, bundle.as_on, unit_id=bundle.unit_id)
    unpacked = _unpack(bundle.sha256, files, password)
    with database.atomic():
        _move(bundle, BundleState.OPENED, left_out=unpacked.left_out)
        record(by, "bundle.open", bundle, {"files": len(unpacked.files)})
        _register_all(unpacked.files, bundle, brought)


def discard_bundle(bundle: Bundle, *, by: Actor) -> None:
    """Set aside an archive that waits for its password. Raises RuleBroken if it does not wait any longer."""
    with database.atomic():
        _move(bundle, BundleState.DISCARDED, left_out=bundle.left_out)
        record(by, "bundle.discard", bundle)


def ask_for_checks(brought: Import | Bundle, *, by: Actor) -> None:
    """Queue the checking of what was brought; a refused import and a locked archive have nothing to be checked."""
    waiting = waiting_in(brought) if isinstance(brought, Bundle) else [brought]
    for origin in waiting:
        if origin.state == ImportState.RECEIVED:
            ask_for(CHECK, origin, by=by)


def ask_to_apply_all(bundle: Bundle, *, by: Actor) -> JobRun:
    """Queue the applying of everything in the bundle that is checked."""
    return enqueue(APPLY_ALL, str(bundle.id), by=by)


def apply_all(bundle: Bundle, files: PrivateFiles, *, by: Actor, run: JobRun | None = None) -> dict[str, int]:
    """Apply the bundle's files in their order, each in its own transaction; refused and set aside ones are passed over.

    Stops at the first that cannot be applied: raises RuleBroken that names it,
    with its own reasons. What was applied before stays.
    """
    for origin in waiting_in(bundle):
        if origin.state == ImportState.RECEIVED:
            check(origin, files)
    ordered = in_order(waiting_in(bundle))
    for place, origin in enumerate(ordered):
        if run:
            progress(run, 1000 * place // len(ordered))
        _apply_one(origin, files, by)
    return {"applied": len(ordered)}


def _apply_one(origin: Import, files: PrivateFiles, by: Actor) -> None:
    try:
        apply(origin, files, by=by)
    except KarmyogiError as error:
        raise RuleBroken(reason("bundle_stopped", file=origin.file_name), *error.reasons) from error


def waiting_in(bundle: Bundle) -> list[Import]:
    """The bundle's imports that are neither applied, refused nor set aside."""
    return list(Import.select().where((Import.bundle == bundle) & Import.state.in_(OPEN_STATES)))


def in_order(imports: Iterable[Import]) -> list[Import]:
    """Imports as they are best applied: by kind, then the older report first, then as they came."""
    return sorted(imports, key=_place)


def _place(origin: Import) -> tuple[int, float, int]:
    turn = KINDS[origin.kind].turn if origin.kind in KINDS else LAST_TURN
    return turn, origin.generated_at.timestamp() if origin.generated_at else 0, origin.id


# Keeping and unpacking


@dataclass(frozen=True)
class Unpacked:
    """An archive's files among the private ones, and the members that could not be unpacked: path, code, facts."""

    files: list[Kept] = field(default_factory=list)
    left_out: list[list[object]] = field(default_factory=list)


def _keep(upload: Upload, files: PrivateFiles) -> Kept:
    sha256, size = files.put_stream(upload.stream, kind="report", limit=LIMITS.max_bytes)
    return Kept(upload.name[:200], sha256, size)


def _is_archive(kept: Kept, files: PrivateFiles) -> bool:
    with files.open(kept.sha256, kind="report") as stream:
        try:
            return container_of(stream)[0] is Container.ARCHIVE
        except BadFile:
            return False  # checking it will say why it is refused


def _bring_archive(kept: Kept, files: PrivateFiles, brought: Brought, password: str) -> Import | Bundle:
    try:
        unpacked, state = _unpack(kept.sha256, files, password), BundleState.OPENED
    except BadFile as error:
        if not _is_about_the_password(error):
            return refuse(register(kept, brought), error)
        unpacked, state = Unpacked(), BundleState.LOCKED
    with database.atomic():
        bundle = _bundle(kept, brought, sha256=kept.sha256, state=state, left_out=unpacked.left_out)
        _register_all(unpacked.files, bundle, brought)
    return bundle


def _is_about_the_password(error: BadFile) -> bool:
    return error.reasons[0].code in {"archive_needs_password", "archive_password_wrong"}


def unpack(upload: Upload, files: PrivateFiles, *, password: str) -> Unpacked:
    """What a file comes to: the files in it if it is an archive, else itself; nothing is remembered.

    Raises BadFile if it is too large, or an archive that cannot be opened, also for want of its password.
    """
    kept = _keep(upload, files)
    return _unpack(kept.sha256, files, password) if _is_archive(kept, files) else Unpacked([kept])


def _bring_loose(kept: Sequence[Kept], brought: Brought) -> Bundle:
    together = Kept(f"{kept[0].name} + {len(kept) - 1}", "", sum(one.size for one in kept))
    with database.atomic():
        bundle = _bundle(together, brought, sha256=None, state=BundleState.OPENED, left_out=[])
        _register_all(kept, bundle, brought)
    return bundle


def _register_all(kept: Iterable[Kept], bundle: Bundle, brought: Brought) -> None:
    for one in kept:
        register(one, brought, bundle=bundle)


def _unpack(sha256: str, files: PrivateFiles, password: str) -> Unpacked:
    """Every member that can be unpacked, as a private file; raises BadFile about the password if none opens by it."""
    unpacked, wrong = Unpacked(), None
    with files.open(sha256, kind="report") as stream:
        archive = Archive(stream, LIMITS)
        if archive.is_locked and not password:
            raise BadFile("archive_needs_password")
        for member in archive.members:
            try:
                unpacked.files.append(_unpacked(archive, member, files, password))
            except BadFile as error:
                wrong = error if _is_about_the_password(error) else wrong
                unpacked.left_out.append([member.path, error.reasons[0].code, dict(error.reasons[0].facts)])
    if wrong and not unpacked.files:
        raise wrong
    return unpacked


def _unpacked(archive: Archive, member: Member, files: PrivateFiles, password: str) -> Kept:
    stream = archive.open(member, password=password)
    sha256, size = files.put_stream(stream, kind="report", limit=LIMITS.max_bytes)
    return Kept(member.name[:200], sha256, size, packed_as=member.path)


def _bundle(
    kept: Kept, brought: Brought, *, sha256: str | None, state: BundleState, left_out: list[list[object]]
) -> Bundle:
    bundle: Bundle = Bundle.create(
        file_name=kept.name,
        sha256=sha256,
        size_bytes=kept.size,
        state=state.value,
        creates_units=brought.creates_units and brought.unit_id is None,
        unit_id=brought.unit_id,
        as_on=brought.as_on,
        left_out=left_out,
        received_by=brought.by.user_id,
        received_at=brought.at,
    )
    record(brought.by, "bundle.receive", bundle, {"file": personal(kept.name), "sha256": sha256}, at=brought.at)
    return bundle


def _move(bundle: Bundle, target: BundleState, left_out: list[list[object]]) -> None:
    moved = (
        Bundle.update(state=target.value, left_out=left_out)
        .where((Bundle.id == bundle.id) & (Bundle.state == BundleState.LOCKED.value))
        .execute()
    )
    if not moved:
        raise RuleBroken("bundle_not_locked")
    bundle.state = target.value
