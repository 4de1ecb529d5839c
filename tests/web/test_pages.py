"""What every page carries, whatever its room: headers, refusals, errors, addresses of files."""

import gzip
import logging
import re

import pytest
from flask import url_for

from tests.visitors import words_of
from tests.web.site import REFUSALS, SECRET, sqlite_site


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    yield from sqlite_site(engines, tmp_path_factory.mktemp("media"))


@pytest.fixture
def stranger(site):
    return site.browser()


# ── Headers ──

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-*'; style-src 'self' 'nonce-*'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
KINDS = {
    "/": 200,
    "/login": 200,
    "/probe/public": 200,
    "/healthz": 200,
    "/readyz": 200,
    "/static/css/base.css": 200,
    "/static/css/missing.css": 404,
    "/no/such/page": 404,
    "/probe/signed-in": 302,
    "/admin": 308,
    "/lang/en": 302,
    "/login?next=//evil.example": 400,
    "/probe/refused/NotAllowed": 403,
    "/probe/refused/WrongState": 409,
    "/probe/boom": 500,
    "/probe/lost": 503,
    "/logout": 405,
}


def nonce_of(answer) -> str:
    return re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]


@pytest.mark.parametrize(("path", "status"), KINDS.items(), ids=KINDS)
def test_every_answer_carries_the_same_protection(stranger, path, status):
    answer = stranger.get(path)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in FIXED} == FIXED
    assert answer.headers["Content-Security-Policy"].replace(nonce_of(answer), "*") == POLICY
    assert answer.headers.getlist("Server") == answer.headers.getlist("X-Powered-By") == []


@pytest.mark.parametrize("path", [path for path in KINDS if path != "/static/css/base.css"])
def test_no_page_and_no_error_is_kept_by_the_browser(stranger, path):
    assert stranger.get(path).headers["Cache-Control"] == "no-store"


def test_the_key_to_scripts_is_another_one_on_every_page(stranger):
    nonces = [nonce_of(stranger.get("/login")) for _time in range(20)]

    assert len(set(nonces)) == 20
    assert min(len(nonce) for nonce in nonces) >= 22


def test_every_script_and_style_of_a_page_is_a_file_or_has_the_key(stranger):
    page = stranger.get("/login")

    scripts = re.findall(r"<script\b[^>]*>", page.text)
    assert [tag for tag in scripts if f'nonce="{nonce_of(page)}"' not in tag] == []
    assert re.findall(r"<style\b|\son\w+=|javascript:", page.text) == []


def test_every_text_says_that_it_is_utf_8(stranger):
    kinds = {path: stranger.get(path).headers["Content-Type"] for path in ("/", "/no/such/page", "/probe/boom")}

    assert set(kinds.values()) == {"text/html; charset=utf-8"}


def test_only_over_tls_is_the_browser_told_to_stay_there(stranger):
    assert "Strict-Transport-Security" not in stranger.get("/").headers


# ── Where a reader may be sent ──

FOREIGN = (
    "https://evil.example", "http://evil.example/", "HTTPS://EVIL.EXAMPLE", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example",
    "//evil.example\\@localhost", "http:evil.example", "http:/evil.example", "http:///evil.example",
    "https:evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "mailto:a@evil.example", "ftp://evil.example",
    "file:///etc/passwd", "evil.example", "evil.example/login", "?x=1", "#x", "./login", "../login", "@evil.example",
    "http://localhost@evil.example", "http://localhost.evil.example", "http://localhost:80@evil.example",
    "http://evil.example#localhost", "http://evil.example?localhost", "/\t/evil.example", "\t//evil.example",
    "/\n/evil.example", " //evil.example", "/\x00/evil.example", "/\u2028/evil", "／／evil.example", "/。evil.example",
    "/path\r\nSet-Cookie: x=1", "http://[::1]@evil.example", "//[::1]", "//2130706433",
)  # fmt: skip
OURS = (
    "/",
    "/me",
    "/leaderboards?month=2026-01&class=III",
    "/months/2026-01#seal",
    "/verify/ABC",
    "/a//b",
    "/..//evil.example",
)
REDIRECTABLE = [address for address in FOREIGN if not {"\r", "\n"} & set(address)]  # no header can hold the others


@pytest.mark.parametrize("name", ["next", "url"])
@pytest.mark.parametrize("address", FOREIGN, ids=ascii)
def test_no_address_of_another_site_is_taken_along(stranger, name, address):
    assert stranger.get("/login", query_string={name: address}).status_code == 400


def test_nor_is_one_that_hides_behind_one_of_ours_or_in_a_form(stranger):
    twice = stranger.get("/login?next=/me&next=//evil.example")
    in_a_form = stranger.post("/login?next=/me", {"next": "//evil.example"})

    assert (twice.status_code, in_a_form.status_code) == (400, 400)


@pytest.mark.parametrize("address", OURS)
def test_an_address_of_our_own_is(stranger, address):
    assert stranger.get("/lang/en", query_string={"next": address}).location == address


@pytest.mark.parametrize("address", REDIRECTABLE, ids=ascii)
def test_a_page_that_sends_wherever_it_is_told_still_sends_nobody_away(stranger, address):
    answer = stranger.get("/probe/sent-away", query_string={"where": address})

    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("address", [*OURS, "http://localhost/me", "http://localhost/"])
def test_a_page_may_send_to_pages_of_ours(stranger, address):
    assert stranger.get("/probe/sent-away", query_string={"where": address}).location == address


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "", "x y"]
)
def test_asked_for_under_another_name_we_are_not_there(stranger, host):
    answer = stranger.get("/login", headers={"Host": host})

    assert answer.status_code == 400
    assert answer.text == "यह पता इस साइट का नहीं है। / This address is not one of this site.\n"
    assert {name: answer.headers.get(name) for name in FIXED} == FIXED


def test_what_a_proxy_that_nobody_named_says_of_the_address_is_not_believed(stranger):
    answer = stranger.get(
        "/probe/signed-in", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    )

    assert answer.location == "/login?next=/probe/signed-in"


# ── Forms from elsewhere ──


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "The form is too old or was opened in another browser. Go back, load the page again and send it once more.",
        ),
        ("hi", "यह प्रपत्र पुराना हो चुका है अथवा किसी अन्य ब्राउज़र में खोला गया था।"),
    ],
)
def test_a_form_without_its_token_is_refused_in_the_readers_language(site, language, told):
    answer = site.browser(language=language).client.post("/probe/public")

    assert answer.status_code == 400
    assert words_of(answer).count(told) == 1


def test_the_token_of_another_browser_opens_nothing(site):
    token = site.browser().token()

    assert site.browser().client.post("/probe/public", data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_form_sent_from_another_site_is_refused_even_with_the_right_token(site, headers):
    assert site.browser("sunita").post("/probe/gad", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"},
     {"Sec-Fetch-Site": "same-origin", "Origin": "null"}],
)  # fmt: skip
def test_a_form_of_ours_is_taken_from_browsers_old_and_new(site, headers):
    assert site.browser("sunita").post("/probe/gad", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_link_from_another_site_may_be_followed(stranger, headers):
    assert stranger.get("/probe/public", headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "POST", "FOO"])
def test_a_page_answers_only_the_methods_it_lists_and_names_them(stranger, method):
    answer = stranger.client.open("/healthz", method=method)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


# ── Refusals and faults ──


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_becomes_a_page_with_its_status_and_every_reason(stranger, kind):
    answer = stranger.get(f"/probe/refused/{kind}")

    assert answer.status_code == REFUSALS[kind].status
    assert re.findall(r"<li>(.*?)</li>", answer.text.partition("<main")[2]) == [
        "This case is about you, so somebody else must act on it.",
        "Somebody else acted first: this case is now “&lt;b&gt;sealed&lt;/b&gt;”. "
        "Reload the page to see where it stands.",
    ]


def test_a_refusal_speaks_the_readers_language(site):
    answer = site.browser(language="hi").get("/probe/refused/RuleBroken")

    assert re.search(r'<html lang="(\w+)', answer.text)[1] == "hi"
    assert "This case is about you" not in answer.text


def test_a_fault_of_ours_shows_a_number_and_nothing_else_of_what_went_wrong(stranger, caplog):
    with caplog.at_level(logging.ERROR, logger="karmyogi"):
        answer = stranger.get("/probe/boom")

    number = re.search(r"give this number: ([0-9a-f]{8})\b", words_of(answer))[1]
    assert answer.status_code == 500
    assert [
        word for word in ("SELECT", "password", "/srv", "Traceback", "RuntimeError", ".py") if word in answer.text
    ] == []
    [told] = [record for record in caplog.records if record.name == "karmyogi"]
    assert (told.getMessage(), str(told.exc_info[1])) == (f"unforeseen {number}", SECRET)


def test_two_faults_have_two_numbers(stranger):
    numbers = {re.search(r"number: (\w+)", words_of(stranger.get("/probe/boom")))[1] for _time in range(2)}

    assert len(numbers) == 2


@pytest.mark.parametrize("path", ["/probe/lost", "/probe/away"])
def test_without_the_database_the_page_says_to_come_back_and_nothing_of_the_database(stranger, path):
    answer = stranger.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert [word for word in ("SELECT", "password", "/srv", "Error", "peewee") if word in words_of(answer)] == []
    assert words_of(answer).count("Please try again in a few minutes.") == 1
    assert "कृपया कुछ मिनट बाद पुनः प्रयास करें।" in words_of(answer)


def test_the_token_of_a_page_is_not_what_is_told_after_a_step(site):
    browser = site.browser()

    browser.post("/probe/done")

    assert "Done." in browser.get("/login").text
    assert "Done." not in browser.get("/login").text


# ── Static files ──


@pytest.fixture
def folder(site, tmp_path, monkeypatch):
    monkeypatch.setattr(site.app, "static_folder", str(tmp_path))
    (tmp_path / "ours.css").write_text("a { color: red }")
    return tmp_path


def address_of(site, file_name: str) -> str:
    with site.app.test_request_context():
        return url_for("static", filename=file_name)


def test_the_address_of_a_file_changes_when_the_file_does_and_only_then(site, folder):
    before, again = address_of(site, "ours.css"), address_of(site, "ours.css")

    (folder / "ours.css").write_text("a { color: blue }")

    assert before == again
    assert re.fullmatch(r"/static/ours\.css\?v=[0-9a-f]{10}", before)
    assert address_of(site, "ours.css") != before


def test_a_file_that_is_not_there_has_an_address_without_a_version(site, folder):
    assert address_of(site, "theirs.css") == "/static/theirs.css"
    assert address_of(site, "") == "/static/"


def test_a_file_of_this_version_is_kept_for_a_year_and_any_other_is_asked_for_again(site, folder, stranger):
    kept = {
        address: stranger.get(address).headers["Cache-Control"]
        for address in (address_of(site, "ours.css"), "/static/ours.css", "/static/ours.css?v=0123456789")
    }

    assert list(kept.values()) == ["public, max-age=31536000, immutable", "no-cache", "no-cache"]


def test_a_browser_that_has_the_file_is_told_so_and_may_go_on_keeping_it(site, folder, stranger):
    address = address_of(site, "ours.css")
    tag = stranger.get(address).headers["ETag"]

    again = stranger.get(address, headers={"If-None-Match": tag})

    assert (again.status_code, again.headers["Cache-Control"]) == (304, "public, max-age=31536000, immutable")


def test_every_file_that_a_page_asks_for_has_its_version(stranger):
    asked = re.findall(r'(?:href|src)="(/static/[^"]+)"', stranger.get("/login").text)

    assert len(asked) >= 3
    assert [address for address in asked if "?v=" not in address] == []
    assert {stranger.get(address).status_code for address in asked} == {200}


def test_no_cookie_comes_with_a_file(stranger):
    assert stranger.get("/static/css/base.css").headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize(
    "path", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "css/../../app.py", "css"]
)
def test_nothing_but_the_files_of_the_folder_is_served(stranger, path):
    assert stranger.get(f"/static/{path}").status_code in {404, 308}


def test_files_travel_small_and_pages_as_they_are(site):
    stranger = site.browser()
    slow_line = {"Accept-Encoding": "gzip, deflate"}

    sheet = stranger.get("/static/css/base.css", headers=slow_line)
    page = stranger.get("/login", headers=slow_line)

    assert gzip.decompress(sheet.data) == stranger.get("/static/css/base.css").data
    assert len(sheet.data) * 3 < len(gzip.decompress(sheet.data))
    assert "Content-Encoding" not in page.headers  # a token beside what others wrote could be guessed by length


def test_the_sheets_of_a_page_are_one_file_that_changes_its_address_with_them(stranger):
    address = re.search(r'href="(/static/sheet\.css\?v=[0-9a-f]{10})"', stranger.get("/login").text)[1]
    sheet = stranger.get(address)

    parts = [stranger.get(f"/static/css/{name}.css").text.strip() for name in ("tokens", "base", "parts", "print")]
    assert [part for part in parts if part not in sheet.text] == []
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert stranger.get("/static/sheet.css?v=0123456789").headers["Cache-Control"] == "no-cache"
    assert stranger.get(address, headers={"If-None-Match": sheet.headers["ETag"]}).status_code == 304
