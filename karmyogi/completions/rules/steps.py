"""The six steps of getting started on iGOT: which an officer has taken, by which record, and which comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from karmyogi.core.reasons import N_, declare

declare(
    step_not_open=N_("This step is not open: it is done already, or no certificate of yours is on record yet."),
    step_not_said=N_("There is nothing to take back: you have not said this, or have taken it back already."),
)


class Step(StrEnum):
    """The steps in the order in which an officer takes them."""

    REGISTER = "register"
    ENROL = "enrol"
    COMPLETE = "complete"
    OBTAIN = "obtain"
    DOWNLOAD = "download"
    UPLOAD = "upload"


# A later step that cannot be taken without an earlier one proves that one too. A certificate that is
# submitted was downloaded; it may be of another portal, so of the steps on iGOT it says nothing.
PROVED_BY: Mapping[Step, tuple[Step, ...]] = {
    Step.REGISTER: (Step.REGISTER, Step.ENROL, Step.COMPLETE, Step.OBTAIN),
    Step.ENROL: (Step.ENROL, Step.COMPLETE, Step.OBTAIN),
    Step.COMPLETE: (Step.COMPLETE, Step.OBTAIN),
    Step.OBTAIN: (Step.OBTAIN,),
    Step.DOWNLOAD: (Step.DOWNLOAD, Step.UPLOAD),
    Step.UPLOAD: (Step.UPLOAD,),
}


@dataclass(frozen=True)
class Mark:
    """What a record says of a step: the day in India if it names one, and the course or title it is about."""

    on: date | None = None
    name: str = ""


@dataclass(frozen=True)
class StepTaken:
    """A step of one officer; `proof` is the step whose record shows that it was taken, None while it is not."""

    step: Step
    proof: Step | None = None
    mark: Mark = Mark()

    @property
    def is_done(self) -> bool:
        return self.proof is not None

    @property
    def is_inferred(self) -> bool:
        """True if only the record of a later step shows it: it was taken on that day or before."""
        return self.proof not in (None, self.step)


def steps_taken(marks: Mapping[Step, Mark]) -> tuple[StepTaken, ...]:
    """All six steps in order, each with the record that shows it; `marks` holds the records there are.

    A step's own record goes before those of later steps, and the nearest of those
    before the rest. A further record never takes a step away.
    """
    return tuple(_taken(step, marks) for step in Step)


def _taken(step: Step, marks: Mapping[Step, Mark]) -> StepTaken:
    proof = next((one for one in PROVED_BY[step] if one in marks), None)
    return StepTaken(step, proof, marks[proof]) if proof else StepTaken(step)


def step_to_take(steps: tuple[StepTaken, ...]) -> Step | None:
    """The first step that is still open; None when all six are taken."""
    return next((one.step for one in steps if not one.is_done), None)


def may_be_said(steps: tuple[StepTaken, ...], step: Step) -> bool:
    """True if the officer's own word is what a step waits for: the download, once there is a certificate.

    Of the other steps records come in; of the download none ever does.
    """
    taken = {one.step: one.is_done for one in steps}
    return step is Step.DOWNLOAD and taken[Step.OBTAIN] and not taken[Step.DOWNLOAD]


def was_said(steps: tuple[StepTaken, ...], step: Step) -> bool:
    """True if the officer's own word is what shows a step, so that they may take it back."""
    return step is Step.DOWNLOAD and any(one.step is step and one.proof is step for one in steps)
