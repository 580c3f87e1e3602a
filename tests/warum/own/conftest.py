"""Labels made from the bundled example, and a small base that `train` and `--model DIR` find by name."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from tests.warum_models.own.small_base import SmallBase
from warum import defaults
from warum.defaults import labels_of
from warum.example import example_path
from warum.gold import GoldOptions
from warum.own import Trained, TrainOptions, train
from warum.taxonomy import Taxonomy, shipped_text
from warum_models.protocol import BaseReader

Rows = list[dict[str, str]]
CODES = ("service.attitude", "wait_time", "reliability", "general")


def write_rows(path: Path, rows: Sequence[Mapping[str, str]], *, first: str = "") -> Path:
    """Write rows as csv, perhaps below a first line of its own."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(first)
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def labelled(start: int, stop: int) -> Rows:
    """Comments of the example from `start` to `stop` with their opinions of `CODES`, a row for each."""
    with example_path().open(encoding="utf-8", newline="") as file:
        comments = list(csv.DictReader(file))[start:stop]
    with example_path("opinions_gold.csv").open(encoding="utf-8", newline="") as file:
        opinions = [o for o in csv.DictReader(file) if o["category"] in CODES]
    rows: Rows = []
    for comment in comments:
        held = [o for o in opinions if o["response_id"] == comment["response_id"]]
        for opinion in held or [{"category": "", "polarity": ""}]:
            rows.append(
                {
                    "id": comment["response_id"],
                    "text": comment["comment"],
                    "category": opinion["category"],
                    "polarity": opinion["polarity"],
                    "customer_id": comment["customer_id"],
                    "source": comment["source"],
                    "branch": comment["branch"],
                }
            )
    return rows


@pytest.fixture(scope="session")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A taxonomy of four categories."""
    whole = yaml.safe_load(shipped_text())
    whole["categories"] = [c for c in whole["categories"] if c["code"] in CODES]
    path = tmp_path_factory.mktemp("taxonomy") / "mine.yaml"
    path.write_text(yaml.safe_dump(whole | {"name": "mine"}, allow_unicode=True), "utf-8")
    return path


@pytest.fixture(scope="session")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 50 comments of the example with their labels."""
    return write_rows(tmp_path_factory.mktemp("labels") / "labels.csv", labelled(0, 50))


@pytest.fixture(scope="session", autouse=True)
def small_base() -> Iterator[None]:
    """Let the base "small" be found by name."""

    def load_base(name: str, taxonomy: Taxonomy) -> BaseReader:
        if name != "small":
            return original(name, taxonomy)
        return SmallBase(labels_of(taxonomy, "en") + labels_of(taxonomy, "de"))

    original = defaults.load_base
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warum.defaults.load_base", load_base)
        patch.setattr("warum.own.training.load_base", load_base)
        yield


@pytest.fixture(scope="session")
def trained(
    mine: Path, labels: Path, small_base: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Trained]:
    """A model trained on them, and its folder."""
    out = tmp_path_factory.mktemp("models") / "model"
    return out, train([str(labels)], out, TrainOptions(str(mine), "small"), GoldOptions())
