"""How far a PDF's text layer can be trusted."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["good", "sick", "absent", "scanned"]

_ENOUGH = 20  # characters below which a page has no layer to speak of
_SICK = 0.04  # share of bad characters from which the page is read from its image

# A quarter of any Chinese page is made of these; a shifted character map has none.
_COMMONEST = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動"
    "同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經十三之进進着着等部度家电電力里裡如水化高自二"
    "理起小物现現实實加量都两兩体體制机機当當使点點从從业業本去把性好应應开開它合还還因由其些然前外天政四日那"
    "社义義事平形相全表间間样樣与與关關各重新线線内內数數正心反你明看原又么利比或但质質第向道命此变變月"
)
_TELLING = 200  # ideographs from which their mix says something
_IMPLAUSIBLE = 0.08  # share of the commonest below which no Chinese text stays
_KANA = 0.1  # share of kana that makes a page Japanese, where the list does not hold


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """The verdict on a text layer.

    `good` may be used; `sick` says things the page does not; `absent` is none;
    `scanned` is an invisible layer over an image of the whole page, made by some OCR.
    `reason` is one sentence; `fonts` are (name, share of bad characters) of the fonts
    whose characters are mostly bad.
    """

    kind: Kind
    reason: str
    characters: int
    bad_share: float = 0.0
    fonts: tuple[tuple[str, float], ...] = ()


@lru_cache(maxsize=1 << 16)
def is_bad(char: str) -> bool:
    """Whether `char` has no place in print: unmapped, private, a control or a stray mark.

    Spacing accents and lone modifier signs are what a font's own encoding leaves
    behind when it is read as Latin.
    """
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc", "Cs", "Sk", "Lm")


def judge(
    text: Sequence[str],
    fonts: Sequence[str],
    hidden: Sequence[bool],
    page_image: bool,
) -> LayerHealth:
    """Judges visible and hidden characters (`text`, blanks left out) of one page.

    `fonts` and `hidden` run along `text`; `page_image` says that one image covers the
    page.
    """
    count = len(text)
    shown = count - sum(hidden)
    if count < _ENOUGH:
        kind: Kind = "scanned" if page_image else "absent"
        what = "is one image without a text layer" if page_image else "has no text layer"
        return LayerHealth(kind, f"The page {what}.", count)
    if page_image and shown < 0.2 * count:
        reason = "The text layer is invisible and lies over an image of the page."
        return LayerHealth("scanned", reason, count)
    if shown < _ENOUGH:
        return LayerHealth("absent", "All text of the page is invisible.", count)
    share, worst = _bad_shares(text, fonts)
    if share >= _SICK:
        reason = f"{share:.0%} of the text layer's characters are unmapped or not printable."
        return LayerHealth("sick", reason, count, share, worst)
    if _implausible(text):
        reason = "The text layer's characters are real, but no text is made of such a mix."
        return LayerHealth("sick", reason, count, share, worst)
    return LayerHealth("good", "The text layer is sound.", count, share, worst)


def _implausible(text: Sequence[str]) -> bool:
    """Whether the ideographs look drawn at random: a character map shifted or wrong."""
    amount = Counter(text)
    ideographs = {c: n for c, n in amount.items() if "\u3400" <= c[:1] <= "\u9fff"}
    kana = sum(n for c, n in amount.items() if "\u3041" <= c[:1] <= "\u30ff")
    total = sum(ideographs.values())
    if total < _TELLING or kana > _KANA * total:
        return False
    return sum(n for c, n in ideographs.items() if c in _COMMONEST) < _IMPLAUSIBLE * total


def _bad_shares(
    text: Sequence[str], fonts: Sequence[str]
) -> tuple[float, tuple[tuple[str, float], ...]]:
    totals: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (char, font), n in Counter(zip(text, fonts, strict=True)).items():
        counts = totals[font]
        counts[0] += n
        counts[1] += n * is_bad(char)
    bad = sum(b for _, b in totals.values())
    worst = tuple((name, b / n) for name, (n, b) in sorted(totals.items()) if b > 0.2 * n)
    return bad / max(1, len(text)), worst
