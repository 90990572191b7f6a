"""What was seen of the lines of a page as text: the words and the script of the page choose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from epaper.reading.ocr_marks import Offer
from epaper.reading.ocr_script import (
    Forms,
    Script,
    Variant,
    chosen,
    foreign,
    simplified_forms,
    sure_scripts,
    variants,
)
from epaper.reading.ocr_sight import Seen, Sight
from epaper.reading.ocr_words import language, of_page, with_words

_NUMERALS = "〇○一二三四五六七八九"
# The full stop of a column, whose ring looks like the sign of degrees when it lies.
_RING = re.compile(f"(?<=[\u3400-\u9fff”』」）%％℃])(?<![{_NUMERALS}十百零两兩度])°(?![CF℃℉])")
_CIRCLE = re.compile(
    f"(?<=[{_NUMERALS}])○|(?<!^)○(?=[{_NUMERALS}])|^○(?=[{_NUMERALS}][{_NUMERALS}十百千萬万年月日])"
)
_KANA = re.compile("[\u3041-\u30fa]")


@dataclass(frozen=True, slots=True)
class Reading:
    """Text of one crop. `places` are the characters' centres, 0 to 1 along the crop.

    `offers` are marks that are in the text only if there is ink for them.
    """

    text: str
    confidence: float
    places: tuple[float, ...]
    scores: tuple[float, ...]
    offers: tuple[Offer, ...] = ()


def read(sights: Sequence[Sight], characters: tuple[str, ...]) -> list[Reading]:
    """The lines of a page as text; `characters` are those of the recogniser's classes."""
    simplified = simplified_forms(characters)
    known = of_page(language(), [sight.signs for sight in sights], simplified)
    forms = variants(characters)
    scripts = [sure_scripts(((s.index, s.score) for s in x.signs), forms) for x in sights]
    page = sum(scripts, Counter[Script]())
    due = foreign(page, forms)
    lines = [
        with_words(sight.signs, simplified, known, {} if _foreign(own, page) else due)
        for sight, own in zip(sights, scripts, strict=True)
    ]
    changes = chosen([_variants(line, forms, characters) for line in lines])
    return [
        _reading(line, sight, of_line, characters)
        for line, sight, of_line in zip(lines, sights, changes, strict=True)
    ]


def _foreign(line: Counter[Script], page: Counter[Script]) -> bool:
    """True for a line that surely stands in the lesser script of its page."""
    one, other = Script
    return (line[one] - line[other]) * (page[one] - page[other]) < 0


def _reading(
    signs: Sequence[Seen], sight: Sight, changes: Sequence[Variant], characters: tuple[str, ...]
) -> Reading:
    """The signs of a line as text, doubtful forms of characters in the script of the page."""
    text, scores = [characters[s.index] for s in signs], [s.score for s in signs]
    for change in changes:
        text[change.place] = change.other
        # Both forms stand for the same character: what spoke for either counts.
        scores[change.place] = change.score + change.chance
    return Reading(
        "".join(text),
        float(np.mean(scores)) if scores else 0.0,
        tuple(s.place for s in signs),
        tuple(scores),
        sight.offers,
    )


def _variants(signs: Sequence[Seen], known: Forms, characters: tuple[str, ...]) -> list[Variant]:
    """Those signs of a line that have another form, with the likeliest of those."""
    found = []
    for place, sign in enumerate(signs):
        for script, others in known.get(sign.index, ()):
            other = max(others, key=lambda index: sign.chances.get(index, 0.0))
            found.append(
                Variant(
                    place,
                    script,
                    sign.chances.get(sign.index, sign.score),
                    characters[other],
                    sign.chances.get(other, 0.0),
                    characters[sign.index],
                )
            )
    return found


def tidied(reading: Reading) -> Reading:
    """The reading with one code for each sign, and none given twice.

    The models know the dot of foreign names as Chinese and as Japanese set it, which look
    alike: without kana beside it, it is Chinese. A circle among numerals is a nought; a ring
    behind an ideograph that counts nothing, or a sign of a measure, is no degree but a full
    stop. The ring of ℃ may be read by itself, too.
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
    )
