"""Reasons are declared once and all known; files and functions stay small; rooms have no drawers for odds and ends."""

import ast
import re
from collections import Counter
from statistics import median

from karmyogi.core.reasons import TEXTS
from tests.house import sources
from tests.house.test_migrations import every_table

LONGEST_FILE = 700  # lines
LONGEST_FUNCTION = 70  # lines
MEDIAN_FUNCTION = 10  # lines
REASONS = {"reason", "Reason", "Refused"}
ERRORS = {"KarmyogiError", "NotAllowed", "NotThere", "WrongState", "RuleBroken", "BadFile", "PolicyGap"}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "lib", "shared", "base"}


def declared() -> list[str]:
    """Every code that a `declare(…)` in the code gives a text to."""
    calls = [node for _module, node in sources.nodes(ast.Call) if sources.called(node) == "declare"]
    return [keyword.arg for call in calls for keyword in call.keywords if keyword.arg]


def raised() -> dict[str, str]:
    """Every code that stands in the code as a literal of a reason or of an error, with a place where."""
    found, telling = {}, REASONS | ERRORS | errors_of_the_rooms()
    for module, call in sources.nodes(ast.Call):
        if sources.called(call) in telling:
            literals = call.args[:1] if sources.called(call) in REASONS else call.args
            codes = [one.value for one in literals if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            found |= dict.fromkeys(filter(None, codes), sources.place(module, call))
    return found


def errors_of_the_rooms() -> set[str]:
    """Errors that rooms derive from those of the house."""
    return {
        node.name
        for _module, node in sources.nodes(ast.ClassDef)
        if {ast.unparse(base).rpartition(".")[2] for base in node.bases} & ERRORS
    }


def lengths() -> dict[str, int]:
    """Every function by its place, and how many lines it has, from `def` to its end."""
    return {
        f"{sources.place(module, node)} {node.name}": node.end_lineno - node.lineno + 1
        for module, node in sources.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
    }


def test_a_reason_is_declared_once():
    assert [code for code, times in Counter(declared()).items() if times > 1] == []


def test_every_declared_reason_is_known_to_the_application():
    every_table()  # brings the rooms in

    assert set(declared()) - set(TEXTS) == set()


def test_every_reason_that_is_given_has_a_text():
    known = set(declared())

    assert {code: where for code, where in raised().items() if code not in known} == {}


def test_a_reason_is_named_like_a_code():
    assert [code for code in declared() if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", code)] == []


def test_a_reasons_text_has_a_place_for_each_fact_that_is_given():
    """A fact without a place is lost; a place without a fact would break the page."""
    wrong = {}
    for module, call in sources.nodes(ast.Call):
        code = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if sources.called(call) != "reason" or code not in TEXTS or any(k.arg is None for k in call.keywords):
            continue
        given, places = {k.arg for k in call.keywords}, set(re.findall(r"%\((\w+)\)s", TEXTS[code]))
        if places - given:
            wrong[sources.place(module, call)] = sorted(places - given)

    assert wrong == {}


def test_files_are_read_in_one_sitting():
    counted = {str(path.relative_to(sources.PACKAGE)): _lines(path) for path in sources.PACKAGE.rglob("*.py")}

    assert {name: count for name, count in counted.items() if count > LONGEST_FILE} == {}


def _lines(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_functions_are_small():
    counted = lengths()

    assert median(counted.values()) < MEDIAN_FUNCTION
    assert {name: count for name, count in counted.items() if count > LONGEST_FUNCTION} == {}


def test_no_file_is_a_drawer_for_odds_and_ends():
    assert [str(path) for path in sources.PACKAGE.rglob("*") if path.stem in DRAWERS] == []


def test_nothing_is_left_for_later_without_an_issue():
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d+)")
    left = [
        f"{path.relative_to(sources.ROOT)}:{number}"
        for path in sources.tracked("karmyogi", "templates", "static/js", "static/css", "migrations")
        if path.suffix in {".py", ".html", ".js", ".css", ".typ"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]

    assert left == []


def test_public_functions_of_the_lower_floors_say_what_they_promise():
    floors = re.compile(r"karmyogi/(core/|store/|\w+/(rules|queries|service)(\.py|/))")
    silent = [
        f"{sources.place(module, node)} {node.name}"
        for module, tree in sources.modules().items()
        if floors.match(module)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_every_signature_is_typed():
    bare = [
        f"{sources.place(module, node)} {node.name}"
        for module, node in sources.nodes(ast.FunctionDef)
        if node.name not in UNTYPED and not _is_typed(node)
    ]

    assert bare == []


UNTYPED = {"readinto"}  # of a raw stream: Python 3.11 has no type for a buffer


def _is_typed(node: ast.FunctionDef) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    named = all(one.annotation for one in arguments if one.arg not in {"self", "cls"})
    return named and (node.returns is not None or node.name == "__init__")


def test_nothing_is_typed_as_anything():
    loose = [sources.place(module, node) for module, node in sources.nodes(ast.Name) if node.id == "Any"]

    assert loose == []
