"""Several looks at one line: what most of them say, character by character.

The looks are aligned by place and by what they offer, and the chances are added, as in ROVER
(Fiscus, "A post-processing system to yield reduced word error rates", 1997).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from epaper.reading.ocr_sight import Seen, Sight

Floats = NDArray[np.float64]

# The first look has so many votes, each other one; a character that has a smaller share of
# them is none.
_FIRST, _KEPT = 2.0, 0.3
# What it costs to take two characters for one: their distance in that of the line's letters, and
# more where neither is offered for the other; farther apart they are two. What it costs that one
# look has a character and the other has not.
_OFFERED, _OTHER, _FARTHEST, _ALONE = 0.15, 0.3, 0.9, 0.6


@dataclass(slots=True)
class _Slot:
    """A place on the line: the votes for there being a character, and for each class."""

    place: float
    votes: float
    chances: dict[int, float] = field(default_factory=dict)

    def add(self, sign: Seen, votes: float) -> None:
        total = self.votes + votes
        self.place = (self.place * self.votes + sign.place * votes) / total
        self.votes = total
        for index, chance in sign.chances.items():
            self.chances[index] = self.chances.get(index, 0.0) + votes * chance

    @property
    def best(self) -> int:
        return max(self.chances, key=self.chances.__getitem__)


def voted(first: Sight, others: Sequence[Sight]) -> Sight:
    """What looks at one line see together; all that the `first` saw is there, and its offers."""
    pitch = _pitch(first)
    slots: list[_Slot] = []
    for number, sight in enumerate([first, *others]):
        votes = 1.0 if number else _FIRST
        fresh = []
        for slot, sign in _aligned(slots, sight.signs, pitch):
            if slot is None:
                fresh.append(_Slot(sign.place, 0.0))
            (slot or fresh[-1]).add(sign, votes)
        slots = sorted([*slots, *fresh], key=lambda slot: slot.place)
    total = _FIRST + len(others)
    return Sight(
        tuple(_seen(slot, total) for slot in slots if slot.votes >= _KEPT * total), first.offers
    )


def _seen(slot: _Slot, total: float) -> Seen:
    chances = {index: chance / total for index, chance in slot.chances.items()}
    return Seen(slot.best, slot.place, chances[slot.best], chances)


def _pitch(sight: Sight) -> float:
    """How far apart the letters of a line stand, as a share of it."""
    places = [sign.place for sign in sight.signs]
    return max(float(np.median(np.diff(places))), 1e-3) if len(places) > 1 else 1.0


def _aligned(
    slots: Sequence[_Slot], signs: Sequence[Seen], pitch: float
) -> Iterator[tuple[_Slot | None, Seen]]:
    """Each sign with the slot that it belongs to: the cheapest way to pair them in their order."""
    costs = [[_cost(slot, sign, pitch) for sign in signs] for slot in slots]
    sums: Floats = np.zeros((len(slots) + 1, len(signs) + 1))
    sums[:, 0] = np.arange(len(slots) + 1) * _ALONE
    sums[0] = np.arange(len(signs) + 1) * _ALONE
    for i in range(len(slots)):
        for k in range(len(signs)):
            alone = min(sums[i, k + 1], sums[i + 1, k]) + _ALONE
            sums[i + 1, k + 1] = min(sums[i, k] + costs[i][k], alone)
    i, k = len(slots), len(signs)
    while k:
        if i and sums[i, k] == sums[i - 1, k - 1] + costs[i - 1][k - 1]:
            i, k = i - 1, k - 1
            yield slots[i], signs[k]
        elif i and sums[i, k] == sums[i - 1, k] + _ALONE:
            i -= 1
        else:
            k -= 1
            yield None, signs[k]


def _cost(slot: _Slot, sign: Seen, pitch: float) -> float:
    """What it costs to take a sign for the character of a slot."""
    away = abs(slot.place - sign.place) / pitch
    if away >= _FARTHEST:
        return 2 * _ALONE
    if slot.best == sign.index:
        return away
    offered = sign.index in slot.chances or slot.best in sign.chances
    return away + (_OFFERED if offered else _OTHER)
