"""The auditor's pages: the trail, newest first, and the proofs that it and the seals are whole."""

import json

from flask import Blueprint, render_template, request, url_for

from karmyogi.audit import queries
from karmyogi.core.permissions import Permission
from karmyogi.scores.service import verify_seals
from karmyogi.store.trail import broken_link
from karmyogi.web.access import requires
from karmyogi.web.forms import asked_number, clean

blueprint = Blueprint("audit", __name__)


@blueprint.get("/trail")
@requires(Permission.TRAIL_READ)
def trail() -> str:
    action, subject = clean(request.args.get("action", "")), clean(request.args.get("subject", ""))
    subject_id = asked_number("id")
    rows = queries.entries(before=asked_number("before"), action=action, subject=subject, subject_id=subject_id)
    shown = rows[: queries.PAGE]
    kept = {name: request.args[name] for name in ("action", "subject", "id") if name in request.args}
    return render_template(
        "audit/trail.html",
        entries=[(entry, json.dumps(entry.change, ensure_ascii=False, default=str)) for entry in shown],
        actions=queries.actions(),
        action=action,
        subject=subject,
        next_page=url_for(".trail", **kept, before=shown[-1].id) if len(rows) > queries.PAGE else None,
    )


@blueprint.get("/trail/proof")
@requires(Permission.TRAIL_READ)
def proof() -> str:
    """Walk the whole chain and every seal, and say what was found."""
    return render_template("audit/proof.html", broken=broken_link(), seals=verify_seals())
