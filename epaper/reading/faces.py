"""True faces of Type 3 fonts.

Browsers write one variable font as many Type 3 fonts of at most 255 glyphs each. Most say
in their descriptor which face they are parts of; the others are put together by the
company that their ideographs keep.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from epaper.reading.chars import Glyphs

TYPE3 = "Type3"
_NUMBERED = re.compile(r"Type3 \((\d+) \d+ R\)")
_SUBSET = re.compile(r"^/?(?:[A-Z]{6}\+)?")
_IDEOGRAPHS = "\u2e80"


def is_nameless(font: str) -> bool:
    """Whether a font has no true name of its own."""
    return not font or font.startswith(TYPE3)


def described_faces(document: Any, fonts: Iterable[str]) -> dict[str, str]:
    """Face names of those Type 3 `fonts` whose descriptor in the document gives one."""
    faces = {}
    for font in dict.fromkeys(fonts):
        number = _NUMBERED.fullmatch(font)
        if number is None:
            continue
        kind, name = document.xref_get_key(int(number[1]), "FontDescriptor/FontName")
        if kind == "name" and _SUBSET.sub("", name):
            faces[font] = f"{TYPE3}-{_SUBSET.sub('', name)}"
    return faces


def faces_of(
    glyphs: Glyphs, runs: Sequence[NDArray[np.int64]], described: Mapping[str, str]
) -> dict[str, str]:
    """Face of every Type 3 font of `glyphs`, where `runs` are lines of glyph indices.

    Fonts that `described` leaves out are named ``Type3-1``, ``Type3-2``… by amount of
    text. Those that meet most often in one size are joined first, and never where both
    hold the same ideograph: one face has each of its glyphs once.
    """
    open_fonts = {f for f in set(glyphs.fonts) if f.startswith(TYPE3)} - described.keys()
    if not open_fonts:
        return dict(described)
    meetings: Counter[tuple[str, str]] = Counter()
    signs: defaultdict[str, set[str]] = defaultdict(set)
    amount: Counter[str] = Counter()
    text, span, size, wide = (
        glyphs.text,
        glyphs.span.tolist(),
        glyphs.size.tolist(),
        glyphs.wide.tolist(),
    )
    for run in runs:
        before = None
        for i in run.tolist():
            font = glyphs.fonts[span[i]]
            amount[font] += font in open_fonts
            if font not in open_fonts or text[i] < _IDEOGRAPHS or not wide[i]:
                continue
            if text[i].isalnum():
                signs[font].add(text[i])
                if before is not None and abs(size[i] / before[1] - 1) < 0.01:
                    meetings[min(font, before[0]), max(font, before[0])] += font != before[0]
                before = (font, size[i])
    return {**described, **_numbered(_joined(open_fonts, meetings, signs), amount)}


def _joined(
    fonts: Iterable[str], meetings: Counter[tuple[str, str]], signs: Mapping[str, set[str]]
) -> list[set[str]]:
    group = {font: {font} for font in fonts}
    held = {font: set(signs.get(font, ())) for font in group}
    for (one, other), count in sorted(meetings.items(), key=lambda item: (-item[1], item[0])):
        mine, theirs = group[one], group[other]
        if not count or mine is theirs or held[one] & held[other]:
            continue
        both = held[one] | held[other]
        mine |= theirs
        for font in mine:
            group[font], held[font] = mine, both
    return list({id(members): members for members in group.values()}.values())


def _numbered(groups: Iterable[set[str]], amount: Mapping[str, int]) -> dict[str, str]:
    ranked = sorted(groups, key=lambda members: (-sum(amount[f] for f in members), min(members)))
    return {font: f"{TYPE3}-{n}" for n, members in enumerate(ranked, 1) for font in members}
