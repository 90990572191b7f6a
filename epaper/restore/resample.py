"""The page image drawn from the scan, once, along the way that the steps have made."""

from __future__ import annotations

from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import abreast
from epaper.geometry import Mesh, Transform
from epaper.restore.tone import Color, Image
from epaper.restore.view import Floats, centred

# Rows drawn at a time, to bound the memory of their coordinates.
_BAND = 128
_SAME = 1e-6


def draw(scan: Image, way: Transform, width: int, height: int, paper: Color) -> Image:
    """The RGB page of `width` by `height` whose points `way` leads to an RGB scan.

    Whole turns and cuts copy pixels as they are, and where nothing is moved the scan
    itself is the answer. Beyond the scan there is `paper`. Between pixels it is linear: a
    cubic curve takes five times as long, and lines are read no better.
    """
    affine = np.vstack([np.reshape(way.affine, (2, 3)), [0.0, 0.0, 1.0]])
    if way.mesh is not None:
        return _warped(scan, way.mesh, affine, width, height, paper)
    copied = _copied(scan, affine, width, height)
    if copied is not None:
        return copied
    return np.asarray(
        cv2.warpAffine(
            scan,
            centred(affine)[:2],
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=paper,
        ),
        np.uint8,
    )


def _copied(scan: Image, affine: Floats, width: int, height: int) -> Image | None:
    """The page where it is a part of the scan turned by quarters or mirrored, else None."""
    whole = np.round(affine)
    if np.abs(affine - whole).max() > _SAME or abs(np.linalg.det(whole[:2, :2])) != 1:
        return None
    corners = whole @ np.array([[0, width], [0, height], [1, 1]])
    (x0, x1), (y0, y1) = np.sort(corners[:2], axis=1).astype(int).tolist()
    if x0 < 0 or y0 < 0 or x1 > scan.shape[1] or y1 > scan.shape[0]:
        return None
    part = scan[y0:y1, x0:x1]
    if whole[0, 0] == 0:
        part = part.swapaxes(0, 1)
    across, down = whole[:2, :2].sum(axis=0)
    part = part[:: int(down), :: int(across)]
    return scan if part.shape == scan.shape and _is_unit(whole) else np.ascontiguousarray(part)


def _is_unit(affine: Floats) -> bool:
    return bool(np.array_equal(affine, np.eye(3)))


def _warped(
    scan: Image, mesh: Mesh, affine: Floats, width: int, height: int, paper: Color
) -> Image:
    rows = len(mesh.dx) // mesh.columns
    fields = [np.reshape(np.array(f, np.float32), (rows, mesh.columns)) for f in (mesh.dx, mesh.dy)]
    across = _weights(np.arange(width) + 0.5, mesh.step, mesh.columns)
    page = np.empty((height, width, 3), np.uint8)
    beside = np.arange(width, dtype=np.float32)[None, :] + np.float32(0.5)
    (a, b, c), (d, e, f) = (affine[:2] - (0.0, 0.0, 0.5)).astype(np.float32)

    def draw_band(top: int) -> None:
        ys = np.arange(top, min(top + _BAND, height)) + 0.5
        down = _weights(ys, mesh.step, rows)
        dx, dy = (down @ field @ across.T for field in fields)
        x = beside + dx
        y = ys.astype(np.float32)[:, None] + dy
        cv2.remap(
            scan,
            a * x + b * y + c,
            d * x + e * y + f,
            cv2.INTER_LINEAR,
            dst=page[top : top + len(ys)],
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=paper,
        )

    abreast([partial(draw_band, top) for top in range(0, height, _BAND)])
    return page


def _weights(places: NDArray[Any], step: float, count: int) -> NDArray[np.float32]:
    """Shares (N, count) of the nodes in each place between them."""
    found = np.zeros((len(places), count), np.float32)
    at = np.clip(places / step, 0, count - 1)
    node = np.minimum(at.astype(int), max(0, count - 2))
    rows = np.arange(len(places))
    found[rows, node] = 1 - (at - node)
    found[rows, np.minimum(node + 1, count - 1)] += at - node
    return found
