"""The search for officers, and one officer's page: everything of them in the reader's reach, in one place."""

from functools import partial

import peewee
from flask import Response, jsonify, render_template, request, url_for

from karmyogi.accounts.queries import account_of
from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries import achievements_for, cards, review_queue
from karmyogi.awards.models import Award
from karmyogi.awards.queries import awards_for
from karmyogi.completions import queries as learning
from karmyogi.core.months import Month, today
from karmyogi.core.permissions import Permission, can, covers
from karmyogi.home.queries.merging import merging_of
from karmyogi.home.views.address import blueprint
from karmyogi.home.views.me import points_by_month
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import deciding_posting, nominations_for, open_cycles
from karmyogi.people.models import Designation, Officer, Posting, StateClass, UnitKind
from karmyogi.people.queries import (
    Found,
    Narrowing,
    honours_of,
    merged_records,
    officers_for,
    officers_found,
    paths_of,
    posting_of,
    postings_of,
    profile_of,
    records_of,
    units_of_kind,
)
from karmyogi.plans.queries import summary_of
from karmyogi.scores.models import ScoreHold
from karmyogi.scores.queries import holds_for, months_seen
from karmyogi.scores.rules import STANDING
from karmyogi.store.imports import Import
from karmyogi.trainings.queries import programme_parts_of
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import asked_number, clean
from karmyogi.web.i18n import local
from karmyogi.web.trails import revealed_one

LONGEST_SEARCH = 100
SUGGESTED = 8
SHOWN = 10  # of the finished courses, and of the months
CYCLES = 3  # open at the same time at most, in all likelihood


# Search


@blueprint.get("/officers")
@requires(Permission.OFFICERS_SEARCH)
def officers() -> str:
    """One box for codes and names in either script; the first officers that fit, within the reader's reach."""
    narrowed_by = _narrowing()
    return render_template(
        "home/officers.html",
        text=_text(),
        found=_found(narrowed_by) if _text() else None,
        narrowed_by=narrowed_by,
        departments=_named(UnitKind.DEPARTMENT),
        districts=_named(UnitKind.DISTRICT),
        classes=[(one.value, one.value) for one in StateClass],
    )


@blueprint.get("/officers/suggest")
@requires(Permission.OFFICERS_SEARCH)
def suggest() -> Response:
    """The first few for what has been typed so far, as the search box shows them under itself."""
    found = officers_found(_text(), current_actor(), on=today(), limit=SUGGESTED)
    return jsonify(officers=[_suggestion(officer) for officer in found.officers], more=found.is_more)


def _suggestion(officer: Officer) -> dict[str, str]:
    unit = officer.posting and officer.posting.unit
    told = [officer.employee_code, officer.designation and local(officer.designation, "name")]
    told += [unit and local(unit, "name")]
    return {
        "name": local(officer, "name"),
        "detail": " · ".join(filter(None, told)),
        "url": url_for("home.officer", officer_id=officer.id),
    }


def _text() -> str:
    return clean(request.args.get("q", "")[:LONGEST_SEARCH])


def _narrowing() -> Narrowing:
    state_class = request.args.get("class", "")
    return Narrowing(
        asked_number("department"), asked_number("district"), state_class if state_class in set(StateClass) else ""
    )


def _found(narrowed_by: Narrowing) -> Found:
    return officers_found(_text(), current_actor(), on=today(), narrowed_by=narrowed_by)


def _named(kind: UnitKind) -> list[tuple[int, str]]:
    return [(unit.id, local(unit, "name")) for unit in units_of_kind(kind)]


# One officer


@blueprint.get("/officers/<int:officer_id>")
@requires(Permission.OFFICERS_READ)
def officer(officer_id: int) -> str:
    """Each part of the page only for those who hold its permission over this officer; outside one's reach, no page."""
    found = visible_or_404(_readable(), id=officer_id)
    if found.merged_into_id is not None:
        return _gave_way(found)
    posting = posting_of(found, on=today())
    may = partial(_may, found, posting)
    told = {
        "postings": postings_of(found),
        "profile": profile_of(found) if may(Permission.LEARNING_READ) else None,
        "learning": _learning(found) if may(Permission.LEARNING_READ) else None,
    }
    return render_template(
        "home/officer.html",
        officer=found,
        posting=posting,
        others=merged_records(found),
        honours=honours_of(found),
        sources=_sources(found, told),
        **told,
        may_contact=may(Permission.OFFICERS_CONTACT),
        account=account_of(found) if may(Permission.OFFICERS_CONTACT) else None,
        may_birth=may(Permission.OFFICERS_BIRTH),
        cycles=_cycles_to_nominate_in(found),
        holds=_holds(found),
        **_months(found, is_reached=may(Permission.SCORES_READ)),
        **_cases(found, is_reached=may(Permission.ACHIEVEMENTS_READ)),
    )


def _gave_way(officer: Officer) -> str:
    """The page of a record that gave way to another: where its person is read, and for GAD why and how to part them."""
    act = merging_of(officer) if can(current_actor(), Permission.OFFICERS_MERGE) else None
    return render_template("home/merged.html", officer=officer, stands=officer.merged_into, act=revealed_one(act))


def _readable() -> peewee.ModelSelect:
    rows = officers_for(current_actor(), Permission.OFFICERS_READ, on=today())
    return rows.select(Officer, Designation).join(Designation, peewee.JOIN.LEFT_OUTER)


def _may(officer: Officer, posting: Posting | None, permission: Permission) -> bool:
    return covers(current_actor(), permission, officer_id=officer.id, **paths_of(posting))


def _learning(officer: Officer) -> dict[str, object]:
    """Learning at a glance: what is finished, what the plan still expects, and what of it is late."""
    dues = learning.dues_of(officer.id, on=today())
    open_dues = [due for due in dues if due.completed_on is None]
    late = [due for due in open_dues if due.standing is learning.Standing.OVERDUE]
    done = learning.completions_of(officer.id, limit=SHOWN)
    return {
        "done": done,
        "flags": learning.flags_on(done, current_actor()),
        "count": learning.completion_count(officer.id),
        "dues": open_dues,
        "late": late,
        "planned": len(dues),
        "counted": learning.counted(dues),
        "summary": summary_of(officer.id),
        "assessments": learning.assessments_of(officer.id, limit=SHOWN),
        "programmes": programme_parts_of(officer.id, limit=SHOWN),
        "left": learning.courses_left(officer.id, limit=SHOWN),
        "earlier": learning.earlier_of(officer.id, limit=SHOWN),
    }


def _sources(officer: Officer, told: dict[str, object]) -> dict[int, Import]:
    """The imports from which what the page shows came, by their number."""
    rows = [officer, *told["postings"]]
    if told["learning"]:
        rows += [*filter(None, [told["profile"]]), *told["learning"]["done"], *told["learning"]["dues"]]
    earlier = told["learning"]["earlier"] if told["learning"] else []
    numbers = [row.import_id for row in (*rows, *earlier)]
    return learning.origins_of([*numbers, *(one.replaced_by for one in earlier)], current_actor())


def _months(officer: Officer, *, is_reached: bool) -> dict[str, object]:
    """The months of a score that lie in the reader's reach, newest first, and the same for the plot."""
    months = months_seen(officer.id, current_actor(), limit=12)
    newest = Month.parse(months[0].month) if months else None
    return {
        "months": months if months or is_reached else None,
        "points": points_by_month(months, newest, officer_id=officer.id) if newest else [],
    }


def _holds(officer: Officer) -> list[ScoreHold]:
    """The scores on hold, and those proposed to be, as far as this reader may know of them."""
    if not can(current_actor(), Permission.HOLDS_READ):
        return []
    its = ScoreHold.officer.in_(records_of(officer)) & ScoreHold.state.in_(STANDING)
    return list(holds_for(current_actor()).where(its))


def _cases(officer: Officer, *, is_reached: bool) -> dict[str, object]:
    """Claims, nominations and awards as this reader may know them; no claims is None where none may be known of."""
    actor, records = current_actor(), records_of(officer)
    claims = cards(achievements_for(actor).where(Achievement.officer.in_(records)).limit(SHOWN))
    waiting = review_queue(actor).where(Achievement.officer.in_(records))
    awards = awards_for(actor).where(Award.officer.in_(records))
    return {
        "achievements": claims if claims or is_reached else None,
        "to_review": {claim.id for claim in waiting},
        "nominations": list(nominations_for(actor).where(Nomination.officer.in_(records))),
        "awards": {award.id for award in awards},
    }


def _cycles_to_nominate_in(officer: Officer) -> list[Cycle]:
    """The open cycles for which this reader heads the department that decides about the officer."""
    actor = current_actor()
    if not can(actor, Permission.NOMINATIONS_CREATE) or officer.id == actor.officer_id:
        return []
    return [cycle for cycle in open_cycles(on=today())[:CYCLES] if _heads(officer, cycle)]


def _heads(officer: Officer, cycle: Cycle) -> bool:
    posting = deciding_posting(officer, cycle)
    department = posting and posting.unit.department
    return bool(department) and covers(
        current_actor(),
        Permission.NOMINATIONS_CREATE,
        officer_id=None,
        line_path=department.line_path,
        territory_path=department.territory_path,
    )
