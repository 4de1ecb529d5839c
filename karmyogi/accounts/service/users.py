"""Accounts: made, closed, opened again."""

from datetime import datetime

from karmyogi.accounts import queries, rules
from karmyogi.accounts.models import User
from karmyogi.accounts.service.actors import check_may_write, check_not_own, check_stands, self_of
from karmyogi.accounts.service.sessions import end_sessions
from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer
from karmyogi.store.db import database
from karmyogi.store.trail import personal, record


def create_user(
    login: str,
    *,
    by: Actor,
    name_hi: str = "",
    name_en: str = "",
    officer: Officer | None = None,
    language: str = "hi",
    is_demo: bool = False,
    at: datetime | None = None,
) -> User:
    """Make an account that cannot sign in yet: it needs a one-time secret first.

    Names left out are the officer's. `is_demo` marks the demo's cast. Raises NotAllowed, or RuleBroken when the name
    is odd or taken, or the officer has an account or gave way to another record.
    """
    check_may_write(by)
    check_stands(officer.id if officer else None)
    at, login = at or now(), rules.login_of(login)
    with database.atomic():
        user = User(
            login=login,
            officer=officer,
            name_hi=name_hi or (officer.name_hi if officer else ""),
            name_en=name_en or (officer.name_en if officer else ""),
            language=language,
            is_demo=is_demo,
            created_at=at,
        )
        _check_new(user)
        user.save(force_insert=True)
        told = {"login": personal(login), "officer": user.officer_id, "is_demo": is_demo}
        record(by, "account.create", user, told, at=at)
    return user


def _check_new(user: User) -> None:
    """Two made at the same moment meet the tables' own constraints instead; nothing is written then either."""
    reasons = []
    if not rules.is_login(user.login):
        reasons.append(reason("login_odd"))
    if not (user.name_hi or user.name_en):
        reasons.append(reason("account_name_needed"))
    if queries.user_by_login(user.login):
        reasons.append(reason("login_taken"))
    if user.officer_id and User.select().where(User.officer == user.officer_id).exists():
        reasons.append(reason("account_officer_taken"))
    if reasons:
        raise RuleBroken(*reasons)


def close_account(user: User, *, by: Actor, at: datetime | None = None) -> None:
    """End all sessions of an account and let it sign in no more; its history stays. Raises NotAllowed."""
    check_may_write(by)
    check_not_own(user, by)
    at = at or now()
    with database.atomic():
        User.update(is_active=False).where(User.id == user.id).execute()
        ended = end_sessions(user.id, at)
        record(by, "account.close", user, {"sessions_ended": ended}, at=at)
    user.is_active = False


def reopen_account(user: User, *, by: Actor, at: datetime | None = None) -> None:
    """Let a closed account sign in again. Raises NotAllowed, or GaveWay if its record gave way to another."""
    check_may_write(by)
    check_not_own(user, by)
    with database.atomic():
        check_stands(user.officer_id)
        User.update(is_active=True).where(User.id == user.id).execute()
        record(by, "account.reopen", user, at=at)
    user.is_active = True


def choose_language(user: User, language: str, *, at: datetime | None = None) -> None:
    """Keep with a person's own account the language they read in, for every browser. Raises ValueError for others."""
    if language not in rules.LANGUAGES:
        raise ValueError(language)
    with database.atomic():
        User.update(language=language).where(User.id == user.id).execute()
        record(self_of(user), "account.language", user, {"language": [user.language, language]}, at=at)
    user.language = language


def account(login: str) -> User:
    """The account with this sign-in name, however it was typed. Raises NotThere."""
    user = queries.user_by_login(rules.login_of(login))
    if user is None:
        raise NotThere(reason("account_unknown", login=login))
    return user
