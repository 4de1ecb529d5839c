"""Everybody who may stand before a page: the demo's cast, the further accounts of the matrix, and a stranger."""

from karmyogi.accounts.models import User
from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Grant, Role, Tree
from karmyogi.demo.cast import CAST
from karmyogi.people.models import Officer
from tests.house.plants import EXTRAS, Extra, unit

STRANGER = ""
LOGINS = (STRANGER, *(member.key for member in CAST), *(extra.login for extra in EXTRAS))


def actors() -> dict[str, Actor | None]:
    """Each with the powers that the cast's table and the plants say they hold; a stranger has none."""
    found: dict[str, Actor | None] = {STRANGER: None}
    for member in CAST:
        officer = Officer.get(Officer.employee_code == member.employee_code)
        role = Role(member.role)
        held = () if role is Role.EMPLOYEE else (_grant(role, member.unit_level, member.unit_name),)
        found[member.key] = Actor(_account(member.key), member.name_en, officer.id, (Grant(Role.EMPLOYEE), *held))
    return found | {extra.login: Actor(_account(extra.login), extra.login, None, _held(extra)) for extra in EXTRAS}


def _held(extra: Extra) -> tuple[Grant, ...]:
    is_over = extra.to_on is not None and extra.to_on < today()
    return () if is_over else tuple(_grant(*one) for one in extra.roles)


def _grant(role: Role, kind: str, name: str) -> Grant:
    place = unit(kind, name)
    if role is Role.TERRITORY:
        return Grant(role, place.territory_path, Tree.TERRITORY)
    return Grant(role, place.line_path)


def _account(login: str) -> int:
    return User.get(User.login == login).id
