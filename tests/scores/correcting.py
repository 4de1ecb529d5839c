"""What tests of corrections begin with: a sealed January, and two people who correct it."""

from datetime import timedelta

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.scores import service
from karmyogi.scores.models import Correction, ScoreMonth
from karmyogi.store.db import canonical, database
from tests.scores.scene import AT, JANUARY, Scene

LATER = AT + timedelta(days=7)
OF_RUNS = ("monthly_score", "score_line", "peer_group", "point_count", "unit_figure")
SEALED = ("score_month", *OF_RUNS, "seal_block")
WHY = "देर से मिली रिपोर्ट"


def month_row(month: Month = JANUARY) -> ScoreMonth:
    return ScoreMonth.get(ScoreMonth.month == str(month))


def seal(month: Month = JANUARY) -> None:
    service.run_month(month, by=SYSTEM, at=AT)
    service.seal_month(month, by=SYSTEM, at=AT)


def sealed_bytes(month: Month = JANUARY) -> list[str]:
    """Every column of every row that the seal of a month covers."""
    shown, lines = month_row(month).run, []
    for table in SEALED:
        of_run = f" AND run = {shown}" if table in OF_RUNS else ""
        cursor = database.execute_sql(f"SELECT * FROM {table} WHERE month = '{month}'{of_run}")
        names = [column[0] for column in cursor.description]
        lines += sorted(f"{table} {canonical(dict(zip(names, one, strict=True)))}" for one in cursor.fetchall())
    return lines


def draft(scene: Scene, month: Month = JANUARY) -> Correction:
    return service.draft_correction(month, by=scene.actors["sunita"], at=LATER)


def propose(scene: Scene, month: Month = JANUARY) -> Correction:
    return service.propose_correction(draft(scene, month), by=scene.actors["sunita"], remark=WHY, at=LATER)


def correct(scene: Scene, month: Month = JANUARY) -> Correction:
    """Open, propose and approve a correction."""
    return service.approve_correction(propose(scene, month), by=scene.actors["rekha"], at=LATER)
