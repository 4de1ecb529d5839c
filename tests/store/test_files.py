"""Private files: kept whole or not at all, under the hash of what they contain."""

import errno
import hashlib
import io
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.errors import BadFile, NotThere
from karmyogi.core.reasons import reason
from karmyogi.store.files import KINDS, MEGABYTE, BadMediaUrl, Damaged, PrivateFiles, open_files

CONTENT = "प्रमाण पत्र".encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()

# Nothing of these may ever reach the disk's names.
NO_NAMES = [
    "",
    "../../etc/passwd",
    "/etc/passwd",
    SHA256.upper(),
    SHA256[:-1],
    SHA256 + "0",
    SHA256 + "\n",
    SHA256[:-1] + "/",
    SHA256[:-1] + "\0",
    SHA256[:-1] + "१",
]


@pytest.fixture
def files(tmp_path):
    return open_files(str(tmp_path / "media"))


def everything_in(files: PrivateFiles) -> list[str]:
    return sorted(str(path.relative_to(files.root)) for path in files.root.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_officer_gave_comes_back_byte_for_byte(files, kind):
    assert files.put(CONTENT, kind=kind) == SHA256

    assert files.read(SHA256, kind=kind) == CONTENT
    assert files.exists(SHA256, kind=kind)
    with files.open(SHA256, kind=kind) as file:
        assert file.read() == CONTENT
    assert everything_in(files) == [f"{kind}/{SHA256[:2]}/{SHA256}"]


def test_two_officers_with_the_same_picture_share_one_file(files):
    files.put(CONTENT, kind="original")
    files.put(CONTENT, kind="original")

    assert everything_in(files) == [f"original/{SHA256[:2]}/{SHA256}"]


def test_a_file_of_one_kind_is_not_there_as_another(files):
    files.put(CONTENT, kind="original")

    assert not files.exists(SHA256, kind="image")
    with pytest.raises(NotThere):
        files.read(SHA256, kind="image")


def test_nobody_but_the_service_account_may_read(files):
    before = os.umask(0)
    try:
        files.put(CONTENT, kind="original")
    finally:
        os.umask(before)

    file = files.path_of(SHA256, kind="original")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, *file.parents[:3])]
    assert modes == [0o600, 0o700, 0o700, 0o700]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_is_no_hash_is_simply_not_there(files, name):
    files.put(CONTENT, kind="original")

    assert not files.exists(name, kind="original")
    for look in (files.read, files.open, files.path_of):
        with pytest.raises(NotThere) as refusal:
            look(name, kind="original")
        assert refusal.value.reasons == [reason("file_not_there")]


@pytest.mark.parametrize("kind", ["", "..", "unfinished", "original/..", "ORIGINAL"])
def test_a_kind_nobody_declared_is_a_mistake_in_our_code(files, kind):
    with pytest.raises(ValueError, match="no such kind"):
        files.put(CONTENT, kind=kind)
    with pytest.raises(ValueError, match="no such kind"):
        files.exists(SHA256, kind=kind)
    assert everything_in(files) == []


def test_one_changed_byte_on_the_disk_is_noticed(files):
    files.put(CONTENT, kind="original")
    files.path_of(SHA256, kind="original").write_bytes(CONTENT[:-1] + b"!")

    with pytest.raises(Damaged) as found:
        files.read(SHA256, kind="original")
    assert found.value.reasons == [reason("file_damaged")]


def test_giving_the_same_picture_again_mends_a_damaged_copy(files):
    files.put(CONTENT, kind="original")
    files.path_of(SHA256, kind="original").write_bytes(b"")

    files.put(CONTENT, kind="original")

    assert files.read(SHA256, kind="original") == CONTENT


@given(st.binary(max_size=2000), st.integers(min_value=0, max_value=2000))
def test_a_stream_is_taken_up_to_its_limit_and_not_a_byte_further(tmp_path_factory, content, limit):
    files = open_files(str(tmp_path_factory.mktemp("media")))

    if len(content) <= limit:
        taken = files.put_stream(io.BytesIO(content), kind="report", limit=limit)
        assert taken == (hashlib.sha256(content).hexdigest(), len(content))
        assert files.read(taken[0], kind="report") == content
    else:
        with pytest.raises(BadFile) as refusal:
            files.put_stream(io.BytesIO(content), kind="report", limit=limit)
        assert refusal.value.reasons == [reason("file_too_large", limit_mb=0)]
        assert everything_in(files) == []


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_the_limit_in_megabytes_is_exact(files, over):
    stream = io.BytesIO(bytes(MEGABYTE + over))

    if over <= 0:
        assert files.put_stream(stream, kind="report", limit=MEGABYTE)[1] == MEGABYTE + over
    else:
        with pytest.raises(BadFile) as refusal:
            files.put_stream(stream, kind="report", limit=MEGABYTE)
        assert refusal.value.reasons == [reason("file_too_large", limit_mb=1)]


class Endless:
    """A client that never stops sending."""

    sent = 0

    def read(self, size: int) -> bytes:
        self.sent += size
        return bytes(size)


def test_an_endless_upload_is_read_no_further_than_its_limit(files):
    client = Endless()

    with pytest.raises(BadFile):
        files.put_stream(client, kind="report", limit=3 * MEGABYTE)

    assert client.sent == 3 * MEGABYTE + 1
    assert everything_in(files) == []


class CutOff:
    """A client whose connection breaks after the first part."""

    parts = 1

    def read(self, size: int) -> bytes:
        if not self.parts:
            raise ConnectionResetError
        self.parts -= 1
        return b"half a report"


def test_an_upload_cut_off_half_way_leaves_nothing(files):
    with pytest.raises(ConnectionResetError):
        files.put_stream(CutOff(), kind="report", limit=MEGABYTE)

    assert everything_in(files) == []


# A process that dies at one moment of `put`: the named call ends it as a power cut would.
DYING = """
import os, sys
from karmyogi.store.files import open_files
files = open_files(sys.argv[1])
calls = {"left": int(sys.argv[3])}
real = getattr(os, sys.argv[2])
def deadly(*args, **kwargs):
    if calls["left"] == 0:
        os._exit(9)
    calls["left"] -= 1
    return real(*args, **kwargs)
setattr(os, sys.argv[2], deadly)
files.put(sys.stdin.buffer.read(), kind="original")
"""


def die_in_put(folder: Path, call: str, after: int) -> int:
    command = [sys.executable, "-c", DYING, str(folder), call, str(after)]
    return subprocess.run(command, input=CONTENT, check=False).returncode


@pytest.mark.parametrize(("call", "after"), [("fsync", 0), ("replace", 0)])
def test_a_process_killed_before_the_rename_shows_no_file_and_a_retry_works(tmp_path, call, after):
    code = die_in_put(tmp_path, call, after)

    files = open_files(str(tmp_path))
    assert code == 9
    assert not files.exists(SHA256, kind="original")
    assert [name.split("/")[0] for name in everything_in(files)] == ["unfinished"]

    assert files.put(CONTENT, kind="original") == SHA256
    assert files.read(SHA256, kind="original") == CONTENT


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_process_killed_after_the_rename_has_shown_a_whole_file(tmp_path, after):
    code = die_in_put(tmp_path, "fsync", after)

    assert code == 9
    assert open_files(str(tmp_path)).read(SHA256, kind="original") == CONTENT


def test_the_content_is_on_the_disk_before_its_name_and_the_name_before_put_returns(files, monkeypatch):
    events = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        events.append("fsync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "fsync file")
        fsync(handle)

    def noted_replace(source: str, target: str) -> None:
        events.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    files.put(CONTENT, kind="original")

    assert events == ["fsync file", "rename", "fsync folder", "fsync folder", "fsync folder"]


def test_a_full_disk_leaves_nothing_and_says_so(files, monkeypatch):
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space left"):
            files.put(CONTENT, kind="original")

    assert everything_in(files) == []
    assert files.put(CONTENT, kind="original") == SHA256


def test_what_killed_processes_left_is_swept_when_old_and_finished_files_never(tmp_path):
    die_in_put(tmp_path, "replace", 0)
    files = open_files(str(tmp_path))
    files.put(CONTENT, kind="original")
    (left,) = (files.root / "unfinished").iterdir()
    begun_at = datetime(2026, 1, 5, tzinfo=UTC)
    os.utime(left, (begun_at.timestamp(), begun_at.timestamp()))
    os.utime(files.path_of(SHA256, kind="original"), (0, 0))

    assert files.sweep(before=begun_at) == 0
    assert files.sweep(before=datetime(2026, 1, 6, tzinfo=UTC)) == 1
    assert everything_in(files) == [f"original/{SHA256[:2]}/{SHA256}"]


def test_a_file_is_removed_by_its_age_and_one_that_was_put_again_stays(files):
    old, again = files.put(b"old", kind="image"), files.put(b"again", kind="image")
    for sha256 in (old, again):
        os.utime(files.path_of(sha256, kind="image"), (0, 0))
    moment = datetime(2026, 1, 5, tzinfo=UTC)

    listed = set(files.kept_before(moment, kind="image"))
    files.put(b"again", kind="image")  # after the list was made: its owner is about to name it

    assert listed == {old, again}
    assert [files.remove(sha256, kind="image", before=moment) for sha256 in (old, again, "0" * 64)] == [
        True,
        False,
        False,
    ]
    assert everything_in(files) == [f"image/{again[:2]}/{again}"]
    assert files.read(again, kind="image") == b"again"


def test_the_setting_may_be_a_folder_or_a_file_address(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert open_files("private/media").root == tmp_path / "private/media"
    assert open_files(str(tmp_path / "plain")).root == tmp_path / "plain"
    assert open_files(f"file://{tmp_path}/media").root == tmp_path / "media"
    assert open_files(f"file://localhost{tmp_path}/media").root == tmp_path / "media"
    assert open_files(f"file://{tmp_path}/a%20b").root == tmp_path / "a b"
    assert stat.S_IMODE((tmp_path / "private/media").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("", "''"),
        ("s3://key:secret@bucket/prefix", "s3://…"),
        ("https://example.in/media", "https://…"),
        ("file://server/share", "file://…"),
        ("file:relative", "file://…"),
        ("file:///", "file://…"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start_without_repeating_secrets(url, given):
    with pytest.raises(BadMediaUrl) as refusal:
        open_files(url)

    assert refusal.value.reasons == [reason("media_url_wrong", given=given)]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "media").write_text("in the way")

    with pytest.raises(BadMediaUrl) as refusal:
        open_files(str(tmp_path / "media"))

    facts = {"folder": str(tmp_path / "media"), "problem": "File exists"}
    assert refusal.value.reasons == [reason("media_folder_unusable", **facts)]
