"""Which pages the handbook has, and which of them a reader is led to first."""

from collections.abc import Iterable

from karmyogi.core.permissions import Role
from karmyogi.core.reasons import N_

PAGES = {
    "public": N_("For everyone"),
    "employee": N_("For officers and employees"),
    "nodal": N_("For nodal officers"),
    "head": N_("For heads of department"),
    "territory": N_("For commissioners and collectors"),
    "panel": N_("For panel members"),
    "gad": N_("For the General Administration Department"),
    "approver": N_("For the approver"),
    "auditor": N_("For auditors"),
    "sysadmin": N_("For system administrators"),
    "technician": N_("For those who run the server"),
}
# Whoever holds several roles is led to the page of the one that acts on others' cases.
FIRST = (
    Role.GAD,
    Role.APPROVER,
    Role.SYSADMIN,
    Role.AUDITOR,
    Role.HEAD,
    Role.NODAL,
    Role.TERRITORY,
    Role.PANEL,
    Role.EMPLOYEE,
)


def page_for(roles: Iterable[Role]) -> str:
    """The page of the handbook for somebody with these roles; for everyone if there are none."""
    held = set(roles)
    return next((role.value for role in FIRST if role in held), "public")
