"""The scores, one module a metric: plain functions on plain values, 0 to 1.

Where a page has nothing to score, an accuracy is None, so that means stay honest.
"""
