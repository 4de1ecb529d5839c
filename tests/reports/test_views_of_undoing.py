"""The pages of undoing, calling off and the same file again."""

import pytest

from karmyogi.people.models import Officer
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry, broken_link
from tests.factories import make_user
from tests.reports.test_views import CAST, bring, forms_on, roster, work
from tests.visitors import words_of
from tests.web.site import opened_site


@pytest.fixture
def site(installed_db, settings):
    with opened_site(settings, installed_db, CAST) as site:
        yield site


@pytest.fixture
def sunita(site):
    return site.browser("sunita")


def applied(site, browser, *rows, **changes):
    """The address of a roster that was brought and applied."""
    address = bring(browser, roster(*rows, **changes), create_units="y").location
    work(site)
    browser.post(f"{address}/apply")
    work(site)
    return address


def test_sunita_is_asked_first_and_then_the_import_is_undone(site, sunita):
    address = applied(site, sunita, 1, 2)

    asked, officers_then = sunita.get(f"{address}/undo"), Officer.select().count()
    pressed = sunita.post(f"{address}/undo")
    waiting = sunita.get(address)
    work(site)
    page = sunita.get(address)

    assert forms_on(asked) == {f"{address}/undo"}
    assert (officers_then, pressed.status_code, pressed.location) == (2, 302, address)
    assert words_of(waiting).count("Undoing the import") >= 1
    assert (Officer.select().count(), Import.get().state) == (0, "undone")
    assert words_of(page).count("Everything is as it was before this import.") == 1
    assert TrailEntry.select().where(TrailEntry.action == "import.undo").count() == 1
    assert broken_link() is None


def test_what_rests_on_an_import_is_named_with_links_and_nothing_can_be_pressed(site, sunita):
    first = applied(site, sunita, 1, 2)
    second = applied(site, sunita, 1, **{"Kamla Prasad Nishad": "Kamla P. Nishad"})

    page, pressed = sunita.get(f"{first}/undo"), sunita.post(f"{first}/undo")

    assert forms_on(page) == set()
    assert f'href="{second}"' in page.text
    assert (pressed.status_code, JobRun.select().where(JobRun.job == "import-undo").count()) == (422, 0)
    assert forms_on(sunita.get(f"{second}/undo")) == {f"{second}/undo"}


def test_an_account_of_an_officer_whom_the_import_created_is_counted_by_its_word(site, sunita):
    address = applied(site, sunita, 1, 2)
    make_user(officer=Officer.get())

    page = sunita.get(f"{address}/undo")

    assert (forms_on(page), words_of(page).count("Accounts: 1")) == (set(), 1)


def test_what_came_in_between_is_said_by_the_worker(site, sunita):
    address = applied(site, sunita, 1, 2)
    sunita.post(f"{address}/undo")
    make_user(officer=Officer.get())

    work(site)

    page = words_of(sunita.get(address))
    assert (Import.get().state, Officer.select().count()) == ("applied", 2)
    assert page.count("Other records refer to what it created: 1. They would lose what they refer to.") == 1


def test_an_import_that_is_not_applied_cannot_be_undone(site, sunita):
    address = bring(sunita, roster(1), create_units="y").location

    answers = [sunita.get(f"{address}/undo"), sunita.post(f"{address}/undo")]

    assert [(answer.status_code, answer.location) for answer in answers] == [(302, address)] * 2
    assert JobRun.select().where(JobRun.job == "import-undo").count() == 0


@pytest.mark.parametrize("reader", ["lakshmi", "thomas"])
def test_who_only_reads_imports_sees_no_way_to_undo_one(site, sunita, reader):
    address = applied(site, sunita, 1)
    browser = site.browser(reader)

    assert f"{address}/undo" not in browser.get(address).text
    assert [browser.get(f"{address}/undo").status_code, browser.post(f"{address}/undo").status_code] == [403, 403]


# ── Calling off ──


def test_a_check_called_off_leaves_a_file_that_can_be_checked_later(site, sunita):
    address = bring(sunita, roster(1), create_units="y").location

    waiting = sunita.get(address)
    sunita.post(f"{address}/cancel")
    done_then, page = work(site), sunita.get(address)
    sunita.post(f"{address}/check")
    work(site)

    assert f"{address}/cancel" in forms_on(waiting)
    assert (done_then, forms_on(page)) == (0, {f"{address}/check", f"{address}/discard"})
    assert Import.get().state == "checked"
    assert TrailEntry.select().where(TrailEntry.action == "import.call_off").count() == 1


def test_applying_called_off_writes_nothing_and_can_be_asked_for_again(site, sunita):
    address = bring(sunita, roster(1), create_units="y").location
    work(site)
    sunita.post(f"{address}/apply")

    sunita.post(f"{address}/cancel")
    work(site)
    page, officers_then = sunita.get(address), Officer.select().count()
    sunita.post(f"{address}/apply")
    work(site)

    assert (officers_then, Officer.select().count()) == (0, 1)
    assert forms_on(page) == {f"{address}/apply", f"{address}/discard"}
    assert words_of(page).count("The work was called off. Nothing of it was written.") == 1


def test_calling_off_what_has_ended_says_so_and_leaves_no_entry(site, sunita):
    address = applied(site, sunita, 1)

    sunita.post(f"{address}/cancel")

    assert words_of(sunita.get(address)).count("There was nothing left to call off.") == 1
    assert TrailEntry.select().where(TrailEntry.action == "import.call_off").count() == 0


# ── The same file again ──


def test_the_same_file_again_is_said_at_once_with_the_way_to_the_first(site, sunita):
    first = applied(site, sunita, 1)

    second = bring(sunita, roster(1), create_units="y").location
    page = sunita.get(second)

    assert words_of(page).count("The very same file has been applied before") == 1
    assert f'href="{first}"' in page.text


def test_a_file_whose_import_was_undone_may_come_again_as_new(site, sunita):
    first = applied(site, sunita, 1)
    sunita.post(f"{first}/undo")
    work(site)

    second = applied(site, sunita, 1)

    assert words_of(sunita.get(second)).count("The very same file has been applied before") == 0
    assert Officer.select().count() == 1
