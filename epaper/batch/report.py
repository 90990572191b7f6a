"""The quality report of an output folder, drawn from what stands beside its pages."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from epaper.batch.convert import depot_of
from epaper.batch.depot import Depot
from epaper.batch.state import all_states, load_issue_state, load_page, model_name
from epaper.batch.status import standing
from epaper.errors import EpaperError
from epaper.model import Page
from epaper.quality.html import Sight, render
from epaper.quality.survey import IssueRecord, PageRecord, Survey, survey
from epaper.sources.urls import at_hand, place

# Of the worst pages, those that are shown.
_SHOWN = 12
# Pixels across a page's picture: twice what it takes on the screen.
_WIDTH = 300
_JPEG_QUALITY = 60
_HEADLINES = 3


def look_over(out: Path, sample: int) -> Survey:
    """The survey of what was converted into `out`, with `sample` pages to check by hand.

    Raises InputError where nothing was.
    """
    depot_of(out)
    failed = [
        PageRecord(
            entry.issue,
            entry.page,
            entry.source,
            entry.state,
            error=entry.error,
            reason=entry.reason or "",
        )
        for entry in standing(out).bad
        if entry.state == "failed"
    ]
    pages = [*failed, *_records(out)]
    return survey(pages, _issues(out, {record.issue for record in pages}), sample)


def report(found: Survey, out: Path, made: datetime) -> str:
    """The survey as HTML, with pictures of the pages that a person should look at."""
    depot = depot_of(out)
    shown = {record.name: record for record in (*found.worst[:_SHOWN], *found.sample)}
    sights = {name: _sight(out, depot, record) for name, record in shown.items()}
    return render(found, sights, str(out), made)


def _records(out: Path) -> Iterator[PageRecord]:
    for issue, _, state in all_states(out):
        for outcome in state.outcomes:
            measures = state.measures.get(outcome.page)
            if measures is None:
                yield PageRecord(
                    issue,
                    outcome.page,
                    outcome.source,
                    outcome.status,
                    error=outcome.error,
                    reason=outcome.reason or "",
                )
            else:
                yield PageRecord(issue, outcome.page, outcome.source, "done", measures)


def _issues(out: Path, issues: Iterable[str]) -> Iterator[IssueRecord]:
    for issue in sorted(issues):
        state = load_issue_state(out, issue)
        if state is not None:
            yield IssueRecord(issue, state.stories, state.doubts)


def _sight(out: Path, depot: Depot, record: PageRecord) -> Sight:
    """How the page looks, from its input, and its first headlines, from its model."""
    try:
        depot.bring([model_name(record.issue, record.page)])
        page = load_page(out, record.issue, record.page)
        headlines = tuple(filter(None, (a.headline() for a in page.articles)))[:_HEADLINES]
    except EpaperError as error:
        return Sight(reason=str(error))
    try:
        with at_hand(place(record.source)) as path:
            return Sight(_picture(path, page), headlines)
    except EpaperError as error:
        return Sight(headlines=headlines, reason=str(error))


def _picture(path: Path, page: Page) -> bytes:
    """A small JPEG of the page as it came in."""
    from PIL import Image

    from epaper.sources.pages import load_image, open_pages

    source = open_pages(path)[page.source.index]
    pixels = load_image(source, source.dpi * _WIDTH / source.width)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=_JPEG_QUALITY)
    return data.getvalue()
