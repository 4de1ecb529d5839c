"""A draft tried on sealed months: who would move and by how much, told of ten officers or more, touching no score."""

from dataclasses import replace

import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.schedule.table import QUEUED
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import queries, service
from karmyogi.scores.models import PolicyDraft, PolicyTrial
from karmyogi.scores.rules import OTHERS, Moved, Rule, Trial, steps_of, terms_from, told_groups, trial_from
from karmyogi.store.db import database, is_postgres
from karmyogi.store.jobs import JobRun, JobState, ask_to_cancel
from tests import factories as make
from tests.scores.scene import AT, FEBRUARY, JANUARY, Scene

SCORES = ("policy", "policy_rule", "score_month", "monthly_score", "score_line", "peer_group", "seal_block")
TAUGHT = Rule("taught", "activity", "taught", 5, None, False, "अध्यापन", "Taught", "", "")


def dump() -> dict[str, list[tuple]]:
    """Every row of every table of scores, as the engine itself gives it."""
    return {table: sorted(database.execute_sql(f"SELECT * FROM {table}").fetchall(), key=str) for table in SCORES}


def group(key: str, officers: int) -> Moved:
    return Moved(key, officers, 1, 2, 0, 0, 10, 20)


@pytest.fixture
def sealed(scene) -> Scene:
    """January of thirty officers of the clinic and twelve of the tehsil; one of the tehsil only taught."""
    for count, points, facts in (
        (10, 4, {"gender": "Male", "state_class": "III"}),
        (20, 1, {"gender": "Female", "state_class": "II"}),
    ):
        scene.officers(count, points=points, **facts)
    scene.officers(12, points=3, unit=scene.tehsil, gender="Female", state_class="III")
    make.make_attendance(make.make_officer(unit=scene.tehsil), JANUARY.first_on, part="taught")
    scene.run()
    service.seal_month(JANUARY, by=SYSTEM, at=AT)
    return scene


def drafted(scene: Scene, *rules: Rule, **changed: object) -> PolicyDraft:
    """A draft in which a session gives at most two points, and what else is given."""
    draft = service.begin_draft(by=scene.actors["sunita"], at=AT)
    terms = terms_from(draft.terms)
    told = replace(terms, rules=(replace(terms.rules[0], cap=2), *rules), **changed)
    return service.rewrite_draft(draft, told, seen=1, by=scene.actors["sunita"], at=AT)


def worked_off() -> None:
    work_off_queue(at=AT)
    database.connect(reuse_if_open=True)


def trial_on(scene: Scene, draft: PolicyDraft, months: int = 1) -> Trial:
    service.ask_for_trial(draft, months, by=scene.actors["sunita"], at=AT)
    worked_off()
    return trial_from(PolicyTrial.get(PolicyTrial.draft == draft.id).found)


def test_a_trial_says_who_would_move_and_by_how_much(sealed):
    trial = trial_on(sealed, drafted(sealed, TAUGHT))

    # Before: 4, 3 and 1 point at places 1, 11 and 23. After: the one who taught with 5, then 2, 2 and 1.
    assert trial.whole == Moved("", 43, 12, 30, 1, 0, 96, 5 + 20 + 24 + 20)
    assert list(trial.moves) == [(10, 12, 30), (100, 0, 0), (1000, 0, 0), (None, 0, 0)]
    assert list(trial.tops) == [(10, 13)]


def test_a_trial_says_it_by_class_gender_district_and_department(sealed):
    trial = trial_on(sealed, drafted(sealed))

    told = {name: [(one.key, one.officers, one.up, one.down) for one in rows] for name, rows in trial.by.items()}
    assert told == {
        "class": [("III", 22, 12, 0), ("II", 20, 0, 0)],
        "gender": [("Female", 32, 12, 0), ("Male", 10, 0, 0)],
        "district": [(sealed.raipur.id, 42, 12, 0)],
        "department": [(sealed.health.id, 30, 0, 0), (sealed.revenue.id, 12, 12, 0)],
    }


def test_officers_who_lose_their_score_are_counted(sealed):
    draft = drafted(sealed)
    only_teaching = replace(terms_from(draft.terms), rules=(TAUGHT,))
    draft = service.rewrite_draft(draft, only_teaching, seen=2, by=sealed.actors["sunita"], at=AT)

    whole = trial_on(sealed, draft).whole

    assert (whole.officers, whole.came, whole.left, whole.before, whole.after) == (43, 1, 42, 96, 5)


def test_a_trial_leaves_every_table_of_scores_as_it_was_byte_for_byte(sealed):
    sealed.earn(sealed.officer(2, month=FEBRUARY), 3, month=JANUARY)  # came after the seal
    sealed.run(FEBRUARY)
    worked_off()  # the sealed month's quarter and year are added up
    before = dump()

    trial_on(sealed, drafted(sealed, TAUGHT))

    assert dump() == before
    assert service.verify_seals().faults == ()


def test_what_came_after_the_seal_counts_on_both_sides_so_that_only_the_policy_differs(sealed):
    make.make_attendance(sealed.officer(0), JANUARY.first_on)

    same = queries.tried(JANUARY, *[queries.published_policies()[0]] * 2)

    assert (same.whole.officers, same.whole.up, same.whole.down, same.whole.came, same.whole.left) == (43, 0, 0, 0, 0)


def test_nothing_temporary_is_left_on_the_connection(sealed):
    trial_on(sealed, drafted(sealed))
    queries.tried(JANUARY, *[queries.published_policies()[0]] * 2)

    on_server = "pg_tables WHERE starts_with(schemaname, 'pg_temp')"
    schema = on_server if is_postgres() else "sqlite_temp_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'"
    assert database.execute_sql(f"SELECT * FROM {schema}").fetchall() == []


def test_months_are_tried_one_after_the_other_under_the_version_that_scored_each(sealed):
    sealed.officers(12, points=2, month=FEBRUARY)
    sealed.run(FEBRUARY)
    service.seal_month(FEBRUARY, by=SYSTEM, at=AT)

    trial_on(sealed, drafted(sealed), months=12)

    rows = PolicyTrial.select(PolicyTrial.month, PolicyTrial.version, PolicyTrial.against).order_by(PolicyTrial.month)
    assert list(rows.tuples()) == [("2026-01", 2, 1), ("2026-02", 2, 1)]
    assert JobRun.get(JobRun.job == service.TRY).state == JobState.DONE


def test_a_trial_made_again_takes_the_place_of_the_one_before(sealed):
    draft = drafted(sealed)
    trial_on(sealed, draft)
    again = service.rewrite_draft(draft, terms_from(draft.terms), seen=2, by=sealed.actors["sunita"], at=AT)
    JobRun.delete().execute()

    trial_on(sealed, again)

    assert [row.version for row in PolicyTrial.select()] == [3]


def test_only_those_who_draft_or_publish_may_ask(sealed):
    draft = drafted(sealed)

    for who in ("ravi", "meena", "thomas", "asha"):
        with pytest.raises(NotAllowed):
            service.ask_for_trial(draft, 1, by=sealed.actors[who])
    assert service.ask_for_trial(draft, 1, by=sealed.actors["rekha"]).job in QUEUED


def test_a_draft_that_could_score_nobody_is_not_tried_and_none_before_a_month_is_sealed(scene):
    draft, sunita = drafted(scene), scene.actors["sunita"]
    wrong = drafted(scene, replace(TAUGHT, counts="thanks"))

    for case, months, code in (
        (draft, 1, "trial_without_month"), (draft, 13, "trial_months_wrong"), (wrong, 1, "policy_source_unknown"),
    ):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            service.ask_for_trial(case, months, by=sunita)
        assert [one.code for one in refused.value.reasons] == [code]


def test_a_trial_called_off_keeps_what_was_found_and_stops(sealed):
    run = service.ask_for_trial(drafted(sealed), 1, by=sealed.actors["sunita"], at=AT)
    ask_to_cancel(run)

    worked_off()

    assert PolicyTrial.select().count() == 0


def test_the_same_trial_comes_out_on_both_engines(sealed):
    whole = queries.tried(JANUARY, queries.published_policies()[0], terms_from(drafted(sealed).terms).as_policy(2))

    assert whole.spread == [
        (1, 1, 20, 20), (2, 2, 0, 22), (3, 3, 12, 0), (4, 4, 10, 0),
    ]  # fmt: skip
    assert trial_from(whole.as_data()) == Trial(
        whole.whole, dict(whole.by), list(whole.moves), list(whole.tops), list(whole.spread)
    )


# What may be told


def test_a_group_of_ten_is_told_and_one_of_nine_is_not():
    told = told_groups([group("a", 11), group("b", 10), group("c", 9), group("d", 9)])

    assert [(one.key, one.officers) for one in told] == [("a", 11), ("b", 10), (OTHERS, 18)]
    assert (told[-1].up, told[-1].after) == (2, 40)


def test_a_small_group_alone_takes_the_next_one_with_it_so_that_the_sum_gives_nobody_away():
    assert [(one.key, one.officers) for one in told_groups([group("a", 40), group("b", 12), group("c", 1)])] == [
        ("a", 40),
        (OTHERS, 13),
    ]


@pytest.mark.parametrize("groups", [[], [group("a", 9)], [group("a", 4), group("b", 5)]])
def test_of_fewer_than_ten_in_all_nothing_is_told(groups):
    assert told_groups(groups) == []


def test_a_step_of_fewer_than_ten_is_not_told_and_neither_is_what_would_give_it_away():
    assert steps_of({1: 30, 2: 12, 3: 4}, {1: 46}) == [(1, 1, 30, 46), (2, 2, None, 0), (3, 3, None, 0)]
    assert steps_of({1: 30, 2: 6, 3: 4}, {}) == [(1, 1, 30, 0), (2, 2, None, 0), (3, 3, None, 0)]
    assert steps_of({}, {}) == []


def test_both_sides_stand_in_the_same_steps():
    steps = steps_of({n: 10 for n in range(1, 21)}, {100: 200})

    assert [(first, last) for first, last, _before, _after in steps] == [(n * 10 + 1, n * 10 + 10) for n in range(10)]
    assert [before for *_ends, before, _after in steps] == [100, 100] + [0] * 8
    assert steps[-1][3] == 200
