"""Issuing an order: whom it awards, how it would read, and the act itself."""

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.awards import queries, service
from karmyogi.awards.forms import OrderForm
from karmyogi.awards.rules import (
    Named,
    Wording,
    award_with_category,
    financial_year_of,
    list_reasons,
    masked,
    names_missing,
    order_number,
    order_reasons,
    release_reasons,
)
from karmyogi.awards.views.address import ISSUE, blueprint, cycle_asked_for, issuer
from karmyogi.awards.views.lists import released
from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import today
from karmyogi.core.reasons import Reason
from karmyogi.nominations import queries as nominations
from karmyogi.nominations.forms import said
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import Candidate
from karmyogi.nominations.service import day_of, reasons_against_award, standing
from karmyogi.people.models import Officer
from karmyogi.people.queries import open_corrections_of
from karmyogi.web.access import current_actor, requires
from karmyogi.web.installed import files

SLOW_ABOVE = 40  # awards of one order: drawing more of them keeps the reader waiting for long


@dataclass(frozen=True)
class Row:
    """A line of the table that an order would have, and what keeps it back."""

    place: int
    nomination: Nomination
    found: Candidate | None
    reasons: list[Reason]

    @property
    def words(self) -> Named | None:
        return _named(self.nomination, self.found) if self.found else None

    @property
    def code(self) -> str:
        return masked(self.nomination.officer.employee_code)

    @property
    def award(self) -> tuple[str, str]:
        scheme, category = self.nomination.cycle.scheme, self.nomination.category
        return (
            award_with_category(scheme.award_hi, category.name_hi),
            award_with_category(scheme.award_en, category.name_en),
        )


@blueprint.get("/orders/new")
@requires(ISSUE)
def new_order() -> str:
    cycle = cycle_asked_for()
    awaiting = _awaiting(cycle)
    form = OrderForm(nominations=[one.id for one in awaiting], ordered_on=today())
    if earlier := queries.orders().first():
        form.take_over(earlier)
    return _order_form(cycle, form)


@blueprint.post("/orders/new")
@requires(ISSUE)
def change_order() -> str:
    """Back from the preview, with all that was typed."""
    return _order_form(cycle_asked_for(), OrderForm())


@blueprint.post("/orders/preview")
@requires(ISSUE)
def preview_order() -> str | tuple[str, int]:
    cycle, form = cycle_asked_for(), OrderForm()
    if not form.validate_on_submit():
        return _order_form(cycle, form), RuleBroken.status
    return _preview(cycle, form)


@blueprint.post("/orders")
@requires(ISSUE)
def issue_order() -> Response | tuple[str, int]:
    cycle, form = cycle_asked_for(), OrderForm()
    if not form.validate_on_submit():
        return _order_form(cycle, form), RuleBroken.status
    try:
        issued = service.issue_order(
            cycle,
            _chosen(cycle, form),
            ordered_on=form.ordered_on.data,
            wording=form.wording(cycle),
            issuer=issuer(),
            files=files(),
            by=current_actor(),
        )
    except RuleBroken as error:
        return _preview(cycle, form, also=error.reasons), error.status
    flash(_("The order was issued, with a certificate for each award."), "success")
    return redirect(url_for(".order", order_id=issued.id))


def _awaiting(cycle: Cycle) -> list[Nomination]:
    return [one for one in released() if one.cycle_id == cycle.id]


def _chosen(cycle: Cycle, form: OrderForm) -> list[Nomination]:
    """The nominations that were ticked, released or not any longer: the verb says what became of them."""
    rows = nominations.nominations_for(current_actor()).where(Nomination.id.in_(form.nominations.data))
    found = [one for one in rows if one.cycle_id == cycle.id]
    if len(found) < len(set(form.nominations.data)):
        raise NotThere("not_there")
    return found


def _order_form(cycle: Cycle, form: OrderForm) -> str:
    awaiting = _awaiting(cycle)
    form.offer(awaiting)
    return render_template("awards/order_form.html", cycle=cycle, form=form, awaiting=awaiting)


def _preview(cycle: Cycle, form: OrderForm, *, also: tuple[Reason, ...] = ()) -> str:
    """What would be ordered, line by line, and everything that keeps it back."""
    chosen, wording = _chosen(cycle, form), form.wording(cycle)
    rows = _rows(cycle, chosen, form)
    general = _general_reasons(cycle, chosen, wording, form)
    blocked = bool(general or any(row.reasons for row in rows))
    return render_template(
        "awards/preview.html",
        cycle=cycle,
        form=form,
        wording=wording,
        rows=rows,
        note_sheet=_note_sheet(cycle, form),
        reasons=general if blocked else also,
        is_blocked=blocked or bool(also),
        contested=_contested(chosen),
        number=_next_number(form),
        issuer=issuer(),
        is_slow=len(rows) > SLOW_ABOVE,
        said=said,
    )


def _note_sheet(cycle: Cycle, form: OrderForm) -> str:
    """The address of the note-sheet of these cases, under this file."""
    cases = ",".join(map(str, form.nominations.data))
    file_number = {"file": form.file_number.data} if form.file_number.data else {}
    return url_for(".note_sheet", cycle_id=cycle.id, stage="released", cases=cases, **file_number)


def _contested(chosen: list[Nomination]) -> list[Officer]:
    """Awardees who have asked for their names to be corrected and wait for the decision."""
    waiting = open_corrections_of([one.officer_id for one in chosen])
    return [one.officer for one in chosen if one.officer_id in waiting]


def _rows(cycle: Cycle, chosen: list[Nomination], form: OrderForm) -> list[Row]:
    found = nominations.candidates_of([one.officer_id for one in chosen], cycle, on=today())
    ordered = sorted(chosen, key=lambda one: (one.department.name_en, one.priority, one.id))
    return [_row(place, one, found.get(one.officer_id), form) for place, one in enumerate(ordered, 1)]


def _row(place: int, nomination: Nomination, found: Candidate | None, form: OrderForm) -> Row:
    return Row(place, nomination, found, _reasons_against(nomination, found, form))


def _reasons_against(nomination: Nomination, found: Candidate | None, form: OrderForm) -> list[Reason]:
    return [
        *reasons_against_award(nomination, by=current_actor()),
        *release_reasons(day_of(nomination.released_at), ordered_on=form.ordered_on.data),
        *standing(found, nomination),
        *(names_missing(_named(nomination, found)) if found else []),
    ]


def _general_reasons(cycle: Cycle, chosen: list[Nomination], wording: Wording, form: OrderForm) -> list[Reason]:
    ids = [one.id for one in chosen]
    return [
        *list_reasons(ids, [one.cycle_id for one in chosen], cycle.id),
        *order_reasons(wording, ordered_on=form.ordered_on.data, on=today()),
    ]


def _named(nomination: Nomination, found: Candidate) -> Named:
    department = nomination.department
    return Named(
        name_hi=found.name_hi,
        name_en=found.name_en,
        designation_hi=found.designation_hi,
        designation_en=found.designation_en,
        office_hi=found.unit_hi,
        office_en=found.unit_en,
        department_hi=department.name_hi,
        department_en=department.name_en,
    )


def _next_number(form: OrderForm) -> str:
    """The number the order would have if it were issued now."""
    office, year = issuer().office_code, financial_year_of(form.ordered_on.data)
    return order_number(office, year, queries.last_serial(office, year) + 1)
