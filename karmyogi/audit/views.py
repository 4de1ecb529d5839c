"""The auditor's page of what was done, and the proof that it is the whole of it."""

import json
from datetime import timedelta

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _

from karmyogi.accounts.models import User
from karmyogi.audit import queries, service
from karmyogi.audit.rules import Found, is_old
from karmyogi.core.months import now
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, TEXTS, Reason
from karmyogi.scores.forms import month_called, said
from karmyogi.scores.queries import sealed_months
from karmyogi.store.jobs import JobRun
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import asked_number, clean
from karmyogi.web.trails import revealed

REPORTS_SHOWN = 10  # of a month, the newest; its own page has them all
BY_HAND = {
    "flask audit verify": N_("walks the trail."),
    "flask scores verify": N_("proves every seal; with a month behind it, that one."),
    "flask scores verify --again": N_("compares with today's records too."),
    "sha256sum": N_("of a report's file is the fingerprint that the seal covers."),
}
blueprint = Blueprint("audit", __name__)


@blueprint.get("/trail")
@requires(Permission.TRAIL_READ)
def trail() -> str:
    action, subject = clean(request.args.get("action", "")), clean(request.args.get("subject", ""))
    subject_id = asked_number("id")
    rows = queries.entries(before=asked_number("before"), action=action, subject=subject, subject_id=subject_id)
    shown = rows[: queries.PAGE]
    kept = {name: request.args[name] for name in ("action", "subject", "id") if name in request.args}
    last = queries.last_proof()
    return render_template(
        "audit/trail.html",
        entries=[(entry, json.dumps(entry.change, ensure_ascii=False, default=str)) for entry in revealed(shown)],
        actions=queries.actions(),
        action=action,
        subject=subject,
        found=last and Found.read(last.result),
        next_page=url_for(".trail", **kept, before=shown[-1].id) if len(rows) > queries.PAGE else None,
    )


@blueprint.get("/trail/proof")
@requires(Permission.TRAIL_READ)
def proof() -> str:
    """What the last proof of the trail and every seal came to, and how each seal can be checked by hand."""
    last = queries.last_proof()
    sealed = sealed_months()
    return render_template(
        "audit/proof.html",
        **(_told(last) if last else {"found": None}),
        called=month_called,
        running=queries.proof_at_work(),
        given_up=queries.proof_given_up(last),
        sealed=sealed[::-1],
        choices=_choices([row.month for row in sealed]),
        reports_shown=REPORTS_SHOWN,
        by_hand=[(command, _(what)) for command, what in BY_HAND.items()],
    )


def _told(run: JobRun) -> dict[str, object]:
    """A proof in words: what it found, who asked and when, how long it took, how old it is, and what came since."""
    found, at = Found.read(run.result), now()
    since = queries.since_proof(found)
    return {
        "found": found,
        "faults": [_said(fault) for fault in found.faults],
        "made_at": run.finished_at,
        "age": format_timedelta(run.finished_at - at, add_direction=True),
        "is_old": is_old(run.finished_at, at=at),
        "took": format_timedelta(max(run.finished_at - run.started_at, timedelta(seconds=1))),
        "asker": User.get_or_none(User.id == run.requested_by),
        "since": since,
        "since_months": ", ".join(map(month_called, since.months)),
        "found_months": ", ".join(map(month_called, found.months)),
    }


def _said(fault: Reason) -> str:
    """A fault as a sentence; one that an older program kept, and that has no words any more, by its code."""
    return said(fault) if fault.code in TEXTS else f"{fault.code} {json.dumps(fault.facts, ensure_ascii=False)}"


def _choices(months: list[str]) -> list[tuple[str, str]]:
    """What may be laid beside today's records: nothing, one month, or all."""
    each = [(month, month_called(month)) for month in reversed(months)]
    return [("", _("No month")), *each, *([(service.EVERY, _("Every sealed month"))] if len(months) > 1 else [])]


@blueprint.post("/trail/proof")
@requires(Permission.TRAIL_READ)
def prove() -> Response:
    """Queue a proof; every seal of a whole State takes a while."""
    service.ask_for_proof(clean(request.form.get("compared", "")), by=current_actor())
    flash(_("The proof is being made. This page shows what it came to when it is done."), "success")
    return redirect(url_for(".proof"))


@blueprint.get("/trail/proof/progress/<int:run_id>")
@requires(Permission.TRAIL_READ)
def progress(run_id: int) -> Response:
    """What the page asks every two seconds while a proof is made."""
    run = visible_or_404(JobRun.select().where((JobRun.id == run_id) & JobRun.job.in_(queries.PROOFS)))
    return jsonify(done=run.progress, total=1000, text=_("At work"), finished=not run.is_busy, url=url_for(".proof"))
