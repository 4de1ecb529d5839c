"""A unit's own page: where it stands, who answers for it, what it was called; and its closing."""

from collections.abc import Mapping

from flask import render_template, url_for
from flask_babel import gettext as _

from karmyogi.accounts.queries import in_charge_of
from karmyogi.core.months import today
from karmyogi.core.permissions import Permission, Tree, can
from karmyogi.core.reasons import N_
from karmyogi.home import service
from karmyogi.home.queries.structure import acts_on, open_cases_in
from karmyogi.home.views.address import blueprint
from karmyogi.people import queries as people
from karmyogi.people.forms import CloseForm
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.rules import MOVABLE
from karmyogi.people.views.changes import Answer, Words, carry_out, change_of, size_of, unit_or_404
from karmyogi.store.trail import TrailEntry
from karmyogi.web.access import current_actor, requires
from karmyogi.web.i18n import day, moment, number
from karmyogi.web.trails import revealed

READ, WRITE = Permission.UNITS_READ, Permission.UNITS_WRITE
HISTORY = 30  # acts on a unit that its page tells
CASE_PAGES: Mapping[str, tuple[str, str]] = {
    "nomination": ("nominations.show", "nomination_id"),
    "achievement": ("achievements.show", "achievement_id"),
    "name_correction": ("people.name", "correction_id"),
    "dispute": ("scores.dispute", "dispute_id"),
    "score_hold": ("scores.hold", "hold_id"),
}


@blueprint.get("/units/<int:unit_id>")
@requires(READ)
def unit(unit_id: int) -> str:
    """Everything that is known of a unit as a place: names, parents, what is below, who is in charge, its history."""
    found = unit_or_404(unit_id)
    return render_template(
        "home/unit.html",
        unit=found,
        lines=[*people.units_above(found, Tree.LINE), found],
        territories=[*people.units_above(found, Tree.TERRITORY), found],
        branch=people.branch_of(found, on=today()),
        posted=people.officers_in(found, on=today()),
        children=list(people.open_units_right_below(found).limit(50)),
        former=people.former_names(found),
        in_charge=in_charge_of(found, on=today()),
        acts=[_told(act) for act in revealed(acts_on(found, limit=HISTORY))],
        verbs=_verbs(found) if can(current_actor(), WRITE) else [],
    )


ACTS = {
    "org_unit.create": N_("Created"),
    "org_unit.rename": N_("Renamed"),
    "org_unit.correct": N_("Spelling corrected"),
    "org_unit.move": N_("Moved"),
    "org_unit.close": N_("Closed"),
    "org_unit.reopen": N_("Reopened"),
}


def _told(act: TrailEntry) -> dict[str, str]:
    """An act on the unit as the timeline wants it; of names, what was and what came."""
    names = [act.change[f"name_{code}"] for code in ("hi", "en") if isinstance(act.change.get(f"name_{code}"), list)]
    note = " · ".join(change_of(before, after) for before, after in names if before != after)
    return {"title": _(ACTS.get(act.action, N_("Corrected"))), "when": moment(act.at), "by": act.actor, "note": note}


def _verbs(unit: OrgUnit) -> list[tuple[str, str]]:
    """The changes that make sense for a unit, each with its page."""
    if unit.closed_on is not None:
        return [(_("Reopen unit"), url_for("people.ask_to_reopen", unit_id=unit.id))]
    found = [(_("Rename unit"), url_for("people.ask_to_rename", unit_id=unit.id))]
    if unit.kind in MOVABLE:
        found.append((_("Move unit"), url_for("people.ask_to_move", unit_id=unit.id)))
    if unit.kind != UnitKind.STATE:
        found.append((_("Close unit"), url_for(".ask_to_close", unit_id=unit.id)))
    return [*found, (_("New unit below"), url_for("people.new_unit", below=unit.id))]


@blueprint.get("/units/<int:unit_id>/close")
@requires(WRITE)
def ask_to_close(unit_id: int) -> str:
    found = unit_or_404(unit_id)
    return _close_page(found, CloseForm(closed_on=today(), version=people.version_of(found)))


@blueprint.post("/units/<int:unit_id>/close")
@requires(WRITE)
def close_unit(unit_id: int) -> Answer:
    found, form = unit_or_404(unit_id), CloseForm()

    def act() -> OrgUnit:
        return service.close_unit(found, on=form.closed_on.data, seen=form.version.data, by=current_actor())

    def facts() -> list[tuple[str, str]]:
        roles = [held.role for held in in_charge_of(found, on=today())]
        return [
            (_("Last day"), day(form.closed_on.data)),
            *size_of(people.branch_of(found, on=today())),
            (_("Roles that end"), number(len(roles))),
        ]

    words = Words(_("Close this unit?"), _("Yes, close"), _("The unit was closed."))
    return carry_out(found, form, act, lambda: _close_page(found, form), words, facts)


def _close_page(found: OrgUnit, form: CloseForm) -> str:
    """The form, and everything that must be cleared first, with its links."""
    return render_template(
        "home/unit_close.html",
        unit=found,
        form=form,
        children=list(people.open_units_right_below(found).limit(50)),
        postings=list(people.posted_after_with_officers(found, form.closed_on.data or today()).limit(50)),
        cases=[(one, *CASE_PAGES[one.code]) for one in open_cases_in(found)],
    )
