"""What can be said of a converted page without knowing what it should be."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from epaper.model import Line, Origin, Page, Role

# Share of characters read wrongly by the confidence of their line, measured against truth on
# scans from good to hardly legible (`python -m tests.bench.confidence`): from each
# confidence on, up to the next.
ERRORS = (
    (0.0, 0.75), (0.6, 0.55), (0.7, 0.36), (0.8, 0.27), (0.85, 0.19),
    (0.9, 0.10), (0.95, 0.047), (0.98, 0.03), (0.99, 0.0045),
)  # fmt: skip
# Below this a line is weak.
WEAK = 0.8


@dataclass(frozen=True, slots=True)
class Measures:
    """A page in figures.

    `characters` are all that were read, `ocr` those by OCR, `weak` those of them read
    with little confidence; `confidence` is the mean of OCR, `errors` the characters that
    are likely wrong. `headless` stories have no headline, `orphans` are blocks in no
    story. `membership` is how sure the stories are put together. `doubts` counts them by
    code.
    """

    paper: str = ""
    date: str = ""
    number: str = ""
    characters: int = 0
    ocr: int = 0
    weak: int = 0
    confidence: float | None = None
    errors: float = 0.0
    stories: int = 0
    headless: int = 0
    adverts: int = 0
    orphans: int = 0
    pictures: int = 0
    captions: int = 0
    membership: float = 1.0
    coverage: float = 1.0
    doubts: dict[str, int] = field(default_factory=dict)

    @property
    def error_rate(self) -> float:
        """Share of the characters that are likely wrong, 0 to 1."""
        return self.errors / self.characters if self.characters else 0.0

    @property
    def trouble(self) -> float:
        """Share of the text that is likely not right or not in its story, 0 to 1.

        A page on which nothing was read is all trouble.
        """
        if not self.characters:
            return 1.0
        return 1 - (1 - self.error_rate) * self.coverage * self.membership


def measure(page: Page) -> Measures:
    """The figures of a page."""
    read = [line for line in page.lines if line.origin is Origin.OCR]
    ocr = _characters(read)
    stories = [article for article in page.articles if not article.advert]
    sizes = [sum(len(paragraph.text) for paragraph in story.paragraphs) for story in stories]
    sure = sum(story.membership * size for story, size in zip(stories, sizes, strict=True))
    return Measures(
        paper=page.facts.paper,
        date=page.facts.date,
        number=page.facts.page_number,
        characters=_characters(page.lines),
        ocr=ocr,
        weak=_characters([line for line in read if line.confidence < WEAK]),
        confidence=sum(line.confidence * len(line.text) for line in read) / ocr if ocr else None,
        errors=sum(_error(line.confidence) * len(line.text) for line in read),
        stories=len(stories),
        headless=sum(not story.headline() for story in stories),
        adverts=len(page.articles) - len(stories),
        orphans=sum(block.role is Role.FURNITURE for block in page.blocks),
        pictures=len(page.pictures),
        captions=sum(len(story.captions) for story in stories),
        membership=sure / sum(sizes) if sum(sizes) else 1.0,
        coverage=page.coverage,
        doubts=dict(Counter(doubt.code for doubt in page.doubts)),
    )


def _characters(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _error(confidence: float) -> float:
    """Share of a line's characters that are likely wrong."""
    return ERRORS[max(0, bisect_right(ERRORS, (confidence, 1.0)) - 1)][1]
