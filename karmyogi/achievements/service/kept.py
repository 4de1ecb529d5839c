"""Certificate images before a claim names them: looked at in a process of their own, kept, and swept if none does."""

from dataclasses import dataclass
from datetime import datetime

from karmyogi.achievements.queries import files_named
from karmyogi.core.permissions import SYSTEM
from karmyogi.store.db import database
from karmyogi.store.files import Kind, PrivateFiles
from karmyogi.store.images import Picture, inspect_image
from karmyogi.store.trail import record

KINDS: tuple[Kind, ...] = ("original", "image", "thumb")


@dataclass(frozen=True)
class Kept:
    """A certificate image that was looked at and whose three files are on disk; no row names it yet."""

    picture: Picture
    size_bytes: int
    image_sha256: str
    thumb_sha256: str


def keep(content: bytes, files: PrivateFiles) -> Kept:
    """Look at a certificate image, then keep it and its copies by their hashes.

    Raises BadFile or SandboxUnavailable, and keeps nothing then.
    """
    picture = inspect_image(content)
    files.put(content, kind="original")
    return Kept(
        picture,
        len(content),
        image_sha256=files.put(picture.webp, kind="image"),
        thumb_sha256=files.put(picture.thumb, kind="thumb"),
    )


def sweep_kept(files: PrivateFiles, *, before: datetime) -> int:
    """Remove the files of uploads that were kept before that moment and that no claim names: how many files.

    Whoever sends the same picture meanwhile makes its file young again, so a claim about to name it finds it. An
    earlier picture of a claim, and one of a withdrawn claim, is named and stays.
    """
    removed = sum(_sweep(files, kind, before) for kind in KINDS)
    if removed:
        with database.atomic():
            record(SYSTEM, "certificate_image.sweep", "certificate_image", {"files": removed, "kept_before": before})
    return removed


def _sweep(files: PrivateFiles, kind: Kind, before: datetime) -> int:
    named = files_named(kind)
    lonely = [sha256 for sha256 in files.kept_before(before, kind=kind) if sha256 not in named]
    return sum(files.remove(sha256, kind=kind, before=before) for sha256 in lonely)
