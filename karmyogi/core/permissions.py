"""Who may do what, and how far: the only place where it is written.

`GRANTS` is a schedule of delegated powers. A cell is a reach: nothing, one's
own record, what one was assigned, one's unit and all below it, or the whole
State. Pages, steps, lists, `docs/roles.md` and the tests all read this table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum


class Role(Enum):
    """What a person is here for; one person may hold several."""

    EMPLOYEE = "employee"
    NODAL = "nodal"
    HEAD = "head"
    TERRITORY = "territory"
    PANEL = "panel"
    GAD = "gad"
    APPROVER = "approver"
    AUDITOR = "auditor"
    SYSADMIN = "sysadmin"
    SYSTEM = "system"  # the scheduler and the command line; never granted to a person


class Reach(IntEnum):
    """How far a power goes; a larger number includes the smaller ones."""

    NONE = 0
    SELF = 1
    ASSIGNED = 2
    UNIT = 3
    ALL = 4


class Tree(Enum):
    """Which of the two trees a grant follows: the line of departments, or the territory."""

    LINE = "line"
    TERRITORY = "territory"


class Permission(Enum):
    """A thing and an act; every route, register and workflow step names one."""

    ME_READ = "me:read"
    ONBOARDING_SAY = "onboarding:say"
    UNITS_READ = "units:read"
    UNITS_WRITE = "units:write"
    OFFICERS_READ = "officers:read"
    OFFICERS_SEARCH = "officers:search"
    OFFICERS_CONTACT = "officers:contact"  # e-mail and telephone, and whether the account is in use
    OFFICERS_BIRTH = "officers:birth"  # the date of birth
    OFFICERS_WRITE = "officers:write"
    OFFICERS_MERGE = "officers:merge"  # two records of one person
    NAMES_READ = "names:read"  # requests to correct an officer's name
    NAMES_REQUEST = "names:request"
    NAMES_REVIEW = "names:review"
    CONSENTS_GIVE = "consents:give"  # to what one may refuse, and to take it back
    ROSTER_IMPORT = "roster:import"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    ACCOUNTS_ACTIVATE = "accounts:activate"  # to print the slips with which officers get in
    COURSES_READ = "courses:read"
    COURSES_NAME = "courses:name"  # to say which names mean one course, for the whole State
    LEARNING_READ = "learning:read"
    FLAGS_READ = "flags:read"  # completions that people should look at
    FLAGS_JUDGE = "flags:judge"
    FLAGS_CONFIRM = "flags:confirm"  # that a completion is not credible: the second person
    REPORTS_READ = "reports:read"
    REPORTS_IMPORT = "reports:import"
    REPORTS_REGISTER = "reports:register"  # to take iGOT's bulk-upload file, with e-mail and telephone
    REPORTS_UNDO = "reports:undo"
    ACHIEVEMENTS_READ = "achievements:read"
    ACHIEVEMENTS_SUBMIT = "achievements:submit"
    ACHIEVEMENTS_REVIEW = "achievements:review"
    ACHIEVEMENTS_MATCH = "achievements:match"
    TRAININGS_WRITE = "trainings:write"
    POLICIES_READ = "policies:read"
    POLICIES_DRAFT = "policies:draft"
    POLICIES_PUBLISH = "policies:publish"
    SCORES_READ = "scores:read"
    SCORES_RUN = "scores:run"
    SCORES_PROPOSE_SEAL = "scores:propose-seal"
    SCORES_SEAL = "scores:seal"
    CORRECTIONS_READ = "corrections:read"  # of sealed months, also before they are approved
    CORRECTIONS_OPEN = "corrections:open"
    CORRECTIONS_APPROVE = "corrections:approve"  # the second person
    DISPUTES_READ = "disputes:read"  # what officers object to in their points
    DISPUTES_RAISE = "disputes:raise"
    DISPUTES_ANSWER = "disputes:answer"
    DISPUTES_DECIDE = "disputes:decide"
    HOLDS_READ = "holds:read"  # scores that are left out of the ranks
    HOLDS_PROPOSE = "holds:propose"
    HOLDS_CONFIRM = "holds:confirm"  # the second person; also to release
    LEADERBOARD_READ = "leaderboard:read"
    CYCLES_READ = "cycles:read"
    CYCLES_WRITE = "cycles:write"
    NOMINATIONS_READ = "nominations:read"
    DECISIONS_READ = "decisions:read"  # to know a choice before it is released
    NOMINATIONS_CREATE = "nominations:create"
    NOMINATIONS_VERIFY = "nominations:verify"
    NOMINATIONS_SELECT = "nominations:select"
    NOMINATIONS_RELEASE = "nominations:release"
    AWARDS_READ = "awards:read"
    AWARDS_ISSUE = "awards:issue"
    AWARDS_REVOKE = "awards:revoke"
    CORRIGENDA_READ = "corrigenda:read"  # drafts: what was issued is read with its order
    CORRIGENDA_DRAFT = "corrigenda:draft"
    CORRIGENDA_ISSUE = "corrigenda:issue"
    TRAIL_READ = "trail:read"
    JOBS_READ = "jobs:read"
    JOBS_RUN = "jobs:run"


_, SELF, UNIT, ALL = Reach.NONE, Reach.SELF, Reach.UNIT, Reach.ALL
ROLES = (
    Role.EMPLOYEE,
    Role.NODAL,
    Role.HEAD,
    Role.TERRITORY,
    Role.PANEL,
    Role.GAD,
    Role.APPROVER,
    Role.AUDITOR,
    Role.SYSADMIN,
    Role.SYSTEM,
)

# fmt: off
GRANTS: dict[Permission, tuple[Reach, ...]] = {
    #                                EMPLOYEE NODAL HEAD  TERRIT PANEL GAD  APPROV AUDIT SYSADM SYSTEM
    Permission.ME_READ:             (SELF,    _,    _,    _,     _,    _,   _,     _,    _,     _),
    Permission.ONBOARDING_SAY:      (SELF,    _,    _,    _,     _,    _,   _,     _,    _,     _),
    Permission.UNITS_READ:          (_,       ALL,  ALL,  ALL,   _,    ALL, ALL,   ALL,  ALL,   ALL),
    Permission.UNITS_WRITE:         (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.OFFICERS_READ:       (SELF,    UNIT, UNIT, UNIT,  _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.OFFICERS_SEARCH:     (_,       UNIT, UNIT, UNIT,  _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.OFFICERS_CONTACT:    (SELF,    UNIT, _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.OFFICERS_BIRTH:      (SELF,    _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.OFFICERS_WRITE:      (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.OFFICERS_MERGE:      (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.NAMES_READ:          (SELF,    UNIT, _,    _,     _,    ALL, _,     ALL,  _,     ALL),
    Permission.NAMES_REQUEST:       (SELF,    _,    _,    _,     _,    _,   _,     _,    _,     _),
    Permission.NAMES_REVIEW:        (_,       UNIT, _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.CONSENTS_GIVE:       (SELF,    _,    _,    _,     _,    _,   _,     _,    _,     _),
    Permission.ROSTER_IMPORT:       (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.ACCOUNTS_READ:       (_,       _,    _,    _,     _,    _,   _,     ALL,  ALL,   ALL),
    Permission.ACCOUNTS_WRITE:      (_,       _,    _,    _,     _,    _,   _,     _,    ALL,   ALL),
    Permission.ACCOUNTS_ACTIVATE:   (_,       UNIT, _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.COURSES_READ:        (_,       ALL,  ALL,  ALL,   _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.COURSES_NAME:        (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.LEARNING_READ:       (SELF,    UNIT, UNIT, UNIT,  _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.FLAGS_READ:          (_,       UNIT, _,    _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.FLAGS_JUDGE:         (_,       UNIT, _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.FLAGS_CONFIRM:       (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.REPORTS_READ:        (_,       UNIT, _,    _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.REPORTS_IMPORT:      (_,       UNIT, _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.REPORTS_REGISTER:    (_,       UNIT, _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.REPORTS_UNDO:        (_,       UNIT, _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.ACHIEVEMENTS_READ:   (SELF,    UNIT, _,    _,     _,    ALL, _,     ALL,  _,     ALL),
    Permission.ACHIEVEMENTS_SUBMIT: (SELF,    _,    _,    _,     _,    _,   _,     _,    _,     _),
    Permission.ACHIEVEMENTS_REVIEW: (_,       UNIT, _,    _,     _,    _,   _,     _,    _,     _),
    Permission.ACHIEVEMENTS_MATCH:  (_,       _,    _,    _,     _,    _,   _,     _,    _,     ALL),
    Permission.TRAININGS_WRITE:     (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.POLICIES_READ:       (ALL,     ALL,  ALL,  ALL,   _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.POLICIES_DRAFT:      (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.POLICIES_PUBLISH:    (_,       _,    _,    _,     _,    _,   ALL,   _,    _,     _),
    Permission.SCORES_READ:         (SELF,    UNIT, UNIT, UNIT,  _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.SCORES_RUN:          (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.SCORES_PROPOSE_SEAL: (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.SCORES_SEAL:         (_,       _,    _,    _,     _,    _,   ALL,   _,    _,     ALL),
    Permission.CORRECTIONS_READ:    (_,       _,    _,    _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.CORRECTIONS_OPEN:    (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.CORRECTIONS_APPROVE: (_,       _,    _,    _,     _,    _,   ALL,   _,    _,     _),
    Permission.DISPUTES_READ:       (SELF,    UNIT, _,    _,     _,    ALL, _,     ALL,  _,     ALL),
    Permission.DISPUTES_RAISE:      (SELF,    _,    _,    _,     _,    _,   _,     _,    _,     _),
    Permission.DISPUTES_ANSWER:     (_,       UNIT, _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.DISPUTES_DECIDE:     (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.HOLDS_READ:          (_,       UNIT, UNIT, _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.HOLDS_PROPOSE:       (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.HOLDS_CONFIRM:       (_,       _,    _,    _,     _,    ALL, ALL,   _,    _,     _),
    Permission.LEADERBOARD_READ:    (_,       UNIT, UNIT, UNIT,  _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.CYCLES_READ:         (_,       ALL,  ALL,  _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.CYCLES_WRITE:        (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
    Permission.NOMINATIONS_READ:    (_,       UNIT, UNIT, _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.DECISIONS_READ:      (_,       _,    _,    _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.NOMINATIONS_CREATE:  (_,       _,    UNIT, _,     _,    _,   _,     _,    _,     _),
    Permission.NOMINATIONS_VERIFY:  (_,       UNIT, _,    _,     _,    _,   _,     _,    _,     _),
    Permission.NOMINATIONS_SELECT:  (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.NOMINATIONS_RELEASE: (_,       _,    _,    _,     _,    _,   ALL,   _,    _,     _),
    Permission.AWARDS_READ:         (SELF,    UNIT, UNIT, UNIT,  _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.AWARDS_ISSUE:        (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.AWARDS_REVOKE:       (_,       _,    _,    _,     _,    _,   ALL,   _,    _,     _),
    Permission.CORRIGENDA_READ:     (_,       _,    _,    _,     _,    ALL, ALL,   ALL,  _,     ALL),
    Permission.CORRIGENDA_DRAFT:    (_,       _,    _,    _,     _,    ALL, _,     _,    _,     _),
    Permission.CORRIGENDA_ISSUE:    (_,       _,    _,    _,     _,    _,   ALL,   _,    _,     _),
    Permission.TRAIL_READ:          (_,       _,    _,    _,     _,    _,   _,     ALL,  _,     ALL),
    Permission.JOBS_READ:           (_,       _,    _,    _,     _,    ALL, ALL,   ALL,  ALL,   ALL),
    Permission.JOBS_RUN:            (_,       _,    _,    _,     _,    ALL, _,     _,    _,     ALL),
}
# fmt: on

# Who decides, audits or administers: their sessions are shorter, and a password alone does not let them in.
PRIVILEGED = frozenset({Role.GAD, Role.APPROVER, Role.AUDITOR, Role.SYSADMIN})

# Acts that cannot be taken back, or that open the house to others: whoever does one has shown within the last minutes
# who they are, so that a browser left open is worth little to whoever finds it.
GRAVE = frozenset(
    {
        Permission.ACCOUNTS_WRITE,
        Permission.REPORTS_REGISTER,
        Permission.POLICIES_PUBLISH,
        Permission.SCORES_SEAL,
        Permission.CORRECTIONS_APPROVE,
        Permission.NOMINATIONS_RELEASE,
        Permission.AWARDS_ISSUE,
        Permission.AWARDS_REVOKE,
        Permission.CORRIGENDA_ISSUE,
    }
)


@dataclass(frozen=True)
class Grant:
    """A role held over a unit; `path` is the unit's path in the tree the grant follows.

    Raises ValueError for a path that does not begin and end with a slash: `/1/7` would also reach `/1/70/`.
    """

    role: Role
    path: str = "/"
    tree: Tree = Tree.LINE

    def __post_init__(self) -> None:
        if not (self.path.startswith("/") and self.path.endswith("/")):
            raise ValueError(f"not the path of a unit: {self.path!r}")


@dataclass(frozen=True)
class Actor:
    """Who acts: the account, the officer behind it if any, and the grants in force now."""

    user_id: int | None
    name: str
    officer_id: int | None = None
    grants: tuple[Grant, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)


SYSTEM = Actor(None, "system", grants=(Grant(Role.SYSTEM),))
NOBODY = Actor(None, "nobody")


@dataclass(frozen=True)
class Scope:
    """What a permission covers for one actor: everything, or own record and these paths."""

    everything: bool = False
    officer_id: int | None = None
    paths: frozenset[tuple[Tree, str]] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or self.officer_id is not None or bool(self.paths)


def reach(role: Role, permission: Permission) -> Reach:
    """How far `role` carries `permission`."""
    return GRANTS[permission][ROLES.index(role)]


def scope_of(actor: Actor, permission: Permission) -> Scope:
    """The union of what the actor's grants cover for `permission`; falsy if nothing."""
    reaches = [(reach(grant.role, permission), grant) for grant in actor.grants]
    return Scope(
        everything=any(far is Reach.ALL for far, _grant in reaches),
        officer_id=actor.officer_id if any(far is Reach.SELF for far, _grant in reaches) else None,
        paths=frozenset((grant.tree, grant.path) for far, grant in reaches if far is Reach.UNIT),
    )


def can(actor: Actor, permission: Permission) -> bool:
    """True if the actor holds `permission` at any reach: the page may open, rows are still scoped."""
    return bool(scope_of(actor, permission))


def is_grave(actor: Actor, permissions: Iterable[Permission]) -> bool:
    """True if one of these permissions is for a grave act, and the actor holds that one."""
    return any(can(actor, permission) for permission in GRAVE.intersection(permissions))


def covers(
    actor: Actor, permission: Permission, *, officer_id: int | None, line_path: str, territory_path: str
) -> bool:
    """True if the permission reaches this row: by the whole State, by being one's own, or by a path above it."""
    scope = scope_of(actor, permission)
    if scope.everything or (scope.officer_id is not None and scope.officer_id == officer_id):
        return True
    paths = {Tree.LINE: line_path, Tree.TERRITORY: territory_path}
    return any(through(path) in paths[tree] for tree, path in scope.paths)


def through(path: str) -> str:
    """What every path that leads through the unit at the end of `path` holds: `/7/` for `/1/7/`, a slash for the root.

    A case keeps the path it was opened under. Asked by the unit and not by all
    that stands above it, a role reaches the case still when its unit has been
    moved since, and so do those who were over the unit then.
    """
    return f"/{path.strip('/').rpartition('/')[2]}/" if path != "/" else path


def may_hold_together(roles: Iterable[Role]) -> bool:
    """True if one person may hold all these roles: auditors and sysadmins decide nothing."""
    held = set(roles) - {Role.EMPLOYEE}
    return len(held) < 2 or not held & {Role.AUDITOR, Role.SYSADMIN, Role.SYSTEM}
