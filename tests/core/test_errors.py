"""What can go wrong: every error knows its status and its reasons."""

import pytest

from karmyogi.core import errors
from karmyogi.core.errors import KarmyogiError
from karmyogi.core.reasons import reason


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.KarmyogiError, 400),
        (errors.NotAllowed, 403),
        (errors.NotThere, 404),
        (errors.WrongState, 409),
        (errors.RuleBroken, 422),
        (errors.BadFile, 422),
        (errors.PolicyGap, 422),
    ],
)
def test_every_kind_of_refusal_has_its_status(error, status):
    assert error("not_there").status == status


def test_an_error_carries_its_reasons_in_order_whether_given_whole_or_by_code():
    error = errors.RuleBroken("own_case", reason("moved_on", state="sealed"))

    assert error.reasons == [reason("own_case"), reason("moved_on", state="sealed")]
    assert str(error) == "own_case; moved_on"


def test_every_child_of_the_tree_is_a_refusal_and_none_is_a_fault_of_ours():
    children = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, KarmyogiError)]

    assert [child.__name__ for child in children if not 400 <= child.status < 500] == []
