"""The portal's archives: opened with and without a password, read member by member, and never trusted."""

import io
import os
import random
from collections import Counter

import pytest

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import reason
from karmyogi.store.sheets import LIMITS, Limits
from karmyogi.store.sheets.archive import Archive
from tests.store.test_workbooks import mutated
from tests.store.zips import Packed, archive_of

USERS = b"Full_Name,Email\n" + "आशा,asha@mp.gov.in\n".encode() * 3_000
LOCKS = ["classic", "aes-1", "aes-2"]


def opened(content: bytes, limits: Limits = LIMITS) -> Archive:
    return Archive(io.BytesIO(content), limits)


def bytes_of(archive: Archive, member, password: str = "") -> bytes:
    stream, told = archive.open(member, password=password), b""
    while block := stream.read(1000):
        assert len(block) <= 1000
        told += block
    return told


def read_all(content: bytes, limits: Limits = LIMITS, password: str = "") -> None:
    archive = opened(content, limits)
    for member in archive.members:
        bytes_of(archive, member, password)


def refusal(content: bytes, limits: Limits = LIMITS, password: str = ""):
    with pytest.raises(BadFile) as refused:
        read_all(content, limits, password)
    assert all(told.text % told.facts for told in refused.value.reasons)
    return list(refused.value.reasons)


def test_every_report_in_an_archive_is_read_by_itself():
    archive = opened(
        archive_of(
            Packed("रिपोर्ट/user-report.csv".encode(), USERS),
            Packed("रिपोर्ट/अक्टूबर/cbp.csv".encode(), b"a,b\n", method=0),
        )
    )

    assert not archive.is_locked
    assert [(m.path, m.name, m.size) for m in archive.members] == [
        ("रिपोर्ट/user-report.csv", "user-report.csv", len(USERS)),
        ("रिपोर्ट/अक्टूबर/cbp.csv", "cbp.csv", 4),
    ]
    assert [bytes_of(archive, member) for member in archive.members] == [USERS, b"a,b\n"]


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("password", ["Secret@2026", "गोपनीय"])
@pytest.mark.parametrize("method", [0, 8])
def test_a_locked_archive_opens_with_its_password(lock, password, method):
    members = [Packed(name, USERS, lock, password, method=method) for name in (b"one.csv", b"two.csv")]
    archive = opened(archive_of(*members))

    assert archive.is_locked
    assert [bytes_of(archive, member, password) for member in archive.members] == [USERS, USERS]
    assert bytes_of(archive, archive.members[1], password) == USERS  # in any order


@pytest.mark.parametrize("lock", LOCKS)
def test_a_locked_archive_asks_for_its_password_and_tells_a_wrong_one(lock):
    content = archive_of(Packed(b"one.csv", USERS, lock, "right"))

    assert refusal(content) == [reason("archive_needs_password")]
    assert {
        refusal(content, password=f"wrong {number}")[0].code for number in range(600 if lock == "classic" else 3)
    } == {"archive_password_wrong"}


def test_a_locked_member_that_was_changed_on_its_way_is_refused_at_its_end():
    content = bytearray(archive_of(Packed(b"one.csv", USERS, "aes-2", "right")))
    content[200] ^= 1

    assert refusal(bytes(content), password="right") == [reason("archive_member_damaged")]


def test_what_computers_put_beside_peoples_files_is_no_member():
    kept = Packed(b"Reports/user-report.csv", USERS)
    debris = (b"__MACOSX/Reports/._user-report.csv", b"Reports/", b"Thumbs.db", b"Reports/.DS_Store", b"desktop.ini")
    link = Packed(b"passwd.csv", b"/etc/passwd", mode=0o120777)

    archive = opened(archive_of(*[Packed(name, b"x" if name[-1:] != b"/" else b"") for name in debris], kept, link))

    assert [member.path for member in archive.members] == ["Reports/user-report.csv"]


@pytest.mark.parametrize(
    ("name", "flags", "told"),
    [
        ("आशा.csv".encode(), 0, "आशा.csv"),  # UTF-8 that does not say so, as some computers write it
        (b"caf\x82.csv", 0, "café.csv"),
        (b"..\\..\\windows\\x.csv", 0, "../../windows/x.csv"),  # shown as it is; never a path of ours
        (b"/etc/passwd.csv", 0x800, "etc/passwd.csv"),
        ("a\u202egpj.csv".encode(), 0x800, "agpj.csv"),
    ],
)
def test_names_are_shown_in_letters(name, flags, told):
    assert opened(archive_of(Packed(name, b"x", flags=flags))).members[0].path == told


def test_limits_hold_for_the_archive_as_a_whole():
    three = archive_of(*[Packed(f"{n}.csv".encode(), b"x" * 2_000_000) for n in range(3)])
    small = Limits(max_bytes=5 * 1024 * 1024, max_members=2)

    assert refusal(three, small) == [reason("archive_too_many_members", members=3, most=2)]
    assert refusal(three, Limits(max_bytes=5 * 1024 * 1024)) == [reason("archive_too_big", most=5)]
    assert refusal(archive_of()) == [reason("archive_empty")]
    assert refusal(archive_of(Packed(b"__MACOSX/x", b"x"))) == [reason("archive_empty")]


def test_a_member_that_is_larger_than_it_claims_is_not_read_on():
    content = archive_of(Packed(b"bomb.csv", bytes(50_000_000), claimed=10))

    assert refusal(content) == [reason("archive_member_damaged")]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_locked_member_is_not_read_beyond_its_size_either(lock):
    content = archive_of(Packed(b"bomb.csv", bytes(50_000_000), lock, "right", claimed=10))

    assert refusal(content, password="right") == [reason("archive_member_damaged")]


@pytest.mark.parametrize("method", [12, 14, 97])
def test_a_member_packed_in_an_unknown_way_is_refused(method):
    assert refusal(archive_of(Packed(b"one.csv", USERS, method=method))) == [reason("archive_member_damaged")]


@pytest.mark.parametrize(
    "content", [b"PK\x05\x06", b"PK\x03\x04" + bytes(100), archive_of(Packed(b"a.csv", USERS))[:-30]]
)
def test_a_damaged_archive_is_refused(content):
    assert refusal(content) == [reason("sheet_package_damaged")]


MUTATIONS = int(os.environ.get("KARMYOGI_MUTATIONS", "150"))


@pytest.mark.parametrize("lock", ["", *LOCKS])
def test_a_spoilt_archive_is_read_or_refused_and_nothing_else(lock):
    chance = random.Random(11)
    content = archive_of(*[Packed(f"{n}.csv".encode(), USERS[:900], lock, "right") for n in range(3)])

    told = Counter(outcome_of(mutated(content, chance)) for _ in range(MUTATIONS))

    assert sum(told.values()) == MUTATIONS
    assert set(told) <= {"read", "refused"}


def outcome_of(content: bytes) -> str:
    try:
        read_all(content, password="right")
    except BadFile:
        return "refused"
    return "read"
