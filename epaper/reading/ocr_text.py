"""Recognition: crops of lines to text, confidence and the place of every character."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.reading.engine import Engine, Network
from epaper.reading.ocr_chances import BLANK, Chances
from epaper.reading.ocr_marks import Offer, Sign, with_passed_over
from epaper.reading.ocr_runners import Floats
from epaper.reading.ocr_script import Forms, Variant, chosen, simplified_forms, variants
from epaper.reading.ocr_words import with_words

Image = NDArray[np.uint8]

# Lines are set this much narrower than they are: time goes by width, and the models know
# narrow letters from long lines that were squeezed to fit their training. The letters of
# columns lie on their backs, and are worse to tell when they are made lower.
SQUEEZE, SQUEEZE_DOWN = 0.6, 0.7
# Widths are drawn to multiples of this many pixels, so that runtimes meet few input shapes.
_STEP = 32
_MIN_WIDTH = 64
_MAX_WIDTH = 3200
# So many times as many lines of one width as are read together are worth it.
_MANY = 4
# The tone beside a crop that is narrower than its picture.
_MIDDLE = 128
_NUMERALS = "〇○一二三四五六七八九"
# The full stop of a column, whose ring looks like the sign of degrees when it lies.
_RING = re.compile(f"(?<=[\u3400-\u9fff”』」）])(?<![{_NUMERALS}十百零两兩度])°(?![0-9CF℃℉])")
_CIRCLE = re.compile(
    f"(?<=[{_NUMERALS}])○|(?<!^)○(?=[{_NUMERALS}])|^○(?=[{_NUMERALS}][{_NUMERALS}十百千萬万年月日])"
)
_KANA = re.compile("[\u3041-\u30fa]")


@dataclass(frozen=True, slots=True)
class Reading:
    """Text of one crop. `places` are the characters' centres, 0 to 1 along the crop.

    `variants` are those characters that have another form in the other Chinese script,
    `offers` marks that are in the text only if there is ink for them.
    """

    text: str
    confidence: float
    places: tuple[float, ...]
    scores: tuple[float, ...]
    variants: tuple[Variant, ...] = ()
    offers: tuple[Offer, ...] = ()


def recognise(crops: Sequence[Image], engine: Engine, squeezes: Sequence[float]) -> list[Reading]:
    """Reads RGB crops of single horizontal lines; answers stand in the order given.

    `squeezes` are the widths at which they are read over their own.
    """
    height = _input_height(engine)
    widths = [_width(c, height, by) for c, by in zip(crops, squeezes, strict=True)]
    # Looked up once: to find what was kept for so many characters takes its time.
    known, simplified = variants(engine.characters), simplified_forms(engine.characters)
    readings: dict[int, Reading] = {}

    def read(batch: Sequence[int]) -> None:
        wide = max(_MIN_WIDTH, widths[batch[0]])
        pictures = np.full((len(batch), height, wide, 3), _MIDDLE, np.uint8)
        for row, i in enumerate(batch):
            pictures[row, :, : widths[i]] = _drawn(crops[i], widths[i], height)

        def decode(answer: Floats) -> None:
            for row, i in enumerate(batch):
                chances = Chances(answer[row], engine.recognition.runner.logits)
                readings[i] = _decode(
                    chances, engine.characters, known, simplified, widths[i] / wide
                )

        engine.recognition.look(pictures, decode)

    with ThreadPoolExecutor(engine.recognition.streams) as pool:
        # A list, so that an error in a thread is raised here.
        list(pool.map(read, _batches(widths, engine.recognition)))
    return _in_one_script([readings[i] for i in range(len(crops))])


def _in_one_script(readings: Sequence[Reading]) -> list[Reading]:
    """Readings with doubtful forms of characters in the script of the page."""
    result = []
    for reading, changes in zip(readings, chosen([r.variants for r in readings]), strict=True):
        text, scores = list(reading.text), list(reading.scores)
        for change in changes:
            text[change.place] = change.other
            # Both forms stand for the same character: what spoke for either counts.
            scores[change.place] = change.score + change.chance
        result.append(
            replace(
                reading, text="".join(text), scores=tuple(scores), confidence=_confidence(scores)
            )
            if changes
            else reading
        )
    return result


def tidied(reading: Reading) -> Reading:
    """The reading with one code for each sign, and none given twice.

    The models know the dot of foreign names as Chinese and as Japanese set it, which look
    alike: without kana beside it, it is Chinese. A circle among numerals is a nought; a ring
    behind an ideograph that counts nothing is no degree but a full stop. The ring of ℃ may
    be read by itself, too.
    """
    text = _RING.sub("。", _CIRCLE.sub("〇", reading.text))
    if not _KANA.search(text):
        text = text.replace("・", "·")
    kept = [i for i in range(len(text)) if text[i : i + 2] not in {"°℃", "°℉"}]
    if text == reading.text and len(kept) == len(text):
        return reading
    return replace(
        reading,
        text="".join(text[i] for i in kept),
        places=tuple(reading.places[i] for i in kept),
        scores=tuple(reading.scores[i] for i in kept),
        variants=(),
    )


def _confidence(scores: Sequence[float]) -> float:
    return float(np.mean(scores)) if scores else 0.0


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


def _batches(widths: Sequence[int], network: Network) -> Iterator[list[int]]:
    """Indices in batches of one width, of as many lines as the network is best given."""
    order = sorted(range(len(widths)), key=lambda i: widths[i])
    for wide, same in itertools.groupby(order, key=lambda i: max(_MIN_WIDTH, widths[i])):
        indices = list(same)
        if network.batch:
            count = max(1, network.batch // wide)
            yield from (indices[k : k + count] for k in range(0, len(indices), count))
            continue
        # A network prepares itself for each new number of lines of a width: few are not worth it.
        count = network.together if len(indices) >= _MANY * network.together else 1
        whole = len(indices) - len(indices) % count
        yield from (indices[k : k + count] for k in range(0, whole, count))
        yield from ([k] for k in indices[whole:])


def _drawn(crop: Image, width: int, height: int) -> Image:
    how = cv2.INTER_AREA if crop.shape[0] > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (width, height), interpolation=how), np.uint8)


def _decode(
    chances: Chances,
    characters: tuple[str, ...],
    known: Forms,
    simplified: Sequence[str],
    filled: float,
) -> Reading:
    """Greedy CTC: best class a step, repeats merged, blanks (class 0) dropped.

    `filled` is the share of the steps that lie on the crop, not on its padding.
    """
    steps = max(1, round(len(chances) * filled))
    read = with_words(_signs(chances), chances, simplified)
    signs, offers = with_passed_over(read, chances, steps, characters)
    forms = [
        _variant(chances, sign, place, known, characters)
        for place, sign in enumerate(signs)
        if sign.index in known
    ]
    scores = tuple(sign.score for sign in signs)
    return Reading(
        "".join(characters[sign.index] for sign in signs),
        _confidence(scores),
        tuple(min(1.0, sign.centre / steps) for sign in signs),
        scores,
        tuple(forms),
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


def _variant(
    chances: Chances, sign: Sign, place: int, known: Forms, characters: tuple[str, ...]
) -> Variant:
    """A sign that was read, and its likeliest other form."""
    script, others = known[sign.index]
    own, *rest = chances.of(sign.start, sign.end, [sign.index, *others]).max(axis=0).tolist()
    chance = max(rest)
    other = characters[others[rest.index(chance)]]
    return Variant(place, script, own, other, chance, characters[sign.index])
