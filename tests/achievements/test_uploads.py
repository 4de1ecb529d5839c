"""The file of a claim: PDF, an image kept while the form is corrected, and the original that is never shown."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from karmyogi.achievements import queries
from karmyogi.achievements.models import Achievement, CertificateImage, PdfFacts
from karmyogi.achievements.views import kept
from tests.achievements.scene import certificate, import_completion, new_id, picture
from tests.achievements.test_views import EVERYONE, SAMPLES, errors_in, newest, sent, value_of

PDF_ID = "014893bd-3594-4ab1-ac33-bfa37bc25c58"


def pdf(name: str = "vec10.pdf") -> bytes:
    return (SAMPLES / name).read_bytes()


def passed(page: str) -> str:
    found = re.search(r'<input[^>]*name="kept"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


# PDF


def test_a_pdf_from_igot_is_matched_like_a_picture(site, scene):
    import_completion(scene.officers["asha"], scene.course, PDF_ID)

    form = sent(pdf(), "Certificate.pdf", course=str(scene.course.id), title="", finished_on="")
    answer = site.as_("asha").post("/achievements/new", data=form)

    image = newest().images.get()
    facts = PdfFacts.get(PdfFacts.image == image)
    assert (answer.status_code, newest().state, newest().certificate_id) == (302, "verified", PDF_ID)
    assert (image.image_format, facts.pages, facts.notes) == ("PDF", 1, [])


def test_a_script_in_a_pdf_is_noted_for_the_reviewer_and_kept_out_of_what_is_taken_together(site, scene):
    claim = scene.claim("asha", pdf("bad_js.pdf"), title="With a script")
    import_completion(scene.officers["asha"], scene.course, claim.certificate_id)

    page = site.as_("ravi").get(f"/achievements/{claim.id}").text

    assert PdfFacts.get().notes == ["pdf_runs_code", "pdf_acts_when_opened"]
    assert page.count("The PDF carries a script. It was not run; the picture shows the page without it.") == 1
    assert queries.matching(scene.actors["ravi"]) == []


# Kept while the rest is corrected


def test_a_picture_that_was_accepted_need_not_be_chosen_again(site, scene):
    content, client = certificate(new_id()), site.as_("asha")

    refused = client.post("/achievements/new", data=sent(content, title="", finished_on=""))
    done = client.post("/achievements/new", data=sent(None) | {"kept": passed(refused.text)})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert scene.files.read(newest().images.get().original_sha256, kind="original") == content


def test_an_accepted_picture_is_kept_through_any_number_of_corrections(site):
    client = site.as_("asha")
    first = client.post("/achievements/new", data=sent(certificate(), finished_on="2999-01-01"))
    second = client.post("/achievements/new", data=sent(None, title="") | {"kept": passed(first.text)})

    assert client.post("/achievements/new", data=sent(None) | {"kept": passed(second.text)}).status_code == 302


def test_a_new_file_takes_the_place_of_the_one_kept(site, scene):
    client, content = site.as_("asha"), picture()
    refused = client.post("/achievements/new", data=sent(certificate(), title=""))

    client.post("/achievements/new", data=sent(content) | {"kept": passed(refused.text)})

    assert scene.files.read(newest().images.get().original_sha256, kind="original") == content


def test_a_refused_file_is_not_kept(site):
    refused = site.as_("asha").post("/achievements/new", data=sent(b"GIF89a", title=""))

    assert (refused.status_code, passed(refused.text), value_of(refused.text, "title")) == (422, "", "")


@pytest.mark.parametrize("given", ["another's", "too old", "made up", "a hash"])
def test_a_pass_opens_nothing_for_others_nor_for_ever_nor_when_made_up(site, scene, monkeypatch, given):
    theirs = certificate(new_id())
    mine = site.as_("asha").post("/achievements/new", data=sent(theirs, title=""))
    passes = {
        "another's": passed(mine.text),
        "too old": passed(mine.text),
        "made up": "planted",
        "a hash": scene.claim("asha", theirs).images.get().original_sha256,
    }
    if given == "too old":
        monkeypatch.setattr(kept, "GOOD_FOR", timedelta(seconds=-1))
    client = site.as_("asha" if given == "too old" else "farid")

    answer = client.post("/achievements/new", data=sent(None) | {"kept": passes[given]})

    assert (answer.status_code, errors_in(answer.text)) == (422, ["Choose the picture or PDF of your certificate."])
    assert Achievement.select().where(Achievement.officer == scene.officers["farid"]).count() == 0


def test_a_returned_claim_keeps_its_new_picture_through_a_correction_and_both_stay_on_record(site, scene):
    claim, client = scene.returned(content=picture()), site.as_("asha")
    path = f"/achievements/{claim.id}/resubmit"

    refused = client.post(path, data=sent(certificate(new_id()), title=""))
    done = client.post(path, data=sent(None) | {"kept": passed(refused.text)})

    assert (refused.status_code, done.status_code, newest().state) == (422, 302, "submitted")
    assert CertificateImage.select().where(CertificateImage.achievement == claim).count() == 2
    assert newest().certificate_id


def test_the_file_of_another_own_claim_says_which_one(site, scene):
    content = certificate(new_id())
    first = scene.claim(content=content, title="Stress Management")
    second = scene.returned(content=picture())

    answer = site.as_("asha").post(f"/achievements/{second.id}/resubmit", data=sent(content))

    told = f"You have already submitted this certificate, for “Stress Management” (no. {first.id})."
    assert (answer.status_code, [one.startswith(told) for one in errors_in(answer.text)]) == (422, [True])


def test_a_script_that_sends_the_form_is_told_where_to_go(site):
    answer = site.as_("asha").post(
        "/achievements/new", data=sent(certificate()), headers={"Accept": "application/json"}
    )

    assert (answer.status_code, json.loads(answer.data)) == (200, {"url": f"/achievements/{newest().id}"})


def test_who_sent_an_unreadable_picture_hears_at_once_what_would_be_better(site):
    client = site.as_("asha")
    answer = client.post("/achievements/new", data=sent(picture()))

    assert (answer.status_code, newest().state) == (302, "submitted")
    assert "upload the file downloaded from iGOT" in client.get(answer.location).text


# The original


def test_the_original_is_for_its_owner_and_the_reviewers_and_is_only_ever_saved(site, scene):
    content = pdf("bad_js.pdf")
    image = scene.claim("asha", content).images.get()
    path = f"/achievements/images/{image.id}/original"

    codes = {name: site.as_(name).get(path).status_code for name in EVERYONE}
    answer = site.as_("ravi").get(path)

    assert codes == {name: 200 if name in ("asha", "ravi", "rekha") else 404 for name in EVERYONE}
    assert answer.data == content
    names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    assert [answer.headers[name] for name in names] == [
        "application/octet-stream",
        f'attachment; filename="certificate-{image.achievement_id}-{image.id}.pdf"',
        "nosniff",
        "sandbox; default-src 'none'",
    ]


def test_another_site_does_not_get_the_original(site, scene):
    image = scene.claim("asha").images.get()

    answer = site.as_("asha").get(f"/achievements/images/{image.id}/original", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


# From the command line


@pytest.fixture
def check(site):
    runner = site.app.test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    return lambda *words: runner.invoke(args=["achievements", "check", *map(str, words)])


def test_the_checker_says_of_each_file_what_it_is_and_stores_nothing(check, scene):
    done = check("--json", SAMPLES / "vec10.pdf", SAMPLES / "wrong_selfie.jpg", SAMPLES / "bad_js.pdf")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert [(one["verdict"], one["kind"], one["certificate_id"]) for one in told] == [
        ("ok", "PDF", PDF_ID),
        ("review", "JPEG", None),
        ("review", "PDF", "3ceaaf30-8142-48ea-91d9-3080f9b439fc"),
    ]
    assert [[why["reason"] for why in one["reasons"]] for one in told] == [
        [],
        ["qr_unreadable"],
        ["pdf_runs_code", "pdf_acts_when_opened"],
    ]
    assert set(told[0]) == {
        "file", "verdict", "reasons", "kind", "width", "height", "sha256", "qr", "certificate_id",
    }  # fmt: skip
    assert Achievement.select().count() == 0
    assert not scene.files.root.exists() or [one for one in scene.files.root.rglob("*") if one.is_file()] == []


def test_one_refused_file_makes_the_exit_code_one_and_every_file_is_still_told(check, tmp_path):
    odd = tmp_path / "अजीब नाम.heic"
    odd.write_bytes(b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf")
    files = [Path(odd), SAMPLES / "bad_empty.png", SAMPLES / "bad_trunc.pdf", SAMPLES / "wa01.jpg"]

    done = check("--json", *files)

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [(one["file"], one["verdict"], one["kind"]) for one in told] == [
        (str(files[0]), "refused", "HEIC"),
        (str(files[1]), "refused", None),
        (str(files[2]), "refused", "PDF"),
        (str(files[3]), "ok", "JPEG"),
    ]
    reasons = [why for one in told for why in one["reasons"]]
    assert [why["reason"] for why in reasons] == ["image_is_heic", "file_empty", "image_damaged"]
    assert all(why["message_hi"] != why["message_en"] for why in reasons)


def test_a_person_reads_a_line_for_each_file(check):
    done = check(SAMPLES / "vec10.pdf")

    assert (done.exit_code, done.stdout.splitlines()) == (0, [f"{SAMPLES / 'vec10.pdf'}: ok {PDF_ID}"])


def test_a_file_that_is_not_there_is_wrong_usage(check, tmp_path):
    assert check(tmp_path / "nothing.png").exit_code == 2
