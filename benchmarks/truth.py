"""Drivers of the example, from what the model read beside the gold labels."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np

import warum
from warum.estimation import estimate
from warum.example import example_path
from warum.result import Driver, Reading
from warum.table import Table, strings


def with_gold(reading: Reading) -> Reading:
    """The same comments with the gold opinions."""
    with example_path("opinions_gold.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    n = len(rows)
    opinions = Table(
        {
            "comment_id": strings([r["response_id"] for r in rows]),
            "category": strings([r["category"] for r in rows]),
            "polarity": strings([r["polarity"] for r in rows]),
            "sentiment": np.zeros(n),
            "confidence": np.ones(n),
        }
    )
    return replace(reading, opinions=opinions)


def table() -> str:
    """Markdown: the ten strongest by gold labels, both ways, and how they agree."""
    analysis = warum.analyze(
        example_path(), text="comment", score="nps", customer="customer_id", by="branch"
    )
    reading = analysis._reading
    read = {(d.category, d.polarity): d for d in analysis.result.scores[0].drivers}
    gold = estimate(with_gold(reading)).scores[0].drivers

    def cell(driver: Driver | None) -> str:
        if driver is None:
            return "– |"
        i = driver.impact
        return f"{i.value:+.1f} ({i.low:+.1f} to {i.high:+.1f}) | {driver.mentions}"

    lines = [
        "| category | gold: impact | mentions | read: impact | mentions |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {d.category} {d.polarity} | {cell(d)} | {cell(read.get((d.category, d.polarity)))} |"
        for d in gold[:10]
    ]
    both = [(d.effect.value, read[d.category, d.polarity].effect.value)
            for d in gold if (d.category, d.polarity) in read and d.mentions >= 20]  # fmt: skip
    a, b = np.array(both).T
    ratio = float(np.median(np.abs(b) / np.abs(a)))
    flips = int(((a > 0) != (b > 0)).sum())
    lines += ["", f"Pairs with at least 20 gold mentions: {len(both)}; median |effect read| / |effect gold| "
              f"{ratio:.2f}; opposite signs {flips}."]  # fmt: skip
    return "\n".join(lines)
