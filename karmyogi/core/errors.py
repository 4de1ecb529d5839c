"""What can go wrong, as a small tree; each error knows its HTTP status.

A verb raises, writes nothing, and one handler in `web/pages.py` makes the page.
"""

from collections.abc import Sequence

from karmyogi.core.reasons import N_, Reason, declare, reason

declare(
    not_allowed=N_("Your role does not allow this here. Ask the help contact if you think it should."),
    target_elsewhere=N_("The address asked to be sent to another site; that is not done here."),
    not_there=N_("There is no such record, or it lies outside your reach."),
)


class KarmyogiError(Exception):
    """Something a person can be told, with the reasons why."""

    status = 400

    def __init__(self, *reasons: Reason | str):
        self.reasons: Sequence[Reason] = [reason(r) if isinstance(r, str) else r for r in reasons]
        super().__init__("; ".join(r.code for r in self.reasons))


def in_short(error: BaseException) -> str:
    """What went wrong in one line of at most 500 characters, for a log.

    From the second line on a database tells of the row, and so perhaps of a person.
    """
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:500]


class NotAllowed(KarmyogiError):
    """The actor holds no grant that covers this act on this row."""

    status = 403


class NotThere(KarmyogiError):
    """No such row, or one outside the actor's reach: the two look the same."""

    status = 404


class WrongState(KarmyogiError):
    """The case has moved on; somebody else acted first."""

    status = 409


class RuleBroken(KarmyogiError):
    """A rule of the room says no, and says why."""

    status = 422


class BadFile(KarmyogiError):
    """A file that cannot be taken; nothing of it was stored."""

    status = 422


class PolicyGap(KarmyogiError):
    """No published policy covers what was asked."""

    status = 422
