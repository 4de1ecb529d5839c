"""A month's rows as canonical text, whatever the engine: what a run's id and a seal are made of.

Rows are read in chunks by key, so that neither engine holds a whole month in memory.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from karmyogi.core.months import Month
from karmyogi.people.models import Officer
from karmyogi.scores.models import CorrectionBlock, MonthlyScore, ScoreLine, ScoreMonth, SealBlock, in_month
from karmyogi.scores.queries.computing import (
    GROUP_COLUMNS,
    GROUPS,
    LINE_COLUMNS,
    LINES,
    RANKED,
    SCORE_COLUMNS,
)
from karmyogi.scores.queries.figuring import COUNT_COLUMNS, COUNTS, FIGURE_COLUMNS, FIGURES
from karmyogi.scores.queries.raw import Row, fetch
from karmyogi.scores.rules import NEWEST_SEAL, SCORES_ALONE
from karmyogi.store.db import canonical

CHUNK = 5_000
SHOWN = "month = :month AND run = (SELECT shown.run FROM score_month shown WHERE shown.month = :month)"
OF_RUN = "month = :month AND run = :run"
BLOCK = 500
DIGEST_LETTERS = 16

Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class Source:
    """The tables that hold a month's rows: the staged ones, or the stored ones of one month.

    `version` is what their hash covers; see `rules.NEWEST_SEAL`.
    """

    scores: str
    lines: str
    groups: str
    counts: str
    figures: str
    month: Month | None = None
    run: int | None = None  # without one, the run that the month shows
    version: int = NEWEST_SEAL

    def read(self, table: str, columns: Sequence[str], clause: str, **parameters: object) -> list[Row]:
        """Rows of one of the tables, of this month."""
        here = SHOWN if self.month else "1 = 1"
        if self.run is not None:
            here, parameters = OF_RUN, {"run": self.run, **parameters}
        sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {here} {clause}"  # noqa: S608 - our own names
        return fetch(sql, {"month": str(self.month), **parameters} if self.month else parameters)


STAGED = Source(RANKED, LINES, GROUPS, COUNTS, FIGURES)


def stored(month: Month, run: int | None = None) -> Source:
    """The rows of a month as they stand in the database, hashed as they were when it was computed: those it shows.

    Or those of one run, as a correction hashes them: it changes no figures of units.
    """
    version = ScoreMonth.select(ScoreMonth.seal_version).where(ScoreMonth.month == str(month)).scalar()
    tables = ("monthly_score", "score_line", "peer_group", "point_count", "unit_figure")
    return Source(*tables, month, run, version or NEWEST_SEAL if run is None else SCORES_ALONE)


@dataclass
class Fingerprint:
    """What a month's rows come to: one hash of all, and a short digest for each by its key."""

    run_id: str = ""
    scores: dict[int, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


def fingerprint_of(source: Source, *, chunk: int = CHUNK, told: Callable[[int], None] | None = None) -> Fingerprint:
    """Read a month's rows in order of officer, then its groups and units, and hash them.

    The same rows give the same run id on either engine, to the bit, however
    many officers are read at a time. `told` hears how many have been read.
    """
    found, everything = Fingerprint(), hashlib.sha256()
    for officer_id, text in _officer_texts(source, chunk):
        found.scores[officer_id] = _digest(text)
        everything.update(text)
        if told and len(found.scores) % chunk == 0:
            told(len(found.scores))
    for part, texts in ((found.groups, _group_texts(source)), (found.units, _unit_texts(source))):
        for key, text in texts:
            part[key] = _digest(text)
            everything.update(text)
    found.run_id = everything.hexdigest()
    return found


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:DIGEST_LETTERS]


# Made once: json.dumps makes one for each of a million rows.
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _text(row: Sequence[object]) -> bytes:
    return _written(row).encode() + b"\n"


def _officer_texts(source: Source, chunk: int) -> Iterator[tuple[int, bytes]]:
    """Each officer's score and lines as one text, in order of officer; a line without a score stands alone."""
    for scores, lines in _chunks(source, chunk):
        for officer_id in sorted(scores.keys() | lines.keys()):
            yield officer_id, _text([officer_id, scores.get(officer_id), sorted(lines.get(officer_id, []))])


def _group_texts(source: Source) -> Iterator[tuple[str, bytes]]:
    """Each group as one text, from the second version of seals on with how many of it have how many points."""
    spread = defaultdict(list)
    for *group, points, officers in source.read(source.counts, COUNT_COLUMNS, "") if source.version > 1 else []:
        spread[tuple(group)].append((points, officers))
    for group in sorted(source.read(source.groups, GROUP_COLUMNS, ""), key=str):
        counted = [sorted(spread.pop(group[:3], []))] if source.version > 1 else []
        yield "/".join(str(part) for part in group[:3]), _text([*group, *counted])
    for group, counts in sorted(spread.items(), key=str):  # without a group: nothing that we have written
        yield "/".join(str(part) for part in group), _text([*group, sorted(counts)])


def _unit_texts(source: Source) -> Iterator[tuple[str, bytes]]:
    rows = source.read(source.figures, FIGURE_COLUMNS, "") if source.version > 1 else []
    for row in sorted(rows, key=str):
        yield f"{row[0]}/{row[1]}", _text(row)


def _chunks(source: Source, size: int) -> Iterator[tuple[dict[int, Row], dict[int, list[Row]]]]:
    after, is_last = 0, False
    while not is_last:
        clause = "AND officer_id > :after ORDER BY officer_id LIMIT :size"
        rows = source.read(source.scores, SCORE_COLUMNS, clause, after=after, size=size)
        is_last = len(rows) < size
        yield {row[0]: row[1:] for row in rows}, _lines(source, after, None if is_last else rows[-1][0])
        after = rows[-1][0] if rows else after


def _lines(source: Source, after: int, upto: int | None) -> dict[int, list[Row]]:
    """Lines of officers above `after`, up to `upto` or all the rest."""
    clause = "AND officer_id > :after" + ("" if upto is None else " AND officer_id <= :upto")
    parameters = {"after": after} if upto is None else {"after": after, "upto": upto}
    lines = defaultdict(list)
    for officer_id, *rest in source.read(source.lines, LINE_COLUMNS, clause, **parameters):
        lines[officer_id].append(tuple(rest))
    return lines


# Blocks of digests: kept with a seal, to name the row that no longer fits it


def blocks_of(month: Month, found: Fingerprint) -> list[dict[str, object]]:
    """The digests of a month's rows, as rows of `SealBlock`."""
    parts = digest_blocks(score=found.scores, group=found.groups, unit=found.units)
    return [{"month": str(month), **block} for block in parts]


def digest_blocks(**parts: Mapping[int, str] | Mapping[str, str]) -> list[dict[str, object]]:
    """Digests by part, so many to a row: what is kept with a seal or a correction."""
    return [
        {"part": part, "number": number, "digests": listed[start : start + BLOCK]}
        for part, listed in ((part, list(digests.items())) for part, digests in parts.items())
        for number, start in enumerate(range(0, len(listed), BLOCK))
    ]


def are_kept(blocks: Iterable[SealBlock | CorrectionBlock], written: Iterable[Mapping[str, object]]) -> bool:
    """True if these blocks stand as they were written, one by one."""
    stand = [[block.part, block.number, block.digests] for block in blocks]
    wanted = [[block["part"], block["number"], block["digests"]] for block in written]
    kept, laid = (canonical({"blocks": sorted(each, key=lambda one: one[:2])}) for each in (stand, wanted))
    return kept == laid


def sealed_digests(month: Month) -> Fingerprint:
    """The digests kept when the month was sealed."""
    kept = Fingerprint()
    parts: dict[str, dict] = {"score": kept.scores, "group": kept.groups, "unit": kept.units}
    blocks = SealBlock.select().where(SealBlock.month == str(month)).order_by(SealBlock.part, SealBlock.number)
    for block in blocks:
        parts[block.part].update(dict(block.digests))
    return kept


def differing(found: Mapping[Key, str], kept: Mapping[Key, str]) -> list[Key]:
    """The keys whose digests differ, or that only one side has, in order."""
    return sorted(key for key in found.keys() | kept.keys() if found.get(key) != kept.get(key))


# Export


@dataclass(frozen=True)
class Export:
    """An officer's month as it leaves the house."""

    employee_code: str
    total: int
    lines: dict[str, int]


def exported(month: Month) -> Iterator[Export]:
    """Every officer with points in a month, sorted by employee code letter by letter, with the points of each code."""
    same_score = (
        (MonthlyScore.month == ScoreLine.month)
        & (MonthlyScore.run == ScoreLine.run)
        & (MonthlyScore.officer == ScoreLine.officer)
    )
    rows = (
        ScoreLine.select(Officer.employee_code, MonthlyScore.points, ScoreLine.code, ScoreLine.points)
        .join(Officer, on=ScoreLine.officer == Officer.id)
        .join(MonthlyScore, on=same_score)
        .where(in_month(month, ScoreLine))
    )
    ordered = sorted(rows.tuples().iterator())
    for (employee_code, total), lines in groupby(ordered, key=lambda row: row[:2]):
        yield Export(employee_code, total, {code: points for _code, _total, code, points in lines})
