"""What a draft of the policy would have made of sealed months: asked for here, computed by the worker."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import can
from karmyogi.scores import queries, service
from karmyogi.scores.forms import said
from karmyogi.scores.models import PolicyDraft, PolicyTrial
from karmyogi.scores.rules import OTHERS, POLICY_DRAFT, Moved, Trial, trial_from
from karmyogi.scores.service import TRY
from karmyogi.scores.views.address import blueprint
from karmyogi.scores.views.drafts import DRAFT, PUBLISH, READ, draft_of
from karmyogi.scores.views.working import how_far
from karmyogi.store.jobs import JobRun
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import number_in
from karmyogi.web.i18n import local, month_name, word

MONTHS = (1, 3, 6, 12)


@blueprint.get("/score-policy/drafts/<int:draft_id>/what-if")
@requires(*READ)
def trials(draft_id: int) -> str:
    """What was tried, the latest month first unless another is asked for."""
    return _page(draft_of(draft_id))


@blueprint.post("/score-policy/drafts/<int:draft_id>/what-if")
@requires(DRAFT, PUBLISH)
def try_draft(draft_id: int) -> Response | tuple[str, int]:
    """Queue the trial; the worker makes it, since a whole State takes a while."""
    case = draft_of(draft_id)
    try:
        service.ask_for_trial(case, number_in(request.form.get("months", "")) or 0, by=current_actor())
    except RuleBroken as error:
        return _page(case, refused=[said(one) for one in error.reasons]), error.status
    flash(_("The draft is being tried. This page shows what it comes to when it is done."), "success")
    return redirect(url_for(".trials", draft_id=case.id))


@blueprint.get("/score-policy/drafts/<int:draft_id>/what-if/progress/<int:run_id>")
@requires(*READ)
def trial_progress(draft_id: int, run_id: int) -> Response:
    case = draft_of(draft_id)
    mine = (JobRun.id == run_id) & (JobRun.job == TRY) & JobRun.period.startswith(f"{case.id}:")
    run = visible_or_404(JobRun.select().where(mine))
    return how_far(run, url_for(".trials", draft_id=case.id))


def _page(case: PolicyDraft, *, refused: list[str] | None = None) -> str:
    listed = queries.trials_of(case)
    row = next((one for one in listed if one.month == request.args.get("month")), listed[0] if listed else None)
    trial = trial_from(row.found) if row else None
    return render_template(
        "scores/what_if.html",
        case=case,
        tabs=_tabs(case, listed, row),
        row=row,
        trial=trial,
        groups=_groups(trial) if trial else [],
        points=_bars(trial) if trial else ([], []),
        ceiling=max((count or 0 for step in trial.spread for count in step[2:]), default=0) if trial else 0,
        run=queries.trial_running(case, TRY),
        choices=[(months, _months(months)) for months in MONTHS],
        may_try=_may_try(case),
        refused=refused or [],
    )


def _tabs(case: PolicyDraft, listed: list[PolicyTrial], row: PolicyTrial | None) -> list[dict[str, object]]:
    """A link to each month that was tried."""
    return [
        {
            "label": month_name(one.month),
            "url": url_for(".trials", draft_id=case.id, month=one.month),
            "current": one is row,
        }
        for one in listed
    ]


def _may_try(case: PolicyDraft) -> bool:
    actor = current_actor()
    return case.state not in POLICY_DRAFT.ends and (can(actor, DRAFT) or can(actor, PUBLISH))


def _months(count: int) -> str:
    return ngettext("The last sealed month", "The last %(num)s sealed months", count)


def _groups(trial: Trial) -> list[tuple[str, list[tuple[str, Moved]]]]:
    """The groups of each kind with the names of their rows, in the reader's language."""
    units = queries.names_in(trial)
    return [
        (text, [(_name(one, local(units.get(one.key), "name")), one) for one in trial.by.get(kind, ())])
        for kind, text in (
            ("class", _("By class")),
            ("gender", _("By gender")),
            ("district", _("By district")),
            ("department", _("By department")),
        )
    ]


def _name(group: Moved, unit: str) -> str:
    if group.key == OTHERS:
        return _("Smaller groups together")
    return unit or (word(str(group.key)) if group.key else _("not known"))


def _bars(trial: Trial) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The two plots, before and after, over the same steps; a step that is not told is a gap."""
    before, after = [], []
    for first, last, was, now in trial.spread:
        step = {"label": str(first), "name": str(first) if first == last else f"{first}–{last}"}
        before.append(step | {"value": was})
        after.append(step | {"value": now})
    return before, after
