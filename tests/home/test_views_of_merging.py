"""The pages on which GAD finds the other record of a person, merges both and parts them again."""

import re

import pytest

from karmyogi.demo.cast import CAST, HEALTH
from karmyogi.people.models import Officer
from karmyogi.people.service import keep_words
from tests.house import plants
from tests.visitors import words_of

CODES = {member.key: member.employee_code for member in CAST}


@pytest.fixture
def twin(told_db) -> Officer:
    """A second record of Asha, in Health as well."""
    other = plants.officers_of(HEALTH)[-1]
    known = {"birth_on": asha().birth_on, "gender": asha().gender}
    Officer.update(name_hi="आशा साहू", name_en="Asha Sahoo", **known).where(Officer.id == other.id).execute()
    keep_words(Officer.id == other.id)
    return Officer.get_by_id(other.id)


def asha() -> Officer:
    return Officer.get(Officer.employee_code == CODES["asha"])


def compared(twin: Officer) -> str:
    return f"/officers/{twin.id}/merge/{asha().id}"


def test_gad_finds_the_other_record_by_the_same_name(visit, twin):
    page = visit("sunita", language="en").get(f"/officers/{asha().id}/merge")

    assert page.status_code == 200
    assert re.findall(r'href="(/officers/\d+/merge/\d+)"', page.text)[0] == f"/officers/{asha().id}/merge/{twin.id}"


def test_both_records_stand_side_by_side_before_anything_is_done(visit, twin):
    page = words_of(visit("sunita", language="en").get(compared(twin)))

    assert "Name आशा साहू · Asha Sahoo आशा साहू · Asha Sahu agrees" in page
    assert "Finished courses" in page
    assert Officer.get_by_id(twin.id).merged_into is None


def test_gad_merges_and_finds_one_person_by_both_codes(visit, twin):
    sunita = visit("sunita", language="en")

    done = sunita.post(compared(twin), data={"stands": asha().id, "why": "Order 12"})
    found = sunita.get(f"/officers?q={twin.employee_code}").text

    assert (done.status_code, done.location) == (302, f"/officers/{asha().id}")
    assert f"/officers/{asha().id}" in found
    assert f"/officers/{twin.id}" not in found
    assert f"Further records of the same person: {twin.employee_code}" in words_of(sunita.get(done.location))


def test_the_record_that_gave_way_names_the_other_and_why(visit, twin):
    sunita = visit("sunita", language="en")
    sunita.post(compared(twin), data={"stands": asha().id, "why": "Order 12"})

    page = words_of(sunita.get(f"/officers/{twin.id}"))
    ravis = words_of(visit("ravi", language="en").get(f"/officers/{twin.id}"))

    assert f"This record is now Asha Sahu ({CODES['asha']})" in page
    assert "Order 12" in page
    assert f"This record is now Asha Sahu ({CODES['asha']})" in ravis
    assert "Order 12" not in ravis
    assert "These are two people" not in ravis


def test_what_stands_in_the_way_is_said_before_and_after_the_attempt(visit, twin):
    sunita = visit("sunita", language="en")

    before = words_of(sunita.get(compared(twin)))
    refused = sunita.post(compared(twin), data={"stands": asha().id, "why": ""})

    assert refused.status_code == 422
    assert "cases of 00000101 are not decided yet" in before
    assert "Fill in this field." in words_of(refused)
    assert Officer.get_by_id(twin.id).merged_into is None


def test_the_record_that_may_stand_is_marked(visit, twin):
    for path in (compared(twin), f"/officers/{asha().id}/merge/{twin.id}"):
        page = visit("sunita").get(path).text

        marked = [tag for tag in re.findall(r'<input[^>]*name="stands"[^>]*>', page) if "checked" in tag]
        assert [re.search(r'value="(\d+)"', tag)[1] for tag in marked] == [str(asha().id)]


@pytest.mark.parametrize(
    ("language", "said"), [("hi", "लिंग महिला महिला मिलता है"), ("en", "Gender Female Female agrees")]
)
def test_the_gender_is_said_in_the_readers_language(visit, twin, language, said):
    Officer.update(gender="FEMALE").where(Officer.id == twin.id).execute()

    assert said in words_of(visit("sunita", language=language).get(compared(twin)))


def test_gad_parts_the_two_again_with_a_reason(visit, twin):
    sunita = visit("sunita", language="en")
    sunita.post(compared(twin), data={"stands": asha().id, "why": "Order 12"})

    wordless = sunita.post(f"/officers/{twin.id}/part", data={"why": " "})
    parted = sunita.post(f"/officers/{twin.id}/part", data={"why": "Two people"})

    assert (wordless.status_code, parted.status_code) == (422, 302)
    assert Officer.get_by_id(twin.id).merged_into is None
    assert f"/officers/{twin.id}" in sunita.get(f"/officers?q={twin.employee_code}").text


@pytest.mark.parametrize("who", ["ravi", "meena", "lakshmi", "thomas", "asha"])
def test_nobody_but_gad_merges(visit, twin, who):
    visitor = visit(who)

    assert visitor.get(compared(twin)).status_code == 403
    assert visitor.post(compared(twin), data={"stands": asha().id, "why": "x"}).status_code == 403
    assert "/merge" not in visitor.get(f"/officers/{asha().id}").text
