"""Sessions: one row for each signed-in browser."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import peewee

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import RoleGrant, Session, SignInThrottle, User
from karmyogi.accounts.rules.factors import Stage, stage_of
from karmyogi.accounts.service.actors import actor_of, actor_with, check_may_write, check_stands, self_of
from karmyogi.core.errors import NotThere
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import SYSTEM, Actor, Role
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import record

SESSIONS_KEPT = timedelta(days=90)


class LiveSession(NamedTuple):
    """A session that is alive, whose it is, what they may do at this moment, and the roles they could work in.

    While a `stage` of signing in is left, the person is known and may do nothing.
    """

    user: User
    session: Session
    actor: Actor
    held: list[RoleGrant]
    stage: Stage | None = None


def open_session(
    user: User, *, address: str, agent: str = "", proved_at: datetime | None = None, at: datetime | None = None
) -> str:
    """Begin a session for a person who has just shown their password: its token, 256 random bits, kept as a hash.

    `proved_at` is the moment of more than the password, if there was any.
    """
    at = at or now()
    with database.atomic():
        token, session = new_session(user, address=address, agent=agent, proved_at=proved_at, at=at)
        record(self_of(user), "account.sign_in", session, at=at)
    return token


def find_session(token: str, *, at: datetime | None = None) -> LiveSession | None:
    """The live session behind a cookie, or None: ended, unused too long, too old, or its account closed.

    Two queries. Roles are read each time, so one taken away is gone at the very next request. Who chose to work in one
    of their roles has that one alone, and none when it is over; how long the session lives, and whether a second factor
    is asked for, follows from all of them.
    """
    at = at or now()
    session = queries.session_of(rules.hash_of(token))
    if session is None:
        return None
    held = queries.grants_in_force(session.user_id, on=at.astimezone(IST).date())
    roles = actor_with(session.user, held).roles
    if not rules.is_live(session.created_at, session.touched_at, rules.session_life(roles), at=at):
        return None
    stage = _stage_of(session, roles)
    if stage:
        return LiveSession(session.user, session, self_of(session.user), [], stage)
    chosen = [grant for grant in held if session.work_as_id in (None, grant.id)]
    return LiveSession(session.user, session, actor_with(session.user, chosen), held)


def _stage_of(session: Session, roles: Iterable[Role]) -> Stage | None:
    """Who has no second factor can have shown none, but for the demo's cast, who stand here by one click."""
    is_proved = session.proved_at is not None and (session.has_factor or session.user.is_demo)
    return stage_of(roles, has_factor=session.has_factor, is_proved=is_proved)


def work_as(live: LiveSession, grant: RoleGrant | None, *, at: datetime | None = None) -> None:
    """Work in one of one's roles alone from the next page on, or in all of them (None), in this browser.

    The trail names the person as before, and what they did in another role stays theirs. Raises NotThere unless the
    role is held now.
    """
    if grant is not None and grant not in live.held:
        raise NotThere("not_there")
    at = at or now()
    with database.atomic():
        Session.update(work_as=grant).where(Session.id == live.session.id).execute()
        told = {"role": grant.role, "unit": grant.unit_id} if grant else {"role": "all"}
        record(self_of(live.user), "account.work_as", live.session, told, at=at)


def sessions_of(user: User, *, at: datetime | None = None) -> list[Session]:
    """The sessions of one person that are alive, the last used first."""
    at = at or now()
    life = rules.session_life(actor_of(user, on=at.astimezone(IST).date()).roles)
    opened = queries.open_sessions(user.id)
    return [session for session in opened if rules.is_live(session.created_at, session.touched_at, life, at=at)]


def touch(session: Session, *, at: datetime | None = None) -> None:
    """Note that a session is in use, at most every five minutes; a busy database is no reason to fail a page."""
    at = at or now()
    if at - session.touched_at < rules.TOUCH_EVERY:
        return
    with suppress(peewee.OperationalError), _impatient():
        Session.update(touched_at=at).where((Session.id == session.id) & Session.ended_at.is_null()).execute()


def end_session(session: Session, *, by: Actor, at: datetime | None = None) -> None:
    """End one session: one's own, or anybody's for those who look after accounts. Ending it twice changes nothing.

    Raises NotAllowed.
    """
    if by.user_id != session.user_id:
        check_may_write(by)
    at = at or now()
    with database.atomic():
        is_open = (Session.id == session.id) & Session.ended_at.is_null()
        if Session.update(ended_at=at).where(is_open).execute():
            record(by, "account.sign_out", session, at=at)


def end_all_sessions(user: User, *, by: Actor, keep: Session | None = None, at: datetime | None = None) -> int:
    """End every session of a person but one: the number ended. Raises NotAllowed."""
    if by.user_id != user.id:
        check_may_write(by)
    at = at or now()
    with database.atomic():
        ended = end_sessions(user.id, at, keep=keep)
        record(by, "account.sign_out_all", user, {"sessions_ended": ended}, at=at)
    return ended


def forget_old(*, at: datetime | None = None) -> dict[str, int]:
    """Clear away what has served its time: tries quiet for a day, sessions over for ninety days. Returns the counts."""
    at = at or now()
    with database.atomic():
        quiet = SignInThrottle.last_failed_at.is_null() | (SignInThrottle.last_failed_at < at - rules.FORGOTTEN_AFTER)
        long_over = (Session.ended_at < at - SESSIONS_KEPT) | (Session.touched_at < at - SESSIONS_KEPT)
        counts = {
            "tries": SignInThrottle.delete().where(quiet).execute(),
            "sessions": Session.delete().where(long_over).execute(),
        }
        record(SYSTEM, "account.forget_old", "session", counts, at=at)
    return counts


def new_session(
    user: User, *, address: str, agent: str, at: datetime, proved_at: datetime | None = None
) -> tuple[str, Session]:
    """A session's token and its row, in the transaction of the act that begins it. Raises GaveWay."""
    check_stands(user.officer_id)
    token = secrets.token_urlsafe(32)
    session = Session.create(
        token_hash=rules.hash_of(token),
        user=user,
        created_at=at,
        touched_at=at,
        proved_at=proved_at,
        address=address,
        agent=agent[:300],
    )
    return token, session


def renew(session: Session, *, proved_at: datetime | None) -> str | None:
    """Give a session another token, in the transaction of the act that asks for it; the old one opens nothing more.

    None if the session was ended meanwhile.
    """
    token = secrets.token_urlsafe(32)
    is_open = (Session.id == session.id) & Session.ended_at.is_null()
    renewed = Session.update(token_hash=rules.hash_of(token), proved_at=proved_at).where(is_open).execute()
    return token if renewed else None


def end_sessions(user_id: int, at: datetime, *, keep: Session | None = None) -> int:
    """End the open sessions of a person, but one to keep: how many there were."""
    mine = (Session.user == user_id) & Session.ended_at.is_null()
    if keep is not None:
        mine &= Session.id != keep.id
    return Session.update(ended_at=at).where(mine).execute()


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait for no lock: not ten seconds for SQLite's one writer, not for a row that PostgreSQL holds."""
    if is_postgres():
        with database.atomic():
            database.execute_sql("SET LOCAL lock_timeout = '50ms'")
            yield
        return
    database.execute_sql("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        database.execute_sql("PRAGMA busy_timeout = 10000")
