"""The code as text and as trees, read once: what house tests look through."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from karmyogi.config import ROOT

PACKAGE = ROOT / "karmyogi"
TEMPLATES = ROOT / "templates"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the application by its path from the root of the project, `karmyogi/docs.py`."""
    paths = [ROOT / "app.py", *sorted(PACKAGE.rglob("*.py"))]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of these kinds in the application, each with its module."""
    for name, module in modules().items():
        yield from ((name, node) for node in ast.walk(module) if isinstance(node, kinds))


def place(module: str, node: ast.AST) -> str:
    """Where a node stands, as an editor opens it."""
    return f"{module}:{node.lineno}"


def called(node: ast.Call) -> str:
    """The last name of what is called: `reason` for `reason(…)`, `update` for `Import.update(…)`."""
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""


def templates() -> dict[str, str]:
    """Every page and part by its name, `scores/month.html`; papers are drawn elsewhere."""
    paths = sorted(path for path in TEMPLATES.rglob("*.html") if path.is_file())
    return {str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in paths}


def line_of(text: str, position: int) -> int:
    """The line, from one, on which a position of a text stands."""
    return text.count("\n", 0, position) + 1


def tracked(*folders: str) -> list[Path]:
    """Files of the project below these folders, or all of them; what is built or installed is none of them."""
    roots = [ROOT / folder for folder in folders] if folders else [ROOT]
    return sorted(path for root in roots for path in root.rglob("*") if path.is_file() and _is_ours(path))


def _is_ours(path: Path) -> bool:
    first, *_rest = path.relative_to(ROOT).parts
    return first not in NOT_OURS and "__pycache__" not in path.parts


NOT_OURS = {
    ".git",
    ".venv",
    "instance",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".import_linter_cache",
    ".coverage",
    ".env",
}
