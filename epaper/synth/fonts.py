"""CJK faces: what this machine has, what each covers, and embedding them small."""

from __future__ import annotations

import importlib
import io
import logging
import shutil
import struct
import subprocess
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pymupdf
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from epaper.errors import MissingError
from epaper.geometry import Box

# PyMuPDF types only some of its calls.
_mupdf: Any = pymupdf
# Family as fontconfig names it → kind of letter.
_FAMILIES: dict[str, str] = {
    "AR PL SungtiL GB": "song",
    "AR PL UMing CN": "song",
    "AR PL UMing TW": "song",
    "AR PL Mingti2L Big5": "song",
    "cwTeXMing": "song",
    "TW-Sung": "song",
    "Noto Serif CJK SC": "song",
    "Noto Serif CJK TC": "song",
    "WenQuanYi Zen Hei": "hei",
    "WenQuanYi Micro Hei": "hei",
    "cwTeXHeiBold": "hei",
    "Noto Sans CJK SC": "hei",
    "Noto Sans CJK TC": "hei",
    "AR PL KaitiM GB": "kai",
    "AR PL KaitiM Big5": "kai",
    "AR PL UKai CN": "kai",
    "AR PL UKai TW": "kai",
    "cwTeXKai": "kai",
    "TW-Kai": "kai",
    "LXGW WenKai": "kai",
    "cwTeXFangSong": "fang",
    "cwTeXYen": "round",
    "Smiley Sans": "show",
}
# Name, kind, package, file, and the scripts it serves (traditional or not).
_PACKAGES: tuple[tuple[str, str, str, str, tuple[bool, ...]], ...] = (
    ("Noto Serif SC", "song", "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf", (False,)),
    ("Noto Sans SC", "hei", "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf", (False,)),
    ("Noto Serif TC", "song", "pylopdf_fonts_zh_tw", "NotoSerifTC-Regular.otf", (True,)),
    ("Noto Sans TC", "hei", "pylopdf_fonts_zh_tw", "NotoSansTC-Regular.otf", (True,)),
)
_LANGUAGES = {False: "zh-cn", True: "zh-tw"}
# Families drawn for one script alone, whatever else they cover: their stops differ.
_ONE_SCRIPT = {
    **dict.fromkeys(("AR PL UMing TW", "AR PL UKai TW", "TW-Sung", "TW-Kai"), True),
    **dict.fromkeys(("AR PL UMing CN", "AR PL UKai CN"), False),
}
_UNUSED_TABLES = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "BDF ", "FFTM")


@dataclass(eq=False)
class Face:
    """One typeface. Advances are in ems; `kind` is song, hei, kai, fang, round or show."""

    name: str
    kind: str
    path: Path
    index: int = 0
    scripts: tuple[bool, ...] = (False, True)
    _advances: dict[str, float] = field(default_factory=dict)
    _gids: dict[str, int] = field(default_factory=dict)
    _inks: dict[str, Box] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The font file, taken out of its collection."""
        return _font_bytes(self.path, self.index)

    @property
    def font(self) -> Any:
        return _open_font(self.path, self.index)

    def gid(self, char: str) -> int:
        """The glyph of `char`, 0 where the face has none or, for a symbol, an empty one."""
        if char not in self._gids:
            found = int(self.font.has_glyph(ord(char)) or 0)
            blank = unicodedata.category(char) == "So" and not self.ink(char).area
            self._gids[char] = 0 if blank else found
        return self._gids[char]

    def advance(self, char: str) -> float:
        if char not in self._advances:
            self._advances[char] = float(self.font.glyph_advance(ord(char)))
        return self._advances[char]

    def ink(self, char: str) -> Box:
        """The ink of `char` in ems from the glyph's origin on the baseline, y down.

        A box without size where the glyph has no ink or the face has no glyph.
        """
        if char not in self._inks:
            glyphs, names, units = _outlines(self.path, self.index)
            pen = BoundsPen(glyphs)
            if ord(char) in names:
                glyphs[names[ord(char)]].draw(pen)
            x0, low, x1, high = (v / units for v in pen.bounds or (0, 0, 0, 0))
            self._inks[char] = Box(x0, -high, x1, -low)
        return self._inks[char]


@lru_cache(maxsize=64)
def _font_bytes(path: Path, index: int) -> bytes:
    if path.suffix.lower() != ".ttc":
        return path.read_bytes()
    out = io.BytesIO()
    TTFont(path, fontNumber=index, lazy=True, recalcTimestamp=False).save(out)
    return out.getvalue()


@lru_cache(maxsize=64)
def _open_font(path: Path, index: int) -> Any:
    return _mupdf.Font(fontbuffer=_font_bytes(path, index))


@lru_cache(maxsize=64)
def _outlines(path: Path, index: int) -> tuple[Any, dict[int, str], int]:
    """The glyphs of a face, their names by code point, and units an em."""
    font = TTFont(path, fontNumber=index, lazy=True)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


def _listed(language: str) -> set[tuple[str, str, str, str]]:
    """Rows of fc-list whose orthography covers `language`."""
    form = "%{family}\t%{style}\t%{index}\t%{file}\n"
    done = subprocess.run(
        ["fc-list", "--format", form, f":lang={language}"],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (row.split("\t") for row in done.stdout.splitlines())
    return {(r[0], r[1], r[2], r[3]) for r in rows if len(r) == 4}


def _fontconfig_faces() -> list[Face]:
    if shutil.which("fc-list") is None:
        return []
    by_script = {script: _listed(language) for script, language in _LANGUAGES.items()}
    found = []
    for row in sorted(set().union(*by_script.values())):
        families, style, index, file = row
        family = next((f for f in families.split(",") if f in _FAMILIES), None)
        if family is None or not index.isdigit() or int(index) > 0xFFFF:
            continue
        weight = style.split(",")[0]
        name = family + (f" {weight}" if weight in ("Bold", "Light") else "")
        scripts = tuple(
            script
            for script, rows in by_script.items()
            if row in rows and _ONE_SCRIPT.get(family, script) is script
        )
        found.append(Face(name, _FAMILIES[family], Path(file), int(index), scripts))
    return found


def _package_faces() -> list[Face]:
    found = []
    for name, kind, package, file, scripts in _PACKAGES:
        try:
            module = importlib.import_module(package)
        except ImportError:
            continue
        path = Path(str(module.__file__)).parent / file
        if path.is_file():
            found.append(Face(name, kind, path, 0, scripts))
    return found


class FontBook:
    """All faces of this machine by script.

    MissingError where there is no face at all for a script.
    """

    def __init__(self, faces: Iterable[Face] | None = None) -> None:
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        listed = list(faces) if faces is not None else [*_fontconfig_faces(), *_package_faces()]
        unique = {face.name: face for face in sorted(listed, key=lambda f: (f.name, str(f.path)))}
        self._by_script = {
            script: [f for f in unique.values() if script in f.scripts] for script in _LANGUAGES
        }

    def faces(self, kind: str, traditional: bool) -> list[Face]:
        """The faces of a kind; the nearest kind where there is none."""
        pool = self._by_script[traditional]
        if not pool:
            raise MissingError(
                "no Chinese font was found: install the package pylopdf-fonts-zh-"
                + ("tw" if traditional else "cn")
            )
        order = {"fang": ("fang", "kai"), "round": ("round", "hei"), "show": ("show", "hei")}
        for wanted in (*order.get(kind, (kind,)), "song", "hei"):
            found = [f for f in pool if f.kind == wanted]
            if found:
                return found
        return pool

    def fallback(self, char: str, traditional: bool) -> Face | None:
        """A face that has `char`."""
        pool = [*self._by_script[traditional], *self._by_script[not traditional]]
        broad = sorted(pool, key=lambda f: (not f.name.startswith("Noto"), f.name))
        return next((f for f in broad if f.gid(char)), None)


@lru_cache(maxsize=1)
def default_fonts() -> FontBook:
    """The machine's faces, looked up once a process."""
    return FontBook()


def embedded(face: Face, chars: dict[int, str]) -> bytes:
    """Font data for a PDF that sets `chars`, by glyph id; glyph ids are kept.

    TrueType is left whole, since MuPDF drops unused outlines itself when it saves. In
    CFF, which it does not shrink, the unused charstrings are cut to a bare endchar.
    """
    data = face.data
    if data[:4] != b"OTTO":
        return data
    font = TTFont(io.BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    top = font["CFF "].cff.topDictIndex[0].rawDict
    raw = _emptied(font.reader["CFF "], top["CharStrings"], {0, *chars})
    if "ROS" in top:
        raw = _cids_as_gids(raw, top["charset"], top["CharStrings"])
    for tag in _UNUSED_TABLES:
        if tag in font:
            del font[tag]
    for tag, data in (("CFF ", raw), ("cmap", _character_map(chars))):
        font.tables[tag] = DefaultTable(tag)
        font.tables[tag].data = data
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _character_map(chars: dict[int, str]) -> bytes:
    """A cmap of one format 12 subtable that holds `chars` alone."""
    groups = sorted((ord(char), gid) for gid, char in chars.items())
    rows = b"".join(struct.pack(">III", code, code, gid) for code, gid in groups)
    head = struct.pack(">HHHHI", 0, 1, 3, 10, 12)
    return head + struct.pack(">HHIII", 12, 0, 16 + len(rows), 0, len(groups)) + rows


def _emptied(cff: bytes, start: int, keep: set[int]) -> bytes:
    """`cff` with the charstrings outside `keep` emptied (CFF INDEX, Adobe TN 5176 §5).

    The INDEX is written in place and the rest of its room zeroed, so that every other
    absolute offset in the table stays true; the zeros vanish in compression.
    """
    count = int.from_bytes(cff[start : start + 2])
    size = cff[start + 2]
    table = start + 3
    offsets = [
        int.from_bytes(cff[table + i * size : table + (i + 1) * size]) for i in range(count + 1)
    ]
    base = table + (count + 1) * size - 1
    parts, at, moved = [], 1, [1]
    for gid in range(count):
        part = cff[base + offsets[gid] : base + offsets[gid + 1]] if gid in keep else b"\x0e"
        parts.append(part)
        at += len(part)
        moved.append(at)
    index = b"".join(o.to_bytes(size) for o in moved) + b"".join(parts)
    end = base + offsets[-1]
    return cff[:table] + index + bytes(end - table - len(index)) + cff[end:]


def _cids_as_gids(cff: bytes, charset: int, charstrings: int) -> bytes:
    """A CID-keyed `cff` whose glyphs carry their own index as CID.

    A PDF looks glyphs up by CID; one range of format 2 (TN 5176 §13) makes the two the same.
    """
    count = int.from_bytes(cff[charstrings : charstrings + 2])
    one_range = b"\x02\x00\x01" + (count - 2).to_bytes(2)
    return cff[:charset] + one_range + cff[charset + len(one_range) :]
