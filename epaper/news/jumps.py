"""A grammar of continuation markers: 下转02版, (上接第一版), 詳刊P4, Continued on A4.

Some verbs tell the direction (下转, 上接); others (紧接, 续, 接) tell it only by their
place: at the head of a text they point back, at its foot they point on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from epaper.model import Jump, JumpKind
from epaper.news.numerals import CHINESE, number
from epaper.news.text import CJK, CLOSE, OPEN, ORNAMENTS, fold

_ARROWS = ORNAMENTS + "→←↑↓↘↙↗↖⇒⇨⇩➔➜➤☞☛▷◁>»›"
_EDGE = rf"[{re.escape(_ARROWS)}\s]"
_ON = r"下\s*[转轉接]|[文后後][转轉]|[转轉]\s*[入至到]?"
_FROM = r"上\s*[接承]|承\s*接|接\s*自"
_EITHER = r"[紧緊]\s*[接转轉]|[续續]\s*接?|接"
_SEE = (
    r"(?:[详詳](?:情|细|細)?|全?文)?\s*(?:[请請]\s*)?[见見刊]|[详詳]\s*[见見刊看]|[续續]\s*[见見]"
)
_PAGE = (
    rf"(?:第?\s*(?P<page>[A-Z]{{0,2}}\s?[0-9O]{{1,3}}|[{CHINESE}]{{1,4}})\s*[版坂頁页叠疊面]"
    r"|(?P<bare>P\.?\s?\d{1,3}|[A-Z]{1,2}\d{1,3}))"
)
_TITLE = r"\s*[《〈“\"「『](?P<title>[^》〉”\"」』]{1,40})[》〉”\"」』]"
_TAIL = (
    rf"(?:\s*[·:、,]\s*[{CJK}]{{1,6}}|\s+[{CJK}]{{2,4}}(?=\s*[{re.escape(CLOSE)}]|\s*$))?"
    rf"(?:{_TITLE})?(?:\s*第?\s*[0-9{CHINESE}]\s*[栏欄条條])?(?:\s*[①-⑳])?"
)
_CHINESE = (
    rf"(?:(?P<on>{_ON})|(?P<from>{_FROM})|(?P<either>{_EITHER})|(?P<see>{_SEE}))\s*"
    rf"(?:本[报報]|今[日天])?\s*{_PAGE}"
)
_JAPANESE = (
    r"(?P<jpage>\d{1,2})\s*面\s*"
    r"(?:(?P<jon>に(?:続|つづ)く)|(?P<jfrom>から(?:続|つづ)く|の(?:続|つづ)き))"
)
_LATIN = (
    r"(?:(?P<lon>(?:Story )?Cont(?:inued|'d|\.)? on|Turn to|Continua na|Leia (?:mais )?na)"
    r"|(?P<lfrom>(?:Cont(?:inued|'d|\.)? )?From|Continuação da)|(?P<lsee>See))?"
    r"\s*(?:(?P<word>pages?|págs?(?:ina)?s?|pp?)\b\s*\.?\s*)?(?P<lpage>[A-Z]{0,2}-?\d{1,3})"
    r"(?:\s*(?:a|-|–|to|e|and)\s*[A-Z]?\d{1,3})?"
)
_BODY = rf"(?:{_CHINESE}|{_JAPANESE}|(?i:{_LATIN}))"
_BRACKETED = (
    rf"{_EDGE}*[{re.escape(OPEN)}]{_EDGE}*{_BODY}{_TAIL}{_EDGE}*[{re.escape(CLOSE)}]{_EDGE}*"
)
_PLAIN = rf"(?P<mark>{_EDGE}*){_BODY}"
_WHOLE = re.compile(rf"(?:{_BRACKETED})[。.]?")
_WHOLE_PLAIN = re.compile(rf"{_PLAIN}{_TAIL}{_EDGE}*[。.]?")
_LEADING = re.compile(rf"\s*{_BRACKETED}")
_LEADING_PLAIN = re.compile(rf"\s*{_PLAIN}(?:\s+|(?=[{CJK}]))")
_TRAILING = re.compile(rf"{_BRACKETED}[。.]?\s*$")
_TRAILING_PLAIN = re.compile(rf"{_PLAIN}{_EDGE}*$")
# What OCR makes of the first letter and bracket of （下转A02版) at its worst.
_TORN = re.compile(r"[^\w\s]?[0-9A-Za-z丨]?(?=[转轉]\s*(?:第|[A-Z]?[0-9]))")
_WINDOW = 90


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker and the span it takes of the text, brackets included.

    `title` is the short headline it names (上接第一版《……》), empty where it names none.
    """

    jump: Jump
    start: int
    end: int
    title: str = ""


def whole(text: str, at_start: bool | None = None) -> Marker | None:
    """The marker that is all of `text`; `at_start` says where it stands in its article."""
    if len(text) > _WINDOW:
        return None
    folded = fold(text)
    bare = folded.strip("\n ")
    match = _WHOLE.fullmatch(bare) or _WHOLE_PLAIN.fullmatch(bare)
    shift = len(folded) - len(folded.lstrip("\n "))
    if match is None and (torn := _TORN.match(bare)):
        match = _WHOLE_PLAIN.fullmatch(bare[torn.end() :].rstrip(CLOSE))
        shift += torn.end()
    return _marker(text, match, shift, at_start, alone=True) if match else None


def leading(text: str) -> Marker | None:
    """The marker `text` begins with: (上接01版)一年一届…"""
    folded = fold(text[:_WINDOW])
    match = _LEADING.match(folded)
    if match:
        return _marker(text, match, 0, at_start=True)
    match = _LEADING_PLAIN.match(folded)
    return _marker(text, match, 0, at_start=True) if match and match["from"] else None


def trailing(text: str) -> Marker | None:
    """The marker `text` ends with: …。（下转02版）"""
    shift = max(0, len(text) - _WINDOW)
    folded = fold(text[shift:])
    match = _TRAILING.search(folded)
    if match:
        return _marker(text, match, shift, at_start=False)
    for match in _TRAILING_PLAIN.finditer(folded):
        before = folded[: match.start()].rstrip()
        free = not before or before[-1] in "。！？!?…”’」』）)." or bool(match["mark"])
        arrow = bool(match["mark"].strip())
        if free and (arrow or not match["see"] or "详" in match["see"] or "詳" in match["see"]):
            return _marker(text, match, shift, at_start=False)
    return None


def _marker(
    text: str, match: re.Match[str], shift: int, at_start: bool | None, alone: bool = False
) -> Marker | None:
    page = _page(match)
    kind = _kind(match, at_start)
    if not page or kind is None:
        return None
    start, end = match.start() + shift, match.end() + shift
    printed = text[start:end].strip().strip(_ARROWS + OPEN + "。. \u3000\n")
    printed = _closed(printed.rstrip())
    confidence = 0.6 if match["see"] or match["lsee"] or (match["lpage"] and not alone) else 0.9
    jump = Jump(kind, page, printed, confidence=confidence)
    return Marker(jump, start, end, match.groupdict().get("title") or "")


def _closed(printed: str) -> str:
    """The marker without the closing bracket whose opening one was taken off."""
    pairs = {"》": "《", "〉": "〈", "」": "「", "』": "『"}
    while printed and printed[-1] in CLOSE and pairs.get(printed[-1], "\0") not in printed:
        printed = printed[:-1].rstrip()
    return printed.rstrip(_ARROWS + " \u3000")


def _page(match: re.Match[str]) -> str:
    """Page as printed; Chinese numerals as digits, a letter O among digits as zero."""
    printed = next(
        (match[name] for name in ("page", "bare", "jpage", "lpage") if match[name]), ""
    ).replace(" ", "")
    if match["lpage"] and not (match["word"] or match["lon"] or match["lfrom"] or match["lsee"]):
        return ""
    if printed and all(char in CHINESE for char in printed):
        value = number(printed)
        return str(value) if value else ""
    digits = re.sub(r"(?<=\d)O|O(?=\d)", "0", printed)
    return digits if re.search(r"[1-9]", digits) else ""


def _kind(match: re.Match[str], at_start: bool | None) -> JumpKind | None:
    if match["from"] or match["jfrom"] or match["lfrom"]:
        return JumpKind.CONTINUED_FROM
    if match["either"] and at_start:
        return JumpKind.CONTINUED_FROM
    if (match["see"] or match["lsee"]) and at_start:
        return None
    return JumpKind.CONTINUED_ON
