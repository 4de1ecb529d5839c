"""What must be true of accounts, their roles and their sessions."""

from itertools import combinations

from karmyogi.accounts.models import GRANTABLE
from karmyogi.core.permissions import Role, may_hold_together
from karmyogi.core.reasons import N_
from karmyogi.store.invariants import Invariant, asking

APART = [
    f"(a.role = '{one}' AND b.role = '{other}') OR (a.role = '{other}' AND b.role = '{one}')"
    for one, other in combinations(GRANTABLE, 2)
    if not may_hold_together([Role(one), Role(other)])
]

INVARIANTS = (
    Invariant(
        "roles-apart-are-held-apart",
        N_("Nobody holds two roles at once that must be held by two people."),
        asking(
            "role_grant",
            "SELECT a.id, a.role, b.role AS other FROM role_grant a "  # noqa: S608 - words of ours
            "JOIN role_grant b ON b.user_id = a.user_id AND b.id > a.id "
            "WHERE a.ended_at IS NULL AND b.ended_at IS NULL AND a.from_on <= COALESCE(b.to_on, '9999-12-31') "
            f"AND b.from_on <= COALESCE(a.to_on, '9999-12-31') AND ({' OR '.join(APART)})",
        ),
    ),
    Invariant(
        "passwords-are-kept-as-argon2id",
        N_("Every stored password is a hash of the kind that is slow to guess."),
        asking(
            "account",
            "SELECT id FROM account WHERE password_hash IS NOT NULL AND SUBSTR(password_hash, 1, 10) <> '$argon2id$'",
        ),
    ),
    Invariant(
        "sessions-end-after-they-begin",
        N_("No session ended, or was last seen, before it began."),
        asking(
            "session",
            "SELECT id FROM session WHERE ended_at < created_at OR touched_at < created_at",
        ),
    ),
    Invariant(
        "secrets-are-used-in-time",
        N_("Every one-time code was used within its time, or not at all."),
        asking(
            "one_time_secret",
            "SELECT id FROM one_time_secret WHERE used_at > expires_at OR used_at < made_at OR expires_at <= made_at",
        ),
    ),
)
