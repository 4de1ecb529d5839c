"""Ways in which a backup is broken, each with the codes by which it must be refused."""

import json
import os
import shutil


def a_file(folder):
    return sorted(folder.glob("media/*/*/*"))[0]


def the_database(folder):
    return next(folder.glob("database.*"))


def edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    os.truncate(path, path.stat().st_size - 1)


def lengthen(path):
    with path.open("ab") as file:
        file.write(b"\0")


def replace_by_link(folder):
    aside = folder.parent / "aside"
    shutil.move(a_file(folder), aside)
    (folder / "media" / "link").symlink_to(aside)


BROKEN = {
    "a private file is missing": (lambda folder: a_file(folder).unlink(), {"backup_file_missing"}),
    "the database is missing": (lambda folder: the_database(folder).unlink(), {"backup_file_missing"}),
    "a file too many": (lambda folder: (folder / "media" / "x.txt").write_text("x"), {"backup_file_extra"}),
    "a file that leads elsewhere": (replace_by_link, {"backup_file_missing", "backup_file_extra"}),
    "a private file is cut off": (lambda folder: cut(a_file(folder)), {"backup_file_cut"}),
    "the database is cut off": (lambda folder: cut(the_database(folder)), {"backup_file_cut"}),
    "a private file is longer": (lambda folder: lengthen(a_file(folder)), {"backup_file_longer"}),
    "one bit of a private file": (lambda folder: flip(a_file(folder)), {"backup_file_changed"}),
    "one bit of the database": (lambda folder: flip(the_database(folder)), {"backup_file_changed"}),
    "an empty file": (lambda folder: a_file(folder).write_bytes(b""), {"backup_file_cut"}),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), {"backup_half_written"}),
    "an empty manifest": (lambda folder: (folder / "manifest.json").write_text(""), {"backup_manifest_unreadable"}),
    "a manifest cut off": (lambda folder: cut(folder / "manifest.json"), set()),  # its last byte is a line end
    "half a manifest": (lambda folder: os.truncate(folder / "manifest.json", 500), {"backup_manifest_unreadable"}),
    "a manifest of nothing": (
        lambda folder: (folder / "manifest.json").write_text("[]"),
        {"backup_manifest_unreadable"},
    ),
    "other rows in the manifest": (lambda folder: edit(folder, rows={"officer": 1}), {"backup_manifest_changed"}),
    "another head in the manifest": (lambda folder: edit(folder, trail_head="0" * 64), {"backup_manifest_changed"}),
    "an older moment in the manifest": (lambda folder: edit(folder, made_at="2020"), {"backup_manifest_changed"}),
    "no files in the manifest": (lambda folder: edit(folder, files={}), {"backup_manifest_changed"}),
    "a file outside in the manifest": (
        lambda folder: edit(folder, files={"../../etc/passwd": f"{'0' * 64} 1"}),
        {"backup_manifest_unreadable"},
    ),
    "a newer format": (lambda folder: edit(folder, format=2), {"backup_format_newer"}),
    "a newer program": (lambda folder: edit(folder, migration="9999_sing"), {"backup_migration_newer"}),
    "an engine of another kind": (lambda folder: edit(folder, engine="oracle"), {"backup_engine_differs"}),
    "another key of the trail": (lambda folder: edit(folder, key_id="0" * 16), {"backup_trail_key_differs"}),
}
