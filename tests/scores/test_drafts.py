"""The policy drafted by GAD and published by another person; nothing that is published changes, not even by hand."""

from dataclasses import replace
from datetime import date, timedelta

import peewee
import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.scores import queries, service
from karmyogi.scores.models import Policy, PolicyDraft, PolicyRule, ScoreMonth
from karmyogi.scores.rules import Terms, terms_from
from karmyogi.store.db import database, is_postgres
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry
from tests.scores.scene import AT, FEBRUARY, JANUARY, Scene

MARCH = Month(2026, 3)
ORDERED = {"order_number": "F 1-2/2026", "order_on": date(2026, 3, 2)}


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [why.code for why in refused.value.reasons]


def written(scene: Scene, draft: PolicyDraft, *, points: int = 4, **changed: object) -> PolicyDraft:
    """The draft with other points for a session, an order, and whatever else is changed."""
    terms = terms_from(draft.terms)
    told = replace(terms, rules=(replace(terms.rules[0], points=points),), **{**ORDERED, **changed})
    return service.rewrite_draft(draft, told, seen=draft.version, by=scene.actors["sunita"], at=AT)


def begun(scene: Scene) -> PolicyDraft:
    return service.begin_draft(by=scene.actors["sunita"], at=AT)


def submitted(scene: Scene, **changed: object) -> PolicyDraft:
    draft = written(scene, begun(scene), **changed)
    return service.submit_draft(draft, seen=draft.version, by=scene.actors["sunita"], at=AT)


def publish(scene: Scene, draft: PolicyDraft, by: str = "rekha") -> Policy:
    return service.publish_draft(draft, seen=draft.version, by=scene.actors[by], at=AT)


def in_force() -> list[tuple]:
    policies = Policy.select().order_by(Policy.number).tuples()
    return [*policies, *PolicyRule.select().order_by(PolicyRule.id).tuples()]


def test_a_draft_begins_as_the_version_in_force_from_the_next_month_without_an_order(scene):
    terms = terms_from(begun(scene).terms)

    assert terms == replace(queries.ground().latest, effective_from=Month(2026, 4))
    assert (terms.order_number, terms.order_on) == ("", None)


def test_a_draft_begins_after_the_last_sealed_month(scene):
    ScoreMonth.create(
        month="2026-06", policy=Policy.get(), run_id="r" * 64, computed_at=AT, state="sealed", sealed_at=AT,
        seal_number=1, seal="s" * 64,
    )  # fmt: skip

    assert terms_from(begun(scene).terms).effective_from == Month(2026, 7)


def test_sunita_drafts_and_rekha_publishes_the_next_version(scene):
    before = in_force()

    policy = publish(scene, submitted(scene, effective_from=MARCH))

    draft, version = PolicyDraft.get(), queries.published_policies()[1]
    assert (policy.number, policy.effective_from, policy.order_number, policy.order_on) == (
        2, "2026-03", "F 1-2/2026", date(2026, 3, 2),
    )  # fmt: skip
    assert [rule.points for rule in version.rules] == [4]
    assert (draft.state, draft.policy) == ("published", policy)
    assert [row for row in in_force() if row in before] == before
    assert TrailEntry.select().where(TrailEntry.action == "scores.publish_policy").count() == 2


def test_months_are_scored_by_the_version_that_is_in_force_in_them(scene):
    scene.officer(1, month=FEBRUARY)
    scene.earn(scene.officer(0), 1, month=MARCH)
    publish(scene, submitted(scene, effective_from=MARCH))

    scored = [service.run_month(month, by=SYSTEM, at=AT) for month in (FEBRUARY, MARCH)]

    assert [row.policy.number for row in scored] == [1, 2]


def test_nothing_of_a_draft_reaches_the_published_versions_or_a_score(scene):
    scene.officer(2)
    scene.run()
    before = in_force(), [ScoreMonth.get().run_id]
    draft = submitted(scene, points=9, effective_from=Month(2025, 12))

    scene.run()

    assert (in_force(), [ScoreMonth.get().run_id]) == before
    assert draft.policy is None


def test_who_wrote_the_draft_does_not_publish_it_whatever_their_roles(scene):
    both = replace(scene.actors["sunita"], grants=scene.actors["sunita"].grants + scene.actors["rekha"].grants)
    draft = submitted(scene)

    with pytest.raises(RuleBroken) as refused:
        service.publish_draft(draft, seen=draft.version, by=both, at=AT)

    assert codes(refused) == ["same_hand"]
    assert Policy.select().count() == 1


@pytest.mark.parametrize("who", ["sunita", "ravi", "meena", "thomas", "asha"])
def test_only_the_approver_publishes_and_returns(scene, who):
    draft = submitted(scene)

    with pytest.raises(NotAllowed):
        publish(scene, draft, who)
    with pytest.raises(NotAllowed):
        service.return_draft(draft, remark="why", by=scene.actors[who])


@pytest.mark.parametrize("who", ["rekha", "ravi", "meena", "thomas", "asha"])
def test_only_the_administration_drafts(scene, who):
    draft, actor = begun(scene), scene.actors[who]

    for act in (
        lambda: service.begin_draft(by=actor),
        lambda: service.rewrite_draft(draft, terms_from(draft.terms), seen=1, by=actor),
        lambda: service.submit_draft(draft, seen=1, by=actor),
        lambda: service.withdraw_draft(draft, remark="why", by=actor),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_draft_with_faults_is_kept_and_not_submitted(scene):
    draft = written(scene, begun(scene), points=0, order_number="")

    with pytest.raises(RuleBroken) as refused:
        service.submit_draft(draft, seen=draft.version, by=scene.actors["sunita"], at=AT)

    assert codes(refused) == ["draft_order_missing", "policy_points_wrong"]


def test_a_month_sealed_after_the_draft_was_submitted_bars_its_publishing(scene):
    draft = submitted(scene, effective_from=JANUARY)
    scene.officer(1)
    scene.run()
    service.seal_month(JANUARY, by=SYSTEM, at=AT)

    with pytest.raises(RuleBroken) as refused:
        publish(scene, draft)

    assert codes(refused) == ["draft_month_sealed"]
    assert refused.value.reasons[0].facts == {"sealed": "2026-01", "first": "2026-02"}


def test_of_two_drafts_the_second_is_read_beside_the_first_one_before_it_is_published(scene):
    first, second = submitted(scene), submitted(scene, points=7)
    publish(scene, first)

    with pytest.raises(RuleBroken) as refused:
        publish(scene, second)

    assert codes(refused) == ["draft_base_moved"]


def test_a_draft_written_anew_is_not_submitted_or_published_as_it_was_read(scene):
    draft = begun(scene)
    written(scene, draft)

    with pytest.raises(WrongState):
        service.submit_draft(draft, seen=1, by=scene.actors["sunita"], at=AT)
    with pytest.raises(WrongState):
        service.rewrite_draft(draft, terms_from(draft.terms), seen=1, by=scene.actors["sunita"], at=AT)


def test_a_submitted_draft_is_returned_with_a_remark_written_anew_and_submitted_again(scene):
    draft, gad = submitted(scene), scene.actors["sunita"]
    with pytest.raises(WrongState):
        written(scene, draft)
    with pytest.raises(RuleBroken):
        service.return_draft(draft, remark=" ", by=scene.actors["rekha"])

    service.return_draft(draft, remark="Too many points", by=scene.actors["rekha"], at=AT)
    again = written(scene, draft, points=2)
    service.submit_draft(again, seen=again.version, by=gad, at=AT)

    assert (again.version, PolicyDraft.get().state) == (3, "submitted")


def test_a_withdrawn_draft_goes_nowhere(scene):
    draft = submitted(scene)
    service.withdraw_draft(draft, remark="No longer needed", by=scene.actors["sunita"], at=AT)

    with pytest.raises(WrongState):
        publish(scene, draft)
    assert Policy.select().count() == 1


def test_months_computed_already_are_queued_to_be_computed_by_the_new_version(scene):
    scene.officer(1, month=FEBRUARY)
    for month in (JANUARY, FEBRUARY, MARCH):
        scene.run(month)

    publish(scene, submitted(scene, effective_from=FEBRUARY))

    asked = JobRun.select(JobRun.period).where(JobRun.job == "score-month").order_by(JobRun.period)
    assert [period.partition("@")[0] for (period,) in asked.tuples()] == ["2026-02", "2026-03"]


# What is published never changes, whoever holds the database

ONE_MORE = {
    "policy": 1, "position": 9, "code": "x", "kind": "activity", "counts": "taught", "label_hi": "एक", "label_en": "A",
    "points": 9,
}  # fmt: skip
TRIED = {
    "a point": lambda: PolicyRule.update(points=9).execute(),
    "a cap": lambda: PolicyRule.update(cap=9).where(PolicyRule.code == "session").execute(),
    "a name": lambda: Policy.update(name_hi="और").execute(),
    "its month": lambda: Policy.update(effective_from="2025-05").execute(),
    "a rule taken away": lambda: PolicyRule.delete().execute(),
    "a rule added": lambda: PolicyRule.create(**ONE_MORE),
    "the version taken away": lambda: Policy.delete().where(Policy.number == 1).execute(),
}


@pytest.mark.parametrize("what", TRIED)
def test_the_database_refuses_to_change_a_published_version(scene, what):
    before = in_force()

    with pytest.raises(peewee.DatabaseError, match="a published policy"), database.atomic():
        TRIED[what]()

    assert in_force() == before


def test_the_server_refuses_to_empty_the_table_as_well(scene):
    if not is_postgres():
        pytest.skip("SQLite has no TRUNCATE")

    with pytest.raises(peewee.DatabaseError, match="a published policy"), database.atomic():
        database.execute_sql("TRUNCATE policy_rule")

    assert PolicyRule.select().count() == 1


def test_no_table_of_scores_refers_to_a_draft():
    drafted = {PolicyDraft}
    referring = {field.model for model in (Policy, PolicyRule, ScoreMonth) for field in model._meta.refs}

    assert not {field.rel_model for model in referring for field in model._meta.refs} & drafted


def test_a_seal_proves_a_month_of_a_version_with_an_order(scene):
    publish(scene, submitted(scene, effective_from=JANUARY))
    scene.officer(1)
    scene.run()
    service.seal_month(JANUARY, by=SYSTEM, at=AT + timedelta(days=1))

    assert service.verify_seals().faults == ()


def test_terms_are_read_as_they_were_kept(scene):
    draft = written(scene, begun(scene))

    assert isinstance(terms_from(PolicyDraft.get_by_id(draft.id).terms), Terms)
