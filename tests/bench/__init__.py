"""Benchmarks: run as modules from the repository root, with the package installed."""
