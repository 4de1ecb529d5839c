"""People in front of a browser: each with a client of their own, signed in as one of the cast."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """A person's browser; forms carry the token of the page they were on, as a browser's would."""

    def __init__(self, app: Flask, *, language: str = "hi"):
        self.client: FlaskClient = app.test_client()
        self.token = ""
        self.get(f"/lang/{language}")

    def sign_in(self, key: str) -> "Visitor":
        self.get("/login")
        self.post("/demo-sign-in", {"login": key})
        self.get("/", follow_redirects=True)
        return self

    def get(self, path: str, **options: object) -> TestResponse:
        return self._seen(self.client.get(path, **options))

    def post(self, path: str, data: dict[str, object] | None = None, **options: object) -> TestResponse:
        return self._seen(self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **options))

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and (found := TOKEN.search(response.text)):
            self.token = found[1]
        return response


def words_of(response: TestResponse) -> str:
    """The text of a page without its tags, white space folded."""
    body = re.sub(r"(?s)<(script|style|svg|head).*?</\1>", " ", response.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
