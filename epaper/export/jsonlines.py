"""Where in a JSON text a value stands, so that a fault has a line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

Steps = Sequence[str | int]
"""Keys and indices from the root down."""

_SPACE = re.compile(r"[ \t\r\n]*")
_STEP = re.compile(r"\.([^.\[\]`]+)|\[(\d+)\]")
_DECODER = json.JSONDecoder()


def line_at(text: str, path: Steps) -> int:
    """The line, from 1, of the value at `path`, or of the last on the way that is there."""
    at = _skip(text, 0)
    for step in path:
        try:
            found = _member(text, at, step) if text[at] == "{" else _element(text, at, step)
        except (ValueError, IndexError):
            break
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def path_in(message: str) -> Steps:
    """The path an error of msgspec names: ``- at `$.page.articles[0].mode` ``."""
    _, _, place = message.rpartition("`$")
    return [key or int(index) for key, index in _STEP.findall(place.rstrip("`"))]


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _member(text: str, at: int, wanted: str | int) -> int | None:
    """Where the value of a key begins in the object that begins at `at`."""
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        if key == wanted:
            return at
        at = _next(text, at)
    return None


def _element(text: str, at: int, wanted: str | int) -> int | None:
    if text[at] != "[" or not isinstance(wanted, int):
        return None
    at = _skip(text, at + 1)
    for _ in range(wanted):
        if text[at] == "]":
            return None
        at = _next(text, at)
    return None if text[at] == "]" else at


def _next(text: str, at: int) -> int:
    """The place after the value at `at` and the comma behind it."""
    _, at = _DECODER.raw_decode(text, at)
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at
