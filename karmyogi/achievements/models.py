"""Achievements: an officer's claim, with the certificate image that proves it."""

import peewee

from karmyogi.courses.models import Course
from karmyogi.people.models import Officer
from karmyogi.store.db import JsonText, Moment, Table, one_of
from karmyogi.store.transitions import Case, CaseStep

STATES = ("submitted", "verified", "returned", "withdrawn")


class Achievement(Case):
    """A claim to have finished something; verified by match with a report, or by a person."""

    officer = peewee.ForeignKeyField(Officer, backref="achievements", on_delete="RESTRICT")
    course = peewee.ForeignKeyField(Course, null=True, backref="+", on_delete="RESTRICT")
    title = peewee.TextField()
    finished_on = peewee.DateField()
    certificate_id = peewee.TextField(default="", index=True)
    submitted_at = Moment()
    verified_at = Moment(null=True)
    verified_by_match = peewee.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("state", STATES),
            peewee.Check("title <> ''"),
            peewee.Check("(state = 'verified') = (verified_at IS NOT NULL)"),
        ]

    def __str__(self) -> str:
        return self.title


class CertificateImage(Table):
    """The uploaded proof: the original kept privately, and the clean copy that is shown."""

    achievement = peewee.ForeignKeyField(Achievement, backref="images", on_delete="RESTRICT")
    original_sha256 = peewee.CharField(max_length=64, index=True)
    image_sha256 = peewee.CharField(max_length=64)
    thumb_sha256 = peewee.CharField(max_length=64)
    image_format = peewee.TextField()
    width = peewee.IntegerField()
    height = peewee.IntegerField()
    size_bytes = peewee.IntegerField()
    codes = JsonText(default=list)  # texts of the QR codes found
    uploaded_at = Moment()

    class Meta:
        constraints = [peewee.Check("width > 0 AND height > 0")]

    def __str__(self) -> str:
        return self.original_sha256[:12]


class PdfFacts(Table):
    """What a certificate image that came as PDF is besides the page that is shown."""

    image = peewee.ForeignKeyField(CertificateImage, unique=True, backref="+", on_delete="RESTRICT")
    pages = peewee.IntegerField()
    notes = JsonText(default=list)  # codes of what it would do when opened, or carries besides its pages

    class Meta:
        constraints = [peewee.Check("pages > 0")]

    def __str__(self) -> str:
        return f"{self.pages}"


class ReturnReason(Table):
    """One of the reasons with which a claim was returned, beside the remark of that step."""

    achievement = peewee.ForeignKeyField(Achievement, backref="return_reasons", on_delete="RESTRICT")
    step = peewee.ForeignKeyField(CaseStep, backref="+", on_delete="RESTRICT", index=False)
    code = peewee.TextField()

    class Meta:
        indexes = ((("step", "code"), True),)
        constraints = [peewee.Check("code <> ''")]

    def __str__(self) -> str:
        return self.code
