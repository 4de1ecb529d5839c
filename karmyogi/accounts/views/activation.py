"""The way in for others: offices and how far their officers are, and the slips that are printed for them."""

from dataclasses import dataclass

from flask import render_template, request, url_for

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.queries import OfficeCounts, OnTheWay
from karmyogi.accounts.rules import Standing
from karmyogi.accounts.service import Print, Which
from karmyogi.accounts.views.here import Page, blueprint, moment_now, part_of
from karmyogi.accounts.views.squares import square_of
from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import today
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, reason
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import clean
from karmyogi.web.i18n import in_both, text_in_both
from karmyogi.web.installed import settings

ACTIVATE = Permission.ACCOUNTS_ACTIVATE


@blueprint.get("/activation")
@requires(ACTIVATE)
def offices() -> Page:
    text = clean(request.args.get("q", ""))[:100]
    rows, pages = part_of(queries.offices_for(current_actor(), on=today(), text=text), "q")
    counts = queries.counts_of([office.id for office in rows], on=today(), at=moment_now())
    return render_template(
        "accounts/offices.html",
        offices=[(office, counts.get(office.id, OfficeCounts())) for office in rows],
        pages=pages,
        text=text,
        places=queries.places_of(rows),
    )


@blueprint.get("/activation/<int:unit_id>")
@requires(ACTIVATE)
def office(unit_id: int) -> Page:
    unit, at = _office(unit_id), moment_now()
    asked = request.args.get("standing", "")
    standing = Standing(asked) if asked in set(Standing) else None
    rows, pages = part_of(queries.officers_at(unit.id, on=today(), at=at, standing=standing), "standing")
    return render_template(
        "accounts/office.html",
        unit=unit,
        counts=_counts(unit),
        officers=[(row, row.standing(at)) for row in rows],
        pages=pages,
        standing=standing,
        standings=list(Standing),
        last_day=rules.last_day,
    )


@blueprint.get("/activation/<int:unit_id>/print")
@requires(ACTIVATE)
def ask_slips(unit_id: int) -> Page:
    """Ask once more: slips printed before may die."""
    unit, asked = _office(unit_id), {"on": today(), "at": moment_now()}
    fresh = queries.waiting_for_slips(unit.id, **asked, again=False).count()
    everybody = queries.waiting_for_slips(unit.id, **asked, again=True).count()
    return render_template(
        "accounts/ask-slips.html",
        unit=unit,
        fresh=fresh,
        everybody=everybody,
        until=rules.slip_days(today()),
        most=rules.MOST_SLIPS,
        which=Which,
    )


@blueprint.post("/activation/<int:unit_id>/print")
@requires(ACTIVATE)
def print_slips(unit_id: int) -> Page:
    """The slips themselves: shown in this answer alone, and nowhere again."""
    unit, asked = _office(unit_id), request.form.get("which", "")
    if asked not in set(Which):
        raise RuleBroken("slips_not_asked")
    printed = service.print_slips(unit, Which(asked), by=current_actor())
    return slips_page(printed, unit=unit, back=url_for(".office", unit_id=unit.id))


@blueprint.get("/activation/officer/<int:officer_id>")
@requires(ACTIVATE)
def ask_slip(officer_id: int) -> Page:
    found = _on_the_way(officer_id)
    service.check_stands(officer_id)
    return render_template(
        "accounts/ask-slip.html",
        officer=found,
        standing=found.standing(moment_now()),
        until=rules.slip_days(today()),
        last_day=rules.last_day,
    )


@blueprint.post("/activation/officer/<int:officer_id>")
@requires(ACTIVATE)
def print_slip(officer_id: int) -> Page:
    _on_the_way(officer_id)
    officer = Officer.get_by_id(officer_id)
    printed = service.print_slip(officer, request.form.get("standing", ""), by=current_actor())
    return slips_page(printed, back=url_for(".ask_slip", officer_id=officer_id))


def _office(unit_id: int) -> OrgUnit:
    return visible_or_404(queries.offices_for(current_actor(), on=today()), id=unit_id)


def _counts(unit: OrgUnit) -> OfficeCounts:
    return queries.counts_of([unit.id], on=today(), at=moment_now()).get(unit.id, OfficeCounts())


def _on_the_way(officer_id: int) -> OnTheWay:
    try:
        found = queries.on_the_way(officer_id, actor=current_actor(), on=today())
    except OverflowError:  # a number that no column can hold
        found = None
    if found is None:
        raise NotThere("not_there")
    return found


@dataclass(frozen=True)
class Told:
    """What stands on each slip, in Hindi and in English."""

    code: dict[str, str]
    sign_in_name: dict[str, str]
    steps: list[dict[str, str]]
    keep: dict[str, str]


def slips_page(printed: Print, *, back: str, unit: OrgUnit | None = None) -> str:
    """Slips as a page for paper: the same address and square on each, so drawn once."""
    sign_in_at = f"{settings().base_url}/first-sign-in"
    steps = [
        reason("slip_step_open"),
        reason("slip_step_enter"),
        reason("slip_step_choose", shortest=rules.SHORTEST),
    ]
    keep = reason("slip_keep", until=f"{printed.until:%d-%m-%Y}")
    return render_template(
        "accounts/slips.html",
        printed=printed,
        unit=unit,
        back=back,
        told=Told(
            text_in_both(N_("Employee code")),
            text_in_both(N_("Sign-in name")),
            [in_both(step) for step in steps],
            in_both(keep),
        ),
        address=sign_in_at,
        square=square_of(sign_in_at),
        most=rules.MOST_SLIPS,
    )
