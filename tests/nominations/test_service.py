"""What heads, nodal officers and GAD may do with a nomination, on a real database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken, WrongState
from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Role
from karmyogi.core.reasons import reason
from karmyogi.nominations import service
from karmyogi.nominations.models import Category, Cycle, IntegrityCertificate, Nomination, Scheme
from karmyogi.nominations.queries import hands
from karmyogi.nominations.rules import Criteria, IntegrityAnswer
from karmyogi.nominations.service import Terms
from karmyogi.people.models import Honour, Officer, Posting
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry, broken_link
from tests import factories as make
from tests.nominations import scene as scenes
from tests.nominations.scene import AT, CITATION_EN, CITATION_HI, officers_in


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, 6, 30, tzinfo=UTC)


# The road


def test_a_nomination_walks_from_draft_to_release_through_five_hands(scene):
    nomination = scene.draft()
    scene.clear()
    nomination = service.submit(nomination, by=scene.meena, at=AT)
    nomination = service.act(nomination, "verify", by=scene.ravi, at=AT)
    nomination = service.act(nomination, "select", by=scene.sunita, at=AT)
    nomination = service.act(nomination, "release", by=scene.lakshmi, at=AT)

    kept = Nomination.get_by_id(nomination.id)

    assert (kept.state, kept.released_at, kept.submitted_at) == ("released", AT, AT)
    assert [hand.action for hand in hands(kept)] == ["start", "submit", "verify", "select", "release"]
    assert [entry.action for entry in TrailEntry.select().where(TrailEntry.subject == "nomination")] == [
        "nomination.start",
        "nomination.submit",
        "nomination.verify",
        "nomination.select",
        "nomination.release",
    ]
    assert broken_link() is None


def test_what_the_records_said_is_frozen_at_submission(scene):
    make.make_score_month("2026-02")
    make.make_score(scene.asha, "2026-02", 31, unit=scene.health_office)
    nomination = service.submit(scene.draft(), by=scene.meena, at=AT)

    Officer.update(name_en="Renamed").where(Officer.id == scene.asha.id).execute()

    frozen = Nomination.get_by_id(nomination.id).record
    assert frozen == {
        "as_on": "2026-04-10",
        "employee_code": scene.asha.employee_code,
        "name": ["आशा साहू", "Asha Sahu"],
        "designation": ["सहायक ग्रेड-2", "ASSISTANT GRADE-2"],
        "unit": ["इकाई Health District Office, Raipur", "Health District Office, Raipur"],
        "department": ["इकाई Public Health and Family Welfare", "Public Health and Family Welfare"],
        "record": {
            "points": 31,
            "sealed_months": 1,
            "overdue": 0,
            "honoured_on": None,
            "retires_on": "2040-06-30",
            "state_class": "III",
            "integrity": None,
        },
        "months": [
            {
                "month": "2026-02",
                "points": 31,
                "rank": 1,
                "group_size": 0,
                "department_rank": 1,
                "department_size": None,
                "seal": "s" * 64,
                "correction": None,
            }
        ],
        "needs": ["integrity_missing"],
    }


def test_a_case_lies_where_the_nominee_was_posted_on_the_cut_off_day(scene):
    Posting.update(to_on=date(2026, 4, 1)).where(Posting.officer == scene.asha).execute()
    make.make_posting(scene.asha, scene.revenue_office, from_on=date(2026, 4, 2))

    nomination = scene.draft()

    assert nomination.line_path == scene.health_office.line_path
    assert nomination.department == scene.health
    with pytest.raises(NotAllowed):
        service.start_nomination(scene.cycle, scene.asha, scene.proposal(), by=scene.farah, at=AT)


# Who may nominate


@pytest.mark.parametrize("who", ["farah", "mohan", "ravi", "sunita", "lakshmi", "thomas", "gopal", "devendra", "pooja"])
def test_only_who_heads_the_nominees_whole_department_nominates(scene, who):
    with pytest.raises(NotAllowed):
        scene.draft(by=scene.actors[who])

    assert Nomination.select().count() == 0


def test_a_head_does_not_nominate_themselves(scene):
    meena = Officer.get_by_id(scene.meena.officer_id)

    with pytest.raises(RuleBroken) as refused:
        scene.draft(meena)

    assert codes(refused) == ["self_nomination"]


def test_the_head_of_the_state_may_nominate_a_head(scene):
    meena = Officer.get_by_id(scene.meena.officer_id)
    chief = make.actor_of(make.make_user("Chief Secretary"), (Role.HEAD, scene.state))

    nomination = scene.draft(meena, by=chief)

    assert nomination.officer_id == meena.id
    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, "withdraw", by=scene.meena, at=AT)
    assert codes(refused) == ["own_case"]


def test_an_officer_posted_nowhere_on_the_cut_off_day_cannot_be_nominated(scene):
    newcomer = make.make_officer("New Comer", "नव आगंतुक")
    make.make_posting(newcomer, scene.health_office, from_on=date(2026, 4, 1))

    with pytest.raises(RuleBroken) as refused:
        scene.draft(newcomer)

    assert codes(refused) == ["no_posting_on_cut_off"]


def test_the_head_of_an_office_neither_submits_nor_withdraws_the_departments_nomination(scene):
    nomination = scene.draft()

    for action in ("submit", "withdraw"):
        with pytest.raises(NotAllowed):
            service.act(nomination, action, by=scene.mohan, at=AT)


# Window, quota, priority


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 31, 18, 29, tzinfo=UTC), ["window_not_open"]),  # 23:59 in India, the day before
        (datetime(2026, 3, 31, 18, 30, tzinfo=UTC), []),  # midnight in India
        (datetime(2026, 4, 30, 18, 29, tzinfo=UTC), []),
        (datetime(2026, 4, 30, 18, 30, tzinfo=UTC), ["window_closed"]),
    ],
)
def test_the_window_opens_and_closes_at_midnight_in_india(scene, at, expected):
    try:
        service.start_nomination(scene.cycle, scene.asha, scene.proposal(), by=scene.meena, at=at)
        said = []
    except RuleBroken as refused:
        said = [one.code for one in refused.reasons]

    assert said == expected


def test_a_draft_left_lying_cannot_be_submitted_after_the_window(scene):
    nomination = scene.draft()

    with pytest.raises(RuleBroken) as refused:
        service.submit(nomination, by=scene.meena, at=day(5, 1))

    assert codes(refused) == ["window_closed"]


def test_withdrawn_nominations_count_against_the_quota(scene):
    service.act(scene.draft(), "withdraw", by=scene.meena, at=AT)
    scene.draft(scene.bhola)

    with pytest.raises(RuleBroken) as refused:
        scene.draft(priority=2)

    assert refused.value.reasons == [reason("quota_full", quota=2)]


def test_each_department_has_its_own_quota_and_its_own_priorities(scene):
    scene.draft()
    scene.draft(scene.bhola, priority=2)

    theirs = scene.draft(scene.farid, by=scene.farah)

    assert (theirs.department, theirs.priority) == (scene.revenue, 1)


def test_an_officer_has_one_live_nomination_in_a_cycle(scene):
    first = scene.draft()

    with pytest.raises(RuleBroken) as refused:
        scene.draft(priority=2)
    service.act(first, "withdraw", by=scene.meena, at=AT)
    again = scene.draft(priority=2)

    assert codes(refused) == ["already_nominated"]
    assert again.state == "draft"


def test_two_live_nominations_never_share_a_priority(scene):
    scene.draft()

    with pytest.raises(RuleBroken) as taken:
        scene.draft(scene.bhola, priority=1)
    with pytest.raises(RuleBroken) as beyond:
        scene.draft(scene.bhola, priority=3)

    assert taken.value.reasons == [reason("priority_taken", priority=1)]
    assert beyond.value.reasons == [reason("priority_out_of_range", quota=2)]


def test_a_category_of_another_cycle_is_refused(scene):
    other = scenes.open_cycle(scene.sunita, Criteria(), 1)

    with pytest.raises(RuleBroken) as refused:
        service.start_nomination(
            scene.cycle, scene.asha, scene.proposal(category=other.categories.get()), by=scene.meena, at=AT
        )

    assert codes(refused) == ["category_elsewhere"]


# Eligibility on the road


def test_a_head_cannot_nominate_an_officer_honoured_too_recently(scene):
    Honour.create(officer=scene.asha, title_hi="सम्मान", title_en="Honour", given_on=date(2025, 4, 11))
    _ask(scene, Criteria(cool_off_years=1))

    with pytest.raises(RuleBroken) as refused:
        scene.draft()

    assert codes(refused) == ["honoured_recently"]


def test_a_withdrawn_honour_bars_nobody(scene):
    Honour.create(
        officer=scene.asha,
        title_hi="सम्मान",
        title_en="Honour",
        given_on=date(2025, 4, 11),
        withdrawn_on=date(2025, 6, 1),
    )
    _ask(scene, Criteria(cool_off_years=1))

    assert scene.draft().state == "draft"


def _ask(scene, criteria: Criteria) -> None:
    Cycle.update(criteria=criteria.as_data()).where(Cycle.id == scene.cycle.id).execute()


def test_rules_that_turn_against_the_officer_are_found_at_submission(scene):
    nomination = scene.draft()
    _ask(scene, Criteria(min_points=10))

    with pytest.raises(RuleBroken) as refused:
        service.submit(nomination, by=scene.meena, at=AT)

    assert codes(refused) == ["points_short"]
    assert Nomination.get_by_id(nomination.id).record is None


def test_a_nomination_is_submitted_without_and_verified_only_with_a_clear_certificate(scene):
    nomination = service.submit(scene.draft(), by=scene.meena, at=AT)

    with pytest.raises(RuleBroken) as missing:
        service.act(nomination, "verify", by=scene.ravi, at=AT)
    scene.clear(answer=IntegrityAnswer.PENDING)
    with pytest.raises(RuleBroken) as pending:
        service.act(nomination, "verify", by=scene.ravi, at=AT)
    scene.clear()

    assert codes(missing) == ["integrity_missing"]
    assert codes(pending) == ["integrity_pending"]
    assert service.act(nomination, "verify", by=scene.ravi, at=AT).state == "verified"


@pytest.mark.parametrize(
    ("state", "action", "who"), [("verified", "select", "sunita"), ("selected", "release", "latif")]
)
def test_trouble_found_on_the_way_stops_the_next_step(scene, state, action, who):
    nomination = scene.brought_to(state)
    scene.clear(answer=IntegrityAnswer.NOT_CLEAR, given_on=date(2026, 4, 10))

    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, action, by=scene.actors[who], at=AT)

    assert codes(refused) == ["integrity_not_clear"]
    assert service.act(nomination, "reject", by=scene.kabir, remark="निष्ठा", at=AT).state == "rejected"


def test_a_certificate_that_runs_out_between_verification_and_selection_is_noticed(scene):
    nomination = scene.brought_to("verified")

    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, "select", by=scene.sunita, at=day(10, 1))

    assert codes(refused) == ["integrity_expired"]


def test_a_posting_corrected_away_after_submission_stops_the_nomination(scene):
    nomination = scene.brought_to("submitted")
    scene.clear()
    Posting.update(from_on=date(2026, 4, 5)).where(Posting.officer == scene.asha).execute()

    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, "verify", by=scene.ravi, at=AT)

    assert codes(refused) == ["no_posting_on_cut_off"]


def test_submitting_tells_everything_that_is_missing_at_once(scene):
    nomination = service.start_nomination(
        scene.cycle, scene.asha, scene.proposal(citation_hi="In English", citation_en=""), by=scene.meena, at=AT
    )

    with pytest.raises(RuleBroken) as refused:
        service.submit(nomination, by=scene.meena, at=AT)

    assert codes(refused) == ["citation_hi_short", "citation_hi_script", "citation_en_short", "citation_en_script"]


# Editing


def test_a_head_rewrites_a_draft_and_the_text_is_kept_tidy(scene):
    nomination = scene.draft()

    edited = service.edit_draft(
        nomination,
        scene.proposal(2, citation_hi=f"  {CITATION_HI}\n\x00 ", citation_en=CITATION_EN.replace(" ", "  ")),
        version=1,
        by=scene.meena,
        at=AT,
    )

    assert (edited.priority, edited.citation_hi, edited.citation_en, edited.version) == (
        2,
        CITATION_HI,
        CITATION_EN,
        2,
    )


def test_the_second_of_two_open_pages_does_not_overwrite_the_first(scene):
    nomination = scene.draft()
    service.edit_draft(
        nomination, scene.proposal(citation_en=CITATION_EN + " Again."), version=1, by=scene.meena, at=AT
    )

    with pytest.raises(WrongState) as refused:
        service.edit_draft(nomination, scene.proposal(2), version=1, by=scene.meena, at=AT)

    assert codes(refused) == ["edited_meanwhile"]
    assert Nomination.get_by_id(nomination.id).citation_en == CITATION_EN + " Again."


def test_what_was_submitted_in_one_tab_cannot_be_edited_in_another(scene):
    nomination = scene.draft()
    service.submit(nomination, by=scene.meena, at=AT)

    with pytest.raises(WrongState) as refused:
        service.edit_draft(nomination, scene.proposal(2), version=1, by=scene.meena, at=AT)

    assert refused.value.reasons == [reason("moved_on", state="submitted")]


def test_taking_the_priority_of_another_draft_exchanges_the_two(scene):
    first, second = scene.draft(), scene.draft(scene.bhola, priority=2)

    service.edit_draft(second, scene.proposal(1), version=1, by=scene.meena, at=AT)

    kept = {row.id: (row.priority, row.version) for row in Nomination.select()}
    assert kept == {first.id: (2, 2), second.id: (1, 2)}


def test_what_has_been_submitted_keeps_its_priority(scene):
    service.submit(scene.draft(), by=scene.meena, at=AT)
    second = scene.draft(scene.bhola, priority=2)

    with pytest.raises(RuleBroken) as refused:
        service.edit_draft(second, scene.proposal(1), version=1, by=scene.meena, at=AT)

    assert refused.value.reasons == [reason("priority_taken", priority=1)]


def test_who_edits_a_nomination_has_had_a_hand_in_it(scene):
    successor = make.actor_of(make.make_user("Successor"), (Role.HEAD, scene.health))
    nomination = scene.draft()
    service.edit_draft(nomination, scene.proposal(), version=1, by=successor, at=AT)
    nomination = service.submit(nomination, by=scene.meena, at=AT)
    scene.clear()
    as_nodal = Actor(successor.user_id, "Successor", grants=(*scene.ravi.grants,))

    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, "verify", by=as_nodal, at=AT)

    assert codes(refused) == ["same_hand"]


def test_who_only_drafted_a_nomination_does_not_verify_it_either(scene):
    nomination = scene.draft()
    successor = make.actor_of(make.make_user("Successor"), (Role.HEAD, scene.health))
    nomination = service.submit(nomination, by=successor, at=AT)
    scene.clear()
    as_nodal = Actor(scene.meena.user_id, "Meena", scene.meena.officer_id, grants=(*scene.ravi.grants,))

    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, "verify", by=as_nodal, at=AT)

    assert codes(refused) == ["same_hand"]


@pytest.mark.parametrize("who", ["farah", "mohan", "ravi", "sunita"])
def test_only_the_departments_head_edits_its_drafts(scene, who):
    nomination = scene.draft()

    with pytest.raises(NotAllowed):
        service.edit_draft(nomination, scene.proposal(2), version=1, by=scene.actors[who], at=AT)


# Return and correction


def test_a_returned_nomination_is_corrected_submitted_and_verified_by_a_fresh_hand(scene):
    nomination = scene.brought_to("returned")
    nomination = service.edit_draft(nomination, scene.proposal(), version=1, by=scene.meena, at=AT)
    nomination = service.submit(nomination, by=scene.meena, at=AT)
    scene.clear(by=scene.kabir)

    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, "verify", by=scene.ravi, at=AT)
    verified = service.act(nomination, "verify", by=scene.rekha, at=AT)

    assert codes(refused) == ["same_hand"]
    assert verified.state == "verified"


def test_gad_may_return_after_the_window_and_the_head_has_days_to_correct(scene):
    nomination = scene.brought_to("verified")
    late = day(5, 20)
    nomination = service.act(nomination, "return", by=scene.sunita, remark="तिथि लिखें", at=late)

    with pytest.raises(RuleBroken) as refused:
        service.submit(nomination, by=scene.meena, at=late + timedelta(days=8))
    again = service.submit(nomination, by=scene.meena, at=late + timedelta(days=7))

    assert codes(refused) == ["correction_over"]
    assert (again.state, again.submitted_at) == ("submitted", late + timedelta(days=7))


# Two tabs


def test_the_late_second_tab_is_told_where_the_case_stands(scene):
    scene.clear()
    in_one_tab = service.submit(scene.draft(), by=scene.meena, at=AT)
    in_another = Nomination.get_by_id(in_one_tab.id)
    service.act(in_one_tab, "verify", by=scene.ravi, at=AT)

    with pytest.raises(WrongState) as refused:
        service.act(in_another, "verify", by=scene.rekha, at=AT)

    assert refused.value.reasons == [reason("moved_on", state="verified")]


def test_an_award_is_never_given_by_a_page_of_nominations(scene):
    nomination = scene.brought_to("released")

    with pytest.raises(RuleBroken) as refused:
        service.act(nomination, "award", by=scene.kabir, at=AT)

    assert codes(refused) == ["award_by_order_only"]


def test_a_verb_that_refuses_writes_nothing(scene):
    nomination = scene.brought_to("submitted")
    before = TrailEntry.select().count()

    for action, who in (("verify", "ravi"), ("return", "ravi"), ("select", "sunita"), ("withdraw", "farah")):
        with pytest.raises((RuleBroken, WrongState, NotAllowed)):
            service.act(nomination, action, by=scene.actors[who], at=AT)

    assert TrailEntry.select().count() == before
    assert Nomination.get_by_id(nomination.id).state == "submitted"


# Integrity certificates


@pytest.mark.parametrize(("who", "may"), [("ravi", True), ("sunita", True), ("imran", False), ("meena", False)])
def test_the_nodal_officer_of_the_unit_and_gad_enter_integrity_certificates(scene, who, may):
    try:
        scene.clear(by=scene.actors[who])
        entered = True
    except NotAllowed:
        entered = False

    assert entered is may
    assert IntegrityCertificate.select().count() == int(may)


@pytest.mark.parametrize("who", ["thomas", "gopal", "lakshmi", "pooja", "devendra"])
def test_nobody_else_enters_integrity_certificates(scene, who):
    with pytest.raises(NotAllowed):
        scene.clear(by=scene.actors[who])


def test_nobody_enters_their_own_integrity_certificate(scene):
    with pytest.raises(RuleBroken) as refused:
        scene.clear(Officer.get_by_id(scene.ravi.officer_id), by=scene.ravi)

    assert codes(refused) == ["own_case"]


def test_who_nominated_an_officer_does_not_vouch_for_them(scene):
    scene.draft()
    as_nodal = Actor(scene.meena.user_id, "Meena", scene.meena.officer_id, grants=scene.ravi.grants)

    with pytest.raises(RuleBroken) as refused:
        scene.clear(by=as_nodal)

    assert codes(refused) == ["integrity_by_nominator"]


def test_the_nodal_officer_of_the_case_enters_the_certificate_after_a_transfer_too(scene):
    scene.draft()
    Posting.update(to_on=date(2026, 4, 5)).where(Posting.officer == scene.asha).execute()
    make.make_posting(scene.asha, scene.revenue_office, from_on=date(2026, 4, 6))

    scene.clear(by=scene.ravi)
    scene.clear(by=scene.imran)

    assert IntegrityCertificate.select().count() == 2


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"reference": "  "}, ["integrity_reference_missing"]),
        ({"given_on": date(2026, 4, 11)}, ["integrity_in_future"]),
        ({"given_on": date(2026, 4, 10), "valid_until": date(2026, 4, 9)}, ["integrity_term_wrong"]),
        ({"given_on": date(2026, 4, 10), "valid_until": date(2026, 4, 10)}, []),
    ],
)
def test_an_integrity_certificate_has_a_reference_and_a_possible_term(scene, facts, expected):
    try:
        scene.clear(**facts)
        said = []
    except RuleBroken as refused:
        said = [one.code for one in refused.reasons]

    assert said == expected


# Schemes and cycles


def test_a_scheme_is_installed_once_and_stays_as_gad_left_it(scene):
    Scheme.update(name_en="Renamed by GAD").execute()
    entries = TrailEntry.select().count()

    service.install_scheme("karmyogi", name_hi="न", name_en="N", award_hi="प", award_en="A", by=scene.kabir)

    assert [scheme.name_en for scheme in Scheme.select()] == ["Renamed by GAD"]
    assert TrailEntry.select().count() == entries


@pytest.mark.parametrize("who", ["meena", "ravi", "lakshmi", "thomas", "gopal"])
def test_only_gad_opens_a_cycle(scene, who):
    with pytest.raises(NotAllowed):
        scenes.open_cycle(scene.actors[who], Criteria(), 1)


def test_a_cycle_that_cannot_be_is_refused_with_everything_that_is_wrong(scene):
    with pytest.raises(RuleBroken) as refused:
        service.create_cycle(
            scene.cycle.scheme,
            name_hi="",
            name_en="2026",
            first_month=Month(2026, 3),
            last_month=Month(2026, 2),
            cut_off_on=date(2026, 3, 31),
            opens_on=date(2026, 4, 2),
            closes_on=date(2026, 4, 1),
            quota=0,
            criteria=Criteria(),
            categories=[Terms("क", "A", 0)],
            by=scene.sunita,
        )

    assert codes(refused) == [
        "cycle_name_missing",
        "cycle_quota_wrong",
        "cycle_window_wrong",
        "cycle_period_wrong",
        "category_amount_wrong",
    ]
    assert (Cycle.select().count(), Category.select().count()) == (1, 1)


def test_holding_a_nomination_that_is_not_there_says_so(scene):
    with pytest.raises(NotThere), database.atomic():
        service.hold([scene.draft().id, 999_999])


def test_the_quota_counts_what_was_started_and_not_what_lives(scene):
    Cycle.update(quota=3).execute()
    for officer in officers_in(scene.health_office, 3):
        service.act(scene.draft(officer), "withdraw", by=scene.meena, at=AT)

    with pytest.raises(RuleBroken) as refused:
        scene.draft()

    assert codes(refused) == ["quota_full"]
