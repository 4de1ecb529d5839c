"""The wording of letters, in both languages, and the server that takes them."""

from karmyogi.accounts.service import Letter
from karmyogi.core.months import IST
from karmyogi.core.reasons import Reason, reason
from karmyogi.store import mail
from karmyogi.web.i18n import in_both
from karmyogi.web.installed import settings


def post(letter: Letter) -> None:
    """Send the letter with a one-time code. Raises OSError when the server does not take it."""
    told = reason(
        "password_letter",
        login=letter.login,
        secret=letter.code,
        until=f"{letter.until.astimezone(IST):%H:%M}",
        address=f"{settings().base_url}/first-sign-in",
    )
    subject, text = _both(reason("password_letter_subject"), " / "), _both(told, "\n\n————\n\n")
    mail.send(letter.to, subject, text, server=settings().smtp_url, sender=settings().mail_from)


def _both(told: Reason, between: str) -> str:
    return between.join(in_both(told).values())
