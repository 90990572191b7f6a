"""Lines that were read with doubt, looked at again in several ways, which then vote.

Where lines all but touch, the edges of the next ones lead recognition astray; letters of columns,
which lie on their backs, may be known better when they are set upright; soft strokes, when they are
made crisp.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from epaper.abreast import abreast
from epaper.reading.engine import Engine
from epaper.reading.ocr_crops import Strip, Upright, crop_of, set_upright, sharpened
from epaper.reading.ocr_measure import ideograph
from epaper.reading.ocr_sight import Seen, Sight, look
from epaper.reading.ocr_votes import voted

Image = NDArray[np.uint8]

# Lines seen with less are in doubt; from so much on, the first look leads all the same. Those with
# Latin letters are kept as they are seen wider from so much on. A look as sure as the last leads.
_DOUBTED, _LEADS, _SURE, _SUREST = 0.95, 0.8, 0.9, 0.97
# How near the lines beside are let into a picture, in the line's width, and whether its strokes
# are sharpened.
_LOOKS = ((0.08, False), (0.04, False), (0.12, True))
_CLOSEST = 0.04
# Lines in doubt are drawn so much narrower yet.
_NARROWER = 0.85
# Latin letters are narrow already; of two alike (tt, ww), squeezed, one is lost.
_LATIN = re.compile("[A-Za-z]{3}")


def seen_closer(
    image: Image, strips: Sequence[Strip], sights: Sequence[Sight], engine: Engine
) -> list[Sight]:
    """The sights of lines of an RGB page, doubtful ones as several looks at them say together."""
    kept = list(sights)
    texts = ["".join(engine.characters[s.index] for s in sight.signs) for sight in kept]
    latin = [i for i, text in enumerate(texts) if _LATIN.search(text)]
    wide = look([crop_of(image, strips[i]) for i in latin], engine, [1.0] * len(latin))
    for i, sight in zip(latin, wide, strict=True):
        if len(sight.signs) >= len(kept[i].signs) and sight.confidence >= _SURE:
            kept[i] = sight
    doubted = [i for i, s in enumerate(kept) if s.signs and s.confidence < _DOUBTED]
    squeezes = [strips[i].squeeze * (1.0 if i in latin else _NARROWER) for i in doubted]
    shown = [partial(_shown, image, strips[i], *how) for how in _LOOKS for i in doubted]
    looks = look(abreast(shown), engine, squeezes * len(_LOOKS))
    again = [[s for s in looks[k :: len(doubted)] if s.signs] for k in range(len(doubted))]
    leading = [_leading(kept[i], found) for i, found in zip(doubted, again, strict=True)]
    upright = _upright(image, [strips[i] for i in doubted], leading, engine)
    for i, best, found, other in zip(doubted, leading, again, upright, strict=True):
        # The first look is the poorest: it has a vote only where it leads.
        voters = [best, *(s for s in [*found, other] if s is not best and s.signs)]
        first = _leading(best, voters)
        others = [s for s in voters if s is not first]
        kept[i] = voted(first, others) if others else first
    return kept


def _shown(image: Image, strip: Strip, beside: float, sharp: bool) -> Image:
    crop = crop_of(image, strip, beside)
    return sharpened(crop) if sharp else crop


def _leading(seen: Sight, again: Sequence[Sight]) -> Sight:
    """The surest look at a line, or what was `seen` of it first where no other is much surer.

    Wider and less close, it sees more of the marks.
    """
    surest = max([seen, *again], key=lambda s: s.confidence)
    return seen if seen.confidence >= _LEADS and surest.confidence < _SUREST else surest


def _upright(
    image: Image, strips: Sequence[Strip], sights: Sequence[Sight], engine: Engine
) -> list[Sight]:
    """Looks at columns with their letters upright, cut apart where `sights` have them.

    A line that is no column, or of one letter, has none: an empty sight.
    """
    rows: dict[int, Upright] = {}
    for i, (strip, sight) in enumerate(zip(strips, sights, strict=True)):
        if strip.vertical and len(sight.signs) > 1:
            crop = crop_of(image, strip, _CLOSEST)
            row = set_upright(crop, [sign.place for sign in sight.signs])
            if row:
                rows[i] = row
    found = look([row.row for row in rows.values()], engine, [strips[i].squeeze for i in rows])
    result = [Sight(()) for _ in strips]
    for (i, row), seen in zip(rows.items(), found, strict=True):
        signs = (replace(s, place=row.in_column(s.place)) for s in seen.signs)
        result[i] = Sight(tuple(s for s in signs if _letter(s, sights[i], engine.characters)))
    return result


def _letter(sign: Seen, sight: Sight, characters: tuple[str, ...]) -> bool:
    """True for a letter where a look at the column has one, too.

    Marks of columns have forms and places of their own, unknown in a row.
    """
    there = min(sight.signs, key=lambda s: abs(s.place - sign.place))
    return all(ideograph(characters[s.index]) for s in (sign, there))
