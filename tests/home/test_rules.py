"""What an officer is told to do next."""

from datetime import date, timedelta

import pytest

from karmyogi.completions.rules import Mark, Step, steps_taken
from karmyogi.home.rules import SOON_DAYS, NextStep, Owed, Situation, Todo, next_step

ON = date(2026, 4, 10)
ALL_DONE = steps_taken(dict.fromkeys(Step, Mark(ON)))
NONE_DONE = steps_taken({})


def due_in(days: int, name: str = "Budget") -> Owed:
    return Owed(name, ON + timedelta(days=days))


CASES = {
    "whoever is new registers first": (Situation(NONE_DONE), NextStep(Todo.FIRST_STEP, step=Step.REGISTER)),
    "a claim that came back goes before all else": (
        Situation(NONE_DONE, returned_title="e-Office", owed=[due_in(-3)]),
        NextStep(Todo.CORRECT, "e-Office"),
    ),
    "the first steps go before a course that is overdue": (
        Situation(steps_taken({Step.OBTAIN: Mark(ON)}), owed=[due_in(-3)]),
        NextStep(Todo.FIRST_STEP, step=Step.DOWNLOAD),
    ),
    "the course longest overdue goes first": (
        Situation(ALL_DONE, owed=[due_in(5, "Ethics"), due_in(-3), due_in(-9, "Vigilance")]),
        NextStep(Todo.OVERDUE, "Vigilance", due_on=ON - timedelta(days=9)),
    ),
    "on the due date a course is not overdue": (
        Situation(ALL_DONE, owed=[due_in(0)]),
        NextStep(Todo.DUE_SOON, "Budget", due_on=ON),
    ),
    "thirty days are soon": (
        Situation(ALL_DONE, owed=[due_in(SOON_DAYS)], unsubmitted_course="Ethics"),
        NextStep(Todo.DUE_SOON, "Budget", due_on=ON + timedelta(days=30)),
    ),
    "thirty-one days are not": (
        Situation(ALL_DONE, owed=[due_in(SOON_DAYS + 1)], unsubmitted_course="Ethics"),
        NextStep(Todo.SUBMIT, "Ethics"),
    ),
    "a course without a due date presses nobody": (
        Situation(ALL_DONE, owed=[Owed("Budget", None)], begun_course="Ethics"),
        NextStep(Todo.GO_ON, "Ethics"),
    ),
    "who has done all chooses the next course": (Situation(ALL_DONE), NextStep(Todo.CHOOSE)),
}


@pytest.mark.parametrize("case", CASES)
def test_there_is_one_thing_to_do_next(case):
    situation, told = CASES[case]

    assert next_step(situation, on=ON) == told
