"""Text of a page image: detection, recognition, and lines as a newspaper sets them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Line, Origin, WritingMode
from epaper.reading.engine import Engine, Network, OcrOptions, load_engine
from epaper.reading.ocr_digits import with_wide_figures
from epaper.reading.ocr_heads import with_first_mark
from epaper.reading.ocr_ink import color_of, cut_out, ink_of, parted, tighten
from epaper.reading.ocr_lines import (
    apart,
    cut_at_gutters,
    dark_mask,
    join,
    join_overlapping,
    with_dashes,
    with_first_strokes,
    with_last_marks,
    without_copies,
)
from epaper.reading.ocr_marks import with_inked
from epaper.reading.ocr_measure import (
    Measure,
    char_boxes,
    char_spans,
    ideograph,
    measure,
    settle,
    shines_through,
)
from epaper.reading.ocr_quotes import with_quotes
from epaper.reading.ocr_rules import cut_at_rules, rules_both_ways
from epaper.reading.ocr_slanted import Patch, on_page, part_slanted, turned_upright
from epaper.reading.ocr_strokes import with_strokes
from epaper.reading.ocr_text import SQUEEZE, SQUEEZE_DOWN, Reading, recognise, tidied
from epaper.reading.ocr_vertical import with_marks
from epaper.reading.tiles import Found, detect, lines_at, working_scale
from epaper.reading.tiles_again import looked_again

Image = NDArray[np.uint8]

_PAD_ACROSS, _PAD_ALONG = 0.2, 0.15
# Lines read with less confidence are read again without their neighbours' edges, so near.
_DOUBTED, _CLOSER = 0.9, (0.08, 0.04)
# What is still in doubt is read once more with its strokes sharpened: so many times, over
# this share of the line's width.
_SHARPER, _SOFT = 2.0, 0.05
# Pixels: a crop that is higher, as a patch of a picture may be, is drawn so high before that.
_HIGH = 160
# Latin letters are narrow already; of two alike (tt, ww), squeezed, one is lost.
_LATIN = re.compile("[A-Za-z]{3}")
# A box is surely horizontal or vertical when it is this many times as long as wide.
_CLEAR = 1.5
# The em of a line by the height of its ink.
_EM = 1.05
# A character alone, so many times the common size, has to be read so surely, and figures or
# letters fewer times it; so has a line narrower than this share of it.
_HUGE, _LARGE, _THIN, _SURE = 4.0, 3.0, 0.4, 0.8
_FEW = 3
# What a wavy rule is read as.
_WAVE = re.compile(r"[wWvVmMnN~^﹏_=\s]+$")


@dataclass(frozen=True, slots=True)
class _Strip:
    """A line on its way: its direction, and its box, tight to the ink, on the page or `patch`."""

    box: Box
    vertical: bool
    patch: Patch | None = None


def read_image(image: Image, dpi: float, options: OcrOptions | None = None) -> tuple[Line, ...]:
    """Lines of an RGB page (H, W, 3) at `dpi`, boxes and sizes in its pixels.

    Columns are not merged: a line that detection drew over a gutter is cut there. The
    letters' real size is measured, so a wrong `dpi` does no harm; it only tells how
    small an ink speck is no text. Raises MissingError where the engine is not
    installed, EngineError where it fails.
    """
    options = options or OcrOptions()
    engine = load_engine(options)
    gray: Image = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    level, slanted = part_slanted(_found(image, engine.detection, options.tile))
    engine.detection.rest()
    strips = _strips(gray, level, dpi) + _slanted_strips(image, slanted, dpi)
    crops = [_crop(image, strip) for strip in strips]
    readings = recognise(crops, engine, list(map(_squeeze, strips)))
    readings = _read_again(image, strips, readings, engine)
    engine.recognition.rest()
    lines: list[Line] = []
    measures: list[Measure] = []
    for strip, reading in zip(strips, map(tidied, map(_trimmed, readings)), strict=True):
        if reading.text and reading.confidence >= options.min_confidence:
            found = _line(image, gray, strip, reading)
            if found:
                lines.append(found[0])
                measures.append(found[1])
    return tuple(with_wide_figures(list(_without_shapes(settle(lines, measures)))))


def _read_again(
    image: Image, strips: Sequence[_Strip], readings: Sequence[Reading], engine: Engine
) -> list[Reading]:
    """The readings, each doubtful one the surest of four: of closer crops, and sharper ones.

    Where lines all but touch, the edges of the next ones lead recognition astray.
    """
    kept = list(readings)
    latin = [i for i, r in enumerate(kept) if _LATIN.search(r.text)]
    wide = recognise([_crop(image, strips[i]) for i in latin], engine, [1.0] * len(latin))
    for i, reading in zip(latin, wide, strict=True):
        if len(reading.text) >= len(kept[i].text) and reading.confidence >= _DOUBTED:
            kept[i] = reading
    for beside, sharp in (*((beside, False) for beside in _CLOSER), (_CLOSER[-1], True)):
        doubted = [i for i, r in enumerate(kept) if r.text and r.confidence < _DOUBTED]
        crops = [_crop(image, strips[i], beside) for i in doubted]
        crops = list(map(_sharpened, crops)) if sharp else crops
        squeezes = [_squeeze(strips[i]) for i in doubted]
        for i, reading in zip(doubted, recognise(crops, engine, squeezes), strict=True):
            if reading.confidence > kept[i].confidence:
                kept[i] = reading
    return kept


def _squeeze(strip: _Strip) -> float:
    return SQUEEZE_DOWN if strip.vertical else SQUEEZE


def _sharpened(crop: Image) -> Image:
    """A crop of a line that runs along x with its soft strokes made crisp."""
    if crop.shape[0] > _HIGH:
        wide = max(1, round(crop.shape[1] * _HIGH / crop.shape[0]))
        crop = np.asarray(cv2.resize(crop, (wide, _HIGH), interpolation=cv2.INTER_AREA), np.uint8)
    large = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    soft = cv2.GaussianBlur(large, (0, 0), max(1.0, 2 * _SOFT * crop.shape[0]))
    return np.clip(large + _SHARPER * (large - soft), 0, 255).astype(np.uint8)


def _found(image: Image, network: Network, tile: int) -> list[Found]:
    """Lines of the page; where detection contradicts itself it looks twice."""
    scale = working_scale(image, network)

    def look(part: Image, closer: float) -> list[Found]:
        return lines_at(part, network, tile, scale * closer)

    return looked_again(image, detect(image, network, tile, scale), look)


def _without_shapes(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines without shapes of pictures and dotted rules read with doubt, and without waves.

    A shape looks like one huge character, or two or three that are no ideographs; a rule like
    a row of minute ones.
    """
    em = float(np.median([line.size for line in lines])) if lines else 0.0
    for line in lines:
        few = len(line.text) <= _FEW and not any(map(ideograph, line.text))
        huge = (few and line.size > _LARGE * em) or (len(line.text) == 1 and line.size > _HUGE * em)
        thin = min(line.box.width, line.box.height) < _THIN * em
        doubted = (huge or thin) and line.confidence < _SURE
        if not doubted and not _WAVE.match(line.text):
            yield line


def _strips(gray: Image, found: Sequence[Found], dpi: float) -> list[_Strip]:
    """Detected boxes joined, cut and drawn tight, per writing direction."""
    if not found:
        return []
    em = float(np.median([f.short for f in found])) * 0.8
    ink = dark_mask(gray, em)
    tall = _vertical(found)
    across = rules_both_ways(ink, em)
    least = 0.02 * dpi / 25.4 * 5
    strips = []
    for vertical in (False, True):
        view = gray.T if vertical else gray
        boxes = [
            f.box.transposed() if vertical else f.box
            for f, is_tall in zip(found, tall, strict=True)
            if is_tall == vertical
        ]
        drawn = _tight(view, [part for b in boxes for part in parted(view, b, em)], least)
        tight = _again(view, drawn, apart(drawn), least)
        rules, walls = across[vertical], across[not vertical].filled.T
        whole = with_dashes(without_copies(tight), rules.rest)
        if vertical:
            whole = with_first_strokes(with_last_marks(whole, rules.rest), rules.rest)
        else:
            whole = with_quotes(whole, em)
        lines = cut_at_gutters(cut_at_rules(join(whole), rules), rules.rest, em, walls)
        # What was joined or cut may have new ends.
        lines = join_overlapping(_again(view, tight, lines, least))
        lines.sort(key=lambda b: (b.y0, b.x0))
        strips += [_Strip(b.transposed() if vertical else b, vertical) for b in lines]
    return strips


def _slanted_strips(image: Image, found: Sequence[Found], dpi: float) -> list[_Strip]:
    """Lines set aslant, each on a patch of its own where it is upright."""
    strips = []
    for line in found:
        patch, place = turned_upright(image, line)
        strips += [replace(s, patch=patch) for s in _strips(patch.gray, [place], dpi)]
    return strips


def _tight(view: Image, boxes: Iterable[Box], least: float) -> list[Box]:
    found = (tighten(view, box) for box in boxes)
    return [box for box in found if box is not None and box.width >= least]


def _again(view: Image, known: Iterable[Box], boxes: Iterable[Box], least: float) -> list[Box]:
    """The boxes, those that are not `known` as tight drawn tight."""
    old, new = set(known), list(dict.fromkeys(boxes))
    return [*(b for b in new if b in old), *_tight(view, [b for b in new if b not in old], least)]


def _vertical(found: Sequence[Found]) -> list[bool]:
    """Direction of each box; what is about square follows the page."""
    ratios = np.array([f.box.height / f.box.width for f in found])
    area = np.array([f.box.area for f in found])
    page = area[ratios > _CLEAR].sum() > area[ratios < 1 / _CLEAR].sum()
    return [bool(r > _CLEAR or (page and r > 0.8)) for r in ratios]


def _crop(image: Image, strip: _Strip, beside: float = _PAD_ACROSS) -> Image:
    """The line with some paper around it, `beside` its width on both sides."""
    box = strip.box
    image = strip.patch.image if strip.patch else image
    across = box.width if strip.vertical else box.height
    along, aside = _PAD_ALONG * across, beside * across
    grown = box.grown(aside, along) if strip.vertical else box.grown(along, aside)
    x0, y0 = max(0, round(grown.x0)), max(0, round(grown.y0))
    crop = image[y0 : round(grown.y1), x0 : round(grown.x1)]
    return np.rot90(crop) if strip.vertical else crop


def _trimmed(reading: Reading) -> Reading:
    """The reading without white space at its ends."""
    start = len(reading.text) - len(reading.text.lstrip())
    end = len(reading.text.rstrip())
    kept = slice(start, max(start, end))
    return replace(
        reading,
        text=reading.text[kept],
        places=reading.places[kept],
        scores=reading.scores[kept],
        variants=(),
    )


def _line(
    image: Image, gray: Image, strip: _Strip, reading: Reading
) -> tuple[Line, Measure] | None:
    """The line with its measures; None where its letters only shine through the paper."""
    patch, box = strip.patch, strip.box
    if patch:
        image, gray = patch.image, patch.gray
    view = gray.T if strip.vertical else gray
    flat = box.transposed() if strip.vertical else box
    ink = ink_of(cut_out(view, flat)[0])
    if shines_through(reading.text, ink):
        return None
    # Places run along the padded crop.
    pad = _PAD_ALONG * flat.height
    begin = max(-pad, -flat.x0)
    length = min(flat.width + pad, view.shape[1] - flat.x0) - begin
    centres = [begin + p * length for p in reading.places]
    if strip.vertical:
        text, centres = with_marks(reading.text, centres, ink.mask)
        text, centres = with_first_mark(text, centres, ink.mask)
    else:
        offers = [(begin + offer.place * length, offer.char) for offer in reading.offers]
        text, centres = with_inked(reading.text, centres, offers, ink.mask)
    text, centres = with_strokes(text, centres, flat.height * _EM, ink.mask)
    spans = char_spans(text, centres, flat.height * 1.08)
    size = measure(text, spans, ink)
    rgb = cut_out(image.swapaxes(0, 1) if strip.vertical else image, flat)[0]
    line = Line(
        text=text,
        box=box,
        size=size.em,
        mode=WritingMode.VERTICAL if strip.vertical else WritingMode.HORIZONTAL,
        color=color_of(rgb, ink),
        reversed=ink.reversed,
        confidence=reading.confidence,
        origin=Origin.OCR,
        chars=char_boxes(spans, box, vertical=strip.vertical),
    )
    return on_page(line, patch) if patch else line, size
