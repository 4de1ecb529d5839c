"""Officers, units, postings and honours: what every other room points at."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Designation(Base):
        name_en = TextField(unique=True)
        name_hi = TextField()

        class Meta:
            table_name = "designation"

    class Officer(Base):
        employee_code = TextField(unique=True)
        name_hi = TextField()
        name_en = TextField()
        designation = ForeignKeyField(Designation, backref="+", on_delete="RESTRICT", null=True)
        state_class = CharField(max_length=3, null=True)
        igot_group = TextField()
        gender = TextField()
        email = TextField()
        mobile = TextField()
        birth_on = DateField(null=True)
        joined_on = DateField(null=True)
        retires_on = DateField(null=True)
        cadre = TextField()
        cadre_on = DateField(null=True)
        roster_as_on = DateField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)

        class Meta:
            table_name = "officer"
            constraints = [
                Check("employee_code <> ''"),
                Check("name_hi <> '' OR name_en <> ''"),
                Check("state_class IS NULL OR state_class IN ('I', 'II', 'III', 'IV')"),
            ]

    class Honour(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        title_hi = TextField()
        title_en = TextField()
        given_on = DateField()
        order_number = TextField()
        award_id = IntegerField(unique=True, null=True)
        withdrawn_on = DateField(null=True)

        class Meta:
            table_name = "honour"

    class IgotProfile(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", unique=True)
        registered_on = DateField(null=True)
        profile_status = TextField()
        roles = TextField()
        tags = TextField()
        organisation = TextField()
        mdoid = TextField()
        weekly_claps = IntegerField(null=True)
        karma_points = IntegerField(null=True)
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "igot_profile"
            indexes = ((("registered_on",), False),)

    class OfficerKey(Base):
        kind = TextField()
        value = TextField()
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        import_id = IntegerField(null=True)

        class Meta:
            table_name = "officer_key"
            indexes = ((("kind", "value", "officer"), True),)
            constraints = [
                Check("kind IN ('igot_id', 'email', 'phone', 'employee_id', 'external')"),
                Check("value <> ''"),
            ]

    class OrgUnit(Base):
        kind = TextField()
        name_hi = TextField()
        name_en = TextField()
        line_parent = ForeignKeyField("self", backref="+", on_delete="RESTRICT", null=True)
        territory_parent = ForeignKeyField("self", backref="+", on_delete="RESTRICT", null=True)
        line_path = TextField(index=True)
        territory_path = TextField(index=True)
        department = ForeignKeyField("self", backref="+", on_delete="RESTRICT", null=True)
        district = ForeignKeyField("self", backref="+", on_delete="RESTRICT", null=True)
        division = ForeignKeyField("self", backref="+", on_delete="RESTRICT", null=True)
        closed_on = DateField(null=True)

        class Meta:
            table_name = "org_unit"
            indexes = ((("kind", "name_en"), False),)
            constraints = [
                Check("kind IN ('state', 'department', 'directorate', 'division', 'district', 'office')"),
                Check("name_en <> ''"),
            ]

    class Posting(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        unit = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT")
        designation = ForeignKeyField(Designation, backref="+", on_delete="RESTRICT", null=True)
        state_class = CharField(max_length=3, null=True)
        from_on = DateField()
        to_on = DateField(null=True)
        import_id = IntegerField(null=True)

        class Meta:
            table_name = "posting"
            indexes = ((("officer", "from_on"), True),)
            constraints = [
                Check("to_on IS NULL OR to_on >= from_on"),
            ]

    return [Designation, Officer, Honour, IgotProfile, OfficerKey, OrgUnit, Posting]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
