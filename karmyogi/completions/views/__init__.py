"""Pages of completions: those that people should look at, and what was found about them."""

from karmyogi.completions.views import judging, looking
from karmyogi.completions.views.address import blueprint

__all__ = ["blueprint", "judging", "looking"]
