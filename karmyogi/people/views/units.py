"""The State's structure: a tree to browse, and the pages on which GAD creates, renames, moves and reopens a unit.

Each change is shown before it is made: the first sending of a form answers with
what would change, the second, confirmed, makes it.
"""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import today
from karmyogi.core.permissions import Permission, Tree
from karmyogi.people import queries, service
from karmyogi.people.forms import NewUnitForm, PlaceForm, RenameForm, ReopenForm
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.rules import LINE_ABOVE, MOVABLE
from karmyogi.people.views.address import blueprint
from karmyogi.people.views.changes import (
    Answer,
    Words,
    carry_out,
    change_of,
    confirm_page,
    name,
    named,
    page_of,
    size_of,
    unit_or_404,
)
from karmyogi.people.views.places import places_typed, suggested
from karmyogi.store.db import rehearse
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import day, local, word
from karmyogi.web.lists import DEEPEST_PAGE

READ, WRITE = Permission.UNITS_READ, Permission.UNITS_WRITE


PAGE = 100  # units on a page of a branch


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
        place = places_typed(form, form.kind.data)
        act = lambda: service.create_unit(  # noqa: E731
            UnitKind(form.kind.data), name_hi=form.name_hi.data, name_en=form.name_en.data, **place, by=current_actor()
        )
        if not form.confirmed.data:
            rehearse(act)
            return confirm_page(None, form, _("Create this unit?"), _("Yes, create"), _facts_of_new(form, place))
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
        places=suggested(None),
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
        "people/unit_form.html", form=form, unit=unit, title=_("Rename unit"), places=None, back=page_of(unit)
    )


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
        return service.move_unit(unit, **places_typed(form, unit.kind), seen=form.version.data, by=current_actor())

    def facts() -> list[tuple[str, str]]:
        place, branch = places_typed(form, unit.kind), queries.branch_of(unit, on=today())
        return [
            (_("Stands in the line below"), change_of(name(unit.line_parent), name(place["line_parent"]))),
            (
                _("Stands in the territory of"),
                change_of(name(unit.territory_parent), name(place["territory_parent"])),
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
        places=suggested(unit.kind),
        back=page_of(unit),
    )


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
    return confirm_page(
        unit, form, _("Reopen this unit?"), _("Yes, reopen"), facts, url_for(".reopen_unit", unit_id=unit.id)
    )
