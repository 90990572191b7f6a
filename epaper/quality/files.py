"""Which output belongs to which truth, and what the run's log says about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from epaper.errors import InputError

_NO_PAGES = frozenset({"issue", "mets"})
_VARIANT = (".", "-")


@dataclass(frozen=True)
class Cost:
    """Wall seconds and peak memory (MiB) of one page, None where not logged."""

    seconds: float | None = None
    peak_mb: float | None = None


def truth_files(path: Path) -> list[Path]:
    """The truth file, or all below the folder, sorted; InputError where there is none."""
    found = [path] if path.is_file() else sorted(path.rglob("*.json"))
    if not found:
        raise InputError(f"{path}: no truth file (*.json) found.")
    return found


def page_files(path: Path) -> list[Path]:
    """The page, or all NewsML-G2 pages below the folder, sorted by page id.

    ``issue.xml``, ``mets.xml`` and the other formats' ``<page id>.alto.xml`` are left out.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError(f"{path}: there is no such file or folder.")
    found = (p for p in path.rglob("*.xml") if p.stem not in _NO_PAGES and _is_newsml(p))
    return sorted(found, key=lambda p: (p.stem, str(p)))


def _is_newsml(path: Path) -> bool:
    """Whether the file opens as a newsMessage; broken ones do, so that they are reported."""
    with path.open("rb") as file:
        return b"newsMessage" in file.read(4096)


def truth_of(page_id: str, truths: Iterable[str]) -> str | None:
    """The truth a page id stands for: its own, or the longest it is a variant of.

    ``x.scan1`` and ``x-p02`` are variants of ``x``.
    """
    fitting = [
        name
        for name in truths
        if page_id == name or page_id.startswith(tuple(name + mark for mark in _VARIANT))
    ]
    return max(fitting, key=len, default=None)


def read_costs(log: Path) -> Mapping[str, Cost]:
    """Costs by page id from a log of one JSON object a line, as ``--log-json`` writes it.

    Read are ``page``, ``seconds`` and ``peak_mb``. The last line of a page counts, but
    not a page that was up to date and skipped. InputError where a line is not JSON.
    """
    try:
        lines = log.read_bytes().splitlines()
        entries = [msgspec.json.decode(line) for line in lines if line.strip()]
    except OSError as error:
        raise InputError(f"{log}: cannot be read ({error.strerror}).") from error
    except msgspec.DecodeError as error:
        raise InputError(f"{log}: is not a log of JSON lines ({error}).") from error
    return {
        str(entry["page"]): Cost(_number(entry.get("seconds")), _number(entry.get("peak_mb")))
        for entry in entries
        if isinstance(entry, dict) and "page" in entry and entry.get("status") != "skipped"
    }


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]
