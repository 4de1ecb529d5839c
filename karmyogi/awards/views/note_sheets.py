"""The note-sheet with which a proposal goes up: a page to print, and the same as a PDF."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from karmyogi.awards import queries, service
from karmyogi.awards.drawing import Upward
from karmyogi.awards.views.address import blueprint, issuer
from karmyogi.awards.views.papers import as_pdf, private
from karmyogi.core.permissions import Permission
from karmyogi.nominations import queries as nominations
from karmyogi.nominations.models import Cycle
from karmyogi.store.paper import NoteFacts
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.filters import ascii_code
from karmyogi.web.forms import clean, number_in
from karmyogi.web.installed import profile

LONGEST_FILE, LONGEST_CASES = 200, 4000
KEPT = ("stage", "file", "cases")


@blueprint.get("/note-sheet/<int:cycle_id>")
@requires(Permission.DECISIONS_READ)
def note_sheet(cycle_id: int) -> str:
    """The note-sheet as a page; it is the paper itself, so it stands in Hindi whoever reads it."""
    cycle = _cycle(cycle_id)
    stage = _stage(cycle)
    return render_template(
        "awards/note_sheet.html",
        cycle=cycle,
        note=_facts(cycle, stage),
        stage=stage,
        tabs=_tabs(cycle, stage),
        pdf=url_for(".note_sheet_pdf", cycle_id=cycle_id, **_kept()),
    )


@blueprint.get("/note-sheet/<int:cycle_id>/pdf")
@requires(Permission.DECISIONS_READ)
def note_sheet_pdf(cycle_id: int) -> Response:
    cycle = _cycle(cycle_id)
    facts = _facts(cycle, _stage(cycle))
    pdf = service.print_note(cycle, facts, by=current_actor())
    return private(as_pdf(pdf, f"note-sheet-{cycle_id}", f"{facts.drawn_on}", ""))


def _cycle(cycle_id: int) -> Cycle:
    return visible_or_404(nominations.cycles(), id=cycle_id)


def _stage(cycle: Cycle) -> str:
    return service.stage_of(cycle, request.args.get("stage", ""), by=current_actor())


def _facts(cycle: Cycle, stage: str) -> NoteFacts:
    hands = tuple((hand.name_hi, hand.name_en) for hand in profile().note_hands)
    file_number = clean(request.args.get("file", "")[:LONGEST_FILE])
    upward = Upward(stage, file_number, issuer(), hands)
    return service.note_of(cycle, upward, cases=_cases(), by=current_actor())


def _cases() -> list[int]:
    """The cases of the address, `12,15,18`; those that are none name nobody."""
    given = ascii_code(request.args.get("cases", "")[:LONGEST_CASES]).split(",")
    return [number for text in given if (number := number_in(text)) is not None]


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _tabs(cycle: Cycle, current: str) -> list[dict[str, object]]:
    """The two papers of a cycle: for releasing the choice, and for ordering the awards."""
    counts, kept = queries.states_in(current_actor(), cycle), {k: v for k, v in _kept().items() if k == "file"}
    labels = (("selected", _("To release")), ("released", _("To order")))
    return [
        {
            "label": label,
            "url": url_for(".note_sheet", cycle_id=cycle.id, stage=stage, **kept),
            "current": current == stage,
            "count": counts.get(stage, 0),
        }
        for stage, label in labels
    ]
