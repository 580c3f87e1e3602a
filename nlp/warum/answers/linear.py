"""The linear model of the level, for sections that take its impacts apart."""

from __future__ import annotations

from warum.answers.rows import ScoreRows
from warum.reasons.journey_impacts import PlaceModel
from warum.reasons.level import LevelFit, estimate_drivers


def linear_fit(rows: ScoreRows, level: float) -> LevelFit:
    """Effects and impacts by the linear model, as in `drivers.csv`; computed once per level."""
    if level not in rows.fits:
        rows.fits[level] = _fitted(rows, level)
    return rows.fits[level]


def _fitted(rows: ScoreRows, level: float) -> LevelFit:
    return estimate_drivers(
        rows.y, rows.mentions, rows.pairs,
        score=rows.scale.column,
        weights=rows.weights,
        clusters=rows.clusters,
        controls=rows.controls,
        control_names=rows.control_names,
        people=rows.people,
        min_group=rows.min_group,
        level=level,
    )  # fmt: skip


def linear_model(rows: ScoreRows, level: float) -> tuple[LevelFit, PlaceModel | None]:
    """The fit, and the pairs and controls that are in it; None where there is no model."""
    fit = linear_fit(rows, level)
    shown = {
        (one.category, one.polarity)
        for one in fit.drivers
        if all(caveat.code != "too_many_columns" for caveat in one.caveats)
    }
    columns = [k for k, pair in enumerate(rows.pairs) if pair in shown]
    if not columns:
        return fit, None
    left_out = any(caveat.code == "controls_left_out" for caveat in fit.caveats)
    model = PlaceModel(
        rows.y,
        rows.mentions[:, columns],
        [rows.pairs[k] for k in columns],
        rows.controls[:, :0] if left_out else rows.controls,
        rows.people,
        rows.weights,
        rows.clusters,
    )
    return fit, model
