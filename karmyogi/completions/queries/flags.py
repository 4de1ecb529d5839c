"""Reads of flags: which completions were found not credible, so that no score counts them."""

import peewee

from karmyogi.completions.models import Flag

# The ids of the completions that count for nothing; a handful, found by the index of states.
NOT_CREDIBLE = "SELECT completion_id FROM flag WHERE state = 'not_credible'"


def is_credible(completion: peewee.Field) -> peewee.Expression:
    """The condition that nobody has found a completion (a column of ids) not credible; asks a handful of rows once."""
    return completion.not_in(Flag.select(Flag.completion).where(Flag.state == "not_credible"))
