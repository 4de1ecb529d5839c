"""The queue of a reviewer, and taking together what the imported reports prove."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from karmyogi.achievements import queries, service
from karmyogi.achievements.queries import PAGE
from karmyogi.achievements.rules import REVIEW
from karmyogi.achievements.views.address import asked, blueprint, tabs
from karmyogi.web.access import current_actor, requires
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import local


@blueprint.get("/review")
@requires(REVIEW)
def review() -> str:
    """What waits for this reviewer, the longest waiting first."""
    chosen = asked()
    queue = queries.review_queue(current_actor(), chosen.narrowed)
    rows = queries.queue_page(queue, after=asked_number("after"))
    return render_template(
        "achievements/review.html",
        cards=queries.cards(rows[:PAGE]),
        count=queue.count(),
        more=url_for(".review", after=rows[PAGE - 1].id, **chosen.kept) if len(rows) > PAGE else None,
        asked=chosen,
        doubts=[
            ("doubts", _("With doubts")),
            ("no_doubts", _("Without doubts")),
            ("matching", _("Proved by iGOT's report")),
        ],
        offices=[(unit.id, local(unit, "name")) for unit in queries.offices_waiting(current_actor())],
        tabs=tabs(),
    )


@blueprint.get("/review/matching")
@requires(REVIEW)
def matching() -> str:
    """What could be verified together, to be looked through and confirmed."""
    return render_template("achievements/matching.html", cards=queries.matching(current_actor()))


@blueprint.post("/review/matching")
@requires(REVIEW)
def verify_matching() -> Response:
    """Verify those that were ticked, if they still are what the page said."""
    ticked = set(request.form.getlist("achievement", type=int))
    chosen = [card.achievement for card in queries.matching(current_actor()) if card.achievement.id in ticked]
    done = service.verify_matching(chosen, by=current_actor())
    flash(ngettext("%(num)s achievement was verified.", "%(num)s achievements were verified.", done), "success")
    if left := len(ticked) - done:
        told = ngettext(
            "%(num)s was left as it is: it changed meanwhile, or you may not verify it.",
            "%(num)s were left as they are: they changed meanwhile, or you may not verify them.",
            left,
        )
        flash(told, "warning")
    return redirect(url_for(".review"))
