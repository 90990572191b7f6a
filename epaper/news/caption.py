"""Captions taken apart into the words and the credit, with the photographers' names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from epaper.model import Person, PersonRole
from epaper.news import credits
from epaper.news.names import is_name, names_in
from epaper.news.text import CJK, CLOSE, OPEN, ORNAMENTS, fold, squeeze, unwrapped

_SHOT = (
    # 文 is the last letter of many a name.
    r"(?:拍?[摄攝]影?(?:[报報][道導导])?|[图圖片]|(?<=[/\s])文|供[图圖]|提供|[绘繪作製制][图圖]?|画|畫|[传傳]真)"
)
_BOUNDARY = r"(?:^|(?<=[。！？!?…”’」』）)\s.]))"
_MARK = rf"[{re.escape(ORNAMENTS)}]+"
_RUN = rf"[{CJK}A-Za-zÀ-ÿ·、,/&. ]{{1,46}}?"
_AGENCIES = (
    r"(?:新\s*[华華]\s*社|中新社|中央社|[视視][觉覺]中[国國]|美[联聯]社|法新社|路透社?|[东東]方IC|CFP|"
    r"IC\s?photo|Getty\s?Images|Reuters|AP|AFP|EPA|Xinhua|CNS|Folhapress|Futura Press)"
)
_PATTERNS = tuple(
    re.compile(rf"(?:{pattern})\s*[。.]?\s*$")
    for pattern in (
        rf"(?:{_BOUNDARY}|{_MARK})\s*{_AGENCIES}\s*[发發]?\s*"
        # Its bracket, too, may have lost its end: （陈摄.
        rf"(?:[(（][^()（）]{{2,24}}(?:[)）]|(?<=[摄攝])(?=\s*$))|[{CJK}·、 ]{{2,20}}[摄攝])?",
        rf"{_BOUNDARY}\s*(?:[图圖]片?|照片|[摄攝]影|來源|来源|[图圖]片?[来來]源|Foto|Photo|FOTO|PHOTO|Crédito)s?"
        rf"(?:由)?\s*(?::|/|by\b|提供:?)\s*{_RUN}(?:提供)?",
        rf"{_BOUNDARY}\s*[图圖]片?由{_RUN}提供",
        rf"{_BOUNDARY}\s*(?:[资資]料|[档檔]案|本[报報][资資]料)(?:[图圖]片?|照片?|片)",
        rf"(?:{_BOUNDARY}\s*)?{_MARK}\s*{_RUN}",
        rf"{_BOUNDARY}\s*{_RUN}\s*/?\s*{_SHOT}",
        rf"{_BOUNDARY}\s*(?:{credits.OUTLET})?\s*(?:[特实見见實首全融驻駐摄攝{CJK}]{{0,6}}?)"
        rf"(?:[记記]者|通[讯訊][员員])\s*{_RUN}",
        r"(?:^|(?<=[.!?”\s]))[A-ZÀ-Þ](?:[\w'’\-]+|\.)(?: [A-ZÀ-Þ](?:[\w'’\-]+|\.)){0,3}"
        r"\s?/\s?[A-ZÀ-Þ][\w .\-/À-ÿ]{1,40}",
    )
)
_BRACKETED = re.compile(
    rf"[{re.escape(OPEN)}](?P<inner>[^{re.escape(OPEN + CLOSE)}]{{2,40}}"
    rf"(?:[(（][^()（）]{{2,20}}[)）])?)[{re.escape(CLOSE)}]\s*[。.]?\s*$"
)
_BY_AGENCY = re.compile(
    rf"^{_AGENCIES}\s*[发發]?\s*(?:[(（](?P<who>[^()（）]+)[)）]?|(?P<rest>.*))$"
)
_LABELLED = re.compile(
    r"^(?:[图圖]片?(?:[来來]源|由)?|照片|[摄攝]影|[来來]源|Foto|Photo)s?\s*(?::|/|by\b|(?<=由))?\s*"
    r"(?P<who>.+?)(?:提供)?$",
    re.IGNORECASE,
)
_LATIN_PAIR = re.compile(r"(?P<who>[A-ZÀ-Þ][^/。，]{1,40}?)\s?/\s?[A-ZÀ-Þ][^。，]{1,40}")
# Words before the verb that tell when, and name nobody: 去年拍摄.
_WHEN = re.compile(
    r"(?:[去今前当當]年|[昨今当當][日天]|[日之]前|近日|早年|[现現][场場]|[当當][时時])+"
)
# Words that a caption begins with, and no credit: 图为记者在现场拍摄.
_SAYS = re.compile(r"[图圖][为為爲]")
_HOUSE = re.compile(r"提供$|社$|中心$|公司$|[图圖]片$")
_END = re.compile(rf"\s*/?\s*{_SHOT}\s*$")
_WINDOW = 80
# A house with its reporter, and a photographer's label: both are seen where words run into them.
_OWN = re.compile(
    r"(?:本[报報]|新\s*[华華]\s*社|中新社|中央社)\s*(?:[摄攝]影)?\s*(?:[记記]者|通[讯訊][员員]|[发發])"
)
_SHOT_BY = re.compile(r"[摄攝]\s*影\s*[:/]")
# A run of words before a house that is no longer than this may be a name.
_NAMED = 4
# A word of duty that words run into; the first character of a name, left in the line before.
_DUTY = re.compile(r"(?:[记記]者|通[讯訊][员員])\s*$")
_TORN = re.compile(rf"(?:^|[\s。！？!?”」』)])([{CJK}])\s+$")
# A word of duty, and a name, that a line breaks: 通讯 员, 李建 国/图.
_DUTY_TORN = re.compile(
    rf"(通[讯訊]|[记記])\s+([员員者])(?=\s*[{CJK} 、]{{2,12}}\s*/?\s*(?:[摄攝]影?|[图圖])\s*$)"
)
_NAME_TORN = re.compile(
    rf"(?:^|(?<=[。！？!?”」』)]))\s*([{CJK}]{{2,3}})\s+([{CJK}]{{1,2}})\s*(?:[摄攝]|/\s*[图圖])\s*$"
)
# A bracket that closes at the end of a line is easily lost on a scan.
_UNCLOSED = re.compile(r"[(（][^()（）]{2,24}[摄攝]$")
# Where a credit may begin: after white space or the end of a sentence, not inside Latin text.
_PARTING = re.compile(r"[。！？!?…”’」』）)\s](?=[^\sA-Za-zÀ-ÿ])")


@dataclass(frozen=True, slots=True)
class CaptionParts:
    """`text` and `credit` as printed; white space and brackets round the credit are dropped."""

    text: str
    credit: str = ""
    people: tuple[Person, ...] = ()


def split(printed: str) -> CaptionParts:
    """The caption without its credit. Nothing is split off that does not read as a credit."""
    printed = _DUTY_TORN.sub(r"\1\2", printed.strip())
    if _UNCLOSED.search(printed) and (closed := split(f"{printed}）")).credit:
        return closed
    shift = max(0, len(printed) - _WINDOW)
    folded = fold(printed[shift:])
    shaped = [
        match.start()
        for pattern in (_BRACKETED, *_PATTERNS)
        for match in pattern.finditer(folded)
        if is_credit(match.group())
    ]
    parted = [m.end() for m in _PARTING.finditer(folded) if is_credit(folded[m.end() :])]
    housed = [
        m.start()
        for pattern in (_OWN, _SHOT_BY)
        for m in pattern.finditer(folded)
        if is_credit(folded[m.start() :])
    ]
    starts = sorted({*shaped, *parted, *housed})
    if not starts:
        name = _NAME_TORN.search(folded)
        if name is None or not is_name(name[1] + name[2]):
            return CaptionParts(printed)
        at = shift + name.end(1)
        return _parts(printed[:at] + printed[shift + name.start(2) :], shift + name.start(1))
    # Words before a name may look like names themselves: rather where all are known ones.
    start = next((at for at in starts if _is_sure(folded[at:])), min(shaped, default=starts[-1]))
    start = _from_house(folded, start)
    if (torn := _TORN.search(folded[:start])) and is_credit(torn[1] + folded[start:]):
        whole = printed[: shift + torn.end(1)] + printed[shift + start :]
        return _parts(whole, shift + torn.start(1))
    return _parts(printed, shift + _with_duty(folded, start))


def rejoined(text: str, credit: str) -> CaptionParts | None:
    """The parts of a caption whose credit stands apart, where it begins in the words before it.

    A line may end between a photographer's house or duty and the name.
    """
    parts = split(f"{text} {credit}")
    own, all_of_it = squeeze(fold(credit)), squeeze(fold(parts.credit))
    return parts if parts.text and all_of_it.endswith(own) and len(all_of_it) > len(own) else None


def _with_duty(folded: str, start: int) -> int:
    """Where the credit begins with the word of duty right before it, which words run into."""
    found = _DUTY.search(folded[:start])
    return found.start() if found and is_credit(folded[found.start() :]) else start


def _from_house(folded: str, start: int) -> int:
    """Where the credit begins that begins at `start`: its house is part of it, and no words
    before that which name nobody.

    Set beside a picture, words may end with the line: 公司生产车间新华社记者 李四摄.
    """
    for match in _OWN.finditer(folded):
        at, end = match.span()
        if not is_credit(folded[at:]):
            continue
        if at < start == _inked(folded, end) or (at > start and not _names(folded[start:at])):
            return at
    return start


def _inked(text: str, at: int) -> int:
    """The index of the first character from `at` that is no white space, nor a speck read."""
    return at + len(text[at:]) - len(text[at:].lstrip(" .·"))


def _names(text: str) -> bool:
    """Whether words are names: with a duty, or all known ones and parted from each other."""
    text = fold(credits.bare(text)).strip()
    parsed = credits.parse(text) if text else None
    if parsed is None:
        return not text
    longest = max(map(len, re.findall(rf"[{CJK}]+", text)), default=0)
    return bool(parsed.duties) or (credits.certain(parsed) and longest <= _NAMED)


def _is_sure(text: str) -> bool:
    """Whether a credit has a word of duty, an agency or a label, or known surnames alone."""
    inner = fold(credits.bare(unwrapped(text.strip().rstrip("。.")))).strip()
    if _BY_AGENCY.match(inner) or _LABELLED.match(inner) or _LATIN_PAIR.fullmatch(inner):
        return True
    parsed = credits.parse(_END.sub("", inner))
    if parsed is None:
        return False
    # Of the words before a duty only known names are a photographer's: 参观 通讯员 周洋 摄.
    led = re.split(credits.ROLE, inner, maxsplit=1)[0].strip()
    return (parsed.duties and (not led or _names(led))) or credits.certain(parsed)


def credit_people(credit: str) -> tuple[Person, ...]:
    """The photographers and draughtsmen a credit names; houses and agencies are no people."""
    text = fold(credits.bare(unwrapped(credit))).strip(" 。.")
    agency, latin = _BY_AGENCY.match(text), _LATIN_PAIR.fullmatch(text)
    if latin:
        text = latin["who"]
    elif agency:
        text = agency["who"] or agency["rest"] or ""
        if not agency["who"] and not re.search(r"[记記摄攝]", text):
            return ()
    else:
        labelled = _LABELLED.match(text)
        text = labelled["who"] if labelled else text
    stripped = _END.sub("", text)
    parsed = credits.parse(stripped) or credits.parse(text)
    if parsed is None or _HOUSE.search(text):
        return ()
    if re.search(r"供[图圖]$|提供$", text) and not credits.certain(parsed):
        return ()
    names = dict.fromkeys(person.name for person in parsed.people)
    return tuple(Person(name, PersonRole.PHOTOGRAPHER) for name in names)


def is_credit(text: str) -> bool:
    """Whether `text` is all credit: an agency, a picture source, or names with 摄 and the like."""
    inner = fold(credits.bare(unwrapped(text.strip().rstrip("。.")))).strip()
    if not inner or len(inner) > 60 or _SAYS.match(inner):
        return False
    if re.fullmatch(r"(?:[资資]料|[档檔]案|本[报報][资資]料)(?:[图圖]片?|照片?|片)", inner):
        return True
    if re.search(r"[图圖]片?由.+提供$", inner) or re.match(
        r"(?:[图圖]片?(?:[来來]源)?|照片|[摄攝]影|[来來]源|Foto|Photo)s?\s*(?::|/|by\b)",
        inner,
        re.IGNORECASE,
    ):
        return True
    if _BY_AGENCY.match(inner):
        return bool(_agency_only(inner))
    if _LATIN_PAIR.fullmatch(inner):
        return True
    return _names_with_duty(inner)


def _agency_only(inner: str) -> bool:
    match = _BY_AGENCY.match(inner)
    if match is None:
        return False
    rest = (match["rest"] or "").strip(" /")
    return (
        bool(match["who"])
        or not rest
        or _names_with_duty(rest)
        or rest in ("照片", "图", "圖", "供图")
    )


def _names_with_duty(inner: str) -> bool:
    shot = _END.search(inner)
    stripped = inner[: shot.start()] if shot else inner
    if _WHEN.fullmatch(stripped.strip()):
        return False
    parsed = credits.parse(stripped) if stripped.strip() else None
    if parsed is None or not parsed.people:
        return bool(
            shot and re.search(r"供[图圖]|提供", shot.group()) and len(squeeze(stripped)) <= 16
        )
    if parsed.duties:
        return True
    plain = bool(shot and re.search(r"[摄攝供]|/", shot.group()))
    known = bool(names_in(stripped)) and credits.certain(parsed)
    # Many a caption says that somebody takes pictures: 游客在展馆内拍摄.
    plain &= not (shot and shot.group().lstrip(" /").startswith("拍"))
    return bool(shot) and (known or plain)


def _parts(printed: str, start: int) -> CaptionParts:
    credit = unwrapped(printed[start:].strip())
    return CaptionParts(printed[:start].rstrip(), credit, credit_people(credit))
