"""Verbs of corrigenda: draft, write anew, issue with the certificates that follow, withdraw.

An issued order never changes. What reads otherwise stands in the corrigendum,
and a certificate that prints it is replaced by a new one.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from karmyogi.awards.drawing import (
    Corrected,
    Correcting,
    DrawnCorrigendum,
    Replacement,
    corrigendum_facts,
    draw_corrigendum,
    public_facts_of_corrigendum,
    replacement,
)
from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.awards.queries import Reading, reading_of
from karmyogi.awards.rules import (
    CORRIGENDUM,
    Issuer,
    Line,
    awards_corrected,
    completed,
    corrected_parts,
    line_reasons,
    lines_from,
)
from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import Reason, reason
from karmyogi.documents import service as documents
from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.rules import DocumentKind, new_code
from karmyogi.documents.service import Kept
from karmyogi.store.db import database, held
from karmyogi.store.files import PrivateFiles
from karmyogi.store.trail import personal, record
from karmyogi.store.transitions import check, perform, remember_hand

DRAFT = Permission.CORRIGENDA_DRAFT


@dataclass(frozen=True)
class Draft:
    """What GAD writes: the corrections, and who signs them; signatories name first, (Hindi, English)."""

    lines: tuple[Line, ...]
    signatory: tuple[str, str]


def draft_corrigendum(order: AwardOrder, draft: Draft, *, by: Actor, at: datetime | None = None) -> Corrigendum:
    """Begin a corrigendum to an issued order; another person issues it.

    Raises NotAllowed, or RuleBroken with everything that is wrong with its lines,
    a correction of one's own award included.
    """
    at = at or now()
    if not can(by, DRAFT):
        raise NotAllowed("not_allowed")
    with database.atomic():
        case = Corrigendum.create(
            state=CORRIGENDUM.start, order=order, version=1, drafted_at=at, **_written(order, draft, by)
        )
        remember_hand(CORRIGENDUM, case, "start", by=by, at=at)
        record(by, "corrigendum.start", case, {"order": order.number, "lines": personal(case.lines)}, at=at)
    return case


def rewrite_corrigendum(
    case: Corrigendum, draft: Draft, *, seen: int, by: Actor, at: datetime | None = None
) -> Corrigendum:
    """Write a draft anew; `seen` is the version that was open.

    Raises NotAllowed, RuleBroken, or WrongState when it is no draft any longer or somebody wrote it anew meanwhile.
    """
    at = at or now()
    if not can(by, DRAFT):
        raise NotAllowed("not_allowed")
    with database.atomic():
        fresh = _still(case, seen)
        written = _written(fresh.order, draft, by)
        mine = (Corrigendum.id == fresh.id) & (Corrigendum.version == seen)
        Corrigendum.update(**written, version=seen + 1).where(mine).execute()
        remember_hand(CORRIGENDUM, fresh, "edit", by=by, from_state=fresh.state, at=at)
        record(by, "corrigendum.edit", fresh, {"lines": personal(written["lines"])}, at=at)
    return Corrigendum.get_by_id(fresh.id)


def withdraw_corrigendum(case: Corrigendum, *, remark: str, by: Actor, at: datetime | None = None) -> Corrigendum:
    """Give up a draft. Raises NotAllowed, WrongState, or RuleBroken without a remark."""
    perform(CORRIGENDUM, case, "withdraw", by=by, remark=remark, at=at or now())
    return case


def reasons_against_draft(reading: Reading, draft: Draft, *, by: Actor) -> list[Reason]:
    """Everything that is wrong with a draft today, for whoever drafts or issues it."""
    lines = [completed(line, reading.places) for line in draft.lines]
    return [
        *line_reasons(lines, reading.places, reading.names),
        *([] if all(text.strip() for text in draft.signatory) else [reason("corrigendum_unsigned")]),
        *_own(reading, lines, by),
    ]


def _own(reading: Reading, lines: list[Line], by: Actor) -> list[Reason]:
    about = {reading.rows[serial].officer_id for serial in awards_corrected(lines) if serial in reading.rows}
    return [reason("own_case")] if by.officer_id is not None and by.officer_id in about else []


def _written(order: AwardOrder, draft: Draft, by: Actor) -> dict[str, object]:
    reading = reading_of(order)
    if reasons := reasons_against_draft(reading, draft, by=by):
        raise RuleBroken(*reasons)
    return {
        "lines": [completed(line, reading.places).as_data() for line in draft.lines],
        "signatory_hi": draft.signatory[0],
        "signatory_en": draft.signatory[1],
    }


def issue_corrigendum(
    case: Corrigendum, *, seen: int, issuer: Issuer, files: PrivateFiles, by: Actor, at: datetime | None = None
) -> Corrigendum:
    """Issue a draft under the next number of its order, and replace each certificate that prints what it corrects.

    It is dated the day it is issued. `seen` is the version that was read. Records
    are asked again first. All of it is written or nothing.

    Raises NotAllowed; RuleBroken for whoever had a hand in the draft or is named in it, and for lines that no longer
    fit; WrongState when it was issued, withdrawn or written anew meanwhile.
    """
    at, codes = at or now(), _Codes()
    check(CORRIGENDUM, case, CORRIGENDUM.step(case.state, "issue"), by=by)
    with database.atomic():
        said = _said(_still(case, seen), issuer, codes, by, at)
    # Drawing takes long, so nobody is kept waiting for it.
    drawn = draw_corrigendum(said, files)
    with database.atomic():
        fresh = _still(case, seen)
        _hold(fresh.order)
        if _said(fresh, issuer, codes, by, at) != drawn.said:
            raise WrongState(reason("order_overtaken"))
        _write(fresh, drawn, by, at)
    return Corrigendum.get_by_id(fresh.id)


class _Codes(dict[int, str]):
    """The codes that will be printed, the same through both looks: 0 is the corrigendum's, others those of awards."""

    def __missing__(self, key: int) -> str:
        self[key] = new_code()
        return self[key]


def _still(case: Corrigendum, seen: int) -> Corrigendum:
    """The draft as it stands. Raises WrongState when it is none any longer, or not the one that was seen."""
    fresh = Corrigendum.get_by_id(case.id)
    if fresh.state != CORRIGENDUM.start:
        raise WrongState(reason("moved_on", state=fresh.state))
    if fresh.version != seen:
        raise WrongState(reason("corrigendum_rewritten"))
    return fresh


def _hold(order: AwardOrder) -> None:
    """Let one corrigendum of an order be issued at a time."""
    held(AwardOrder.select().where(AwardOrder.id == order.id)).get()


def _said(case: Corrigendum, issuer: Issuer, codes: _Codes, by: Actor, at: datetime) -> Correcting:
    """What the corrigendum would say now. Raises RuleBroken."""
    order, lines, signatory = case.order, lines_from(case.lines), (case.signatory_hi, case.signatory_en)
    reading = reading_of(order)
    if reasons := reasons_against_draft(reading, Draft(lines, signatory), by=by):
        raise RuleBroken(*reasons)
    serial = reading.corrigenda + 1
    return Correcting(
        order=_corrected(order),
        serial=serial,
        dated_on=at.astimezone(IST).date(),
        lines=tuple((reading.places[line.place], line) for line in lines),
        signatory=signatory,
        issuer=issuer,
        code=codes[0],
        replacements=_replacements(reading, lines, serial, issuer, codes),
    )


def _corrected(order: AwardOrder) -> Corrected:
    copies = tuple((hi, en) for hi, en in order.copy_to)
    return Corrected(order.number, order.ordered_on, order.subject_hi, order.subject_en, order.file_number, copies)


def _replacements(
    reading: Reading, lines: tuple[Line, ...], serial: int, issuer: Issuer, codes: _Codes
) -> tuple[Replacement, ...]:
    awards = {row: reading.rows[row] for row in awards_corrected(lines)}
    return tuple(
        replacement(
            award.id,
            award.document_id,
            award.document.facts,
            corrected_parts(row, lines, reading.places),
            serial=serial,
            code=codes[award.id],
            issuer=issuer,
        )
        for row, award in awards.items()
    )


def _write(case: Corrigendum, drawn: DrawnCorrigendum, by: Actor, at: datetime) -> None:
    said = drawn.said
    document = documents.issue(
        DocumentKind.CORRIGENDUM,
        said.number,
        code=said.code,
        public=public_facts_of_corrigendum(said),
        printed=asdict(corrigendum_facts(said)),
        kept=drawn.paper,
        by=by,
        at=at,
    )
    issued = {"serial": said.serial, "number": said.number, "document": document, "issued_at": at}
    perform(CORRIGENDUM, case, "issue", by=by, at=at, **issued)
    documents.correct(document, case.order.document)
    for new, kept in zip(said.replacements, drawn.certificates, strict=True):
        _replace(new, kept, by, at)
    told = {"number": said.number, "order": said.order.number, "certificates": len(said.replacements)}
    record(by, "corrigendum.number", case, told, at=at)


def _replace(new: Replacement, kept: Kept, by: Actor, at: datetime) -> None:
    """Give an award its new certificate; the one before says to everyone what took its place."""
    document = documents.issue(
        DocumentKind.AWARD_CERTIFICATE,
        new.facts.award_number,
        code=new.facts.code,
        public=new.public,
        printed=asdict(new.facts),
        kept=kept,
        by=by,
        at=at,
    )
    Award.update(document=document).where(Award.id == new.award_id).execute()
    documents.replace(IssuedDocument.get_by_id(new.document_id), document, by=by, at=at)
