"""Officers, units of the State, postings, and honours on the service record."""

from enum import StrEnum

import peewee

from karmyogi.people.rules.consents import Purpose
from karmyogi.store.db import JsonText, Letters, Moment, Table, one_of
from karmyogi.store.transitions import Case


class UnitKind(StrEnum):
    STATE = "state"
    DEPARTMENT = "department"
    DIRECTORATE = "directorate"
    DIVISION = "division"
    DISTRICT = "district"
    OFFICE = "office"


class StateClass(StrEnum):
    """The State's own class of post; iGOT's Group A to D is kept apart."""

    I = "I"  # noqa: E741 - the class is called I
    II = "II"
    III = "III"
    IV = "IV"


class KeyKind(StrEnum):
    """What may name an officer in a file."""

    IGOT_ID = "igot_id"
    EMAIL = "email"
    PHONE = "phone"
    EMPLOYEE_ID = "employee_id"
    EXTERNAL = "external"


class OrgUnit(Table):
    """A node of the State: an office hangs in the line of a department and in the territory of a district.

    Paths are the ids from the State down to the unit itself, as `/1/7/212/`.
    """

    kind = peewee.TextField()
    name_hi = peewee.TextField(default="")
    name_en = peewee.TextField()
    line_parent = peewee.ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    territory_parent = peewee.ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    line_path = peewee.TextField(default="/", index=True)
    territory_path = peewee.TextField(default="/", index=True)
    department = peewee.ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    district = peewee.ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    division = peewee.ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    closed_on = peewee.DateField(null=True)

    class Meta:
        indexes = ((("kind", "name_en"), False),)
        constraints = [
            one_of("kind", [k.value for k in UnitKind]),
            peewee.Check("name_en <> ''"),
        ]

    def __str__(self) -> str:
        return self.name_hi or self.name_en


class UnitName(Table):
    """What a unit was called before: the names it bore until `ended_on`, the first day of the next ones."""

    unit = peewee.ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT")
    name_hi = peewee.TextField(default="")
    name_en = peewee.TextField()
    ended_on = peewee.DateField()

    class Meta:
        indexes = ((("name_en",), False),)
        constraints = [peewee.Check("name_en <> ''")]

    def __str__(self) -> str:
        return self.name_hi or self.name_en


class Designation(Table):
    """A post's name in both languages; iGOT prints the English one in capitals."""

    name_en = peewee.TextField(unique=True)
    name_hi = peewee.TextField(default="")

    def __str__(self) -> str:
        return self.name_hi or self.name_en


class Officer(Table):
    """Any government servant we track; never deleted."""

    employee_code = peewee.TextField(unique=True)
    name_hi = peewee.TextField(default="")
    name_en = peewee.TextField(default="")
    designation = peewee.ForeignKeyField(Designation, null=True, backref="+", on_delete="RESTRICT")
    state_class = peewee.CharField(max_length=3, null=True)
    igot_group = peewee.TextField(default="")
    gender = peewee.TextField(default="")
    email = peewee.TextField(default="")
    mobile = peewee.TextField(default="")
    birth_on = peewee.DateField(null=True)
    joined_on = peewee.DateField(null=True)
    retires_on = peewee.DateField(null=True)
    cadre = peewee.TextField(default="")
    cadre_on = peewee.DateField(null=True)
    roster_as_on = peewee.DateField(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the roster row last applied
    import_id = peewee.IntegerField(null=True)
    # The record that stands for this one's person. Facts stay where they are: reads resolve (`queries.merging`).
    merged_into = peewee.ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT", index=False)

    class Meta:
        constraints = [
            peewee.Check("employee_code <> ''"),
            peewee.Check("name_hi <> '' OR name_en <> ''"),
            peewee.Check("state_class IS NULL OR state_class IN ('I', 'II', 'III', 'IV')"),
        ]

    def __str__(self) -> str:
        return self.name_hi or self.name_en


# Few records are ever merged: everybody else pays nothing for the index.
Officer.add_index(
    Officer.index(Officer.merged_into, where=Officer.merged_into.is_null(False), name="officer_merged_into")
)


class OfficerKey(Table):
    """A key that the roster, the user report or a person taught us; one value may point to several officers."""

    kind = peewee.TextField()
    value = peewee.TextField()
    officer = peewee.ForeignKeyField(Officer, backref="keys", on_delete="RESTRICT")
    import_id = peewee.IntegerField(null=True)
    answer_id = peewee.IntegerField(null=True)  # of the match queue: a person said so, and may take it back

    class Meta:
        indexes = ((("kind", "value", "officer"), True),)
        constraints = [one_of("kind", [k.value for k in KeyKind]), peewee.Check("value <> ''")]

    def __str__(self) -> str:
        return self.kind


OfficerKey.add_index(
    OfficerKey.index(
        OfficerKey.answer_id, where=OfficerKey.answer_id.is_null(False), name="officer_key_taught_by_answer"
    )
)


class OfficerWord(Table):
    """A key by which a search finds an officer: of the code, or of a word of a name, however it is spelled."""

    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
    word = Letters()

    class Meta:
        primary_key = peewee.CompositeKey("officer", "word")
        indexes = ((("word", "officer"), False),)
        constraints = [peewee.Check("word <> ''")]

    def __str__(self) -> str:
        return self.word


class IgotProfile(Table):
    """What iGOT's user report last said of an officer; karma points are a life-time total."""

    officer = peewee.ForeignKeyField(Officer, unique=True, backref="igot", on_delete="RESTRICT")
    registered_on = peewee.DateField(null=True)  # the earliest ever reported
    profile_status = peewee.TextField(default="")
    roles = peewee.TextField(default="")
    tags = peewee.TextField(default="")
    organisation = peewee.TextField(default="")
    mdoid = peewee.TextField(default="")
    weekly_claps = peewee.IntegerField(null=True)
    karma_points = peewee.IntegerField(null=True)
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("registered_on",), False),)

    def __str__(self) -> str:
        return self.profile_status


class Posting(Table):
    """An officer in a unit from one day to another, both inclusive; scores follow it."""

    officer = peewee.ForeignKeyField(Officer, backref="postings", on_delete="RESTRICT", index=False)
    unit = peewee.ForeignKeyField(OrgUnit, backref="postings", on_delete="RESTRICT", index=False)
    designation = peewee.ForeignKeyField(Designation, null=True, backref="+", on_delete="RESTRICT")
    state_class = peewee.CharField(max_length=3, null=True)
    from_on = peewee.DateField()
    to_on = peewee.DateField(null=True)
    import_id = peewee.IntegerField(null=True)

    class Meta:
        indexes = (
            (("officer", "from_on"), True),
            (("unit", "officer", "from_on", "to_on"), False),  # who is where on a day, without the rows themselves
        )
        constraints = [peewee.Check("to_on IS NULL OR to_on >= from_on")]

    def __str__(self) -> str:
        return f"{self.from_on}"


class Honour(Table):
    """An award in the service record, from an order of ours or from before this software."""

    officer = peewee.ForeignKeyField(Officer, backref="honours", on_delete="RESTRICT")
    title_hi = peewee.TextField()
    title_en = peewee.TextField()
    given_on = peewee.DateField()
    order_number = peewee.TextField(default="")
    award_id = peewee.IntegerField(null=True, unique=True)
    withdrawn_on = peewee.DateField(null=True)

    def __str__(self) -> str:
        return self.title_hi or self.title_en


class NameCorrection(Case):
    """An officer's request to have both names written otherwise; the old names are those of the day it was made.

    Once approved the roster leaves both names alone, until GAD releases them again.
    """

    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
    old_name_hi = peewee.TextField(default="")
    old_name_en = peewee.TextField(default="")
    name_hi = peewee.TextField()
    name_en = peewee.TextField()
    reason = peewee.TextField()
    reference = peewee.TextField(default="")  # of the order or the page of the service book
    requested_at = Moment()
    decided_at = Moment(null=True)
    released_at = Moment(null=True)  # since then the roster decides again

    class Meta:
        constraints = [
            one_of("state", ["requested", "approved", "refused", "withdrawn"]),
            peewee.Check("name_hi <> '' AND name_en <> '' AND reason <> ''"),
            peewee.Check("(state = 'requested') = (decided_at IS NULL)"),
            peewee.Check("released_at IS NULL OR state = 'approved'"),
        ]

    def __str__(self) -> str:
        return self.name_hi


class Consent(Table):
    """What an officer agreed to beyond what their service asks, when, in which version of the words, and until when.

    Kept when it is taken back: it tells on what ground a name was shown meanwhile.
    """

    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
    purpose = peewee.TextField()
    words = peewee.IntegerField()  # the version, as `rules.consents` keeps it
    language = peewee.CharField(max_length=2)  # in which it was read
    given_at = Moment()
    withdrawn_at = Moment(null=True)

    class Meta:
        constraints = [
            one_of("purpose", [purpose.value for purpose in Purpose]),
            peewee.Check("words > 0 AND language IN ('hi', 'en')"),
            peewee.Check("withdrawn_at IS NULL OR withdrawn_at >= given_at"),
        ]

    def __str__(self) -> str:
        return self.purpose


# One in force for each officer and purpose, whatever two browsers do; by it a board asks who may be named.
Consent.add_index(
    Consent.index(
        Consent.officer,
        Consent.purpose,
        unique=True,
        where=Consent.withdrawn_at.is_null(),
        name="consent_one_in_force_per_officer",
    )
)


# One open request for each officer, whatever two browsers do at the same moment.
NameCorrection.add_index(
    NameCorrection.index(
        NameCorrection.officer,
        unique=True,
        where=NameCorrection.state == "requested",
        name="name_correction_one_open_per_officer",
    )
)
