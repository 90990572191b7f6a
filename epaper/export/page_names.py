"""Names PAGE has for languages, scripts and types of text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from epaper.model import Block, Role

# By BCP 47 language subtag: PAGE's name and the script where the tag names none.
_LANGUAGES = {
    "ar": ("Arabic", "Arab"),
    "bo": ("Tibetan", "Tibt"),
    "de": ("German", "Latn"),
    "en": ("English", "Latn"),
    "es": ("Spanish", "Latn"),
    "fr": ("French", "Latn"),
    "it": ("Italian", "Latn"),
    "ja": ("Japanese", "Jpan"),
    "kk": ("Kazakh", "Cyrl"),
    "ko": ("Korean", "Kore"),
    "mn": ("Mongolian", "Cyrl"),
    "pt": ("Portuguese", "Latn"),
    "ru": ("Russian", "Cyrl"),
    "ug": ("Uighur", "Arab"),
    "vi": ("Vietnamese", "Latn"),
    "za": ("Zhuang", "Latn"),
    "zh": ("Chinese", "Hani"),
}

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
    return _LANGUAGES.get(tag.partition("-")[0].lower(), ("other", ""))[0]


def script_name(tag: str) -> str:
    """PAGE's name of a language's script, an empty string where it is not known."""
    language, _, rest = tag.partition("-")
    script = rest.partition("-")[0].title()
    if script not in _SCRIPTS:
        script = _LANGUAGES.get(language.lower(), ("", ""))[1]
    return _SCRIPTS.get(script, "")


def text_type(block: Block) -> str:
    """PAGE's type of a block; a folio of digits alone is a page number."""
    if block.role is Role.FOLIO and block.text.strip().isdecimal():
        return "page-number"
    return _TYPES.get(block.role, "other")
