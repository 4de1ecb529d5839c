"""Pages of achievements: an officer's own, the reviewers' queue, and the pictures behind both."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.achievements import queries, service
from karmyogi.achievements.forms import ClaimAgainForm, ClaimForm, DecisionForm
from karmyogi.achievements.models import STATES, Achievement
from karmyogi.achievements.queries import PAGE, READ
from karmyogi.achievements.rules import ACHIEVEMENT, REVIEW, SUBMIT, told_to_claimant
from karmyogi.achievements.service import Claim
from karmyogi.core.errors import BadFile, NotAllowed, NotThere, RuleBroken
from karmyogi.core.months import today
from karmyogi.core.permissions import can, scope_of
from karmyogi.core.reasons import N_, Reason, declare
from karmyogi.people.models import Officer
from karmyogi.people.queries import posting_of
from karmyogi.store.files import Kind
from karmyogi.store.images import LIMITS
from karmyogi.store.sandbox import SandboxUnavailable
from karmyogi.store.transitions import check, open_steps, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import say, word
from karmyogi.web.installed import files

blueprint = Blueprint("achievements", __name__, url_prefix="/achievements")
REFUSALS = (BadFile, SandboxUnavailable, RuleBroken)
OUR_OWN_PAGES = {"same-origin", "none"}  # what a browser says of a picture in our page, or opened by hand

declare(picture_asked_from_elsewhere=N_("Certificate images are shown on this site alone."))


@blueprint.get("/")
@requires(READ)
def own() -> str | Response:
    """One's own claims; whoever makes none is led to those of others."""
    if not _may_submit():
        return redirect(url_for(".review" if can(current_actor(), REVIEW) else ".everything"))
    rows = queries.page_of(queries.claims_of(current_actor().officer_id), before=asked_number("before"))
    return render_template("achievements/own.html", cards=queries.cards(rows[:PAGE]), older=_older(rows), tabs=_tabs())


@blueprint.get("/all")
@requires(READ)
def everything() -> str:
    """Every claim within reach."""
    state = request.args.get("state", "")
    rows = queries.achievements_for(current_actor())
    rows = queries.page_of(rows, before=asked_number("before"), state=state if state in STATES else "")
    return render_template(
        "achievements/list.html",
        cards=queries.cards(rows[:PAGE]),
        older=_older(rows, state=state),
        state_chosen=state,
        options=[(one, word(one)) for one in STATES],
        tabs=_tabs(),
    )


@blueprint.get("/review")
@requires(REVIEW)
def review() -> str:
    """What waits for this reviewer, the longest waiting first."""
    waiting = queries.review_queue(current_actor())
    return render_template(
        "achievements/review.html", cards=queries.cards(waiting.limit(PAGE)), count=waiting.count(), tabs=_tabs()
    )


@blueprint.get("/new")
@requires(SUBMIT)
def new() -> str:
    return _new_page(_claim_form(ClaimForm()))


@blueprint.post("/new")
@requires(SUBMIT)
def submit() -> Response | tuple[str, int]:
    form = _claim_form(ClaimForm())
    if not form.validate_on_submit():
        return _new_page(form), 422
    try:
        done = service.submit(_myself(), _claim(form), _content(form), files(), by=current_actor())
    except REFUSALS as error:
        form.blame(error)
        return _new_page(form), error.status
    _say_what_became(done.achievement, is_new=done.is_new)
    return redirect(url_for(".show", achievement_id=done.achievement.id))


@blueprint.get("/<int:achievement_id>")
@requires(READ)
def show(achievement_id: int) -> str:
    return _show_page(_achievement(achievement_id), DecisionForm())


@blueprint.get("/<int:achievement_id>/resubmit")
@requires(SUBMIT)
def rewrite(achievement_id: int) -> str:
    achievement = _ready_for("resubmit", achievement_id)
    form = ClaimAgainForm(
        course=achievement.course_id,
        title="" if achievement.course_id else achievement.title,
        finished_on=achievement.finished_on,
    )
    return _again_page(achievement, _claim_form(form, achievement))


@blueprint.post("/<int:achievement_id>/resubmit")
@requires(SUBMIT)
def resubmit(achievement_id: int) -> Response | tuple[str, int]:
    achievement = _ready_for("resubmit", achievement_id)
    form = _claim_form(ClaimAgainForm(), achievement)
    if not form.validate_on_submit():
        return _again_page(achievement, form), 422
    try:
        achievement = service.resubmit(achievement, _claim(form), _content(form), files(), by=current_actor())
    except REFUSALS as error:
        form.blame(error)
        return _again_page(achievement, form), error.status
    _say_what_became(achievement, is_new=True)
    return redirect(url_for(".show", achievement_id=achievement.id))


@blueprint.get("/<int:achievement_id>/withdraw")
@requires(SUBMIT)
def ask_to_withdraw(achievement_id: int) -> str:
    return render_template("achievements/withdraw.html", achievement=_ready_for("withdraw", achievement_id))


@blueprint.post("/<int:achievement_id>/withdraw")
@requires(SUBMIT)
def withdraw(achievement_id: int) -> Response:
    service.withdraw(_achievement(achievement_id), by=current_actor())
    flash(_("The achievement was withdrawn. You may add it again at any time."), "success")
    return redirect(url_for(".own"))


@blueprint.post("/<int:achievement_id>/verify")
@requires(REVIEW)
def verify(achievement_id: int) -> Response | tuple[str, int]:
    return _decide(achievement_id, service.verify, _("The achievement was verified."))


@blueprint.post("/<int:achievement_id>/return")
@requires(REVIEW)
def send_back(achievement_id: int) -> Response | tuple[str, int]:
    return _decide(achievement_id, service.send_back, _("The achievement was returned with your remark."))


@blueprint.get("/<int:achievement_id>/<any(verify, return):action>")
@requires(READ)
def show_again(achievement_id: int, action: str) -> Response:
    """Where a refused decision is loaded again, or in the other language."""
    return redirect(url_for(".show", achievement_id=achievement_id))


@blueprint.get("/images/<int:image_id>")
@requires(READ)
def image(image_id: int) -> Response:
    return _picture(image_id, "image")


@blueprint.get("/images/<int:image_id>/thumb")
@requires(READ)
def thumb(image_id: int) -> Response:
    return _picture(image_id, "thumb")


def _picture(image_id: int, kind: Kind) -> Response:
    """A copy made of pixels alone, for those who may see the claim, in pages of this site alone."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OUR_OWN_PAGES:
        raise NotAllowed("picture_asked_from_elsewhere")
    row = visible_or_404(queries.images_for(current_actor()), id=image_id)
    sha256 = row.image_sha256 if kind == "image" else row.thumb_sha256
    response = Response(files().read(sha256, kind=kind), mimetype="image/webp")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for again: reach may end
    response.set_etag(sha256)
    return response.make_conditional(request)


def _decide(achievement_id: int, verb: Callable[..., Achievement], said: str) -> Response | tuple[str, int]:
    achievement, form = _achievement(achievement_id), DecisionForm()
    if not form.validate_on_submit():
        return _show_page(achievement, form), 422
    try:
        verb(achievement, by=current_actor(), remark=form.remark.data)
    except RuleBroken as error:
        form.remark.errors = [say(reason) for reason in error.reasons]
        return _show_page(achievement, form), error.status
    flash(said, "success")
    return redirect(url_for(".review"))


def _achievement(achievement_id: int) -> Achievement:
    return visible_or_404(queries.achievements_for(current_actor()), id=achievement_id)


def _ready_for(action: str, achievement_id: int) -> Achievement:
    """The claim, if this actor may take the step now. Raises NotThere, NotAllowed or WrongState."""
    achievement = _achievement(achievement_id)
    check(ACHIEVEMENT, achievement, ACHIEVEMENT.step(achievement.state, action), by=current_actor())
    return achievement


def _may_submit() -> bool:
    return current_actor().officer_id is not None and can(current_actor(), SUBMIT)


def _myself() -> Officer:
    """The officer behind the account. Raises NotThere if there is none."""
    officer = Officer.get_or_none(Officer.id == current_actor().officer_id)
    if officer is None:
        raise NotThere("not_there")
    return officer


def _claim_form(form: ClaimForm, achievement: Achievement | None = None) -> ClaimForm:
    form.offer(queries.completions_to_claim(_myself(), besides=achievement))
    return form


def _claim(form: ClaimForm) -> Claim:
    return Claim(course_id=form.course.data, title=form.title.data or "", finished_on=form.finished_on.data)


def _content(form: ClaimForm) -> bytes | None:
    """The bytes of the chosen file, at most one more than are taken; None if none was chosen."""
    return form.image.data.read(LIMITS.bytes + 1) if form.image.data else None


def _new_page(form: ClaimForm) -> str:
    return render_template("achievements/new.html", form=form)


def _again_page(achievement: Achievement, form: ClaimForm) -> str:
    returns = [step for step in steps_taken(ACHIEVEMENT, achievement) if step.action == "return"]
    return render_template(
        "achievements/again.html",
        form=form,
        achievement=achievement,
        images=queries.images_of(achievement),
        returned=returns[-1],
    )


def _show_page(achievement: Achievement, form: DecisionForm) -> str:
    found = queries.verdict_on(achievement)
    is_own = achievement.officer_id == current_actor().officer_id
    return render_template(
        "achievements/show.html",
        achievement=achievement,
        form=form,
        is_own=is_own,
        posting=posting_of(achievement.officer_id, on=today()),
        images=queries.images_of(achievement),
        completion=queries.completion_of(achievement),
        reasons=told_to_claimant(found.reasons) if is_own else found.reasons,
        steps=steps_taken(ACHIEVEMENT, achievement),
        actions={step.action for step in open_steps(ACHIEVEMENT, achievement, by=current_actor())},
        barred=_reasons_not_to_verify(achievement),
    )


def _reasons_not_to_verify(achievement: Achievement) -> Sequence[Reason]:
    """Why this reviewer may not verify what waits; empty for those who are no reviewers of it."""
    if achievement.state != "submitted":
        return ()
    try:
        check(ACHIEVEMENT, achievement, ACHIEVEMENT.step("submitted", "verify"), by=current_actor())
    except RuleBroken as error:
        return error.reasons
    except NotAllowed:
        return ()
    return ()


def _say_what_became(achievement: Achievement, *, is_new: bool) -> None:
    if not is_new:
        flash(_("You had already submitted this certificate; here it is."), "info")
    elif achievement.state == "verified":
        flash(_("Submitted and verified: it agrees with iGOT's report."), "success")
    else:
        flash(_("Submitted. Your nodal officer will look at it."), "success")


def _older(rows: list[Achievement], **kept: str) -> str | None:
    """The address of the next page of a list, if there is one."""
    if len(rows) <= PAGE:
        return None
    return url_for(request.endpoint, before=rows[PAGE - 1].id, **{name: value for name, value in kept.items() if value})


def _tabs() -> list[dict[str, object]]:
    """The views of achievements that this actor has; one alone needs no tabs."""
    actor = current_actor()
    reach = scope_of(actor, READ)
    found = [
        (".own", _("My achievements"), _may_submit()),
        (".review", _("To review"), can(actor, REVIEW)),
        (".everything", _("All in my reach"), reach.everything or bool(reach.paths)),
    ]
    here = f".{request.endpoint.partition('.')[2]}"
    tabs = [
        {"label": label, "url": url_for(name), "current": name == here} for name, label, is_open in found if is_open
    ]
    return tabs if len(tabs) > 1 else []
