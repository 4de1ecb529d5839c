"""The account of a record that gave way to another lets nobody in, and says which record stands, until they part."""

import pytest

from karmyogi.accounts import queries, service
from karmyogi.accounts.models import Session, User
from karmyogi.accounts.rules import Standing
from karmyogi.accounts.service import GaveWay, Way
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer, Posting
from tests.accounts.conftest import ANOTHER, HOME, NOON, PASSWORD, Browser, actor, make_officer, make_user

WHY = (reason("account_gave_way", record="00000201", stands="00000202"),)


@pytest.fixture
def twins(place) -> tuple[Officer, Officer]:
    """Asha's record in the clinic, and the one that is going to stand for it."""
    old, new = (make_officer(code, "आशा साहू", "Asha Sahu") for code in ("00000201", "00000202"))
    Posting.create(officer=old, unit=place.clinic, from_on="2020-01-01")
    return old, new


def merge(twins) -> None:
    Officer.update(merged_into=twins[1]).where(Officer.id == twins[0].id).execute()


def part(twins) -> None:
    Officer.update(merged_into=None).where(Officer.id == twins[0].id).execute()


def refused(act) -> tuple:
    with pytest.raises(GaveWay) as error:
        act()
    return tuple(error.value.reasons)


def test_a_slip_printed_before_the_merge_opens_nothing_until_they_part(twins, gopal):
    make_user("00000201", officer=twins[0])
    code = service.make_first_secret("00000201", by=actor(gopal), at=NOON)

    def use() -> User:
        return service.use_secret("00000201", code, PASSWORD, address=HOME, at=NOON)

    merge(twins)
    assert refused(use) == WHY
    assert User.get(User.login == "00000201").password_hash is None

    with pytest.raises(service.SecretRefused):  # a wrong code learns nothing of the merge
        service.use_secret("00000201", "AAAA-AAAA-AAAA-AAAA", PASSWORD, address=HOME, at=NOON)
    part(twins)
    assert use().login == "00000201"


def test_nobody_signs_in_with_it_until_they_part(twins):
    make_user("asha", password=PASSWORD, officer=twins[0])

    def sign_in() -> str:
        return service.sign_in("asha", PASSWORD, address=HOME, at=NOON)

    merge(twins)
    assert refused(sign_in) == WHY
    assert Session.select().count() == 0

    with pytest.raises(service.SignInRefused):  # a wrong password learns nothing of the merge
        service.sign_in("asha", ANOTHER, address=HOME, at=NOON)
    part(twins)
    assert service.find_session(sign_in(), at=NOON).user.login == "asha"


def test_it_is_neither_made_nor_reopened_nor_given_a_code(twins, gopal):
    asha, by = make_user("asha", password=PASSWORD, officer=twins[0]), actor(gopal)
    service.close_account(asha, by=by, at=NOON)
    merge(twins)

    assert refused(lambda: service.reopen_account(asha, by=by, at=NOON)) == WHY
    assert refused(lambda: service.make_first_secret("asha", by=by, at=NOON)) == WHY
    assert refused(lambda: service.create_user("asha2", officer=twins[0], by=by, at=NOON)) == WHY
    assert not User.get_by_id(asha.id).is_active

    part(twins)
    service.reopen_account(asha, by=by, at=NOON)
    assert User.get_by_id(asha.id).is_active


def test_no_slip_is_printed_for_it_until_they_part(twins, place):
    ravi = make_user("ravi", password=ANOTHER, officer=make_officer("00000102", "रवि", "Ravi"))
    service.grant_role(ravi, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON)

    def print_slip() -> service.Print:
        return service.print_slip(twins[0], Standing.NONE.value, by=actor(ravi), at=NOON)

    merge(twins)
    assert refused(print_slip) == WHY
    assert queries.account_of(twins[0]) is None

    part(twins)
    assert [slip.login for slip in print_slip().slips] == ["00000201"]


def test_no_letter_is_written_for_it_until_they_part(twins):
    Officer.update(email="asha@cg.example").where(Officer.id == twins[0].id).execute()
    asha = make_user("asha", password=PASSWORD, officer=twins[0])

    merge(twins)
    assert service.write_letter(asha.id, ways=[Way.MAIL], at=NOON) is None

    part(twins)
    assert service.write_letter(asha.id, ways=[Way.MAIL], at=NOON).to == "asha@cg.example"


def test_the_sign_in_page_names_the_record_that_stands(twins, app):
    make_user("asha", password=PASSWORD, officer=twins[0])
    merge(twins)

    answer = Browser(app).sign_in("asha", PASSWORD)

    assert answer.status_code == 422
    assert "00000202" in answer.text


def test_the_page_of_a_slip_says_which_record_stands(twins, place, app):
    ravi = make_user("ravi", password=ANOTHER, officer=make_officer("00000102", "रवि", "Ravi"))
    service.grant_role(ravi, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON)
    merge(twins)
    browser = Browser(app)
    browser.sign_in("ravi", ANOTHER)
    path = f"/activation/officer/{twins[0].id}"

    answers = [browser.get(path), browser.post(path, standing=Standing.NONE.value)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert ["00000202" in answer.text for answer in answers] == [True, True]
    assert queries.account_of(twins[0]) is None
