"""A font of blank glyphs, so that text can lie invisible with the picture of a page.

The TrueType file (Apple's TrueType Reference Manual, the tables that ISO 32000-1, 9.9
asks of an embedded CIDFontType2) is made here byte by byte. Glyph k is k twentieths of
an em wide, the last one is that of vertical lines, an em square that hangs from the top
left corner. A glyph is one line from corner to corner of its cell, there and back,
which encloses nothing but tells viewers how much room a character takes. Character ids
are given out as characters come; each stands for one character at one width.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

from epaper.errors import ExportError

STEPS = 20
"""Widths in an em."""
WIDEST = 80
"""The widest glyph, in steps."""
ASCENT = 880
"""Thousandths of an em above the base line; what is left of the em is below."""

_UNITS = 1000
_HANGING = WIDEST + 1
_STEP = _UNITS // STEPS
_MOST_CIDS = 0xFFFF
_BLOCK = 100
_MAGIC = 0xB1B0AFBA


class BlankFont:
    """The character ids used so far. Widths run across, in vertical setting down."""

    def __init__(self, vertical: bool) -> None:
        self.vertical = vertical
        # By character and width in steps, which text layers look up by the thousand.
        self.codes: dict[tuple[str, int], str] = {}

    def __len__(self) -> int:
        return len(self.codes)

    def code(self, char: str, steps: int) -> str:
        """The hex code of `char` at a width from 1 to WIDEST, a new one where it has none.

        Raises ExportError where there is no code left.
        """
        if len(self.codes) >= _MOST_CIDS:
            raise ExportError("a page has more different characters than a font can hold")
        return self.codes.setdefault((char, steps), f"{len(self.codes) + 1:04x}")

    def widths(self) -> str:
        """The entries /DW and /W of the font, /DW2 and /W2 too where it is vertical."""
        steps = [steps for _, steps in self.codes]
        if not self.vertical:
            return f"/DW {_UNITS}/W[1[{' '.join(str(_STEP * s) for s in steps)}]]"
        # Viewers disagree on where a cell lies about its origin, but for this corner.
        moves = " ".join(f"{-_STEP * s} 0 0" for s in steps)
        return f"/DW {_UNITS}/DW2[0 {-_UNITS}]/W2[1[{moves}]]"

    def glyph_ids(self) -> bytes:
        """The stream /CIDToGIDMap: two bytes a character id."""
        glyphs = (_HANGING if self.vertical else steps for _, steps in self.codes)
        return struct.pack(f">{len(self.codes) + 1}H", 0, *glyphs)

    def to_unicode(self) -> bytes:
        """The stream /ToUnicode."""
        chars = {char for char, _ in self.codes}
        hexed = {char: char.encode("utf-16-be").hex() for char in chars}
        return character_map(
            [f"<{code}> <{hexed[char]}>" for (char, _), code in self.codes.items()]
        )


def character_map(rows: Sequence[str], kind: str = "bfchar", size: int = 2) -> bytes:
    """A ToUnicode CMap of `rows` for codes of `size` bytes (Adobe Technical Note 5411).

    `kind` is the operator that takes the rows, bfchar or bfrange.
    """
    lines = [
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def",
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def",
        f"1 begincodespacerange <{'00' * size}> <{'ff' * size}> endcodespacerange",
    ]
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        lines += [f"{len(block)} begin{kind}", *block, f"end{kind}"]
    lines.append("endcmap CMapName currentdict/CMap defineresource pop end end")
    return "\n".join(lines).encode()


@lru_cache(maxsize=1)
def font_file() -> bytes:
    """The TrueType file of the blank glyphs."""
    count = _HANGING + 1
    ascent, descent = ASCENT, ASCENT - _UNITS
    widest = _STEP * WIDEST
    widths = [_UNITS, *(_STEP * k for k in range(1, WIDEST + 1)), _UNITS]
    tops = [0 if k == _HANGING else ascent for k in range(count)]
    glyphs = [_glyph(width, top) for width, top in zip(widths, tops, strict=True)]
    head = struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _UNITS, 0, 0),
        *(0, -_UNITS, widest, ascent, 0, 8, 2, 0, 0),
    )
    hhea = struct.pack(
        ">IhhhHhhhhhhhhhhhH",
        *(0x10000, ascent, descent, 0, widest, 0, 0, widest, 1, 0, 0, 0, 0, 0, 0, 0, count),
    )
    maxp = struct.pack(">IH13H", 0x10000, count, *(2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0))
    hmtx = b"".join(struct.pack(">Hh", width, 0) for width in widths)
    starts = accumulate((len(glyph) // 2 for glyph in glyphs), initial=0)
    loca = struct.pack(f">{count + 1}H", *starts)
    return _sfnt(
        [
            (b"glyf", b"".join(glyphs)),
            (b"head", head),
            (b"hhea", hhea),
            (b"hmtx", hmtx),
            (b"loca", loca),
            (b"maxp", maxp),
        ]
    )


def _glyph(width: int, top: int) -> bytes:
    """A contour of two points, the corners of the cell."""
    bottom, on_curve = top - _UNITS, 1
    header = struct.pack(">hhhhh", 1, 0, bottom, width, top)
    contour = struct.pack(">HHBB", 1, 0, on_curve, on_curve)
    return header + contour + struct.pack(">hhhh", 0, width, bottom, _UNITS)


def _sfnt(tables: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Tables, in the order of their names, as one file with its checksums."""
    power = 1 << (len(tables).bit_length() - 1)
    search = 16 * power
    header = struct.pack(
        ">IHHHH", 0x10000, len(tables), search, power.bit_length() - 1, 16 * len(tables) - search
    )
    offset = len(header) + 16 * len(tables)
    entries, body, head_at = [], b"", 0
    for tag, data in tables:
        if tag == b"head":
            head_at = offset + len(body)
        entries.append(struct.pack(">4sIII", tag, _sum(data), offset + len(body), len(data)))
        body += _padded(data)
    file = bytearray(header + b"".join(entries) + body)
    struct.pack_into(">I", file, head_at + 8, (_MAGIC - _sum(bytes(file))) & 0xFFFFFFFF)
    return bytes(file)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _sum(data: bytes) -> int:
    padded = _padded(data)
    words: Iterable[int] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
