"""The list of nominations, and the officers whom a head may nominate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import peewee
from flask import render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere
from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.nominations import queries
from karmyogi.nominations.forms import said
from karmyogi.nominations.models import STATES, Cycle, Nomination
from karmyogi.nominations.queries import Candidate
from karmyogi.nominations.rules import CREATE, LATE_AFTER, NOMINATION, Verdict, criteria_from, state_shown
from karmyogi.nominations.views.address import blueprint, named, page_number, pages
from karmyogi.nominations.views.desk import reasons_to_wait
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.queries import units_of_kind
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.filters import ascii_code, whole_number
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import word

PAGE, CANDIDATES = 50, 25
LONGEST_SEARCH = 100
LAST_SECOND = 2**32  # in the year 2106


@dataclass(frozen=True)
class Place:
    """A department's share of an open cycle: what its head may still nominate."""

    cycle: Cycle
    department: OrgUnit
    used: int

    @property
    def left(self) -> int:
        return max(self.cycle.quota - self.used, 0)


@blueprint.get("")
@requires(Permission.NOMINATIONS_READ)
def nominations() -> str:
    """What waits for this person, and everything within their reach."""
    actor = current_actor()
    waiting = queries.pending_with(actor).count() if _ever_acts(actor) else None
    view = request.args.get("view") or ("waiting" if waiting else "all")
    rows = queries.pending_with(actor) if view == "waiting" else queries.nominations_for(actor)
    rows = _narrowed(rows, actor)
    found = list(rows.limit(PAGE + 1).offset((page_number() - 1) * PAGE))
    return render_template(
        "nominations/list.html",
        view=view,
        tabs=_views(view, waiting) if waiting is not None else [],
        places=_places(actor),
        nominations=found[:PAGE],
        page=page_number(),
        pages=pages(is_more=len(found) > PAGE),
        cycles=named(queries.cycles()),
        states=[(state, word(state)) for state in _states(actor)],
        note_sheet=_note_sheet(actor),
        late_after=LATE_AFTER if request.args.get("late") == "1" else None,
        moved=_moment("moved"),
        departments=named(units_of_kind(UnitKind.DEPARTMENT)) if queries.sees_decisions(actor) else [],
    )


def _note_sheet(actor: Actor) -> str:
    """The address of the note-sheet of the cycle that the list is narrowed to, for those who may know its choices."""
    cycle = whole_number("cycle")
    known = cycle is not None and queries.sees_decisions(actor) and queries.cycles().where(Cycle.id == cycle).exists()
    return url_for("awards.note_sheet", cycle_id=cycle) if known else ""


def _ever_acts(actor: Actor) -> bool:
    return any(can(actor, step.permission) for step in NOMINATION.steps)


def _views(view: str, waiting: int) -> list[dict[str, object]]:
    labels = (("waiting", _("Waiting for you"), waiting), ("all", _("All within your reach"), None))
    return [
        {"label": label, "url": url_for(".nominations", view=name), "current": view == name, "count": count}
        for name, label, count in labels
    ]


def _states(actor: Actor) -> list[str]:
    """The states that this reader may meet."""
    return [state for state in STATES if state_shown(state, sees_decisions=queries.sees_decisions(actor)) == state]


def _narrowed(rows: peewee.ModelSelect, actor: Actor) -> peewee.ModelSelect:
    cycle, department = whole_number("cycle"), whole_number("department")
    if cycle is not None:
        rows = rows.where(Nomination.cycle == cycle)
    if department is not None:
        rows = rows.where(Nomination.department == department)
    if (state := request.args.get("state", "")) in _states(actor):
        rows = rows.where(queries.as_shown_to(actor) == state)
    if request.args.get("late") == "1":
        rows = rows.where(queries.is_late(actor, on=today()))
    if moved := _moment("moved"):
        rows = rows.where(queries.moved_since(actor, moved))
    return rows


def _moment(name: str) -> datetime | None:
    """A moment of the address, in whole seconds; None if it is none."""
    seconds = asked_number(name) or 0
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LAST_SECOND else None


def _places(actor: Actor) -> list[Place]:
    departments = queries.departments_in_reach(actor)
    cycles = queries.open_cycles(on=today()) if departments else []
    used = queries.quotas_used(cycles, departments) if cycles else {}
    return [Place(cycle, unit, used.get((cycle.id, unit.id), 0)) for cycle in cycles for unit in departments]


# The officers one may nominate


@blueprint.get("/cycles/<int:cycle_id>/candidates")
@requires(CREATE)
def candidates(cycle_id: int) -> str:
    """Everyone of a department, with the verdict and every reason for it."""
    cycle = visible_or_404(queries.cycles(), id=cycle_id)
    department = _department(queries.departments_in_reach(current_actor()))
    everyone = _called(queries.records_of(department, cycle, on=today()), _search())
    found = [one for one in everyone if one.verdict == _verdict()] if _verdict() else everyone
    start = (page_number() - 1) * CANDIDATES
    return render_template(
        "nominations/candidates.html",
        place=_place_of(cycle, department),
        departments=named(queries.departments_in_reach(current_actor())),
        candidates=found[start : start + CANDIDATES],
        start=start,
        total=len(found),
        pages=pages(is_more=len(found) > start + CANDIDATES),
        tabs=_verdict_tabs(everyone),
        search=_search(),
        verdict=_verdict(),
        closed=reasons_to_wait(cycle, department),
        criteria=criteria_from(cycle.criteria),
        me=current_actor().officer_id,
        shown=_state_of_candidate,
        said=said,
        Verdict=Verdict,
    )


def _department(offered: Sequence[OrgUnit]) -> OrgUnit:
    """The department asked for, else the first; one that this actor does not head does not exist."""
    asked = request.args.get("department")
    found = next((unit for unit in offered if asked is None or str(unit.id) == asked), None)
    if found is None:
        raise NotThere("not_there")
    return found


def _place_of(cycle: Cycle, department: OrgUnit) -> Place:
    return Place(cycle, department, queries.quota_used(cycle, department))


def _search() -> str:
    return " ".join(ascii_code(request.args.get("q", "")[:LONGEST_SEARCH]).split())


def _called(everyone: list[Candidate], search: str) -> list[Candidate]:
    """Those in whose names or code every word of the search stands."""
    words = search.casefold().split()
    return [one for one in everyone if all(part in _names(one) for part in words)] if words else everyone


def _names(one: Candidate) -> str:
    return f"{one.name_hi} {one.name_en} {one.employee_code}".casefold()


def _verdict() -> str:
    asked = request.args.get("verdict", "")
    return asked if asked in set(Verdict) else ""


def _verdict_tabs(everyone: list[Candidate]) -> list[dict[str, object]]:
    kept = {name: request.args[name] for name in ("department", "q") if request.args.get(name)}
    address = request.view_args or {}
    rows = [("", _("All"), len(everyone))]
    rows += [(verdict.value, word(verdict.value), _count(everyone, verdict)) for verdict in Verdict]
    return [
        {
            "label": label,
            "url": url_for(".candidates", **address, **kept, **({"verdict": code} if code else {})),
            "current": _verdict() == code,
            "count": count,
        }
        for code, label, count in rows
    ]


def _count(everyone: list[Candidate], verdict: Verdict) -> int:
    return sum(one.verdict is verdict for one in everyone)


def _state_of_candidate(one: Candidate) -> str:
    return state_shown(one.nomination_state or "", sees_decisions=queries.sees_decisions(current_actor()))
