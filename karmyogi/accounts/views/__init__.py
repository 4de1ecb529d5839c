"""Pages of accounts: signing in, one's own account, slips for others, and the administrator's desk."""

from karmyogi.accounts.views import activation, desk, factors, mine, signing
from karmyogi.accounts.views.here import blueprint, load

__all__ = ["activation", "blueprint", "desk", "factors", "load", "mine", "signing"]
