"""Rows of the example, as many as a test wants."""

from __future__ import annotations

import csv
import io

from warum.example import example_path

COLUMNS = {"text": "comment", "score": "nps:nps", "customer": "customer_id", "by": ["branch"]}


def rows(n: int) -> bytes:
    """So many rows of the example, again and again, each with an id of its own."""
    with example_path().open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]))
    writer.writeheader()
    for i in range(n):
        writer.writerow({**found[i % len(found)], "response_id": f"r{i}"})
    return out.getvalue().encode()
