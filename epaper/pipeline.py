"""The corridor: the only place where the order of the rooms is written.

A room is imported when the first page reaches it, so that a page with a good text
layer needs neither the OCR engine nor what that engine needs.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from itertools import combinations
from threading import Thread
from typing import TYPE_CHECKING

from epaper.errors import EpaperError, InputError, MissingError
from epaper.geometry import Box
from epaper.model import Doubt, Line, Page, Role, Scan, SourceInfo, Step
from epaper.reading.engine import OcrOptions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from epaper.reading.layer import LayerReading
    from epaper.sources.pages import PageSource

    Pixels = NDArray[np.uint8]

Crops = dict[str, bytes]

JPEG_QUALITY = 90
# Below these shares a person is asked to look.
LOW_COVERAGE = 0.97
LOW_CONFIDENCE = 0.8
# Characters: a shorter piece of loose text is no matter for a person.
_WORTH_A_LOOK = 6
_SHORT = 40
_MOSTLY = 0.5
# Areas of leftover ink that are read or listed, the largest first.
_MOST_AREAS = 24
_MARGIN_MM = 1.0
# The plainer way halves the resolution, but not below what small type needs.
_PLAIN_DPI = 150.0
# Share of a drawing that lines of text have to cover for it to be words.
_WORDS_FILL = 0.4
# Gap between letters of one word, in parts of the smaller box's short side.
_LETTER_GAP = 0.6


class TextFrom(StrEnum):
    """Where the text of a page comes from."""

    AUTO = "auto"
    LAYER = "layer"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Options:
    """How a page is converted. `dpi` overrides what the file says.

    `plain` is why a page is to be done in the plainer way, after one that failed: fewer
    pixels, one thread, ONNX Runtime, and nothing read beside a text layer.
    """

    text: TextFrom = TextFrom.AUTO
    dpi: float | None = None
    ocr: OcrOptions = field(default_factory=OcrOptions)
    plain: str = ""


@dataclass(slots=True)
class Clock:
    """Wall seconds a room."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def room(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = self.seconds.get(name, 0.0) + time.perf_counter() - start
            self.seconds[name] = round(spent, 3)


@dataclass(frozen=True, slots=True)
class Converted:
    """A page that went through every room.

    `crops` maps picture ids to JPEG bytes, `seconds` rooms to wall time. `image` is the
    restored image (H, W, 3, RGB) where the page was read from one, None where it was
    read from the text layer.
    """

    page: Page
    crops: Crops
    seconds: dict[str, float]
    image: Pixels | None = None


def convert_page(
    source: PageSource, issue_id: str, options: Options | None = None
) -> tuple[Converted, ...]:
    """Takes one page of a file through the rooms; a scanned spread gives two pages.

    Raises InputError where the page cannot be opened or has no text layer although
    ``text=layer`` asks for it, MissingError where the OCR engine is needed and not
    installed, EngineError where it fails.
    """
    options = options or Options()
    clock = Clock()
    layer = None
    steps: tuple[Step, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    if options.plain:
        options, step, doubt = _plainer(options)
        steps, doubts = (step,), (doubt,)
    if source.kind == "pdf" and options.text is not TextFrom.OCR:
        with clock.room("reading"):
            layer, found, sick = _try_layer(source, options)
        steps, doubts = (*steps, *found), (*doubts, *sick)
    elif options.text is TextFrom.LAYER:
        raise InputError(f"{source.path}: is an image and has no text layer; use --text ocr.")
    if layer is not None:
        page = _layer_page(source, issue_id, layer, steps, doubts)
        with clock.room("leftover"):
            page = _with_leftovers(source, page, layer, options)
        return (_finish(page, clock, layer.cut, cells_of=source),)
    return tuple(_scan_pages(source, issue_id, options, clock, steps, doubts))


def _plainer(options: Options) -> tuple[Options, Step, Doubt]:
    """The options of the plainer way, and what is said of it."""
    runtime = options.ocr.runtime if options.ocr.runtime == "paddle" else "onnxruntime"
    ocr = replace(options.ocr, runtime=runtime, threads=1)
    why = f"because it {options.plain}"
    message = f"The page was converted in a plainer way, {why}: it may lack small print."
    return (
        replace(options, ocr=ocr),
        Step("plainer way", f"fewer pixels of a scan, no look beside a text layer, {why}"),
        Doubt("plainer-way", message),
    )


def _try_layer(
    source: PageSource, options: Options
) -> tuple[LayerReading | None, tuple[Step, ...], tuple[Doubt, ...]]:
    """The text layer where it is to be used, and why."""
    from epaper.reading.layer import read_layer

    reading = read_layer(source.path, source.index, source.dpi)
    kind, reason = str(reading.health.kind), reading.health.reason
    step = Step("text layer", f"{kind}: {reason}")
    if kind == "good":
        return reading, (step,), ()
    if options.text is TextFrom.LAYER:
        if not reading.lines:
            raise InputError(f"{source.path}: page {source.index + 1} cannot be read. {reason}")
        return reading, (step,), (Doubt("text-layer", f"{reason} It is used as asked."),)
    sick = (Doubt("text-layer", f"{reason} The page is read from its image.", confidence=0.5),)
    return None, (step,), sick if kind == "sick" else ()


def _layer_page(
    source: PageSource,
    issue_id: str,
    reading: LayerReading,
    steps: tuple[Step, ...],
    doubts: tuple[Doubt, ...],
) -> Page:
    return Page(
        id=source.page_id,
        issue=issue_id,
        source=_source_info(source),
        width=reading.width,
        height=reading.height,
        dpi=source.dpi,
        lines=reading.lines,
        rules=reading.rules,
        frames=reading.frames,
        pictures=reading.pictures,
        steps=steps,
        doubts=doubts,
    )


def _with_leftovers(source: PageSource, page: Page, layer: LayerReading, options: Options) -> Page:
    """The page with what its layer leaves out: ink and outlines that OCR reads as text.

    A headline drawn as outlines has no characters; it shows as ink, or as a drawing.
    """
    areas, drawings = layer.leftover[:_MOST_AREAS], layer.outlines
    if options.plain or options.text is TextFrom.LAYER or not (areas or drawings):
        return replace(page, doubts=(*page.doubts, *map(_unread, areas)))
    groups = _grouped([*areas, *drawings])[:_MOST_AREAS]
    try:
        found = dict(zip(groups, _read_areas(source, page, groups, options), strict=True))
    except (ImportError, MissingError) as error:
        message = f"What the text layer leaves out was not read: {error}"
        return replace(page, doubts=(*page.doubts, Doubt("unread-ink", message)))
    # A drawing with a few words in it stays a drawing, and its words are part of it.
    drawn = {box for box in found if any(box.contains(d) for d in drawings)}
    read = {b: ls for b, ls in found.items() if b not in drawn or _is_text(b, ls)}
    worded = {b for b in read if b in drawn}
    added = tuple(line for lines in read.values() for line in lines)
    detail = f"{len(areas)} areas and {len(drawings)} drawings gave {len(added)} lines"
    return replace(
        page,
        lines=(*page.lines, *added),
        pictures=tuple(
            p for p in page.pictures if p.kind != "drawing" or not _within(p.box, worded)
        ),
        steps=(*page.steps, Step("leftover ink", detail)),
        doubts=(*page.doubts, *(_unread(box) for box, lines in read.items() if not lines)),
    )


def _grouped(boxes: Sequence[Box]) -> list[Box]:
    """Boxes so near each other that they may be one line, joined; largest first."""
    groups = list(boxes)
    joined = True
    while joined:
        joined = False
        for a, b in combinations(groups, 2):
            reach = _LETTER_GAP * min(a.height, a.width, b.height, b.width)
            if a.grown(reach).overlap_x(b) >= 0 and a.grown(reach).overlap_y(b) >= 0:
                groups = [g for g in groups if g not in (a, b)] + [a.union(b)]
                joined = True
                break
    return sorted(groups, key=lambda box: -box.area)


def _within(box: Box, groups: Iterable[Box]) -> bool:
    return any(group.contains(box) for group in groups)


def _read_areas(
    source: PageSource, page: Page, boxes: Sequence[Box], options: Options
) -> Iterator[list[Line]]:
    """What OCR reads in each of `boxes`, where the layer has nothing."""
    from epaper.reading.ocr import read_image
    from epaper.sources.pages import load_crops

    whole = Box(0, 0, page.width, page.height)
    parts = [box.grown(_MARGIN_MM / 25.4 * page.dpi).clipped(whole) for box in boxes]
    crops = load_crops(source, parts, [line.box for line in page.lines])
    for part, crop in zip(parts, crops, strict=True):
        lines = read_image(crop, page.dpi, options.ocr)
        sure = (line for line in lines if line.confidence >= LOW_CONFIDENCE)
        known = [line.box for line in page.lines if line.box.intersection(part) > 0]
        moved = (_moved(line, part.x0, part.y0) for line in sure)
        yield [m for m in moved if not any(m.box.share_in(k) > 0.3 for k in known)]


def _moved(line: Line, dx: float, dy: float) -> Line:
    chars = tuple(c.moved(dx, dy) for c in line.chars)
    return replace(line, box=line.box.moved(dx, dy), chars=chars)


def _is_text(box: Box, lines: Sequence[Line]) -> bool:
    """Whether what was read fills a drawing, so that it is words and no picture."""
    return sum(line.box.intersection(box) for line in lines) > _WORDS_FILL * box.area


def _unread(box: Box) -> Doubt:
    return Doubt("unread-ink", "Ink that was not read as text or picture.", None, box, 0.3)


def _scan_pages(
    source: PageSource,
    issue_id: str,
    options: Options,
    clock: Clock,
    steps: tuple[Step, ...],
    doubts: tuple[Doubt, ...],
) -> Iterator[Converted]:
    """Restores and reads the page image; each half of a spread is a page."""
    Thread(target=_made_ready, args=(options.ocr,), daemon=True).start()
    import cv2

    from epaper.abreast import aside
    from epaper.sources.pages import load_image, reading_dpi

    if options.ocr.threads:
        cv2.setNumThreads(options.ocr.threads)
    dpi = reading_dpi(source)
    if options.plain:
        dpi = min(dpi, max(_PLAIN_DPI, dpi / 2))
    with clock.room("sources"):
        loaded = aside(partial(load_image, source, dpi))
        from epaper.reading.glance import glance
        from epaper.reading.leftover import leftover_ink
        from epaper.reading.ocr import read_image
        from epaper.reading.raster import find_graphics
        from epaper.reading.shapes import without_shapes
        from epaper.restore import restore

        image = loaded()
        # Whoever waits for a thing keeps it.
        del loaded
    with clock.room("restore"):
        restored = restore(image, dpi, partial(glance, options=options.ocr))
    enlarged = (source.width / image.shape[1], source.height / image.shape[0])
    del image
    for part in restored:
        own = Clock(dict(clock.seconds))
        with own.room("reading"):
            lines = read_image(part.image, part.dpi, options.ocr)
            graphics = find_graphics(part.image, part.dpi, lines)
            lines = without_shapes(lines, graphics.pictures)
            found = (lines, graphics.rules, graphics.frames, graphics.pictures)
            left = aside(partial(leftover_ink, part.image, part.dpi, *found))
        height, width = part.image.shape[:2]
        page = Page(
            id=source.page_id + (f"-{part.side}" if part.side else ""),
            issue=issue_id,
            source=_source_info(source),
            width=width,
            height=height,
            dpi=part.dpi,
            lines=lines,
            rules=graphics.rules,
            frames=graphics.frames,
            pictures=graphics.pictures,
            scan=Scan(source.width, source.height, source.dpi, part.transform.scaled(*enlarged)),
            steps=(*steps, *part.steps, Step("ocr", f"{len(lines)} lines")),
            doubts=doubts,
        )
        yield _finish(page, own, partial(_cut, part.image), part.image, left=left)


def _made_ready(options: OcrOptions) -> None:
    """Loads what a scan needs later than its pixels, while these are decoded and restored."""
    from epaper.reading.engine import load_engine
    from epaper.reading.ocr_script import variants

    # Whoever needs the engine hears why it cannot be had.
    with suppress(EpaperError):
        variants(load_engine(options).characters)
    import epaper.layout
    import epaper.news  # noqa: F401

    # As good as every page is written as NewsML, and checked.
    from epaper.export import newsml, validate  # noqa: F401


def _source_info(source: PageSource) -> SourceInfo:
    return SourceInfo(
        name=source.path.name,
        index=source.index,
        count=source.count,
        sha256=source.sha256,
        kind=source.kind,
        dpi_from=source.dpi_from,
    )


def _finish(
    page: Page,
    clock: Clock,
    cut: Callable[[Sequence[Box]], Sequence[Pixels | bytes]],
    image: Pixels | None = None,
    cells_of: PageSource | None = None,
    left: Callable[[], Sequence[Box]] = tuple,
) -> Converted:
    """The rooms after reading, then the crops and what a person should look at.

    `cells_of` is the PDF page that is asked for the cells of ruled tables, `left` waits for
    the areas of ink that was not read.
    """
    from epaper.layout import lay_out
    from epaper.news import understand

    with clock.room("layout"):
        page = lay_out(page)
        page = replace(page, doubts=(*page.doubts, *map(_unread, left()[:_MOST_AREAS])))
    if cells_of is not None and any(block.role is Role.TABLE for block in page.blocks):
        from epaper.reading.tables import with_cells

        with clock.room("tables"):
            page = with_cells(page, cells_of.path, cells_of.index)
    with clock.room("news"):
        page = understand(page)
    with clock.room("crops"):
        cuts = cut([picture.box for picture in page.pictures])
        crops = dict(zip((p.id for p in page.pictures), _jpegs(cuts), strict=True))
    page = replace(page, doubts=(*page.doubts, *_doubts(page)))
    return Converted(page, crops, dict(clock.seconds), image)


def _doubts(page: Page) -> Iterator[Doubt]:
    """What was not read well or reached no article."""
    if not page.lines:
        yield Doubt("no-text", "No text was found on the page.")
        return
    weak = sum(len(line.text) for line in page.lines if line.confidence < LOW_CONFIDENCE)
    share = weak / (sum(len(line.text) for line in page.lines) or 1)
    if share > _MOSTLY:
        message = (
            f"{share:.0%} of the text was read with doubt: the script may be one that the "
            "models do not know, or the scan too poor."
        )
        yield Doubt("unreadable", message, confidence=0.0)
    for picture in page.pictures:
        if picture.box.area > _MOSTLY * page.width * page.height:
            message = "Half of the page was taken for one picture; text in it was not read."
            yield Doubt("large-picture", message, picture.id, picture.box, 0.1)
    if page.coverage < LOW_COVERAGE:
        message = f"{1 - page.coverage:.0%} of the text reached no article."
        yield Doubt("coverage", message, confidence=page.coverage)
    for block in page.blocks:
        sure = _confidence(block.lines)
        text = _short(block.text)
        if block.role is Role.FURNITURE and len(text) >= _WORTH_A_LOOK:
            yield Doubt("unplaced", f"In no article: {text}", block.id, block.box, sure)
        elif sure < LOW_CONFIDENCE:
            yield Doubt("weak-text", f"Read with doubt: {text}", block.id, block.box, sure)


def _confidence(lines: Sequence[Line]) -> float:
    """Mean confidence weighted by characters."""
    count = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / count if count else 1.0


def _short(text: str) -> str:
    joined = text.replace("\n", "")
    return joined if len(joined) <= _SHORT else f"{joined[:_SHORT]}…"


def _cut(image: Pixels, boxes: Sequence[Box]) -> list[Pixels]:
    """The parts of an image inside `boxes`, each at least one pixel."""
    height, width = image.shape[:2]
    parts = []
    for box in boxes:
        x0, y0 = min(max(0, round(box.x0)), width - 1), min(max(0, round(box.y0)), height - 1)
        x1, y1 = max(x0 + 1, round(box.x1)), max(y0 + 1, round(box.y1))
        parts.append(image[y0:y1, x0:x1])
    return parts


def _jpegs(images: Sequence[Pixels | bytes]) -> list[bytes]:
    """Each of the images as JPEG; there may be nothing to do."""
    if all(isinstance(image, bytes) for image in images):
        return list(map(_jpeg, images))
    from epaper.abreast import abreast

    return abreast([partial(_jpeg, image) for image in images])


def _jpeg(image: Pixels | bytes) -> bytes:
    """Pixels as JPEG; what is one already as it is."""
    if isinstance(image, bytes):
        return image
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
