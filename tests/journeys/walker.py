"""A person walking the pages in a real Chromium; every page they meet is checked as they go."""

import os
import shutil
from importlib import resources
from pathlib import Path

import pytest
from babel.support import Translations
from playwright.sync_api import Browser, Page, ViewportSize

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 780}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def require_chromium() -> str:
    """The browser's program; without it the walk is skipped by name, or fails where everything is required."""
    if not CHROMIUM and os.environ.get("REQUIRE_ALL"):
        pytest.fail("Chromium is required and was not found")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    return CHROMIUM


class Walker:
    """Somebody with a browser of their own, in one language; `met` are the addresses of the pages checked."""

    def __init__(self, browser: Browser, base: str, language: str, catalogues: Path, *, has_script: bool = True):
        self.base, self.language = base, language
        self.words = Translations.load(catalogues, ["hi"]) if language == "hi" else None
        self.has_script = has_script
        context = browser.new_context(viewport=DESK, locale="hi-IN", java_script_enabled=has_script)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.met: list[str] = []

    def _note(self, kind: str, text: str) -> None:
        # A refused form answers 4xx on purpose, and Chromium writes that into the console.
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(text)

    def say(self, text: str, **facts: object) -> str:
        """What the product calls this in the walker's language."""
        said = self.words.gettext(text) if self.words else text
        return said % facts if facts else said

    def sign_in(self, key: str) -> "Walker":
        """Come as one of the cast, leaving whoever was signed in before, and look at the front page."""
        return self._enter(key).go(f"/lang/{self.language}?next=/")

    def become(self, key: str) -> "Walker":
        """Change hands without looking at each page on the way again."""
        self._enter(key).page.goto(f"{self.base}/lang/{self.language}?next=/score-policy")
        return self

    def _enter(self, key: str) -> "Walker":
        self.page.context.clear_cookies()
        self.page.goto(f"{self.base}/lang/{self.language}?next=/login")
        self.page.locator(f'form:has(input[name="login"][value="{key}"]) button').click()
        self.page.wait_for_load_state()
        return self

    def go(self, path: str, *, status: int = 200) -> "Walker":
        answer = self.page.goto(f"{self.base}{path}")
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.look()

    def look(self) -> "Walker":
        """Check the page one stands on: its language, no overflow, nothing for axe, no complaint of the browser."""
        self.page.wait_for_load_state()
        self.met.append(self.page.url)
        assert self.page.locator("html").get_attribute("lang") == ("hi" if self.language == "hi" else "en-IN")
        if self.has_script:
            self._check()
        return self

    def _check(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{self.page.url} overflows"
        self.page.evaluate(AXE)
        found = self.page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        broken = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
        assert broken == [], f"{self.page.url}: {broken}"
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"

    def on(self, screen: ViewportSize) -> "Walker":
        """Look at this very page on another screen."""
        self.page.set_viewport_size(screen)
        return self.look()

    def menu(self) -> list[str]:
        """The addresses that the menus of the page lead to, in order, each once."""
        links = self.page.locator(".mainnav a[href], .drop-panel a[href]")
        found = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        return list(dict.fromkeys(found))

    def press(self, label: str, *, within: str = "main", **facts: object) -> "Walker":
        """Press the first button, or follow the first link, of this name."""
        name = self.say(label, **facts)
        buttons = self.page.locator(within).get_by_role("button", name=name)
        links = self.page.locator(within).get_by_role("link", name=name)
        (buttons.first if buttons.count() else links.first).click()
        self.page.wait_for_load_state()
        return self

    def reads(self, text: str, **facts: object) -> "Walker":
        """Assert that the page says this, in the walker's language."""
        assert self.say(text, **facts) in self.page.locator("body").inner_text()
        return self

    def waits_for(self, selector: str) -> "Walker":
        self.page.wait_for_selector(selector, timeout=60_000)
        return self.look()
