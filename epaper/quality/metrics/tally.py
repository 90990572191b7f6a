"""Counting right, wanted and invented items of one field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """`right` of the `wanted` items of the truth; `extra` items it does not have."""

    right: int = 0
    wanted: int = 0
    extra: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wanted + other.wanted, self.extra + other.extra)

    @property
    def accuracy(self) -> float | None:
        """Share of the wanted items that are right; None where none is wanted."""
        return self.right / self.wanted if self.wanted else None


def total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def single(truth: str, pred: str, right: bool) -> Tally:
    """The tally of a field that an article has once or not at all."""
    if not truth:
        return Tally(extra=int(bool(pred)))
    return Tally(right=int(right), wanted=1)
