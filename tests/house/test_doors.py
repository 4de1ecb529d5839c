"""What has one door only: states, SQL, faults nobody foresaw, markup, hashes and the clock."""

import ast
import re
from collections.abc import Iterator

from tests.house import sources
from tests.house.test_workflows import CASES

DOOR = "karmyogi/store/transitions.py"

# Rows that are no cases: each has a closed list of states of its own, and moves by the verbs of one module.
MOVED_BY_THEIR_OWN_VERBS = {
    ("karmyogi/reports/service/receiving.py", "origin.state"),  # an import: nobody decides on it, a file is read
    ("karmyogi/reports/service/receiving.py", "Import.update"),
    ("karmyogi/reports/service/checking.py", "origin.state"),
    ("karmyogi/reports/service/bundles.py", "bundle.state"),  # an archive: it waits for its password, or does not
    ("karmyogi/reports/service/bundles.py", "Bundle.update"),
    ("karmyogi/reports/service/applying.py", "origin.state"),
    ("karmyogi/reports/service/applying.py", "Import.update"),
    ("karmyogi/reports/service/undoing.py", "origin.state"),
    ("karmyogi/reports/service/undoing.py", "Import.update"),
    ("karmyogi/reports/service/answering.py", "QueuedPerson.update"),  # what an import asks: answered, or taken back
    ("karmyogi/store/jobs.py", "JobRun.update"),  # a job: moved by whoever holds its lease
}

# Where anything at all may be raised, and what happens then.
EDGES = {
    ("karmyogi/schedule/worker.py", "_at_the_edge"),  # kept on the job's row and logged; the scheduler goes on
    ("karmyogi/scores/service/computing.py", "_store"),  # rows that nobody has seen are taken away, and raised again
    ("karmyogi/scores/service/corrections.py", "_kept"),  # rows that nobody has seen are taken away, and raised again
    ("karmyogi/store/decoder.py", "_reply"),  # a hostile picture, in a process of its own: refused
    ("karmyogi/store/decoder.py", "_upright"),  # broken EXIF: the picture as it lies
    ("karmyogi/store/decoder.py", "_in_srgb"),  # a broken colour profile: without it
    ("karmyogi/store/decoder.py", "_read_codes"),  # an unreadable code: none
    ("karmyogi/store/jobs.py", "carry_out"),  # kept on the job's row and raised again
    ("karmyogi/store/staging.py", "_deferred"),  # rolled back and raised again
    ("karmyogi/web/pages.py", "_page"),  # the error page itself broke: the plain one
}

# Where statements are written by hand, set-based and with parameters.
SQL_FLOORS = re.compile(r"karmyogi/(store/|reports/kinds/|reports/matching\.py|\w+/queries(/|\.py))")
# A lock, a setting or a sign of life reads and writes no row.
OF_THE_CONNECTION = re.compile(r"(SET |PRAGMA |SELECT pg_advisory_|SELECT 1$)")
SQL_ELSEWHERE = {
    "karmyogi/reports/service/reading.py",  # counts of the staged rows that `kinds` has judged: no table of ours
    "karmyogi/reports/service/rows.py",  # and samples of them
    "karmyogi/reports/service/kept.py",  # what a preview noted besides its rows, laid out with them
    "karmyogi/reports/service/queueing.py",  # gathers the rows that wait: as many as a file has
    "karmyogi/reports/service/undoing.py",  # the officers whose names are put back, for the words of the search
    "karmyogi/completions/service/raising.py",  # flags what a staged file has told, beside the rows that it wrote
    "karmyogi/people/service/words.py",  # compares what a search finds officers by with staged keys, 400,000 at once
    "karmyogi/people/service/state.py",  # places thousands of new offices at once, beside the verb that places one
}


def functions_with(kind: type[ast.AST]) -> Iterator[tuple[str, str, ast.AST]]:
    """Every node of a kind inside a function, with its module and the function's name."""
    for module, function in sources.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        yield from ((module, function.name, node) for node in ast.walk(function) if isinstance(node, kind))


def moves() -> set[tuple[str, str]]:
    """Every place that writes a state, outside of the one door: the module, and what is written how."""
    found = set()
    for module, node in sources.nodes(ast.Assign, ast.AugAssign, ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found |= {(module, ast.unparse(one)) for target in targets for one in _attributes(target)}
    for module, call in sources.nodes(ast.Call):
        if sources.called(call) in WRITERS and "state" in _columns_named(call):
            found.add((module, ast.unparse(call.func).partition("(")[0]))
    return {(module, what) for module, what in found if module != DOOR}


WRITERS = {"update", "bulk_update", "set_by_id", "setattr", "on_conflict", "replace"}


def _attributes(target: ast.expr) -> Iterator[ast.Attribute]:
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    yield from (one for one in parts if isinstance(one, ast.Attribute) and one.attr == "state")


def _columns_named(call: ast.Call) -> set[str]:
    """The columns that a call names: by keyword, in a dict or a list, or as a text."""
    inside = [node for argument in call.args for node in ast.walk(argument)]
    texts = {node.value for node in inside if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    fields = {node.attr for node in inside if isinstance(node, ast.Attribute)}
    return {keyword.arg for keyword in call.keywords if keyword.arg} | texts | fields


def test_a_case_changes_its_state_through_one_door():
    assert moves() == MOVED_BY_THEIR_OWN_VERBS


def test_a_case_begins_in_the_first_state_of_its_table():
    made = [
        (sources.place(module, call), ast.unparse(keyword.value))
        for module, call in sources.nodes(ast.Call)
        if ast.unparse(call.func).removesuffix(".create").removesuffix(".insert") in CASES
        for keyword in call.keywords
        if keyword.arg == "state"
    ]

    assert made
    assert [(where, value) for where, value in made if not re.fullmatch(r"[A-Z_]+\.start", value)] == []


def test_no_statement_written_by_hand_changes_the_state_of_a_case():
    texts = [(m, node) for m, node in sources.nodes(ast.Constant) if isinstance(node.value, str)]
    moving = re.compile(r"\bUPDATE\b.+?\bSET\b[^;]*\bstate\s*=", re.DOTALL)

    assert [sources.place(module, node) for module, node in texts if moving.search(node.value)] == []


def test_only_named_edges_catch_whatever_comes():
    found = {
        (module, function)
        for module, function, handler in functions_with(ast.ExceptHandler)
        if handler.type is None or {"Exception", "BaseException"} & _names_in(handler.type)
    }
    muffled = [
        sources.place(module, call)
        for module, call in sources.nodes(ast.Call)
        if sources.called(call) == "suppress" and {"Exception", "BaseException"} & _names_in(call)
    ]

    assert found == EDGES
    assert muffled == []


def _names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_sql_is_written_by_hand_only_where_the_house_keeps_it():
    elsewhere = {
        module
        for module, call in sources.nodes(ast.Call)
        if sources.called(call) in {"execute_sql", "SQL", "raw"}
        and not SQL_FLOORS.match(module)
        and not OF_THE_CONNECTION.match(_text_of(call))
    }

    assert elsewhere == SQL_ELSEWHERE


def _text_of(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def test_no_page_asks_the_database():
    asking = re.compile(r"\.(select|where|join|switch|execute|get_by_id|get_or_none|order_by|execute_sql)\((?!['\"])")
    found = [
        f"{name}:{sources.line_of(text, hit.start())}"
        for name, text in sources.templates().items()
        for hit in asking.finditer(text)
    ]

    assert found == []


def test_what_people_wrote_is_never_taken_for_markup():
    in_code = [
        sources.place(module, node)
        for module, node in sources.nodes(ast.Name, ast.Attribute)
        if (node.id if isinstance(node, ast.Name) else node.attr) in {"Markup", "render_template_string", "HTMLString"}
    ]
    trusting = re.compile(r"\|\s*safe\b|\bautoescape\s+false\b|\bMarkup\b")
    in_pages = [name for name, text in sources.templates().items() if trusting.search(text)]

    assert in_code == []
    assert in_pages == []


def test_no_hash_that_can_be_forged_proves_anything():
    """But the codes of a second factor: every app computes them so, and HMAC rests on no collision being hard."""
    weak = re.compile(r"\b(md5|sha1|crc32)\b", re.IGNORECASE)
    names = [
        sources.place(module, node)
        for module, node in sources.nodes(ast.Name, ast.Attribute, ast.Constant)
        if weak.search(str(getattr(node, "id", getattr(node, "attr", getattr(node, "value", "")))))
    ]

    assert [place for place in names if not place.startswith("karmyogi/accounts/rules/factors.py")] == []


def test_one_module_reads_the_clock():
    reading = {"now", "today", "utcnow", "utcfromtimestamp"}
    found = {
        module
        for module, call in sources.nodes(ast.Call)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in reading
        and ast.unparse(call.func.value) in {"datetime", "date", "dt.datetime", "dt.date", "datetime.datetime"}
    }

    assert found == {"karmyogi/core/months.py"}


def test_the_clock_is_never_read_without_a_zone():
    naive = [
        sources.place(module, call)
        for module, call in sources.nodes(ast.Call)
        if sources.called(call) in {"utcnow", "utcfromtimestamp"}
        or (ast.unparse(call.func) in {"datetime.now", "datetime.fromtimestamp"} and not (call.args or call.keywords))
    ]

    assert naive == []
