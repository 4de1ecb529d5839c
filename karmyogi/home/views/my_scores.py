"""An employee's months, and why a month's score is what it is."""

from flask import render_template, request, url_for

from karmyogi.completions.queries import NotCredible, found_not_credible
from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month
from karmyogi.core.permissions import Permission
from karmyogi.home.views.address import blueprint
from karmyogi.home.views.explaining import explanation
from karmyogi.home.views.me import own_record
from karmyogi.scores import queries as scores
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import BoardScope
from karmyogi.web.access import requires
from karmyogi.web.i18n import word

PAGE = 24


@blueprint.get("/me/scores")
@requires(Permission.ME_READ)
def my_scores() -> str:
    """Every month with a score, the newest first."""
    history = scores.history_of(own_record().id, limit=PAGE + 1, before=_month_of(request.args.get("before", "")))
    older = url_for(".my_scores", before=history[PAGE - 1].month) if len(history) > PAGE else None
    return render_template("home/scores.html", history=history[:PAGE], older=older)


def _month_of(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


@blueprint.get("/me/scores/<month>")
@requires(Permission.ME_READ)
def my_month(month: str) -> str:
    """One month's score with every line explained: what was counted, and why the rest was not."""
    officer = own_record()
    wanted = _month_of(month)
    scored = wanted and next((m for m in scores.months_scored() if m.month == str(wanted)), None)
    if not (wanted and scored):
        raise NotThere("not_there")
    standing = scores.standing_of(officer.id, wanted)
    return render_template(
        "home/month.html",
        month=wanted,
        scored=scored,
        standing=standing,
        not_credible=_not_credible(officer.id, wanted, scored),
        **explanation(scores.told_month(officer.id, scored)),
        leaders=_leaders(standing, wanted),
        disputes=scores.disputes_of(officer.id, limit=PAGE, month=wanted),
        scope_words={scope: word(scope.value) for scope in BoardScope},
    )


def _not_credible(officer_id: int, month: Month, scored: ScoreMonth) -> list[tuple[NotCredible, bool]]:
    """What of the month was found not credible, each with whether that came too late: after the month was sealed."""
    found = found_not_credible(officer_id, month=month)
    return [(one, bool(scored.sealed_at and one.found_at and one.found_at > scored.sealed_at)) for one in found]


def _leaders(standing: scores.OfficerStanding | None, month: Month) -> list[scores.Standing]:
    """Ranks 1 to 3 of the officer's own department, which every one of its officers may see."""
    place = standing and (standing.place_in(BoardScope.DEPARTMENT) or standing.place_in(BoardScope.STATE))
    return scores.leaders(month, place.group) if place else []
