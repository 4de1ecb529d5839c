"""Pages of scores: leaderboards, months and their seals, and the policy that every number is read from."""

from collections import Counter
from datetime import timedelta

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import Permission, scope_of
from karmyogi.people.models import OrgUnit, StateClass, UnitKind
from karmyogi.people.queries import state, units_within
from karmyogi.scores import queries, service
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import SCORE_MONTH, BoardScope
from karmyogi.store.jobs import JobRun, JobState, enqueue
from karmyogi.store.transitions import open_steps, steps_taken
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.cases import timeline
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import month_name

PAGE = 50
RUN = "score-month"
# The steps that people take; a proposal that lapses is the work of a new computation.
VERBS = {"propose": service.propose_seal, "withdraw": service.withdraw_proposal, "seal": service.seal_month}
BOARD_KINDS = (UnitKind.DIVISION, UnitKind.DISTRICT, UnitKind.DEPARTMENT)
blueprint = Blueprint("scores", __name__)


# Leaderboards


@blueprint.get("/leaderboards")
@requires(Permission.LEADERBOARD_READ)
def leaderboard() -> str:
    months = queries.months_scored()
    choices = _units_to_choose()
    chosen = _chosen_month(months)
    unit = _chosen_unit(choices)
    if chosen is None or unit is None:
        return render_template("scores/leaderboard.html", months=months, choices=choices, chosen=chosen, unit=unit)
    month, state_class = Month.parse(chosen.month), _chosen_class()
    wanted = BoardScope(unit.kind)
    group = queries.group_in(month, wanted, unit.id, state_class=state_class)
    rows = queries.standings(month, group, by=current_actor(), limit=PAGE + 1, after=_key()) if group else []
    return render_template(
        "scores/leaderboard.html",
        months=months,
        choices=choices,
        chosen=chosen,
        unit=unit,
        state_class=state_class,
        group=group,
        is_merged=group and (group.scope is not wanted or group.state_class != state_class),
        rows=rows[:PAGE],
        next_page=_next_page(rows),
        ties=_tied_ranks(rows),
        is_first_page=_key() is None,
    )


def _chosen_month(months: list[ScoreMonth]) -> ScoreMonth | None:
    """The month asked for; else the newest sealed one, else the newest."""
    asked = request.args.get("month")
    sealed = [m for m in months if m.state == "sealed"]
    return next((m for m in months if m.month == asked), (sealed or months or [None])[0])


def _units_to_choose() -> dict[str, list[OrgUnit]]:
    """The units whose boards this actor may open, by kind: all of them, or those below their grants."""
    scope = scope_of(current_actor(), Permission.LEADERBOARD_READ)
    units = OrgUnit.select().where(OrgUnit.kind.in_([k.value for k in BOARD_KINDS]))
    if not scope.everything:
        units = units.where(OrgUnit.id.in_(units_within(scope)))
    listed = list(units.order_by(OrgUnit.name_hi, OrgUnit.name_en))
    by_kind = {kind.value: [u for u in listed if u.kind == kind] for kind in BOARD_KINDS}
    return {"state": [state()] if scope.everything else [], **by_kind}


def _chosen_unit(choices: dict[str, list[OrgUnit]]) -> OrgUnit | None:
    offered = [unit for units in choices.values() for unit in units]
    asked = request.args.get("unit", type=int)
    if asked is not None and asked not in {unit.id for unit in offered}:
        raise NotThere("not_there")
    return next((unit for unit in offered if unit.id == asked), offered[0] if offered else None)


def _chosen_class() -> str:
    asked = request.args.get("class", "")
    return asked if asked in set(StateClass) else ""


def _key() -> queries.Key | None:
    rank, officer = asked_number("after_rank"), asked_number("after_id")
    if rank is None or officer is None:
        return None
    return queries.Key(rank, request.args.get("after_name", "").replace("\0", ""), officer)


def _next_page(rows: list[queries.Standing]) -> str | None:
    if len(rows) <= PAGE:
        return None
    key = rows[PAGE - 1].key
    kept = {name: request.args[name] for name in ("month", "unit", "class") if name in request.args}
    return url_for(".leaderboard", **kept, after_rank=key.rank_state, after_name=key.name, after_id=key.officer_id)


def _tied_ranks(rows: list[queries.Standing]) -> set[int]:
    """The ranks that several share, also with a row of the page before or after."""
    ranks, before = Counter(row.rank for row in rows), _key()
    if before and rows and rows[0].key.rank_state == before.rank_state:
        ranks[rows[0].rank] += 1
    return {rank for rank, count in ranks.items() if count > 1}


# Months


@blueprint.get("/months")
@requires(Permission.SCORES_RUN, Permission.SCORES_SEAL, Permission.TRAIL_READ)
def months() -> str:
    listed = queries.months_scored()
    runs = JobRun.select().where(JobRun.job == RUN).order_by(JobRun.id.desc()).limit(5)
    return render_template(
        "scores/months.html",
        months=listed,
        runs=list(runs),
        to_run=[(m, month_name(m)) for m in _months_to_run(listed)],
    )


def _months_to_run(listed: list[ScoreMonth]) -> list[str]:
    """Months a policy covers, up to the running one, that are not sealed; newest first, two years at most."""
    policies = queries.published_policies()
    if not policies:
        return []
    first = max(min(p.effective_from for p in policies), Month.of(today()).plus(-24))
    sealed = {m.month for m in listed if m.state == "sealed"}
    month, found = Month.of(today()), []
    while month >= first:
        found += [str(month)] if str(month) not in sealed else []
        month = month.previous
    return found


@blueprint.post("/months")
@requires(Permission.SCORES_RUN)
def run_month() -> Response:
    """Queue the computing of a month; the worker does it, since a whole State takes a while."""
    month = _month_or_404(request.form.get("month", ""))
    enqueue(RUN, f"{month}@{now():%Y%m%d%H%M%S}", by=current_actor())
    flash(_("The month is being computed. This page shows when it is done."), "success")
    return redirect(url_for(".months"))


@blueprint.get("/months/<month>")
@requires(Permission.SCORES_RUN, Permission.SCORES_SEAL, Permission.TRAIL_READ)
def month(month: str) -> str:
    row = _score_month(month)
    return render_template(
        "scores/month.html",
        row=row,
        ends_on=Month.parse(row.month).last_on,
        grace_until=Month.parse(row.month).last_on + timedelta(days=row.policy.grace_days),
        steps=[step for step in open_steps(SCORE_MONTH, row, by=current_actor()) if step.action in VERBS],
        taken=timeline(steps_taken(SCORE_MONTH, row)),
    )


@blueprint.post("/months/<month>/<action>")
@requires(Permission.SCORES_PROPOSE_SEAL, Permission.SCORES_SEAL)
def take_step(month: str, action: str) -> Response:
    row = _score_month(month)
    if action not in VERBS:
        raise NotThere("not_there")
    VERBS[action](Month.parse(row.month), by=current_actor())
    flash(_("Done. The step is on the trail."), "success")
    return redirect(url_for(".month", month=month))


@blueprint.get("/months/progress/<int:run_id>")
@requires(Permission.SCORES_RUN, Permission.SCORES_SEAL, Permission.TRAIL_READ)
def progress(run_id: int) -> Response:
    run = visible_or_404(JobRun.select().where((JobRun.id == run_id) & (JobRun.job == RUN)))
    busy = run.state in {JobState.QUEUED, JobState.RUNNING}
    return jsonify(done=run.progress, total=1000, text=_("At work"), finished=not busy, url=url_for(".months"))


def _month_or_404(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise NotThere("not_there") from None


def _score_month(text: str) -> ScoreMonth:
    return visible_or_404(ScoreMonth.select().where(ScoreMonth.month == str(_month_or_404(text))))


# The policy


@blueprint.get("/score-policy")
@requires(Permission.POLICIES_READ)
def policy() -> str:
    """Every published version, newest first: what each rule counts, for how many points, how often."""
    return render_template("scores/policy.html", policies=list(reversed(queries.published_policies())))
