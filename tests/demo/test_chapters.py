"""The longer story of `make run`: something in every state, and the same again from the same seed."""

import csv
from collections import Counter
from datetime import date

import pytest

from karmyogi.accounts.models import RoleGrant, User
from karmyogi.achievements.models import Achievement
from karmyogi.achievements.rules import ACHIEVEMENT
from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.core.months import Month, today
from karmyogi.core.profile import load_profile
from karmyogi.demo import chapters, points, story
from karmyogi.demo.certificate import draw_certificate
from karmyogi.demo.next_issue import write_next_issue
from karmyogi.demo.writer import write_state
from karmyogi.documents.models import IssuedDocument, SignedScan
from karmyogi.nominations.models import Nomination
from karmyogi.nominations.rules import NOMINATION
from karmyogi.people.models import Consent
from karmyogi.scores.models import (
    CorrectedScore,
    Correction,
    Dispute,
    MonthlyScore,
    PolicyDraft,
    ScoreHold,
    ScoreMonth,
    in_month,
)
from karmyogi.scores.queries import (
    PUBLIC_SCOPES,
    disputes_to_settle,
    disputes_waiting,
    holds_to_confirm,
    public_groups,
    public_month,
    settled_by,
    trials_of,
)
from karmyogi.scores.rules import trial_from
from karmyogi.scores.service import reasons_against, verify_seals
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import broken_link
from karmyogi.trainings.models import Attendance, TrainingSession
from tests.conftest import copy_of


@pytest.fixture(scope="module")
def whole_story(engines, tmp_path_factory):
    """The smallest state that has room for the whole story, told once for all tests of this module."""
    profile, files = load_profile("chhattisgarh"), open_files(f"file://{tmp_path_factory.mktemp('media')}")
    with copy_of("installed", engines, "sqlite") as url:
        story.tell(profile, files, officers=chapters.FEWEST, seed=5, say=lambda _text: None)
        stage = story.Stage(profile, files, lambda _text: None)
        chapters.tell(stage, officers=chapters.FEWEST, seed=5, base_url="http://127.0.0.1:8000")
        yield url
    database.close_all()


def states(table) -> Counter:
    return Counter(row.state for row in table.select(table.state))


def test_there_is_a_nomination_in_every_state_and_an_achievement_too(whole_story):
    assert set(states(Nomination)) == set(NOMINATION.states)
    assert set(states(Achievement)) == set(ACHIEVEMENT.states)


def test_ten_batches_of_twelve_met_on_the_five_days_of_the_divisions_and_their_month_counts_it(whole_story):
    february = TrainingSession.select().where(TrainingSession.held_on.year == 2026)
    held = Counter(session.held_on for session in february)
    attended = Attendance.select().where((Attendance.part == "attended") & Attendance.session.in_(february))
    batches = Counter(row.session_id for row in attended)

    assert held == {date(2026, 2, day): 2 for day in (9, 12, 18, 24, 26)}
    assert sorted(batches.values()) == [12] * 10
    assert len({row.officer_id for row in attended}) == 120
    assert ScoreMonth.get(ScoreMonth.month == "2026-02").officer_count >= 130 - 1  # one is on hold


def test_awards_were_given_in_two_years_and_one_was_taken_back(whole_story):
    assert len({order.financial_year for order in AwardOrder.select()}) == 2
    assert states(Award) == {"given": 5, "revoked": 1}


def test_the_order_of_last_year_is_signed_and_one_of_its_certificates_was_replaced(whole_story):
    corrigendum = Corrigendum.get()

    replaced = IssuedDocument.get(IssuedDocument.state == "superseded")
    assert (corrigendum.state, SignedScan.get().document) == ("issued", corrigendum.order.document)
    assert replaced.number == f"{corrigendum.order.number}/001"


def test_somebody_is_in_charge_for_some_weeks_and_somebody_holds_two_roles(whole_story):
    in_charge = RoleGrant.get(RoleGrant.is_in_charge)
    pooja = User.get(User.login == "pooja")

    assert (in_charge.role, in_charge.from_on < in_charge.to_on) == ("head", True)
    assert {grant.role for grant in RoleGrant.select().where(RoleGrant.user == pooja)} == {"panel", "nodal"}


def test_a_report_waits_to_be_applied_and_a_job_failed_and_one_waits_and_all_that_was_sealed_is_added_up(whole_story):
    waiting = Import.select().order_by(Import.id.desc()).first()

    assert (waiting.state, waiting.created, waiting.updated > 20) == ("checked", 0, True)
    assert states(JobRun) == {"failed": 1, "queued": 1, "done": 14}
    assert broken_link() is None


def test_one_dispute_waits_for_the_unit_one_for_gad_and_one_is_settled_by_a_correction(whole_story):
    settled = Dispute.get(Dispute.state == "upheld")

    assert states(Dispute) == {"raised": 1, "disagreed": 1, "upheld": 1}
    assert settled_by(settled) == Correction.get()
    assert not disputes_to_settle().exists()
    assert disputes_waiting(story.actor("ravi"), on=today()).get().state == "raised"
    assert disputes_waiting(story.actor("kabir"), on=today()).get().state == "disagreed"


def test_the_correction_of_december_is_seen_by_asha_and_on_the_board_and_is_proven(whole_story):
    correction, asha = Correction.get(), story.actor("asha").officer_id
    change = CorrectedScore.get(CorrectedScore.correction == correction, CorrectedScore.officer == asha)

    assert (correction.month, correction.number, correction.state) == ("2025-12", 1, "correction_approved")
    assert change.points_after == (change.points_before or 0) + 3
    assert CorrectedScore.select().count() == points.BESIDE_ASHA + 1
    assert not verify_seals().broken


def test_one_score_of_february_is_on_hold_and_has_no_rank_and_another_is_only_proposed(whole_story):
    held, proposed = (ScoreHold.get(ScoreHold.state == state) for state in ("held", "hold_proposed"))
    ranked = MonthlyScore.select().where(in_month("2026-02", MonthlyScore))

    assert held.month == proposed.month == "2026-02"
    assert not ranked.where(MonthlyScore.officer == held.officer_id).exists()
    assert ranked.where(MonthlyScore.officer == proposed.officer_id).exists()
    assert [one.id for one in holds_to_confirm(story.actor("lakshmi"))] == [proposed.id]


def test_leaders_are_named_in_public_and_who_took_it_back_is_not(whole_story):
    month = Month.parse(public_month().month)
    told = [group for scope in PUBLIC_SCOPES for group in public_groups(month, scope)]

    named = {one.name_en for group in told for one in group.named}
    assert len(named) >= 3
    assert "Ravi Dewangan" not in named
    assert Consent.select().where(Consent.withdrawn_at.is_null(False)).count() == 1


def test_a_draft_of_the_policy_was_tried_on_sealed_months_and_waits_to_be_published(whole_story):
    draft = PolicyDraft.get()
    trials = trials_of(draft)

    assert draft.state == "submitted"
    assert not reasons_against(draft)
    assert [one.month for one in trials] == ["2026-01", "2025-12"]
    assert all(trial_from(one.found).whole.up > 0 for one in trials)


def test_a_nodal_officer_has_files_of_the_own_department_with_rows_left_out_and_rows_that_wait(whole_story):
    applied, looked_at = Import.select().where(Import.unit_id.is_null(False)).order_by(Import.id)

    assert (applied.state, applied.kind, applied.rejected, applied.queued) == ("applied", "plan", 4, 2)
    assert (looked_at.state, looked_at.kind) == ("checked", "consumption")
    assert looked_at.rows.where(ImportRow.code == "outside_reach").count() == 4
    assert min(applied.row_count, looked_at.updated) > 0


def test_the_next_report_is_the_same_again_but_for_a_week_of_learning(tmp_path):
    profile = load_profile("chhattisgarh")
    report = write_state(tmp_path, officers=100, seed=2, profile=profile)["user-enrollment-report"]
    targets = [tmp_path / name for name in ("one.csv", "two.csv")]

    finished = [write_next_issue(report, target, generated_on="2026-03-01 06:00:00") for target in targets]

    before, after = (list(csv.DictReader(path.open(encoding="utf-8"))) for path in (report, targets[0]))
    changed = [new for old, new in zip(before, after, strict=True) if old["Status"] != new["Status"]]
    assert targets[0].read_bytes() == targets[1].read_bytes()
    assert len(changed) == finished[0] > 0
    assert {row["Completed_On"][:7] for row in changed} == {"2026-02"}
    assert len({row["Completed_On"][:10] for row in changed}) <= 5


def test_a_certificate_is_drawn_alike_each_time():
    words = {"name": "Asha Sahu", "course": "First aid", "on": date(2026, 1, 9)}

    assert draw_certificate(**words) == draw_certificate(**words) != draw_certificate(**words | {"course": "Other"})
