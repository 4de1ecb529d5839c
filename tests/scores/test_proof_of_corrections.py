"""Whoever edits a correction in the database is found, and the row is named."""

import peewee
import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer
from karmyogi.scores import queries, service
from karmyogi.scores.models import (
    CorrectedLine,
    CorrectedScore,
    Correction,
    CorrectionBlock,
    MonthlyScore,
    PeerGroup,
    ScoreLine,
    ScoreMonth,
)
from karmyogi.store.db import database
from tests.scores.correcting import correct, month_row, seal, sealed_bytes
from tests.scores.scene import AT, JANUARY, policy
from tests.scores.tampering import edit, found


@pytest.fixture
def two(scene) -> list[Correction]:
    """Two corrections of a sealed January, the second over the first."""
    officers = [scene.officer(points) for points in (3, 2, 1)]
    seal()
    found = []
    for officer in officers[:2]:
        scene.earn(officer, 4)
        found.append(correct(scene))
    return found


def of_run(table, case: Correction):
    return (table.run == case.run) & (table.month == case.month)


TAMPERING = {
    "a corrected score": (
        "correction_score_wrong",
        lambda c: MonthlyScore.update(points=99).where(of_run(MonthlyScore, c)),
    ),
    "a corrected rank": (
        "correction_score_wrong",
        lambda c: MonthlyScore.update(rank_state=9).where(of_run(MonthlyScore, c)),
    ),
    "a corrected line": ("correction_score_wrong", lambda c: ScoreLine.update(points=99).where(of_run(ScoreLine, c))),
    "a corrected group": ("correction_group_wrong", lambda c: PeerGroup.update(size=99).where(of_run(PeerGroup, c))),
    "what is said of an officer": (
        "correction_change_wrong",
        lambda c: CorrectedScore.update(points_before=0).where(CorrectedScore.correction == c.id),
    ),
    "what is said of a line": (
        "correction_change_wrong",
        lambda c: CorrectedLine.update(points_after=77).where(CorrectedLine.correction == c.id),
    ),
    "an officer taken out": (
        "correction_change_wrong",
        lambda c: CorrectedScore.delete().where(CorrectedScore.correction == c.id),
    ),
    "the digests": (
        "correction_digests_wrong",
        lambda c: CorrectionBlock.update(digests=[]).where(CorrectionBlock.correction == c.id),
    ),
    "the basis": ("correction_header_wrong", lambda c: Correction.update(basis={}).where(Correction.id == c.id)),
    "the hash": ("correction_header_wrong", lambda c: Correction.update(hash="0" * 64).where(Correction.id == c.id)),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_edited_after_the_approval_is_found_and_named(two, what):
    code, edit = TAMPERING[what]
    case = two[1]
    assert service.verify_seals().faults == ()

    assert edit(case).execute() >= 1

    fault = service.verify_seals().faults[0]
    assert (fault.code, fault.facts["month"], fault.facts["number"]) == (code, "2026-01", 2)
    if code == "correction_change_wrong":
        assert fault.facts["employee_code"] == code_of_change(case)
    assert service.verify_seals().broken == {"2026-01"}


# Whose columns are what a correction says: its own row, what it keeps of whom, and the rows of its run.
TABLES = (Correction, CorrectedScore, CorrectedLine, CorrectionBlock, MonthlyScore, ScoreLine, PeerGroup)
REFUSED = {Correction: {"id"}, CorrectionBlock: {"correction", "part"}, PeerGroup: {"scope"}}  # by the engine itself
WEIGHS_NOTHING = {"peer_group.id"}


def row_of(table, case: Correction):
    """A row of what this correction says."""
    if table is Correction:
        return Correction.get_by_id(case.id)
    its = table.correction == case.id if hasattr(table, "correction") else of_run(table, case)
    return table.select().where(its).get()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.table_name)
def test_an_edit_of_any_column_of_an_approved_correction_is_found(two, scene, table):
    scene.officer(0)  # of whom no row says anything
    service.install_policy(policy(2, effective_from="2026-03", points=2), by=SYSTEM, at=AT)
    row, name, missed, refused = row_of(table, two[1]), table._meta.table_name, set(), set()

    for field in table._meta.sorted_fields:
        with database.atomic() as change:
            try:
                edit(row, field)
                missed |= set() if found() else {f"{name}.{field.name}"}
            except peewee.IntegrityError:
                refused.add(field.name)
            change.rollback()

    assert missed == {one for one in WEIGHS_NOTHING if one.startswith(f"{name}.")}
    assert refused <= REFUSED.get(table, set())
    assert found() == set()


def code_of_change(case: Correction) -> str:
    """Of the officer whose corrected score is not the one that stood before."""
    before, after = (
        dict(MonthlyScore.select(MonthlyScore.officer, MonthlyScore.points).where(MonthlyScore.run == run).tuples())
        for run in (case.base_run, case.run)
    )
    (officer_id,) = [one for one in after if after[one] != before.get(one)]
    return Officer.get_by_id(officer_id).employee_code


def test_a_hash_computed_anew_after_tampering_is_not_the_one_on_the_trail(two):
    case = two[1]
    case.basis = {}
    Correction.update(basis={}, hash=service.corrections.hash_of(case)).where(Correction.id == case.id).execute()

    assert [fault.code for fault in service.verify_seals().faults] == ["correction_off_trail"]


def test_a_correction_cut_out_of_the_chain_is_missed(two):
    first = two[0]
    for table in (CorrectedLine, CorrectedScore, CorrectionBlock):
        table.delete().where(table.correction == first.id).execute()
    first.delete_instance()

    assert [fault.code for fault in service.verify_seals().faults] == ["correction_link_wrong", "correction_missing"]


def test_a_correction_proves_what_it_corrects(two):
    ScoreMonth.update(seal="0" * 64).execute()

    assert "correction_link_wrong" in [fault.code for fault in service.verify_seals().faults]


def test_a_month_of_its_own_is_proven_with_its_corrections_alone(two, scene):
    february = JANUARY.next
    scene.officer(1, month=february)
    service.run_month(february, by=SYSTEM, at=AT)
    service.seal_month(february, by=SYSTEM, at=AT)
    Correction.update(basis={}).execute()

    assert service.verify_seals(february).faults == ()
    assert len(service.verify_seals(JANUARY).faults) == 2


def test_two_corrections_leave_every_sealed_byte(scene):
    officers = [scene.officer(points) for points in (3, 2, 1)]
    seal()
    before, seal_before = sealed_bytes(), month_row().seal
    for officer in officers:
        scene.earn(officer, 2)
        correct(scene)

    assert (sealed_bytes(), month_row().seal) == (before, seal_before)
    assert queries.last_correction("2026-01").number == 3
    assert service.verify_seals() == service.Proof(("2026-01",), ())
