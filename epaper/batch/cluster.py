"""The same work on a running Dask cluster.

A Dask worker does its pages in a process of its own (`pool.Team`), which is kept from
page to page with its models, and ended where a page passes its limits: no page harms
the worker. A worker that is lost costs the pages it had in hand a second start, by the
scheduler, elsewhere. Inputs and output are named by paths that lead to the same place on
every machine, or by URLs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from secrets import token_hex
from types import TracebackType
from typing import Any, Self, TypeVar

from epaper.batch.outcome import Job
from epaper.batch.pool import Limits, Team, share_of_memory
from epaper.batch.work import Binding
from epaper.errors import ClusterError, EpaperError, InputError, MissingError

T = TypeVar("T")
A = TypeVar("A")

_CONNECT_SECONDS = 10
# Tasks that the scheduler knows of at once; it tells them to the dashboard.
_WINDOW = 2000
# What a page does wrong is an answer; a task that raises met a machine in trouble.
_RETRIES = 2
# Of a worker's memory, what the page in its hands may take.
_SHARE = 0.85
_mine = threading.local()


class Cluster:
    """The workers of the Dask scheduler at `address` (``tcp://host:8786``), as a context.

    Raises MissingError where Dask is not installed, InputError where no scheduler
    answers. However it is left, pages not yet done are taken back.
    """

    def __init__(self, address: str, limits: Limits) -> None:
        distributed = _distributed()
        try:
            self._client = distributed.Client(
                address, timeout=_CONNECT_SECONDS, set_as_default=False
            )
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(
                f"{address}: no Dask scheduler answers there ({type(error).__name__})."
            ) from error
        self._address = address
        self._limits = limits
        self._futures: dict[Any, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client.status == "running":
            self._client.cancel(list(self._futures))
        self._client.close()

    def run(
        self,
        waiting: deque[T],
        work: Callable[[T], A],
        started: Callable[[T], None] = lambda _task: None,
    ) -> Iterator[tuple[T, A | EpaperError]]:
        """As `pool.Crew.run` says."""
        mail: SimpleQueue[Any] = SimpleQueue()
        token = token_hex(4)
        topic = f"epaper-{token}"
        tasks: dict[str, T] = {}
        numbers = count()
        # Workers tell under this topic which task they begin.
        self._client.subscribe_topic(topic, lambda event: mail.put(event[1]))
        while waiting or self._futures:
            while waiting and len(self._futures) < _WINDOW:
                task = waiting.popleft()
                key = f"{_name(task)}-{token}{next(numbers)}"
                tasks[key] = task
                future = self._client.submit(
                    by_hand, work, task, self._limits, (topic, key),
                    key=key, pure=False, retries=_RETRIES,
                    priority=int(isinstance(task, Binding)),
                )  # fmt: skip
                self._futures[future] = task
                future.add_done_callback(mail.put)
            message = mail.get()
            if isinstance(message, str):
                # That a task begins may be told when it has ended: it came with a lost worker.
                if message in tasks:
                    started(tasks[message])
                continue
            task = self._futures.pop(message)
            del tasks[message.key]
            yield task, self._answer(message)
        self._client.unsubscribe_topic(topic)

    def _answer(self, future: Any) -> Any:
        """What a task answered; a ClusterError where it did not come to that."""
        if future.status == "finished":
            return future.result()
        if future.status == "error":
            error = future.exception()
            if type(error).__name__ == "KilledWorker":
                return ClusterError("took every worker along that had it")
            words = " ".join(f"{type(error).__name__}: {error}".split())
            return ClusterError(f"failed on the cluster ({words})")
        raise ClusterError(
            f"{self._address}: the Dask scheduler is gone; what is done is safe, and the same "
            "command goes on."
        )


def by_hand(
    work: Callable[[T], A], task: T, limits: Limits, told: tuple[str, str]
) -> A | EpaperError:
    """Does the task in the process that this thread of a Dask worker keeps for its pages.

    `told` is the topic under which the client hears that it begins, and its key.
    """
    worker = _distributed().get_worker()
    worker.log_event(*told)
    team = _own_team(limits, worker)
    ((_, answer),) = team.run(deque([task]), work)
    return answer


def _own_team(limits: Limits, worker: Any) -> Team:
    """This thread's team of one process, a new one where the limits have changed."""
    own = getattr(worker.memory_manager, "memory_limit", None)
    if not limits.memory_mb:
        share = own / 1024**2 * _SHARE if own else share_of_memory(1)
        limits = Limits(limits.seconds, share / worker.state.nthreads)
    if getattr(_mine, "limits", None) != limits:
        if hasattr(_mine, "team"):
            _mine.team.close()
        _mine.team, _mine.limits = Team(1, limits), limits
    team: Team = _mine.team
    return team


def _name(task: object) -> str:
    """What a task is called on the dashboard, which counts them by the first word."""
    match task:
        case Job():
            return f"page-{task.issue}/{task.source.page_id}"
        case Binding():
            return f"issue-{task.issue}/"
        case Path():
            return f"file-{task}"
    return "task"


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise MissingError(
            "Dask is not installed, which --scheduler needs: pip install 'epaper[cluster]'."
        ) from error
    return distributed
