"""The policy that every number is read from."""

from flask import render_template

from karmyogi.core.permissions import Permission
from karmyogi.scores import queries
from karmyogi.scores.views.address import blueprint
from karmyogi.web.access import requires


@blueprint.get("/score-policy")
@requires(Permission.POLICIES_READ)
def policy() -> str:
    """Every published version, newest first: what each rule counts, for how many points, how often."""
    return render_template("scores/policy.html", policies=list(reversed(queries.published_policies())))
