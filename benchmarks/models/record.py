"""What a run is given and what it leaves: options, and figures that go to JSON and come back."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.models.teacher import MissingTeacherError, Teacher
from warum.model_names import MODELS


def shipped_models() -> tuple[str, ...]:
    """Names of the models that read anything."""
    return tuple(name for name in MODELS if name != "nothing")


@dataclass(frozen=True)
class Setting:
    """What a run of the benchmark is given.

    Attributes:
        data: Folder of the public data; None where there is none.
        teacher: Folder of all-MiniLM-L6-v2; None leaves its baselines out.
        embeddings: NumPy file that keeps the teacher's vectors from run to run; None keeps none.
        models: Names of our models to measure.
        store: JSON file that keeps the figures of all parts; None keeps none.
        pictures: Folder for pictures; None draws none.
        base: Model that training starts from.
        base_without_nhs: The same whose weights never saw patient comments; None: leave NHS out.
    """

    data: Path | None = None
    teacher: Path | None = None
    embeddings: Path | None = None
    models: tuple[str, ...] = field(default_factory=shipped_models)
    store: Path | None = None
    pictures: Path | None = None
    base: str = "accurate"
    base_without_nhs: str | None = None

    def loaded_teacher(self) -> Teacher | None:
        """The teacher; None, with the reason printed, where there is none."""
        try:
            return Teacher(self.teacher, self.embeddings)
        except MissingTeacherError as error:
            print(f"  frozen MiniLM is left out: {error}", flush=True)
            return None


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one contender on one set.

    Attributes:
        part: The part of the benchmark that measured them.
        key: Short name of the set.
        title: Name of the set in the tables.
        contender: Name of the model or baseline.
        way: How it comes to the set's labels.
        n: Number of texts.
        figures: Figure to value; one that does not apply is not there.
    """

    part: str
    key: str
    title: str
    contender: str
    way: str
    n: int
    figures: Mapping[str, float]

    def __getitem__(self, figure: str) -> float:
        return self.figures.get(figure, math.nan)


def known(**figures: float | None) -> dict[str, float]:
    """The figures that there are."""
    return {name: float(v) for name, v in figures.items() if v is not None and math.isfinite(v)}


def read_rows(store: Path | None) -> list[Row]:
    """All rows kept so far; none where there is no file."""
    if store is None or not store.is_file():
        return []
    return [Row(**row) for row in json.loads(store.read_text("utf-8"))]


def keep(store: Path | None, rows: Iterable[Row], part: str) -> None:
    """Put a part's rows in the place of its former ones: those of the same contenders on the same sets."""
    new = list(rows)
    if store is None:
        return
    measured = {(row.key, row.contender, row.way) for row in new}
    old = [
        r for r in read_rows(store) if r.part != part or (r.key, r.contender, r.way) not in measured
    ]
    content = [asdict(row) for row in sorted((*old, *new), key=lambda r: (r.part, r.key))]
    store.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def number(value: float, digits: int = 3) -> str:
    """A figure for a table; a dash where there is none."""
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"
