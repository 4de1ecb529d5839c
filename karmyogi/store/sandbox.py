"""Programs of our own that do dangerous work for us, kept warm and at arm's length.

A sandbox is `python -m <module>` in a session of its own, started at the first
question, with none of our environment: it knows no password and no address.
Questions and answers are one header in JSON and some raw bytes; nothing that
comes back is ever run. When the process that started it ends, its standard
input closes, and it ends too.
"""

import contextlib
import json
import logging
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.reasons import N_, declare

log = logging.getLogger(__name__)

CODE = Path(__file__).parents[2]  # the folder `karmyogi` lies in
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
LARGEST_MESSAGE = 64 * 1024 * 1024
TURN_SECONDS = 60  # how long a thread waits while all sandboxes are busy

declare(sandbox_unavailable=N_("Files cannot be opened for checking just now. Please try again in a few minutes."))


class SandboxUnavailable(KarmyogiError):
    """No sandbox could be started, or all stayed busy; the file is not to blame."""

    status = 503


class Sandbox:
    """One running copy of the program, for one question at a time."""

    def __init__(self, module: str):
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process that answers, or None before the first question."""
        return self._process.pid if self._process else None

    def ask(self, question: bytes, *, seconds: float) -> bytes:
        """The program's answer; a program that died or fell silent for `seconds` is started again, once.

        Raises SandboxUnavailable if the second one does not answer either.
        """
        for _ in range(2):
            try:
                return self._exchange(question, seconds)
            except (OSError, EOFError, ValueError) as error:
                log.warning("%s did not answer (%r)", self._module, error)
                self.stop()
        raise SandboxUnavailable("sandbox_unavailable")

    def stop(self) -> None:
        """End the program now; the next question starts a new one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            _close(process)
            process.wait()

    def forget(self) -> None:
        """Let go of a program that belongs to the process we were forked from."""
        process, self._process = self._process, None
        if process is not None:
            process.returncode = 0  # not our child: nothing to wait for
            _close(process)  # or it would not see its own parent end

    def _exchange(self, question: bytes, seconds: float) -> bytes:
        process = self._running()
        watchdog = threading.Timer(seconds, process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            send(_fd(process.stdin), question)
            return receive(_fd(process.stdout))
        finally:
            watchdog.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            # Unbuffered: after a fork the pipes must close without writing what another thread had begun.
            # A new session: Ctrl-C is for us, and the program ends when we do.
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                cwd=CODE,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        return self._process


class Sandboxes:
    """A few sandboxes of one kind for the threads of a process; a further one starts only when the first is busy."""

    def __init__(self, module: str, *, count: int):
        self._module, self._count = module, count
        self._fill()
        os.register_at_fork(after_in_child=self._begin_anew)

    def ask(self, question: bytes, *, seconds: float) -> bytes:
        """The answer of whichever sandbox is free. Raises SandboxUnavailable."""
        try:
            sandbox = self._idle.get(timeout=TURN_SECONDS)
        except queue.Empty:
            raise SandboxUnavailable("sandbox_unavailable") from None
        try:
            return sandbox.ask(question, seconds=seconds)
        finally:
            self._idle.put(sandbox)

    @property
    def pids(self) -> list[int]:
        """The processes that have been started and not stopped."""
        return [sandbox.pid for sandbox in self._all if sandbox.pid is not None]

    def _fill(self) -> None:
        self._all = [Sandbox(self._module) for _ in range(self._count)]
        self._idle: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        for sandbox in self._all:
            self._idle.put(sandbox)

    def _begin_anew(self) -> None:
        # In a forked child: the parent's pipes are the parent's, and a lock may be held by a thread that is not here.
        for sandbox in self._all:
            sandbox.forget()
        self._fill()


def pack(header: Mapping[str, object], *blobs: bytes) -> bytes:
    """A header and some bytes as one message."""
    head = json.dumps({**header, "sizes": [len(blob) for blob in blobs]}).encode()
    return b"".join([struct.pack(">I", len(head)), head, *blobs])


def unpack(message: bytes) -> tuple[dict[str, object], list[bytes]]:
    """The header and the bytes of a message. Raises ValueError if they do not add up."""
    start = 4 + int.from_bytes(message[:4])
    header = json.loads(message[4:start])
    match header:
        case {"sizes": [*sizes]} if all(type(size) is int and size >= 0 for size in sizes):
            pass
        case _:
            raise ValueError("a message without sizes")
    if start + sum(sizes) != len(message):
        raise ValueError("a message of the wrong length")
    return header, _slices(message, start, sizes)


def send(fd: int, message: bytes) -> None:
    """Write a message with its length before it. Raises OSError if nobody reads."""
    rest = memoryview(struct.pack(">Q", len(message)) + message)
    while rest:
        rest = rest[os.write(fd, rest) :]


def receive(fd: int) -> bytes:
    """Read a message that was sent. Raises EOFError if it ends early, ValueError if it is far too long."""
    length = int.from_bytes(_exactly(8, fd))
    if length > LARGEST_MESSAGE:
        raise ValueError("a message too long to be true")
    return _exactly(length, fd)


def _exactly(length: int, fd: int) -> bytes:
    taken = bytearray()
    while len(taken) < length:
        chunk = os.read(fd, min(length - len(taken), 1024 * 1024))
        if not chunk:
            raise EOFError
        taken += chunk
    return bytes(taken)


def _slices(message: bytes, start: int, sizes: list[int]) -> list[bytes]:
    blobs = []
    for size in sizes:
        blobs.append(message[start : start + size])
        start += size
    return blobs


def _fd(stream: IO[bytes] | None) -> int:
    if stream is None:
        raise ValueError("a process without pipes")
    return stream.fileno()


def _close(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
