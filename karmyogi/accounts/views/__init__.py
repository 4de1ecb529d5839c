"""Pages of accounts: signing in, one's own account, slips for others, and the administrator's desk."""

from karmyogi.accounts.views import activation, desk, factors, mine, signing
from karmyogi.accounts.views.here import blueprint, load
from karmyogi.web import access

access.use_asker(factors.ask_before_act)

__all__ = ["activation", "blueprint", "desk", "factors", "load", "mine", "signing"]
