"""Eight offices issuing at one moment, and a process that dies: numbers have no gap and no double."""

import os
from collections import Counter
from datetime import date
from multiprocessing.pool import Pool
from pathlib import Path

import peewee
import pytest

from karmyogi.awards import service
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.core.permissions import Actor
from karmyogi.documents.models import IssuedDocument
from karmyogi.nominations import service as nominations
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.rules import IntegrityAnswer
from karmyogi.people.models import Honour, Officer
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from karmyogi.store.trail import TrailEntry, broken_link
from tests.awards.conftest import COPY_TO, ISSUER, ORDERED_ON, SIGNATORY
from tests.conftest import opened
from tests.nominations.races import SPAWN, all_at_once, runners
from tests.nominations.scene import AT, Scene, officers_in

OFFICES = 8


@pytest.fixture(scope="module")
def pool():
    with runners(OFFICES) as pool:
        yield pool


class DyingDisk(PrivateFiles):
    """The process is killed while it keeps its second paper."""

    def put(self, content: bytes, *, kind: str) -> str:
        if list(self.root.rglob("document/*/*")):
            os._exit(9)
        return super().put(content, kind=kind)


class DyingMidway(PrivateFiles):
    """The process is killed in the middle of the transaction, when the order is written and its first honour is not."""

    def put(self, content: bytes, *, kind: str) -> str:
        if not database.obj.query_hooks:
            database.obj.query_hooks.append(_die_at_the_honour)
        return super().put(content, kind=kind)


def _die_at_the_honour(event: peewee.QueryEvent) -> None:
    if event.sql.startswith('INSERT INTO "honour"'):
        os._exit(9)


def issue(nomination_ids: tuple[int, ...], folder: str, by: Actor, disk: type[PrivateFiles] = PrivateFiles) -> str:
    released = [Nomination.get_by_id(one) for one in nomination_ids]
    cycle = released[0].cycle
    return service.issue_order(
        cycle,
        released,
        ordered_on=ORDERED_ON,
        wording=service.wording_for(cycle, signatory=SIGNATORY, copy_to=COPY_TO),
        issuer=ISSUER,
        files=disk(Path(folder)),
        by=by,
        at=AT,
    ).number


def vouch(officer_id: int, by: Actor) -> str:
    nominations.enter_integrity(
        Officer.get_by_id(officer_id),
        answer=IntegrityAnswer.NOT_CLEAR,
        reference="18",
        given_on=ORDERED_ON,
        valid_until=date(2026, 9, 30),
        by=by,
        at=AT,
    )
    return "not clear"


def issue_or_vouch(what: str, *rest: object) -> str:
    return issue(*rest) if what == "issue" else vouch(*rest)


def several_released(scene: Scene, count: int) -> list[Nomination]:
    Cycle.update(quota=count).execute()
    officers = officers_in(scene.health_office, count)
    return [scene.brought_to("released", officer, priority=i) for i, officer in enumerate(officers, 1)]


def test_eight_orders_issued_at_once_take_eight_numbers_without_a_gap(db, scene, files, pool: Pool):
    tasks = [((one.id,), str(files.root), scene.kabir) for one in several_released(scene, OFFICES)]

    said = all_at_once(pool, db, issue, tasks)

    numbers = [f"GAD/KMY/2026-27/{serial:06d}" for serial in range(1, OFFICES + 1)]
    assert sorted(said) == numbers
    assert [order.number for order in AwardOrder.select().order_by(AwardOrder.serial)] == numbers
    # What each paper says inside is what its row says outside.
    for order in AwardOrder.select():
        award = order.awards.get()
        assert order.document.facts["printed"]["order_number"] == order.number
        assert award.document.facts["printed"]["award_number"] == award.number == f"{order.number}/001"
        assert files.read(award.document.pdf_sha256, kind="document").startswith(b"%PDF")
    assert broken_link() is None


def test_one_order_asked_for_eight_times_at_once_is_issued_once(db, scene, files, pool: Pool):
    released = scene.brought_to("released")
    tasks = [((released.id,), str(files.root), scene.kabir if i % 2 else scene.sunita) for i in range(OFFICES)]

    said = all_at_once(pool, db, issue, tasks)

    assert Counter(said) == {"GAD/KMY/2026-27/000001": 1, "moved_on": OFFICES - 1}
    assert (AwardOrder.select().count(), Award.select().count(), Honour.select().count()) == (1, 1, 1)
    assert IssuedDocument.select().count() == 2


def test_a_certificate_entered_while_an_order_is_issued_stops_it_or_comes_after_it(db, scene, files, pool: Pool):
    released = several_released(scene, OFFICES // 2)
    tasks = [("issue", (one.id,), str(files.root), scene.kabir) for one in released]
    tasks += [("vouch", one.officer_id, scene.rekha) for one in released]

    all_at_once(pool, db, issue_or_vouch, tasks)

    # The trail is one line for all: nobody is awarded after the entry that their certificate is not clear.
    for award in Award.select():
        assert _first_entry("nomination.award", award.nomination_id) < _entry_of_certificate(award.officer_id)
    assert [order.serial for order in AwardOrder.select().order_by(AwardOrder.serial)] == list(
        range(1, AwardOrder.select().count() + 1)
    )


def _first_entry(action: str, subject_id: int) -> int:
    return TrailEntry.get((TrailEntry.action == action) & (TrailEntry.subject_id == subject_id)).id


def _entry_of_certificate(officer_id: int) -> int:
    entered = TrailEntry.select().where(TrailEntry.action == "integrity.enter")
    told = {"officer": officer_id, "answer": "not_clear"}
    return next(entry.id for entry in entered if told.items() <= entry.change.items())


def killed(db: str, *task: object) -> int | None:
    process = SPAWN.Process(target=_issue_and_die, args=(db, *task))
    process.start()
    process.join(timeout=120)
    return process.exitcode


def _issue_and_die(db: str, *task: object) -> None:
    with opened(db):
        issue(*task)


@pytest.mark.parametrize("disk", [DyingDisk, DyingMidway])
def test_a_process_killed_while_issuing_leaves_nothing_and_costs_no_number(db, scene, files, disk):
    released = [scene.brought_to("released"), scene.brought_to("released", scene.bhola, priority=2)]
    ids = tuple(one.id for one in released)

    exit_code = killed(db, ids, str(files.root), scene.kabir, disk)

    assert exit_code == 9
    assert (AwardOrder.select().count(), Award.select().count(), IssuedDocument.select().count()) == (0, 0, 0)
    assert {one.state for one in Nomination.select()} == {"released"}
    assert broken_link() is None
    assert issue(ids, str(files.root), scene.kabir) == "GAD/KMY/2026-27/000001"
