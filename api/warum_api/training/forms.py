"""What goes back from the routes of own models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from warum_api.storing.models import StoredModel


class FigureOut(BaseModel):
    """A share with its 95 % interval, all 0..1; null where there is none."""

    value: float | None = Field(description="The estimate.")
    low: float | None
    high: float | None
    n: int = Field(description="What it was counted on.")


class ScoresOut(BaseModel):
    """Precision, recall and F1, cross-validated."""

    category: str = Field(description="Its code; `micro`: all together.")
    positives: int = Field(description="How often people saw it.")
    found: int = Field(description="How often the model saw it.")
    precision: FigureOut
    recall: FigureOut
    f1: FigureOut


class OwnModelOut(BaseModel):
    """A model that was trained on labels of the project."""

    id: str
    name: str
    version: str = Field(description="Hash of all that decides what it reads.")
    base: str = Field(description="What it is put on.")
    taxonomy: str
    taxonomy_hash: str = Field(description="Changes with the taxonomy.")
    labels: str = Field(
        description="`corrections`, or the id of the upload that it was trained on."
    )
    texts: int = Field(description="Labelled texts that it was trained on.")
    f1: FigureOut = Field(description="Micro F1, cross-validated.")
    base_f1: FigureOut = Field(description="Of the base alone on the same labels.")
    stale: bool = Field(
        description="Texts that it was trained on were erased since: train it again."
    )
    job: str | None = Field(description="That trained it.")
    created: datetime


class OwnModelWhole(OwnModelOut):
    """A model with its figures."""

    folds: int = Field(description="Of the cross-validation.")
    languages: dict[str, int] = Field(description="Texts by language.")
    categories: list[ScoresOut] = Field(description="Each by itself.")
    micro: ScoresOut
    macro_f1: FigureOut
    base_macro_f1: FigureOut
    polarity: FigureOut = Field(description="Share of right polarities, given the category.")
    calibration_error: float | None = Field(
        description="Mean distance of probability and frequency, 0..1; null where the data do not tell."
    )
    few: list[str] = Field(
        description="Categories with too few positives: the base alone reads them."
    )
    more_texts: int = Field(description="For `gain`.")
    gain: FigureOut | None = Field(
        description="In micro F1, of so many more texts; null where the data do not tell."
    )
    notes: list[str] = Field(description="Doubts, in words.")


def model_fields(stored: StoredModel) -> dict[str, Any]:
    """The fields of `OwnModelOut`."""
    facts, figures = stored.facts, stored.facts["figures"]
    return {
        "id": stored.id, "name": stored.name, "version": stored.version, "stale": stored.stale,
        "job": stored.job, "created": stored.created_at, "base": facts["base"],
        "taxonomy": facts["taxonomy"], "taxonomy_hash": facts["taxonomy_hash"],
        "labels": facts["labels"], "texts": figures["texts"],
        "f1": figures["micro"]["f1"], "base_f1": figures["base_micro"]["f1"],
    }  # fmt: skip


def whole_fields(stored: StoredModel) -> dict[str, Any]:
    """The fields of `OwnModelWhole`."""
    figures = stored.facts["figures"]
    curve = figures["curve"]
    return {
        **model_fields(stored),
        "folds": figures["folds"], "languages": figures["languages"],
        "categories": [_scores(one) for one in figures["labels"]], "micro": _scores(figures["micro"]),
        "macro_f1": figures["macro"], "base_macro_f1": figures["base_macro"],
        "polarity": figures["polarity"], "calibration_error": figures["calibration"]["error"],
        "few": figures["few"], "more_texts": curve["more"], "gain": curve["gain"],
        "notes": stored.facts["notes"],
    }  # fmt: skip


def _scores(one: Mapping[str, Any]) -> dict[str, Any]:
    names = ("positives", "found", "precision", "recall", "f1")
    return {"category": one["name"], **{name: one[name] for name in names}}
