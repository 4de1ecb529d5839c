"""The objects that addresses are asked for: real ones of every kind, state and place, and some that are not there."""

from collections.abc import Callable

from app import REGISTERS
from karmyogi.accounts.models import Authenticator, RoleGrant, Session, User
from karmyogi.achievements.models import Achievement, CertificateImage
from karmyogi.audit.queries import PROOFS
from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.completions.models import Flag
from karmyogi.core.months import today
from karmyogi.courses.models import CourseAlias
from karmyogi.documents.models import IssuedDocument, SignedScan
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.people.models import NameCorrection, Officer, OrgUnit, Posting
from karmyogi.reports.models import QueueAnswer, QueuedPerson
from karmyogi.scores.models import Correction, Dispute, MonthlyScore, PolicyDraft, ScoreHold, ScoreMonth
from karmyogi.store.db import Table
from karmyogi.store.imports import Bundle, Import
from karmyogi.store.jobs import JobRun
from karmyogi.store.saved_views import SavedView
from karmyogi.store.transitions import Case, CaseStep
from karmyogi.web.lists import key_text
from tests.house import oracle, plants
from tests.house.oracle import Thing

NO_ID, TOO_LARGE = 999_999_999, 10**30  # no row has the one, no column can hold the other
PROPOSING = ("start", "edit", "submit", "withdraw")
MISSING = (("missing", NO_ID), ("too large", TOO_LARGE))
ALL_STEPS = (*oracle.STEPS, "award", "burn")


def everything() -> dict[str, list[Thing]]:
    """All things by kind."""
    found = {kind: make() for kind, make in KINDS.items()}
    found |= {f"saved view of {register.slug}": _views_of(register) for register in REGISTERS}
    return found | {f"row of {register.slug}": _rows_of(register) for register in REGISTERS}


def _nothing() -> list[Thing]:
    return [Thing("no object")]


# Cases


def _case(case: Case, name: str, **facts: object) -> Thing:
    """A case as the policy sees it: whom it is about, where, in which state, and through whose hands it went."""
    officer_id = getattr(case, "officer_id", None)
    steps = list(CaseStep.select().where((CaseStep.case_id == case.id) & (CaseStep.workflow == _workflow_of(case))))
    return Thing(
        f"{type(case).__name__} {case.id} {case.state}",
        {name: case.id},
        officer_id=officer_id,
        line_path=case.line_path,
        territory_path=case.territory_path,
        state=case.state,
        hands=frozenset(step.user_id for step in steps if step.user_id),
        heads=frozenset(step.user_id for step in steps if step.user_id and step.action in PROPOSING),
        **facts,
    )


def _workflow_of(case: Case) -> str:
    return type(case)._meta.table_name


def _not_there(name: str) -> list[Thing]:
    return [Thing(label, {name: value}, exists=False) for label, value in MISSING]


def _with(things: list[Thing], **values: list[str]) -> list[Thing]:
    """Each thing once for each further value of the address."""
    [(name, choices)] = values.items()
    return [
        _changed(thing, label=f"{thing.label}, {choice}", values={**thing.values, name: choice})
        for thing in things
        for choice in choices
    ]


def _changed(thing: Thing, **facts: object) -> Thing:
    return Thing(**{**{name: getattr(thing, name) for name in thing.__dataclass_fields__}, **facts})


def _claims() -> list[Thing]:
    return [_case(one, "achievement_id") for one in Achievement.select()] + _not_there("achievement_id")


def _flags() -> list[Thing]:
    """Flags lie where they were raised; none is anybody's own to read."""
    return [_changed(_case(one, "flag_id"), officer_id=None) for one in Flag.select()] + _not_there("flag_id")


def _images() -> list[Thing]:
    rows = CertificateImage.select(CertificateImage, Achievement).join(Achievement)
    shown = [_changed(_case(row.achievement, "achievement_id"), values={"image_id": row.id}) for row in rows]
    return shown + _not_there("image_id")


def _nominations() -> list[Thing]:
    rows = Nomination.select(Nomination, OrgUnit).join(OrgUnit, on=Nomination.department == OrgUnit.id)
    found = [_case(row, "nomination_id", department_path=row.department.line_path) for row in rows]
    return found + _not_there("nomination_id")


def _nominees() -> list[Thing]:
    """Officers in a cycle, each with the department that decides who may nominate them."""
    cycle = Cycle.get(Cycle.name_en == plants.PAGE_CYCLE)
    live = {row.officer_id: row for row in Nomination.select().where(Nomination.cycle == cycle)}
    asked = [plants.officer_of(key) for key in ("asha", "meena", "imran", "pooja")]
    asked += [Officer.get_by_id(next(iter(live)))]
    found = [_nominee(cycle, officer, live) for officer in asked]
    nobody = [Thing(f"{name} left out", {}, exists=False) for name in ("both",)]
    return found + nobody + [Thing("no such cycle", {"cycle": NO_ID, "officer": asked[0].id}, exists=False)]


def _nominee(cycle: Cycle, officer: Officer, live: dict[int, Nomination]) -> Thing:
    case = live.get(officer.id)
    department = Posting.get(Posting.officer == officer).unit.department
    is_live = case is not None and case.state not in ("withdrawn", "rejected")
    return Thing(
        f"{officer.name_en} in the cycle",
        {"cycle": cycle.id, "officer": officer.id},
        department_path=department.line_path,
        state=case.state if is_live else "",
    )


def _names() -> list[Thing]:
    return [_case(one, "correction_id") for one in NameCorrection.select()] + _not_there("correction_id")


def _disputes() -> list[Thing]:
    return [_case(one, "dispute_id") for one in Dispute.select()] + _not_there("dispute_id")


def _holds() -> list[Thing]:
    """Whom a hold is about has no reach over it, whatever their own."""
    found = [_case(one, "hold_id") for one in ScoreHold.select()]
    return found + _not_there("hold_id")


def _awards() -> list[Thing]:
    return [_case(one, "award_id") for one in Award.select()] + _not_there("award_id")


def _orders() -> list[Thing]:
    awards: dict[int, list[Thing]] = {}
    for award in Award.select():
        awards.setdefault(award.__data__["order"], []).append(_case(award, "award_id"))
    found = [Thing(f"order {id}", {"order_id": id}, parts=tuple(parts)) for id, parts in awards.items()]
    return found + _not_there("order_id")


def _scans() -> list[Thing]:
    """Scans of each order, one asked for under another order, and one that was never given."""
    orders = {row.document_id: row.id for row in AwardOrder.select()}
    parts = {thing.values["order_id"]: thing.parts for thing in _orders() if thing.parts}
    found = [
        Thing(
            f"scan {row.id}",
            {"order_id": orders[row.document_id], "scan_id": row.id},
            parts=parts[orders[row.document_id]],
        )
        for row in SignedScan.select()
    ]
    elsewhere = next(id for id in parts if id != found[0].values["order_id"])
    astray = Thing("of another order", {"order_id": elsewhere, "scan_id": found[0].values["scan_id"]})
    missing = [Thing(label, {"order_id": elsewhere, "scan_id": value}) for label, value in MISSING]
    return [*found, astray, *missing]


def _corrigenda() -> list[Thing]:
    return [_case(one, "corrigendum_id") for one in Corrigendum.select()] + _not_there("corrigendum_id")


def _issued_corrigenda() -> list[Thing]:
    """Those that were issued, with the awards of their orders; a draft and one of another order have no PDF."""
    parts = {thing.values["order_id"]: thing.parts for thing in _orders() if thing.parts}
    rows = list(Corrigendum.select())
    found = []
    for row in rows:
        order = row.__data__["order"]
        of_it = parts[order] if row.state == "issued" else ()
        found.append(Thing(f"{row.state}", {"order_id": order, "corrigendum_id": row.id}, parts=of_it))
    issued = next(row for row in rows if row.state == "issued")
    elsewhere = next(id for id in parts if id != issued.__data__["order"])
    return [*found, Thing("of another order", {"order_id": elsewhere, "corrigendum_id": issued.id})]


# What belongs to the whole State


def _cycles() -> list[Thing]:
    return [Thing("a cycle", {"cycle_id": Cycle.get().id}), *_not_there("cycle_id")]


def _cycles_to_order() -> list[Thing]:
    left_out = Thing("no cycle", {}, exists=False)
    return [Thing("a cycle", {"cycle": Cycle.get().id}), left_out, Thing("missing", {"cycle": NO_ID}, exists=False)]


def _months() -> list[Thing]:
    found = [Thing(f"{row.month} {row.state}", {"month": row.month}, state=row.state) for row in _some_months()]
    return found + [Thing(text, {"month": text}, exists=False) for text in ("2019-01", "2026-13", "x")]


def _corrections() -> list[Thing]:
    return [_case(one, "correction_id") for one in Correction.select()] + _not_there("correction_id")


def _runs_of_corrections() -> list[Thing]:
    found = [Thing(row.job, {"run_id": row.id}, exists=row.job == "correct-month") for row in JobRun.select()]
    return found + _not_there("run_id")


def _proofs() -> list[Thing]:
    """The proof of a night and one that waits; other work is no proof."""
    found = [Thing(row.job, {"run_id": row.id}, exists=row.job in PROOFS) for row in JobRun.select()]
    return found + _not_there("run_id")


def _some_months() -> list[ScoreMonth]:
    return list(ScoreMonth.select().where(ScoreMonth.month.in_(["2026-01", "2026-02", "2026-03"])))


def _boards() -> list[Thing]:
    """The board of one's own unit when none is asked for, and of units here and there."""
    units = [
        plants.unit("state", "Chhattisgarh"),
        plants.unit("department", plants.HEALTH),
        plants.unit("department", plants.REVENUE),
        plants.unit("district", "Raipur"),
        plants.unit("division", "Bilaspur"),
        OrgUnit.select().where((OrgUnit.kind == "office") & OrgUnit.closed_on.is_null()).first(),
    ]
    found = [
        Thing(unit.name_en, {"unit": unit.id}, line_path=unit.line_path, territory_path=unit.territory_path)
        for unit in units
    ]
    return [*found, Thing("missing", {"unit": NO_ID}, exists=False)]


def _histories() -> list[Thing]:
    return [_changed(one, values={"unit_id": one.values["unit"]}) for one in _boards()]


def _board_files() -> list[Thing]:
    unknown = [_changed(thing, exists=False) for thing in _with(_boards(), kind=["pdf"])]
    return _with(_boards(), kind=["csv", "xlsx"]) + unknown


def _units(name: str) -> list[Thing]:
    """One of each kind, and one that is closed."""
    kinds = ("state", "department", "division", "district", "office")
    rows = [OrgUnit.select().where((OrgUnit.kind == kind) & OrgUnit.closed_on.is_null()).first() for kind in kinds]
    rows.append(OrgUnit.get(OrgUnit.closed_on.is_null(False)))
    return [Thing(f"{row.kind} {row.id}", {name: row.id}, state=row.kind) for row in rows] + _not_there(name)


def _imports() -> list[Thing]:
    found = [_brought(row, row.state, {"import_id": row.id}, row.state) for row in Import.select()]
    return found + _not_there("import_id")


def _brought(row: Table, label: str, values: dict[str, object], state: str) -> Thing:
    """What came in for a unit lies there; what came in for the whole State lies nowhere in particular."""
    unit = OrgUnit.get_or_none(OrgUnit.id == row.unit_id)
    paths = {"line_path": unit.line_path, "territory_path": unit.territory_path} if unit else {}
    return Thing(f"{label} for {unit.name_en}" if unit else label, values, state=state, **paths)


def _queued() -> list[Thing]:
    rows = [*QueuedPerson.select().limit(5), *QueuedPerson.select().where(QueuedPerson.unit_id != 0)]
    found = [_brought(row, str(row), {"person_id": row.id}, row.question) for row in rows]
    return found + _not_there("person_id")


def _answers() -> list[Thing]:
    states = {True: "stands", False: "taken back"}
    rows = QueueAnswer.select()
    found = [_brought(row, str(row), {"answer_id": row.id}, states[row.undone_at is None]) for row in rows]
    return found + _not_there("answer_id")


def _aliases() -> list[Thing]:
    found = [Thing(row.name, {"alias_id": row.id}) for row in CourseAlias.select()]
    return found + _not_there("alias_id")


def _bundles() -> list[Thing]:
    found = [_brought(row, row.state, {"bundle_id": row.id}, row.state) for row in Bundle.select()]
    return found + _not_there("bundle_id")


def _runs() -> list[Thing]:
    found = [Thing(row.job, {"run_id": row.id}, exists=row.job == "score-month") for row in JobRun.select()]
    return found + _not_there("run_id")


def _trials() -> list[Thing]:
    """Of the draft that was tried, and asked for with another draft, or with other work."""
    tried, *others = PolicyDraft.select(PolicyDraft.id).order_by(PolicyDraft.id).tuples()
    runs = {run.job: run.id for run in JobRun.select()}
    wanted = [(tried[0], runs["policy-trial"]), (others[0][0], runs["policy-trial"]), (tried[0], runs["score-month"])]
    found = [Thing(f"{one}", {"draft_id": one[0], "run_id": one[1]}, exists=one is wanted[0]) for one in wanted]
    return found + [Thing(label, {"draft_id": tried[0], "run_id": value}, exists=False) for label, value in MISSING]


def _jobs() -> list[Thing]:
    found = [Thing(f"{row.job} {row.state}", {"run_id": row.id}, state=row.state) for row in JobRun.select()]
    return found + _not_there("run_id")


def _codes() -> list[Thing]:
    found = [Thing(row.state, {"code": row.code}) for row in IssuedDocument.select()]
    return found + [Thing(code, {"code": code}, exists=False) for code in ("0" * 26, "x", "GAD-KMY-2026")]


def _sessions() -> list[Thing]:
    """An open session of each account, and one that was ended."""
    rows = Session.select(Session, User).join(User).where(Session.agent == plants.PLANTED)
    found = [
        Thing(f"session of {row.user.login}", {"session_id": row.id}, heads=frozenset({row.user_id}))
        if row.ended_at is None
        else Thing("an ended session", {"session_id": row.id}, exists=False)
        for row in rows
    ]
    return found + _not_there("session_id")


def _offices() -> list[Thing]:
    """Units in which somebody is posted today, here and there, and one in which nobody is."""
    held = (Posting.from_on <= today()) & (Posting.to_on.is_null() | (Posting.to_on >= today()))
    asked = [plants.officer_of(key) for key in ("asha", "ravi", "imran", "sunita")]
    asked += plants.officers_of(plants.HEALTH, division="Bilaspur")[:1]
    units = {
        one.unit for one in Posting.select(Posting, OrgUnit).join(OrgUnit).where(Posting.officer.in_(asked) & held)
    }
    found = [
        Thing(unit.name_en, {"unit_id": unit.id}, line_path=unit.line_path, territory_path=unit.territory_path)
        for unit in sorted(units, key=lambda unit: unit.id)
    ]
    empty = plants.unit("state", "Chhattisgarh")
    return [*found, Thing("nobody's office", {"unit_id": empty.id}, exists=False), *_not_there("unit_id")]


def _officers_to_activate() -> list[Thing]:
    """Officers here and there, with and without a role; who holds one now or later is given no slip."""
    asked = [plants.officer_of(key) for key in ("asha", "ravi", "imran", "sunita")]
    asked += plants.officers_of(plants.HEALTH, division="Bilaspur")[:1]
    powerful = {
        grant.user.officer_id
        for grant in RoleGrant.select(RoleGrant, User).join(User)
        if grant.ended_at is None and (grant.to_on is None or grant.to_on >= today())
    }
    found = [
        _changed(
            _of_officer(one, one),
            values={"officer_id": one.id},
            state="holds a role" if one.id in powerful else "",
        )
        for one in asked
    ]
    return found + _not_there("officer_id")


def _accounts() -> list[Thing]:
    rows = User.select().where(User.login.in_(["asha", "gopal", "noori"]))
    phones = {phone.user_id for phone in Authenticator.select()}
    found = [
        Thing(
            row.login,
            {"user_id": row.id},
            heads=frozenset({row.id}),
            state="phone" if row.id in phones else "",
        )
        for row in rows
    ]
    return found + _not_there("user_id")


def _grants() -> list[Thing]:
    rows = RoleGrant.select(RoleGrant, User).join(User).where(User.login.in_(["gopal", "noori", "ravi"]))
    found = [Thing(row.role, {"grant_id": row.id}, heads=frozenset({row.user_id})) for row in rows]
    return found + _not_there("grant_id")


def _files() -> list[Thing]:
    paths = ("css/base.css", "no/such.css", "../app.py", "fonts/")
    return [Thing(path, {"filename": path}, exists=path == paths[0]) for path in paths]


def _texts(name: str, *good: str, bad: tuple[str, ...] = ()) -> Callable[[], list[Thing]]:
    return lambda: [Thing(text, {name: text}, exists=text in good) for text in (*good, *bad)]


# Rows of registers


def _rows_of(register) -> list[Thing]:
    line = oracle.REGISTERS.get(register.slug)
    makers = {"by posting": _by_officer, "by unit": _by_officer, "by award": _by_award}
    makers["by unit brought for"] = _by_unit_brought_for
    rows = makers.get(line and line.rows, _by_case)
    found = _everybodys(register.table) if line is None or line.rows == "everybody's" else rows(register.table)
    if line is not None and line.rows.endswith("nobody's own"):
        found = [_changed(thing, officer_id=None) for thing in found]
    return [*found, Thing("missing", {"id": NO_ID}, exists=False), Thing("no key", {"id": "x"}, exists=False)]


def _by_unit_brought_for(table: type[Table]) -> list[Thing]:
    return [_brought(row, row.state, {"id": row.id}, row.state) for row in table.select()]


def _views_of(register) -> list[Thing]:
    """Views that two people keep of a register; nobody else can reach them."""
    kept = SavedView.select().where(SavedView.register == register.slug)
    found = [Thing(view.name, {"view_id": view.id}, heads=frozenset({view.user_id})) for view in kept]
    return found + _not_there("view_id")


def _everybodys(table: type[Table]) -> list[Thing]:
    return [Thing(f"{table.__name__} {key_text(row)}", {"id": key_text(row)}) for row in table.select().limit(1)]


def _by_case(table: type[Table]) -> list[Thing]:
    return [_changed(_case(row, "id"), values={"id": row.id}) for row in table.select()]


def _by_award(_table: type[Table]) -> list[Thing]:
    return [_changed(thing, values={"id": thing.values["order_id"]}) for thing in _orders() if thing.parts]


def _officers() -> list[Thing]:
    found = [
        _changed(_of_officer(one, one), values={"officer_id": one.id}) for one in (*_here_and_there(), plants.merged())
    ]
    return found + _not_there("officer_id")


def _months_of_officers() -> list[Thing]:
    """A month of officers here and there, where it was earned; another month was never scored."""
    scores = {row.officer_id: row.unit for row in MonthlyScore.select().where(MonthlyScore.month == "2026-01")}
    found = [_month_of(one, scores.get(one.id)) for one in (*_here_and_there(), plants.merged())]
    unscored = [_changed(thing, values={**thing.values, "month": "2019-01"}, exists=False) for thing in found[:1]]
    nobody = [_changed(thing, values={**thing.values, "month": "2026-01"}) for thing in _not_there("officer_id")]
    return [*found, *unscored, *nobody]


def _month_of(officer: Officer, unit: OrgUnit | None) -> Thing:
    """Where the month was earned; without a score where the officer is posted."""
    where = {"line_path": unit.line_path, "territory_path": unit.territory_path} if unit else {}
    return _changed(_of_officer(officer, officer), values={"officer_id": officer.id, "month": "2026-01"}, **where)


def _two_officers() -> list[Thing]:
    """Two of the cast, one of them twice, a record that gave way, and one that is not there."""
    asha, ravi, gone = plants.officer_of("asha"), plants.officer_of("ravi"), plants.merged()
    pairs = [(asha, ravi.id, True), (asha, asha.id, True), (ravi, gone.id, True), (asha, NO_ID, False)]
    return [
        Thing(f"{one.name_en} and {other}", {"officer_id": one.id, "other_id": other}, exists=exists)
        for one, other, exists in pairs
    ]


def _here_and_there() -> list[Officer]:
    asked = [plants.officer_of(key) for key in ("asha", "ravi", "imran", "sunita")]
    return [*asked, plants.officers_of(plants.HEALTH, division="Bilaspur")[0], *_honoured()]


def _by_officer(table: type[Table]) -> list[Thing]:
    """A row of each of some officers here and there, as far as the table has one."""
    asked = _here_and_there()
    owner = table.id if table is Officer else table.officer
    rows = [table.select().where(owner == officer).first() for officer in asked]
    return [_of_officer(row, officer) for row, officer in zip(rows, asked, strict=True) if row is not None]


def _honoured() -> list[Officer]:
    return [award.officer for award in Award.select().where(Award.state == "given").limit(1)]


def _of_officer(row: Table, officer: Officer) -> Thing:
    """Where it stands is where the officer is posted today; a score stands where it was earned."""
    unit = row.unit if isinstance(row, MonthlyScore) else _unit_of(officer)
    return Thing(
        f"{type(row).__name__} of {officer.name_en}",
        {"id": key_text(row)},
        officer_id=officer.id,
        line_path=unit.line_path,
        territory_path=unit.territory_path,
    )


def _unit_of(officer: Officer) -> OrgUnit:
    held = (Posting.from_on <= today()) & (Posting.to_on.is_null() | (Posting.to_on >= today()))
    return Posting.get((Posting.officer == officer) & held).unit


KINDS: dict[str, Callable[[], list[Thing]]] = {
    "nothing": _nothing,
    "file": _files,
    "language": _texts("code", "hi", "en", bad=("fr",)),
    "kind of file": _texts("export_type", "csv", "xlsx", bad=("pdf", "json")),
    "kind of a board's file": _texts("kind", "csv", "xlsx", bad=("pdf",)),
    "session": _sessions,
    "search": _texts("q", "", "sahu", "सा", "00000101", "9000003737", "%", "a b c d e f g h i j"),
    "officer": _officers,
    "month of an officer": _months_of_officers,
    "two officers": _two_officers,
    "office": _offices,
    "officer to activate": _officers_to_activate,
    "account": _accounts,
    "grant": _grants,
    "claim": _claims,
    "claim and decision": lambda: _with(_claims(), action=["verify", "return"]),
    "flag": _flags,
    "flag and step": lambda: _with(_flags(), action=["accept", "confirm", "restore"]),
    "image": _images,
    "board": _boards,
    "unit over months": _histories,
    "board as a file": _board_files,
    "unit": lambda: _units("unit_id"),
    "branch": lambda: _units("open"),
    "below": lambda: _units("below"),
    "month": _months,
    "correction": _corrections,
    "correction and step": lambda: _with(
        _corrections(), action=["correction_propose", "correction_approve", "correction_return", "correction_withdraw"]
    ),
    "run of a correction": _runs_of_corrections,
    "month and step": lambda: _with(_months(), action=["propose", "seal", "burn"]),
    "draft of the policy": lambda: [_case(one, "draft_id") for one in PolicyDraft.select()] + _not_there("draft_id"),
    "trial of a draft": _trials,
    "run": _runs,
    "job": _jobs,
    "proof": _proofs,
    "import": _imports,
    "queued person": _queued,
    "answer of the queue": _answers,
    "other name of a course": _aliases,
    "bundle": _bundles,
    "cycle": _cycles,
    "nominee": _nominees,
    "name": _names,
    "name and decision": lambda: _with(_names(), action=["approve", "refuse"]),
    "dispute": _disputes,
    "dispute and step": lambda: _with(_disputes(), action=["agree", "disagree", "uphold", "decline"]),
    "hold": _holds,
    "hold and step": lambda: _with(_holds(), action=["hold_confirm", "hold_dismiss", "hold_release"]),
    "nomination": _nominations,
    "nomination and step": lambda: _with(_nominations(), action=list(ALL_STEPS)),
    "award": _awards,
    "order": _orders,
    "scan": _scans,
    "corrigendum": _corrigenda,
    "issued corrigendum": _issued_corrigenda,
    "order of a cycle": _cycles_to_order,
    "code": _codes,
    "page of the handbook": _texts("name", "head", bad=("nobody",)),
    "picture of the handbook": _texts("name", "board-hi.webp", bad=("../hi/head.md",)),
}
__all__ = ["KINDS", "AwardOrder", "everything"]
