"""What the page of a unit and its closing ask: cases that are still open, and what was done to the unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from karmyogi.achievements.models import Achievement
from karmyogi.nominations.models import Nomination
from karmyogi.nominations.rules import NOMINATION
from karmyogi.people.models import NameCorrection, Officer, OrgUnit
from karmyogi.scores.models import Dispute, ScoreHold
from karmyogi.scores.rules import OPEN, SCORE_HOLD
from karmyogi.store.reach import passes
from karmyogi.store.trail import TrailEntry
from karmyogi.store.transitions import Case


@dataclass(frozen=True)
class OpenCases:
    """Cases of one kind that were begun in a unit and are not decided; some of them to open."""

    code: str
    count: int
    some: tuple[Case, ...]


def open_cases_in(unit: OrgUnit, *, shown: int = 10) -> list[OpenCases]:
    """What is still to be decided of all that was begun in a unit or below it, wherever the unit hung then."""
    found = [_open_cases(code, case, states, unit, shown) for code, (case, states) in open_states().items()]
    return [one for one in found if one.count]


def open_states() -> dict[str, tuple[type[Case], list[str]]]:
    """Every kind of case about an officer, with the states in which it is not decided."""
    return {
        "nomination": (Nomination, sorted(NOMINATION.states - NOMINATION.ends)),
        "achievement": (Achievement, ["submitted", "returned"]),
        "name_correction": (NameCorrection, ["requested"]),
        "dispute": (Dispute, list(OPEN)),
        "score_hold": (ScoreHold, [SCORE_HOLD.start]),
    }


def _open_cases(code: str, case: type[Case], states: Iterable[str], unit: OrgUnit, shown: int) -> OpenCases:
    begun_here = passes(case.line_path, unit.line_path) | passes(case.territory_path, unit.territory_path)
    rows = case.select(case, Officer).join(Officer).where(case.state.in_(list(states)) & begun_here).order_by(case.id)
    return OpenCases(code, rows.count(), tuple(rows.limit(shown)))


def acts_on(unit: OrgUnit, *, limit: int) -> list[TrailEntry]:
    """What was done to a unit by the verbs of the structure, the newest first."""
    its = (TrailEntry.subject == "org_unit") & (TrailEntry.subject_id == unit.id)
    return list(TrailEntry.select().where(its).order_by(TrailEntry.id.desc()).limit(limit))
