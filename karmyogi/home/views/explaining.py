"""What explains a month's score: its lines with the files and proofs behind them, as the reader may see them."""

from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries import achievements_for
from karmyogi.completions.queries import NotCredible, found_not_credible, origins_of
from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month
from karmyogi.people.models import Officer
from karmyogi.scores import queries as scores
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.queries import ToldMonth
from karmyogi.scores.rules import BoardScope, chances, reasons_unlisted
from karmyogi.web.access import current_actor
from karmyogi.web.i18n import word


def month_of(text: str) -> Month | None:
    """The month of an address; None if it names none."""
    try:
        return Month.parse(text)
    except ValueError:
        return None


def scored_or_404(text: str) -> ScoreMonth:
    """The month of an address as computed. Raises NotThere if it names none, or one that never was."""
    found = next((m for m in scores.months_scored() if m.month == str(month_of(text))), None)
    if found is None:
        raise NotThere("not_there")
    return found


def explained_month(officer: Officer, scored: ScoreMonth) -> dict[str, object]:
    """An officer's month for a page: where they stand, and why."""
    month = Month.parse(scored.month)
    standing, told = scores.standing_of(officer.id, month), scores.told_month(officer.id, scored)
    return {
        "month": month,
        "scored": scored,
        "standing": standing,
        "corrected": scores.corrected_month(officer.id, month),
        "unlisted": reasons_unlisted(scores.listing_of(officer, told, standing), month),
        "chances": chances(told.lines, told.facts, told.policy, month),
        "scope_words": {scope: word(scope.value) for scope in BoardScope},
        "not_credible": _not_credible(officer.id, month, scored),
        **_explanation(told),
    }


def _not_credible(officer_id: int, month: Month, scored: ScoreMonth) -> list[tuple[NotCredible, bool]]:
    """What of the month was found not credible, each with whether that came too late: after the month was sealed."""
    found = found_not_credible(officer_id, month=month)
    return [(one, bool(scored.sealed_at and one.found_at and one.found_at > scored.sealed_at)) for one in found]


def _explanation(told: ToldMonth) -> dict[str, object]:
    """The lines of a month with what they rest on: imports by number, and the claims that the reader may open."""
    origins = [entry.item.origin for line in told.lines for entry in line.entries]
    claims = {one.achievement_id for one in origins if one.achievement_id is not None}
    seen = achievements_for(current_actor()).where(Achievement.id.in_(claims)) if claims else ()
    return {
        "told": told,
        "sources": origins_of([one.import_id for one in origins], current_actor()),
        "claims": {claim.id for claim in seen},
    }
