"""The pages of achievements: who gets them, what they tell, and what becomes of a refused form."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from karmyogi.achievements import service
from karmyogi.achievements.models import Achievement, CertificateImage
from karmyogi.achievements.rules import ACHIEVEMENT
from karmyogi.store.images import LIMITS
from karmyogi.store.transitions import steps_taken
from tests.achievements.scene import AT, certificate, import_completion, make_course, new_id, picture

SAMPLES = Path(__file__).parents[1] / "data" / "certificates"
EVERYONE = (
    "asha", "bhola", "farid", "ravi", "rekha", "imran", "meena", "sunita", "lakshmi", "thomas", "devendra", "pooja",
    "gopal",
)  # fmt: skip


def sent(content: bytes | None, name: str = "प्रमाणपत्र.png", **fields: str) -> dict[str, object]:
    image = {} if content is None else {"image": (io.BytesIO(content), name)}
    return {"course": "", "title": "Seminar on safety", "finished_on": "2026-03-14"} | fields | image


def shown_ids(page: str) -> list[int]:
    """The claims that a list links to, in its order."""
    return list(dict.fromkeys(int(found) for found in re.findall(r'href="/achievements/(\d+)"', page)))


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def errors_in(page: str) -> list[str]:
    found = re.findall(r'<p class="field-error"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [re.sub(r"<span.*?</span>", "", one).strip() for one in found]


def newest() -> Achievement:
    return Achievement.select().order_by(Achievement.id.desc()).first()


# Who gets what


def codes_for(site, path: str) -> dict[str, int]:
    return {name: site.as_(name).get(path).status_code for name in EVERYONE}


def test_a_claim_and_its_pictures_open_within_reach_and_do_not_exist_elsewhere(site, scene):
    asha = scene.claim("asha")
    image = asha.images.get()
    may = {"asha", "ravi", "rekha", "sunita", "thomas"}
    expected = {name: 200 if name in may else 404 for name in EVERYONE}

    for path in (
        f"/achievements/{asha.id}",
        f"/achievements/images/{image.id}",
        f"/achievements/images/{image.id}/thumb",
    ):
        assert codes_for(site, path) == expected


def test_the_queue_opens_for_nodal_officers_alone(site):
    nodal = {"ravi", "rekha", "imran"}

    assert codes_for(site, "/achievements/review") == {name: 200 if name in nodal else 403 for name in EVERYONE}


def test_without_signing_in_nothing_opens(site, scene):
    image = scene.claim().images.get()
    stranger = site.app.test_client()

    posts = ("/achievements/new", f"/achievements/{image.achievement_id}/verify")
    assert [stranger.post(path).status_code for path in posts] == [401, 401]
    assert stranger.get("/achievements/new").status_code != 200
    assert stranger.get(f"/achievements/images/{image.id}").data != scene.files.read(image.image_sha256, kind="image")


@pytest.mark.parametrize(
    "path", ["/achievements/0", "/achievements/99999999999999999999", "/achievements/images/0/thumb"]
)
def test_what_was_never_there_is_not_there(site, path):
    assert site.as_("sunita").get(path).status_code == 404


def test_each_list_shows_what_lies_within_reach(site, scene):
    asha, farid = scene.claim("asha"), scene.claim("farid")

    def ids(name: str, path: str) -> list[int]:
        return shown_ids(site.as_(name).get(path).text)

    assert ids("asha", "/achievements/") == [asha.id]
    assert ids("bhola", "/achievements/all") == []
    assert ids("ravi", "/achievements/review") == ids("ravi", "/achievements/all") == [asha.id]
    assert ids("imran", "/achievements/review") == ids("imran", "/achievements/all") == [farid.id]
    assert ids("sunita", "/achievements/all") == [farid.id, asha.id]


def test_the_list_can_be_narrowed_to_a_state_and_turned_page_by_page(site, scene, monkeypatch):
    for place in ("views.address", "views.lists", "queries.claims"):
        monkeypatch.setattr(f"karmyogi.achievements.{place}.PAGE", 2)
    claims = [scene.claim("bhola", title=f"No. {number}") for number in range(3)]
    service.withdraw(claims[0], by=scene.actors["bhola"], at=AT)
    client = site.as_("sunita")

    assert shown_ids(client.get("/achievements/all?state=withdrawn").text) == [claims[0].id]
    assert shown_ids(client.get("/achievements/all?state=planted").text) == [claims[2].id, claims[1].id]
    assert shown_ids(client.get(f"/achievements/all?before={claims[1].id}").text) == [claims[0].id]


def test_an_officer_reads_nothing_of_what_another_officer_holds(site, scene):
    number = new_id()
    import_completion(scene.officers["farid"], scene.course, number)
    content = certificate(number)
    scene.claim("farid", content, course_id=scene.course.id)
    asha = scene.claim("asha", content)
    telltale = ("belongs to another officer", "Another officer has submitted", "Farid")

    def told(name: str) -> list[bool]:
        page = site.as_(name).get(f"/achievements/{asha.id}").text
        return [sentence in page for sentence in telltale]

    assert told("asha") == [False, False, False]
    assert told("ravi") == [True, True, False]


@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_page_opens_in_both_languages(site, scene, language):
    import_completion(scene.officers["asha"], scene.course, new_id())
    waiting = scene.claim("asha", course_id=scene.course.id)
    returned = scene.returned("asha", title="Another")
    asha, ravi = site.as_("asha", language=language), site.as_("ravi", language=language)

    own = ["", "new", f"{waiting.id}", f"{waiting.id}/withdraw", f"{returned.id}/resubmit", "all"]
    theirs = ["", "review", "all", f"{waiting.id}", f"{returned.id}", "new"]

    assert [asha.get(f"/achievements/{path}").status_code for path in own] == [200] * 6
    assert [ravi.get(f"/achievements/{path}").status_code for path in theirs] == [200] * 6


def test_whoever_makes_no_claims_is_led_to_those_of_others(site, scene):
    for name in ("sunita", "ravi"):
        scene.actors[name] = replace(scene.actors[name], grants=scene.actors[name].grants[1:])

    assert site.as_("sunita").get("/achievements/").location == "/achievements/all"
    assert site.as_("ravi").get("/achievements/").location == "/achievements/review"
    assert site.as_("sunita").get("/achievements/new").status_code == 403


# Pictures


def test_a_picture_comes_with_headers_that_let_it_do_nothing(site, scene):
    image = scene.claim().images.get()

    answer = site.as_("asha").get(f"/achievements/images/{image.id}")

    headers = ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    assert [answer.headers[name] for name in headers] == [
        "image/webp",
        "nosniff",
        "sandbox; default-src 'none'",
        "private, no-cache",
    ]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.data == scene.files.read(image.image_sha256, kind="image")


def test_a_picture_seen_before_is_not_sent_again_but_its_reach_is_asked_again(site, scene):
    image = scene.claim().images.get()
    path = f"/achievements/images/{image.id}/thumb"
    tag = site.as_("asha").get(path).headers["ETag"]

    codes = {name: site.as_(name).get(path, headers={"If-None-Match": tag}).status_code for name in ("asha", "imran")}

    assert codes == {"asha": 304, "imran": 404}


@pytest.mark.parametrize(
    ("site_of", "code"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_another_site_does_not_get_the_picture(site, scene, site_of, code):
    image = scene.claim().images.get()
    client = site.as_("asha")

    answer = client.get(f"/achievements/images/{image.id}", headers={"Sec-Fetch-Site": site_of})

    assert answer.status_code == code


# Submitting


def test_an_officer_adds_a_completed_course_and_it_is_verified_at_once(site, scene):
    number = new_id()
    import_completion(scene.officers["asha"], scene.course, number)
    client = site.as_("asha")

    form = sent(certificate(number), course=str(scene.course.id), title="", finished_on="")
    answer = client.post("/achievements/new", data=form)
    page = client.get(answer.location).text

    assert (answer.status_code, newest().state, newest().course_id) == (302, "verified", scene.course.id)
    assert page.count("Submitted and verified: it agrees with iGOT&#39;s report.") == 1


def test_an_officer_is_offered_own_completions_only_and_can_choose_no_other(site, scene):
    mine, theirs = make_course("Stress Management"), make_course("Bhola's course")
    import_completion(scene.officers["asha"], mine)
    import_completion(scene.officers["bhola"], theirs)
    client = site.as_("asha")

    offered = re.findall(r'<option [^>]*value="(\d*)"', client.get("/achievements/new").text)
    answer = client.post("/achievements/new", data=sent(certificate(), course=str(theirs.id), title=""))

    assert offered == ["", str(mine.id)]
    assert (answer.status_code, Achievement.select().count()) == (422, 0)


HOSTILE = [
    "bad_bomb50k.png", "bad_empty.png", "bad_hugepage.pdf", "bad_lie2g.png", "bad_script.svg", "bad_trunc.png",
    "bad_trunc.pdf", "bad_xxe.svg", "odd_avif.avif",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_the_form_is_kept(site, scene, name):
    content = (SAMPLES / name).read_bytes()

    answer = site.as_("asha").post("/achievements/new", data=sent(content, name))

    assert answer.status_code == 422
    kept = value_of(answer.text, "title"), value_of(answer.text, "finished_on")
    assert kept == ("Seminar on safety", "2026-03-14")
    assert len(errors_in(answer.text)) == 1
    assert (Achievement.select().count(), CertificateImage.select().count()) == (0, 0)
    assert [path for path in scene.files.root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["bad_polyglot_zip.jpg", "wrong_selfie.jpg", "photo4_17.jpg"])
def test_an_odd_picture_is_taken_and_waits_for_a_person(site, scene, name):
    answer = site.as_("asha").post("/achievements/new", data=sent((SAMPLES / name).read_bytes(), name))

    assert (answer.status_code, newest().state) == (302, "submitted")


def test_the_limit_of_a_picture_is_ten_megabytes_and_one_byte_more_keeps_the_form(site, scene):
    padded = certificate() + b"\0" * LIMITS.bytes
    client = site.as_("asha")

    over = client.post("/achievements/new", data=sent(padded[: LIMITS.bytes + 1]))
    exact = client.post("/achievements/new", data=sent(padded[: LIMITS.bytes]))

    assert (over.status_code, errors_in(over.text)) == (422, ["The file is larger than 10 MB."])
    assert value_of(over.text, "title") == "Seminar on safety"
    assert (exact.status_code, newest().images.get().size_bytes) == (302, LIMITS.bytes)


def test_a_body_far_too_large_is_not_read(site):
    answer = site.as_("asha").post("/achievements/new", data=sent(b"\0" * (12 * 1024 * 1024 + 1)))

    assert (answer.status_code, Achievement.select().count()) == (413, 0)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"title": ""}, "Choose a course you have completed, or write the title as the certificate gives it."),
        ({"finished_on": ""}, "Give the date on the certificate."),
        ({"finished_on": "14.03.2026"}, "Not a valid date value."),
        ({"finished_on": "2999-01-01"}, "The date cannot be after today."),
        ({"title": "x" * 301}, "The title has 301 characters; at most 300 are allowed."),
    ],
)
def test_what_is_missing_is_said_at_its_field(site, fields, error):
    answer = site.as_("asha").post("/achievements/new", data=sent(certificate(), **fields))

    assert (answer.status_code, errors_in(answer.text)) == (422, [error])


def test_without_a_picture_there_is_nothing_to_submit(site):
    answer = site.as_("asha").post("/achievements/new", data=sent(None))

    assert (answer.status_code, errors_in(answer.text)) == (422, ["Choose the picture or PDF of your certificate."])


def test_refusals_are_said_in_hindi_too(site):
    answer = site.as_("asha", language="hi").post("/achievements/new", data=sent(b""))

    assert answer.status_code == 422
    assert '<html lang="hi">' in answer.text


def test_the_same_file_again_leads_to_the_claim_that_is_there(site):
    content, client = certificate(), site.as_("asha")
    first = client.post("/achievements/new", data=sent(content))
    again = client.post("/achievements/new", data=sent(content))

    assert (again.status_code, again.location, Achievement.select().count()) == (302, first.location, 1)
    assert (
        client.get(again.location).text.count(
            "You had already submitted this certificate, for “Seminar on safety”; here it is."
        )
        == 1
    )


def test_a_form_without_its_token_is_refused(site, scene):
    claim = scene.claim()
    site.app.config["WTF_CSRF_ENABLED"] = True

    asha = [site.as_("asha").post(f"/achievements/{path}").status_code for path in ("new", f"{claim.id}/withdraw")]
    ravi = [site.as_("ravi").post(f"/achievements/{claim.id}/{act}").status_code for act in ("verify", "return")]

    assert (asha, ravi, newest().state) == ([400, 400], [400, 400], "submitted")


# Withdrawing and submitting again


def test_an_officer_withdraws_after_being_asked_once(site, scene):
    claim, client = scene.claim(), site.as_("asha")

    asked = client.get(f"/achievements/{claim.id}/withdraw")
    done = client.post(f"/achievements/{claim.id}/withdraw")

    assert (asked.status_code, done.status_code, newest().state) == (200, 302, "withdrawn")
    assert client.get(f"/achievements/{claim.id}/withdraw").status_code == 409


def test_nobody_withdraws_anothers_claim(site, scene):
    claim = scene.claim()

    codes = {name: site.as_(name).post(f"/achievements/{claim.id}/withdraw").status_code for name in EVERYONE[1:]}

    sees = {"ravi", "rekha", "sunita", "thomas"}
    assert codes == {name: 403 if name in sees else 404 for name in EVERYONE[1:]}
    assert newest().state == "submitted"


def test_a_returned_claim_is_corrected_with_a_refusal_in_between(site, scene):
    claim, client = scene.returned(content=picture()), site.as_("asha")
    path = f"/achievements/{claim.id}/resubmit"

    opened = client.get(path).text
    refused = client.post(path, data=sent(b"no picture at all", title="Corrected"))
    done = client.post(path, data=sent(None, title="Corrected"))

    assert (value_of(opened, "title"), opened.count("चित्र धुँधला है")) == ("A seminar elsewhere", 1)
    assert (refused.status_code, value_of(refused.text, "title")) == (422, "Corrected")
    assert (done.status_code, newest().state, newest().title) == (302, "submitted", "Corrected")


# Reviewing


def test_a_nodal_officer_verifies_with_one_button_and_is_led_back_to_the_queue(site, scene):
    claim, client = scene.claim(), site.as_("ravi")

    answer = client.post(f"/achievements/{claim.id}/verify", data={"remark": ""})

    assert (answer.status_code, answer.location) == (302, "/achievements/review")
    assert [newest().state, newest().verified_by_match] == ["verified", False]


def test_a_nodal_officer_returns_a_claim_only_with_a_remark(site, scene):
    claim, client = scene.claim(), site.as_("ravi")
    path = f"/achievements/{claim.id}/return"

    refused = client.post(path, data={"remark": " "})
    done = client.post(path, data={"remark": "क्यूआर कोड नहीं दिख रहा"})

    sentence = "Choose why the achievement goes back, or write it in the remark: the officer reads it."
    assert (refused.status_code, errors_in(refused.text)) == (422, [sentence])
    assert (done.status_code, newest().state) == (302, "returned")
    assert [step.remark for step in steps_taken(ACHIEVEMENT, claim)] == ["", "क्यूआर कोड नहीं दिख रहा"]


def test_a_refused_decision_can_be_read_in_the_other_language(site, scene):
    claim, client = scene.claim(), site.as_("ravi")

    answers = [client.get(f"/achievements/{claim.id}/{act}") for act in ("verify", "return")]

    assert [answer.location for answer in answers] == [f"/achievements/{claim.id}"] * 2
    assert newest().state == "submitted"


def test_nobody_else_decides(site, scene):
    claim = scene.claim()

    for act in ("verify", "return"):
        codes = {
            name: site.as_(name).post(f"/achievements/{claim.id}/{act}", data={"remark": "planted"}).status_code
            for name in EVERYONE
            if name not in ("ravi", "rekha")
        }
        assert codes == {name: 404 if name == "imran" else 403 for name in codes}
    assert newest().state == "submitted"


def test_a_reviewer_who_has_acted_before_is_told_so_and_gets_no_verify_button(site, scene):
    claim = scene.returned()
    service.resubmit(claim, claim_of(claim), None, by=scene.actors["asha"], at=AT)

    def buttons(name: str) -> tuple[int, int]:
        page = site.as_(name).get(f"/achievements/{claim.id}").text
        return page.count(">Verify</button>"), page.count("You have already acted on this case")

    assert (buttons("ravi"), buttons("rekha"), buttons("sunita")) == ((0, 1), (1, 0), (0, 0))


def claim_of(achievement: Achievement) -> service.Claim:
    return service.Claim(title=achievement.title, finished_on=achievement.finished_on)


def test_the_reviewer_has_the_imported_completion_beside_the_picture(site, scene):
    number = new_id()
    import_completion(scene.officers["asha"], scene.course, number)
    claim = scene.claim(content=picture(), course_id=scene.course.id)

    page = site.as_("ravi").get(f"/achievements/{claim.id}").text

    image = claim.images.get()
    assert page.count(f'src="/achievements/images/{image.id}"') == 1
    assert page.count(f"<div>{number}</div>") == 1


# The cost of a list


@pytest.mark.parametrize(("name", "path"), [("asha", ""), ("ravi", "review"), ("ravi", "all"), ("asha", "all")])
def test_a_list_of_three_costs_no_more_questions_than_a_list_of_one(site, scene, count_queries, name, path):
    client = site.as_(name)
    scene.claim("asha", certificate(new_id()))
    one = count_queries(lambda: client.get(f"/achievements/{path}"))
    for number in range(2):
        scene.claim("asha", certificate(new_id()), title=f"No. {number}")
    three = count_queries(lambda: client.get(f"/achievements/{path}"))

    assert one == three
