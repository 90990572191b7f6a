"""Many converted pages at a glance: the three layers archives look at, trends, samples.

The newspaper layer (报纸层) asks whether the issues are whole and dated, the layout layer
(版式层) whether the text became stories, the OCR layer (OCR层) whether it was read rightly.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from epaper.model import Doubt
from epaper.quality.measures import Measures

# Rows of a list; what is left out is counted.
LONGEST = 50
# Mean confidences at which a step of their spread begins; most pages lie near the top.
STEPS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
# A paper of fewer dates than this has no rhythm to keep.
_RHYTHM = 10
_REASONS = {
    "input": "输入文件无法读取", "output": "输出文件未能写出", "disk": "磁盘或网络存储不可写",
    "missing": "缺少组件", "engine": "处理出错", "crash": "处理进程崩溃", "time": "处理超时",
    "memory": "内存超限", "cluster": "集群出错",
}  # fmt: skip


class Layer(StrEnum):
    """Where a doubt belongs."""

    NEWSPAPER = "newspaper"
    LAYOUT = "layout"
    OCR = "ocr"


# The layer of each kind of doubt, by the start of its code, and its name in Chinese.
_KINDS: tuple[tuple[str, Layer, str], ...] = (
    ("no-date", Layer.NEWSPAPER, "无出版日期"),
    ("date-weekday", Layer.NEWSPAPER, "日期与星期不符"),
    ("date-lunar", Layer.NEWSPAPER, "日期与农历不符"),
    ("issue-date", Layer.NEWSPAPER, "同期各版日期不一"),
    ("issue-paper", Layer.NEWSPAPER, "同期各版报名不一"),
    ("page-unnumbered", Layer.NEWSPAPER, "无版次"),
    ("page-misnumbered", Layer.NEWSPAPER, "版次矛盾"),
    ("page-doubled", Layer.NEWSPAPER, "版次重复"),
    ("page-missing", Layer.NEWSPAPER, "缺版"),
    ("date", Layer.NEWSPAPER, "日期存疑"),
    ("issue", Layer.NEWSPAPER, "期次存疑"),
    ("page", Layer.NEWSPAPER, "版次存疑"),
    ("jump-unresolved", Layer.LAYOUT, "转接未找到"),
    ("jump", Layer.LAYOUT, "转接存疑"),
    ("coverage", Layer.LAYOUT, "文字未入稿件"),
    ("unplaced", Layer.LAYOUT, "孤立文字块"),
    ("large-picture", Layer.LAYOUT, "图片过大"),
    ("no-text", Layer.OCR, "无文字"),
    ("text-layer", Layer.OCR, "文字层有误"),
    ("unreadable", Layer.OCR, "难以识别"),
    ("unread-ink", Layer.OCR, "有墨迹未识别"),
    ("weak-text", Layer.OCR, "识别可信度低"),
    ("plainer-way", Layer.OCR, "以简化方式处理"),
)


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page, what became of it and its figures; `source` is the input file.

    `status` is ``done``, ``failed`` or ``aside``; the last two have an `error` of the kind
    `reason` and no figures worth looking at.
    """

    issue: str
    page: str
    source: str
    status: str
    measures: Measures = field(default_factory=Measures)
    error: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        return f"{self.issue}/{self.page}"

    @property
    def why(self) -> str:
        """The kind of failure in Chinese."""
        return _REASONS.get(self.reason, "")


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """An issue: `stories` that run over pages, and what is doubtful about the whole."""

    issue: str
    stories: int = 0
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """How often a kind of doubt occurs, on how many pages or issues."""

    code: str
    chinese: str
    layer: Layer
    count: int
    places: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over pages, and the means that follow from them."""

    pages: int = 0
    characters: int = 0
    ocr: int = 0
    weak: int = 0
    sure: float = 0.0
    errors: float = 0.0
    covered: float = 0.0
    joined: float = 0.0
    stories: int = 0
    headless: int = 0
    orphans: int = 0
    pictures: int = 0
    captions: int = 0
    doubts: int = 0

    def plus(self, page: Measures) -> Totals:
        """The sums with one page more."""
        size = page.characters
        return Totals(
            self.pages + 1,
            self.characters + size,
            self.ocr + page.ocr,
            self.weak + page.weak,
            self.sure + (page.confidence or 0.0) * page.ocr,
            self.errors + page.errors,
            self.covered + page.coverage * size,
            self.joined + page.membership * size,
            self.stories + page.stories,
            self.headless + page.headless,
            self.orphans + page.orphans,
            self.pictures + page.pictures,
            self.captions + page.captions,
            self.doubts + sum(page.doubts.values()),
        )

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the characters read by OCR."""
        return self.sure / self.ocr if self.ocr else None

    @property
    def error_rate(self) -> float:
        """Share of characters that are likely wrong."""
        return self.errors / self.characters if self.characters else 0.0

    @property
    def coverage(self) -> float:
        """Share of characters that reached a story or a field."""
        return self.covered / self.characters if self.characters else 1.0

    @property
    def membership(self) -> float:
        """How sure the stories are put together, by characters."""
        return self.joined / self.characters if self.characters else 1.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper by its name as printed: issues and pages, first and last date."""

    name: str
    issues: int
    pages: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Break:
    """So many issues in a row that a paper's rhythm asks for and that are not there."""

    paper: str
    first: str
    last: str
    issues: int


@dataclass(frozen=True, slots=True)
class Survey:
    """All that the report tells.

    `trend` holds totals a year, or a month where all is of one year. `worst` are pages
    by `Measures.trouble`, `sample` pages drawn at random, always the same ones. `gaps`
    are issues with pages missing, doubled or unnumbered: issue, what in Chinese, and in
    English with the numbers; `breaks` are dates without an issue. `spread` counts OCR
    pages by mean confidence in `STEPS`.
    """

    totals: Totals
    issues: int
    over_pages: int
    bad: tuple[PageRecord, ...]
    papers: tuple[Paper, ...]
    undated: int
    unnumbered: int
    ocr_pages: int
    gaps: tuple[tuple[str, str, str], ...]
    breaks: tuple[Break, ...]
    kinds: tuple[Kind, ...]
    spread: tuple[int, ...]
    trend: tuple[tuple[str, Totals], ...]
    worst: tuple[PageRecord, ...]
    sample: tuple[PageRecord, ...]

    def kinds_of(self, layer: str) -> list[Kind]:
        """The kinds of doubt of a layer, the most frequent first."""
        return [kind for kind in self.kinds if kind.layer == layer]


def survey(pages: Iterable[PageRecord], issues: Iterable[IssueRecord], sample: int) -> Survey:
    """The survey of these pages and issues with so many pages to check by hand."""
    records, known = list(pages), list(issues)
    done = [record for record in records if record.status == "done"]
    totals = Totals()
    for record in done:
        totals = totals.plus(record.measures)
    sure = [r.measures.confidence for r in done if r.measures.confidence is not None]
    return Survey(
        totals=totals,
        issues=len({record.issue for record in done}),
        over_pages=sum(issue.stories for issue in known),
        bad=tuple(record for record in records if record.status != "done"),
        papers=tuple(_papers(done)),
        undated=sum(not record.measures.date for record in done),
        unnumbered=sum(not record.measures.number for record in done),
        ocr_pages=len(sure),
        gaps=tuple(_gaps(known)),
        breaks=tuple(_breaks(done)),
        kinds=tuple(_kinds(done, known)),
        spread=tuple(_spread(sure)),
        trend=tuple(_trend(done)),
        worst=tuple(sorted(done, key=lambda r: (-r.measures.trouble, r.name))[:LONGEST]),
        sample=tuple(sorted(_drawn(done, sample), key=lambda r: r.name)),
    )


def _papers(done: Sequence[PageRecord]) -> Iterable[Paper]:
    """The newspapers; pages that do not print a name go with the rest of their issue."""
    names = {record.issue: record.measures.paper for record in done if record.measures.paper}
    groups: dict[str, list[PageRecord]] = defaultdict(list)
    for record in done:
        groups[record.measures.paper or names.get(record.issue, "")].append(record)
    for name, group in sorted(groups.items()):
        dates = [record.measures.date for record in group if record.measures.date]
        first, last = min(dates, default=""), max(dates, default="")
        yield Paper(name, len({record.issue for record in group}), len(group), first, last)


def _gaps(issues: Iterable[IssueRecord]) -> Iterable[tuple[str, str, str]]:
    for issue in issues:
        for doubt in issue.doubts:
            if doubt.code.startswith("page-"):
                chinese = kind_of(doubt.code)[1]
                # The numbers, which the message ends with, are the same in any language.
                _, colon, numbers = doubt.message.rstrip(".").partition(": ")
                yield issue.issue, f"{chinese}：{numbers}" if colon else chinese, doubt.message


def _breaks(done: Sequence[PageRecord]) -> Iterable[Break]:
    """Where papers that come out every day, or every seventh, do not."""
    dates: dict[str, set[date]] = defaultdict(set)
    names = {record.issue: record.measures.paper for record in done if record.measures.paper}
    for record in done:
        with suppress(ValueError):
            name = record.measures.paper or names.get(record.issue, "")
            dates[name].add(date.fromisoformat(record.measures.date))
    for name, days in sorted(dates.items()):
        steps = [(a, b, (b - a).days) for a, b in pairwise(sorted(days))]
        step, often = Counter(each for _, _, each in steps).most_common(1)[0] if steps else (0, 0)
        if len(days) < _RHYTHM or step not in (1, 7) or often * 2 < len(steps):
            continue
        for a, b, between in steps:
            if between // step > 1:
                first, last = a + timedelta(days=step), b - timedelta(days=1)
                yield Break(name, first.isoformat(), last.isoformat(), between // step - 1)


def _kinds(done: Sequence[PageRecord], issues: Sequence[IssueRecord]) -> Iterable[Kind]:
    count: Counter[str] = Counter()
    places: Counter[str] = Counter()
    own = [record.measures.doubts for record in done]
    for doubts in (*own, *(Counter(d.code for d in issue.doubts) for issue in issues)):
        count.update(doubts)
        places.update(doubts.keys())
    for code, number in count.most_common():
        layer, chinese = kind_of(code)
        yield Kind(code, chinese, layer, number, places[code])


def kind_of(code: str) -> tuple[Layer, str]:
    """The layer of a doubt and its name in Chinese, empty where it has none."""
    for start, layer, chinese in _KINDS:
        if code == start or code.startswith(f"{start}-"):
            return layer, chinese
    return Layer.LAYOUT, ""


def _spread(sure: Sequence[float]) -> list[int]:
    counts = Counter(bisect_right(STEPS, value) - 1 for value in sure)
    return [counts[step] for step in range(len(STEPS))]


def _trend(done: Sequence[PageRecord]) -> list[tuple[str, Totals]]:
    """Totals by year, or by month where there is but one year."""
    dated = [record for record in done if record.measures.date]
    years = {record.measures.date[:4] for record in dated}
    length = 4 if len(years) > 1 else 7
    found: dict[str, Totals] = defaultdict(Totals)
    for record in dated:
        when = record.measures.date[:length]
        found[when] = found[when].plus(record.measures)
    return sorted(found.items())


def _drawn(done: Sequence[PageRecord], count: int) -> list[PageRecord]:
    """A random choice that stays the same as long as the pages do."""

    def place(record: PageRecord) -> bytes:
        return hashlib.sha256(record.name.encode(errors="replace")).digest()

    return sorted(done, key=place)[:count]
