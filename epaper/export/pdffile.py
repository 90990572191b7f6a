"""Objects of a PDF as bytes: a file of its own, or an update that is appended to one.

An update leaves the bytes before it as they are (ISO 32000-1, 7.5.6), so that what a page
looks like is written once and its text can be written anew behind it.
"""

from __future__ import annotations

import struct
import zlib
from itertools import groupby

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

# Half the time of the usual level, for a twentieth more of what is text.
_LEVEL = 4
_FREE, _PLACED, _PACKED = 0, 1, 2


class Objects:
    """Objects that get numbers from `first` on; others may be written over by number."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._plain: dict[int, str] = {}
        self._streams: dict[int, bytes] = {}

    def number(self) -> int:
        """A number that no object has."""
        self._next += 1
        return self._next - 1

    def put(self, text: str, number: int = 0) -> int:
        """An object as PDF writes it; its number, a new one unless it is given."""
        number = number or self.number()
        self._plain[number] = text
        return number

    def stream(self, data: bytes, entries: str = "", number: int = 0, packed: bool = True) -> int:
        """A stream with these entries in its dictionary; `packed` deflates it."""
        number = number or self.number()
        if packed:
            data, entries = zlib.compress(data, _LEVEL), f"/Filter/FlateDecode{entries}"
        head = f"<<{entries}/Length {len(data)}>>stream\n".encode()
        self._streams[number] = head + data + b"\nendstream"
        return number

    def bytes_at(self, start: int, trailer: str) -> bytes:
        """All objects and their cross-reference stream, to stand at offset `start`.

        `trailer` holds the entries of the trailer but for /Size.
        """
        pack = self._pack()
        places: dict[int, tuple[int, int, int]] = {
            number: (_PACKED, pack, index) for index, number in enumerate(self._plain)
        }
        parts: list[bytes] = []
        at = start
        for number, stream in self._streams.items():
            places[number] = (_PLACED, at, 0)
            parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, stream))
            at += len(parts[-1])
        table = self.number()
        places[table] = (_PLACED, at, 0)
        if start == len(HEADER):
            places[0] = (_FREE, 0, 0xFFFF)
        parts.append(self._table(table, places, trailer))
        return b"".join((*parts, b"startxref\n%d\n%%%%EOF\n" % at))

    def _pack(self) -> int:
        """Puts the objects that are no streams into one; its number."""
        offset, numbers, bodies = 0, [], []
        for number, text in self._plain.items():
            numbers.append(f"{number} {offset}")
            body = f"{text}\n".encode("latin-1")
            bodies.append(body)
            offset += len(body)
        head = f"{' '.join(numbers)}\n".encode()
        entries = f"/Type/ObjStm/N {len(numbers)}/First {len(head)}"
        return self.stream(head + b"".join(bodies), entries)

    def _table(self, number: int, places: dict[int, tuple[int, int, int]], trailer: str) -> bytes:
        known = sorted(places)
        rows = b"".join(struct.pack(">BIH", *places[each]) for each in known)
        sections = []
        for _, run in groupby(enumerate(known), key=lambda pair: pair[1] - pair[0]):
            members = [each for _, each in run]
            sections.append(f"{members[0]} {len(members)}")
        data = zlib.compress(rows, _LEVEL)
        head = (
            f"{number} 0 obj\n<</Type/XRef/Size {self._next}/W[1 4 2]/Index[{' '.join(sections)}]"
            f"{trailer}/Filter/FlateDecode/Length {len(data)}>>stream\n"
        )
        return head.encode() + data + b"\nendstream\nendobj\n"


def text_string(text: str) -> str:
    """A text string in UTF-16."""
    return f"<feff{text.encode('utf-16-be').hex()}>"
