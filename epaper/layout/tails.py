"""Lines that close a story: jump markers and signatures, taken off the chunks' ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epaper.geometry import Box
from epaper.layout.chunks import Chunk
from epaper.layout.cues import SIGNATURE, ends_sentence, is_byline, is_jump, points_back
from epaper.layout.frame import Item
from epaper.model import Role, Rule

# A signature is a name or two; longer lines are text.
_NAMES = 16
# A column may begin so far above the one left of it, beside the headline, em.
_HEAD = 8.0
# A subhead as sure as this is no signature.
_SUBHEAD = 0.9
# Widest gutter, em.
_GUTTER = 3


def trim_tails(chunks: Sequence[Chunk], rules: Sequence[Rule] = ()) -> list[Chunk]:
    """Chunks with their closing lines moved into `tail`.

    A closing line is the last of its chunk, or a chunk of its own that stands at the
    right edge under or beside another chunk's last line. `rules` part stories.
    """
    chunks = [_trim_own(chunk) for chunk in chunks]
    singles = [c for c in chunks if len(c.items) == 1 and not c.tail and c.subhead < _SUBHEAD]
    owners = {id(c): c for c in chunks}
    for single in singles:
        if _opens(single, chunks):
            continue
        role = _closing_role(single.items[0])
        owner = _owner(single, [c for c in owners.values() if c is not single])
        owner = owner or _owner_aside(single, list(owners.values()), rules)
        owner = owner or _owner_before(single, list(owners.values()))
        if role is None or owner is None:
            continue
        key = next(k for k, c in owners.items() if c is owner)
        owners[key] = replace(owner, tail=(*owner.tail, (role, single.items[0])))
        del owners[id(single)]
    return list(owners.values())


def _opens(single: Chunk, chunks: Sequence[Chunk]) -> bool:
    """True for a continuation marker over the text of a part that comes from another page."""
    text, box, em = single.text.strip(), single.box, single.size
    if not is_jump(text):
        return False
    back = points_back(text)
    if back is not None:
        return back
    others = [c.box for c in chunks if c is not single and len(c.items) > 1]
    return any(_over(box, c, em) for c in others) and not any(_over(c, box, em) for c in others)


def _trim_own(chunk: Chunk) -> Chunk:
    if len(chunk.items) < 2 or chunk.rows:
        return chunk
    last, before = chunk.items[-1], chunk.items[-2]
    role = _closing_role(last)
    ends = chunk.box.x1 - last.box.x1 < 2.2 * chunk.size
    indented = last.box.x0 - chunk.box.x0 > 2.5 * chunk.size
    if role is Role.JUMP or (
        role is Role.BYLINE and ends and indented and ends_sentence(before.text)
    ):
        return replace(chunk, items=chunk.items[:-1], tail=((role or Role.JUMP, last),))
    return chunk


def _closing_role(item: Item) -> Role | None:
    text = item.text.strip()
    if is_jump(text):
        return Role.JUMP
    if SIGNATURE.match(text) or (is_byline(text) and len(text) <= 2 * _NAMES):
        return Role.BYLINE
    short = len(text) <= _NAMES and not ends_sentence(text) and not any(c.isdigit() for c in text)
    return Role.BYLINE if short else None


def _owner(single: Chunk, chunks: Sequence[Chunk]) -> Chunk | None:
    """The chunk whose last line `single` stands right under or to the right of."""
    box = single.box
    text = single.text.strip()
    named = bool(SIGNATURE.match(text)) or is_byline(text) or is_jump(text)
    best: Chunk | None = None
    for chunk in chunks:
        last = chunk.items[-1].box
        em = chunk.size
        # Names in brackets are sure; others have to stand where signatures do.
        flush = -2.5 * em < chunk.box.x1 - box.x1 < (12 * em if named else 2.5 * em)
        right = flush and box.x0 - chunk.box.x0 > (em if named else 2.5 * em)
        beside = last.overlap_y(box) > 0.5 * box.height and box.x0 >= last.x1 - 0.2 * em
        under = -0.5 * em < box.y0 - last.y1 < 1.6 * em
        if right and chunk.frame == single.frame and (beside or under):
            # With no full stop before it, a short line is text and no signature, unless
            # it ends where no line of text begins or ends.
            placed = abs(chunk.box.x1 - box.x1) < 1.3 * em and len(chunk.items) > 1
            # A name under a single line that is no sentence signs a deck, not a text.
            signed = named and (beside or len(chunk.items) > 1)
            closes = ends_sentence(chunk.items[-1].text) or signed or placed
            if closes and (best is None or chunk.box.y1 > best.box.y1):
                best = chunk
    return best


def _owner_aside(single: Chunk, chunks: Sequence[Chunk], rules: Sequence[Rule]) -> Chunk | None:
    """The chunk on whose last line a lone marker stands, however far to the right.

    A last line may be short, and the marker set to the right end of a wider measure.
    """
    box = single.box
    others = [c for c in chunks if c is not single]
    if not is_jump(single.text.strip()) or any(_over(c.box, box, single.size) for c in others):
        return None
    left = [
        c
        for c in others
        if c.frame == single.frame
        and c.items[-1].box.overlap_y(box) > 0.5 * box.height
        and c.items[-1].box.x1 < box.x0
        and not any(_between(rule, c.items[-1].box, box) for rule in rules)
    ]
    return max(left, key=lambda c: c.items[-1].box.x1, default=None)


def _between(rule: Rule, left: Box, right: Box) -> bool:
    """True if a rule down the page stands between two pieces of one row."""
    return (
        not rule.horizontal
        and left.x1 - 1 < rule.box.cx < right.x0 + 1
        and rule.box.overlap_y(left.union(right)) > 0
    )


def _owner_before(single: Chunk, chunks: Sequence[Chunk]) -> Chunk | None:
    """The chunk at whose foot the column left of a lone signature or marker ends.

    Text that fills its column leaves what closes it to the head of the next one.
    """
    text, box, em = single.text.strip(), single.box, single.size
    if not (SIGNATURE.match(text) or is_jump(text)):
        return None
    if any(c is not single and _over(c.box, box, em) for c in chunks):
        return None
    left = [
        c
        for c in chunks
        if c is not single
        and c.frame == single.frame
        and len(c.items) > 2
        and 0 < box.x1 - c.box.x1 < c.box.width + _GUTTER * em
        and c.box.y0 - _HEAD * em < box.cy < c.box.y1 + em
        and c.box.x1 < box.x0 + em
        and ends_sentence(c.items[-1].text)
    ]
    return max(left, key=lambda c: c.box.x1) if left else None


def _over(above: Box, box: Box, em: float) -> bool:
    """True if text stands right above a line."""
    near = -0.5 * em < box.y0 - above.y1 < 1.6 * em
    return near and above.overlap_x(box) > 0.5 * min(above.width, box.width)
