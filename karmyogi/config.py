"""Settings, read once from the environment or a `.env` file; a wrong one stops the start and says why."""

import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from click import ClickException
from dotenv import dotenv_values
from pyrage import RecipientError, x25519

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
DATABASES = {"sqlite", "postgresql", "postgres"}
MAIL = {"smtp", "smtps", "smtp+starttls"}
MOST_PROXIES = frozenset("0123456789")
SMS_BODY = "mobile=91{mobile}&text={text}&template_id={template_id}&sender={sender}&entity_id={entity_id}"
SMS_SENDER, SMS_ENTITY = re.compile(r"[A-Za-z]{6}"), re.compile(r"\d{10,20}", re.ASCII)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", re.ASCII)


class ConfigError(ClickException):
    """A setting that cannot be used: names the setting and says what to do.

    On the command line click prints it as one line and exits with 1.
    """


@dataclass(frozen=True)
class Settings:
    """Everything an installation may set; see the README for what each means."""

    database_url: str
    media_url: str
    base_url: str
    secret_key: bytes
    trail_key: bytes
    factor_key: bytes
    demo: bool = False
    proxies: int = 0
    profile: str = "chhattisgarh"
    timezone: str = "Asia/Kolkata"
    smtp_url: str = ""
    mail_from: str = ""
    sms_url: str = field(default="", repr=False)  # it may hold a password, and so may the body
    sms_body: str = field(default="", repr=False)
    sms_sender: str = ""
    sms_entity: str = ""
    sms_accepted: str = ""
    sms_private: bool = False
    backup_folder: Path | None = None
    backup_recipients: tuple[str, ...] = ()
    key_folder: Path | None = None  # where the two keys are kept; None where nobody keeps them, as in tests

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_url)

    @property
    def sends_sms(self) -> bool:
        return bool(self.sms_url)

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


def read_settings(environ: Mapping[str, str] | None = None, *, root: Path = ROOT) -> Settings:
    """The settings of this installation: those of `environ`, or of the process and, behind it, of `.env` below `root`.

    Raises ConfigError, in one line, when a setting is wrong or a key cannot be kept.
    """
    values = _from_process(root) if environ is None else environ
    instance = root / "instance"
    secret_file = Path(values.get("KARMYOGI_SECRET_KEY_FILE") or instance / "secret.key")
    settings = Settings(
        database_url=_database_url(values.get("KARMYOGI_DATABASE_URL", ""), instance),
        media_url=values.get("KARMYOGI_MEDIA_URL") or f"file://{instance / 'media'}",
        base_url=_base_url(values.get("KARMYOGI_BASE_URL") or "http://127.0.0.1:8000"),
        secret_key=_key(secret_file),
        trail_key=_key(secret_file.with_name("trail.key")),
        factor_key=_key(secret_file.with_name("factor.key")),
        proxies=_proxies(values.get("KARMYOGI_PROXIES", ""), base_url=values.get("KARMYOGI_BASE_URL", "").lower()),
        demo=_yes("KARMYOGI_DEMO", values.get("KARMYOGI_DEMO", "")),
        profile=values.get("KARMYOGI_PROFILE") or "chhattisgarh",
        timezone=_timezone(values.get("KARMYOGI_TIMEZONE") or "Asia/Kolkata"),
        smtp_url=_smtp_url(values.get("KARMYOGI_SMTP_URL", "")),
        mail_from=values.get("KARMYOGI_MAIL_FROM", ""),
        sms_url=values.get("KARMYOGI_SMS_URL", ""),
        sms_body=values.get("KARMYOGI_SMS_BODY") or SMS_BODY,
        sms_sender=values.get("KARMYOGI_SMS_SENDER", ""),
        sms_entity=values.get("KARMYOGI_SMS_ENTITY", ""),
        sms_accepted=values.get("KARMYOGI_SMS_ACCEPTED", ""),
        sms_private=_yes("KARMYOGI_SMS_PRIVATE", values.get("KARMYOGI_SMS_PRIVATE", "")),
        backup_folder=_backup_folder(values.get("KARMYOGI_BACKUP_DIR", "")),
        backup_recipients=_recipients(values.get("KARMYOGI_BACKUP_RECIPIENTS", "")),
        key_folder=secret_file.parent,
    )
    if settings.sends_sms:
        _check_sms(settings)
    if settings.sends_mail and not ADDRESS.fullmatch(settings.mail_from):
        raise ConfigError("KARMYOGI_MAIL_FROM: name the address that letters come from, as karmyogi@example.in")
    if settings.demo and settings.host not in LOOPBACK:
        raise ConfigError("KARMYOGI_DEMO: demo sign-in is only for loopback; KARMYOGI_BASE_URL names another host")
    return settings


def _from_process(root: Path) -> dict[str, str]:
    """Also gunicorn reads `.env` this way; the environment wins over it, as everywhere."""
    written = dotenv_values(root / ".env")
    return {name: value or "" for name, value in written.items()} | dict(os.environ)


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'karmyogi.db'}"
    parts = _split(url)
    names_a_file = url.startswith("sqlite:///") and len(url) > len("sqlite:///")
    names_a_database = parts is not None and parts.scheme in DATABASES - {"sqlite"} and bool(parts.path.strip("/"))
    if not (names_a_file or names_a_database):  # the address is not repeated: it may hold a password
        raise ConfigError("KARMYOGI_DATABASE_URL: use sqlite:///path or postgresql://user@host/name")
    return url


def _base_url(url: str) -> str:
    parts = _split(url)
    is_bare = parts is not None and not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts is None or not is_bare or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError("KARMYOGI_BASE_URL: write scheme and host only, as https://karmyogi.example.in")
    return f"{parts.scheme}://{parts.netloc}"


def _smtp_url(url: str) -> str:
    """The address is not repeated in what goes wrong: it may hold a password."""
    parts = _split(url)
    if url and (parts is None or parts.scheme not in MAIL or not parts.hostname):
        raise ConfigError("KARMYOGI_SMTP_URL: use smtps://user:password@host, smtp+starttls://… or smtp://host")
    if parts is not None and parts.scheme == "smtp" and parts.password and parts.hostname not in LOOPBACK:
        raise ConfigError("KARMYOGI_SMTP_URL: a password is only sent over TLS; use smtps:// or smtp+starttls://")
    return url


def _check_sms(settings: Settings) -> None:
    """What is written is not repeated in what goes wrong: it may hold a password."""
    parts = _split(settings.sms_url)
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ConfigError("KARMYOGI_SMS_URL: use https://host/path, with user:password@ before the host if need be")
    if parts.scheme == "http" and not settings.sms_private:
        raise ConfigError("KARMYOGI_SMS_URL: use https://; KARMYOGI_SMS_PRIVATE=1 allows http inside your own network")
    if not (SMS_SENDER.fullmatch(settings.sms_sender) and SMS_ENTITY.fullmatch(settings.sms_entity)):
        raise ConfigError(
            "KARMYOGI_SMS_SENDER, KARMYOGI_SMS_ENTITY: give the header of six letters and the number registered on DLT"
        )
    if not ("{mobile}" in settings.sms_body and "{text}" in settings.sms_body and _can_be_filled(settings.sms_body)):
        raise ConfigError("KARMYOGI_SMS_BODY: write a form or JSON with {mobile} and {text} in its values")


def _can_be_filled(body: str) -> bool:
    if not body.lstrip().startswith(("{", "[")):
        return "=" in body
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _split(url: str) -> SplitResult | None:
    """The parts of an address, or None if it is none: an open bracket, a port that is no number."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _timezone(name: str) -> str:
    if name != "Asia/Kolkata":
        raise ConfigError("KARMYOGI_TIMEZONE: months are counted in Asia/Kolkata; no other zone is supported yet")
    return name


def _yes(name: str, text: str) -> bool:
    answer = text.strip().lower()
    if answer not in YES | NO:
        raise ConfigError(f"{name}: write 1 for yes or 0 for no")
    return answer in YES


def _proxies(text: str, *, base_url: str) -> int:
    """How many proxies of ours a request has come through; the one that ends TLS, if nothing is said."""
    if not text:
        return 1 if base_url.startswith("https://") else 0
    if text not in MOST_PROXIES:
        raise ConfigError("KARMYOGI_PROXIES: write how many proxies of yours a request comes through, 0 to 9")
    return int(text)


def _backup_folder(text: str) -> Path | None:
    if text and not Path(text).is_absolute():
        raise ConfigError("KARMYOGI_BACKUP_DIR: name a folder from the root on, as /var/backups/karmyogi")
    return Path(text) if text else None


def _recipients(text: str) -> tuple[str, ...]:
    """For whom backups are locked; a misspelled one stops the start, not the first backup."""
    found = tuple(text.replace(",", " ").split())
    for one in found:
        try:
            x25519.Recipient.from_str(one)
        except (RecipientError, ValueError) as error:
            raise ConfigError(f"KARMYOGI_BACKUP_RECIPIENTS: {one} is no age recipient (age1…)") from error
    return found


def _key(path: Path) -> bytes:
    """The key kept in `path`; made on first start, readable by its owner alone."""
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise ConfigError(f"KARMYOGI_SECRET_KEY_FILE: {path} cannot be kept or read ({error.strerror})") from error
    if len(key) < 32:
        raise ConfigError(f"KARMYOGI_SECRET_KEY_FILE: {path} holds fewer than 32 bytes")
    return key


def _make_key(path: Path) -> None:
    """Write a new key aside and give it its name whole: who reads it at this moment never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, aside = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):  # another process made it first: that one stands
            os.link(aside, path)
    finally:
        os.unlink(aside)
