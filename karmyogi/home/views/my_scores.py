"""An employee's months, and why a month's score is what it is."""

from flask import Response, render_template, request, url_for

from karmyogi.core.months import Month
from karmyogi.core.permissions import Permission
from karmyogi.home.views.address import blueprint
from karmyogi.home.views.explaining import explained_month, month_of, scored_or_404
from karmyogi.home.views.me import own_record, place_among
from karmyogi.home.views.month_papers import paper_of
from karmyogi.people.models import Officer
from karmyogi.scores import queries as scores
from karmyogi.scores.rules import BoardScope
from karmyogi.web.access import requires

PAGE = 24
MISSING_SHOWN = 12


@blueprint.get("/me/scores")
@requires(Permission.ME_READ)
def my_scores() -> str:
    """Every month with a score, the newest first, and the quarters and years that have them."""
    officer, before = own_record(), month_of(request.args.get("before", ""))
    history = scores.history_of(officer.id, limit=PAGE + 1, before=before)
    older = url_for(".my_scores", before=history[PAGE - 1].month) if len(history) > PAGE else None
    missing = [] if before else scores.months_without_record(officer.id, limit=MISSING_SHOWN)
    holds = [] if before else scores.holds_told(officer.id)
    return render_template(
        "home/scores.html",
        history=history[:PAGE],
        older=older,
        missing=missing,
        holds=holds,
        corrected=scores.corrected_points(officer.id),
        **({} if before else _periods(officer)),
    )


def _periods(officer: Officer) -> dict[str, object]:
    """Quarters and years, and the place in the newest of each with the ranks beside it."""
    periods = scores.periods_of_officer(officer.id)
    places = [(one.period, place_among(officer, one.period)) for one in scores.newest_of_each(periods)]
    listed = [(when, around, scores.leaders(when, around.place.group)) for when, around in places if around]
    return {"periods": periods, "places": listed}


@blueprint.get("/me/scores/<month>")
@requires(Permission.ME_READ)
def my_month(month: str) -> str:
    """One month's score with every line explained: what was counted, and why the rest was not."""
    officer = own_record()
    scored = scored_or_404(month)
    shown = explained_month(officer, scored)
    wanted, standing = shown["month"], shown["standing"]
    return render_template(
        "home/month.html",
        **shown,
        leaders=_leaders(standing, wanted),
        disputes=scores.disputes_of(officer.id, limit=PAGE, month=wanted),
        holds=scores.holds_told(officer.id, month=wanted),
    )


@blueprint.get("/me/scores/<month>/pdf")
@requires(Permission.ME_READ)
def my_month_pdf(month: str) -> Response:
    """The same as a paper, in the language of the page."""
    officer = own_record()
    return paper_of(officer, explained_month(officer, scored_or_404(month)))


def _leaders(standing: scores.OfficerStanding | None, month: Month) -> list[scores.Standing]:
    """Ranks 1 to 3 of the officer's own department, which every one of its officers may see."""
    place = standing and (standing.place_in(BoardScope.DEPARTMENT) or standing.place_in(BoardScope.STATE))
    return scores.leaders(month, place.group) if place else []
