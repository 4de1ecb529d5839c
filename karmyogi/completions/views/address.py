"""The addresses of flags: a group is named by any of its flags."""

from flask import Blueprint

from karmyogi.completions import queries
from karmyogi.completions.models import Flag
from karmyogi.web.access import current_actor, visible_or_404

blueprint = Blueprint("completions", __name__)


def one_flag(flag_id: int) -> Flag:
    """The flag, if it lies within reach. Raises NotThere otherwise."""
    return visible_or_404(queries.flags_for(current_actor()).where(Flag.id == flag_id))
