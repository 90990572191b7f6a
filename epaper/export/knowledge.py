"""The knowledge item that describes every house term, in English and Chinese."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

from lxml import etree

from epaper.export.build import add, finish, item, item_meta
from epaper.export.house import SCHEMES
from epaper.export.options import ExportOptions
from epaper.export.xmlio import XML
from epaper.model import Facts

# When the vocabulary was last changed.
VOCABULARY_DATE = datetime(2026, 1, 1, tzinfo=UTC)

_LANGUAGE = f"{{{XML}}}lang"


def knowledge_item(options: ExportOptions) -> bytes:
    """The vocabulary with the scheme URIs of `options`, UTF-8."""
    guid = f"urn:newsml:{options.authority}:{VOCABULARY_DATE:%Y%m%d}:house-schemes"
    facts = Facts(date=f"{VOCABULARY_DATE:%Y-%m-%d}")
    element = item("knowledgeItem", guid, "en", facts, options)
    item_meta(element, "cinat:concept", "House schemes", facts, options)
    add(add(element, "contentMeta"), "contentCreated", facts.date)
    concepts = add(element, "conceptSet")
    for alias, scheme in SCHEMES.items():
        for name, term in scheme.terms.items():
            concept = add(concepts, "concept")
            add(concept, "conceptId", qcode=f"{alias}:{name}")
            for tag, english, chinese in (
                ("name", term.english, term.chinese),
                ("definition", term.definition, term.definition_chinese),
            ):
                add(concept, tag, english).set(_LANGUAGE, "en")
                add(concept, tag, chinese).set(_LANGUAGE, "zh-Hans")
    finish(element, options)
    etree.indent(element, space=" ")
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8") + b"\n"


def shipped_knowledge_item() -> bytes:
    """The knowledge item as it comes with the package, for the default scheme URIs."""
    return files("epaper.export").joinpath("schema/house-schemes.xml").read_bytes()
