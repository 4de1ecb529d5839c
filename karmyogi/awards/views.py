"""Pages of awards: what was given, the orders that gave it, the papers to take home, and the way back."""

from dataclasses import dataclass
from io import BytesIO

import peewee
from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from karmyogi.awards import queries, service
from karmyogi.awards.drawing import small
from karmyogi.awards.forms import REVOCATION_FIELDS, OrderForm, RevokeForm
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.awards.rules import (
    AWARD,
    Issuer,
    Named,
    Wording,
    award_with_category,
    financial_year_of,
    list_reasons,
    masked,
    names_missing,
    order_number,
    order_reasons,
    release_reasons,
)
from karmyogi.core.errors import NotThere, RuleBroken, WrongState
from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, can, scope_of
from karmyogi.core.reasons import Reason, reason
from karmyogi.documents.rules import grouped, public_view
from karmyogi.nominations import queries as nominations
from karmyogi.nominations.forms import blame, said
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import Candidate
from karmyogi.nominations.service import day_of, reasons_against_award, standing
from karmyogi.people.models import Officer
from karmyogi.people.queries import open_corrections_of
from karmyogi.store.transitions import check, open_steps
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.filters import ascii_code
from karmyogi.web.i18n import local, word
from karmyogi.web.installed import files, profile, settings
from karmyogi.web.lists import DEEPEST_PAGE

READ, ISSUE, REVOKE = Permission.AWARDS_READ, Permission.AWARDS_ISSUE, Permission.AWARDS_REVOKE
PAGE = 50
LONGEST_SEARCH = 100
SLOW_ABOVE = 40  # awards of one order: drawing more of them keeps the reader waiting for long
STATES = ("given", "revoked")
blueprint = Blueprint("awards", __name__, url_prefix="/awards")


# The lists


@blueprint.get("")
@requires(READ)
def awards() -> str:
    """The awards within reach; for wider eyes also the orders, and for GAD what still waits for one."""
    actor = current_actor()
    awaiting = _awaiting_by_cycle() if can(actor, ISSUE) else None
    view = _view(actor, awaiting)
    rows = _orders(actor) if view == "orders" else _narrowed(queries.awards_for(actor))
    found = list(rows.limit(PAGE + 1).offset((_page() - 1) * PAGE)) if view != "awaiting" else []
    return render_template(
        "awards/list.html",
        view=view,
        tabs=_tabs(actor, view, awaiting),
        awaiting=awaiting or [],
        rows=found[:PAGE],
        page=_page(),
        pages=_pages(is_more=len(found) > PAGE),
        states=[(state, word(state)) for state in STATES],
        search=_search(),
        public_view=public_view,
        is_own=_sees_own_alone(actor),
    )


def _sees_own_alone(actor: Actor) -> bool:
    scope = scope_of(actor, READ)
    return not scope.everything and not scope.paths


def _view(actor: Actor, awaiting: list["Awaiting"] | None) -> str:
    asked = request.args.get("view", "")
    offered = ["awards", *([] if _sees_own_alone(actor) else ["orders"]), *([] if awaiting is None else ["awaiting"])]
    return asked if asked in offered else "awaiting" if awaiting and not asked else "awards"


def _tabs(actor: Actor, view: str, awaiting: list["Awaiting"] | None) -> list[dict[str, object]]:
    if _sees_own_alone(actor):
        return []
    labels = [("awards", _("Awards"), None), ("orders", _("Orders"), None)]
    if awaiting is not None:
        labels.insert(0, ("awaiting", _("Awaiting an order"), sum(len(one.nominations) for one in awaiting)))
    return [
        {"label": label, "url": url_for(".awards", view=name), "current": view == name, "count": count}
        for name, label, count in labels
    ]


@dataclass(frozen=True)
class Awaiting:
    """The released nominations of a cycle that no order has awarded yet."""

    cycle: Cycle
    nominations: list[Nomination]


def _awaiting_by_cycle() -> list[Awaiting]:
    groups: dict[int, Awaiting] = {}
    for one in _released():
        groups.setdefault(one.cycle_id, Awaiting(one.cycle, [])).nominations.append(one)
    return list(groups.values())


def _released() -> peewee.ModelSelect:
    return nominations.nominations_for(current_actor()).where(Nomination.state == "released")


def _narrowed(rows: peewee.ModelSelect) -> peewee.ModelSelect:
    if (state := request.args.get("state")) in STATES:
        rows = rows.where(Award.state == state)
    for part in _search().split():
        rows = rows.where(queries.is_called(part))
    return rows


def _search() -> str:
    return " ".join(ascii_code(request.args.get("q", "")[:LONGEST_SEARCH].replace("\0", "")).split())


def _orders(actor: Actor) -> peewee.ModelSelect:
    """Orders that gave an award within the actor's reach: who may see none of their awards sees no order."""
    rows = queries.orders()
    if scope_of(actor, READ).everything:
        return rows
    return rows.where(AwardOrder.id.in_(queries.awards_for(actor).select(Award.order).order_by()))


def _page() -> int:
    return min(max(_number("page") or 1, 1), DEEPEST_PAGE)


def _number(name: str) -> int | None:
    """A whole number of the address that a column can hold."""
    text = ascii_code(request.args.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _pages(*, is_more: bool) -> tuple[str | None, str | None]:
    kept = {name: request.args[name] for name in ("view", "state", "q") if request.args.get(name)}
    before = url_for(".awards", **kept, page=_page() - 1) if _page() > 1 else None
    return before, url_for(".awards", **kept, page=_page() + 1) if is_more else None


# An award


@blueprint.get("/<int:award_id>")
@requires(READ)
def show(award_id: int) -> str:
    award = _award(award_id)
    return render_template(
        "awards/show.html",
        award=award,
        said=public_view(award.document),
        code=grouped(award.document.code),
        steps=open_steps(AWARD, award, by=current_actor()),
    )


@blueprint.get("/<int:award_id>/certificate")
@requires(READ)
def certificate(award_id: int) -> Response:
    """The PDF as it was issued, as a file named after the award and its holder."""
    award = _award(award_id)
    return _pdf(award.document.pdf_sha256, award.number, local(public_view(award.document), "name"))


@blueprint.get("/<int:award_id>/picture")
@requires(READ)
def picture(award_id: int) -> Response:
    """The certificate as a picture for those who may see the award: small for pages, whole with `size=full`."""
    award = _award(award_id)
    whole = service.picture_of(award, files=files())
    if request.args.get("size") == "full":
        name = f"{award.number.replace('/', '-')}.png"
        return _private(send_file(BytesIO(whole), mimetype="image/png", as_attachment=True, download_name=name))
    tag = f"{award.document.picture_sha256}-small"
    if request.if_none_match.contains(tag):
        return _private(Response(status=304))
    return _private(send_file(BytesIO(small(whole)), mimetype="image/webp", etag=tag))


def _pdf(sha256: str, number: str, name: str = "") -> Response:
    content = files().read(sha256, kind="document")
    called = " ".join([number.replace("/", "-"), *name.split()])
    return _private(
        send_file(
            BytesIO(content),
            mimetype="application/pdf",
            as_attachment=True,
            download_name=f"{called}.pdf",
            etag=sha256,
        )
    )


def _private(response: Response) -> Response:
    """A paper about a person: kept by nobody on the way, asked for again each time, run by nothing."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _award(award_id: int) -> Award:
    return visible_or_404(queries.awards_for(current_actor()), id=award_id)


# Revoking


@blueprint.get("/<int:award_id>/revoke")
@requires(REVOKE)
def ask_to_revoke(award_id: int) -> str:
    award = _award(award_id)
    check(AWARD, award, AWARD.step(award.state, "revoke"), by=current_actor())
    return _revoke_page(award, RevokeForm(state=award.state))


@blueprint.post("/<int:award_id>/revoke")
@requires(REVOKE)
def revoke(award_id: int) -> Response | tuple[str, int]:
    award, form = _award(award_id), RevokeForm()
    if form.state.data != award.state:
        raise WrongState(reason("moved_on", state=award.state))
    if not form.validate_on_submit():
        return _revoke_page(award, form), RuleBroken.status
    try:
        service.revoke_award(award, reason_hi=form.reason_hi.data, reason_en=form.reason_en.data, by=current_actor())
    except RuleBroken as error:
        blame(form, error, REVOCATION_FIELDS)
        return _revoke_page(award, form), error.status
    flash(_("The award was revoked. Its verification page says so from now on, with the reason."), "success")
    return redirect(url_for(".show", award_id=award_id))


def _revoke_page(award: Award, form: RevokeForm) -> str:
    return render_template("awards/revoke.html", award=award, form=form, said=public_view(award.document))


# An order


@blueprint.get("/orders/<int:order_id>")
@requires(READ)
def order(order_id: int) -> str:
    found = _order(order_id)
    return render_template(
        "awards/order.html",
        order=found,
        printed=found.document.facts["printed"],
        code=grouped(found.document.code),
        awards={award.number: award for award in queries.awards_in(found)},
        readable={award.number for award in queries.awards_for(current_actor()).where(Award.order == found)},
    )


@blueprint.get("/orders/<int:order_id>/pdf")
@requires(READ)
def order_pdf(order_id: int) -> Response:
    found = _order(order_id)
    return _pdf(found.document.pdf_sha256, found.number, _("Award order"))


def _order(order_id: int) -> AwardOrder:
    return visible_or_404(_orders(current_actor()), id=order_id)


# Issuing


@dataclass(frozen=True)
class Row:
    """A line of the table that an order would have, and what keeps it back."""

    place: int
    nomination: Nomination
    found: Candidate | None
    reasons: list[Reason]

    @property
    def words(self) -> Named | None:
        return _named(self.nomination, self.found) if self.found else None

    @property
    def code(self) -> str:
        return masked(self.nomination.officer.employee_code)

    @property
    def award(self) -> tuple[str, str]:
        scheme, category = self.nomination.cycle.scheme, self.nomination.category
        return (
            award_with_category(scheme.award_hi, category.name_hi),
            award_with_category(scheme.award_en, category.name_en),
        )


@blueprint.get("/orders/new")
@requires(ISSUE)
def new_order() -> str:
    cycle = _cycle()
    awaiting = _awaiting(cycle)
    form = OrderForm(nominations=[one.id for one in awaiting], ordered_on=today())
    if earlier := queries.orders().first():
        form.take_over(earlier)
    return _order_form(cycle, form)


@blueprint.post("/orders/new")
@requires(ISSUE)
def change_order() -> str:
    """Back from the preview, with all that was typed."""
    return _order_form(_cycle(), OrderForm())


@blueprint.post("/orders/preview")
@requires(ISSUE)
def preview_order() -> str | tuple[str, int]:
    cycle, form = _cycle(), OrderForm()
    if not form.validate_on_submit():
        return _order_form(cycle, form), RuleBroken.status
    return _preview(cycle, form)


@blueprint.post("/orders")
@requires(ISSUE)
def issue_order() -> Response | tuple[str, int]:
    cycle, form = _cycle(), OrderForm()
    if not form.validate_on_submit():
        return _order_form(cycle, form), RuleBroken.status
    try:
        issued = service.issue_order(
            cycle,
            _chosen(cycle, form),
            ordered_on=form.ordered_on.data,
            wording=form.wording(cycle),
            issuer=_issuer(),
            files=files(),
            by=current_actor(),
        )
    except RuleBroken as error:
        return _preview(cycle, form, also=error.reasons), error.status
    flash(_("The order was issued, with a certificate for each award."), "success")
    return redirect(url_for(".order", order_id=issued.id))


def _cycle() -> Cycle:
    return visible_or_404(nominations.cycles(), id=_number("cycle") or 0)


def _awaiting(cycle: Cycle) -> list[Nomination]:
    return [one for one in _released() if one.cycle_id == cycle.id]


def _chosen(cycle: Cycle, form: OrderForm) -> list[Nomination]:
    """The nominations that were ticked, released or not any longer: the verb says what became of them."""
    rows = nominations.nominations_for(current_actor()).where(Nomination.id.in_(form.nominations.data))
    found = [one for one in rows if one.cycle_id == cycle.id]
    if len(found) < len(set(form.nominations.data)):
        raise NotThere("not_there")
    return found


def _issuer() -> Issuer:
    return service.issuer_of(profile(), base_url=settings().base_url)


def _order_form(cycle: Cycle, form: OrderForm) -> str:
    awaiting = _awaiting(cycle)
    form.offer(awaiting)
    return render_template("awards/order_form.html", cycle=cycle, form=form, awaiting=awaiting)


def _preview(cycle: Cycle, form: OrderForm, *, also: tuple[Reason, ...] = ()) -> str:
    """What would be ordered, line by line, and everything that keeps it back."""
    chosen, wording = _chosen(cycle, form), form.wording(cycle)
    rows = _rows(cycle, chosen, form)
    general = _general_reasons(cycle, chosen, wording, form)
    blocked = bool(general or any(row.reasons for row in rows))
    return render_template(
        "awards/preview.html",
        cycle=cycle,
        form=form,
        wording=wording,
        rows=rows,
        reasons=general if blocked else also,
        is_blocked=blocked or bool(also),
        contested=_contested(chosen),
        number=_next_number(form),
        issuer=_issuer(),
        is_slow=len(rows) > SLOW_ABOVE,
        said=said,
    )


def _contested(chosen: list[Nomination]) -> list[Officer]:
    """Awardees who have asked for their names to be corrected and wait for the decision."""
    waiting = open_corrections_of([one.officer_id for one in chosen])
    return [one.officer for one in chosen if one.officer_id in waiting]


def _rows(cycle: Cycle, chosen: list[Nomination], form: OrderForm) -> list[Row]:
    found = nominations.candidates_of([one.officer_id for one in chosen], cycle, on=today())
    ordered = sorted(chosen, key=lambda one: (one.department.name_en, one.priority, one.id))
    return [_row(place, one, found.get(one.officer_id), form) for place, one in enumerate(ordered, 1)]


def _row(place: int, nomination: Nomination, found: Candidate | None, form: OrderForm) -> Row:
    return Row(place, nomination, found, _reasons_against(nomination, found, form))


def _reasons_against(nomination: Nomination, found: Candidate | None, form: OrderForm) -> list[Reason]:
    return [
        *reasons_against_award(nomination, by=current_actor()),
        *release_reasons(day_of(nomination.released_at), ordered_on=form.ordered_on.data),
        *standing(found, nomination),
        *(names_missing(_named(nomination, found)) if found else []),
    ]


def _general_reasons(cycle: Cycle, chosen: list[Nomination], wording: Wording, form: OrderForm) -> list[Reason]:
    ids = [one.id for one in chosen]
    return [
        *list_reasons(ids, [one.cycle_id for one in chosen], cycle.id),
        *order_reasons(wording, ordered_on=form.ordered_on.data, on=today()),
    ]


def _named(nomination: Nomination, found: Candidate) -> Named:
    department = nomination.department
    return Named(
        name_hi=found.name_hi,
        name_en=found.name_en,
        designation_hi=found.designation_hi,
        designation_en=found.designation_en,
        office_hi=found.unit_hi,
        office_en=found.unit_en,
        department_hi=department.name_hi,
        department_en=department.name_en,
    )


def _next_number(form: OrderForm) -> str:
    """The number the order would have if it were issued now."""
    office, year = _issuer().office_code, financial_year_of(form.ordered_on.data)
    return order_number(office, year, queries.last_serial(office, year) + 1)


@blueprint.errorhandler(WrongState)
def _moved_on(error: WrongState) -> tuple[str, int]:
    """Who came too late: another tab or another hand has issued or revoked meanwhile."""
    award_id = (request.view_args or {}).get("award_id")
    page = render_template("awards/moved.html", sentences=[said(one) for one in error.reasons], award_id=award_id)
    return page, error.status
