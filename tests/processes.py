"""Several real processes on one database at one moment: what tests of races need, without starting Python anew."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier

from karmyogi.store.db import database
from tests.conftest import opened

FORK = multiprocessing.get_context("fork")


def all_at_once(url: str, work: Callable[..., object], tasks: Sequence[tuple]) -> list[object]:
    """What each process returned, in the order of `tasks`; of one that raised, the name of what it raised.

    Each waits for all the others before it begins. The test's own connections are closed: a child must not inherit one.
    """
    database.close_all()
    gate, told = FORK.Barrier(len(tasks)), FORK.SimpleQueue()
    processes = [
        FORK.Process(target=_work, args=(gate, told, number, url, work, task)) for number, task in enumerate(tasks)
    ]
    for process in processes:
        process.start()
    found = dict(told.get() for _each in processes)
    for process in processes:
        process.join()
    database.connect()
    return [found[number] for number in range(len(tasks))]


def _work(gate: Barrier, told: object, number: int, url: str, work: Callable[..., object], task: tuple) -> None:
    try:
        with opened(url):
            gate.wait()
            result = work(*task)
    except Exception as error:  # the edge of a process: what it raises would be lost
        result = type(error).__name__
    told.put((number, result))
    os._exit(0)  # nothing of the test's own must be closed or cleaned up here
