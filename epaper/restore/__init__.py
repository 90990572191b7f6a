"""Scans made upright, clean and one page each."""

from epaper.restore.orient import Probe
from epaper.restore.scan import Restored, restore

__all__ = ["Probe", "Restored", "restore"]
