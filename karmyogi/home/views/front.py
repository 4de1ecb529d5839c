"""The public board for visitors, and for people who are signed in the desk that their roles make."""

from datetime import date, datetime, timedelta

from flask import g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from karmyogi.accounts.queries import signed_in_before
from karmyogi.core.months import now, today
from karmyogi.core.permissions import Role
from karmyogi.core.reasons import N_
from karmyogi.home.queries.deadlines import deadlines
from karmyogi.home.queries.pending import Pending, pending
from karmyogi.home.queries.since import Change, changes
from karmyogi.home.rules import NEAR_DAYS, Deadline, Ends
from karmyogi.home.views import board, desk, links
from karmyogi.home.views.address import blueprint
from karmyogi.web.access import current_actor, public
from karmyogi.web.i18n import day, local, month_name, number, word

LONGEST_AWAY = timedelta(days=90)  # who was away for longer reads the lists themselves
PENDING = {
    "nominations_draft": N_("Nominations to finish and submit"),
    "nominations_returned": N_("Nominations returned to you for correction"),
    "nominations_submitted": N_("Nominations to verify"),
    "nominations_verified": N_("Nominations to decide on"),
    "nominations_selected": N_("Decisions to release"),
    "nominations_released": N_("Nominations to award by order"),
    "certificates": N_("Certificates to verify"),
    "own_certificates": N_("Certificates returned to you"),
    "names": N_("Corrections of names waiting for you"),
    "flags": N_("Flagged completions to look at"),
    "flags_doubted": N_("Doubted completions waiting for a second person"),
    "disputes": N_("Disputes of points waiting for you"),
    "holds": N_("Proposals to hold a score"),
    "corrections_approve": N_("Corrections of sealed months to approve"),
    "corrections_propose": N_("Corrections of sealed months to propose"),
    "disputes_upheld": N_("Upheld disputes that wait for a correction"),
    "corrigenda": N_("Corrigenda to issue"),
    "months_propose": N_("Months to propose for sealing"),
    "months_seal": N_("Months to seal"),
    "policies_publish": N_("Drafts of the scoring policy to publish"),
    "policies_draft": N_("Drafts of the scoring policy to finish and submit"),
    "policies_returned": N_("Drafts of the scoring policy returned"),
    "imports": N_("Imports checked and not applied"),
    "queue": N_("People in the match queue"),
}


@blueprint.get("/")
@public
def front() -> str:
    """The public board for visitors; what waits, what is new and what comes next for people who are signed in."""
    if not current_user.is_authenticated:
        return board.page()
    actor, on, since = current_actor(), today(), _last_here()
    return render_template(
        "home/front.html",
        roles=[word(role.value) for role in Role if role in actor.roles and role is not Role.EMPLOYEE],
        pending=[_waiting(one, on) for one in pending(actor, on=on)],
        since=since,
        changes=[_changed(one, since) for one in changes(actor, since=since)] if since else [],
        deadlines=[_ending(one, on) for one in deadlines(actor, on=on)],
        sections=desk.sections(actor, on=on),
    )


def _last_here() -> datetime | None:
    """When this person signed in before this time, at most ninety days ago; None on a first visit."""
    live = g.get("live_session")
    before = signed_in_before(live.session) if live else None
    return before and max(before, now() - LONGEST_AWAY)


def _waiting(one: Pending, on: date) -> dict[str, object]:
    return {
        "label": _(PENDING[one.code]),
        "number": number(one.count),
        "url": links.pending_list(one.code),
        "note": _("the oldest since %(date)s", date=day(one.since)) if one.since else "",
        "tone": "warn" if one.since and (on - one.since).days >= NEAR_DAYS else "",
    }


def _changed(one: Change, since: datetime) -> dict[str, str]:
    texts = {
        "imports": ngettext("%(num)s import applied", "%(num)s imports applied", one.count),
        "months": ngettext("%(num)s month sealed", "%(num)s months sealed", one.count),
        "nominations": ngettext("%(num)s nomination moved", "%(num)s nominations moved", one.count),
        "orders": ngettext("%(num)s order issued", "%(num)s orders issued", one.count),
        "awards": ngettext("%(num)s award given", "%(num)s awards given", one.count),
        "certificates": ngettext("%(num)s certificate decided", "%(num)s certificates decided", one.count),
    }
    return {"text": texts[one.code], "url": links.changes_list(one.code, since)}


def _ending(one: Deadline, on: date) -> dict[str, object]:
    return {
        "label": _called(one),
        "url": _place_of(one),
        "on": one.on,
        "left": days_left(one.days_left(on)),
        "tone": "bad" if one.days_left(on) < 0 else "warn" if one.is_near(on) else "",
    }


def _called(one: Deadline) -> str:
    if one.what is Ends.SEAL:
        return _("Seal %(month)s", month=month_name(str(one.key)))
    texts = {
        Ends.CYCLE: N_("Nominations close: %(name)s"),
        Ends.INTEGRITY: N_("Integrity certificate ends: %(name)s"),
        Ends.COURSE: N_("Course of the plan: %(name)s"),
        Ends.DISPUTE: N_("Dispute of points: %(name)s"),
    }
    return _(texts[one.what], name=local(one, "name"))


def _place_of(one: Deadline) -> str:
    if one.what is Ends.SEAL:
        return url_for("scores.month", month=one.key)
    if one.what is Ends.INTEGRITY:
        return url_for("nominations.show", nomination_id=one.key)
    if one.what is Ends.DISPUTE:
        return url_for("scores.dispute", dispute_id=one.key)
    return url_for("home.me") if one.what is Ends.COURSE else url_for("nominations.nominations", cycle=one.key)


def days_left(count: int) -> str:
    """How far a last day is, in words."""
    if count < 0:
        return ngettext("%(num)s day over", "%(num)s days over", -count)
    return ngettext("%(num)s day left", "%(num)s days left", count) if count else _("today")
