"""What a load balancer is told, and what people see, when something that pages need is not there."""

import pytest

from karmyogi.store import heartbeats
from karmyogi.store.db import database, migration_runner, open_database
from tests.web.site import opened_site


@pytest.fixture
def site(db, settings):
    with opened_site(settings, db) as site:
        yield site


@pytest.fixture
def lost_database(site, tmp_path):
    """The database goes away under the running application: its address is a folder now."""
    database.close_all()
    open_database(f"sqlite:///{tmp_path}")


def asked(site, path: str) -> tuple[int, dict[str, bool]]:
    answer = site.browser().get(path)
    return answer.status_code, answer.json


def test_a_process_that_can_serve_says_so_to_everybody(site):
    assert asked(site, "/healthz") == (200, {"process": True})
    assert asked(site, "/readyz") == (200, {"database": True, "migrations": True, "files": True, "scheduler": False})


def test_a_scheduler_that_runs_is_told_beside_it(site):
    heartbeats.beat()

    assert asked(site, "/readyz")[1]["scheduler"] is True


def test_without_its_database_a_process_lives_but_is_not_ready(site, lost_database):
    assert asked(site, "/healthz") == (200, {"process": True})
    assert asked(site, "/readyz") == (503, {"database": False, "migrations": False, "files": True, "scheduler": False})


def test_before_the_last_migration_a_process_is_not_ready(site):
    migration_runner().down()

    assert asked(site, "/readyz") == (503, {"database": True, "migrations": False, "files": True, "scheduler": False})


def test_without_a_place_for_private_files_a_process_is_not_ready(site, tmp_path):
    (tmp_path / "media").rename(tmp_path / "elsewhere")

    assert asked(site, "/readyz") == (503, {"database": True, "migrations": True, "files": False, "scheduler": False})


def test_asking_leaves_nothing_behind(site, tmp_path):
    before = sorted(tmp_path.rglob("*"))

    asked(site, "/readyz")

    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("path", ["/", "/login", "/no/such/page", "/probe/boom"])
def test_without_the_database_even_the_frame_cannot_be_drawn_and_a_page_in_both_languages_says_so(
    site, lost_database, path
):
    answer = site.browser().get(path)

    assert answer.status_code == {"/no/such/page": 404}.get(path, 503)
    assert [answer.text.count(told) for told in ("<h1>कुछ गड़बड़ हुई</h1>", "<h2>Something went wrong</h2>")] == [1, 1]
    assert [word for word in ("unable", "sqlite", "Traceback", "SELECT") if word in answer.text] == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_static_files_come_without_the_database(site, lost_database):
    assert site.browser().get("/static/css/base.css").status_code == 200
