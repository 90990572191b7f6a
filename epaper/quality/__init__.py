"""Scores of output against truth, and pictures of pages to compare by eye."""

from epaper.quality.evaluation import evaluate
from epaper.quality.report import Miss, Report, Row, Scores

__all__ = ["Miss", "Report", "Row", "Scores", "evaluate"]
