"""The text of a line of glyphs, with the spaces that belong in it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.reading.chars import Glyphs
from epaper.reading.lines import pieces
from epaper.reading.tracks import Track, middle

_WORD_GAP = 0.11  # beyond letter-spacing, between Latin words set without space characters
_WIDE_GAP = 0.6  # a printed space in a headline
_DISPLACED = 1.15  # before a last glyph that a fallback font has set off


class Speller:
    """Spells lines of one orientation; plain lists, as lines are short and many."""

    def __init__(self, glyphs: Glyphs, chars: Track, tails: Mapping[int, str]) -> None:
        self._text = glyphs.text
        self._tails = tails
        self._chars = chars
        self._start, self._end = chars.start.tolist(), chars.end.tolist()
        self._size, self._blank = chars.size.tolist(), chars.blank.tolist()
        self._wide, self._letter = chars.wide.tolist(), chars.letter.tolist()
        self._odd = ~chars.wide | chars.blank | np.isin(chars.index, list(tails))
        self._odd |= np.array([len(sign) != 1 for sign in chars.text], dtype=np.bool_)

    def spell(self, runs: Sequence[NDArray[np.int64]]) -> list[tuple[str, NDArray[np.int64]]]:
        """Text of each line and, for each of its characters, the glyph that shows it.

        `runs` are lines as glyphs of the page. A printed blank or a gap out of keeping with
        the line becomes one space. The space points at the glyph before it, and so does
        text that the page cuts off.
        """
        if not runs:
            return []
        seen = np.searchsorted(self._chars.index, np.concatenate(runs))
        stops = np.cumsum([len(run) for run in runs])
        plain = self._plain(seen, stops)
        parts = pieces(seen, stops[:-1].tolist())
        return [
            ("".join([self._text[i] for i in run.tolist()]), run)
            if is_plain
            else self._spelt(run.tolist(), part.tolist())
            for run, part, is_plain in zip(runs, parts, plain.tolist(), strict=True)
        ]

    def _plain(self, seen: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which lines hold nothing but single full-width characters, closely set.

        `seen` are the lines' glyphs one after the other, `stops` where each line ends.
        """
        chars = self._chars
        first = np.concatenate([[0], stops[:-1]])
        size = np.minimum(chars.size[seen[1:]], chars.size[seen[:-1]])
        apart = np.zeros(len(seen), dtype=np.bool_)
        apart[1:] = (chars.start[seen[1:]] - chars.end[seen[:-1]]) / size > _WIDE_GAP
        apart[first] = False
        return ~np.logical_or.reduceat(apart | self._odd[seen], first)

    def _spelt(self, run: list[int], seen: list[int]) -> tuple[str, NDArray[np.int64]]:
        inked = [k for k, place in enumerate(seen) if not self._blank[place]]
        spaces = self._spaces(
            [seen[k] for k in inked], [b - a > 1 for a, b in itertools.pairwise(inked)]
        )
        text: list[str] = []
        shown: list[int] = []
        before = -1
        for k, space in zip(inked, [False, *spaces], strict=True):
            if space:
                text.append(" ")
                shown.append(before)
            piece = self._text[run[k]] + self._tails.get(run[k], "")
            text.append(piece)
            shown.extend([run[k]] * len(piece))
            before = run[k]
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
                # A gap taken back by the next glyph is a displaced glyph, not a space; so is one
                # of an em before the last glyph.
                last = k + 1 == len(gaps)
                apart &= gap > _DISPLACED if last and k else (last or gaps[k + 1] > -0.5)
            spaces.append(blank[k] or apart)
        return spaces
