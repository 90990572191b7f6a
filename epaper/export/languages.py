"""What other standards call the languages and scripts that BCP 47 tags name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its English name, its bibliographic ISO 639-2 code, its usual script."""

    name: str
    code: str
    script: str


_LANGUAGES = {
    "ar": Language("Arabic", "ara", "Arab"),
    "bo": Language("Tibetan", "tib", "Tibt"),
    "de": Language("German", "ger", "Latn"),
    "en": Language("English", "eng", "Latn"),
    "es": Language("Spanish", "spa", "Latn"),
    "fr": Language("French", "fre", "Latn"),
    "it": Language("Italian", "ita", "Latn"),
    "ja": Language("Japanese", "jpn", "Jpan"),
    "kk": Language("Kazakh", "kaz", "Cyrl"),
    "ko": Language("Korean", "kor", "Kore"),
    "mn": Language("Mongolian", "mon", "Cyrl"),
    "pt": Language("Portuguese", "por", "Latn"),
    "ru": Language("Russian", "rus", "Cyrl"),
    "ug": Language("Uighur", "uig", "Arab"),
    "vi": Language("Vietnamese", "vie", "Latn"),
    "za": Language("Zhuang", "zha", "Latn"),
    "zh": Language("Chinese", "chi", "Hani"),
}


def language_of(tag: str) -> Language | None:
    """The language of a BCP 47 tag with the script the tag names, None where not known."""
    subtags = tag.split("-")
    found = _LANGUAGES.get(subtags[0].lower())
    scripts = [subtag.title() for subtag in subtags[1:] if len(subtag) == 4 and subtag.isalpha()]
    if found is None or not scripts:
        return found
    return Language(found.name, found.code, scripts[0])
