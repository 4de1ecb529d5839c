"""Where the officers of a fictional state sit: posts in offices, drawn by the weights of `posts.py`."""

from dataclasses import dataclass
from functools import cached_property
from random import Random

from karmyogi.core.profile import Department, District, OfficeNames, Profile
from karmyogi.demo import posts
from karmyogi.demo.cast import HEALTH, REVENUE, CastMember
from karmyogi.demo.posts import Post, Weighted

# Health's office in Raipur is filled first, so that a small state too has a group of ten to rank.
HEALTH_IN_RAIPUR = (
    ("ASSISTANT GRADE-3", "III", "keen"),
    ("STAFF NURSE", "III", "star"),
    ("RURAL HEALTH ORGANISER", "III", "keen"),
    ("PHARMACIST", "III", "keen"),
    ("STAFF NURSE", "III", "regular"),
    ("LABORATORY TECHNICIAN", "III", "regular"),
    ("RURAL HEALTH ORGANISER", "III", "regular"),
    ("ASSISTANT GRADE-2", "III", "regular"),
    ("DATA ENTRY OPERATOR", "III", "regular"),
    ("HEALTH SUPERVISOR", "III", "regular"),
    ("ASSISTANT GRADE-3", "III", "occasional"),
    ("STAFF NURSE", "III", "occasional"),
    ("MEDICAL OFFICER", "II", "regular"),
    ("BLOCK MEDICAL OFFICER", "II", "occasional"),
    ("MEDICAL SPECIALIST", "I", "occasional"),
    ("PEON", "IV", "regular"),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post in an office of a department, in both languages."""

    designation_en: str
    designation_hi: str
    state_class: str
    department_en: str
    office_en: str
    office_hi: str
    district_en: str


class Seats:
    """Where people can sit: the units of a profile, drawn by weight."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.capital = profile.district(profile.orders.secretariat_district_en)
        self.hindi = {row.name_en: row.name_hi for row in profile.designations}

    @cached_property
    def departments(self) -> Weighted[Department]:
        weights = posts.DEPARTMENT_WEIGHTS
        return Weighted({row: weights.get(row.name_en, posts.OTHER_DEPARTMENTS) for row in self.profile.departments})

    @cached_property
    def districts(self) -> Weighted[District]:
        weights = posts.DISTRICT_WEIGHTS
        return Weighted({row: weights.get(row.name_en, posts.OTHER_DISTRICTS) for row in self.profile.districts})

    def draw(self, index: int, rng: Random) -> Seat:
        """A seat for the officer of this index: once around all departments and districts, then by weight."""
        departments, districts = self.profile.departments, self.profile.districts
        if index < len(departments):
            return self.in_department(rng, departments[index], districts[index % len(districts)])
        department = self.departments.draw(rng)
        if rng.random() < posts.SECRETARIAT_SHARE:
            return self.in_secretariat(rng, department)
        return self.in_department(rng, department, self.districts.draw(rng))

    def in_department(self, rng: Random, department: Department, district: District) -> Seat:
        if department.name_en in posts.SECRETARIAT_ONLY:
            return self.in_secretariat(rng, department)
        # Revenue's office in a district is the collectorate itself.
        office = self.profile.collectorate if department.name_en == REVENUE else self.profile.bulk_office
        return self.at(office, posts.draw_post(rng, department.name_en), department, district)

    def in_secretariat(self, rng: Random, department: Department) -> Seat:
        return self.at(self.profile.secretariat, posts.SECRETARIAT.draw(rng), department, self.capital)

    def at(self, office: OfficeNames, post: Post, department: Department, district: District) -> Seat:
        office_hi, office_en = office.of(department, district)
        return Seat(
            designation_en=post.designation_en,
            designation_hi=self.hindi[post.designation_en],
            state_class=post.state_class,
            department_en=department.name_en,
            office_en=office_en,
            office_hi=office_hi,
            district_en=district.name_en,
        )

    def of_cast(self, member: CastMember) -> Seat:
        offices = {
            "bulk": self.profile.bulk_office,
            "secretariat": self.profile.secretariat,
            "collectorate": self.profile.collectorate,
            "commissionerate": self.profile.commissionerate,
        }
        post = Post(member.designation_en, member.state_class)
        department = self.profile.department(member.department)
        return self.at(offices[member.seat], post, department, self.profile.district(member.district))

    def of_health(self, index: int) -> Seat:
        designation, state_class, _pace = HEALTH_IN_RAIPUR[index]
        department = self.profile.department(HEALTH)
        return self.at(self.profile.bulk_office, Post(designation, state_class), department, self.capital)
