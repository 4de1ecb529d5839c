"""Several real processes on one database at one moment: what tests of races need."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.pool import Pool

from karmyogi.core.errors import KarmyogiError
from tests.conftest import opened

SPAWN = multiprocessing.get_context("spawn")

_gate = None


def _take_gate(gate: object) -> None:
    global _gate  # noqa: PLW0603 - a barrier can only be inherited
    _gate = gate


@contextmanager
def runners(count: int) -> Iterator[Pool]:
    """That many fresh processes, which share one gate."""
    with SPAWN.Pool(count, _take_gate, (SPAWN.Barrier(count),)) as pool:
        yield pool


def all_at_once(pool: Pool, url: str, work: Callable[..., object], tasks: Sequence[tuple]) -> list[str]:
    """What became of each task, all let go together: the result as text, or the codes of the refusal.

    There must be as many tasks as processes, and each waits for all the others.
    """
    return pool.starmap(_run, [(url, work, task) for task in tasks], chunksize=1)


def _run(url: str, work: Callable[..., object], task: tuple) -> str:
    with opened(url):
        _gate.wait(timeout=120)
        try:
            return str(work(*task))
        except KarmyogiError as refused:
            return " ".join(one.code for one in refused.reasons)
