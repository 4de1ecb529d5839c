"""Who may be nominated, what a citation must be, and the road from draft to award.

Facts come in as frozen records, reasons go out; nothing here looks anything up.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from enum import Enum, StrEnum

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import not_own_case, not_same_hand, step, workflow

declare(
    points_short=N_("%(has)s points in the sealed months of the period; the scheme asks for %(needed)s."),
    sealed_months_short=N_("A sealed score in %(has)s months of the period; the scheme asks for %(needed)s."),
    plan_overdue=N_("Plan courses past their due date and not completed: %(count)s."),
    honoured_recently=N_("Honoured on %(given_on)s; may be nominated again from %(again_on)s."),
    retires_too_soon=N_("Retires on %(retires_on)s; the scheme asks for service until %(needed_until)s."),
    post_class_not_allowed=N_("The post is of class %(state_class)s; the scheme is for class %(allowed)s."),
    integrity_not_clear=N_("The integrity certificate of %(given_on)s is not clear."),
    integrity_missing=N_("There is no integrity certificate."),
    integrity_pending=N_("The integrity certificate is pending since %(given_on)s."),
    integrity_expired=N_("The integrity certificate was valid until %(valid_until)s."),
    retirement_unknown=N_("The date of retirement is not on record."),
    post_class_unknown=N_("The class of the post is not on record."),
    no_posting_on_cut_off=N_("No posting in a department on %(cut_off_on)s, the day that decides who nominates."),
    already_nominated=N_("Already nominated in this cycle."),
    self_nomination=N_("Nobody nominates themselves."),
    window_not_open=N_("Nominations open on %(opens_on)s."),
    window_closed=N_("Nominations closed on %(closes_on)s."),
    correction_over=N_("This nomination was returned on %(returned_on)s; it could be corrected until %(until_on)s."),
    quota_full=N_("The quota of %(quota)s nominations is used up; withdrawn ones count."),
    priority_out_of_range=N_("Give a priority from 1 to %(quota)s."),
    priority_taken=N_("Priority %(priority)s is given to another nomination of your department."),
    category_elsewhere=N_("Choose a category of this cycle."),
    citation_hi_short=N_("The Hindi citation has %(has)s characters; it needs at least %(needed)s."),
    citation_hi_long=N_("The Hindi citation has %(has)s characters; at most %(allowed)s are allowed."),
    citation_hi_few_words=N_("The Hindi citation has %(has)s words; it needs at least %(needed)s."),
    citation_hi_many_words=N_("The Hindi citation has %(has)s words; at most %(allowed)s are allowed."),
    citation_hi_script=N_("Write the Hindi citation in Devanagari."),
    citation_en_short=N_("The English citation has %(has)s characters; it needs at least %(needed)s."),
    citation_en_long=N_("The English citation has %(has)s characters; at most %(allowed)s are allowed."),
    citation_en_few_words=N_("The English citation has %(has)s words; it needs at least %(needed)s."),
    citation_en_many_words=N_("The English citation has %(has)s words; at most %(allowed)s are allowed."),
    citation_en_script=N_("Write the English citation in Latin letters."),
    edited_meanwhile=N_(
        "Somebody else changed this nomination after you opened it. Reload the page and enter it again."
    ),
    award_by_order_only=N_("An award is given by an order only; this step is taken there."),
    integrity_by_nominator=N_("You nominated this officer, so somebody else must enter the integrity certificate."),
    integrity_in_future=N_("The integrity certificate cannot be dated after today."),
    integrity_term_wrong=N_("The integrity certificate cannot end before it begins."),
    integrity_reference_missing=N_("Enter the reference of the integrity certificate."),
    cycle_name_missing=N_("Enter the name in Hindi and in English."),
    cycle_quota_wrong=N_("The quota is a whole number above zero."),
    cycle_window_wrong=N_("Nominations cannot close before they open."),
    cycle_period_wrong=N_("The period cannot end before it begins."),
    cycle_category_missing=N_("A cycle needs at least one category."),
    category_amount_wrong=N_("An amount is in whole rupees above zero, or left empty."),
    cycle_criteria_wrong=N_("The criteria cannot be read: %(field)s."),
)

CREATE, VERIFY, SELECT = (
    Permission.NOMINATIONS_CREATE,
    Permission.NOMINATIONS_VERIFY,
    Permission.NOMINATIONS_SELECT,
)
RELEASE, ISSUE = Permission.NOMINATIONS_RELEASE, Permission.AWARDS_ISSUE
another_hand = (not_own_case, not_same_hand)

# Orders are issued by GAD, which also selects: `issue_reasons` says which earlier hands may not.
# fmt: off
NOMINATION = workflow("nomination", "draft", (
    #    action      from                        to           who      guards / remark
    step("submit",   "draft returned",           "submitted", CREATE,  not_own_case),
    step("verify",   "submitted",                "verified",  VERIFY,  *another_hand),
    step("return",   "submitted",                "returned",  VERIFY,  *another_hand, remark=True),
    step("select",   "verified",                 "selected",  SELECT,  *another_hand),
    step("return",   "verified",                 "returned",  SELECT,  *another_hand, remark=True),
    step("reject",   "verified selected",        "rejected",  SELECT,  *another_hand, remark=True),
    step("release",  "selected",                 "released",  RELEASE, *another_hand),
    step("award",    "released",                 "awarded",   ISSUE,   not_own_case),
    step("withdraw", "draft submitted returned", "withdrawn", CREATE,  not_own_case),
), ends="awarded withdrawn rejected")
# fmt: on

NOT_LIVE = ("withdrawn", "rejected")
EDITABLE = ("draft", "returned")
UNDECIDED = "selected"  # chosen, not yet released: GAD alone knows
WAITING = ("submitted", "returned", "verified", "selected", "released")  # somebody else waits for a step
LATE_AFTER = 15  # days without a step: a file that lies for more than a fortnight is asked after
JOINERS = "\u200c\u200d"
CHECKED_AGAIN = frozenset({"verify", "select", "release"})  # steps at which nothing may stand against the officer


class Verdict(StrEnum):
    """What the head sees beside each officer."""

    ELIGIBLE = "eligible"
    NEEDS_CERTIFICATE = "needs_certificate"
    NOT_ELIGIBLE = "not_eligible"


class IntegrityAnswer(StrEnum):
    CLEAR = "clear"
    NOT_CLEAR = "not_clear"
    PENDING = "pending"


class Script(Enum):
    """The letters a citation is written in, by how Unicode names them."""

    HINDI = "DEVANAGARI LETTER"
    ENGLISH = "LATIN"


# What a certificate or a corrected record mends; it does not keep the head from nominating.
MENDED_BY_PAPER = frozenset(
    {"integrity_missing", "integrity_pending", "integrity_expired", "retirement_unknown", "post_class_unknown"}
)


@dataclass(frozen=True)
class CitationLimits:
    """How long a citation may be, in each language; all four are inclusive."""

    min_characters: int = 60
    max_characters: int = 600
    min_words: int = 10
    max_words: int = 120


@dataclass(frozen=True)
class Criteria:
    """What a cycle asks of an officer; a field left at its default asks nothing.

    `cool_off_years` count from the day an honour was given. `must_serve_until` is
    the last day the officer must still be in service. `course_kinds` are the types
    of content that fulfil a plan. A returned nomination may be corrected for
    `correction_days` after its return, also when the window has closed.
    """

    min_points: int = 0
    min_sealed_months: int = 0
    plan_done: bool = False
    cool_off_years: int = 0
    must_serve_until: date | None = None
    integrity_required: bool = False
    state_classes: tuple[str, ...] = ()
    course_kinds: tuple[str, ...] = ("Course", "Moderated Course")
    citation: CitationLimits = field(default_factory=CitationLimits)
    correction_days: int = 7

    def as_data(self) -> dict[str, object]:
        """The criteria as they are kept with the cycle; `criteria_from` reads them back."""
        until = self.must_serve_until
        return asdict(self) | {
            "must_serve_until": until and until.isoformat(),
            "state_classes": list(self.state_classes),
            "course_kinds": list(self.course_kinds),
        }


@dataclass(frozen=True)
class Integrity:
    """An authority's answer and its term, both days inclusive."""

    answer: IntegrityAnswer
    given_on: date
    valid_until: date


@dataclass(frozen=True)
class Record:
    """What the records say of one officer for one cycle.

    `points` and `sealed_months` count sealed months of the period only; `overdue`
    counts plan courses past their due date and not completed; `honoured_on` is the
    latest honour that was not withdrawn; `integrity` is the latest certificate.
    """

    points: int = 0
    sealed_months: int = 0
    overdue: int = 0
    honoured_on: date | None = None
    retires_on: date | None = None
    state_class: str | None = None
    integrity: Integrity | None = None

    def as_data(self) -> dict[str, object]:
        """The record as it is frozen with the nomination: days as 2026-03-31."""
        return {name: _as_text(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Hand:
    """Who took an earlier step of a nomination, from which state."""

    action: str
    from_state: str
    user_id: int | None
    officer_id: int | None


def reasons_against(record: Record, criteria: Criteria, *, on: date) -> list[Reason]:
    """Everything that stands against nominating this officer on that day; empty if nothing does.

    Days are inclusive: a cool-off of two years from 10 May 2024 ends with 9 May
    2026, a certificate counts on its last day, and who retires on the last day
    asked for may be nominated.
    """
    found = (
        _points(record, criteria),
        _months(record, criteria),
        _plan(record, criteria),
        _cool_off(record, criteria, on),
        _retirement(record, criteria),
        _class(record, criteria),
        _integrity(record, criteria, on),
    )
    return [one for one in found if one]


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """Eligible without reasons; needs a certificate if paper mends each of them; else not eligible."""
    codes = {one.code for one in reasons}
    if not codes:
        return Verdict.ELIGIBLE
    return Verdict.NEEDS_CERTIFICATE if codes <= MENDED_BY_PAPER else Verdict.NOT_ELIGIBLE


def barring(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons that keep a head from nominating; those that paper mends wait until verification."""
    return [one for one in reasons if one.code not in MENDED_BY_PAPER]


def _points(record: Record, criteria: Criteria) -> Reason | None:
    if record.points >= criteria.min_points:
        return None
    return reason("points_short", has=record.points, needed=criteria.min_points)


def _months(record: Record, criteria: Criteria) -> Reason | None:
    if record.sealed_months >= criteria.min_sealed_months:
        return None
    return reason("sealed_months_short", has=record.sealed_months, needed=criteria.min_sealed_months)


def _plan(record: Record, criteria: Criteria) -> Reason | None:
    return reason("plan_overdue", count=record.overdue) if criteria.plan_done and record.overdue else None


def _cool_off(record: Record, criteria: Criteria, on: date) -> Reason | None:
    if record.honoured_on is None:
        return None
    again_on = years_after(record.honoured_on, criteria.cool_off_years)
    if on >= again_on or not criteria.cool_off_years:
        return None
    return reason("honoured_recently", given_on=record.honoured_on.isoformat(), again_on=again_on.isoformat())


def years_after(day: date, years: int) -> date:
    """The same day that many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def years_before(day: date, years: int) -> date:
    """The last day whose anniversary, that many years later, is no later than `day`: of `years_after`, the way back."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _retirement(record: Record, criteria: Criteria) -> Reason | None:
    if criteria.must_serve_until is None:
        return None
    if record.retires_on is None:
        return reason("retirement_unknown")
    if record.retires_on >= criteria.must_serve_until:
        return None
    return reason(
        "retires_too_soon",
        retires_on=record.retires_on.isoformat(),
        needed_until=criteria.must_serve_until.isoformat(),
    )


def _class(record: Record, criteria: Criteria) -> Reason | None:
    if not criteria.state_classes or record.state_class in criteria.state_classes:
        return None
    if not record.state_class:
        return reason("post_class_unknown")
    return reason("post_class_not_allowed", state_class=record.state_class, allowed=", ".join(criteria.state_classes))


def _integrity(record: Record, criteria: Criteria, on: date) -> Reason | None:
    held = record.integrity
    if held is not None and held.answer is IntegrityAnswer.NOT_CLEAR and on <= held.valid_until:
        # Known trouble bars an award also where no certificate is asked for.
        return reason("integrity_not_clear", given_on=held.given_on.isoformat())
    return _certificate(held, on) if criteria.integrity_required else None


def _certificate(held: Integrity | None, on: date) -> Reason | None:
    if held is None:
        return reason("integrity_missing")
    if on > held.valid_until:
        return reason("integrity_expired", valid_until=held.valid_until.isoformat())
    if held.answer is IntegrityAnswer.PENDING:
        return reason("integrity_pending", given_on=held.given_on.isoformat())
    return None


def citation_reasons(citation_hi: str, citation_en: str, limits: CitationLimits) -> list[Reason]:
    """What is wrong with the two citations, Hindi first; both are needed."""
    return [
        *_length("citation_hi", citation_hi, limits),
        *([] if is_written_in(Script.HINDI, citation_hi) else [reason("citation_hi_script")]),
        *_length("citation_en", citation_en, limits),
        *([] if is_written_in(Script.ENGLISH, citation_en) else [reason("citation_en_script")]),
    ]


def _length(which: str, text: str, limits: CitationLimits) -> list[Reason]:
    letters, words = characters_in(text), len(text.split())
    found = []
    if letters < limits.min_characters:
        found.append(reason(f"{which}_short", has=letters, needed=limits.min_characters))
    elif words < limits.min_words:
        found.append(reason(f"{which}_few_words", has=words, needed=limits.min_words))
    if letters > limits.max_characters:
        found.append(reason(f"{which}_long", has=letters, allowed=limits.max_characters))
    elif words > limits.max_words:
        found.append(reason(f"{which}_many_words", has=words, allowed=limits.max_words))
    return found


def characters_in(text: str) -> int:
    """How many characters a reader counts: matras, accents and joiners belong to the letter before them."""
    kinds = map(unicodedata.category, unicodedata.normalize("NFC", tidy(text)))
    return sum(not kind.startswith("M") and kind != "Cf" for kind in kinds)


def tidy(text: str) -> str:
    """The text as it is kept: composed, printable, every run of white space one space, nothing at either end."""
    # Filtered first: a sign taken out may let two others compose.
    return " ".join(unicodedata.normalize("NFC", "".join(filter(_is_printable, text))).split())


def _is_printable(letter: str) -> bool:
    # The joiners shape Hindi; other signs without a form (controls, direction marks, halves of pairs) only hide.
    return letter in JOINERS or letter.isspace() or not unicodedata.category(letter).startswith("C")


def is_written_in(script: Script, text: str) -> bool:
    """True if the text holds at least one letter of the script."""
    return any(unicodedata.name(letter, "").startswith(script.value) for letter in text)


def window_reasons(opens_on: date, closes_on: date, *, on: date) -> list[Reason]:
    """Why nothing can be nominated on that day; both ends of the window are inclusive."""
    if on < opens_on:
        return [reason("window_not_open", opens_on=opens_on.isoformat())]
    return [reason("window_closed", closes_on=closes_on.isoformat())] if on > closes_on else []


def correction_reasons(closes_on: date, returned_on: date, days: int, *, on: date) -> list[Reason]:
    """Why a returned nomination can no longer be corrected: its window and its own days have both passed."""
    until_on = max(closes_on, returned_on + timedelta(days=days))
    if on <= until_on:
        return []
    return [reason("correction_over", returned_on=returned_on.isoformat(), until_on=until_on.isoformat())]


def quota_reasons(used: int, quota: int) -> list[Reason]:
    """Why no further nomination may be started; every one ever started counts, whatever became of it."""
    return [reason("quota_full", quota=quota)] if used >= quota else []


def priority_reasons(priority: int, quota: int, taken: Iterable[int]) -> list[Reason]:
    """Why this priority cannot be given: outside 1 to the quota, or held by another live nomination."""
    if not 1 <= priority <= quota:
        return [reason("priority_out_of_range", quota=quota)]
    return [reason("priority_taken", priority=priority)] if priority in set(taken) else []


def issue_reasons(hands: Iterable[Hand], actor: Actor) -> list[Reason]:
    """Why this actor may not issue the order: the hand that selected may, every other earlier hand may not."""
    others = [hand for hand in hands if power_behind(hand) is not SELECT]
    return [reason("same_hand")] if any(is_hand_of(hand, actor) for hand in others) else []


def is_hand_of(hand: Hand, actor: Actor) -> bool:
    """True if this actor took that step, by account or by person."""
    by_account = actor.user_id is not None and actor.user_id == hand.user_id
    return by_account or (actor.officer_id is not None and actor.officer_id == hand.officer_id)


def power_behind(hand: Hand) -> Permission:
    """The permission under which a step was taken; starting and editing are the nominator's."""
    try:
        return NOMINATION.step(hand.from_state, hand.action).permission
    except WrongState:
        return CREATE


def state_shown(state: str, *, sees_decisions: bool) -> str:
    """The state as a reader may know it: a choice not yet released looks like a verified nomination."""
    return "verified" if state == UNDECIDED and not sees_decisions else state


def criteria_from(data: Mapping[str, object]) -> Criteria:
    """The criteria kept with a cycle.

    Raises RuleBroken naming the first field that is unknown or cannot be read.
    """
    known = {one.name for one in fields(Criteria)}
    for name in data:
        if name not in known:
            raise RuleBroken(reason("cycle_criteria_wrong", field=name))
    read = Criteria()
    for name, value in data.items():
        try:
            read = replace(read, **{name: _READ.get(name, _whole)(value)})
        except (TypeError, ValueError) as error:
            raise RuleBroken(reason("cycle_criteria_wrong", field=name)) from error
    return read


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _yes_or_no(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError(value)
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError(value)
    return tuple(value)


def _day(value: object) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _limits(value: object) -> CitationLimits:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return CitationLimits(**{name: _whole(number) for name, number in value.items()})


_READ = {
    "plan_done": _yes_or_no,
    "integrity_required": _yes_or_no,
    "must_serve_until": _day,
    "state_classes": _texts,
    "course_kinds": _texts,
    "citation": _limits,
}


def _as_text(value: object) -> object:
    if isinstance(value, dict):
        return {name: _as_text(one) for name, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return value
