"""Whoever reads a month's rows reads those that the month shows, and nothing of a computation that is under way."""

import ast
import re

from tests.house import sources

TABLES = {"MonthlyScore", "ScoreLine", "PeerGroup", "PointCount", "UnitFigure"}
READS = {"select", "join"}
# What tells a run's rows from another's: the conditions of `scores.models`, or the run of a row already read so.
ASKED = re.compile(r"\b(in_month|is_shown|is_counting|is_added_up)\(|\.run == \w+\.run\b")
RAW = re.compile(r"\b(monthly_score|score_line|peer_group|point_count|unit_figure)\b")
# Statements written by hand: the shown rows hashed for a seal, the rows of one run written and taken away, and those
# of the run that a correction corrects; the shown rows put together anew for a proof; and months added up to periods.
RAW_WITH_CARE = {
    f"karmyogi/scores/queries/{name}.py"
    for name in ("rows", "storing", "differences", "again", "again_units", "summing")
}


def aliases_in(module: ast.Module) -> set[str]:
    """The names under which a module reads one of the tables a second time."""
    assigned = [node for node in ast.walk(module) if isinstance(node, ast.Assign)]
    return {
        ast.unparse(target)
        for node in assigned
        for target in node.targets
        if re.fullmatch(rf"({'|'.join(TABLES)})(\.alias\(.*\))?", ast.unparse(node.value))
    }


def reads(node: ast.AST, names: set[str]) -> bool:
    """True if rows of one of the tables are selected, or joined to others."""
    if not isinstance(node, ast.Call) or sources.called(node) not in READS:
        return False
    of, first = ast.unparse(node.func).partition(".")[0], node.args and ast.unparse(node.args[0])
    return of in names if sources.called(node) == "select" else first in names


def forgetful(name: str, module: ast.Module) -> list[str]:
    """The functions that read one of the tables and ask for no run."""
    names = TABLES | aliases_in(module)
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    reading = [one for one in functions if any(reads(node, names) for node in ast.walk(one))]
    return [f"{sources.place(name, one)} {one.name}" for one in reading if not ASKED.search(ast.unparse(one))]


def test_every_reader_of_a_months_rows_asks_for_the_run_that_is_shown():
    found = [place for name, module in sources.modules().items() for place in forgetful(name, module)]

    assert found == [], "add in_month(…) or is_shown(…) of karmyogi/scores/models.py to the condition"


def test_a_reader_that_forgets_it_is_found():
    planted = """
Before = PeerGroup.alias("before")

def best(month):
    return MonthlyScore.select().where(MonthlyScore.month == month)

def size(month):
    return Before.select().where(Before.month == month)

def beside(month):
    return Officer.select().join(ScoreLine, on=ScoreLine.officer == Officer.id)

def right(month):
    return MonthlyScore.select().where(in_month(month, MonthlyScore))
"""

    assert [one.split()[1] for one in forgetful("planted.py", ast.parse(planted))] == ["best", "size", "beside"]


def test_statements_by_hand_read_a_months_rows_in_few_modules_only():
    texts = [(module, node) for module, node in sources.nodes(ast.Constant) if isinstance(node.value, str)]
    named = {module for module, node in texts if re.search(r"\b(SELECT|FROM|JOIN|INTO)\b", node.value)}
    found = {module for module, node in texts if module in named and RAW.search(node.value)}

    assert found == RAW_WITH_CARE
