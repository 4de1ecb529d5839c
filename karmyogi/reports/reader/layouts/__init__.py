"""The layouts of all kinds of file that are taken."""

from collections.abc import Mapping

from karmyogi.reports.reader.columns import Kind, KindOfSheet
from karmyogi.reports.reader.layouts.assessments import COURSE_ASSESSMENT, STANDALONE_ASSESSMENT
from karmyogi.reports.reader.layouts.consumption import CONSUMPTION
from karmyogi.reports.reader.layouts.learning import COMPETENCY, CONTENT, SUMMARY, UNENROLMENT
from karmyogi.reports.reader.layouts.plan import PLAN
from karmyogi.reports.reader.layouts.programmes import PROGRAMME
from karmyogi.reports.reader.layouts.roster import ROSTER
from karmyogi.reports.reader.layouts.users import USERS

SHEETS = (
    USERS,
    PLAN,
    CONSUMPTION,
    ROSTER,
    SUMMARY,
    CONTENT,
    COMPETENCY,
    UNENROLMENT,
    COURSE_ASSESSMENT,
    STANDALONE_ASSESSMENT,
    PROGRAMME,
)
KINDS: Mapping[Kind, KindOfSheet] = {sheet.kind: sheet for sheet in SHEETS}
