"""The tables that files are written to, each with the months on which its rows bear; kinds name those they write."""

from karmyogi.courses.queries import OTHER_NAMES
from karmyogi.store.db import day_after
from karmyogi.store.history import Undoable

UNIT = Undoable("org_unit", names_import=False)
DESIGNATION = Undoable("designation", names_import=False)
# An officer's class counts only where the posting has none; it is kept with both.
OFFICER = Undoable("officer", since="{row}.joined_on", until="{row}.retires_on", counted=("{row}.state_class",))
OFFICER_KEY = Undoable("officer_key")
PROFILE = Undoable("igot_profile", since="{row}.registered_on", counted=("{row}.registered_on",))


def _posting_changed() -> str:
    """A posting that only ended on another day counts otherwise from the day after the earlier end."""
    return f"""CASE
        WHEN {{row}}.unit_id <> {{old}}.unit_id OR {{row}}.from_on <> {{old}}.from_on
            OR COALESCE({{row}}.state_class, '') <> COALESCE({{old}}.state_class, '') THEN {{row}}.from_on
        WHEN {{row}}.to_on IS NULL OR {{old}}.to_on < {{row}}.to_on THEN {day_after("{old}.to_on")}
        ELSE {day_after("{row}.to_on")}
    END"""


POSTING = Undoable(
    "posting",
    since="{row}.from_on",
    until="{row}.to_on",
    counted=("{row}.unit_id", "{row}.state_class", "{row}.from_on", "{row}.to_on"),
    changed=_posting_changed,
)
COURSE = Undoable("course")
# The first enrolment counts once, on its day.
ENROLLED_ON = "CASE WHEN {row}.status <> 'not-enrolled' THEN {row}.enrolled_on END"
ENROLMENT = Undoable("enrolment", since=ENROLLED_ON, counted=(ENROLLED_ON,), fresh=("reported_at",))
COMPLETION = Undoable(
    "completion",
    since="{row}.completed_on",
    counted=("{row}.completed_on", "{row}.has_certificate", "{row}.is_rated", "{row}.duration_seconds"),
)
# A flag counts for nothing by itself; a verdict that stands would be lost, one that was taken back would not.
FLAG = Undoable("flag", acts="{row}.state <> 'open'")
# A plan counts in the months in which its course was finished, under whatever name.
FINISHED = f"""(
    SELECT {{which}}(f.completed_on) FROM completion f JOIN course k ON k.id = f.course_id
    WHERE f.officer_id = {{{{row}}}}.officer_id
        AND (k.name = {{{{row}}}}.course_name OR (k.id, {{{{row}}}}.course_name) IN ({OTHER_NAMES}))
)"""  # noqa: S608 - our own text
OBLIGATION = Undoable(
    "obligation", since=FINISHED.format(which="MIN"), until=FINISHED.format(which="MAX"), counted=("{row}.due_on",)
)
PLAN_SUMMARY = Undoable("plan_summary")
UNENROLMENTS = Undoable("unenrolment")
ASSESSMENT = Undoable(
    "assessment", since="{row}.attempted_on", counted=("{row}.attempted_on", "{row}.is_passed", "{row}.kind")
)
COURSE_BATCH = Undoable("course_batch")
COMPETENCIES = Undoable("competency")
COURSE_COMPETENCY = Undoable("course_competency")
PROGRAMME_PART = Undoable("programme_part")
SESSION = Undoable("training_session", since="{row}.held_on", counted=("{row}.held_on",))
HELD_ON = "(SELECT s.held_on FROM training_session s WHERE s.id = {row}.session_id)"
ATTENDANCE = Undoable("attendance", since=HELD_ON, counted=("{row}.part",))
