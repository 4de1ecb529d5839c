"""The wording of letters and messages, and the servers that take them."""

from karmyogi.accounts.service import Letter, Notice, Way
from karmyogi.core.months import IST
from karmyogi.core.reasons import N_, Reason, reason
from karmyogi.core.sms import Template
from karmyogi.store import mail, sms
from karmyogi.store.sms import Gateway
from karmyogi.web.i18n import in_both, text_in_both
from karmyogi.web.installed import profile, settings

SUBJECT = N_("One-time code for a new password")
FACTOR_SUBJECT = N_("Your second factor was removed")
CODE = "password_code"  # the registered text of the profile


class CounterOfPost:
    """What this installation has set up; off until it has."""

    def ways(self) -> list[Way]:
        """E-mail with a mail server; SMS with a gateway and a text that is registered in one language at least."""
        open_ways = {Way.MAIL: settings().sends_mail, Way.SMS: settings().sends_sms and bool(_registered())}
        return [way for way, is_open in open_ways.items() if is_open]

    def send(self, letter: Letter) -> None:
        """Send a one-time code. Raises OSError when the server does not take it."""
        {Way.MAIL: _mail, Way.SMS: _message}[letter.way](letter)

    def tell(self, notice: Notice) -> None:
        """Send a notice in both languages. Raises OSError when the server does not take it."""
        _send(notice.to, FACTOR_SUBJECT, notice.told)


def _mail(letter: Letter) -> None:
    told = reason(
        "password_letter",
        login=letter.login,
        secret=letter.code,
        until=_until(letter),
        address=f"{settings().base_url}/first-sign-in",
    )
    _send(letter.to, SUBJECT, told)


def _send(to: str, about: str, told: Reason) -> None:
    subject, text = _both(text_in_both(about), " / "), _both(in_both(told), "\n\n————\n\n")
    mail.send(to, subject, text, server=settings().smtp_url, sender=settings().mail_from)


def _both(told: dict[str, str], between: str) -> str:
    return between.join(told.values())


def _message(letter: Letter) -> None:
    """In the reader's language if that text is registered, else in the other."""
    registered = _registered()
    template = registered.get(letter.language) or next(iter(registered.values()))
    text = template.filled([letter.code, letter.login, _until(letter)])
    sms.send(letter.to, text, template_id=template.template_id, gateway=_gateway())


def _registered() -> dict[str, Template]:
    return {code: one for code, one in profile().sms.get(CODE, {}).items() if one.template_id}


def _gateway() -> Gateway:
    told = settings()
    return Gateway(
        told.sms_url,
        told.sms_body,
        sender=told.sms_sender,
        entity_id=told.sms_entity,
        accepted=told.sms_accepted,
        is_private=told.sms_private,
    )


def _until(letter: Letter) -> str:
    return f"{letter.until.astimezone(IST):%H:%M}"
