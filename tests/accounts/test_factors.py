"""The second factor: codes of a telephone, recovery codes, and whom a password alone does not let in."""

from base64 import b32encode
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.accounts import queries, service
from karmyogi.accounts.models import Authenticator, RecoveryCode, Session, SignInThrottle, User
from karmyogi.accounts.rules import factors
from karmyogi.accounts.rules.factors import Stage
from karmyogi.accounts.service import CodeRefused, LiveSession
from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken
from karmyogi.core.permissions import NOBODY, PRIVILEGED, SYSTEM, Role
from karmyogi.store import seals
from karmyogi.store.trail import TrailEntry
from tests import worlds
from tests.accounts.conftest import (
    ANOTHER,
    HOME,
    NOON,
    PASSWORD,
    SEED,
    actor,
    every_text_in_the_database,
    give_factor,
    make_user,
)
from tests.processes import all_at_once

SECONDS = timedelta(seconds=1)


def signed_in(login: str, password: str, *, at=NOON) -> LiveSession:
    """The session right after the password."""
    return service.find_session(service.sign_in(login, password, address=HOME, at=at), at=at)


def code_at(at=NOON, *, seed: bytes = SEED) -> str:
    return factors.code_of(seed, factors.step_at(at))


def set_up(live: LiveSession, *, at=NOON) -> service.SetUp:
    return service.set_up_factor(live, code_at(at, seed=service.offered_seed(live.session)), address=HOME, at=at)


def codes_of(user: User) -> list[str]:
    return list(service.new_recovery_codes(user, at=NOON))


# ── The codes ──


@given(st.binary(min_size=20, max_size=20), st.integers(0, 2**33))
def test_a_code_is_what_every_app_shows(seed, seconds):
    peer = pyotp.TOTP(b32encode(seed).decode())

    assert factors.code_of(seed, seconds // 30) == peer.at(seconds)


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_examples_of_the_standard_hold(seconds, code):
    assert factors.code_of(b"12345678901234567890", seconds // 30) == code


def test_an_app_reads_key_and_name_from_the_square():
    told = pyotp.parse_uri(factors.seed_address(SEED, login="lakshmi@cg"))

    assert (told.name, told.issuer, told.digits, told.interval) == ("lakshmi@cg", "karmyogi", 6, 30)
    assert told.at(NOON) == code_at()
    assert pyotp.TOTP(factors.seed_text(SEED).replace(" ", "")).at(NOON) == code_at()


@pytest.mark.parametrize(("away", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_the_step_before_and_the_one_after_are_taken_and_no_other(away, is_taken):
    assert (factors.step_of(SEED, code_at(NOON + away * SECONDS), at=NOON) is not None) is is_taken


@pytest.mark.parametrize("typed", ["123 456", "१२३४५६", " 123-456 "])
def test_hindi_digits_and_gaps_are_understood(typed):
    assert factors.code_typed(typed) == "123456"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "x", "٣" * 400])
def test_what_is_no_code_is_refused(typed):
    assert factors.step_of(SEED, typed, at=NOON) is None


@pytest.mark.parametrize(("minutes", "found"), [(5, 5), (-330, -330), (1, 1)])
def test_a_telephone_whose_clock_goes_wrong_is_found_out(minutes, found):
    assert factors.clock_off(SEED, code_at(NOON + minutes * timedelta(minutes=1)), at=NOON) == found


def test_a_seal_opens_for_its_owner_and_under_its_key_alone():
    seals.use_key(worlds.FACTOR_KEY)
    sealed = seals.seal(SEED, owner="authenticator of account 1")

    assert seals.open_seal(sealed, owner="authenticator of account 1") == SEED
    assert sealed != seals.seal(SEED, owner="authenticator of account 1")
    with pytest.raises(seals.SealBroken):
        seals.open_seal(sealed, owner="authenticator of account 2")
    seals.use_key(b"another key of which nobody made this seal")
    with pytest.raises(seals.SealBroken):
        seals.open_seal(sealed, owner="authenticator of account 1")
    seals.use_key(worlds.FACTOR_KEY)


# ── Who is asked ──


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM, Role.PANEL}])
def test_who_decides_audits_or_administers_is_led_to_set_one_up_and_can_do_nothing_before(place, role):
    kabir = make_user("kabir", password=PASSWORD)
    service.grant_role(kabir, role, unit=place.state, by=SYSTEM, at=NOON)

    live = signed_in("kabir", PASSWORD)

    assert live.stage is (Stage.SET_UP if role in PRIVILEGED else None)
    assert bool(live.actor.grants) is (live.stage is None)


def test_who_works_in_a_smaller_role_is_asked_all_the_same(place):
    kabir = make_user("kabir", password=PASSWORD)
    head = service.grant_role(kabir, Role.HEAD, unit=place.health, by=SYSTEM, at=NOON)
    service.grant_role(kabir, Role.GAD, unit=place.state, by=SYSTEM, at=NOON)
    token = service.sign_in("kabir", PASSWORD, address=HOME, at=NOON)
    Session.update(work_as=head).execute()

    assert service.find_session(token, at=NOON).stage is Stage.SET_UP


def test_a_role_that_begins_later_asks_from_its_first_day(asha, place):
    live = signed_in("asha", PASSWORD)
    token = service.prove_by_password(live, PASSWORD, address=HOME, at=NOON)
    evening = NOON + timedelta(hours=12)
    service.grant_role(asha, Role.GAD, unit=place.state, by=SYSTEM, from_on=evening.date(), at=NOON)
    Session.update(ended_at=None, touched_at=evening, created_at=evening).execute()

    assert service.find_session(token, at=evening).stage is Stage.SET_UP


def test_who_set_one_up_by_choice_is_asked_for_it(asha):
    set_up(signed_in("asha", PASSWORD))

    live = signed_in("asha", PASSWORD)

    assert live.stage is Stage.CODE
    assert live.actor.grants == ()


def test_a_new_password_does_not_stand_in_for_the_second_factor(gopal):
    secret = service.make_first_secret("gopal", by=SYSTEM, at=NOON)
    user = service.use_secret("gopal", secret, PASSWORD, at=NOON)

    token = service.open_session(user, address=HOME, at=NOON)

    assert service.find_session(token, at=NOON).stage is Stage.CODE


def test_changing_the_password_keeps_what_was_shown_in_the_session(gopal):
    live = signed_in("gopal", ANOTHER)
    token = service.prove_by_app(live, code_at(), address=HOME, at=NOON)
    proved = service.find_session(token, at=NOON)

    token = service.change_password(gopal, ANOTHER, PASSWORD, address=HOME, proved_at=proved.session.proved_at, at=NOON)

    assert service.find_session(token, at=NOON).stage is None


# ── Setting it up ──


def test_setting_up_opens_everything_gives_ten_codes_and_ends_the_other_browsers(asha):
    elsewhere = service.sign_in("asha", PASSWORD, address=HOME, at=NOON)
    live = signed_in("asha", PASSWORD)

    made = set_up(live)

    assert service.find_session(made.token, at=NOON).stage is None
    assert service.find_session(elsewhere, at=NOON) is None
    assert len(set(made.codes)) == 10
    assert queries.recovery_codes_left(asha.id) == 10
    assert TrailEntry.select().where(TrailEntry.action == "account.factor").count() == 1


def test_the_offered_key_is_of_one_session_and_stored_nowhere(asha):
    one, other = signed_in("asha", PASSWORD), signed_in("asha", PASSWORD)

    seed = service.offered_seed(one.session)

    assert seed != service.offered_seed(other.session)
    assert len(seed) == 20
    with pytest.raises(CodeRefused):
        service.set_up_factor(other, code_at(seed=seed), address=HOME, at=NOON)


def test_whose_clock_is_wrong_reads_by_how_much(asha):
    live = signed_in("asha", PASSWORD)
    typed = code_at(NOON - timedelta(minutes=7), seed=service.offered_seed(live.session))

    with pytest.raises(CodeRefused) as refused:
        service.set_up_factor(live, typed, address=HOME, at=NOON)

    assert [(one.code, one.facts["minutes"]) for one in refused.value.reasons] == [("clock_is_slow", 7)]
    assert Authenticator.select().count() == 0


def test_nobody_sets_up_a_second_telephone_over_the_first(gopal):
    live = signed_in("gopal", ANOTHER)

    with pytest.raises(RuleBroken):
        set_up(live)

    assert seals.open_seal(Authenticator.get().sealed_seed, owner=f"authenticator of account {gopal.id}") == SEED


def test_a_copy_of_the_database_gives_neither_key_nor_codes(asha):
    live = signed_in("asha", PASSWORD)
    seed = service.offered_seed(live.session)
    made = set_up(live)

    everything = every_text_in_the_database()

    bare = [code.replace("-", "") for code in made.codes]
    secret = [*made.codes, *bare, seed.hex(), factors.seed_text(seed), b32encode(seed).decode(), str(seed)]
    assert [one for one in secret if one in everything] == []


# ── Showing it ──


def test_a_code_lets_in_once_and_gives_the_session_another_token(gopal):
    token = service.sign_in("gopal", ANOTHER, address=HOME, at=NOON)
    renewed = service.prove_by_app(service.find_session(token, at=NOON), code_at(), address=HOME, at=NOON)

    assert service.find_session(token, at=NOON) is None
    live = service.find_session(renewed, at=NOON)
    assert (live.stage, Role.SYSADMIN in live.actor.roles) == (None, True)
    for away in (0, -30):  # the same code, and the one before it
        with pytest.raises(CodeRefused):
            service.prove_by_app(live, code_at(NOON + away * SECONDS), address=HOME, at=NOON + 20 * SECONDS)


def test_the_code_of_another_person_opens_nothing(gopal, asha):
    hers = service.find_session(set_up(signed_in("asha", PASSWORD)).token, at=NOON)
    live = signed_in("asha", PASSWORD)
    assert hers.user == live.user

    with pytest.raises(CodeRefused):
        service.prove_by_app(live, code_at(), address=HOME, at=NOON + 60 * SECONDS)  # of Gopal's telephone
    with pytest.raises(CodeRefused):
        service.prove_by_recovery(live, codes_of(gopal)[0], address=HOME, at=NOON)


def test_a_key_laid_under_another_account_opens_nothing(gopal):
    thief = make_user("thief", password=PASSWORD)
    stolen = Authenticator.get(Authenticator.user == gopal).sealed_seed
    Authenticator.create(user=thief, sealed_seed=stolen, last_step=0, made_at=NOON)

    with pytest.raises(CodeRefused):
        service.prove_by_app(signed_in("thief", PASSWORD), code_at(), address=HOME, at=NOON)


def test_wrong_codes_wait_like_wrong_passwords_and_the_right_password_forgives_none(gopal):
    for _each in range(5):
        with pytest.raises(CodeRefused):
            service.prove_by_app(signed_in("gopal", ANOTHER), "000000", address=HOME, at=NOON)

    with pytest.raises(CodeRefused):
        service.prove_by_app(signed_in("gopal", ANOTHER), code_at(), address=HOME, at=NOON)

    assert SignInThrottle.get(SignInThrottle.key == f"factor:{gopal.id}@{HOME}").failures == 5
    told = TrailEntry.get(TrailEntry.action == "account.prove_failed")
    assert (told.subject_id, told.change["failures"]) == (gopal.id, 5)
    later = NOON + 90 * SECONDS
    assert service.prove_by_app(signed_in("gopal", ANOTHER, at=later), code_at(later), address=HOME, at=later)


def test_from_many_addresses_only_a_hundred_codes_an_hour_are_tried(gopal):
    live = signed_in("gopal", ANOTHER)
    for number in range(100):
        with pytest.raises(CodeRefused):
            service.prove_by_app(live, "000000", address=f"10.9.{number}.1", at=NOON)

    with pytest.raises(CodeRefused):
        service.prove_by_app(live, code_at(), address="10.10.1.1", at=NOON)


def test_a_recovery_code_stands_in_once_however_it_is_typed(gopal):
    first, second, *_others = codes_of(gopal)
    live = signed_in("gopal", ANOTHER)

    token = service.prove_by_recovery(live, f" {first.lower().replace('-', ' ')} ", address=HOME, at=NOON)

    proved = service.find_session(token, at=NOON)
    assert proved.stage is None
    assert queries.recovery_codes_left(gopal.id) == 9
    with pytest.raises(CodeRefused):
        service.prove_by_recovery(proved, first, address=HOME, at=NOON)
    assert service.prove_by_recovery(proved, second, address=HOME, at=NOON)


def test_new_recovery_codes_make_the_old_ones_worthless(gopal):
    old, new = codes_of(gopal), codes_of(gopal)
    live = signed_in("gopal", ANOTHER)

    with pytest.raises(CodeRefused):
        service.prove_by_recovery(live, old[0], address=HOME, at=NOON)

    assert RecoveryCode.select().count() == 10
    assert service.prove_by_recovery(live, new[0], address=HOME, at=NOON)


@pytest.mark.parametrize("way", ["recovery", "app"])
def test_of_eight_who_type_one_code_at_once_one_is_let_in(db, gopal, way):
    code = codes_of(gopal)[0] if way == "recovery" else code_at()
    tokens = [service.sign_in("gopal", ANOTHER, address=HOME, at=NOON) for _each in range(8)]

    told = all_at_once(db, show, [(way, token, code, f"10.8.0.{n}") for n, token in enumerate(tokens)])

    assert sorted(told) == ["CodeRefused"] * 7 + ["let in"]
    assert TrailEntry.select().where(TrailEntry.action == "account.prove").count() == 1
    assert Session.select().where(Session.proved_at.is_null(False)).count() == 1


def show(way: str, token: str, code: str, address: str) -> str:
    prove = {"recovery": service.prove_by_recovery, "app": service.prove_by_app}[way]
    prove(service.find_session(token, at=NOON), code, address=address, at=NOON)
    return "let in"


def test_without_its_key_file_no_code_is_right_but_recovery_codes_still_are(gopal):
    code = codes_of(gopal)[0]
    live = signed_in("gopal", ANOTHER)
    Authenticator.update(sealed_seed=seals.seal(SEED, owner="somebody else")).execute()

    with pytest.raises(CodeRefused):
        service.prove_by_app(live, code_at(), address=HOME, at=NOON)
    assert service.prove_by_recovery(live, code, address=HOME, at=NOON)


# ── Once more, before grave acts ──


@pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (9.99, True), (10, False), (60, False)])
def test_a_proof_is_fresh_for_ten_minutes(minutes, fresh):
    at = NOON + timedelta(minutes=minutes)

    assert factors.is_fresh(NOON, NOON - timedelta(hours=3), has_factor=True, at=at) is fresh
    assert factors.is_fresh(None, NOON, has_factor=False, at=at) is fresh
    assert not factors.is_fresh(None, NOON, has_factor=True, at=at)


def test_who_has_no_second_factor_shows_the_password_once_more(asha, gopal):
    live = signed_in("asha", PASSWORD)

    token = service.prove_by_password(live, PASSWORD, address=HOME, at=NOON + timedelta(hours=0.3))

    assert service.find_session(token, at=NOON).session.proved_at == NOON + timedelta(hours=0.3)
    with pytest.raises(NotAllowed):
        service.prove_by_password(signed_in("gopal", ANOTHER), ANOTHER, address=HOME, at=NOON)


def test_one_click_proves_nothing_for_a_real_account(asha):
    with pytest.raises(NotAllowed):
        service.prove_as_cast(signed_in("asha", PASSWORD), at=NOON)


def test_the_demos_cast_stand_here_by_one_click_but_not_by_a_password(db):
    cast = make_user("sunita", password=PASSWORD)
    User.update(is_demo=True).execute()
    service.grant_role(cast, Role.AUDITOR, by=SYSTEM, at=NOON)

    clicked = service.sign_in_as_cast("sunita", address=HOME, at=NOON)

    assert service.find_session(clicked, at=NOON).stage is None
    assert signed_in("sunita", PASSWORD).stage is Stage.SET_UP


# ── Taken away ──


def test_one_takes_away_ones_own_and_deciding_roles_set_up_the_next_at_once(gopal):
    elsewhere = service.sign_in("gopal", ANOTHER, address=HOME, at=NOON)
    live = signed_in("gopal", ANOTHER)

    token = service.remove_factor(live, at=NOON)

    assert service.find_session(token, at=NOON).stage is Stage.SET_UP
    assert service.find_session(elsewhere, at=NOON) is None
    assert (Authenticator.select().count(), RecoveryCode.select().count()) == (0, 0)


def test_an_administrator_resets_it_and_the_old_password_opens_nothing_more(gopal, place):
    lakshmi = give_factor(make_user("lakshmi", password=PASSWORD))
    service.grant_role(lakshmi, Role.APPROVER, unit=place.state, by=SYSTEM, at=NOON)
    codes_of(lakshmi)
    token = service.sign_in("lakshmi", PASSWORD, address=HOME, at=NOON)

    service.reset_factor(lakshmi, by=actor(gopal), at=NOON)

    assert service.find_session(token, at=NOON) is None
    with pytest.raises(service.SignInRefused):
        service.sign_in("lakshmi", PASSWORD, address=HOME, at=NOON)
    told = TrailEntry.get(TrailEntry.action == "account.factor_reset")
    assert (told.user_id, told.subject_id, told.change["sessions_ended"]) == (gopal.id, lakshmi.id, 1)
    assert User.get_by_id(lakshmi.id).factor_reset_at == NOON
    assert RecoveryCode.select().count() == 0


def test_nobody_resets_their_own_nor_without_the_power(gopal, asha):
    with pytest.raises(NotAllowed):
        service.reset_factor(gopal, by=actor(gopal), at=NOON)
    for who in (actor(asha), NOBODY):
        with pytest.raises(NotAllowed):
            service.reset_factor(gopal, by=who, at=NOON)
    with pytest.raises(NotThere):
        service.reset_factor(asha, by=actor(gopal), at=NOON)

    assert Authenticator.select().count() == 1
