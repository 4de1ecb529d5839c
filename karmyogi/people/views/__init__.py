"""Pages of people: corrections of names, and the State's structure."""

from karmyogi.people.views import names, units
from karmyogi.people.views.address import blueprint

__all__ = ["blueprint", "names", "units"]
