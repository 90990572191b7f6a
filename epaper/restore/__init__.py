"""Scans made upright, clean and one page each."""

from epaper.restore.scan import Restored, restore

__all__ = ["Restored", "restore"]
