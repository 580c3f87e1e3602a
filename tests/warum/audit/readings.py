"""A small reading built by hand: customers who answer more than once, comments and no comments."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from warum.metrics import ScoreScale
from warum.occasions import Occasions, form_occasions
from warum.result import Facts, Reading, StoredColumns, StoredScore
from warum.table import Table, strings
from warum.taxonomy import Taxonomy, load_taxonomy

CODES = ("service.attitude", "wait_time", "reliability")
SCALE = ScoreScale("nps", "nps", 0, 10)


def reading(n: int = 200, *, order: Sequence[int] | None = None, version: str = "1") -> Reading:
    """Of n responses: every third has two comments, every tenth no text, every fourth customer repeats."""
    rows = []
    for i in range(n):
        texts = [f"Comment {i} says this"] if i % 10 else [None]
        texts += [f"And {i} adds that"] if i % 3 == 0 else []
        for j, text in enumerate(texts):
            rows.append(
                (f"r{i:04d}-{j}", f"r{i:04d}", f"c{i - i % 4 if i % 8 < 4 else i}", text, i)
            )
    if order is not None:
        rows = [rows[k] for k in order]
    taxonomy = load_taxonomy()
    opinions = [
        (identifier, CODES[i % 3], ("negative", "positive")[i % 2], 0.5 + (i % 50) / 100)
        for identifier, _, _, text, i in rows
        if text and i % 5 < 3
    ]
    comments = Table(
        {
            "comment_id": strings([row[0] for row in rows]),
            "response_id": strings([row[1] for row in rows]),
            "customer": strings([row[2] for row in rows]),
            "text": strings([row[3] for row in rows]),
            "question": strings([None for _ in rows]),
            "language": strings(["en" for _ in rows]),
            "date_key": strings([f"2026-01-{1 + i % 4 // 2:02d}" for *_, i in rows]),
            "nps": np.array([float(i % 11) for *_, i in rows]),
        }
    )
    columns = StoredColumns((StoredScore(SCALE, "nps"),), has_customer=True, has_date=True)
    return Reading(comments, _opinions(opinions), columns, _facts(taxonomy, version))


def _opinions(opinions: Sequence[tuple[str, str, str, float]]) -> Table:
    return Table(
        {
            "comment_id": strings([o[0] for o in opinions]),
            "category": strings([o[1] for o in opinions]),
            "polarity": strings([o[2] for o in opinions]),
            "confidence": np.array([o[3] for o in opinions]),
        }
    )


def _facts(taxonomy: Taxonomy, version: str) -> Facts:
    return Facts(
        files=("f.csv",), rows_in=1, rows_analysed=1, rows_rejected=0, rejected=(), comments=1,
        non_answers=0, with_opinion=0, general_only=0, customers=None, languages=(), columns=(),
        questions=(), notes=(), caveats=(), model_name="linear", model_version=version,
        taxonomy_name=taxonomy.name, taxonomy_hash=taxonomy.hash, min_group=5,
    )  # fmt: skip


def occasions_of(of: Reading) -> tuple[Occasions, np.ndarray]:
    """The occasions of its score, and the row of each comment among its responses."""
    first: dict[str, int] = {}
    row = np.array([first.setdefault(r, len(first)) for r in of.comments["response_id"]])
    _, at = np.unique(row, return_index=True)
    table = of.comments.take(at)
    occasions = form_occasions(
        len(table), customer=table["customer"], date_key=table["date_key"], score=table["nps"]
    )
    assert not math.isnan(occasions.score[0])
    return occasions, row
