"""What is wrong with a searchable PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from epaper.export.problems import Finding


def check_pdf(data: bytes) -> list[Finding]:
    """Whether it opens as it is, has text on every page, and bookmarks that lead somewhere."""
    import pymupdf

    library: Any = pymupdf
    failures = (library.FileDataError, library.mupdf.FzErrorBase, RuntimeError, ValueError)
    try:
        with library.open(stream=data, filetype="pdf") as document:
            if document.needs_pass:
                return [Finding(1, "is encrypted", "save it without a password")]
            return list(_faults(document))
    except failures as error:
        return [Finding(1, f"is no whole PDF: {error}", "write it anew")]


def _faults(document: Any) -> Iterator[Finding]:
    if document.is_repaired:
        yield Finding(1, "its table of objects is damaged", "write it anew")
    for number, page in enumerate(document, 1):
        text = page.get_text()
        if not text.strip():
            yield Finding(1, f"page {number} has no text to select", "convert it to pdf again")
        elif "\ufffd" in text:
            message = f"page {number} has characters that stand for nothing"
            yield Finding(1, message, "convert it to pdf again")
    for _, title, page, *_ in document.get_toc():
        if not 1 <= page <= document.page_count:
            yield Finding(1, f"the bookmark {title!r} leads nowhere", "write it anew")
