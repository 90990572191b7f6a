"""What the browser's pages are asked to have more of than newspapers do: to fit models to it."""

from __future__ import annotations

KINDS = ("pictures", "subheads")
_asked: set[str] = set()


def ask(kind: str) -> None:
    """All pages made from now on have many of a kind (of KINDS)."""
    if kind not in KINDS:
        raise ValueError(f"{kind}: ask for one of {', '.join(KINDS)}.")
    _asked.add(kind)


def rich(kind: str) -> bool:
    return kind in _asked


def often(kind: str, usual: float, much: float) -> float:
    """The chance `usual`, or `much` where pages are to have many of a kind."""
    return much if rich(kind) else usual
