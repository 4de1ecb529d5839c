"""Writes a fictional state: its roster and three iGOT reports, to be imported like real ones.

The same arguments give the same bytes. Rows are written as they are made, so
that a state of 400,000 officers needs no more memory than one of 600.
"""

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

from karmyogi.core.profile import Profile
from karmyogi.demo.learning import Season, draw_learner, last_day_of
from karmyogi.demo.mess import Mess
from karmyogi.demo.people import FEWEST, MOST, Person, draw_people
from karmyogi.demo.rows import (
    ENROLMENTS,
    PLANS,
    ROSTER,
    USERS,
    Issue,
    Row,
    enrolment_rows,
    plan_rows,
    roster_row,
    user_row,
)

ROWS_A_PART = 500_000  # an import takes a million rows or 300 MB; half a million rows are about 220 MB


def write_state(folder: Path, *, officers: int, seed: int, until: str = "2026-01", profile: Profile) -> dict[str, Path]:
    """Write the files of a state of so many officers, whose story runs from 2025-04 to `until`, both inclusive.

    The result names the files in the order in which they are to be imported:
    `roster`, `user-report`, `cbp-report-mdo-enrolment`, `user-enrollment-report`.
    A report of more than half a million rows goes on in further files
    (`user-enrollment-report-2`, …), each with its header. The cast is in every
    state and learns the same, whatever the seed.

    Raises ValueError for fewer officers than the cast and its office need, for
    more than there are fictional telephone numbers, or for a month before 2025-04.
    """
    if not FEWEST <= officers <= MOST:
        raise ValueError(f"a fictional state has {FEWEST} to {MOST} officers, not {officers}")
    last_on = last_day_of(until)
    folder.mkdir(parents=True, exist_ok=True)
    issue = Issue.after(last_on, ministry=profile.state.igot_ministry, state_en=profile.state.name_en)
    with ExitStack() as stack:
        files = StateFiles(folder, stack)
        people_luck, learning_luck = (Random(f"{what} {seed}") for what in ("people", "learning"))  # noqa: S311
        season = Season(last_on)
        for person in draw_people(officers, people_luck, last_on=last_on, profile=profile):
            files.write(person, Random(person.code) if person.is_cast else learning_luck, season, issue)  # noqa: S311
    return files.paths()


class StateFiles:
    """The four files of a state, filled officer by officer."""

    def __init__(self, folder: Path, stack: ExitStack):
        self.roster = Sheet(folder, "roster", ROSTER, stack)
        self.users = Sheet(folder, "user-report", USERS, stack)
        self.plans = Sheet(folder, "cbp-report-mdo-enrolment", PLANS, stack)
        self.enrolments = Sheet(folder, "user-enrollment-report", ENROLMENTS, stack)
        self.mess = Mess()

    def write(self, person: Person, luck: Random, season: Season, issue: Issue) -> None:
        """One officer's rows in all four files; only the registered stand in the reports."""
        self.roster.write([roster_row(person)])
        learner = draw_learner(person, luck, season)
        if learner is None:
            return
        self.users.write([user_row(person, learner, issue)])
        self.plans.write(plan_rows(person, learner, issue))
        enrolments = enrolment_rows(person, learner, issue)
        self.enrolments.write(enrolments if person.pace else self.mess.strew(enrolments))

    def paths(self) -> dict[str, Path]:
        sheets = (self.roster, self.users, self.plans, self.enrolments)
        return {path.stem: path for sheet in sheets for path in sheet.paths}


class Sheet:
    """A CSV file that goes on in another when it grows too long to be imported; an officer is never split."""

    def __init__(
        self, folder: Path, name: str, header: Sequence[str], stack: ExitStack, *, rows_a_part: int = ROWS_A_PART
    ):
        self.folder, self.name, self.header, self.stack = folder, name, header, stack
        self.rows_a_part = rows_a_part
        self.paths: list[Path] = []
        self._open()

    def write(self, rows: Iterable[Row]) -> None:
        if self.written >= self.rows_a_part:
            self._open()
        rows = list(rows)
        self.writer.writerows(rows)
        self.written += len(rows)

    def _open(self) -> None:
        part = len(self.paths) + 1
        path = self.folder / (f"{self.name}.csv" if part == 1 else f"{self.name}-{part}.csv")
        file = self.stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        self.paths.append(path)
        self.writer = csv.writer(file, lineterminator="\n")
        self.writer.writerow(self.header)
        self.written = 0
