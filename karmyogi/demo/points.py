"""What people do about points in the demo: disputes, a correction, holds, a draft of the policy, names in public.

Told by `chapters` after the months are sealed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.demo.cast import CAST, HEALTH
from karmyogi.demo.story import LAST, Stage, actor
from karmyogi.people import service as people
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.rules import Purpose, words_now
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import service as scores
from karmyogi.scores.models import Correction, Dispute, MonthlyScore, PolicyDraft, ScoreMonth, in_month
from karmyogi.scores.rules import Rule, terms_from
from karmyogi.scores.service import Complaint
from karmyogi.trainings import service as trainings

DECEMBER, FEBRUARY = Month(2025, 12), Month(2026, 2)
WORKSHOP_DAY = date(2025, 12, 17)
BESIDE_ASHA = 11  # others on the attendance sheet that came late
PUBLIC_RANKS = 3
TRIED_ON = 2  # months
DOUBTFUL = "उपस्थिति पत्रक के हस्ताक्षर मेल नहीं खाते; अभिलेखों की जाँच चल रही है।"


def tell(stage: Stage) -> None:
    """A dispute on every step of its road, what the upheld one led to, holds by one hand and by two, a draft, names."""
    raise_disputes()
    correct_december()
    hold_scores()
    draft_policy()
    agree_to_be_named()
    work_off_queue(at=now())
    stage.say(f"{Dispute.select().count()} disputes, {Correction.select().count()} correction")


# Disputes


def raise_disputes() -> None:
    """Asha's of a session that was not counted is upheld, her second waits for Ravi; Meena's waits for GAD."""
    session = Complaint(
        "session",
        "17 दिसंबर 2025 की कार्यालयीन कार्यशाला में मैं उपस्थित थी, किंतु वह नहीं गिनी गई।",
        reference="उपस्थिति पत्रक क्रमांक 41, दिनांक 17.12.2025",
    )
    upheld = _raise("asha", DECEMBER, session, days=20)
    _answer(upheld, "agree", "उपस्थिति पत्रक में नाम और हस्ताक्षर हैं; पत्रक देर से प्राप्त हुआ था।", days=14)
    scores.decide_dispute(
        upheld, "uphold", by=actor("sunita"), remark="पत्रक से मिलान किया गया; सत्र दर्ज कर माह सुधारा जाए।", at=_ago(6)
    )
    missing = Complaint(
        "course",
        "जनवरी का मेरा एक पाठ्यक्रम पोर्टल पर पूर्ण है, पर यहाँ नहीं गिना गया।",
        reference="iGOT: e-Office Basics, दिनांक 19.01.2026",
    )
    _raise("asha", LAST, missing, days=3)
    late = Complaint(
        "plan_in_time", "पाठ्यक्रम नियत तिथि को रात्रि में पूर्ण हुआ था।", reference="iGOT प्रमाणपत्र, दिनांक 31.01.2026"
    )
    _answer(_raise("meena", LAST, late, days=11), "disagree", "पोर्टल के अनुसार नियत तिथि के बाद पूर्ण हुआ।", days=4)


def _raise(who: str, month: Month, said: Complaint, *, days: int) -> Dispute:
    row = ScoreMonth.get(ScoreMonth.month == str(month))
    return scores.raise_dispute(_officer(who), row, said, by=actor(who), at=_ago(days))


def _answer(case: Dispute, action: str, remark: str, *, days: int) -> Dispute:
    return scores.answer_dispute(case, action, by=actor("ravi"), remark=remark, at=_ago(days))


def _officer(who: str) -> Officer:
    return Officer.get(Officer.employee_code == next(one.employee_code for one in CAST if one.key == who))


# A correction


def correct_december() -> Correction:
    """The workshop is entered as its sheet says; December is corrected by it, and that settles Asha's dispute."""
    asha = _officer("asha")
    trainings.enter_session(
        title_hi="कार्यालयीन कार्यशाला: नोटिंग एवं प्रारूप लेखन",
        title_en="Office workshop: noting and drafting",
        held_on=WORKSHOP_DAY,
        attended=[asha, *_of_health(DECEMBER, BESIDE_ASHA)],
        by=actor("kabir"),
        at=_ago(5),
    )
    drafted = scores.draft_correction(DECEMBER, by=actor("sunita"), at=_ago(4))
    why = "17.12.2025 की कार्यशाला का उपस्थिति पत्रक क्रमांक 41 देर से प्राप्त हुआ।"
    proposed = scores.propose_correction(drafted, by=actor("sunita"), remark=why, at=_ago(4))
    return scores.approve_correction(proposed, by=actor("lakshmi"), at=_ago(2))


def _of_health(month: Month, count: int) -> list[Officer]:
    """The best scored of the department in a month who are none of the cast."""
    health = OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == HEALTH))
    codes = [member.employee_code for member in CAST]
    rows = Officer.select().join(MonthlyScore, on=MonthlyScore.officer == Officer.id)
    here = in_month(month, MonthlyScore) & (MonthlyScore.department == health) & Officer.employee_code.not_in(codes)
    return list(rows.where(here).order_by(MonthlyScore.points.desc(), Officer.employee_code).limit(count))


# Holds


def hold_scores() -> None:
    """Of two of Health one score of February is on hold, and of the other it is proposed."""
    month = ScoreMonth.get(ScoreMonth.month == str(FEBRUARY))
    held, proposed = _of_health(FEBRUARY, 2)
    case = scores.propose_hold(held, month, reason=DOUBTFUL, by=actor("kabir"), at=_ago(3))
    scores.confirm_hold(case, by=actor("sunita"), at=_ago(1))
    scores.propose_hold(proposed, month, reason=DOUBTFUL, by=actor("kabir"), at=_ago(1))


# A draft of the policy


def draft_policy() -> PolicyDraft:
    """Kabir drafts a version that counts more courses, and has it tried; it waits for Lakshmi."""
    kabir = actor("kabir")
    draft = scores.begin_draft(by=kabir, at=_ago(2))
    terms = terms_from(draft.terms)
    changed = replace(
        terms,
        name_hi=f"{terms.name_hi}, संशोधित",
        name_en=f"{terms.name_en}, revised",
        rules=_changed(terms.rules),
        order_number="F 3-9/2026/GAD/1",
        order_on=today() - timedelta(days=2),
    )
    draft = scores.rewrite_draft(draft, changed, seen=draft.version, by=kabir, at=_ago(2))
    scores.ask_for_trial(draft, TRIED_ON, by=kabir, at=_ago(1))
    return scores.submit_draft(draft, seen=draft.version, by=kabir, at=_ago(1))


def _changed(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Six courses outside the plan instead of four, and two points instead of one for an hour of learning."""
    told = {"course": {"cap": 6}, "hours": {"points": 2}}
    return tuple(replace(rule, **told.get(rule.code, {})) for rule in rules)


# Names in public


def agree_to_be_named() -> None:
    """Asha and three of four of those who lead a board agree to be named; Ravi did and took it back."""
    leading = [MonthlyScore.rank_state, MonthlyScore.rank_department, MonthlyScore.rank_district]
    first = reduce(or_, (rank <= PUBLIC_RANKS for rank in leading))
    rows = Officer.select().join(MonthlyScore, on=MonthlyScore.officer == Officer.id)
    leaders = rows.where(in_month(LAST, MonthlyScore) & first).order_by(Officer.employee_code)
    asha, ravi = _officer("asha"), _officer("ravi")
    for number, officer in enumerate([one for one in leaders if one not in (asha, ravi)]):
        if number % 4:
            _agree(officer, days=5)
    _agree(asha, days=4)
    _agree(ravi, days=9)
    people.withdraw_consent(ravi, Purpose.PUBLIC_NAME, by=actor("ravi"), at=_ago(2))


def _agree(officer: Officer, *, days: int) -> None:
    oneself = Actor(None, officer.name_en, officer.id, (Grant(Role.EMPLOYEE),))
    words = words_now(Purpose.PUBLIC_NAME).version
    people.give_consent(officer, Purpose.PUBLIC_NAME, words=words, language="hi", by=oneself, at=_ago(days))


def _ago(days: int) -> datetime:
    return now() - timedelta(days=days)
