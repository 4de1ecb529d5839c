"""What of a group may be told to everybody."""

from karmyogi.scores.rules.groups import MINIMUM_GROUP


def may_be_told(unnamed: int) -> bool:
    """Whether the first ranks of a group may be told to everybody, if so many of its officers have not agreed.

    Who is not named is then one of at least ten who could be meant. Nobody unnamed is no secret either.
    """
    return unnamed == 0 or unnamed >= MINIMUM_GROUP
