"""A sealed month is corrected beside itself, by two people and with a number; its own rows stay to the byte."""

from datetime import timedelta

import pytest

from karmyogi.accounts.models import RoleGrant
from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.home.queries.pending import pending
from karmyogi.people.models import Officer, Posting
from karmyogi.people.service import set_merged
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import queries, service
from karmyogi.scores.models import (
    CorrectedLine,
    CorrectedScore,
    Correction,
    CorrectionBlock,
    MonthlyScore,
    ScoreLine,
)
from karmyogi.scores.queries.basis import basis_since
from karmyogi.scores.queries.computing import clear_stage, stage_month
from karmyogi.scores.queries.differences import clear_differences, lay_differences
from karmyogi.scores.queries.facts import published_policies
from karmyogi.scores.queries.storing import write_run
from karmyogi.scores.rules import CORRECTION, Basis, Figures
from karmyogi.store import jobs
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.store.transitions import steps_taken
from tests import factories as make
from tests.scores.correcting import LATER, WHY, correct, draft, month_row, propose, seal, sealed_bytes
from tests.scores.scene import AT, JANUARY, Scene

TABLES = (CorrectedScore, CorrectedLine, CorrectionBlock)


def codes_of(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


@pytest.fixture
def three(scene) -> tuple[Officer, Officer, Officer]:
    """Three, two and one points in a sealed January."""
    officers = tuple(scene.officer(points) for points in (3, 2, 1))
    seal()
    return officers


def changed(case: Correction) -> list[tuple]:
    row = CorrectedScore
    rows = row.select(row.officer, row.points_before, row.points_after, row.rank_before, row.rank_after)
    return sorted(rows.where(row.correction == case.id).tuples())


def ranks(run: int) -> list[tuple[int, int, int]]:
    score = MonthlyScore
    rows = score.select(score.officer, score.points, score.rank_state).where(score.run == run)
    return sorted(rows.tuples(), key=lambda row: row[2])


def test_a_correction_says_who_changes_and_ranks_everybody_anew_beside_the_sealed_rows(scene, three):
    first, second, third = three
    before = sealed_bytes()
    scene.earn(third, 4)

    case = correct(scene)

    assert (case.number, case.state) == (1, "correction_approved")
    assert changed(case) == [(third.id, 1, 5, 3, 1)]
    assert Figures.read(case.figures) == Figures(up=1, moved=2)
    assert [row for row in CorrectedLine.select().tuples()] == [(case.id, third.id, "session", 1, 1, 1, 5, 5, 5)]
    assert ranks(case.run) == [(third.id, 5, 1), (first.id, 3, 2), (second.id, 2, 3)]
    assert ranks(month_row().run) == [(first.id, 3, 1), (second.id, 2, 2), (third.id, 1, 3)]
    assert sealed_bytes() == before
    assert service.verify_seals().faults == ()


def test_nobody_reads_the_corrected_rows_as_the_month(scene, three):
    third = three[2]
    scene.earn(third, 4)
    correct(scene)

    assert queries.standing_of(third.id, JANUARY).points == 1
    assert [line.points for line in queries.lines_of(third.id, JANUARY)] == [1]
    assert [month.points for month in queries.history_of(third.id)] == [1]
    assert [row.total for row in service.export_month(JANUARY)] == [3, 2, 1]


def test_a_second_correction_begins_where_the_first_ended_and_takes_the_next_number(scene, three):
    first, _second, third = three
    scene.earn(third, 4)
    one = correct(scene)
    scene.earn(first, 1)

    two = correct(scene)

    assert (two.number, two.previous, one.previous) == (2, one.hash, month_row().seal)
    assert changed(two) == [(first.id, 3, 4, 2, 2)]
    assert (two.base_run, two.base_run_id) == (one.run, one.run_id)
    assert queries.last_correction("2026-01") == two


def test_a_number_is_given_only_with_the_approval(scene, three):
    scene.earn(three[0], 1)
    service.withdraw_correction(propose(scene), by=scene.actors["sunita"], at=LATER)

    case = correct(scene)

    assert case.number == 1
    assert [one.number for one in queries.corrections_of("2026-01")] == [1, None]


def test_sunita_who_opened_it_does_not_approve_it_and_kabir_of_gad_may_not(scene, three):
    scene.earn(three[0], 1)
    case = propose(scene)
    both = Actor(scene.actors["sunita"].user_id, "Sunita", grants=(Grant(Role.GAD), Grant(Role.APPROVER)))

    with pytest.raises(RuleBroken) as same:
        service.approve_correction(case, by=both, at=LATER)
    with pytest.raises(NotAllowed):
        service.approve_correction(case, by=Actor(9, "Kabir", grants=(Grant(Role.GAD),)), at=LATER)

    assert codes_of(same) == ["same_hand"]
    assert Correction.get().state == "correction_proposed"


def test_a_draft_waits_for_gad_to_propose_it_and_then_for_the_approver(scene, three):
    def waiting(who: str) -> list[tuple[str, int]]:
        told = [(one.code, one.count) for one in pending(scene.actors[who], on=LATER.date())]
        return [one for one in told if one[0].startswith("corrections")]

    scene.earn(three[2], 1)

    drafted = draft(scene)
    assert (waiting("sunita"), waiting("rekha")) == ([("corrections_propose", 1)], [])

    service.propose_correction(drafted, by=scene.actors["sunita"], remark=WHY, at=LATER)
    assert (waiting("sunita"), waiting("rekha")) == ([], [("corrections_approve", 1)])


@pytest.mark.parametrize("who", ["ravi", "meena", "imran", "rekha", "thomas", "asha", "collector"])
def test_only_gad_opens_a_correction(scene, three, who):
    scene.earn(three[0], 1)

    with pytest.raises(NotAllowed):
        service.ask_for_correction(month_row(), by=scene.actors[who])
    with pytest.raises(NotAllowed):
        service.draft_correction(JANUARY, by=scene.actors[who])

    assert Correction.select().count() == 0
    assert not JobRun.select().where(JobRun.job == service.CORRECT).exists()


def test_a_month_that_is_open_or_comes_to_the_same_is_not_corrected(scene):
    scene.officer(1)
    scene.run()
    with pytest.raises(RuleBroken) as unsealed:
        draft(scene)
    seal()
    with pytest.raises(RuleBroken) as same:
        draft(scene)

    assert (codes_of(unsealed), codes_of(same)) == (["correction_needs_seal"], ["correction_changes_nothing"])
    assert MonthlyScore.select().count() == 1


def test_one_correction_of_a_month_is_open_at_a_time(scene, three):
    scene.earn(three[0], 1)
    draft(scene)

    with pytest.raises(RuleBroken) as twice:
        draft(scene)

    assert codes_of(twice) == ["correction_is_open"]
    assert len({row.run for row in MonthlyScore.select()}) == 2


@pytest.mark.parametrize("end", ["withdraw", "return", "lapse"])
def test_what_ends_without_approval_leaves_the_case_and_its_figures_and_no_row_of_anybody(scene, three, end):
    scene.earn(three[0], 1)
    case = propose(scene)

    if end == "withdraw":
        ended = service.withdraw_correction(case, by=scene.actors["sunita"], at=LATER)
    elif end == "return":
        ended = service.return_correction(case, by=scene.actors["rekha"], remark="पहले अभिलेख देखें", at=LATER)
    else:
        scene.earn(three[1], 1)
        ended = service.approve_correction(case, by=scene.actors["rekha"], at=LATER)

    assert ended.state in CORRECTION.ends - {"correction_approved"}
    assert (ended.number, ended.hash, Figures.read(ended.figures).up) == (None, None, 1)
    assert [table.select().count() for table in TABLES] == [0, 0, 0]
    assert {row.run for table in (MonthlyScore, ScoreLine) for row in table.select()} == {month_row().run}
    assert queries.last_correction("2026-01") is None
    with pytest.raises(WrongState):
        service.approve_correction(ended, by=scene.actors["rekha"], at=LATER)


def test_a_proposal_lapses_when_the_records_have_moved_and_not_for_another_month(scene, three):
    scene.earn(three[0], 1)
    case = propose(scene)
    scene.earn(three[1], 1, month=Month(2026, 2))

    assert service.approve_correction(case, by=scene.actors["rekha"], at=LATER).state == "correction_approved"


def test_a_lapse_is_the_work_of_the_system_and_stands_among_the_steps(scene, three):
    scene.earn(three[0], 1)
    case = propose(scene)
    scene.earn(three[0], 1)

    service.approve_correction(case, by=scene.actors["rekha"], at=LATER)

    assert [(one.action, one.actor, one.remark) for one in steps_taken(CORRECTION, case)] == [
        ("correction_open", "Sunita", ""),
        ("correction_propose", "Sunita", WHY),
        ("correction_lapse", "system", ""),
    ]


def test_every_step_is_told_on_the_trail_and_the_hash_with_the_approval(scene, three):
    scene.earn(three[0], 1)
    case = correct(scene)

    acts = TrailEntry.select().where(TrailEntry.subject == "correction").order_by(TrailEntry.id)
    assert [act.action for act in acts] == [
        "correction.open",
        "correction.correction_propose",
        "correction.correction_approve",
        "corrections.approve",
    ]
    assert acts[3].change == {"month": "2026-01", "number": 1, "hash": case.hash}
    assert broken_link() is None


def test_the_worker_opens_and_approves_for_those_who_asked(scene, three):
    scene.earn(three[0], 1)
    people = {name: scene.actors[name] for name in ("sunita", "rekha")}
    for name, role in {"sunita": Role.GAD, "rekha": Role.APPROVER}.items():
        RoleGrant.create(user=people[name].user_id, role=role.value, from_on=AT.date(), granted_at=AT)
    service.ask_for_correction(month_row(), by=people["sunita"], at=LATER)
    work_off_queue(at=LATER)
    case = service.propose_correction(Correction.get(), by=people["sunita"], remark=WHY, at=LATER)

    service.ask_to_approve(case, by=people["rekha"], at=LATER)
    work_off_queue(at=LATER + timedelta(minutes=1))

    assert Correction.get().state == "correction_approved"
    assert [one.actor for one in steps_taken(CORRECTION, case)] == ["Sunita", "Sunita", "Rekha"]


def test_a_correction_called_off_leaves_nothing(scene, three):
    scene.earn(three[0], 1)
    jobs.enqueue(service.CORRECT, "2026-01@1", by=SYSTEM)
    assert jobs.claim(service.CORRECT, "2026-01@1")
    job = jobs.find(service.CORRECT, "2026-01@1")
    jobs.ask_to_cancel(job)

    with pytest.raises(jobs.Cancelled):
        service.draft_correction(JANUARY, by=scene.actors["sunita"], pace=service.Pace(job), at=LATER)

    assert Correction.select().count() == 0
    assert {row.run for row in MonthlyScore.select()} == {month_row().run}


@pytest.mark.parametrize("table", [MonthlyScore, ScoreLine, CorrectedScore])
def test_what_somebody_edited_before_the_approval_is_not_approved(scene, three, table):
    scene.earn(three[0], 1)
    case = propose(scene)
    rows = table.correction == case.id if table is CorrectedScore else table.run == case.run
    column = "points_after" if table is CorrectedScore else "points"
    table.update({column: 99}).where(rows).execute()

    with pytest.raises(RuleBroken) as damaged:
        service.approve_correction(case, by=scene.actors["rekha"], at=LATER)

    assert codes_of(damaged) == ["correction_is_damaged"]
    assert Correction.get().state == "correction_proposed"


def test_the_next_correction_takes_away_what_a_killed_one_has_left(scene, three):
    scene.earn(three[0], 1)
    one = correct(scene)
    stage_month(JANUARY, published_policies()[0])
    list(write_run(JANUARY, 17, scores_alone=True))  # a worker that was killed before the case was opened
    clear_stage()
    scene.earn(three[1], 1)
    before = sealed_bytes()

    two = draft(scene)

    assert {row.run for row in MonthlyScore.select()} == {month_row().run, one.run, two.run}
    assert sealed_bytes() == before


# ── What a correction rests on ──


def basis(case: Correction) -> Basis:
    return Basis.read(case.basis)


def test_records_that_were_joined_after_the_sealing_are_named(scene, three):
    first, second, _third = three
    set_merged(second, first)

    case = draft(scene)

    assert changed(case) == [(first.id, 3, 5, 1, 1), (second.id, 2, None, 2, None)]
    assert basis(case) == Basis(merged=(second.id,))
    assert Figures.read(case.figures) == Figures(up=1, gone=1, moved=1)


def test_a_released_hold_brings_the_score_into_a_correction(scene):
    first, second = scene.officer(2), scene.officer(1)
    scene.run()
    hold = service.propose_hold(first, month_row(), reason=WHY, by=scene.actors["sunita"], at=AT)
    service.confirm_hold(hold, by=scene.actors["rekha"], at=AT)
    seal()
    with pytest.raises(RuleBroken):
        draft(scene)
    service.release_hold(hold, by=scene.actors["rekha"], remark="जाँच पूरी", at=LATER)

    case = draft(scene)

    assert changed(case) == [(first.id, None, 2, None, 1)]
    assert basis(case) == Basis(releases=(hold.id,))
    assert [row[:2] for row in ranks(case.run)] == [(first.id, 2), (second.id, 1)]


def test_a_month_left_out_for_a_hold_counts_again_once_a_correction_has_brought_it_in(scene):
    first = scene.officer(2)
    scene.officer(1)
    scene.run()
    hold = service.propose_hold(first, month_row(), reason=WHY, by=scene.actors["sunita"], at=AT)
    service.confirm_hold(hold, by=scene.actors["rekha"], at=AT)
    seal()
    service.release_hold(hold, by=scene.actors["rekha"], remark="जाँच पूरी", at=LATER)
    left_out = [queries.months_left_out(first.id, "2026-01", "2026-01")]

    case = propose(scene)
    left_out += [queries.months_left_out(first.id, "2026-01", "2026-01")]
    service.approve_correction(case, by=scene.actors["rekha"], at=LATER)

    assert left_out == [["2026-01"], ["2026-01"]]
    assert queries.months_left_out(first.id, "2026-01", "2026-01") == []


def test_a_score_on_hold_is_ranked_in_no_correction(scene):
    first, second = scene.officer(2), scene.officer(1)
    scene.run()
    hold = service.propose_hold(first, month_row(), reason=WHY, by=scene.actors["sunita"], at=AT)
    service.confirm_hold(hold, by=scene.actors["rekha"], at=AT)
    seal()
    scene.earn(first, 3)

    case = correct(scene)

    assert changed(case) == [(first.id, None, None, None, None)]
    assert Figures.read(case.figures) == Figures(same=1)
    assert ranks(case.run) == [(second.id, 1, 1)]


def test_another_posting_is_a_change_without_points(scene, three):
    third = three[2]
    Posting.update(unit=scene.tehsil).where(Posting.officer == third).execute()

    case = draft(scene)

    row = CorrectedScore.get()
    assert (row.officer_id, row.unit_before_id, row.unit_after_id) == (third.id, scene.clinic.id, scene.tehsil.id)
    assert Figures.read(case.figures) == Figures(same=1)


def test_imports_since_the_sealing_are_named_by_id_and_hash(scene, three):
    base = month_row()
    base.inputs = [[1, "user", "aa"], [2, "consumption", "bb"]]
    now = [[2, "consumption", "bb"], [5, "consumption", "cc"]]
    scene.earn(three[0], 1)

    stage_month(JANUARY, published_policies()[0])
    lay_differences(JANUARY, base.run)
    found = basis_since(base, now)
    clear_differences()
    clear_stage()

    assert (found.imports, found.undone) == (((5, "consumption", "cc"),), ((1, "user", "aa"),))


# ── Disputes ──


def dispute(scene: Scene, officer: Officer, *, code: str = "session", upheld: bool = True):
    asha = Actor(700 + officer.id, "Asha", officer.id, (Grant(Role.EMPLOYEE),))
    case = service.raise_dispute(officer, month_row(), service.Complaint(code, "सत्र छूटा"), by=asha, at=AT)
    case = service.answer_dispute(case, "agree", by=scene.actors["ravi"], remark="सही है", at=AT)
    decision = "uphold" if upheld else "decline"
    return service.decide_dispute(case, decision, by=scene.actors["sunita"], remark="मान्य", at=AT)


def test_an_upheld_dispute_waits_until_a_correction_follows_it(scene, three):
    third = three[2]
    upheld, _declined = dispute(scene, third), dispute(scene, three[1], upheld=False)
    waiting = list(queries.disputes_to_settle())
    scene.earn(third, 1)

    proposed = propose(scene)
    still = list(queries.disputes_to_settle())
    service.approve_correction(proposed, by=scene.actors["rekha"], at=LATER)

    assert waiting == still == [upheld]
    assert basis(proposed).disputes == (upheld.id,)
    assert list(queries.disputes_to_settle()) == []
    assert queries.settled_by(upheld) == proposed


def test_a_correction_of_others_settles_no_dispute(scene, three):
    upheld = dispute(scene, three[2])
    scene.earn(three[0], 1)

    case = correct(scene)

    assert basis(case).disputes == ()
    assert list(queries.disputes_to_settle()) == [upheld]
    assert queries.settled_by(upheld) is None


def test_a_dispute_of_an_open_month_waits_for_no_correction(scene):
    officer = scene.officer(1)
    scene.run()
    dispute(scene, officer)

    assert list(queries.disputes_to_settle()) == []


def test_a_dispute_raised_after_a_correction_waits_for_the_next(scene, three):
    scene.earn(three[2], 1)
    correct(scene)
    at = LATER + timedelta(days=1)
    asha = Actor(900, "Asha", three[2].id, (Grant(Role.EMPLOYEE),))
    case = service.raise_dispute(three[2], month_row(), service.Complaint("session", "अब भी"), by=asha, at=at)
    case = service.answer_dispute(case, "agree", by=scene.actors["ravi"], remark="सही", at=at)
    case = service.decide_dispute(case, "uphold", by=scene.actors["sunita"], remark="मान्य", at=at)

    assert list(queries.disputes_to_settle()) == [case]


# ── The ends of a year ──


def test_a_session_of_the_last_day_of_march_corrects_march_and_one_of_the_first_of_april_corrects_april(scene):
    march, april = Month(2026, 3), Month(2026, 4)
    officer = scene.officer(1, month=march)
    scene.earn(officer, 1, month=april)
    at = AT + timedelta(days=90)
    for month in (march, april):
        service.run_month(month, by=SYSTEM, at=at)
        service.seal_month(month, by=SYSTEM, at=at)
    make.make_attendance(officer, march.last_on)
    make.make_attendance(officer, april.first_on)
    make.make_attendance(officer, april.first_on)

    cases = [draft(scene, month) for month in (march, april)]

    assert [changed(case) for case in cases] == [[(officer.id, 1, 2, 1, 1)], [(officer.id, 1, 3, 1, 1)]]
