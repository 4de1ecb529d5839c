"""Archives made by hand, sign by sign: as the portal locks them, as computers fill them, and as nobody should."""

import hashlib
import hmac
import struct
import zlib
from dataclasses import dataclass

from Crypto.Cipher import AES
from Crypto.Util import Counter

UTF_8 = 0x800
SALT = bytes(range(16))


@dataclass(frozen=True)
class Packed:
    """A member as it stands in an archive."""

    name: bytes
    content: bytes
    lock: str = ""  # "classic", "aes-1" or "aes-2"
    password: str = ""
    flags: int = UTF_8
    claimed: int | None = None  # the size it claims to have
    mode: int = 0o100644
    method: int = zlib.DEFLATED


def archive_of(*members: Packed) -> bytes:
    """The archive of these members."""
    body, listed = b"", b""
    for member in members:
        header, data = _packed(member)
        place = len(body)
        body += b"PK\x03\x04" + header + member_tail(member) + data
        outside = struct.pack("<HHHII", 0, 0, 0, member.mode << 16, place)
        listed += b"PK\x01\x02\x14\x03" + header + outside + member_tail(member)
    return (
        body
        + listed
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(members), len(members), len(listed), len(body), 0)
    )


def member_tail(member: Packed) -> bytes:
    return member.name + _extra(member)


def _extra(member: Packed) -> bytes:
    if not member.lock.startswith("aes"):
        return b""
    return struct.pack("<HHH2sBH", 0x9901, 7, int(member.lock[-1]), b"AE", 3, member.method)


def _packed(member: Packed) -> tuple[bytes, bytes]:
    data, crc = member.content, zlib.crc32(member.content)
    if member.method == zlib.DEFLATED:
        press = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = press.compress(data) + press.flush()
    flags, method = member.flags | (1 if member.lock else 0), member.method
    if member.lock == "classic":
        data = _Classic(member.password.encode()).encrypted(bytes(11) + bytes([crc >> 24]) + data)
    elif member.lock:
        data, method = _by_aes(data, member.password.encode()), 99
        crc = 0 if member.lock == "aes-2" else crc
    size = len(member.content) if member.claimed is None else member.claimed
    sizes = struct.pack("<III", crc, len(data), size)
    tail = struct.pack("<HH", len(member.name), len(_extra(member)))
    return struct.pack("<HHHHH", 20, flags, method, 0, 0x21) + sizes + tail, data


def _by_aes(data: bytes, password: bytes) -> bytes:
    keys = hashlib.pbkdf2_hmac("sha1", password, SALT, 1000, 66)
    counter = Counter.new(128, initial_value=1, little_endian=True)
    locked = AES.new(keys[:32], AES.MODE_CTR, counter=counter).encrypt(data)
    return SALT + keys[64:] + locked + hmac.digest(keys[32:64], locked, "sha1")[:10]


class _Classic:
    """The encryption of PKZIP 2.0."""

    def __init__(self, password: bytes):
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for letter in password:
            self._turn(letter)

    def encrypted(self, data: bytes) -> bytes:
        out = bytearray()
        for letter in data:
            mixed = (self.keys[2] | 2) & 0xFFFF
            out.append(letter ^ ((mixed * (mixed ^ 1)) >> 8 & 0xFF))
            self._turn(letter)
        return bytes(out)

    def _turn(self, letter: int) -> None:
        first, second, third = self.keys
        first = _crc(first, letter)
        second = (second + (first & 0xFF)) * 134775813 + 1 & 0xFFFFFFFF
        self.keys = [first, second, _crc(third, second >> 24)]


def _crc(before: int, letter: int) -> int:
    return zlib.crc32(bytes([letter]), before ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
