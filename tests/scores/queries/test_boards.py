"""Boards: shared ranks, groups large enough, pages by key, the month before, and nobody outside one's reach."""

from datetime import date

import pytest

from karmyogi.core.permissions import NOBODY, SYSTEM
from karmyogi.people.models import Officer, Posting
from karmyogi.people.queries import Narrowing
from karmyogi.people.service import keep_words
from karmyogi.scores import queries
from karmyogi.scores.queries import Neighbour
from karmyogi.scores.rules import BoardScope, Peers, shared_ranks
from tests import factories as make
from tests.scores.scene import FEBRUARY, JANUARY, Scene

OFFICE, DISTRICT, DIVISION = BoardScope.OFFICE, BoardScope.DISTRICT, BoardScope.DIVISION
DEPARTMENT, STATE = BoardScope.DEPARTMENT, BoardScope.STATE


def board(scene: Scene, scope: BoardScope, unit, *, month=JANUARY, by=SYSTEM, state_class="", limit=50, after=None):
    group = queries.group_in(month, scope, unit.id, state_class=state_class)
    return queries.standings(month, group, by=by, limit=limit, after=after) if group else None


def test_equal_points_share_a_rank_and_stand_in_order_of_name(scene):
    scene.officers(7, name_hi="रवि")
    scene.officer(4, name_hi="थॉमस")
    scene.officer(3, name_hi="मीना")
    scene.officer(3, name_hi="आशा")
    scene.officer(2, name_hi="इमरान")
    scene.run()

    rows = board(scene, STATE, scene.state)

    assert [(row.rank, row.name_hi, row.points) for row in rows[:5]] == [
        (1, "थॉमस", 4),
        (2, "आशा", 3),
        (2, "मीना", 3),
        (4, "इमरान", 2),
        (5, "रवि", 1),
    ]
    assert [row.rank for row in rows[4:]] == [5] * 7


def test_an_officer_without_a_hindi_name_stands_by_the_english_one(scene):
    scene.officers(9, name_hi="रवि")
    scene.officer(1, name_hi="", name_en="Zoya Khan")
    scene.officer(1, name_hi="", name_en="Asha Sahu")
    scene.run()

    assert [row.name_en for row in board(scene, STATE, scene.state)[:2]] == ["Asha Sahu", "Zoya Khan"]


@pytest.mark.parametrize(
    ("count", "shown"), [(9, Peers(DEPARTMENT)), (10, Peers(DEPARTMENT, "I")), (11, Peers(DEPARTMENT, "I"))]
)
def test_a_class_of_nine_is_shown_with_all_classes_and_one_of_ten_by_itself(scene, count, shown):
    scene.officers(count, state_class="I")
    scene.officers(12, state_class="III")
    scene.run()

    group = queries.group_in(JANUARY, DEPARTMENT, scene.health.id, state_class="I")

    assert group.peers == shown
    assert group.size == (count if shown.state_class else count + 12)


@pytest.mark.parametrize(("count", "shown"), [(9, STATE), (10, DEPARTMENT), (11, DEPARTMENT)])
def test_a_department_of_nine_is_shown_in_the_state(scene, count, shown):
    scene.officers(count)
    scene.officers(5, unit=scene.tehsil)
    scene.run()

    assert queries.group_in(JANUARY, DEPARTMENT, scene.health.id).scope is shown


def test_an_office_is_merged_into_its_district_then_division_then_state(scene):
    scene.officers(4)
    scene.officers(6, unit=scene.tehsil)
    scene.officers(9, unit=scene.hospital)
    scene.run()

    in_raipur = queries.group_in(JANUARY, OFFICE, scene.clinic.id, state_class="III")
    in_durg = queries.group_in(JANUARY, OFFICE, scene.hospital.id)

    assert (in_raipur.peers, in_raipur.unit_en, in_raipur.size) == (Peers(DISTRICT), "Raipur", 10)
    assert (in_durg.peers, in_durg.unit_en, in_durg.size) == (Peers(DIVISION), "Raipur Division", 19)


def test_a_state_of_nine_has_no_board_at_all(scene):
    scene.officers(9)
    scene.run()

    assert queries.group_in(JANUARY, STATE, scene.state.id) is None


@pytest.mark.parametrize("scope", [OFFICE, DISTRICT, DIVISION, DEPARTMENT, STATE])
@pytest.mark.parametrize("state_class", ["", "III"])
def test_every_board_has_exactly_its_members_with_ranks_among_them(scene, scope, state_class):
    for points in (3, 2, 2, 1):
        scene.officers(4, points=points)
        scene.officers(3, points=points, unit=scene.hospital)
        scene.officers(3, points=points + 1, unit=scene.tehsil, state_class="I")
    scene.run()
    unit = {OFFICE: scene.clinic, DISTRICT: scene.raipur, DIVISION: scene.division, DEPARTMENT: scene.health}.get(
        scope, scene.state
    )
    members = {OFFICE: (4, 0, 0), DISTRICT: (4, 0, 3), DEPARTMENT: (4, 3, 0)}.get(scope, (4, 3, 3))
    clinic, hospital, tehsil = members if not state_class else (*members[:2], 0)
    points = [p for p in (3, 2, 2, 1) for _ in range(clinic + hospital)]
    points += [p + 1 for p in (3, 2, 2, 1) for _ in range(tehsil)]

    rows = board(scene, scope, unit, state_class=state_class)

    assert [(row.rank, row.points) for row in rows] == sorted(zip(shared_ranks(points), points, strict=True))
    assert {row.group_size for row in rows} == {len(points)}


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_pages_by_key_give_every_standing_once_also_inside_a_tie(scene, limit):
    for name in ("आशा", "आशा", "रवि", "मीना"):
        scene.officers(2, points=2, name_hi=name)
        scene.officers(2, points=1, name_hi=name)
    scene.run()
    whole = board(scene, STATE, scene.state)

    pages, after = [], None
    while page := board(scene, STATE, scene.state, limit=limit, after=after):
        pages += page
        after = page[-1].key

    assert pages == whole
    assert len(whole) == 16


def test_the_month_before_is_compared_only_in_the_same_group(scene):
    stayed, moved, new = scene.officer(1), scene.officer(1), scene.officer(9, month=FEBRUARY)
    scene.officers(10, points=2)
    scene.officers(10, points=1, unit=scene.tehsil)
    Posting.update(to_on=JANUARY.last_on).where(Posting.officer == moved).execute()
    make.make_posting(moved, scene.tehsil, from_on=date(2026, 2, 1))
    for officer in (stayed, moved):
        scene.earn(officer, 5, month=FEBRUARY)
    scene.officers(9, month=FEBRUARY)
    scene.officers(9, month=FEBRUARY, unit=scene.tehsil)
    scene.run(JANUARY)
    scene.run(FEBRUARY)

    health = {row.officer_id: row for row in board(scene, DEPARTMENT, scene.health, month=FEBRUARY)}
    revenue = {row.officer_id: row for row in board(scene, DEPARTMENT, scene.revenue, month=FEBRUARY)}
    state = {row.officer_id: row for row in board(scene, STATE, scene.state, month=FEBRUARY)}

    assert (health[stayed.id].rank, health[stayed.id].previous_rank, health[stayed.id].change) == (2, 11, 9)
    assert (revenue[moved.id].rank, revenue[moved.id].previous_rank, revenue[moved.id].change) == (1, None, None)
    assert (state[moved.id].rank, state[moved.id].previous_rank) == (2, 11)
    assert (health[new.id].rank, health[new.id].previous_rank) == (1, None)


# Reach


def test_a_head_sees_only_officers_of_their_own_department_with_their_ranks_in_the_state(scene):
    ours = scene.officer(2)
    scene.officers(10, points=3, unit=scene.tehsil)  # must not show
    scene.run()

    rows = board(scene, STATE, scene.state, by=scene.actors["meena"])

    assert [(row.officer_id, row.rank, row.group_size) for row in rows] == [(ours.id, 11, 11)]


def test_a_nodal_officer_of_revenue_sees_nothing_of_health(scene):
    scene.officers(12)
    scene.run()

    assert board(scene, DEPARTMENT, scene.health, by=scene.actors["imran"]) == []


def test_a_collector_sees_the_district_across_departments_and_no_other_district(scene):
    in_durg = {officer.id for officer in scene.officers(10, unit=scene.hospital)}
    scene.officers(10)  # Raipur, must not show
    scene.run()

    rows = board(scene, STATE, scene.state, by=scene.actors["collector"])

    assert {row.officer_id for row in rows} == in_durg


@pytest.mark.parametrize("who", ["sunita", "rekha", "thomas"])
def test_gad_the_approver_and_the_auditor_see_the_whole_state(scene, who):
    scene.officers(6)
    scene.officers(6, unit=scene.tehsil)
    scene.run()

    assert len(board(scene, STATE, scene.state, by=scene.actors[who])) == 12


def test_an_employee_and_a_stranger_see_no_board(scene):
    scene.officers(12)
    scene.run()

    assert board(scene, STATE, scene.state, by=scene.actors["asha"]) == []
    assert board(scene, STATE, scene.state, by=NOBODY) == []


# One officer


def around_of(officer, scope=STATE):
    return queries.neighbours(queries.standing_of(officer.id, JANUARY), scope=scope)


def test_an_officer_sees_the_gaps_to_the_neighbours_and_no_names(scene):
    scene.officers(8, points=2)
    scene.officers(2, points=9)
    asha = scene.officer(5)
    scene.officer(5)
    scene.run()

    around = around_of(asha)

    assert (around.place.rank, around.place.group.size) == (3, 12)
    assert (around.points, around.ahead, around.behind) == (5, Neighbour(1, 4), Neighbour(5, 3))
    assert {name for one in (around.ahead, around.behind) for name in vars(one)} == {"rank", "gap"}


def test_the_first_has_nobody_ahead_and_the_last_nobody_behind(scene):
    first, last = scene.officer(9), scene.officer(1)
    scene.officers(10, points=5)
    scene.run()

    assert around_of(first).ahead is None
    assert around_of(last).behind is None


def test_neighbours_are_of_the_same_class_in_the_scope_asked_for(scene):
    asha = scene.officer(5, state_class="II")
    scene.officers(9, points=3, state_class="II")
    scene.officers(3, points=4, state_class="I")  # not of her class
    scene.officers(3, points=6, unit=scene.tehsil, state_class="II")  # not of her department
    scene.run()

    in_department, in_state = around_of(asha, DEPARTMENT), around_of(asha)

    assert (in_department.place.rank, in_department.ahead, in_department.behind) == (1, None, Neighbour(2, 2))
    assert (in_state.place.rank, in_state.ahead, in_state.behind) == (4, Neighbour(1, 1), Neighbour(5, 2))


def test_no_record_is_no_last_place(scene):
    asha = scene.officer(0)
    scene.officers(12)
    scene.run()

    assert queries.standing_of(asha.id, JANUARY) is None
    assert queries.history_of(asha.id) == []


def test_an_officers_places_say_with_whom_small_groups_were_merged(scene):
    asha = scene.officer(5)
    scene.officers(2, points=7)
    scene.officers(8, points=1, unit=scene.hospital)
    scene.run()

    standing = queries.standing_of(asha.id, JANUARY)

    assert standing.points == 5
    assert [
        (p.wanted.scope, p.group.scope, p.group.unit_en, p.group.state_class, p.rank, p.group.size)
        for p in standing.places
    ] == [
        (OFFICE, DIVISION, "Raipur Division", "", 3, 11),
        (DISTRICT, DIVISION, "Raipur Division", "", 3, 11),
        (DIVISION, DIVISION, "Raipur Division", "III", 3, 11),
        (DEPARTMENT, DEPARTMENT, "Health", "III", 3, 11),
        (STATE, STATE, "Chhattisgarh", "III", 3, 11),
    ]
    assert [place.is_merged for place in standing.places] == [True, True, False, False, False]


def test_an_officer_without_a_class_stands_among_all(scene):
    asha = scene.officer(5, state_class=None)
    scene.officers(10, points=7)
    scene.run()

    places = queries.standing_of(asha.id, JANUARY).places

    assert {(place.group.state_class, place.rank, place.is_merged) for place in places} == {("", 11, False)}


def test_in_a_small_state_an_officer_has_points_and_no_place(scene):
    asha = scene.officer(5)
    scene.run()

    standing = queries.standing_of(asha.id, JANUARY)

    assert (standing.points, standing.places) == (5, ())
    assert queries.neighbours(standing) is None


def test_the_first_three_ranks_are_shown_to_all_and_never_more_than_ten_rows(scene):
    scene.officers(2, points=9)
    scene.officers(15, points=8)
    scene.officers(4, points=1)
    scene.run()
    group = queries.group_in(JANUARY, STATE, scene.state.id)

    assert [row.rank for row in queries.leaders(JANUARY, group)] == [1, 1, *[3] * 8]


def test_leaders_stop_at_the_third_rank(scene):
    for points in range(1, 13):
        scene.officer(points)
    scene.run()
    clinic = queries.group_in(JANUARY, OFFICE, scene.clinic.id)

    assert [(row.rank, row.points) for row in queries.leaders(JANUARY, clinic)] == [(1, 12), (2, 11), (3, 10)]


def test_history_holds_the_months_with_a_score_newest_first(scene):
    asha = scene.officer(5)
    scene.officers(2, points=7)
    scene.earn(asha, 2, month=FEBRUARY)
    scene.run(JANUARY)
    scene.run(FEBRUARY)

    assert [(m.month, m.state, m.points, m.rank_state, m.officer_count) for m in queries.history_of(asha.id)] == [
        ("2026-02", "provisional", 2, 1, 1),
        ("2026-01", "provisional", 5, 3, 3),
    ]
    assert len(queries.history_of(asha.id, limit=1)) == 1


def test_stored_lines_carry_the_words_of_the_policy(scene):
    asha = scene.officer(3)
    scene.run()

    assert [
        (line.code, line.label_hi, line.found, line.items, line.points, line.cap)
        for line in queries.lines_of(asha.id, JANUARY)
    ] == [("session", "सत्र में उपस्थिति", 3, 3, 3, None)]


# A whole board


def test_a_board_has_as_many_rows_as_its_reader_reaches(scene):
    scene.officers(10, points=3)
    scene.officers(4, points=2, unit=scene.tehsil)
    scene.run()
    group = queries.group_in(JANUARY, STATE, scene.state.id)

    counts = {name: queries.how_many(JANUARY, group, by=actor) for name, actor in scene.actors.items()}

    assert (counts["sunita"], counts["meena"], queries.how_many(JANUARY, group, by=NOBODY)) == (14, 10, 0)


@pytest.mark.parametrize("rows", [0, 1, 3, 9, 10, 11])
def test_a_page_around_an_officer_has_so_many_rows_above_also_inside_a_tie(scene, rows):
    scene.officers(4, points=3, name_hi="रवि")
    tied = scene.officers(9, points=2, name_hi="रवि")
    scene.run()
    group, whole = queries.group_in(JANUARY, STATE, scene.state.id), board(scene, STATE, scene.state)
    asha = tied[6]
    place = [row.officer_id for row in whole].index(asha.id)

    key = queries.key_above(JANUARY, group, queries.key_of(JANUARY, group, asha.id, by=SYSTEM), rows=rows, by=SYSTEM)

    assert (key is None) == (rows >= place == 10)
    assert board(scene, STATE, scene.state, after=key) == whole[max(place - rows, 0) :]


def test_leafing_back_goes_over_the_rows_that_the_reader_may_see(scene):
    scene.officers(6, points=2, name_hi="रवि")
    scene.officers(6, points=2, unit=scene.tehsil, name_hi="फ़रह")  # not Meena's, and between hers
    scene.officers(6, points=1, name_hi="रवि")
    scene.run()
    group = queries.group_in(JANUARY, STATE, scene.state.id)
    seen = {"by": scene.actors["meena"]}
    whole = board(scene, STATE, scene.state, **seen)

    above = queries.key_above(JANUARY, group, whole[10].key, rows=4, **seen)

    assert board(scene, STATE, scene.state, after=above, limit=4, **seen) == whole[6:10]


def test_a_search_on_a_board_finds_in_both_scripts_and_by_code_from_the_top(scene):
    scene.officers(9, points=3, name_hi="रवि वर्मा", name_en="Ravi Verma")
    late, early = (scene.officer(points, name_hi="आशा साहू", name_en="Asha Sahu") for points in (1, 2))
    scene.officer(0, name_hi="आशा साहू", name_en="Asha Sahu")  # without a score
    scene.run()
    keep_words(Officer.id > 0)
    group = queries.group_in(JANUARY, STATE, scene.state.id)

    def found(text):
        return [row.officer_id for row in queries.found_on(JANUARY, group, text, by=SYSTEM)]

    assert found("आशा") == found("asha sahu") == found("Sahoo") == [early.id, late.id]
    assert found(late.employee_code) == [late.id]
    assert found("zoya") == found("") == found("%") == []


def test_a_record_that_gave_way_after_the_month_is_found_by_the_person_it_stands_for(scene):
    scene.officers(10, name_hi="रवि वर्मा", name_en="Ravi Verma")
    gone, stands = scene.officer(2, name_hi="", name_en="A Sahu"), scene.officer(0, name_en="Asha Sahu")
    scene.run()
    Officer.update(merged_into=stands).where(Officer.id == gone.id).execute()
    keep_words(Officer.id > 0)
    group = queries.group_in(JANUARY, STATE, scene.state.id)

    found = [queries.found_on(JANUARY, group, text, by=SYSTEM) for text in ("Asha Sahu", gone.employee_code)]

    assert [[row.officer_id for row in rows] for rows in found] == [[gone.id]] * 2


def test_a_search_on_a_board_finds_nobody_out_of_reach_nor_of_another_group(scene):
    scene.officers(10, name_en="Ravi Verma")
    farid = scene.officer(2, unit=scene.tehsil, name_en="Farid Khan")
    scene.run()
    keep_words(Officer.id > 0)
    whole, health = (queries.group_in(JANUARY, *of) for of in ((STATE, scene.state.id), (DEPARTMENT, scene.health.id)))

    for text in ("Farid", farid.employee_code):
        assert queries.found_on(JANUARY, whole, text, by=scene.actors["meena"]) == []
        assert queries.found_on(JANUARY, health, text, by=SYSTEM) == []
        assert queries.found_on(JANUARY, whole, text, by=scene.actors["asha"]) == []
        assert len(queries.found_on(JANUARY, whole, text, by=scene.actors["imran"])) == 1


def test_a_board_narrowed_to_a_department_or_district_keeps_the_ranks_of_the_whole_group(scene):
    scene.officers(6, points=3, unit=scene.tehsil)
    ours = scene.officers(5, points=2)
    scene.officers(3, points=1, unit=scene.hospital)
    scene.run()
    group = queries.group_in(JANUARY, STATE, scene.state.id)

    def seen(**narrowed):
        part = Narrowing(**narrowed)
        rows = queries.standings(JANUARY, group, by=SYSTEM, narrowed_by=part)
        assert len(rows) == queries.how_many(JANUARY, group, by=SYSTEM, narrowed_by=part)
        return [row.rank for row in rows]

    assert seen(department=scene.health.id) == [7] * 5 + [12] * 3
    assert seen(district=scene.raipur.id) == [1] * 6 + [7] * 5
    assert seen(department=scene.health.id, district=scene.raipur.id) == [7] * len(ours)


def test_an_officer_whom_a_board_does_not_show_has_no_place_on_it(scene):
    scene.officers(10, points=3)
    [farid] = scene.officers(1, points=2, unit=scene.tehsil)
    scene.run()
    whole, health = (queries.group_in(JANUARY, *of) for of in ((STATE, scene.state.id), (DEPARTMENT, scene.health.id)))

    places = [
        queries.key_of(JANUARY, whole, farid.id, by=scene.actors["meena"]),
        queries.key_of(JANUARY, health, farid.id, by=SYSTEM),
        queries.key_of(FEBRUARY, whole, farid.id, by=SYSTEM),
    ]

    assert places == [None, None, None]
