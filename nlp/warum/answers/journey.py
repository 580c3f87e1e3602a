"""The metric and its drivers by stage and touchpoint, and how these places are known."""

from __future__ import annotations

from dataclasses import dataclass

from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.answers.linear import linear_model
from warum.answers.options import WhyOptions
from warum.answers.rows import ScoreRows
from warum.caveats import Caveat
from warum.reasons.journey import JourneyRow, Places, journey_rows
from warum.reasons.journey_impacts import with_impacts
from warum.table import Table


@dataclass(frozen=True)
class Journey:
    """The journey of one score.

    Attributes:
        rows: Stages by touchpoints with their margins ("" for all), in alphabetical order.
        suppressed: Places left out because too few people speak of them.
        caveats: Doubts about the whole: why no drivers are given.
    """

    rows: tuple[JourneyRow, ...]
    suppressed: int
    caveats: tuple[Caveat, ...]

    def tables(self) -> dict[str, Table]:
        """`journey`: a row per place; `journey_drivers`: a row per place and driver."""
        rows = self.rows
        drivers = [(row, one) for row in rows for one in row.drivers]
        return {
            "journey": Table(
                {
                    "stage": text_column(rows, lambda row: row.stage or "(all)"),
                    "touchpoint": text_column(rows, lambda row: row.touchpoint or "(all)"),
                    "opinions": count_column(rows, lambda row: row.opinions),
                    "people": count_column(rows, lambda row: row.people),
                    **estimate_columns("metric", rows, lambda row: row.metric),
                    **estimate_columns("impact", rows, lambda row: row.impact),
                    "negative": number_column(rows, lambda row: row.negative),
                    "positive": number_column(rows, lambda row: row.positive),
                    "stage_given": count_column(rows, lambda row: row.stage_origins.given),
                    "stage_read": count_column(rows, lambda row: row.stage_origins.read),
                    "stage_assumed": count_column(rows, lambda row: row.stage_origins.assumed),
                    "touchpoint_given": count_column(
                        rows, lambda row: row.touchpoint_origins.given
                    ),
                    "touchpoint_read": count_column(rows, lambda row: row.touchpoint_origins.read),
                    "touchpoint_assumed": count_column(
                        rows, lambda row: row.touchpoint_origins.assumed
                    ),
                    "caveats": caveat_column(
                        rows, lambda row: (*row.caveats, *row.metric.caveats, *row.impact.caveats)
                    ),
                }
            ),
            "journey_drivers": Table(
                {
                    "stage": text_column(drivers, lambda one: one[0].stage or "(all)"),
                    "touchpoint": text_column(drivers, lambda one: one[0].touchpoint or "(all)"),
                    "category": text_column(drivers, lambda one: one[1].category),
                    "polarity": text_column(drivers, lambda one: one[1].polarity),
                    "opinions": count_column(drivers, lambda one: one[1].opinions),
                    **estimate_columns("impact", drivers, lambda one: one[1].impact),
                    "caveats": caveat_column(drivers, lambda one: one[1].impact.caveats),
                }
            ),
        }


def journey(rows: ScoreRows, options: WhyOptions) -> Journey:
    """The metric of those who speak of a place, and what is said there moves it by."""
    opinions = rows.reading.opinions
    places = Places(
        rows.opinion_occasion,
        *(
            opinions[name]
            for name in (
                "stage", "touchpoint", "stage_origin", "touchpoint_origin", "category", "polarity",
            )
        ),
    )  # fmt: skip
    # Without customers every occasion is its own person: nothing to cluster by.
    people = None if rows.clusters is None else rows.people
    found, hidden = journey_rows(
        places, rows.occasions.score, rows.scale,
        people=people, weights=rows.weights, min_group=rows.min_group, level=options.level,
    )  # fmt: skip
    fit, model = linear_model(rows, options.level)
    if model is not None:
        found = with_impacts(found, places, model, min_group=rows.min_group, level=options.level)
    return Journey(found, hidden, fit.caveats)
