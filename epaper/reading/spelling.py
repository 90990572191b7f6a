"""The text of a line of glyphs, with the spaces that belong in it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.reading.chars import Glyphs
from epaper.reading.lines import Track, middle

_WORD_GAP = 0.11  # beyond letter-spacing, between Latin words set without space characters
_WIDE_GAP = 0.6  # a printed space in a headline


class Speller:
    """Spells lines of one orientation; plain lists, as lines are short and many."""

    def __init__(self, glyphs: Glyphs, chars: Track, tails: Mapping[int, str]) -> None:
        self._text = glyphs.text
        self._tails = tails
        self._place = dict(zip(chars.index.tolist(), range(len(chars.index)), strict=True))
        self._start, self._end = chars.start.tolist(), chars.end.tolist()
        self._size, self._blank = chars.size.tolist(), chars.blank.tolist()
        self._wide, self._letter = chars.wide.tolist(), chars.letter.tolist()

    def spell(self, run: NDArray[np.int64]) -> tuple[str, NDArray[np.int64]]:
        """Text of a line and, for each of its characters, the glyph that shows it.

        A printed blank or a gap out of keeping with the line becomes one space. The
        space points at the glyph before it, and so does text that the page cuts off.
        """
        inked = [(k, i) for k, i in enumerate(run.tolist()) if not self._blank[self._place[i]]]
        spaces = self._spaces(
            [self._place[i] for _, i in inked],
            [b - a > 1 for (a, _), (b, _) in itertools.pairwise(inked)],
        )
        text: list[str] = []
        shown: list[int] = []
        before = -1
        for (_, i), space in zip(inked, [False, *spaces], strict=True):
            if space:
                text.append(" ")
                shown.append(before)
            piece = self._text[i] + self._tails.get(i, "")
            text.append(piece)
            shown.extend([i] * len(piece))
            before = i
        return "".join(text), np.array(shown, dtype=np.int64)

    def _spaces(self, seen: Sequence[int], blank: list[bool]) -> list[bool]:
        """Where a space belongs between the glyphs of a line."""
        if not blank:
            return []
        pairs = list(itertools.pairwise(seen))
        gaps = [
            (self._start[b] - self._end[a]) / min(self._size[b], self._size[a]) for a, b in pairs
        ]
        wide = [self._wide[i] for i in seen]
        if all(blank) and len(blank) > 1 and all(wide) and max(gaps) - min(gaps) < 0.2:
            return [False] * len(blank)  # letter-spacing made of blanks
        usual = middle(gaps)
        latin = [not (self._wide[a] or self._wide[b]) for a, b in pairs]
        kerning = middle([gap for gap, is_latin in zip(gaps, latin, strict=True) if is_latin])
        chinese = sum(wide) > 0.2 * len(wide)
        spaces = []
        for k, gap in enumerate(gaps):
            if latin[k]:
                # Quotes and dashes of a Chinese line stand in em cells.
                apart = gap > kerning + _WORD_GAP and (not chinese or self._letter[seen[k + 1]])
            else:
                apart = gap > _WIDE_GAP and gap > usual + 0.5
                # A gap taken back by the next glyph is a displaced glyph, not a space.
                apart &= k + 1 == len(gaps) or gaps[k + 1] > -0.5
            spaces.append(blank[k] or apart)
        return spaces
