"""When two records are of one person and may become one: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from karmyogi.core.reasons import N_, Reason, declare, reason

declare(
    merge_same_record=N_("A record cannot be merged with itself. Choose the other record of the person."),
    merge_already=N_("%(record)s belongs to %(stands)s already. Open that record, or part the two first."),
    merge_stands_for_others=N_(
        "%(record)s itself stands for %(others)s. Let %(record)s be the record that stands, or part those first."
    ),
    merge_facts_differ=N_(
        "Date of birth or gender differ, so these may be two people. Look into the service book, then tick that it is "
        "one person."
    ),
    merge_account_in_use=N_(
        "The account %(login)s of %(record)s is in use. Let %(record)s be the record that stands, or have a system "
        "administrator close that account first."
    ),
    merge_open_cases=N_(
        "%(count)s cases of %(record)s are not decided yet. Let %(record)s be the record that stands, or have them "
        "decided first."
    ),
    merge_both_nominated=N_(
        "Both are nominated in the same cycle: %(cycles)s. One of the two nominations must be withdrawn or rejected "
        "first."
    ),
    merge_both_awarded=N_(
        "Both were given an award in the same cycle: %(cycles)s. If it is one person, one of the two awards must be "
        "revoked first."
    ),
    merge_reason_missing=N_("Write why it is one person: the trail keeps it."),
    part_reason_missing=N_("Write why these are two people: the trail keeps it."),
    part_not_merged=N_("%(record)s belongs to no other record, so there is nothing to part."),
)


@dataclass(frozen=True)
class Side:
    """One of the two records: what speaks for one person, and what stands against its giving way to the other.

    `merged_into` is the code of the record it belongs to, `others` are the codes of the records it stands for.
    `login` is that of an account in use; `open_cases` how many cases about it are not decided.
    """

    id: int
    code: str
    birth_on: date | None = None
    gender: str = ""
    merged_into: str = ""
    others: Sequence[str] = ()
    login: str = ""
    open_cases: int = 0


@dataclass(frozen=True)
class Shared:
    """The cycles in which both have a nomination that stands, and those in which both hold an award."""

    nominated: Sequence[str] = ()
    awarded: Sequence[str] = ()


def facts_differ(one: Side, other: Side) -> bool:
    """True if the dates of birth or the genders are known of both and are not the same."""
    births = one.birth_on and other.birth_on and one.birth_on != other.birth_on
    genders = one.gender and other.gender and one.gender.casefold() != other.gender.casefold()
    return bool(births or genders)


def merging_reasons(goes: Side, stands: Side, shared: Shared, *, why: str, is_checked: bool) -> list[Reason]:
    """Why `goes` may not become part of `stands`; empty if it may.

    There are no chains: who stands for others does not give way, and who gave way stands for nobody.
    `is_checked` says that a person has looked into facts that differ.
    """
    if goes.id == stands.id:
        return [reason("merge_same_record")]
    found = [
        reason("merge_already", record=one.code, stands=one.merged_into) for one in (goes, stands) if one.merged_into
    ]
    if goes.others:
        found.append(reason("merge_stands_for_others", record=goes.code, others=", ".join(goes.others)))
    found += _reasons_of_cases(goes, shared)
    if facts_differ(goes, stands) and not is_checked:
        found.append(reason("merge_facts_differ"))
    return [*found, *([] if why else [reason("merge_reason_missing")])]


def _reasons_of_cases(goes: Side, shared: Shared) -> list[Reason]:
    found = [reason("merge_account_in_use", login=goes.login, record=goes.code)] if goes.login else []
    if goes.open_cases:
        found.append(reason("merge_open_cases", count=goes.open_cases, record=goes.code))
    if shared.awarded:
        found.append(reason("merge_both_awarded", cycles=", ".join(shared.awarded)))
    nominated = [cycle for cycle in shared.nominated if cycle not in shared.awarded]
    return [*found, *([reason("merge_both_nominated", cycles=", ".join(nominated))] if nominated else [])]
