"""Workflows as tables: from which state, by whom, to which state, on what conditions.

This module reads tables and writes nothing; `store/transitions.py` is the one
door through which a state changes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from karmyogi.core.errors import WrongState
from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import N_, Reason, declare, reason

declare(
    own_case=N_("This case is about you, so somebody else must act on it."),
    same_hand=N_("You have already acted on this case, so somebody else must take this step."),
    remark_needed=N_("Write a remark: it is kept with the step and shown to those who come after you."),
    moved_on=N_("Somebody else acted first: this case is now “%(state)s”. Reload the page to see where it stands."),
)


@dataclass(frozen=True)
class Circumstances:
    """What a guard may know: the actor, whom the case is about, and every earlier hand on it."""

    actor: Actor
    officer_id: int | None
    earlier_users: frozenset[int] = frozenset()
    earlier_officers: frozenset[int] = frozenset()
    remark: str = ""


Guard = Callable[[Circumstances], Reason | None]


def not_own_case(here: Circumstances) -> Reason | None:
    """Nobody acts on a case about themselves, whichever account they use."""
    if here.officer_id is not None and here.officer_id == here.actor.officer_id:
        return reason("own_case")
    return None


def not_same_hand(here: Circumstances) -> Reason | None:
    """Nobody acts twice on one case: all earlier hands count, not only the last one."""
    if here.actor.user_id in here.earlier_users or here.actor.officer_id in here.earlier_officers:
        return reason("same_hand")
    return None


@dataclass(frozen=True)
class Step:
    """One row of a workflow table."""

    action: str
    sources: frozenset[str]
    target: str
    permission: Permission
    guards: tuple[Guard, ...] = ()
    remark: bool = False

    def reasons_against(self, here: Circumstances) -> list[Reason]:
        """Why this actor may not take the step now; empty if they may."""
        reasons = [found for guard in self.guards if (found := guard(here))]
        if self.remark and not here.remark.strip():
            reasons.append(reason("remark_needed"))
        return reasons


def step(action: str, sources: str, target: str, permission: Permission, *guards: Guard, remark: bool = False) -> Step:
    """A row of the table; `sources` are states separated by spaces."""
    return Step(action, frozenset(sources.split()), target, permission, guards, remark)


@dataclass(frozen=True)
class Workflow:
    """A named table of steps with its first state and its ends."""

    name: str
    start: str
    steps: tuple[Step, ...]
    ends: frozenset[str]

    def step(self, state: str, action: str) -> Step:
        """The row for `action` from `state`.

        Raises WrongState if there is none: somebody else acted first, or the page is old.
        """
        for candidate in self.steps:
            if candidate.action == action and state in candidate.sources:
                return candidate
        raise WrongState(reason("moved_on", state=state))

    def actions_from(self, state: str) -> list[Step]:
        """Every step that leaves `state`, in the order of the table."""
        return [candidate for candidate in self.steps if state in candidate.sources]

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.start}).union(*({s.target} | s.sources for s in self.steps))


def workflow(name: str, start: str, steps: Iterable[Step], *, ends: str) -> Workflow:
    """Build a workflow; `ends` are the states, separated by spaces, that nothing leaves."""
    return Workflow(name, start, tuple(steps), frozenset(ends.split()))
