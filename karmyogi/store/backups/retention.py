"""How long backups are kept: all of two days, the last of each day for 35, the last of each month for a year.

Days and months are those of India. The newest that is whole stays whatever its age.
"""

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from karmyogi.core.months import IST
from karmyogi.store.backups import manifest as manifests
from karmyogi.store.backups.manifest import UNFINISHED, BackupRefused
from karmyogi.store.backups.plan import Plan

NAMED = re.compile(r"karmyogi-(\d{8}T\d{6})Z")
ALL, DAILY, MONTHLY = timedelta(days=2), timedelta(days=35), timedelta(days=366)


def outlived(moments: Iterable[datetime], *, at: datetime) -> set[datetime]:
    """Those of the moments whose backup need not be kept any longer; one exactly as old as a limit is kept."""
    moments = sorted(moments)
    days = set({f"{moment.astimezone(IST):%Y-%m-%d}": moment for moment in moments}.values())
    months = set({f"{moment.astimezone(IST):%Y-%m}": moment for moment in moments}.values())

    def is_kept(moment: datetime) -> bool:
        age = at - moment
        return age <= ALL or (age <= DAILY and moment in days) or (age <= MONTHLY and moment in months)

    return {moment for moment in moments if not is_kept(moment)}


def thin(plan: Plan, *, at: datetime) -> list[str]:
    """Remove from the plan's own folder what has outlived its time; returns the names, oldest first."""
    if plan.folder is None:
        return []
    there = {moment: folder for folder in plan.folder.iterdir() if (moment := _moment_of(folder))}
    gone = sorted(outlived(there, at=at) - {_newest_whole(there, plan)})
    for moment in gone:
        aside = there[moment].with_name(UNFINISHED + there[moment].name)  # half of it never looks like a backup
        there[moment].rename(aside)
        shutil.rmtree(aside)
    return [there[moment].name for moment in gone]


def _moment_of(folder: Path) -> datetime | None:
    named = NAMED.fullmatch(folder.name)
    return datetime.strptime(named[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if named else None


def _newest_whole(there: dict[datetime, Path], plan: Plan) -> datetime | None:
    """The newest whose manifest is ours and whose files are all there in their sizes."""
    for moment in sorted(there, reverse=True):
        with suppress(BackupRefused, OSError):
            told = manifests.read(there[moment])
            manifests.prove(told, plan.trail_key)
            if all((there[moment] / name).stat().st_size == one.bytes for name, one in told.files.items()):
                return moment
    return None
