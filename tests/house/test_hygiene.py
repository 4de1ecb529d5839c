"""The project speaks of itself alone, pins what it needs, and carries no weight that nobody asked for."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from karmyogi.config import ROOT
from tests.house import sources

TEXTS = {
    ".py",
    ".md",
    ".txt",
    ".toml",
    ".cfg",
    ".in",
    ".html",
    ".css",
    ".js",
    ".po",
    ".csv",
    ".json",
    ".sh",
    ".typ",
    "",
}
HEAVIEST_DATA = 10 * 1024 * 1024
HEAVIEST_FILE = 4 * 1024 * 1024
# Places of one machine: a home, a mount, a temporary folder with a name of its own.
MACHINE = re.compile(r"(?<![\w./:])/(work|root|home/\w+|Users/\w+|mnt|private|opt/\w+)(/|\b)(?!\w)")
# Where packages may come from is the installer's affair; the project names no index and no mirror.
REGISTRY = re.compile(
    r"(?<![\w-])--(extra-)?index-url|(?<![\w-])--(find-links|trusted-host)|pypi\.org|pythonhosted|registry\.\w+|artifactory|devpi",
    re.IGNORECASE,
)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\b(ghp_|glpat-|xox[bap]-|sk-)\w{20,}")
# Words of how it was written, not of the product.
WORKSHOP = re.compile(r"\b(orchestrators?|sub-?agents?|language model|design papers?)\b", re.IGNORECASE)
PAGE = re.compile(r"(?<![\w/.-])([\w-]+/)*[\w-]+\.md\b")
SAYS_SO_ITSELF = {"tests/house/test_hygiene.py"}  # the words it looks for stand here


@cache
def committed() -> tuple[Path, ...]:
    """What git tracks; without git, everything that is not built."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if asked.returncode:
        return tuple(sources.tracked())
    paths = (ROOT / name for name in asked.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def texts() -> dict[str, str]:
    """Every text of the project by its path; a licence or a font is somebody else's."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8", errors="replace")
        for path in committed()
        if path.suffix in TEXTS and "fonts" not in path.parts and str(path.relative_to(ROOT)) not in SAYS_SO_ITSELF
    }


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{sources.line_of(text, hit.start())}: {hit[0]}"
        for name, text in texts().items()
        for hit in pattern.finditer(text)
    ]


def test_no_place_of_one_machine_is_named():
    assert found(MACHINE) == []


def test_no_index_of_packages_is_named():
    assert found(REGISTRY) == []


def test_no_secret_was_committed():
    assert found(SECRET) == []


def test_nothing_speaks_of_how_it_was_written():
    assert found(WORKSHOP) == []


def test_every_page_that_is_named_is_in_the_project():
    named = {(name, hit[0]) for name, text in texts().items() for hit in PAGE.finditer(text)}
    here = {path.name for path in committed()}

    assert [one for one in sorted(named) if one[1].rpartition("/")[2] not in here] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_and_hashed(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    wanted = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    pinned = re.compile(r"[\w.\[\],-]+==\S+( ;[^#]*)? .*--hash=sha256:[0-9a-f]{64}")
    loose = [line.split()[0] for line in wanted if not pinned.match(line)]

    assert wanted
    assert loose == []


def test_what_is_asked_for_is_what_is_pinned():
    for asked, pinned in (("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")):
        names = {_name(line) for line in (ROOT / asked).read_text().splitlines() if re.match(r"\w", line)}
        fixed = {_name(line) for line in (ROOT / pinned).read_text().splitlines() if re.match(r"\w", line)}

        assert names - fixed == set()


def _name(line: str) -> str:
    return re.match(r"[\w.-]+", line)[0].lower().replace("_", "-").replace(".", "-")


def test_test_data_stays_light():
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in sources.tracked("tests/data")}

    assert sum(sizes.values()) < HEAVIEST_DATA
    assert {name: size for name, size in sizes.items() if size > HEAVIEST_FILE} == {}


def test_nothing_built_was_committed():
    built = re.compile(
        r"(^|/)(__pycache__|instance|node_modules|\.venv|dist|build)/|\.(pyc|mo|db|sqlite3?|log|key|pem)$"
    )

    assert [name for name in (str(path.relative_to(ROOT)) for path in committed()) if built.search(name)] == []


def test_every_text_ends_with_one_line_end_and_has_no_tabs_for_spaces():
    ours = (".py", ".html", ".css", ".js", ".toml", ".md")
    code = {name: text for name, text in texts().items() if name.endswith(ours)}

    assert [name for name, text in code.items() if text and (not text.endswith("\n") or text.endswith("\n\n"))] == []
    assert [name for name, text in code.items() if "\r" in text or "\t" in text] == []


def test_a_licence_stands_beside_every_font():
    fonts = [path for path in committed() if path.suffix in {".ttf", ".otf", ".woff2"}]

    assert fonts
    assert [str(path) for path in fonts if not list(path.parent.glob("OFL*.txt"))] == []
