"""An issue as a IIIF Presentation 3 manifest, for viewers of digital libraries.

A canvas a page, in pixels of the page image; a range a story, over the places of all
its parts; an annotation a story with its text, and one a jump that leads to the other
part. Ids are URIs below a base that is an option.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from epaper.export.articles import article_title
from epaper.export.files import IIIF_FILE
from epaper.export.guids import jump_target
from epaper.export.newsml import page_title, reading_order
from epaper.export.options import ExportOptions, iso_date
from epaper.export.stories import issue_facts
from epaper.export.text import story_to_text
from epaper.export.xmlio import clean
from epaper.geometry import Box, hull
from epaper.model import Article, Block, Issue, Jump, Page, Role, WritingMode

FILE = IIIF_FILE
CONTEXT = "http://iiif.io/api/presentation/3/context.json"

_IMAGE_SUFFIX = ".jpg"

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Companion:
    """A format of a file a page that lies beside the manifest, as a viewer is told of it."""

    label: str
    suffix: str
    media: str


def issue_to_iiif(issue: Issue, options: ExportOptions, companions: Sequence[Companion]) -> bytes:
    """The manifest of `issue`; `companions` are the page formats written with it."""
    manifest = _Manifest(issue, options, companions).made()
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


class _Manifest:
    """What the parts of one manifest have in common: names, languages, pages."""

    def __init__(
        self, issue: Issue, options: ExportOptions, companions: Sequence[Companion]
    ) -> None:
        self.issue = issue
        self.options = options
        self.companions = companions
        self.base = f"{options.iiif.rstrip('/')}/{_uri(issue.id)}"
        self.pages = {page.id: page for page in issue.pages}
        self.facts = issue_facts(issue)

    def made(self) -> Node:
        facts = self.facts
        title = " ".join(filter(None, (facts.paper, facts.date))) or self.issue.id
        language = self._language(self.issue.pages[0]) if self.issue.pages else "none"
        vertical = any(page.mode is WritingMode.VERTICAL for page in self.issue.pages)
        manifest: Node = {
            "@context": CONTEXT,
            "id": f"{self.base}/{FILE}",
            "type": "Manifest",
            "label": {language: [clean(title)]},
            "metadata": list(self._metadata(language)),
            "viewingDirection": "right-to-left" if vertical else "left-to-right",
            "behavior": ["individuals"],
            "seeAlso": [self._link("NewsML-G2", "issue.xml", "application/xml", "Dataset")],
            "items": [self._canvas(page) for page in self.issue.pages],
        }
        if len(day := iso_date(facts.date)) == len("2024-06-05"):
            manifest["navDate"] = f"{day}T00:00:00Z"
        if ranges := [self._range(story.id, story.parts) for story in self.issue.stories]:
            manifest["structures"] = [
                {
                    "id": f"{self.base}/range/stories",
                    "type": "Range",
                    "label": {"en": ["Stories"], "zh": ["稿件"]},
                    "items": ranges,
                }
            ]
        return manifest

    def _metadata(self, language: str) -> Iterator[Node]:
        facts = self.facts
        for english, chinese, value in (
            ("Newspaper", "报纸", facts.paper),
            ("Date", "日期", facts.date),
            ("Issue number", "总期号", facts.issue_number),
            ("Pages", "版数", facts.page_count),
            ("CN number", "国内统一刊号", facts.cn_number),
            ("Publisher", "出版单位", facts.publisher),
        ):
            if value:
                label = {"en": [english], "zh": [chinese]}
                yield {"label": label, "value": {language: [clean(value)]}}

    def _language(self, page: Page) -> str:
        return self.options.language or page.language

    def _link(self, label: str, name: str, media: str, kind: str) -> Node:
        return {
            "id": f"{self.base}/{_uri(name)}",
            "type": kind,
            "label": {"en": [label]},
            "format": media,
        }

    def _canvas_id(self, page: Page) -> str:
        return f"{self.base}/{_uri(page.id)}/canvas"

    def _canvas(self, page: Page) -> Node:
        name = self._canvas_id(page)
        painted = {
            "id": f"{name}/image",
            "type": "Annotation",
            "motivation": "painting",
            "body": self._image(page),
            "target": name,
        }
        canvas: Node = {
            "id": name,
            "type": "Canvas",
            "label": {self._language(page): [clean(page_title(page.facts, page.id))]},
            "height": page.height,
            "width": page.width,
            "items": [{"id": f"{name}/images", "type": "AnnotationPage", "items": [painted]}],
        }
        for form in self.companions:
            if form.suffix != _IMAGE_SUFFIX:
                shown = form.media == "application/pdf"
                link = self._link(
                    form.label,
                    f"{page.id}{form.suffix}",
                    form.media,
                    "Text" if shown else "Dataset",
                )
                canvas.setdefault("rendering" if shown else "seeAlso", []).append(link)
        pages = [
            ("text", {"en": ["Stories"], "zh": ["稿件"]}, list(self._texts(page))),
            ("links", {"en": ["Continued"], "zh": ["转版"]}, list(self._jumps(page))),
        ]
        if notes := [
            {"id": f"{name}/{key}", "type": "AnnotationPage", "label": label, "items": items}
            for key, label, items in pages
            if items
        ]:
            canvas["annotations"] = notes
        return canvas

    def _image(self, page: Page) -> Node:
        """The picture of the page: the file beside the manifest, or an image service."""
        size: Node = {"format": "image/jpeg", "height": page.height, "width": page.width}
        if any(form.suffix == _IMAGE_SUFFIX for form in self.companions):
            name = f"{self.base}/{_uri(page.id)}{_IMAGE_SUFFIX}"
            return {"id": name, "type": "Image", **size}
        images = (self.options.iiif_images or f"{self.options.iiif.rstrip('/')}/image").rstrip("/")
        service = f"{images}/{_uri(f'{self.issue.id}/{page.id}').replace('/', '%2F')}"
        described = {"id": service, "type": "ImageService3", "profile": "level1"}
        name = f"{service}/full/max/0/default.jpg"
        return {"id": name, "type": "Image", **size, "service": [described]}

    def _texts(self, page: Page) -> Iterator[Node]:
        for article in reading_order(page):
            places = self._places(page, article)
            text = story_to_text(article).strip()
            if places and text:
                yield {
                    "id": f"{self._canvas_id(page)}/text/{_uri(article.id)}",
                    "type": "Annotation",
                    "motivation": "supplementing",
                    "label": {self._language(page): [clean(article_title(article))]},
                    "body": {
                        "type": "TextualBody",
                        "value": text,
                        "format": "text/plain",
                        "language": self._language(page),
                    },
                    "target": places[0] if len(places) == 1 else places,
                }

    def _jumps(self, page: Page) -> Iterator[Node]:
        for article in page.articles:
            for number, jump in enumerate(article.jumps, 1):
                there = self._other_part(jump)
                here = self._jump_place(page, article)
                if there and here:
                    yield {
                        "id": f"{self._canvas_id(page)}/link/{_uri(article.id)}-{number}",
                        "type": "Annotation",
                        "motivation": "linking",
                        "label": {self._language(page): [clean(jump.text or jump.page)]},
                        "body": {"id": there, "type": "Canvas"},
                        "target": here,
                    }

    def _other_part(self, jump: Jump) -> str | None:
        page_id, article_id = jump_target(jump) or ("", "")
        page = self.pages.get(page_id)
        found = next((a for a in page.articles if a.id == article_id), None) if page else None
        return self._place(page, found) if page and found else None

    def _jump_place(self, page: Page, article: Article) -> str | None:
        own = _blocks(page, article)
        markers = [b.box for b in own if b.role is Role.JUMP] or [b.box for b in own]
        return self._at(page, hull(markers)) if markers else None

    def _range(self, story: str, parts: Sequence[tuple[str, str]]) -> Node:
        articles = [
            (self.pages[page], article)
            for page, name in parts
            for article in self.pages[page].articles
            if article.id == name
        ]
        page = articles[0][0]
        title = next(filter(None, (article_title(a) for _, a in articles)), story)
        places = [(p, self._place(p, article)) for p, article in articles]
        return {
            "id": f"{self.base}/range/{_uri(story)}",
            "type": "Range",
            "label": {self._language(page): [clean(title)]},
            "items": [{"id": place or self._canvas_id(p), "type": "Canvas"} for p, place in places],
        }

    def _place(self, page: Page, article: Article) -> str | None:
        boxes = [block.box for block in _blocks(page, article)]
        return self._at(page, hull(boxes)) if boxes else None

    def _places(self, page: Page, article: Article) -> list[str]:
        return [self._at(page, block.box) for block in _blocks(page, article)]

    def _at(self, page: Page, box: Box) -> str:
        """The smallest place of whole pixels around the part of `box` on the canvas."""
        inside = box.clipped(Box(0, 0, page.width, page.height))
        x, y = math.floor(inside.x0), math.floor(inside.y0)
        width, height = max(1, math.ceil(inside.x1) - x), max(1, math.ceil(inside.y1) - y)
        return f"{self._canvas_id(page)}#xywh={x},{y},{width},{height}"


def _uri(name: str) -> str:
    """A path as part of a URI; only what may stand there unescaped does."""
    return quote(clean(name), safe="/")


def _blocks(page: Page, article: Article) -> list[Block]:
    known = {block.id: block for block in page.blocks}
    return [known[name] for name in dict.fromkeys(article.blocks) if name in known]
