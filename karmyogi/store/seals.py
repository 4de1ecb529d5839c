"""Secrets that the house must read again, sealed in the database: AES-GCM, under a key in a file outside of it.

Whoever has a copy of the database alone can open none. A seal belongs to its owner: laid under another, it does not
open.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12

_key = b""


class SealBroken(Exception):
    """A seal that was made under another key, for another owner, or was changed since."""


def use_key(key: bytes) -> None:
    """The key of all seals, kept in a file outside the database."""
    global _key  # noqa: PLW0603 - set once at start, like the database proxy
    _key = key


def seal(secret: bytes, *, owner: str) -> str:
    """A secret as it may be stored; two seals of one secret differ."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, secret, owner.encode())).decode("ascii")


def open_seal(sealed: str, *, owner: str) -> bytes:
    """The secret under a seal. Raises SealBroken."""
    raw = base64.b64decode(sealed)
    try:
        return _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.encode())
    except InvalidTag as error:
        raise SealBroken from error


def drawn_from(purpose: str, size: int) -> bytes:
    """Up to 32 bytes that follow from our key and a purpose, and that nobody can compute without the key."""
    return _derived(f"drawn:{purpose}")[:size]


def _cipher() -> AESGCM:
    return AESGCM(_derived("seal"))


def _derived(purpose: str) -> bytes:
    if not _key:
        raise RuntimeError("no key for seals: see use_key")
    return hmac.digest(_key, purpose.encode(), hashlib.sha256)
