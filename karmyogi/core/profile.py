"""What an installation is made of: the State, its units, its designations and its first policy, read from data.

A profile is a folder under `karmyogi/profiles/`; another State is another folder, and no code.
"""

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.core.sms import Template

PROFILES = Path(__file__).resolve().parent.parent / "profiles"

declare(profile_unknown=N_("There is no profile named %(name)s. Profiles of this software: %(known)s."))


class UnknownProfile(KarmyogiError):
    """The installation names a State for which there is no data; it cannot start."""

    status = 500

    def __init__(self, name: str, known: Sequence[str]):
        self.reason = reason("profile_unknown", name=name, known=", ".join(known))
        super().__init__(self.reason)

    def __str__(self) -> str:
        return self.reason.text % self.reason.facts


@dataclass(frozen=True)
class State:
    """The State itself; `igot_ministry` is what the portal's reports call it."""

    code: str
    name_hi: str
    name_en: str
    government_hi: str
    government_en: str
    igot_ministry: str


@dataclass(frozen=True)
class Level:
    """What one unit of a kind is called, for instance a district."""

    name_hi: str
    name_en: str


@dataclass(frozen=True)
class District:
    """A district, in its division."""

    name_hi: str
    name_en: str
    division_hi: str
    division_en: str
    headquarters_en: str


@dataclass(frozen=True)
class Division:
    """A division and its districts, in the order of the State's own list."""

    name_hi: str
    name_en: str
    districts: tuple[District, ...]


@dataclass(frozen=True)
class Department:
    """A department; the English name is bare, as the portal's reports write it."""

    name_hi: str
    name_en: str


@dataclass(frozen=True)
class Designation:
    """A post's name in both languages; English in capitals, as the portal prints it."""

    name_hi: str
    name_en: str


@dataclass(frozen=True)
class OfficeNames:
    """How an office of one kind is called, with places for its department, district and division."""

    name_hi: str
    name_en: str

    def of(self, department: Department, district: District) -> tuple[str, str]:
        """The office of this department in this district: its Hindi and its English name."""
        places = {
            "department_hi": department.name_hi,
            "department_en": department.name_en,
            "district_hi": district.name_hi,
            "district_en": district.name_en,
            "division_hi": district.division_hi,
            "division_en": district.division_en,
        }
        return self.name_hi.format_map(places), self.name_en.format_map(places)


@dataclass(frozen=True)
class Orders:
    """Who issues orders, where, and under which office code they are numbered."""

    department_en: str
    secretariat_district_en: str
    place_hi: str
    place_en: str
    office_code: str


@dataclass(frozen=True)
class Hand:
    """A post through which a note-sheet goes on its way up."""

    name_hi: str
    name_en: str


@dataclass(frozen=True)
class Help:
    """Whom a reader may ask; stands on every page."""

    name_hi: str
    name_en: str
    email: str
    phone: str


@dataclass(frozen=True)
class PolicyRule:
    """One rule of a policy: what is counted, for how many points, how often.

    `cap` is the most items paid in a month, None where there is no limit;
    `once` pays a single time in an officer's life.
    """

    code: str
    label_hi: str
    label_en: str
    kind: str
    counts: str
    points: int
    once: bool
    note_hi: str
    note_en: str
    cap: int | None = None


@dataclass(frozen=True)
class Policy:
    """The scoring policy that ships with an installation, in the order in which a score is explained.

    `effective_from` is a month as `2025-04`; `grace_days` run from a month's
    end until the scheduler seals it.
    """

    number: int
    name_hi: str
    name_en: str
    effective_from: str
    grace_days: int
    course_types: tuple[str, ...]
    rules: tuple[PolicyRule, ...]


@dataclass(frozen=True)
class Profile:
    """Everything about a State that is data and not code.

    `languages` gives each language's code and own name, the first for new readers;
    `levels` is keyed by the kind of unit. Units are compared with units of like size:
    `unit_bands` are the largest numbers of officers of all bands but the last.
    `sms` holds the registered texts of messages by name and language.
    """

    name: str
    state: State
    languages: Mapping[str, str]
    levels: Mapping[str, Level]
    divisions: tuple[Division, ...]
    departments: tuple[Department, ...]
    designations: tuple[Designation, ...]
    secretariat: OfficeNames
    bulk_office: OfficeNames
    collectorate: OfficeNames
    commissionerate: OfficeNames
    orders: Orders
    note_hands: tuple[Hand, ...]
    help: Help
    unit_bands: tuple[int, ...]
    policy: Policy
    sms: Mapping[str, Mapping[str, Template]]

    @cached_property
    def districts(self) -> tuple[District, ...]:
        """All districts, division by division."""
        return tuple(district for division in self.divisions for district in division.districts)

    def division(self, name_en: str) -> Division:
        """The division of that English name. Raises KeyError if the State has none such."""
        return _named(self.divisions, name_en)

    def district(self, name_en: str) -> District:
        """The district of that English name. Raises KeyError if the State has none such."""
        return _named(self.districts, name_en)

    def department(self, name_en: str) -> Department:
        """The department of that English name. Raises KeyError if the State has none such."""
        return _named(self.departments, name_en)

    def designation(self, name_en: str) -> Designation:
        """The designation of that English name, in whatever case. Raises KeyError if there is none such."""
        return _named(self.designations, name_en.upper())


@lru_cache
def load_profile(name: str) -> Profile:
    """The profile of that name, read once.

    Raises UnknownProfile, naming those there are.
    """
    known = profile_names()
    if name not in known:
        raise UnknownProfile(name, known)
    return _read(PROFILES / name)


def profile_names() -> list[str]:
    """The profiles this software has data for, by name."""
    return sorted(path.parent.name for path in PROFILES.glob("*/profile.toml"))


class _HasName(Protocol):
    @property
    def name_en(self) -> str: ...


_Row = TypeVar("_Row", bound=_HasName)


def _named(rows: Iterable[_Row], name_en: str) -> _Row:
    for row in rows:
        if row.name_en == name_en:
            return row
    raise KeyError(name_en)


def _read(folder: Path) -> Profile:
    with (folder / "profile.toml").open("rb") as file:
        tables = tomllib.load(file)
    offices = {kind: OfficeNames(**names) for kind, names in tables["offices"].items()}
    return Profile(
        name=folder.name,
        state=State(**tables["state"]),
        languages=MappingProxyType(tables["languages"]),
        levels=MappingProxyType({kind: Level(**names) for kind, names in tables["levels"].items()}),
        divisions=_divisions(folder),
        departments=tuple(
            Department(row["department_hi"], row["department_en"]) for row in _rows(folder / "departments.csv")
        ),
        designations=tuple(Designation(row["name_hi"], row["name_en"]) for row in _rows(folder / "designations.csv")),
        secretariat=offices["secretariat"],
        bulk_office=offices["bulk"],
        collectorate=offices["collectorate"],
        commissionerate=offices["commissionerate"],
        orders=Orders(**tables["orders"]),
        note_hands=tuple(Hand(**names) for names in tables["note_sheet"]["hands"]),
        help=Help(**tables["help"]),
        unit_bands=tuple(tables["boards"]["unit_bands"]),
        policy=_policy(folder),
        sms=_sms(folder),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _divisions(folder: Path) -> tuple[Division, ...]:
    districts = [
        District(row["district_hi"], row["district_en"], row["division_hi"], row["division_en"], row["headquarters_en"])
        for row in _rows(folder / "divisions_districts.csv")
    ]
    by_division = groupby(districts, key=lambda district: (district.division_hi, district.division_en))
    return tuple(Division(*names, tuple(members)) for names, members in by_division)


def _policy(folder: Path) -> Policy:
    with (folder / "policy-1.toml").open("rb") as file:
        tables = tomllib.load(file)
    rules = tuple(PolicyRule(**rule) for rule in tables.pop("rules"))
    return Policy(course_types=tuple(tables.pop("course_types")), rules=rules, **tables)


def _sms(folder: Path) -> Mapping[str, Mapping[str, Template]]:
    """The registered texts of messages; a State that sends none needs no such file."""
    if not (folder / "sms.toml").exists():
        return MappingProxyType({})
    with (folder / "sms.toml").open("rb") as file:
        tables = tomllib.load(file)
    return MappingProxyType(
        {name: {code: Template(**one) for code, one in languages.items()} for name, languages in tables.items()}
    )
