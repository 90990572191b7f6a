"""Names PAGE has for languages, scripts and types of text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from epaper.export.languages import language_of
from epaper.model import Block, Role

_SCRIPTS = {
    "Arab": "Arab - Arabic",
    "Cyrl": "Cyrl - Cyrillic",
    "Hani": "Hani - Han (Hanzi, Kanji, Hanja)",
    "Hans": "Hans - Han (Simplified variant)",
    "Hant": "Hant - Han (Traditional variant)",
    "Jpan": "Jpan - Japanese",
    "Kore": "Kore - Korean (alias for Hangul + Han)",
    "Latn": "Latn - Latin",
    "Mong": "Mong - Mongolian",
    "Tibt": "Tibt - Tibetan",
}

_TYPES: Mapping[Role, str] = MappingProxyType(
    {
        Role.HEADLINE: "heading",
        Role.KICKER: "heading",
        Role.DECK: "heading",
        Role.LABEL: "heading",
        Role.SUBHEAD: "heading",
        Role.BYLINE: "credit",
        Role.CREDIT: "credit",
        Role.CAPTION: "caption",
        Role.LEAD: "paragraph",
        Role.BODY: "paragraph",
        Role.TABLE: "paragraph",
        Role.ADVERT: "paragraph",
        Role.MASTHEAD: "header",
        Role.FOLIO: "header",
    }
)


def language_name(tag: str) -> str:
    """PAGE's name of a language, ``other`` for one not known here."""
    language = language_of(tag)
    return language.name if language else "other"


def script_name(tag: str) -> str:
    """PAGE's name of a language's script, an empty string where it is not known."""
    language = language_of(tag)
    return _SCRIPTS.get(language.script, "") if language else ""


def text_type(block: Block) -> str:
    """PAGE's type of a block; a folio of digits alone is a page number."""
    if block.role is Role.FOLIO and block.text.strip().isdecimal():
        return "page-number"
    return _TYPES.get(block.role, "other")
