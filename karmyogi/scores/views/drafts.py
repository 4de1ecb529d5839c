"""Pages of drafts of the policy: begun and written by GAD, published or returned by the approver."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import KarmyogiError, NotThere, RuleBroken, WrongState
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import reason
from karmyogi.scores import queries, service
from karmyogi.scores.forms import RemarkForm, TermsForm, blame, in_words, said
from karmyogi.scores.models import Policy, PolicyDraft
from karmyogi.scores.rules import POLICY_DRAFT, WRITABLE, Ground, differences, terms_from
from karmyogi.scores.views.address import blueprint
from karmyogi.store.transitions import open_steps, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.cases import timeline
from karmyogi.web.forms import number_in

DRAFT, PUBLISH = Permission.POLICIES_DRAFT, Permission.POLICIES_PUBLISH
READ = (DRAFT, PUBLISH, Permission.TRAIL_READ)
Answer = Response | str | tuple[str, int]


@blueprint.get("/score-policy/drafts")
@requires(*READ)
def drafts() -> str:
    versions = list(Policy.select().order_by(Policy.number.desc()))
    return render_template(
        "scores/drafts.html", drafts=list(queries.drafts()), versions=versions, terms_from=terms_from
    )


@blueprint.post("/score-policy/drafts")
@requires(DRAFT)
def begin_draft() -> Response:
    draft = service.begin_draft(by=current_actor())
    flash(_("The draft says what the version in force says. Change what is to be otherwise."), "success")
    return redirect(url_for(".edit_draft", draft_id=draft.id))


@blueprint.get("/score-policy/drafts/<int:draft_id>")
@requires(*READ)
def draft(draft_id: int) -> str:
    return _page(draft_of(draft_id), RemarkForm())


@blueprint.get("/score-policy/drafts/<int:draft_id>/edit")
@requires(DRAFT)
def edit_draft(draft_id: int) -> str:
    case, form = _writable(draft_id), TermsForm()
    form.take_over(terms_from(case.terms), case.version)
    return _form_page(case, form)


@blueprint.post("/score-policy/drafts/<int:draft_id>/edit")
@requires(DRAFT)
def rewrite_draft(draft_id: int) -> Answer:
    case, form = _writable(draft_id), TermsForm()
    if "more" in request.form:
        form.grow()
        return _form_page(case, form)
    _offer(case, form)
    if not form.validate_on_submit():
        return _form_page(case, form), RuleBroken.status
    service.rewrite_draft(case, form.terms, seen=_seen(form), by=current_actor())
    flash(_("The draft was kept."), "success")
    return redirect(url_for(".draft", draft_id=case.id))


@blueprint.post("/score-policy/drafts/<int:draft_id>/submit")
@requires(DRAFT)
def submit_draft(draft_id: int) -> Answer:
    case, form = draft_of(draft_id), RemarkForm()
    try:
        service.submit_draft(case, seen=_seen(form), by=current_actor())
    except RuleBroken as error:
        return _refused(case, form, error)
    flash(_("The draft was submitted. The approver can publish it now, or return it."), "success")
    return redirect(url_for(".draft", draft_id=case.id))


@blueprint.post("/score-policy/drafts/<int:draft_id>/return")
@requires(PUBLISH)
def return_draft(draft_id: int) -> Answer:
    case, form = draft_of(draft_id), RemarkForm()
    if not form.validate_on_submit():
        return _page(case, form), RuleBroken.status
    try:
        service.return_draft(case, remark=form.remark.data, by=current_actor())
    except RuleBroken as error:
        return _refused(case, form, error)
    flash(_("The draft was returned; your remark is kept with it."), "success")
    return redirect(url_for(".draft", draft_id=case.id))


@blueprint.post("/score-policy/drafts/<int:draft_id>/withdraw")
@requires(DRAFT)
def withdraw_draft(draft_id: int) -> Answer:
    case, form = draft_of(draft_id), RemarkForm()
    if not form.validate_on_submit():
        return _page(case, form), RuleBroken.status
    try:
        service.withdraw_draft(case, remark=form.remark.data, by=current_actor())
    except RuleBroken as error:
        return _refused(case, form, error)
    flash(_("The draft was withdrawn; your remark is kept with it."), "success")
    return redirect(url_for(".drafts"))


@blueprint.get("/score-policy/drafts/<int:draft_id>/publish")
@requires(PUBLISH)
def ask_to_publish(draft_id: int) -> str:
    case = draft_of(draft_id)
    if case.state != "submitted":
        raise WrongState(reason("moved_on", state=case.state))
    terms, ground = terms_from(case.terms), _ground()
    return render_template(
        "scores/draft_publish.html",
        case=case,
        terms=terms,
        ground=ground,
        changes=len(differences(ground.latest, terms)),
        refused=[said(one) for one in service.reasons_against(case)],
        is_open=_may(case, "publish"),
        months=queries.months_from(terms.effective_from),
    )


@blueprint.post("/score-policy/drafts/<int:draft_id>/publish")
@requires(PUBLISH)
def publish_draft(draft_id: int) -> Answer:
    case, form = draft_of(draft_id), RemarkForm()
    try:
        policy = service.publish_draft(case, seen=_seen(form), by=current_actor())
    except RuleBroken as error:
        return _refused(case, form, error)
    flash(_("Version %(number)s was published and never changes.", number=policy.number), "success")
    return redirect(url_for(".policy"))


def draft_of(draft_id: int) -> PolicyDraft:
    """The draft of this number. Raises NotThere."""
    return visible_or_404(queries.drafts(), id=draft_id)


def _writable(draft_id: int) -> PolicyDraft:
    case = draft_of(draft_id)
    if case.state not in WRITABLE:
        raise WrongState(reason("moved_on", state=case.state))
    return case


def _seen(form: TermsForm | RemarkForm) -> int:
    """The version that the page carried; one that cannot be is none that still stands."""
    return number_in(form.version.data or "") or 0


def _ground() -> Ground:
    ground = queries.ground()
    if ground is None:
        raise NotThere("not_there")
    return ground


def _may(case: PolicyDraft, action: str) -> bool:
    return action in {step.action for step in open_steps(POLICY_DRAFT, case, by=current_actor())}


def _offer(case: PolicyDraft, form: TermsForm) -> None:
    known = {"kinds": queries.types_of_content(), "providers": queries.providers_of_content()}
    form.offer(terms_from(case.terms), first=_ground().first_free, **known)


def _form_page(case: PolicyDraft, form: TermsForm) -> str:
    _offer(case, form)
    return render_template("scores/draft_form.html", case=case, form=form)


def _refused(case: PolicyDraft, form: RemarkForm, error: KarmyogiError) -> tuple[str, int]:
    blame(form, error)
    return _page(case, form), error.status


def _page(case: PolicyDraft, form: RemarkForm) -> str:
    terms, ground = terms_from(case.terms), _ground()
    is_open = case.state not in POLICY_DRAFT.ends
    return render_template(
        "scores/draft.html",
        case=case,
        form=form,
        terms=terms,
        ground=ground,
        tried=bool(queries.trials_of(case)),
        changes=[in_words(one) for one in differences(ground.latest, terms)] if is_open else [],
        faults=[said(one) for one in service.reasons_against(case)] if is_open else [],
        steps={step.action for step in open_steps(POLICY_DRAFT, case, by=current_actor())},
        taken=timeline(steps_taken(POLICY_DRAFT, case)),
    )
