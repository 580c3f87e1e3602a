"""What an evaluation found: figures per category, language and source, and the surest errors."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from warum_models.own.figures import Calibration, Figure, Scores, for_json

ALL = "all"


@dataclass(frozen=True, slots=True)
class Slice:
    """Figures of some of the texts.

    Attributes:
        by: What they are chosen by: "all", "language", "source", a column, or "training".
        value: The language, source, … they have in common.
        texts: How many.
        labels: Precision, recall and F1 of each category.
        micro: Of all categories together.
        macro: Mean F1 of the categories that occur.
        pairs: Of category and polarity together; None where polarities were not labelled.
        polarity: Share of right polarities of categories that were rightly found.
        calibration: Of the probabilities.
    """

    by: str
    value: str
    texts: int
    labels: tuple[Scores, ...]
    micro: Scores
    macro: Figure
    pairs: Scores | None
    polarity: Figure
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Mistake:
    """A category that was found and is not there, or is there and was not found.

    Attributes:
        row: Row of the text in the file.
        category: Its code.
        probability: What the model gave it, 0..1.
        text: The evidence of what was wrongly found, or the text of what was missed.
    """

    row: int
    category: str
    probability: float
    text: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation found.

    Attributes:
        model: Name of the model.
        version: Its version.
        taxonomy: Name of the taxonomy.
        titles: Category code to its title per language.
        slices: All texts first.
        wrongly_found: The surest of what is not there.
        missed: What is there and was denied most surely.
        trained_on: How many of the texts the model was trained on.
        rows_in: Rows of the files.
        left_out: Rows that could not be used.
        notes: Plain sentences to be said to the user.
        audit: Whether the labels are marked as an audit sample.
    """

    model: str
    version: str
    taxonomy: str
    titles: dict[str, dict[str, str]]
    slices: tuple[Slice, ...]
    wrongly_found: tuple[Mistake, ...]
    missed: tuple[Mistake, ...]
    trained_on: int
    rows_in: int
    left_out: int
    notes: tuple[str, ...]
    audit: bool = False

    @property
    def whole(self) -> Slice:
        """The figures of all texts."""
        return self.slices[0]

    def to_json(self) -> str:
        """All of it as JSON; numbers have four decimals, NaN is null."""
        return json.dumps(for_json(asdict(self)), indent=1, ensure_ascii=False) + "\n"

    def to_csv(self) -> str:
        """One row per slice and category, `micro` and `macro` among them."""
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        for part in self.slices:
            for row in _rows(part):
                writer.writerow({name: _cell(row.get(name)) for name in _COLUMNS})
        return buffer.getvalue()


_SHARES = ("precision", "recall", "f1")
_COLUMNS = [
    "by", "value", "texts", "category", "positives", "found", "hits",
    *(f"{share}{end}" for share in _SHARES for end in ("", "_low", "_high")),
    "polarity_accuracy", "polarity_accuracy_low", "polarity_accuracy_high", "polarity_n",
    "calibration_error", "calibration_n",
]  # fmt: skip


def _rows(part: Slice) -> Iterator[dict[str, Any]]:
    common = {"by": part.by, "value": part.value, "texts": part.texts}
    for scores in (*part.labels, part.micro, *((part.pairs,) if part.pairs else ())):
        row: dict[str, Any] = {**common, "category": scores.name}
        row |= {"positives": scores.positives, "found": scores.found, "hits": scores.hits}
        for share in _SHARES:
            row |= _ends(share, getattr(scores, share))
        if scores is part.micro:
            row |= _ends("polarity_accuracy", part.polarity)
            row["polarity_n"] = part.polarity.n
            row["calibration_error"] = part.calibration.error
            row["calibration_n"] = part.calibration.n
        yield row
    yield {**common, "category": "macro", **_ends("f1", part.macro)}


def _ends(name: str, figure: Figure) -> dict[str, float]:
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}


def _cell(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.4f}"
    return "" if value is None else value
