"""One claim: what the officer says beside what the reports say, its road, and the reviewer's decision."""

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.achievements import queries, service
from karmyogi.achievements.forms import DecisionForm
from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries import READ, Place
from karmyogi.achievements.rules import ACHIEVEMENT, REVIEW, told_to_claimant
from karmyogi.achievements.views.address import achievement_of, asked, blueprint
from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import today
from karmyogi.core.permissions import can
from karmyogi.people.queries import posting_of
from karmyogi.store.transitions import open_steps, reasons_barring, steps_taken
from karmyogi.web.access import current_actor, requires
from karmyogi.web.i18n import say

RETURN_FAULTS = {"return_reason_needed": "reasons"}  # what is not about the remark


@blueprint.get("/<int:achievement_id>")
@requires(READ)
def show(achievement_id: int) -> str:
    return _show_page(achievement_of(achievement_id), DecisionForm())


@blueprint.post("/<int:achievement_id>/verify")
@requires(REVIEW)
def verify(achievement_id: int) -> Response | tuple[str, int]:
    def decide(achievement: Achievement, form: DecisionForm) -> None:
        service.verify(achievement, by=current_actor(), remark=form.remark.data)

    return _decide(achievement_id, decide, _("The achievement was verified."))


@blueprint.post("/<int:achievement_id>/return")
@requires(REVIEW)
def send_back(achievement_id: int) -> Response | tuple[str, int]:
    def decide(achievement: Achievement, form: DecisionForm) -> None:
        service.send_back(achievement, by=current_actor(), reasons=form.reasons.data or (), remark=form.remark.data)

    return _decide(achievement_id, decide, _("The achievement was returned; the officer sees why."))


@blueprint.get("/<int:achievement_id>/<any(verify, return):action>")
@requires(READ)
def show_again(achievement_id: int, action: str) -> Response:
    """Where a refused decision is loaded again, or in the other language."""
    return redirect(url_for(".show", achievement_id=achievement_id))


def _decide(
    achievement_id: int, decide: Callable[[Achievement, DecisionForm], None], said: str
) -> Response | tuple[str, int]:
    achievement, form = achievement_of(achievement_id), DecisionForm()
    if not form.validate_on_submit():
        return _show_page(achievement, form), 422
    place = _place(achievement)
    try:
        decide(achievement, form)
    except RuleBroken as error:
        for one in error.reasons:
            form[RETURN_FAULTS.get(one.code, "remark")].errors = [say(one)]
        return _show_page(achievement, form), error.status
    flash(said, "success")
    return redirect(_next_after(place))


def _next_after(place: Place | None) -> str:
    """The next claim of the queue, from the top again after the last one; the queue itself when none is left."""
    first = None if place and place.next_id else queries.review_queue(current_actor(), asked().narrowed).first()
    following = place.next_id if place and place.next_id else first and first.id
    if following is None:
        return url_for(".review", **asked().kept)
    return url_for(".show", achievement_id=following, **asked().kept)


def _place(achievement: Achievement) -> Place | None:
    """Where the claim stands in the queue as this reviewer has narrowed it."""
    if not can(current_actor(), REVIEW) or achievement.state != "submitted":
        return None
    return queries.place_of(queries.review_queue(current_actor(), asked().narrowed), achievement)


def _show_page(achievement: Achievement, form: DecisionForm) -> str:
    found = queries.verdict_on(achievement)
    is_own = achievement.officer_id == current_actor().officer_id
    images = queries.images_of(achievement)
    originals = queries.originals_for(current_actor())
    returns = queries.returns_of([achievement]).get(achievement.id, [])
    return render_template(
        "achievements/show.html",
        achievement=achievement,
        form=form,
        is_own=is_own,
        posting=posting_of(achievement.officer_id, on=today()),
        images=images,
        pages=queries.pages_of(images[0]) if images else 1,
        may_take_original=bool(images) and originals.filter(id=images[0].id).exists(),
        completion=queries.completion_of(achievement),
        reasons=told_to_claimant(found.reasons) if is_own else found.reasons,
        is_match=found.is_match,
        steps=steps_taken(ACHIEVEMENT, achievement),
        returned_for={one.step.id: one.reasons for one in returns},
        returned=returns[-1] if returns and achievement.state == "returned" else None,
        actions={step.action for step in open_steps(ACHIEVEMENT, achievement, by=current_actor())},
        barred=reasons_barring(ACHIEVEMENT, achievement, {"verify"}, by=current_actor()),
        place=_place(achievement),
        asked=asked().kept,
    )
