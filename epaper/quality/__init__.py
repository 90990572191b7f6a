"""Scores of output against truth, and pictures of pages to compare by eye."""
