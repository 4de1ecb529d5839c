"""The State's structure changes, and the past stays what it was."""

from datetime import date, timedelta

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.accounts.models import RoleGrant, User
from karmyogi.accounts.service import actor_of
from karmyogi.achievements import queries as achievements
from karmyogi.achievements import service as reviewing
from karmyogi.achievements.models import Achievement
from karmyogi.core.errors import KarmyogiError, NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.home.service import close_unit
from karmyogi.people import queries
from karmyogi.people.models import OrgUnit, Posting, UnitKind
from karmyogi.people.queries import version_of
from karmyogi.people.rules import Names
from karmyogi.people.service import create_unit, move_unit, rename_unit, reopen_unit, request_name
from karmyogi.scores import service as scores
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry, broken_link
from tests import factories as make
from tests.nominations.races import all_at_once, runners
from tests.people.scene import AT, LATER, Scene

TODAY = AT.date()


def codes_of(error) -> list[str]:
    return [one.code for one in error.value.reasons]


def move(scene: Scene, name: str, *, line: str, territory: str, by: str = "sunita", seen: str | None = None) -> OrgUnit:
    unit = scene.unit(name)
    return move_unit(
        unit,
        line_parent=scene.unit(line),
        territory_parent=scene.unit(territory),
        seen=seen or version_of(unit),
        by=scene.actors[by],
        at=AT,
    )


def create(scene: Scene, name: str, *, line: str, territory: str, kind: UnitKind = UnitKind.OFFICE) -> OrgUnit:
    made = create_unit(
        kind,
        name_hi=f"इकाई {name}",
        name_en=name,
        line_parent=scene.unit(line),
        territory_parent=scene.unit(territory),
        by=scene.actors["sunita"],
        at=AT,
    )
    scene.units[name] = made
    return made


def close(scene: Scene, name: str, *, on: date = TODAY, by: str = "sunita", seen: str | None = None) -> OrgUnit:
    unit = scene.unit(name)
    return close_unit(unit, on=on, seen=seen or version_of(unit), by=scene.actors[by], at=AT)


def rename(scene: Scene, name: str, hi: str, en: str, *, since: date | None = None, seen: str | None = None) -> OrgUnit:
    unit = scene.unit(name)
    return rename_unit(
        unit, name_hi=hi, name_en=en, since=since, seen=seen or version_of(unit), by=scene.actors["sunita"], at=AT
    )


def wrong_places() -> list[str]:
    """Units whose paths, department, district or division are not those that follow from their parents."""
    units = {unit.id: unit for unit in OrgUnit.select()}

    def road(unit: OrgUnit, parent: str) -> list[OrgUnit]:
        above = units.get(getattr(unit, parent))
        return [*(road(above, parent) if above else []), unit]

    def last(units: list[OrgUnit], kind: UnitKind) -> int | None:
        return next((one.id for one in reversed(units) if one.kind == kind), None)

    wrong = []
    for unit in units.values():
        line, territory = road(unit, "line_parent_id"), road(unit, "territory_parent_id")
        wanted = (
            "".join(f"/{one.id}" for one in line) + "/",
            "".join(f"/{one.id}" for one in territory) + "/",
            last(line, UnitKind.DEPARTMENT),
            last(territory, UnitKind.DISTRICT),
            last(territory, UnitKind.DIVISION),
        )
        found = (unit.line_path, unit.territory_path, unit.department_id, unit.district_id, unit.division_id)
        wrong += [] if found == wanted else [f"{unit.name_en}: {found}, not {wanted}"]
    return wrong


# Each verb


def test_a_district_moves_to_another_division_with_all_that_stands_in_it(scene):
    move(scene, "raipur", line="state", territory="south")

    office, entry = scene.unit("health_office"), TrailEntry.select().order_by(TrailEntry.id.desc()).first()
    assert wrong_places() == []
    assert (office.division_id, office.district_id) == (scene.units["south"].id, scene.units["raipur"].id)
    assert (entry.action, entry.subject_id) == ("org_unit.move", scene.units["raipur"].id)
    assert entry.change["territory_parent"] == [scene.units["north"].id, scene.units["south"].id]
    assert "line_parent" not in entry.change
    assert broken_link() is None


def test_a_directorate_moves_to_another_department_with_its_offices(scene):
    create(scene, "Branch", line="directorate", territory="bastar")
    create(scene, "Desk", line="Branch", territory="raipur")

    move(scene, "directorate", line="revenue", territory="raipur")

    assert wrong_places() == []
    assert {scene.unit(name).department_id for name in ("directorate", "Branch", "Desk")} == {scene.units["revenue"].id}


def test_nothing_hangs_below_itself_below_what_is_closed_or_where_its_kind_cannot(scene):
    create(scene, "Branch", line="health_office", territory="raipur")
    create(scene, "Empty", line="health", territory="raipur")
    close(scene, "Empty")

    refused = {}
    for place in ("Branch", "Empty", "state", "raipur"):
        with pytest.raises(RuleBroken) as error:
            move(scene, "health_office", line=place, territory="raipur")
        refused[place] = codes_of(error)

    assert refused == {
        "Branch": ["unit_below_itself"],
        "Empty": ["unit_parent_closed"],
        "state": ["unit_parent_kind"],
        "raipur": ["unit_parent_kind"],
    }
    assert wrong_places() == []


@pytest.mark.parametrize(("name", "code"), [("state", "unit_is_root"), ("health", "unit_stands_fast")])
def test_what_has_one_place_only_stays_there(scene, name, code):
    with pytest.raises(RuleBroken) as error:
        move(scene, name, line="state", territory="state")

    assert codes_of(error) == [code]


def test_two_units_that_a_roster_could_not_tell_apart_are_refused(scene):
    with pytest.raises(RuleBroken) as twice:
        create(scene, "Health Office, Raipur", line="health", territory="raipur")
    with pytest.raises(RuleBroken) as department:
        create(scene, "Health", line="state", territory="state", kind=UnitKind.DEPARTMENT)
    create(scene, "Health Office, Raipur", line="health", territory="bastar")
    with pytest.raises(RuleBroken) as moved:
        move(scene, "Health Office, Raipur", line="health", territory="raipur")

    assert [codes_of(error) for error in (twice, department, moved)] == [["unit_name_taken"]] * 3


def test_an_old_name_is_kept_with_its_last_day_and_a_corrected_spelling_leaves_none(scene):
    rename(scene, "health_office", "स्वास्थ्य कार्यालय", "Health Office, Raipur City", since=date(2026, 4, 1))
    rename(scene, "health_office", "स्वास्थ्य कार्यालय, रायपुर", "Health Office, Raipur City")

    [former] = queries.former_names(scene.unit("health_office"))
    acts = [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id)]
    assert (former.name_en, former.ended_on) == ("Health Office, Raipur", date(2026, 4, 1))
    assert acts == ["org_unit.rename", "org_unit.correct"]


def test_names_do_not_begin_tomorrow_nor_before_the_last_ones(scene):
    rename(scene, "health_office", "एक", "One", since=date(2026, 4, 1))

    with pytest.raises(RuleBroken) as early:
        rename(scene, "health_office", "दो", "Two", since=date(2026, 3, 31))
    with pytest.raises(RuleBroken) as late:
        rename(scene, "health_office", "दो", "Two", since=TODAY + timedelta(days=1))
    with pytest.raises(RuleBroken) as same:
        rename(scene, "health_office", "एक", "One")

    assert [codes_of(error) for error in (early, late, same)] == [
        ["unit_day_before_last"],
        ["unit_day_in_future"],
        ["unit_name_unchanged"],
    ]


def test_a_unit_closes_when_nobody_serves_in_it_and_its_roles_end(scene):
    create(scene, "Empty", line="health", territory="raipur")
    user = make.make_user("Nobody")
    RoleGrant.create(user=user, role="nodal", unit=scene.units["Empty"], from_on=date(2026, 1, 1))

    close(scene, "Empty")

    assert scene.unit("Empty").closed_on == TODAY
    assert RoleGrant.get(RoleGrant.user == user).ended_at == AT
    assert actor_of(User.get_by_id(user.id), on=TODAY).grants == ()


def test_a_unit_with_units_officers_or_cases_stays_open_and_says_which(scene):
    create(scene, "Branch", line="health_office", territory="raipur")
    request_name(scene.officers["asha"], Names("आशा देवी", "Asha Devi"), why="x", by=scene.actors["asha"], at=AT)

    with pytest.raises(RuleBroken) as error:
        close(scene, "health_office")

    assert {one.code: one.facts["count"] for one in error.value.reasons} == {
        "unit_has_units": 1,
        "unit_has_officers": 4,
        "unit_has_cases": 1,
    }
    assert scene.unit("health_office").closed_on is None


def test_a_posting_that_ends_on_the_last_day_does_not_keep_a_unit_open(scene):
    Posting.update(to_on=TODAY).where(Posting.unit == scene.units["revenue_office"]).execute()

    with pytest.raises(RuleBroken):
        close(scene, "revenue_office", on=TODAY - timedelta(days=1))
    with pytest.raises(RuleBroken) as future:
        close(scene, "revenue_office", on=TODAY + timedelta(days=1))
    close(scene, "revenue_office")

    assert codes_of(future) == ["unit_day_in_future"]


def test_a_closed_unit_opens_again_where_it_stood_unless_what_is_above_is_closed(scene):
    create(scene, "Parent", line="health", territory="raipur")
    create(scene, "Child", line="Parent", territory="raipur")
    close(scene, "Child")
    close(scene, "Parent")
    reopen = lambda name: reopen_unit(  # noqa: E731
        scene.unit(name), seen=version_of(scene.unit(name)), by=scene.actors["sunita"], at=LATER
    )

    with pytest.raises(RuleBroken) as error:
        reopen("Child")
    reopen("Parent")
    reopen("Child")

    assert codes_of(error) == ["unit_parent_closed"]
    assert (scene.unit("Parent").closed_on, scene.unit("Child").closed_on) == (None, None)


@pytest.mark.parametrize("who", ["ravi", "meena", "thomas", "devendra", "asha"])
def test_only_gad_changes_the_structure(scene, who):
    with pytest.raises(NotAllowed):
        move(scene, "raipur", line="state", territory="south", by=who)
    with pytest.raises(NotAllowed):
        close(scene, "directorate", by=who)

    assert TrailEntry.select().count() == 0


def test_a_page_drawn_from_an_older_state_changes_nothing(scene):
    seen = version_of(scene.unit("raipur"))
    rename(scene, "raipur", "रायपुर जिला", "Raipur", seen=seen)

    with pytest.raises(WrongState):
        move(scene, "raipur", line="state", territory="south", seen=seen)
    with pytest.raises(WrongState):
        close(scene, "raipur", seen=seen)

    assert scene.unit("raipur").division_id == scene.units["north"].id


# What the past and the open cases become


def test_a_case_opened_before_a_move_is_seen_by_old_and_own_hands_and_by_nobody_new(scene):
    asha, office = scene.officers["asha"], scene.units["health_office"]
    claim = make.make_achievement(asha, None, date(2026, 3, 1), state="submitted")
    Achievement.update(line_path=office.line_path, territory_path=office.territory_path).execute()

    move(scene, "health_office", line="revenue", territory="bastar")

    over = lambda unit: Actor(99, "who", None, (Grant(Role.NODAL, scene.unit(unit).line_path),))  # noqa: E731
    sees = {
        name: [one.id for one in achievements.achievements_for(over(name))]
        for name in ("health", "health_office", "revenue", "gad", "state")
    }
    assert sees == {"health": [claim.id], "health_office": [claim.id], "revenue": [], "gad": [], "state": [claim.id]}
    assert reviewing.verify(claim, by=over("health_office"), at=LATER).state == "verified"


def test_a_case_opened_after_the_move_is_the_new_departments(scene):
    move(scene, "health_office", line="revenue", territory="bastar")

    case = request_name(scene.officers["asha"], Names("आशा देवी", "Asha Devi"), why="x", by=scene.actors["asha"], at=AT)

    waiting = {who: [one.id for one in queries.corrections_to_review(scene.actors[who])] for who in ("ravi", "imran")}
    assert waiting == {"ravi": [], "imran": [case.id]}


# Any order of changes

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["move", "move", "rename", "close", "reopen", "create"]),
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=25,
)


@given(STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_every_path_is_the_one_that_follows_from_the_parents(scene, steps):
    with database.atomic() as trial:
        done = sum(_try(scene, number, *step) for number, step in enumerate(steps))
        acts = TrailEntry.select().where(TrailEntry.subject == "org_unit").count()

        assert wrong_places() == []
        assert acts == done
        assert OrgUnit.select().where(OrgUnit.closed_on.is_null() & _above_is_closed()).count() == 0
        trial.rollback()


def _try(scene: Scene, number: int, verb: str, which: int, line: int, territory: int) -> bool:
    """Take a step that may be refused; whether it was taken."""
    units = list(OrgUnit.select().order_by(OrgUnit.id))
    unit, above, around = (units[pick % len(units)] for pick in (which, line, territory))
    told = {"seen": version_of(unit), "by": SYSTEM, "at": AT}
    acts = {
        "move": lambda: move_unit(unit, line_parent=above, territory_parent=around, **told),
        "rename": lambda: rename_unit(unit, name_hi="नाम", name_en=f"Unit {number}", **told),
        "close": lambda: close_unit(unit, on=TODAY, **told),
        "reopen": lambda: reopen_unit(unit, **told),
        "create": lambda: create_unit(
            UnitKind.OFFICE,
            name_hi="नई",
            name_en=f"New {number}",
            line_parent=above,
            territory_parent=around,
            by=SYSTEM,
            at=AT,
        ),
    }
    try:
        acts[verb]()
    except KarmyogiError:
        return False
    return True


def _above_is_closed() -> peewee.Expression:
    closed = OrgUnit.alias()
    return peewee.fn.EXISTS(
        closed.select(closed.id).where(
            closed.closed_on.is_null(False)
            & ((closed.id == OrgUnit.line_parent) | (closed.id == OrgUnit.territory_parent))
        )
    )


def test_sealed_months_still_prove_after_the_structure_has_changed(imported_db):
    month = Month(2026, 1)
    scores.run_month(month, by=SYSTEM)
    scores.seal_month(month, by=SYSTEM)
    office = OrgUnit.select().where(OrgUnit.kind == "office").order_by(OrgUnit.id).first()
    department = OrgUnit.select().where((OrgUnit.kind == "department") & (OrgUnit.id != office.department_id)).first()

    moved = move_unit(
        office,
        line_parent=department,
        territory_parent=office.territory_parent,
        seen=version_of(office),
        by=SYSTEM,
    )
    rename_unit(moved, name_hi="नया नाम", name_en="New name", since=date(2026, 2, 1), seen=version_of(moved), by=SYSTEM)

    proof = scores.verify_seals()
    assert (proof.months, proof.faults) == (("2026-01",), ())
    assert wrong_places() == []


# Two at once


@pytest.fixture(scope="module")
def pool():
    with runners(4) as pool:
        yield pool


def move_by_id(unit_id: int, line_id: int, territory_id: int, seen: str, by: Actor) -> str:
    one = OrgUnit.get_by_id
    moved = move_unit(
        one(unit_id), line_parent=one(line_id), territory_parent=one(territory_id), seen=seen, by=by, at=AT
    )
    return str(moved.division_id)


def test_of_four_who_move_one_unit_at_once_one_moves_it(db, scene, pool):
    unit, ids = scene.unit("health_office"), {name: unit.id for name, unit in scene.units.items()}
    tasks = [
        (unit.id, ids["health"], ids["bastar"], version_of(unit), scene.actors[who]) for who in ("sunita", "kabir")
    ]

    said = all_at_once(pool, db, move_by_id, tasks * 2)

    assert sorted(said) == [str(ids["south"]), "unit_changed", "unit_changed", "unit_changed"]
    assert wrong_places() == []
    assert TrailEntry.select().where(TrailEntry.action == "org_unit.move").count() == 1
    assert broken_link() is None


def test_a_unit_and_what_is_above_it_moved_at_once_both_arrive(db, scene, pool):
    create(scene, "Branch", line="directorate", territory="raipur")
    ids = {name: unit.id for name, unit in scene.units.items()}
    version = {name: version_of(scene.unit(name)) for name in ids}
    sunita = scene.actors["sunita"]
    tasks = [
        (ids["directorate"], ids["revenue"], ids["raipur"], version["directorate"], sunita),
        (ids["Branch"], ids["directorate"], ids["bastar"], version["Branch"], sunita),
        (ids["raipur"], ids["state"], ids["south"], version["raipur"], sunita),
        (ids["health_office"], ids["directorate"], ids["raipur"], version["health_office"], sunita),
    ]

    all_at_once(pool, db, move_by_id, tasks)

    assert wrong_places() == []
    assert TrailEntry.select().where(TrailEntry.action == "org_unit.move").count() == 4
