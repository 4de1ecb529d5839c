"""What a page weighs on a slow line: everything that travels on a first visit."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import CDPSession

from tests.journeys.walker import Walker

LIGHT = 60_000, 6  # bytes and requests of a page for the public or for an employee
OFFICE = 150_000, 30
PAGES = [
    *((path, "", LIGHT) for path in ("/", "/login", "/verify", "/guide/public")),
    *((path, "asha", LIGHT) for path in ("/", "/me", "/achievements/", "/achievements/new")),
    *(
        (path, "sunita", OFFICE)
        for path in ("/", "/leaderboards", "/imports/", "/months", "/awards", "/admin/officers/")
    ),
    *((path, "meena", OFFICE) for path in ("/", "/nominations")),
    *((path, "thomas", OFFICE) for path in ("/trail", "/admin/trail/")),
]


@dataclass
class Load:
    """What has travelled since a page was asked for."""

    session: CDPSession
    sent: int = 0
    asked: list[str] = field(default_factory=list)

    def listen(self) -> "Load":
        self.session.on("Network.loadingFinished", self._finished)
        self.session.on("Network.requestWillBeSent", self._asked)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return self

    def _finished(self, event: dict[str, float]) -> None:
        self.sent += int(event["encodedDataLength"])

    def _asked(self, event: dict[str, dict[str, str]]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.asked.append(event["request"]["url"])


@pytest.mark.browser
@pytest.mark.parametrize(("path", "who", "most"), PAGES)
def test_a_page_travels_light(visitor: Callable[..., Walker], path: str, who: str, most: tuple[int, int]):
    walk = visitor("hi")
    if who:
        walk.sign_in(who)
    load = Load(walk.page.context.new_cdp_session(walk.page)).listen()

    walk.page.goto(f"{walk.base}{path}", wait_until="networkidle")

    assert load.sent <= most[0], f"{load.sent} bytes: {load.asked}"
    assert len(load.asked) <= most[1], load.asked
    assert load.sent > 2_000
