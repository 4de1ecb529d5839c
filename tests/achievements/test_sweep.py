"""Uploads whose form was never finished: what is swept, and everything that stays."""

import os
from datetime import UTC, datetime, timedelta

from karmyogi.achievements import service
from karmyogi.achievements.service import Kept
from karmyogi.schedule import table
from karmyogi.schedule.worker import ring
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.trail import TrailEntry
from tests.achievements.scene import AT, certificate, new_id, picture

NIGHT = datetime(2026, 2, 3, 23, 30, tzinfo=UTC)
SWEEP = table.timed("sweep-uploads")
THREE_FILES = ("original", "image", "thumb")


def put_on(scene, kept: Kept, moment: datetime) -> None:
    for kind, sha256 in zip(THREE_FILES, names_of(kept), strict=True):
        os.utime(scene.files.path_of(sha256, kind=kind), (moment.timestamp(), moment.timestamp()))


def names_of(kept: Kept) -> tuple[str, str, str]:
    return kept.picture.sha256, kept.image_sha256, kept.thumb_sha256


def there(scene, kept: Kept) -> list[bool]:
    return [scene.files.exists(sha256, kind=kind) for kind, sha256 in zip(THREE_FILES, names_of(kept), strict=True)]


def test_an_upload_that_no_claim_names_is_gone_after_three_days_and_not_before(scene):
    old, young = (service.keep(certificate(new_id()), scene.files) for _one in range(2))
    put_on(scene, old, NIGHT - timedelta(days=3, seconds=1))
    put_on(scene, young, NIGHT - timedelta(days=3))

    assert service.sweep_kept(scene.files, before=NIGHT - timedelta(days=3)) == 3

    assert there(scene, old) == [False, False, False]
    assert there(scene, young) == [True, True, True]
    assert TrailEntry.get(TrailEntry.action == "certificate_image.sweep").change["files"] == 3


def test_the_picture_of_a_claim_stays_also_of_a_withdrawn_one_and_the_one_before_the_last(scene):
    first, second = certificate(new_id()), certificate(new_id())
    kept = [service.keep(content, scene.files) for content in (first, second)]
    returned = scene.returned("asha", first)
    again = service.resubmit(
        returned, service.Claim(title="A seminar", finished_on=AT.date()), kept[1], by=scene.actors["asha"], at=AT
    )
    service.withdraw(again, by=scene.actors["asha"], at=AT)
    for one in kept:
        put_on(scene, one, NIGHT - timedelta(days=400))

    assert service.sweep_kept(scene.files, before=NIGHT) == 0

    assert [there(scene, one) for one in kept] == [[True] * 3] * 2
    assert TrailEntry.select().where(TrailEntry.action == "certificate_image.sweep").count() == 0


def test_who_sends_the_same_picture_again_makes_it_young(scene):
    content = picture()
    kept = service.keep(content, scene.files)
    put_on(scene, kept, NIGHT - timedelta(days=30))
    service.keep(content, scene.files)

    assert service.sweep_kept(scene.files, before=NIGHT) == 0
    assert there(scene, kept) == [True, True, True]


def test_the_night_sweeps_once_however_often_it_is_rung(site, scene):
    kept = service.keep(certificate(new_id()), scene.files)
    put_on(scene, kept, NIGHT - timedelta(days=4))
    cut_off = scene.files.root / "unfinished" / "cut-off"
    cut_off.write_bytes(b"half a picture")
    os.utime(cut_off, (0, 0))

    with site.app.app_context():
        for _look in range(2):
            ring(SWEEP, at=NIGHT)

    run = JobRun.get(JobRun.job == "sweep-uploads")
    assert (run.state, run.attempts, run.result) == (JobState.DONE, 1, {"swept": 4})
    assert there(scene, kept) == [False, False, False]
    assert not cut_off.exists()
