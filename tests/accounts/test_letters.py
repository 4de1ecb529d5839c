"""A forgotten password by e-mail: who gets a letter, and that nobody learns who does."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from karmyogi.accounts import service
from karmyogi.accounts.models import OneTimeSecret, User
from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.people.models import KeyKind, Officer, OfficerKey
from karmyogi.schedule.worker import work_off_queue
from karmyogi.store.jobs import JobRun, JobState
from tests.accounts.conftest import (
    ANOTHER,
    NOON,
    PASSWORD,
    Browser,
    every_text_in_the_database,
    make_app,
    make_officer,
    make_user,
)
from tests.accounts.test_views import where, without_what_differs
from tests.postbox import Postbox

HOURS = timedelta(hours=1)
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}")


@pytest.fixture
def asha(place) -> User:
    officer = make_officer()
    Officer.update(email="asha@cg.example.in").where(Officer.id == officer.id).execute()
    OfficerKey.create(kind=KeyKind.EMAIL, value="asha@cg.example.in", officer=officer)
    return make_user("asha", password=PASSWORD, officer=officer)


@pytest.fixture
def postbox():
    with Postbox() as box:
        yield box


@pytest.fixture
def app(db, settings, postbox):
    return make_app(replace(settings, smtp_url=postbox.url, mail_from="karmyogi@cg.example.in"), db)


def test_who_forgot_a_password_gets_a_letter_and_sets_a_new_one(asha, app, postbox):
    browser = Browser(app)
    browser.post("/forgotten", login="00000101")
    with app.app_context():
        assert work_off_queue(at=now()) == 1

    (letter,) = postbox.letters()
    text = letter.get_content()
    assert letter["To"] == "asha@cg.example.in"
    assert "http://localhost/first-sign-in" in text
    assert text.count(CODE.search(text)[0]) == 2  # in Hindi and in English
    answer = browser.post("/first-sign-in", login="asha", secret=CODE.search(text)[0], password=ANOTHER, again=ANOTHER)
    assert where(answer) == "/"


def test_the_answer_is_the_same_whether_there_is_such_an_account_or_not(asha, gopal, app):
    pages = [Browser(app, f"10.0.0.{n}").post("/forgotten", login=name) for n, name in enumerate(["asha", "nobody"])]
    many = Browser(app, "10.0.1.1")
    pages += [many.post("/forgotten", login="gopal") for _time in range(6)]

    assert {page.status_code for page in pages} == {200}
    assert len({without_what_differs(page) for page in pages}) == 1


def test_a_code_stands_in_no_row_of_the_database(asha, app, postbox):
    Browser(app).post("/forgotten", login="asha")
    with app.app_context():
        work_off_queue(at=now())

    code = CODE.search(postbox.letters()[0].get_content())[0]
    stored = every_text_in_the_database()
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert [run.result for run in JobRun.select()] == [{"letters": 1}]


def test_for_a_name_that_nobody_has_the_work_is_queued_too_and_sends_nothing(asha, app, postbox):
    Browser(app).post("/forgotten", login="my secret typed in the wrong place")
    with app.app_context():
        work_off_queue(at=now())

    assert [run.state for run in JobRun.select()] == [JobState.DONE]
    assert postbox.letters() == []
    assert "my secret typed" not in every_text_in_the_database()


def test_a_letter_that_cannot_be_sent_fails_its_job_and_leaves_no_code_that_anybody_knows(asha, app, postbox):
    Browser(app).post("/forgotten", login="asha")
    postbox.server.shutdown()
    postbox.server.server_close()

    with app.app_context():
        assert work_off_queue(at=now()) == 0

    assert [run.state for run in JobRun.select()] == [JobState.FAILED]


def test_more_than_three_letters_in_an_hour_are_not_asked_for(asha):
    for minute in range(10):
        service.ask_for_letter("asha", address=f"10.0.0.{minute}", at=NOON + timedelta(minutes=minute))

    assert JobRun.select().count() == 3


def test_twice_in_a_minute_is_once(asha):
    for _time in range(2):
        service.ask_for_letter("asha", address="10.0.0.1", at=NOON)

    assert JobRun.select().count() == 1


def test_a_code_from_a_letter_works_for_sixty_minutes(asha):
    letter = service.write_letter(asha.id, at=NOON)

    with pytest.raises(service.SecretRefused):
        service.use_secret("asha", letter.code, ANOTHER, at=NOON + HOURS)
    assert service.use_secret("asha", letter.code, ANOTHER, at=NOON + HOURS - timedelta(seconds=1)) == asha


def test_no_letter_goes_to_an_address_that_two_officers_share(asha):
    other = make_officer("00000999", "कोई", "Somebody")
    OfficerKey.create(kind=KeyKind.EMAIL, value="asha@cg.example.in", officer=other)

    assert service.write_letter(asha.id, at=NOON) is None


def test_no_letter_goes_to_who_holds_a_role_or_has_no_password_or_is_closed(asha, place):
    grant = service.grant_role(asha, Role.HEAD, unit=place.health, by=SYSTEM, at=NOON)
    assert service.write_letter(asha.id, at=NOON) is None
    service.end_grant(grant, by=SYSTEM, at=NOON)
    assert service.write_letter(asha.id, at=NOON) is not None

    User.update(password_hash=None).execute()
    assert service.write_letter(asha.id, at=NOON) is None

    User.update(password_hash="x", is_active=False).execute()
    assert service.write_letter(asha.id, at=NOON) is None
    assert OneTimeSecret.select().count() == 1


def test_without_a_mail_server_the_page_says_whom_to_ask_and_takes_no_form(asha, db, settings, place):
    browser = Browser(make_app(settings, db))
    ravi = make_user("ravi")
    service.grant_role(ravi, Role.NODAL, unit=place.health, by=SYSTEM)

    page = browser.get(f"/forgotten?department={place.health.id}")

    assert "Ravi" in page.text
    assert 'name="login"' not in page.text
    assert "Ravi" not in browser.get(f"/forgotten?department={place.revenue.id}").text
    assert browser.post("/forgotten", token_from="/login", login="asha").status_code == 404
