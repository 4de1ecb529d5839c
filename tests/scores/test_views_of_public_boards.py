"""The public leaderboard and the wall screen, as a stranger finds them."""

import pytest

from karmyogi.core.months import Month, now
from karmyogi.people.models import Consent, Officer, OrgUnit
from karmyogi.scores import queries
from karmyogi.scores.models import MonthlyScore, in_month
from karmyogi.scores.rules import BoardScope
from karmyogi.scores.views import wall as views
from tests.visitors import words_of

BOARD, WALL = "/leaderboards/public", "/leaderboards/wall"


def month() -> Month:
    return Month.parse(queries.public_month().month)


def first_of_the_state() -> Officer:
    """Who stands first on the State's board of the newest sealed month."""
    first = MonthlyScore.select().where(in_month(month(), MonthlyScore)).order_by(MonthlyScore.rank_state).first()
    return first.officer


@pytest.fixture
def hero(app) -> Officer:
    """The first of the State, who agreed to be named."""
    officer = first_of_the_state()
    Officer.update(name_hi="गीता वर्मा", name_en="Geeta Verma").where(Officer.id == officer.id).execute()
    Consent.create(officer=officer, purpose="public_name", words=1, language="hi", given_at=now())
    return Officer.get_by_id(officer.id)


def test_a_stranger_is_led_there_from_the_front_page_and_on_to_the_wall(visit):
    stranger = visit(language="en")

    assert f'href="{BOARD}"' in stranger.get("/").text
    assert f'href="{WALL}"' in stranger.get(BOARD).text


def test_nobody_is_named_before_somebody_agrees(visit):
    names = {name for pair in Officer.select(Officer.name_hi, Officer.name_en).tuples() for name in pair if name}

    pages = [visit(language=language).get(path) for language in ("hi", "en") for path in (BOARD, WALL)]

    assert [page.status_code for page in pages] == [200] * 4
    assert [name for page in pages for name in names if len(name) > 4 and f">{name}<" in page.text] == []


def test_who_agreed_stands_in_both_scripts_without_points_or_code(visit, hero):
    page = visit(language="en").get(BOARD)
    score = MonthlyScore.get((MonthlyScore.officer == hero) & in_month(month(), MonthlyScore))

    words = words_of(page)
    assert "Geeta Verma" in words
    assert "गीता वर्मा" in words
    assert hero.employee_code not in page.text
    assert f"{score.points} point" not in words
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_same_page_is_sent_once_and_one_taken_back_is_gone_at_once(visit, hero):
    stranger = visit(language="en")
    tag = stranger.get(BOARD).headers["ETag"]
    again = stranger.get(BOARD, headers={"If-None-Match": tag})

    Consent.update(withdrawn_at=now()).execute()
    after = stranger.get(BOARD, headers={"If-None-Match": tag})

    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")
    assert after.status_code == 200
    assert "Geeta Verma" not in after.text


def test_the_page_of_somebody_signed_in_is_never_kept(visit, hero):
    page = visit("sunita").get(BOARD)

    assert page.headers["Cache-Control"] == "no-store"
    assert "ETag" not in page.headers


def test_a_department_or_district_is_chosen_and_any_other_unit_is_not_there(visit, hero):
    units = {scope: unit for scope, unit, *_names in queries.public_units(month())}
    office = OrgUnit.select().where(OrgUnit.kind == "office").first().id
    stranger = visit(language="en")

    asked = [*units.values(), office, "9" * 30, "x", ""]
    assert set(units) == set(queries.PUBLIC_SCOPES)
    assert [stranger.get(f"{BOARD}?unit={unit}").status_code for unit in asked] == [200] * 3 + [404, 404, 200, 200]


# The wall


def slides(visit) -> list[str]:
    """The words of every page of the wall."""
    stranger, found = visit(), []
    for page in range(100):
        answer = stranger.get(f"{WALL}?page={page}")
        found.append(words_of(answer))
        if answer.headers["Refresh"].endswith("page=0"):
            return found
    raise AssertionError("it goes round for ever")


def test_the_wall_names_who_agreed_and_ranks_departments_and_districts_in_both_languages(visit, hero):
    pages = slides(visit)

    assert "गीता वर्मा Geeta Verma" in pages[0]
    assert "प्रथम तीन स्थान Ranks 1 to 3" in pages[0]
    assert [part for part in ("विभाग Departments", "जिले Districts") if not any(part in page for page in pages)] == []
    assert [page for page in pages if not ("को अंतिम किया गया।" in page and "Sealed on" in page)] == []


def test_the_wall_shows_the_same_whoever_has_signed_in_there(visit, hero):
    mine, theirs = (words_of(visit(who, language="en").get(WALL)) for who in ("sunita", ""))

    assert mine == theirs


def test_a_page_goes_on_to_the_next_by_itself_until_it_is_stopped(visit, hero):
    stranger = visit()
    turning, stopped = stranger.get(f"{WALL}?page=1"), stranger.get(f"{WALL}?page=1&stop=1")

    assert turning.headers["Refresh"] == f"{views.SECONDS}; url={WALL}?page=2"
    assert "Refresh" not in stopped.headers
    assert "पृष्ठ रोकें Stop turning" in words_of(turning)
    assert "पृष्ठ बदलने दें Turn pages" in words_of(stopped)


@pytest.mark.parametrize("page", ["-1", "x", "99999999999999999999", "1000"])
def test_any_number_of_a_page_is_a_page(visit, page):
    assert visit().get(f"{WALL}?page={page}").status_code == 200


def test_units_of_the_wall_are_the_first_five_of_their_size_and_what_shares_the_fifth_rank_is_counted(hero):
    bands = queries.unit_board(month(), BoardScope.DISTRICT, (), by=views.SYSTEM)
    band = bands[0]
    many = type(band)(band.smallest, band.largest, tuple([band.units[0]] * 8))

    slide = views._of_units(BoardScope.DISTRICT, many)

    assert (len(slide.rows), slide.more) == (views.ROWS, 3)
