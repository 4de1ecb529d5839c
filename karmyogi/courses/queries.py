"""Reads of courses: under which names each is known, which rows of the catalogue are one, and what each teaches."""

import peewee

from karmyogi.courses.models import Competency, Course, CourseAlias, CourseCompetency, Verdict

# A row of the catalogue that is another name of the course that stands, and that course; and the latter itself.
# Raw SQL, since scoring puts it into a statement of its own.
MEMBERS = """
    SELECT k.id AS course_id, a.course_id AS stands_id
    FROM course_alias a
    JOIN course k ON k.provider = a.provider AND k.name = a.name AND k.kind = a.kind
    WHERE a.verdict = 'same'
    UNION
    SELECT course_id, course_id FROM course_alias WHERE verdict = 'same'"""

# Beside its own name, a course is called by that of the one that stands and by all other names of that.
OTHER_NAMES = f"""
    SELECT m.course_id, a.name FROM ({MEMBERS}) m
    JOIN course_alias a ON a.course_id = m.stands_id AND a.verdict = 'same'
    UNION
    SELECT m.course_id, s.name FROM ({MEMBERS}) m JOIN course s ON s.id = m.stands_id"""  # noqa: S608 - our own text

# Rows of the catalogue that are one course, each with each other one.
TWINS = f"""
    SELECT m.course_id, n.course_id AS twin_id FROM ({MEMBERS}) m
    JOIN ({MEMBERS}) n ON n.stands_id = m.stands_id AND n.course_id <> m.course_id"""  # noqa: S608 - our own text


def is_called(course: type[Course], name: peewee.Field) -> peewee.Expression:
    """The condition that a course is known by this name: its own, or another that somebody found to mean the same."""
    other = peewee.Tuple(course.id, name).in_(peewee.SQL(f"({OTHER_NAMES})"))
    return (course.name == name) | other


def are_twins(one: peewee.Field, other: peewee.Field) -> peewee.Expression:
    """The condition that two different rows of the catalogue (columns of course ids) are one course."""
    return peewee.Tuple(one, other).in_(peewee.SQL(f"({TWINS})"))


def decisions(*, verdict: Verdict) -> peewee.ModelSelect:
    """What was decided so about two names, the newest first, each with the course that stands."""
    return (
        CourseAlias.select(CourseAlias, Course)
        .join(Course)
        .where(CourseAlias.verdict == verdict.value)
        .order_by(CourseAlias.id.desc())
    )


# What a course teaches


def competencies_of(course: Course) -> list[Competency]:
    """What a course teaches, by area, theme and sub-theme, under whichever of its names the mapping tells it."""
    return list(
        Competency.select()
        .distinct()
        .join(CourseCompetency)
        .join(Course, on=is_called(Course, CourseCompetency.course_name))
        .where(Course.id == course.id)
        .order_by(Competency.area, Competency.theme, Competency.sub_theme)
    )


def names_teaching(text: str) -> peewee.ModelSelect:
    """Names of courses that teach a competency with this text in its area, theme or sub-theme."""
    called = CourseCompetency.competency.in_(competencies_called(text))
    return CourseCompetency.select(CourseCompetency.course_name).where(called)


def competencies_called(text: str) -> peewee.ModelSelect:
    """Ids of competencies with this text in their area, theme or sub-theme."""
    found = Competency.area.contains(text) | Competency.theme.contains(text) | Competency.sub_theme.contains(text)
    return Competency.select(Competency.id).where(found)


def courses_called(text: str) -> peewee.ModelSelect:
    """Ids of courses with this text in their name."""
    return Course.select(Course.id).where(Course.name.contains(text))


def names_called(text: str) -> peewee.ModelSelect:
    """Names with this text in them, of courses whose competencies are known."""
    return CourseCompetency.select(CourseCompetency.course_name).where(CourseCompetency.course_name.contains(text))
