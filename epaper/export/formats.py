"""The formats a page can be written in: one module each, joined here by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from epaper.errors import EpaperError, ExitCode
from epaper.export import jsonfile, text
from epaper.export.newsml import page_to_newsml
from epaper.export.options import ExportOptions, PictureFile
from epaper.export.validate import Problem, check_message
from epaper.model import Issue, Page


class FormatError(EpaperError):
    """A format was asked for that cannot be written."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a format is given; `pictures` maps picture ids to files beside the output."""

    page: Page
    options: ExportOptions
    pictures: Mapping[str, PictureFile]
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the page becomes bytes, which `check` finds problems in before writing."""

    name: str
    suffix: str
    render: Callable[[Rendering], bytes]
    check: Callable[[bytes, Rendering], list[Problem]] = lambda _data, _rendering: []


def _newsml(given: Rendering) -> bytes:
    return page_to_newsml(given.page, given.options, given.pictures, given.issue)


def _check_newsml(data: bytes, given: Rendering) -> list[Problem]:
    return check_message(data, f"{given.page.id}.xml", given.options.schemas)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        f.name: f
        for f in (
            Format("newsml", ".xml", _newsml, _check_newsml),
            Format("json", ".json", lambda given: jsonfile.page_to_json(given.page)),
            Format("txt", ".txt", lambda given: text.page_to_text(given.page).encode()),
        )
    }
)


def formats_named(names: Iterable[str]) -> list[Format]:
    """The formats of these names, each once; FormatError for a name there is not."""
    wanted = list(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise FormatError(
            f"format {unknown[0]!r} cannot be written; there are {', '.join(FORMATS)}"
        )
    return [FORMATS[name] for name in wanted]
