"""What is wrong with a catalogue of stories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from epaper.errors import ExportError
from epaper.export.catalogue import COLUMNS, read_catalogue
from epaper.export.problems import Finding

_FILE, _GUID = COLUMNS.index("file"), COLUMNS.index("guid")


def check_catalogue(path: Path) -> list[Finding]:
    """Columns, doubled guids, and files that are not there."""
    try:
        rows = list(read_catalogue(path))
    except ExportError as error:
        return [Finding(1, str(error).removeprefix(f"{path}: "), "convert the issue again")]
    return list(_faults(path, rows))


def _faults(path: Path, rows: list[tuple[str, ...]]) -> Iterator[Finding]:
    root = _root(path, rows)
    seen: set[str] = set()
    for line, row in enumerate(rows, 2):
        if row[_GUID] in seen:
            message = f"the guid {row[_GUID]} stands more than once"
            yield Finding(line, message, "remove one of the issues that share it")
        seen.add(row[_GUID])
        if root is not None and not (root / row[_FILE]).is_file():
            message = f"there is no file {row[_FILE]}"
            yield Finding(line, message, "convert with --formats catalogue again")


def _root(path: Path, rows: list[tuple[str, ...]]) -> Path | None:
    """The output folder, which the names of files begin at: one of the folders above."""
    names = [row[_FILE] for row in rows]
    return next((f for f in path.parents if any((f / name).is_file() for name in names)), None)
