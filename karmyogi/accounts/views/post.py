"""The wording of letters, in both languages, and the server that takes them."""

from karmyogi.accounts.service import Letter
from karmyogi.core.months import IST
from karmyogi.core.reasons import N_, reason
from karmyogi.store import mail
from karmyogi.web.i18n import in_both, text_in_both
from karmyogi.web.installed import settings

SUBJECT = N_("One-time code for a new password")


def post(letter: Letter) -> None:
    """Send the letter with a one-time code. Raises OSError when the server does not take it."""
    told = reason(
        "password_letter",
        login=letter.login,
        secret=letter.code,
        until=f"{letter.until.astimezone(IST):%H:%M}",
        address=f"{settings().base_url}/first-sign-in",
    )
    subject, text = _both(text_in_both(SUBJECT), " / "), _both(in_both(told), "\n\n————\n\n")
    mail.send(letter.to, subject, text, server=settings().smtp_url, sender=settings().mail_from)


def _both(told: dict[str, str], between: str) -> str:
    return between.join(told.values())
