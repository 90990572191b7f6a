"""What is wrong with a IIIF Presentation 3 manifest, of this program or any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from epaper.export.jsonlines import Steps, line_at
from epaper.export.problems import Finding

_PLACE = re.compile(r"xywh=(?:pixel:)?([\d.]+),([\d.]+),([\d.]+),([\d.]+)")
_NEEDED = {
    "Manifest": ("id", "label", "items"),
    "Canvas": ("id",),
    "Range": ("id",),
    "AnnotationPage": ("id",),
    "Annotation": ("id", "target"),
    "Image": ("id",),
}
# Where the values of a property refer to what stands elsewhere.
_REFERRING = frozenset({"target", "partOf", "start"})


@dataclass(frozen=True, slots=True)
class _Node:
    """An object of the manifest with its path; `refers` where it only names another."""

    where: Steps
    value: dict[str, Any]
    refers: bool

    @property
    def kind(self) -> str:
        return str(self.value.get("type", ""))

    @property
    def id(self) -> str:
        return str(self.value.get("id", ""))


def check_manifest(manifest: dict[str, Any], text: str, path: Path | None) -> list[Finding]:
    """Needed properties, doubled ids, places off their canvas, and files beside `path`."""
    nodes = list(_nodes(manifest, (), False))
    found = [*_shape(nodes), *_ids(nodes), *_targets(nodes)]
    if path is not None:
        found += _files(nodes, str(manifest.get("id", "")), path)
    return [Finding(line_at(text, where), message, fix) for where, message, fix in found]


_Fault = tuple[Steps, str, str]


def _nodes(value: Any, where: tuple[str | int, ...], refers: bool) -> Iterator[_Node]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _nodes(item, (*where, number), refers)
    elif isinstance(value, dict):
        yield _Node(where, value, refers)
        in_range = value.get("type") == "Range"
        linking = value.get("motivation") == "linking"
        for key, inner in value.items():
            named = in_range and key == "items" and _canvases(inner)
            points = key in _REFERRING or named or (linking and key == "body")
            yield from _nodes(inner, (*where, key), points)


def _canvases(items: Any) -> bool:
    return isinstance(items, list) and any(
        isinstance(item, dict) and item.get("type") == "Canvas" for item in items
    )


def _shape(nodes: list[_Node]) -> Iterator[_Fault]:
    for node in nodes:
        for name in () if node.refers else _NEEDED.get(node.kind, ()):
            if not node.value.get(name):
                yield node.where, f"the {node.kind} has no {name}", f"add {name}"
        if node.kind == "Canvas" and not node.refers:
            for name in ("height", "width"):
                size = node.value.get(name)
                if not isinstance(size, int) or size <= 0:
                    message = f"the {name} of the Canvas is {size!r}"
                    yield (*node.where, name), message, "write a positive whole number"


def _ids(nodes: list[_Node]) -> Iterator[_Fault]:
    seen: set[str] = set()
    for node in nodes:
        if node.id and node.kind in _NEEDED and not node.refers:
            if node.id in seen:
                message = f"the id {node.id} stands more than once"
                yield (*node.where, "id"), message, "make it unique"
            seen.add(node.id)


def _targets(nodes: list[_Node]) -> Iterator[_Fault]:
    """Canvases that are named but not there, and places that leave theirs."""
    canvases = {n.id: n.value for n in nodes if n.kind == "Canvas" and not n.refers}
    for where, name in _named(nodes):
        canvas, _, fragment = name.partition("#")
        if canvas not in canvases:
            yield where, f"{canvas} is no canvas of the manifest", "correct the id"
            continue
        place = _PLACE.fullmatch(fragment)
        width, height = (canvases[canvas].get(side) for side in ("width", "height"))
        if place and isinstance(width, int) and isinstance(height, int):
            x, y, w, h = map(float, place.groups())
            if x + w > width or y + h > height:
                message = f"{fragment} leaves the canvas of {width} by {height}"
                yield where, message, "correct the place or the size of the canvas"


def _named(nodes: list[_Node]) -> Iterator[tuple[Steps, str]]:
    for node in nodes:
        if node.refers and node.kind == "Canvas":
            yield (*node.where, "id"), node.id
        if node.kind == "Annotation":
            targets = node.value.get("target")
            for target in targets if isinstance(targets, list) else [targets]:
                if isinstance(target, str):
                    yield (*node.where, "target"), target


def _files(nodes: list[_Node], manifest: str, path: Path) -> Iterator[_Fault]:
    """Pictures and companions published beside the manifest that do not lie beside it."""
    base = manifest.rpartition("/")[0]
    for node in nodes:
        if node.kind in {"Image", "Dataset", "Text"} and base and node.id.startswith(f"{base}/"):
            name = unquote(node.id[len(base) + 1 :])
            if not (path.parent / name).is_file():
                message = f"there is no file {name}"
                yield (*node.where, "id"), message, "put it there or correct the id"
