"""What is done at which time, and what people may queue: two tables, and the verbs of other rooms behind them.

Several nights missed are one night: a job rings for its last time only, and
its verb looks for whatever was left open meanwhile.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from karmyogi.accounts import service as accounts
from karmyogi.accounts.models import User
from karmyogi.achievements import service as achievements
from karmyogi.audit import service as audit
from karmyogi.core.errors import NotAllowed, PolicyGap, RuleBroken
from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.core.reasons import N_
from karmyogi.reports import queries as reported
from karmyogi.reports import service as reports
from karmyogi.scores import queries as scored
from karmyogi.scores import service as scores
from karmyogi.scores.models import Correction
from karmyogi.store import backups, heartbeats, jobs
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Bundle, Import
from karmyogi.store.jobs import BY_HAND, JobRun

KEPT = timedelta(days=400)
UNFINISHED = timedelta(days=3)
Files = Callable[[], PrivateFiles]
Work = Callable[[JobRun, Files], object]


@dataclass(frozen=True)
class Timed:
    """A job with a time: when it rings, for which periods it is due then, the verb it calls, and all this in words."""

    name: str
    when: CronTrigger
    periods: Callable[[date], Iterable[str]]
    work: Work
    what: str
    at_times: str
    is_on: Callable[[], bool] = lambda: True  # whether this installation has it at all

    def next_ring(self, at: datetime) -> datetime:
        """The first moment after `at` at which it rings."""
        return self.when.get_next_fire_time(None, at + timedelta(microseconds=1)).astimezone(IST)

    def last_ring(self, at: datetime) -> datetime:
        """The last moment up to `at` at which it rang; every job rings at least once a month."""
        for days in (2, 32):
            rang = self._rings(at - timedelta(days=days), at)
            if rang:
                break
        return rang[-1]

    def _rings(self, first: datetime, last: datetime) -> list[datetime]:
        rang, one = [], self.when.get_next_fire_time(None, first)
        while one <= last:
            rang.append(one.astimezone(IST))
            one = self.when.get_next_fire_time(one, one)
        return rang


def tonight(on: date) -> list[str]:
    return [on.isoformat()]


def months_over(on: date) -> list[str]:
    return [str(month) for month in scored.months_to_finish(on)]


def score_night(run: JobRun, _files: Files) -> object:
    """The running month, for the time being; the one before as well while it waits to be sealed."""
    month = Month.of(date.fromisoformat(run.about))
    past = [month.previous] if _is_worth_computing(month.previous, run) else []
    return _compute([*past, month], run)


def finish_month(run: JobRun, _files: Files) -> object:
    """A month that is over, computed to its last day; what is due to be sealed is computed by the sealing."""
    month = Month.parse(run.about)
    return _compute([month] if _is_worth_computing(month, run) else [], run)


def _is_worth_computing(month: Month, run: JobRun) -> bool:
    """Open, not about to be sealed, and not computed today: after days of downtime several jobs come together.

    What a person asks for by hand is computed again.
    """
    day, by_hand = _day(run), BY_HAND in run.period
    is_left = scored.is_open(month) and month not in scored.months_due_to_seal(day)
    return is_left and (by_hand or not scored.computed_on(month, day))


def _compute(months: list[Month], run: JobRun) -> dict[str, object]:
    done = []
    for place, month in enumerate(months):
        pace = scores.Pace(run, 990 * place // len(months), 990 * (place + 1) // len(months))
        with suppress(PolicyGap, RuleBroken):  # before the first policy, or sealed meanwhile
            scores.run_month(month, by=SYSTEM, at=run.started_at, pace=pace)
            done.append(str(month))
    return {"computed": done}


def seal_due_months(run: JobRun, _files: Files) -> object:
    """Seal months whose grace days are over and that no person has sealed, oldest first: the catch-up."""
    return {"sealed": scores.seal_due_months(by=SYSTEM, at=run.started_at)}


def add_up_periods(run: JobRun, _files: Files) -> object:
    """Add up the quarters and years of which a month counts otherwise than when they were added up last."""
    return {"added_up": scores.add_up(by=SYSTEM, at=run.started_at, pace=scores.Pace(run))}


def prove_at_night(run: JobRun, _files: Files) -> None:
    """Walk the trail and prove every seal."""
    audit.prove(run, by=SYSTEM)


def trim(run: JobRun, _files: Files) -> object:
    """Forget what ended more than 400 days ago; the trail keeps who asked for what."""
    before = run.started_at - KEPT
    heartbeats.trim(before)
    return {"removed": jobs.trim(before)}


def sweep_uploads(run: JobRun, files: Files) -> object:
    """Remove uploads whose form was never finished: the form itself takes them up for a day and no longer."""
    before, kept = run.started_at - UNFINISHED, files()
    return {"swept": achievements.sweep_kept(kept, before=before) + kept.sweep(before=before)}


def has_place_for_backups() -> bool:
    return backups.plan().folder is not None


def back_up(run: JobRun, files: Files) -> object:
    """Back up all there is while everybody works, then let go of backups that have outlived their time."""
    kept = files()

    def alive() -> None:
        jobs.progress(run, BACKING_UP)

    made = backups.make(kept, backups.plan(), by=_who_asked(run), at=run.started_at, alive=alive)
    return made.result | {"removed": len(backups.thin(backups.plan(), at=run.started_at))}


def _day(run: JobRun) -> date:
    return run.started_at.astimezone(IST).date()


ON_THE_FIRST = CronTrigger(day=1, hour=1, minute=30, timezone=IST)
AT_NIGHT = CronTrigger(hour=2, minute=30, timezone=IST)
AFTER_SCORING = CronTrigger(hour=3, minute=30, timezone=IST)
AFTER_SEALING = CronTrigger(hour=4, minute=0, timezone=IST)
BACKING_UP = 500  # thousandths: nobody knows beforehand how far it is
AT_DAWN = CronTrigger(hour=5, minute=30, timezone=IST)
BEFORE_MORNING = CronTrigger(hour=4, minute=30, timezone=IST)
AT_THE_END_OF_THE_NIGHT = CronTrigger(hour=5, minute=0, timezone=IST)
EVERY_NIGHT_AT = N_("Every night at %(time)s")
BACKUP = "backup"
# In the order in which they are caught up: what is sealed need not be computed again.
SCHEDULE = (
    Timed(
        "seal-due",
        AFTER_SCORING,
        tonight,
        seal_due_months,
        N_("Computes and seals the months whose days of grace are over and that nobody has sealed, oldest first."),
        EVERY_NIGHT_AT,
    ),
    Timed(
        "periods-night",
        AFTER_SEALING,
        tonight,
        add_up_periods,
        N_("Adds up the quarters and financial years whose sealed months have changed, by a seal or a correction."),
        EVERY_NIGHT_AT,
    ),
    Timed(
        "month-end",
        ON_THE_FIRST,
        months_over,
        finish_month,
        N_("Computes the month that has just ended, up to its last day."),
        N_("On the 1st of each month at %(time)s"),
    ),
    Timed(
        "score-night",
        AT_NIGHT,
        tonight,
        score_night,
        N_("Computes the running month for the time being, and the month before while it is not sealed."),
        EVERY_NIGHT_AT,
    ),
    Timed(
        "trim-jobs",
        BEFORE_MORNING,
        tonight,
        trim,
        N_("Removes jobs that ended more than 400 days ago from this list. The trail keeps who asked for them."),
        EVERY_NIGHT_AT,
    ),
    Timed(
        "sweep-uploads",
        BEFORE_MORNING,
        tonight,
        sweep_uploads,
        N_("Removes certificate images that were uploaded more than three days ago and belong to no achievement."),
        EVERY_NIGHT_AT,
    ),
    Timed(
        BACKUP,
        AT_THE_END_OF_THE_NIGHT,
        tonight,
        back_up,
        N_("Backs up the database and the private files, and removes backups that have outlived their time."),
        EVERY_NIGHT_AT,
        is_on=has_place_for_backups,
    ),
    Timed(
        "proof-night",
        AT_DAWN,
        tonight,
        prove_at_night,
        N_("Walks the trail from its first entry to its last and proves the seal of every month."),
        EVERY_NIGHT_AT,
    ),
)


# What people queue

SCORE = scores.COMPUTE


def check_import(run: JobRun, files: Files) -> object:
    """Look at what an import would do."""
    origin = Import.get_by_id(int(run.period))
    return reports.counts(reports.check(origin, files(), run=run))


def apply_import(run: JobRun, files: Files) -> None:
    """Apply an import on behalf of the person who asked; certificates that waited for it may now match."""
    origin = Import.get_by_id(int(run.period))
    reports.apply(origin, files(), by=_who_asked(run), run=run)
    achievements.match_waiting()


def apply_bundle(run: JobRun, files: Files) -> object:
    """Apply what came in together, file by file, on behalf of the person who asked."""
    told = reports.apply_all(Bundle.get_by_id(int(run.period)), files(), by=_who_asked(run), run=run)
    achievements.match_waiting()
    return told


def undo_import(run: JobRun, _files: Files) -> None:
    """Take an import back on behalf of the person who asked."""
    reports.undo(Import.get_by_id(int(run.period)), by=_who_asked(run), run=run)


def retry_queue(run: JobRun, files: Files) -> object:
    """Try all again who wait for the answer of the person who asked."""
    who = _who_asked(run)
    if who is SYSTEM:  # whose account is gone answers nothing, and nobody's reach is the whole State for that
        raise NotAllowed("not_allowed")
    return reports.retry_all(list(reported.waiting_for(who)), files(), by=who, at=run.started_at)


def score_month(run: JobRun, _files: Files) -> object:
    """Compute one month that a person asked for; the period is `2026-01@` and the moment of asking."""
    row = scores.run_month(Month.parse(run.about), by=_who_asked(run), pace=scores.Pace(run))
    return {"officers": row.officer_count, "run_id": row.run_id}


def correct_month(run: JobRun, _files: Files) -> object:
    """Compute a correction of a sealed month on behalf of the person who asked; the period is as for a month."""
    case = scores.draft_correction(Month.parse(run.about), by=_who_asked(run), pace=scores.Pace(run))
    return {"correction": case.id, "state": case.state}


def approve_correction(run: JobRun, _files: Files) -> object:
    """Approve a correction on behalf of the person who asked; the period is its id and the moment of asking."""
    case = scores.approve_correction(Correction.get_by_id(int(run.about)), by=_who_asked(run))
    return {"correction": case.id, "state": case.state}


def add_up_month(run: JobRun, _files: Files) -> object:
    """Add up the quarter and the year of a month that was sealed or corrected; the period is as for a month.

    It is the work of nobody's decision: the rows follow from the sealed ones.
    """
    months = [Month.parse(run.about)]
    return {"added_up": scores.add_up(months, by=SYSTEM, at=run.started_at, pace=scores.Pace(run))}


def propose_month(run: JobRun, _files: Files) -> object:
    """Propose to seal a month on behalf of the person who asked, once it was computed without any difference."""
    return {"proposed": [scores.take_step(run, by=_who_asked(run)).month]}


def seal_month(run: JobRun, _files: Files) -> object:
    """Seal a month on behalf of the person who asked, once it was computed without any difference."""
    return {"sealed": [scores.take_step(run, by=_who_asked(run)).month]}


def prove(run: JobRun, _files: Files) -> None:
    """Prove the trail and every seal for whoever asked; the period is what to lay beside today's records, and when."""
    audit.prove(run, run.about, by=_who_asked(run))


def try_draft(run: JobRun, _files: Files) -> object:
    """Try a draft of the policy on sealed months; the period is the draft, the months and the moment of asking."""
    return scores.try_draft(run)


def send_password_letter(run: JobRun, _files: Files) -> object:
    """Make a one-time code and send it to its owner; the period is the account's number, 0 for none, and the minute.

    The row of the job never holds the code nor to whom it went. A letter that cannot be sent leaves a code that nobody
    knows, and the person asks again.
    """
    return {"letters": accounts.send_letter(int(run.about))}


def send_factor_letter(run: JobRun, _files: Files) -> object:
    """Tell the owner of an account that its second factor was removed; the period is its number and the moment."""
    return {"letters": accounts.send_notice(int(run.about))}


def _who_asked(run: JobRun) -> Actor:
    """The person behind the work, with the roles they hold today, so that the trail names them; else the system.

    An account that was closed meanwhile holds none.
    """
    user = User.get_or_none(User.id == run.requested_by) if run.requested_by else None
    if user and not user.is_active:
        return accounts.actor_with(user, ())
    return accounts.actor_of(user, on=_day(run)) if user else SYSTEM


QUEUED: dict[str, Work] = {
    reports.CHECK: check_import,
    reports.APPLY: apply_import,
    reports.APPLY_ALL: apply_bundle,
    reports.UNDO: undo_import,
    reports.RETRY: retry_queue,
    SCORE: score_month,
    scores.PROPOSE: propose_month,
    scores.SEAL: seal_month,
    scores.TRY: try_draft,
    audit.PROVE: prove,
    scores.CORRECT: correct_month,
    scores.APPROVE: approve_correction,
    scores.ADD_UP: add_up_month,
    accounts.RESET: send_password_letter,
    accounts.FACTOR_GONE: send_factor_letter,
}


def timed(name: str) -> Timed | None:
    """The timed job of this name, if this installation has it."""
    return next((job for job in SCHEDULE if job.name == name and job.is_on()), None)


def work_of(name: str) -> Work | None:
    """What is to be done for a job of this name, timed or queued; None if there is none of that name."""
    job = timed(name)
    return job.work if job else QUEUED.get(name)
