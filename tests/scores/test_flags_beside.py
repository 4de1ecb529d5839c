"""Beside a rank and a nominee stands what people should look at, for those who may read flags."""

from karmyogi.completions.models import Completion, Flag
from karmyogi.demo.cast import CAST
from karmyogi.nominations.models import Nomination
from karmyogi.people.models import Officer
from tests.factories import make_flag
from tests.visitors import words_of

CODES = {member.key: member.employee_code for member in CAST}
BOARD = "/leaderboards?month=2026-01"


def flag_on(officer: Officer, month: str) -> Flag:
    Flag.delete().execute()
    return make_flag(Completion.get((Completion.officer == officer) & (Completion.month == month)))


def test_reviewers_see_it_beside_the_rank_and_heads_do_not(visit):
    flag = flag_on(Officer.get(Officer.employee_code == CODES["asha"]), "2026-01")

    told = {who: visit(who, language="en").get(BOARD).text for who in ("sunita", "ravi", "meena", "imran")}

    link = f'href="/flags/{flag.id}"'
    assert {who: link in page for who, page in told.items()} == {
        "sunita": True,
        "ravi": True,
        "meena": False,
        "imran": False,
    }
    assert link not in visit("sunita", language="en").get("/leaderboards?month=2025-12").text


def test_a_board_asks_once_for_all_its_rows(visit, queries_of):
    asha = Officer.get(Officer.employee_code == CODES["asha"])
    flag_on(asha, "2026-01")
    sunita = visit("sunita")
    sunita.get(BOARD)
    few = queries_of(lambda: sunita.get(BOARD))

    for completion in (
        Completion.select().where((Completion.month == "2026-01") & (Completion.officer != asha)).limit(30)
    ):
        make_flag(completion)

    assert queries_of(lambda: sunita.get(BOARD)) == few


def test_a_nomination_tells_it_of_the_period(visit):
    case = Nomination.get()
    cycle = case.cycle
    period = Completion.month.between(cycle.first_month, cycle.last_month)
    done = Completion.get((Completion.officer == case.officer) & period)
    Flag.delete().execute()
    flag, path = make_flag(done, state="doubted"), f"/nominations/{case.id}"

    gad, head = visit("sunita", language="en").get(path), visit("meena", language="en").get(path)

    assert f'href="/flags/{flag.id}"' in gad.text
    assert "Doubted (1)" in words_of(gad)
    assert f'href="/flags/{flag.id}"' not in head.text
