"""Lists of people with what they did: 本报记者 张三 通讯员 李四、王五 摄影报道."""

from __future__ import annotations

import re
from dataclasses import dataclass

from epaper.model import Person, PersonRole
from epaper.news.names import is_name, names_in
from epaper.news.text import CJK, CLOSE, OPEN, ORNAMENTS, fold, squeeze

OUTLET = (
    r"(?:本\s*[报報刊社台臺网網]|新\s*[华華]\s*社|中新(?:社|网)|中央社|人民(?:网|日报)|央视|"
    rf"(?!本)[{CJK}·]{{2,12}}?(?:日[报報]|晚[报報]|晨[报報]|[时時][报報]|商[报報]|[电電][视視][台臺]|"
    r"网|網|客户端|通[讯訊]社|中心))"
)
_KIND = (
    r"(?:特[约約派]|[实實][习習]|[见見][习習]|首席|[资資]深|全媒[体體]|融媒[体體]|融媒|"
    rf"[驻駐][{CJK}]{{1,4}}?|[摄攝]影|文字|[视視][频頻]|体育|體育|[专專][题題]|[综綜]合|各地)*"
)
_DUTY = (
    r"(?P<duty>[记記]者|通[讯訊][员員]|[实實][习習]生|[见見][习習]生|撰\s*稿\s*人?|撰\s*文|[编編][译譯]|"
    r"特派[员員]|[评評][论論][员員]|作\s*者|特[约約]作者|[采採][访訪写寫]|整理|供稿|[编編][辑輯]|"
    r"文\s*/\s*[图圖片]|[图圖]\s*/\s*文|[图圖文](?=\s*/)|[摄攝]\s*影(?=[\s:])|[图圖](?=\s*:)|文(?=\s*:))"
)
# Behind it a speck may be read as a point.
ROLE = re.compile(rf"(?:{OUTLET})?\s*{_KIND}\s*{_DUTY}\s*[:/.]?")
_VERB = re.compile(
    r"\s*/?\s*(?P<verb>(?:[综綜联聯]合|[连連][线線]|专题|專題|(?:[摄攝]影))?\s*(?:[报報][道導导])|"
    r"文\s*/\s*[图圖片]|[图圖]\s*/\s*文|文并?[图圖]|[摄攝]\s*影|[摄攝]|撰文|整理|供稿|[供][图圖]|提供|"
    r"(?<=[/\s])[文图圖]|[专專]稿)\s*$"
)
_LATIN = re.compile(
    r"(?:By|BY|Por|POR|Text by|Texto|Reportagem|Story by)\s*:?\s+(?P<name>[A-ZÀ-Þ].{2,60})"
    r"|(?P<desk>D[aeo]s? (?:Redação|Reportagem Local|Agências|Sucursal)"
    r"|Reportagem Local|Staff Reporter)"
)
# What is left of 文/本报记者 and of the mark before it where OCR passed over a part.
_TORN = re.compile(r"^[、,]\s*|^文(?=\s*本\s*[报報刊社])")
_PHOTO = re.compile(r"[摄攝图圖]")
_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Credit:
    """People of a byline; `duties` says whether any word of duty or verb was printed."""

    people: tuple[Person, ...]
    duties: bool


def bare(text: str) -> str:
    """`text` without ornaments and white space around it."""
    return text.strip(ORNAMENTS + " \t\n\u3000|/")


def parse(text: str) -> Credit | None:
    """The people of a text that is all byline, None where it holds anything else."""
    folded = fold(bare(text))
    for _ in range(2):
        folded = _TORN.sub("", folded)
    while len(folded) > 2 and folded[0] in OPEN and folded[-1] in CLOSE:
        folded = fold(bare(folded[1:-1]))
    if not folded or len(folded) > _LIMIT:
        return None
    latin = _LATIN.fullmatch(folded)
    if latin:
        people = (Person(latin["name"].strip()),) if latin["name"] else ()
        return Credit(people, duties=True)
    return _chinese(folded)


def _chinese(folded: str) -> Credit | None:
    folded, verb = _without_verb(folded)
    if verb and folded.rstrip().endswith(("、", ",")):
        # A list goes on: 苹果、罐头、摄|影三个门类.
        return None
    roles = list(ROLE.finditer(folded))
    head = folded[: roles[0].start()] if roles else folded
    people: list[Person] = []
    if head.strip():
        names = names_in(head)
        if not names:
            return None
        people += [Person(name, _by_verb(verb)) for name in names]
    bounds = [*(role.start() for role in roles), len(folded)]
    for match, end in zip(roles, bounds[1:], strict=True):
        run, inner_verb = _without_verb(folded[match.end() : end])
        names = names_in(run)
        if run.strip(" 、,/:") and not names:
            return None
        role = _role(match.group(), inner_verb or (verb if end == len(folded) else ""))
        people += [Person(name, role) for name in names]
    if not people and not roles:
        return None
    return Credit(tuple(dict.fromkeys(people)), bool(roles or verb))


def certain(credit: Credit) -> bool:
    """Whether a list of bare names is made of names with known surnames only."""
    return bool(credit.people) and all(
        is_name(person.name) or "·" in person.name for person in credit.people
    )


def _without_verb(text: str) -> tuple[str, str]:
    match = _VERB.search(text)
    return (text[: match.start()], match["verb"]) if match else (text, "")


def _by_verb(verb: str) -> PersonRole:
    only_photo = bool(_PHOTO.search(verb)) and "文" not in verb and not re.search("[报報]", verb)
    return PersonRole.PHOTOGRAPHER if only_photo else PersonRole.REPORTER


def _role(printed: str, verb: str) -> PersonRole:
    """What a word of duty makes of the people behind it (通讯员 → correspondent)."""
    duty = squeeze(printed)
    if _by_verb(verb) is PersonRole.PHOTOGRAPHER:
        return PersonRole.PHOTOGRAPHER
    if re.search(r"通[讯訊][员員]", duty):
        return PersonRole.CORRESPONDENT
    if re.search(r"[习習]生|[编編][译譯辑輯]|整理|供稿", duty):
        return PersonRole.OTHER
    if re.search(r"[摄攝图圖]", duty) and "文" not in duty:
        return PersonRole.PHOTOGRAPHER
    return PersonRole.REPORTER
