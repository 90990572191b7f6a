"""Which files make which issue."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from epaper.errors import InputError
from epaper.sources.urls import files_below, is_file, is_url

# Of two files with one stem in a folder the better copy is read: first named, first taken.
_SUFFIXES = (
    *(".pdf", ".tif", ".tiff", ".jp2", ".j2k", ".jpx", ".jpf"),
    *(".png", ".webp", ".jpg", ".jpeg", ".jpe"),
)
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class IssueSource:
    """One issue: its id (a relative path with forward slashes) and its files in order.

    `left_out` are poorer copies of a page that is there under the same stem.
    """

    id: str
    files: tuple[Path, ...]
    left_out: tuple[Path, ...] = ()


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which ``page-2`` comes before ``page-10``; upper and lower case mix."""
    return tuple(
        (0, int(part), part) if part.isascii() and part.isdigit() else (1, 0, part.casefold())
        for piece in path.parts
        for part in _DIGITS.split(piece)
        if part
    )


def find_issues(paths: Iterable[Path], exclude: Sequence[Path] = ()) -> list[IssueSource]:
    """Issues in `paths`: a file is one by its stem, a folder one for each folder of pages.

    A folder below a given one is named by its path below it, the given one itself by
    its own name. Hidden files and whatever lies in `exclude` (an output folder) are
    passed over; links are followed, each folder once. What has the name of a page and
    is none, a link to nowhere say, is found too: opening it tells. An id met twice gets ``-2``,
    ``-3``… Raises InputError where a path does not exist or a folder holds no page.
    """
    found: list[IssueSource] = []
    barred = {os.path.realpath(path) for path in exclude}
    for path in paths:
        if is_url(path) and is_file(path):
            found.append(IssueSource(path.stem, (path,)))
        elif is_url(path) or path.is_dir():
            issues = _afar(path, exclude) if is_url(path) else _folder(path, barred)
            if not issues:
                raise InputError(f"{path} holds no PDF or page image.")
            found.extend(issues)
        elif path.exists():
            found.append(IssueSource(path.stem, (path,)))
        else:
            raise InputError(f"{path} does not exist.")
    return _distinct(found)


def _folder(root: Path, barred: set[str]) -> list[IssueSource]:
    issues = []
    seen = set(barred)
    for place, folders, names in os.walk(root, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = [
            path
            for name in names
            if not name.startswith(".") and (path := Path(place) / name).suffix.lower() in _SUFFIXES
        ]
        if files:
            below = Path(place).relative_to(root).as_posix()
            name = root.resolve().name if below == "." else below
            issues.append(_issue(name or "pages", files))
    return sorted(issues, key=lambda issue: natural_key(Path(issue.id)))


def _afar(root: Path, exclude: Sequence[Path]) -> list[IssueSource]:
    """The issues below a URL."""
    folders: dict[Path, list[Path]] = {}
    for path in files_below(root):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        barred = any(path.is_relative_to(output) for output in exclude)
        if path.suffix.lower() in _SUFFIXES and not hidden and not barred:
            folders.setdefault(path.parent, []).append(path)
    issues = [
        _issue(root.name if place == root else place.relative_to(root).as_posix(), files)
        for place, files in folders.items()
    ]
    return sorted(issues, key=lambda issue: natural_key(Path(issue.id)))


def _issue(name: str, files: list[Path]) -> IssueSource:
    best: dict[str, Path] = {}
    left_out = []
    for path in sorted(files, key=lambda p: (_SUFFIXES.index(p.suffix.lower()), p.name)):
        if best.setdefault(path.stem, path) is not path:
            left_out.append(path)
    ordered = sorted(best.values(), key=natural_key)
    return IssueSource(name, tuple(ordered), tuple(sorted(left_out, key=natural_key)))


def _distinct(issues: list[IssueSource]) -> list[IssueSource]:
    taken = {issue.id for issue in issues}
    used: set[str] = set()
    result = []
    for issue in issues:
        name, number = issue.id, 2
        while name in used or (name != issue.id and name in taken):
            name, number = f"{issue.id}-{number}", number + 1
        used.add(name)
        result.append(IssueSource(name, issue.files, issue.left_out))
    return result
