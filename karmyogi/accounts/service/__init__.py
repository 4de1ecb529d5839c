"""Verbs of accounts: making them, proving who one is, sessions, roles. One transaction and one trail entry each."""

from karmyogi.accounts.service.actors import GaveWay, actor_of, actor_with, check_stands
from karmyogi.accounts.service.letters import RESET, Letter, Way, ask_for_letter, send_letter, use_post, write_letter
from karmyogi.accounts.service.passwords import (
    SignInRefused,
    change_password,
    set_password,
    sign_in,
    sign_in_as_cast,
)
from karmyogi.accounts.service.roles import end_grant, end_grants_over, grant_role
from karmyogi.accounts.service.sessions import (
    LiveSession,
    end_all_sessions,
    end_session,
    find_session,
    forget_old,
    open_session,
    sessions_of,
    touch,
    work_as,
)
from karmyogi.accounts.service.slips import (
    Print,
    SecretRefused,
    Slip,
    Which,
    make_first_secret,
    print_slip,
    print_slips,
    use_secret,
)
from karmyogi.accounts.service.users import account, choose_language, close_account, create_user, reopen_account

__all__ = [
    "RESET",
    "GaveWay",
    "Letter",
    "LiveSession",
    "Print",
    "SecretRefused",
    "SignInRefused",
    "Slip",
    "Way",
    "Which",
    "account",
    "actor_of",
    "actor_with",
    "ask_for_letter",
    "change_password",
    "check_stands",
    "choose_language",
    "close_account",
    "create_user",
    "end_all_sessions",
    "end_grant",
    "end_grants_over",
    "end_session",
    "find_session",
    "forget_old",
    "grant_role",
    "make_first_secret",
    "open_session",
    "print_slip",
    "print_slips",
    "reopen_account",
    "send_letter",
    "sessions_of",
    "set_password",
    "sign_in",
    "sign_in_as_cast",
    "touch",
    "use_post",
    "use_secret",
    "work_as",
    "write_letter",
]
