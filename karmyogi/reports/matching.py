"""Which officer a row is about: set-based, by the keys that the roster, the user report or a person taught.

A key that finds anybody gives a set of officers; a person is matched when the
sets of all such keys meet in exactly one officer. Otherwise the rows wait in
the queue with what each key said. Nothing is guessed. What a person answered
about exactly these keys goes before: it stands, whatever files teach later.
Whoever points to a record that gave way to another means the one that stands.
"""

from collections.abc import Iterable, Mapping

from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.people.models import KeyKind
from karmyogi.people.queries import MERGED, any_merged
from karmyogi.reports.models import STATE, QueueAnswer, QueuedPerson, Waits
from karmyogi.store import staging
from karmyogi.store.db import database

Keys = tuple[str | None, str | None, str | None, str | None, str | None]
KINDS = tuple(KeyKind)
PERSON_TOLD = {"person": "INTEGER", **{kind.value: "TEXT" for kind in KINDS}}
NOBODY = Reason("matched_nobody")
HIDDEN = "••••"  # an officer outside the unit of a file

declare(
    matched_nobody=N_("None of the row's keys is known. Link the row to an officer, or add the officer to the roster."),
    no_keys=N_(
        "The row carries no usable key: no e-mail, phone, employee id or iGOT id. Complete it and send it again."
    ),
    keys_contradict=N_("The keys point to different officers: %(who)s. Find out whose row it is and link it."),
    keys_of_several=N_("The keys fit several officers: %(who)s. Find out whose row it is and link it."),
)


def tell(keys: Mapping[Keys, int]) -> None:
    """Lay out these distinct sets of keys, each with its number, as `person_told`."""
    staging.create("person_told", PERSON_TOLD)
    staging.load("person_told", len(PERSON_TOLD), ((number, *told) for told, number in keys.items()))


def match(*, unit_id: int | None) -> None:
    """Lay out `person` (number, keys, officer_id, verdict) for everybody in `person_told`, told in a unit's file.

    The verdict is `matched`, `matched_nobody`, `no_keys`, `keys_contradict` or `keys_of_several`.
    """
    staging.analyze("person_told")
    _find_answers(unit_id or STATE)
    _find_hits()
    if any_merged():
        _mean_persons()
    _agree()


def matched(keys: Mapping[Keys, int]) -> dict[int, int]:
    """Of these distinct sets of keys the numbers of those that mean one officer now, and whom."""
    tell(keys)
    match(unit_id=None)
    return dict(database.execute_sql("SELECT person, officer_id FROM person WHERE verdict = 'matched'").fetchall())


def teach(answer: QueueAnswer) -> int:
    """The keys of the people just linked, as their officers': what leads there already stays as it is; how many.

    A person without any key is found by the officer's own code, which the rows carry when they are sent again.
    """
    ours = f"q.answer_id = {answer.id}"
    each = [
        f"SELECT '{kind.value}', {kind.value}, officer_id, {answer.id} FROM queued_person q "  # noqa: S608
        f"WHERE {ours} AND q.{kind.value} <> ''"
        for kind in KINDS
    ]
    each.append(
        f"SELECT 'employee_id', o.employee_code, o.id, {answer.id} FROM queued_person q "  # noqa: S608
        f"JOIN officer o ON o.id = q.officer_id WHERE {ours} AND q.label <> ''"
    )
    return int(
        database.execute_sql(
            f"""
            INSERT INTO officer_key (kind, value, officer_id, answer_id)
            SELECT * FROM ({" UNION ".join(each)}) AS taught WHERE true
            ON CONFLICT (kind, value, officer_id) DO NOTHING
            """  # noqa: S608 - names and numbers of ours
        ).rowcount
    )


def no_answers() -> None:
    """Forget whom the last file's people were said to be; a kind that matches nobody finds none."""
    staging.create("answered", {"person": "INTEGER", "queued_id": "INTEGER", "officer_id": "INTEGER"})


def _find_answers(unit_id: int) -> None:
    """People about whose very set of keys somebody has answered in the match queue.

    An answer about people of the unit's own files goes first, then one that was given for the whole State. Files
    for the whole State follow the units' answers too, unless these disagree; no unit follows another's.
    """
    no_answers()
    if not QueuedPerson.select().where(QueuedPerson.state == Waits.LINKED).exists():
        return
    same = " AND ".join(f"q.{kind.value} = COALESCE(p.{kind.value}, '')" for kind in KINDS)
    nearness = f"CASE WHEN q.unit_id = {unit_id} THEN 0 WHEN q.unit_id = {STATE} THEN 1 ELSE 2 END"
    database.execute_sql(
        f"""
        INSERT INTO answered (person, queued_id, officer_id)
        WITH said AS (
            SELECT p.person, q.id, q.officer_id, {nearness} AS nearness
            FROM person_told p CROSS JOIN queued_person q
            WHERE q.question = 'who' AND {same} AND q.label = '' AND q.state = 'linked'
                AND ({unit_id} = {STATE} OR q.unit_id IN ({STATE}, {unit_id}))
        )
        SELECT person, MAX(id), MAX(officer_id) FROM said
        WHERE nearness = (SELECT MIN(nearness) FROM said other WHERE other.person = said.person)
        GROUP BY person HAVING COUNT(DISTINCT officer_id) = 1
        """  # noqa: S608 - names and numbers of ours
    )
    staging.index("answered", "person")
    staging.analyze("answered")


def _find_hits() -> None:
    """One row for each person, key and officer it points to."""
    each = [
        # CROSS JOIN keeps SQLite from walking all keys and looking for the person of each.
        f"SELECT p.person, k.kind, k.officer_id FROM person_told p CROSS JOIN officer_key k "  # noqa: S608
        f"WHERE k.kind = '{kind.value}' AND k.value = p.{kind.value}"
        for kind in KINDS
    ]
    staging.create_as("hit", " UNION ALL ".join(each))
    staging.index("hit", "person")
    staging.weigh("hit")


def _mean_persons() -> None:
    """Let answers and keys that point to a record that gave way mean the one that stands; few rows do."""
    staging.create_as("gave_way", MERGED)
    database.execute_sql(
        """
        UPDATE answered SET officer_id = (SELECT m.person_id FROM gave_way m WHERE m.officer_id = answered.officer_id)
        WHERE officer_id IN (SELECT officer_id FROM gave_way)
        """
    )
    database.execute_sql(
        """
        INSERT INTO hit (person, kind, officer_id)
        SELECT DISTINCT h.person, h.kind, m.person_id FROM gave_way m JOIN hit h ON h.officer_id = m.officer_id
        WHERE NOT EXISTS (
            SELECT 1 FROM hit s WHERE s.person = h.person AND s.kind = h.kind AND s.officer_id = m.person_id
        )
        """
    )
    database.execute_sql("DELETE FROM hit WHERE officer_id IN (SELECT officer_id FROM gave_way)")
    staging.drop("gave_way")


def _agree() -> None:
    """Where all keys that found anybody meet in one officer; nearly always all found the same."""
    staging.create_as(
        "person",
        """
        WITH found AS (
            SELECT person, MIN(officer_id) AS officer_id, MAX(officer_id) AS highest FROM hit GROUP BY person
        ),
        contested AS (
            SELECT h.person, h.kind, h.officer_id FROM found f JOIN hit h ON h.person = f.person
            WHERE f.officer_id < f.highest
        ),
        asked AS (SELECT person, COUNT(DISTINCT kind) AS kinds FROM contested GROUP BY person),
        pointed AS (SELECT person, officer_id, COUNT(*) AS kinds FROM contested GROUP BY person, officer_id),
        agreed AS (
            SELECT p.person, COUNT(*) AS officers, MIN(p.officer_id) AS officer_id
            FROM pointed p JOIN asked a ON a.person = p.person AND a.kinds = p.kinds
            GROUP BY p.person
        )
        SELECT t.person, t.igot_id, t.email, t.phone, t.employee_id, t.external,
            COALESCE(
                w.officer_id,
                CASE WHEN f.officer_id = f.highest THEN f.officer_id WHEN a.officers = 1 THEN a.officer_id END
            ) AS officer_id,
            CASE
                WHEN w.officer_id IS NOT NULL OR f.officer_id = f.highest OR a.officers = 1 THEN 'matched'
                WHEN a.officers > 1 THEN 'keys_of_several'
                WHEN f.person IS NOT NULL THEN 'keys_contradict'
                WHEN COALESCE(t.igot_id, t.email, t.phone, t.employee_id, t.external) IS NULL THEN 'no_keys'
                ELSE 'matched_nobody'
            END AS verdict
        FROM person_told t
        LEFT JOIN found f ON f.person = t.person
        LEFT JOIN agreed a ON a.person = t.person
        LEFT JOIN answered w ON w.person = t.person
        """,
    )
    staging.index("person", "person")
    staging.weigh("person", "person", "officer_id", "verdict")


def who_each_key_means(people: Iterable[int], *, unit_id: int | None) -> dict[int, str]:
    """For people in the queue: `email: 00010007, phone: 00010014`, at most six of them.

    In a unit's file officers who are not posted within it have no code: `phone: ••••`.
    """
    wanted = set(people)
    rows = database.execute_sql(
        # CROSS JOIN: SQLite begins with these few people.
        f"SELECT h.person, h.kind, {_code_for(unit_id)} "  # noqa: S608 - names of ours
        "FROM person p CROSS JOIN hit h JOIN officer o ON o.id = h.officer_id "
        "WHERE h.person = p.person AND p.verdict IN ('keys_contradict', 'keys_of_several') ORDER BY 1, 2, 3"
    )
    told: dict[int, list[str]] = {}
    for person, kind, code in rows:
        if person in wanted:
            told.setdefault(person, []).append(f"{kind}: {code}")
    return {person: ", ".join(parts[:6]) for person, parts in told.items()}


def _code_for(unit_id: int | None) -> str:
    within = """EXISTS (
        SELECT 1 FROM posting p JOIN unit_within w ON w.id = p.unit_id
        WHERE p.officer_id = o.id AND p.from_on <= CURRENT_DATE AND (p.to_on IS NULL OR p.to_on >= CURRENT_DATE)
    )"""
    return f"CASE WHEN {within} THEN o.employee_code ELSE '{HIDDEN}' END" if unit_id else "o.employee_code"


def queue_reason(verdict: str, who: str) -> Reason:
    """Why a row waits, with whom its keys mean."""
    return reason(verdict, who=who) if verdict.startswith("keys") else Reason(verdict)
