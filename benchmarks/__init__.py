"""Measurements, side by side in one run; their last figures stand in `docs/benchmarks.md`."""
