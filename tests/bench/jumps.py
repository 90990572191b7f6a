"""Precision and recall of jumps between the pages of typeset issues.

    python -m tests.bench.jumps [--pages 60] [--seed 1] [--styles held-out] [--scan LEVEL]

Issues of two to eight pages are set and read by their text layer, or with `--scan` by OCR
from scans at a level of wear (1 to 4), which takes half a minute a page. A link is right where
it joins the two articles that the truth says are parts of one story. An article of the
output is that of the truth whose headline and text are most like its own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rapidfuzz.fuzz import ratio

from epaper.issue import assemble
from epaper.model import Article, Issue, JumpKind, Page
from epaper.pipeline import Options, TextFrom, convert_page
from epaper.sources.pages import open_pages
from epaper.synth import SynthOptions, make_pages

# Page id, and the id of an article in the truth.
Part = tuple[str, str]
Link = tuple[Part, Part]


@dataclass(slots=True)
class Tally:
    """Links that are right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __str__(self) -> str:
        found, wanted = self.right + self.wrong, self.right + self.missed
        precision = self.right / found if found else 1.0
        recall = self.right / wanted if wanted else 1.0
        return f"precision {precision:.3f} ({self.right}/{found}), recall {recall:.3f} ({wanted})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--styles", default="held-out")
    parser.add_argument("--scan", type=int, default=0)
    given = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        wear = (given.scan,) if given.scan else ()
        options = SynthOptions(styles=given.styles, issue_pages=(2, 8), scans=wear)
        paths = make_pages(Path(folder), given.pages, given.seed, options)
        issues = defaultdict(list)
        for path in paths:
            issues[path.stem.rpartition("-")[0]].append(path)
        for name, files in issues.items():
            count(name, files, tally, given.scan)
    print(f"{len(issues)} issues, {len(paths)} pages: {tally}")


def read(path: Path, issue: str, scan: int) -> Page:
    """The page of a PDF by its text layer, or by OCR of its scan at that level of wear."""
    given = path.with_suffix(f".scan{scan}.jpg") if scan else path
    asked = Options(TextFrom.OCR if scan else TextFrom.LAYER)
    page = convert_page(open_pages(given)[0], issue, asked)[0].page
    return replace(page, id=path.stem)


def count(name: str, files: list[Path], tally: Tally, scan: int = 0) -> None:
    """Adds the links of one issue."""
    truth = {path.stem: json.loads(path.with_suffix(".json").read_text("utf-8")) for path in files}
    pages = [read(path, name, scan) for path in files]
    wanted, found = links_of(truth), links_in(assemble(name, pages), truth)
    tally.right += len(wanted & found)
    tally.wrong += len(found - wanted)
    tally.missed += len(wanted - found)
    for word, links in (("missed", wanted - found), ("wrong", found - wanted)):
        for (page, article), (other, _) in sorted(links):
            print(f"{word}: {page} {article} -> {other}")


def links_of(truth: dict[str, dict[str, Any]]) -> set[Link]:
    """What goes on where: the other page says it comes from here under the same headline."""
    numbers = {number(page.rpartition("-")[2]): page for page in truth}
    links = set()
    for page, content in truth.items():
        for article in content["articles"]:
            other = numbers.get(number(article.get("continues_to", "")))
            for part in truth[other]["articles"] if other else ():
                back = numbers.get(number(part.get("continued_from", "")))
                if back == page and part.get("headline") == article.get("headline"):
                    links.add(((page, article["id"]), (str(other), part["id"])))
    return links


def number(printed: object) -> int:
    """The number of a page, without the letter of its section; 0 where there is none."""
    return int("".join(c for c in str(printed) if c.isdecimal()) or 0)


def links_in(issue: Issue, truth: dict[str, dict[str, Any]]) -> set[Link]:
    likeness = {
        (page.id, article.id): (page.id, most_like(article, truth[page.id]["articles"]))
        for page in issue.pages
        for article in page.articles
    }
    links = set()
    for page in issue.pages:
        for article in page.articles:
            for jump in article.jumps:
                if jump.target is not None:
                    other_page, _, other = jump.target.rpartition("#")
                    ends = likeness[page.id, article.id], likeness[other_page, other]
                    links.add(ends if jump.kind is JumpKind.CONTINUED_ON else ends[::-1])
    return links


def most_like(article: Article, known: list[dict[str, Any]]) -> str:
    said = article.headline() + "".join(p.text for p in article.paragraphs)
    texts = {a["id"]: (a.get("headline") or "") + "".join(a.get("body") or ()) for a in known}
    return max(texts, key=lambda name: ratio(said, texts[name]), default="")


if __name__ == "__main__":
    main()
