"""What a correction counts can no longer be taken back: from the proposal on, and for good once it is approved."""

import io
from datetime import timedelta
from runpy import run_path

import pytest

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.reports import service as reports
from karmyogi.scores import service
from karmyogi.scores.models import Correction
from karmyogi.store.db import MIGRATIONS, database
from karmyogi.store.files import open_files
from karmyogi.store.imports import CorrectionHold, Import
from tests.reports.test_service import ASHA, NEW, RAVI, consumption, row
from tests.visitors import words_of
from tests.web.site import opened_site

AUGUST = Month(2025, 8)
SUNITA, LAKSHMI = (
    Actor(6, "Sunita", 106, (Grant(Role.GAD),)),
    Actor(7, "Lakshmi", 107, (Grant(Role.APPROVER),)),
)


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


@pytest.fixture
def late(imported_db, files) -> Import:
    """A report of August that came when August was sealed."""
    learning(files, row(RAVI, "Early", on="2025-08-04 10:00:00"))
    service.run_month(AUGUST, by=SYSTEM)
    service.seal_month(AUGUST, by=SYSTEM)
    return learning(files, row(ASHA, NEW, on="2025-08-14 10:00:00"))


def learning(files, *rows) -> Import:
    content = consumption(*rows).getvalue()
    origin = reports.receive(io.BytesIO(content), files, name="x.csv", by=SYSTEM)
    return reports.apply(reports.check(origin, files), files, by=SYSTEM)


def proposed() -> Correction:
    draft = service.draft_correction(AUGUST, by=SUNITA)
    return service.propose_correction(draft, by=SUNITA, remark="late")


def why_not(origin: Import) -> dict[str, dict[str, object]]:
    with pytest.raises(RuleBroken) as refused:
        reports.undo(origin, by=SYSTEM)
    return {one.code: dict(one.facts) for one in refused.value.reasons}


def test_before_a_correction_is_proposed_what_came_late_may_go(late):
    service.draft_correction(AUGUST, by=SUNITA)

    assert reports.undo(late, by=SYSTEM).state == "undone"


def test_what_a_proposal_counts_stays_until_it_ends(late):
    case = proposed()

    assert why_not(late) == {"undo_proposals": {"months": "2025-08"}}
    service.withdraw_correction(case, by=SUNITA)
    assert reports.undo(late, by=SYSTEM).state == "undone"
    assert CorrectionHold.select().count() == 0


def test_what_an_approved_correction_counts_stays_and_the_correction_is_named(late):
    service.approve_correction(proposed(), by=LAKSHMI)

    assert why_not(late) == {"undo_corrections": {"corrections": "2025-08 (1)"}}
    assert Import.get_by_id(late.id).state == "applied"


def test_corrections_that_were_there_before_the_upgrade_hold_what_they_count(late):
    service.approve_correction(proposed(), by=LAKSHMI)
    [path] = MIGRATIONS.glob("*_holds_of_corrections.py")
    CorrectionHold.drop_table()

    run_path(str(path))["up"](None, database.obj)

    assert why_not(late) == {"undo_corrections": {"corrections": "2025-08 (1)"}}


def test_the_page_that_would_undo_it_says_so_in_both_languages(late, imported_db, settings):
    with opened_site(settings, imported_db, {"sunita": SUNITA}) as site:
        path = f"/imports/{late.id}/undo"
        proposal = proposed()
        waits = words_of(site.browser("sunita").get(path))
        service.approve_correction(proposal, by=LAKSHMI)
        english, hindi = (words_of(site.browser("sunita", language=one).get(path)) for one in ("en", "hi"))

    assert "Have them sent back or withdrawn first: August 2025" in waits
    assert "a further correction carries them: Correction 1 of August 2025" in english
    assert "अगस्त 2025 का सुधार 1" in hindi


def test_a_proposal_that_lapses_holds_nothing(late, files):
    case = proposed()
    learning(files, row(RAVI, "Third", on="2025-08-15 10:00:00"))

    assert service.approve_correction(case, by=LAKSHMI, at=now() + timedelta(hours=1)).state == "correction_lapsed"
    assert reports.reasons_against(late) == []


def test_what_came_after_the_computation_or_bears_on_another_month_may_go(late, files):
    draft = service.draft_correction(AUGUST, by=SUNITA)
    after = learning(files, row(RAVI, "Third", on="2025-08-15 10:00:00"))
    service.propose_correction(draft, by=SUNITA, remark="late")
    other = learning(files, row(RAVI, "Other", on="2025-10-15 10:00:00"))

    assert reports.reasons_against(after) == reports.reasons_against(other) == []
    assert reports.reasons_against(late) != []
