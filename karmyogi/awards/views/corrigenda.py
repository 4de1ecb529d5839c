"""Corrigenda: drafting what is to be read otherwise, and issuing it by a second person."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.awards import queries, service
from karmyogi.awards.forms import MORE, CorrigendumForm, WithdrawForm
from karmyogi.awards.models import AwardOrder, Corrigendum
from karmyogi.awards.rules import CORRIGENDUM, awards_corrected, lines_from
from karmyogi.awards.service import Draft
from karmyogi.awards.views.address import READ, READ_DRAFTS, blueprint, issuer, order_of
from karmyogi.awards.views.papers import kept_pdf
from karmyogi.core.errors import NotThere, RuleBroken, WrongState
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import reason
from karmyogi.documents.rules import grouped
from karmyogi.nominations.forms import blame, said
from karmyogi.store.transitions import open_steps
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import number_in
from karmyogi.web.installed import files

DRAFT, ISSUE = Permission.CORRIGENDA_DRAFT, Permission.CORRIGENDA_ISSUE


@blueprint.get("/orders/<int:order_id>/corrigenda/new")
@requires(DRAFT)
def new_corrigendum(order_id: int) -> str:
    order = order_of(order_id)
    return _form_page(order, CorrigendumForm(signatory_hi=order.signatory_hi, signatory_en=order.signatory_en))


@blueprint.post("/orders/<int:order_id>/corrigenda/new")
@requires(DRAFT)
def draft_corrigendum(order_id: int) -> Response | tuple[str, int] | str:
    order, form = order_of(order_id), CorrigendumForm()
    if _wants_more(form):
        return _form_page(order, form)
    if not form.validate_on_submit():
        return _form_page(order, form), RuleBroken.status
    try:
        case = service.draft_corrigendum(order, form.draft, by=current_actor())
    except RuleBroken as error:
        blame(form, error, {})
        return _form_page(order, form), error.status
    flash(_("The draft was kept. The approver can issue it now."), "success")
    return redirect(url_for(".corrigendum", corrigendum_id=case.id))


@blueprint.get("/corrigenda/<int:corrigendum_id>/edit")
@requires(DRAFT)
def edit_corrigendum(corrigendum_id: int) -> str:
    case = _draft_of(corrigendum_id)
    form = CorrigendumForm()
    form.grow(len(case.lines) - len(form.lines))
    form.take_over(case)
    return _form_page(case.order, form, case)


@blueprint.post("/corrigenda/<int:corrigendum_id>/edit")
@requires(DRAFT)
def rewrite_corrigendum(corrigendum_id: int) -> Response | tuple[str, int] | str:
    case, form = _draft_of(corrigendum_id), CorrigendumForm()
    if _wants_more(form):
        return _form_page(case.order, form, case)
    if not form.validate_on_submit():
        return _form_page(case.order, form, case), RuleBroken.status
    try:
        service.rewrite_corrigendum(case, form.draft, seen=_seen(form.version.data), by=current_actor())
    except RuleBroken as error:
        blame(form, error, {})
        return _form_page(case.order, form, case), error.status
    flash(_("The draft was written anew."), "success")
    return redirect(url_for(".corrigendum", corrigendum_id=case.id))


@blueprint.get("/corrigenda/<int:corrigendum_id>")
@requires(READ_DRAFTS)
def corrigendum(corrigendum_id: int) -> str:
    return _page(_corrigendum(corrigendum_id), WithdrawForm())


@blueprint.post("/corrigenda/<int:corrigendum_id>/issue")
@requires(ISSUE)
def issue_corrigendum(corrigendum_id: int) -> Response | tuple[str, int]:
    case = _corrigendum(corrigendum_id)
    try:
        issued = service.issue_corrigendum(
            case, seen=_seen(request.form.get("version")), issuer=issuer(), files=files(), by=current_actor()
        )
    except RuleBroken as error:
        return _page(case, WithdrawForm(), refused=[said(one) for one in error.reasons]), error.status
    flash(_("The corrigendum was issued. The order is read with it from now on."), "success")
    return redirect(url_for(".corrigendum", corrigendum_id=issued.id))


@blueprint.post("/corrigenda/<int:corrigendum_id>/withdraw")
@requires(DRAFT)
def withdraw_corrigendum(corrigendum_id: int) -> Response | tuple[str, int]:
    case, form = _corrigendum(corrigendum_id), WithdrawForm()
    if not form.validate_on_submit():
        return _page(case, form), RuleBroken.status
    try:
        service.withdraw_corrigendum(case, remark=form.remark.data, by=current_actor())
    except RuleBroken as error:
        blame(form, error, {"remark_needed": "remark"})
        return _page(case, form), error.status
    flash(_("The draft was withdrawn; your remark is kept with it."), "success")
    return redirect(url_for(".order", order_id=case.order.id))


@blueprint.get("/orders/<int:order_id>/corrigenda/<int:corrigendum_id>/pdf")
@requires(READ)
def corrigendum_pdf(order_id: int, corrigendum_id: int) -> Response:
    """The PDF as it was issued, for whoever may read the order."""
    order = order_of(order_id)
    found = next((one for one in queries.corrigenda_issued(order) if one.id == corrigendum_id), None)
    if found is None:
        raise NotThere("not_there")
    return kept_pdf(found.document.pdf_sha256, found.number, _("Corrigendum"))


def _corrigendum(corrigendum_id: int) -> Corrigendum:
    return visible_or_404(queries.corrigenda(), id=corrigendum_id)


def _draft_of(corrigendum_id: int) -> Corrigendum:
    case = _corrigendum(corrigendum_id)
    if case.state != CORRIGENDUM.start:
        raise WrongState(reason("moved_on", state=case.state))
    return case


def _seen(version: str | None) -> int:
    """The version that the page carried; one that cannot be is none that still stands."""
    return number_in(version or "") or 0


def _wants_more(form: CorrigendumForm) -> bool:
    """True if the button for more corrections was pressed; then there is room for them."""
    if "more" not in request.form:
        return False
    form.grow(MORE)
    return True


def _form_page(order: AwardOrder, form: CorrigendumForm, case: Corrigendum | None = None) -> str:
    form.offer(queries.reading_of(order).places)
    return render_template("awards/corrigendum_form.html", order=order, form=form, case=case)


def _page(case: Corrigendum, form: WithdrawForm, *, refused: list[str] | None = None) -> str:
    actor, lines = current_actor(), lines_from(case.lines)
    is_draft = case.state == CORRIGENDUM.start
    draft = Draft(lines, (case.signatory_hi, case.signatory_en))
    reading = queries.reading_of(case.order)
    against = service.reasons_against_draft(reading, draft, by=actor) if is_draft else []
    return render_template(
        "awards/corrigendum.html",
        case=case,
        form=form,
        lines=[(reading.places.get(line.place), line) for line in lines],
        printed=case.document.facts["printed"] if case.document else None,
        code=grouped(case.document.code) if case.document else "",
        refused=refused or [said(one) for one in against],
        steps={step.action for step in open_steps(CORRIGENDUM, case, by=actor)},
        rows=[award for serial, award in reading.rows.items() if serial in awards_corrected(lines)],
    )
