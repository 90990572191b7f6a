"""What recognition sees of crops of lines: signs in their places, each with what else it may be.

What it is taken for is decided when all of the page has been seen (`ocr_text`).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.reading.engine import Engine, Network
from epaper.reading.ocr_chances import BLANK, Chances, Classes
from epaper.reading.ocr_marks import Offer, Sign, mark_classes, with_passed_over
from epaper.reading.ocr_runners import Floats
from epaper.reading.ocr_script import Forms, variants

Image = NDArray[np.uint8]

# Characters seen with less are in doubt: of them so many other classes are told, down to
# such a chance.
DOUBTED = 0.9
_MOST, _LEAST = 8, 0.002
# Widths are drawn to multiples of this many pixels, so that runtimes meet few input shapes.
_STEP = 32
_MIN_WIDTH = 64
_MAX_WIDTH = 3200
# A network prepares itself for each new width; in that time it reads so many pixels of lines.
_PREPARED = 600
# Lines are drawn wider, to the width of others, where theirs is at least this share of it.
_NEARLY = 0.8
# The tone beside a crop that is narrower than its picture.
_MIDDLE = 128


@dataclass(frozen=True, slots=True)
class Seen:
    """One character: its class, its centre (0 to 1 along the crop) and its chance.

    `chances` are those of this class, of the other forms of the character and, where it is in
    doubt, of the likeliest other classes.
    """

    index: int
    place: float
    score: float
    chances: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Sight:
    """One crop: its characters, and `offers`, marks that are there only if ink shows them."""

    signs: tuple[Seen, ...]
    offers: tuple[Offer, ...] = ()

    @property
    def confidence(self) -> float:
        """The mean chance of the characters, 0 to 1."""
        return float(np.mean([sign.score for sign in self.signs])) if self.signs else 0.0


def look(crops: Sequence[Image], engine: Engine, squeezes: Sequence[float]) -> list[Sight]:
    """Sees RGB crops of single horizontal lines; answers stand in the order given.

    `squeezes` are the widths at which they are drawn over their own, or little less than those.
    """
    height = _input_height(engine)
    widths = [_width(c, height, by) for c, by in zip(crops, squeezes, strict=True)]
    # Looked up once: to find what was kept for so many characters takes its time.
    known = _Known(engine.characters, variants(engine.characters), mark_classes(engine.characters))
    found: dict[int, Sight] = {}

    def see(shared: tuple[int, Sequence[int]]) -> None:
        wide, batch = shared
        drawn = [widths[i] if widths[i] < _MIN_WIDTH else wide for i in batch]
        pictures = np.full((len(batch), height, wide, 3), _MIDDLE, np.uint8)
        for picture, i, width in zip(pictures, batch, drawn, strict=True):
            picture[:, :width] = _drawn(crops[i], width, height)

        def decode(answer: Floats) -> None:
            for seen, i, width in zip(answer, batch, drawn, strict=True):
                chances = Chances(seen, engine.recognition.runner.logits)
                found[i] = _decode(chances, known, width / wide)

        engine.recognition.look(pictures, decode)

    with ThreadPoolExecutor(engine.recognition.streams) as pool:
        # A list, so that an error in a thread is raised here.
        list(pool.map(see, _batches(widths, engine.recognition)))
    return [found[i] for i in range(len(crops))]


def _input_height(engine: Engine) -> int:
    ops = engine.recognition.config["PreProcess"]["transform_ops"]
    shape = next(op["RecResizeImg"]["image_shape"] for op in ops if "RecResizeImg" in op)
    return int(shape[1])


def _width(crop: Image, height: int, squeeze: float) -> int:
    """Pixels of width a crop is read at."""
    natural = squeeze * height * int(crop.shape[1]) / int(crop.shape[0])
    if natural < _MIN_WIDTH:
        return max(8, math.ceil(natural))
    return min(_MAX_WIDTH, round(natural / _STEP) * _STEP)


def _batches(widths: Sequence[int], network: Network) -> Iterator[tuple[int, list[int]]]:
    """Lines that are read together, as indices, and their pictures' width; wide ones first."""
    order = sorted(range(len(widths)), key=lambda i: -widths[i])
    wide = [max(_MIN_WIDTH, widths[i]) for i in order]
    if network.together > 1:
        wide = _fewer(wide)
    while order:
        most = network.batch // wide[0] if network.batch else network.together
        count = sum(width >= _NEARLY * wide[0] for width in wide[: max(1, most)])
        yield wide[0], order[:count]
        order, wide = order[count:], wide[count:]


def _fewer(widths: Sequence[int]) -> list[int]:
    """Widths, the largest first, made larger where that costs less than one more of them."""
    found: list[int] = []
    spare = 0
    for width, same in itertools.groupby(widths):
        count = len(list(same))
        wide = found[-1] if found else width
        spare += count * (wide - width)
        if spare > _PREPARED or width < _NEARLY * wide:
            wide, spare = width, 0
        found += [wide] * count
    return found


def _drawn(crop: Image, width: int, height: int) -> Image:
    how = cv2.INTER_AREA if crop.shape[0] > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (width, height), interpolation=how), np.uint8)


@dataclass(frozen=True, slots=True)
class _Known:
    """The recogniser's classes: their characters, those with other forms, and marks."""

    characters: tuple[str, ...]
    forms: Forms
    marks: Classes


def _decode(chances: Chances, known: _Known, filled: float) -> Sight:
    """Greedy CTC: best class a step, repeats merged, blanks (class 0) dropped.

    `filled` is the share of the steps that lie on the crop, not on its padding.
    """
    steps = max(1, round(len(chances) * filled))
    characters = known.characters
    signs, offers = with_passed_over(_signs(chances), chances, steps, characters, known.marks)
    return Sight(
        tuple(
            Seen(sign.index, min(1.0, sign.centre / steps), sign.score, told)
            for sign in signs
            for told in [_told(sign, chances, known.forms)]
        ),
        tuple(Offer(sign.centre / steps, characters[sign.index]) for sign in offers),
    )


def _signs(chances: Chances) -> list[Sign]:
    best, score = chances.best()
    ends = [*(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    signs = []
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        if best[start] != BLANK:
            weights = score[start:end]
            centre = float(weights @ (np.arange(start, end) + 0.5) / weights.sum())
            signs.append(Sign(int(best[start]), start, end, centre, float(weights.max())))
    return signs


def _told(sign: Sign, chances: Chances, known: Forms) -> Mapping[int, float]:
    """The chances of a sign's class and of what else it may be."""
    told = {sign.index: sign.score}
    if sign.score < DOUBTED:
        for index, chance in chances.top(sign.start, sign.end, _MOST):
            if index != BLANK and chance > _LEAST:
                told.setdefault(index, chance)
    others = (known[index] for index in told if index in known)
    forms = [o for form in others for _, own in form for o in own if o not in told]
    if forms:
        seen = chances.of(sign.start, sign.end, forms).max(axis=0)
        told |= dict(zip(forms, seen.tolist(), strict=True))
    return told
