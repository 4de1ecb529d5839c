"""Prints docs/roles.md, docs/workflows.md and docs/glossary.md from the tables in the code: `python -m karmyogi.docs`.

A house test holds the printed pages against the tables, so neither can drift.
"""

from collections.abc import Iterable
from pathlib import Path

from karmyogi.achievements.rules import ACHIEVEMENT
from karmyogi.awards.rules import AWARD, CORRIGENDUM
from karmyogi.completions.rules import FLAG
from karmyogi.config import ROOT
from karmyogi.core.permissions import GRANTS, GRAVE, PRIVILEGED, ROLES, Permission, Reach, Role
from karmyogi.core.workflow import Step, Workflow
from karmyogi.documents.rules import DOCUMENT
from karmyogi.nominations.rules import NOMINATION
from karmyogi.people.rules import NAME_CORRECTION
from karmyogi.scores.rules import CORRECTION, DISPUTE, POLICY_DRAFT, SCORE_HOLD, SCORE_MONTH

WORKFLOWS = (
    NOMINATION,
    AWARD,
    CORRIGENDUM,
    DOCUMENT,
    ACHIEVEMENT,
    SCORE_MONTH,
    CORRECTION,
    POLICY_DRAFT,
    DISPUTE,
    SCORE_HOLD,
    NAME_CORRECTION,
    FLAG,
)
REACHES = {Reach.NONE: "", Reach.SELF: "own", Reach.ASSIGNED: "assigned", Reach.UNIT: "unit", Reach.ALL: "all"}


def roles_page() -> str:
    """Who may do what, and how far."""
    header = ["Permission", *(role.value for role in ROLES)]
    rows = [[permission.value, *(REACHES[cell] for cell in cells)] for permission, cells in GRANTS.items()]
    return (
        "# Roles\n\nPrinted from `karmyogi/core/permissions.py` by `make docs`; do not edit.\n\n"
        "*own*: one's own record · *unit*: one's unit and all below it, along the line of departments or the "
        "territory, as the grant says · *all*: the whole State.\n\n"
        + _table(header, rows)
        + "\nBesides the password, a code of their phone is asked of: "
        + f"{_listed(role for role in ROLES if role in PRIVILEGED)}.\n\n"
        + f"Asked once more, after ten minutes, before what needs: {_listed(p for p in GRANTS if p in GRAVE)}.\n"
    )


def _listed(members: Iterable[Role | Permission]) -> str:
    return ", ".join(f"`{member.value}`" for member in members)


def workflows_page() -> str:
    """From which state, by whom, to which state, on what conditions."""
    parts = ["# Workflows\n\nPrinted from the tables in the code by `make docs`; do not edit.\n"]
    header = ["Action", "From", "To", "Needs", "Guards", "Remark"]
    for workflow in WORKFLOWS:
        parts.append(
            f"## {workflow.name}\n\nBegins as *{workflow.start}*; {_ends(workflow)}.\n\n"
            + _table(header, [_cells(step) for step in workflow.steps])
        )
    return "\n".join(parts)


def _ends(workflow: Workflow) -> str:
    return f"ends as *{', '.join(sorted(workflow.ends))}*" if workflow.ends else "can always be taken up again"


def _cells(step: Step) -> list[str]:
    return [
        step.action,
        ", ".join(sorted(step.sources)),
        step.target,
        step.permission.value,
        ", ".join(guard.__name__.replace("_", " ") for guard in step.guards),
        "needed" if step.remark else "",
    ]


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


PAGES = {"roles.md": roles_page, "workflows.md": workflows_page}


def write(folder: Path) -> None:
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(ROOT / "docs")
