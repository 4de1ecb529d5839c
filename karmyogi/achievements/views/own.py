"""An officer's own claims: submitting, submitting again, taking back."""

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.achievements import queries, service
from karmyogi.achievements.forms import ClaimAgainForm, ClaimForm
from karmyogi.achievements.models import Achievement
from karmyogi.achievements.rules import SUBMIT
from karmyogi.achievements.service import Claim, Kept
from karmyogi.achievements.views.address import achievement_of, blueprint, ready_for
from karmyogi.achievements.views.kept import proof_of, small_picture
from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.people.models import Officer
from karmyogi.web.access import current_actor, requires

Answer = Response | tuple[str, int]


@blueprint.get("/new")
@requires(SUBMIT)
def new() -> str:
    return _new_page(_claim_form(ClaimForm()))


@blueprint.post("/new")
@requires(SUBMIT)
def submit() -> Answer:
    form = _claim_form(ClaimForm())
    is_valid = form.validate_on_submit()
    proof = proof_of(form, is_needed=True)
    if not is_valid or proof.kept is None:
        return _new_page(form, proof.kept), max(proof.status, 422)
    try:
        done = service.submit(_myself(), _claim(form), proof.kept, by=current_actor())
    except RuleBroken as error:
        form.blame(error)
        return _new_page(form, proof.kept), error.status
    _say_what_became(done.achievement, is_new=done.is_new)
    return _on_to(done.achievement)


@blueprint.get("/<int:achievement_id>/resubmit")
@requires(SUBMIT)
def rewrite(achievement_id: int) -> str:
    achievement = ready_for("resubmit", achievement_id)
    form = ClaimAgainForm(
        course=achievement.course_id,
        title="" if achievement.course_id else achievement.title,
        finished_on=achievement.finished_on,
    )
    return _again_page(achievement, _claim_form(form, achievement))


@blueprint.post("/<int:achievement_id>/resubmit")
@requires(SUBMIT)
def resubmit(achievement_id: int) -> Answer:
    achievement = ready_for("resubmit", achievement_id)
    form = _claim_form(ClaimAgainForm(), achievement)
    is_valid = form.validate_on_submit()
    proof = proof_of(form, is_needed=False)
    if not is_valid or proof.status != 200:
        return _again_page(achievement, form, proof.kept), max(proof.status, 422)
    try:
        achievement = service.resubmit(achievement, _claim(form), proof.kept, by=current_actor())
    except RuleBroken as error:
        form.blame(error)
        return _again_page(achievement, form, proof.kept), error.status
    _say_what_became(achievement, is_new=True)
    return _on_to(achievement)


@blueprint.get("/<int:achievement_id>/withdraw")
@requires(SUBMIT)
def ask_to_withdraw(achievement_id: int) -> str:
    return render_template("achievements/withdraw.html", achievement=ready_for("withdraw", achievement_id))


@blueprint.post("/<int:achievement_id>/withdraw")
@requires(SUBMIT)
def withdraw(achievement_id: int) -> Response:
    service.withdraw(achievement_of(achievement_id), by=current_actor())
    flash(_("The achievement was withdrawn. You may add it again at any time."), "success")
    return redirect(url_for(".own"))


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


def _new_page(form: ClaimForm, kept: Kept | None = None) -> str:
    return render_template("achievements/new.html", form=form, kept_picture=small_picture(kept))


def _again_page(achievement: Achievement, form: ClaimForm, kept: Kept | None = None) -> str:
    return render_template(
        "achievements/again.html",
        form=form,
        kept_picture=small_picture(kept),
        achievement=achievement,
        images=queries.images_of(achievement),
        returned=queries.returns_of([achievement])[achievement.id][-1],
    )


def _say_what_became(achievement: Achievement, *, is_new: bool) -> None:
    if not is_new:
        told = _("You had already submitted this certificate, for “%(title)s”; here it is.", title=achievement.title)
        flash(told, "info")
    elif achievement.state == "verified":
        flash(_("Submitted and verified: it agrees with iGOT's report."), "success")
    elif not queries.images_of(achievement)[0].codes:
        flash(
            _(
                "Submitted. No QR code could be read, so your nodal officer looks at it. "
                "It goes faster if you withdraw this and upload the file downloaded from iGOT."
            ),
            "info",
        )
    else:
        flash(_("Submitted. Your nodal officer will look at it."), "success")


def _on_to(achievement: Achievement) -> Response:
    """To the claim's page; a script that sent the form is told where, so that it does not fetch the page itself."""
    url = url_for(".show", achievement_id=achievement.id)
    return jsonify(url=url) if request.accept_mimetypes.best == "application/json" else redirect(url)
