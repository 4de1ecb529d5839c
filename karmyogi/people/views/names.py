"""Correction of one's own name: asked for by the officer, decided by the nodal officer or GAD."""

from collections.abc import Callable

import peewee
from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import today
from karmyogi.core.permissions import Permission
from karmyogi.people import queries, service
from karmyogi.people.forms import DecisionForm, NameForm
from karmyogi.people.models import NameCorrection, Officer
from karmyogi.people.rules import NAME_CORRECTION, READ, REQUEST, REVIEW, Names, differences
from karmyogi.people.views.address import blueprint
from karmyogi.store.transitions import open_steps, reasons_barring, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.cases import timeline

QUEUE = 50  # requests on the page; the others move up as these are decided


@blueprint.get("/me/name")
@requires(REQUEST)
def my_name() -> str:
    """One's own names, the request that waits if there is one, and the form to make one."""
    officer = myself()
    return _my_page(officer, NameForm(name_hi=officer.name_hi, name_en=officer.name_en))


@blueprint.post("/me/name")
@requires(REQUEST)
def ask_for_name() -> Response | tuple[str, int]:
    officer, form = myself(), NameForm()
    if not form.validate_on_submit():
        return _my_page(officer, form), RuleBroken.status
    try:
        service.request_name(
            officer, form.names, why=form.reason.data, reference=form.reference.data, by=current_actor()
        )
    except RuleBroken as error:
        form.blame(error, Names(officer.name_hi, officer.name_en))
        return _my_page(officer, form), error.status
    flash(_("The request was sent. Until it is decided, your name stays as it is."), "success")
    return redirect(url_for(".my_name"))


@blueprint.get("/names")
@requires(REVIEW)
def queue() -> str:
    """Requests that wait for this reviewer, the longest waiting first, old and new name side by side."""
    waiting = queries.corrections_to_review(current_actor())
    return render_template(
        "people/names.html",
        cases=[_compared(one) for one in waiting.limit(QUEUE)],
        count=waiting.count(),
    )


@blueprint.get("/names/<int:correction_id>")
@requires(READ)
def name(correction_id: int) -> str:
    return _case_page(_correction(correction_id), DecisionForm())


@blueprint.post("/names/<int:correction_id>/approve")
@requires(REVIEW)
def approve_name(correction_id: int) -> Response | tuple[str, int]:
    return _decide(correction_id, service.approve_name, _("The name was corrected."))


@blueprint.post("/names/<int:correction_id>/refuse")
@requires(REVIEW)
def refuse_name(correction_id: int) -> Response | tuple[str, int]:
    return _decide(correction_id, service.refuse_name, _("The request was refused; the officer reads your remark."))


@blueprint.get("/names/<int:correction_id>/<any(approve, refuse):action>")
@requires(READ)
def name_again(correction_id: int, action: str) -> Response:
    """Where a refused decision is loaded again, or in the other language."""
    return redirect(url_for(".name", correction_id=correction_id))


@blueprint.post("/names/<int:correction_id>/withdraw")
@requires(REQUEST)
def withdraw_name(correction_id: int) -> Response:
    service.withdraw_name(_correction(correction_id), by=current_actor())
    flash(_("The request was withdrawn; your name stays as it is."), "success")
    return redirect(url_for(".my_name"))


@blueprint.post("/names/<int:correction_id>/release")
@requires(Permission.OFFICERS_WRITE)
def release_name(correction_id: int) -> Response:
    service.release_name(_correction(correction_id), by=current_actor())
    flash(_("The next roster decides again how this officer's name is written."), "success")
    return redirect(url_for(".name", correction_id=correction_id))


def _decide(correction_id: int, verb: Callable[..., NameCorrection], said: str) -> Response | tuple[str, int]:
    case, form = _correction(correction_id), DecisionForm()
    if not form.validate_on_submit():
        return _case_page(case, form), RuleBroken.status
    try:
        verb(case, by=current_actor(), remark=form.remark.data)
    except RuleBroken as error:
        form.blame(list(error.reasons))
        return _case_page(case, form), error.status
    flash(said, "success")
    return redirect(url_for(".queue"))


def _correction(correction_id: int) -> NameCorrection:
    return visible_or_404(queries.corrections_for(current_actor()), id=correction_id)


def myself() -> Officer:
    """The officer behind the account. Raises NotThere if there is none."""
    officer = Officer.get_or_none(Officer.id == (current_actor().officer_id or 0))
    if officer is None:
        raise NotThere("not_there")
    return officer


def _my_page(officer: Officer, form: NameForm) -> str:
    cases = list(_own_cases(officer))
    waiting = next((one for one in cases if one.state == "requested"), None)
    return render_template(
        "people/my_name.html",
        officer=officer,
        form=form,
        waiting=waiting and _compared(waiting),
        ended=[(one, _last_remark(one)) for one in cases[:3] if one is not waiting],
    )


def _own_cases(officer: Officer) -> peewee.ModelSelect:
    return NameCorrection.select().where(NameCorrection.officer == officer).order_by(NameCorrection.id.desc()).limit(4)


def _last_remark(case: NameCorrection) -> str:
    return steps_taken(NAME_CORRECTION, case)[-1].remark if case.state == "refused" else ""


def _case_page(case: NameCorrection, form: DecisionForm) -> str:
    actor = current_actor()
    return render_template(
        "people/name.html",
        case=case,
        compared=_compared(case),
        posting=queries.posting_of(case.officer_id, on=today()),
        form=form,
        is_own=case.officer_id == actor.officer_id,
        actions={step.action for step in open_steps(NAME_CORRECTION, case, by=actor)},
        barred=reasons_barring(NAME_CORRECTION, case, {"approve"}, by=actor),
        is_held=case.state == "approved" and case.released_at is None,
        steps=timeline(steps_taken(NAME_CORRECTION, case)),
    )


def _compared(case: NameCorrection) -> dict[str, object]:
    """A request with its old and new names; of the new ones, which pieces differ."""
    return {
        "case": case,
        "names": [
            {"code": "hi", "old": case.old_name_hi, "new": differences(case.old_name_hi, case.name_hi)},
            {"code": "en", "old": case.old_name_en, "new": differences(case.old_name_en, case.name_en)},
        ],
    }
