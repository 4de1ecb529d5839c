"""The six first steps: which record shows which, and what is to be done next."""

from datetime import date
from itertools import chain, combinations

import pytest

from karmyogi.completions.rules import Mark, Step, may_be_said, step_to_take, steps_taken

APRIL, MAY = Mark(date(2025, 4, 3)), Mark(date(2025, 5, 9), "e-Office Basics")
REGISTER, ENROL, COMPLETE, OBTAIN, DOWNLOAD, UPLOAD = Step
EVERY_SET = list(chain.from_iterable(combinations(Step, size) for size in range(len(Step) + 1)))


def done(*recorded: Step) -> set[Step]:
    return {one.step for one in steps_taken(dict.fromkeys(recorded, APRIL)) if one.is_done}


# fmt: off
CASES = (
    # records of                              steps taken                                 the next one
    ((),                                      (),                                         REGISTER),
    ((REGISTER,),                             (REGISTER,),                                ENROL),
    ((ENROL,),                                (REGISTER, ENROL),                          COMPLETE),
    ((COMPLETE,),                             (REGISTER, ENROL, COMPLETE),                OBTAIN),
    ((OBTAIN,),                               (REGISTER, ENROL, COMPLETE, OBTAIN),        DOWNLOAD),
    ((REGISTER, ENROL, COMPLETE),             (REGISTER, ENROL, COMPLETE),                OBTAIN),
    ((OBTAIN, DOWNLOAD),                      (REGISTER, ENROL, COMPLETE, OBTAIN, DOWNLOAD), UPLOAD),
    ((OBTAIN, UPLOAD),                        tuple(Step),                                None),
    # a certificate of another portal says nothing of the steps on iGOT
    ((UPLOAD,),                               (DOWNLOAD, UPLOAD),                         REGISTER),
    ((REGISTER, DOWNLOAD),                    (REGISTER, DOWNLOAD),                       ENROL),
    (tuple(Step),                             tuple(Step),                                None),
)
# fmt: on


@pytest.mark.parametrize(("recorded", "taken", "following"), CASES)
def test_a_step_is_taken_by_its_own_record_or_by_one_that_needs_it(recorded, taken, following):
    steps = steps_taken(dict.fromkeys(recorded, APRIL))

    assert {one.step for one in steps if one.is_done} == set(taken)
    assert step_to_take(steps) == following


def test_a_further_record_never_takes_a_step_away():
    lost = [(few, more) for few in EVERY_SET for more in Step if not done(*few) <= done(*few, more)]

    assert lost == []


def test_there_are_always_six_steps_in_the_same_order():
    assert {tuple(one.step for one in steps_taken(dict.fromkeys(few, APRIL))) for few in EVERY_SET} == {tuple(Step)}


def test_ones_own_record_goes_before_that_of_a_later_step():
    register, enrol, *_rest = steps_taken({REGISTER: APRIL, COMPLETE: MAY})

    assert (register.mark, register.is_inferred) == (APRIL, False)
    assert (enrol.mark, enrol.is_inferred) == (MAY, True)


def test_a_step_that_nobody_has_taken_is_inferred_from_nothing():
    assert [one.is_inferred for one in steps_taken({})] == [False] * 6


@pytest.mark.parametrize(
    ("recorded", "step", "may"),
    [
        ((OBTAIN,), DOWNLOAD, True),
        ((COMPLETE,), DOWNLOAD, False),
        ((OBTAIN, DOWNLOAD), DOWNLOAD, False),
        ((OBTAIN, UPLOAD), DOWNLOAD, False),
        ((), REGISTER, False),
    ],
)
def test_an_officers_word_is_taken_for_the_download_alone(recorded, step, may):
    assert may_be_said(steps_taken(dict.fromkeys(recorded, APRIL)), step) is may
