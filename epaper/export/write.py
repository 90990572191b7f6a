"""Files of a page and of an issue, checked before they are written, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path, PurePosixPath

from epaper.collector import uncollected
from epaper.errors import ExportError, write_error
from epaper.export.formats import (
    ISSUE_PACKAGE,
    Format,
    IssueRendering,
    Rendering,
    formats_named,
    issue_formats_named,
    reserved,
)
from epaper.export.options import ExportOptions, PictureFile, Sheet, for_pages, picture_name
from epaper.export.problems import Problem
from epaper.model import Issue, Page

# Files on their way to the disk, where there are many; more threads hold each other up.
_AT_ONCE = 4
_MANY = 4
# Windows would turn line ends round.
_BINARY: int = getattr(os, "O_BINARY", 0)


@uncollected()
def write_page(
    page: Page,
    out: Path,
    options: ExportOptions,
    crops: Mapping[str, bytes],
    formats: Iterable[str],
    *,
    issue: Issue | None = None,
    sheet: Sheet | None = None,
    model: bytes = b"",
) -> list[Path]:
    """Write a page below ``out/<issue>`` in `formats`, pictures first; the paths written.

    `crops` maps the id of every picture to its JPEG, `sheet` is what the page looks like;
    without one, a PDF that is there already shows it. `model` is what `page_to_json` makes
    of the page, where that is known. Raises FormatError for an unknown
    format and ExportError where the output would not be valid, a crop is missing or no
    JPEG, or the disk refuses; nothing is written before all of it has been checked.
    """
    chosen, options = formats_named(formats), for_pages(options, [page])
    folder = issue_folder(out, page.issue)
    _plain_name(page.id)
    names = {p.id: picture_name(page.id, p.id) for p in page.pictures}
    used = {key: crops[key] for key in names if key in crops}
    pictures = {key: _picture(page, key, data) for key, data in used.items()}
    given = Rendering(
        page,
        options,
        pictures,
        issue,
        sheet or _written(folder, page.id),
        frozenset(form.name for form in chosen),
        model,
    )
    rendered: dict[Path, bytes] = {}
    for form in chosen:
        for name, data in _files(form, given):
            _refuse(folder / name, form.check(data, given))
            rendered[folder / name] = data
    crops_at = {folder / pictures[key].name: data for key, data in used.items()}
    write_all(crops_at)
    write_all(rendered)
    patterns = ["picture-*.jpg", *(f"*{form.suffix}" for form in chosen if form.story)]
    _forget(folder / page.id, patterns, {*rendered, *(folder / name for name in names.values())})
    return [*rendered, *crops_at]


def _files(form: Format, given: Rendering) -> Iterator[tuple[str, bytes]]:
    """The files of a page in one format, by their names in the issue's folder."""
    page = given.page
    if form.render is not None:
        yield f"{page.id}{form.suffix}", form.render(given)
    if form.story is not None:
        for article in page.articles:
            if not article.id or "/" in article.id or "\0" in article.id:
                raise ExportError(f"page {page.id}: article {article.id!r} is no name for a file")
            yield f"{page.id}/{article.id}{form.suffix}", form.story(given, article)


def _written(folder: Path, page_id: str) -> Sheet:
    """What the page looked like when it was last written."""
    pdf, picture = (folder / f"{page_id}{suffix}" for suffix in (".pdf", ".jpg"))
    return Sheet(
        written=pdf if pdf.is_file() else None, picture=picture if picture.is_file() else None
    )


@uncollected()
def write_issue(
    issue: Issue, out: Path, options: ExportOptions, formats: Iterable[str] = ()
) -> list[Path]:
    """Write ``out/<issue>/issue.xml`` and the issue's files in `formats`; the paths written.

    The pages must be written before, in the same `formats`. Errors as `write_page`.
    """
    names = tuple(formats)
    folder = issue_folder(out, issue.id)
    given = IssueRendering(
        issue, options, folder, tuple(f for f in formats_named(names) if f.render)
    )
    rendered: dict[Path, bytes] = {}
    for form in (ISSUE_PACKAGE, *issue_formats_named(names)):
        path = folder / form.file
        data = form.render(given)
        _refuse(path, form.check(data, given))
        rendered[path] = data
    write_all(rendered)
    return list(rendered)


def issue_folder(out: Path, issue: str) -> Path:
    """The folder of an issue; ExportError for an id that would leave `out`."""
    parts = PurePosixPath(issue).parts
    if PurePosixPath(issue).is_absolute() or ".." in parts or "\0" in issue:
        raise ExportError(f"issue {issue!r} names a folder outside the output")
    return out.joinpath(*parts)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Each of `files` as `write_whole` does, several at once.

    A disk takes ten times as long to be sure of small files one after the other.
    """
    if len(files) < _MANY:
        for path, data in files.items():
            write_whole(path, data)
        return
    items = list(files.items())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(_write_each, (items[n::_AT_ONCE] for n in range(_AT_ONCE))):
            pass


def _write_each(files: Iterable[tuple[Path, bytes]]) -> None:
    for path, data in files:
        write_whole(path, data)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` so that `path` holds the old bytes or the new, never a part.

    The bytes go to a file aside, reach the disk and take the name. Raises ExportError
    where the disk refuses; the file aside is gone then.
    """
    aside = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        try:
            _put(aside, data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            _put(aside, data)
        aside.replace(path)
    except BaseException as error:
        with suppress(OSError):
            aside.unlink()
        if isinstance(error, OSError):
            raise write_error(path, error) from error
        raise


def _put(path: Path, data: bytes) -> None:
    """Write a new file and wait until the disk has it; a file object takes twice as long."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain_name(page_id: str) -> None:
    if page_id in {"", ".", ".."} or "/" in page_id or "\0" in page_id:
        raise ExportError(f"page {page_id!r} is no name for a file")
    if own := reserved(page_id):
        raise ExportError(
            f"page {page_id!r} would take the name of the issue's own file {own}; rename the input"
        )


def _picture(page: Page, picture: str, data: bytes) -> PictureFile:
    # Who plans a run writes no pictures.
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as image:
            width, height = image.size
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ExportError(f"page {page.id}: the crop of picture {picture} is no JPEG") from error
    return PictureFile(picture_name(page.id, picture), width, height, len(data))


def _refuse(path: Path, problems: list[Problem]) -> None:
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        first = problems[0]
        raise ExportError(f"{path}: would not be valid: line {first.line}: {first.message}{more}")


def _forget(folder: Path, patterns: Iterable[str], kept: set[Path]) -> None:
    """Remove files of an earlier run whose picture or story the page no longer has."""
    for pattern in patterns:
        for path in folder.glob(pattern):
            if path not in kept:
                path.unlink(missing_ok=True)
