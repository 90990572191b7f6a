"""Dirt and strokes of drawings that were read as a letter or two: no stories.

They are left to the page's furniture, where they can be seen; no story has so few words.
"""

from __future__ import annotations

from collections.abc import Iterable

from epaper.layout.story import Story
from epaper.model import Origin

# A story without a headline has more signs than this; a headline without text has more, or is
# read more surely. A few words read so badly are none.
_FEW, _FEW_SURE, _SURE = 2, 3, 0.95
_DOUBTFUL, _LITTLE = 0.65, 20


def without_scraps(stories: Iterable[Story]) -> list[Story]:
    """The stories without those that are specks or strokes read as letters."""
    return [story for story in stories if not _is_scrap(story)]


def _is_scrap(story: Story) -> bool:
    lines = story.lines
    if not lines or story.captions or any(line.origin is not Origin.OCR for line in lines):
        return False
    signs = sum(char.isalnum() for line in lines for char in line.text)
    if story.heading and not story.nodes:
        doubted = min(line.confidence for line in lines) < _SURE
        return signs <= 1 or (signs <= _FEW_SURE and doubted)
    if story.heading:
        return False
    read = sum(line.confidence * len(line.text) for line in lines)
    poor = read < _DOUBTFUL * sum(len(line.text) for line in lines)
    return signs <= _FEW or (poor and signs <= _LITTLE)
