"""How much of a metric's variation each category goes with."""

from __future__ import annotations

from dataclasses import dataclass

from warum.answers.columns import caveat_column, number_column, text_column
from warum.answers.options import WhyOptions
from warum.answers.rows import ScoreRows
from warum.reasons import shares as reasons
from warum.reasons.shares import Share, estimate_shares
from warum.table import Table


@dataclass(frozen=True)
class Shares(reasons.Shares):
    """`warum.reasons.shares.Shares` with its CSV table."""

    def tables(self) -> dict[str, Table]:
        """`shares`: a row per category, then what else the variation goes with."""
        rows = (*self.rows, *self._remaining())
        return {
            "shares": Table(
                {
                    "category": text_column(rows, lambda row: row.category),
                    "share": number_column(rows, lambda row: row.share),
                    "adjusted": number_column(rows, lambda row: row.adjusted),
                    "relative_weight": number_column(rows, lambda row: row.relative_weight),
                    "error": number_column(rows, lambda row: row.error),
                    "direction": text_column(rows, _direction),
                    "signs": text_column(rows, _signs),
                    "method": text_column(rows, lambda _: self.method),
                    "caveats": caveat_column(rows, lambda row: row.caveats),
                }
            )
        }

    def _remaining(self) -> tuple[Share, ...]:
        """Controls and what is not explained, as rows."""
        if not self.rows:
            return ()
        nan = float("nan")
        return (
            Share("(controls)", self.controls, self.adjusted_controls, nan, 0, 0, (), 0, ()),
            Share(
                "(not explained by the comments)",
                self.unexplained, self.adjusted_unexplained, nan, 0, 0, (), 0, self.caveats,
            ),
        )  # fmt: skip


def shares(rows: ScoreRows, options: WhyOptions) -> Shares:
    """Divide the metric's variance among categories, controls and what is not explained."""
    found = estimate_shares(
        rows.y, rows.mentions, rows.pairs,
        weights=rows.weights,
        controls=rows.controls,
        people=rows.people,
        min_group=rows.min_group,
        seed=options.seed,
    )  # fmt: skip
    return Shares(**{name: getattr(found, name) for name in reasons.Shares.__dataclass_fields__})


def _direction(row: Share) -> str:
    return {-1: "lowers", 0: "", 1: "raises"}[row.direction]


def _signs(row: Share) -> str:
    return ";".join(f"{polarity}:{'0+-'[sign]}" for polarity, sign in row.signs)
