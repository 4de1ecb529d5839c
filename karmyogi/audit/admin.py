"""Registers of oversight: the trail, the steps of cases, and the runs of jobs."""

import peewee
from flask_babel import gettext

from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import N_
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.trail import TrailEntry
from karmyogi.store.transitions import CaseStep
from karmyogi.web.filters import From, OneOf, Until, Whole
from karmyogi.web.labels import OVERSIGHT
from karmyogi.web.registers import Register
from karmyogi.web.trails import revealed
from karmyogi.web.values import as_change, as_thousandths

CASES = {
    "achievement": N_("Achievement"),
    "nomination": N_("Nomination"),
    "score_month": N_("Scored month"),
    "correction": N_("Correction of a sealed month"),
    "policy_draft": N_("Draft of the scoring policy"),
    "dispute": N_("Dispute of points"),
    "score_hold": N_("Score on hold"),
    "award": N_("Award given"),
    "document": N_("Issued document"),
    "corrigendum": N_("Corrigendum"),
    "name_correction": N_("Correction of a name"),
    "flag": N_("Flagged completion"),
}


def as_case(workflow: str) -> str:
    """What the cases of a workflow are called; its code if it has no word yet."""
    return gettext(CASES[workflow]) if workflow in CASES else workflow


class TrailEntries(Register):
    """Who did what to which record, and why; nobody can change it, and a change would show."""

    table = TrailEntry
    title = N_("Trail")
    group = OVERSIGHT
    slug = "trail"
    read = Permission.TRAIL_READ
    column_list = ("action", "at", "actor", "subject", "subject_id", "remark")
    column_details_list = (*column_list, "change", "seq", "previous_hash", "hash", "link")
    column_labels = {"subject": N_("Table")}
    column_plain = ("subject_id", "seq")
    column_formatters = {"change": as_change}
    column_filters = (
        From(TrailEntry.at, N_("When")),
        Until(TrailEntry.at, N_("When")),
        Whole(TrailEntry.subject_id, N_("Number of the record")),
    )
    search_codes = (TrailEntry.action, TrailEntry.subject)
    search_hint = N_("The whole name of an act or of a table, as the list writes it")

    def finish(self, rows: list[TrailEntry]) -> None:
        revealed(rows)


class CaseSteps(Register):
    """Every step taken on every case, and by whose hand."""

    table = CaseStep
    title = N_("Steps of cases")
    group = OVERSIGHT
    slug = "steps"
    read = Permission.TRAIL_READ
    column_list = ("action", "workflow", "case_id", "actor", "at", "to_state", "remark")
    column_details_list = ("action", "workflow", "case_id", "from_state", "to_state", "actor", "at", "remark")
    column_labels = {"action": N_("Step")}
    column_words = ("action", "from_state", "to_state")
    column_formatters = column_formatters_export = {"workflow": as_case}
    column_plain = ("case_id",)
    column_filters = (
        OneOf(CaseStep.workflow, N_("Case"), CASES, as_case),
        Whole(CaseStep.case_id, N_("Number of the case")),
        From(CaseStep.at, N_("When")),
        Until(CaseStep.at, N_("When")),
    )


class JobRuns(Register):
    """Work done in the background. Of a fault only its kind is told: its text may hold anybody's data."""

    table = JobRun
    title = N_("Jobs")
    group = OVERSIGHT
    slug = "jobs"
    read = Permission.JOBS_READ
    column_list = ("job", "period", "state", "progress", "attempts", "queued_at", "finished_at")
    column_details_list = (*column_list, "started_at", "error")
    column_words = ("state",)
    column_formatters = {"progress": as_thousandths}
    column_filters = (
        OneOf(JobRun.state, N_("Status"), [state.value for state in JobState]),
        From(JobRun.queued_at, N_("Asked for")),
        Until(JobRun.queued_at, N_("Asked for")),
    )
    search_codes = (JobRun.job, JobRun.period)
    search_hint = N_("The whole name of a job, or a period")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        shown = [getattr(JobRun, name) for name in ("id", *self.column_details_list)]
        return JobRun.select(*shown)

    def finish(self, rows: list[JobRun]) -> None:
        for run in rows:
            run.error = run.error and run.error.partition(":")[0]


VIEWS = (TrailEntries, CaseSteps, JobRuns)
