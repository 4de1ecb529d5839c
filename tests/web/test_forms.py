"""What a person may type: cleaned where it must be, kept where Hindi needs it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from karmyogi.core.months import Month
from karmyogi.web.forms import (
    REMARK_LIMIT,
    CleanLines,
    CleanText,
    Form,
    MonthField,
    StepForm,
    asked_number,
    clean,
    needed,
    number_in,
)
from tests.web.site import sqlite_site


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    yield from sqlite_site(engines, tmp_path_factory.mktemp("media"))


@pytest.fixture
def request_of(site):
    with site.app.test_request_context("/", headers={"Accept-Language": "en"}) as context:
        context.session["lang"] = "en"
        yield context


# ── Clean text ──


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  आशा साहू \n", "आशा साहू"),
        ("a\x00b", "ab"),
        ("a\x07\x1b[31mb", "a[31mb"),
        ("Asha\u00a0Sahu", "Asha Sahu"),
        ("Asha\tSahu", "Asha Sahu"),
        ("two\nlines", "two lines"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\u200bb\ufeffc", "abc"),
        ("\ud800", ""),
        ("\x85\u2028", ""),
        ("क्‍ष", "क्‍ष"),
        ("र्‌क", "र्‌क"),
        ("👩\u200d🏫", "👩\u200d🏫"),
        ("", ""),
    ],
)
def test_what_is_typed_loses_what_no_reader_sees_and_keeps_the_joiners_of_hindi(typed, kept):
    assert clean(typed) == kept


def test_of_several_lines_the_line_ends_stay_whatever_system_wrote_them():
    assert clean("one\r\ntwo\rthree\nfour\n", keep="\n") == "one\ntwo\nthree\nfour"


@given(st.text())
def test_cleaning_twice_changes_no_more_than_cleaning_once(text):
    assert clean(clean(text)) == clean(text)
    assert clean(clean(text, keep="\n"), keep="\n") == clean(text, keep="\n")


@given(st.text())
def test_nothing_that_a_terminal_or_a_database_would_obey_is_left(text):
    odd = {c for c in clean(text) if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"}}

    assert odd <= {"\u200d", "\u200c"}


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S"])))
def test_whatever_people_write_with_letters_marks_and_signs_stays_as_it_is(text):
    assert clean(text) == text


# ── Fields ──


class Example(Form):
    name = CleanText(validators=[needed])
    lines = CleanLines()
    month = MonthField()
    plain = StringField()


def filled(**fields: str) -> Example:
    return Example(formdata=MultiDict(fields))


def test_a_form_hands_on_clean_values(request_of):
    form = filled(name=" आशा\x00 ", lines=" one\r\ntwo\x00 ", month=" 2026-01 ")

    assert form.validate()
    assert (form.name.data, form.lines.data, form.month.data) == ("आशा", "one\ntwo", Month(2026, 1))


def test_what_was_not_sent_is_empty_and_never_none(request_of):
    form = filled(plain="x")

    assert (form.name.data, form.lines.data, form.month.data) == ("", "", None)


@pytest.mark.parametrize("month", ["2026-13", "january", "2026-1", "9999-01", "२०२६-०१"])
def test_a_month_that_is_none_is_said_in_our_own_words(request_of, month):
    form = filled(name="x", month=month)

    assert not form.validate()
    assert form.errors == {"month": ["Write the month as 2026-01."]}
    assert form.month.data is None


@pytest.mark.parametrize("nothing", ["", "   ", "\x00", "\u200b\ufeff"])
def test_a_field_that_must_hold_something_holds_something_that_can_be_seen(request_of, nothing):
    form = filled(name=nothing)

    assert not form.validate()
    assert form.errors == {"name": ["Fill in this field."]}


def test_our_own_words_are_hindi_for_who_reads_hindi(request_of):
    request_of.session["lang"] = "hi"

    form = filled(name="", month="x")

    assert not form.validate()
    assert form.errors == {"name": ["यह खाना भरें।"], "month": ["माह 2026-01 के रूप में लिखें।"]}


def test_a_remark_has_a_thousand_letters_and_not_one_more(request_of):
    assert REMARK_LIMIT == 1000
    assert StepForm(formdata=MultiDict({"remark": "क" * 1000})).validate()
    assert not StepForm(formdata=MultiDict({"remark": "क" * 1001})).validate()


# ── Numbers in an address ──


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("7", 7),
        ("-7", -7),
        ("१२", 12),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        (str(-(2**63)), None),
        ("9" * 5000, None),
        ("", None),
        ("x", None),
        ("1.5", None),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_number_in_an_address_is_one_that_the_database_can_hold(site, asked, told):
    with site.app.test_request_context("/", query_string={"n": asked}):
        assert asked_number("n") == told


def test_a_number_that_was_not_asked_for_is_none(site):
    with site.app.test_request_context("/"):
        assert asked_number("n") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("999999999", 999_999_999), ("9999999999", None), ("9" * 5000, None)]
    + [(wrong, None) for wrong in ("", "-1", "1.0", " 1", "१", "²", "x")],
)
def test_a_number_in_a_text_is_one_that_a_column_of_ids_can_hold(text, number):
    assert number_in(text) == number
