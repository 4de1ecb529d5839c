"""Two thousand damaged files brought, looked at and applied on the pages: no fault of ours, and no half import."""

import io

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.reports import service
from karmyogi.store.imports import Bundle, Import
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import broken_link
from tests.reports.damage import damaged
from tests.reports.dump import dump
from tests.reports.files import known
from tests.reports.test_kinds import ASHA, RAVI
from tests.reports.test_views import CAST, work
from tests.web.site import opened_site

EACH = 100  # files of one test
FILES = {"sqlite": range(0, 1_000, EACH), "postgres": range(1_000, 2_000, EACH)}


@pytest.fixture
def site(installed_db, settings):
    for who in (ASHA, RAVI):
        known(who)
    with opened_site(settings, installed_db, CAST) as site:
        yield site


@pytest.mark.parametrize(
    ("engine", "first"),
    [pytest.param(engine, first, id=f"{engine} {first}") for engine, numbers in FILES.items() for first in numbers],
    indirect=["engine"],
)
def test_a_damaged_file_is_taken_whole_or_refused_with_its_reasons_and_every_page_answers(site, first):
    sunita, facts, taken = site.browser("sunita"), dump(), 0

    for number in range(first, first + EACH):
        answers = brought_and_applied(site, sunita, number)

        assert {answer.status_code for answer in answers} <= {200, 302, 422}, number
        assert faults() == [], number
        taken += taken_back(number)
        assert dump() == facts, number
    assert EACH / 4 < taken < EACH  # else the damage would be too great to try anything, or none
    assert broken_link() is None


def brought_and_applied(site, sunita, number):
    """What the pages answered while a file came in, was looked at, applied, and read again."""
    file, last, last_bundle = damaged(number), newest(Import), newest(Bundle)
    fields = {"password": file.password, "create_units": "y"} if number % 2 else {"password": file.password}
    sent = {"file": (io.BytesIO(file.content), file.name), **fields}
    answers = [sunita.post("/imports/", sent, content_type="multipart/form-data")]
    work(site)
    came = [origin.id for origin in Import.select().where(Import.id > last).order_by(Import.id)]
    answers += [sunita.get(page) for one in came for page in pages_of(one)]
    answers += [sunita.post(f"/imports/{one}/apply") for one in came]
    work(site)
    answers += [sunita.get(page) for one in came for page in pages_of(one)]
    answers += [sunita.get(f"/imports/bundles/{each.id}") for each in Bundle.select().where(Bundle.id > last_bundle)]
    return answers


def pages_of(import_id):
    return f"/imports/{import_id}", f"/imports/{import_id}/problems.csv"


def newest(table):
    last = table.select(table.id).order_by(table.id.desc()).first()
    return last.id if last else 0


def faults():
    """What went wrong at the worker without a reason that people could read."""
    return [run.error for run in JobRun.select().where(JobRun.state == "failed") if not run.reasons]


def taken_back(number):
    """Whether the file wrote anything: an import of it wrote all its rows, and is undone, or says why it wrote none."""
    written = list(Import.select().where(Import.state.not_in(["undone", "refused"])).order_by(Import.id.desc()))
    for origin in written:
        assert origin.state == "applied", number
        assert sum(service.counts(origin).values()) == origin.row_count, number
        service.undo(origin, by=SYSTEM)
    return bool(written)
