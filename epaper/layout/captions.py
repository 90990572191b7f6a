"""Which chunks are the words of a picture.

Each chunk at a picture, or at a group of pictures, gets the chance that it is its caption
from a model learned from typeset pages; a caption is all that stands at one figure.
Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.chunks import Chunk
from epaper.layout.cues import is_credit, is_dashed, names_writer
from epaper.layout.figures import Figure
from epaper.layout.legends import NAMES, Pairs, Surroundings, TypeHabit, pairs, type_habit
from epaper.layout.pictured import load_model
from epaper.layout.trees import FloatArray
from epaper.layout.wordings import REACH

__all__ = ["CaptionLink", "TypeHabit", "find_captions", "type_habit"]

# A chunk is a caption from this chance on.
_LIKELY = 0.5
# What a photographer's name at the end of a text makes that at least; how near such a text
# is to its picture, em, and the share of its width that it has.
_CREDITED, _RIGHT_BELOW, _AS_WIDE = 0.75, 1.5, 0.9
# So few lines, flush with the picture to this, em, need not be as wide.
_FEW_LINES, _FLUSH = 3, 0.3
_CREDIT_COLUMNS = (
    "below", "share_x", "width_ratio", "common_width", "between", "credit", "lines", "left",
    "ruled",
)  # fmt: skip
# How far beside a picture its caption stands at most, twice this, and how level, em; what
# stands there on a scan has so many characters at most.
_AT, _LEVEL, _FEW = 0.75, 0.5, 45
_BESIDE_COLUMNS = (
    "face", "type_near", "left_of", "right_of", "top", "foot", "sentence", "credit", "between",
    "share_y", "ruled", "white_below", "figure_height", "characters",
)  # fmt: skip
# A whole sentence over a picture: how near it is and how flush with its sides, the white over it,
# em, its characters, and the chance from which it is surely a caption.
_CLOSE, _SIDES, _CLEAR, _SAID, _FAIR = 1.0, 0.5, 3.0, (12, 45), 0.25
_OVER_COLUMNS = (
    "above", "left", "right", "characters", "sentence", "indented", "between", "ruled",
    "white_above", "head_above", "face", "runs_from",
)  # fmt: skip
_CROSSING_COLUMNS = (
    "vertical", "across", "lines", "below", "above", "between", "ruled", "share_x", "credit",
)  # fmt: skip
# A drawing that is seen in part is over so much of its caption.
_PARTLY = 0.5
# Parts of one line begin level to this, em.
_ON_LINE = 0.5
# The credit in the line after a caption is in its type, and so near, em.
_ONE_TYPE, _NEXT = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class CaptionLink:
    """Chunks `chunks` (indices, in reading order) are the caption of `figure`."""

    chunks: tuple[int, ...]
    figure: Figure
    confidence: float


def find_captions(
    chunks: Sequence[Chunk],
    figures: Sequence[Figure],
    habit: TypeHabit,
    around: Surroundings,
) -> list[CaptionLink]:
    """The captions; every chunk is in one at most, and a figure has one at most."""
    found = pairs(chunks, figures, habit, around)
    likely = _likely(found, chunks)
    # One figure of all is right: the chances that a text is a caption add up.
    sure = {t: min(1.0, sum(at.values())) for t, at in likely.items()}
    words: dict[int, list[int]] = {}
    for t, at in likely.items():
        if sure[t] >= _LIKELY:
            words.setdefault(max(at, key=lambda f: at[f]), []).append(t)
    for f in [f for f, parts in words.items() if len(parts) > 1]:
        own = _own_figures(figures[f], {t: likely[t] for t in words[f]}, figures)
        if own:
            del words[f]
            words.update({single: [t] for t, single in own.items()})
    _spread(words, likely, found, chunks, figures)
    _with_credits(words, found, chunks)
    taken = {k for texts in words.values() for t in texts for k in found.texts[t]}
    links = []
    for f, parts in sorted(words.items()):
        kept = _on_one_side(figures[f], parts, found, chunks, sure)
        said = [k for t in kept for k in found.texts[t]]
        order = _in_order([*said, *_credits_under(said, taken, chunks)], chunks)
        links.append(CaptionLink(order, figures[f], min(sure[t] for t in kept)))
    return links


def _likely(found: Pairs, chunks: Sequence[Chunk]) -> dict[int, dict[int, float]]:
    """The chance of every text at each figure; none's is a surer subhead, a deck or a byline."""
    likely: dict[int, dict[int, float]] = {}
    for t, f, chance in zip(
        found.text.tolist(), found.figure.tolist(), chances(found).tolist(), strict=True
    ):
        parts = [chunks[k] for k in found.texts[t]]
        other = is_dashed(parts[0].text) or names_writer(parts[0].text)
        if chance > max(c.subhead for c in parts) and not other:
            likely.setdefault(t, {})[f] = chance
    return likely


def _spread(
    words: dict[int, list[int]],
    likely: Mapping[int, Mapping[int, float]],
    found: Pairs,
    chunks: Sequence[Chunk],
    figures: Sequence[Figure],
) -> None:
    """Move texts of a figure with texts on two sides to a figure that has none, if likelier so.

    Where captions stand over their pictures, the next one's stands right under the first.
    Changes `words`, the texts of each figure.
    """
    for f in sorted(words):
        sides: dict[str, list[int]] = {}
        for t in words[f]:
            box = hull(chunks[k].box for k in found.texts[t])
            sides.setdefault(_side(box, figures[f].box), []).append(t)
        if len(sides) != 2:
            continue
        free = [
            g
            for g, figure in enumerate(figures)
            if g not in words and not set(figure.pictures) & set(figures[f].pictures)
        ]
        one, other = sides.values()
        best = max(sum(likely[t].get(f, 0.0) for t in side) for side in (one, other))
        moves = [
            (
                sum(likely[t].get(g, 0.0) for t in gone) + sum(likely[t].get(f, 0.0) for t in kept),
                g,
                gone,
            )
            for gone, kept in ((one, other), (other, one))
            for g in free
            if all(likely[t].get(g, 0.0) >= _LIKELY for t in gone)
        ]
        if moves and max(moves)[0] > best:
            _, g, gone = max(moves)
            words[f] = [t for t in words[f] if t not in gone]
            words[g] = gone


def _with_credits(words: dict[int, list[int]], found: Pairs, chunks: Sequence[Chunk]) -> None:
    """Move a credit that stands by itself at a picture to the caption whose last line it is on.

    Under several pictures in a row it stands nearest the last of them. Changes `words`.
    """
    for f, texts in list(words.items()):
        parts = [chunks[k] for t in texts for k in found.texts[t]]
        if not all(is_credit(part.text) for part in parts):
            continue
        box, em = hull(part.box for part in parts), parts[0].size
        for g, others in words.items():
            said = hull(chunks[k].box for t in others for k in found.texts[t])
            under = said.y0 < box.y0 < said.y1 + _ON_LINE * em
            if g != f and under and said.x0 - em < box.x0 and box.x1 < said.x1 + em:
                words[g] = [*others, *texts]
                del words[f]
                break


def _credits_under(own: Sequence[int], taken: Set[int], chunks: Sequence[Chunk]) -> list[int]:
    """A photographer at the end of a caption's last line or right under it, within its sides.

    Beside a picture it may stand too far from that to be known as the picture's.
    """
    said = hull(chunks[k].box for k in own)
    return [
        k
        for k, chunk in enumerate(chunks)
        if k not in taken
        and is_credit(chunk.text)
        and abs(chunk.size / chunks[own[-1]].size - 1) < _ONE_TYPE
        and said.x0 - chunk.size < chunk.box.x0
        and chunk.box.x1 < said.x1 + chunk.size
        and -1 - _ON_LINE < (chunk.box.y0 - said.y1) / chunk.size < _NEXT
    ]


def _on_one_side(
    figure: Figure,
    texts: Sequence[int],
    found: Pairs,
    chunks: Sequence[Chunk],
    sure: Mapping[int, float],
) -> list[int]:
    """Those of a figure's texts that stand on the likeliest of its sides, and credits."""
    sides = {t: _side(hull(chunks[k].box for k in found.texts[t]), figure.box) for t in texts}
    best = max(sides.values(), key=lambda side: sum(sure[t] for t in texts if sides[t] == side))
    return [t for t in texts if sides[t] == best or is_credit(chunks[found.texts[t][0]].text)]


def _side(box: Box, pic: Box) -> str:
    """Where a text stands at a picture."""
    if box.share_in(pic) > 0.5:
        return "inside"
    if max(box.y0 - pic.y1, pic.y0 - box.y1) >= max(box.x0 - pic.x1, pic.x0 - box.x1):
        return "below" if box.cy > pic.cy else "above"
    return "right" if box.cx > pic.cx else "left"


def _own_figures(
    group: Figure, likely: dict[int, dict[int, float]], figures: Sequence[Figure]
) -> dict[int, int]:
    """The picture of each text at a group where there is one to one; empty where there is not.

    Each text by itself may speak of the whole group. As many texts as pictures, each likeliest
    at a picture of its own, are those pictures' captions.
    """
    singles = [
        f for f, x in enumerate(figures) if len(x.pictures) == 1 and x.pictures[0] in group.pictures
    ]
    own = {t: max(singles, key=lambda f: at.get(f, 0.0)) for t, at in likely.items()}
    return own if sorted(own.values()) == singles else {}


def chances(found: Pairs) -> FloatArray:
    """The chance of each pair that its chunk is the caption of its figure."""
    if not len(found.values):
        return np.zeros(0)
    scores = load_model("caption", NAMES).scores(found.values)
    learned = 1 / (1 + np.exp(-scores))
    surely = _credited(found.values) | _beside(found.values) | _crossing(found.values)
    surely |= _over(found.values) & (learned > _FAIR)
    # Of several figures at which a text is surely a caption the likeliest stays so.
    sure = np.maximum(learned, _CREDITED + (1 - _CREDITED) * learned / 2)
    return np.asarray(np.where(surely, sure, learned))


def _beside(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which texts are sentences in a type that only stands at pictures, level with one.

    Under a headline the model takes such a text beside the picture for the story. On a scan,
    where faces are not known, it is so short that a column beside it would be left white.
    """
    column = {name: values[:, NAMES.index(name)] for name in _BESIDE_COLUMNS}
    other = (column["face"] == 0) & (column["type_near"] == 1)
    white = column["white_below"] > column["figure_height"] / 2
    other |= (column["face"] < 0) & (column["characters"] <= _FEW) & white
    near = np.minimum(abs(column["left_of"] - _AT), abs(column["right_of"] - _AT)) <= _AT
    level = np.minimum(abs(column["top"]), abs(column["foot"])) < _LEVEL
    ended = (column["sentence"] > 0) | (column["credit"] > 0)
    alone = (column["between"] == 0) & (column["share_y"] > _AS_WIDE) & (column["ruled"] == 0)
    return np.asarray(other & near & level & ended & alone, np.bool_)


def _over(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which texts are a sentence that fills the width of a picture right under it.

    They stand at the head of their column, where text that goes on would hardly begin and end
    with a sentence, and not in the face of the body.
    """
    column = {name: values[:, NAMES.index(name)] for name in _OVER_COLUMNS}
    close = (column["above"] > 0) & (column["above"] < _CLOSE)
    flush = np.maximum(abs(column["left"]), abs(column["right"])) < _SIDES
    clear = np.minimum(column["white_above"], column["head_above"]) > _CLEAR
    whole = (column["sentence"] > 0) & (column["indented"] == 0) & (column["runs_from"] == 0)
    low, high = _SAID
    said = (column["characters"] >= low) & (column["characters"] <= high)
    alone = (column["between"] == 0) & (column["ruled"] == 0) & (column["face"] <= 0)
    return np.asarray(close & flush & clear & whole & said & alone, np.bool_)


def _crossing(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which texts across a page that is read down end with a photographer, over or under a picture.

    Stories are set down; a drawing read from ink may be seen but in part.
    """
    column = {name: values[:, NAMES.index(name)] for name in _CROSSING_COLUMNS}
    across = (column["vertical"] > 0) & (column["across"] > 0) & (column["lines"] <= _FEW_LINES)
    near = (abs(column["below"]) < REACH) | (abs(column["above"]) < REACH)
    alone = (column["between"] == 0) & (column["ruled"] == 0)
    over = column["share_x"] > _PARTLY
    return np.asarray(across & near & over & alone & (column["credit"] > 0), np.bool_)


def _credited(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which texts end with a photographer right below a picture, as wide as that or short.

    That is a caption in whatever type: where it has the body's, the model doubts it. A column
    of a story, whose author may have taken the picture, has the width of the others.
    """
    column = {name: values[:, NAMES.index(name)] for name in _CREDIT_COLUMNS}
    below = (column["below"] > -_RIGHT_BELOW) & (column["below"] < _RIGHT_BELOW)
    wide = (column["share_x"] > _AS_WIDE) & (np.abs(column["width_ratio"] - 1) < 1 - _AS_WIDE)
    short = (column["lines"] <= _FEW_LINES) & (np.abs(column["left"]) < _FLUSH)
    short &= (column["share_x"] > _AS_WIDE) & (column["ruled"] == 0)
    alone = (column["common_width"] == 0) & (column["between"] == 0)
    return np.asarray(below & (wide | short) & alone & (column["credit"] > 0), np.bool_)


def _in_order(parts: Sequence[int], chunks: Sequence[Chunk]) -> tuple[int, ...]:
    """Parts of one caption as they are read: a line's parts from the left, credits last."""
    rows: list[list[int]] = []
    for k in sorted(parts, key=lambda k: chunks[k].box.y0):
        top = chunks[k].box.y0
        if rows and top - chunks[rows[-1][0]].box.y0 < _ON_LINE * chunks[k].size:
            rows[-1].append(k)
        else:
            rows.append([k])
    read = [k for row in rows for k in sorted(row, key=lambda k: chunks[k].box.x0)]
    words = {k: chunks[k].text.strip() for k in read}
    credits = {k for k in read if is_credit(words[k])}
    # A credit that its line breaks stays before its rest: 记者 叶开元 摄|影报道.
    last = credits - {
        k for k, n in pairwise(read) if n not in credits and is_credit(words[k] + words[n])
    }
    return tuple(sorted(read, key=lambda k: k in last))
