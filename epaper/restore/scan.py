"""The restoring of one scan: each step only where the scan shows that it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from epaper.geometry import Mesh, Transform
from epaper.model import Step
from epaper.restore.borders import find_borders, trimmed
from epaper.restore.edges import find_edges
from epaper.restore.flatten import Warp, find_warp, laid_flat
from epaper.restore.marks import drawn_marks, without_marks
from epaper.restore.orient import Probe, Turn, find_turn
from epaper.restore.resample import draw
from epaper.restore.skew import find_skew
from epaper.restore.spread import find_gutter
from epaper.restore.tone import Color, Image, paper_color
from epaper.restore.traces import find_traces
from epaper.restore.view import Mask, View, shift, view_of

# Degrees below which lines need no turning: 0.05 degrees is 4 px over a 4600 px page.
_NEEDED = 0.05


@dataclass(frozen=True, slots=True)
class Restored:
    """One page of a scan.

    `image` is RGB (H, W, 3), its colours as scanned, at `dpi`. `side` is "L" or "R" for
    half of a spread, else "". `transform` leads from its pixels to those of the scan.
    """

    image: Image
    dpi: float
    side: str
    transform: Transform
    steps: tuple[Step, ...]


def restore(scan: Image, dpi: float, probe: Probe | None = None) -> tuple[Restored, ...]:
    """Pages of an RGB scan (H, W, 3) at `dpi`: one, or two in the order left, right.

    `probe` reads crops of lines, to tell which way up the page stands; without it the page
    is taken to be upright. What was done, and on what evidence, stands in each page's
    steps; a step that was not needed is left out. A scan that needs nothing is handed on
    as it is, not copied.
    """
    paper = paper_color(scan)
    marks = drawn_marks(scan, paper)
    steps = []
    if marks is not None:
        scan = without_marks(scan, marks, paper)
        steps.append(Step("marks", f"coloured lines drawn on {marks.mean():.1%} of the scan"))
    view, cleared = find_borders(view_of(scan, paper))
    steps += [Step("borders", cleared)] if cleared else []
    skew = find_skew(view.ink())
    if skew is not None and abs(skew.degrees) >= _NEEDED:
        view = _turned(view, skew.degrees)
        detail = f"turned by {skew.degrees:.2f} degrees, {skew.evidence:.0f} deviations clear"
        steps.append(Step("deskew", detail))
    view, ended = find_edges(view)
    steps += [Step("edges", ended)] if ended else []
    view = trimmed(view)
    turn, warp = _turn_and_warp(scan, view, probe)
    if turn is not None:
        steps.append(Step("orient", turn.told))
        view = turn.of(view)
        warp = _warp(view)
    gutter = find_gutter(view)
    if gutter is None:
        return (_page(scan, dpi, "", view, warp, steps),)
    steps.append(Step("split", gutter.evidence))
    return tuple(
        _page(scan, dpi, side, part, _warp(part), steps)
        for side, part in zip("LR", map(trimmed, gutter.part(view)), strict=True)
    )


def _turn_and_warp(scan: Image, view: View, probe: Probe | None) -> tuple[Turn | None, Warp | None]:
    """How the view must be turned, and its warp as it stands, which is worked out meanwhile."""
    traces = find_traces(view)
    with ThreadPoolExecutor(1) as aside:
        warp = aside.submit(find_warp, traces, view.width, view.height)
        turn = find_turn(scan, view, traces, probe) if probe else None
        return turn, warp.result()


def _warp(view: View) -> Warp | None:
    return find_warp(find_traces(view), view.width, view.height)


def _page(
    scan: Image, dpi: float, side: str, view: View, warp: Warp | None, steps: Sequence[Step]
) -> Restored:
    """The page that a view shows, flattened and drawn."""
    width, height = view.size
    zoom = width / view.width
    mesh = None
    if warp is not None:
        detail = (
            f"lines {warp.bent * zoom:.1f} px from straight over the page; about each line "
            f"{warp.before * zoom:.2f} px before, {warp.after * zoom:.2f} px after"
        )
        steps = [*steps, Step("flatten", detail)]
        dx, dy = (tuple((f.ravel() * zoom).round(2).tolist()) for f in (warp.dx, warp.dy))
        mesh = Mesh(warp.step * zoom, warp.dx.shape[1], dx, dy)
        off = laid_flat(view.off, warp) if view.off is not None else None
        view = replace(view, off=off)
    matrix = view.matrix @ np.diag([view.width / width, view.height / height, 1.0])
    a, b, c, d, e, f = (float(v) for v in matrix[:2].ravel())
    way = Transform((a, b, c, d, e, f), mesh)
    image = draw(scan, way, width, height, view.paper)
    if view.off is not None:
        image = _cleared(image, view.off, view.paper)
    return Restored(image, dpi, side, way, tuple(steps))


def _cleared(image: Image, off: Mask, paper: Color) -> Image:
    """The image with the paper's colour where there is no paper."""
    full = cv2.resize(off.astype(np.uint8), image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    cleared = image.copy()
    cleared[full > 0] = paper
    return cleared


def _turned(view: View, degrees: float) -> View:
    """The view turned about its middle so that lines sloping by `degrees` lie level."""
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    width = round(view.width * abs(cos) + view.height * abs(sin))
    height = round(view.height * abs(cos) + view.width * abs(sin))
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    back = shift(view.width / 2, view.height / 2) @ turn @ shift(-width / 2, -height / 2)
    return view.moved(back, width, height)
