"""Which chunks are the words under a picture.

Evidence is added up for each pair of chunk and picture: place, width, type unlike the
body's, a photographer's credit. Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from epaper.geometry import Box
from epaper.layout.chunks import Chunk, face
from epaper.layout.cues import CREDIT
from epaper.model import Picture, WritingMode

# Evidence a chunk needs to count as a caption.
_ENOUGH = 1.5


@dataclass(frozen=True, slots=True)
class CaptionLink:
    """Chunk `chunk` is the caption of picture `picture` (indices)."""

    chunk: int
    picture: int
    score: float

    @property
    def confidence(self) -> float:
        return float(1 / (1 + np.exp(-1.2 * (self.score - _ENOUGH + 0.6))))


@dataclass(frozen=True, slots=True)
class TypeHabit:
    """The page's body type: em in pixels, usual font, usual column width in pixels."""

    size: float
    face: str
    widths: tuple[float, ...]

    def common_width(self, width: float) -> bool:
        return any(abs(width - usual) < 0.8 * self.size for usual in self.widths)


def type_habit(chunks: Sequence[Chunk], body: float) -> TypeHabit:
    """Font and column widths of the chunks in body type."""
    fonts: dict[str, int] = {}
    widths: dict[float, int] = {}
    for chunk in chunks:
        if abs(chunk.size / body - 1) < 0.08:
            for item in chunk.items:
                fonts[face(item)] = fonts.get(face(item), 0) + len(item.text)
            if len(chunk.items) >= 4:
                width = round(chunk.box.width / body)
                widths[width] = widths.get(width, 0) + len(chunk.items)
    total = sum(widths.values()) or 1
    usual = tuple(w * body for w, n in widths.items() if n / total > 0.15)
    return TypeHabit(body, max(fonts, key=lambda f: fonts[f]) if fonts else "", usual)


def find_captions(
    chunks: Sequence[Chunk],
    pictures: Sequence[Picture],
    habit: TypeHabit,
    mode: WritingMode,
) -> list[CaptionLink]:
    """At most one picture for each chunk, the best first; several chunks a picture may be."""
    links = []
    for k, chunk in enumerate(chunks):
        scored = [
            CaptionLink(k, p, _score(chunk, picture, chunks, habit, mode))
            for p, picture in enumerate(pictures)
        ]
        best = max(scored, key=lambda link: link.score, default=None)
        if best is not None and best.score >= _ENOUGH:
            links.append(best)
    return links + _credits(links, chunks, habit)


def _credits(
    links: Sequence[CaptionLink], chunks: Sequence[Chunk], habit: TypeHabit
) -> list[CaptionLink]:
    """Credits and ends of lines that stand right under a caption or on its last line."""
    taken = {link.chunk for link in links}
    found = []
    for k, chunk in enumerate(chunks):
        if k in taken or len(chunk.items) > 2:
            continue
        credit = bool(CREDIT.search(chunk.text))
        for link in links:
            words = chunks[link.chunk].box
            under = credit and -0.6 * habit.size < chunk.box.y0 - words.y1 < 1.6 * habit.size
            level = chunk.box.overlap_y(words) > 0.6 * chunk.box.height
            if (under or level) and chunk.box.overlap_x(
                words.grown(2 * habit.size)
            ) > 0.8 * chunk.box.width:
                found.append(CaptionLink(k, link.picture, link.score))
                break
    return found


def _score(
    chunk: Chunk,
    picture: Picture,
    chunks: Sequence[Chunk],
    habit: TypeHabit,
    mode: WritingMode,
) -> float:
    place = _place(chunk.box, picture.box, habit.size, mode)
    if place is None:
        return -np.inf
    score = place
    if CREDIT.search(chunk.text):
        score += 3.0
    if chunk.face != habit.face and habit.face:
        score += 1.2
    if chunk.size < 0.965 * habit.size:
        score += 1.0
    if chunk.size > 1.25 * habit.size:
        score -= 2.0
    if abs(chunk.box.width - picture.box.width) < 2.5 * habit.size:
        score += 0.4 if habit.common_width(picture.box.width) else 1.2
    score += 0.3 if len(chunk.items) <= 6 else -2.0
    if _runs_on(chunk, chunks):
        score -= 2.0
    return score


def _place(box: Box, picture: Box, em: float, mode: WritingMode) -> float | None:
    """How well a place suits a caption: under, over, beside or inside the picture.

    The reading frame is turned for vertical setting, where captions stand left of the
    picture or still under it; every side counts there alike.
    """
    if box.share_in(picture) > 0.7:
        return 1.2
    below, above = box.y0 - picture.y1, picture.y0 - box.y1
    if box.overlap_x(picture) > 0.85 * box.width:
        if -0.8 * em < below < 2.2 * em:
            return 0.6 - 0.2 * max(0.0, below) / em
        if -0.8 * em < above < 1.2 * em:
            return 0.2 if mode is WritingMode.VERTICAL else -0.8
    aside = -box.overlap_x(picture)
    if box.overlap_y(picture) > 0.85 * box.height and -0.5 * em < aside < 1.8 * em:
        return 0.2 if mode is WritingMode.VERTICAL else -0.4
    return None


def _runs_on(chunk: Chunk, chunks: Sequence[Chunk]) -> bool:
    """True if the chunk looks like body that a picture interrupts: same type, same
    column, continued below or begun above in mid-sentence."""
    for other in chunks:
        if other is chunk or abs(other.size / chunk.size - 1) > 0.03 or other.face != chunk.face:
            continue
        same = abs(other.box.x0 - chunk.box.x0) < chunk.size and (
            abs(other.box.x1 - chunk.box.x1) < chunk.size
        )
        if same and other.box.y1 <= chunk.box.y0 and other.open_end and not chunk.indented:
            return True
        if same and 0 < other.box.y0 - chunk.box.y1 < 2 * chunk.size and chunk.open_end:
            return True
    return False
