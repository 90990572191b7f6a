"""Issues and articles described in MODS 3.8, as METS carries them.

What the German Digital Library asks of newspapers is given as far as the print says it:
host title, date of publication, number of the issue, order, language, identifiers.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from epaper.export.articles import article_title
from epaper.export.guids import issue_guid
from epaper.export.languages import language_of
from epaper.export.options import ExportOptions, iso_date
from epaper.export.stories import issue_facts
from epaper.export.xmlio import MODS, MODS_MAP, append, clean
from epaper.model import Article, Facts, Issue, Origin, Person, PersonRole, Role

# MARC relators of what a person did.
_RELATORS = {
    PersonRole.REPORTER: "rpt",
    PersonRole.CORRESPONDENT: "ctb",
    PersonRole.PHOTOGRAPHER: "pht",
    PersonRole.OTHER: "ctb",
}


def mods_of_issue(issue: Issue, options: ExportOptions) -> etree._Element:
    """The newspaper issue as printed, its paper as the host."""
    facts, mods = issue_facts(issue), _mods()
    guid = issue_guid(options.authority, issue.id)
    title = " ".join(filter(None, (facts.paper, facts.date))) or issue.id
    _title(mods, title)
    editors = dict.fromkeys(name for page in issue.pages for name in page.facts.editors)
    for name in editors:
        _name(mods, name, "edt")
    _add(mods, "typeOfResource", "text")
    _add(mods, "genre", "newspaper", authority="marcgt")
    _origin(mods, facts)
    for tag in _tags(issue, options):
        _language(mods, tag)
    _physical(mods, issue, facts)
    for kind, note in (("weekday", facts.weekday), ("lunar date", facts.lunar_date)):
        if note:
            _add(mods, "note", note, type=kind)
    _host(mods, facts)
    _add(mods, "identifier", guid, type="urn")
    _part(mods, facts)
    record = _add(mods, "recordInfo")
    _add(record, "recordIdentifier", guid, source=options.authority)
    return mods


def mods_of_article(
    article: Article, guid: str, pages: Sequence[str], language: str
) -> etree._Element:
    """An article or advert; `pages` are printed page numbers of its parts, where known."""
    mods = _mods()
    decks = [h.text for h in article.headlines if h.role is Role.DECK]
    _title(mods, article_title(article) or article.id, decks)
    for headline in article.headlines:
        if headline.role in {Role.KICKER, Role.LABEL} and clean(headline.text).strip():
            other = _add(mods, "titleInfo", type="alternative", displayLabel=headline.role.value)
            _add(other, "title", headline.text)
    captioned = [person for caption in article.captions for person in caption.people]
    for person in dict.fromkeys((*article.people, *captioned)):
        _person(mods, person)
    _add(mods, "typeOfResource", "text")
    _add(mods, "genre", "advertisement" if article.advert else "article")
    _language(mods, language)
    if article.byline:
        _add(mods, "note", article.byline, type="statement of responsibility")
    if known := list(dict.fromkeys(filter(None, pages))):
        part = _add(_add(mods, "relatedItem", type="host"), "part")
        _add(_add(part, "extent", unit="pages"), "list", ", ".join(known))
    _add(mods, "identifier", guid, type="urn")
    return mods


def _mods() -> etree._Element:
    return etree.Element(f"{{{MODS}}}mods", {"version": "3.8"}, nsmap=MODS_MAP)


def _add(
    parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str
) -> etree._Element:
    return append(parent, f"{{{MODS}}}{tag}", text, attributes)


def _title(mods: etree._Element, title: str, subtitles: Sequence[str] = ()) -> None:
    info = _add(mods, "titleInfo")
    _add(info, "title", title)
    for subtitle in subtitles:
        if clean(subtitle).strip():
            _add(info, "subTitle", subtitle)


def _name(mods: etree._Element, name: str, relator: str) -> None:
    if not clean(name).strip():
        return
    element = _add(mods, "name", type="personal")
    _add(element, "namePart", name)
    term = _add(_add(element, "role"), "roleTerm", relator)
    term.set("type", "code")
    term.set("authority", "marcrelator")


def _person(mods: etree._Element, person: Person) -> None:
    _name(mods, person.name, _RELATORS[person.role])


def _origin(mods: etree._Element, facts: Facts) -> None:
    if not (facts.publisher or iso_date(facts.date)):
        return
    origin = _add(mods, "originInfo", eventType="publication")
    if facts.publisher:
        _add(origin, "publisher", facts.publisher)
    if day := iso_date(facts.date):
        _add(origin, "dateIssued", day, encoding="iso8601", keyDate="yes")
    _add(origin, "issuance", "serial")


def _tags(issue: Issue, options: ExportOptions) -> list[str]:
    """The languages of the pages, each once."""
    return list(dict.fromkeys(options.language or page.language for page in issue.pages))


def _language(mods: etree._Element, tag: str) -> None:
    element = _add(mods, "language")
    known = language_of(tag)
    if known is None:
        _add(element, "languageTerm", tag, type="code", authority="rfc5646")
        return
    _add(element, "languageTerm", known.code, type="code", authority="iso639-2b")
    _add(element, "scriptTerm", known.script, type="code", authority="iso15924")


def _physical(mods: etree._Element, issue: Issue, facts: Facts) -> None:
    read = any(x.origin is Origin.OCR for page in issue.pages for x in page.lines)
    physical = _add(mods, "physicalDescription")
    if facts.page_count:
        _add(physical, "extent", f"{facts.page_count} pages")
    _add(physical, "digitalOrigin", "reformatted digital" if read else "born digital")


def _host(mods: etree._Element, facts: Facts) -> None:
    """The newspaper that the issue is one of."""
    if not facts.paper:
        return
    host = _add(mods, "relatedItem", type="host")
    _add(_add(host, "titleInfo"), "title", facts.paper)
    for kind, value in (("cn", facts.cn_number), ("postal code", facts.postal_code)):
        if value:
            _add(host, "identifier", value, type=kind)
    if facts.website:
        _add(_add(host, "location"), "url", facts.website)


def _part(mods: etree._Element, facts: Facts) -> None:
    """The number of the issue; its order among others is its day."""
    day = iso_date(facts.date).replace("-", "")
    if not (day or facts.issue_number):
        return
    part = _add(mods, "part", **({"order": day} if len(day) == len("20240605") else {}))
    number = facts.issue_number or iso_date(facts.date)
    _add(_add(part, "detail", type="issue"), "number", number)
