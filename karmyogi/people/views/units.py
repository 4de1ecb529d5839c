"""The State's structure: a tree to browse, and the pages on which GAD creates, renames, moves and reopens a unit.

Each change is shown before it is made: the first sending of a form answers with
what would change, the second, confirmed, makes it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.months import today
from karmyogi.core.permissions import Permission, Tree
from karmyogi.core.reasons import N_, Reason, declare
from karmyogi.people import queries, service
from karmyogi.people.forms import NewUnitForm, PlaceForm, RenameForm, ReopenForm, UnitStep
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.rules import LINE_ABOVE, MOVABLE, TERRITORY_ABOVE
from karmyogi.people.views.address import blueprint
from karmyogi.store.db import rehearse
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import day, local, number, say, word
from karmyogi.web.lists import DEEPEST_PAGE

READ, WRITE = Permission.UNITS_READ, Permission.UNITS_WRITE
PAGE = 100  # units on a page of a branch
NUMBER = re.compile(r"(?:^|\()(\d{1,9})\)?$")

declare(
    unit_unknown_above=N_("No open unit “%(text)s” may stand above. Choose one of the list, or write its number."),
    unit_several_above=N_("Several units are called “%(text)s”. Write the number of the one that is meant."),
)

Answer = Response | str | tuple[str, int]


@blueprint.get("/units")
@requires(READ)
def units() -> str:
    """One branch of the structure: what is above it, and the units right below it with their officers."""
    tree = Tree.TERRITORY if request.args.get("tree") == Tree.TERRITORY.value else Tree.LINE
    opened = _asked_unit("open") or queries.state()
    page = max(1, min(asked_number("page") or 1, DEEPEST_PAGE))
    rows = list(queries.children_of(opened, tree).limit(PAGE + 1).offset((page - 1) * PAGE))
    return render_template(
        "people/units.html",
        tree=tree.value,
        opened=opened,
        above=queries.units_above(opened, tree),
        children=rows[:PAGE],
        officers=queries.officers_below(opened, tree, on=today()),
        tabs=_trees(tree),
        before=_page_url(page - 1) if page > 1 else None,
        after=_page_url(page + 1) if len(rows) > PAGE else None,
    )


def _asked_unit(name: str) -> OrgUnit | None:
    """The unit that the address names; None if it names none. Raises NotThere for one that is not there."""
    return visible_or_404(OrgUnit.select(), id=asked_number(name) or 0) if request.args.get(name) else None


def _trees(chosen: Tree) -> list[dict[str, object]]:
    labels = ((Tree.LINE, _("Departments")), (Tree.TERRITORY, _("Divisions and districts")))
    return [
        {"label": label, "url": url_for(".units", tree=tree.value), "current": tree is chosen} for tree, label in labels
    ]


def _page_url(page: int) -> str:
    kept = {name: request.args[name] for name in ("tree", "open") if request.args.get(name)}
    return url_for(".units", **kept, page=page)


# Creating


@blueprint.get("/units/new")
@requires(WRITE)
def new_unit() -> str:
    return _create_page(_new_form(_asked_unit("below")))


@blueprint.post("/units/new")
@requires(WRITE)
def create_unit() -> Answer:
    form = _with_kinds(NewUnitForm())
    if not form.validate_on_submit():
        return _create_page(form), RuleBroken.status
    try:
        place = _place(form, form.kind.data)
        act = lambda: service.create_unit(  # noqa: E731
            UnitKind(form.kind.data), name_hi=form.name_hi.data, name_en=form.name_en.data, **place, by=current_actor()
        )
        if not form.confirmed.data:
            rehearse(act)
            return _confirm_page(None, form, _("Create this unit?"), _("Yes, create"), _facts_of_new(form, place))
        made = act()
    except RuleBroken as error:
        form.blame(error)
        return _create_page(form), error.status
    flash(_("The unit was created."), "success")
    return redirect(url_for("home.unit", unit_id=made.id))


def _with_kinds(form: NewUnitForm) -> NewUnitForm:
    form.offer(kind for kind in LINE_ABOVE)
    return form


def _new_form(above: OrgUnit | None) -> NewUnitForm:
    """The form with what follows from the unit one came from: below a department, an office in it."""
    form = _with_kinds(NewUnitForm())
    form.kind.data = _kind_below(above)
    root = queries.state()
    if above is None or above.kind == UnitKind.STATE:
        form.line_parent.data = form.territory_parent.data = named(root)
    elif above.kind in (UnitKind.DIVISION, UnitKind.DISTRICT):
        form.territory_parent.data = named(above)
        form.line_parent.data = named(root) if form.kind.data == UnitKind.DISTRICT else ""
    else:
        form.line_parent.data = named(above)
    return form


def _kind_below(above: OrgUnit | None) -> str:
    kinds = {UnitKind.STATE: UnitKind.DEPARTMENT, UnitKind.DIVISION: UnitKind.DISTRICT}
    return kinds.get(UnitKind(above.kind) if above else UnitKind.STATE, UnitKind.OFFICE).value


def _create_page(form: NewUnitForm) -> str:
    return render_template(
        "people/unit_form.html",
        form=form,
        unit=None,
        title=_("New unit"),
        places=_suggested(None),
        back=url_for(".units"),
    )


def _facts_of_new(form: NewUnitForm, place: dict[str, OrgUnit]) -> list[tuple[str, str]]:
    return [
        (_("Kind"), word(form.kind.data)),
        (_("Name in Hindi"), form.name_hi.data),
        (_("Name in English"), form.name_en.data),
        (_("Stands in the line below"), local(place["line_parent"], "name")),
        (_("Stands in the territory of"), local(place["territory_parent"], "name")),
    ]


# Renaming


@blueprint.get("/units/<int:unit_id>/rename")
@requires(WRITE)
def ask_to_rename(unit_id: int) -> str:
    unit = unit_or_404(unit_id)
    return _rename_page(unit, RenameForm(name_hi=unit.name_hi, name_en=unit.name_en, version=queries.version_of(unit)))


@blueprint.post("/units/<int:unit_id>/rename")
@requires(WRITE)
def rename_unit(unit_id: int) -> Answer:
    unit, form = unit_or_404(unit_id), RenameForm()
    facts = [
        (_("Name in Hindi"), change_of(unit.name_hi, form.name_hi.data)),
        (_("Name in English"), change_of(unit.name_en, form.name_en.data)),
        (_("Called so since"), day(form.since.data) if form.since.data else _("a correction of the spelling")),
    ]

    def act() -> OrgUnit:
        return service.rename_unit(
            unit,
            name_hi=form.name_hi.data,
            name_en=form.name_en.data,
            since=form.since.data,
            seen=form.version.data,
            by=current_actor(),
        )

    words = Words(_("Rename this unit?"), _("Yes, rename"), _("The unit was renamed."))
    return carry_out(unit, form, act, lambda: _rename_page(unit, form), words, lambda: facts)


def _rename_page(unit: OrgUnit, form: RenameForm) -> str:
    return render_template(
        "people/unit_form.html", form=form, unit=unit, title=_("Rename unit"), places=None, back=_page_of(unit)
    )


# Moving


@blueprint.get("/units/<int:unit_id>/move")
@requires(WRITE)
def ask_to_move(unit_id: int) -> str:
    unit = unit_or_404(unit_id)
    form = PlaceForm(
        line_parent=named(unit.line_parent),
        territory_parent=named(unit.territory_parent),
        version=queries.version_of(unit),
    )
    return _move_page(unit, form)


@blueprint.post("/units/<int:unit_id>/move")
@requires(WRITE)
def move_unit(unit_id: int) -> Answer:
    unit, form = unit_or_404(unit_id), PlaceForm()

    def act() -> OrgUnit:
        return service.move_unit(unit, **_place(form, unit.kind), seen=form.version.data, by=current_actor())

    def facts() -> list[tuple[str, str]]:
        place, branch = _place(form, unit.kind), queries.branch_of(unit, on=today())
        return [
            (_("Stands in the line below"), change_of(_name(unit.line_parent), _name(place["line_parent"]))),
            (
                _("Stands in the territory of"),
                change_of(_name(unit.territory_parent), _name(place["territory_parent"])),
            ),
            *size_of(branch),
        ]

    words = Words(_("Move this unit?"), _("Yes, move"), _("The unit was moved, with all that stands below it."))
    return carry_out(unit, form, act, lambda: _move_page(unit, form), words, facts)


def _move_page(unit: OrgUnit, form: PlaceForm) -> str:
    if unit.kind not in MOVABLE:
        raise RuleBroken("unit_is_root" if unit.kind == UnitKind.STATE else "unit_stands_fast")
    return render_template(
        "people/unit_form.html",
        form=form,
        unit=unit,
        title=_("Move unit"),
        places=_suggested(unit.kind),
        back=_page_of(unit),
    )


# Reopening


@blueprint.get("/units/<int:unit_id>/reopen")
@requires(WRITE)
def ask_to_reopen(unit_id: int) -> str:
    unit = unit_or_404(unit_id)
    return _confirm_reopening(unit, ReopenForm(version=queries.version_of(unit)))


@blueprint.post("/units/<int:unit_id>/reopen")
@requires(WRITE)
def reopen_unit(unit_id: int) -> Answer:
    unit, form = unit_or_404(unit_id), ReopenForm()
    form.confirmed.data = "yes"  # the only page there is asks already

    def act() -> OrgUnit:
        return service.reopen_unit(unit, seen=form.version.data, by=current_actor())

    words = Words("", "", _("The unit is open again."))
    return carry_out(unit, form, act, lambda: _confirm_reopening(unit, form), words, list)


def _confirm_reopening(unit: OrgUnit, form: ReopenForm) -> str:
    facts = [(_("Closed on"), day(unit.closed_on))]
    return _confirm_page(
        unit, form, _("Reopen this unit?"), _("Yes, reopen"), facts, url_for(".reopen_unit", unit_id=unit.id)
    )


# What the pages of all changes have in common, the closing of `home` too


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
            return _confirm_page(unit, form, words.question, words.button, facts())
        act()
    except RuleBroken as error:
        form.blame(error)
        return draw(), error.status
    except WrongState:
        return changed_page(unit), WrongState.status
    flash(words.done, "success")
    return redirect(_page_of(unit))


def _confirm_page(
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
        back=_page_of(unit) if unit else url_for(".new_unit"),
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
    return f"{_name(unit)} · {word(unit.kind)} ({unit.id})" if unit else ""


def _name(unit: OrgUnit | None) -> str:
    return local(unit, "name") if unit else "–"


def change_of(before: str, after: str) -> str:
    """What was and what will be, or that it stays."""
    return f"{before or '–'} → {after}" if before != after else _("%(name)s (stays)", name=before)


def size_of(branch: queries.Branch) -> list[tuple[str, str]]:
    """How much stands below, as the confirming page tells it."""
    return [(_("Units below it"), number(branch.units)), (_("Officers posted there today"), number(branch.officers))]


def _place(form: PlaceForm, kind: str) -> dict[str, OrgUnit]:
    """The two units that were typed. Raises RuleBroken, with the word in its field, for one that is not there."""
    allowed = {"line_parent": LINE_ABOVE.get(kind, ()), "territory_parent": TERRITORY_ABOVE.get(kind, ())}
    found: dict[str, OrgUnit] = {}
    for field, kinds in allowed.items():
        meant = _meant(form[field].data, kinds)
        if len(meant) == 1:
            found[field] = meant[0]
        else:
            code = "unit_several_above" if meant else "unit_unknown_above"
            form[field].errors = [say(Reason(code, {"text": form[field].data}))]
    if len(found) < len(allowed):
        raise RuleBroken()
    return found


def _meant(text: str, kinds: tuple[str, ...]) -> list[OrgUnit]:
    """The open units of these kinds with the number at the end of the text, or else with the text as their name."""
    typed = NUMBER.search(text)
    return queries.units_like(text, kinds, number=int(typed[1]) if typed else None)


def _suggested(kind: str | None) -> dict[str, list[str]]:
    """What the two fields of a place offer: never offices, of which there are thousands."""
    kinds = {"line_parent": LINE_ABOVE, "territory_parent": TERRITORY_ABOVE}
    return {
        field: [named(one) for one in queries.units_to_stand_below(_kinds(allowed, kind))]
        for field, allowed in kinds.items()
    }


def _kinds(allowed: Mapping[str, tuple[str, ...]], kind: str | None) -> list[str]:
    found = allowed[kind] if kind else {one for above in allowed.values() for one in above}
    return sorted(set(found) - {UnitKind.OFFICE.value})


def _page_of(unit: OrgUnit) -> str:
    return url_for("home.unit", unit_id=unit.id)
