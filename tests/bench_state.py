"""A State of any size made by SQL alone, the same rows on SQLite, PostgreSQL and DuckDB: what scores are measured on.

Every officer has 24 slots, and in about half of them a course was finished. All follows from the numbers of officer
and slot, so that no engine needs luck.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Assessment, Completion, Enrolment
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.courses.models import Course
from karmyogi.people.models import Designation, IgotProfile, Officer, OrgUnit, Posting, UnitKind
from karmyogi.people.service import install_state
from karmyogi.plans.models import Obligation
from karmyogi.scores.service import install_policy
from karmyogi.store import staging
from karmyogi.store.db import Table, canonical, database, is_postgres
from karmyogi.trainings.models import Attendance, TrainingSession

COURSES, SESSIONS, SLOTS, OFFICES_EACH = 2_400, 1_500, 24, 4  # offices of each department in each district
FIRST_ON, LAST_ON = date(2025, 8, 1), date(2026, 1, 31)
DAYS = (LAST_ON - FIRST_ON).days + 1
MOVED = 138  # the day from which every tenth officer is posted elsewhere
GIVEN = (("Sunita", "सुनीता"), ("Ramesh", "रमेश"), ("Asha", "आशा"), ("Kabir", "कबीर"), ("Meena", "मीना"))
SURNAMES = (("Sahu", "साहू"), ("Verma", "वर्मा"), ("Netam", "नेताम"), ("Patel", "पटेल"), ("Xalxo", "खलखो"))

# What officer o draws in slot k, below 100; the course and the day of the slot. Two slots never have the same course.
DRAWN = "((o.n * 7919 + k.n * 104729) % 1000003) % 100"
COURSE = f"1 + (o.n * 37 + k.n * 97) % {COURSES}"
DAY = f"(o.n * 31 + k.n * 17 + (o.n % 97) * k.n) % {DAYS}"
OFFICERS = "FROM bench_number o JOIN bench_number k ON"
IN_SLOTS = f"{OFFICERS} k.n <= {SLOTS} JOIN bench_day d ON d.n = {DAY} WHERE o.n <= {{officers}}"
FINISHED = f"{IN_SLOTS} AND {DRAWN} < 52"


@dataclass(frozen=True)
class Made:
    """Rows of a table: what each column is, and of which officers and slots."""

    table: type[Table]
    columns: Mapping[str, str]
    of: str

    @property
    def name(self) -> str:
        return self.table._meta.table_name

    def select(self, officers: int, **more: str) -> str:
        listed = ", ".join(f"{value} AS {name}" for name, value in {**self.columns, **more}.items())
        order = "ORDER BY o.n, k.n" if "bench_number k" in self.of else "ORDER BY o.n"
        return f"SELECT {listed} {self.of.format(officers=officers)} {order}"


COMPLETIONS = Made(
    Completion,
    {
        "officer_id": "o.n",
        "course_id": COURSE,
        "month": "d.month",
        "completed_at": "d.noon",
        "completed_on": "d.day",
        "has_certificate": f"({DRAWN}) % 3 > 0",
        "is_rated": f"({DRAWN}) % 2 = 0",
        "duration_seconds": f"900 + ({DRAWN}) * 90",
    },
    FINISHED,
)
ENROLMENTS = Made(
    Enrolment,
    {
        "officer_id": "o.n",
        "course_id": COURSE,
        "status": f"CASE WHEN {DRAWN} < 52 THEN 'completed' ELSE 'in-progress' END",
        "enrolled_on": "d.day",
    },
    f"{IN_SLOTS} AND {DRAWN} < 65",
)
OBLIGATIONS = Made(
    Obligation,
    {"officer_id": "o.n", "course_name": f"'Course ' || ({COURSE})", "due_on": "x.day"},
    f"{OFFICERS} k.n IN (1, 9, 17) JOIN bench_day x ON x.n = 90 + (o.n + k.n) % 94 WHERE o.n <= {{officers}}",
)
ASSESSMENTS = Made(
    Assessment,
    {
        "officer_id": "o.n",
        "name": f"'Test ' || ({COURSE})",
        "attempted_on": "d.day",
        "is_passed": f"({DRAWN}) % 4 > 0",
    },
    f"{FINISHED} AND k.n IN (2, 7, 11)",
)
ACHIEVEMENTS = Made(
    Achievement,
    {
        "officer_id": "o.n",
        "course_id": COURSE,
        "title": "'A course'",
        "finished_on": "d.day",
        "submitted_at": "d.noon",
        "state": f"CASE WHEN ({DRAWN}) % 5 = 0 THEN 'submitted' ELSE 'verified' END",
        "verified_at": f"CASE WHEN ({DRAWN}) % 5 = 0 THEN NULL ELSE d.noon END",
    },
    f"{FINISHED} AND k.n IN (3, 13)",
)
ATTENDANCES = Made(
    Attendance,
    {
        "officer_id": "o.n",
        "session_id": f"1 + (o.n * 13 + k.n * 501) % {SESSIONS}",
        "part": f"CASE WHEN ({DRAWN}) % 20 = 0 THEN 'taught' ELSE 'attended' END",
    },
    f"{IN_SLOTS} AND k.n <= 3 AND {DRAWN} < 48",
)
PROFILES = Made(
    IgotProfile,
    {"officer_id": "o.n", "registered_on": "d.day"},
    f"FROM bench_number o JOIN bench_day d ON d.n = (o.n * 7) % {DAYS} WHERE o.n <= {{officers}} AND o.n % 20 > 0",
)
POSTINGS = Made(
    Posting,
    {
        "officer_id": "o.n",
        "unit_id": "u.unit_id",
        "from_on": "CASE WHEN k.n = 1 THEN x.day ELSE y.day END",
        "to_on": "CASE WHEN k.n = 1 AND o.n % 10 = 0 THEN z.day END",
    },
    f"{OFFICERS} k.n = 1 OR (k.n = 2 AND o.n % 10 = 0)"
    " JOIN bench_office u ON u.n = ((o.n * 7919 + k.n * 101) % 1000003) % (SELECT COUNT(*) FROM bench_office)"
    f" JOIN bench_day x ON x.n = 0 JOIN bench_day y ON y.n = {MOVED} JOIN bench_day z ON z.n = {MOVED - 1}"
    " WHERE o.n <= {officers} AND k.n <= 2",
)
STATE_CLASS = "CASE o.n % 20 WHEN 0 THEN 'I' WHEN 1 THEN 'II' WHEN 2 THEN 'II' WHEN 3 THEN 'IV' ELSE 'III' END"
CATALOGUE = (
    Made(
        Course,
        {
            "id": "o.n",
            "name": "'Course ' || o.n",
            "kind": "CASE o.n % 8 WHEN 0 THEN 'Program' WHEN 1 THEN 'Moderated Course' ELSE 'Course' END",
        },
        f"FROM bench_number o WHERE o.n <= {COURSES}",
    ),
    Made(
        TrainingSession,
        {"id": "o.n", "title_en": "'Session ' || o.n", "held_on": "d.day"},
        f"FROM bench_number o JOIN bench_day d ON d.n = o.n % {DAYS} WHERE o.n <= {SESSIONS}",
    ),
)
FACTS = (COMPLETIONS, ENROLMENTS, OBLIGATIONS, ASSESSMENTS, ACHIEVEMENTS, ATTENDANCES, PROFILES, POSTINGS)


def make_state(officers: int) -> None:
    """Fill a migrated database with so many officers and their learning."""
    profile = load_profile("chhattisgarh")
    install_state(profile, by=SYSTEM)
    install_policy(profile.policy, by=SYSTEM)
    with _nothing_checked():
        _lay_numbers(officers)
        _make_offices()
        _make_officers(officers)
        _make_catalogue()
        for made in FACTS:
            _insert(made.table, made.columns, made.select(officers))
    for table in ("bench_number", "bench_day", "bench_office", "bench_name"):
        database.execute_sql(f"DROP TABLE {table}")
    database.execute_sql("VACUUM ANALYZE" if is_postgres() else "ANALYZE")


class _nothing_checked:
    """What was just made fits; to check each row's references takes longer than to write it."""

    def __enter__(self) -> None:
        database.execute_sql("SET session_replication_role = replica" if is_postgres() else "PRAGMA foreign_keys = 0")

    def __exit__(self, *error: object) -> None:
        database.execute_sql("RESET session_replication_role" if is_postgres() else "PRAGMA foreign_keys = 1")


def lay_numbers(run: Callable[[str], object], officers: int) -> None:
    """The tables that rows are made from, on any engine: numbers, and the days of the months of learning."""
    run("CREATE TABLE bench_number (n BIGINT PRIMARY KEY)")
    run(
        "INSERT INTO bench_number WITH RECURSIVE up(n) AS"
        f" (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < {officers}) SELECT n FROM up"
    )
    run("CREATE TABLE bench_day (n BIGINT PRIMARY KEY, day DATE, noon TIMESTAMP, month VARCHAR(7))")
    days = [(n, FIRST_ON + timedelta(n)) for n in range(DAYS)]
    rows = ", ".join(f"({n}, '{day}', '{day} 06:30:00', '{day:%Y-%m}')" for n, day in days)
    run(f"INSERT INTO bench_day VALUES {rows}")


def _lay_numbers(officers: int) -> None:
    lay_numbers(database.execute_sql, max(officers, SESSIONS, COURSES))
    database.execute_sql("CREATE TABLE bench_name (n BIGINT PRIMARY KEY, name_en TEXT, name_hi TEXT)")
    names = [(f"{a[0]} {b[0]}", f"{a[1]} {b[1]}") for a in GIVEN for b in SURNAMES]
    staging.load("bench_name", 3, [(n, *both) for n, both in enumerate(names)])


def _insert(table: type[Table], columns: Mapping[str, str], select: str) -> None:
    """Rows with the table's own values for what is not said."""
    usual = {one.column_name: value for one, value in table._meta.defaults.items()}
    more = {name: _literal(value) for name, value in usual.items() if name not in columns}
    listed = ", ".join((*columns, *more))
    rest = "".join(f", {value} AS {name}" for name, value in more.items())
    sql = f"INSERT INTO {table._meta.table_name} ({listed}) SELECT made.*{rest} FROM ({select}) made"
    with database.atomic():
        database.execute_sql(sql.replace("%", "%%") if is_postgres() else sql)


def _literal(value: object) -> str:
    value = value() if callable(value) else value
    if isinstance(value, bool | int):
        return str(value)
    return f"'{canonical(value) if isinstance(value, dict | list) else value}'"


def _make_offices() -> None:
    """So many offices of each department in each district; they are numbered from 0 in `bench_office`."""
    highest = OrgUnit.select(OrgUnit.id).order_by(OrgUnit.id.desc()).scalar()
    units = OrgUnit.select().where(OrgUnit.kind.in_([UnitKind.DEPARTMENT, UnitKind.DISTRICT]))
    of = {kind: [one for one in units if one.kind == kind] for kind in (UnitKind.DEPARTMENT, UnitKind.DISTRICT)}
    pairs = [(a, b) for a in of[UnitKind.DEPARTMENT] for b in of[UnitKind.DISTRICT] for _each in range(OFFICES_EACH)]
    rows = [_office(highest + n, *pair) for n, pair in enumerate(pairs, start=1)]
    for start in range(0, len(rows), 1_000):
        OrgUnit.insert_many(rows[start : start + 1_000]).execute()
    database.execute_sql("CREATE TABLE bench_office (n BIGINT PRIMARY KEY, unit_id BIGINT)")
    staging.load("bench_office", 2, [(n, row["id"]) for n, row in enumerate(rows)])
    _go_on_from("org_unit")


def _office(number: int, department: OrgUnit, district: OrgUnit) -> dict[str, object]:
    return {
        "id": number,
        "kind": UnitKind.OFFICE.value,
        "name_hi": f"कार्यालय {number}",
        "name_en": f"Office {number}",
        "line_parent": department,
        "territory_parent": district,
        "line_path": f"{department.line_path}{number}/",
        "territory_path": f"{district.territory_path}{number}/",
        "department": department,
        "district": district,
        "division": district.division_id,
    }


def _make_officers(officers: int) -> None:
    designations = Designation.select().count()
    columns = {
        "id": "o.n",
        "employee_code": "CAST(10000000 + o.n AS TEXT)",
        "name_hi": "b.name_hi",
        "name_en": "b.name_en",
        "designation_id": f"(SELECT MIN(g.id) FROM designation g) + o.n % {designations}",
        "state_class": STATE_CLASS,
        "gender": "CASE o.n % 2 WHEN 0 THEN 'F' ELSE 'M' END",
    }
    names = len(GIVEN) * len(SURNAMES)
    of = f"FROM bench_number o JOIN bench_name b ON b.n = (o.n * 11) % {names} WHERE o.n <= {{officers}}"
    _insert(Officer, columns, Made(Officer, columns, of).select(officers))
    _go_on_from("officer")


def _make_catalogue() -> None:
    for made in CATALOGUE:
        _insert(made.table, made.columns, made.select(0))
        _go_on_from(made.name)


def _go_on_from(table: str) -> None:
    """Let PostgreSQL number on after rows that brought their own numbers."""
    if is_postgres():
        database.execute_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")
