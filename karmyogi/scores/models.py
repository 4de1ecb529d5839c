"""Policies, months, scores and the lines they are made of."""

from datetime import date

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.core.periods import Period, is_period
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.scores.rules import APPROVED, CORRECTION, CORRECTION_OPEN, DISPUTE, OPEN, SCORE_HOLD, STANDING
from karmyogi.store.db import JsonText, Moment, Table, one_of
from karmyogi.store.transitions import Case


class Policy(Table):
    """A published version of the State's own scoring policy; it never changes, and the database sees to that."""

    number = peewee.IntegerField(unique=True)
    effective_from = peewee.CharField(max_length=7)
    name_hi = peewee.TextField()
    name_en = peewee.TextField()
    course_kinds = JsonText()  # the types of content that count as courses
    grace_days = peewee.IntegerField()  # after the month's end, until the scheduler seals
    published_at = Moment()
    order_number = peewee.TextField(null=True)  # the order by which it stands; versions of the installation have none
    order_on = peewee.DateField(null=True)
    rule_count = peewee.IntegerField(null=True)  # the database takes no more rules than these

    class Meta:
        constraints = [peewee.Check("number > 0"), peewee.Check("length(effective_from) = 7")]

    def __str__(self) -> str:
        return f"{self.number}"


class PolicyRule(Table):
    """One code of a policy: what is counted, for how many points, how often."""

    policy = peewee.ForeignKeyField(Policy, backref="rules", on_delete="RESTRICT", index=False)
    position = peewee.IntegerField()
    code = peewee.TextField()
    kind = peewee.TextField()
    counts = peewee.TextField()
    label_hi = peewee.TextField()
    label_en = peewee.TextField()
    note_hi = peewee.TextField(default="")
    note_en = peewee.TextField(default="")
    points = peewee.IntegerField()
    cap = peewee.IntegerField(null=True)  # items paid in a month at most; none without
    once = peewee.BooleanField(default=False)
    conditions = JsonText(null=True)  # as `rules.Conditions` reads and writes them; none: whatever comes
    counted_first = peewee.TextField(null=True)  # which items the cap takes; none: the earliest

    class Meta:
        indexes = ((("policy", "code"), True),)
        constraints = [
            one_of("kind", ["completion", "activity"]),
            peewee.Check("points > 0"),
            peewee.Check("cap IS NULL OR cap > 0"),
        ]

    def __str__(self) -> str:
        return self.code


class PolicyDraft(Case):
    """A version of the policy as it is being written: it scores nobody, and nothing that scores refers to it."""

    version = peewee.IntegerField()  # counted up each time it is written anew
    base = peewee.IntegerField()  # the number of the published version it was last written beside
    terms = JsonText()  # as `rules.Terms` reads and writes them
    drafted_at = Moment()
    policy = peewee.ForeignKeyField(Policy, null=True, unique=True, backref="+", on_delete="RESTRICT")

    class Meta:
        constraints = [
            one_of("state", ["draft", "submitted", "returned", "published", "withdrawn"]),
            peewee.Check("(state = 'published') = (policy_id IS NOT NULL)"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class PolicyTrial(Table):
    """What a draft would have made of a sealed month, in numbers of officers; the month itself stays as it is."""

    draft = peewee.ForeignKeyField(PolicyDraft, backref="+", on_delete="RESTRICT", index=False)
    month = peewee.CharField(max_length=7)
    version = peewee.IntegerField()  # of the draft, as it was computed
    against = peewee.IntegerField()  # the number of the version that scored the month
    found = JsonText()  # as `rules.Trial` reads and writes it
    made_at = Moment()

    class Meta:
        indexes = ((("draft", "month"), True),)

    def __str__(self) -> str:
        return f"{self.month}"


class ScoreMonth(Case):
    """A scored month: provisional until sealed, then never changed."""

    month = peewee.CharField(max_length=7, unique=True)
    policy = peewee.ForeignKeyField(Policy, backref="+", on_delete="RESTRICT")
    run_id = peewee.CharField(max_length=64)  # a hash of the rows: the same inputs give the same run
    computed_at = Moment()
    officer_count = peewee.IntegerField(default=0)
    data_as_on = peewee.DateField(null=True)
    inputs = JsonText(default=list)  # the imports it rests on: id, kind, sha256
    run = peewee.BigIntegerField(default=0)  # whose rows are the month's; see `is_shown`
    sealed_at = Moment(null=True)
    seal_number = peewee.IntegerField(null=True, unique=True)  # the order of sealing: each seal covers the one before
    previous_seal = peewee.CharField(max_length=64, null=True)
    seal = peewee.CharField(max_length=64, null=True)
    seal_version = peewee.IntegerField(default=1)  # what the run's id covers; see `rules.NEWEST_SEAL`

    class Meta:
        constraints = [
            one_of("state", ["provisional", "proposed", "sealed"]),
            peewee.Check("(state = 'sealed') = (sealed_at IS NOT NULL)"),
            peewee.Check("(state = 'sealed') = (seal IS NOT NULL)"),
            peewee.Check("(state = 'sealed') = (seal_number IS NOT NULL)"),
        ]

    def __str__(self) -> str:
        return self.month


class ScorePeriod(Table):
    """A quarter or a financial year, added up from the months of it that are sealed.

    Its rows stand in the tables of months, with its key in the column `month`: scores, groups, counts and figures of
    units. Nothing of it is under a seal; it is added up anew whenever what its months count has changed.
    """

    period = peewee.CharField(max_length=7, unique=True)  # as `core.periods` writes it
    run = peewee.BigIntegerField()  # whose rows are the period's; see `in_month`
    inputs = peewee.CharField(max_length=64)  # a hash of what was added up: the same inputs give the same rows
    counted = JsonText()  # the months, each with the number of the correction that counts for it, or null
    officer_count = peewee.IntegerField()
    keeps_figures = peewee.BooleanField()  # of units; not where a month was computed by code that kept none
    data_as_on = peewee.DateField(null=True)  # of the last month counted
    computed_at = Moment()

    class Meta:
        constraints = [peewee.Check("length(period) = 7")]

    def __str__(self) -> str:
        return self.period

    @property
    def month(self) -> str:
        """Its key, where a month would have its own: in addresses, files and the rows of the tables."""
        return self.period

    @property
    def months(self) -> list[str]:
        """The months counted, the first first."""
        return [month for month, _number in self.counted]

    @property
    def corrections(self) -> list[tuple[str, int]]:
        """The months that count as corrected, each with the number of the correction."""
        return [(month, number) for month, number in self.counted if number]

    @property
    def missing(self) -> list[str]:
        """The months of the period that are not sealed, the first first."""
        return [str(month) for month in Period.parse(self.period).months if str(month) not in self.months]

    @property
    def state(self) -> str:
        """`period_complete` once every month of it is counted, before that `period_so_far`."""
        return "period_so_far" if self.missing else "period_complete"


class MonthlyScore(Table):
    """An officer's month: points, the posting it belongs to, and where it stands in eight groups.

    Likewise a person's quarter and year, under the key of the period; see `ScorePeriod`.

    `rank_*` is among all officers with a score in the scope, `class_rank_*`
    among those of the same State class (none without a class); ties share a rank
    and the next skips. Equal ranks in the State are equal ranks in any group, so
    every board can be read in the order of `rank_state`.
    """

    month = peewee.CharField(max_length=7)
    run = peewee.BigIntegerField(default=0)
    officer = peewee.ForeignKeyField(Officer, backref="scores", on_delete="RESTRICT")
    points = peewee.IntegerField()
    unit = peewee.ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
    department = peewee.ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
    district = peewee.ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
    division = peewee.ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
    state_class = peewee.CharField(max_length=3, default="")
    rank_state = peewee.IntegerField()
    rank_division = peewee.IntegerField(null=True)
    rank_district = peewee.IntegerField(null=True)
    rank_department = peewee.IntegerField(null=True)
    class_rank_state = peewee.IntegerField(null=True)
    class_rank_division = peewee.IntegerField(null=True)
    class_rank_district = peewee.IntegerField(null=True)
    class_rank_department = peewee.IntegerField(null=True)

    class Meta:
        primary_key = peewee.CompositeKey("month", "officer", "run")
        indexes = (
            (("month", "rank_state"), False),  # also for the few divisions: each is a fifth of the State
            (("month", "district", "rank_state"), False),
            (("month", "department", "rank_state"), False),
            (("month", "unit", "rank_state"), False),
        )
        constraints = [peewee.Check("points > 0"), peewee.Check("length(month) = 7")]

    def __str__(self) -> str:
        return f"{self.month}: {self.points}"


class ScoreLine(Table):
    """A code's points of an officer's month, after its cap, with the items counted and the items there were."""

    month = peewee.CharField(max_length=7)
    run = peewee.BigIntegerField(default=0)
    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
    code = peewee.TextField()
    items = peewee.IntegerField()  # counted, after the cap
    found = peewee.IntegerField()  # before the cap
    points = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("month", "officer", "code", "run")
        constraints = [peewee.Check("points > 0"), peewee.Check("items > 0"), peewee.Check("found >= items")]

    def __str__(self) -> str:
        return f"{self.code}: {self.points}"


class PeerGroup(Table):
    """How many officers with a score a group has in a month; an empty class means all classes."""

    month = peewee.CharField(max_length=7)
    run = peewee.BigIntegerField(default=0)
    scope = peewee.TextField()
    unit = peewee.ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
    state_class = peewee.CharField(max_length=3, default="")
    size = peewee.IntegerField()
    total_points = peewee.BigIntegerField()

    class Meta:
        indexes = ((("month", "scope", "unit", "state_class", "run"), True),)
        constraints = [one_of("scope", ["state", "division", "district", "department"]), peewee.Check("size > 0")]

    def __str__(self) -> str:
        return f"{self.scope} {self.size}"


class PointCount(Table):
    """How many officers of a group have so many points in a month; what a picture of the group is drawn from."""

    month = peewee.CharField(max_length=7)
    scope = peewee.TextField()
    unit = peewee.ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
    state_class = peewee.CharField(max_length=3, default="")
    points = peewee.IntegerField()
    run = peewee.BigIntegerField(default=0)
    officers = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("month", "scope", "unit", "state_class", "points", "run")
        constraints = [peewee.Check("points > 0"), peewee.Check("officers > 0")]

    def __str__(self) -> str:
        return f"{self.points}: {self.officers}"


class UnitFigure(Table):
    """A unit's numbers for a month, as `rules.UnitFigures` names them; of an office also the department it then had."""

    month = peewee.CharField(max_length=7)
    scope = peewee.TextField()
    unit = peewee.ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
    run = peewee.BigIntegerField(default=0)
    department = peewee.ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
    officers = peewee.IntegerField()
    scored = peewee.IntegerField()
    points = peewee.BigIntegerField()
    learners = peewee.IntegerField()
    seconds = peewee.BigIntegerField()
    planners = peewee.IntegerField()
    plan_courses = peewee.IntegerField()
    in_time = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("month", "scope", "unit", "run")
        constraints = [
            one_of("scope", ["department", "district", "division", "office", "state"]),
            peewee.Check("officers >= 0 AND scored >= 0 AND learners >= planners AND plan_courses >= in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.month}"


# A run of a month is written beside the one that is shown, in steps that keep nobody waiting; then the month
# points to it. Whoever reads rows of a month asks for those it points to, with one of these two.
Rows = type[MonthlyScore] | type[ScoreLine] | type[PeerGroup] | type[PointCount] | type[UnitFigure]


def in_month(month: object, rows: Rows, run: int | None = None) -> peewee.Expression:
    """The condition that a row is one of those a month shows; none before the month was first computed.

    Likewise for a quarter or a year. With a run it is one of that run's: those of a correction are read so, and in no
    other way.
    """
    run = _shown(str(month)) if run is None else run
    return (rows.month == str(month)) & (rows.run == run)


def _shown(key: str) -> peewee.ModelSelect:
    """The run that a month shows, or a quarter or a year."""
    if is_period(key):
        added = ScorePeriod.alias("shown")
        return added.select(added.run).where(added.period == key)
    shown = ScoreMonth.alias("shown")
    return shown.select(shown.run).where(shown.month == key)


def is_shown(rows: Rows) -> peewee.Expression:
    """The condition of a join with `ScoreMonth` under which a row is one of those its month shows.

    So whoever asks for months meets no quarter and no year: these have no row there.
    """
    return (ScoreMonth.month == rows.month) & (ScoreMonth.run == rows.run)


def is_added_up(rows: Rows) -> peewee.Expression:
    """The same of a join with `ScorePeriod`: the rows that quarters and years show."""
    return (ScorePeriod.period == rows.month) & (ScorePeriod.run == rows.run)


class SealBlock(Table):
    """Short digests of a sealed month's rows, in order: what lets a broken seal name the row."""

    month = peewee.CharField(max_length=7)
    part = peewee.TextField()
    number = peewee.IntegerField()
    digests = JsonText()  # pairs of key and digest

    class Meta:
        primary_key = peewee.CompositeKey("month", "part", "number")
        constraints = [one_of("part", ["score", "group", "unit"])]

    def __str__(self) -> str:
        return f"{self.month}: {self.part} {self.number}"


class Correction(Case):
    """What today's records make of a sealed month: rows of its own beside the sealed ones, which stay as they are.

    It corrects what stood when it was computed: the sealed rows, or those of the correction before it. The number is
    given with the approval, 1, 2, … for each month, so that none is missing or used twice.
    """

    month = peewee.CharField(max_length=7)
    number = peewee.IntegerField(null=True)
    policy = peewee.ForeignKeyField(Policy, backref="+", on_delete="RESTRICT", index=False)
    base_run = peewee.BigIntegerField()  # whose rows it corrects
    base_run_id = peewee.CharField(max_length=64)
    run = peewee.BigIntegerField(unique=True)  # whose rows are the corrected ones
    run_id = peewee.CharField(max_length=64)
    officer_count = peewee.IntegerField()
    data_as_on = peewee.DateField(null=True)
    inputs = JsonText(default=list)  # the imports it rests on: id, kind, sha256
    basis = JsonText(default=dict)  # what came since, as `rules.Basis` reads and writes it
    figures = JsonText(default=dict)  # as `rules.Figures` reads and writes them
    changes = peewee.CharField(max_length=64)  # a hash of what it says of each officer
    computed_at = Moment()
    approved_at = Moment(null=True)
    previous = peewee.CharField(max_length=64, null=True)  # the hash of the correction before it, else the seal
    hash = peewee.CharField(max_length=64, null=True)

    class Meta:
        indexes = ((("month", "number"), True),)
        constraints = [
            one_of("state", sorted(CORRECTION.states)),
            peewee.Check("length(month) = 7 AND (number IS NULL OR number > 0)"),
            peewee.Check("(state = 'correction_approved') = (number IS NOT NULL)"),
            peewee.Check("(state = 'correction_approved') = (approved_at IS NOT NULL)"),
            peewee.Check("(state = 'correction_approved') = (hash IS NOT NULL AND previous IS NOT NULL)"),
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.number or ''}"


# One open correction for each month, whatever two workers do at the same moment.
Correction.add_index(
    Correction.index(
        Correction.month,
        unique=True,
        where=Correction.state.in_(CORRECTION_OPEN),
        name="correction_one_open_per_month",
    )
)


def is_counting(rows: Rows) -> peewee.Expression:
    """The condition of a join with `ScoreMonth` under which a row is one of those that stand for its month today.

    Those are the rows of its last approved correction, and the month's own where there is none: what a nomination
    counts. Boards and an officer's own page show the sealed ones, with the corrected beside them.
    """
    later = Correction.alias("standing")
    its = (later.month == ScoreMonth.month) & (later.state == APPROVED)
    run = later.select(later.run).where(its).order_by(later.number.desc()).limit(1)
    return (ScoreMonth.month == rows.month) & (rows.run == peewee.fn.COALESCE(run, ScoreMonth.run))


class CorrectedScore(Table):
    """An officer whose month a correction changes: before and after; without points there is no score."""

    correction = peewee.ForeignKeyField(Correction, backref="+", on_delete="RESTRICT", index=False)
    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
    points_before = peewee.IntegerField(null=True)
    points_after = peewee.IntegerField(null=True)
    unit_before = peewee.ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
    unit_after = peewee.ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
    class_before = peewee.CharField(max_length=3, default="")
    class_after = peewee.CharField(max_length=3, default="")
    rank_before = peewee.IntegerField(null=True)  # in the State
    rank_after = peewee.IntegerField(null=True)

    class Meta:
        primary_key = peewee.CompositeKey("correction", "officer")

    def __str__(self) -> str:
        return f"{self.points_before} → {self.points_after}"


class CorrectedLine(Table):
    """A line that a correction changes: items found and counted and points, before and after; zero is no line."""

    correction = peewee.ForeignKeyField(Correction, backref="+", on_delete="RESTRICT", index=False)
    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
    code = peewee.TextField()
    found_before = peewee.IntegerField()
    items_before = peewee.IntegerField()
    points_before = peewee.IntegerField()
    found_after = peewee.IntegerField()
    items_after = peewee.IntegerField()
    points_after = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("correction", "officer", "code")

    def __str__(self) -> str:
        return f"{self.code}: {self.points_before} → {self.points_after}"


class CorrectionBlock(Table):
    """Short digests of a correction's rows, in order: what lets a broken one name the row."""

    correction = peewee.ForeignKeyField(Correction, backref="+", on_delete="RESTRICT", index=False)
    part = peewee.TextField()
    number = peewee.IntegerField()
    digests = JsonText()  # pairs of key and digest

    class Meta:
        primary_key = peewee.CompositeKey("correction", "part", "number")
        constraints = [one_of("part", ["score", "group", "change"])]

    def __str__(self) -> str:
        return f"{self.part} {self.number}"


class Dispute(Case):
    """An officer's objection to a line of a month of their own, and what it rests on; the month is not touched by it.

    The label is that of the policy on the day. The days are the last ones, inclusive, in India.
    """

    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
    month = peewee.CharField(max_length=7)
    code = peewee.TextField()
    label_hi = peewee.TextField()
    label_en = peewee.TextField()
    words = peewee.TextField()
    achievement = peewee.ForeignKeyField(Achievement, null=True, backref="+", on_delete="RESTRICT", index=False)
    reference = peewee.TextField(default="")
    raised_at = Moment()
    answer_by = peewee.DateField()
    answered_at = Moment(null=True)
    decide_by = peewee.DateField(null=True)
    ended_at = Moment(null=True)

    class Meta:
        constraints = [
            one_of("state", sorted(DISPUTE.states)),
            peewee.Check("words <> '' AND length(month) = 7"),
            peewee.Check("(answered_at IS NULL) = (decide_by IS NULL)"),
            peewee.Check("state IN ('raised', 'withdrawn') OR answered_at IS NOT NULL"),
            peewee.Check("(ended_at IS NOT NULL) = (state IN ('upheld', 'not_upheld', 'withdrawn'))"),
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.code}"

    @property
    def due_on(self) -> date:
        """The last day, inclusive, of the step that comes next."""
        return self.decide_by or self.answer_by

    def is_late(self, on: date) -> bool:
        """True from the day after the last day of the next step, while one is to come."""
        return self.ended_at is None and self.due_on < on


# One open dispute for each line, whatever two browsers do at the same moment.
Dispute.add_index(
    Dispute.index(
        Dispute.officer,
        Dispute.month,
        Dispute.code,
        unique=True,
        where=Dispute.state.in_(OPEN),
        name="dispute_one_open_per_line",
    )
)


class ScoreHold(Case):
    """An officer's score of a month that is not ranked, why, and since when; its points and lines stay."""

    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
    month = peewee.CharField(max_length=7)
    reason = peewee.TextField()
    proposed_at = Moment()
    confirmed_at = Moment(null=True)
    ended_at = Moment(null=True)

    class Meta:
        indexes = ((("month", "state"), False),)
        constraints = [
            one_of("state", sorted(SCORE_HOLD.states)),
            peewee.Check("reason <> '' AND length(month) = 7"),
            peewee.Check("(confirmed_at IS NOT NULL) = (state IN ('held', 'hold_released'))"),
            peewee.Check("(ended_at IS NOT NULL) = (state IN ('hold_dismissed', 'hold_released'))"),
        ]

    def __str__(self) -> str:
        return self.month


ScoreHold.add_index(
    ScoreHold.index(
        ScoreHold.officer,
        ScoreHold.month,
        unique=True,
        where=ScoreHold.state.in_(STANDING),
        name="score_hold_one_per_month",
    )
)
