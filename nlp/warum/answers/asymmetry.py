"""Where praise and complaints weigh differently."""

from __future__ import annotations

from dataclasses import dataclass

from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.answers.options import WhyOptions
from warum.answers.rows import ScoreRows
from warum.reasons.asymmetry import Asymmetries, estimate_asymmetry
from warum.table import Table


@dataclass(frozen=True)
class Asymmetry(Asymmetries):
    """`warum.reasons.asymmetry.Asymmetries` with its CSV table."""

    def tables(self) -> dict[str, Table]:
        """`asymmetry`: a row per category that is both praised and complained of."""
        rows = self.rows
        return {
            "asymmetry": Table(
                {
                    "category": text_column(rows, lambda row: row.category),
                    "kind": text_column(rows, lambda row: row.kind),
                    **estimate_columns("penalty", rows, lambda row: row.penalty),
                    **estimate_columns("reward", rows, lambda row: row.reward),
                    **estimate_columns("contrast", rows, lambda row: row.contrast),
                    "complaints": count_column(rows, lambda row: row.complaints),
                    "praises": count_column(rows, lambda row: row.praises),
                    "p_value": number_column(rows, lambda row: row.p_value),
                    "q_value": number_column(rows, lambda row: row.q_value),
                    "method": text_column(rows, lambda row: row.method),
                    "caveats": caveat_column(rows, lambda row: row.caveats),
                }
            )
        }


def asymmetry(rows: ScoreRows, options: WhyOptions) -> Asymmetry:
    """Weigh praise against complaints of every category that has both."""
    found = estimate_asymmetry(
        rows.y, rows.mentions, rows.pairs,
        score=rows.scale.column,
        weights=rows.weights,
        clusters=rows.clusters,
        controls=rows.controls,
        people=rows.people,
        min_group=rows.min_group,
        level=options.level,
        lower_is_better=not rows.higher_is_better,
    )  # fmt: skip
    return Asymmetry(found.rows, found.one_sided, found.level, found.caveats)
