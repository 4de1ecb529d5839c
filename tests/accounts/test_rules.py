"""What a password must be, how long a try waits and a session lives: tables of cases, and properties."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.accounts import rules
from karmyogi.core.permissions import Role, Tree
from karmyogi.core.reasons import reason

NOON = datetime(2026, 2, 12, 6, 30, tzinfo=UTC)
GOOD = "नीली साइकिल पर चाय की केतली"
ABOUT = (
    "00000101",
    "आशा साहू",
    "Asha Sahu",
    "Public Health and Family Welfare",
    "asha.sahu@cg.example.in",
    "9000000101",
)


def codes(password, about=ABOUT):
    return [found.code for found in rules.reasons_against_password(password, about=about)]


# ── Passwords ──


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        (GOOD, []),
        ("a green bicycle for my uncle", []),
        ("  outer spaces belong to it  ", []),
        ("x7#K2m9$Lq4!8vB", []),  # 15 characters
        ("x7#K2m9$Lq4!8v", ["password_short"]),  # 14
        ("", ["password_short"]),
        ("8273 9182 7364 5546", []),  # digits alone are no sin
        ("passwordpassword", ["password_common"]),
        ("PasswordPassword", ["password_common"]),
        ("1qaz2wsx3edc4rfv", ["password_common"]),
        ("123456789012345", ["password_common"]),
        ("मेराभारतमहान123", ["password_common"]),
        ("aaaaaaaaaaaaaaaaaaaa", ["password_repeats"]),
        ("x9$qx9$qx9$qx9$q", ["password_repeats"]),
        ("Karmyogi@2026#987", ["password_guessable"]),
        ("iGOT_karmyogi_2026", ["password_guessable"]),
        ("asha.sahu.1984.1984", ["password_guessable"]),
        ("आशा साहू 00000101", ["password_guessable"]),
        ("Public Health 2026", ["password_guessable"]),
        ("Welcome@@@9876543", ["password_guessable"]),
        ("P@ssw0rd!!9182736", ["password_guessable"]),
        ("Asha Sahu grows tomatoes", []),  # her name, and enough besides
    ],
)
def test_a_password_is_refused_with_the_reason_it_deserves(password, expected):
    assert codes(password) == expected


def test_a_name_is_found_although_it_was_typed_with_joiners():
    assert codes("आशा\u200d सा\u200cहू 9876543210") == ["password_guessable"]


def test_another_persons_name_is_no_reason_against_ones_own_password():
    assert codes("asha.sahu.1984.1984", about=["Thomas Kujur", "थॉमस कुजूर"]) == []


def test_the_reason_tells_how_many_characters_there_are_and_how_many_are_needed():
    assert rules.reasons_against_password("क़लम") == [reason("password_short", needed=15, has=4)]
    assert rules.reasons_against_password("ab" * 65) == [reason("password_long", allowed=128, has=130)]


def test_every_entry_of_the_common_list_that_is_long_enough_is_refused():
    long_enough = [p for p in rules.common_passwords() if rules.SHORTEST <= len(p) <= rules.LONGEST]

    assert len(long_enough) > 3000
    assert [p for p in long_enough if codes(p, about=()) != ["password_common"]] == []


def test_the_common_list_is_kept_composed_and_in_small_letters():
    lines = [line for line in rules.COMMON.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]

    assert [line for line in lines if line != rules._folded(line)] == []
    assert len(lines) == len(set(lines))


@given(st.text(max_size=200))
def test_length_is_counted_in_composed_characters_and_nothing_is_cut(password):
    length = len(unicodedata.normalize("NFC", password))

    found = codes(password, about=())

    assert (found == ["password_short"]) == (length < 15)
    assert (found == ["password_long"]) == (length > 128)


@given(st.text(min_size=1, max_size=200), st.characters(exclude_categories=["Cs", "Mn", "Mc", "Lo"]))
def test_the_last_character_matters_however_long_the_password_is(password, other):
    changed = password[:-1] + other

    same = unicodedata.normalize("NFC", changed) == unicodedata.normalize("NFC", password)

    assert (rules.password_bytes(changed) == rules.password_bytes(password)) == same


@given(st.text(alphabet=st.characters(min_codepoint=0x0900, max_codepoint=0x097F), min_size=1, max_size=40))
def test_a_hindi_password_is_the_same_from_every_keyboard(password):
    typed = [unicodedata.normalize(form, password) for form in ("NFC", "NFD")]

    assert rules.password_bytes(typed[0]) == rules.password_bytes(typed[1])


def test_a_letter_with_its_dot_is_one_password_whether_typed_as_one_key_or_two():
    assert rules.password_bytes("\u095cक") == rules.password_bytes("\u0921\u093cक")


@given(st.text(max_size=20), st.sampled_from([" ", "\t", "\u00a0", "\u3000"]))
def test_no_space_is_taken_away(password, space):
    texts = {password, space + password, password + space}

    assert len({rules.password_bytes(text) for text in texts}) == len({rules.composed(text) for text in texts})
    assert rules.password_bytes(space + password) != rules.password_bytes(password)


def test_case_matters():
    assert rules.password_bytes("Green Bicycle") != rules.password_bytes("green bicycle")


# ── One-time secrets ──


def test_a_secret_is_read_in_groups_of_four():
    assert rules.secret_text(bytes(15)) == "0000-0000-0000-0000-0000-0000"
    assert rules.secret_text(b"\xff" * 15) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"


def test_a_secret_of_an_administrator_holds_more_than_a_hundred_bits():
    assert rules.SECRET_BYTES * 8 >= 100


@given(st.binary(min_size=15, max_size=15), st.binary(min_size=15, max_size=15))
def test_different_bytes_give_different_secrets(one, other):
    assert (rules.secret_text(one) == rules.secret_text(other)) == (one == other)


@given(st.binary(min_size=15, max_size=15))
def test_a_secret_may_be_typed_small_without_dashes_and_with_look_alikes(random_bytes):
    text = rules.secret_text(random_bytes)
    typed = " " + text.lower().replace("-", " ").replace("0", "o").replace("1", "l") + "\n"

    assert rules.secret_core(typed) == rules.secret_core(text) == text.replace("-", "")


def test_bytes_that_do_not_fill_whole_characters_are_refused():
    with pytest.raises(ValueError, match="multiple of five"):
        rules.secret_text(bytes(16))


# ── Sign-in names ──


@pytest.mark.parametrize(
    ("typed", "login"),
    [("  Asha ", "asha"), ("००000101", "00000101"), ("SUNITA@CG.example", "sunita@cg.example"), ("", "")],
)
def test_a_sign_in_name_is_the_same_however_it_is_typed(typed, login):
    assert rules.login_of(typed) == login


@pytest.mark.parametrize("login", ["a", "", "-asha", "as ha", "asha\n", "आशा", "a" * 65])
def test_a_name_that_cannot_be_typed_everywhere_is_no_sign_in_name(login):
    assert not rules.is_login(login)


@given(st.text())
def test_a_sign_in_name_is_settled_after_one_reading(typed):
    assert rules.login_of(rules.login_of(typed)) == rules.login_of(typed)


# ── Failed tries ──


def test_the_wait_grows_from_the_fifth_failure_to_five_minutes():
    waits = [rules.wait_after(n).total_seconds() for n in range(17)]

    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert rules.wait_after(10**9) == timedelta(seconds=300)


def test_a_quiet_day_forgets_the_failures():
    tries = rules.Tries(9, NOON, NOON + timedelta(seconds=16))

    assert rules.one_more(tries, at=NOON + timedelta(hours=23)).failures == 10
    assert rules.one_more(tries, at=NOON + timedelta(hours=24)) == rules.Tries(1, NOON + timedelta(hours=24), None)


def failures_let_in(allowance, gaps):
    """How many of these tries, so many seconds apart, are let in; each is wrong."""
    tries, at, let_in = rules.Tries(), NOON, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        if not tries.must_wait(at):
            let_in.append(at)
            tries = rules.one_more_within(allowance, tries, at=at)
    return let_in


def test_an_address_has_thirty_failures_at_once_and_then_one_in_two_seconds():
    assert len(failures_let_in(rules.FROM_ONE_ADDRESS, [0] * 100)) == 30
    assert len(failures_let_in(rules.FROM_ONE_ADDRESS, [0] * 30 + [1] * 60)) == 60


def test_failures_two_seconds_apart_are_never_slowed():
    assert len(failures_let_in(rules.FROM_ONE_ADDRESS, [2] * 500)) == 500


@given(st.lists(st.integers(0, 10), max_size=200))
def test_no_pattern_of_tries_gets_more_than_the_allowance(gaps):
    let_in = failures_let_in(rules.FROM_ONE_ADDRESS, gaps)

    for number, start in enumerate(let_in):
        within = [at for at in let_in[number:] if at - start < timedelta(minutes=1)]
        assert len(within) <= 2 * rules.FROM_ONE_ADDRESS.size  # a full burst, and what drains meanwhile


def test_a_stranger_at_one_address_who_never_rests_does_not_fill_the_allowance_of_the_account():
    pair, account, at = rules.Tries(), rules.Tries(), NOON
    for _try in range(1000):
        at = max(at, pair.blocked_until or at)
        pair, account = rules.one_more(pair, at=at), rules.one_more_within(rules.ON_ONE_ACCOUNT, account, at=at)
        assert not account.must_wait(at)

    assert pair.failures == 1000


def test_the_trail_is_told_at_five_and_at_each_doubling():
    told = [n for n in range(1, 200) if rules.is_worth_telling(rules.Tries(n - 1), rules.Tries(n))]

    assert told == [5, 10, 20, 40, 80, 160]


def test_a_siege_is_told_once_an_hour():
    before = rules.Tries(29, NOON, None)
    full = rules.one_more_within(rules.FROM_ONE_ADDRESS, before, at=NOON)
    again = rules.one_more_within(rules.FROM_ONE_ADDRESS, full, at=NOON + timedelta(seconds=2))

    assert rules.is_a_siege(before, full, at=NOON)
    assert not rules.is_a_siege(full, again, at=NOON + timedelta(seconds=2))


@pytest.mark.parametrize(
    ("address", "prefix"),
    [("10.2.3.4", "10.2.3.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("unix:", ""), ("", "")],
)
def test_the_trail_keeps_the_network_and_not_the_address(address, prefix):
    assert rules.prefix_of(address) == prefix


# ── Sessions ──


@pytest.mark.parametrize(
    ("roles", "idle_minutes", "hours"),
    [
        ([], 30, 12),
        ([Role.EMPLOYEE, Role.NODAL, Role.HEAD, Role.TERRITORY, Role.PANEL], 30, 12),
        ([Role.EMPLOYEE, Role.GAD], 15, 8),
        ([Role.APPROVER], 15, 8),
        ([Role.AUDITOR], 15, 8),
        ([Role.SYSADMIN], 15, 8),
    ],
)
def test_a_session_lives_as_long_as_its_roles_allow(roles, idle_minutes, hours):
    life = rules.session_life(roles)
    idle, longest = timedelta(minutes=idle_minutes), timedelta(hours=hours)
    blink = timedelta(microseconds=1)

    assert rules.is_live(NOON, NOON, life, at=NOON + idle - blink)
    assert not rules.is_live(NOON, NOON, life, at=NOON + idle)
    assert rules.is_live(NOON, NOON + longest - blink, life, at=NOON + longest - blink)
    assert not rules.is_live(NOON, NOON + longest, life, at=NOON + longest)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox, Linux"),
        ("curl/8.5.0", ""),
    ],
)
def test_a_device_is_named_as_people_know_it(agent, device):
    assert rules.device_of(agent) == device


# ── Roles ──


def test_only_roles_that_reach_a_unit_need_one():
    assert {role for role in Role if rules.needs_unit(role)} == {Role.NODAL, Role.HEAD, Role.TERRITORY}


def test_a_unit_outside_a_tree_does_not_stand_in_it():
    assert rules.stands_in_tree(7, "/1/7/")
    assert not rules.stands_in_tree(7, "/")
    assert not rules.stands_in_tree(7, "/1/17/")


def test_collectors_follow_the_territory_and_heads_the_line():
    assert rules.usual_tree(Role.TERRITORY) is Tree.TERRITORY
    assert rules.usual_tree(Role.HEAD) is Tree.LINE


def test_an_auditor_decides_nothing_beside():
    assert rules.reasons_against_roles(Role.AUDITOR, held=[Role.GAD]) == [reason("grant_roles_apart")]
    assert rules.reasons_against_roles(Role.AUDITOR, held=[Role.EMPLOYEE]) == []
    assert rules.reasons_against_roles(Role.APPROVER, held=[Role.GAD]) == []
