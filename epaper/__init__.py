"""epaper: newspaper pages in, structured news out."""

__version__ = "0.1.0"
