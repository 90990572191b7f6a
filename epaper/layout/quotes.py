"""Pull-quotes: words of a story that stand inside it a second time, set apart.

What tells them is that the text around says the same: nearly every run of four characters
is found in one story's text again. Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from epaper.layout.chunks import Chunk, make_chunks
from epaper.layout.cues import ends_sentence
from epaper.layout.frame import Item
from epaper.layout.legends import TypeHabit
from epaper.model import Frame, Rule

_RUN = 4
# Characters of a quote, and its lines.
_SHORTEST, _LONGEST, _LINES = 8, 90, 8
# Share of its runs that the text has too, and that one chunk of the text has.
_SAID, _SAID_THERE = 0.8, 0.4
# Display type beyond this multiple of the body is that of headlines.
_LARGEST = 2.3


@dataclass(frozen=True, slots=True)
class Quote:
    """The quote's lines, and lines of the text that says the same."""

    chunk: Chunk
    said: Chunk


def find_quotes(
    chunks: Sequence[Chunk],
    display: Sequence[Item],
    habit: TypeHabit,
    rules: Sequence[Rule],
    frames: Sequence[Frame],
) -> list[Quote]:
    """Pull-quotes among the display lines and the chunks unlike body text."""
    large = [i for i in display if not i.across and i.size < _LARGEST * habit.size]
    small = [c for c in chunks if not c.rows and not c.subhead and _unlike(c, habit)]
    likely = [c for c in (*make_chunks(large, rules, frames), *small) if _may_be(c)]
    if not likely:
        return []
    texts = [c for c in chunks if len(c.items) > 2 and not c.rows and not _unlike(c, habit)]
    runs = [_runs(c.text) for c in texts]
    found = []
    for chunk in likely:
        own = _runs(chunk.text)
        shared = [len(own & r) / len(own) for r in runs]
        best = max(range(len(runs)), key=lambda k: shared[k], default=-1)
        if best < 0 or shared[best] < _SAID_THERE:
            continue
        near = [r for c, r in zip(texts, runs, strict=True) if c.frame == texts[best].frame]
        if len(own & set().union(*near)) >= _SAID * len(own):
            found.append(Quote(chunk, texts[best]))
    return found


def _may_be(chunk: Chunk) -> bool:
    """True for a few lines that say something: headlines do not end like sentences."""
    said = _plain(chunk.text)
    whole = ends_sentence(chunk.text) and chunk.text.rstrip()[-1] in "。！？…”」』"
    return whole and _SHORTEST <= len(said) <= _LONGEST and len(chunk.items) <= _LINES


def _unlike(chunk: Chunk, habit: TypeHabit) -> bool:
    other = bool(habit.face) and chunk.face != habit.face
    return other or abs(chunk.size / habit.size - 1) > 0.05 or chunk.items[0].line.bold


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _runs(text: str) -> set[str]:
    plain = _plain(text)
    return {plain[k : k + _RUN] for k in range(len(plain) - _RUN + 1)}
