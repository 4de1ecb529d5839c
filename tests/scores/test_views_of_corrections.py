"""The pages on which a sealed month is corrected: who is led where, what each reads, and who presses what."""

import csv
import io
from datetime import date

import pytest

from karmyogi.accounts.models import RoleGrant, User
from karmyogi.core.months import now
from karmyogi.core.permissions import Role
from karmyogi.people.models import Officer
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores.models import Correction
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry
from tests.conftest import copy_of
from tests.factories import make_attendance
from tests.scores import board
from tests.visitors import words_of
from tests.web.site import opened_site

OFFICES = {"sunita": (Role.GAD,), "lakshmi": (Role.APPROVER,)}
DECEMBER = "/months/2025-12"


@pytest.fixture
def site(engine, engines, settings):
    """December is sealed; an officer has earned more since."""
    with copy_of("board", engines, engine) as url, opened_site(settings, url, board.cast()) as site:
        for login, roles in OFFICES.items():
            user = User.create(
                id=board.cast()[login].user_id, login=login, name_en=login.title(), created_at=board.REPORTED_AT
            )
            for role in roles:
                RoleGrant.create(user=user, role=role.value, from_on=date(2026, 1, 1))
        for _ in range(30):
            make_attendance(late(), date(2025, 12, 9))
        yield site


def late() -> Officer:
    return Officer.select().order_by(Officer.id).get()


def opened(site) -> Correction:
    sunita = site.browser("sunita")
    sunita.get(DECEMBER)
    assert sunita.post(f"{DECEMBER}/corrections").status_code == 302
    work_off_queue(at=now())
    return Correction.get()


def act(site, who: str, case: Correction, action: str, remark: str = ""):
    browser = site.browser(who)
    browser.get(f"/corrections/{case.id}")
    return browser.post(f"/corrections/{case.id}/correction_{action}", {"remark": remark})


def approved(site) -> Correction:
    case = opened(site)
    assert act(site, "sunita", case, "propose", "A late report").status_code == 302
    assert act(site, "lakshmi", case, "approve").status_code == 302
    work_off_queue(at=now())
    return Correction.get_by_id(case.id)


def test_sunita_opens_a_correction_on_the_page_of_the_month_and_reads_who_changes(site):
    sunita = site.browser("sunita")
    before = words_of(sunita.get(DECEMBER))

    case = opened(site)
    month, page = words_of(sunita.get(DECEMBER)), words_of(sunita.get(f"/corrections/{case.id}"))

    assert ("This month has not been corrected." in before, "Open a correction" in before) == (True, True)
    assert ("Correction of December 2025" in month, "Open a correction" in month) == (True, False)
    assert late().employee_code in page
    assert "1 have more points" in page.replace("\n", " ")


def test_an_open_month_and_a_reader_who_opens_none_have_no_button(site):
    assert "Open a correction" not in words_of(site.browser("sunita").get("/months/2026-01"))
    assert "Open a correction" not in words_of(site.browser("thomas").get(DECEMBER))
    assert "Open a correction" not in words_of(site.browser("lakshmi").get(DECEMBER))


def test_what_cannot_be_corrected_is_told_on_the_page_of_the_month(site):
    case = approved(site)
    sunita = site.browser("sunita")
    sunita.get(DECEMBER)
    sunita.post(f"{DECEMBER}/corrections")
    work_off_queue(at=now())

    page = words_of(sunita.get(DECEMBER))

    assert "There is nothing to correct." in page
    assert f"Correction no. {case.number} of December 2025" in page


def test_a_second_person_approves_and_the_first_may_not(site):
    case = opened(site)
    silent = act(site, "sunita", case, "propose")
    act(site, "sunita", case, "propose", "A late report")
    own = act(site, "sunita", case, "approve")

    act(site, "lakshmi", case, "approve")
    working = words_of(site.browser("lakshmi").get(f"/corrections/{case.id}"))
    work_off_queue(at=now())
    page = words_of(site.browser("lakshmi").get(f"/corrections/{case.id}"))

    assert (silent.status_code, own.status_code) == (422, 403)
    assert "Computing once more before the correction is approved" in working
    assert "Correction no. 1 of December 2025" in page
    assert "A late report" in page


def test_a_proposal_whose_records_moved_says_that_it_lapsed(site):
    case = opened(site)
    act(site, "sunita", case, "propose", "A late report")
    make_attendance(late(), date(2025, 12, 10))
    act(site, "lakshmi", case, "approve")
    work_off_queue(at=now())

    page = words_of(site.browser("sunita").get(f"/corrections/{case.id}"))

    assert "The records moved before the approval." in page
    assert late().employee_code not in page
    assert JobRun.get(JobRun.job == "approve-correction").state == "done"


@pytest.mark.parametrize("who", ["meena", "asha", "gopal"])
def test_nobody_else_reads_a_correction(site, who):
    case = opened(site)
    browser = site.browser(who)

    assert [browser.get(path).status_code for path in ("/corrections", f"/corrections/{case.id}")] == [403, 403]
    assert browser.post(f"{DECEMBER}/corrections").status_code == 403
    assert browser.post(f"/corrections/{case.id}/correction_withdraw").status_code == 403


def test_the_auditor_reads_every_correction_and_presses_nothing(site):
    case = approved(site)
    thomas = site.browser("thomas")

    page = thomas.get(f"/corrections/{case.id}")

    assert case.hash in page.text
    assert 'method="post" action="/corrections' not in page.text
    assert act(site, "thomas", case, "withdraw").status_code == 403


def test_the_front_page_counts_what_waits_for_the_second_person(site):
    case = opened(site)
    act(site, "sunita", case, "propose", "A late report")

    front = site.browser("lakshmi").get("/")

    assert "Corrections of sealed months to approve" in words_of(front)
    assert 'href="/corrections"' in front.text


def test_everybody_who_reads_the_board_may_see_it_as_sealed_and_as_corrected(site):
    approved(site)
    meena = site.browser("meena")

    sealed = meena.get("/leaderboards?month=2025-12")
    corrected = meena.get("/leaderboards?month=2025-12&shown=corrected")
    other = meena.get("/leaderboards?month=2026-01&shown=corrected")

    assert "As corrected by no. 1" in words_of(sealed)
    assert "What was sealed stands beside it" in words_of(corrected)
    assert (">As sealed</th>" in corrected.text, ">As sealed</th>" in sealed.text) == (True, False)
    assert (other.status_code, "As corrected" in words_of(other)) == (200, False)


def test_the_file_of_a_corrected_board_has_the_rows_of_the_page_and_what_was_sealed(site):
    case = approved(site)
    sunita = site.browser("sunita")

    sealed, corrected = (
        list(
            csv.DictReader(
                io.StringIO(sunita.get(f"/leaderboards/file/csv?month=2025-12{asked}").get_data(True).lstrip("\ufeff"))
            )
        )
        for asked in ("", "&shown=corrected")
    )

    first, before = corrected[0], {row["Employee code"]: row for row in sealed}
    assert first["Employee code"] == late().employee_code
    assert "Points as sealed" not in sealed[0]
    assert (first["Rank as sealed"], first["Points as sealed"]) == tuple(
        before[late().employee_code][name] for name in ("Rank", "Points")
    )
    assert int(first["Points gained or lost by the correction"]) == 12  # four sessions of a month are paid
    taken = TrailEntry.select().where(TrailEntry.action == "leaderboard.export").order_by(TrailEntry.id.desc()).get()
    assert taken.change["shown"] == "corrected"
    assert case.number == 1
