"""What every address must answer to everybody: written from the table of powers, not from the pages.

`ROUTES` and `REGISTERS` are the policy: what an address needs, which objects it
is asked for, and what may still stand in the way. A new page needs a line here
before the matrix passes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from karmyogi.achievements.rules import ACHIEVEMENT
from karmyogi.awards.rules import AWARD, CORRIGENDUM
from karmyogi.core.permissions import Actor, Permission, can, covers, scope_of
from karmyogi.core.workflow import Workflow, not_own_case, not_same_hand
from karmyogi.nominations.rules import NOMINATION
from karmyogi.people.rules import NAME_CORRECTION
from karmyogi.scores.rules import CORRECTION, DISPUTE, POLICY_DRAFT, SCORE_HOLD

P = Permission
PUBLIC, HALFWAY, SIGNED_IN = "public", "halfway in", "signed in"
WITH_PHONE = "noori"  # who has set up a second factor; the others of the cast stand here without one
OK, MOVED, SIGN_IN, UNKNOWN, REFUSED, GONE, LATE, RULED_OUT, ASKED = 200, 302, 302, 401, 403, 404, 409, 422, 428


@dataclass(frozen=True)
class Thing:
    """An object of an address: what stands in the address, and whose, where and in which state it is."""

    label: str
    values: Mapping[str, object] = field(default_factory=dict)
    exists: bool = True
    officer_id: int | None = None
    line_path: str = ""
    territory_path: str = ""
    state: str = ""
    hands: frozenset[int] = frozenset()  # user ids of all who have acted on the case
    heads: frozenset[int] = frozenset()  # user ids of those who proposed it
    department_path: str = ""
    parts: tuple["Thing", ...] = ()  # what an order gave


Answer = int | Callable[[Actor | None, Thing], int]
Check = Callable[[Actor, Thing], int | None]  # a status that ends it, or None


@dataclass(frozen=True)
class Route:
    """A line of the policy: who may come, for which things, what may stand in the way, and what is then answered."""

    needs: tuple[Permission, ...] | str
    things: str = "nothing"
    checks: tuple[Check, ...] = ()
    then: Answer = OK


def at_the_door(actor: Actor | None, method: str, route: Route) -> int | None:
    """The status for somebody (None: a stranger) who may not even open the page, whatever it is about."""
    if route.needs != PUBLIC and actor is None:
        return SIGN_IN if method == "GET" else UNKNOWN
    if isinstance(route.needs, tuple) and not any(can(actor, permission) for permission in route.needs):
        return REFUSED
    return None


def expected(actor: Actor | None, method: str, route: Route, thing: Thing) -> int:
    """The status for somebody who asks for this thing."""
    if status := at_the_door(actor, method, route):
        return status
    for check in route.checks:
        if status := check(actor, thing):
            return status
    return route.then(actor, thing) if callable(route.then) else route.then


# What may stand in the way


def reaches(actor: Actor, permission: Permission, thing: Thing) -> bool:
    return covers(
        actor,
        permission,
        officer_id=thing.officer_id,
        line_path=thing.line_path,
        territory_path=thing.territory_path,
    )


def within(permission: Permission) -> Check:
    """Outside one's reach a thing does not exist."""
    return lambda actor, thing: None if thing.exists and reaches(actor, permission, thing) else GONE


def gives_within(permission: Permission) -> Check:
    """An order is seen by those who see one of its awards."""
    return lambda actor, thing: None if any(reaches(actor, permission, part) for part in thing.parts) else GONE


def there(_actor: Actor, thing: Thing) -> int | None:
    return None if thing.exists else GONE


def movable(_actor: Actor, thing: Thing) -> int | None:
    """Of departments, divisions and the State there is one place only."""
    return None if thing.state in ("directorate", "district", "office") else RULED_OUT


def ones_own(actor: Actor, thing: Thing) -> int | None:
    return None if thing.exists and actor.user_id in thing.heads else GONE


def holding(permission: Permission) -> Check:
    """The page opens for readers, the act only for those who hold this."""
    return lambda actor, _thing: None if can(actor, permission) else REFUSED


def in_state(*states: str, otherwise: int) -> Check:
    return lambda _actor, thing: None if thing.state in states else otherwise


def known(*actions: str) -> Check:
    return lambda _actor, thing: None if thing.values["action"] in actions else GONE


def step_of(workflow: Workflow, action: str = "") -> Check:
    """A step leaves the state that this reader may know, it is theirs, and no guard is against them."""

    def check(actor: Actor, thing: Thing) -> int | None:
        wanted, state = action or thing.values["action"], shown(actor, thing)
        steps = [step for step in workflow.steps if step.action == wanted and state in step.sources]
        if not steps:
            return LATE
        if not reaches(actor, steps[0].permission, thing):
            return REFUSED
        own = not_own_case in steps[0].guards and is_about(actor, thing)
        again = not_same_hand in steps[0].guards and actor.user_id in thing.hands
        return RULED_OUT if own or again else None

    return check


def is_about(actor: Actor, thing: Thing) -> bool:
    return thing.officer_id is not None and thing.officer_id == actor.officer_id


def power_for_step(actor: Actor, thing: Thing) -> int | None:
    """Who could never take a step of this name on this case learns nothing of where it stands."""
    named = [step for step in NOMINATION.steps if step.action == thing.values["action"]]
    return None if any(reaches(actor, step.permission, thing) for step in named) else REFUSED


def theirs_to_take(actor: Actor, thing: Thing) -> int | None:
    """The step leaves the state that this reader may know, and it is theirs; guards are asked by the verb."""
    return None if (status := step_of(NOMINATION)(actor, thing)) == RULED_OUT else status


def shown(actor: Actor, thing: Thing) -> str:
    """Outside GAD a choice not yet released still reads as verified."""
    hidden = thing.state == "selected" and not scope_of(actor, P.NOMINATIONS_READ).everything
    return "verified" if hidden else thing.state


def heads_it(actor: Actor, thing: Thing) -> int | None:
    """Only who is over the whole department writes for it, and never about themselves."""
    over = covers(
        actor,
        P.NOMINATIONS_CREATE,
        officer_id=None,
        line_path=thing.department_path,
        territory_path=thing.department_path,
    )
    return None if over and not is_about(actor, thing) else REFUSED


def department_is_theirs(actor: Actor, thing: Thing) -> int | None:
    return None if thing.exists and heads_it(actor, thing) is None else GONE


def editable(actor: Actor, thing: Thing) -> int | None:
    return None if shown(actor, thing) in ("draft", "returned") else LATE


def keeps_integrity(actor: Actor, thing: Thing) -> int | None:
    ended, own = thing.state in NOMINATION.ends, is_about(actor, thing)
    reached = any(reaches(actor, permission, thing) for permission in (P.NOMINATIONS_VERIFY, P.NOMINATIONS_SELECT))
    return None if reached and not ended and not own and actor.user_id not in thing.heads else REFUSED


def ones_own_award(actor: Actor, thing: Thing) -> int | None:
    """Only what oneself was given, and only while it stands, is there to be shown around."""
    own = thing.exists and thing.officer_id is not None and thing.officer_id == actor.officer_id
    return None if own and thing.state == "given" else GONE


def own_or_reviewed(actor: Actor, thing: Thing) -> int | None:
    """The original of a certificate image is for its owner and those who review it."""
    return None if thing.exists and (is_about(actor, thing) or reaches(actor, P.ACHIEVEMENTS_REVIEW, thing)) else GONE


def without_phone(status: int) -> Check:
    """What is answered to who has set up no second factor."""
    return lambda actor, _thing: None if actor.name == WITH_PHONE else status


def with_phone(status: int) -> Check:
    """What is answered to who has set up a second factor."""
    return lambda actor, _thing: status if actor.name == WITH_PHONE else None


def anothers(actor: Actor, thing: Thing) -> int | None:
    """Nobody changes their own account or roles."""
    return REFUSED if actor.user_id in thing.heads else None


def slip_refused(_actor: Actor | None, thing: Thing) -> int:
    """Who holds a role is given a code by the administrator; for others the form must say what the page said."""
    return RULED_OUT if thing.state == "holds a role" else LATE


def is_officer(actor: Actor, _thing: Thing) -> int | None:
    return None if actor.officer_id is not None else GONE


# What is answered


def page_or_move(actor: Actor | None, _thing: Thing) -> int:
    """Who is signed in already is sent on."""
    return OK if actor is None else MOVED


def own_claims_or_others(actor: Actor | None, _thing: Thing) -> int:
    return OK if can(actor, P.ACHIEVEMENTS_SUBMIT) else MOVED


def page_or_nomination(_actor: Actor | None, thing: Thing) -> int:
    """Who is nominated already is shown instead."""
    return MOVED if thing.state else OK


def sealing(actor: Actor | None, thing: Thing) -> int:
    """The planted months are stale, so nobody may propose or seal them; each is asked in this order."""
    if thing.values["action"] == "seal":
        if thing.state == "sealed":
            return RULED_OUT
        return RULED_OUT if can(actor, P.SCORES_SEAL) else REFUSED
    if thing.state != "provisional":
        return LATE
    return RULED_OUT if can(actor, P.SCORES_PROPOSE_SEAL) else REFUSED


def held_or_asked(_actor: Actor | None, thing: Thing) -> int:
    """Only a confirmation needs no word."""
    return MOVED if thing.values["action"] == "hold_confirm" else RULED_OUT


def corrected(_actor: Actor | None, thing: Thing) -> int:
    """Of the planted months only the sealed one is corrected, and it has no correction under way."""
    return MOVED if thing.state == "sealed" else RULED_OUT


def correction_judged(_actor: Actor | None, thing: Thing) -> int:
    """Whoever proposes or sends back says why."""
    return RULED_OUT if thing.values["action"] in ("correction_propose", "correction_return") else MOVED


# The policy

HAS_PHONE = in_state("phone", otherwise=GONE)
READ_NAME, OFFICERS_NAME = within(P.NAMES_READ), partial(step_of, NAME_CORRECTION)
READ_CLAIM, READ_CASE, READ_AWARD = within(P.ACHIEVEMENTS_READ), within(P.NOMINATIONS_READ), within(P.AWARDS_READ)
RESUBMIT, WITHDRAW = step_of(ACHIEVEMENT, "resubmit"), step_of(ACHIEVEMENT, "withdraw")
READ_IMPORT, BRING, UNDO_IMPORT = within(P.REPORTS_READ), within(P.REPORTS_IMPORT), within(P.REPORTS_UNDO)
WRITE_CASE = (READ_CASE, heads_it, editable)
READ_DISPUTE, DISPUTING = within(P.DISPUTES_READ), (P.DISPUTES_ANSWER, P.DISPUTES_DECIDE)
DRAFTS = (P.POLICIES_DRAFT, P.POLICIES_PUBLISH, P.TRAIL_READ)
WRITABLE = in_state("draft", "returned", otherwise=LATE)
READ_HOLD = within(P.HOLDS_READ)
MONTHS = (P.SCORES_RUN, P.SCORES_SEAL, P.TRAIL_READ)
INTEGRITY = (P.NOMINATIONS_VERIFY, P.NOMINATIONS_SELECT)
DECIDING = (P.NOMINATIONS_CREATE, P.NOMINATIONS_SELECT, P.NOMINATIONS_RELEASE)
JUDGING = (P.FLAGS_JUDGE, P.FLAGS_CONFIRM)
FINAL = ("withdraw", "reject", "release")
STEPS = ("submit", "verify", "return", "select", "reject", "release", "withdraw")


def to(
    needs: Permission | tuple[Permission, ...] | str, *checks: Check, of: str = "nothing", then: Answer = OK
) -> Route:
    """A line of the policy: what the page needs, what may stand in the way, and what it is asked of."""
    return Route((needs,) if isinstance(needs, Permission) else needs, of, checks, then)


# Of the others in the queue it is known whose their rows are.
UNKNOWN_YET = in_state("who", otherwise=GONE)

ROUTES: dict[str, Route] = {
    "GET static": to(PUBLIC, there, of="file"),
    "GET sheet": to(PUBLIC),
    "GET healthz": to(PUBLIC),
    "GET readyz": to(PUBLIC),
    "GET language": to(PUBLIC, of="language", then=MOVED),
    "GET home.front": to(PUBLIC),
    "GET scores.public_board": to(PUBLIC),
    "GET scores.wall": to(PUBLIC),
    "GET home.covered": to(P.LEADERBOARD_READ),
    "GET home.roles": to(SIGNED_IN),
    "GET home.me": to(P.ME_READ),
    "GET home.officers": to(P.OFFICERS_SEARCH, of="search"),
    "GET home.suggest": to(P.OFFICERS_SEARCH, of="search"),
    "GET home.officer": to(P.OFFICERS_READ, within(P.OFFICERS_READ), of="officer"),
    "GET home.month_of_officer": to(P.SCORES_READ, within(P.SCORES_READ), of="month of an officer"),
    "GET home.month_of_officer_pdf": to(P.SCORES_READ, within(P.SCORES_READ), of="month of an officer"),
    "GET home.ask_for_twin": to(P.OFFICERS_MERGE, there, of="officer"),
    "GET home.compare_officers": to(P.OFFICERS_MERGE, there, of="two officers"),
    "POST home.merge_officers": to(P.OFFICERS_MERGE, there, of="two officers", then=RULED_OUT),
    "GET home.ask_to_part": to(P.OFFICERS_MERGE, there, of="officer"),
    "POST home.part_officers": to(P.OFFICERS_MERGE, there, of="officer", then=RULED_OUT),
    "POST home.say_download": to(P.ONBOARDING_SAY, is_officer, then=MOVED),
    "POST home.take_back_download": to(P.ONBOARDING_SAY, is_officer, then=RULED_OUT),
    "GET home.my_courses": to(P.ME_READ),
    "GET home.my_scores": to(P.ME_READ),
    "GET home.my_month": to(P.ME_READ, there, of="month"),
    "GET home.my_month_pdf": to(P.ME_READ, there, of="month"),
    "GET home.my_award": to(P.ME_READ, ones_own_award, of="award"),
    "GET home.my_picture": to(P.ME_READ, ones_own_award, of="award"),
    # People: corrections of names
    "GET people.my_name": to(P.NAMES_REQUEST, is_officer),
    "POST people.ask_for_name": to(P.NAMES_REQUEST, is_officer, then=RULED_OUT),
    "GET people.public_name": to(P.CONSENTS_GIVE, is_officer),
    "POST people.answer_public_name": to(P.CONSENTS_GIVE, is_officer, then=RULED_OUT),
    "GET people.queue": to(P.NAMES_REVIEW),
    "GET people.name": to(P.NAMES_READ, READ_NAME, of="name"),
    "GET people.name_again": to(P.NAMES_READ, of="name and decision", then=MOVED),
    "POST people.approve_name": to(P.NAMES_REVIEW, READ_NAME, OFFICERS_NAME("approve"), of="name", then=MOVED),
    "POST people.refuse_name": to(P.NAMES_REVIEW, READ_NAME, OFFICERS_NAME("refuse"), of="name", then=RULED_OUT),
    "POST people.withdraw_name": to(P.NAMES_REQUEST, READ_NAME, OFFICERS_NAME("withdraw"), of="name", then=MOVED),
    "POST people.release_name": to(
        P.OFFICERS_WRITE, READ_NAME, in_state("approved", otherwise=RULED_OUT), of="name", then=MOVED
    ),
    # People: the structure of the State
    "GET people.units": to(P.UNITS_READ, there, of="branch"),
    "GET people.new_unit": to(P.UNITS_WRITE, there, of="below"),
    "POST people.create_unit": to(P.UNITS_WRITE, then=RULED_OUT),
    "GET people.ask_to_rename": to(P.UNITS_WRITE, there, of="unit"),
    "POST people.rename_unit": to(P.UNITS_WRITE, there, of="unit", then=RULED_OUT),
    "GET people.ask_to_move": to(P.UNITS_WRITE, there, movable, of="unit"),
    "POST people.move_unit": to(P.UNITS_WRITE, there, movable, of="unit", then=RULED_OUT),
    "GET people.ask_to_reopen": to(P.UNITS_WRITE, there, of="unit"),
    "POST people.reopen_unit": to(P.UNITS_WRITE, there, of="unit", then=LATE),
    "GET home.unit": to(P.UNITS_READ, there, of="unit"),
    "GET home.ask_to_close": to(P.UNITS_WRITE, there, of="unit"),
    "POST home.close_unit": to(P.UNITS_WRITE, there, of="unit", then=RULED_OUT),
    # Signing in, and one's own account
    "GET accounts.sign_in": to(PUBLIC, then=page_or_move),
    "POST accounts.try_to_sign_in": to(PUBLIC, then=RULED_OUT),
    "POST accounts.demo_sign_in": to(PUBLIC, then=RULED_OUT),
    "POST accounts.sign_out": to(PUBLIC, then=MOVED),
    "GET accounts.first_sign_in": to(PUBLIC),
    "POST accounts.use_secret": to(PUBLIC, then=RULED_OUT),
    "GET accounts.ask_code": to(HALFWAY, without_phone(MOVED)),
    "POST accounts.check_code": to(HALFWAY, without_phone(MOVED), then=RULED_OUT),
    "GET accounts.ask_recovery": to(HALFWAY, without_phone(MOVED)),
    "POST accounts.use_recovery": to(HALFWAY, without_phone(MOVED), then=RULED_OUT),
    "GET accounts.ask_password": to(SIGNED_IN, with_phone(MOVED)),
    "POST accounts.check_password": to(SIGNED_IN, then=MOVED),  # of the cast no password is asked
    "GET accounts.set_up": to(HALFWAY, with_phone(MOVED)),
    "POST accounts.confirm_set_up": to(HALFWAY, with_phone(MOVED), then=RULED_OUT),
    "GET accounts.ask_new_codes": to(SIGNED_IN, without_phone(GONE)),
    "POST accounts.make_new_codes": to(SIGNED_IN, without_phone(GONE)),
    "GET accounts.ask_to_remove_factor": to(SIGNED_IN, without_phone(GONE)),
    "POST accounts.remove_factor": to(SIGNED_IN, without_phone(GONE), then=MOVED),
    "GET accounts.password": to(SIGNED_IN),
    "POST accounts.change_password": to(SIGNED_IN, then=RULED_OUT),
    "GET accounts.forgotten": to(PUBLIC),
    "POST accounts.ask_for_letter": to(PUBLIC, then=GONE),  # this installation sends no mail
    "GET accounts.mine": to(SIGNED_IN),
    "POST accounts.choose_language": to(SIGNED_IN, then=RULED_OUT),
    "POST accounts.work_as": to(SIGNED_IN, then=MOVED),
    "POST accounts.sign_out_everywhere": to(SIGNED_IN, then=MOVED),
    "POST accounts.end_session": to(SIGNED_IN, ones_own, of="session", then=MOVED),
    "POST accounts.end_other_sessions": to(SIGNED_IN, then=MOVED),
    # The way in for others: an empty form says neither whose slips to print nor what the page said of them
    "GET accounts.offices": to(P.ACCOUNTS_ACTIVATE),
    "GET accounts.office": to(P.ACCOUNTS_ACTIVATE, within(P.ACCOUNTS_ACTIVATE), of="office"),
    "GET accounts.ask_slips": to(P.ACCOUNTS_ACTIVATE, within(P.ACCOUNTS_ACTIVATE), of="office"),
    "POST accounts.print_slips": to(P.ACCOUNTS_ACTIVATE, within(P.ACCOUNTS_ACTIVATE), of="office", then=RULED_OUT),
    "GET accounts.ask_slip": to(P.ACCOUNTS_ACTIVATE, within(P.ACCOUNTS_ACTIVATE), of="officer to activate"),
    "POST accounts.print_slip": to(
        P.ACCOUNTS_ACTIVATE, within(P.ACCOUNTS_ACTIVATE), of="officer to activate", then=slip_refused
    ),
    # The administrator's desk
    "GET accounts.accounts": to(P.ACCOUNTS_READ),
    "GET accounts.roles": to(P.ACCOUNTS_READ),
    "GET accounts.new_account": to(P.ACCOUNTS_WRITE),
    "POST accounts.create_account": to(P.ACCOUNTS_WRITE, then=RULED_OUT),
    "GET accounts.account": to(P.ACCOUNTS_READ, there, of="account"),
    "GET accounts.ask_secret": to(P.ACCOUNTS_WRITE, there, of="account"),
    "POST accounts.give_secret": to(P.ACCOUNTS_WRITE, there, of="account"),
    "GET accounts.ask_to_reset_factor": to(P.ACCOUNTS_WRITE, there, anothers, HAS_PHONE, of="account"),
    "POST accounts.reset_factor": to(P.ACCOUNTS_WRITE, there, anothers, HAS_PHONE, of="account", then=MOVED),
    "GET accounts.ask_to_close": to(P.ACCOUNTS_WRITE, there, anothers, of="account"),
    "POST accounts.close_account": to(P.ACCOUNTS_WRITE, there, anothers, of="account", then=MOVED),
    "POST accounts.reopen_account": to(P.ACCOUNTS_WRITE, there, anothers, of="account", then=MOVED),
    "GET accounts.new_grant": to(P.ACCOUNTS_WRITE, there, anothers, of="account"),
    "POST accounts.grant_role": to(P.ACCOUNTS_WRITE, there, anothers, of="account", then=RULED_OUT),
    "GET accounts.ask_to_end": to(P.ACCOUNTS_WRITE, there, anothers, of="grant"),
    "POST accounts.end_grant": to(P.ACCOUNTS_WRITE, there, anothers, of="grant", then=MOVED),
    # Completions: flags
    "GET completions.flags": to(P.FLAGS_READ),
    "GET completions.flag": to(P.FLAGS_READ, within(P.FLAGS_READ), of="flag"),
    "GET completions.judged_again": to(P.FLAGS_READ, of="flag and step", then=MOVED),
    "POST completions.judge": to(
        (P.FLAGS_JUDGE, P.FLAGS_CONFIRM), within(P.FLAGS_READ), of="flag and step", then=MOVED
    ),
    # Achievements
    "GET achievements.own": to(P.ACHIEVEMENTS_READ, then=own_claims_or_others),
    "GET achievements.everything": to(P.ACHIEVEMENTS_READ),
    "GET achievements.review": to(P.ACHIEVEMENTS_REVIEW),
    "GET achievements.new": to(P.ACHIEVEMENTS_SUBMIT, is_officer),
    "POST achievements.submit": to(P.ACHIEVEMENTS_SUBMIT, is_officer, then=RULED_OUT),
    "GET achievements.show": to(P.ACHIEVEMENTS_READ, READ_CLAIM, of="claim"),
    "GET achievements.show_again": to(P.ACHIEVEMENTS_READ, of="claim and decision", then=MOVED),
    "GET achievements.image": to(P.ACHIEVEMENTS_READ, READ_CLAIM, of="image"),
    "GET achievements.thumb": to(P.ACHIEVEMENTS_READ, READ_CLAIM, of="image"),
    "GET achievements.original": to((P.ACHIEVEMENTS_SUBMIT, P.ACHIEVEMENTS_REVIEW), own_or_reviewed, of="image"),
    "GET achievements.matching": to(P.ACHIEVEMENTS_REVIEW),
    "POST achievements.verify_matching": to(P.ACHIEVEMENTS_REVIEW, then=MOVED),
    "GET achievements.rewrite": to(P.ACHIEVEMENTS_SUBMIT, READ_CLAIM, RESUBMIT, of="claim"),
    "POST achievements.resubmit": to(P.ACHIEVEMENTS_SUBMIT, READ_CLAIM, RESUBMIT, of="claim", then=RULED_OUT),
    "GET achievements.ask_to_withdraw": to(P.ACHIEVEMENTS_SUBMIT, READ_CLAIM, WITHDRAW, of="claim"),
    "POST achievements.withdraw": to(P.ACHIEVEMENTS_SUBMIT, READ_CLAIM, WITHDRAW, of="claim", then=MOVED),
    "POST achievements.verify": to(
        P.ACHIEVEMENTS_REVIEW, READ_CLAIM, step_of(ACHIEVEMENT, "verify"), of="claim", then=MOVED
    ),
    "POST achievements.send_back": to(
        P.ACHIEVEMENTS_REVIEW, READ_CLAIM, step_of(ACHIEVEMENT, "return"), of="claim", then=RULED_OUT
    ),
    # Scores
    "GET scores.leaderboard": to(P.LEADERBOARD_READ, within(P.LEADERBOARD_READ), of="board"),
    "GET scores.leaderboard_file": to(P.LEADERBOARD_READ, within(P.LEADERBOARD_READ), of="board as a file"),
    "GET scores.unit_board": to(P.LEADERBOARD_READ),
    "GET scores.unit_history": to(P.LEADERBOARD_READ, within(P.LEADERBOARD_READ), of="unit over months"),
    "GET scores.unit_board_file": to(P.LEADERBOARD_READ, there, of="kind of a board's file"),
    "GET scores.months": to(MONTHS),
    "GET scores.month": to(MONTHS, there, of="month"),
    "GET scores.progress": to(MONTHS, there, of="run"),
    "POST scores.run_month": to(P.SCORES_RUN, then=GONE),
    "POST scores.take_step": to(
        (P.SCORES_PROPOSE_SEAL, P.SCORES_SEAL), there, known("propose", "seal"), of="month and step", then=sealing
    ),
    "GET scores.policy": to(P.POLICIES_READ),
    # Scores: corrections
    "GET scores.corrections": to(P.CORRECTIONS_READ),
    "POST scores.open_correction": to(P.CORRECTIONS_OPEN, there, of="month", then=corrected),
    "GET scores.correction_progress": to(P.CORRECTIONS_READ, there, of="run of a correction"),
    "GET scores.correction": to(P.CORRECTIONS_READ, there, of="correction"),
    "GET scores.correction_again": to(P.CORRECTIONS_READ, of="correction and step", then=MOVED),
    "POST scores.judge_correction": to(
        (P.CORRECTIONS_OPEN, P.CORRECTIONS_APPROVE),
        there,
        step_of(CORRECTION),
        of="correction and step",
        then=correction_judged,
    ),
    # Scores: disputes
    "GET scores.my_disputes": to(P.DISPUTES_RAISE, is_officer),
    "GET scores.new_dispute": to(P.DISPUTES_RAISE, there, is_officer, of="month"),
    "POST scores.raise_dispute": to(P.DISPUTES_RAISE, there, is_officer, of="month", then=RULED_OUT),
    "GET scores.disputes": to((*DISPUTING, P.TRAIL_READ)),
    "GET scores.dispute": to(P.DISPUTES_READ, READ_DISPUTE, of="dispute"),
    "GET scores.dispute_again": to(P.DISPUTES_READ, of="dispute and step", then=MOVED),
    "POST scores.judge_dispute": to(  # an empty form gives no reason
        DISPUTING, READ_DISPUTE, step_of(DISPUTE), of="dispute and step", then=RULED_OUT
    ),
    "POST scores.withdraw_dispute": to(
        P.DISPUTES_RAISE, READ_DISPUTE, step_of(DISPUTE, "withdraw"), of="dispute", then=MOVED
    ),
    # Scores: drafts of the policy
    "GET scores.drafts": to(DRAFTS),
    "POST scores.begin_draft": to(P.POLICIES_DRAFT, then=MOVED),
    "GET scores.draft": to(DRAFTS, there, of="draft of the policy"),
    "GET scores.edit_draft": to(P.POLICIES_DRAFT, there, WRITABLE, of="draft of the policy"),
    "POST scores.rewrite_draft": to(P.POLICIES_DRAFT, there, WRITABLE, of="draft of the policy", then=RULED_OUT),
    "POST scores.submit_draft": to(
        P.POLICIES_DRAFT, there, step_of(POLICY_DRAFT, "submit"), of="draft of the policy", then=LATE
    ),
    "POST scores.return_draft": to(
        P.POLICIES_PUBLISH, there, step_of(POLICY_DRAFT, "return"), of="draft of the policy", then=RULED_OUT
    ),
    "POST scores.withdraw_draft": to(
        P.POLICIES_DRAFT, there, step_of(POLICY_DRAFT, "withdraw"), of="draft of the policy", then=RULED_OUT
    ),
    "GET scores.ask_to_publish": to(
        P.POLICIES_PUBLISH, there, in_state("submitted", otherwise=LATE), of="draft of the policy"
    ),
    "POST scores.publish_draft": to(
        P.POLICIES_PUBLISH, there, step_of(POLICY_DRAFT, "publish"), of="draft of the policy", then=LATE
    ),
    "GET scores.trials": to(DRAFTS, there, of="draft of the policy"),
    "POST scores.try_draft": to(
        (P.POLICIES_DRAFT, P.POLICIES_PUBLISH), there, of="draft of the policy", then=RULED_OUT
    ),  # no number of months is chosen
    "GET scores.trial_progress": to(DRAFTS, there, of="trial of a draft"),
    # Scores: holds; the planted months that are not sealed can be confirmed without a word
    "GET scores.holds": to(P.HOLDS_READ),
    "GET scores.new_hold": to(P.HOLDS_PROPOSE, there, of="officer"),
    "POST scores.propose_hold": to(P.HOLDS_PROPOSE, there, of="officer", then=RULED_OUT),
    "GET scores.hold": to(P.HOLDS_READ, READ_HOLD, of="hold"),
    "GET scores.hold_again": to(P.HOLDS_READ, of="hold and step", then=MOVED),
    "POST scores.judge_hold": to(
        P.HOLDS_CONFIRM, READ_HOLD, step_of(SCORE_HOLD), of="hold and step", then=held_or_asked
    ),
    # Imports
    "GET reports.imports": to(P.REPORTS_READ),
    "POST reports.receive": to(P.REPORTS_IMPORT, then=RULED_OUT),
    "GET reports.show": to(P.REPORTS_READ, READ_IMPORT, of="import"),
    "GET reports.progress": to(P.REPORTS_READ, READ_IMPORT, of="import"),
    "GET reports.problems": to(P.REPORTS_READ, READ_IMPORT, of="import"),
    "GET reports.problems_in_excel": to(P.REPORTS_READ, READ_IMPORT, of="import"),
    "POST reports.apply": to(P.REPORTS_IMPORT, BRING, of="import", then=MOVED),
    "POST reports.check": to(P.REPORTS_IMPORT, BRING, of="import", then=MOVED),
    "POST reports.cancel": to(P.REPORTS_IMPORT, BRING, of="import", then=MOVED),
    "GET reports.ask_undo": to(P.REPORTS_UNDO, UNDO_IMPORT, in_state("applied", otherwise=MOVED), of="import", then=OK),
    "POST reports.undo": to(
        P.REPORTS_UNDO, UNDO_IMPORT, in_state("applied", otherwise=MOVED), of="import", then=RULED_OUT
    ),
    "POST reports.discard": to(
        P.REPORTS_IMPORT, BRING, in_state("received", "checked", otherwise=RULED_OUT), of="import", then=MOVED
    ),
    "GET reports.registration": to(P.REPORTS_REGISTER),
    "GET reports.registration_file": to(P.REPORTS_REGISTER, there, of="kind of file"),
    "GET reports.queue": to(P.REPORTS_IMPORT),
    "GET reports.queued": to(P.REPORTS_IMPORT, BRING, of="queued person"),
    "GET reports.ask_to_link": to(P.REPORTS_IMPORT, then=MOVED),  # nobody is ticked
    "POST reports.link": to(P.REPORTS_IMPORT, then=RULED_OUT),
    "GET reports.ask_to_set_aside": to(P.REPORTS_IMPORT, then=MOVED),
    "POST reports.set_aside": to(P.REPORTS_IMPORT, then=RULED_OUT),
    "POST reports.retry": to(P.REPORTS_IMPORT, then=MOVED),
    "GET reports.ask_to_create": to(P.REPORTS_IMPORT, BRING, UNKNOWN_YET, of="queued person"),
    "POST reports.create": to(P.REPORTS_IMPORT, BRING, UNKNOWN_YET, of="queued person", then=RULED_OUT),
    "GET reports.course_names": to(P.COURSES_NAME),
    "POST reports.decide_course": to(P.COURSES_NAME, then=GONE),  # an empty form names no course
    "POST reports.undo_course": to(P.COURSES_NAME, there, of="other name of a course", then=MOVED),
    "GET reports.answer": to(P.REPORTS_IMPORT, BRING, of="answer of the queue"),
    "POST reports.undo_answer": to(
        P.REPORTS_IMPORT, BRING, in_state("stands", otherwise=LATE), of="answer of the queue", then=MOVED
    ),
    "GET reports.bundle": to(P.REPORTS_READ, READ_IMPORT, of="bundle"),
    "GET reports.bundle_progress": to(P.REPORTS_READ, READ_IMPORT, of="bundle"),
    "POST reports.unlock": to(P.REPORTS_IMPORT, BRING, of="bundle", then=RULED_OUT),
    "POST reports.apply_bundle": to(P.REPORTS_IMPORT, BRING, of="bundle", then=MOVED),
    "POST reports.discard_bundle": to(
        P.REPORTS_IMPORT, BRING, in_state("locked", otherwise=RULED_OUT), of="bundle", then=MOVED
    ),
    # Nominations
    "GET nominations.nominations": to(P.NOMINATIONS_READ),
    "GET nominations.candidates": to(P.NOMINATIONS_CREATE, there, of="cycle"),
    "GET nominations.new": to(P.NOMINATIONS_CREATE, department_is_theirs, of="nominee", then=page_or_nomination),
    "POST nominations.start": to(P.NOMINATIONS_CREATE, department_is_theirs, of="nominee", then=RULED_OUT),
    "GET nominations.show": to(P.NOMINATIONS_READ, READ_CASE, of="nomination"),
    "GET nominations.edit": to(P.NOMINATIONS_CREATE, *WRITE_CASE, of="nomination"),
    "POST nominations.save": to(P.NOMINATIONS_CREATE, *WRITE_CASE, of="nomination", then=RULED_OUT),
    "GET nominations.ask": to(DECIDING, known(*FINAL), READ_CASE, theirs_to_take, of="nomination and step"),
    "POST nominations.take_step": to(  # an empty form does not say what it was drawn from
        (*DECIDING, P.NOMINATIONS_VERIFY), known(*STEPS), READ_CASE, power_for_step, of="nomination and step", then=LATE
    ),
    "GET nominations.integrity": to(INTEGRITY, READ_CASE, keeps_integrity, of="nomination"),
    "POST nominations.enter_integrity": to(INTEGRITY, READ_CASE, keeps_integrity, of="nomination", then=RULED_OUT),
    # Awards
    "GET awards.awards": to(P.AWARDS_READ),
    "GET awards.show": to(P.AWARDS_READ, READ_AWARD, of="award"),
    "GET awards.certificate": to(P.AWARDS_READ, READ_AWARD, of="award"),
    "GET awards.picture": to(P.AWARDS_READ, READ_AWARD, of="award"),
    "GET awards.ask_to_revoke": to(P.AWARDS_REVOKE, READ_AWARD, step_of(AWARD, "revoke"), of="award"),
    "POST awards.revoke": to(P.AWARDS_REVOKE, READ_AWARD, of="award", then=LATE),
    "GET awards.order": to(P.AWARDS_READ, gives_within(P.AWARDS_READ), of="order"),
    "GET awards.order_pdf": to(P.AWARDS_READ, gives_within(P.AWARDS_READ), of="order"),
    "GET awards.ask_for_scan": to(P.AWARDS_ISSUE, gives_within(P.AWARDS_READ), of="order"),
    "POST awards.add_scan": to(P.AWARDS_ISSUE, gives_within(P.AWARDS_READ), of="order", then=RULED_OUT),
    "GET awards.scan": to(P.AWARDS_READ, gives_within(P.AWARDS_READ), of="scan"),
    "GET awards.scan_picture": to(P.AWARDS_READ, gives_within(P.AWARDS_READ), of="scan"),
    "GET awards.new_corrigendum": to(P.CORRIGENDA_DRAFT, gives_within(P.AWARDS_READ), of="order"),
    "POST awards.draft_corrigendum": to(P.CORRIGENDA_DRAFT, gives_within(P.AWARDS_READ), of="order", then=RULED_OUT),
    "GET awards.corrigendum": to(P.CORRIGENDA_READ, there, of="corrigendum"),
    "GET awards.edit_corrigendum": to(P.CORRIGENDA_DRAFT, there, in_state("draft", otherwise=LATE), of="corrigendum"),
    "POST awards.rewrite_corrigendum": to(
        P.CORRIGENDA_DRAFT, there, in_state("draft", otherwise=LATE), of="corrigendum", then=RULED_OUT
    ),
    "POST awards.issue_corrigendum": to(
        P.CORRIGENDA_ISSUE, there, step_of(CORRIGENDUM, "issue"), of="corrigendum", then=LATE
    ),
    "POST awards.withdraw_corrigendum": to(
        P.CORRIGENDA_DRAFT, there, step_of(CORRIGENDUM, "withdraw"), of="corrigendum", then=RULED_OUT
    ),
    "GET awards.corrigendum_pdf": to(P.AWARDS_READ, gives_within(P.AWARDS_READ), of="issued corrigendum"),
    "GET awards.note_sheet": to(P.DECISIONS_READ, there, of="cycle"),
    "GET awards.note_sheet_pdf": to(P.DECISIONS_READ, there, of="cycle"),
    "GET awards.new_order": to(P.AWARDS_ISSUE, there, of="order of a cycle"),
    "POST awards.change_order": to(P.AWARDS_ISSUE, there, of="order of a cycle"),
    "POST awards.preview_order": to(P.AWARDS_ISSUE, there, of="order of a cycle", then=RULED_OUT),
    "POST awards.issue_order": to(P.AWARDS_ISSUE, there, of="order of a cycle", then=RULED_OUT),
    # Documents and oversight
    "GET documents.verify_form": to(PUBLIC),
    "GET documents.verify": to(PUBLIC, there, of="code"),
    "GET audit.trail": to(P.TRAIL_READ),
    "GET audit.proof": to(P.TRAIL_READ),
    "POST audit.prove": to(P.TRAIL_READ, then=MOVED),
    "GET audit.progress": to(P.TRAIL_READ, there, of="proof"),
    # The handbook
    "GET guide.contents": to(PUBLIC),
    "GET guide.page": to(PUBLIC, there, of="page of the handbook"),
    "GET guide.picture": to(PUBLIC, there, of="picture of the handbook"),
    # Jobs
    "GET schedule.jobs": to(P.JOBS_READ),
    "GET schedule.history": to(P.JOBS_READ),
    "GET schedule.show": to(P.JOBS_READ, there, of="job"),
    "GET schedule.progress": to(P.JOBS_READ, there, of="job"),
    "GET schedule.ask_to_cancel": to(P.JOBS_RUN, there, of="job"),
    "POST schedule.cancel": to(
        P.JOBS_RUN, there, in_state("queued", "running", otherwise=RULED_OUT), of="job", then=MOVED
    ),
    "POST schedule.retry": to(
        P.JOBS_RUN, there, in_state("failed", "cancelled", otherwise=RULED_OUT), of="job", then=MOVED
    ),
    "POST schedule.run_now": to(P.JOBS_RUN, then=GONE),
}


@dataclass(frozen=True)
class Register:
    """A line of the policy of registers: who reads, whose rows they are, and who corrects or adds."""

    read: Permission
    rows: str = "everybody's"
    write: Permission | None = None
    adds: bool = False


REGISTERS: dict[str, Register] = {
    "officers": Register(P.OFFICERS_READ, "by posting"),
    "postings": Register(P.OFFICERS_READ, "by posting"),
    "honours": Register(P.OFFICERS_READ, "by posting"),
    "units": Register(P.UNITS_READ, write=P.UNITS_WRITE),
    "designations": Register(P.UNITS_READ, write=P.OFFICERS_WRITE, adds=True),
    "name-corrections": Register(P.NAMES_READ, "by case"),
    "igot-profiles": Register(P.LEARNING_READ, "by posting"),
    "obligations": Register(P.LEARNING_READ, "by posting"),
    "plan-summaries": Register(P.LEARNING_READ, "by posting"),
    "enrolments": Register(P.LEARNING_READ, "by posting"),
    "completions": Register(P.LEARNING_READ, "by posting"),
    "unenrolments": Register(P.LEARNING_READ, "by posting"),
    "assessments": Register(P.LEARNING_READ, "by posting"),
    "flags": Register(P.FLAGS_READ, "by case, nobody's own"),
    "programme-parts": Register(P.LEARNING_READ, "by posting"),
    "courses": Register(P.COURSES_READ),
    "course-batches": Register(P.COURSES_READ),
    "course-competencies": Register(P.COURSES_READ),
    "achievements": Register(P.ACHIEVEMENTS_READ, "by case"),
    "scores": Register(P.SCORES_READ, "by unit"),
    "months": Register(P.SCORES_READ),
    "corrections": Register(P.CORRECTIONS_READ),
    "disputes": Register(P.DISPUTES_READ, "by case"),
    "holds": Register(P.HOLDS_READ, "by case, nobody's own"),
    "policies": Register(P.POLICIES_READ),
    "policy-rules": Register(P.POLICIES_READ),
    "nominations": Register(P.NOMINATIONS_READ, "by case"),
    "schemes": Register(P.CYCLES_READ, write=P.CYCLES_WRITE),
    "cycles": Register(P.CYCLES_READ, write=P.CYCLES_WRITE),
    "categories": Register(P.CYCLES_READ, write=P.CYCLES_WRITE),
    "awards": Register(P.AWARDS_READ, "by case"),
    "award-orders": Register(P.AWARDS_READ, "by award"),
    "documents": Register(P.AWARDS_READ, "by case, nobody's own"),
    "accounts": Register(P.ACCOUNTS_READ),
    "role-grants": Register(P.ACCOUNTS_READ),
    "imports": Register(P.REPORTS_READ, "by unit brought for"),
    "trail": Register(P.TRAIL_READ),
    "steps": Register(P.TRAIL_READ),
    "jobs": Register(P.JOBS_READ),
}


# Whoever has shown nothing but a cookie for ten minutes is asked once more who they are: for these pages everybody, for
# these acts who holds the power that makes them grave.
ASKED_BY_ALL = {
    "GET accounts.ask_new_codes",
    "POST accounts.make_new_codes",
    "GET accounts.ask_to_remove_factor",
    "POST accounts.remove_factor",
    "GET awards.ask_for_scan",  # a file is chosen there, and files are not kept across the question
    "GET reports.registration_file",
    "GET scores.leaderboard_file",
    *(f"GET admin_{slug}.export" for slug in REGISTERS),
}
GRAVE = {
    "POST accounts.create_account": P.ACCOUNTS_WRITE,
    "POST accounts.give_secret": P.ACCOUNTS_WRITE,
    "POST accounts.reset_factor": P.ACCOUNTS_WRITE,
    "POST accounts.close_account": P.ACCOUNTS_WRITE,
    "POST accounts.reopen_account": P.ACCOUNTS_WRITE,
    "POST accounts.grant_role": P.ACCOUNTS_WRITE,
    "POST accounts.end_grant": P.ACCOUNTS_WRITE,
    "POST scores.take_step": P.SCORES_SEAL,
    "POST scores.judge_correction": P.CORRECTIONS_APPROVE,
    "POST scores.try_draft": P.POLICIES_PUBLISH,
    "POST scores.return_draft": P.POLICIES_PUBLISH,
    "POST scores.publish_draft": P.POLICIES_PUBLISH,
    "POST nominations.take_step": P.NOMINATIONS_RELEASE,
    "POST awards.preview_order": P.AWARDS_ISSUE,
    "POST awards.change_order": P.AWARDS_ISSUE,
    "POST awards.issue_order": P.AWARDS_ISSUE,
    "POST awards.add_scan": P.AWARDS_ISSUE,
    "POST awards.revoke": P.AWARDS_REVOKE,
    "POST awards.issue_corrigendum": P.CORRIGENDA_ISSUE,
}


def asked_again(actor: Actor | None, key: str, route: Route) -> int | None:
    """The status for who comes past the door with an old proof; None where its age means nothing."""
    method = key.partition(" ")[0]
    if actor is None or at_the_door(actor, method, route):
        return None
    if key in ASKED_BY_ALL or (key in GRAVE and can(actor, GRAVE[key])):
        return MOVED if method == "GET" else ASKED
    return None


def routes() -> dict[str, Route]:
    """The whole policy by method and endpoint, the pages of registers included."""
    found = dict(ROUTES)
    found["GET admin.index"] = Route(tuple({register.read: None for register in REGISTERS.values()}))
    for slug, register in REGISTERS.items():
        found |= {f"{method} admin_{slug}.{page}": route for (method, page), route in _pages_of(slug, register).items()}
    return found


def _pages_of(slug: str, register: Register) -> dict[tuple[str, str], Route]:
    read, rows = (register.read,), f"row of {slug}"
    reach = {"everybody's": there, "by award": gives_within(register.read)}.get(register.rows, within(register.read))
    writes = holding(register.write) if register.write else _never
    adds = writes if register.adds else _never
    return {
        ("GET", "index_view"): Route(read),
        ("GET", "details_view"): Route(read, rows, (reach,)),
        ("GET", "edit_view"): Route(read, rows, (writes, reach)),
        ("POST", "edit_view"): Route(read, rows, (writes, reach), LATE),  # an empty form was drawn from no row
        ("GET", "create_view"): Route(read, "nothing", (adds,)),
        ("POST", "create_view"): Route(read, "nothing", (adds,), RULED_OUT),
        ("GET", "export"): Route(read, "kind of file", (there,)),
        ("POST", "save_view"): Route(read, then=RULED_OUT),  # an empty form names none
        ("POST", "forget_view"): Route(read, f"saved view of {slug}", (ones_own,), MOVED),
    }


def _never(_actor: Actor, _thing: Thing) -> int:
    return REFUSED
