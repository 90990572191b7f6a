"""Pictures of what was understood of a page, to be looked at beside the page itself.

Blocks are outlined in their story's colour, headlines thicker, pictures hatched and
linked to their article; numbers and arrows give the reading order; ``!`` marks doubts.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from epaper.errors import ExportError
from epaper.geometry import Box, hull
from epaper.model import Article, Page, Role
from epaper.quality.canvas import Scene, Shape, render
from epaper.quality.truth import Truth, TruthBox, read_truth

_TRUTH_PICTURES = frozenset({"photo", "picture", "figure", "illustration"})


def draw(page: Page, image: NDArray[np.uint8] | None, path: Path) -> None:
    """Writes the overlay of `page` to `path` (PNG or JPEG by suffix).

    `image` is the restored page, RGB, height x width x 3, of any scale; None draws on
    white. ExportError where the file cannot be written.
    """
    save(render(page_scene(page), image), path)


def overlay_truth(
    truth: Path, size: tuple[int, int], image: NDArray[np.uint8] | None = None
) -> Image.Image:
    """The truth file's boxes drawn as `draw` draws a page's.

    `size` is width and height in pixels of the page the millimetres are scaled to.
    """
    return render(truth_scene(read_truth(truth), size), image)


def save(picture: Image.Image, path: Path) -> None:
    """Writes the picture; ExportError where that fails."""
    try:
        picture.save(path)
    except (OSError, ValueError) as error:
        raise ExportError(f"{path}: the overlay cannot be written ({error}).") from error


def page_scene(page: Page) -> Scene:
    """What there is to draw of a page."""
    boxes = {block.id: block.box for block in page.blocks}
    pictures = {picture.id: picture.box for picture in page.pictures}
    story = {block: article.id for article in page.articles for block in article.blocks}
    owner = {picture: article.id for article in page.articles for picture in article.pictures}
    shapes = [
        Shape(b.box, b.role.value, story.get(b.id), heavy=b.role is Role.HEADLINE)
        for b in page.blocks
    ]
    shapes += [Shape(p.box, p.id, owner.get(p.id), hatched=True) for p in page.pictures]
    chains = {a.id: tuple(boxes[b] for b in a.blocks if b in boxes) for a in page.articles}
    articles = {name: hull(chain) for name, chain in chains.items() if chain}
    subjects = boxes | pictures | articles
    doubts = (d.box or subjects.get(d.subject or "") for d in page.doubts)
    return Scene(
        width=page.width,
        height=page.height,
        stories=tuple((article.id, _title(article)) for article in page.articles),
        shapes=tuple(shapes),
        orders=tuple(chains.items()),
        links=tuple(
            (article.id, pictures[p], chains[article.id][0])
            for article in page.articles
            for p in article.pictures
            if p in pictures and chains[article.id]
        ),
        doubts=tuple(box for box in doubts if box is not None),
    )


def truth_scene(truth: Truth, size: tuple[int, int]) -> Scene:
    """What there is to draw of a truth file, millimetres scaled to `size`."""
    across = size[0] / truth.width_mm if truth.width_mm else 1.0
    down = size[1] / truth.height_mm if truth.height_mm else across
    text_boxes: dict[str, list[Box]] = defaultdict(list)
    pictures: dict[str, list[Box]] = defaultdict(list)
    shapes = []
    for found in truth.boxes:
        box = _stretched(found.box, across, down)
        is_picture = found.role in _TRUTH_PICTURES
        shapes.append(_truth_shape(found, box, is_picture))
        if found.article is not None:
            (pictures if is_picture else text_boxes)[found.article].append(box)
    return Scene(
        width=size[0],
        height=size[1],
        stories=tuple((a.id, a.headline) for a in truth.page.articles),
        shapes=tuple(shapes),
        orders=tuple((name, tuple(boxes)) for name, boxes in text_boxes.items()),
        links=tuple(
            (name, picture, text_boxes[name][0])
            for name, boxes in pictures.items()
            for picture in boxes
            if text_boxes.get(name)
        ),
    )


def _truth_shape(found: TruthBox, box: Box, is_picture: bool) -> Shape:
    heavy = found.role == Role.HEADLINE.value
    return Shape(box, found.role, found.article, heavy=heavy, hatched=is_picture)


def _stretched(box: Box, across: float, down: float) -> Box:
    return Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)


def _title(article: Article) -> str:
    return "advertisement" if article.advert else article.headline()
