"""What waits for one person: a number for each kind of work, and since when the oldest waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries import review_queue
from karmyogi.awards.models import Corrigendum
from karmyogi.awards.queries import corrigenda_drafted
from karmyogi.awards.rules import CORRIGENDUM
from karmyogi.completions.models import Flag
from karmyogi.completions.queries import flags_to_confirm, flags_to_judge
from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.nominations.models import Nomination
from karmyogi.nominations.queries import pending_with
from karmyogi.people.models import NameCorrection
from karmyogi.people.queries import corrections_to_review
from karmyogi.reports.models import QueuedPerson
from karmyogi.reports.queries import imports_for, waiting_for
from karmyogi.scores.models import Correction, Dispute, PolicyDraft, ScoreHold, ScoreMonth
from karmyogi.scores.queries import corrections_to_approve, disputes_to_settle, disputes_waiting, holds_to_confirm
from karmyogi.scores.rules import POLICY_DRAFT, SCORE_MONTH
from karmyogi.store.db import Moment
from karmyogi.store.imports import Import, ImportState
from karmyogi.store.transitions import touched_by


@dataclass(frozen=True)
class Pending:
    """A number of things of one kind that wait for this person; `since` is the day from which the oldest waits."""

    code: str
    count: int
    since: date | None = None


def pending(actor: Actor, *, on: date) -> list[Pending]:
    """What waits for this person, the longest waiting first; only what is not zero."""
    found = [
        *_nominations(actor),
        *_corrigenda(actor),
        *_certificates(actor),
        *_names(actor),
        *_flags(actor),
        *_disputes(actor, on),
        *_holds(actor),
        *_months(actor, on),
        *_corrections(actor),
        *_policies(actor),
        *_imports(actor),
    ]
    return sorted((one for one in found if one.count), key=lambda one: (one.since or date.max, one.code))


def _nominations(actor: Actor) -> Iterator[Pending]:
    """By the state in which they wait: each is another kind of work."""
    begun = peewee.fn.MIN(peewee.fn.COALESCE(Nomination.submitted_at, Nomination.opened_at))
    waiting = pending_with(actor).select(Nomination.state, peewee.fn.COUNT(Nomination.id), begun)
    for state, count, since in waiting.group_by(Nomination.state).order_by().tuples():
        yield Pending(f"nominations_{state}", count, _day(since))


def _corrigenda(actor: Actor) -> Iterator[Pending]:
    if can(actor, Permission.CORRIGENDA_ISSUE):
        counted = peewee.fn.COUNT(Corrigendum.id), peewee.fn.MIN(Corrigendum.drafted_at)
        others = corrigenda_drafted().where(~touched_by(actor, CORRIGENDUM, Corrigendum.id))
        count, since = others.select(*counted).order_by().tuples().get()
        yield Pending("corrigenda", count, _day(since))


def _certificates(actor: Actor) -> Iterator[Pending]:
    counted = peewee.fn.COUNT(Achievement.id), peewee.fn.MIN(Achievement.submitted_at)
    if can(actor, Permission.ACHIEVEMENTS_REVIEW):
        count, since = review_queue(actor).select(*counted).order_by().tuples().get()
        yield Pending("certificates", count, _day(since))
    if actor.officer_id is not None:
        mine = (Achievement.officer == actor.officer_id) & (Achievement.state == "returned")
        count, since = Achievement.select(*counted).where(mine).tuples().get()
        yield Pending("own_certificates", count, _day(since))


def _names(actor: Actor) -> Iterator[Pending]:
    if can(actor, Permission.NAMES_REVIEW):
        counted = peewee.fn.COUNT(NameCorrection.id), peewee.fn.MIN(NameCorrection.requested_at)
        count, since = corrections_to_review(actor).select(*counted).order_by().tuples().get()
        yield Pending("names", count, _day(since))


def _flags(actor: Actor) -> Iterator[Pending]:
    """Since the day on which the oldest was raised; the doubted ones only for a second person."""
    if can(actor, Permission.FLAGS_JUDGE):
        yield _since_their_import(flags_to_judge(actor), "flags")
    if can(actor, Permission.FLAGS_CONFIRM):
        yield _since_their_import(flags_to_confirm(actor), "flags_doubted")


def _since_their_import(flags: peewee.ModelSelect, code: str) -> Pending:
    counted = peewee.fn.COUNT(Flag.id), peewee.fn.MIN(Import.received_at)
    origin = Flag.import_id == Import._meta.fields["id"]
    count, since = flags.select(*counted).join(Import, peewee.JOIN.LEFT_OUTER, on=origin).tuples().get()
    return Pending(code, count, _day(since))


def _disputes(actor: Actor, on: date) -> Iterator[Pending]:
    if can(actor, Permission.DISPUTES_ANSWER):
        counted = peewee.fn.COUNT(Dispute.id), peewee.fn.MIN(peewee.fn.COALESCE(Dispute.answered_at, Dispute.raised_at))
        count, since = disputes_waiting(actor, on=on).select(*counted).order_by().tuples().get()
        yield Pending("disputes", count, _day(since))


def _holds(actor: Actor) -> Iterator[Pending]:
    """Proposals to hold a score, for the second person."""
    if can(actor, Permission.HOLDS_CONFIRM):
        counted = peewee.fn.COUNT(ScoreHold.id), peewee.fn.MIN(ScoreHold.proposed_at)
        count, since = holds_to_confirm(actor).select(*counted).order_by().tuples().get()
        yield Pending("holds", count, _day(since))


def _months(actor: Actor, on: date) -> Iterator[Pending]:
    """Months that are over and not sealed: to be proposed by one hand, sealed by another."""
    over = ScoreMonth.select().where((ScoreMonth.month < str(Month.of(on))) & (ScoreMonth.officer_count > 0))
    if can(actor, Permission.SCORES_PROPOSE_SEAL):
        yield _since_the_end_of(over.where(ScoreMonth.state == "provisional"), "months_propose")
    if can(actor, Permission.SCORES_SEAL):
        yield _since_the_end_of(
            over.where((ScoreMonth.state == "proposed") & ~touched_by(actor, SCORE_MONTH, ScoreMonth.id)),
            "months_seal",
        )


def _corrections(actor: Actor) -> Iterator[Pending]:
    """Corrections for the second person; for GAD those to propose, and what has to be entered, since the decision."""
    if can(actor, Permission.CORRECTIONS_APPROVE):
        counted = peewee.fn.COUNT(Correction.id), peewee.fn.MIN(Correction.computed_at)
        count, since = corrections_to_approve(actor).select(*counted).order_by().tuples().get()
        yield Pending("corrections_approve", count, _day(since))
    if can(actor, Permission.CORRECTIONS_OPEN):
        drafted = Correction.select(peewee.fn.COUNT(Correction.id), peewee.fn.MIN(Correction.computed_at))
        count, since = drafted.where(Correction.state == "correction_drafted").tuples().get()
        yield Pending("corrections_propose", count, _day(since))
        counted = peewee.fn.COUNT(Dispute.id), peewee.fn.MIN(Dispute.ended_at)
        count, since = disputes_to_settle().select(*counted).order_by().tuples().get()
        yield Pending("disputes_upheld", count, _day(since))


def _policies(actor: Actor) -> Iterator[Pending]:
    """Drafts of the policy: to be published by one who has had no hand in them, or to be written anew."""
    counted = peewee.fn.COUNT(PolicyDraft.id), peewee.fn.MIN(PolicyDraft.drafted_at)
    if can(actor, Permission.POLICIES_PUBLISH):
        submitted = (PolicyDraft.state == "submitted") & ~touched_by(actor, POLICY_DRAFT, PolicyDraft.id)
        count, since = PolicyDraft.select(*counted).where(submitted).tuples().get()
        yield Pending("policies_publish", count, _day(since))
    if can(actor, Permission.POLICIES_DRAFT):
        for state in ("draft", "returned"):
            count, since = PolicyDraft.select(*counted).where(PolicyDraft.state == state).tuples().get()
            yield Pending(f"policies_{state}", count, _day(since))


def _since_the_end_of(months: peewee.ModelSelect, code: str) -> Pending:
    waiting = [Month.parse(month) for (month,) in months.select(ScoreMonth.month).tuples()]
    return Pending(code, len(waiting), min(waiting).last_on if waiting else None)


def _imports(actor: Actor) -> Iterator[Pending]:
    if can(actor, Permission.REPORTS_IMPORT):
        mine = imports_for(actor, Permission.REPORTS_IMPORT)
        checked = mine.select(peewee.fn.COUNT(Import.id), peewee.fn.MIN(Import.received_at))
        count, since = checked.where(Import.state == ImportState.CHECKED.value).tuples().get()
        yield Pending("imports", count, _day(since))
        waiting = waiting_for(actor).select(peewee.fn.COUNT(QueuedPerson.id), peewee.fn.MIN(QueuedPerson.since))
        count, since = waiting.order_by().tuples().get()
        yield Pending("queue", count, _day(since))


def _day(value: object) -> date | None:
    """The day in India of a least moment, which SQLite gives as text."""
    found = Moment().python_value(value)
    return found.astimezone(IST).date() if isinstance(found, datetime) else None
