"""An officer created from a row of the match queue, for rows of somebody whom the State does not know yet."""

import peewee
from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import Permission
from karmyogi.people.models import Designation, OrgUnit, UnitKind
from karmyogi.people.queries import units_called, units_like, units_with_parents
from karmyogi.reports import queries, service
from karmyogi.reports.forms import NewcomerForm
from karmyogi.reports.models import QueuedPerson
from karmyogi.reports.views.address import blueprint
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import number_in
from karmyogi.web.i18n import local, say
from karmyogi.web.installed import files

OFFERED = 15  # offices to choose from
FIELD_OF = {"code_taken": "employee_code", "unit_unknown": "unit", "unit_closed": "unit", "name_blank": "name_en"}


@blueprint.get("/queue/<int:person_id>/create")
@requires(Permission.REPORTS_IMPORT)
def ask_to_create(person_id: int) -> str:
    """The form, filled with what the row says."""
    person = _person(person_id)
    form = NewcomerForm(
        employee_code=person.employee_id,
        name_en=person.name,
        designation=person.designation,
        unit=person.organisation,
        email=person.email,
        mobile=person.phone,
    )
    return _page(person, form, _offices(person.organisation or person.department))


@blueprint.post("/queue/<int:person_id>/create")
@requires(Permission.REPORTS_IMPORT)
def create(person_id: int) -> Response | tuple[str, int]:
    person, form = _person(person_id), NewcomerForm()
    if not form.validate_on_submit():
        return _page(person, form, _offices(form.unit.data)), RuleBroken.status
    unit = _office(form.unit.data)
    if unit is None:
        form.unit.errors = [_("No single open office is called so. Choose one of those offered by its number.")]
        return _page(person, form, _offices(form.unit.data)), RuleBroken.status
    try:
        answer = service.create(person, _newcomer(form, unit), files(), by=current_actor())
    except RuleBroken as error:
        _blame(form, error)
        return _page(person, form, []), error.status
    flash(_("The officer was created, and the rows were brought in."), "success")
    return redirect(url_for(".answer", answer_id=answer.id))


def _person(person_id: int) -> QueuedPerson:
    """Somebody who waits to be known. Raises NotThere outside reach."""
    people = queries.queue_for(current_actor())
    return visible_or_404(people.where((QueuedPerson.id == person_id) & (QueuedPerson.question == "who")))


def _newcomer(form: NewcomerForm, unit: OrgUnit) -> service.Newcomer:
    told = {name: form[name].data for name in form.data if name not in {"unit", "csrf_token"}}
    return service.Newcomer(unit=unit, **told)


def _office(text: str) -> OrgUnit | None:
    found = [unit for unit in units_like(text, [UnitKind.OFFICE.value], number=_number(text)) if _is_in_reach(unit)]
    return found[0] if len(found) == 1 else None


def _is_in_reach(unit: OrgUnit) -> bool:
    return OrgUnit.select().where((OrgUnit.id == unit.id) & _in_reach()).exists()


def _in_reach() -> peewee.Expression:
    """The condition that officers may be created in a unit: it lies within those for which files are brought."""
    return queries.for_units_of(current_actor(), Permission.REPORTS_IMPORT, OrgUnit.id)


def _number(text: str) -> int | None:
    """The number that an offered office begins with, as `212 · District Hospital`."""
    first = text.split("·", maxsplit=1)[0].strip()
    return number_in(first)


def _offices(text: str) -> list[str]:
    """Open offices called like that, each with its number and the two units it stands below."""
    if not text.strip() or _number(text):
        return []
    units = units_with_parents().where(
        OrgUnit.id.in_(units_called(text.strip())) & (OrgUnit.kind == UnitKind.OFFICE) & OrgUnit.closed_on.is_null(),
        _in_reach(),
    )
    return [_told(unit) for unit in units.order_by(OrgUnit.name_en, OrgUnit.id).limit(OFFERED)]


def _told(unit: OrgUnit) -> str:
    above = [local(one, "name") for one in (unit.line_parent, unit.territory_parent) if one]
    return f"{unit.id} · {', '.join([local(unit, 'name'), *above])}"


def _blame(form: NewcomerForm, error: RuleBroken) -> None:
    for one in error.reasons:
        field = FIELD_OF.get(one.code, "")
        (form[field].errors if field else form.form_errors).append(say(one))


def _page(person: QueuedPerson, form: NewcomerForm, offices: list[str]) -> str:
    designations = Designation.select(Designation.name_en).order_by(Designation.name_en).limit(500)
    return render_template(
        "reports/queue-create.html",
        person=person,
        form=form,
        offices=offices,
        designations=[name for (name,) in designations.tuples()],
    )
