"""What explains a month's score: its lines with the files and proofs behind them, as the reader may see them."""

from collections.abc import Iterable

from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries import achievements_for
from karmyogi.reports.queries import imports_for
from karmyogi.scores.queries import ToldMonth
from karmyogi.store.imports import Import, sources_of
from karmyogi.web.access import current_actor


def origins_of(numbers: Iterable[int | None]) -> dict[int, Import]:
    """The imports with these numbers; `is_readable` tells whether the reader may open one."""
    found = sources_of(numbers)
    seen = imports_for(current_actor()).select(Import.id).where(Import.id.in_(list(found))) if found else ()
    readable = {origin.id for origin in seen}
    for origin in found.values():
        origin.is_readable = origin.id in readable
    return found


def explanation(told: ToldMonth) -> dict[str, object]:
    """The lines of a month with what they rest on: imports by number, and the claims that the reader may open."""
    origins = [entry.item.origin for line in told.lines for entry in line.entries]
    claims = {one.achievement_id for one in origins if one.achievement_id is not None}
    seen = achievements_for(current_actor()).where(Achievement.id.in_(claims)) if claims else ()
    return {
        "told": told,
        "sources": origins_of(one.import_id for one in origins),
        "claims": {claim.id for claim in seen},
    }
