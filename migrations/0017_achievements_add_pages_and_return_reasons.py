"""What is known of certificates given as PDF, and the reasons with which a claim goes back."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Achievement(Base):
        class Meta:
            table_name = "achievement"

    class CertificateImage(Base):
        class Meta:
            table_name = "certificate_image"

    class PdfFacts(Base):
        image = ForeignKeyField(CertificateImage, unique=True, backref="+", on_delete="RESTRICT")
        pages = IntegerField()
        notes = TextField()

        class Meta:
            table_name = "pdf_facts"
            constraints = [Check("pages > 0")]

    class CaseStep(Base):
        class Meta:
            table_name = "case_step"

    class ReturnReason(Base):
        achievement = ForeignKeyField(Achievement, backref="+", on_delete="RESTRICT")
        step = ForeignKeyField(CaseStep, backref="+", on_delete="RESTRICT", index=False)
        code = TextField()

        class Meta:
            table_name = "return_reason"
            indexes = ((("step", "code"), True),)
            constraints = [Check("code <> ''")]

    return [PdfFacts, ReturnReason]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
