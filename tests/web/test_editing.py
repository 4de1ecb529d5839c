"""What may be corrected, by whom, and what becomes of it: one transaction, one trail entry, or nothing."""

import html
import io
import re

import peewee
import pytest
from flask import request

from app import REGISTERS
from karmyogi.nominations.models import Category, Cycle
from karmyogi.people.models import Designation, Officer, OrgUnit
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.web import editing, lists
from karmyogi.web.registers import Register
from tests import trails
from tests.web.house import FORMULA

BY_SLUG = {register.slug: register for register in REGISTERS}
WRITTEN = sorted(slug for slug, register in BY_SLUG.items() if register.write)
READ_ONLY = sorted(set(BY_SLUG) - set(WRITTEN))
MAY_CORRECT = {
    "units": ("name_hi",),
    "designations": ("name_hi",),
    "schemes": ("name_hi", "name_en"),
    "cycles": ("name_hi", "name_en"),
    "categories": ("name_hi", "name_en"),
}


def row_in(slug: str) -> peewee.Model:
    return BY_SLUG[slug].table.select().order_by(*lists.key_of(BY_SLUG[slug].table)).first()


def edit_of(slug: str) -> str:
    return f"/admin/{slug}/edit/?id={lists.key_text(row_in(slug))}"


def all_rows(slug: str) -> list[dict[str, object]]:
    table = BY_SLUG[slug].table
    return list(table.select().order_by(*lists.key_of(table)).dicts())


def last_entry() -> TrailEntry:
    return trails.told_last()


def entries() -> int:
    return TrailEntry.select().count()


def errors_of(page) -> list[str]:
    return [html.unescape(text) for text in re.findall(r'<p class="field-error"[^>]*>.*?</span>(.*?)</p>', page.text)]


def test_only_these_columns_are_corrected_anywhere():
    assert {slug: tuple(BY_SLUG[slug].form_columns) for slug in WRITTEN} == MAY_CORRECT
    assert {slug: tuple(BY_SLUG[slug].form_new_columns) for slug in BY_SLUG if BY_SLUG[slug].form_new_columns} == {
        "designations": ("name_en", "name_hi")
    }


# Saving


def test_the_gad_corrects_a_name_and_the_trail_says_what_it_was(own_house):
    sunita, before = own_house.browser("sunita"), row_in("units")
    fields = sunita.form_of(edit_of("units"))

    answer = sunita.post(edit_of("units"), **fields | {"name_hi": "  छत्तीसगढ़\u0000 राज्य "})

    after, entry = row_in("units"), last_entry()
    assert (answer.status_code, answer.location) == (302, "/admin/units/")
    assert (after.name_hi, after.name_en) == ("छत्तीसगढ़ राज्य", before.name_en)
    assert (entry.actor, entry.action, entry.subject, entry.subject_id) == (
        "Sunita",
        "org_unit.correct",
        "org_unit",
        after.id,
    )
    assert entry.change == {"name_hi": [before.name_hi, after.name_hi]}
    assert broken_link() is None


def test_a_form_sent_back_unchanged_changes_and_records_nothing(own_house):
    sunita, before, told = own_house.browser("sunita"), all_rows("units"), entries()

    answer = sunita.post(edit_of("units"), **sunita.form_of(edit_of("units")))

    assert answer.status_code == 302
    assert (all_rows("units"), entries()) == (before, told)


def test_the_gad_adds_a_designation(own_house):
    sunita = own_house.browser("sunita")

    answer = sunita.post("/admin/designations/new/", name_en="PATWARI", name_hi="पटवारी", _add_another="1")

    entry = last_entry()
    assert (answer.status_code, answer.location) == (302, "/admin/designations/new/?url=/admin/designations/")
    assert Designation.get(Designation.name_en == "PATWARI").name_hi == "पटवारी"
    assert (entry.action, entry.change) == (
        "designation.add",
        {"name_en": [None, "PATWARI"], "name_hi": [None, "पटवारी"]},
    )


# D3, P10, B14: all or nothing, and never the database's own words.


@pytest.mark.parametrize("name_en", ["CLERK 1"])
def test_what_the_database_refuses_leaves_no_trace_and_shows_no_sql(own_house, name_en):
    sunita, before, told = own_house.browser("sunita"), all_rows("designations"), entries()

    answer = sunita.post("/admin/designations/new/", name_en=name_en, name_hi="लिपिक")

    assert answer.status_code == 422
    assert (all_rows("designations"), entries()) == (before, told)
    assert re.findall(r"(?i)constraint|unique|duplicate|designation_name|sqlite|insert into", answer.text) == []
    assert re.findall(r"Another entry already says this", answer.text) == ["Another entry already says this"]


@pytest.mark.parametrize(
    ("slug", "fields", "errors"),
    [
        ("schemes", {"name_en": ""}, ["Fill in this field."]),
        ("schemes", {"name_en": " \u0000 "}, ["Fill in this field."]),
        ("units", {"name_hi": "क" * 501}, ["Field cannot be longer than 500 characters."]),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(own_house, slug, fields, errors):
    sunita, before = own_house.browser("sunita"), all_rows(slug)

    answer = sunita.post(edit_of(slug), **sunita.form_of(edit_of(slug)) | fields)

    assert (answer.status_code, errors_of(answer)) == (422, errors)
    assert all_rows(slug) == before


def test_a_date_that_is_none_is_said_beside_its_field(own_house):
    with own_house.app.test_request_context("/?lang=en", method="POST", data={"closed_on": "yesterday"}):
        form = editing.form_for(OrgUnit, ("closed_on",), str)(request.form)

        assert (form.validate(), list(form.errors)) == (False, ["closed_on"])


# Two people at one entry


def test_a_stale_form_overwrites_nobody(own_house):
    sunita, other = own_house.browser("sunita"), own_house.browser("sunita")
    edit, fields = edit_of("units"), sunita.form_of(edit_of("units"))
    other.post(edit, **fields | {"name_hi": "दूसरे का"})
    told = entries()

    answer = sunita.post(edit, **fields | {"name_hi": "मेरा"})

    assert (answer.status_code, row_in("units").name_hi) == (409, "दूसरे का")
    assert entries() == told
    assert re.findall("Somebody else has changed this entry", answer.text) == ["Somebody else has changed this entry"]


def test_a_form_is_not_stale_because_of_what_it_does_not_show(own_house):
    sunita, edit = own_house.browser("sunita"), edit_of("designations")
    fields = sunita.form_of(edit)
    Designation.update(name_en="RENAMED BY AN IMPORT").where(Designation.id == row_in("designations").id).execute()

    answer = sunita.post(edit, **fields | {"name_hi": "नया नाम"})

    assert (answer.status_code, row_in("designations").name_hi) == (302, "नया नाम")


def test_of_two_who_save_at_the_same_moment_one_is_told(own_house, monkeypatch):
    sunita, edit = own_house.browser("sunita"), edit_of("units")
    fields, original = sunita.form_of(edit), Register.update_model

    def somebody_was_faster(register, form, row):
        OrgUnit.update(name_hi="दूसरे का").where(OrgUnit.id == row.id).execute()
        return original(register, form, row)

    monkeypatch.setattr(Register, "update_model", somebody_was_faster)
    answer = sunita.post(edit, **fields | {"name_hi": "मेरा"})

    assert (answer.status_code, row_in("units").name_hi) == (409, "दूसरे का")


@pytest.mark.parametrize("version", ["", "0" * 16, None])
def test_a_form_without_its_version_is_stale(own_house, version):
    sunita, before = own_house.browser("sunita"), all_rows("units")
    fields = sunita.form_of(edit_of("units")) | {"name_hi": "मेरा", "row_version": version}

    answer = sunita.post(edit_of("units"), **{name: value for name, value in fields.items() if value is not None})

    assert (answer.status_code, all_rows("units")) == (409, before)


# P8, T27: what may be typed is what the form shows, whoever sends it.


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_field_that_is_not_in_the_form_is_refused_and_nothing_changes(own_house, slug):
    register, sunita = BY_SLUG[slug], own_house.browser("sunita")
    fields, before, told = sunita.form_of(edit_of(slug)), all_rows(slug), entries()
    others = set(register.table._meta.fields) - set(register.form_columns) | {"is_admin", "state", "form_errors"}

    answers = {name: sunita.post(edit_of(slug), **fields | {name: "7"}).status_code for name in sorted(others)}
    every = sunita.post(edit_of(slug), **dict.fromkeys(others, "7") | fields | {"name_hi": "मेरा"})

    assert answers == dict.fromkeys(others, 400)
    assert every.status_code == 400
    assert (all_rows(slug), entries()) == (before, told)


def test_a_new_designation_takes_no_other_field(own_house):
    sunita, before = own_house.browser("sunita"), all_rows("designations")

    answer = sunita.post("/admin/designations/new/", name_en="PATWARI", name_hi="", id="999")

    assert (answer.status_code, all_rows("designations")) == (400, before)


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_file_sent_with_a_form_is_refused(own_house, slug):  # D7: registers take no files
    sunita, before = own_house.browser("sunita"), all_rows(slug)
    fields = sunita.form_of(edit_of(slug)) | {"name_hi": (io.BytesIO(b"<svg/>"), "name.svg")}

    answer = sunita.post(edit_of(slug), **fields)
    extra = sunita.post(edit_of(slug), **sunita.form_of(edit_of(slug)) | {"photo": (io.BytesIO(b"x"), "x.png")})

    assert (answer.status_code, extra.status_code) == (400, 400)
    assert all_rows(slug) == before


# P7: every change carries the page's own token.


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_form_without_its_token_is_refused(own_house, slug):
    sunita, before = own_house.browser("sunita"), all_rows(slug)
    fields = sunita.form_of(edit_of(slug)) | {"name_hi": "मेरा"}

    answer = sunita.client.post(edit_of(slug), data=fields)

    assert (answer.status_code, all_rows(slug)) == (400, before)


# Who may not


@pytest.mark.parametrize("slug", WRITTEN)
@pytest.mark.parametrize("who", ["ravi", "lakshmi", "thomas", "asha"])
def test_nobody_but_the_gad_corrects_a_register(own_house, who, slug):
    browser, before = own_house.browser(who), all_rows(slug)
    fields = own_house.browser("sunita").form_of(edit_of(slug)) | {"name_hi": "मेरा"}

    answers = [browser.get(edit_of(slug)), browser.post(edit_of(slug), **fields)]
    answers += [browser.get(f"/admin/{slug}/new/"), browser.post(f"/admin/{slug}/new/", name_en="मेरा", name_hi="मेरा")]

    assert ([answer.status_code for answer in answers], all_rows(slug)) == ([403] * 4, before)
    assert re.findall(r"/edit/\?|/new/", browser.get(f"/admin/{slug}/").text) == []


@pytest.mark.parametrize("slug", READ_ONLY)
def test_what_nobody_corrects_has_no_form_for_anybody(own_house, slug):
    before = all_rows(slug)
    seen = {}
    for who in ("sunita", "thomas", "gopal"):
        browser = own_house.browser(who)
        answers = [browser.get(edit_of(slug)), browser.get(f"/admin/{slug}/new/")]
        answers += [
            browser.post(edit_of(slug), state="awarded", name_en="X"),
            browser.post(f"/admin/{slug}/new/", id="7"),
        ]
        seen[who] = [answer.status_code for answer in answers]

    assert seen == dict.fromkeys(seen, [403] * 4)
    assert all_rows(slug) == before


def test_a_row_saved_out_of_ones_own_reach_is_not_saved(own_house, monkeypatch):
    sunita, before, told = own_house.browser("sunita"), all_rows("units"), entries()
    fields, edit = sunita.form_of(edit_of("units")), edit_of("units")
    rows = BY_SLUG["units"].rows
    as_named = lambda register, actor: rows(register, actor).where(OrgUnit.name_hi == fields["name_hi"])  # noqa: E731
    monkeypatch.setattr(BY_SLUG["units"], "rows", as_named)

    answer = sunita.post(edit, **fields | {"name_hi": "मेरा"})

    assert (answer.status_code, all_rows("units"), entries()) == (403, before, told)


def test_what_hangs_on_a_row_stays_when_its_names_change(own_house):  # D2: there is no other way to touch it
    sunita = own_house.browser("sunita")
    counts = [table.select().count() for table in (Officer, Cycle, Category)]

    sunita.post(edit_of("schemes"), **sunita.form_of(edit_of("schemes")) | {"name_en": FORMULA})

    assert [table.select().count() for table in (Officer, Cycle, Category)] == counts
    assert row_in("schemes").name_en == FORMULA
