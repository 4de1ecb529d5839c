"""Reasons: a code and facts, and one text for every code that the code gives."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import karmyogi
from karmyogi.core import reasons
from karmyogi.core.reasons import TEXTS, Reason, declare, reason

PLACES = re.compile(r"%\((\w+)\)s")
GIVEN_BY = {
    "reason",
    "Reason",
    "KarmyogiError",
    "NotAllowed",
    "NotThere",
    "WrongState",
    "RuleBroken",
    "BadFile",
    "PolicyGap",
}
SOURCES = sorted(Path(karmyogi.__path__[0]).rglob("*.py"))


@pytest.fixture(scope="module", autouse=True)
def every_declaration():
    """Rooms declare their share where it is used, so all of them are read first."""
    for found in pkgutil.walk_packages(karmyogi.__path__, "karmyogi."):
        if ".demo" not in found.name:
            importlib.import_module(found.name)


def test_a_reason_is_its_code_and_its_facts():
    told = reason("moved_on", state="sealed")

    assert told == Reason("moved_on", {"state": "sealed"})
    assert told != reason("moved_on", state="draft")
    assert len({told, reason("moved_on", state="sealed"), reason("own_case")}) == 2
    assert (
        told.text == "Somebody else acted first: this case is now “%(state)s”. Reload the page to see where it stands."
    )


def test_the_same_facts_in_another_order_are_the_same_reason():
    assert hash(Reason("x", {"a": 1, "b": None})) == hash(Reason("x", {"b": None, "a": 1}))
    assert Reason("x", {"a": 1, "b": None}) == Reason("x", {"b": None, "a": 1})


def test_a_code_means_one_thing(monkeypatch):
    monkeypatch.setattr(reasons, "TEXTS", {"late": "You are late."})

    declare(late="You are late.")
    with pytest.raises(ValueError, match="late"):
        declare(late="The late officer.")

    assert reasons.TEXTS == {"late": "You are late."}


def calls_with_a_code() -> list[tuple[str, str, set[str] | None]]:
    """Where a code is given as a word: the place, the code, and its facts, None if not written out."""
    return [
        (f"{path.name}:{node.lineno}", code, _facts_of(node))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GIVEN_BY
        for code in _codes_of(node)
    ]


def _codes_of(call: ast.Call) -> list[str]:
    return [
        one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
    ]


def _facts_of(call: ast.Call) -> set[str] | None:
    is_whole = getattr(call.func, "id", "") in {"reason"} and all(word.arg for word in call.keywords)
    return {word.arg for word in call.keywords if word.arg} if is_whole else None


def test_every_code_that_is_given_has_a_text():
    given = calls_with_a_code()

    assert len(given) > 100
    assert [(where, code) for where, code, _facts in given if code not in TEXTS] == []


def test_every_place_in_a_text_is_filled_by_a_fact_and_no_fact_is_lost():
    given = [(where, code, facts) for where, code, facts in calls_with_a_code() if facts is not None and code in TEXTS]

    assert [(where, code, facts) for where, code, facts in given if facts != set(PLACES.findall(TEXTS[code]))] == []


def test_every_text_is_a_sentence_whose_only_signs_of_percent_are_places():
    odd = {code: text for code, text in TEXTS.items() if "%" in PLACES.sub("", text) or text[-1:] not in ".?:)”"}

    assert odd == {}
