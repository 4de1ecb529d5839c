"""What lies before the reader of a nomination: the cycle, the officer, and what the records say of them."""

from dataclasses import asdict, dataclass

from karmyogi.core.months import today
from karmyogi.core.reasons import Reason
from karmyogi.nominations import queries
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import Candidate
from karmyogi.nominations.rules import Criteria, characters_in, criteria_from, quota_reasons, window_reasons
from karmyogi.people.models import Officer, OrgUnit


@dataclass(frozen=True)
class Desk:
    """A cycle and one officer of a department, as posted on the cut-off day."""

    cycle: Cycle
    department: OrgUnit
    officer: Officer
    found: Candidate | None

    @property
    def criteria(self) -> Criteria:
        return criteria_from(self.cycle.criteria)


def desk_of(nomination: Nomination) -> Desk:
    found = queries.candidate_of(nomination.officer_id, nomination.cycle, on=today())
    return Desk(nomination.cycle, nomination.department, nomination.officer, found)


def record_now(desk: Desk) -> dict[str, object] | None:
    """What the records say today, in the shape in which a submission freezes it."""
    found = desk.found
    if found is None:
        return None
    return {
        "as_on": today().isoformat(),
        "designation": [found.designation_hi, found.designation_en],
        "unit": [found.unit_hi, found.unit_en],
        "record": found.record.as_data(),
        "months": [asdict(month) for month in queries.sealed_months(found.officer_id, desk.cycle)],
    }


def measure(text: str) -> tuple[int, int]:
    """Characters as a reader counts them, and words."""
    return characters_in(text), len(text.split())


def reasons_to_wait(cycle: Cycle, department: OrgUnit) -> list[Reason]:
    """Why nobody of the department can be nominated now, whoever it is."""
    return [
        *window_reasons(cycle.opens_on, cycle.closes_on, on=today()),
        *quota_reasons(queries.quota_used(cycle, department), cycle.quota),
    ]
