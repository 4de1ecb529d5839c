"""What the pages of all changes of units have in common: shown first, made when confirmed, refused when stale."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.people import queries
from karmyogi.people.forms import UnitStep
from karmyogi.people.models import OrgUnit
from karmyogi.store.db import rehearse
from karmyogi.web.access import visible_or_404
from karmyogi.web.i18n import local, number, word

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class Words:
    """What a page of a change asks, what its button says, and what is said once it is done."""

    question: str
    button: str
    done: str


def carry_out(
    unit: OrgUnit,
    form: UnitStep,
    act: Callable[[], object],
    draw: Callable[[], str],
    words: Words,
    facts: Callable[[], list[tuple[str, str]]],
) -> Answer:
    """Draw the form again, ask for consent, or make the change; a page from before another's change makes none."""
    if not form.validate_on_submit():
        return draw(), RuleBroken.status
    try:
        if not form.confirmed.data:
            rehearse(act)
            return confirm_page(unit, form, words.question, words.button, facts())
        act()
    except RuleBroken as error:
        form.blame(error)
        return draw(), error.status
    except WrongState:
        return changed_page(unit), WrongState.status
    flash(words.done, "success")
    return redirect(page_of(unit))


def confirm_page(
    unit: OrgUnit | None,
    form: UnitStep,
    question: str,
    button: str,
    facts: list[tuple[str, str]],
    action: str = "",
) -> str:
    return render_template(
        "people/unit_confirm.html",
        unit=unit,
        form=form,
        question=question,
        button=button,
        facts=facts,
        action=action,
        back=page_of(unit) if unit else url_for(".new_unit"),
    )


def changed_page(unit: OrgUnit) -> str:
    """Somebody was faster: what the unit says now, and the way to begin again."""
    fresh = visible_or_404(queries.units_with_parents(), id=unit.id)
    return render_template("people/unit_changed.html", unit=fresh)


def unit_or_404(unit_id: int) -> OrgUnit:
    """The unit with the two it stands below."""
    return visible_or_404(queries.units_with_parents(), id=unit_id)


def named(unit: OrgUnit | None) -> str:
    """A unit as it stands in a field: its name and kind, and the number by which it is found again."""
    return f"{name(unit)} · {word(unit.kind)} ({unit.id})" if unit else ""


def name(unit: OrgUnit | None) -> str:
    return local(unit, "name") if unit else "–"


def change_of(before: str, after: str) -> str:
    """What was and what will be, or that it stays."""
    return f"{before or '–'} → {after}" if before != after else _("%(name)s (stays)", name=before)


def size_of(branch: queries.Branch) -> list[tuple[str, str]]:
    """How much stands below, as the confirming page tells it."""
    return [(_("Units below it"), number(branch.units)), (_("Officers posted there today"), number(branch.officers))]


def page_of(unit: OrgUnit) -> str:
    return url_for("home.unit", unit_id=unit.id)
