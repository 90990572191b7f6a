"""The issue room: pages in order, continuations resolved, stories made whole."""

from epaper.issue.assemble import assemble

__all__ = ["assemble"]
