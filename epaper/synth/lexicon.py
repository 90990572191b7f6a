"""Word lists of the newspaper grammar, all invented or everyday.

`lexicon.json` maps a name to alternatives separated by blanks; an alternative may name
another entry in braces.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _entries() -> dict[str, tuple[str, ...]]:
    raw = json.loads((files("epaper.synth") / "lexicon.json").read_text(encoding="utf-8"))
    return {name: tuple(text.split()) for name, text in raw.items()}


def words(name: str) -> tuple[str, ...]:
    """The alternatives of one entry; KeyError where there is none."""
    return _entries()[name]
