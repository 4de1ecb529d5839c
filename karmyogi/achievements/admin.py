"""The register of achievements: officers' claims and where they stand."""

import peewee

from karmyogi.achievements.models import STATES, Achievement
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.courses.models import Course
from karmyogi.people.admin import posted_where
from karmyogi.people.models import Officer
from karmyogi.store.reach import within
from karmyogi.web.filters import Among, From, OneOf, Until, YesNo
from karmyogi.web.labels import LEARNING
from karmyogi.web.lists import Through, named
from karmyogi.web.registers import Register

LEFT = peewee.JOIN.LEFT_OUTER


class Achievements(Register):
    """Claims; the certificate images stand on the pages of the cases, not here."""

    table = Achievement
    title = N_("Achievements")
    group = LEARNING
    slug = "achievements"
    read = Permission.ACHIEVEMENTS_READ
    column_list = ("officer", "officer.employee_code", "title", "finished_on", "state", "submitted_at")
    column_details_list = (*column_list, "course", "certificate_id", "verified_at", "verified_by_match")
    column_words = ("state",)
    column_filters = (
        OneOf(Achievement.state, N_("Status"), STATES),
        Among(Achievement.officer, N_("Department, district or office"), posted_where, key="unit"),
        From(Achievement.submitted_at, N_("Submitted")),
        Until(Achievement.submitted_at, N_("Submitted")),
        YesNo(Achievement.verified_by_match, N_("Verified by match")),
    )
    search_codes = (Through(Achievement.officer, Officer.employee_code), Achievement.certificate_id)
    search_hint = N_("Employee code or certificate id")

    def about(self, row: Achievement) -> list[tuple[str, dict[str, object]]]:
        return [("steps", {"flt_workflow": "achievement", "flt_case_id": row.id})]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Achievement.select(Achievement, *named(Officer, "employee_code"), Course.id, Course.name)
            .join(Officer, LEFT)
            .switch(Achievement)
            .join(Course, LEFT)
            .where(
                within(
                    scope_of(actor, self.read),
                    line_path=Achievement.line_path,
                    territory_path=Achievement.territory_path,
                    officer=Achievement.officer,
                )
            )
        )


VIEWS = (Achievements,)
