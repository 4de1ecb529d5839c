"""An officer asks, somebody else decides, and the roster keeps to what was approved."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import SYSTEM
from karmyogi.people import queries
from karmyogi.people.models import NameCorrection, Officer, OrgUnit, Posting
from karmyogi.people.queries import version_of
from karmyogi.people.rules import NAME_CORRECTION, Names
from karmyogi.people.service import approve_name, refuse_name, release_name, rename_unit, request_name, withdraw_name
from karmyogi.reports import service as reports
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import ImportRow
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.store.transitions import steps_taken
from tests.people.scene import AT, LATER

WANTED = Names("आशा देवी साहू", "Asha Devi Sahu")


def ask(scene, who: str = "asha", wanted: Names = WANTED, *, by: str | None = None) -> NameCorrection:
    return request_name(scene.officers[who], wanted, why="सेवा पुस्तिका", by=scene.actors[by or who], at=AT)


def codes_of(error) -> list[str]:
    return [one.code for one in error.value.reasons]


def test_asha_asks_and_her_nodal_officer_approves(scene):
    case = ask(scene)
    before = scene.officer("asha")

    approve_name(case, by=scene.actors["ravi"], at=LATER)

    after, stored = scene.officer("asha"), NameCorrection.get_by_id(case.id)
    assert (before.name_hi, before.name_en) == ("आशा साहू", "Asha Sahu")
    assert (after.name_hi, after.name_en) == (WANTED.hi, WANTED.en)
    assert (stored.state, stored.decided_at, stored.old_name_hi) == ("approved", LATER, "आशा साहू")
    assert [(s.action, s.actor) for s in steps_taken(NAME_CORRECTION, stored)] == [
        ("request", "Asha Sahu"),
        ("approve", "Ravi Dewangan"),
    ]
    told = [(e.action, e.subject) for e in TrailEntry.select().order_by(TrailEntry.id)]
    assert told == [
        ("name_correction.request", "name_correction"),
        ("name_correction.approve", "name_correction"),
        ("officer.rename", "officer"),
    ]
    assert broken_link() is None


def test_a_name_is_tidied_before_it_is_kept(scene):
    case = ask(scene, wanted=Names("  आशा   देवी साहू ", "Asha  Devi Sahu"))

    assert (case.name_hi, case.name_en) == (WANTED.hi, WANTED.en)


def test_a_refusal_needs_a_reason_and_leaves_the_name(scene):
    case = ask(scene)

    with pytest.raises(RuleBroken) as error:
        refuse_name(case, by=scene.actors["ravi"], remark=" ", at=LATER)
    refuse_name(case, by=scene.actors["ravi"], remark="पुस्तिका में ऐसा नहीं है", at=LATER)

    assert codes_of(error) == ["remark_needed"]
    assert scene.officer("asha").name_hi == "आशा साहू"
    assert NameCorrection.get_by_id(case.id).state == "refused"


def test_one_request_is_open_at_a_time_and_a_withdrawn_one_makes_room(scene):
    case = ask(scene)

    with pytest.raises(RuleBroken) as error:
        ask(scene, wanted=Names("आशा बाई साहू", "Asha Bai Sahu"))
    withdraw_name(case, by=scene.actors["asha"], at=LATER)
    again = ask(scene)

    assert codes_of(error) == ["name_already_requested"]
    assert [one.id for one in NameCorrection.select().where(NameCorrection.state == "requested")] == [again.id]


def test_of_two_browsers_that_ask_at_once_one_request_is_kept(scene):
    def try_to_ask(_number: int) -> str:
        with database.connection_context():
            try:
                return ask(scene).state
            except RuleBroken as refused:
                return refused.reasons[0].code

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(try_to_ask, range(4)))

    assert said == ["name_already_requested"] * 3 + ["requested"]
    assert NameCorrection.select().count() == 1


@pytest.mark.parametrize("who", ["imran", "meena", "thomas", "devendra", "asha"])
def test_nobody_decides_who_is_not_the_reviewer_of_the_unit(scene, who):
    case = ask(scene)

    with pytest.raises((NotAllowed, RuleBroken)):
        approve_name(case, by=scene.actors[who], at=LATER)

    assert scene.officer("asha").name_hi == "आशा साहू"


@pytest.mark.parametrize("who", ["ravi", "sunita"])
def test_a_reviewer_does_not_decide_about_their_own_name(scene, who):
    case = ask(scene, who)

    with pytest.raises(RuleBroken) as error:
        approve_name(case, by=scene.actors[who], at=LATER)
    with pytest.raises(RuleBroken):
        refuse_name(case, by=scene.actors[who], remark="x", at=LATER)

    assert "own_case" in codes_of(error)
    assert case.id not in [one.id for one in queries.corrections_to_review(scene.actors[who])]


def test_nobody_asks_for_another_officer(scene):
    with pytest.raises(NotAllowed):
        ask(scene, "asha", by="ravi")
    with pytest.raises(NotAllowed):
        ask(scene, "asha", by="sunita")

    assert NameCorrection.select().count() == 0


def test_without_a_posting_gad_alone_decides(scene):
    Posting.update(to_on=AT.date() - timedelta(days=30)).where(Posting.officer == scene.officers["asha"]).execute()
    case = ask(scene)

    assert list(queries.corrections_to_review(scene.actors["ravi"])) == []
    assert [one.id for one in queries.corrections_to_review(scene.actors["sunita"])] == [case.id]
    approve_name(case, by=scene.actors["sunita"], at=LATER)
    assert scene.officer("asha").name_en == WANTED.en


def test_the_second_reviewer_comes_too_late(scene):
    case = ask(scene)
    approve_name(case, by=scene.actors["ravi"], at=LATER)

    with pytest.raises(WrongState):
        refuse_name(case, by=scene.actors["sunita"], remark="x", at=LATER)


# The roster

HEADER = "employee_code,name_en,name_hi,designation,class,department,office,district,joined_on,retires_on"


@pytest.fixture
def bring(settings):
    """Imports a roster with one row and returns the import."""

    def bring(officer: Officer, name_en: str, name_hi: str, designation: str = "CLERK"):
        files = open_files(settings.media_url)
        row = (
            f'{officer.employee_code},{name_en},{name_hi},{designation},III,Health,"Health Office, Raipur",Raipur,'
            "2015-06-01,2040-06-30"
        )
        stream = io.BytesIO(f"{HEADER}\n{row}\n".encode())
        origin = reports.receive(stream, files, name="roster.csv", by=SYSTEM, creates_units=True)
        checked = reports.check(origin, files)
        assert (checked.state, checked.refusal) == ("checked", None)
        return reports.apply(checked, files, by=SYSTEM)

    return bring


def test_a_roster_finds_a_unit_by_its_former_name_and_makes_no_second_one(scene, bring):
    office = scene.unit("health_office")
    rename_unit(office, name_hi="नया", name_en="New office", since=AT.date(), seen=version_of(office), by=SYSTEM, at=AT)
    units = OrgUnit.select().count()

    bring(scene.officers["asha"], "Asha Sahu", "आशा साहू")

    assert (OrgUnit.select().count(), Posting.get(Posting.officer == scene.officers["asha"]).unit) == (units, office)


def test_a_roster_posts_nobody_who_serves_to_a_closed_unit(scene, bring):
    OrgUnit.update(closed_on=AT.date()).where(OrgUnit.id == scene.units["health_office"].id).execute()
    units = OrgUnit.select().count()

    origin = bring(scene.officers["asha"], "Asha Sahu", "आशा साहू")

    rejected = ImportRow.get((ImportRow.origin == origin) & (ImportRow.outcome == "rejected"))
    assert (origin.rejected, rejected.code, OrgUnit.select().count()) == (1, "unit_closed", units)


def flags(origin) -> list[tuple[str, str, dict]]:
    rows = ImportRow.select().where((ImportRow.origin == origin) & (ImportRow.outcome == "flagged"))
    return [(one.column, one.code, one.facts) for one in rows.order_by(ImportRow.id)]


def test_the_roster_names_an_officer_until_a_correction_is_approved(scene, bring):
    bring(scene.officers["asha"], "ASHA SAHOO", "आशा साहु")
    assert scene.officer("asha").name_en == "ASHA SAHOO"
    approve_name(ask(scene), by=scene.actors["ravi"], at=LATER)

    same = bring(scene.officers["asha"], "ASHA SAHOO", "आशा साहु")
    after_same = scene.officer("asha")
    changed = bring(scene.officers["asha"], "ASHA SAHOO", "आशा साहु", designation="HEAD CLERK")

    after = scene.officer("asha")
    assert (same.unchanged, same.flagged, after_same.name_hi) == (1, 0, WANTED.hi)
    assert (changed.updated, changed.flagged) == (1, 1)
    assert (after.name_hi, after.name_en, after.designation.name_en) == (WANTED.hi, WANTED.en, "HEAD CLERK")
    assert flags(changed) == [
        ("name_hi", "name_kept", {"value": "आशा साहु", "kept": WANTED.hi}),
        ("name_en", "name_kept", {"value": "ASHA SAHOO", "kept": WANTED.en}),
    ]


def test_a_roster_that_has_learnt_the_approved_name_is_not_flagged(scene, bring):
    approve_name(ask(scene), by=scene.actors["ravi"], at=LATER)

    origin = bring(scene.officers["asha"], WANTED.en, WANTED.hi)

    assert (origin.updated, origin.flagged) == (1, 0)


def test_gad_returns_a_name_to_the_roster_and_the_same_row_then_counts(scene, bring):
    case = ask(scene)
    approve_name(case, by=scene.actors["ravi"], at=LATER)
    bring(scene.officers["asha"], "ASHA SAHOO", "आशा साहु")

    with pytest.raises(NotAllowed):
        release_name(case, by=scene.actors["ravi"], at=LATER)
    release_name(case, by=scene.actors["sunita"], at=LATER)
    with pytest.raises(RuleBroken) as error:
        release_name(case, by=scene.actors["sunita"], at=LATER)
    origin = bring(scene.officers["asha"], "ASHA SAHOO", "आशा साहु")

    assert codes_of(error) == ["name_is_not_held"]
    assert (origin.updated, origin.flagged) == (1, 0)
    assert scene.officer("asha").name_en == "ASHA SAHOO"
