"""Signing in, sessions and roles, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.models import OneTimeSecret, RoleGrant, Session, SignInThrottle, User
from karmyogi.accounts.service import passwords
from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken
from karmyogi.core.permissions import NOBODY, SYSTEM, Grant, Permission, Role, Tree, can
from karmyogi.core.reasons import reason
from karmyogi.store.db import database, open_database
from karmyogi.store.trail import TrailEntry, broken_link
from tests import trails
from tests.accounts.conftest import (
    ANOTHER,
    HOME,
    NOON,
    PASSWORD,
    TODAY,
    actor,
    every_text_in_the_database,
    make_officer,
    make_user,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ELSEWHERE = "203.0.113.77"


def sign_in(login="asha", password=PASSWORD, *, address=HOME, at=NOON):
    return service.sign_in(login, password, address=address, at=at)


def is_refused(login="asha", password=PASSWORD, *, address=HOME, at=NOON) -> bool:
    try:
        sign_in(login, password, address=address, at=at)
    except service.SignInRefused as refused:
        return refused.reasons == [reason("sign_in_refused")]
    return False


def try_wrongly(times, login="asha", *, address=HOME, at=NOON):
    for _time in range(times):
        assert is_refused(login, "not the password at all", address=address, at=at)


def told(action):
    return [entry.change for entry in trails.told(TrailEntry.action == action)]


# ── Accounts ──


def test_an_account_takes_its_officers_names_and_cannot_sign_in_without_a_password(place):
    asha = service.create_user(" Asha ", officer=make_officer(), by=SYSTEM, at=NOON)

    assert (asha.login, asha.name_hi, asha.name_en) == ("asha", "आशा साहू", "Asha Sahu")
    assert is_refused("asha", "")
    assert told("account.create") == [{"login": "asha", "officer": asha.officer_id, "is_demo": False}]


@pytest.mark.parametrize(
    ("login", "name_en", "code"),
    [("asha", "Somebody", "login_taken"), ("आशा", "Somebody", "login_odd"), ("free", "", "account_name_needed")],
)
def test_an_account_that_cannot_be_is_refused_and_nothing_is_written(asha, login, name_en, code):
    before = (User.select().count(), TrailEntry.select().count())

    with pytest.raises(RuleBroken) as refused:
        service.create_user(login, name_en=name_en, by=SYSTEM)

    assert [r.code for r in refused.value.reasons] == [code]
    assert (User.select().count(), TrailEntry.select().count()) == before


def test_an_officer_has_one_account(asha):
    with pytest.raises(RuleBroken, match="account_officer_taken"):
        service.create_user("asha.sahu", officer=asha.officer, by=SYSTEM)


def test_only_those_who_look_after_accounts_make_them(asha, gopal):
    with pytest.raises(NotAllowed):
        service.create_user("friend", name_en="Friend", by=actor(asha))

    assert service.create_user("friend", name_en="Friend", by=actor(gopal)).login == "friend"


def test_a_closed_account_is_out_at_once_and_may_come_back(asha, gopal):
    token = sign_in()

    service.close_account(asha, by=actor(gopal), at=NOON)

    assert service.find_session(token, at=NOON) is None
    assert is_refused()

    service.reopen_account(asha, by=actor(gopal), at=NOON)

    assert service.find_session(token, at=NOON) is None
    assert service.find_session(sign_in(), at=NOON).user == asha


def test_an_account_closed_in_the_database_is_out_at_the_next_request(asha):
    token = sign_in()

    User.update(is_active=False).where(User.id == asha.id).execute()

    assert service.find_session(token, at=NOON) is None


def test_nobody_closes_their_own_account(gopal):
    with pytest.raises(NotAllowed, match="own_account"):
        service.close_account(gopal, by=actor(gopal))


# ── One-time secrets ──


def test_a_secret_sets_a_password_once(asha):
    secret = service.make_first_secret("asha", by=SYSTEM, at=NOON)

    service.use_secret("asha", secret, ANOTHER, at=NOON)

    assert service.find_session(sign_in(password=ANOTHER), at=NOON).user == asha
    assert is_refused(password=PASSWORD)
    with pytest.raises(service.SecretRefused):
        service.use_secret("asha", secret, PASSWORD, at=NOON)


def test_a_secret_dies_after_72_hours(asha):
    secret = service.make_first_secret("asha", by=SYSTEM, at=NOON)

    with pytest.raises(service.SecretRefused):
        service.use_secret("asha", secret, ANOTHER, at=NOON + 72 * HOUR)
    assert service.use_secret("asha", secret, ANOTHER, at=NOON + 72 * HOUR - MINUTE) == asha


def test_a_new_secret_kills_the_one_before(asha):
    first = service.make_first_secret("asha", by=SYSTEM, at=NOON)
    second = service.make_first_secret("asha", by=SYSTEM, at=NOON)

    with pytest.raises(service.SecretRefused):
        service.use_secret("asha", first, ANOTHER, at=NOON)
    assert service.use_secret("asha", second, ANOTHER, at=NOON) == asha


def test_a_bad_password_does_not_spend_the_secret(asha):
    secret = service.make_first_secret("asha", by=SYSTEM, at=NOON)

    with pytest.raises(RuleBroken, match="password_short"):
        service.use_secret("asha", secret, "short", at=NOON)

    assert service.use_secret("asha", secret, ANOTHER, at=NOON) == asha


def test_a_secret_ends_the_sessions_there_were(asha):
    token = sign_in()

    service.use_secret("asha", service.make_first_secret("asha", by=SYSTEM, at=NOON), ANOTHER, at=NOON)

    assert service.find_session(token, at=NOON) is None


def test_of_two_browsers_with_one_secret_one_gets_in(asha):
    secret = service.make_first_secret("asha", by=SYSTEM, at=NOON)

    def use(password):
        with database.connection_context():
            try:
                return service.use_secret("asha", secret, password, at=NOON).login
            except service.SecretRefused:
                return "refused"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(use, [ANOTHER, "seven boats under a slow moon"]))

    assert sorted(answers) == ["asha", "refused"]


def test_a_closed_account_has_no_use_for_a_secret(asha, gopal):
    secret = service.make_first_secret("asha", by=SYSTEM, at=NOON)
    service.close_account(asha, by=actor(gopal), at=NOON)

    with pytest.raises(service.SecretRefused):
        service.use_secret("asha", secret, ANOTHER, at=NOON)


def test_guessing_secrets_is_slowed_for_the_address(asha):
    secret = service.make_first_secret("asha", by=SYSTEM, at=NOON)
    for number in range(30):
        with pytest.raises(service.SecretRefused):
            service.use_secret("asha", f"guess {number}", ANOTHER, address=HOME, at=NOON)

    with pytest.raises(service.SecretRefused):
        service.use_secret("asha", secret, ANOTHER, address=HOME, at=NOON)
    assert service.use_secret("asha", secret, ANOTHER, address=ELSEWHERE, at=NOON) == asha


def test_only_those_who_look_after_accounts_make_secrets(asha):
    with pytest.raises(NotAllowed):
        service.make_first_secret("asha", by=actor(asha))


def test_there_is_no_secret_for_an_account_that_is_not_there(db):
    with pytest.raises(NotThere, match="account_unknown"):
        service.make_first_secret("nobody", by=SYSTEM)


def test_nothing_in_the_database_lets_anybody_in(asha):
    secret = service.make_first_secret("asha", by=SYSTEM, at=NOON)
    token = sign_in()
    is_refused("asha", "a wrong one that I typed")
    is_refused("a password typed as a name", "x")
    for _time in range(10):
        is_refused("a password typed as a name", "x")

    stored = every_text_in_the_database()

    assert "आशा साहू" in stored  # the search does find what is there
    for plain in (secret, rules.secret_core(secret), token, PASSWORD, "a wrong one", "typed as a name"):
        assert plain not in stored


# ── Passwords ──


def test_passwords_are_kept_as_argon2id_with_19_mib_two_rounds_and_one_lane(asha):
    asha = User.get_by_id(asha.id)

    assert asha.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_with_weaker_numbers_is_made_anew_at_sign_in(asha):
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(rules.password_bytes(PASSWORD))
    User.update(password_hash=weak).where(User.id == asha.id).execute()

    sign_in()

    assert User.get_by_id(asha.id).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert service.find_session(sign_in(), at=NOON).user == asha


def test_a_damaged_hash_lets_nobody_in(asha):
    User.update(password_hash="not a hash").where(User.id == asha.id).execute()

    assert is_refused()


@profile(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=73, max_size=128), st.sampled_from("xyZ9 "))
def test_past_72_bytes_the_last_character_still_matters(password, last):
    stored = passwords.hash_of_password(password)

    assert passwords.matches(stored, password)
    assert passwords.matches(stored, password[:-1] + last) == (
        rules.composed(password[:-1] + last) == rules.composed(password)
    )
    assert not passwords.matches(stored, password + last)


def test_a_hindi_password_typed_on_another_keyboard_signs_in(place):
    make_user("ravi", password="बड़ा पेड़ और छोटा \u095cर")

    assert not is_refused("ravi", "बड़ा पेड़ और छोटा \u0921\u093cर")


def test_outer_spaces_belong_to_the_password(place):
    make_user("ravi", password=" grey herons wait for rain")

    assert is_refused("ravi", "grey herons wait for rain")
    assert not is_refused("ravi", " grey herons wait for rain")


def test_a_password_still_works_after_four_hundred_days(asha):
    assert not is_refused(at=NOON + timedelta(days=400))


def test_a_password_made_of_ones_own_name_or_department_is_refused(asha):
    for password in ("asha.sahu.19841984", "00000101 #98765#", "Health & Revenue 2026", "राजस्व विभाग रायपुर"):
        with pytest.raises(RuleBroken, match="password_guessable"):
            service.set_password(asha, password, by=actor(asha))


def test_nobody_sets_another_persons_password(asha, gopal):
    with pytest.raises(NotAllowed):
        service.set_password(asha, ANOTHER, by=actor(gopal))
    with pytest.raises(NotAllowed):
        service.set_password(asha, ANOTHER, by=SYSTEM)


def test_changing_the_password_ends_every_session_and_begins_a_new_one(asha):
    here, there = sign_in(), sign_in()

    token = service.change_password(asha, PASSWORD, ANOTHER, address=HOME, at=NOON)

    assert [service.find_session(t, at=NOON) is None for t in (here, there, token)] == [True, True, False]
    assert is_refused(password=PASSWORD)


def test_changing_the_password_needs_the_current_one_and_its_failures_count(asha):
    for _time in range(5):
        with pytest.raises(service.SignInRefused):
            service.change_password(asha, "not the current one", ANOTHER, address=HOME, at=NOON)

    with pytest.raises(service.SignInRefused):
        service.change_password(asha, PASSWORD, ANOTHER, address=HOME, at=NOON)
    assert not is_refused(at=NOON + MINUTE)


# ── Failed tries ──


def test_every_refusal_gives_the_same_reason(asha, gopal, place):
    closed = make_user("closed", password=ANOTHER)
    service.close_account(closed, by=actor(gopal))
    try_wrongly(5, "gopal")

    assert is_refused("nobody", PASSWORD, address="10.0.0.1")  # no such name
    assert is_refused("asha", ANOTHER, address="10.0.0.2")  # wrong password
    assert is_refused("closed", ANOTHER, address="10.0.0.3")  # right password of a closed account
    assert is_refused("gopal", ANOTHER)  # right password, too early


def test_the_right_password_waits_after_five_failures(asha):
    try_wrongly(5)

    assert is_refused(at=NOON + timedelta(milliseconds=999))
    assert not is_refused(at=NOON + timedelta(seconds=1))


def test_a_try_while_waiting_does_not_lengthen_the_wait(asha):
    try_wrongly(20)

    assert not is_refused(at=NOON + timedelta(seconds=1))


def test_success_forgets_the_failures_before_it(asha):
    try_wrongly(4)
    sign_in()
    try_wrongly(4)

    assert not is_refused()
    assert told("account.sign_in") == [{"failures_before": 4}, {"failures_before": 4}]


def test_the_owner_gets_in_from_another_address_while_a_stranger_tries(asha):
    try_wrongly(9, address=ELSEWHERE)

    assert is_refused(address=ELSEWHERE)
    assert not is_refused(address=HOME)


def test_a_hundred_addresses_against_one_account_are_slowed_but_not_where_its_owner_has_been(asha):
    sign_in(address=HOME)
    SignInThrottle.update(failures=98, last_failed_at=NOON).where(SignInThrottle.key == f"account:{asha.id}").execute()
    for number in range(2):
        try_wrongly(1, address=f"203.0.113.{number}")

    assert is_refused(address="198.51.100.1")
    assert not is_refused(address=HOME)
    assert not is_refused(address="198.51.100.1", at=NOON + timedelta(seconds=36))


def test_one_address_that_tries_many_names_is_slowed_and_others_are_not(asha):
    for number in range(30):
        try_wrongly(1, f"0000{number:04}", address=ELSEWHERE)

    assert is_refused(address=ELSEWHERE)
    assert not is_refused(address=HOME)
    assert not is_refused(address=ELSEWHERE, at=NOON + MINUTE)
    assert told("account.address_slowed") == [{"failures": 30, "network": "203.0.113.0/24"}]


def test_a_restart_forgets_no_failure(db, asha):
    try_wrongly(6)

    database.close_all()
    open_database(db, patient=True)
    database.connect()

    assert is_refused(at=NOON + timedelta(milliseconds=1))
    assert not is_refused(at=NOON + timedelta(seconds=2))


def test_of_many_tries_at_the_same_moment_five_reach_the_password(asha):
    def try_one(_number):
        with database.connection_context():
            return is_refused(password="not the password at all")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(try_one, range(16)))

    pair = SignInThrottle.get(SignInThrottle.key == f"account:{asha.id}@{HOME}")
    assert pair.failures == 5


def test_failures_are_on_the_trail_as_counts(asha):
    at = NOON
    for _try in range(10):
        at += 6 * MINUTE
        try_wrongly(1, at=at)
    sign_in(at=at + 6 * MINUTE)

    failed = {"network": "10.1.2.0/24"}
    assert told("account.sign_in_failed") == [{**failed, "failures": 5}, {**failed, "failures": 10}]
    assert told("account.sign_in") == [{"failures_before": 10}]
    assert broken_link() is None


def test_the_trail_does_not_name_a_name_that_nobody_has(db):
    try_wrongly(5, "raipur.summer.holiday")

    entry = trails.told_last(TrailEntry.action == "account.sign_in_failed")

    assert (entry.subject, entry.subject_id, entry.actor) == ("account", None, NOBODY.name)
    assert entry.change == {"failures": 5, "network": "10.1.2.0/24"}
    assert "raipur.summer" not in every_text_in_the_database()


# ── Sessions ──


def test_a_session_is_found_by_its_token_alone_with_its_person_and_their_roles(asha):
    token = sign_in()

    found = service.find_session(token, at=NOON)

    assert (found.user, found.actor) == (asha, actor(asha))
    assert service.find_session(found.session.token_hash, at=NOON) is None
    assert service.find_session("", at=NOON) is None
    assert service.find_session("टोकन \udcff", at=NOON) is None


def test_every_session_has_a_new_token_of_256_bits(asha):
    tokens = {sign_in() for _time in range(3)}

    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {43}


def test_a_token_replayed_after_signing_out_is_refused(asha):
    token = sign_in()
    found = service.find_session(token, at=NOON)

    service.end_session(found.session, by=found.actor, at=NOON)

    assert service.find_session(token, at=NOON) is None
    assert len(told("account.sign_out")) == 1


def test_signing_out_twice_tells_the_trail_once(asha):
    found = service.find_session(sign_in(), at=NOON)

    for _time in range(2):
        service.end_session(found.session, by=found.actor, at=NOON)

    assert len(told("account.sign_out")) == 1


def test_a_session_ends_unused_after_half_an_hour_and_used_after_twelve(asha):
    token = sign_in()

    assert service.find_session(token, at=NOON + 29 * MINUTE) is not None
    assert service.find_session(token, at=NOON + 31 * MINUTE) is None

    at = NOON
    while at < NOON + 12 * HOUR - MINUTE:
        service.touch(service.find_session(token, at=at).session, at=at)
        at += 20 * MINUTE
    assert service.find_session(token, at=NOON + 12 * HOUR - MINUTE) is not None
    assert service.find_session(token, at=NOON + 12 * HOUR + MINUTE) is None


def test_the_session_of_a_system_administrator_ends_unused_after_a_quarter(gopal):
    token = sign_in("gopal", ANOTHER)

    assert service.find_session(token, at=NOON + 14 * MINUTE) is not None
    assert service.find_session(token, at=NOON + 16 * MINUTE) is None


def test_a_session_is_touched_at_most_every_five_minutes(asha):
    session = service.find_session(sign_in(), at=NOON).session

    service.touch(session, at=NOON + 4 * MINUTE)
    assert Session.get_by_id(session.id).touched_at == NOON
    service.touch(session, at=NOON + 5 * MINUTE)
    assert Session.get_by_id(session.id).touched_at == NOON + 5 * MINUTE


def test_a_busy_database_does_not_fail_the_touch(asha):
    session = service.find_session(sign_in(), at=NOON).session
    with database.atomic():
        Session.update(agent="busy").where(Session.id == session.id).execute()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(touch_elsewhere, session).result()  # with a lock's patience this would never end

    assert Session.get_by_id(session.id).touched_at == NOON


def touch_elsewhere(session):
    with database.connection_context():
        service.touch(session, at=NOON + 6 * MINUTE)


def test_a_person_sees_their_own_live_sessions_the_last_used_first(asha, gopal):
    old = service.find_session(sign_in(at=NOON - 40 * MINUTE), at=NOON - 40 * MINUTE).session
    first = service.find_session(sign_in(at=NOON - 20 * MINUTE), at=NOON - 20 * MINUTE).session
    second = service.find_session(sign_in(), at=NOON).session
    sign_in("gopal", ANOTHER)

    assert service.sessions_of(asha, at=NOON) == [second, first]
    assert old.ended_at is None


def test_a_person_ends_all_other_sessions_and_stays(asha, gopal):
    tokens = [sign_in() for _time in range(3)]
    theirs = sign_in("gopal", ANOTHER)
    here = service.find_session(tokens[1], at=NOON)

    assert service.end_all_sessions(asha, by=here.actor, keep=here.session, at=NOON) == 2

    alive = [service.find_session(token, at=NOON) is not None for token in [*tokens, theirs]]
    assert alive == [False, True, False, True]


def test_nobody_ends_anothers_session_but_those_who_look_after_accounts(asha, gopal):
    hers, his = sign_in(), sign_in("gopal", ANOTHER)

    with pytest.raises(NotAllowed):
        service.end_session(service.find_session(his, at=NOON).session, by=actor(asha))
    with pytest.raises(NotAllowed):
        service.end_all_sessions(gopal, by=actor(asha))
    service.end_session(service.find_session(hers, at=NOON).session, by=actor(gopal), at=NOON)

    assert service.find_session(his, at=NOON) is not None
    assert service.find_session(hers, at=NOON) is None


def test_old_tries_and_sessions_are_cleared_away_and_living_ones_stay(asha):
    try_wrongly(3, "nobody", at=NOON - timedelta(days=2))
    sign_in(at=NOON - timedelta(days=91))
    kept = sign_in()
    try_wrongly(1, address=ELSEWHERE)

    service.forget_old(at=NOON)

    assert [row.key for row in SignInThrottle.select().order_by(SignInThrottle.key)] == [
        f"account:{asha.id}",
        f"account:{asha.id}@{ELSEWHERE}",
        f"address:{ELSEWHERE}",
    ]
    assert service.find_session(kept, at=NOON) is not None
    assert Session.select().count() == 1


# ── The demo's cast ──


def test_one_of_the_cast_signs_in_by_name_and_a_real_account_does_not(asha):
    service.create_user("ravi", name_en="Ravi", is_demo=True, by=SYSTEM)

    token = service.sign_in_as_cast("ravi", address=HOME, at=NOON)

    assert service.find_session(token, at=NOON).user.login == "ravi"
    assert [user.login for user in queries.cast()] == ["ravi"]
    for login in ("asha", "nobody"):
        with pytest.raises(service.SignInRefused):
            service.sign_in_as_cast(login, address=HOME, at=NOON)


# ── Roles ──


def test_an_officer_is_an_employee_without_being_made_one(asha, gopal):
    assert actor(asha).grants == (Grant(Role.EMPLOYEE),)
    assert actor(asha).officer_id == asha.officer_id
    assert actor(gopal).grants == (Grant(Role.SYSADMIN),)


def test_a_grant_reaches_its_unit_along_its_tree(asha, place):
    service.grant_role(asha, Role.HEAD, unit=place.health, by=SYSTEM, at=NOON)
    service.grant_role(asha, Role.TERRITORY, unit=place.raipur, by=SYSTEM, at=NOON)

    assert actor(asha).grants == (
        Grant(Role.EMPLOYEE),
        Grant(Role.HEAD, place.health.line_path, Tree.LINE),
        Grant(Role.TERRITORY, place.raipur.territory_path, Tree.TERRITORY),
    )


def test_a_grant_is_in_force_from_its_first_day_to_its_last(asha, place):
    service.grant_role(
        asha, Role.NODAL, unit=place.health, from_on=date(2026, 3, 1), to_on=date(2026, 3, 31), by=SYSTEM
    )

    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]

    assert [Role.NODAL in service.actor_of(asha, on=day).roles for day in days] == [False, True, True, False]


def test_a_role_taken_away_is_gone_at_the_very_next_request(asha, place, gopal):
    grant = service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON - HOUR)
    token = sign_in()
    before = service.find_session(token, at=NOON).actor

    service.end_grant(grant, by=actor(gopal), at=NOON)

    assert can(before, Permission.NOMINATIONS_VERIFY)
    assert service.find_session(token, at=NOON) is None
    assert not can(service.find_session(sign_in(), at=NOON).actor, Permission.NOMINATIONS_VERIFY)


def test_a_role_taken_away_by_another_program_is_gone_in_a_living_session(asha, place):
    service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON - HOUR)
    token = sign_in()

    RoleGrant.update(ended_at=NOON).where(RoleGrant.user == asha).execute()

    assert not can(service.find_session(token, at=NOON).actor, Permission.NOMINATIONS_VERIFY)


def test_a_role_whose_last_day_is_over_is_gone_in_a_living_session_at_midnight_in_india(asha, place):
    service.grant_role(asha, Role.NODAL, unit=place.health, to_on=TODAY, by=SYSTEM, at=NOON)
    midnight = NOON + 12 * HOUR
    token = sign_in(at=midnight - 10 * MINUTE)

    held = [
        can(service.find_session(token, at=at).actor, Permission.NOMINATIONS_VERIFY)
        for at in (midnight - MINUTE, midnight)
    ]

    assert held == [True, False]


def test_it_is_known_later_who_held_a_role_that_was_taken_away(asha, place):
    grant = service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON)

    service.end_grant(grant, by=SYSTEM, at=NOON + timedelta(days=2))

    held = [Role.NODAL in service.actor_of(asha, on=TODAY + timedelta(days=n)).roles for n in range(4)]
    assert held == [True, True, False, False]


def test_a_new_role_ends_the_sessions_there_were(asha, place):
    token = sign_in()

    service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON)

    assert service.find_session(token, at=NOON) is None


def test_nobody_gives_themselves_a_role_or_takes_one_from_themselves(gopal, place):
    grant = RoleGrant.get(RoleGrant.user == gopal)

    with pytest.raises(NotAllowed, match="own_account"):
        service.grant_role(gopal, Role.HEAD, unit=place.health, by=actor(gopal))
    with pytest.raises(NotAllowed, match="own_account"):
        service.end_grant(grant, by=actor(gopal))


def test_only_those_who_look_after_accounts_give_roles(asha, place):
    ravi = make_user("ravi")
    service.grant_role(asha, Role.GAD, by=SYSTEM, at=NOON)

    with pytest.raises(NotAllowed):
        service.grant_role(ravi, Role.NODAL, unit=place.health, by=actor(asha))


@pytest.mark.parametrize("first", [Role.AUDITOR, Role.SYSADMIN])
def test_auditors_and_administrators_are_given_no_other_role_in_that_time(asha, place, first):
    service.grant_role(asha, first, to_on=TODAY, by=SYSTEM, at=NOON)

    with pytest.raises(RuleBroken, match="grant_roles_apart"):
        service.grant_role(asha, Role.GAD, by=SYSTEM, at=NOON)
    service.grant_role(asha, Role.GAD, from_on=TODAY + timedelta(days=1), by=SYSTEM, at=NOON)

    assert actor(asha).roles == {Role.EMPLOYEE, first}


@pytest.mark.parametrize("role", [Role.NODAL, Role.HEAD, Role.TERRITORY])
def test_a_role_that_reaches_a_unit_is_not_given_without_one(asha, role):
    with pytest.raises(RuleBroken, match="grant_unit_needed"):
        service.grant_role(asha, role, by=SYSTEM)


def test_a_unit_that_stands_in_no_tree_gives_no_reach_even_if_somebody_wrote_the_row(asha, place):
    place.clinic.territory_path = "/"  # a unit that was never placed
    place.clinic.save()

    with pytest.raises(RuleBroken, match="grant_unit_elsewhere"):
        service.grant_role(asha, Role.TERRITORY, unit=place.clinic, by=SYSTEM)
    for unit in (None, place.clinic):
        RoleGrant.create(user=asha, role="territory", unit=unit, tree="territory", from_on=TODAY)

    assert actor(asha).grants == (Grant(Role.EMPLOYEE),)


def test_a_role_that_is_held_is_not_given_twice_in_the_same_time(asha, place):
    service.grant_role(asha, Role.NODAL, unit=place.health, to_on=TODAY, by=SYSTEM, at=NOON)

    with pytest.raises(RuleBroken, match="grant_held"):
        service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON)
    service.grant_role(asha, Role.NODAL, unit=place.revenue, by=SYSTEM, at=NOON)
    service.grant_role(asha, Role.NODAL, unit=place.health, from_on=TODAY + timedelta(days=1), by=SYSTEM, at=NOON)

    assert RoleGrant.select().count() == 3


def test_a_role_does_not_end_before_it_begins(asha, place):
    with pytest.raises(RuleBroken, match="grant_dates"):
        service.grant_role(
            asha, Role.NODAL, unit=place.health, from_on=TODAY, to_on=TODAY - timedelta(days=1), by=SYSTEM
        )


def test_a_role_is_taken_away_once(asha, place):
    grant = service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON)
    service.end_grant(grant, by=SYSTEM, at=NOON)

    with pytest.raises(RuleBroken, match="grant_ended"):
        service.end_grant(grant, by=SYSTEM, at=NOON)


def test_the_trail_tells_which_role_over_which_unit_was_given_and_taken(asha, place):
    grant = service.grant_role(asha, Role.HEAD, unit=place.health, is_in_charge=True, by=SYSTEM, at=NOON)
    service.end_grant(grant, by=SYSTEM, at=NOON)

    expected = {
        "role": "head",
        "unit": place.health.id,
        "tree": "line",
        "from_on": "2026-02-12",
        "to_on": None,
        "is_in_charge": True,
    }
    assert told("account.grant") == told("account.end_grant") == [expected]
    assert broken_link() is None


def test_the_roles_of_a_person_cost_the_same_queries_whether_they_hold_one_or_ten(asha, place, count_queries):
    token = sign_in()
    one = count_queries(lambda: service.find_session(token, at=NOON))

    for day in range(1, 10):
        RoleGrant.create(user=asha, role="nodal", unit=place.health, tree="line", from_on=TODAY - timedelta(days=day))
    ten = count_queries(lambda: service.find_session(token, at=NOON))

    assert (one, ten) == (2, 2)


def test_one_secret_at_a_time_is_open_for_one_person(asha):
    for _time in range(3):
        service.make_first_secret("asha", by=SYSTEM, at=NOON)

    assert OneTimeSecret.select().where(OneTimeSecret.used_at.is_null()).count() == 1
