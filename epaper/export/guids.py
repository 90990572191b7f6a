"""Stable names: the same ids give the same guids, on any machine, for ever.

A guid is ``urn:newsml:<authority>:<yyyymmdd>:<issue>[:<page>[:<article or picture>]]``.
The date comes from the ids too (20240605, 2024-06-05), 00000000 where they hold none:
a date read from the print may be read better tomorrow, and the guid must not move.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import lru_cache

from epaper.model import Jump

_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,80}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_DATE = re.compile(
    r"(?<!\d)(1[6-9]\d\d|20\d\d)(?:([-._/年]?)(0[1-9]|1[0-2])([-._/月]?)([0-2]\d|3[01]))(?!\d)"
)


@lru_cache(maxsize=1024)
def slug(text: str) -> str:
    """An ASCII name for `text`, different for different texts.

    Plain ids stay; any other keeps its plain characters, followed by ``=`` (which no
    plain id holds) and 64 bits of its SHA-256.
    """
    if _PLAIN.fullmatch(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{_UNSAFE.sub('-', text).strip('-')[:40]}={digest}"


@lru_cache(maxsize=256)
def date_of(*ids: str) -> str:
    """The first calendar date written in `ids` as yyyymmdd, else 00000000."""
    for text in ids:
        for year, _, month, _, day in _DATE.findall(text):
            try:
                return date(int(year), int(month), int(day)).strftime("%Y%m%d")
            except ValueError:
                continue
    return "00000000"


def issue_guid(authority: str, issue: str) -> str:
    return f"urn:newsml:{authority}:{date_of(issue)}:{slug(issue)}"


def story_guid(authority: str, issue: str, story: str) -> str:
    """Guid of a whole story; ``!`` keeps it apart from every page's."""
    return f"{issue_guid(authority, issue)}:story!{slug(story)}"


def page_guid(authority: str, issue: str, page: str) -> str:
    return f"urn:newsml:{authority}:{date_of(issue, page)}:{slug(issue)}:{slug(page)}"


def item_guid(authority: str, issue: str, page: str, item: str) -> str:
    """Guid of an article or a picture of a page."""
    return f"{page_guid(authority, issue, page)}:{slug(item)}"


def jump_target(jump: Jump) -> tuple[str, str] | None:
    """(page id, article id) of the other part, None where the jump is unresolved."""
    page, found, article = (jump.target or "").rpartition("#")
    return (page, article) if found and page and article else None


@lru_cache(maxsize=4096)
def xml_id(*parts: str) -> str:
    """An xs:ID made of `parts`, unlike that of other parts."""
    name = "-".join(parts)
    if all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", part) for part in parts):
        return name
    return "x" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
