"""Worker processes on this machine, each with its own pipes and within its limits.

A worker that dies, hangs or eats memory takes only its page along: it is seen, or
ended, the page is answered as lost, and a fresh worker takes its place.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import psutil

from epaper.batch.machine import cores, total_mb
from epaper.errors import CrashError, EngineError, EpaperError, TooLongError, TooMuchMemoryError

# What one worker takes for a scanned broadsheet, measured, with room to breathe.
MB_A_WORKER = 2500
# Of the machine's memory, what pages may take together.
_SHARE = 0.85
# Data a process asks for is more than what it uses; this bounds what no watch is quick
# enough to see.
_DATA_FACTOR = 2.0
# A worker is stopped at this share of its memory, so that all it takes is within it.
_STOPPED_AT = 0.95
# How often workers are looked at, seconds: the oftener the nearer they are to their limit
# at the speed, MiB a second, at which a process can fill memory.
_WATCH, _CLOSE_WATCH = 0.25, 0.005
_FILLS = 4000.0
_PATIENCE = 5.0
_LIBRARIES = ("OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
# Their threads wait for the next product at full speed, which takes more than they save.
_ALONE = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
# What glibc does with memory that is freed: pages of pixels are taken and freed all the time, and
# the system clears whatever it gives. So less goes back to it before a page is done, and one
# store serves all threads, so that what one has freed another finds.
_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "MALLOC_ARENA_MAX": "1",
}

T = TypeVar("T")
A = TypeVar("A")
# An answer with an error in words, empty where there was none; None at the very end.
_Message = tuple["Hand", tuple[Any, str] | None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take: `seconds`, and `memory_mb` MiB of a worker, 0 for no end."""

    seconds: float = 0.0
    memory_mb: float = 0.0


class Crew(Protocol):
    """Whoever does the work of a run: processes of this machine, or a cluster."""

    def run(
        self,
        waiting: deque[T],
        work: Callable[[T], A],
        started: Callable[[T], None] = lambda _task: None,
    ) -> Iterator[tuple[T, A | EpaperError]]:
        """Does all that is `waiting`, and what is put there meanwhile, in any order.

        `work` has to be a function that can be pickled. `started` hears of a task as it
        is begun. A task that did not come back is answered with the reason.
        """
        ...


def default_workers() -> int:
    """As many workers as the machine's cores and memory carry for scanned pages."""
    return max(1, min(cores(), int(total_mb() // MB_A_WORKER)))


def share_of_memory(workers: int) -> float:
    """The MiB that each of so many workers may take."""
    return total_mb() * _SHARE / workers


class Team:
    """At most `workers` processes, started as they are needed and kept for all tasks.

    `threads` is what the libraries of one worker may take, 0 leaves that to them. As a
    context: however it is left, by an interrupt too, no worker stays behind.
    """

    def __init__(self, workers: int, limits: Limits, threads: int = 0) -> None:
        self._most = workers
        self._limits = limits
        self._threads = threads
        self._hands: list[Hand] = []
        self._mail: SimpleQueue[_Message] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all processes."""
        for hand in self._hands:
            hand.kill()
        self._hands.clear()

    def run(
        self,
        waiting: deque[T],
        work: Callable[[T], A],
        started: Callable[[T], None] = lambda _task: None,
    ) -> Iterator[tuple[T, A | EpaperError]]:
        """As `Crew.run` says."""
        tasks: dict[Hand, T] = {}
        while waiting or tasks:
            while waiting and len(tasks) < self._most:
                hand = self._free(tasks)
                tasks[hand] = waiting.popleft()
                started(tasks[hand])
                hand.call(work, tasks[hand])
            hand, answer = self._next()
            if hand.dead:
                hand.kill()
                self._hands.remove(hand)
            if hand in tasks:
                yield tasks.pop(hand), answer

    def _free(self, tasks: dict[Hand, T]) -> Hand:
        """A worker without a task, a new one where all have one."""
        for hand in self._hands:
            if hand not in tasks:
                return hand
        self._hands.append(Hand(self._mail, self._limits, self._threads))
        return self._hands[-1]

    def _next(self) -> tuple[Hand, Any]:
        """The next answer, of a worker that may be dead: then it is an EngineError."""
        while True:
            hand, answer = self._mail.get()
            if hand in self._hands:
                return hand, hand.lost() if answer is None else _opened(*answer)


def _opened(answer: Any, error: str) -> Any:
    return EngineError(error) if error else answer


class Hand:
    """A process that does one thing at a time; its answers go to `mail`, None at its end.

    A thread ends the process where it passes its limits, whatever this process is busy with.
    """

    def __init__(self, mail: SimpleQueue[_Message], limits: Limits, threads: int) -> None:
        self.dead = False
        self._limits = limits
        self._since: float | None = None
        self._beyond: EngineError | None = None
        # Between an answer and the end of its process: whichever comes first holds.
        self._turn = Lock()
        # The search path of this process, which may not be that of a fresh one; -P keeps
        # modules that happen to lie in the working folder out of it.
        names = {name: str(threads) for name in _LIBRARIES if threads}
        environment = {
            **_ALONE,
            **_MEMORY,
            **names,
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        most = str(limits.memory_mb * _DATA_FACTOR)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "epaper.batch.hand", most],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        Thread(target=self._listen, args=(mail,), daemon=True).start()
        if limits.seconds or limits.memory_mb:
            Thread(target=self._watch, args=(mail,), daemon=True).start()

    def _listen(self, mail: SimpleQueue[_Message]) -> None:
        assert self._process.stdout is not None
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                answer = pickle.load(self._process.stdout)
                with self._turn:
                    self._since = None
                    mail.put((self, answer))
        mail.put((self, None))
        with suppress(OSError):
            self._process.stdout.close()

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Sends a call. A process that is dead already shows by its end in the mail."""
        assert self._process.stdin is not None
        self._since = time.monotonic()
        with suppress(OSError):
            pickle.dump((function, arguments), self._process.stdin)
            self._process.stdin.flush()

    def _watch(self, mail: SimpleQueue[_Message]) -> None:
        """Ends the process as soon as what it has in hand is beyond its limits.

        The mail is told at once: a process that waits for a lost disk does not end.
        """
        most = self._limits.memory_mb * _STOPPED_AT
        with suppress(psutil.Error):
            process = psutil.Process(self._process.pid)
            while not self.dead:
                resident = process.memory_info().rss / 1024**2
                with self._turn:
                    self._beyond = self._verdict(resident > most > 0)
                    if self._beyond:
                        self.dead = True
                        process.kill()
                        mail.put((self, None))
                pause = (most - resident) / _FILLS if most else _WATCH
                time.sleep(min(max(pause, _CLOSE_WATCH), _WATCH))

    def _verdict(self, full: bool) -> EngineError | None:
        """Why the process has to be stopped, None where it keeps within its limits."""
        since, limits = self._since, self._limits
        if since is None:
            return None
        if limits.seconds and time.monotonic() - since > limits.seconds:
            return TooLongError(
                f"took longer than {limits.seconds:,.0f} s and was stopped (--page-timeout)"
            )
        if full:
            return TooMuchMemoryError(
                f"came to its limit of {limits.memory_mb:,.0f} MiB of memory and was stopped "
                "(--page-memory; a smaller -j leaves more to each page)"
            )
        return None

    def lost(self) -> EngineError:
        """How the process ended, which its end in the mail says it did."""
        self.kill()
        if self._beyond:
            return self._beyond
        code = self._process.returncode
        if code is None or code >= 0:
            return CrashError(f"ended the worker process with status {code}")
        name = signal.Signals(-code).name
        hint = ", most likely for want of memory: try a smaller -j" if name == "SIGKILL" else ""
        return CrashError(f"ended the worker process by {name}{hint}")

    def kill(self) -> None:
        """Ends the process; one that waits for a lost disk is left to end by itself."""
        self.dead = True
        with suppress(OSError):
            self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_PATIENCE)
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
