"""Pages of people: corrections of names, consents, and the State's structure."""

from karmyogi.people.views import consents, names, units
from karmyogi.people.views.address import blueprint

__all__ = ["blueprint", "consents", "names", "units"]
