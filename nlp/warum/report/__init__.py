"""Compute once, render many: the summary, and its HTML and terminal faces."""
