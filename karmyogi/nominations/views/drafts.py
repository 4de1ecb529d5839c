"""The draft: what a head writes about an officer, saved by one tab after the other and never lost."""

from collections.abc import Iterable

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken, WrongState
from karmyogi.core.months import today
from karmyogi.core.reasons import Reason, reason
from karmyogi.nominations import queries, service
from karmyogi.nominations.forms import PROPOSAL_FIELDS, ProposalForm, blame, said
from karmyogi.nominations.models import Category, Nomination
from karmyogi.nominations.rules import CREATE, EDITABLE, barring
from karmyogi.nominations.service import Proposal
from karmyogi.nominations.views.address import blueprint, nomination_of
from karmyogi.nominations.views.desk import Desk, desk_of, measure, reasons_to_wait, record_now
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.filters import whole_number
from karmyogi.web.forms import number_in


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
    nomination = nomination_of(nomination_id)
    _must_be_writable(nomination)
    desk = desk_of(nomination)
    form = _offered(ProposalForm(obj=nomination), desk, nomination)
    form.category.data = nomination.category_id
    return _form_page(desk, form, nomination=nomination)


@blueprint.post("/<int:nomination_id>/edit")
@requires(CREATE)
def save(nomination_id: int) -> Response | tuple[str, int]:
    nomination = nomination_of(nomination_id)
    _must_write_for(nomination)
    desk = desk_of(nomination)
    form = _offered(ProposalForm(), desk, nomination)
    if nomination.shown not in EDITABLE:
        return _overtaken(desk, form, nomination)
    if not form.validate_on_submit():
        return _form_page(desk, form, nomination=nomination), 422
    try:
        seen = number_in(form.version.data or "") or 0
        service.edit_draft(nomination, _proposal(form, desk), version=seen, by=current_actor())
    except WrongState:
        return _overtaken(desk, form, nomination_of(nomination_id))
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
    cycle = visible_or_404(queries.cycles(), id=whole_number("cycle") or 0)
    posting = queries.deciding_posting(whole_number("officer") or 0, cycle)
    department = posting and posting.unit.department
    if department is None or department not in queries.departments_in_reach(current_actor()):
        raise NotThere("not_there")
    return Desk(cycle, department, posting.officer, queries.candidate_of(posting.officer, cycle, on=today()))


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
        *reasons_to_wait(desk.cycle, desk.department),
        *([reason("self_nomination")] if desk.officer.id == current_actor().officer_id else []),
        *barring(desk.found.reasons if desk.found else ()),
    ]


def _proposal(form: ProposalForm, desk: Desk) -> Proposal:
    category = next(one for one in _categories(desk) if one.id == form.category.data)
    return Proposal(category, form.priority.data, form.citation_hi.data, form.citation_en.data)


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
        record=record_now(desk),
        limits=desk.criteria.citation,
        counted={name: measure(form[name].data or "") for name in ("citation_hi", "citation_en")},
        said=said,
    )
