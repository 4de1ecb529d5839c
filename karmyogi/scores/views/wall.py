"""The wall screen: what anybody may read, in letters that carry across a room, one page after the other.

Hindi first with English beside, whoever's browser it is. Nothing stands here that the public leaderboard and the
figures of departments and districts do not tell, so that a screen in a corridor needs nobody to sign in.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.reasons import N_
from karmyogi.scores import queries
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import BoardScope
from karmyogi.scores.views.address import blueprint
from karmyogi.scores.views.units import band_name
from karmyogi.web.access import public
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import LOCALES, day, month_name, number
from karmyogi.web.installed import profile

# What the page says by itself, in both languages.
SAYS = {
    "wall": N_("Wall screen"),
    "each": N_("Points for each officer"),
    "ties": N_("Equal points share a rank: 1, 2, 2, 4."),
    "consent": N_("Officers are named with their own agreement only."),
    "nothing": N_("No month has been sealed yet"),
    "nobody": N_("Nothing can be shown of this month yet."),
    "previous": N_("Previous"),
    "next": N_("Next"),
    "stop": N_("Stop turning"),
    "turn": N_("Turn pages"),
    "board": N_("Public leaderboard"),
}
TITLES = {BoardScope.DEPARTMENT: N_("Departments"), BoardScope.DISTRICT: N_("Districts")}
SECONDS = 20  # until the next page; five rows in two languages are read in less
ROWS = 5  # of units
NAMED_ROWS, NAMED_PAGES = 4, 3  # of officers, who have a line below their name; and how many pages of a group


@dataclass(frozen=True)
class Both:
    """A text in both languages; either may be empty."""

    hi: str
    en: str


@dataclass(frozen=True)
class Row:
    """A line of a page: a rank, a name, what is said below it, and a number at its end."""

    rank: int
    is_tied: bool
    name: Both
    detail: tuple[Both, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Slide:
    """A page of the wall: whose it is, what is ranked and among whom. `more` share the last rank and found no room."""

    title: Both
    lead: tuple[Both, ...]
    rows: tuple[Row, ...]
    is_of_units: bool = False
    more: int = 0


@blueprint.get("/leaderboards/wall")
@public
def wall() -> Response:
    """One page of the wall; the browser goes on to the next by itself, unless it is told to stop."""
    chosen = queries.public_month()
    slides = _slides(chosen) if chosen else []
    place, is_stopped = (asked_number("page") or 0) % (len(slides) or 1), "stop" in request.args
    beside = {name: (place + step) % (len(slides) or 1) for name, step in (("previous", -1), ("next", 1))}
    with force_locale(LOCALES["hi"]):
        page = render_template(
            "scores/wall.html",
            lang="hi",
            says={name: both_of(text) for name, text in SAYS.items()},
            slide=slides[place] if slides else None,
            place=place,
            count=len(slides),
            beside=beside,
            is_stopped=is_stopped,
            **(_dated(chosen) if chosen else {}),
        )
    response = make_response(page)
    if not is_stopped:
        response.headers["Refresh"] = f"{SECONDS}; url={url_for('.wall', page=beside['next'])}"
    return response


def _dated(chosen: ScoreMonth) -> dict[str, Both]:
    """The month, and when it was sealed; nothing else on the screen tells a time."""
    sealed = both(lambda: _("Sealed on %(date)s.", date=day(chosen.sealed_at)))
    return {"month": both(lambda: month_name(chosen.month)), "sealed": sealed}


def both(say: Callable[[], str]) -> Both:
    """What is said, once in Hindi and once in English."""
    said = []
    for locale in LOCALES.values():
        with force_locale(locale):
            said.append(say())
    return Both(*said)


def both_of(text: str) -> Both:
    """A text of the catalogue in both languages."""
    return both(lambda: _(text))


def _slides(chosen: ScoreMonth) -> list[Slide]:
    """The State's officers, then units, then the officers of each department and district of whom some agreed."""
    month = Month.parse(chosen.month)
    state, *others = ([slide for one in queries.public_groups(month, scope) for slide in _of_officers(one)]
                      for scope in queries.PUBLIC_SCOPES)  # fmt: skip
    units = [_of_units(scope, band) for scope in queries.PUBLIC_SCOPES[1:] for band in _bands(month, scope)]
    return [*state, *units, *(slide for slides in others for slide in slides)]


def _bands(month: Month, scope: BoardScope) -> list[queries.Band]:
    """Units by size, with nobody left out by anybody's reach: their figures are told to everybody."""
    return queries.unit_board(month, scope, profile().unit_bands, by=SYSTEM)


def _of_officers(group: queries.PublicGroup) -> list[Slide]:
    title, lead = Both(group.unit_hi, group.unit_en), (both(lambda: _("Ranks 1 to 3")),)
    ties = _shared(one.rank for one in group.named)
    rows = [_of_officer(one, title, ties) for one in group.named[: NAMED_ROWS * NAMED_PAGES]]
    starts = range(0, len(rows), NAMED_ROWS)
    return [Slide(title, lead, tuple(rows[start : start + NAMED_ROWS])) for start in starts]


def _of_officer(one: queries.Named, of: Both, ties: set[int]) -> Row:
    """With the department and district, as far as the title does not say them."""
    places = (Both(one.department_hi, one.department_en), Both(one.district_hi, one.district_en))
    detail = tuple(place for place in places if (place.hi or place.en) and place != of)
    return Row(one.rank, one.rank in ties, Both(one.name_hi, one.name_en), detail)


def _of_units(scope: BoardScope, band: queries.Band) -> Slide:
    best = [unit for unit in band.units if unit.rank <= ROWS]
    ties = _shared(unit.rank for unit in best)
    rows = tuple(
        Row(one.rank, one.rank in ties, Both(one.unit_hi, one.unit_en), value=number(one.figures.each))
        for one in best[:ROWS]
    )
    lead = (both_of(SAYS["each"]), both(lambda: band_name(band)))
    return Slide(both_of(TITLES[scope]), lead, rows, is_of_units=True, more=len(best) - len(rows))


def _shared(ranks: Iterable[int]) -> set[int]:
    """The ranks that several hold."""
    return {rank for rank, times in Counter(ranks).items() if times > 1}
