"""The tree of the State, a unit's page, and changes that are shown before they are made."""

from karmyogi.core.months import today
from karmyogi.demo.cast import HEALTH, REVENUE
from karmyogi.people.models import OrgUnit
from karmyogi.people.queries import version_of
from tests.visitors import words_of


def unit(kind: str, name_en: str) -> OrgUnit:
    return OrgUnit.get((OrgUnit.kind == kind) & (OrgUnit.name_en == name_en))


def office() -> OrgUnit:
    return unit("office", f"{HEALTH} District Office, Raipur")


def test_the_tree_opens_a_branch_at_a_time_with_its_officers(visit):
    ravi = visit("ravi", language="en")

    root, health = ravi.get("/units"), ravi.get(f"/units?open={unit('department', HEALTH).id}")
    territory = ravi.get("/units?tree=territory")

    assert HEALTH in words_of(root)
    assert office().name_en not in words_of(root)
    assert office().name_en in words_of(health)
    assert "Bilaspur" in words_of(territory)
    assert "New unit below" not in words_of(health)


def test_the_page_of_a_department_names_those_who_answer_for_it(visit):
    page = words_of(visit("ravi", language="en").get(f"/units/{unit('department', HEALTH).id}"))

    assert "Ravi Kumar Dewangan · Nodal officer" in page
    assert "Meena Thakur · Head of department" in page
    assert "Imran" not in page
    assert "Close unit" not in page


def test_the_register_leads_to_the_page(visit):
    health = unit("department", HEALTH)

    page = visit("thomas").get(f"/admin/units/details/?id={health.id}")

    assert f'href="/units/{health.id}"' in page.text


def test_a_move_is_shown_before_it_is_made(visit):
    sunita, place = visit("sunita", language="en"), office()
    target, around = unit("department", REVENUE), unit("district", "Bilaspur")
    asked = {
        "line_parent": f"{REVENUE} ({target.id})",
        "territory_parent": str(around.id),
        "version": version_of(place),
    }
    sunita.get(f"/units/{place.id}/move")

    shown = sunita.post(f"/units/{place.id}/move", asked)
    before = office().department_id
    moved = sunita.post(f"/units/{place.id}/move", {**asked, "confirmed": "yes"})

    after = OrgUnit.get_by_id(place.id)
    assert (shown.status_code, before) == (200, place.department_id)
    assert f"{HEALTH} → {REVENUE}" in words_of(shown)
    assert "Officers posted there today" in words_of(shown)
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/units/{place.id}")
    assert (after.department_id, after.district_id) == (target.id, around.id)


def test_what_may_not_be_is_said_before_anything_is_asked(visit):
    sunita, place = visit("sunita", language="en"), office()
    sunita.get(f"/units/{place.id}/move")
    ask = lambda **asked: sunita.post(f"/units/{place.id}/move", {"version": version_of(place), **asked})  # noqa: E731

    unknown = ask(line_parent="No such department", territory_parent="Raipur")
    several = ask(line_parent=HEALTH, territory_parent="Raipur")
    same = ask(line_parent=HEALTH, territory_parent=f"Raipur · District ({unit('district', 'Raipur').id})")

    assert [unknown.status_code, several.status_code, same.status_code] == [422] * 3
    assert "Several units are called “Raipur”" in words_of(several)
    assert "No open unit “No such department” may stand above" in words_of(unknown)
    assert "The unit stands there already" in words_of(same)


def test_a_page_from_before_anothers_change_is_told_what_the_unit_says_now(visit):
    sunita, kabir, place = visit("sunita", language="en"), visit("kabir"), office()
    path, stale = f"/units/{place.id}/rename", version_of(place)
    sunita.get(path)
    kabir.get(path)
    kabir.post(path, {"name_hi": "नया", "name_en": "New office", "version": stale, "confirmed": "yes"})

    late = sunita.post(path, {"name_hi": "और", "name_en": "Other", "version": stale, "confirmed": "yes"})

    assert late.status_code == 409
    assert "New office" in words_of(late)
    assert OrgUnit.get_by_id(place.id).name_en == "New office"


def test_a_renamed_unit_says_what_it_was_called(visit):
    sunita, place = visit("sunita", language="en"), office()
    path = f"/units/{place.id}/rename"
    sunita.get(path)
    asked = {"name_hi": "नया", "name_en": "New office", "since": str(today()), "version": version_of(place)}

    sunita.post(path, {**asked, "confirmed": "yes"})

    page = words_of(sunita.get(f"/units/{place.id}"))
    assert f": {place.name_en}" in page
    assert "Renamed" in page


def test_a_unit_is_created_used_closed_and_opened_again(visit):
    sunita, health = visit("sunita", language="en"), unit("department", HEALTH)
    sunita.get(f"/units/new?below={health.id}")
    asked = {
        "kind": "office",
        "name_hi": "नया कार्यालय",
        "name_en": "New office",
        "line_parent": HEALTH,
        "territory_parent": str(unit("district", "Raipur").id),
    }
    shown = sunita.post("/units/new", asked)
    made = sunita.post("/units/new", {**asked, "confirmed": "yes"}).headers["Location"]
    new = unit("office", "New office")

    sunita.post(f"{made}/close", {"closed_on": str(today()), "version": version_of(new), "confirmed": "yes"})
    closed = OrgUnit.get_by_id(new.id)
    sunita.post(f"{made}/reopen", {"version": version_of(closed)})

    assert "Create this unit?" in words_of(shown)
    assert (new.department_id, closed.closed_on) == (health.id, today())
    assert OrgUnit.get_by_id(new.id).closed_on is None


def test_closing_lists_what_must_be_cleared_first_with_its_links(visit):
    sunita, health = visit("sunita", language="en"), unit("department", HEALTH)
    path = f"/units/{health.id}/close"

    page = sunita.get(path)
    refused = sunita.post(path, {"closed_on": str(today()), "version": version_of(health), "confirmed": "yes"})

    assert f'href="/units/{office().id}"' in page.text
    assert "/nominations/" in page.text
    assert refused.status_code == 422
    assert OrgUnit.get_by_id(health.id).closed_on is None
