"""A model that reads the comments it was trained on says so."""

from __future__ import annotations

from pathlib import Path

import warum
from tests.warum.own.conftest import labelled, write_rows
from warum.own import Trained


def test_comments_that_trained_the_model_are_named(
    trained: tuple[Path, Trained], tmp_path: Path
) -> None:
    model = trained[0]
    rows = labelled(40, 100)
    for i, row in enumerate(rows):
        row["nps"] = str(i % 11)
    path = write_rows(tmp_path / "mixed.csv", rows)
    found = warum.analyze(
        path, text="text", score="nps", model=str(model), taxonomy=model / "taxonomy.yaml"
    )
    (doubt,) = [c for c in found.summary.caveats if c.code == "in_sample"]
    assert 0 < dict(doubt.details)["n"] < len(rows)  # type: ignore[operator] # both are numbers
    assert "were used to train the model" in found.html()
    unseen = write_rows(tmp_path / "unseen.csv", rows[-20:])
    other = warum.analyze(
        unseen, text="text", score="nps", model=str(model), taxonomy=model / "taxonomy.yaml"
    )
    assert "in_sample" not in [c.code for c in other.summary.caveats]
