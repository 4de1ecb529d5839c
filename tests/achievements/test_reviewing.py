"""The reviewers' queue: narrowed, in order, one after the other; what is proved is taken together."""

import pytest

from karmyogi.achievements import queries, service
from karmyogi.achievements.models import Achievement, ReturnReason
from karmyogi.achievements.queries import Narrowed
from karmyogi.achievements.rules import ACHIEVEMENT, RETURN_REASONS
from karmyogi.core.errors import RuleBroken
from karmyogi.core.reasons import reason
from karmyogi.store.images import NOTES
from karmyogi.store.trail import TrailEntry
from karmyogi.store.transitions import steps_taken
from tests.achievements.scene import AT, LATER, certificate, import_completion, new_id, picture
from tests.achievements.test_views import errors_in, newest, shown_ids


def ids(queue) -> list[int]:
    return [row.id for row in queue]


def import_later(scene, who: str, number: str) -> None:
    """A report that proves what waits already, before anything is matched with it."""
    import_completion(scene.officers[who], scene.course, number)


@pytest.fixture
def waiting(scene) -> dict[str, Achievement]:
    """One claim of each kind; only the second of a shared certificate and of a shared file are Asha's."""
    shared, file, number, theirs = new_id(), picture(), new_id(), new_id()
    scene.claim("farid", certificate(shared), title="Shared certificate")
    scene.claim("farid", file, title="Shared file")
    rows = {
        "shared": scene.claim("asha", certificate(shared), title="Shared certificate"),
        "file": scene.claim("asha", file, title="Shared file"),
        "held": scene.claim("bhola", certificate(theirs), title="Held by another"),
        "match": scene.claim("asha", certificate(number), title="Proved since"),
        "plain": scene.claim("bhola", picture(), title="Nothing known"),
    }
    import_later(scene, "asha", number)
    import_completion(scene.officers["farid"], scene.course, theirs.upper())
    return rows


@pytest.mark.parametrize(
    ("doubt", "kinds"),
    [
        ("", ["shared", "file", "held", "match", "plain"]),
        ("doubts", ["shared", "file", "held"]),
        ("no_doubts", ["match", "plain"]),
        ("matching", ["match"]),
    ],
)
def test_the_queue_is_narrowed_by_doubts_as_the_check_of_each_claim_finds_them(scene, waiting, doubt, kinds):
    found = ids(queries.review_queue(scene.actors["ravi"], Narrowed(doubt)))

    assert found == [waiting[kind].id for kind in kinds]


def test_a_file_replaced_since_raises_no_doubt_any_more(scene, waiting):
    claim = service.send_back(waiting["file"], by=scene.actors["ravi"], remark="दूसरी फ़ाइल दें", at=AT)
    other = service.keep(picture(), scene.files)
    service.resubmit(
        claim, service.Claim(title="Own file", finished_on=claim.finished_on), other, by=scene.actors["asha"]
    )

    assert claim.id not in ids(queries.review_queue(scene.actors["ravi"], Narrowed("doubts")))
    newest_image, _older = queries.images_of(claim)
    assert newest_image.original_sha256 == other.picture.sha256


def test_the_queue_is_narrowed_to_an_office_and_only_offices_with_something_are_offered(scene):
    office = scene.claim("asha")
    own_desk = scene.claim("rekha")
    offices = queries.offices_waiting(scene.actors["ravi"])

    assert [unit.id for unit in offices] == [scene.units["health_office"].id, scene.units["health"].id]
    narrowed = [ids(queries.review_queue(scene.actors["ravi"], Narrowed(unit=unit))) for unit in offices]
    assert narrowed == [[office.id], [own_desk.id]]


def test_a_claim_knows_its_place_and_its_neighbours(scene):
    rows = [scene.claim("bhola", title=f"No. {number}") for number in range(3)]
    queue = queries.review_queue(scene.actors["ravi"])

    places = [queries.place_of(queue, row) for row in rows]

    assert [(one.number, one.total) for one in places] == [(1, 3), (2, 3), (3, 3)]
    assert [(one.previous_id, one.next_id) for one in places] == [
        (None, rows[1].id),
        (rows[0].id, rows[2].id),
        (rows[1].id, None),
    ]
    service.verify(rows[1], by=scene.actors["ravi"], at=LATER)
    assert queries.place_of(queue, rows[1]) is None


def test_deciding_leads_to_the_next_and_round_to_what_was_passed_over(site, scene):
    first, second, third = (scene.claim("bhola", title=f"No. {number}") for number in range(3))
    client = site.as_("ravi")

    def decide(claim: Achievement) -> str:
        return client.post(f"/achievements/{claim.id}/verify?doubt=no_doubts", data={"remark": ""}).location

    assert "2 of 3" in client.get(f"/achievements/{second.id}?doubt=no_doubts").text
    assert decide(second) == f"/achievements/{third.id}?doubt=no_doubts"
    assert decide(third) == f"/achievements/{first.id}?doubt=no_doubts"
    assert decide(first) == "/achievements/review?doubt=no_doubts"


def test_the_queue_is_turned_page_by_page_and_keeps_its_narrowing(site, scene, monkeypatch):
    for place in ("views.reviewing", "queries.reviewing"):
        monkeypatch.setattr(f"karmyogi.achievements.{place}.PAGE", 2)
    rows = [scene.claim("bhola", title=f"No. {number}") for number in range(3)]
    client = site.as_("ravi")

    page = client.get("/achievements/review?doubt=no_doubts&planted=1").text

    assert f'href="/achievements/{rows[0].id}?doubt=no_doubts"' in page
    assert f'href="/achievements/{rows[2].id}?doubt=no_doubts"' not in page
    assert f'href="/achievements/review?after={rows[1].id}&amp;doubt=no_doubts"' in page
    assert shown_ids(client.get(f"/achievements/review?after={rows[1].id}").text) == [rows[2].id]


# Taking together what is proved


def test_what_the_reports_prove_is_listed_and_verified_together_each_with_its_own_entry(site, scene, waiting):
    number = new_id()
    second = scene.claim("bhola", certificate(number), title="Proved too")
    import_later(scene, "bhola", number)
    client = site.as_("ravi")

    listed = shown_ids(client.get("/achievements/review/matching").text)
    done = client.post("/achievements/review/matching", data={"achievement": [str(one) for one in listed]})

    assert (listed, done.location) == ([waiting["match"].id, second.id], "/achievements/review")
    rows = [Achievement.get_by_id(one) for one in listed]
    assert [(row.state, row.verified_by_match, row.course_id) for row in rows] == [
        ("verified", False, scene.course.id)
    ] * 2
    entries = TrailEntry.select().where(TrailEntry.action == "achievement.verify")
    assert sorted(entry.subject_id for entry in entries) == sorted(listed)


def test_nothing_else_is_verified_together_whatever_is_sent(site, scene, waiting):
    number = new_id()
    own = scene.claim("ravi", certificate(number), title="Ravi's own")
    import_later(scene, "ravi", number)
    planted = [waiting[kind].id for kind in ("shared", "file", "held", "plain")] + [own.id, 10**12]

    site.as_("ravi").post("/achievements/review/matching", data={"achievement": [str(one) for one in planted]})

    assert Achievement.select().where(Achievement.state == "verified").count() == 0


def test_a_doubt_that_came_up_after_listing_keeps_a_claim_out(scene, waiting):
    scene.claim("farid", certificate(waiting["match"].certificate_id), title="The same number")

    assert service.verify_matching([waiting["match"]], by=scene.actors["ravi"], at=LATER) == 0
    assert Achievement.get_by_id(waiting["match"].id).state == "submitted"


# Why a claim goes back


def test_a_claim_goes_back_with_reasons_of_the_list_in_its_order_and_the_officer_reads_them(site, scene):
    claim, client = scene.claim(), site.as_("ravi")

    form = {"reasons": ["return_date_differs", "return_picture_unclear"], "remark": "धन्यवाद"}
    done = client.post(f"/achievements/{claim.id}/return", data=form)

    assert (done.status_code, newest().state) == (302, "returned")
    (returned,) = queries.returns_of([claim])[claim.id]
    assert returned.reasons == (reason("return_picture_unclear"), reason("return_date_differs"))
    asha = site.as_("asha")
    sentences = [RETURN_REASONS[code] for code in ("return_picture_unclear", "return_date_differs")]
    for path in ("", f"{claim.id}", f"{claim.id}/resubmit"):
        page = asha.get(f"/achievements/{path}").text
        assert [sentence in page for sentence in sentences] == [True, True]


def test_reasons_of_each_return_stay_with_their_step(scene):
    claim, ravi = scene.claim(), scene.actors["ravi"]
    service.send_back(claim, by=ravi, reasons=["return_name_differs"], at=AT)
    again = service.Claim(title="Again", finished_on=claim.finished_on)
    service.resubmit(claim, again, None, by=scene.actors["asha"], at=AT)
    service.send_back(claim, by=ravi, reasons=["return_given_before"], at=LATER)

    found = [[one.code for one in each.reasons] for each in queries.returns_of([claim])[claim.id]]

    assert found == [["return_name_differs"], ["return_given_before"]]
    assert [step.action for step in steps_taken(ACHIEVEMENT, claim)] == ["submit", "return", "resubmit", "return"]


@pytest.mark.parametrize(
    ("reasons", "remark", "code"),
    [
        ([], " ", "return_reason_needed"),
        (["planted"], "", "return_reason_needed"),
        (["return_other"], " ", "return_remark_needed"),
        (["return_other", "return_name_differs"], "", "return_remark_needed"),
    ],
)
def test_a_claim_never_goes_back_without_the_officer_knowing_why(scene, reasons, remark, code):
    claim = scene.claim()

    with pytest.raises(RuleBroken) as refusal:
        service.send_back(claim, by=scene.actors["ravi"], reasons=reasons, remark=remark, at=AT)

    assert [one.code for one in refusal.value.reasons] == [code]
    assert (newest().state, ReturnReason.select().count()) == ("submitted", 0)


def test_a_reason_that_is_not_on_the_list_is_no_choice(site, scene):
    claim = scene.claim()

    answer = site.as_("ravi").post(f"/achievements/{claim.id}/return", data={"reasons": "planted", "remark": "x"})

    assert (answer.status_code, len(errors_in(answer.text)), newest().state) == (422, 1, "submitted")


def test_every_note_on_a_pdf_can_be_said_to_the_reviewer():
    assert [note for note in NOTES if not reason(note).text] == []
