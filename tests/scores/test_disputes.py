"""An officer objects to a line of a month, the unit answers, GAD decides; nobody in their own case or twice."""

from datetime import UTC, date, datetime, timedelta

import peewee
import pytest

from karmyogi.achievements.models import Achievement
from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.home.queries.deadlines import deadlines
from karmyogi.home.queries.pending import Pending, pending
from karmyogi.home.queries.structure import open_cases_in
from karmyogi.people.models import Officer
from karmyogi.scores import queries, service
from karmyogi.scores.models import Dispute, ScoreMonth
from karmyogi.scores.rules import DISPUTE, last_day
from karmyogi.scores.service import Complaint
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.store.transitions import steps_taken
from tests import factories as make
from tests.scores.scene import AT, JANUARY, Scene

ON = date(2026, 3, 5)
WORDS = "12 जनवरी का सत्र छूट गया है"


def officer_and_self(scene: Scene, *, unit=None, role: Role | None = None) -> tuple[Officer, Actor]:
    officer = scene.officer(2, unit=unit)
    scene.run()
    grants = (Grant(Role.EMPLOYEE), *([Grant(role, scene.health.line_path)] if role else ()))
    return officer, Actor(77_000 + officer.id, "Asha Sahu", officer.id, grants)


def month() -> ScoreMonth:
    return ScoreMonth.get(ScoreMonth.month == str(JANUARY))


def dispute(officer: Officer, by: Actor, *, words: str = WORDS, at: datetime = AT, **facts: object) -> Dispute:
    return service.raise_dispute(
        officer, month(), Complaint(facts.pop("code", "session"), words, **facts), by=by, at=at
    )


def codes_of(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


def test_asha_objects_ravi_agrees_and_sunita_upholds_it(scene):
    asha, herself = officer_and_self(scene)

    case = dispute(asha, herself, reference="आदेश 12/2026")
    answered = service.answer_dispute(case, "agree", by=scene.actors["ravi"], remark="उपस्थित थीं", at=AT)
    decided = service.decide_dispute(answered, "uphold", by=scene.actors["sunita"], remark="सूची में नाम है", at=AT)

    stored = Dispute.get_by_id(case.id)
    assert (case.answer_by, answered.decide_by, decided.state) == (date(2026, 3, 20), date(2026, 3, 20), "upheld")
    assert (stored.state, stored.label_hi, stored.words, stored.ended_at) == ("upheld", "सत्र में उपस्थिति", WORDS, AT)
    assert [(one.action, one.actor, one.remark) for one in steps_taken(DISPUTE, stored)] == [
        ("raise", "Asha Sahu", WORDS),
        ("agree", "Ravi", "उपस्थित थीं"),
        ("uphold", "Sunita", "सूची में नाम है"),
    ]
    told = [e.action for e in TrailEntry.select().where(TrailEntry.subject == "dispute").order_by(TrailEntry.id)]
    assert told == ["dispute.raise", "dispute.agree", "dispute.uphold"]
    assert broken_link() is None


def test_a_decision_changes_no_row_of_the_month(scene):
    asha, herself = officer_and_self(scene)
    service.propose_seal(JANUARY, by=scene.actors["sunita"], at=AT)
    service.seal_month(JANUARY, by=scene.actors["rekha"], at=AT)
    before = month().seal

    case = service.answer_dispute(dispute(asha, herself), "agree", by=scene.actors["ravi"], remark="हाँ", at=AT)
    service.decide_dispute(case, "uphold", by=scene.actors["sunita"], remark="हाँ", at=AT)

    proof = service.verify_seals()

    assert (month().seal, proof.faults) == (before, ())
    assert queries.standing_of(asha.id, JANUARY).points == 2


def test_a_line_that_gave_nothing_can_be_disputed_but_none_that_the_policy_does_not_have(scene):
    quiet = make.make_officer(unit=scene.clinic)
    officer_and_self(scene)
    by = Actor(5, "Quiet", quiet.id, (Grant(Role.EMPLOYEE),))

    case = dispute(quiet, by)
    with pytest.raises(RuleBroken) as refused:
        dispute(quiet, by, code="thanks")

    assert (case.state, codes_of(refused)) == ("raised", ["dispute_line_unknown"])


def test_one_dispute_of_a_line_is_open_at_a_time_and_a_withdrawn_one_makes_room(scene):
    asha, herself = officer_and_self(scene)
    case = dispute(asha, herself)

    with pytest.raises(RuleBroken) as refused:
        dispute(asha, herself)
    service.withdraw_dispute(case, by=herself, at=AT)
    again = dispute(asha, herself)

    assert (codes_of(refused), again.state) == (["dispute_already_open"], "raised")


def test_two_windows_at_once_open_one_dispute(scene):
    asha, herself = officer_and_self(scene)
    case = dispute(asha, herself)
    twin = dict(case.__data__, id=None)

    with pytest.raises(peewee.IntegrityError):
        Dispute.insert(twin).execute()


def test_without_words_or_with_too_many_nothing_is_sent(scene):
    asha, herself = officer_and_self(scene)

    with pytest.raises(RuleBroken) as silent:
        dispute(asha, herself, words="  ")
    with pytest.raises(RuleBroken) as endless:
        dispute(asha, herself, words="क" * 1001, reference="x" * 151)

    assert codes_of(silent) == ["dispute_words_missing"]
    assert codes_of(endless) == ["dispute_text_too_long"] * 2
    assert Dispute.select().count() == 0


def test_evidence_is_an_achievement_of_ones_own(scene):
    asha, herself = officer_and_self(scene)
    own = make.make_achievement(asha, None, ON, state="verified")
    other = make.make_achievement(scene.officer(1), None, ON, state="verified")

    with pytest.raises(RuleBroken) as refused:
        dispute(asha, herself, achievement=other)
    case = dispute(asha, herself, achievement=own)

    assert (codes_of(refused), case.achievement_id) == (["dispute_evidence_not_own"], own.id)
    assert [one.id for one in queries.evidence_of(asha.id, limit=9)] == [own.id]
    assert Achievement.select().count() == 2


def test_nobody_objects_for_somebody_else(scene):
    asha, _herself = officer_and_self(scene)
    _other, himself = officer_and_self(scene)

    for actor in (himself, scene.actors["ravi"], scene.actors["sunita"]):
        with pytest.raises(NotAllowed):
            dispute(asha, actor)


def test_nobody_answers_or_decides_in_their_own_case(scene):
    ravi, himself = officer_and_self(scene, role=Role.NODAL)
    case = dispute(ravi, himself)

    with pytest.raises(RuleBroken) as refused:
        service.answer_dispute(case, "agree", by=himself, remark="हाँ", at=AT)

    assert codes_of(refused) == ["own_case", "same_hand"]


def test_who_answered_does_not_decide_and_the_unit_never_decides(scene):
    asha, herself = officer_and_self(scene)
    case = service.answer_dispute(dispute(asha, herself), "disagree", by=scene.actors["sunita"], remark="नहीं", at=AT)

    with pytest.raises(RuleBroken) as refused:
        service.decide_dispute(case, "decline", by=scene.actors["sunita"], remark="नहीं", at=AT)
    with pytest.raises(NotAllowed):
        service.decide_dispute(case, "decline", by=scene.actors["ravi"], remark="नहीं", at=AT)

    assert codes_of(refused) == ["same_hand"]


def test_each_step_needs_a_reason_and_its_turn(scene):
    asha, herself = officer_and_self(scene)
    case = dispute(asha, herself)

    with pytest.raises(RuleBroken) as silent:
        service.answer_dispute(case, "agree", by=scene.actors["ravi"], remark=" ", at=AT)
    with pytest.raises(WrongState):
        service.decide_dispute(case, "uphold", by=scene.actors["sunita"], remark="हाँ", at=AT)

    assert codes_of(silent) == ["remark_needed"]


def test_another_departments_nodal_officer_sees_and_answers_nothing(scene):
    asha, herself = officer_and_self(scene)
    case, imran = dispute(asha, herself), scene.actors["imran"]

    with pytest.raises(NotAllowed):
        service.answer_dispute(case, "agree", by=imran, remark="हाँ", at=AT)

    assert list(queries.disputes_for(imran)) == list(queries.disputes_waiting(imran, on=ON)) == []
    assert [one.id for one in queries.disputes_for(scene.actors["ravi"])] == [case.id]
    assert [one.id for one in queries.disputes_for(herself)] == [case.id]
    assert list(queries.disputes_for(scene.actors["meena"])) == []


def waiting(scene: Scene, who: str, on: date = ON) -> list[int]:
    return [one.id for one in queries.disputes_waiting(scene.actors[who], on=on)]


def test_what_waits_moves_from_the_unit_to_the_state(scene):
    asha, herself = officer_and_self(scene)
    case = dispute(asha, herself)
    at_first = waiting(scene, "ravi"), waiting(scene, "sunita")

    service.answer_dispute(case, "agree", by=scene.actors["ravi"], remark="हाँ", at=AT)

    assert at_first == ([case.id], [])
    assert (waiting(scene, "ravi"), waiting(scene, "sunita")) == ([], [case.id])


def test_what_a_unit_lets_pass_waits_for_the_state_from_the_day_after(scene):
    asha, herself = officer_and_self(scene)
    case = dispute(asha, herself)

    assert (case.answer_by, last_day(ON)) == (date(2026, 3, 20), date(2026, 3, 20))
    assert [waiting(scene, "sunita", on) for on in (date(2026, 3, 20), date(2026, 3, 21))] == [[], [case.id]]
    assert [case.is_late(on) for on in (date(2026, 3, 20), date(2026, 3, 21))] == [False, True]


def test_without_a_posting_the_state_answers_at_once(scene):
    asha = make.make_officer()
    officer_and_self(scene)

    case = dispute(asha, Actor(5, "Asha", asha.id, (Grant(Role.EMPLOYEE),)))

    assert (waiting(scene, "ravi"), waiting(scene, "sunita")) == ([], [case.id])


def test_the_late_ones_stand_first(scene):
    asha, herself = officer_and_self(scene)
    ravi, himself = officer_and_self(scene)
    later = dispute(asha, herself, at=AT)
    earlier = dispute(ravi, himself, at=AT - timedelta(days=20))

    assert waiting(scene, "ravi") == [earlier.id, later.id]


def test_an_hour_before_midnight_in_india_is_still_that_day(scene):
    asha, herself = officer_and_self(scene)

    case = dispute(asha, herself, at=datetime(2026, 3, 5, 18, 29, tzinfo=UTC))

    assert case.answer_by == date(2026, 3, 20)


def test_the_front_page_counts_them_and_names_the_last_day(scene):
    asha, herself = officer_and_self(scene)
    case, late = dispute(asha, herself), date(2026, 3, 25)

    assert pending(scene.actors["ravi"], on=ON) == [Pending("disputes", 1, ON)]
    assert [(one.what, one.on, one.key) for one in deadlines(scene.actors["ravi"], on=late)] == [
        ("dispute", date(2026, 3, 20), case.id)
    ]
    assert pending(scene.actors["imran"], on=late) == pending(herself, on=late) == []


def test_an_open_dispute_keeps_its_unit_open_and_a_decided_one_does_not(scene):
    asha, herself = officer_and_self(scene)
    case = dispute(asha, herself)
    before = [(one.code, one.count) for one in open_cases_in(scene.clinic)]

    service.withdraw_dispute(case, by=herself, at=AT)

    assert (before, open_cases_in(scene.clinic)) == ([("dispute", 1)], [])
