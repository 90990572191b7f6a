"""The recogniser's answer for one line: a chance for each of 18,710 classes at each step.

Only a few of them are ever looked at, so only those are worked out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.reading.ocr_runners import Floats

Classes = NDArray[np.int64]

# The class that stands for no character.
BLANK = 0


class Chances:
    """The chances of the `answer` (steps, classes), which holds logits or, else, chances."""

    def __init__(self, answer: Floats, logits: bool) -> None:
        self._answer = answer
        # What the logits of each step must lose to be logarithms of chances, where known.
        self._above = np.full(len(answer), np.nan, np.float32) if logits else None
        # The greatest of each step, once the likeliest classes are known.
        self._tops: Floats | None = None

    def __len__(self) -> int:
        return len(self._answer)

    def best(self) -> tuple[Classes, NDArray[np.float64]]:
        """The likeliest class of each step and its chance; that of blanks is not told (0)."""
        best = self._answer.argmax(axis=1)
        self._tops = self._answer[np.arange(len(best)), best]
        chance = np.zeros(len(best))
        told = np.flatnonzero(best != BLANK)
        if len(told):
            chance[told] = self._chances(told, best[told])
        return best, chance

    def of(self, start: int, end: int, classes: Sequence[int] | Classes) -> Floats:
        """The chances of some classes (steps, classes) at steps `start` to `end`."""
        steps = np.arange(start, end)
        return self._chances(steps[:, None], np.asarray(classes))

    def top(self, start: int, end: int, count: int) -> list[tuple[int, float]]:
        """The `count` likeliest classes at steps `start` to `end`, each with its highest chance."""
        answer = self._answer[start:end].max(axis=0)
        classes = np.argpartition(answer, -count)[-count:]
        chance = self.of(start, end, classes).max(axis=0)
        return [(int(classes[k]), float(chance[k])) for k in np.argsort(-chance, kind="stable")]

    def _chances(self, steps: Classes, classes: Classes) -> Floats:
        """The chances at steps and classes that go together as indices."""
        found = self._answer[steps, classes]
        if self._above is None:
            return np.asarray(found)
        for step in steps[np.isnan(self._above[steps])].tolist():
            logits = self._answer[step]
            top = self._tops[step] if self._tops is not None else logits.max()
            self._above[step] = top + np.log(np.exp(logits - top).sum())
        return np.asarray(np.exp(found - self._above[steps]), np.float32)
