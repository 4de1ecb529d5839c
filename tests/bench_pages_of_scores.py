"""Which pages of scores are benched, and the cases that stand on them: a draft tried, a correction, disputes, holds."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.people.queries import state
from karmyogi.scores import queries
from karmyogi.scores import service as scores
from karmyogi.scores.models import Dispute, MonthlyScore, PolicyDraft, PolicyTrial, ScoreHold, UnitFigure
from karmyogi.scores.rules import BoardScope, terms_from
from karmyogi.store.db import database

CASES = 500
AT = datetime(2026, 2, 8, 6, 30, tzinfo=UTC)
SUNITA = Actor(1, "Sunita", grants=(Grant(Role.GAD),))


def make_cases(month: Month) -> dict[str, int]:
    """What people have open in a State: five hundred disputes and holds of a sealed month, a correction, a draft."""
    mine = MonthlyScore.month == str(month)
    some = list(MonthlyScore.select().where(mine).order_by(MonthlyScore.officer).limit(CASES))
    paths = {unit.id: unit for unit in OrgUnit.select().where(OrgUnit.id.in_({score.unit_id for score in some}))}
    with database.atomic():
        Dispute.insert_many([_dispute(score, paths[score.unit_id]) for score in some]).execute()
        ScoreHold.insert_many([_hold(score, paths[score.unit_id]) for score in some]).execute()
    database.execute_sql(f"UPDATE training_session SET held_on = '{month.last_on}' WHERE id = 1")
    correction = scores.draft_correction(month, by=SUNITA)
    draft = _tried(month)
    office = some[0].unit_id
    first = {"dispute": Dispute.select(Dispute.id).scalar(), "hold": ScoreHold.select(ScoreHold.id).scalar()}
    return {"correction": correction.id, "draft": draft.id, "office": office, **first}


def _dispute(score: MonthlyScore, unit: OrgUnit) -> dict[str, object]:
    days = {"raised_at": AT, "answer_by": date(2026, 3, 20)}
    label = {"code": "course", "label_hi": "पाठ्यक्रम पूर्ण", "label_en": "Course completed"}
    return {**_about(score, unit), **days, **label, "state": "raised", "words": "एक पाठ्यक्रम नहीं गिना गया"}


def _hold(score: MonthlyScore, unit: OrgUnit) -> dict[str, object]:
    return {**_about(score, unit), "state": "hold_proposed", "reason": "संदेह", "proposed_at": AT}


def _about(score: MonthlyScore, unit: OrgUnit) -> dict[str, object]:
    paths = {name: getattr(unit, name) for name in ("line_path", "territory_path")}
    return {"officer": score.officer_id, "month": score.month, **paths}


def _tried(month: Month) -> PolicyDraft:
    """A draft under which a course is worth more, tried on a sealed month."""
    draft = scores.begin_draft(by=SUNITA)
    terms = draft.terms
    terms["rules"][0]["points"] += 2
    PolicyDraft.update(terms=terms).where(PolicyDraft.id == draft.id).execute()
    drafted = terms_from(terms).as_policy(draft.base + 1)
    trial = queries.tried(month, queries.published_policies()[0], drafted)
    facts = {"version": draft.version, "against": 1, "found": trial.as_data(), "made_at": AT}
    PolicyTrial.create(draft=draft, month=str(month), **facts)
    return draft


def pages_of(cases: dict[str, int], months: Sequence[Month]) -> dict[str, str]:
    """Each page by its name, with whose it is; `months` are the sealed ones and the running one."""
    sealed, running = months[1], months[-1]
    units = {kind.value: _largest(running, kind.value) for kind in (UnitKind.DISTRICT, UnitKind.DEPARTMENT)}
    board = f"/leaderboards?month={running}"
    return {
        "board of the State, running month": f"gad {board}",
        "board of the State, sealed month": f"gad /leaderboards?month={sealed}",
        "board of the State, corrected": f"gad /leaderboards?month={sealed}&shown=corrected",
        "board of the State, by key half-way": f"gad {board}&{_half_way(running)}",
        "board of the State, class III": f"gad {board}&class=III",
        "board of the State, in one department": f"gad {board}&department={units['department']}",
        "board of the State, at one officer": f"gad {board}&at=1",
        "board of the State, a name looked for": f"gad {board}&find=Sunita+Netam",
        "board of a district": f"gad {board}&unit={units['district']}",
        "board of a department": f"gad {board}&unit={units['department']}",
        "board of a department, its head": f"head {board}",
        "board of an office": f"gad {board}&unit={cases['office']}",
        "boards of units: departments": f"gad /leaderboards/units?month={running}",
        "boards of units: districts": f"gad /leaderboards/units?month={running}&scope=district",
        "one unit over months": f"gad /leaderboards/units/{units['department']}",
        "an officer: /me": "officer /me",
        "an officer: /me/scores": "officer /me/scores",
        "an officer: a month of theirs": f"officer /me/scores/{sealed}",
        "an officer's month, GAD": f"gad /officers/2/scores/{sealed}",
        "an officer, GAD": "gad /officers/2",
        "months": "gad /months",
        "a sealed month": f"gad /months/{sealed}",
        "the running month": f"gad /months/{running}",
        "corrections": "gad /corrections",
        "a correction": f"gad /corrections/{cases['correction']}",
        "what a draft would make of a month": f"gad /score-policy/drafts/{cases['draft']}/what-if",
        "the policy": "gad /score-policy",
        "a draft of the policy": f"gad /score-policy/drafts/{cases['draft']}",
        "disputes": "gad /disputes",
        "a dispute": f"gad /disputes/{cases['dispute']}",
        "disputes, nodal officer": "nodal /disputes",
        "holds": "gad /holds",
        "a hold": f"gad /holds/{cases['hold']}",
        "desk of GAD": "gad /",
        "desk of a head": "head /",
        "scores, register": "gad /admin/scores/",
    }


def _largest(month: Month, scope: str) -> int:
    """The unit of a kind in which most have a score."""
    here = (UnitFigure.month == str(month)) & (UnitFigure.scope == scope)
    return UnitFigure.select(UnitFigure.unit).where(here).order_by(UnitFigure.scored.desc()).limit(1).scalar()


def _half_way(month: Month) -> str:
    """Where the board goes on from the officer in its middle."""
    group = queries.group_in(month, BoardScope.STATE, state().id)
    rank = MonthlyScore.rank_state
    here = (MonthlyScore.month == str(month)) & (rank >= group.size // 2)
    officer_id = MonthlyScore.select(MonthlyScore.officer).where(here).order_by(rank).limit(1).scalar()
    key = queries.key_of(month, group, officer_id, by=SUNITA)
    return urlencode({"after_rank": key.rank_state, "after_name": key.name, "after_id": key.officer_id})
