"""Labelled fields of masthead, folio and imprint: numbers, addresses, people.

Every reader takes the text of a block, rows apart, and gives the field as printed,
without its label; an empty string or tuple where it is not there.
"""

from __future__ import annotations

import re

from epaper.news.names import is_name, names_in
from epaper.news.numerals import CHINESE, number
from epaper.news.text import CJK, DASH, fold, squeeze

_DIGITS = rf"[0-9O{CHINESE}]"
_CN = re.compile(
    rf"(?:(?P<cn>CN|cn|Cn)\s*:?\s*|(?:刊号|刊號|出版物号|出版物號|证号|證號)\s*:?\s*)"
    rf"(?P<number>\d\s*\d\s*[{DASH}]\s*\d\s*\d\s*\d\s*\d)"
)
_POSTAL = re.compile(
    rf"(?:[邮郵]\s*[发發]\s*代\s*[号號]|[邮郵]政代[号號]|(?<![{CJK}])代\s*[号號])\s*:?\s*(?P<code>\d{{1,3}}\s*[{DASH}]\s*\d{{1,4}})"
)
_EMAIL = re.compile(r"[A-Za-z0-9._+\-]+\s?@\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_WEBSITE = re.compile(
    r"https?\s?:\s?/\s?/\s?[A-Za-z0-9.\-/_%?=&#~]+"
    r"|(?<![A-Za-z0-9@.])www\s?\.\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+(?:/[A-Za-z0-9.\-/_]*)?",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(
    rf"(?P<label>(?:24\s*小\s*[时時])?[{CJK}]{{0,5}}?(?:[热熱][线線](?:电话|電話)?|[电電]\s*[话話])"
    r"|\bTel\.?|\bTelefone|\bPhone)\s*:?\s*"
    rf"(?P<number>[(]?\d(?:[\d()/{DASH}]|[ ](?!\d{{4}}\s*年)){{3,}}\d"
    r"|[〇○零一二三四五六七八九]{3,})",
    re.IGNORECASE,
)
_GRAND_ISSUE = re.compile(
    rf"[总總]\s{{0,3}}(?:第\s{{0,3}})?(?P<n>{_DIGITS}[{CHINESE}0-9O\s]{{0,14}}?)\s{{0,3}}[期号號]"
)
_ISSUE = re.compile(
    rf"第\s{{0,3}}(?P<n>{_DIGITS}[{CHINESE}0-9O\s]{{0,14}}?)\s{{0,3}}[期号號]"
    r"|\b(?:No|Nº|N°|Issue|Edição|Edicao|Edition)\s{0,3}\.?\s{0,3}(?P<latin>\d[\d.,]*\d|\d)",
    re.IGNORECASE,
)
_PAGES = re.compile(
    rf"(?:今\s*[日天]|本\s*[期报報]|今期)\s*(?:共|出|对开|對開|四开|彩色|\s){{0,6}}(?P<a>{_DIGITS}{{1,4}})\s*[版坂頁页]"
    rf"|共\s*(?P<b>{_DIGITS}{{1,4}})\s*[版坂頁页]|\b(?P<c>\d{{1,3}})\s+(?:pages|páginas)\b",
    re.IGNORECASE,
)
_STAFF = (
    r"(?:责\s*任\s*编\s*辑|責\s*任\s*編\s*輯|本版[编編][辑輯]|本版主[编編]|执行主[编編]|[责責][编編]|"
    r"值班主任|值班[编編][委辑輯]|[编編]\s*[辑輯]|版\s*式(?:设计|制作)?|美\s*[编編]|[组組]版|排版|"
    r"[校審审]\s*[对對检檢读讀]|[责責]校|[检檢][校查]|设计|設計|[摄攝]影|[制製][图圖作])"
)
_EDITOR_LABEL = re.compile(rf"(?P<label>{_STAFF}(?:\s*/\s*{_STAFF})*)\s*(?:[:/]|(?<=\S)(?=\s))")
_EDITOR_WORDS = ("编辑", "編輯", "责编", "責編", "编委", "編委", "主编", "主編")
_NAME_RUN = re.compile(rf"[{CJK}·、,，/ ]+")
_PUBLISHES = re.compile(
    rf"(?P<who>[{CJK}()·]{{3,40}}?)\s*(?P<verb>主管、?主办|主管、?主辦|主管|主办|主辦|承办|"
    r"[编編][辑輯]出版|出版[发發]行|出版|[编編][辑輯])(?=$|[\s,;、|:])",
    re.MULTILINE,
)
_PUBLISHER_LABEL = re.compile(
    rf"(?:出版(?:单位|單位|者|人)?|[发發]行(?:人|者)|主[办辦](?:单位|單位)?)\s*:?\s*"
    rf"(?P<who>[{CJK}()·]{{2,30}}|[A-ZÀ-Þ][A-Za-zÀ-ÿ.'\- ]*[A-Za-zÀ-ÿ])"
)
_BODIES = re.compile(r"[社会會局委部院府馆館协協所校团團]|公司|中心|大学|大學|集团|集團")


def cn_number(text: str) -> str:
    """National serial number: CN 65—0010."""
    match = _CN.search(fold(text))
    if match is None:
        return ""
    start = match.start("cn") if match["cn"] else match.start("number")
    return text[start : match.end()].strip()


def postal_code(text: str) -> str:
    """邮发代号: 57—103."""
    match = _POSTAL.search(fold(text))
    return text[slice(*match.span("code"))] if match else ""


def email(text: str) -> str:
    match = _EMAIL.search(fold(text))
    return squeeze(text[slice(*match.span())]) if match else ""


def website(text: str) -> str:
    match = _WEBSITE.search(fold(text))
    return squeeze(text[slice(*match.span())]).rstrip(".") if match else ""


def telephone(text: str) -> str:
    """The news hotline, else the first telephone number."""
    found = list(_TELEPHONE.finditer(fold(text)))
    found.sort(key=lambda match: "线" not in match["label"] and "線" not in match["label"])
    return text[slice(*found[0].span("number"))].partition("\n")[0].strip() if found else ""


def issue_number(text: str) -> str:
    """Digits of 总第12022期, else of 第三千八百號."""
    folded = fold(text)
    match = _GRAND_ISSUE.search(folded) or _ISSUE.search(folded)
    if match is None:
        return ""
    printed = match["n"] or re.sub(r"\D", "", match.groupdict().get("latin") or "")
    value = number(printed)
    return "" if not value else str(value)


def page_count(text: str) -> str:
    """Digits of 今日8版 or 本期共十六版."""
    match = _PAGES.search(fold(text))
    value = number(next(filter(None, match.groups()))) if match else None
    return "" if not value else str(value)


def editors(text: str) -> tuple[str, ...]:
    """Names behind 责任编辑, 责编, 编辑; not those behind 版式, 美编, 校对."""
    names: list[str] = []
    for label, found, _ in _staff(text):
        if any(word in squeeze(label) for word in _EDITOR_WORDS):
            names.extend(found)
    return tuple(dict.fromkeys(names))


def _staff(text: str) -> list[tuple[str, tuple[str, ...], tuple[int, int]]]:
    """Every staff credit: its label, its names, its span in `text`."""
    found: list[tuple[str, tuple[str, ...], tuple[int, int]]] = []
    folded = fold(text)
    labels = list(_EDITOR_LABEL.finditer(folded))
    bounds = [*(label.start() for label in labels), len(folded)]
    for label, bound in zip(labels, bounds[1:], strict=True):
        run = _NAME_RUN.match(folded, label.end(), bound)
        names, length = _leading_names(run.group()) if run else ((), 0)
        found.append((label.group(), names, (label.start(), label.end() + length)))
    return found


def _leading_names(run: str) -> tuple[tuple[str, ...], int]:
    """The names a run starts with, and where they end.

    The first stretch is taken at its word, the stretches behind a gap only where they
    are surely names: another field may follow.
    """
    tokens = list(re.finditer(r"\S+", run))
    names: tuple[str, ...] = ()
    end = 0
    for index, token in enumerate(tokens):
        if len(token.group()) > 2 and token.group().endswith(("报", "報")):
            break
        longer = names_in(run[: token.end()])
        spaced = index > 0 and len(token.group()) == 1
        if longer and (not names or spaced or all(is_name(n) for n in longer[len(names) :])):
            names, end = longer, token.end()
        elif names:
            break
    return names, end


def publisher(text: str) -> str:
    """Who publishes (昌吉日报社出版 → 昌吉日报社), else who sponsors the paper."""
    folded = fold(text)
    found: list[tuple[int, str]] = []
    for match in _PUBLISHES.finditer(folded):
        if _BODIES.search(match["who"]):
            rank = 0 if "出版" in match["verb"] else 1 if "办" in match["verb"] else 2
            found.append((rank, text[slice(*match.span("who"))]))
    labelled = _PUBLISHER_LABEL.search(folded)
    if labelled:
        rank = 0 if _BODIES.search(labelled["who"]) else 3
        found.append((rank, text[slice(*labelled.span("who"))].strip()))
    return min(found, key=lambda item: item[0])[1] if found else ""


def labelled_spans(text: str) -> list[tuple[int, int]]:
    """Spans of everything the readers of this module would take, labels included."""
    folded = fold(text)
    patterns = (
        _CN, _POSTAL, _EMAIL, _WEBSITE, _TELEPHONE, _GRAND_ISSUE, _ISSUE, _PAGES,
    )  # fmt: skip
    spans = [match.span() for pattern in patterns for match in pattern.finditer(folded)]
    return spans + [span for _, _, span in _staff(text)]
