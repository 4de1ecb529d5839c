"""The match queue: who waits, whom a row may mean, and what is answered, singly or several at once."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta

import peewee
from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import now, today
from karmyogi.core.permissions import Permission
from karmyogi.people.models import Officer
from karmyogi.people.queries import officers_for, officers_found
from karmyogi.reports import queries, reader, service
from karmyogi.reports.forms import AsideForm
from karmyogi.reports.models import Question, QueueAnswer, QueuedPerson, Waits
from karmyogi.reports.queries import Asked
from karmyogi.reports.views.address import blueprint
from karmyogi.reports.views.imports import reason_of
from karmyogi.store.jobs import JobState
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.forms import asked_number, clean, number_in
from karmyogi.web.i18n import say, word
from karmyogi.web.installed import files

IMPORT = Permission.REPORTS_IMPORT
CODES = ("matched_nobody", "keys_contradict", "keys_of_several", "no_keys", "certificate_of_other")
KINDS = [
    kind.value for kind, sheet in reader.KINDS.items() if any(column.field == "full_name" for column in sheet.columns)
]
LONGEST_SEARCH = 100
SUGGESTED = 5  # officers of a name like that
RETRY_TOLD = timedelta(hours=1)
TICKED = 50  # people answered together at most


@blueprint.get("/queue")
@requires(IMPORT)
def queue() -> str:
    """People whose rows wait, those who wait longest first; or whom somebody linked or set aside."""
    asked = _asked()
    people = queries.queue_page(current_actor(), asked, after=asked_number("after"))
    shown, is_waiting = people[: queries.CARDS], asked.state == Waits.WAITING
    sources = queries.sources_of(shown, waiting=is_waiting)
    found = queries.candidates_of(shown, by=current_actor(), on=today()) if is_waiting else {}
    beyond = _beyond(shown) if is_waiting else set()
    return render_template(
        "reports/queue.html",
        asked=asked,
        cards=[_card(one, sources.get(one.id, []), found.get(one.id, []), one.id in beyond) for one in shown],
        open_answers=queries.answers_open(current_actor(), shown),
        units=queries.units_of_people(shown),
        tabs=_tabs(asked),
        codes=[(code, word(code)) for code in CODES],
        kinds=[(kind, word(kind)) for kind in KINDS],
        more=_here(asked, after=shown[-1].id) if len(people) > len(shown) else None,
        count=queries.waiting_for(current_actor()).count() if is_waiting else None,
        tried=_tried() if is_waiting else "",
    )


def _tried() -> str:
    """How far the trying again is that this person asked for, or what it came to, for an hour."""
    run = service.last_retry(by=current_actor())
    if run is None or run.queued_at < now() - RETRY_TOLD:
        return ""
    if run.is_busy:
        return _("All who wait are being tried again. Open the page once more in a moment.")
    if run.state != JobState.DONE:
        return _("Trying again did not come to its end. Nothing half done was kept; ask for it once more.")
    rows = run.result["tried"]
    if not rows:
        return _("Nobody who waits is found by the keys yet.")
    return ngettext("%(num)s row was tried again.", "%(num)s rows were tried again.", rows)


def _asked() -> Asked:
    state, code, kind = (request.args.get(name, "") for name in ("state", "reason", "kind"))
    return Asked(
        state=state if state in set(Waits) else Waits.WAITING.value,
        code=code if code in CODES else "",
        kind=kind if kind in KINDS else "",
        import_id=asked_number("file"),
        text=clean(request.args.get("q", "")[:LONGEST_SEARCH]),
    )


def _here(asked: Asked, **more: object) -> str:
    names = {"state": "state", "code": "reason", "kind": "kind", "import_id": "file", "text": "q"}
    kept = {names[name]: value for name, value in asdict(asked).items() if value and value != Waits.WAITING}
    return url_for(".queue", **kept, **more)


def _tabs(asked: Asked) -> list[dict[str, object]]:
    return [
        {"label": word(f"queue_{state.value}"), "url": _here(Asked(state.value)), "current": state == asked.state}
        for state in Waits
    ]


def _beyond(people: Sequence[QueuedPerson]) -> set[int]:
    return queries.pointing_beyond(people, by=current_actor(), on=today())


def _card(
    person: QueuedPerson, sources: Sequence[queries.Source], found: Sequence[queries.Candidate], points_beyond: bool
) -> dict[str, object]:
    """What a page shows of a person; nobody is likely where a key points to an officer outside reach as well."""
    may_be_likely = person.question == Question.WHO and not points_beyond
    return {
        "person": person,
        "sources": sources,
        "rows": sum(source.rows for source in sources),
        "candidates": found,
        "strong": queries.strong_suggestion(found) if may_be_likely else None,
        "points_beyond": points_beyond,
        "keys": [(key, value) for key in queries.KEYS if (value := getattr(person, key))],
    }


@blueprint.get("/queue/<int:person_id>")
@requires(IMPORT)
def queued(person_id: int) -> str:
    """One person: what the rows say, and beside it each officer whom they may mean."""
    person = _person(person_id)
    is_waiting = person.state == Waits.WAITING
    sources = queries.sources_of([person], waiting=is_waiting).get(person.id, [])
    return render_template(
        "reports/queued.html",
        card=_card(person, sources, _candidates(person), person.id in _beyond([person])),
        open_answers=queries.answers_open(current_actor(), [person]),
        rows=queries.rows_of_person(person),
        reason_of=reason_of,
        holders=queries.holders_of([person], by=current_actor(), on=today()),
        is_who=person.question == Question.WHO,
        text=_text(person),
        found=_found(person) if is_waiting and person.question == Question.WHO else [],
    )


def _candidates(person: QueuedPerson) -> list[queries.Candidate]:
    return queries.candidates_of([person], by=current_actor(), on=today())[person.id]


def _text(person: QueuedPerson) -> str:
    """What the search for an officer asks: what was typed, else the name that the row gives."""
    return clean(request.args.get("q", person.name)[:LONGEST_SEARCH])


def _found(person: QueuedPerson) -> list[queries.Candidate]:
    """Officers of such a name, or such a code, whom no key points to; a name alone is only a suggestion."""
    pointed = {one.officer.id for one in _candidates(person)}
    found = officers_found(_text(person), current_actor(), on=today(), limit=SUGGESTED).officers
    return [queries.candidate(person, officer) for officer in found if officer.id not in pointed]


def _person(person_id: int) -> QueuedPerson:
    return visible_or_404(queries.queue_for(current_actor()).where(QueuedPerson.id == person_id))


def _ticked() -> list[QueuedPerson]:
    """The people who were ticked and wait, in the order of the queue."""
    rows = queries.waiting_for(current_actor()).where(QueuedPerson.id.in_(_numbers()))
    return list(rows.order_by(QueuedPerson.id))


def _numbers() -> list[int]:
    return [number for text in request.values.getlist("person")[:TICKED] if (number := number_in(text))]


# Linking


@blueprint.get("/queue/link")
@requires(IMPORT)
def ask_to_link() -> str | Response:
    """What linking would do, before it does: each person beside the officer, and keys that others have too."""
    people = _ticked()
    chosen = _chosen(people, request.args.get("officer", ""))
    if not chosen:
        return _nobody(_("Nobody of those ticked has exactly one likely officer. Open them one by one."))
    return render_template(
        "reports/queue-link.html",
        pairs=[(one, chosen[one.id]) for one in people if one.id in chosen],
        others=_others({one: found.officer.id for one, found in chosen.items()}),
        left=[one for one in people if one.id not in chosen],
    )


def _others(officers: dict[int, int]) -> dict[int, list[tuple[str, str, Officer | None]]]:
    return queries.keys_of_others(officers, by=current_actor(), on=today())


def _chosen(people: Sequence[QueuedPerson], officer: str) -> dict[int, queries.Candidate]:
    """For each person the officer to link: the one asked for, else the one strong suggestion."""
    pointed = queries.candidates_of(people, by=current_actor(), on=today())
    if officer and len(people) == 1:
        return {people[0].id: _asked_for(people[0], officer, pointed[people[0].id])}
    strong = {one: queries.strong_suggestion(found) for one, found in pointed.items()}
    who = {one.id for one in people if one.question == Question.WHO} - _beyond(people)
    return {one: found for one, found in strong.items() if found and one in who}


def _asked_for(person: QueuedPerson, officer: str, pointed: Sequence[queries.Candidate]) -> queries.Candidate:
    found = _officer(officer)
    known = next((one for one in pointed if one.officer.id == found.id), None)
    return known or queries.candidate(person, queries.shown(found, on=today()))


def _officer(number: str) -> Officer:
    return visible_or_404(_officers().where(Officer.id == (number_in(number) or 0)))


def _officers() -> peewee.ModelSelect:
    """Whom rows may be linked to: a record that gave way to another is nobody of its own."""
    rows = officers_for(current_actor(), Permission.OFFICERS_READ, on=today())
    return rows.where(Officer.merged_into.is_null())


@blueprint.post("/queue/link")
@requires(IMPORT)
def link() -> Response:
    """Link each `pair`, a person and an officer with a colon between."""
    pairs = [text.split(":", 1) for text in request.form.getlist("pair")[:TICKED] if ":" in text]
    officers = {number_in(person) or 0: number_in(officer) or 0 for person, officer in pairs}
    _see_all(queries.queue_for(current_actor()), QueuedPerson.id, officers)
    _see_all(_officers(), Officer.id, officers.values())
    return _answered(service.link(officers, files(), by=current_actor()))


def _see_all(rows: peewee.ModelSelect, column: peewee.Field, ids: Iterable[int]) -> None:
    """Raises NotThere unless each of these rows is within the actor's reach."""
    wanted = set(ids)
    if rows.where(column.in_(list(wanted))).count() != len(wanted):
        raise NotThere("not_there")


def _answered(answer: QueueAnswer) -> Response:
    rows = sum(origin.row_count for origin in queries.imports_of(answer))
    flash(ngettext("Answered: %(num)s row was brought in.", "Answered: %(num)s rows were brought in.", rows), "success")
    return redirect(url_for(".answer", answer_id=answer.id))


def _nobody(text: str) -> Response:
    flash(text, "warning")
    return redirect(url_for(".queue"))


# Setting aside, and trying again


@blueprint.get("/queue/aside")
@requires(IMPORT)
def ask_to_set_aside() -> str | Response:
    people = _ticked()
    if not people:
        return _nobody(_("Nobody who waits was ticked."))
    return render_template("reports/queue-aside.html", people=people, form=AsideForm())


@blueprint.post("/queue/aside")
@requires(IMPORT)
def set_aside() -> Response | tuple[str, int]:
    people, form = _ticked(), AsideForm()
    ids = _all_ticked()
    try:
        answer = service.set_aside(ids, form.remark.data or "", by=current_actor())
    except RuleBroken as error:
        form.remark.errors = [say(reason) for reason in error.reasons]
        return render_template("reports/queue-aside.html", people=people, form=form), error.status
    flash(ngettext("%(num)s person was set aside.", "%(num)s people were set aside.", len(ids)), "success")
    return redirect(url_for(".answer", answer_id=answer.id))


def _all_ticked() -> list[int]:
    """Who was ticked, whether they still wait or not: of those who do not the verb tells."""
    rows = queries.queue_for(current_actor()).where(QueuedPerson.id.in_(_numbers()))
    return [one.id for one in rows]


@blueprint.post("/queue/retry")
@requires(IMPORT)
def retry() -> Response:
    """Send the rows again of those whom their keys find by now: of one person at once, of all who wait as a job."""
    if not request.form.get("person"):
        service.ask_to_retry(by=current_actor())
        return redirect(url_for(".queue"))
    try:
        return _answered(service.retry(_ticked(), files(), by=current_actor()))
    except RuleBroken as error:
        if error.reasons[0].code != "queue_nobody_chosen":
            raise
        return _nobody(_("Nobody who waits is found by the keys yet."))


# What was answered


@blueprint.get("/queue/answers/<int:answer_id>")
@requires(IMPORT)
def answer(answer_id: int) -> str:
    """One answer: about whom, the imports it made, and how to take it back."""
    found = visible_or_404(queries.answers_for(current_actor()).where(QueueAnswer.id == answer_id))
    people = queries.people_of(found)
    return render_template(
        "reports/queue-answer.html",
        answer=found,
        people=people,
        seen=_seen(people),
        imports=queries.imports_of(found),
        relied_on=queries.imports_relying_on(found),
    )


def _seen(people: Sequence[QueuedPerson]) -> set[int]:
    """The officers to whom these people were linked, as far as they are in reach still."""
    linked = [one.officer_id for one in people if one.officer_id]
    rows = officers_for(current_actor(), Permission.OFFICERS_READ, on=today()).where(Officer.id.in_(linked))
    return {officer.id for officer in rows}


@blueprint.post("/queue/answers/<int:answer_id>/undo")
@requires(IMPORT)
def undo_answer(answer_id: int) -> Response:
    found = visible_or_404(queries.answers_for(current_actor()).where(QueueAnswer.id == answer_id))
    service.undo_answer(found, by=current_actor())
    flash(_("The answer was taken back; the people wait in the queue again."), "success")
    return redirect(url_for(".queue"))
