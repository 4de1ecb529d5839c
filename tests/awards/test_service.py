"""Orders and awards on a real database: everything is written or nothing, and what is revoked stays to be seen."""

from datetime import UTC, date, datetime

import peewee
import pypdfium2
import pytest

from karmyogi.awards import service
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.awards.queries import awaiting_order, awards_for, awards_of, orders, published_awards, published_by_kind
from karmyogi.awards.rules import order_number
from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken, WrongState
from karmyogi.core.permissions import NOBODY, Actor, Grant, Role
from karmyogi.core.reasons import reason
from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.queries import by_code
from karmyogi.documents.rules import DocumentKind, PublicFacts, new_code, public_view
from karmyogi.documents.service import Kept
from karmyogi.documents.service import issue as issue_document
from karmyogi.nominations import service as nominations
from karmyogi.nominations.models import Category, Cycle, Nomination
from karmyogi.nominations.rules import Criteria, IntegrityAnswer
from karmyogi.people.models import Designation, Honour, Officer, OrgUnit
from karmyogi.store.db import database
from karmyogi.store.paper import (
    Awardee,
    CertificateFacts,
    OrderFacts,
    award_certificate,
    award_certificate_picture,
    award_order,
)
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.store.transitions import CaseStep
from karmyogi.web.access import visible_or_404
from tests import factories as make
from tests.awards.conftest import ORDERED_ON
from tests.nominations import scene as scenes
from tests.nominations.scene import AT, CITATION_EN, CITATION_HI

WHY = {"reason_hi": "अभिलेख में त्रुटि", "reason_en": "An error in the records"}
FIRST = "GAD/KMY/2026-27/000001"


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


def nothing_is_issued() -> bool:
    tables = (AwardOrder, Award, IssuedDocument, Honour)
    return not any(table.select().count() for table in tables) and not _trail("order.issue")


def _trail(action: str) -> int:
    return TrailEntry.select().where(TrailEntry.action == action).count()


# The whole road


def test_an_order_gives_the_award_with_certificate_honour_and_trail(scene, issue, files):
    nomination = scene.brought_to("released")

    order = issue(nomination)

    award = Award.get()
    honour = Honour.get()
    assert (order.number, order.serial, order.ordered_on, order.file_number) == (FIRST, 1, ORDERED_ON, "F-17")
    assert (award.number, award.state, award.officer, award.order) == (f"{FIRST}/001", "given", scene.asha, order)
    assert (award.title_hi, award.category_en, award.amount_rupees) == (
        "उत्कृष्ट कर्मयोगी पुरस्कार",
        "Individual excellence",
        5000,
    )
    assert (award.line_path, award.territory_path) == (nomination.line_path, nomination.territory_path)
    assert (honour.officer, honour.award_id, honour.order_number, honour.given_on) == (
        scene.asha,
        award.id,
        FIRST,
        ORDERED_ON,
    )
    assert Nomination.get_by_id(nomination.id).state == "awarded"
    assert [step.action for step in CaseStep.select().where(CaseStep.case_id == nomination.id)][-1] == "award"
    assert (_trail("order.issue"), _trail("document.issue"), _trail("nomination.award")) == (1, 2, 1)
    assert broken_link() is None


def test_the_stored_papers_are_those_of_the_frozen_facts(scene, issue, files):
    order = issue(scene.brought_to("released"))
    award = Award.get()

    on_certificate = award.document.facts["printed"]
    on_order = order.document.facts["printed"]

    facts = CertificateFacts(**on_certificate | {"issued_on": date.fromisoformat(on_certificate["issued_on"])})
    assert (facts.name_hi, facts.name_en, facts.citation_hi, facts.citation_en) == (
        "आशा साहू",
        "Asha Sahu",
        CITATION_HI,
        CITATION_EN,
    )
    assert (facts.designation_en, facts.office_en) == ("ASSISTANT GRADE-2", "Health District Office, Raipur")
    assert (facts.award_number, facts.order_number, facts.code) == (award.number, FIRST, award.document.code)
    assert facts.verify_url == f"https://karmyogi.example.in/verify/{award.document.code}"
    assert files.read(award.document.pdf_sha256, kind="document") == award_certificate(facts)
    rows = tuple(Awardee(**row) for row in on_order.pop("awardees"))
    lists = {name: tuple(map(tuple, on_order.pop(name))) for name in ("copy_to", "conditions")}
    ordered = OrderFacts(**on_order | lists | {"awardees": rows, "order_on": date.fromisoformat(on_order["order_on"])})
    assert files.read(order.document.pdf_sha256, kind="document") == award_order(ordered)


def test_the_order_prints_the_end_of_the_employee_code_only(scene, issue, files):
    order = issue(scene.brought_to("released"))

    pdf = pypdfium2.PdfDocument(files.read(order.document.pdf_sha256, kind="document"))
    printed = "".join(page.get_textpage().get_text_range() for page in pdf)

    assert scene.asha.employee_code not in printed
    assert f"XXXX{scene.asha.employee_code[-4:]}" in printed
    assert scene.asha.employee_code not in str(order.document.facts)


def test_an_order_lists_departments_and_in_them_the_heads_preference(scene, issue):
    second = scene.brought_to("released", scene.bhola, priority=1)
    third = scene.brought_to("released", scene.asha, priority=2)

    order = issue(third, second)

    rows = [(award.number[-3:], award.officer) for award in order.awards.order_by(Award.number)]
    assert rows == [("001", scene.bhola), ("002", scene.asha)]


def test_numbers_run_on_within_a_year_and_begin_anew_in_the_next(scene, issue):
    Cycle.update(quota=4).execute()
    officers = scenes.officers_in(scene.health_office, 3)
    released = [scene.brought_to("released", one, priority=i) for i, one in enumerate(officers, 1)]
    in_may = {"at": datetime(2027, 4, 1, tzinfo=UTC), "ordered_on": date(2027, 4, 1)}
    for one in officers:
        scene.clear(one, given_on=date(2026, 4, 3), valid_until=date(2027, 12, 31))

    numbers = [issue(released[0]).number, issue(released[1]).number, issue(released[2], **in_may).number]

    assert numbers == [FIRST, order_number("GAD/KMY", "2026-27", 2), order_number("GAD/KMY", "2027-28", 1)]


def test_an_award_bars_the_next_nomination_for_a_while(scene, issue):
    issue(scene.brought_to("released"))
    again = scenes.open_cycle(scene.sunita, Criteria(cool_off_years=2), 2)

    with pytest.raises(RuleBroken) as refused:
        nominations.start_nomination(
            again, scene.asha, scene.proposal(category=again.categories.get()), by=scene.meena, at=AT
        )

    assert refused.value.reasons == [reason("honoured_recently", given_on="2026-04-10", again_on="2028-04-10")]


# Who may issue


@pytest.mark.parametrize("who", ["meena", "ravi", "lakshmi", "thomas", "gopal", "pooja", "devendra"])
def test_only_gad_issues_orders(scene, issue, who):
    released = scene.brought_to("released")

    with pytest.raises(NotAllowed):
        issue(released, by=scene.actors[who])

    assert nothing_is_issued()


def test_who_selected_may_issue(scene, issue):
    assert issue(scene.brought_to("released"), by=scene.sunita).number == FIRST


def test_who_released_or_nominated_may_not_issue_even_as_gad(scene, issue):
    released = scene.brought_to("released")

    for name in ("lakshmi", "meena", "ravi"):
        actor = scene.actors[name]
        as_gad = Actor(actor.user_id, actor.name, actor.officer_id, grants=scene.kabir.grants)
        with pytest.raises(RuleBroken) as refused:
            issue(released, by=as_gad)
        assert codes(refused) == ["order_blocked_for", "same_hand"]

    assert nothing_is_issued()


def test_nobody_issues_the_order_of_their_own_award(scene, issue):
    released = scene.brought_to("released")
    asha_at_gad = Actor(77, "Asha", scene.asha.id, grants=scene.kabir.grants)

    with pytest.raises(RuleBroken) as refused:
        issue(released, by=asha_at_gad)

    assert codes(refused) == ["order_blocked_for", "own_case"]
    assert nothing_is_issued()


# The gate before the order


def test_trouble_found_after_release_blocks_the_order_by_name(scene, issue):
    sound = scene.brought_to("released", scene.bhola, priority=2)
    blocked = scene.brought_to("released")
    scene.clear(answer=IntegrityAnswer.NOT_CLEAR, given_on=date(2026, 4, 10), by=scene.sunita)

    with pytest.raises(RuleBroken) as refused:
        issue(sound, blocked)

    assert refused.value.reasons == [
        reason("order_blocked_for", name_hi="आशा साहू", name_en="Asha Sahu", employee_code=scene.asha.employee_code),
        reason("integrity_not_clear", given_on="2026-04-10"),
    ]
    assert nothing_is_issued()
    assert issue(sound).number == FIRST


def test_a_certificate_that_ran_out_blocks_the_order(scene, issue):
    released = scene.brought_to("released")

    with pytest.raises(RuleBroken) as refused:
        issue(released, at=datetime(2026, 10, 1, tzinfo=UTC))

    assert codes(refused) == ["order_blocked_for", "integrity_expired"]


def test_an_order_waits_for_every_missing_hindi_word_and_lists_them(scene, issue):
    released = scene.brought_to("released")
    Officer.update(name_hi="").where(Officer.id == scene.asha.id).execute()
    Designation.update(name_hi="").execute()
    OrgUnit.update(name_hi="").where(OrgUnit.id.in_([scene.health.id, scene.health_office.id])).execute()

    with pytest.raises(RuleBroken) as refused:
        issue(released)

    assert refused.value.reasons == [
        reason("order_blocked_for", name_hi="", name_en="Asha Sahu", employee_code=scene.asha.employee_code),
        reason("awardee_name_hi_missing"),
        reason("awardee_designation_hi_missing", name="ASSISTANT GRADE-2"),
        reason("awardee_department_hi_missing", name="Public Health and Family Welfare"),
        reason("awardee_office_hi_missing", name="Health District Office, Raipur"),
    ]
    assert nothing_is_issued()


@pytest.mark.parametrize("state", ["verified", "selected"])
def test_what_is_not_released_is_in_no_order(scene, issue, state):
    waiting = scene.brought_to(state)

    with pytest.raises(WrongState) as refused:
        issue(waiting)

    assert refused.value.reasons == [reason("moved_on", state=state)]
    assert nothing_is_issued()


def test_an_order_asked_for_twice_is_issued_once(scene, issue):
    released = scene.brought_to("released")
    in_another_tab = Nomination.get_by_id(released.id)
    issue(released)

    with pytest.raises(WrongState):
        issue(in_another_tab)

    assert [order.number for order in AwardOrder.select()] == [FIRST]
    assert Award.select().count() == 1


def test_an_order_of_nobody_of_one_twice_or_of_somebody_unknown_is_refused(scene, issue):
    released = scene.brought_to("released")

    with pytest.raises(RuleBroken) as empty:
        issue()
    with pytest.raises(RuleBroken) as twice:
        issue(released, released)
    with pytest.raises(NotThere):
        issue(released, Nomination(id=999_999))

    assert (codes(empty), codes(twice)) == (["order_empty"], ["order_twice"])
    assert nothing_is_issued()


@pytest.mark.parametrize(
    ("ordered_on", "expected"),
    [
        (date(2026, 4, 11), ["order_in_future"]),
        (date(2026, 4, 9), ["order_blocked_for", "order_before_release"]),
    ],
)
def test_an_order_is_dated_from_the_release_to_today(scene, issue, ordered_on, expected):
    released = scene.brought_to("released")

    with pytest.raises(RuleBroken) as refused:
        issue(released, ordered_on=ordered_on)

    assert codes(refused) == expected


# All or nothing


def test_a_letter_that_cannot_be_printed_costs_no_number(scene, issue):
    Officer.update(name_en="Asha \U0001f600 Sahu").where(Officer.id == scene.asha.id).execute()
    released = scene.brought_to("released")

    with pytest.raises(RuleBroken) as refused:
        issue(released)
    Officer.update(name_en="Asha Sahu").where(Officer.id == scene.asha.id).execute()

    assert codes(refused) == ["paper_letter_missing"]
    assert issue(released).number == FIRST


class Failure(Exception):
    """The disk is full, the power is gone."""


def test_a_disk_that_fails_while_papers_are_kept_costs_no_number(scene, issue, files):
    class FullDisk(type(files)):
        def put(self, content: bytes, *, kind: str) -> str:
            raise Failure

    released = scene.brought_to("released")

    with pytest.raises(Failure):
        issue(released, files=FullDisk(files.root))

    assert nothing_is_issued()
    assert issue(released).number == FIRST


def test_a_failure_in_the_middle_of_writing_takes_everything_back(scene, issue):
    released = [scene.brought_to("released"), scene.brought_to("released", scene.bhola, priority=2)]
    planted = issue_document(  # the second certificate will find its number taken
        DocumentKind.AWARD_CERTIFICATE,
        f"{FIRST}/002",
        code=new_code(),
        public=PublicFacts("", "", "", ORDERED_ON),
        printed={},
        kept=Kept("a" * 64),
        by=scene.kabir,
        at=AT,
    )
    entries = TrailEntry.select().count()

    with pytest.raises(peewee.IntegrityError):
        issue(*released)

    assert list(IssuedDocument.select()) == [planted]
    assert (AwardOrder.select().count(), Award.select().count(), Honour.select().count()) == (0, 0, 0)
    assert {one.state for one in Nomination.select()} == {"released"}
    assert TrailEntry.select().count() == entries
    assert broken_link() is None


def test_names_corrected_while_the_papers_are_drawn_are_the_names_issued(scene, issue, files):
    released = scene.brought_to("released")

    class CorrectedMeanwhile(type(files)):
        def put(self, content: bytes, *, kind: str) -> str:
            Officer.update(name_hi="आशा देवी साहू").where(Officer.id == scene.asha.id).execute()
            return super().put(content, kind=kind)

    issue(released, files=CorrectedMeanwhile(files.root))

    document = Award.get().document
    assert document.facts["public"]["name_hi"] == document.facts["printed"]["name_hi"] == "आशा देवी साहू"


def test_an_order_that_is_overtaken_every_time_is_given_up_whole(scene, issue, files, monkeypatch):
    monkeypatch.setattr(service.orders, "TRIES", 2)
    released = scene.brought_to("released")

    class NeverQuiet(type(files)):
        def put(self, content: bytes, *, kind: str) -> str:
            name = f"आशा {make.number()}".translate(str.maketrans("0123456789", "कखगघचछजझटठ"))
            Officer.update(name_hi=name).where(Officer.id == scene.asha.id).execute()
            return super().put(content, kind=kind)

    with pytest.raises(WrongState) as refused:
        issue(released, files=NeverQuiet(files.root))

    assert codes(refused) == ["order_overtaken"]
    assert nothing_is_issued()


def test_nobody_is_kept_waiting_while_papers_are_drawn(scene, issue, files):
    released = scene.brought_to("released")
    kept_out = []

    class Watching(type(files)):
        def put(self, content: bytes, *, kind: str) -> str:
            kept_out.append(database.in_transaction())
            return super().put(content, kind=kind)

    issue(released, files=Watching(files.root))

    assert kept_out == [False, False]  # the order, the certificate


def test_the_picture_of_a_certificate_is_drawn_once_from_what_was_issued(scene, issue, files):
    issue(scene.brought_to("released"))
    Officer.update(name_en="Renamed").execute()

    picture = service.picture_of(Award.get(), files=files)
    again = service.picture_of(Award.get(), files=files)

    facts = Award.get().document.facts["printed"]
    as_issued = CertificateFacts(**facts | {"issued_on": date.fromisoformat(facts["issued_on"])})
    assert picture == again == award_certificate_picture(as_issued)
    assert facts["name_en"] == "Asha Sahu"


# Revoking


def test_a_revoked_award_stays_and_says_when_and_why(scene, issue):
    order = issue(scene.brought_to("released"))

    service.revoke_award(Award.get(), **WHY, by=scene.lakshmi, at=AT)

    award = Award.get()
    view = public_view(by_code(award.document.code))
    assert (award.state, award.revoked_on, award.reason_hi, award.reason_en) == ("revoked", ORDERED_ON, *WHY.values())
    assert (view.status.state, view.status.revoked_on, view.status.reason_hi) == (
        "revoked",
        ORDERED_ON,
        WHY["reason_hi"],
    )
    assert view.name_hi == "आशा साहू"
    assert Honour.get().withdrawn_on == ORDERED_ON
    assert IssuedDocument.get_by_id(order.document_id).state == "valid"
    assert (_trail("award.revoke"), _trail("document.revoke"), _trail("honour.withdraw")) == (1, 1, 1)
    assert broken_link() is None


def test_a_revoked_award_no_longer_bars_a_nomination(scene, issue):
    issue(scene.brought_to("released"))
    service.revoke_award(Award.get(), **WHY, by=scene.lakshmi, at=AT)
    again = scenes.open_cycle(scene.sunita, Criteria(cool_off_years=2), 2)

    nomination = nominations.start_nomination(
        again, scene.asha, scene.proposal(category=again.categories.get()), by=scene.meena, at=AT
    )

    assert nomination.state == "draft"


def test_only_the_approver_revokes_and_not_their_own_award(scene, issue):
    issue(scene.brought_to("released"))

    said = {
        role: [
            _revocation_by(Actor(88, role.value, officer_id, (Grant(role),))) for officer_id in (scene.asha.id, None)
        ]
        for role in sorted(Role, key=lambda role: role is Role.APPROVER)
    }

    refused = {role: ["not_allowed", "not_allowed"] for role in Role}
    assert said == refused | {Role.APPROVER: ["own_case", "revoked"]}


def _revocation_by(actor: Actor) -> str:
    try:
        return service.revoke_award(Award.get(), **WHY, by=actor, at=AT).state
    except (NotAllowed, RuleBroken) as refused:
        return refused.reasons[0].code


def test_who_issued_an_award_does_not_revoke_it(scene, issue):
    issue(scene.brought_to("released"))
    kabir_as_approver = Actor(scene.kabir.user_id, "Kabir", scene.kabir.officer_id, grants=scene.lakshmi.grants)

    with pytest.raises(RuleBroken) as refused:
        service.revoke_award(Award.get(), **WHY, by=kabir_as_approver, at=AT)

    assert codes(refused) == ["same_hand"]
    assert Award.get().state == "given"


def test_an_award_is_revoked_once_and_with_both_reasons(scene, issue):
    issue(scene.brought_to("released"))
    late_tab = Award.get()

    with pytest.raises(RuleBroken) as refused:
        service.revoke_award(late_tab, reason_hi="त्रुटि", reason_en=" ", by=scene.lakshmi, at=AT)
    service.revoke_award(Award.get(), **WHY, by=scene.lakshmi, at=AT)
    with pytest.raises(WrongState):
        service.revoke_award(late_tab, **WHY, by=scene.latif, at=AT)

    assert codes(refused) == ["revocation_needs_reason"]
    assert _trail("award.revoke") == 1


# Lists


@pytest.fixture
def three_awards(scene, issue) -> dict[str, Award]:
    """Of Asha (Health), Bhola (Health, revoked) and Farid (Revenue)."""
    scene.brought_to("released")
    scene.brought_to("released", scene.bhola, priority=2)
    theirs = scene.draft(scene.farid, by=scene.farah)
    scene.clear(scene.farid, by=scene.imran)
    for action, by in (("submit", "farah"), ("verify", "imran"), ("select", "sunita"), ("release", "lakshmi")):
        theirs = nominations.act(theirs, action, by=scene.actors[by], at=AT)
    issue(*awaiting_order(scene.cycle))
    awards = {award.officer.name_en.split()[0]: award for award in Award.select()}
    service.revoke_award(awards["Bhola"], **WHY, by=scene.lakshmi, at=AT)
    return awards


def test_everyone_sees_the_awards_of_their_reach_and_the_public_what_stands(scene, three_awards):
    asha = make.actor_of(make.make_user("Asha", officer=scene.asha), (Role.EMPLOYEE, None))
    readers = scene.actors | {"asha": asha, "nobody": NOBODY}

    seen = {name: sorted(award.officer.name_en.split()[0] for award in awards_for(by)) for name, by in readers.items()}

    everything, health = ["Asha", "Bhola", "Farid"], ["Asha", "Bhola"]
    assert seen == {
        "meena": health,
        "mohan": health,
        "ravi": health,
        "rekha": health,
        "farah": ["Farid"],
        "imran": ["Farid"],
        "devendra": everything,  # the collector: all three sit in Raipur
        "sunita": everything,
        "kabir": everything,
        "lakshmi": everything,
        "latif": everything,
        "thomas": everything,
        "gopal": [],
        "pooja": [],
        "asha": ["Asha"],
        "nobody": [],
    }
    with pytest.raises(NotThere):
        visible_or_404(awards_for(scene.meena), id=three_awards["Farid"].id)


def test_the_public_board_shows_standing_awards_in_the_words_of_their_certificates(scene, three_awards):
    Officer.update(name_en="Renamed", name_hi="बदला").execute()

    board = published_awards()

    assert [(row.said.name_hi, row.said.name_en, row.said.order_number) for row in board] == [
        ("आशा साहू", "Asha Sahu", FIRST),
        ("फरीद अंसारी", "Farid Ansari", FIRST),
    ]
    assert [by_code(row.code).id for row in board] == [
        three_awards["Asha"].document_id,
        three_awards["Farid"].document_id,
    ]
    assert [one.count for one in published_by_kind()] == [2]
    assert published_awards(limit=1) == board[:1]
    assert published_awards(after=board[0].key) == board[1:]
    # Whom a revoked award was given to still finds it on their own page.
    assert [(award.state, award.document.code) for award in awards_of(scene.bhola)] == [
        ("revoked", three_awards["Bhola"].document.code)
    ]
    assert [order.number for order in orders()] == [FIRST]


def test_what_awaits_an_order_is_what_is_released_and_not_awarded(scene, issue):
    first = scene.brought_to("released", scene.bhola, priority=2)
    second = scene.brought_to("released", priority=1)

    waiting = awaiting_order(scene.cycle)
    issue(first)

    assert waiting == [second, first]
    assert awaiting_order(scene.cycle) == [second]


def test_a_category_without_money_gives_an_award_without_an_amount(scene, issue):
    Category.update(amount_rupees=None).execute()

    issue(scene.brought_to("released"))

    assert Award.get().amount_rupees is None
    assert Award.get().document.facts["printed"]["amount_rupees"] is None
