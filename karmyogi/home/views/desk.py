"""The desk below: one section for each thing a person may do, so that several roles stand on one page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from karmyogi.accounts.admin import Users
from karmyogi.accounts.models import User
from karmyogi.accounts.queries import counts_within
from karmyogi.achievements.queries import achievements_for, late_claims, onboarding_funnel, whole_funnel
from karmyogi.achievements.rules import REVIEW_WITHIN
from karmyogi.awards.models import Award
from karmyogi.awards.queries import awards_for, awards_of, published_awards
from karmyogi.completions.queries import Standing, dues_of
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import Actor, Permission, Role, can, scope_of
from karmyogi.core.reasons import N_
from karmyogi.home.queries import state, unit
from karmyogi.home.queries.coverage import By, Covered, districts_within, offices_covered, rolled_up, total_of
from karmyogi.home.views import links
from karmyogi.nominations.models import Cycle
from karmyogi.nominations.queries import departments_in_reach, late_counts, open_cycles, quotas_used, verdict_counts
from karmyogi.nominations.rules import LATE_AFTER
from karmyogi.people.admin import Officers, OnIgot
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.reports.queries import data_as_on, units_to_import_for
from karmyogi.scores import queries as scores
from karmyogi.scores.rules import MINIMUM_GROUP, BoardScope
from karmyogi.store import heartbeats
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.web.i18n import local, month_name, number, word
from karmyogi.web.installed import profile

P = Permission
TOP, BARS = 10, 12
PLOTTED = 12  # months
MOST_PLACES = 4  # a head has one or two; each is counted by a statement of its own
BARS_OF = {
    By.DISTRICT: N_("Officers who finished a course in %(month)s, by district"),
    By.DEPARTMENT: N_("Officers who finished a course in %(month)s, by department"),
}
FIRST_STEPS = {
    "register": N_("Registered on iGOT"),
    "enrol": N_("Enrolled in a course"),
    "complete": N_("Finished a course"),
    "obtain": N_("Obtained a certificate"),
    "download": N_("Downloaded the certificate"),
    "upload": N_("Added it to the achievements"),
}


@dataclass(frozen=True)
class Section:
    """A part of a desk: its template, and what stands in it."""

    template: str
    facts: dict[str, object]


def sections(actor: Actor, *, on: date) -> list[Section]:
    """The sections that this person's powers open, the most pressing first."""
    return [make(actor, on) for is_open, make in DESKS if is_open(actor)]


# What GAD, the approver and the auditor see of the whole State


def _data(actor: Actor, on: date) -> Section:
    """The road of the data: files, rows that wait for a person, months."""
    queued = state.queued_imports(actor)
    facts = {
        "imports": state.last_imports(actor, on=on),
        "queued": queued,
        "months": [(month, (month.until - on).days) for month in state.open_months()],
        "may_open_months": any(can(actor, one) for one in (P.SCORES_RUN, P.SCORES_SEAL, P.TRAIL_READ)),
    }
    return Section("home/desk/data.html", facts)


def _files(actor: Actor, on: date) -> Section:
    """The files that were brought for one's units, and what waits in them."""
    facts = {
        "imports": state.last_imports(actor, on=on),
        "queued": state.queued_imports(actor),
        "as_on": data_as_on(),
        "units": ", ".join(local(unit, "name") for unit in units_to_import_for(actor)),
    }
    return Section("home/desk/files.html", facts)


def _brings_for_units(actor: Actor) -> bool:
    scope = scope_of(actor, P.REPORTS_READ)
    return bool(scope) and not scope.everything


def _rounds(actor: Actor, on: date) -> Section:
    return Section("home/desk/rounds.html", {"rounds": state.rounds(actor, on=on)})


def _late(actor: Actor, on: date) -> Section:
    """What lies with somebody for too long: nominations by their state, and certificates that nobody has reviewed."""
    facts = {
        "nominations": late_counts(actor, on=on) if can(actor, P.NOMINATIONS_READ) else [],
        "nominations_after": LATE_AFTER,
        "claims": late_claims(actor, on=on).order_by().count() if _reads_claims_of_others(actor) else 0,
        "claims_after": REVIEW_WITHIN,
    }
    return Section("home/desk/late.html", facts)


def _reads_claims_of_others(actor: Actor) -> bool:
    scope = scope_of(actor, P.ACHIEVEMENTS_READ)
    return scope.everything or bool(scope.paths)


def _asks_after_cases(actor: Actor) -> bool:
    return can(actor, P.NOMINATIONS_READ) or _reads_claims_of_others(actor)


def _participation(_actor: Actor, _on: date) -> Section:
    """Plots of the newest sealed month, from what it has stored."""
    month = _last_sealed()
    found = scores.participation(month) if month else {}
    bars = {scope.value: _bars(units, str(month)) for scope, units in found.items()}
    return Section("home/desk/participation.html", {"month": month, "bars": bars})


def _bars(units: list[scores.Participation], month: str) -> dict[str, list[dict[str, object]]]:
    """Two sets of bars of one set of units: the share who scored, and points per officer; the tallest first."""
    shares = sorted(units, key=lambda one: -one.figures.share)
    points = sorted(units, key=lambda one: -one.figures.average)
    return {
        "share": [
            _bar(one, month, one.figures.share, _("%(percent)s %%", percent=number(one.figures.share)))
            for one in shares
        ],
        "points": [_bar(one, month, float(one.figures.average), _points(one)) for one in points],
    }


def _bar(one: scores.Participation, month: str, value: float, text: str) -> dict[str, object]:
    return {"label": local(one, "unit"), "value": value, "text": text, "url": links.board_of(one.unit_id, month)}


def _points(one: scores.Participation) -> str:
    return number(round(float(one.figures.average), 1))


def _last_sealed() -> Month | None:
    sealed = next((one.month for one in scores.months_scored() if one.state == "sealed"), None)
    return sealed and Month.parse(sealed)


def _awards(actor: Actor, _on: date) -> Section:
    """What was given, for those who may take it back."""
    given = awards_for(actor).order_by()
    counts = {one: given.where(Award.state == one).count() for one in ("given", "revoked")}
    return Section("home/desk/awards.html", {"counts": counts, "may_revoke": can(actor, P.AWARDS_REVOKE)})


def _oversight(_actor: Actor, _on: date) -> Section:
    return Section("home/desk/oversight.html", {})


def _system(_actor: Actor, _on: date) -> Section:
    failed = JobRun.select().where(JobRun.state == JobState.FAILED.value).count()
    facts = {
        "accounts": User.select().where(User.is_active).count(),
        "accounts_url": links.register_list(Users, User.is_active, "1"),
        "failed": failed,
        "failed_url": url_for("schedule.history", state=JobState.FAILED.value),
        "jobs_url": url_for("schedule.jobs"),
        "grants_url": url_for("admin_role-grants.index_view"),
    }
    return Section("home/desk/system.html", facts)


def _misses_the_scheduler(actor: Actor) -> bool:
    """Those who read jobs are told when nobody does them."""
    return can(actor, P.JOBS_READ) and not heartbeats.alive()


def _scheduler(_actor: Actor, _on: date) -> Section:
    return Section("home/desk/scheduler.html", {"last_seen": heartbeats.last_seen()})


# What heads, nodal officers, commissioners and collectors see of their units


def _department(actor: Actor, on: date) -> Section:
    """A head's desk: places left in open cycles, the board of the last sealed month, courses of the plan by office."""
    departments, month = departments_in_reach(actor), _last_sealed()
    cycles = open_cycles(on=on) if departments else []
    used = quotas_used(cycles, departments) if cycles else {}
    places = [(cycle, one, used.get((cycle.id, one.id), 0)) for cycle in cycles for one in departments]
    verdicts = {(cycle.id, one.id): _verdicts(cycle, one, on) for cycle, one, _used in places[:MOST_PLACES]}
    boards = [_board(actor, month, one.id) for one in departments[:1]] if month else []
    facts = {
        "places": places,
        "verdicts": verdicts,
        "boards": boards,
        "month": month,
        "dues": unit.dues_by_office(actor, on=on),
    }
    return Section("home/desk/department.html", facts)


def _verdicts(cycle: Cycle, department: OrgUnit, on: date) -> list[dict[str, object]]:
    """How many may be nominated, each number with its list."""
    address = {"cycle_id": cycle.id, "department": department.id}
    return [
        {
            "number": number(count),
            "label": word(verdict.value),
            "url": url_for("nominations.candidates", **address, verdict=verdict.value),
        }
        for verdict, count in verdict_counts(department, cycle, on=on).items()
    ]


def _board(actor: Actor, month: Month, department: int) -> dict[str, object]:
    group = scores.group_in(month, BoardScope.DEPARTMENT, department)
    rows = scores.standings(month, group, by=actor, limit=TOP) if group else []
    bands = scores.unit_board(month, BoardScope.DEPARTMENT, profile().unit_bands, by=actor)
    own = next((one for band in bands for one in band.units if one.unit_id == department), None)
    months = [Month.parse(one.month) for one in scores.months_scored() if one.month <= str(month)][:PLOTTED]
    history = scores.unit_history(OrgUnit.get_by_id(department), months[::-1], profile().unit_bands)
    facts = {"group": group, "rows": rows, "own": own, "url": links.board_of(department, str(month))}
    return facts | {"history": history, "history_url": url_for("scores.unit_history", unit_id=department)}


def _unit(actor: Actor, on: date) -> Section:
    """How far learning has come in one's unit or territory, by district or, in one district, by department."""
    month, by = _last_sealed() or Month.of(on), By.DISTRICT if districts_within(actor) > 1 else By.DEPARTMENT
    offices = offices_covered(actor, month, on=on)
    total, units = total_of(offices), rolled_up(offices, by)
    facts = {
        "month": month,
        "total": total,
        "missing_url": links.register_list(Officers, Officer.id, "0", kind=OnIgot),
        "bars": _coverage_bars(units),
        "too_small": sum(not one.may_be_plotted for one in units),
        "by": by.value,
        "units": len(units),
        "minimum": MINIMUM_GROUP,
        "steps": _first_steps(actor, on) if can(actor, P.NOMINATIONS_READ) and total.may_be_plotted else [],
        "title": _(BARS_OF[by], month=month_name(month)),
        "accounts": counts_within(actor, on=on, at=now()) if can(actor, P.ACCOUNTS_ACTIVATE) else None,
    }
    return Section("home/desk/unit.html", facts)


def _coverage_bars(rows: list[Covered]) -> list[dict[str, object]]:
    """The tallest of the units that are large enough to be compared."""
    tallest = sorted((one for one in rows if one.may_be_plotted), key=lambda one: -one.share)[:BARS]
    return [{"label": local(one, "unit"), "value": one.share, "text": _share(one)} for one in tallest]


def _first_steps(actor: Actor, on: date) -> list[dict[str, object]]:
    """How many of the unit's officers have taken each of the six first steps."""
    taken = whole_funnel(onboarding_funnel(scope_of(actor, P.LEARNING_READ), on=on))
    return [{"label": _(FIRST_STEPS[step.value]), "value": count} for step, count in taken.items()]


def _share(one: Covered) -> str:
    """In small units a per cent alone says little, so the numbers stand with it."""
    return _("%(percent)s %% (%(part)s of %(whole)s)", percent=one.share, part=one.finished, whole=one.officers)


# What everybody has


def _panel(_actor: Actor, _on: date) -> Section:
    return Section("home/desk/panel.html", {"awards": published_awards(limit=5)})


def _own(actor: Actor, on: date) -> Section:
    """The officer's own learning in four numbers; the whole of it stands on the own page."""
    officer = actor.officer_id or 0
    dues, history = dues_of(officer, on=on), scores.history_of(officer, limit=1)
    facts = {
        "latest": history[0] if history else None,
        "overdue": sum(one.standing is Standing.OVERDUE for one in dues),
        "due": sum(one.standing is Standing.DUE for one in dues),
        "claims": achievements_for(actor, P.ACHIEVEMENTS_SUBMIT).order_by().count(),
        "awards": len(awards_of(officer)),
    }
    return Section("home/desk/own.html", facts)


def _everywhere(permission: Permission) -> Callable[[Actor], bool]:
    return lambda actor: scope_of(actor, permission).everything


def _over_a_unit(actor: Actor) -> bool:
    return bool(scope_of(actor, P.LEADERBOARD_READ).paths)


def _may(permission: Permission) -> Callable[[Actor], bool]:
    return lambda actor: can(actor, permission)


DESKS: tuple[tuple[Callable[[Actor], bool], Callable[[Actor, date], Section]], ...] = (
    (_misses_the_scheduler, _scheduler),
    (_may(P.TRAIL_READ), _oversight),
    (_asks_after_cases, _late),
    (_may(P.NOMINATIONS_READ), _rounds),
    (_may(P.NOMINATIONS_CREATE), _department),
    (_everywhere(P.REPORTS_READ), _data),
    (_brings_for_units, _files),
    (_everywhere(P.LEADERBOARD_READ), _participation),
    (_over_a_unit, _unit),
    (_may(P.AWARDS_REVOKE), _awards),
    (_may(P.ACCOUNTS_WRITE), _system),
    (lambda actor: Role.PANEL in actor.roles, _panel),
    (_may(P.ME_READ), _own),
)
