"""The NHS comparison on invented rows of the same form, with a model that finds a label by its first word."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from benchmarks.models.case import Case
from benchmarks.models.sets import TAXONOMIES, nhs
from benchmarks.why.nhs import (
    comments,
    read_crossed,
    report,
    respondents_of,
    some,
)

from warum.taxonomy import Taxonomy, load_taxonomy
from warum_models.nothing import NothingModel
from warum_models.protocol import Found, Passage, Reader, Reading

CODES = load_taxonomy(TAXONOMIES / "nhs.yaml").codes
WORDS = {code: f"word{i}" for i, code in enumerate(CODES)}
EFFECTS = {CODES[0]: -1.5, CODES[1]: 0.8, CODES[2]: -0.8}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,200 comments of 1,600 respondents; some rows that do not count."""
    rng = np.random.default_rng(1)
    folder = tmp_path_factory.mktemp("data") / "nhs_patient_experience"
    folder.mkdir()
    rows = []
    for i in range(2_200):
        person = f"P{i % 1_600}"
        score = 3 + sum(e for c, e in EFFECTS.items() if _holds(person, c)) + rng.normal() * 0.5
        held = [c for c in CODES if _holds(person, c)]
        told = [WORDS[c] for c in held if rng.random() < 0.7] or ["nothing of that"]
        row = dict.fromkeys((*CODES, "Labelling not possible"), "0") | dict.fromkeys(held, "1")
        row["FFT categorical answer"] = str(int(np.clip(round(6 - score), 1, 5)))
        row["FFT answer"] = f"They said {' '.join(told)} and that was it"
        rows.append(row | {"Respondent ID": person, "FFT question": "Why?"})
    first = {row["Respondent ID"]: row["FFT categorical answer"] for row in reversed(rows)}
    for row in rows:
        row["FFT categorical answer"] = first[row["Respondent ID"]]
    rows.append(rows[0] | {"FFT answer": "Did not answer"})
    rows.append(rows[0] | {"FFT categorical answer": "6"})
    with (folder / "v6framework_230831.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder.parent


def _holds(person: str, code: str) -> bool:
    share = 0.25 if code in EFFECTS else 0.03
    return np.random.default_rng([int(person[1:]), CODES.index(code)]).random() < share


class ByWords(NothingModel):
    """Finds a label where its word stands."""

    def read(self, passages: Sequence[Passage]) -> Reading:
        found = [
            (i, self.labels.index(code), m.start(), m.end())
            for i, passage in enumerate(passages)
            for code, word in WORDS.items()
            for m in [re.search(rf"\b{word}\b", passage.text)]
            if m
        ]
        reading = super().read(passages)
        for i, j, _, _ in found:
            reading.presence[i, j] = 0.9
        rows = [np.array(part, dtype=np.int64) for part in zip(*found, strict=True)] or [
            np.zeros(0, np.int64)
        ] * 4
        comment, label, start, end = rows
        sides = np.tile(np.array([0.1, 0.8, 0.1], dtype=np.float32), (len(comment), 1))
        return Reading(
            presence=reading.presence,
            found=Found(comment, label, np.full(len(comment), 0.9, np.float32), sides, start, end),
            document=reading.document,
        )


class Fits:
    """Notes what it was trained on."""

    def __init__(self) -> None:
        self.seen: list[set[str]] = []

    def __call__(self, cases: Sequence[Case], taxonomy: Taxonomy, base: str) -> Reader:
        self.seen.append({case.group for case in cases})
        return ByWords(taxonomy.codes)


def test_the_same_comments_as_in_the_other_benchmarks(data: Path) -> None:
    found = comments(data, CODES)
    assert [one.case for one in found] == list(nhs(data))
    assert {one.score for one in found} <= {1.0, 2.0, 3.0, 4.0, 5.0}
    few = some(found, 50)
    assert len({one.case.group for one in few}) == 50
    assert few == some(found, 50)


def test_nobody_is_read_by_a_head_that_was_trained_on_them(data: Path) -> None:
    found, fits = some(comments(data, CODES), 300), Fits()
    labels = read_crossed(found, load_taxonomy(TAXONOMIES / "nhs.yaml"), "none", fits)
    assert len(fits.seen) == 2
    for half in (0, 1):
        read = {one.case.group for one, h in zip(found, labels.half, strict=True) if h == half}
        assert not read & fits.seen[half]
        assert read | fits.seen[half] == {one.case.group for one in found}
    people = respondents_of(found, labels, CODES)
    i = people.names.index("P7") if "P7" in people.names else 0
    mine = [one for one in found if one.case.group == people.names[i]]
    assert people.y[i] == mine[0].score
    assert {CODES[j] for j in np.flatnonzero(people.gold[i])} == set().union(
        *(m.case.labels for m in mine)
    )


def test_the_report(data: Path, tmp_path: Path) -> None:
    keep, fits = tmp_path / "read.npz", Fits()
    told = report(data, "none", draws=6, keep=keep, fit=fits)
    assert "1,600 respondents, 2,200 comments" in told
    lines = told.splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[-3:]]
    assert [row[0] for row in cells] == [
        "as read",
        "corrected, 300 labels",
        "corrected, 600 labels",
    ]
    inside = [float(row[5].rstrip("%")) for row in cells]
    assert min(inside[1:]) > max(80, inside[0])
    assert [row[6] for row in cells[:1]] == ["–"]
    assert all(float(row[6]) < 1.1 for row in cells[1:])
    # What was read is kept.
    again = Fits()
    assert report(data, "none", draws=6, keep=keep, fit=again) == told
    assert (len(fits.seen), len(again.seen)) == (2, 0)
