"""What a certificate image's facts mean, and the road of a claim: pure decisions, no pictures and no tables."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import not_own_case, not_same_hand, step, workflow

declare(
    claim_unnamed=N_("Choose a course you have completed, or write the title as the certificate gives it."),
    claim_named_twice=N_("Choose a course or write a title, not both."),
    title_too_long=N_("The title has %(has)s characters; at most %(allowed)s are allowed."),
    finished_day_missing=N_("Give the date on the certificate."),
    finished_in_future=N_("The date cannot be after today."),
    course_not_completed=N_("The iGOT reports received so far do not say that you completed this course."),
    course_already_claimed=N_("You have already submitted a certificate for this course."),
    certificate_already_claimed=N_(
        "You have already submitted this certificate, for “%(title)s” (no. %(number)s). "
        "Give another one, or withdraw that."
    ),
    no_posting_today=N_("No posting is on record for you today, so nobody could review the claim."),
    file_unreadable=N_("The file cannot be read: %(problem)s."),
    qr_unreadable=N_("No QR code could be read in the picture. Better upload the file downloaded from iGOT."),
    qr_of_another_issuer=N_("The QR code in the picture is not that of an iGOT certificate."),
    several_certificates=N_("The picture shows the QR codes of several certificates."),
    certificate_not_in_reports=N_("No iGOT report received so far names this certificate."),
    certificate_of_another_course=N_("By iGOT's report this certificate is for another course of the same officer."),
    certificate_of_several_courses=N_("iGOT's report names this certificate for several courses of the officer."),
    certificate_of_another=N_("By iGOT's report this certificate belongs to another officer."),
    certificate_claimed_by_another=N_("Another officer has submitted a certificate with the same number."),
    file_of_another=N_("Another officer has submitted the very same file."),
    doubts_need_remark=N_("Doubts stand against this certificate: write why you verify it all the same."),
    return_reason_needed=N_("Choose why the achievement goes back, or write it in the remark: the officer reads it."),
    return_remark_needed=N_("Write in the remark what the other reason is: the officer reads it."),
)

# Why a claim goes back; codes are stored, so none changes its meaning. The officer reads the sentence.
RETURN_REASONS = {
    "return_picture_unclear": N_(
        "The picture cannot be read. Give the file downloaded from iGOT, or a sharper picture."
    ),
    "return_picture_cut_off": N_("A part of the certificate is missing. Give the whole page, with the QR code."),
    "return_code_unreadable": N_(
        "The QR code cannot be read. Give the file downloaded from iGOT, not a photograph of it."
    ),
    "return_other_document": N_(
        "This is not a certificate of completion. Give the one that iGOT issued for the course."
    ),
    "return_name_differs": N_("The name on the certificate is not yours as on record. Give your own certificate."),
    "return_title_differs": N_(
        "The title does not agree with the certificate. Choose the course, or write what is printed."
    ),
    "return_date_differs": N_("The date does not agree with the certificate. Give the date that is printed."),
    "return_given_before": N_("The same course or certificate has been submitted before. Withdraw this one."),
    "return_other": N_("Another reason: see the remark."),
}
OTHER = "return_other"
declare(**RETURN_REASONS)

SUBMIT, REVIEW, MATCH = (
    Permission.ACHIEVEMENTS_SUBMIT,
    Permission.ACHIEVEMENTS_REVIEW,
    Permission.ACHIEVEMENTS_MATCH,
)

# fmt: off
ACHIEVEMENT = workflow("achievement", "submitted", (
    #    action      from                  to           who      guards / remark
    step("match",    "submitted",          "verified",  MATCH),  # agreement with the officer's own imported row
    step("verify",   "submitted",          "verified",  REVIEW,  not_own_case, not_same_hand),
    step("return",   "submitted",          "returned",  REVIEW,  not_own_case),  # with a reason of the list
    step("resubmit", "returned",           "submitted", SUBMIT),
    step("withdraw", "submitted returned", "withdrawn", SUBMIT),
), ends="verified withdrawn")
# fmt: on

REVIEW_WITHIN = 15  # days: a certificate that lies for more than a fortnight is asked after, as a nomination is
LIVE = ("submitted", "verified", "returned")  # what counts as claimed
TITLE_LIMIT = 300

# What another officer did or holds is for the reviewer's eyes, not for the claimant's.
DOUBTS = frozenset({"certificate_of_another", "certificate_claimed_by_another", "file_of_another"})

# Where iGOT has printed its QR codes; an installation may pass its own list.
IGOT_HOSTS = frozenset({"portal.igotkarmayogi.gov.in", "igotkarmayogi.gov.in"})

# The last part is the signed form some courses print: the same address with the certificate packed behind it.
CERTIFICATE_URL = re.compile(
    r"https://(?P<host>[A-Za-z0-9.-]+)/certs/(?:dynamic/)?"
    r"(?P<id>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"
    r"(?:\?t=URL-W3C-VC&data=[A-Za-z0-9+/=_%-]+)?"
)


def certificate_id(code_text: str, *, hosts: Collection[str] = IGOT_HOSTS) -> str | None:
    """The certificate's id that a QR code's text names, in lower case, or None if it is not iGOT's address.

    Only `https://<host>/certs/<uuid>` and `/certs/dynamic/<uuid>` count, plain or
    in the signed form `?t=URL-W3C-VC&data=…`, letter for letter: no port, no user
    name, no other path or ending. `hosts` are in lower case and match whole.
    An id says which certificate is meant, never that it is genuine.
    """
    found = CERTIFICATE_URL.fullmatch(code_text)
    if found is None or found["host"].lower() not in hosts:
        return None
    return found["id"].lower()


def certificate_ids(codes: Iterable[str]) -> tuple[str, ...]:
    """The certificates that the QR codes of one picture name, each once, in the order read."""
    return tuple(dict.fromkeys(found for code in codes if (found := certificate_id(code))))


def only_certificate(codes: Iterable[str]) -> str:
    """The one certificate a picture names; "" if it names none, or several."""
    found = certificate_ids(codes)
    return found[0] if len(found) == 1 else ""


@dataclass(frozen=True)
class Holding:
    """An imported row that names a certificate: whose it is, and for which course."""

    officer_id: int
    course_id: int


@dataclass(frozen=True)
class Evidence:
    """What is known of one claim and its picture when it is judged.

    `course_id` is None for a claim with a title of its own. `holdings` are the
    imported rows that name the picture's certificate. The two that follow tell
    of claims by other officers, whatever became of them.
    """

    officer_id: int
    course_id: int | None
    codes: tuple[str, ...]
    holdings: frozenset[Holding] = frozenset()
    is_claimed_by_another: bool = False
    is_file_of_another: bool = False
    notes: tuple[str, ...] = ()  # codes of what the file would do besides showing the certificate


@dataclass(frozen=True)
class Verdict:
    """Whether the imported reports prove the claim, for which course, and what a reader should know.

    `reasons` without a match say why a person must look; with one they are for information.
    """

    is_match: bool
    course_id: int | None
    reasons: tuple[Reason, ...]


def verdict(evidence: Evidence) -> Verdict:
    """Match a claim with the imported reports; nothing is ever refused on suspicion.

    A match needs one certificate in the picture, imported rows that name it for
    this officer and for nobody else, and among them the claimed course; a claim
    without a course takes that of the row, if there is only one.
    """
    matched = _matched_course(evidence)
    held = [] if matched else _holding_reasons(evidence)
    noted = [reason(note) for note in evidence.notes]
    reasons = (*reading_reasons(evidence.codes), *held, *_sharing_reasons(evidence), *noted)
    return Verdict(matched is not None, matched or evidence.course_id, reasons)


def _matched_course(evidence: Evidence) -> int | None:
    if not only_certificate(evidence.codes):
        return None
    if {holding.officer_id for holding in evidence.holdings} != {evidence.officer_id}:
        return None
    courses = {holding.course_id for holding in evidence.holdings}
    if evidence.course_id is None:
        return courses.pop() if len(courses) == 1 else None
    return evidence.course_id if evidence.course_id in courses else None


def reading_reasons(codes: tuple[str, ...]) -> list[Reason]:
    """Why a person must look at what was read in a picture; empty if its codes name one certificate of iGOT."""
    if not codes:
        return [reason("qr_unreadable")]
    found = certificate_ids(codes)
    if not found:
        return [reason("qr_of_another_issuer")]
    return [reason("several_certificates")] if len(found) > 1 else []


def _holding_reasons(evidence: Evidence) -> list[Reason]:
    if not only_certificate(evidence.codes):
        return []
    holders = {holding.officer_id for holding in evidence.holdings}
    if not holders:
        return [reason("certificate_not_in_reports")]
    if holders != {evidence.officer_id}:
        return [reason("certificate_of_another")]
    return [reason("certificate_of_several_courses" if evidence.course_id is None else "certificate_of_another_course")]


def _sharing_reasons(evidence: Evidence) -> list[Reason]:
    return [
        *([reason("certificate_claimed_by_another")] if evidence.is_claimed_by_another else []),
        *([reason("file_of_another")] if evidence.is_file_of_another else []),
    ]


def told_to_claimant(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons that an officer is shown on an own claim: nothing of what others did or hold."""
    return [one for one in reasons if one.code not in DOUBTS]


def proves_without_doubt(found: Verdict) -> bool:
    """True if the imported reports prove the claim and nothing at all speaks against it: many may be taken at once."""
    return found.is_match and not found.reasons


def return_faults(codes: Collection[str], *, remark: str) -> list[Reason]:
    """What is missing in a return: a reason of the list or a remark; for another reason the remark.

    Codes that are not on the list count as none.
    """
    if OTHER in codes and not remark.strip():
        return [reason("return_remark_needed")]
    if not (set(codes) & set(RETURN_REASONS) or remark.strip()):
        return [reason("return_reason_needed")]
    return []


def in_order(codes: Collection[str]) -> list[Reason]:
    """The reasons of a return in the order of the list, each once; unknown codes are left out."""
    return [reason(code) for code in RETURN_REASONS if code in codes]


def verification_reasons(reasons: Iterable[Reason], *, remark: str) -> list[Reason]:
    """Why a person may not verify yet: doubts ask for a written word."""
    if DOUBTS & {one.code for one in reasons} and not remark.strip():
        return [reason("doubts_need_remark")]
    return []


def claim_reasons(*, course_id: int | None, title: str, finished_on: date | None, today: date) -> list[Reason]:
    """What is missing or impossible in a claim as written: a name, and the day on the certificate.

    Today's date is still possible.
    """
    return [*_name_reasons(course_id, title.strip()), *_day_reasons(finished_on, today)]


def _name_reasons(course_id: int | None, title: str) -> list[Reason]:
    if course_id is not None:
        return [reason("claim_named_twice")] if title else []
    if not title:
        return [reason("claim_unnamed")]
    if len(title) > TITLE_LIMIT:
        return [reason("title_too_long", has=len(title), allowed=TITLE_LIMIT)]
    return []


def _day_reasons(finished_on: date | None, today: date) -> list[Reason]:
    if finished_on is None:
        return [reason("finished_day_missing")]
    return [reason("finished_in_future")] if finished_on > today else []
