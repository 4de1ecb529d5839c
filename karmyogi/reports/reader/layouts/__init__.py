"""The layouts of all kinds of file that are taken, one module each."""

from collections.abc import Mapping

from karmyogi.reports.reader.columns import Kind, KindOfSheet
from karmyogi.reports.reader.layouts.consumption import CONSUMPTION
from karmyogi.reports.reader.layouts.plan import PLAN
from karmyogi.reports.reader.layouts.roster import ROSTER
from karmyogi.reports.reader.layouts.users import USERS

KINDS: Mapping[Kind, KindOfSheet] = {sheet.kind: sheet for sheet in (USERS, PLAN, CONSUMPTION, ROSTER)}
