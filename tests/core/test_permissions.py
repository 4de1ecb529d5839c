"""The schedule of powers: total, closed where it says nothing, and never reaching a neighbour."""

from itertools import combinations

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.accounts.models import GRANTABLE, RoleGrant, User
from karmyogi.core.permissions import (
    GRANTS,
    GRAVE,
    NOBODY,
    PRIVILEGED,
    ROLES,
    SYSTEM,
    Actor,
    Grant,
    Permission,
    Reach,
    Role,
    Scope,
    Tree,
    can,
    covers,
    is_grave,
    may_hold_together,
    reach,
    scope_of,
)
from karmyogi.store.db import database
from tests.factories import AT, JOINED

HEALTH, HEALTH_OFFICE, REVENUE = "/1/7/", "/1/7/71/", "/1/70/"
RAIPUR, RAIPUR_OFFICE, DURG = "/1/2/", "/1/2/71/", "/1/20/"
ASHA, BHOLA = 101, 102

paths = st.lists(st.integers(1, 30), max_size=4).map(lambda ids: "".join(["/", *(f"{one}/" for one in ids)]))


def one(role: Role, path: str = "/", tree: Tree = Tree.LINE, *, officer_id: int | None = None) -> Actor:
    return Actor(1, "who", officer_id, (Grant(role, path, tree),))


def reaches(actor: Actor, permission: Permission, *, line: str = "/", territory: str = "/", officer: int | None = None):
    return covers(actor, permission, officer_id=officer, line_path=line, territory_path=territory)


def test_every_permission_has_a_row_and_every_role_a_column():
    assert set(GRANTS) == set(Permission)
    assert sorted(ROLES, key=str) == sorted(Role, key=str)
    assert {len(row) for row in GRANTS.values()} == {len(ROLES)}


def test_every_permission_is_named_a_thing_and_an_act_and_named_once():
    names = [permission.value for permission in Permission]

    assert [name for name in names if name.count(":") != 1] == []
    assert len(set(names)) == len(names)


def test_every_permission_is_held_by_somebody():
    assert [permission for permission, row in GRANTS.items() if not any(row)] == []


def test_the_auditor_reads_and_does_nothing_else():
    held = {permission.value for permission in Permission if reach(Role.AUDITOR, permission)}

    assert {name.partition(":")[2] for name in held} == {"read", "search"}


def test_the_administrator_of_accounts_sees_no_officer_no_score_and_no_case():
    held = {permission.value for permission in Permission if reach(Role.SYSADMIN, permission)}

    assert held == {"units:read", "accounts:read", "accounts:write", "jobs:read"}


def test_whoever_takes_one_step_of_a_nomination_cannot_take_the_next_in_the_same_role():
    steps = [
        Permission.NOMINATIONS_CREATE,
        Permission.NOMINATIONS_VERIFY,
        Permission.NOMINATIONS_SELECT,
        Permission.NOMINATIONS_RELEASE,
    ]

    holders = [{role for role in Role if reach(role, step)} for step in steps]

    assert holders == [{Role.HEAD}, {Role.NODAL}, {Role.GAD}, {Role.APPROVER}]


def test_only_the_system_and_never_one_person_computes_and_seals_a_month():
    both = {
        role for role in Role if reach(role, Permission.SCORES_PROPOSE_SEAL) and reach(role, Permission.SCORES_SEAL)
    }

    assert both == set()
    assert {role for role in Role if reach(role, Permission.SCORES_SEAL)} == {Role.APPROVER, Role.SYSTEM}


def test_an_act_is_grave_for_who_holds_the_power_that_makes_it_so_and_for_nobody_else():
    page = (Permission.NOMINATIONS_CREATE, Permission.NOMINATIONS_RELEASE)
    approver, head = (Actor(1, role.value, grants=(Grant(role, "/1/"),)) for role in (Role.APPROVER, Role.HEAD))

    assert is_grave(approver, page)
    assert not is_grave(head, page)
    assert not is_grave(approver, (Permission.NOMINATIONS_READ,))


def test_whoever_decides_for_others_alone_does_grave_acts_but_for_the_list_with_telephones():
    doing = {role for role in ROLES for permission in GRAVE if reach(role, permission) is not Reach.NONE}

    assert doing == PRIVILEGED - {Role.AUDITOR} | {Role.SYSTEM, Role.NODAL}
    assert [one for one in GRAVE if reach(Role.NODAL, one) is not Reach.NONE] == [Permission.REPORTS_REGISTER]


def test_nobody_who_is_not_signed_in_can_do_anything():
    assert [permission for permission in Permission if can(NOBODY, permission)] == []
    assert scope_of(NOBODY, Permission.SCORES_READ) == Scope()
    assert not Scope()


def test_the_role_of_the_system_is_no_role_a_person_can_be_given():
    assert set(GRANTABLE) == {role.value for role in Role} - {"system"}
    assert SYSTEM.user_id is None
    assert SYSTEM.officer_id is None


def test_the_database_itself_refuses_the_role_of_the_system_to_a_person(db):
    gopal = User.create(login="gopal", name_en="Gopal", created_at=AT)

    with pytest.raises(peewee.IntegrityError), database.atomic():
        RoleGrant.create(user=gopal, role="system", from_on=JOINED)

    assert RoleGrant.select().count() == 0


# ── How far a grant goes ──


def test_a_head_reaches_the_department_and_all_below_it_and_nothing_beside():
    meena = one(Role.HEAD, HEALTH)

    seen = [
        line
        for line in (HEALTH, HEALTH_OFFICE, REVENUE, "/1/", "/")
        if reaches(meena, Permission.SCORES_READ, line=line)
    ]

    assert seen == [HEALTH, HEALTH_OFFICE]


def test_a_collector_reaches_by_territory_and_not_by_line():
    devendra = one(Role.TERRITORY, RAIPUR, Tree.TERRITORY)

    assert reaches(devendra, Permission.SCORES_READ, line=REVENUE, territory=RAIPUR_OFFICE)
    assert not reaches(devendra, Permission.SCORES_READ, line=RAIPUR, territory=DURG)


def test_an_employee_reaches_their_own_record_wherever_they_are_posted():
    asha = one(Role.EMPLOYEE, officer_id=ASHA)

    assert reaches(asha, Permission.SCORES_READ, officer=ASHA, line=REVENUE)
    assert not reaches(asha, Permission.SCORES_READ, officer=BHOLA)
    assert not reaches(asha, Permission.SCORES_READ, officer=None)


def test_an_account_without_an_officer_owns_no_record_not_even_those_of_nobody():
    gopal = one(Role.EMPLOYEE)

    assert not can(gopal, Permission.ME_READ)
    assert not reaches(gopal, Permission.ME_READ, officer=None)


def test_several_grants_add_up():
    both = Actor(
        1, "who", ASHA, (Grant(Role.EMPLOYEE), Grant(Role.NODAL, HEALTH), Grant(Role.TERRITORY, DURG, Tree.TERRITORY))
    )

    assert scope_of(both, Permission.SCORES_READ) == Scope(
        officer_id=ASHA, paths=frozenset({(Tree.LINE, HEALTH), (Tree.TERRITORY, DURG)})
    )
    assert reaches(both, Permission.SCORES_READ, line=HEALTH_OFFICE)
    assert reaches(both, Permission.SCORES_READ, territory=DURG)
    assert not reaches(both, Permission.SCORES_READ, line=REVENUE, territory=RAIPUR)


def test_a_grant_lends_its_path_only_to_the_powers_of_its_own_role():
    """Head of Health and auditor of nothing: the path of one role does not widen the other."""
    both = Actor(1, "who", None, (Grant(Role.HEAD, HEALTH), Grant(Role.NODAL, REVENUE)))

    assert reaches(both, Permission.NOMINATIONS_CREATE, line=HEALTH)
    assert not reaches(both, Permission.NOMINATIONS_CREATE, line=REVENUE)
    assert not reaches(both, Permission.NOMINATIONS_VERIFY, line=HEALTH)


def test_the_general_administration_reaches_the_whole_state_whatever_path_its_grant_has():
    sunita = one(Role.GAD, HEALTH)

    assert scope_of(sunita, Permission.SCORES_READ).everything
    assert reaches(sunita, Permission.SCORES_READ, line=REVENUE, officer=None)


def test_what_is_only_assigned_gives_no_reach_until_a_room_says_what_was_assigned():
    pooja = one(Role.PANEL)

    assert [permission for permission in Permission if can(pooja, permission)] == []


@pytest.mark.parametrize("path", ["", "1/7/", "/1/7", "/1/7/ ", " /"])
def test_a_grant_whose_path_is_cut_short_is_refused_since_it_would_reach_a_neighbour(path):
    with pytest.raises(ValueError, match="path"):
        Grant(Role.HEAD, path)


TREE = st.lists(st.integers(0, 11), min_size=1, max_size=11).map(
    lambda picks: _grown([pick % (place + 1) for place, pick in enumerate(picks)])
)


def _grown(parents: list[int]) -> list[str]:
    """The paths of a tree whose unit 1 is the root and whose others hang below an earlier one."""
    found = ["/1/"]
    for number, parent in enumerate(parents, 2):
        found.append(f"{found[parent]}{number}/")
    return found


@given(TREE, st.data())
def test_in_one_tree_a_unit_is_below_another_exactly_if_its_path_begins_with_the_others(tree, data):
    held, asked = data.draw(st.sampled_from(tree)), data.draw(st.sampled_from(tree))

    assert reaches(one(Role.HEAD, held), Permission.SCORES_READ, line=asked) == asked.startswith(held)


@given(paths, paths)
def test_a_role_reaches_what_was_opened_below_its_unit_wherever_the_unit_hung_then(held, asked):
    own = held.split("/")[1:-1][-1:]

    reached = reaches(one(Role.HEAD, held), Permission.SCORES_READ, line=asked)

    assert reached == all(number in asked.split("/")[1:-1] for number in own)


@given(st.sampled_from(Permission), st.sampled_from(Role), paths, paths, paths, st.sampled_from([None, ASHA, BHOLA]))
def test_whoever_covers_a_row_may_open_the_page_that_lists_it(permission, role, path, line, territory, officer):
    actor = one(role, path, officer_id=ASHA)

    if covers(actor, permission, officer_id=officer, line_path=line, territory_path=territory):
        assert can(actor, permission)


@given(st.sampled_from(Permission), st.sampled_from(Role))
def test_a_role_without_a_power_reaches_no_row_at_all(permission, role):
    if reach(role, permission) is Reach.NONE:
        assert not reaches(one(role, officer_id=ASHA), permission, officer=ASHA)


# ── Which roles one person may hold ──


@pytest.mark.parametrize(
    "pair", list(combinations(sorted(Role, key=str), 2)), ids=lambda pair: "+".join(r.value for r in pair)
)
def test_an_auditor_and_an_administrator_are_nothing_beside_but_employees(pair):
    aloof = {Role.AUDITOR, Role.SYSADMIN, Role.SYSTEM}

    assert may_hold_together(pair) == (Role.EMPLOYEE in pair or not aloof & set(pair))


def test_a_third_role_does_not_make_a_forbidden_pair_allowed():
    assert not may_hold_together([Role.AUDITOR, Role.EMPLOYEE, Role.NODAL])
    assert may_hold_together([])
    assert may_hold_together([Role.AUDITOR, Role.AUDITOR])
