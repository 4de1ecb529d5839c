"""The employee's own page: what to do next, the first steps, dues, courses, achievements and awards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import peewee
from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from karmyogi.achievements import queries as achievements
from karmyogi.awards.queries import awards_of
from karmyogi.completions import queries as learning
from karmyogi.completions.models import Enrolment
from karmyogi.completions.rules import Step, StepTaken, may_be_said, was_said
from karmyogi.completions.service import say_downloaded, take_back_downloaded
from karmyogi.core.months import Month, today
from karmyogi.core.periods import When
from karmyogi.core.permissions import Permission
from karmyogi.home.rules import NextStep, Owed, Situation, next_step
from karmyogi.home.views.address import blueprint
from karmyogi.people.models import Designation, Officer
from karmyogi.people.queries import last_correction_of, posting_of
from karmyogi.plans.queries import summary_of
from karmyogi.scores import queries as scores
from karmyogi.scores.rules import BoardScope
from karmyogi.trainings.queries import programme_parts_of
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.filters import whole_number
from karmyogi.web.i18n import month_name, number

COURSES_SHOWN, BEGUN_SHOWN, CLAIMS_SHOWN = 10, 3, 5
MONTHS_SHOWN = 12
PAGE = 50


@dataclass(frozen=True)
class DueRow:
    """A course of the plan, and how many days are left; below zero once it is overdue, None without a due date."""

    due: learning.Due
    days: int | None


@blueprint.get("/me")
@requires(Permission.ME_READ)
def me() -> str:
    """What an officer can do next, and what they have reached; open matters first."""
    officer, on = own_record(), today()
    steps = achievements.first_steps_of(officer.id)
    dues = learning.dues_of(officer.id, on=on)
    done = learning.completions_of(officer.id, limit=COURSES_SHOWN + 1)
    begun = learning.under_way(officer.id, limit=BEGUN_SHOWN)
    claims = achievements.achievements_of(officer.id, limit=CLAIMS_SHOWN + 1)
    return render_template(
        "home/me.html",
        officer=officer,
        posting=posting_of(officer, on=on),
        name_correction=last_correction_of(officer),
        steps=steps,
        may_say=may_be_said(steps, Step.DOWNLOAD),
        was_said=was_said(steps, Step.DOWNLOAD),
        next_step=_next_step(officer, steps, dues, claims, begun, on),
        open_dues=[DueRow(due, _days_left(due, on)) for due in dues if due.completed_on is None],
        met_dues=[due for due in dues if due.completed_on],
        counted=learning.counted(dues),
        summary=summary_of(officer.id),
        done=done[:COURSES_SHOWN],
        has_more_courses=len(done) > COURSES_SHOWN,
        not_credible=learning.found_not_credible(officer.id),
        begun=begun,
        claims=claims[:CLAIMS_SHOWN],
        has_more_claims=len(claims) > CLAIMS_SHOWN,
        awards=awards_of(officer.id),
        holds=[one for one in scores.holds_told(officer.id) if one.state == "held"],
        disputes=scores.disputes_of(officer.id, limit=CLAIMS_SHOWN),
        **_score(officer),
    )


def _next_step(
    officer: Officer,
    steps: tuple[StepTaken, ...],
    dues: list[learning.Due],
    claims: list[achievements.Achievement],
    begun: list[Enrolment],
    on: date,
) -> NextStep:
    unsubmitted = achievements.certificate_to_submit(officer.id)
    situation = Situation(
        steps=steps,
        returned_title=next((claim.title for claim in claims if claim.state == "returned"), ""),
        owed=[Owed(due.course_name, due.due_on) for due in dues if due.completed_on is None],
        unsubmitted_course=unsubmitted.course.name if unsubmitted else "",
        begun_course=begun[0].course.name if begun else "",
    )
    return next_step(situation, on=on)


def _days_left(due: learning.Due, on: date) -> int | None:
    return due.due_on and (due.due_on - on).days


def _score(officer: Officer) -> dict[str, object]:
    """The latest month with its place and neighbours, the months before it for the plot, and the quarter and year."""
    history = scores.history_of(officer.id, limit=MONTHS_SHOWN)
    if not history:
        return {"history": [], "around": None, "leaders": [], "points": [], "periods": []}
    latest = Month.parse(history[0].month)
    around = place_among(officer, latest)
    return {
        "history": history,
        "around": around,
        "leaders": scores.leaders(latest, around.place.group) if around else [],
        "points": points_by_month(history, latest),
        "change": _change(history, latest),
        "periods": scores.newest_of_each(scores.periods_of_officer(officer.id)),
    }


def place_among(officer: Officer, when: When) -> scores.Neighbours | None:
    """An officer's place of a month, quarter or year in the department, else in the State, with the ranks beside it."""
    standing = scores.standing_of(officer.id, when)
    among = (scores.neighbours(standing, scope=one) for one in (BoardScope.DEPARTMENT, BoardScope.STATE))
    return next(filter(None, among), None) if standing else None


def _change(history: list[scores.PastMonth], latest: Month) -> int | None:
    """Points more or fewer than in the month before; None if that has none."""
    before = next((past.points for past in history if past.month == str(latest.previous)), None)
    return None if before is None else history[0].points - before


def points_by_month(
    history: Sequence[scores.PastMonth | scores.SeenMonth], newest: Month, *, officer_id: int | None = None
) -> list[dict[str, object]]:
    """The last twelve months for the plot, oldest first; a month without a score is a gap.

    Each leads to its page: one's own, or with `officer_id` the one that others read of this officer.
    """
    page = partial(url_for, ".month_of_officer", officer_id=officer_id) if officer_id else partial(url_for, ".my_month")
    by_month = {past.month: past.points for past in history}
    months = [newest.plus(-back) for back in range(MONTHS_SHOWN - 1, -1, -1)]
    return [
        {
            "label": f"{month.number:02d}",
            "name": month_name(month),
            "value": by_month.get(str(month)),
            "text": number(by_month.get(str(month))),
            "now": month == newest,
            "url": page(month=month) if str(month) in by_month else "",
        }
        for month in months
    ]


def own_record() -> Officer:
    """The officer who is signed in. Raises NotThere for an account that belongs to none."""
    mine = (
        Officer.select(Officer, Designation)
        .join(Designation, peewee.JOIN.LEFT_OUTER)
        .where(Officer.id == (current_actor().officer_id or 0))
    )
    return visible_or_404(mine)


@blueprint.post("/me/steps/download")
@requires(Permission.ONBOARDING_SAY)
def say_download() -> Response:
    """The officer's own word that the certificate was downloaded."""
    say_downloaded(own_record(), by=current_actor())
    flash(_("Noted. Now submit the certificate as your first achievement."), "success")
    return redirect(url_for(".me", _anchor="steps"))


@blueprint.post("/me/steps/download/take-back")
@requires(Permission.ONBOARDING_SAY)
def take_back_download() -> Response:
    """The officer pressed too soon: the step is open again."""
    take_back_downloaded(own_record(), by=current_actor())
    flash(_("Taken back: the certificate is still to be downloaded."), "success")
    return redirect(url_for(".me", _anchor="steps"))


@blueprint.get("/me/courses")
@requires(Permission.ME_READ)
def my_courses() -> str:
    """Every finished course by month, the newest first, and all that was begun."""
    officer = own_record()
    before = whole_number("before")
    done = learning.completions_of(officer.id, limit=PAGE + 1, before=before)
    older = url_for(".my_courses", before=done[PAGE - 1].id) if len(done) > PAGE else None
    return render_template(
        "home/courses.html",
        done=done[:PAGE],
        older=older,
        not_credible=learning.found_not_credible(officer.id),
        begun=learning.under_way(officer.id, limit=PAGE) if before is None else [],
        **(_further(officer) if before is None else {}),
    )


def _further(officer: Officer) -> dict[str, object]:
    """What iGOT reports besides courses, on the first page only: results, blended programmes, and what was left."""
    return {
        "assessments": learning.assessments_of(officer.id, limit=PAGE),
        "programmes": programme_parts_of(officer.id, limit=PAGE),
        "left": learning.courses_left(officer.id, limit=PAGE),
    }
