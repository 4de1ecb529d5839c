"""Pages of nominations: the list, the officers one may nominate, the draft, and the case from hand to hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import peewee
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.accounts.models import User
from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken, WrongState
from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, can, covers
from karmyogi.core.reasons import N_, Reason, reason
from karmyogi.core.workflow import Step
from karmyogi.nominations import queries, service
from karmyogi.nominations.forms import (
    INTEGRITY_FIELDS,
    PROPOSAL_FIELDS,
    CaseForm,
    IntegrityForm,
    ProposalForm,
    blame,
    said,
)
from karmyogi.nominations.models import STATES, Category, Cycle, Nomination
from karmyogi.nominations.queries import Candidate
from karmyogi.nominations.rules import (
    CREATE,
    EDITABLE,
    NOMINATION,
    RELEASE,
    SELECT,
    VERIFY,
    Criteria,
    IntegrityAnswer,
    Verdict,
    barring,
    characters_in,
    citation_reasons,
    criteria_from,
    is_hand_of,
    power_behind,
    quota_reasons,
    state_shown,
    window_reasons,
)
from karmyogi.nominations.service import Proposal
from karmyogi.people.models import Officer, OrgUnit, UnitKind
from karmyogi.people.queries import units_of_kind
from karmyogi.store.transitions import CaseStep, open_steps
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.filters import ascii_code
from karmyogi.web.i18n import day, local, moment, word
from karmyogi.web.lists import DEEPEST_PAGE

READ = Permission.NOMINATIONS_READ
PAGE, CANDIDATES = 50, 25
LONGEST_SEARCH = 100
blueprint = Blueprint("nominations", __name__, url_prefix="/nominations")

ROAD = ("draft", "submitted", "verified", "selected", "released", "awarded")
WAITS = {
    "submitted": N_("With the nodal officer"),
    "verified": N_("With GAD"),
    "selected": N_("With the approver"),
    "released": N_("Waits for the award order"),
}
TAKEN = {
    "start": (N_("Draft begun"), "info"),
    "edit": (N_("Draft changed by another hand"), ""),
    "submit": (N_("Submitted"), "info"),
    "verify": (N_("Verified"), "good"),
    "return": (N_("Returned for correction"), "warn"),
    "select": (N_("Selected"), "good"),
    "reject": (N_("Rejected"), "bad"),
    "release": (N_("Decision released"), "good"),
    "award": (N_("Awarded by an order"), "good"),
    "withdraw": (N_("Withdrawn"), "bad"),
}
DONE = {
    "submit": N_("The nomination was submitted. It is now with the nodal officer."),
    "verify": N_("The nomination was verified. It is now with GAD."),
    "return": N_("The nomination was returned to the head of department with your remark."),
    "select": N_("The nomination was selected. The decision stays within GAD until the approver releases it."),
    "reject": N_("The nomination was rejected; your remark is kept with it."),
    "release": N_("The decision was released. The award can now be ordered."),
    "withdraw": N_("The nomination was withdrawn."),
}
FINAL = {"withdraw", "reject", "release"}  # nothing takes these back, so a page of their own asks first


# The list


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
@requires(READ)
def nominations() -> str:
    """What waits for this person, and everything within their reach."""
    actor = current_actor()
    waiting = queries.pending_with(actor).count() if _ever_acts(actor) else None
    view = request.args.get("view") or ("waiting" if waiting else "all")
    rows = queries.pending_with(actor) if view == "waiting" else _narrowed(queries.nominations_for(actor), actor)
    found = list(rows.limit(PAGE + 1).offset((_page() - 1) * PAGE))
    return render_template(
        "nominations/list.html",
        view=view,
        tabs=_views(view, waiting) if waiting is not None else [],
        places=_places(actor),
        nominations=found[:PAGE],
        page=_page(),
        pages=_pages(is_more=len(found) > PAGE),
        cycles=_named(queries.cycles()),
        states=[(state, word(state)) for state in _states(actor)],
        departments=_named(units_of_kind(UnitKind.DEPARTMENT)) if queries.sees_decisions(actor) else [],
    )


def _named(rows: Iterable[Cycle | OrgUnit]) -> list[tuple[int, str]]:
    """The rows as options of a choice."""
    return [(row.id, local(row, "name")) for row in rows]


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
    cycle, department = _number("cycle"), _number("department")
    if cycle is not None:
        rows = rows.where(Nomination.cycle == cycle)
    if department is not None:
        rows = rows.where(Nomination.department == department)
    if (state := request.args.get("state", "")) in _states(actor):
        rows = rows.where(queries.as_shown_to(actor) == state)
    return rows


def _places(actor: Actor) -> list[Place]:
    departments = queries.departments_in_reach(actor)
    cycles = queries.open_cycles(on=today()) if departments else []
    used = queries.quotas_used(cycles, departments) if cycles else {}
    return [Place(cycle, unit, used.get((cycle.id, unit.id), 0)) for cycle in cycles for unit in departments]


def _number(name: str) -> int | None:
    """A whole number of the address that a column can hold."""
    text = ascii_code(request.args.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _page() -> int:
    return min(max(_number("page") or 1, 1), DEEPEST_PAGE)


def _pages(*, is_more: bool) -> tuple[str | None, str | None]:
    """The addresses of the page before and after this one, with all that the list was asked for."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}

    def address(number: int) -> str:
        return url_for(request.endpoint, **(request.view_args or {}), **kept, page=number)

    return address(_page() - 1) if _page() > 1 else None, address(_page() + 1) if is_more else None


KEPT = ("view", "cycle", "state", "department", "q", "verdict")


# The officers one may nominate


@blueprint.get("/cycles/<int:cycle_id>/candidates")
@requires(CREATE)
def candidates(cycle_id: int) -> str:
    """Everyone of a department, with the verdict and every reason for it."""
    cycle = visible_or_404(queries.cycles(), id=cycle_id)
    department = _department(queries.departments_in_reach(current_actor()))
    everyone = _called(queries.records_of(department, cycle, on=today()), _search())
    found = [one for one in everyone if one.verdict == _verdict()] if _verdict() else everyone
    start = (_page() - 1) * CANDIDATES
    return render_template(
        "nominations/candidates.html",
        place=_place_of(cycle, department),
        departments=_named(queries.departments_in_reach(current_actor())),
        candidates=found[start : start + CANDIDATES],
        start=start,
        total=len(found),
        pages=_pages(is_more=len(found) > start + CANDIDATES),
        tabs=_verdict_tabs(everyone),
        search=_search(),
        verdict=_verdict(),
        closed=_reasons_to_wait(cycle, department),
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


def _reasons_to_wait(cycle: Cycle, department: OrgUnit) -> list[Reason]:
    """Why nobody of the department can be nominated now, whoever it is."""
    return [
        *window_reasons(cycle.opens_on, cycle.closes_on, on=today()),
        *quota_reasons(queries.quota_used(cycle, department), cycle.quota),
    ]


def _state_of_candidate(one: Candidate) -> str:
    return state_shown(one.nomination_state or "", sees_decisions=queries.sees_decisions(current_actor()))


# The draft


@dataclass(frozen=True)
class Desk:
    """What lies before a head who writes a nomination."""

    cycle: Cycle
    department: OrgUnit
    officer: Officer
    found: Candidate | None

    @property
    def criteria(self) -> Criteria:
        return criteria_from(self.cycle.criteria)


@blueprint.get("/new")
@requires(CREATE)
def new() -> str | Response:
    desk = _desk_of_new()
    if desk.found and desk.found.nomination_id:
        return redirect(url_for(".show", nomination_id=desk.found.nomination_id))
    form = _offered(ProposalForm(), desk)
    form.priority.data = _first_free(desk)
    return _form_page(desk, form, closed=_reasons_against_start(desk))


@blueprint.post("/new")
@requires(CREATE)
def start() -> Response | tuple[str, int]:
    desk = _desk_of_new()
    form = _offered(ProposalForm(), desk)
    if not form.validate_on_submit():
        return _form_page(desk, form), 422
    try:
        nomination = service.start_nomination(desk.cycle, desk.officer, _proposal(form, desk), by=current_actor())
    except RuleBroken as error:
        blame(form, error, PROPOSAL_FIELDS)
        return _form_page(desk, form), error.status
    flash(_("The draft was saved. Read it once more, then submit it."), "success")
    return redirect(url_for(".show", nomination_id=nomination.id))


@blueprint.get("/<int:nomination_id>/edit")
@requires(CREATE)
def edit(nomination_id: int) -> str:
    nomination = _nomination(nomination_id)
    _must_be_writable(nomination)
    desk = _desk_of(nomination)
    form = _offered(ProposalForm(obj=nomination), desk, nomination)
    form.category.data = nomination.category_id
    return _form_page(desk, form, nomination=nomination)


@blueprint.post("/<int:nomination_id>/edit")
@requires(CREATE)
def save(nomination_id: int) -> Response | tuple[str, int]:
    nomination = _nomination(nomination_id)
    _must_write_for(nomination)
    desk = _desk_of(nomination)
    form = _offered(ProposalForm(), desk, nomination)
    if nomination.shown not in EDITABLE:
        return _overtaken(desk, form, nomination)
    if not form.validate_on_submit():
        return _form_page(desk, form, nomination=nomination), 422
    try:
        service.edit_draft(nomination, _proposal(form, desk), version=_version(form), by=current_actor())
    except WrongState:
        return _overtaken(desk, form, _nomination(nomination_id))
    except RuleBroken as error:
        blame(form, error, PROPOSAL_FIELDS)
        return _form_page(desk, form, nomination=nomination), error.status
    flash(_("The changes were saved."), "success")
    return redirect(url_for(".show", nomination_id=nomination_id))


def _overtaken(desk: Desk, form: ProposalForm, stored: Nomination) -> tuple[str, int]:
    """What was typed, beside what somebody else stored meanwhile; saving again then replaces it knowingly."""
    form.version.data = stored.version
    return _form_page(desk, form, nomination=stored, stored=stored), WrongState.status


def _desk_of_new() -> Desk:
    """The cycle and the officer of the address. Raises NotThere unless this actor heads the officer's department."""
    cycle = visible_or_404(queries.cycles(), id=_number("cycle") or 0)
    posting = queries.deciding_posting(_number("officer") or 0, cycle)
    department = posting and posting.unit.department
    if department is None or department not in queries.departments_in_reach(current_actor()):
        raise NotThere("not_there")
    return Desk(cycle, department, posting.officer, queries.candidate_of(posting.officer, cycle, on=today()))


def _desk_of(nomination: Nomination) -> Desk:
    found = queries.candidate_of(nomination.officer_id, nomination.cycle, on=today())
    return Desk(nomination.cycle, nomination.department, nomination.officer, found)


def _must_be_writable(nomination: Nomination) -> None:
    _must_write_for(nomination)
    if nomination.shown not in EDITABLE:
        raise WrongState(reason("moved_on", state=nomination.shown))


def _must_write_for(nomination: Nomination) -> None:
    actor = current_actor()
    if nomination.department not in queries.departments_in_reach(actor) or nomination.officer_id == actor.officer_id:
        raise NotAllowed("not_allowed")


def _offered(form: ProposalForm, desk: Desk, own: Nomination | None = None) -> ProposalForm:
    form.offer(_categories(desk), quota=desk.cycle.quota, held=_held(desk, own))
    return form


def _categories(desk: Desk) -> list[Category]:
    return list(desk.cycle.categories.order_by(Category.id))


def _held(desk: Desk, own: Nomination | None = None) -> dict[int, Nomination]:
    """The priorities that other live nominations of the department hold, each with the nomination."""
    ids = [
        one for one in queries.priorities_taken(desk.cycle, desk.department).values() if own is None or one != own.id
    ]
    rows = queries.nominations_for(current_actor()).where(Nomination.id.in_(ids))
    return {one.priority: one for one in rows}


def _first_free(desk: Desk) -> int:
    taken = queries.priorities_taken(desk.cycle, desk.department)
    return next((place for place in range(1, desk.cycle.quota + 1) if place not in taken), 1)


def _reasons_against_start(desk: Desk) -> list[Reason]:
    return [
        *_reasons_to_wait(desk.cycle, desk.department),
        *([reason("self_nomination")] if desk.officer.id == current_actor().officer_id else []),
        *barring(desk.found.reasons if desk.found else ()),
    ]


def _proposal(form: ProposalForm, desk: Desk) -> Proposal:
    category = next(one for one in _categories(desk) if one.id == form.category.data)
    return Proposal(category, form.priority.data, form.citation_hi.data, form.citation_en.data)


def _version(form: ProposalForm) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _form_page(
    desk: Desk,
    form: ProposalForm,
    *,
    nomination: Nomination | None = None,
    stored: Nomination | None = None,
    closed: Iterable[Reason] = (),
) -> str:
    return render_template(
        "nominations/form.html",
        desk=desk,
        form=form,
        nomination=nomination,
        stored=stored,
        is_open=nomination is None or nomination.shown in EDITABLE,
        closed=list(closed),
        record=_record_now(desk),
        limits=desk.criteria.citation,
        counted={name: _measure(form[name].data or "") for name in ("citation_hi", "citation_en")},
        said=said,
    )


def _measure(text: str) -> tuple[int, int]:
    """Characters as a reader counts them, and words."""
    return characters_in(text), len(text.split())


def _record_now(desk: Desk) -> dict[str, object] | None:
    """What the records say today, in the shape in which a submission freezes it."""
    found = desk.found
    if found is None:
        return None
    return {
        "as_on": today().isoformat(),
        "designation": [found.designation_hi, found.designation_en],
        "unit": [found.unit_hi, found.unit_en],
        "record": found.record.as_data(),
        "months": [asdict(month) for month in queries.sealed_months(found.officer_id, desk.cycle)],
    }


# The case


@blueprint.get("/<int:nomination_id>")
@requires(READ)
def show(nomination_id: int) -> str:
    nomination = _nomination(nomination_id)
    return _case_page(nomination, CaseForm(state=nomination.shown))


@blueprint.get("/<int:nomination_id>/<action>")
@requires(CREATE, SELECT, RELEASE)
def ask(nomination_id: int, action: str) -> str:
    """Ask once more before a step that nothing takes back."""
    if action not in FINAL:
        raise NotThere("not_there")
    nomination = _nomination(nomination_id)
    step = _step_of(nomination, action)
    return _confirm_page(nomination, step, CaseForm(state=nomination.shown))


@blueprint.post("/<int:nomination_id>/<action>")
@requires(CREATE, VERIFY, SELECT, RELEASE)
def take_step(nomination_id: int, action: str) -> Response | tuple[str, int]:
    if action not in DONE:
        raise NotThere("not_there")
    nomination, form = _nomination(nomination_id), CaseForm()
    if not any(_covers(step.permission, nomination) for step in NOMINATION.steps if step.action == action):
        raise NotAllowed("not_allowed")
    if form.state.data != nomination.shown:
        raise WrongState(reason("moved_on", state=nomination.shown))
    step = _step_of(nomination, action)
    if not form.validate_on_submit():
        return _again(nomination, step, form)
    try:
        service.act(nomination, action, by=current_actor(), remark=form.remark.data)
    except RuleBroken as error:
        blame(form, error, {"remark_needed": "remark"})
        return _again(nomination, step, form)
    flash(_(DONE[action]), "success")
    return redirect(url_for(".show", nomination_id=nomination_id))


def _again(nomination: Nomination, step: Step, form: CaseForm) -> tuple[str, int]:
    page = _confirm_page(nomination, step, form) if step.action in FINAL else _case_page(nomination, form)
    return page, RuleBroken.status


@blueprint.errorhandler(WrongState)
def _moved_on(error: WrongState) -> tuple[str, int]:
    """Who came too late sees where the case stands now, as far as they may know it, and keeps what they wrote."""
    nomination = _nomination((request.view_args or {})["nomination_id"])
    taken = queries.steps(nomination, current_actor())
    page = render_template(
        "nominations/moved.html",
        nomination=nomination,
        sentence=said(reason("moved_on", state=nomination.shown)),
        last=_timeline(taken[-1:], _names_of(taken)),
        typed=request.form.get("remark", ""),
    )
    return page, error.status


def _nomination(nomination_id: int) -> Nomination:
    return visible_or_404(queries.nominations_for(current_actor()), id=nomination_id)


def _step_of(nomination: Nomination, action: str) -> Step:
    """The step from the state that this actor may know: an answer must not tell more than the page does.

    Raises WrongState if no such step leaves that state, NotAllowed if it is not theirs.
    """
    step = NOMINATION.step(nomination.shown, action)
    if not _covers(step.permission, nomination):
        raise NotAllowed("not_allowed")
    return step


def _covers(permission: Permission, nomination: Nomination) -> bool:
    return covers(
        current_actor(),
        permission,
        officer_id=nomination.officer_id,
        line_path=nomination.line_path,
        territory_path=nomination.territory_path,
    )


def _case_page(nomination: Nomination, form: CaseForm) -> str:
    desk, actor = _desk_of(nomination), current_actor()
    taken = queries.steps(nomination, actor)
    names, standing = _names_of(taken), _standing(desk, nomination)
    return render_template(
        "nominations/show.html",
        nomination=nomination,
        form=form,
        desk=desk,
        road=_road(nomination, taken, names),
        timeline=_timeline(taken, names),
        returned=_return_of(nomination, taken),
        steps=open_steps(NOMINATION, nomination, by=actor),
        final=FINAL,
        frozen=nomination.record,
        record=nomination.record or _record_now(desk),
        standing=standing,
        missing=_missing(desk, nomination, standing),
        integrity=desk.found.record.integrity if desk.found else None,
        may_enter_integrity=_may_enter_integrity(nomination, actor),
        wants_integrity=any(one.code.startswith("integrity_") for one in standing),
        may_edit=_may_edit(nomination, actor),
        measured={name: _measure(getattr(nomination, name)) for name in ("citation_hi", "citation_en")},
        said=said,
    )


def _standing(desk: Desk, nomination: Nomination) -> Sequence[Reason]:
    """What the records say against the nominee today; nothing more once the case has ended."""
    return [] if nomination.state in NOMINATION.ends else service.standing(desk.found, nomination)


def _missing(desk: Desk, nomination: Nomination, standing: Sequence[Reason]) -> list[Reason]:
    """What keeps a draft from being submitted."""
    if nomination.state not in EDITABLE:
        return []
    citations = citation_reasons(nomination.citation_hi, nomination.citation_en, desk.criteria.citation)
    return [*citations, *barring(standing)]


def _may_edit(nomination: Nomination, actor: Actor) -> bool:
    is_mine = nomination.department in queries.departments_in_reach(actor)
    return nomination.state in EDITABLE and is_mine and nomination.officer_id != actor.officer_id


def _confirm_page(nomination: Nomination, step: Step, form: CaseForm) -> str:
    return render_template("nominations/confirm.html", nomination=nomination, step=step, form=form)


def _names_of(taken: Sequence[CaseStep]) -> dict[int | None, str]:
    """Who took the steps, by account, in the reader's script; the name of that day where an account is gone."""
    users = {user.id: user for user in queries.accounts_of(taken)}
    return {step.user_id: _name_of(users.get(step.user_id)) or step.actor for step in taken}


def _name_of(user: User | None) -> str:
    return (local(user, "name") or local(user.officer, "name")) if user else ""


def _return_of(nomination: Nomination, taken: Sequence[CaseStep]) -> CaseStep | None:
    """The step that sent a returned nomination back, with its remark."""
    return taken[-1] if nomination.shown == "returned" and taken[-1].action == "return" else None


def _road(nomination: Nomination, taken: Sequence[CaseStep], names: Mapping[int | None, str]) -> list[dict[str, str]]:
    """The road of the case: done, now, to come; a case that ended early ends there."""
    notes = {step.to_state: f"{day(step.at)} · {names[step.user_id]}" for step in taken}
    state = nomination.shown
    if state in NOMINATION.ends - {"awarded"}:
        reached = taken[-1].from_state if taken and taken[-1].from_state in ROAD else ROAD[0]
        passed = [_milestone(one, "done", notes) for one in ROAD[: ROAD.index(reached) + 1]]
        return [*passed, _milestone(state, "refused", notes)]
    if state in EDITABLE:
        return [_milestone(state, "current", notes), *(_milestone(one, "todo", {}) for one in ROAD[1:])]
    here = ROAD.index(state) + 1
    ahead = [{"label": word(one), "state": "todo", "note": ""} for one in ROAD[here:]]
    if ahead:
        ahead[0] |= {"state": "current", "note": _(WAITS[state])}
    return [*(_milestone(one, "done", notes) for one in ROAD[:here]), *ahead]


def _milestone(name: str, state: str, notes: dict[str, str]) -> dict[str, str]:
    return {"label": word(name), "state": state, "note": notes.get(name, "")}


def _timeline(taken: Sequence[CaseStep], names: Mapping[int | None, str]) -> list[dict[str, str]]:
    return [
        {
            "title": _(TAKEN[step.action][0]),
            "when": moment(step.at),
            "by": names[step.user_id],
            "note": step.remark,
            "tone": TAKEN[step.action][1],
        }
        for step in taken
    ]


# The integrity certificate


@blueprint.get("/<int:nomination_id>/integrity")
@requires(VERIFY, SELECT)
def integrity(nomination_id: int) -> str:
    nomination = _with_integrity(nomination_id)
    return render_template("nominations/integrity.html", nomination=nomination, form=IntegrityForm(given_on=today()))


@blueprint.post("/<int:nomination_id>/integrity")
@requires(VERIFY, SELECT)
def enter_integrity(nomination_id: int) -> Response | tuple[str, int]:
    nomination, form = _with_integrity(nomination_id), IntegrityForm()
    if form.validate_on_submit():
        try:
            _enter(nomination, form)
        except RuleBroken as error:
            blame(form, error, INTEGRITY_FIELDS)
        else:
            flash(_("The integrity certificate was entered."), "success")
            return redirect(url_for(".show", nomination_id=nomination_id))
    return render_template("nominations/integrity.html", nomination=nomination, form=form), RuleBroken.status


def _enter(nomination: Nomination, form: IntegrityForm) -> None:
    service.enter_integrity(
        nomination.officer,
        answer=IntegrityAnswer(form.answer.data),
        reference=form.reference.data,
        given_on=form.given_on.data,
        valid_until=form.valid_until.data,
        by=current_actor(),
    )


def _with_integrity(nomination_id: int) -> Nomination:
    """The case, if this actor may enter the nominee's certificate. Raises NotThere or NotAllowed."""
    nomination = _nomination(nomination_id)
    if not _may_enter_integrity(nomination, current_actor()):
        raise NotAllowed("not_allowed")
    return nomination


def _may_enter_integrity(nomination: Nomination, actor: Actor) -> bool:
    """The nodal officer or GAD, for a living case, neither about themselves nor begun by themselves."""
    if nomination.state in NOMINATION.ends or nomination.officer_id == actor.officer_id:
        return False
    if not (_covers(VERIFY, nomination) or _covers(SELECT, nomination)):
        return False
    return not any(is_hand_of(hand, actor) and power_behind(hand) is CREATE for hand in queries.hands(nomination))
