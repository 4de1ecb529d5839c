"""The command line of accounts: the first administrator, and its exit codes."""

import re

import pytest

from karmyogi.accounts import service
from karmyogi.accounts.models import RoleGrant, Session, User
from karmyogi.core.permissions import Grant, Role, Tree
from karmyogi.people.models import OrgUnit, UnitKind
from tests.accounts.conftest import ANOTHER, TODAY, every_text_in_the_database, make_officer, make_user

SECRET = re.compile(r"([0-9A-Z]{4}-){5}[0-9A-Z]{4}\n")


@pytest.fixture
def run(app):
    """Run `flask accounts …`: its exit code, and what it said on either stream."""
    runner = app.test_cli_runner(env={"LANG": "en_IN.UTF-8"})

    def invoke(*words: str) -> tuple[int, str, str]:
        result = runner.invoke(args=["accounts", *words])
        return result.exit_code, result.stdout, result.stderr

    return invoke


def test_the_first_administrator_is_made_with_a_secret_that_is_shown_once(place, run):
    code, secret, told = run("create", "gopal", "--name-en", "Gopal Soni", "--role", "sysadmin")

    assert code == 0
    assert SECRET.fullmatch(secret)
    assert told.startswith("Shown this once")
    assert secret.strip() not in every_text_in_the_database()

    gopal = service.use_secret("gopal", secret, ANOTHER)
    assert service.actor_of(gopal, on=TODAY.replace(year=2100)).roles == {Role.SYSADMIN}


def test_an_account_for_an_officer_takes_their_names(place, run):
    make_officer("00000101")

    assert run("create", "asha", "--officer", "00000101")[0] == 0

    asha = User.get(User.login == "asha")
    assert (asha.name_hi, asha.officer.employee_code) == ("आशा साहू", "00000101")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["asha"], "Enter the name in Hindi or in English, better in both.\n"),
        (["asha", "--officer", "00000999"], "There is no officer with the employee code 00000999.\n"),
        (
            ["asha", "--name-en", "A", "--role", "nodal"],
            "This role reaches a unit and all below it, so name the unit.\n",
        ),
        (["asha", "--name-en", "A", "--role", "nodal", "--unit", "Jail"], "There is no unit named Jail.\n"),
    ],
)
def test_an_account_that_cannot_be_made_whole_is_not_made_at_all(place, run, words, told):
    assert run("create", *words) == (1, "", told)
    assert User.select().count() == 0


@pytest.mark.parametrize(
    "words",
    [["create"], ["create", "asha", "--role", "king"], ["grant", "asha", "system"], ["grant", "asha"], ["crown"]],
)
def test_wrong_usage_exits_with_two(place, run, words):
    assert run(*words)[0] == 2


def test_a_role_is_given_over_a_unit_named_in_either_language_for_a_time(place, run):
    make_user("asha")

    words = (
        "grant",
        "asha",
        "nodal",
        "--unit",
        "स्वास्थ्य विभाग",
        "--from",
        "2026-04-01",
        "--to",
        "2027-03-31",
        "--in-charge",
    )
    assert run(*words) == (0, "", "")

    grant = RoleGrant.get()
    assert (grant.unit, grant.tree, grant.is_in_charge) == (place.health, "line", True)
    assert (str(grant.from_on), str(grant.to_on)) == ("2026-04-01", "2027-03-31")


def test_a_role_follows_the_tree_that_is_named(place, run):
    asha = make_user("asha")

    assert run("grant", "asha", "nodal", "--unit", "Raipur", "--tree", "territory", "--from", "2026-02-01")[0] == 0

    assert service.actor_of(asha, on=TODAY).grants == (Grant(Role.NODAL, place.raipur.territory_path, Tree.TERRITORY),)


def test_of_two_units_with_one_name_the_number_must_be_given(place, run):
    make_user("asha")
    twin = OrgUnit.create(kind=UnitKind.OFFICE, name_en="Clinic", line_path="/1/2/")
    OrgUnit.update(line_path=f"/1/{twin.id}/").where(OrgUnit.id == twin.id).execute()

    code, _out, told = run("grant", "asha", "nodal", "--unit", "Clinic")

    assert code == 1
    assert told == (
        "Several units are named Clinic. Give the number of the one you mean: "
        f"{place.clinic.id} (office), {twin.id} (office).\n"
    )
    assert run("grant", "asha", "nodal", "--unit", str(place.clinic.id))[0] == 0


def test_a_role_for_nobody_is_refused(place, run):
    assert run("grant", "nobody", "gad") == (1, "", "There is no account with the sign-in name nobody.\n")


def test_a_lost_password_is_replaced_by_a_new_secret(place, run):
    make_user("asha", password=ANOTHER)

    code, secret, _told = run("secret", "asha")

    assert code == 0
    assert service.use_secret("asha", secret, "seven boats under a slow moon").login == "asha"


def test_a_closed_account_is_out_until_it_is_opened_again(place, run):
    asha = make_user("asha", password=ANOTHER)
    service.open_session(asha, address="")

    assert run("close", "asha")[0] == 0
    assert Session.select().where(Session.ended_at.is_null()).count() == 0
    with pytest.raises(service.SignInRefused):
        service.sign_in("asha", ANOTHER, address="")

    assert run("reopen", "asha")[0] == 0
    assert service.sign_in("asha", ANOTHER, address="")
