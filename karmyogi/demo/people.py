"""The officers of a fictional state: the cast, a well-filled health office in Raipur, then everybody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from karmyogi.core.profile import Profile
from karmyogi.demo import posts
from karmyogi.demo.cast import CAST, CastMember
from karmyogi.demo.names import draw_name
from karmyogi.demo.seats import HEALTH_IN_RAIPUR, Seat, Seats

FEWEST = len(CAST) + len(HEALTH_IN_RAIPUR)
MOST = 900_000  # fictional mobile numbers are six digits after 9000

BORN_FROM = {"I": 1966, "II": 1967, "III": 1967, "IV": 1967}
BORN_YEARS = {"I": 24, "II": 29, "III": 34, "IV": 31}
RETIREMENT_AGE = 62
SCORED_FROM = date(2025, 4, 1)


@dataclass(frozen=True, slots=True)
class Person:
    """An officer as the State's roster knows them; blank e-mail means none was given.

    `pace` names how they learn where that is fixed, and is blank otherwise.
    """

    code: str
    name_en: str
    name_hi: str
    gender: str
    seat: Seat
    email: str
    igot_email: str
    mobile: str
    birth_on: date
    joined_on: date
    retires_on: date
    pace: str = ""
    is_cast: bool = False


def draw_people(officers: int, rng: Random, *, last_on: date, profile: Profile) -> Iterator[Person]:
    """So many officers in the order of their codes, the cast first; `last_on` is the last day of the story.

    Every department and every district has somebody as soon as there are some
    eighty officers. A few have no e-mail of their own or share a telephone.
    """
    seats = Seats(profile)
    for number, member in enumerate(CAST, start=101):
        yield _of_cast(member, number, seats)
    mobile = _mobile(number)
    for index in range(officers - len(CAST)):
        person = _person(index, rng, seats, last_on=last_on, mobile_before=mobile)
        mobile = person.mobile
        yield person


def _of_cast(member: CastMember, number: int, seats: Seats) -> Person:
    given, *_middle, surname = member.name_en.lower().split()
    email = f"{given}.{surname}@cg.example.in"
    return Person(
        code=member.employee_code,
        name_en=member.name_en,
        name_hi=member.name_hi,
        gender=member.gender,
        seat=seats.of_cast(member),
        email=email,
        igot_email=email,
        mobile=_mobile(number),
        birth_on=member.birth_on,
        joined_on=member.joined_on,
        retires_on=retires_on(member.birth_on),
        pace=member.pace,
        is_cast=True,
    )


def _person(index: int, rng: Random, seats: Seats, *, last_on: date, mobile_before: str) -> Person:
    pace = HEALTH_IN_RAIPUR[index][2] if index < len(HEALTH_IN_RAIPUR) else ""
    seat = seats.of_health(index) if pace else seats.draw(index - len(HEALTH_IN_RAIPUR), rng)
    women = posts.WOMEN_AMONG.get(seat.designation_en, posts.WOMEN_ELSEWHERE)
    gender = "Female" if rng.random() < women else "Male"
    name = draw_name(rng, gender)
    address = f"{name.given_en}.{name.surname_en}{index + 1}".lower()
    has_email = bool(pace) or rng.random() >= 0.06
    shares_mobile = not pace and rng.random() < 0.01
    birth_on, joined_on = _service(rng, seat.state_class, last_on=last_on, is_settled=bool(pace))
    return Person(
        code=f"{300_000 + 7 * index:08d}",
        name_en=name.en,
        name_hi=name.hi,
        gender=gender,
        seat=seat,
        email=f"{address}@cg.example.in" if has_email else "",
        igot_email=f"{address}@cg.example.in" if has_email else f"{address}@mail.example.in",
        mobile=mobile_before if shares_mobile else _mobile(1000 + index),
        birth_on=birth_on,
        joined_on=joined_on,
        retires_on=retires_on(birth_on),
        pace=pace,
    )


def _mobile(number: int) -> str:
    """A fictional number; 37 has no factor in common with a million, so none comes twice."""
    return f"9000{number * 37 % 1_000_000:06d}"


def _service(rng: Random, state_class: str, *, last_on: date, is_settled: bool) -> tuple[date, date]:
    """Birth and entry: most are in the middle of service, a few join or retire while the story runs."""
    chance = 1.0 if is_settled else rng.random()
    if chance < 0.02 and state_class != "I":
        return _newcomer(rng, last_on=last_on)
    if chance < 0.035:
        birth_on = date(SCORED_FROM.year - RETIREMENT_AGE, 5, 2) + timedelta(days=int(rng.random() * 360))
        return birth_on, birth_on + timedelta(days=int((21 + rng.random() * 9) * 365.25))
    return _years_of_service(rng, state_class)


def _newcomer(rng: Random, *, last_on: date) -> tuple[date, date]:
    joined_on = SCORED_FROM + timedelta(days=int(rng.random() * (last_on - SCORED_FROM).days))
    return joined_on - timedelta(days=int((21 + rng.random() * 12) * 365.25)), joined_on


def _years_of_service(rng: Random, state_class: str) -> tuple[date, date]:
    years = BORN_FROM[state_class] + rng.random() * BORN_YEARS[state_class]
    birth_on = date(int(years), 1, 1) + timedelta(days=int(rng.random() * 365))
    entry = birth_on + timedelta(days=int((20 + rng.random() * 11) * 365.25))
    return birth_on, min(entry, date(2023, 6, 30) - timedelta(days=int(rng.random() * 700)))


def retires_on(birth_on: date) -> date:
    """The last day of the month in which an officer becomes 62; born on the 1st, of the month before."""
    eve = birth_on - timedelta(days=1)
    year, month = eve.year + RETIREMENT_AGE, eve.month
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
