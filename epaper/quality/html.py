"""The survey of a run as one HTML file that needs nothing but itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from epaper import __version__
from epaper.quality.survey import LONGEST, STEPS, Survey

_TEMPLATE = "survey.html"


@dataclass(frozen=True, slots=True)
class Sight:
    """What is shown of a page: a small JPEG of it, empty where `reason` says why not.

    `headlines` are the first that were read, to compare with the picture.
    """

    jpeg: bytes = b""
    headlines: tuple[str, ...] = ()
    reason: str = ""

    @property
    def uri(self) -> str:
        """The picture as a data URI."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.jpeg).decode()}"


def render(found: Survey, sights: Mapping[str, Sight], title: str, made: datetime) -> str:
    """The report. `sights` maps names of pages (issue/page) to how they look."""
    # The blocks of a page's worth of text are put in with what is not markup escaped.
    environment = Environment(
        loader=PackageLoader("epaper.quality"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["share"] = _share
    environment.filters["number"] = _number
    template = environment.get_template(_TEMPLATE)
    return template.render(
        s=found,
        sights=sights,
        title=title,
        made=made,
        version=__version__,
        longest=LONGEST,
        steps=STEPS,
    )


def _share(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:.{digits}%}"


def _number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
