"""Schemes, cycles, categories, nominations and integrity certificates."""

import peewee

from karmyogi.accounts.models import User
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.store.db import JsonText, Moment, Table, one_of
from karmyogi.store.transitions import Case

STATES = ("draft", "submitted", "verified", "selected", "released", "awarded", "returned", "withdrawn", "rejected")
NOT_LIVE = ["withdrawn", "rejected"]


class Scheme(Table):
    """What is awarded, under which rules."""

    code = peewee.TextField(unique=True)
    name_hi = peewee.TextField()
    name_en = peewee.TextField()
    award_hi = peewee.TextField()  # what the award certificate is called
    award_en = peewee.TextField()

    def __str__(self) -> str:
        return self.name_hi or self.name_en


class Cycle(Table):
    """One round of a scheme; its criteria are frozen when it opens."""

    scheme = peewee.ForeignKeyField(Scheme, backref="cycles", on_delete="RESTRICT")
    name_hi = peewee.TextField()
    name_en = peewee.TextField()
    first_month = peewee.CharField(max_length=7)  # the period of work, both inclusive
    last_month = peewee.CharField(max_length=7)
    cut_off_on = peewee.DateField()  # whose head nominates is decided by the posting on this day
    opens_on = peewee.DateField()
    closes_on = peewee.DateField()  # inclusive
    quota = peewee.IntegerField()  # nominations per department
    criteria = JsonText()

    class Meta:
        constraints = [
            peewee.Check("quota > 0"),
            peewee.Check("opens_on <= closes_on"),
            peewee.Check("first_month <= last_month"),
        ]

    def __str__(self) -> str:
        return self.name_hi or self.name_en


class Category(Table):
    """A kind of merit in which a cycle takes nominations."""

    cycle = peewee.ForeignKeyField(Cycle, backref="categories", on_delete="RESTRICT")
    name_hi = peewee.TextField()
    name_en = peewee.TextField()
    amount_rupees = peewee.IntegerField(null=True)

    class Meta:
        constraints = [peewee.Check("amount_rupees IS NULL OR amount_rupees > 0")]

    def __str__(self) -> str:
        return self.name_hi or self.name_en


class Nomination(Case):
    """A head's proposal of one officer in a cycle; the record is filled by the system and frozen at submission."""

    cycle = peewee.ForeignKeyField(Cycle, backref="nominations", on_delete="RESTRICT", index=False)
    category = peewee.ForeignKeyField(Category, backref="+", on_delete="RESTRICT")
    officer = peewee.ForeignKeyField(Officer, backref="nominations", on_delete="RESTRICT")
    department = peewee.ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT")
    nominated_by = peewee.ForeignKeyField(User, backref="+", on_delete="RESTRICT")
    priority = peewee.IntegerField()
    version = peewee.IntegerField(default=1)  # of what the head wrote: two open pages never overwrite each other
    citation_hi = peewee.TextField(default="")
    citation_en = peewee.TextField(default="")
    record = JsonText(null=True)  # what the system knew when the head submitted
    opened_at = Moment()
    submitted_at = Moment(null=True)
    released_at = Moment(null=True)

    class Meta:
        indexes = ((("cycle", "department", "state"), False),)
        constraints = [
            one_of("state", STATES),
            peewee.Check("priority > 0"),
            peewee.Check("state IN ('draft', 'withdrawn', 'returned') OR (citation_hi <> '' AND citation_en <> '')"),
            peewee.Check("state IN ('draft', 'withdrawn') OR (record IS NOT NULL AND submitted_at IS NOT NULL)"),
            peewee.Check("(state IN ('released', 'awarded')) = (released_at IS NOT NULL)"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class IntegrityCertificate(Table):
    """An authority's word that nothing stands against an officer: an answer and its term, never case papers."""

    officer = peewee.ForeignKeyField(Officer, backref="integrity", on_delete="RESTRICT")
    answer = peewee.TextField()
    reference = peewee.TextField()
    given_on = peewee.DateField()
    valid_until = peewee.DateField()
    entered_by = peewee.IntegerField(null=True)
    entered_at = Moment()

    class Meta:
        constraints = [
            one_of("answer", ["clear", "not_clear", "pending"]),
            peewee.Check("valid_until >= given_on"),
            peewee.Check("reference <> ''"),
        ]

    def __str__(self) -> str:
        return self.answer


# One live nomination per officer and cycle, whatever two heads do at the same moment.
Nomination.add_index(
    Nomination.index(
        Nomination.cycle,
        Nomination.officer,
        unique=True,
        where=Nomination.state.not_in(NOT_LIVE),
        name="nomination_one_live_per_officer",
    )
)
Nomination.add_index(
    Nomination.index(
        Nomination.cycle,
        Nomination.department,
        Nomination.priority,
        unique=True,
        where=Nomination.state.not_in(NOT_LIVE),
        name="nomination_one_live_per_priority",
    )
)
