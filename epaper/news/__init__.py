"""The news room: what the print says about the paper, its people and its continuations."""

from epaper.news.room import understand

__all__ = ["understand"]
