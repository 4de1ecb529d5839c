"""A forgotten password by e-mail: who gets a letter, and that nobody learns who does."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from flask import Flask

from karmyogi.accounts import service
from karmyogi.accounts.models import OneTimeSecret, User
from karmyogi.config import SMS_BODY
from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.core.sms import Template
from karmyogi.people.models import KeyKind, Officer, OfficerKey
from karmyogi.schedule.worker import work_off_queue
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.trail import TrailEntry, TrailFact
from karmyogi.web import installed
from tests import trails
from tests.accounts.conftest import (
    ANOTHER,
    NOON,
    PASSWORD,
    Browser,
    actor,
    every_text_in_the_database,
    give_factor,
    make_app,
    make_officer,
    make_user,
)
from tests.accounts.test_views import where, without_what_differs
from tests.gateway import FakeGateway
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


def test_whose_second_factor_was_reset_gets_a_letter_that_says_so(asha, gopal, app, postbox):
    with app.app_context():
        service.reset_factor(give_factor(asha), by=actor(gopal), at=NOON)
        assert work_off_queue(at=now()) == 1

    (letter,) = postbox.letters()
    told = letter.get_content()
    assert letter["To"] == "asha@cg.example.in"
    assert told.count("asha") == told.count("12-02-2026, 12:00") == 2  # in Hindi and in English
    assert CODE.search(told) is None


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
    letter = service.write_letter(asha.id, ways=[service.Way.MAIL], at=NOON)

    with pytest.raises(service.SecretRefused):
        service.use_secret("asha", letter.code, ANOTHER, at=NOON + HOURS)
    assert service.use_secret("asha", letter.code, ANOTHER, at=NOON + HOURS - timedelta(seconds=1)) == asha


def test_no_letter_goes_to_an_address_that_two_officers_share(asha):
    other = make_officer("00000999", "कोई", "Somebody")
    OfficerKey.create(kind=KeyKind.EMAIL, value="asha@cg.example.in", officer=other)

    assert service.write_letter(asha.id, ways=[service.Way.MAIL], at=NOON) is None


def test_no_letter_goes_to_who_holds_a_role_or_has_no_password_or_is_closed(asha, place):
    grant = service.grant_role(asha, Role.HEAD, unit=place.health, by=SYSTEM, at=NOON)
    assert service.write_letter(asha.id, ways=[service.Way.MAIL], at=NOON) is None
    service.end_grant(grant, by=SYSTEM, at=NOON)
    assert service.write_letter(asha.id, ways=[service.Way.MAIL], at=NOON) is not None

    User.update(password_hash=None).execute()
    assert service.write_letter(asha.id, ways=[service.Way.MAIL], at=NOON) is None

    User.update(password_hash="x", is_active=False).execute()
    assert service.write_letter(asha.id, ways=[service.Way.MAIL], at=NOON) is None
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


# By SMS

NUMBER = "9826012345"
TEXTS = {
    "hi": Template("1107160000000000001", "कर्मयोगी: कोड {#var#}, नाम {#var#}, {#var#} तक।"),
    "en": Template("1107160000000000002", "karmyogi: code {#var#}, name {#var#}, until {#var#}."),
}


@pytest.fixture
def gateway():
    with FakeGateway() as box:
        yield box


@pytest.fixture
def bhola(place) -> User:
    """An officer with a telephone of his own and no e-mail address."""
    officer = make_officer("00000202", "भोला यादव", "Bhola Yadav")
    Officer.update(mobile=NUMBER).where(Officer.id == officer.id).execute()
    OfficerKey.create(kind=KeyKind.PHONE, value=NUMBER, officer=officer)
    return make_user("bhola", password=PASSWORD, officer=officer)


@pytest.fixture
def texting(db, settings, gateway) -> Callable[..., Flask]:
    """An installation that sends messages, with these texts registered, and what else it has set up."""

    def made(texts: dict[str, Template] = TEXTS, **more: str) -> Flask:
        app = make_app(settings, db)
        told = replace(
            settings, sms_url=gateway.url, sms_body=SMS_BODY, sms_sender="CGGOVT", sms_private=True,
            sms_entity="1201160000000000003", **more,
        )  # fmt: skip
        found = app.extensions[installed.NAME]
        profile = replace(found.profile, sms={"password_code": texts})
        installed.install(app, replace(found, settings=told, profile=profile))
        return app

    return made


def message_in(gateway: FakeGateway) -> dict[str, list[str]]:
    (request,) = gateway.requests
    return parse_qs(request.body)


def ask(app: Flask, login: str) -> Browser:
    browser = Browser(app)
    browser.post("/forgotten", login=login)
    with app.app_context():
        work_off_queue(at=now())
    return browser


@pytest.mark.parametrize(("language", "begins"), [("hi", "कर्मयोगी: कोड "), ("en", "karmyogi: code ")])
def test_a_registered_text_reaches_the_telephone_in_the_persons_language_and_its_code_works(
    bhola, texting, gateway, language, begins
):
    service.choose_language(bhola, language)

    browser = ask(texting(), "bhola")

    told = message_in(gateway)
    code = CODE.search(told["text"][0])[0]
    assert told["mobile"] == [f"91{NUMBER}"]
    assert told["text"][0].startswith(f"{begins}{code}")
    assert told["template_id"] == [TEXTS[language].template_id]
    answer = browser.post("/first-sign-in", login="bhola", secret=code, password=ANOTHER, again=ANOTHER)
    assert where(answer) == "/"


def test_a_text_that_is_registered_in_one_language_goes_to_everybody(bhola, texting, gateway):
    service.choose_language(bhola, "en")

    ask(texting({"hi": TEXTS["hi"], "en": Template("", TEXTS["en"].text)}), "bhola")

    assert message_in(gateway)["template_id"] == [TEXTS["hi"].template_id]


def test_neither_code_nor_number_stands_in_rows_or_logs_and_the_trail_knows_the_last_digits(
    bhola, texting, gateway, caplog
):
    gateway.status = 500
    with caplog.at_level(logging.INFO):
        ask(texting(), "bhola")

    code = CODE.search(message_in(gateway)["text"][0])[0]
    told = [str(row) for table in (JobRun, TrailEntry, TrailFact) for row in table.select().dicts()]
    assert "the gateway answered 500" in caplog.text
    assert [one for one in (code, code.replace("-", ""), NUMBER) if one in caplog.text + "".join(told)] == []
    assert code not in every_text_in_the_database()
    run = JobRun.get()
    assert (run.state, run.error) == (JobState.FAILED, "NotTaken: the gateway answered 500")
    told = trails.told_last(TrailEntry.action == "account.letter").change
    assert (told["way"], told["to"]) == ("sms", "•••••••345")


def test_no_message_goes_to_a_shared_or_broken_number_nor_to_who_holds_a_role(bhola, place):
    def way() -> service.Letter | None:
        return service.write_letter(bhola.id, ways=[service.Way.SMS], at=NOON)

    grant = service.grant_role(bhola, Role.HEAD, unit=place.health, by=SYSTEM, at=NOON)
    assert way() is None
    service.end_grant(grant, by=SYSTEM, at=NOON)
    assert way().to == NUMBER

    other = make_officer("00000999", "कोई", "Somebody")
    shared = OfficerKey.create(kind=KeyKind.PHONE, value=NUMBER, officer=other)
    assert way() is None
    shared.delete_instance()

    Officer.update(mobile="0771223344").execute()
    assert way() is None


def test_with_both_set_up_e_mail_goes_first_and_the_telephone_serves_who_has_none(
    asha, bhola, texting, gateway, postbox
):
    app = texting(smtp_url=postbox.url, mail_from="karmyogi@cg.example.in")

    ask(app, "asha")
    ask(app, "bhola")

    assert [letter["To"] for letter in postbox.letters()] == ["asha@cg.example.in"]
    assert message_in(gateway)["mobile"] == [f"91{NUMBER}"]
    assert "ई-मेल या एसएमएस से" in Browser(app).get("/forgotten").text


def test_without_a_registered_text_no_page_offers_a_message_and_none_is_sent(bhola, texting, gateway):
    app = texting({code: replace(one, template_id="") for code, one in TEXTS.items()})
    browser = Browser(app)

    page = browser.get("/forgotten")

    assert 'name="login"' not in page.text
    assert "एसएमएस" not in page.text
    assert browser.post("/forgotten", token_from="/login", login="bhola").status_code == 404
    assert gateway.requests == []
