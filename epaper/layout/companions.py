"""Small lines that go with a heading: kickers, decks, bylines and labels in body type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from epaper.geometry import Box, hull
from epaper.layout.captions import TypeHabit
from epaper.layout.chunks import Chunk, face
from epaper.layout.cues import (
    begins_report,
    ends_sentence,
    holds_sentences,
    is_byline,
    is_dashed,
    is_jump,
    is_label,
    is_names,
    names_section,
)
from epaper.layout.frame import Item
from epaper.layout.headings import Heading
from epaper.layout.lone import is_row_over, stands_over, stands_under
from epaper.model import Frame, Origin, Role, WritingMode

# Characters at most of a label set across over a vertical heading.
_LID = 8
# Longest kicker, deck or byline in characters, and lines.
_LONGEST = 90
_LINES = 3
# A deck of one line differs from the text by its face or by this share in size, stands
# nearer to the headline than this, and keeps its middle or beginning to this, em.
_SAME_SIZE = 0.03
_NEAR = 0.95
_EXACT = 0.3
# A deck's last row has so few characters and stands so near under the one before it, em.
_REST, _ROWS = 8, 0.75
# The indent of a paragraph, em.
_INDENT = 2.0
# A line over a headline that begins with such a mark and is no longer signs it.
_BULLET, _SIGNED = re.compile(r"[□■◆●○▲△◎◇]"), 18
# A dash of two ems as OCR reads it.
_DASHED = re.compile(r"-\s*[^\W\d_]{2}")
# A label at a story's left edge may stand this far from its centred headline, em.
_ASIDE = 45
# Beyond so much of a page read down from ink another tier begins, but where a label in reverse
# stands so near over its headline's line.
_ASIDE_DOWN, _ROW = 26, 1.5
# A label beside its headline has no more characters than this.
_ASIDE_LONGEST = 10
# A label in reverse is no larger than this, em of the body.
_TAG = 2.0
# Nor than this, in that of its headline.
_TAG_OVER = 1.5
# Frames higher than this, in its own em, hold more than a label.
_STORIES = 8.0
# A kicker, or a deck of two lines, is larger than the text by this at least to be told by that.
_LARGER = 1.1
# Names stand no farther than this from the byline's mark on their line, em.
_NAME_GAP = 2.5


def adopt_labels(headings: list[Heading], frames: Sequence[Frame], body: float) -> list[Heading]:
    """Headings that are a label in a tag of their own join the heading they announce."""
    headings = _with_lids(headings)
    tags = [
        h
        for h in headings
        if _is_tag(h.items, h.frame, frames) and not (_is_grand(h, body) or _is_labelled(h))
    ]
    rest = [h for h in headings if not any(h is tag for tag in tags)]
    for tag in tags:
        if not _announce(tag.items, rest, body, frames):
            rest.append(tag)
    return rest


def _with_lids(headings: Sequence[Heading]) -> list[Heading]:
    """The headings, a line set across right over one that runs down the page made its label."""
    lids = [(lid, h) for lid in headings if lid.across for h in headings if _is_lid(lid, h)]
    for lid, heading in lids:
        if Role.LABEL not in heading.parts:
            heading.put_first(Role.LABEL, lid.items)
    return [h for h in headings if not any(h is lid for lid, _ in lids)]


def _is_lid(lid: Heading, heading: Heading) -> bool:
    """True for a few letters, no larger than the heading, that end where it begins."""
    box, head = lid.box, heading.box
    few = sum(len(i.text) for i in lid.items) <= _LID
    # A kicker that runs down may stand beside the lid.
    near = -box.width < head.x0 - box.x1 < 1.5 * lid.size and box.x0 < head.x0 + 0.3 * lid.size
    over = box.overlap_y(head) > 0.6 * min(box.height, head.height)
    alone = not heading.across and heading.frame == lid.frame and lid.size <= heading.size
    return alone and few and near and over and lid.items[0].line.mode is WritingMode.HORIZONTAL


def _is_labelled(heading: Heading) -> bool:
    """True for a headline that has a label in reverse of its own."""
    main = heading.parts[Role.HEADLINE]
    return Role.LABEL in heading.parts and not any(
        i.line.reversed or is_label(i.text) for i in main
    )


def _is_grand(heading: Heading, body: float) -> bool:
    """A headline in reverse over a picture or a tint is larger than labels are."""
    large = heading.size > _TAG * body and len(heading.items) > 1
    return large or (heading.size > 1.5 * _TAG * body and not is_label(heading.items[0].text))


def adopt_tags(
    headings: Sequence[Heading], chunks: Sequence[Chunk], frames: Sequence[Frame]
) -> list[Chunk]:
    """Chunks that are a label in a tag of their own join their heading; gives the others."""
    return [c for c in chunks if not adopt_tag(headings, c, frames)]


def adopt_tag(headings: Sequence[Heading], chunk: Chunk, frames: Sequence[Frame]) -> bool:
    """Make the chunk the label of its heading; False where it is no label in a tag of its own."""
    tag = _is_tag(chunk.items, chunk.frame, frames)
    return tag and _announce(chunk.items, headings, chunk.size, frames)


def _is_tag(items: Sequence[Item], frame: int, frames: Sequence[Frame]) -> bool:
    """A standing title: by its words, in reverse, or in a frame hardly larger than it."""
    if len(items) > 3 or sum(len(i.text) for i in items) > 14:
        return False
    if any(i.line.reversed for i in items) or is_label("".join(i.text for i in items)):
        return True
    size = max(i.size for i in items)
    return (
        frame >= 0 and frames[frame].box.height < 2.6 * size and frames[frame].box.width < 14 * size
    )


def _announce(
    items: Sequence[Item], headings: Sequence[Heading], em: float, frames: Sequence[Frame]
) -> bool:
    """Make the items the label of the nearest heading right below; False if there is none."""
    tag, size = hull(i.box for i in items), max(i.size for i in items)
    below = [
        h
        for h in headings
        if not h.across
        and (-0.5 * em < h.main.y0 - tag.y1 < 4 * em or tag.overlap_y(h.main) > 0)
        # Nothing in type so much larger announces a headline, nor from outside its frame.
        and size < _TAG_OVER * h.size
        and (h.frame < 0 or frames[h.frame].box.grown(em, em).intersection(tag) > 0)
        and not _shut_off(tag, size, h.main, frames)
    ]
    aside = {id(h): max(0.0, -tag.overlap_x(h.box)) for h in below}
    line = items[0].line
    down = line.origin is Origin.OCR and line.mode is WritingMode.VERTICAL
    over = line.reversed and any(0 <= h.main.y0 - tag.y1 < _ROW * em for h in below)
    reach = _ASIDE_DOWN if down and not over else _ASIDE
    if sum(len(i.text.strip()) for i in items) > _ASIDE_LONGEST:
        # So many words beside a headline are one themselves, as in reverse over a picture.
        reach = 0
    below = [h for h in below if aside[id(h)] <= reach * em]
    if not below:
        return False
    # A headline right under the label comes before those at its side.
    under = [h for h in below if h.main.overlap_x(tag) > 0 and h.main.cy > tag.cy]
    nearest = min(under or below, key=lambda h: h.main.y0 - tag.y1 + 0.15 * aside[id(h)])
    nearest.put_first(Role.LABEL, items)
    return True


def _shut_off(tag: Box, size: float, main: Box, frames: Sequence[Frame]) -> bool:
    """True if the tag stands in a frame of whole stories that does not hold the headline."""
    return any(
        f.box.contains(tag) and f.box.height > _STORIES * size and f.box.intersection(main) <= 0
        for f in frames
    )


def adopt_chunks(
    headings: Sequence[Heading],
    spans: Sequence[tuple[float, float]],
    chunks: Sequence[Chunk],
    habit: TypeHabit,
) -> list[Chunk]:
    """Move kickers, decks and bylines from `chunks` into the headings; give what is left.

    Works outwards from each heading, nearest chunk first, so that a byline under a deck
    is reached through the deck. `spans` are the headings' territories.
    """
    left = list(chunks)
    for heading, span in sorted(zip(headings, spans, strict=True), key=lambda hs: hs[0].main.y0):
        if heading.across:
            continue
        while (found := _below(heading, span, left, habit)) is not None:
            chunk, role = found
            for item in chunk.items:
                # A byline set close under its deck is one chunk with it; but ——记丰宁渔民|马树人.
                bare = len(chunk.items) > 1 and not is_dashed(chunk.text)
                signed = is_byline(item.text) or (bare and is_names(item.text))
                own = Role.BYLINE if role is Role.DECK and signed else role
                heading.parts[own] = (*heading.parts.get(own, ()), item)
            left.remove(chunk)
            for names in _names_beside(chunk, left) if role is Role.BYLINE else ():
                heading.parts[role] = (*heading.parts[role], *names.items)
                left.remove(names)
        byline = _byline_above(heading, span, left)
        if byline is not None:
            heading.parts[Role.BYLINE] = byline.items
            left.remove(byline)
        while (above := _above(heading, left, habit)) is not None:
            for item in reversed(above.items):
                title = item.line.reversed or is_label(item.text)
                title = title or (len(above.items) == 1 and names_section(item.text))
                heading.put_first(Role.LABEL if title else Role.KICKER, [item])
            left.remove(above)
    return left


def _names_beside(byline: Chunk, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Bare names that a wide space parted from their byline, on its line."""
    row = byline.items[-1]
    return [
        c
        for c in sorted(chunks, key=lambda c: c.box.x0)
        if len(c.items) == 1
        and is_names(c.text)
        and c.frame == byline.frame
        and abs(c.box.cy - row.box.cy) < 0.3 * row.size
        and abs(c.size / row.size - 1) < _SAME_SIZE
        and -0.1 * row.size < c.box.x0 - row.box.x1 < _NAME_GAP * row.size
    ]


def _byline_above(
    heading: Heading, span: tuple[float, float], chunks: Sequence[Chunk]
) -> Chunk | None:
    """A byline that stands over the story beside its headline or label."""
    if Role.BYLINE in heading.parts:
        return None
    top = heading.main.y0
    for chunk in chunks:
        if len(chunk.items) > 1 or chunk.frame != heading.frame:
            continue
        over = -chunk.size < top - chunk.box.y1 < 4 * chunk.size
        inside = span[0] - chunk.size < chunk.box.x0 and chunk.box.x1 < span[1] + chunk.size
        if over and inside and _is_signed(chunk.text.strip()):
            return chunk
    return None


def _is_signed(words: str) -> bool:
    return is_byline(words) or (len(words) <= _SIGNED and bool(_BULLET.match(words)))


def _small(chunk: Chunk) -> bool:
    return len(chunk.items) <= _LINES and chunk.characters <= _LONGEST and not chunk.tail


def _centred(box: Box, main: Box, em: float) -> bool:
    return abs(box.cx - main.cx) < 1.6 * em


def _below(
    heading: Heading, span: tuple[float, float], chunks: Sequence[Chunk], habit: TypeHabit
) -> tuple[Chunk, Role] | None:
    reach = heading.box
    near = [
        c
        for c in chunks
        if _small(c)
        and c.frame == heading.frame
        and not _heads_column(c, heading, chunks)
        and -0.5 * c.size < c.box.y0 - reach.y1 < 1.9 * c.size
        and span[0] - c.size < c.box.x0
        and c.box.x1 < span[1] + c.size
        and _nearer(c, heading.main.grown(8 * c.size, 0), habit)
    ]
    for chunk in sorted(near, key=lambda c: c.box.y0):
        role = _below_role(heading, chunk, chunks, habit)
        if role is not None:
            return chunk, role
    return None


def _heads_column(chunk: Chunk, heading: Heading, chunks: Sequence[Chunk]) -> bool:
    """True for a subhead at the head of a column with text of the story before it, level."""
    em, box = chunk.size, chunk.box
    return chunk.subhead > 0 and any(
        c is not chunk
        and c.frame == chunk.frame
        and len(c.items) > 2
        and heading.main.x0 < c.box.x1 < box.x0 + em
        and c.box.y0 < box.y1 + em
        and c.box.y1 > box.y1 + em
        for c in chunks
    )


def _nearer(chunk: Chunk, around: Box, habit: TypeHabit) -> bool:
    """Under the headline; only a byline may stand further aside, at the story's edge."""
    return chunk.box.overlap_x(around) > 0.6 * chunk.box.width or _signs(chunk, habit)


def _signs(chunk: Chunk, habit: TypeHabit) -> bool:
    """One line that reads like a byline; bare names only in type of their own."""
    if len(chunk.items) > 1:
        return False
    return is_byline(chunk.text) or (is_names(chunk.text) and _own_type(chunk, habit))


def _own_type(chunk: Chunk, habit: TypeHabit) -> bool:
    """True if the chunk's face or size is not the text's."""
    other = bool(habit.face) and chunk.face != habit.face
    return other or abs(chunk.size / habit.size - 1) > _SAME_SIZE


def _below_role(
    heading: Heading, chunk: Chunk, chunks: Sequence[Chunk], habit: TypeHabit
) -> Role | None:
    text = chunk.text.strip()
    if is_jump(text):
        return Role.JUMP
    if _signs(chunk, habit):
        return Role.BYLINE
    told = begins_report(text) or holds_sentences(text) or _is_sentence(text)
    if Role.BYLINE in heading.parts or told or _begins_text(chunk, chunks):
        return None
    deck = heading.parts.get(Role.DECK, ())
    last = bool(deck) and _ends_deck(chunk, deck[-1])
    other = deck and (
        chunk.face != face(deck[-1]) or abs(chunk.size / deck[-1].size - 1) > _SAME_SIZE
    )
    if other and not last:
        return None
    dashed = is_dashed(text) or text.startswith(("—", "━")) or _DASHED.match(text)
    return Role.DECK if last or dashed or _unlike_body(heading, chunk, chunks, habit) else None


def _ends_deck(chunk: Chunk, last: Item) -> bool:
    """True for the few characters of a deck's last row, whose size is measured badly.

    They stand in the middle under the row before them, or begin with it.
    """
    box, above, em = chunk.box, last.box, last.size
    few = len(chunk.items) == 1 and len(chunk.text.strip()) <= _REST
    ink = chunk.items[0].line.origin is Origin.OCR
    placed = min(abs(box.cx - above.cx), abs(box.x0 - above.x0)) < _EXACT * em
    near = -_EXACT * em < box.y0 - above.y1 < _ROWS * em
    return few and ink and placed and near and box.width < above.width and not is_names(chunk.text)


def _begins_text(chunk: Chunk, chunks: Sequence[Chunk]) -> bool:
    """True for the one line over a picture of a paragraph that goes on under the picture.

    It is indented, as full as its column, and breaks off.
    """
    box, em = chunk.box, chunk.size
    if len(chunk.items) > 1 or ends_sentence(chunk.text):
        return False
    return any(
        c is not chunk
        and abs(c.size / em - 1) < _SAME_SIZE
        and c.box.y0 > box.y1 + em
        and abs(box.x0 - c.items[0].box.x0 - _INDENT * em) < _EXACT * em
        and abs(box.x1 - c.box.x1) < _EXACT * em
        for c in chunks
    )


def _is_sentence(text: str) -> bool:
    return ends_sentence(text[-1:]) and not text.endswith(("”", "》", "）", "？", "！"))


def _unlike_body(heading: Heading, chunk: Chunk, chunks: Sequence[Chunk], habit: TypeHabit) -> bool:
    """Centred under the headline, and larger, in another face, or over several columns."""
    if _set_apart(heading, chunk, habit) or stands_under(chunk, heading, chunks):
        return True
    larger = chunk.size > 1.06 * habit.size
    other = bool(habit.face) and chunk.face != habit.face
    under = [c for c in chunks if c is not chunk and _right_under(c, chunk, 3 * habit.size)]
    spans = sum(c.box.overlap_x(chunk.box) > 2 * habit.size for c in under)
    columns = [c for c in under if c.box.overlap_x(chunk.box) > habit.size and len(c.items) > 2]
    if len(columns) > 1 and abs(chunk.box.x0 - heading.main.x0) < _EXACT * habit.size:
        # It begins with the headline and is wider than a column.
        return True
    if habit.common_width(chunk.box.width) and not larger and spans < 2:
        return False
    return _centred(chunk.box, heading.main, habit.size) and (larger or other or spans >= 2)


def _right_under(lower: Chunk, upper: Chunk, reach: float) -> bool:
    return 0 <= lower.box.y0 - upper.box.y1 < reach


def _set_apart(heading: Heading, chunk: Chunk, habit: TypeHabit) -> bool:
    """One line of its own type, or two in larger type, set to the headline's middle or beginning.

    It stands nearer to the headline than text does, or is centred and short.
    """
    em = habit.size
    most = 2 if chunk.size > _LARGER * em else 1
    if len(chunk.items) > most or chunk.frame != heading.frame:
        return False
    if not _own_type(chunk, habit):
        return False
    lead = chunk.box.x0 - heading.main.x0
    near = chunk.box.y0 - heading.box.y1 < _NEAR * em
    centred = abs(chunk.box.cx - heading.main.cx) < _EXACT * em
    return (near and abs(lead) < _EXACT * em) or (centred and (near or lead > em))


def _above(heading: Heading, chunks: Sequence[Chunk], habit: TypeHabit) -> Chunk | None:
    """A small line in type of its own over the headline: its kicker or label."""
    # A label may stand over the kicker, and be known already.
    words = [i for role, part in heading.parts.items() if role is not Role.LABEL for i in part]
    tops = (heading.box.y0, hull(i.box for i in words).y0)
    for chunk in chunks:
        if not (_small(chunk) and len(chunk.items) <= 2 and chunk.frame == heading.frame):
            continue
        gap = min((top - chunk.box.y1 for top in tops), key=abs)
        if not -0.5 * chunk.size < gap < 1.4 * chunk.size or ends_sentence(chunk.text[-1:]):
            continue
        aligned = _centred(chunk.box, heading.main, habit.size) or (
            abs(chunk.box.x0 - heading.main.x0) < 2.2 * habit.size
        )
        unlike = (
            chunk.size > 1.05 * habit.size
            or (bool(habit.face) and chunk.face != habit.face)
            or chunk.items[0].line.bold
            or chunk.items[0].line.reversed
            or stands_over(chunk, heading, chunks)
        )
        under = any(
            c is not chunk
            and not is_row_over(c, chunk, heading)
            and c.box.overlap_x(chunk.box) > 0.5 * chunk.box.width
            and 0 <= chunk.box.y0 - c.box.y1 < 1.2 * habit.size
            for c in chunks
        )
        if aligned and unlike and (_is_kicker_type(chunk, habit) or not under):
            return chunk
    return None


def _is_kicker_type(chunk: Chunk, habit: TypeHabit) -> bool:
    """Type so unlike the text's that what stands close above, as on dense pages, is not its own."""
    larger = chunk.items[0].line.origin is Origin.LAYER and chunk.size > _LARGER * habit.size
    other = bool(habit.face) and chunk.face != habit.face
    return larger and other and not (is_byline(chunk.text) or is_names(chunk.text))
