"""Pull-quotes: words of a story that stand inside it a second time, set apart.

What tells them is that the text around says the same: nearly every run of four characters
is found in one story's text again. Where the text says it in other words, or on another
page, small display type in one pair of quotation marks that fills its column tells them.
Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from epaper.layout.chunks import Chunk, face, make_chunks
from epaper.layout.cues import ends_sentence
from epaper.layout.frame import Item
from epaper.layout.legends import TypeHabit
from epaper.layout.wordings import goes_on
from epaper.model import Frame, Origin, Rule

_RUN = 4
# Characters of a quote, and its lines.
_SHORTEST, _LONGEST, _LINES = 8, 90, 8
# Share of its runs that the text has too, and that one chunk of the text has.
_SAID, _SAID_THERE = 0.8, 0.4
# Display type beyond this multiple of the body is that of headlines.
_LARGEST = 2.3
# A quote that the text does not repeat is no larger than this, says so much at least, and
# its rows but the last leave no more than this free, em.
_PLAIN, _WHOLE, _FREE = 1.75, 12, 1.6
_OPENING, _CLOSING = "“「『", "”」』"


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
    # A row read from ink may be measured smaller than the one over it.
    rows = [c for c in small if large and len(c.items) == 1 and _from_ink(c)]
    large += [c.items[0] for c in rows]
    small = [c for c in small if not any(c is row for row in rows)]
    likely = [c for c in (*make_chunks(large, rules, frames), *small) if _may_be(c)]
    # Nor is it a quote that goes on from the lines over it, whose ink is blacker.
    likely = [c for c in likely if not any(goes_on(other, c) for other in chunks)]
    if not likely:
        return []
    texts = [c for c in chunks if len(c.items) > 1 and not c.rows and not _unlike(c, habit)]
    runs = [_runs(c.text) for c in texts]
    found = []
    for chunk in likely:
        own = _runs(chunk.text)
        shared = [len(own & r) / len(own) for r in runs]
        most = max(shared, default=0.0)
        # Where several stories say the same, it is the one beside.
        alike = [c for c, s in zip(texts, shared, strict=True) if most >= _SAID_THERE and s == most]
        said = _nearest(chunk, alike) or next(iter(alike), None)
        near = [r for c, r in zip(texts, runs, strict=True) if said and c.frame == said.frame]
        if said and len(own & set().union(*near)) >= _SAID * len(own):
            found.append(Quote(chunk, said))
        elif _is_quoted(chunk, habit) and (beside := _nearest(chunk, texts)) is not None:
            found.append(Quote(chunk, beside))
    return found


def _is_quoted(chunk: Chunk, habit: TypeHabit) -> bool:
    """True for rows of small display type, full but for the last, in quotation marks as a whole."""
    said = chunk.text.strip()
    full = all(chunk.box.x1 - i.box.x1 < _FREE * i.size for i in chunk.items[:-1])
    flush = all(i.box.x0 - chunk.box.x0 < _FREE * i.size for i in chunk.items)
    inner = said[1:-1]
    level = 0
    for char in inner:
        level += (char in _OPENING) - (char in _CLOSING)
        if level < 0:
            return False
    return (
        len(chunk.items) > 1
        and chunk.size < _PLAIN * habit.size
        and len(_plain(said)) >= _WHOLE
        and said[0] in _OPENING
        and said[-1] in _CLOSING
        and full
        and flush
    )


def _nearest(chunk: Chunk, texts: Sequence[Chunk]) -> Chunk | None:
    """The text nearest to a quote: of its own column first, that above before that below."""

    def away(text: Chunk) -> tuple[bool, float]:
        box = text.box
        over = box.overlap_x(chunk.box) > 0.5 * min(box.width, chunk.box.width)
        high = max(chunk.box.y0 - box.y1, 2 * (box.y0 - chunk.box.y1), 0.0)
        return not over, high + max(0.0, -box.overlap_x(chunk.box))

    own = [text for text in texts if text.frame == chunk.frame]
    return min(own, key=away, default=None)


def _may_be(chunk: Chunk) -> bool:
    """True for a few lines that say something: headlines do not end like sentences."""
    said = _plain(chunk.text)
    whole = ends_sentence(chunk.text) and chunk.text.rstrip()[-1] in "。！？…”」』"
    return whole and _SHORTEST <= len(said) <= _LONGEST and len(chunk.items) <= _LINES


def _unlike(chunk: Chunk, habit: TypeHabit) -> bool:
    """True for a chunk in other type than text; a story's lead may begin it in another face."""
    alike = sum(len(i.text) for i in chunk.items if face(i) == habit.face)
    other = bool(habit.face) and chunk.face != habit.face and 2 * alike < chunk.characters
    first = chunk.items[0]
    bold = first.line.bold and not (habit.face and face(first) == habit.face)
    return other or abs(chunk.size / habit.size - 1) > 0.05 or bold


def _from_ink(chunk: Chunk) -> bool:
    return chunk.items[0].line.origin is Origin.OCR


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _runs(text: str) -> set[str]:
    plain = _plain(text)
    return {plain[k : k + _RUN] for k in range(len(plain) - _RUN + 1)}
