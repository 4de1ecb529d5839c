"""Names of courses: which mean the same one, as GAD says, and what was said so far."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import Permission
from karmyogi.courses import service
from karmyogi.courses.models import Course, CourseAlias, Verdict
from karmyogi.courses.queries import decisions
from karmyogi.courses.rules import Named
from karmyogi.reports import queries
from karmyogi.reports.views.address import blueprint
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import clean, number_in
from karmyogi.web.i18n import word

NAME = Permission.COURSES_NAME
SHOWN = 50


@blueprint.get("/courses")
@requires(NAME)
def course_names() -> str:
    """Names that may mean one course, to be decided about; and the decisions, to be taken back."""
    verdict = Verdict.DIFFERENT if request.args.get("view") == "different" else Verdict.SAME
    is_open = "view" not in request.args
    return render_template(
        "reports/courses.html",
        suggestions=queries.suggestions() if is_open else [],
        decided=[] if is_open else list(decisions(verdict=verdict).limit(SHOWN)),
        view=request.args.get("view", ""),
        tabs=[
            {"label": _("To decide"), "url": url_for(".course_names"), "current": is_open},
            *(_tab(one, not is_open and one is verdict) for one in Verdict),
        ],
        why=lambda code: word(f"suggested_{code}"),
    )


def _tab(verdict: Verdict, is_current: bool) -> dict[str, object]:
    return {
        "label": word(f"course_{verdict.value}"),
        "url": url_for(".course_names", view=verdict.value),
        "current": is_current,
    }


@blueprint.post("/courses")
@requires(NAME)
def decide_course() -> Response:
    """`course` stands, `other` is a course or `name` a name that plans use; `verdict` says what they are."""
    stands, other = _course(request.form.get("course", "")), _other()
    if request.form.get("verdict") == Verdict.DIFFERENT.value:
        service.tell_apart(stands, other, by=current_actor())
        flash(_("They stay two courses, and are not suggested again."), "success")
    elif request.form.get("verdict") == Verdict.SAME.value:
        service.name_course(stands, other, by=current_actor())
        flash(
            _("From now on both names count as one course. Months not yet sealed follow with the next computation."),
            "success",
        )
    else:
        raise RuleBroken("alias_of_itself")
    return redirect(url_for(".course_names"))


def _other() -> Named:
    name = clean(request.form.get("name", ""))
    if name:
        return Named(None, "", name, "")
    course = _course(request.form.get("other", ""))
    return Named(course.id, course.provider, course.name, course.kind)


def _course(number: str) -> Course:
    return visible_or_404(Course.select().where(Course.id == (number_in(number) or 0)))


@blueprint.post("/courses/<int:alias_id>/undo")
@requires(NAME)
def undo_course(alias_id: int) -> Response:
    service.take_back(visible_or_404(CourseAlias.select().where(CourseAlias.id == alias_id)), by=current_actor())
    flash(_("The decision was taken back."), "success")
    return redirect(url_for(".course_names"))
