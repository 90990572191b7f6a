"""Lines and graphics of a page become blocks with roles and articles in reading order."""

from epaper.layout.room import lay_out

__all__ = ["lay_out"]
