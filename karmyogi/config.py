"""Settings, read once from the environment or a `.env` file; a wrong one stops the start and says why."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ConfigError(Exception):
    """A setting that cannot be used: names the setting and says what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything an installation may set; see the README for what each means."""

    database_url: str
    media_url: str
    base_url: str
    secret_key: bytes
    trail_key: bytes
    demo: bool = False
    profile: str = "chhattisgarh"
    timezone: str = "Asia/Kolkata"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


def read_settings(environ: dict[str, str] | None = None, *, root: Path = ROOT) -> Settings:
    """The settings of this installation.

    Raises ConfigError, in one line, when a setting is wrong or a key cannot be kept.
    """
    values = dict(os.environ if environ is None else environ)
    instance = root / "instance"
    secret_file = Path(values.get("KARMYOGI_SECRET_KEY_FILE") or instance / "secret.key")
    settings = Settings(
        database_url=_database_url(values.get("KARMYOGI_DATABASE_URL", ""), instance),
        media_url=values.get("KARMYOGI_MEDIA_URL") or f"file://{instance / 'media'}",
        base_url=_base_url(values.get("KARMYOGI_BASE_URL") or "http://127.0.0.1:8000"),
        secret_key=_key(secret_file),
        trail_key=_key(secret_file.with_name("trail.key")),
        demo=_yes(values.get("KARMYOGI_DEMO", "")),
        profile=values.get("KARMYOGI_PROFILE") or "chhattisgarh",
        timezone=_timezone(values.get("KARMYOGI_TIMEZONE") or "Asia/Kolkata"),
    )
    if settings.demo and settings.host not in LOOPBACK:
        raise ConfigError("KARMYOGI_DEMO: demo sign-in is only for loopback; KARMYOGI_BASE_URL names another host")
    return settings


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'karmyogi.db'}"
    if urlsplit(url).scheme not in {"sqlite", "postgresql", "postgres"}:
        raise ConfigError("KARMYOGI_DATABASE_URL: use sqlite:///path or postgresql://user@host/name")
    return url


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ConfigError("KARMYOGI_BASE_URL: write scheme and host only, as https://karmyogi.example.in")
    return url.rstrip("/")


def _timezone(name: str) -> str:
    if name != "Asia/Kolkata":
        raise ConfigError("KARMYOGI_TIMEZONE: months are counted in Asia/Kolkata; no other zone is supported yet")
    return name


def _yes(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _key(path: Path) -> bytes:
    """The key kept in `path`; made on first start, readable by its owner alone."""
    if not path.exists():
        _make_key(path)
    key = path.read_bytes().strip()
    if len(key) < 32:
        raise ConfigError(f"KARMYOGI_SECRET_KEY_FILE: {path} holds fewer than 32 bytes")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it first
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
