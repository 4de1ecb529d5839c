"""Two records of one person: find the other, look at both side by side, merge them, and part them again."""

from collections.abc import Mapping
from datetime import date

import peewee
from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import today
from karmyogi.core.permissions import Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.home import service
from karmyogi.home.forms import MergeForm, WhyForm
from karmyogi.home.queries.merging import Beside, merging_of, shared_by, side_by_side, side_of
from karmyogi.home.views.address import blueprint
from karmyogi.people.models import Designation, Officer
from karmyogi.people.queries import officers_for, officers_found
from karmyogi.people.rules import facts_differ, merging_reasons
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import clean
from karmyogi.web.i18n import day, number, word
from karmyogi.web.trails import revealed_one

MERGE = Permission.OFFICERS_MERGE
LONGEST_SEARCH = 100
FIELDS: Mapping[str, str] = {
    "told_name": N_("Name"),
    "told_designation": N_("Designation"),
    "posting": N_("Office today"),
    "gender": N_("Gender"),
    "birth_on": N_("Date of birth"),
    "joined_on": N_("Joined on"),
    "retires_on": N_("Retires on"),
    "told_email": N_("E-mail"),
    "told_phone": N_("Telephone"),
    "key_igot_id": N_("Known in files by iGOT id"),
    "key_email": N_("Known in files by e-mail"),
    "key_phone": N_("Known in files by phone"),
    "key_employee_id": N_("Known in files by employee code"),
    "key_external": N_("Known in files by code in another system"),
    "completion": N_("Finished courses"),
    "achievement": N_("Achievements"),
    "nomination": N_("Nominations"),
    "award": N_("Awards"),
    "account": N_("Account"),
}


@blueprint.get("/officers/<int:officer_id>/merge")
@requires(MERGE)
def ask_for_twin(officer_id: int) -> str:
    """Find the other record of this person: by the same name to begin with, or by what is typed."""
    officer = _officer(officer_id)
    text = clean(request.args.get("q", officer.name_en or officer.name_hi)[:LONGEST_SEARCH])
    found = officers_found(text, current_actor(), on=today()).officers
    return render_template(
        "home/merge_find.html", officer=officer, text=text, found=[one for one in found if one.id != officer.id]
    )


@blueprint.get("/officers/<int:officer_id>/merge/<int:other_id>")
@requires(MERGE)
def compare_officers(officer_id: int, other_id: int) -> str:
    return _compared(_officer(officer_id), _officer(other_id), MergeForm())


@blueprint.post("/officers/<int:officer_id>/merge/<int:other_id>")
@requires(MERGE)
def merge_officers(officer_id: int, other_id: int) -> Response | tuple[str, int]:
    one, other, form = _officer(officer_id), _officer(other_id), MergeForm()
    form.offer(one, other)
    if not form.validate_on_submit():
        return _compared(one, other, form), RuleBroken.status
    goes, stands = form.chosen(one, other)
    try:
        service.merge_officers(goes, stands, why=form.why.data, is_checked=form.is_checked.data, by=current_actor())
    except RuleBroken as error:
        form.blame(error)
        return _compared(one, other, form), error.status
    flash(_("Both records are one person now."), "success")
    return redirect(url_for(".officer", officer_id=stands.id))


def _compared(one: Officer, other: Officer, form: MergeForm) -> str:
    """Both records, what agrees, and what stands in the way of each choice, before anything is done."""
    form.offer(one, other)
    actor, sides = current_actor(), (side_of(one), side_of(other))
    shared = shared_by(one, other)
    barred = {
        stands.id: merging_reasons(goes, stands, shared, why=" ", is_checked=True)
        for goes, stands in (sides, sides[::-1])
    }
    may_stand = [each for each in (one, other) if not barred[each.id]]
    if may_stand:
        form.mark(may_stand[0])
    lines = side_by_side(
        one,
        other,
        on=today(),
        with_contact=scope_of(actor, Permission.OFFICERS_CONTACT).everything,
        with_birth=scope_of(actor, Permission.OFFICERS_BIRTH).everything,
    )
    return render_template(
        "home/merge.html",
        one=one,
        other=other,
        form=form,
        lines=[_line(each) for each in lines],
        barred=[(each, barred[each.id]) for each in (one, other) if barred[each.id]],
        can_merge=bool(may_stand),
        differ=facts_differ(*sides),
    )


def _line(each: Beside) -> dict[str, object]:
    return {
        "label": _(FIELDS[each.field]),
        "one": _said(each.field, each.one),
        "other": _said(each.field, each.other),
        "likeness": each.likeness,
    }


def _said(field: str, value: str | date | int | None) -> str:
    if isinstance(value, date):
        return day(value)
    if field == "gender" and isinstance(value, str) and value:
        return word(value)
    return number(value) if isinstance(value, int) else value or "–"


@blueprint.get("/officers/<int:officer_id>/part")
@requires(MERGE)
def ask_to_part(officer_id: int) -> str:
    return _part_page(_officer(officer_id), WhyForm())


@blueprint.post("/officers/<int:officer_id>/part")
@requires(MERGE)
def part_officers(officer_id: int) -> Response | tuple[str, int]:
    officer, form = _officer(officer_id), WhyForm()
    if not form.validate_on_submit():
        return _part_page(officer, form), RuleBroken.status
    try:
        service.part_officers(officer, why=form.why.data, by=current_actor())
    except RuleBroken as error:
        form.blame(error)
        return _part_page(officer, form), error.status
    flash(_("The records are two people again."), "success")
    return redirect(url_for(".officer", officer_id=officer.id))


def _part_page(officer: Officer, form: WhyForm) -> str:
    return render_template(
        "home/part.html", officer=officer, form=form, stands=officer.merged_into, act=revealed_one(merging_of(officer))
    )


def _officer(officer_id: int) -> Officer:
    rows = officers_for(current_actor(), MERGE, on=today()).select(Officer, Designation)
    return visible_or_404(rows.join(Designation, peewee.JOIN.LEFT_OUTER), id=officer_id)
