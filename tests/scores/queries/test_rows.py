"""A month's rows as text: the same hash however they are read, and every difference found."""

import pytest

from karmyogi.scores.models import ScoreLine, SealBlock
from karmyogi.scores.queries.rows import Fingerprint, blocks_of, differing, fingerprint_of, sealed_digests, stored
from tests import factories as make
from tests.scores.scene import FEBRUARY, JANUARY


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 5, 100])
def test_the_size_of_a_chunk_changes_nothing(scene, chunk):
    scene.officers(2, points=2)
    scene.officers(2, points=1, unit=scene.tehsil)
    scene.run()

    assert fingerprint_of(stored(JANUARY), chunk=chunk) == fingerprint_of(stored(JANUARY))


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_a_line_without_a_score_is_seen_wherever_it_stands(scene, chunk):
    before, *_scored, after = make.make_officer(), *scene.officers(3), make.make_officer()
    scene.run()
    whole = fingerprint_of(stored(JANUARY)).scores
    for stranger in (before, after):
        ScoreLine.create(
            month="2026-01", run=make.shown_run("2026-01"), officer=stranger, code="session", found=1, items=1, points=1
        )

    found = fingerprint_of(stored(JANUARY), chunk=chunk).scores

    assert differing(found, whole) == [before.id, after.id]


def test_an_empty_month_has_a_run_of_its_own(scene):
    scene.officer(1)
    scene.run()

    assert fingerprint_of(stored(FEBRUARY)) == fingerprint_of(stored(JANUARY.previous))
    assert fingerprint_of(stored(FEBRUARY)).run_id != fingerprint_of(stored(JANUARY)).run_id


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1201])
def test_digests_are_kept_in_blocks_and_read_back_whole(db, count):
    found = Fingerprint("", {n: f"{n:016x}" for n in range(1, count + 1)}, {"state/1/": "0" * 16})

    SealBlock.insert_many(blocks_of(JANUARY, found)).execute()

    assert sealed_digests(JANUARY) == found
    assert sealed_digests(FEBRUARY) == Fingerprint()
