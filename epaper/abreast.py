"""Things that may be done at once, where a run has more than one core."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import cv2

T = TypeVar("T")


def abreast(tasks: Iterable[Callable[[], T]]) -> list[T]:
    """What each task answers, in their order; the error of the first that fails is raised.

    They run in threads: what they spend most of their time with, OpenCV or NumPy, lets others
    go on. As many cores as OpenCV was told to use are a run's own; with one, they go in turn.
    """
    cores = cv2.getNumThreads()
    if cores < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(_done, tasks))


def _done(task: Callable[[], T]) -> T:
    return task()
