"""`flask audit`: what a nightly check relies on, and what an outsider gets and proves."""

import json
import os
import pwd
import stat
from dataclasses import replace

import pytest

from karmyogi.core.chain import link
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.store import trail
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry, personal, record
from karmyogi.web.console import at_the_shell
from tests.factories import AT
from tests.house.test_migrations import drop_everything
from tests.trails import told_last, unlock
from tests.web.site import app_over


@pytest.fixture
def audit(db, settings):
    runner = app_over(replace(settings, database_url=db)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    yield lambda *words: runner.invoke(args=["audit", *words])
    database.close_all()


@pytest.fixture
def verify(audit):
    return lambda *words: audit("verify", *words)


def write(count: int) -> None:
    for number in range(count):
        with database.atomic():
            record(SYSTEM, f"act-{number}", "thing", at=AT)


def test_an_empty_trail_is_whole(verify):
    told = verify()

    assert (told.exit_code, told.stdout) == (0, "0 entries, the chain is whole\n")


def test_a_whole_trail_ends_with_zero_and_says_how_long_it_is(verify):
    write(3)

    told = verify()

    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout == f"3 entries, the chain is whole\nhead {trail.head()}\n"


def test_a_broken_trail_ends_with_one_and_names_every_entry_that_was_changed_or_is_missing(verify):
    write(6)
    unlock()
    TrailEntry.update(actor="somebody else").where(TrailEntry.action == "act-1").execute()
    TrailEntry.delete().where(TrailEntry.action.in_(["act-3", "act-4"])).execute()

    told = verify()

    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == "Entry 2 was changed.\nEntries 4 to 5 are missing.\n"


def test_of_very_many_faults_a_hundred_are_named_and_the_others_counted(verify):
    write(103)
    unlock()
    TrailEntry.update(actor="somebody else").execute()

    told = verify().stderr.splitlines()

    assert (len(told), told[-2:]) == (101, ["Entry 100 was changed.", "… 3 more"])


def test_a_head_noted_before_shows_that_the_end_was_cut_off(verify):
    write(3)
    head = str(trail.head())
    assert verify("--head", head).exit_code == 0
    unlock()
    TrailEntry.delete().where(TrailEntry.action == "act-2").execute()

    told = verify("--head", head)

    assert (told.exit_code, verify().exit_code) == (1, 0)
    assert told.stderr == "The trail ends before entry 3, of which there is a head: it was cut off.\n"


def test_what_is_no_head_is_wrong_usage(verify):
    for text in ("", "12", "x:" + "0" * 64, "1:" + "g" * 64, "0" * 63):
        assert verify("--head", text).exit_code == 2, text


# ── An export ──


def test_an_export_is_proven_without_the_database_and_without_the_key(audit, tmp_path):
    write(3)
    head, file = str(trail.head()), tmp_path / "trail.jsonl"

    told = audit("export", str(file))

    assert (told.exit_code, told.stdout) == (0, f"{file}: 3 entries\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    database.close_all()
    drop_everything()
    proven = audit("verify", "--export", str(file), "--head", head)
    assert (proven.exit_code, proven.stdout) == (0, f"3 entries, the chain is whole\nhead {head}\n")


def test_with_the_key_an_export_is_proven_against_who_computed_it_anew(audit, tmp_path):
    write(2)
    file = tmp_path / "trail.jsonl"
    header, *lines = trail.export()
    line = json.loads(lines[1]) | {"subject": "forged"}
    line["link"] = link(line)
    told = json.loads(header) | {"head": f"2:{line['link']}"}
    file.write_text(f"{json.dumps(told)}\n{lines[0]}{json.dumps(line)}\n", encoding="utf-8")

    assert audit("verify", "--export", str(file)).exit_code == 0
    found = audit("verify", "--export", str(file), "--with-key")
    assert (found.exit_code, found.stderr) == (1, "Entry 2 does not fit the key.\n")


def test_taking_an_export_stands_on_the_trail_and_overwrites_nothing(audit, tmp_path):
    write(1)
    file = tmp_path / "trail.jsonl"
    file.write_text("kept")

    assert audit("export", str(file)).exit_code == 1
    assert (file.read_text(), TrailEntry.select().count()) == ("kept", 1)

    assert audit("export", str(tmp_path / "other")).exit_code == 0
    entry = told_last()
    assert (entry.action, entry.change) == ("trail.export", {"entries": 1, "names": True})
    assert entry.actor.startswith("system (")


def test_an_export_without_names_has_none_and_is_whole(audit, tmp_path):
    with database.atomic():
        record(Actor(7, "Planted Name"), "act", "thing", {"login": personal("planted.login")}, remark="planted")
    whole, bare = tmp_path / "whole", tmp_path / "bare"

    audit("export", str(whole))
    audit("export", str(bare), "--without-names")

    assert whole.read_text(encoding="utf-8").lower().count("planted") == 3
    assert "planted" not in bare.read_text(encoding="utf-8").lower()
    assert audit("verify", "--export", str(bare)).exit_code == 0


def test_who_acts_at_the_shell_is_named_after_sudo_who_called_it(monkeypatch):
    monkeypatch.setenv("SUDO_USER", "gopal")
    assert at_the_shell().name == "system (gopal)"

    monkeypatch.delenv("SUDO_USER")
    assert at_the_shell() == Actor(None, f"system ({pwd.getpwuid(os.getuid()).pw_name})", grants=SYSTEM.grants)


def test_proving_writes_nothing(verify):
    write(2)

    verify()

    assert TrailEntry.select().count() == 2


def test_wrong_usage_ends_with_two(verify):
    assert verify("everything").exit_code == 2
