"""Labels of the example, as people upload them."""

from __future__ import annotations

import csv
import io

from warum.example import example_path

Rows = list[dict[str, str]]


def labelled_rows(most: int) -> Rows:
    """The first comments of the example with their gold opinions, a row for each."""
    with example_path().open(encoding="utf-8", newline="") as file:
        comments = list(csv.DictReader(file))[:most]
    with example_path("opinions_gold.csv").open(encoding="utf-8", newline="") as file:
        opinions = list(csv.DictReader(file))
    rows: Rows = []
    for comment in comments:
        held = [one for one in opinions if one["response_id"] == comment["response_id"]]
        for one in held or [{"category": "", "polarity": ""}]:
            rows.append(
                {
                    "id": comment["response_id"], "text": comment["comment"],
                    "category": one["category"], "polarity": one["polarity"],
                    "customer_id": comment["customer_id"],
                }
            )  # fmt: skip
    return rows


def as_csv(rows: Rows) -> bytes:
    """Rows as a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
