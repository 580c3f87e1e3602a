"""`drivers.csv`, and the defusing of cells that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from warum.formulas import defuse
from warum.report.counts import people_per_pair, shown_drivers
from warum.report.plain import rounded
from warum.result import Driver, Result

COLUMNS = (
    "category",
    "polarity",
    "mentions",
    "share",
    "metric_among",
    "effect",
    "effect_low",
    "effect_high",
    "impact",
    "impact_low",
    "impact_high",
    "p_value",
    "q_value",
    "method",
    "caveats",
    "quote_id",
    "score",
)
"""The columns of `drivers.csv`; further ones may follow, none is renamed or removed."""


def drivers_csv(result: Result) -> str:
    """The drivers of all scores as CSV, one block per score in the order given.

    Floats keep 6 significant digits, NaN is an empty cell, caveats are codes joined by ";".
    Drivers of fewer people than `result.facts.min_group` are left out.

    Args:
        result: What the analysis found.

    Returns:
        CSV with a header, comma-separated, lines ending with a line feed.
    """
    people = people_per_pair(result.comments, result.opinions)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for score in result.scores:
        for driver in shown_drivers(score.drivers, people, result.facts.min_group):
            writer.writerow(_row(driver))
    return out.getvalue()


def _row(driver: Driver) -> list[str]:
    numbers = (
        driver.share,
        driver.metric_among,
        driver.effect.value,
        driver.effect.low,
        driver.effect.high,
        driver.impact.value,
        driver.impact.low,
        driver.impact.high,
        driver.p_value,
        driver.q_value,
    )
    caveats = ";".join(dict.fromkeys(caveat.code for caveat in driver.caveats))
    texts = (driver.method, caveats, driver.quote_id, driver.score)
    return [
        defuse(driver.category),
        defuse(driver.polarity),
        str(int(driver.mentions)),
        *map(_number, numbers),
        *map(defuse, texts),
    ]


def _number(value: float) -> str:
    kept = rounded(value)
    return "" if kept is None else f"{kept:.6g}"
