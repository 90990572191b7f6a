"""What a check finds: a rule broken at a line, and the problem a user reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from epaper.errors import ExportError


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule broken at a line, counted from 1, and what would mend it."""

    line: int
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault; ``str()`` is the line to print. `line` counts from 1."""

    path: str
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" + (f" ({self.fix})" if self.fix else "")


def refuse(what: str, found: Sequence[Finding]) -> None:
    """Raises ExportError where a document about to be written has faults; `what` names it."""
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise ExportError(f"{what} would not be valid: {found[0].message}{more}")
