"""Registers of people: officers and what is written of them, units and the names of posts."""

import peewee

from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.people.models import (
    Designation,
    Honour,
    IgotProfile,
    NameCorrection,
    Officer,
    OrgUnit,
    Posting,
    StateClass,
    UnitKind,
)
from karmyogi.people.queries import (
    corrections_for,
    is_on_igot,
    officer_within,
    officers_called,
    officers_for,
    officers_in_units_called,
    postings_on,
    units_called,
)
from karmyogi.people.rules import NAME_CORRECTION
from karmyogi.web.filters import Among, Contains, Filled, From, OneOf, Until, YesNo
from karmyogi.web.labels import LEARNING, PEOPLE
from karmyogi.web.lists import named
from karmyogi.web.registers import Register

LEFT = peewee.JOIN.LEFT_OUTER  # so that a list is read in its own order, whatever hangs on it
OFFICER = named(Officer, "employee_code")
BY_CODE = N_("Employee code")


def posted_where(text: str) -> peewee.ModelSelect:
    """Ids of officers who today hold a post in a unit called so."""
    return officers_in_units_called(text, on=today())


class OnIgot(YesNo):
    """Whether a user report has ever named the officer."""

    def apply(self, query: peewee.ModelSelect, value: bool) -> peewee.ModelSelect:
        return query.where(is_on_igot(self.column) if value else ~is_on_igot(self.column))


class Officers(Register):
    """Everybody whom the State tracks; e-mail, telephone and date of birth are never listed."""

    table = Officer
    title = N_("Officers")
    group = PEOPLE
    slug = "officers"
    read = Permission.OFFICERS_READ
    column_list = ("name", "employee_code", "designation", "state_class", "unit")
    column_details_list = (
        "name_hi",
        "name_en",
        "employee_code",
        "designation",
        "unit",
        "state_class",
        "igot_group",
        "joined_on",
        "cadre",
        "cadre_on",
        "roster_as_on",
    )
    column_sortable_list = ("employee_code",)
    column_default_sort = ("employee_code", False)
    column_filters = (
        Among(Officer.id, N_("Department, district or office"), posted_where, key="unit"),
        Contains(Designation.name_en, N_("Designation in English")),
        Contains(Designation.name_hi, N_("Designation in Hindi")),
        OneOf(Officer.state_class, N_("Class"), [one.value for one in StateClass]),
        Filled(Officer.name_hi, N_("Hindi name is written")),
        OnIgot(Officer.id, N_("Registered on iGOT")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = N_("Name in either script, or employee code")

    def searched(self, query: peewee.ModelSelect, text: str) -> peewee.ModelSelect:
        return query.where(officers_called(text))

    def about(self, row: Officer) -> list[tuple[str, dict[str, object]]]:
        return [(slug, {"search": row.employee_code}) for slug in TOLD_OF_OFFICERS]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        shown = [getattr(Officer, name) for name in SHOWN_OF_OFFICER]
        standing = officers_for(actor, self.read, on=today()).where(Officer.merged_into.is_null())
        return standing.select(*shown, *named(Designation)).join(Designation, LEFT)

    def finish(self, rows: list[Officer]) -> None:
        held = postings_on(rows, on=today())
        for officer in rows:
            officer.unit = held[officer.id].unit if officer.id in held else None


TOLD_OF_OFFICERS = (
    "postings",
    "honours",
    "igot-profiles",
    "obligations",
    "enrolments",
    "completions",
    "achievements",
    "scores",
    "nominations",
    "awards",
)
SHOWN_OF_OFFICER = (
    "id",
    "employee_code",
    "name_hi",
    "name_en",
    "designation",
    "state_class",
    "igot_group",
    "joined_on",
    "cadre",
    "cadre_on",
    "roster_as_on",
)


class Units(Register):
    """Departments, districts and offices; a Hindi name is written here, the rest is changed on a unit's page."""

    table = OrgUnit
    title = N_("Departments, districts and offices")
    group = PEOPLE
    slug = "units"
    read = Permission.UNITS_READ
    write = Permission.UNITS_WRITE
    column_list = ("name", "kind", "department", "district", "closed_on")
    column_details_list = ("name_hi", "name_en", "kind", "department", "district", "division", "closed_on")
    column_words = ("kind",)
    column_sortable_list = ("name", "kind")
    column_default_sort = ("id", False)
    column_filters = (
        OneOf(OrgUnit.kind, N_("Kind"), [kind.value for kind in UnitKind]),
        Among(OrgUnit.id, N_("Department or district"), units_called, key="within"),
        Filled(OrgUnit.name_hi, N_("Hindi name is written")),
        Filled(OrgUnit.closed_on, N_("Closed")),
    )
    search_texts = (OrgUnit.name_hi, OrgUnit.name_en)
    search_hint = N_("Part of a name, in either script")
    form_columns = ("name_hi",)
    own_page = ("home.unit", "unit_id")

    def about(self, row: OrgUnit) -> list[tuple[str, dict[str, object]]]:
        return [(slug, {"flt_unit": row.name_en}) for slug in ("officers", "postings", "scores", "role-grants")]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        above = {name: OrgUnit.alias() for name in ("department", "district", "division")}
        names = [column for unit in above.values() for column in named(unit)]
        query = OrgUnit.select(OrgUnit, *names)
        for name, unit in above.items():
            query = query.switch(OrgUnit).join(unit, LEFT, on=getattr(OrgUnit, name) == unit.id, attr=name)
        return query.switch(OrgUnit)


class Designations(Register):
    """The names of posts: iGOT gives the English one, the State writes the Hindi one."""

    table = Designation
    title = N_("Designations")
    group = PEOPLE
    slug = "designations"
    read = Permission.UNITS_READ
    write = Permission.OFFICERS_WRITE
    column_list = ("name_en", "name_hi")
    column_sortable_list = ("name_en", "name_hi")
    column_default_sort = ("name_en", False)
    column_filters = (Filled(Designation.name_hi, N_("Hindi name is written")),)
    search_texts = (Designation.name_en, Designation.name_hi)
    search_hint = N_("Part of a name, in either script")
    form_columns = ("name_hi",)
    form_new_columns = ("name_en", "name_hi")


class Postings(Register):
    """Who was posted where, from when until when."""

    table = Posting
    title = N_("Postings")
    group = PEOPLE
    slug = "postings"
    read = Permission.OFFICERS_READ
    column_list = ("officer", "officer.employee_code", "unit", "designation", "from_on", "to_on")
    column_details_list = (*column_list, "state_class", "import_id")
    column_plain = ("import_id",)
    column_filters = (
        Among(Posting.unit, N_("Department, district or office"), units_called),
        From(Posting.from_on, N_("Posted")),
        Until(Posting.from_on, N_("Posted")),
        Filled(Posting.to_on, N_("Ended")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = BY_CODE

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Posting.select(Posting, *OFFICER, *named(OrgUnit), *named(Designation))
            .join(Officer, LEFT)
            .switch(Posting)
            .join(OrgUnit, LEFT, on=Posting.unit == OrgUnit.id)
            .switch(Posting)
            .join(Designation, LEFT, on=Posting.designation == Designation.id)
            .where(officer_within(scope_of(actor, self.read), Posting.officer, on=today()))
        )


class Honours(Register):
    """Awards in the service record, from our orders and from before them."""

    table = Honour
    title = N_("Honours")
    group = PEOPLE
    slug = "honours"
    read = Permission.OFFICERS_READ
    column_list = ("officer", "officer.employee_code", "title", "given_on", "order_number", "withdrawn_on")
    column_details_list = (
        "officer",
        "officer.employee_code",
        "title_hi",
        "title_en",
        "given_on",
        "order_number",
        "withdrawn_on",
    )
    column_filters = (
        From(Honour.given_on, N_("Given on")),
        Until(Honour.given_on, N_("Given on")),
        Filled(Honour.withdrawn_on, N_("Withdrawn")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = BY_CODE

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Honour.select(Honour, *OFFICER)
            .join(Officer, LEFT)
            .where(officer_within(scope_of(actor, self.read), Honour.officer, on=today()))
        )


class IgotProfiles(Register):
    """What iGOT last said of an officer as a learner."""

    table = IgotProfile
    title = N_("Profiles on iGOT")
    group = LEARNING
    slug = "igot-profiles"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "profile_status", "registered_on", "karma_points", "reported_at")
    column_details_list = (
        *column_list,
        "weekly_claps",
        "organisation",
        "roles",
        "tags",
        "mdoid",
        "import_id",
        "row_number",
    )
    column_plain = ("import_id", "row_number")
    column_filters = (
        Among(IgotProfile.officer, N_("Department, district or office"), posted_where, key="unit"),
        From(IgotProfile.registered_on, N_("Registered on")),
        Until(IgotProfile.registered_on, N_("Registered on")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = BY_CODE

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            IgotProfile.select(IgotProfile, *OFFICER)
            .join(Officer, LEFT)
            .where(officer_within(scope_of(actor, self.read), IgotProfile.officer, on=today()))
        )


class NameCorrections(Register):
    """Requests of officers to have their names corrected, and what became of them."""

    table = NameCorrection
    title = N_("Corrections of names")
    group = PEOPLE
    slug = "name-corrections"
    read = Permission.NAMES_READ
    own_page = ("people.name", "correction_id")
    column_list = ("officer", "officer.employee_code", "name_hi", "name_en", "state", "requested_at", "decided_at")
    column_details_list = (
        "officer",
        "officer.employee_code",
        "old_name_hi",
        "old_name_en",
        "name_hi",
        "name_en",
        "reason",
        "reference",
        "state",
        "requested_at",
        "decided_at",
        "released_at",
    )
    column_labels = {
        "name_hi": N_("As requested, in Hindi"),
        "name_en": N_("As requested, in English"),
        "released_at": N_("Returned to the roster at"),
    }
    column_words = ("state",)
    column_filters = (
        OneOf(NameCorrection.state, N_("Status"), sorted(NAME_CORRECTION.states)),
        From(NameCorrection.requested_at, N_("Requested on")),
        Until(NameCorrection.requested_at, N_("Requested on")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = BY_CODE

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return corrections_for(actor).order_by()


VIEWS = (Officers, Postings, Units, Designations, Honours, IgotProfiles, NameCorrections)
