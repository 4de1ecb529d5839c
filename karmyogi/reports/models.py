"""The match queue: people whose rows wait, what somebody answered, and the imports that relied on an answer."""

from enum import StrEnum

import peewee

from karmyogi.people.models import KeyKind, Officer
from karmyogi.store.db import Moment, Table, one_of

KEYS = [kind.value for kind in KeyKind]  # by which a person in the queue is known
STATE = 0  # the unit of whoever imports for the whole State: a number, so that keys are one there too


class Question(StrEnum):
    """What is asked about a person in the queue."""

    WHO = "who"  # which officer these keys mean
    CERTIFICATE = "certificate"  # the officer is known, but another one holds the certificate id of the row


class Waits(StrEnum):
    """Where a person in the queue stands."""

    WAITING = "waiting"
    LINKED = "linked"
    ASIDE = "aside"


class Verdict(StrEnum):
    """What somebody answered."""

    LINK = "link"
    CREATE = "create"
    ASIDE = "aside"
    RETRY = "retry"  # nothing was decided: the rows were only tried once more


class QueueAnswer(Table):
    """One act of one person on one or several people of the queue; it is taken back as a whole."""

    verdict = peewee.TextField()
    remark = peewee.TextField(default="")
    answered_by = peewee.IntegerField(null=True)
    answered_at = Moment()
    undone_by = peewee.IntegerField(null=True)
    undone_at = Moment(null=True)
    unit_id = peewee.IntegerField(null=True, index=True)  # of whose imports the people came; None: GAD answered

    class Meta:
        constraints = [
            one_of("verdict", [v.value for v in Verdict]),
            peewee.Check("verdict <> 'aside' OR remark <> ''"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.id}"


class QueuedPerson(Table):
    """A person as rows told them: one for each set of keys, however many rows and files; "" where a key is missing.

    A row without any key stands for itself, with a `label`. The names are those of the row that came last. Whom
    imports for a unit told is another person than whom those for the whole State told, so that nobody reads what
    the file of somebody else says.
    """

    question = peewee.TextField(default=Question.WHO.value)
    igot_id = peewee.TextField(default="")
    email = peewee.TextField(default="")
    phone = peewee.TextField(default="")
    employee_id = peewee.TextField(default="")
    external = peewee.TextField(default="")
    label = peewee.TextField(default="")
    name = peewee.TextField(default="")
    designation = peewee.TextField(default="")
    department = peewee.TextField(default="")
    organisation = peewee.TextField(default="")
    igot_group = peewee.TextField(default="")
    code = peewee.TextField()  # why the last of the rows waits
    since = Moment()  # when the first of the rows came
    state = peewee.TextField(default=Waits.WAITING.value)
    officer = peewee.ForeignKeyField(Officer, null=True, backref="+", on_delete="RESTRICT")
    answer = peewee.ForeignKeyField(QueueAnswer, null=True, backref="people", on_delete="RESTRICT")
    unit_id = peewee.IntegerField(default=STATE)  # of the imports that told of them

    class Meta:
        indexes = (
            (("unit_id", "question", "igot_id", "email", "phone", "employee_id", "external", "label"), True),
            (("state", "code"), False),
        )
        constraints = [
            one_of("question", [q.value for q in Question]),
            one_of("state", [w.value for w in Waits]),
            peewee.Check("(state = 'linked') = (officer_id IS NOT NULL)"),
            peewee.Check("(state = 'waiting') = (answer_id IS NULL)"),
            peewee.Check("state <> 'linked' OR question = 'who'"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or str(self.id)


class QueueUse(Table):
    """An import that knew a person by an answer: the answer cannot be taken back while that import stands."""

    person = peewee.ForeignKeyField(QueuedPerson, backref="+", on_delete="RESTRICT", index=False)
    import_id = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("person", "import_id")

    def __str__(self) -> str:
        return f"{self.person_id} in {self.import_id}"
