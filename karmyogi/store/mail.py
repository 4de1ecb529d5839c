"""Letters by e-mail: plain text, to one person, over the one server that the installation names."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

PATIENCE_SECONDS = 20
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


def send(to: str, subject: str, text: str, *, server: str, sender: str) -> None:
    """Hand a letter to the mail server of `server`: smtps://, smtp+starttls://, or smtp:// without TLS.

    The server's certificate must be valid for its name. Raises ValueError for an address that is not one of one
    person, and OSError (smtplib's errors are such) when the letter was not taken; nothing of it is in the message.
    """
    letter = EmailMessage()
    letter["From"] = Address(addr_spec=sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    with _open(server) as connection:
        parts = urlsplit(server)
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(letter)


def _open(server: str) -> smtplib.SMTP:
    parts = urlsplit(server)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE_SECONDS, context=ssl.create_default_context())
    connection = smtplib.SMTP(host, port, timeout=PATIENCE_SECONDS)
    if parts.scheme == "smtp+starttls":
        connection.starttls(context=ssl.create_default_context())
    return connection
