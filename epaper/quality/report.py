"""What an evaluation answers: a row of scores a page, and their means."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, fields

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

_DIGITS = 4
_TABLE_WIDTH = 210
_COLUMNS = (
    "char_f1", "body_ned", "article_f1", "headline_acc", "kicker_deck_acc", "byline_acc",
    "subhead_acc", "caption_acc", "continuation_acc", "meta_acc", "para_f1", "order_ned",
    "bcubed_f1", "splits", "merges", "cer", "flex_cer", "extra", "seconds", "peak_mb",
)  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """The scores of one page, or their means; None where the page has nothing of the kind.

    `*_acc` are shares of the truth's items, `*_extra` count items the truth does not have
    and `extra` is their sum. `body_ned`, `order_ned`, `cer`, `flex_cer` and `order_cer`
    (`cer` less `flex_cer`) are best at 0, the others of range 0 to 1 at 1. `seconds` and
    `peak_mb` come from the run's log.
    """

    char_f1: float | None = None
    body_ned: float | None = None
    article_f1: float | None = None
    headline_acc: float | None = None
    kicker_deck_acc: float | None = None
    byline_acc: float | None = None
    subhead_acc: float | None = None
    caption_acc: float | None = None
    continuation_acc: float | None = None
    meta_acc: float | None = None
    para_f1: float | None = None
    order_ned: float | None = None
    bcubed_precision: float | None = None
    bcubed_recall: float | None = None
    bcubed_f1: float | None = None
    splits: float | None = None
    merges: float | None = None
    cer: float | None = None
    flex_cer: float | None = None
    order_cer: float | None = None
    headline_extra: float | None = None
    kicker_deck_extra: float | None = None
    byline_extra: float | None = None
    subhead_extra: float | None = None
    caption_extra: float | None = None
    continuation_extra: float | None = None
    extra: float | None = None
    seconds: float | None = None
    peak_mb: float | None = None

    def as_dict(self) -> dict[str, float | None]:
        """Name to value, rounded to four digits."""
        values: dict[str, float | None] = asdict(self)
        return {k: None if v is None else round(v, _DIGITS) for k, v in values.items()}


@dataclass(frozen=True)
class Miss:
    """An item that is not right: what the truth has and what the output has."""

    article: str
    field: str
    truth: str
    pred: str


@dataclass(frozen=True)
class Row:
    """One page of output against its truth. `pred` is empty where there is no output."""

    page: str
    pred: str
    scores: Scores
    misses: tuple[Miss, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Report:
    """All pages, sorted by name, and the mean over those where a score applies."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def mean(self) -> Scores:
        """Macro mean: every page counts the same."""
        means: dict[str, float | None] = {}
        for item in fields(Scores):
            values = [getattr(row.scores, item.name) for row in self.rows]
            present = [value for value in values if value is not None]
            means[item.name] = sum(present) / len(present) if present else None
        return Scores(**means)

    def to_json(self) -> str:
        """The report as JSON text: ``{"pages": […], "mean": {…}, "notes": […]}``."""
        pages = [{**asdict(row), "scores": row.scores.as_dict()} for row in self.rows]
        answer = {"pages": pages, "mean": self.mean.as_dict(), "notes": self.notes}
        return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode()

    def to_table(self) -> str:
        """The report as a plain-text table, the notes below it."""
        table = Table(box=None, pad_edge=False, header_style="")
        table.add_column("page", overflow="fold")
        for name in _COLUMNS:
            table.add_column(name.replace("_", "\n"), justify="right", vertical="bottom")
        for row in self.rows:
            table.add_row(Text(row.pred or row.page), *_cells(row.scores))
        table.add_row("mean", *_cells(self.mean))
        notes = [f"{row.page}: {row.note}" for row in self.rows if row.note]
        return _plain(table) + "".join(f"{note}\n" for note in (*notes, *self.notes))

    def to_misses(self) -> str:
        """What is wrong, one item a line: page, article, field, truth, output."""
        return "".join(
            f"{row.pred or row.page}\t{m.article}\t{m.field}\t{m.truth}\t{m.pred}\n"
            for row in self.rows
            for m in row.misses
        )


def _cells(scores: Scores) -> list[str]:
    values = scores.as_dict()
    return ["-" if values[name] is None else f"{values[name]:.4g}" for name in _COLUMNS]


def _plain(table: Table) -> str:
    out = io.StringIO()
    Console(file=out, width=_TABLE_WIDTH, color_system=None).print(table)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
