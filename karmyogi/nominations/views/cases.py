"""The case: its page, the steps that are open to the reader, and the integrity certificate."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.completions.queries import FlagCount, flags_beside
from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken, WrongState
from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import N_, Reason, reason
from karmyogi.core.workflow import Step
from karmyogi.nominations import queries, service
from karmyogi.nominations.forms import INTEGRITY_FIELDS, CaseForm, IntegrityForm, blame, said
from karmyogi.nominations.models import Nomination
from karmyogi.nominations.rules import (
    CREATE,
    EDITABLE,
    NOMINATION,
    RELEASE,
    SELECT,
    VERIFY,
    IntegrityAnswer,
    barring,
    citation_reasons,
    is_hand_of,
    power_behind,
)
from karmyogi.nominations.views.address import blueprint, nomination_of, reaches
from karmyogi.nominations.views.desk import Desk, desk_of, measure, record_now
from karmyogi.nominations.views.story import names_of, return_of, road, timeline
from karmyogi.scores.queries import months_left_out
from karmyogi.store.transitions import open_steps
from karmyogi.web.access import current_actor, requires

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


@blueprint.get("/<int:nomination_id>")
@requires(Permission.NOMINATIONS_READ)
def show(nomination_id: int) -> str:
    nomination = nomination_of(nomination_id)
    return _case_page(nomination, CaseForm(state=nomination.shown))


@blueprint.get("/<int:nomination_id>/<action>")
@requires(CREATE, SELECT, RELEASE)
def ask(nomination_id: int, action: str) -> str:
    """Ask once more before a step that nothing takes back."""
    if action not in FINAL:
        raise NotThere("not_there")
    nomination = nomination_of(nomination_id)
    step = _step_of(nomination, action)
    return _confirm_page(nomination, step, CaseForm(state=nomination.shown))


@blueprint.post("/<int:nomination_id>/<action>")
@requires(CREATE, VERIFY, SELECT, RELEASE)
def take_step(nomination_id: int, action: str) -> Response | tuple[str, int]:
    if action not in DONE:
        raise NotThere("not_there")
    nomination, form = nomination_of(nomination_id), CaseForm()
    if not any(reaches(step.permission, nomination) for step in NOMINATION.steps if step.action == action):
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
    nomination = nomination_of((request.view_args or {})["nomination_id"])
    taken = queries.steps(nomination, current_actor())
    page = render_template(
        "nominations/moved.html",
        nomination=nomination,
        sentence=said(reason("moved_on", state=nomination.shown)),
        last=timeline(taken[-1:], names_of(taken)),
        typed=request.form.get("remark", ""),
    )
    return page, error.status


def _step_of(nomination: Nomination, action: str) -> Step:
    """The step from the state that this actor may know: an answer must not tell more than the page does.

    Raises WrongState if no such step leaves that state, NotAllowed if it is not theirs.
    """
    step = NOMINATION.step(nomination.shown, action)
    if not reaches(step.permission, nomination):
        raise NotAllowed("not_allowed")
    return step


def _case_page(nomination: Nomination, form: CaseForm) -> str:
    desk, actor = desk_of(nomination), current_actor()
    taken = queries.steps(nomination, actor)
    names, standing = names_of(taken), _standing(desk, nomination)
    return render_template(
        "nominations/show.html",
        nomination=nomination,
        form=form,
        desk=desk,
        road=road(nomination, taken, names),
        timeline=timeline(taken, names),
        returned=return_of(nomination, taken),
        steps=open_steps(NOMINATION, nomination, by=actor),
        final=FINAL,
        frozen=nomination.record,
        left_out=_left_out(nomination),
        flags=_flags(nomination),
        record=nomination.record or record_now(desk),
        standing=standing,
        missing=_missing(desk, nomination, standing),
        integrity=desk.found.record.integrity if desk.found else None,
        may_enter_integrity=_may_enter_integrity(nomination, actor),
        wants_integrity=any(one.code.startswith("integrity_") for one in standing),
        may_edit=_may_edit(nomination, actor),
        measured={name: measure(getattr(nomination, name)) for name in ("citation_hi", "citation_en")},
        said=said,
    )


def _left_out(nomination: Nomination) -> list[str]:
    """The sealed months that count for nothing here because the score was on hold, for those who may know of holds."""
    cycle = nomination.cycle
    if not can(current_actor(), Permission.HOLDS_READ):
        return []
    return months_left_out(nomination.officer_id, cycle.first_month, cycle.last_month)


def _flags(nomination: Nomination) -> list[FlagCount]:
    """What is flagged of the nominee's completions in the cycle's period, as far as the reader may know of flags."""
    cycle, officer_id = nomination.cycle, nomination.officer_id
    found = flags_beside([officer_id], current_actor(), first=cycle.first_month, last=cycle.last_month)
    return found.get(officer_id, [])


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
    nomination = nomination_of(nomination_id)
    if not _may_enter_integrity(nomination, current_actor()):
        raise NotAllowed("not_allowed")
    return nomination


def _may_enter_integrity(nomination: Nomination, actor: Actor) -> bool:
    """The nodal officer or GAD, for a living case, neither about themselves nor begun by themselves."""
    if nomination.state in NOMINATION.ends or nomination.officer_id == actor.officer_id:
        return False
    if not (reaches(VERIFY, nomination) or reaches(SELECT, nomination)):
        return False
    return not any(is_hand_of(hand, actor) and power_behind(hand) is CREATE for hand in queries.hands(nomination))
