"""Which chunks together may be the words of a picture: a text, with the credit at its foot.

Lengths are ems of the page's body type, in the reading frame of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epaper.geometry import Box, hull
from epaper.layout.chunks import Chunk
from epaper.layout.cues import begins_credit, ends_in_credit, ends_sentence, is_credit
from epaper.layout.figures import Figure
from epaper.model import Origin

# A caption stands no farther from its figure than this, em.
REACH = 4.0
# What is no longer than this is no word, em.
_SPECK = 0.5
# Lines of one caption are of one size but for this, and so close, em.
_ALIKE, _CLOSE = 0.06, 0.6
# Words and a credit right behind them reach so far beyond their picture, em.
_OVER = 2.5
# A caption fills its picture to within this, em.
_FILLED = 1.5
# So many lines go on where those above are blacker.
_LAST_LINES = 3
# The end of a broken credit has no more characters, nor has its beginning.
_BROKEN, _BEGUN = 4, 14
# A credit behind words in the middle of their picture is so near, em.
_BEHIND = 2.5
# A caption's line over text is told by so many lines of this.
_TEXT = 2
# So much of a line lies on the picture it is printed on.
_ON = 0.8


def texts_at(
    chunks: Sequence[Chunk], figures: Sequence[Figure], em: float
) -> list[tuple[int, ...]]:
    """The chunks that stand at figures, each with the credits under it or on its last line."""
    near = [
        k
        for k, chunk in enumerate(chunks)
        if not chunk.rows
        and max(chunk.box.width, chunk.box.height) > _SPECK * em
        and any(gap(chunk.box, f.box) < REACH * em for f in figures)
    ]
    # The last line of a long caption may stand farther off.
    near += [
        k
        for k, chunk in enumerate(chunks)
        if k not in near and any(goes_on(chunks[n], chunk, figures) for n in near)
    ]
    credits = [k for k, c in enumerate(chunks) if len(c.items) <= 2 and _names_taker(c.text)]
    credits += [k for k in near if k not in credits and _begins_one(k, credits, chunks)]
    words = [k for k in near if k not in credits]
    texts = _read_on(words, [k for k in credits if k not in words], chunks, figures)
    # A credit is far from the first lines of words that are several chunks.
    boxes = {n: hull(chunks[k].box for k in parts) for n, parts in texts.items()}
    for k in credits:
        own = chunks[k].box
        closed = [n for n in boxes if _closes(own, boxes[n], figures, em)]
        rows = [boxes[n] for n in closed if abs(boxes[n].y1 - own.y1) < 0.3 * em]
        # Words over the row that the credit ends are not its own.
        owners = [n for n in closed if not any(_is_right_over(boxes[n], row, em) for row in rows)]
        if owners:
            texts[min(owners, key=lambda n: _away(own, boxes[n], figures))].append(k)
        elif k in near:
            texts[k] = [k]
    return [tuple(parts) for parts in texts.values()]


def with_ends_apart(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks, the end of a credit under a caption apart from that, and a caption from text.

    The beginning of the credit stands behind the last words, so far off that it is a chunk of
    its own; so does the whole credit of a line of smaller type under text. A line over text that
    ends with its photographer is no text either.
    """
    parted: list[Chunk] = []
    for chunk in chunks:
        cut = _cut(chunk, chunks)
        if cut:
            upper = replace(chunk, items=chunk.items[:cut], tail=())
            parted += [upper, replace(chunk, items=chunk.items[cut:])]
        else:
            parted.append(chunk)
    return parted


def _cut(chunk: Chunk, chunks: Sequence[Chunk]) -> int:
    """The line from which a chunk is another; 0 where it is one."""
    if len(chunk.items) < 2 or chunk.rows:
        return 0
    if _ends_broken(chunk, chunks) or _ends_captioned(chunk, chunks):
        return len(chunk.items) - 1
    return int(_begins_captioned(chunk))


def _begins_captioned(chunk: Chunk) -> bool:
    """True where the first line ends with a photographer, and text begins under it, indented."""
    if len(chunk.items) <= _TEXT:
        return False
    words, first, *rest = chunk.items
    em = chunk.size
    told = words.line.origin is Origin.OCR and not is_credit(words.text)
    indented = first.box.x0 - words.box.x0 > em
    flush = abs(rest[0].box.x0 - words.box.x0) < 0.5 * em
    return told and indented and flush and ends_in_credit(words.text)


def _ends_broken(chunk: Chunk, chunks: Sequence[Chunk]) -> bool:
    """True where the last line ends a credit that another chunk begins on the line before."""
    before, last = chunk.items[-2:]
    end = last.text.strip()
    if len(end) > _BROKEN or not ends_in_credit(end):
        return False
    return any(
        len(other.items) == 1
        and other.box.x0 > before.box.x1
        and abs(other.box.cy - before.box.cy) < 0.3 * last.size
        and begins_credit(other.text)
        and is_credit(other.text.strip() + end)
        for other in chunks
    )


def _ends_captioned(chunk: Chunk, chunks: Sequence[Chunk]) -> bool:
    """True where a last line of smaller type, behind a sentence, has a credit at its end."""
    before, last = chunk.items[-2:]
    smaller = last.size < (1 - _ALIKE) * before.size and last.line.origin is Origin.OCR
    if not smaller or chunk.tail or not ends_sentence(before.text):
        return False
    return any(
        abs(other.box.cy - last.box.cy) < 0.3 * last.size
        and last.box.x1 < other.box.x0
        and other.box.x1 < chunk.box.x1 + last.size
        and is_credit(other.text)
        for other in chunks
    )


def _read_on(
    words: Sequence[int], credits: Sequence[int], chunks: Sequence[Chunk], figures: Sequence[Figure]
) -> dict[int, list[int]]:
    """The words by their first chunk, those together that break off in mid-sentence.

    A scan's uneven blackness parts them, or a last line in the middle of its picture. Words
    with a credit at the end of their last line are whole.
    """
    signed = {
        k: [chunks[c].box for c in credits if _ends_line(chunks[c], chunks[k])] for k in words
    }
    joined = {k: [k] for k in words}
    for k in sorted(words, key=lambda k: chunks[k].box.y0):
        above = [
            n
            for n in joined
            if n != k
            and not signed[joined[n][-1]]
            and (
                goes_on(chunks[joined[n][-1]], chunks[k], figures, signed[k])
                or _crosses(chunks[joined[n][-1]], chunks[k], figures)
            )
        ]
        if above and len(joined[above[0]]) == 1:
            joined[above[0]] += joined.pop(k)
    return joined


def _is_right_over(upper: Box, lower: Box, em: float) -> bool:
    return upper.overlap_x(lower) > 0 and abs(lower.y0 - upper.y1) < _CLOSE * em


def _crosses(left: Chunk, right: Chunk, figures: Sequence[Figure]) -> bool:
    """True for a line printed on two pictures that touch; a letter may be lost between them."""
    last, first = left.items[-1].box, right.items[0].box
    em = max(left.size, right.size)
    one_line = len(left.items) == len(right.items) == 1 and abs(last.cy - first.cy) < 0.3 * em
    ended = left.text.strip().endswith(("。", "！", "？"))
    if not one_line or ended or right.box.x0 - left.box.x1 > _OVER * em:
        return False
    alone = [f.box for f in figures if len(f.pictures) == 1]
    return any(
        last.share_in(a) > _ON and first.share_in(b) > _ON and abs(b.x0 - a.x1) < _SPECK * em
        for a in alone
        for b in alone
    )


def _ends_line(credit: Chunk, words: Chunk) -> bool:
    """True for a credit behind the last of the words, on their line."""
    last, box = words.items[-1].box, credit.box
    level = abs(box.cy - last.cy) < 0.3 * words.size
    return level and -0.5 * words.size < box.x0 - last.x1 < _BEHIND * words.size


def goes_on(
    upper: Chunk, lower: Chunk, figures: Sequence[Figure] = (), behind: Sequence[Box] = ()
) -> bool:
    """True for a line that breaks off, and the next lines of its type under it.

    They begin with it, as on a scan, or stand about the middle of the picture it fills, with
    the credit `behind` them on their line.
    """
    last, first = upper.items[-1], lower.items[0]
    em = first.size
    near = -0.3 * em < first.box.y0 - last.box.y1 < _CLOSE * em
    alike = abs(last.size / em - 1) < _ALIKE and last.line.font == first.line.font
    if ends_sentence(last.text) or not (near and alike):
        return False
    flush = abs(last.box.x0 - first.box.x0) < em
    row = hull([first.box, *behind]) if len(lower.items) == 1 else first.box
    middled = any(abs(last.box.cx - box.cx) < 0.5 * em for box in (first.box, row)) and any(
        max(abs(f.box.x0 - last.box.x0), abs(f.box.x1 - last.box.x1)) < _FILLED * em
        for f in figures
    )
    if len(upper.items) > 1 and not (middled and len(lower.items) == 1):
        # Only the blackness of their ink parts lines of one width.
        full = abs(last.box.x1 - lower.box.x1) < em or lower.box.x1 < last.box.x1
        few = len(lower.items) <= _LAST_LINES and first.line.origin is Origin.OCR
        return few and flush and full and last.line.bold != first.line.bold
    return middled or (flush and first.line.origin is Origin.OCR)


def _begins_one(k: int, credits: Sequence[int], chunks: Sequence[Chunk]) -> bool:
    """True for the beginning of a credit that its line breaks: 本报记|者韩梦瑶摄."""
    text, size = chunks[k].text.strip(), chunks[k].size
    if len(chunks[k].items) > 1 or len(text) > _BEGUN:
        return False
    return any(
        0.5 * size < chunks[c].box.cy - chunks[k].box.cy < 2 * size
        and chunks[c].box.x0 < chunks[k].box.x0
        and begins_credit(text)
        and is_credit(text + chunks[c].text.strip())
        for c in credits
    )


def _names_taker(text: str) -> bool:
    """True for a credit, or the end of one whose name a line has broken: 周鳳|英攝."""
    return is_credit(text) or (len(text.strip()) <= _BROKEN and ends_in_credit(text))


def _away(credit: Box, words: Box, figures: Sequence[Figure]) -> tuple[int, float]:
    """How many pictures the two stand at together, and how far the credit is from the words' end.

    Side by side under a group, the words of the next picture may begin nearer to a credit
    than its own words end.
    """
    both = credit.union(words)
    shared = sum(both.overlap_x(f.box) > 0 for f in figures if len(f.pictures) == 1)
    return shared, abs(credit.cy - words.y1) + max(0.0, -credit.overlap_x(words))


def _closes(credit: Box, words: Box, figures: Sequence[Figure], em: float) -> bool:
    """True if a credit stands right under the words or on their last line.

    On their line, or far aside under them, one figure has to stand over or under both.
    """
    under = -0.6 * em < credit.y0 - words.y1 < 1.2 * em
    if under and -credit.overlap_x(words) < 0:
        return True
    level = abs(credit.y1 - words.y1) < 0.3 * em and credit.x0 > words.x0
    both = credit.union(words)
    # Of a drawing's faint ground less may be seen than words on one line are long.
    over = _OVER * em if level and credit.x0 - words.x1 < _OVER * em else em
    return (under or level) and any(
        both.overlap_x(f.box) > both.width - over and gap(both, f.box) < REACH * em for f in figures
    )


def gap(a: Box, b: Box) -> float:
    """Distance between two boxes along the axis where they are farther apart."""
    return max(-a.overlap_x(b), -a.overlap_y(b), 0.0)
