"""What holds of seams between columns whatever the page looks like, in log-odds.

The learned scores weigh many hints against each other, and now and then a near column wins
over a text that reads on. Where lines come from a text layer, three things hardly ever
happen: text that goes on in the middle of a paragraph after one that has ended, a new
paragraph after a line that is full and ends no sentence, and a story that begins in the
middle of a paragraph, or with a subhead, with nothing before it. Where the last character
of one text and the first of another make a word, they hardly ever do so by chance. An
editor's note in its own type stands under a headline, and is followed by the text under it
or under the picture that parts them; news that begins with its agency and place (本报讯,
新华社…电) hardly ever goes on another text, nor a paragraph under much white one that is
closed; a table belongs to the text in whose column it
stands; on pages poured from column to column, text at a column's head by what closes the
column before (`turns`); and on pages of marked items, read or from a layer, each is a story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.affinity import WordTable, joins_word
from epaper.layout.briefs import is_item
from epaper.layout.cues import NOTE, begins_news, points_back
from epaper.layout.nodes import End, Node
from epaper.layout.turns import Turn
from epaper.model import Origin, Role

FloatArray = NDArray[np.float64]

# Of the links right on typeset pages one in some hundreds is such.
_AFTER_END = -3.0
_NEW_AFTER_OPEN = -1.5
_BARE = -1.5
_WORD = 3.0
_UNDER_NOTE = 4.0
_NEWS = -2.0
_AFTER_WHITE = -3.0
# What goes on on another page does not go on here as well.
_AFTER_JUMP = -12.0
# Nor does much stand behind a name that signs it.
_AFTER_NAME = -2.0
# Verse is followed by verse of its type: a poem has stanzas.
_VERSE = 1.0
_POURED = 7.0
# A marked item is a story of its own on pages with so many times as many items as headlines.
_ITEM, _ITEMS = 25.0, 3
# A table in a text's column, no further under it than this, em, is the text's.
_TABLE, _TABLED = 1.5, 6.0
# Text under a note stands no further off than this, em, or than that, with a caption, where
# pictures over this share of its column part the two, which do not count.
_NEAR, _CAPTIONED, _PICTURED = 2.0, 5.0, 0.5
# White over a text that is set off from the one above, em.
_SET_OFF = (1.9, 6.0)
# A line ends before its column's edge by more than this, em.
_SHORT = 1.2
# Sizes of one type differ by less than this.
_ALIKE = 0.02


def seam_odds(
    nodes: Sequence[Node],
    heads: int,
    words: WordTable,
    turns: Sequence[Turn] = (),
    pictures: Sequence[Box] = (),
) -> FloatArray:
    """Added to the score of every link, shape nodes by `heads` + nodes + nodes."""
    count = len(nodes)
    odds = np.zeros((count, heads + 2 * count))
    prose = [k for k, node in enumerate(nodes) if _is_prose(node)]
    inside = [k for k in prose if _goes_on(nodes[k])]
    fresh = [k for k in prose if nodes[k].starts]
    ended = [k for k in prose if nodes[k].end is End.CLOSED and _is_filled(nodes[k])]
    open_ = [k for k in prose if nodes[k].end is End.OPEN and _is_filled(nodes[k])]
    odds[np.ix_(inside, [heads + k for k in ended])] = _AFTER_END
    odds[np.ix_(fresh, [heads + k for k in open_])] = _NEW_AFTER_OPEN
    usual = _usual_face(nodes)
    bare = [k for k, node in enumerate(nodes) if _is_layer(node) and _is_inside(node, usual)]
    odds[bare, [heads + count + k for k in bare]] = _BARE
    parted = [k for k in prose if nodes[k].end is End.OPEN]
    within = [k for k in prose if not nodes[k].starts]
    pairs = [(b, a) for b in within for a in parted if a != b]
    joined = joins_word(
        [nodes[a].chunk.text[-1:] for _, a in pairs],
        [nodes[b].chunk.text[:1] for b, _ in pairs],
        words.keys,
        words.weights,
    )
    for (b, a), weight in zip(pairs, joined.tolist(), strict=True):
        odds[b, heads + a] += _WORD * (weight > 0)
    texts = [k for k, n in enumerate(nodes) if not (n.head or n.chunk.verse or n.chunk.rows)]
    begun = [k for k in texts if nodes[k].starts]
    notes = [k for k in texts if NOTE.match(nodes[k].chunk.text)]
    odds[notes, [heads + count + k for k in notes]] += _BARE
    news = [k for k in begun if begins_news(nodes[k].chunk.text)]
    odds[np.ix_(news, [heads + k for k in texts if k not in notes])] += _NEWS
    for b, a in ((b, a) for a in notes for b in begun if _under(nodes[a], nodes[b], pictures)):
        odds[b, heads + a] += _UNDER_NOTE - _NEWS * (b in news)
    left = [k for k in texts if _leaves(nodes[k])]
    odds[np.ix_(texts, [heads + k for k in left])] += _AFTER_JUMP
    signed = [k for k in texts if any(role is Role.BYLINE for role, _ in nodes[k].chunk.tail)]
    odds[np.ix_(texts, [heads + k for k in signed])] += _AFTER_NAME
    closed = [k for k in texts if nodes[k].end is End.CLOSED]
    for b, a in ((b, a) for a in closed for b in begun if a != b):
        odds[b, heads + a] += _AFTER_WHITE * _set_off(nodes[a], nodes[b], pictures)
    verse = [k for k, node in enumerate(nodes) if _is_layer(node) and node.chunk.verse]
    for b, a in ((b, a) for b in verse for a in verse if _is_same_type(nodes[a], nodes[b])):
        odds[b, heads + a] += _VERSE
    items = [k for k in texts if is_item(nodes[k].chunk.text)]
    if len(items) > _ITEMS * max(heads, 1):
        odds[items, [heads + count + k for k in items]] += _ITEM
    for b, a in ((b, a) for b, n in enumerate(nodes) if n.chunk.rows for a in texts):
        odds[b, heads + a] += _TABLE * _tabled(nodes[a], nodes[b], nodes)
    for turn in turns:
        odds[turn.after, heads + turn.before] += _POURED
    return odds


def _leaves(node: Node) -> bool:
    """True for text with a marker at its end that says where it goes on (下转07版)."""
    marks = (item.text for role, item in node.chunk.tail if role is Role.JUMP)
    return any(not points_back(mark) for mark in marks)


def _under(note: Node, text: Node, pictures: Sequence[Box]) -> bool:
    """True if a text begins right under a note, in its column, or under pictures that do."""
    between = Box(text.left, note.box.y1, text.right, text.box.y0)
    inside = [p for p in pictures if p.intersection(between) > 0]
    shown = hull(inside).overlap_y(between) if inside else 0.0
    covered = sum(p.intersection(between) for p in inside)
    filled = shown if covered > _PICTURED * shown * between.width else 0.0
    gap = between.height - filled
    share = note.box.overlap_x(text.box) / min(note.box.width, text.box.width)
    return -0.5 * text.em < gap < (_CAPTIONED if filled else _NEAR) * text.em and share > 0.5


def _set_off(upper: Node, lower: Node, pictures: Sequence[Box]) -> bool:
    """True for two texts of one column with so much white between as parts stories."""
    em, gap = lower.em, lower.box.y0 - upper.box.y1
    if not _SET_OFF[0] * em < gap < _SET_OFF[1] * em or upper.chunk.tail:
        return False
    if abs(upper.left - lower.left) > em or upper.box.overlap_x(lower.box) <= 0:
        return False
    between = Box(lower.left, upper.box.y1, min(upper.right, lower.right), lower.box.y0)
    return not any(p.intersection(between) > 0 for p in pictures)


def _tabled(text: Node, table: Node, nodes: Sequence[Node]) -> bool:
    """True for a table in the column of a text, under it with nothing between but a signature."""
    em, gap = text.em, table.box.y0 - text.box.y1
    inside = text.left - em < table.box.x0 and table.box.x1 < text.right + em
    if not inside or not -0.5 * em < gap < _TABLED * em:
        return False
    between = Box(table.box.x0, text.box.y1, table.box.x1, table.box.y0)
    return not any(n.box.intersection(between) > 0 for n in nodes if n is not text)


def _is_same_type(one: Node, other: Node) -> bool:
    alike = one.chunk.face == other.chunk.face and abs(one.em / other.em - 1) < _ALIKE
    return one is not other and alike and one.chunk.frame == other.chunk.frame


def _usual_face(nodes: Sequence[Node]) -> str:
    """The face most of the text is set in."""
    said: Counter[str] = Counter()
    for node in nodes:
        said[node.chunk.face] += node.chunk.characters
    return said.most_common(1)[0][0] if said else ""


def _is_inside(node: Node, usual: str) -> bool:
    """True for what stands inside a story: a subhead known as such, text without an indent.

    A line by itself in another face may be the headline of a brief.
    """
    if node.head:
        return node.chunk.subhead > 0
    return not node.starts and (len(node.chunk.items) > 1 or node.chunk.face == usual)


def _is_prose(node: Node) -> bool:
    return _is_layer(node) and not (node.head or node.chunk.verse or node.chunk.rows)


def _is_layer(node: Node) -> bool:
    return node.chunk.items[0].line.origin is Origin.LAYER


def _is_filled(node: Node) -> bool:
    """True for lines most of which run to their column's edge: verse that was not known."""
    items = node.chunk.items
    full = sum(node.right - i.box.x1 < _SHORT * node.em for i in items)
    return len(items) > 1 and 2 * full >= len(items)


def _goes_on(node: Node) -> bool:
    """True for text that begins inside a paragraph: its first line is full, or the next stands in.

    A short line by itself may be a subhead or a signature, short lines may be verse.
    """
    if node.starts:
        return False
    first, *rest = node.chunk.items
    if node.right - first.box.x1 < _SHORT * node.em:
        return len(rest) > 0
    return bool(rest) and rest[0].box.x0 - node.left > 0.85 * node.em
