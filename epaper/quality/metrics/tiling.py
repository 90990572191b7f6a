"""Which characters of one text stand in another, in whatever order.

Greedy string tiling (M. J. Wise, 1993), with tile lengths halved from pass to pass
instead of searched one by one, so that a page takes milliseconds. Between tiles that
follow each other on both sides the rest is aligned by longest common subsequence:
what OCR misread costs single characters, not the fragments around them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import LCSseq

_TILES = (64, 32, 16, 8, 4)
_FREE = -1


@dataclass
class Tiling:
    """Two texts and, for each, the partner position of each character (-1: none)."""

    truth: str
    pred: str
    in_pred: list[int] = field(init=False)
    in_truth: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.in_pred = [_FREE] * len(self.truth)
        self.in_truth = [_FREE] * len(self.pred)

    @property
    def distance(self) -> int:
        """Edits that remain when pieces may stand in any order.

        A character without partner on either side is one edit; one on each side make one
        substitution, as in Levenshtein distance.
        """
        return max(self.in_pred.count(_FREE), self.in_truth.count(_FREE))

    def tile(self, truth: range | None = None, pred: range | None = None) -> None:
        """Pairs off free characters of the two ranges (the whole texts where None)."""
        truth = range(len(self.truth)) if truth is None else truth
        pred = range(len(self.pred)) if pred is None else pred
        for length in _TILES:
            self._tile_by(length, truth, pred)
        self._bridge(truth, pred)

    def _tile_by(self, length: int, truth: range, pred: range) -> None:
        windows: dict[str, list[int]] = defaultdict(list)
        for start in _free_windows(self.in_truth, pred, length):
            windows[self.pred[start : start + length]].append(start)
        position = truth.start
        while position + length <= truth.stop:
            key = self.truth[position : position + length]
            best_start, best_size = 0, 0
            for start in windows.get(key, ()):
                size = self._run(position, start, truth.stop, pred.stop)
                if size > best_size:
                    best_start, best_size = start, size
            if best_size >= length:
                self._link(position, best_start, best_size)
            position += max(best_size, 1) if best_size >= length else 1

    def _run(self, truth: int, pred: int, truth_stop: int, pred_stop: int) -> int:
        """Length of the equal, free run from these two positions on."""
        size = 0
        limit = min(truth_stop - truth, pred_stop - pred)
        while (
            size < limit
            and self.in_pred[truth + size] == _FREE
            and self.in_truth[pred + size] == _FREE
            and self.truth[truth + size] == self.pred[pred + size]
        ):
            size += 1
        return size

    def _link(self, truth: int, pred: int, size: int) -> None:
        for step in range(size):
            self.in_pred[truth + step] = pred + step
            self.in_truth[pred + step] = truth + step

    def _bridge(self, truth: range, pred: range) -> None:
        """Aligns each free stretch of the truth with the free stretch at the same place.

        The place is given by the tile before it, or where there is none after it.
        """
        for gap in _free_stretches(self.in_pred, truth):
            start = self._place(gap, truth, pred)
            if start is None:
                continue
            stop = start
            while stop < pred.stop and self.in_truth[stop] == _FREE:
                stop += 1
            first, second = self.truth[gap.start : gap.stop], self.pred[start:stop]
            for block in LCSseq.opcodes(first, second):
                if block.tag == "equal":
                    self._link(
                        gap.start + block.src_start,
                        start + block.dest_start,
                        block.src_end - block.src_start,
                    )

    def _place(self, gap: range, truth: range, pred: range) -> int | None:
        """Where in the output the stretch of the truth ought to begin."""
        if gap.start > truth.start:
            return self.in_pred[gap.start - 1] + 1
        if gap.stop < truth.stop:
            start = self.in_pred[gap.stop]
            while start > pred.start and self.in_truth[start - 1] == _FREE:
                start -= 1
            return start
        return pred.start


def _free_windows(partners: Sequence[int], within: range, length: int) -> Iterable[int]:
    """Starts of the windows of that length without any partnered character."""
    free = 0
    for position in within:
        free = free + 1 if partners[position] == _FREE else 0
        if free >= length:
            yield position - length + 1


def _free_stretches(partners: Sequence[int], within: range) -> list[range]:
    stretches: list[range] = []
    start: int | None = None
    for position in within:
        if partners[position] == _FREE:
            start = position if start is None else start
        elif start is not None:
            stretches.append(range(start, position))
            start = None
    if start is not None:
        stretches.append(range(start, within.stop))
    return stretches


def flex_distance(truth: str, pred: str) -> int:
    """Edits between two texts whose pieces may stand in any order."""
    tiling = Tiling(truth, pred)
    tiling.tile()
    return tiling.distance
