"""The catalogue: one line a story, as CSV for spreadsheets and as SQLite for queries.

Each issue has a ``catalogue.csv``. What stands in those of all issues is brought
together at the root of the output, where the lines of issues that changed are replaced.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from epaper.errors import ExportError
from epaper.export.articles import article_pictures, word_count, worded
from epaper.export.files import CATALOGUE_DATABASE, CATALOGUE_FILE
from epaper.export.guids import item_guid, story_guid
from epaper.export.newsml import reading_order
from epaper.export.options import ExportOptions
from epaper.export.xmlio import clean
from epaper.model import Article, Issue, Page, Role

FILE = CATALOGUE_FILE
DATABASE = CATALOGUE_DATABASE

COLUMNS = (
    "date",
    "paper",
    "issue",
    "page",
    "section",
    "position",
    "kind",
    "label",
    "kicker",
    "headline",
    "deck",
    "byline",
    "authors",
    "dateline",
    "words",
    "pictures",
    "jump",
    "story",
    "doubts",
    "file",
    "guid",
)
_NUMBERS = ("position", "words", "pictures", "doubts")

# What a spreadsheet would take for a formula, in half and full width, after any number
# of the apostrophes that keep it from doing so.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_WAIT_SECONDS = 60.0

Row = tuple[str, ...]


def issue_to_catalogue(issue: Issue, options: ExportOptions, suffix: str) -> bytes:
    """The stories of an issue as CSV, in the order of its pages; adverts come after them.

    `suffix` ends the names of the pages' files. UTF-8 with a byte order mark, by which
    spreadsheets know it; no cell is a formula.
    """
    wholes = {
        part: story_guid(options.authority, issue.id, story.id)
        for story in issue.stories
        for part in story.parts
    }
    rows = (
        _row(page, article, position, options, suffix, wholes.get((page.id, article.id), ""))
        for page in issue.pages
        for position, article in enumerate(reading_order(page), 1)
    )
    return "\ufeff".encode() + b"".join(map(_line, (COLUMNS, *rows)))


def _row(
    page: Page, article: Article, position: int, options: ExportOptions, suffix: str, whole: str
) -> Row:
    facts = page.facts
    texts = {
        role: " ".join(h.text for h in article.headlines if h.role is role)
        for role in (Role.LABEL, Role.KICKER, Role.HEADLINE, Role.DECK)
    }
    values = (
        facts.date,
        facts.paper,
        page.issue,
        facts.page_number,
        facts.section,
        str(position),
        "advertisement" if article.advert else "story",
        *texts.values(),
        article.byline,
        "、".join(dict.fromkeys(p.name for p in article.people if p.name)),
        article.dateline,
        str(word_count(worded(article.paragraphs))),
        str(len(article_pictures(article, page))),
        " ".join(jump.text or jump.page for jump in article.jumps),
        whole,
        str(_doubts(page, article)),
        f"{page.issue}/{page.id}{suffix}",
        item_guid(options.authority, page.issue, page.id, article.id),
    )
    # Names of files stay as they are, texts stand on one line.
    exact = {COLUMNS.index(name) for name in ("issue", "file", "guid")}
    return tuple(
        clean(v) if k in exact else " ".join(clean(v).split()) for k, v in enumerate(values)
    )


def _doubts(page: Page, article: Article) -> int:
    """Doubts about the story, a block of it or a picture."""
    own = {article.id, *article.blocks, *article_pictures(article, page)}
    return sum(doubt.subject in own for doubt in page.doubts)


def _line(row: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(f"'{cell}" if _FORMULA.match(cell) else cell for cell in row)
    return text.getvalue().encode()


def read_catalogue(path: Path) -> Iterator[Row]:
    """The rows of a catalogue as they were before formulas were guarded against.

    Raises ExportError where it cannot be read or has other columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            if tuple(next(lines, ())) != COLUMNS:
                raise ExportError(f"{path}: has other columns; convert the issue again")
            for line in lines:
                if len(line) != len(COLUMNS):
                    raise ExportError(f"{path}:{lines.line_num}: has {len(line)} cells")
                yield tuple(c[1:] if c[:1] == "'" and _FORMULA.match(c) else c for c in line)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExportError(f"{path}: cannot be read: {error}") from error


def update_catalogue(out: Path, issues: Iterable[str]) -> bool:
    """Brings the catalogues of `issues`, and of those known already, together in `out`.

    An issue whose catalogue is gone leaves; one that is as it was stays. True
    where anything changed. Raises ExportError where a file cannot be read or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(out / DATABASE, timeout=_WAIT_SECONDS)) as database:
            with database:
                database.execute("BEGIN IMMEDIATE")
                _lay_out(database)
                changed = _bring_in(database, out, issues)
            if changed or not (out / FILE).is_file():
                _write_csv(database, out / FILE)
            return changed
    except (sqlite3.Error, OSError) as error:
        raise ExportError(f"{out / DATABASE}: the catalogue cannot be kept: {error}") from error


def _lay_out(database: sqlite3.Connection) -> None:
    """The tables; those of a version with other columns are made anew."""
    have = tuple(name for _, name, *_ in database.execute("PRAGMA table_info(stories)"))
    if have and have != COLUMNS:
        database.execute("DROP TABLE stories")
        database.execute("DELETE FROM issues")
    kinds = (f"{c} {'INTEGER' if c in _NUMBERS else 'TEXT'} NOT NULL" for c in COLUMNS)
    database.execute(
        f"CREATE TABLE IF NOT EXISTS stories ({', '.join(kinds)}, PRIMARY KEY (issue, guid))"
        " WITHOUT ROWID"
    )
    for column in ("date", "issue"):
        database.execute(f"CREATE INDEX IF NOT EXISTS by_{column} ON stories ({column})")
    database.execute(
        "CREATE TABLE IF NOT EXISTS issues (issue TEXT PRIMARY KEY, state TEXT NOT NULL)"
        " WITHOUT ROWID"
    )


def _bring_in(database: sqlite3.Connection, out: Path, issues: Iterable[str]) -> bool:
    known = dict(database.execute("SELECT issue, state FROM issues"))
    if not known:
        issues = {*issues, *_found(out)}
    changed = False
    own = COLUMNS.index("issue")
    for issue in sorted({*issues, *known}):
        path = out / issue / FILE
        state = _state(path)
        if state == known.get(issue, ""):
            continue
        changed = True
        database.execute("DELETE FROM stories WHERE issue = ?", (issue,))
        database.execute("DELETE FROM issues WHERE issue = ?", (issue,))
        if state:
            marks = ", ".join("?" * len(COLUMNS))
            rows = ((*row[:own], issue, *row[own + 1 :]) for row in read_catalogue(path))
            database.executemany(f"INSERT OR REPLACE INTO stories VALUES ({marks})", rows)
            database.execute("INSERT INTO issues VALUES (?, ?)", (issue, state))
    return changed


def _found(out: Path) -> Iterator[str]:
    """Issues below `out` that have a catalogue, where the database was lost."""
    for path in out.rglob(FILE):
        if path.parent != out:
            yield path.parent.relative_to(out).as_posix()


def _state(path: Path) -> str:
    """What tells a file from an earlier one of its name; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _write_csv(database: sqlite3.Connection, path: Path) -> None:
    """All stories by date, paper, issue, page and position; whole or not at all."""
    aside = path.with_name(f".{secrets.token_hex(8)}.part")
    rows = database.execute(
        "SELECT * FROM stories"
        " ORDER BY date, paper, issue, LENGTH(page), page, file, position, guid"
    )
    try:
        with aside.open("xb") as file:
            file.write("\ufeff".encode() + _line(COLUMNS))
            file.writelines(_line(map(str, row)) for row in rows)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
