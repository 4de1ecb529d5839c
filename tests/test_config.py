"""Settings: a wrong one stops the start with one line that names it, and keys are made once."""

import multiprocessing
import stat
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask.cli import cli as flask

from app import create_app
from karmyogi.config import ROOT, SMS_BODY, ConfigError, read_settings


def test_an_installation_that_sets_nothing_keeps_everything_in_its_own_folder(tmp_path):
    settings = read_settings({}, root=tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path}/instance/karmyogi.db"
    assert settings.media_url == f"file://{tmp_path}/instance/media"
    assert (settings.base_url, settings.host, settings.is_https) == ("http://127.0.0.1:8000", "127.0.0.1", False)
    assert (settings.demo, settings.profile, settings.timezone) == (False, "chhattisgarh", "Asia/Kolkata")


def test_backups_go_nowhere_and_are_locked_for_nobody_unless_that_is_said(tmp_path):
    recipient = "age1sn0f3k9t2s37v3rwmqctrx3wh5ntr2n2cr30hfqf3haqe085runqcr55rp"
    told = {"KARMYOGI_BACKUP_DIR": str(tmp_path), "KARMYOGI_BACKUP_RECIPIENTS": f"{recipient}, {recipient}"}

    silent, said = read_settings({}, root=tmp_path), read_settings(told, root=tmp_path)

    assert (silent.backup_folder, silent.backup_recipients) == (None, ())
    assert (said.backup_folder, said.backup_recipients) == (tmp_path, (recipient, recipient))
    assert said.key_folder == tmp_path / "instance"


def test_an_empty_setting_is_one_that_was_not_set(tmp_path):
    names = ("DATABASE_URL", "MEDIA_URL", "BASE_URL", "SECRET_KEY_FILE", "DEMO", "PROFILE", "TIMEZONE", "BACKUP_DIR")

    assert read_settings({f"KARMYOGI_{name}": "" for name in names}, root=tmp_path) == read_settings({}, root=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root@localhost/karmyogi"),
        ("DATABASE_URL", "karmyogi.db"),
        ("DATABASE_URL", "sqlite://karmyogi.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "postgresql://karmyogi:s3cret@db.example.in"),
        ("DATABASE_URL", "postgresql://karmyogi:s3cret@[db/karmyogi"),
        ("DATABASE_URL", "postgresql://karmyogi:s3cret@db:port/karmyogi"),
        ("SMS_URL", "sms.example.in/send"),
        ("SMS_URL", "ftp://gad:s3cret@sms.example.in"),
        ("SMS_URL", "http://gad:s3cret@sms.example.in/send"),
        ("SMS_PRIVATE", "perhaps"),
        ("BACKUP_DIR", "backups"),
        ("BACKUP_RECIPIENTS", "asha@example.in"),
        ("BACKUP_RECIPIENTS", "age1sn0f3k9t2s37v3rwmqctrx3wh5ntr2n2cr30hfqf3haqe085runqcr55rp,age1x"),
        ("BASE_URL", "karmyogi.example.in"),
        ("BASE_URL", "ftp://karmyogi.example.in"),
        ("BASE_URL", "https://karmyogi.example.in/app"),
        ("BASE_URL", "https://karmyogi.example.in?x=1"),
        ("BASE_URL", "https://karmyogi.example.in#x"),
        ("BASE_URL", "https://user@karmyogi.example.in"),
        ("BASE_URL", "https://karmyogi.example.in:http"),
        ("BASE_URL", "https://[::1"),
        ("BASE_URL", "https://"),
        ("TIMEZONE", "UTC"),
        ("PROXIES", "two"),
        ("PROXIES", "-1"),
        ("PROXIES", "10"),
        ("DEMO", "maybe"),
        ("SECRET_KEY_FILE", "/dev/null"),
        ("SECRET_KEY_FILE", "/dev/null/secret.key"),
        ("SECRET_KEY_FILE", "/"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(tmp_path, name, value):
    with pytest.raises(ConfigError) as stopped:
        read_settings({f"KARMYOGI_{name}": value}, root=tmp_path)

    said = stopped.value.format_message()
    assert said.partition(":")[0] == f"KARMYOGI_{name}"
    assert "\n" not in said
    assert "s3cret" not in said


SMS = {
    "KARMYOGI_SMS_URL": "https://gad:s3cret@sms.example.in/send",
    "KARMYOGI_SMS_SENDER": "CGGOVT",
    "KARMYOGI_SMS_ENTITY": "1201160000000000003",
}


def test_messages_are_off_until_a_gateway_is_named_and_its_address_is_shown_nowhere(tmp_path):
    assert read_settings({}, root=tmp_path).sends_sms is False

    settings = read_settings(SMS, root=tmp_path)

    assert (settings.sends_sms, settings.sms_body, settings.sms_private) == (True, SMS_BODY, False)
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SENDER", ""),
        ("SENDER", "CG-GOVT"),
        ("ENTITY", "s3cret"),
        ("BODY", "to={mobile}"),
        ("BODY", "{mobile} {text}"),
        ("BODY", '{"to": "{mobile}", "text": "{text}"'),
    ],
)
def test_what_a_gateway_needs_is_asked_for_at_the_start(tmp_path, name, value):
    with pytest.raises(ConfigError) as stopped:
        read_settings(SMS | {f"KARMYOGI_SMS_{name}": value}, root=tmp_path)

    said = stopped.value.format_message()
    assert f"KARMYOGI_SMS_{name}" in said.partition(":")[0]
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("media_url", "s3://bucket/prefix"),
        ("media_url", "file://relative/folder"),
        ("media_url", "file:///dev/null/media"),
        ("sms_url", "https://sms.example.in/send"),  # and no text of the profile is registered
        ("profile", "atlantis"),
        ("profile", "../chhattisgarh"),
    ],
)
def test_a_setting_that_only_its_user_can_judge_is_refused_the_same_way(settings, tmp_path, setting, value):
    wrong = replace(settings, database_url=f"sqlite:///{tmp_path}/x.db", **{setting: value})

    with pytest.raises(ConfigError) as stopped:
        create_app(wrong)

    said = stopped.value.format_message()
    assert said.startswith(f"KARMYOGI_{setting.upper()}")
    assert "\n" not in said


def test_whoever_starts_the_program_reads_that_one_line_and_no_trace():
    environment = {"KARMYOGI_BASE_URL": "ftp://karmyogi.example.in", "FLASK_SKIP_DOTENV": "1"}

    started = CliRunner(env=environment).invoke(flask, ["--app", str(ROOT / "app.py"), "migrate"])

    line = "Error: KARMYOGI_BASE_URL: write scheme and host only, as https://karmyogi.example.in\n"
    assert (started.exit_code, started.stdout, started.stderr) == (1, "", line)


def test_what_is_written_small_or_large_is_the_same_address(tmp_path):
    settings = read_settings({"KARMYOGI_BASE_URL": "HTTPS://karmyogi.example.in:8443/"}, root=tmp_path)

    assert (settings.base_url, settings.host, settings.is_https) == (
        "https://karmyogi.example.in:8443",
        "karmyogi.example.in",
        True,
    )


@pytest.mark.parametrize(
    ("address", "said", "count"),
    [
        ("https://karmyogi.example.in", "", 1),
        ("https://karmyogi.example.in", "0", 0),
        ("HTTPS://karmyogi.example.in", "2", 2),
        ("HTTPS://karmyogi.example.in", "", 1),
        ("http://127.0.0.1:8000", "", 0),
    ],
)
def test_the_proxy_that_ends_tls_is_expected_unless_another_number_is_said(tmp_path, address, said, count):
    settings = read_settings({"KARMYOGI_BASE_URL": address, "KARMYOGI_PROXIES": said}, root=tmp_path)

    assert settings.proxies == count


# ── The demo ──


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
@pytest.mark.parametrize("yes", ["1", "true", "YES", "on"])
def test_the_demo_opens_on_this_very_machine(tmp_path, address, yes):
    assert read_settings({"KARMYOGI_DEMO": yes, "KARMYOGI_BASE_URL": address}, root=tmp_path).demo


@pytest.mark.parametrize(
    "address",
    ["https://karmyogi.example.in", "http://0.0.0.0:8000", "http://192.168.1.4", "http://localhost.example.in"],
)
def test_the_demo_is_refused_to_anybody_else(tmp_path, address):
    with pytest.raises(ConfigError, match="KARMYOGI_DEMO"):
        read_settings({"KARMYOGI_DEMO": "1", "KARMYOGI_BASE_URL": address}, root=tmp_path)


@pytest.mark.parametrize("no", ["0", "false", "No", "off", ""])
def test_without_a_yes_there_is_no_demo_anywhere(tmp_path, no):
    assert not read_settings({"KARMYOGI_DEMO": no, "KARMYOGI_BASE_URL": "https://x.example.in"}, root=tmp_path).demo


# ── The file .env ──


def test_a_file_beside_the_program_sets_what_the_environment_does_not(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text(
        "KARMYOGI_BASE_URL=https://file.example.in\nKARMYOGI_DATABASE_URL=sqlite:///file.db\n"
    )
    monkeypatch.setenv("KARMYOGI_DATABASE_URL", "sqlite:///environment.db")
    monkeypatch.delenv("KARMYOGI_BASE_URL", raising=False)

    settings = read_settings(root=tmp_path)

    assert settings.base_url == "https://file.example.in"
    assert settings.database_url == "sqlite:///environment.db"


# ── Keys ──


def test_three_keys_are_made_on_first_start_for_their_owner_alone_and_then_stay(tmp_path):
    first = read_settings({}, root=tmp_path)
    again = read_settings({}, root=tmp_path)

    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "instance").iterdir()}
    assert kept == {"secret.key": 0o600, "trail.key": 0o600, "factor.key": 0o600}
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700
    keys = {first.secret_key, first.trail_key, first.factor_key}
    assert [len(key) for key in keys] == [64, 64, 64]
    assert again == first


def test_a_key_kept_elsewhere_has_the_keys_of_the_trail_and_of_seals_beside_it(tmp_path):
    elsewhere = tmp_path / "keys" / "session.key"

    settings = read_settings({"KARMYOGI_SECRET_KEY_FILE": str(elsewhere)}, root=tmp_path)

    assert settings.secret_key == elsewhere.read_bytes()
    assert settings.trail_key == elsewhere.with_name("trail.key").read_bytes()
    assert settings.factor_key == elsewhere.with_name("factor.key").read_bytes()
    assert not (tmp_path / "instance").exists()


def test_a_key_too_short_to_be_one_is_refused_and_left_as_it_is(tmp_path):
    short = tmp_path / "short.key"
    short.write_text("x" * 31 + "\n")

    with pytest.raises(ConfigError, match="fewer than 32 bytes"):
        read_settings({"KARMYOGI_SECRET_KEY_FILE": str(short)}, root=tmp_path)

    assert short.read_text() == "x" * 31 + "\n"


def test_processes_that_start_at_once_make_one_key_and_each_reads_it_whole(tmp_path):
    together = multiprocessing.get_context("fork")
    gate, told = together.Barrier(4), together.SimpleQueue()
    processes = [together.Process(target=read_at_the_gate, args=(gate, tmp_path, told)) for _each in range(4)]
    for process in processes:
        process.start()

    keys = {told.get() for _each in processes}

    for process in processes:
        process.join()
    settings = read_settings({}, root=tmp_path)
    assert keys == {(settings.secret_key, settings.trail_key)}
    assert {path.name for path in (tmp_path / "instance").iterdir()} == {"secret.key", "trail.key", "factor.key"}


def read_at_the_gate(gate, root, told) -> None:
    gate.wait()
    settings = read_settings({}, root=root)
    told.put((settings.secret_key, settings.trail_key))
