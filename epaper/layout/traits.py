"""What is known of single nodes for the links between them: type, edges, first and last words.

Lengths are ems of the node itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.layout.cues import CREDIT, JUMP_START, NOTE, is_byline
from epaper.layout.nodes import End, Node
from epaper.layout.sights import Surroundings
from epaper.model import Origin, WritingMode

FloatArray = NDArray[np.float64]
Columns = dict[str, FloatArray]

# Stands where a feature has no meaning.
ABSENT = -99.0

# Farther off, in em, a picture says nothing of a node.
_FAR_OFF = 20.0

_CAPTION = re.compile(r"^[\s▲▼◆■□←→↑↓]*(?:上|下|左|右)?[图圖](?:为|為|[一二三四\d]|[:：])")
_LEAD_IN = re.compile(r"^[　\s]*(?:[（(【]?\s*本[报報刊台社]|新[华華]社|[【（(]?中[新国國央]社|据)")
_GROUPS = (
    "。！？!?…",
    "，、,；;：:",
    "“‘「『《〈（([【",
    "”’」』》〉）)]】",
    "—-－·",
    "□■◆●○▲△◎◇☆★※",
)
_MARKS = {End.OPEN: 0.0, End.MAYBE: 1.0, End.CLOSED: 2.0}


def node_columns(nodes: Sequence[Node], around: Surroundings) -> Columns:
    """Features of single nodes, as node read after and as node read before."""
    em = around.em
    width = np.array([max(n.right - n.left, n.em) for n in nodes]) / em
    usual = float(np.median(em)) if len(em) else 1.0
    lines = [n.chunk.items for n in nodes]
    texts = [n.chunk.text for n in nodes]
    said = np.array([sum(len(i.text) for i in items) for items in lines], dtype=float)
    found: dict[str, Sequence[float] | FloatArray] = {
        "ocr": [i[0].line.origin is Origin.OCR for i in lines],
        "vertical": [i[0].line.mode is WritingMode.VERTICAL for i in lines],
        "starts": [n.starts for n in nodes],
        "head": [n.head for n in nodes],
        "lines": [len(i) for i in lines],
        "characters": said,
        "indent": np.array([n.chunk.items[0].box.x0 - n.left for n in nodes]) / em,
        "width": width,
        "size": em / usual,
        "pitch": np.array([_pitch(n) for n in nodes]),
        "bold": [sum(i.line.bold for i in items) / len(items) for items in lines],
        "roofs": [len(n.roofs) for n in nodes],
        "best_roof": [max(n.roofs.values(), default=0.0) for n in nodes],
        "lead_in": [bool(_LEAD_IN.match(t)) for t in texts],
        "note": [bool(NOTE.match(t)) for t in texts],
        "jump": [bool(JUMP_START.match(t)) for t in texts],
        "byline": [len(i) == 1 and is_byline(t) for i, t in zip(lines, texts, strict=True)],
        "caption": [bool(_CAPTION.match(t) or CREDIT.search(t)) for t in texts],
        "under_picture": np.minimum(around.under_picture() / em, _FAR_OFF),
        "under_head": np.minimum(around.under_head() / em, _FAR_OFF),
        "framed": [n.chunk.frame >= 0 for n in nodes],
        "run_top": (around.columns.y0 - around.top) / em,
        "run_foot": (around.foot - around.columns.y1) / em,
        "end": [_MARKS[n.end] for n in nodes],
        "unfilled": np.array([n.right - n.chunk.items[-1].box.x1 for n in nodes]) / em,
        "mark": [_mark(t[-1:]) for t in texts],
        "first_mark": [_mark(t[:1]) for t in texts],
        "subhead": [n.chunk.subhead for n in nodes],
        "rule_above": np.minimum(around.under_rule() / em, _FAR_OFF),
        "rule_below": np.minimum(around.over_rule() / em, _FAR_OFF),
    }
    return {name: np.asarray(column, dtype=float) for name, column in found.items()}


def _pitch(node: Node) -> float:
    """Distance from line to line in em; ABSENT for a single line."""
    tops = [i.box.cy for i in node.chunk.items]
    return float(np.median(np.diff(tops))) / node.em if len(tops) > 1 else ABSENT


def _mark(char: str) -> float:
    """Class of a character: 0 letter or Chinese character, 1 digit, 2… punctuation."""
    if not char or char.isalpha():
        return 0.0
    if char.isdigit():
        return 1.0
    return next((float(k) for k, group in enumerate(_GROUPS, 2) if char in group), 8.0)
