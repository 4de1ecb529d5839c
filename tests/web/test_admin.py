"""Who may open which register, and what Flask-Admin would offer that nobody here is offered."""

import re

import pytest
from flask import Flask, url_for
from flask_admin.contrib.peewee import ModelView
from flask_admin.contrib.peewee.filters import FilterEqual

from app import REGISTERS
from karmyogi.core.permissions import GRANTS, Permission, Reach, can
from karmyogi.people.models import Designation, Officer, OrgUnit
from karmyogi.store.db import Moment, Table
from karmyogi.store.jobs import JobRun
from karmyogi.web import admin
from karmyogi.web.labels import LABELS
from karmyogi.web.registers import Register
from karmyogi.web.traps import Unregistrable
from tests.web import house

SLUGS = [register.slug for register in REGISTERS]
NOBODYS = ("/delete/", "/action/", "/ajax/update/", "/ajax/lookup/", "/ajax/lookup/?name=officer&query=a&limit=1000000")
FOREIGN = (
    "//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "//host\\@evil.example",
    "javascript:alert(1)",
)
BY_SLUG = {register.slug: register for register in REGISTERS}
by_slug = pytest.mark.parametrize("slug", SLUGS)


def in_the_menu(page) -> list[str]:
    """The registers that the side of a page leads to, in order."""
    side = page.text.split('<nav class="side-wide"')[1].split("</nav>")[0]
    return re.findall(r'href="/admin/([\w-]+)/"', side)


# P1, P2, T24: closed by default, and each opens by its own permission.


@pytest.mark.parametrize("who", ["asha", "ravi", "devendra", "sunita", "lakshmi", "thomas", "gopal", "pooja"])
def test_a_person_opens_exactly_the_registers_of_their_role(the_house, who):
    browser, actor = the_house.browser(who), the_house.cast[who]
    allowed = [register.slug for register in REGISTERS if can(actor, register.read)]

    answers = {slug: browser.get(f"/admin/{slug}/").status_code for slug in SLUGS}

    assert answers == {slug: 200 if slug in allowed else 403 for slug in SLUGS}
    front = browser.get("/admin/")
    assert front.status_code == (200 if allowed else 403)
    if allowed:
        assert sorted(in_the_menu(front)) == sorted(allowed)


def test_who_is_not_signed_in_is_sent_to_sign_in(the_house):
    stranger = the_house.app.test_client()

    answers = {stranger.get(f"/admin/{slug}/").location for slug in SLUGS}

    assert answers == {f"/login?next=/admin/{slug}/" for slug in SLUGS}


@by_slug
def test_every_page_of_a_register_says_what_it_needs(the_house, slug):
    needed = {
        endpoint.partition(".")[2]: view.access
        for endpoint, view in the_house.app.view_functions.items()
        if endpoint.startswith(f"admin_{slug}.")
    }

    only = (BY_SLUG[slug].read,)
    assert needed == dict.fromkeys(
        ("index_view", "details_view", "edit_view", "create_view", "export", "save_view", "forget_view"), only
    )


# D2, D4, P4, P5, P6: what could delete, change in passing or look up has no address at all.


@by_slug
def test_nothing_is_deleted_changed_in_passing_or_looked_up(the_house, slug):
    browser = the_house.browser("sunita")
    count = BY_SLUG[slug].table.select().count()

    answers = [browser.get(f"/admin/{slug}{door}").status_code for door in NOBODYS]
    answers += [
        browser.post(f"/admin/{slug}{door}", id="1", rowid="1", action="delete").status_code for door in NOBODYS
    ]

    assert set(answers) == {404}
    assert BY_SLUG[slug].table.select().count() == count


# D6, P16: nothing of Flask-Admin's own scripts is used or served, nothing runs inline.


@by_slug
def test_a_page_runs_no_script_but_our_own(the_house, slug):
    browser = the_house.browser("thomas")
    key = re.search(r"details/\?id=([^&\"]+)", browser.get(f"/admin/{slug}/").text)[1]

    for page in (browser.get(f"/admin/{slug}/"), browser.get(f"/admin/{slug}/details/", id=key)):
        assert re.findall(r"\son\w+=|javascript:|<style", page.text) == []
        assert re.findall(r"<script(?![^>]*\bsrc=\"/static/js/)", page.text) == []
    assert browser.get("/admin/static/vendor/jquery.min.js").status_code == 404


# P14: an address to come back to leads nowhere else.


@pytest.mark.parametrize("address", FOREIGN)
def test_a_register_sends_nobody_to_another_site(the_house, address):
    sunita = the_house.browser("sunita")
    key = Designation.get().id
    edit = f"/admin/designations/edit/?id={key}"

    answers = [
        sunita.get("/admin/designations/edit/", id=key, url=address),
        sunita.get("/admin/designations/", url=address),
    ]
    answers.append(sunita.post(f"/admin/designations/edit/?id={key}&url={address}", **sunita.form_of(edit)))
    answers.append(sunita.post(edit, **sunita.form_of(edit), url=address))

    assert [answer.status_code for answer in answers] == [400] * 4


def test_after_saving_one_comes_back_to_the_list_as_it_was(the_house):
    sunita = the_house.browser("sunita")
    edit = f"/admin/designations/edit/?id={Designation.get().id}"
    back = "/admin/designations/?page=0&search=clerk"

    saved = sunita.post(f"{edit}&url={back.replace('&', '%26')}", **sunita.form_of(edit))
    elsewhere = sunita.post(f"{edit}&url=/trail", **sunita.form_of(edit))

    assert saved.location == back
    assert elsewhere.location == "/admin/designations/"


# P13: a view is called once, whatever it raises.


def test_a_fault_inside_a_view_is_not_taken_for_another_way_to_call_it(the_house):
    view = the_house.app.extensions["admin"][0]._views[1]
    calls = []

    def broken(*args, **values):
        calls.append((args, values))
        raise TypeError("a fault of our own")

    with pytest.raises(TypeError, match="a fault of our own"):
        view._run_view(broken)
    assert calls == [((view,), {})]


# D7, P8, P9, B2, B3, B7, B10: what a register may not be is said at start-up.


class Sample(Register):
    table = Designation
    title = "Designations"
    group = "People"
    slug = "sample"
    read = Permission.UNITS_READ
    column_list = ("name_en",)


@pytest.mark.parametrize(
    "declared",
    [
        {"column_editable_list": ["name_hi"]},
        {"inline_models": [Officer]},
        {"form_ajax_refs": {"officer": {"fields": ["name_en"]}}},
        {"column_display_pk": True},
        {"can_delete": True},
        {"fast_mass_delete": True},
        {"form": object},
        {"form_extra_fields": {"file": object}},
        {"form_excluded_columns": ["name_en"]},
        {"write": Permission.UNITS_WRITE},
        {"form_columns": ["name_hi"]},
        {"form_new_columns": ["name_hi"]},
        {"write": Permission.NOMINATIONS_CREATE, "form_columns": ["name_hi"]},
        {"read": None},
        {"column_list": ()},
        {"column_filters": ["name_hi"]},
        {"column_filters": [FilterEqual(Designation.name_hi, "Name")]},
        {"write": Permission.UNITS_WRITE, "form_columns": ["id"]},
        {"write": Permission.UNITS_WRITE, "form_columns": ["nothing"]},
        {"write": Permission.UNITS_WRITE, "form_columns": ["department"], "table": OrgUnit},
        {"write": Permission.UNITS_WRITE, "form_columns": ["result"], "table": JobRun},
        {"write": Permission.UNITS_WRITE, "form_columns": ["queued_at"], "table": JobRun},
    ],
    ids=lambda declared: "-".join(map(str, declared)),
)
def test_a_register_with_a_trap_does_not_start(declared):
    trapped = type("Trapped", (Sample,), declared)

    with pytest.raises(Unregistrable):
        trapped()


def test_a_column_that_nobody_has_named_stops_the_start():
    class Unnamed(Sample):
        column_list = ("name_en", "fingerprint")

    with pytest.raises(KeyError, match="fingerprint"):
        Unnamed()


@pytest.mark.parametrize("stranger", [ModelView, ModelView(Designation), "designations"], ids=["class", "view", "name"])
def test_only_registers_are_opened(stranger):
    with pytest.raises(Unregistrable):
        admin.install(Flask("empty"), [Sample, stranger])


def test_a_form_field_may_not_shadow_the_form_itself():
    class Meta(Table):
        meta = Designation.name_hi.clone()

    class Shadowing(Sample):
        table = Meta
        write = Permission.UNITS_WRITE
        column_list = ("meta",)
        column_labels = {"meta": "Meta"}
        form_columns = ("meta",)

    with pytest.raises(Unregistrable):
        Shadowing()


@by_slug
def test_no_form_reaches_further_than_the_whole_state_or_nobody(slug):
    write = BY_SLUG[slug].write

    assert write is None or set(GRANTS[write]) <= {Reach.NONE, Reach.ALL}


def test_every_register_has_an_address_of_its_own(the_house):
    with the_house.app.test_request_context():
        addresses = {slug: url_for(f"admin_{slug}.index_view") for slug in SLUGS}

    assert addresses == {slug: f"/admin/{slug}/" for slug in SLUGS}


def test_a_column_has_one_name_only():
    assert {name: text for name, text in LABELS.items() if text != text.strip() or not text} == {}


# B9, B12: every page is drawn for every role in both languages.


@by_slug
@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_register_is_drawn_in_both_languages(the_house, slug, language):
    page = the_house.browser("thomas", language).get(f"/admin/{slug}/")

    assert re.findall(r'<html lang="([\w-]+)"', page.text) == ["hi" if language == "hi" else "en-IN"]
    assert re.findall(r">\s*None\s*<", page.text) == []  # B11


# T26: what no register shows, for anybody, anywhere.


@by_slug
@pytest.mark.parametrize("who", ["thomas", "sunita"])
def test_private_facts_stand_in_no_register(the_house, who, slug):
    browser = the_house.browser(who)
    shown = browser.get(f"/admin/{slug}/")
    if shown.status_code == 403:
        return
    texts = [shown.text, browser.get(f"/admin/{slug}/export/csv/").text]
    for key in re.findall(r"details/\?id=([^&\"]+)", shown.text):
        details = browser.get(f"/admin/{slug}/details/", id=key).text
        texts.append(details.partition("<main")[2].partition("</main>")[0])

    assert {private for private in house.PRIVATE for text in texts if private in text} == set()


def test_a_moment_is_never_typed_into_a_form():
    assert not any(
        isinstance(register.table._meta.fields[name], Moment)
        for register in REGISTERS
        for name in (*register.form_columns, *register.form_new_columns)
    )
