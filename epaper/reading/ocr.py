"""Text of a page image: detection, recognition, and lines as a newspaper sets them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import aside
from epaper.geometry import Box
from epaper.model import Line, Origin, WritingMode
from epaper.reading.engine import Network, OcrOptions, load_engine
from epaper.reading.ocr_again import seen_closer
from epaper.reading.ocr_copies import without_read_across
from epaper.reading.ocr_crops import PAD_ALONG, Strip, crop_of
from epaper.reading.ocr_digits import with_wide_figures
from epaper.reading.ocr_gaps import with_gaps
from epaper.reading.ocr_heads import with_first_mark
from epaper.reading.ocr_ink import Ink, color_of, cut_out, ink_of, parted, tighten
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
from epaper.reading.ocr_quotes import with_opening, with_quotes
from epaper.reading.ocr_rules import cut_at_rules, rules_both_ways
from epaper.reading.ocr_sight import look
from epaper.reading.ocr_slanted import on_page, part_slanted, turned_upright
from epaper.reading.ocr_strokes import with_strokes
from epaper.reading.ocr_text import Reading, read, tidied
from epaper.reading.ocr_vertical import with_marks
from epaper.reading.tiles import Found, detect, lines_at, working_scale
from epaper.reading.tiles_again import looked_again

Image = NDArray[np.uint8]

# A box is surely horizontal or vertical when it is this many times as long as wide.
_CLEAR = 1.5
# The em of a line by the height of its ink.
_EM = 1.05
# A character alone, so many times the common size, has to be read so surely, and figures or
# letters fewer times it; so has a line narrower than this share of it.
_HUGE, _LARGE, _THIN, _SURE = 4.0, 3.0, 0.4, 0.8
_FEW = 3
# A figure or letter by itself, less than half as high and wide as others, is dirt if it is not
# read so surely.
_DIRT, _SURELY = 0.5, 0.92
# So many ideographs are text where they are less sure by so much.
_MANY, _OF_MANY = 5, 0.7
# What a wavy rule is read as.
_WAVE = re.compile(r"(?=.*[wWvVmMnN~^﹏_=])[wWvVmMnN~^﹏_=.·\s]+$")


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
    inks = aside(lambda: [_inked(image, gray, strip) for strip in strips])
    crops = [crop_of(image, strip) for strip in strips]
    sights = look(crops, engine, [strip.squeeze for strip in strips])
    sights = seen_closer(image, strips, sights, engine)
    resting = aside(engine.recognition.rest)
    readings = read(sights, engine.characters)
    lines: list[Line] = []
    measures: list[Measure] = []
    read_so = map(tidied, map(_trimmed, readings))
    for strip, ink, reading in zip(strips, inks(), read_so, strict=True):
        if _is_text(reading, options.min_confidence):
            found = _line(gray, strip, ink, reading)
            if found:
                lines.append(found[0])
                measures.append(found[1])
    resting()
    settled = without_read_across(list(_without_shapes(settle(lines, measures))))
    return tuple(with_wide_figures(settled))


def _is_text(reading: Reading, least: float) -> bool:
    """True for a reading that is sure enough: many ideographs in a row are no accident."""
    many = sum(map(ideograph, reading.text)) >= _MANY
    return bool(reading.text) and reading.confidence >= (_OF_MANY * least if many else least)


def _found(image: Image, network: Network, tile: int) -> list[Found]:
    """Lines of the page; where detection contradicts itself it looks twice."""
    scale = working_scale(image, network)

    def look(part: Image, closer: float) -> list[Found]:
        return lines_at(part, network, tile, scale * closer)

    return looked_again(image, detect(image, network, tile, scale), look)


def _without_shapes(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines without shapes of pictures, dotted rules and dirt read with doubt, and waves.

    A shape looks like one huge character, or two or three that are no ideographs; a rule like
    a row of minute ones, and dirt like a minute figure.
    """
    em = float(np.median([line.size for line in lines])) if lines else 0.0
    for line in lines:
        few = len(line.text) <= _FEW and not any(map(ideograph, line.text))
        huge = (few and line.size > _LARGE * em) or (len(line.text) == 1 and line.size > _HUGE * em)
        thin = min(line.box.width, line.box.height) < _THIN * em
        tiny = max(line.box.width, line.box.height) < _DIRT * em
        dirt = few and tiny and line.text.isalnum()
        least = _SURELY if dirt else _SURE if huge or thin else 0.0
        doubted = line.confidence < least
        if not doubted and not _WAVE.match(line.text):
            yield line


def _strips(gray: Image, found: Sequence[Found], dpi: float) -> list[Strip]:
    """Detected boxes joined, cut and drawn tight, per writing direction."""
    if not found:
        return []
    em = float(np.median([f.short for f in found])) * 0.8
    behind = aside(lambda: rules_both_ways(dark_mask(gray, em), em))
    tall = _vertical(found)
    least = 0.02 * dpi / 25.4 * 5
    boxes: tuple[list[Box], list[Box]] = ([], [])
    for f, is_tall in zip(found, tall, strict=True):
        boxes[is_tall].append(f.box.transposed() if is_tall else f.box)
    views = (gray, gray.T)
    tights = [_lines_of(view, own, em, least) for view, own in zip(views, boxes, strict=True)]
    across = behind()
    strips = []
    for vertical in (False, True):
        view, tight = views[vertical], tights[vertical]
        rules, walls = across[vertical], across[not vertical].filled.T
        whole = with_dashes(without_copies(tight), rules.rest)
        if vertical:
            whole = with_first_strokes(with_last_marks(whole, rules.rest), rules.rest)
            whole = with_opening(whole, em)
        else:
            whole = with_quotes(whole, em)
        lines = cut_at_gutters(cut_at_rules(join(whole), rules), rules.rest, em, walls)
        # What was joined or cut may have new ends.
        lines = join_overlapping(_again(view, tight, lines, least))
        lines.sort(key=lambda b: (b.y0, b.x0))
        strips += [Strip(b.transposed() if vertical else b, vertical) for b in lines]
    return strips


def _slanted_strips(image: Image, found: Sequence[Found], dpi: float) -> list[Strip]:
    """Lines set aslant, each on a patch of its own where it is upright."""
    strips = []
    for line in found:
        patch, place = turned_upright(image, line)
        strips += [replace(s, patch=patch) for s in _strips(patch.gray, [place], dpi)]
    return strips


def _lines_of(view: Image, boxes: Iterable[Box], em: float, least: float) -> list[Box]:
    """Detected boxes drawn tight to the lines that are in them."""
    drawn = _tight(view, [part for box in boxes for part in parted(view, box, em)], least)
    return _again(view, drawn, apart(drawn), least)


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
    )


class _Inked(NamedTuple):
    """The ink of a line, turned to run across, and its colour as 0xRRGGBB."""

    ink: Ink
    color: int


def _inked(image: Image, gray: Image, strip: Strip) -> _Inked:
    """The ink of a line, which can be had while lines are read."""
    if strip.patch:
        image, gray = strip.patch.image, strip.patch.gray
    flat = strip.box.transposed() if strip.vertical else strip.box
    ink = ink_of(cut_out(gray.T if strip.vertical else gray, flat)[0])
    rgb = cut_out(image.swapaxes(0, 1) if strip.vertical else image, flat)[0]
    return _Inked(ink, color_of(rgb, ink))


def _line(
    gray: Image, strip: Strip, inked: _Inked, reading: Reading
) -> tuple[Line, Measure] | None:
    """The line with its measures; None where its letters only shine through the paper."""
    patch, box, ink = strip.patch, strip.box, inked.ink
    if shines_through(reading.text, ink):
        return None
    flat = box.transposed() if strip.vertical else box
    # Places run along the padded crop.
    pad = PAD_ALONG * flat.height
    begin = max(-pad, -flat.x0)
    long = (patch.gray if patch else gray).shape[0 if strip.vertical else 1]
    length = min(flat.width + pad, long - flat.x0) - begin
    centres = [begin + p * length for p in reading.places]
    if strip.vertical:
        text, centres = with_marks(reading.text, centres, ink.mask)
        text, centres = with_first_mark(text, centres, ink.mask)
    else:
        offers = [(begin + offer.place * length, offer.char) for offer in reading.offers]
        text, centres = with_inked(reading.text, centres, offers, ink.mask)
    text, centres = with_strokes(text, centres, flat.height * _EM, ink.mask)
    spans = char_spans(text, centres, flat.height * 1.08)
    size = measure(text, spans, ink, down=strip.vertical)
    if not strip.vertical:
        spans = with_gaps(text, spans, ink.mask)
    line = Line(
        text=text,
        box=box,
        size=size.em,
        mode=WritingMode.VERTICAL if strip.vertical else WritingMode.HORIZONTAL,
        color=inked.color,
        reversed=ink.reversed,
        confidence=reading.confidence,
        origin=Origin.OCR,
        chars=char_boxes(spans, box, vertical=strip.vertical),
    )
    return on_page(line, patch) if patch else line, size
