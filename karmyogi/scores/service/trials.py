"""Trying a draft on sealed months, in the background: what it finds is kept with the draft and touches no score."""

from datetime import datetime

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.scores import queries, rules
from karmyogi.scores.models import PolicyDraft, PolicyTrial
from karmyogi.scores.rules import terms_from
from karmyogi.scores.service.checks import refuse
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun, enqueue, progress
from karmyogi.store.trail import record

TRY = "policy-trial"
MOST_MONTHS = 12

declare(
    trial_without_month=N_("No month is sealed yet, so there is none to try the draft on."),
    trial_months_wrong=N_("A draft is tried on 1 to %(most)s months."),
)


def ask_for_trial(draft: PolicyDraft, months: int, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the trial of a draft on so many of the last sealed months; the worker makes it.

    Raises NotAllowed for whoever neither drafts nor publishes; RuleBroken for a draft that could score nobody, and
    before a first month is sealed.
    """
    at = at or now()
    if not (can(by, Permission.POLICIES_DRAFT) or can(by, Permission.POLICIES_PUBLISH)):
        raise NotAllowed(reason("not_allowed"))
    if not 1 <= months <= MOST_MONTHS:
        raise RuleBroken(reason("trial_months_wrong", most=MOST_MONTHS))
    refuse(rules.faults_of(terms_from(draft.terms).as_policy(draft.base + 1)))
    if not queries.last_sealed(1):
        raise RuleBroken(reason("trial_without_month"))
    with database.atomic():
        record(by, "policy_draft.try", draft, {"version": draft.version, "months": months}, at=at)
        return enqueue(TRY, f"{draft.id}:{months}@{at:%Y%m%d%H%M%S%f}", by=by, at=at)


def try_draft(run: JobRun) -> dict[str, object]:
    """Try a draft on the months asked for, one after the other; each is kept as soon as it is known.

    Called off between two months, what was found stays. Raises RuleBroken if the draft has been spoilt meanwhile.
    """
    draft_id, months = (int(part) for part in run.about.split(":"))
    draft = PolicyDraft.get_by_id(draft_id)
    drafted = terms_from(draft.terms).as_policy(draft.base + 1)
    refuse(rules.faults_of(drafted))
    versions = {policy.number: policy for policy in queries.published_policies()}
    asked = queries.last_sealed(months)
    for done, (month, number) in enumerate(asked):
        progress(run, 1000 * done // len(asked))
        _keep(draft, month, number, queries.tried(month, versions[number], drafted), run.started_at)
    return {"months": [str(month) for month, _number in asked]}


def _keep(draft: PolicyDraft, month: Month, number: int, trial: rules.Trial, at: datetime) -> None:
    facts = {"version": draft.version, "against": number, "found": trial.as_data(), "made_at": at}
    with database.atomic():
        PolicyTrial.delete().where((PolicyTrial.draft == draft.id) & (PolicyTrial.month == str(month))).execute()
        PolicyTrial.create(draft=draft, month=str(month), **facts)
