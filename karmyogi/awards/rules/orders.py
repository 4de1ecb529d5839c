"""Numbers and words of award orders, what an order still lacks, and how an award ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import not_own_case, step, workflow

declare(
    order_blocked_for=N_("%(name_hi)s · %(name_en)s (%(employee_code)s) cannot be in the order:"),
    order_empty=N_("Choose at least one released nomination."),
    order_twice=N_("A nomination stands in the list twice."),
    order_other_cycle=N_("All nominations of an order are of one cycle."),
    order_in_future=N_("An order cannot be dated after today."),
    order_before_release=N_("Released on %(released_on)s; the order cannot be dated before that day."),
    order_overtaken=N_("Others are issuing orders at this moment. Nothing was issued; try again in a minute."),
    order_words_missing=N_("Enter the subject, the text and the signatory of the order in Hindi and in English."),
    copy_to_missing=N_("Every line of the copy list needs its Hindi and its English text."),
    awardee_name_hi_missing=N_("The name is missing in Hindi."),
    awardee_name_en_missing=N_("The name is missing in English."),
    awardee_designation_hi_missing=N_("The designation “%(name)s” has no Hindi text."),
    awardee_designation_missing=N_("The designation is not on record."),
    awardee_department_hi_missing=N_("The department “%(name)s” has no Hindi name."),
    awardee_office_hi_missing=N_("The office “%(name)s” has no Hindi name."),
)

# fmt: off
AWARD = workflow("award", "given", (
    #    action    from     to         who may                    guards / remark
    step("revoke", "given", "revoked", Permission.AWARDS_REVOKE,  not_own_case),
), ends="revoked")
# fmt: on

SHOWN_DIGITS = 4


@dataclass(frozen=True)
class Issuer:
    """Who issues orders and where they can be verified: data of the installation.

    `office_code` begins every number; `verify_at` is the address that a code is added to.
    """

    state_hi: str
    state_en: str
    government_hi: str
    government_en: str
    department_hi: str
    department_en: str
    place_hi: str
    place_en: str
    office_code: str
    verify_at: str

    def verify_url(self, code: str) -> str:
        return f"{self.verify_at}/{code}"


@dataclass(frozen=True)
class Wording:
    """What a person may word anew in an order: every part in both languages, signatories name first.

    A preamble of several lines makes several numbered paragraphs; `copy_to` are
    the lines of the प्रतिलिपि list.
    """

    subject_hi: str
    subject_en: str
    preamble_hi: str
    preamble_en: str
    reference_hi: str
    reference_en: str
    signatory_hi: str
    signatory_en: str
    copy_to: tuple[tuple[str, str], ...] = ()
    file_number: str = ""


@dataclass(frozen=True)
class Named:
    """An awardee's words as they will be printed; empty where nobody has entered them."""

    name_hi: str
    name_en: str
    designation_hi: str
    designation_en: str
    office_hi: str
    office_en: str
    department_hi: str
    department_en: str


def order_number(office_code: str, financial_year: str, serial: int) -> str:
    """The number of an order: `GAD/KMY/2026-27/000123`; serials run from 1 in each office and year."""
    return f"{office_code}/{financial_year}/{serial:06d}"


def award_number(order: str, position: int) -> str:
    """The number of the award in that row of the order's table, counted from 1: `…/000123/001`."""
    return f"{order}/{position:03d}"


def financial_year_of(day: date) -> str:
    """`2026-27` for 1 April 2026 to 31 March 2027, both included."""
    return Month.of(day).financial_year


def masked(employee_code: str) -> str:
    """The code as printed for the public: its last four letters, or half of a short one, after crosses."""
    shown = min(SHOWN_DIGITS, len(employee_code) // 2)
    hidden = len(employee_code) - shown
    return "X" * hidden + employee_code[hidden:]


def award_with_category(award: str, category: str) -> str:
    """How an order and the verification page name an award."""
    return f"{award}: {category}"


def names_missing(words: Named) -> list[Reason]:
    """What must be entered before this awardee can be printed in both languages."""
    return [
        *([] if words.name_hi else [reason("awardee_name_hi_missing")]),
        *([] if words.name_en else [reason("awardee_name_en_missing")]),
        *_designation(words),
        *([] if words.department_hi else [reason("awardee_department_hi_missing", name=words.department_en)]),
        *([] if words.office_hi else [reason("awardee_office_hi_missing", name=words.office_en)]),
    ]


def _designation(words: Named) -> list[Reason]:
    if not words.designation_en:
        return [reason("awardee_designation_missing")]
    return [] if words.designation_hi else [reason("awardee_designation_hi_missing", name=words.designation_en)]


def order_reasons(wording: Wording, *, ordered_on: date, on: date) -> list[Reason]:
    """What is wrong with the order itself, whoever it names; `on` is today, and may be its date."""
    said = (wording.subject_hi, wording.subject_en, wording.preamble_hi, wording.preamble_en)
    signed = (wording.signatory_hi, wording.signatory_en)
    return [
        *([reason("order_in_future")] if ordered_on > on else []),
        *([] if _all_given(*said, *signed) else [reason("order_words_missing")]),
        *([] if all(_all_given(*line) for line in wording.copy_to) else [reason("copy_to_missing")]),
    ]


def list_reasons(nomination_ids: Sequence[int], cycle_ids: Iterable[int], cycle_id: int) -> list[Reason]:
    """What is wrong with the list of nominations: empty, one twice, or of several cycles."""
    return [
        *([] if nomination_ids else [reason("order_empty")]),
        *([reason("order_twice")] if len(set(nomination_ids)) < len(nomination_ids) else []),
        *([reason("order_other_cycle")] if set(cycle_ids) - {cycle_id} else []),
    ]


def release_reasons(released_on: date, *, ordered_on: date) -> list[Reason]:
    """Why an order of that day cannot give this award: it was not released by then."""
    return [reason("order_before_release", released_on=released_on.isoformat())] if ordered_on < released_on else []


def revocation_reasons(reason_hi: str, reason_en: str, *, issued_by: int | None, by: Actor) -> list[Reason]:
    """Why an award cannot be revoked so: a reason is missing in a language, or the same hand issued it."""
    return [
        *([reason("same_hand")] if by.user_id is not None and by.user_id == issued_by else []),
        *([] if _all_given(reason_hi, reason_en) else [reason("revocation_needs_reason")]),
    ]


def _all_given(*texts: str) -> bool:
    return all(text.strip() for text in texts)


def usual_wording(
    *,
    scheme: tuple[str, str],
    cycle: tuple[str, str],
    months: tuple[Month, Month],
    signatory: tuple[str, str],
    copy_to: Sequence[tuple[str, str]] = (),
    file_number: str = "",
) -> Wording:
    """The words an order of a cycle usually has, Hindi and English; whoever issues may change each of them."""
    first, last = months
    return Wording(
        subject_hi=f"{scheme[0]}, {cycle[0]}: पुरस्कार प्रदान किए जाने के संबंध में",
        subject_en=f"{scheme[1]}, {cycle[1]}: grant of awards",
        preamble_hi=(
            f"{scheme[0]} के अंतर्गत {_numeric(first)} से {_numeric(last)} तक की अवधि में आई-जीओटी कर्मयोगी पोर्टल पर "
            "उत्कृष्ट अधिगम के लिए निम्नलिखित अधिकारियों/कर्मचारियों को उनके नाम के सम्मुख अंकित पुरस्कार "
            "एतद्द्वारा प्रदान किया जाता है।"
        ),
        preamble_en=(
            f"Under the {scheme[1]}, the officers and employees named below are hereby granted the award "
            "shown against each name, for excellent learning on iGOT Karmayogi "
            f"from {_numeric(first)} to {_numeric(last)}."
        ),
        reference_hi=f"चक्र {cycle[0]} के अनुमोदित नामांकन",
        reference_en=f"Nominations approved in the cycle {cycle[1]}",
        signatory_hi=signatory[0],
        signatory_en=signatory[1],
        copy_to=tuple(copy_to),
        file_number=file_number,
    )


def _numeric(month: Month) -> str:
    return f"{month.number:02d}/{month.year}"
