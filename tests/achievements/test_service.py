"""Submitting, matching and reviewing certificates, with real pictures, files and databases."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from PIL import Image

from karmyogi.achievements import queries, service
from karmyogi.achievements.models import Achievement, CertificateImage
from karmyogi.achievements.rules import ACHIEVEMENT
from karmyogi.achievements.service import Claim, Submission
from karmyogi.core.errors import BadFile, NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Posting
from karmyogi.store import trail
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry
from karmyogi.store.transitions import steps_taken
from tests import trails
from tests.achievements import scene as scenes
from tests.achievements.scene import AT, FINISHED, LATER, certificate, import_completion, make_course, new_id, picture


def codes_of(error: pytest.ExceptionInfo) -> list[str]:
    return [reason.code for reason in error.value.reasons]


def reasons_on(achievement: Achievement) -> list[str]:
    return [reason.code for reason in queries.verdict_on(achievement).reasons]


def rows() -> list[int]:
    return [Achievement.select().count(), CertificateImage.select().count()]


def stored(achievement: Achievement) -> Achievement:
    return Achievement.get_by_id(achievement.id)


# The match with iGOT's reports


def test_a_certificate_that_igots_report_gives_to_the_same_officer_is_verified_by_match(scene):
    number = new_id()
    import_completion(scene.officers["asha"], scene.course, number)

    achievement = stored(scene.claim(content=certificate(number), course_id=scene.course.id))

    assert (achievement.state, achievement.verified_by_match, achievement.verified_at) == ("verified", True, AT)
    assert (achievement.title, achievement.finished_on) == (scene.course.name, FINISHED)
    taken = [(step.action, step.actor, step.user_id) for step in steps_taken(ACHIEVEMENT, achievement)]
    asha = scene.actors["asha"]
    assert taken == [("submit", "Asha Sahu", asha.user_id), ("match", "system", None)]


def test_a_report_that_shouts_the_number_matches_too(scene):
    number = new_id()
    import_completion(scene.officers["asha"], scene.course, number.upper())

    assert scene.claim(content=certificate(number), course_id=scene.course.id).state == "verified"


def test_a_claim_by_title_takes_the_course_of_the_matched_row(scene):
    number = new_id()
    import_completion(scene.officers["asha"], scene.course, number)

    achievement = stored(scene.claim(content=certificate(number), title="आचरण नियम"))

    assert (achievement.state, achievement.course_id, achievement.title) == ("verified", scene.course.id, "आचरण नियम")


def test_a_certificate_of_another_officer_waits_for_a_reviewer_and_is_not_refused(scene):
    number = new_id()
    import_completion(scene.officers["farid"], scene.course, number)
    import_completion(scene.officers["asha"], scene.course, new_id())

    achievement = scene.claim(content=certificate(number), course_id=scene.course.id)

    assert (stored(achievement).state, reasons_on(achievement)) == ("submitted", ["certificate_of_another"])


def test_a_certificate_of_another_course_of_the_same_officer_waits_for_a_reviewer(scene):
    number, other = new_id(), make_course("Stress Management")
    import_completion(scene.officers["asha"], scene.course, new_id())
    import_completion(scene.officers["asha"], other, number)

    achievement = scene.claim(content=certificate(number), course_id=scene.course.id)

    assert (stored(achievement).state, reasons_on(achievement)) == ("submitted", ["certificate_of_another_course"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (picture(), "qr_unreadable"),
        (picture("upi://pay?pa=someone@okbank"), "qr_of_another_issuer"),
        (certificate(new_id()), "certificate_not_in_reports"),
        (certificate(new_id(), new_id()), "several_certificates"),
    ],
)
def test_what_cannot_be_matched_waits_for_a_reviewer(scene, content, reason):
    achievement = scene.claim(content=content)

    assert (stored(achievement).state, reasons_on(achievement)) == ("submitted", [reason])


def test_a_report_imported_later_verifies_what_waits(scene):
    number = new_id()
    asha = scene.claim(content=certificate(number), title="Code of Conduct")
    bhola = scene.claim("bhola", certificate(new_id()))
    import_completion(scene.officers["asha"], scene.course, number)

    assert (service.match_waiting(at=LATER), service.match_waiting(at=LATER)) == (1, 0)

    assert (stored(asha).state, stored(asha).verified_at, stored(asha).course_id) == (
        "verified",
        LATER,
        scene.course.id,
    )
    assert stored(bhola).state == "submitted"


def test_a_later_report_does_not_give_one_course_two_verified_claims(scene):
    first, second = new_id(), new_id()
    import_completion(scene.officers["asha"], scene.course, first)
    scene.claim(content=certificate(first), course_id=scene.course.id)
    by_title = scene.claim(content=certificate(second), title="The same course, issued again")
    enrolment = scene.officers["asha"].enrolments.get()
    type(enrolment).update(certificate_id=second).where(type(enrolment).id == enrolment.id).execute()

    assert service.match_waiting(at=LATER) == 0

    assert stored(by_title).state == "submitted"


# Doubles


def test_the_same_file_twice_is_one_claim(scene):
    content = certificate()
    first = scene.submit(content=content)

    again = scene.submit(content=content, title="Under another name")

    assert (first.is_new, again.is_new, again.achievement.id) == (True, False, first.achievement.id)
    assert rows() == [1, 1]


def test_another_picture_of_the_same_certificate_is_the_same_claim(scene):
    number = new_id()
    first = scene.submit(content=certificate(number))

    again = scene.submit(content=certificate(number))

    assert (again.is_new, again.achievement.id) == (False, first.achievement.id)
    assert rows() == [1, 1]


def test_a_button_pressed_twice_at_once_makes_one_claim(scene):
    content = certificate(new_id())

    def press(_time: int) -> Submission:
        with database.connection_context():
            return scene.submit(content=content)

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(press, range(2)))

    assert sorted(one.is_new for one in done) == [False, True]
    assert len({one.achievement.id for one in done}) == 1
    assert rows() == [1, 1]


def test_a_withdrawn_certificate_may_be_submitted_anew(scene):
    content = certificate(new_id())
    first = scene.claim(content=content)
    service.withdraw(first, by=scene.actors["asha"], at=AT)

    again = scene.submit(content=content)

    assert (again.is_new, stored(first).state) == (True, "withdrawn")
    assert rows() == [2, 2]


def test_a_course_is_claimed_once_whatever_the_picture(scene):
    import_completion(scene.officers["asha"], scene.course)
    scene.claim(content=certificate(new_id()), course_id=scene.course.id)

    with pytest.raises(RuleBroken) as refusal:
        scene.claim(content=certificate(new_id()), course_id=scene.course.id)

    assert codes_of(refusal) == ["course_already_claimed"]
    assert rows() == [1, 1]


def test_the_file_of_another_officer_is_flagged_on_both_claims(scene):
    content = picture()
    asha = scene.claim("asha", content)
    farid = scene.claim("farid", content)

    assert [reasons_on(one) for one in (asha, farid)] == [["qr_unreadable", "file_of_another"]] * 2
    assert rows() == [2, 2]


def test_the_certificate_that_another_officer_submitted_first_is_flagged_on_both_claims(scene):
    number = new_id()
    forger = scene.claim("farid", certificate(number))
    honest = scene.claim("asha", certificate(number))

    flagged = ["certificate_not_in_reports", "certificate_claimed_by_another"]
    assert [reasons_on(one) for one in (forger, honest)] == [flagged] * 2


def test_the_owner_is_verified_even_when_a_forger_came_first(scene):
    number = new_id()
    forger = scene.claim("farid", certificate(number))
    import_completion(scene.officers["asha"], scene.course, number)

    honest = scene.claim("asha", certificate(number), course_id=scene.course.id)

    assert (stored(honest).state, stored(forger).state) == ("verified", "submitted")
    assert reasons_on(forger) == ["certificate_of_another", "certificate_claimed_by_another"]


# What is stored


def test_the_picture_is_kept_by_its_hash_outside_the_site_with_its_copies(scene, settings):
    content = certificate(new_id())
    achievement = scene.claim(content=content)

    image = achievement.images.get()

    assert image.original_sha256 == hashlib.sha256(content).hexdigest()
    assert (image.image_format, image.width, image.height, image.size_bytes) == ("PNG", 420, 240, len(content))
    assert scene.files.read(image.original_sha256, kind="original") == content
    shown = [Image.open(io.BytesIO(scene.files.read(sha256, kind=kind))) for sha256, kind in copies_of(image)]
    assert [one.format for one in shown] == ["WEBP", "WEBP"]
    assert scene.files.root.as_uri() == settings.media_url
    assert image.codes == [f"{scenes.PORTAL}{achievement.certificate_id}"]


def copies_of(image: CertificateImage) -> list[tuple[str, str]]:
    return [(image.image_sha256, "image"), (image.thumb_sha256, "thumb")]


def test_where_a_photograph_was_taken_is_not_in_the_copies_that_are_shown(scene):
    page = Image.new("RGB", (300, 200), "white")
    exif = Image.Exif()
    exif[0x010F] = "A telltale camera"
    exif.get_ifd(0x8825)[1] = "N"
    content = scenes.saved(page, "JPEG", exif=exif.tobytes(), comment=b"planted")
    assert (content.count(b"telltale"), content.count(b"planted")) == (1, 1)

    image = scene.claim(content=content).images.get()

    for sha256, kind in copies_of(image):
        copy = scene.files.read(sha256, kind=kind)
        assert [copy.count(mark) for mark in (b"Exif", b"EXIF", b"telltale", b"planted")] == [0, 0, 0, 0]


def test_a_bad_file_leaves_nothing_behind(scene):
    with pytest.raises(BadFile) as refusal:
        scene.claim(content=b"GIF89a not a picture")

    assert codes_of(refusal) == ["image_wrong_type"]
    assert rows() == [0, 0]
    assert [path for path in scene.files.root.rglob("*") if path.is_file()] == []


def test_when_a_file_cannot_be_kept_no_row_is_written(scene):
    (scene.files.root / "thumb").write_text("in the way")  # the last of the three files

    with pytest.raises(OSError):
        scene.claim()

    assert rows() == [0, 0]
    assert TrailEntry.select().count() == 0


def test_when_the_row_of_the_picture_fails_nothing_of_the_claim_stays(scene):
    if "sqlite" in type(database.obj).__name__.lower():
        database.execute_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON certificate_image BEGIN SELECT RAISE(ABORT, 'disk'); END"
        )
    else:
        database.execute_sql("ALTER TABLE certificate_image ADD CONSTRAINT broken CHECK (size_bytes < 0)")

    with pytest.raises(Exception, match=r"disk|broken"):
        scene.claim()

    assert rows() == [0, 0]
    assert TrailEntry.select().count() == 0


def test_every_act_is_on_the_trail_with_the_file_and_the_chain_is_whole(scene):
    content = certificate(new_id())
    achievement = scene.returned(content=content)
    service.resubmit(achievement, said(scene), None, by=scene.actors["asha"], at=LATER)
    service.verify(achievement, by=scene.actors["rekha"], at=LATER)

    entries = trails.told()

    assert [(entry.action, entry.actor) for entry in entries] == [
        ("achievement.submit", "Asha Sahu"),
        ("achievement.return", "Ravi Dewangan"),
        ("achievement.resubmit", "Asha Sahu"),
        ("achievement.rewrite", "Asha Sahu"),
        ("achievement.verify", "Rekha Sahu"),
    ]
    assert entries[0].change["file"] == hashlib.sha256(content).hexdigest()
    assert entries[3].change == {
        "title": ["A seminar elsewhere", "Seminar"],
        "finished_on": ["2026-03-14", "2026-03-15"],
    }
    assert trail.broken_link() is None


def said(scene: scenes.Scene) -> Claim:
    return Claim(title="Seminar", finished_on=date(2026, 3, 15))


# What may be claimed, and by whom


def test_a_course_that_no_report_says_the_officer_completed_cannot_be_chosen(scene):
    import_completion(scene.officers["bhola"], scene.course, new_id())

    with pytest.raises(RuleBroken) as refusal:
        scene.claim(course_id=scene.course.id)

    assert codes_of(refusal) == ["course_not_completed"]
    assert rows() == [0, 0]


@pytest.mark.parametrize(
    ("claim", "codes"),
    [
        ({"title": "  "}, ["claim_unnamed"]),
        ({"title": "x" * 301}, ["title_too_long"]),
        ({"finished_on": None}, ["finished_day_missing"]),
        ({"finished_on": date(2026, 4, 11)}, ["finished_in_future"]),
        ({"title": "", "finished_on": None}, ["claim_unnamed", "finished_day_missing"]),
    ],
)
def test_everything_wrong_with_a_claim_is_said_at_once(scene, claim, codes):
    with pytest.raises(RuleBroken) as refusal:
        scene.claim(**claim)

    assert codes_of(refusal) == codes


def test_today_in_india_is_not_the_future(scene):
    assert scene.claim(finished_on=date(2026, 4, 10)).state == "submitted"


def test_nobody_submits_for_another_officer(scene):
    for name in ("bhola", "ravi", "sunita", "gopal"):
        with pytest.raises(NotAllowed):
            service.submit(
                scene.officers["asha"],
                said(scene),
                service.keep(certificate(), scene.files),
                by=scene.actors[name],
                at=AT,
            )

    assert rows() == [0, 0]


def test_an_officer_without_a_posting_is_told_why_nobody_could_review(scene):
    Posting.delete().where(Posting.officer == scene.officers["asha"]).execute()

    with pytest.raises(RuleBroken) as refusal:
        scene.claim()

    assert codes_of(refusal) == ["no_posting_today"]


def test_a_claim_stays_with_the_unit_of_the_day_it_was_submitted(scene):
    office = scene.units["health_office"]

    achievement = stored(scene.claim())

    assert (achievement.line_path, achievement.territory_path) == (office.line_path, office.territory_path)


# Reviewing


def test_a_nodal_officer_verifies_what_could_not_be_matched(scene):
    achievement = scene.claim()

    service.verify(achievement, by=scene.actors["ravi"], at=LATER)

    achievement = stored(achievement)
    assert (achievement.state, achievement.verified_by_match, achievement.verified_at) == ("verified", False, LATER)


def test_a_nodal_officer_does_not_verify_an_own_certificate(scene):
    achievement = scene.claim("ravi")

    with pytest.raises(RuleBroken) as refusal:
        service.verify(achievement, by=scene.actors["ravi"], at=LATER)

    assert codes_of(refusal) == ["own_case", "same_hand"]
    assert stored(achievement).state == "submitted"


def test_who_returned_a_claim_does_not_verify_it_later(scene):
    achievement = scene.returned()
    service.resubmit(achievement, said(scene), None, by=scene.actors["asha"], at=LATER)

    with pytest.raises(RuleBroken) as refusal:
        service.verify(achievement, by=scene.actors["ravi"], at=LATER)

    assert codes_of(refusal) == ["same_hand"]
    assert service.verify(achievement, by=scene.actors["rekha"], at=LATER).state == "verified"


@pytest.mark.parametrize(
    "name", ["imran", "meena", "sunita", "lakshmi", "thomas", "devendra", "pooja", "gopal", "bhola"]
)
def test_nobody_else_verifies_returns_or_withdraws(scene, name):
    achievement = scene.claim()
    by = scene.actors[name]

    for act in (
        lambda: service.verify(achievement, by=by, remark="planted", at=AT),
        lambda: service.send_back(achievement, by=by, remark="planted", at=AT),
        lambda: service.withdraw(achievement, by=by, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert stored(achievement).state == "submitted"


def test_not_even_the_system_verifies_as_a_reviewer(scene):
    with pytest.raises(NotAllowed):
        service.verify(scene.claim(), by=SYSTEM, at=AT)


def test_doubts_are_overruled_only_with_a_written_word(scene):
    number = new_id()
    import_completion(scene.officers["farid"], scene.course, number)
    achievement = scene.claim(content=certificate(number))

    with pytest.raises(RuleBroken) as refusal:
        service.verify(achievement, by=scene.actors["ravi"], at=LATER)
    service.verify(achievement, by=scene.actors["ravi"], remark="मूल प्रमाण पत्र देखा", at=LATER)

    assert codes_of(refusal) == ["doubts_need_remark"]
    assert [step.remark for step in steps_taken(ACHIEVEMENT, achievement)] == ["", "मूल प्रमाण पत्र देखा"]


def test_a_claim_is_not_returned_without_saying_why(scene):
    achievement = scene.claim()

    with pytest.raises(RuleBroken) as refusal:
        service.send_back(achievement, by=scene.actors["ravi"], remark="  ", at=LATER)

    assert codes_of(refusal) == ["return_reason_needed"]


def test_the_second_of_two_reviewers_is_told_that_somebody_was_faster(scene):
    achievement = scene.claim()
    service.verify(achievement, by=scene.actors["ravi"], at=LATER)

    with pytest.raises(WrongState):
        service.send_back(achievement, by=scene.actors["rekha"], remark="देर से", at=LATER)

    assert stored(achievement).state == "verified"


# Submitting again


def test_a_better_picture_is_put_before_the_old_one_and_matched(scene):
    number = new_id()
    import_completion(scene.officers["asha"], scene.course, number)
    achievement = scene.returned(content=picture(), course_id=scene.course.id)
    claim = Claim(course_id=scene.course.id)

    service.resubmit(
        achievement, claim, service.keep(certificate(number), scene.files), by=scene.actors["asha"], at=LATER
    )

    achievement = stored(achievement)
    assert (achievement.state, achievement.certificate_id, achievement.submitted_at) == ("verified", number, LATER)
    assert [image.uploaded_at for image in queries.images_of(achievement)] == [LATER, AT]


def test_without_another_picture_the_first_one_stays(scene):
    number = new_id()
    achievement = scene.returned(content=certificate(number))

    service.resubmit(achievement, said(scene), None, by=scene.actors["asha"], at=LATER)

    achievement = stored(achievement)
    assert (achievement.title, achievement.certificate_id, achievement.state) == ("Seminar", number, "submitted")
    assert rows() == [1, 1]


def test_the_certificate_of_another_own_claim_is_not_taken_again(scene):
    content = certificate(new_id())
    scene.claim(content=content)
    achievement = scene.returned(content=picture(), title="Another")

    with pytest.raises(RuleBroken) as refusal:
        service.resubmit(
            achievement, said(scene), service.keep(content, scene.files), by=scene.actors["asha"], at=LATER
        )

    assert codes_of(refusal) == ["certificate_already_claimed"]
    assert stored(achievement).state == "returned"


def test_nobody_writes_anothers_returned_claim_again(scene):
    achievement = scene.returned()

    for name in ("bhola", "ravi", "rekha"):
        with pytest.raises(NotAllowed):
            service.resubmit(achievement, said(scene), None, by=scene.actors[name], at=LATER)


def test_what_waits_cannot_be_written_again_and_what_is_verified_cannot_be_withdrawn(scene):
    achievement = scene.claim()

    with pytest.raises(WrongState):
        service.resubmit(achievement, said(scene), None, by=scene.actors["asha"], at=LATER)
    service.verify(achievement, by=scene.actors["ravi"], at=LATER)
    with pytest.raises(WrongState):
        service.withdraw(achievement, by=scene.actors["asha"], at=LATER)


# Reads


def test_the_queue_gives_the_longest_waiting_first_and_only_what_this_reviewer_may_decide(scene):
    again = scene.returned("asha", title="First, but returned")
    service.resubmit(again, said(scene), None, by=scene.actors["asha"], at=LATER)
    bhola = scene.claim("bhola")
    scene.claim("ravi")  # one's own
    scene.claim("farid")  # of another department
    verified = scene.claim("asha", title="Done")
    service.verify(verified, by=scene.actors["rekha"], at=LATER)

    assert [row.id for row in queries.review_queue(scene.actors["ravi"])] == [bhola.id, again.id]
    assert [row.officer.name_en for row in queries.review_queue(scene.actors["imran"])] == ["Farid Ansari"]
    assert list(queries.review_queue(scene.actors["sunita"])) == []


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("asha", ["asha"]),
        ("bhola", []),
        ("ravi", ["asha"]),
        ("imran", ["farid"]),
        ("meena", []),
        ("sunita", ["farid", "asha"]),
        ("thomas", ["farid", "asha"]),
        ("lakshmi", []),
        ("devendra", []),
        ("pooja", []),
        ("gopal", []),
    ],
)
def test_each_sees_the_claims_and_pictures_within_reach(scene, name, seen):
    claims = {who: scene.claim(who) for who in ("asha", "farid")}

    rows = [row.id for row in queries.achievements_for(scene.actors[name])]
    images = {image.achievement_id for image in queries.images_for(scene.actors[name])}

    assert rows == [claims[who].id for who in seen]
    assert images == set(rows)


def test_only_completions_without_a_live_claim_are_offered(scene):
    asha, other = scene.officers["asha"], make_course("Stress Management")
    import_completion(asha, scene.course, completed_on=date(2026, 2, 1))
    import_completion(asha, other, completed_on=date(2026, 3, 1))
    import_completion(scene.officers["bhola"], make_course("Not Asha's"))
    offered = [[one.course.name for one in queries.completions_to_claim(asha)]]

    claim = scene.claim(course_id=other.id)
    offered.append([one.course.name for one in queries.completions_to_claim(asha)])
    service.withdraw(claim, by=scene.actors["asha"], at=AT)
    offered.append([one.course.name for one in queries.completions_to_claim(asha)])

    both = ["Stress Management", scene.course.name]
    assert offered == [both, [scene.course.name], both]
