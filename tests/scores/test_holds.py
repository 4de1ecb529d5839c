"""A score is left out of the ranks by two people, with a reason; what was sealed so stays so."""

from datetime import timedelta

import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.home.queries.pending import Pending, pending
from karmyogi.people.models import Officer
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import queries, service
from karmyogi.scores.models import MonthlyScore, ScoreHold, ScoreLine, ScoreMonth
from karmyogi.scores.rules import SCORE_HOLD, BoardScope
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.store.transitions import steps_taken
from tests import factories as make
from tests.scores.scene import AT, JANUARY, Scene

WHY = "एक ही दिन में 40 पाठ्यक्रम"


def month() -> ScoreMonth:
    return ScoreMonth.get(ScoreMonth.month == str(JANUARY))


def propose(scene: Scene, officer: Officer, *, by: str = "sunita") -> ScoreHold:
    return service.propose_hold(officer, month(), reason=WHY, by=scene.actors[by], at=AT)


def held(scene: Scene, officer: Officer) -> ScoreHold:
    return service.confirm_hold(propose(scene, officer), by=scene.actors["rekha"], at=AT)


def ranks() -> list[tuple[int, int]]:
    rows = MonthlyScore.select(MonthlyScore.officer, MonthlyScore.rank_state).where(MonthlyScore.month == str(JANUARY))
    return sorted(rows.tuples(), key=lambda row: row[1])


def codes_of(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


@pytest.fixture
def three(scene) -> tuple[Officer, Officer, Officer]:
    """Three, two and one points."""
    officers = tuple(scene.officer(points) for points in (3, 2, 1))
    scene.run()
    return officers


def test_sunita_proposes_rekha_confirms_and_the_next_ones_move_up(scene, three):
    first, second, third = three
    case = propose(scene, first)
    scene.run()
    before = ranks()

    service.confirm_hold(case, by=scene.actors["rekha"], at=AT)
    scene.run()

    assert before == [(first.id, 1), (second.id, 2), (third.id, 3)]
    assert ranks() == [(second.id, 1), (third.id, 2)]
    assert (month().officer_count, queries.standing_of(first.id, JANUARY)) == (2, None)
    assert [line.points for line in queries.lines_of(first.id, JANUARY)] == [3]
    assert [(one.action, one.actor) for one in steps_taken(SCORE_HOLD, case)] == [
        ("hold_propose", "Sunita"),
        ("hold_confirm", "Rekha"),
    ]
    acts = TrailEntry.select().where(TrailEntry.subject == "score_hold").order_by(TrailEntry.id)
    assert [act.action for act in acts] == ["score_hold.propose", "score_hold.hold_confirm"]
    assert broken_link() is None


def test_groups_are_counted_without_whom_is_on_hold(scene):
    ten = scene.officers(10)
    scene.run()
    before = queries.group_in(JANUARY, BoardScope.DEPARTMENT, scene.health.id)

    held(scene, ten[0])
    scene.run()

    assert before.size == 10
    assert queries.group_in(JANUARY, BoardScope.DEPARTMENT, scene.health.id) is None


def test_nobody_confirms_an_own_proposal_or_in_their_own_case(scene, three):
    case = propose(scene, three[0])
    himself = Actor(9_001, "Kabir", three[0].id, (Grant(Role.GAD),))

    with pytest.raises(RuleBroken) as same:
        service.confirm_hold(case, by=scene.actors["sunita"], at=AT)
    with pytest.raises(RuleBroken) as own:
        service.confirm_hold(case, by=himself, at=AT)
    with pytest.raises(RuleBroken) as own_proposal:
        service.propose_hold(three[0], month(), reason=WHY, by=himself, at=AT)

    assert [codes_of(one) for one in (same, own, own_proposal)] == [["same_hand"], ["own_case"], ["own_case"]]
    assert ScoreHold.get().state == "hold_proposed"


@pytest.mark.parametrize("who", ["ravi", "meena", "thomas", "asha", "rekha"])
def test_only_gad_proposes(scene, three, who):
    with pytest.raises(NotAllowed):
        propose(scene, three[0], by=who)


def test_a_hold_needs_a_reason_and_stands_once(scene, three):
    with pytest.raises(RuleBroken) as silent:
        service.propose_hold(three[0], month(), reason="  ", by=scene.actors["sunita"], at=AT)
    propose(scene, three[0])
    with pytest.raises(RuleBroken) as twice:
        propose(scene, three[0])

    assert (codes_of(silent), codes_of(twice)) == (["hold_reason_missing"], ["hold_already_there"])


def test_a_dismissed_proposal_changes_nothing_and_makes_room(scene, three):
    case = propose(scene, three[0])

    service.dismiss_hold(case, by=scene.actors["sunita"], remark="भूल से", at=AT)
    again = propose(scene, three[0])

    assert (ScoreHold.get_by_id(case.id).state, again.state) == ("hold_dismissed", "hold_proposed")
    assert JobRun.select().count() == 0


def test_a_released_score_is_ranked_again(scene, three):
    first = three[0]
    before = month().run_id
    case = held(scene, first)
    scene.run()
    with pytest.raises(RuleBroken) as silent:
        service.release_hold(case, by=scene.actors["sunita"], remark="", at=AT)

    service.release_hold(case, by=scene.actors["sunita"], remark="जाँच पूरी", at=AT)
    scene.run()

    assert (codes_of(silent), ranks()[0], month().run_id) == (["remark_needed"], (first.id, 1), before)


def test_confirming_and_releasing_ask_for_the_month_to_be_computed(scene, three):
    first, second, third = three
    case = held(scene, first)

    work_off_queue(at=now())
    without = ranks()
    service.release_hold(case, by=scene.actors["rekha"], remark="जाँच पूरी", at=AT + timedelta(seconds=1))
    work_off_queue(at=now())

    assert without == [(second.id, 1), (third.id, 2)]
    assert ranks() == [(first.id, 1), (second.id, 2), (third.id, 3)]


def test_a_hold_of_another_month_or_a_proposal_alone_leaves_the_ranks(scene, three):
    scene.earn(three[0], 1, month=Month(2026, 2))
    scene.run(Month(2026, 2))
    february = ScoreMonth.get(ScoreMonth.month == "2026-02")
    case = service.propose_hold(three[0], february, reason=WHY, by=scene.actors["sunita"], at=AT)
    service.confirm_hold(case, by=scene.actors["rekha"], at=AT)
    propose(scene, three[1])

    scene.run()

    assert [officer_id for officer_id, _rank in ranks()] == [one.id for one in three]


def seal(scene: Scene) -> None:
    service.propose_seal(JANUARY, by=scene.actors["sunita"], at=AT)
    service.seal_month(JANUARY, by=scene.actors["rekha"], at=AT)


def test_a_month_is_not_sealed_with_ranks_from_before_the_hold(scene, three):
    held(scene, three[0])

    with pytest.raises(RuleBroken) as refused:
        service.propose_seal(JANUARY, by=scene.actors["sunita"], at=AT)

    assert codes_of(refused) == ["month_is_stale"]


def test_a_sealed_month_remembers_and_a_later_release_changes_no_byte_of_it(scene, three):
    first, second, _third = three
    case = held(scene, first)
    scene.run()
    seal(scene)
    before = month().seal

    service.release_hold(case, by=scene.actors["sunita"], remark="जाँच पूरी", at=AT + timedelta(days=1))

    assert (month().seal, service.verify_seals().faults) == (before, ())
    assert [queries.months_left_out(one.id, "2025-04", "2026-03") for one in (first, second)] == [["2026-01"], []]
    assert queries.months_left_out(first.id, "2026-02", "2026-03") == []


def test_a_score_smuggled_into_a_month_sealed_without_it_is_found(scene, three):
    held(scene, three[0])
    scene.run()
    seal(scene)

    smuggled = {"officer": three[0], "points": 3, "unit": scene.clinic, "rank_state": 1}
    MonthlyScore.insert(month=str(JANUARY), run=month().run, **smuggled).execute()

    assert [fault.code for fault in service.verify_seals().faults] == ["seal_score_wrong"]


def test_a_sealed_month_can_neither_be_held_nor_confirmed(scene, three):
    case = propose(scene, three[0])
    seal(scene)

    with pytest.raises(RuleBroken) as confirmed:
        service.confirm_hold(case, by=scene.actors["rekha"], at=AT)
    with pytest.raises(RuleBroken) as proposed:
        propose(scene, three[1])

    assert (codes_of(confirmed), codes_of(proposed)) == (["month_is_sealed"], ["month_is_sealed"])
    assert queries.months_left_out(three[0].id, "2025-04", "2026-03") == []


def test_a_proposal_to_seal_lapses_when_a_hold_changes_the_ranks(scene, three):
    service.propose_seal(JANUARY, by=scene.actors["sunita"], at=AT)

    held(scene, three[0])
    scene.run()

    assert month().state == "provisional"


def test_the_hold_of_a_record_that_gave_way_is_that_of_the_person(scene, three):
    first, second, third = three
    held(scene, first)
    stands = make.make_officer(unit=scene.clinic)
    Officer.update(merged_into=stands).where(Officer.id == first.id).execute()

    scene.run()

    assert ranks() == [(second.id, 1), (third.id, 2)]
    assert [line.points for line in queries.lines_of(stands.id, JANUARY)] == [3]
    assert [one.month for one in queries.holds_told(stands.id)] == ["2026-01"]


def test_the_officer_is_told_of_what_was_confirmed_and_of_nothing_else(scene, three):
    case = propose(scene, three[0])
    proposed = queries.holds_told(three[0].id)

    service.confirm_hold(case, by=scene.actors["rekha"], at=AT)

    assert (proposed, [one.reason for one in queries.holds_told(three[0].id)]) == ([], [WHY])
    assert queries.holds_told(three[1].id) == []


def test_holds_are_read_in_the_unit_and_a_proposal_waits_for_a_second_person_alone(scene, three):
    case = propose(scene, three[0])

    seen = {who: [one.id for one in queries.holds_for(scene.actors[who])] for who in scene.actors}
    assert {who for who, found in seen.items() if found == [case.id]} == {"ravi", "meena", "sunita", "rekha", "thomas"}
    waits = {who: pending(actor, on=AT.date()) for who, actor in scene.actors.items()}
    assert Pending("holds", 1, AT.date()) in waits["rekha"]
    assert [who for who, found in waits.items() if any(one.code == "holds" for one in found)] == ["rekha"]


def test_a_step_is_taken_once(scene, three):
    case = held(scene, three[0])

    with pytest.raises(WrongState):
        service.confirm_hold(case, by=SYSTEM, at=AT)


def test_lines_stay_and_the_export_has_only_whom_is_ranked(scene, three):
    held(scene, three[0])
    scene.run()

    assert ScoreLine.select().where(ScoreLine.month == str(JANUARY)).count() == 3
    assert [one.total for one in sorted(queries.exported(JANUARY), key=lambda one: one.total)] == [1, 2]
