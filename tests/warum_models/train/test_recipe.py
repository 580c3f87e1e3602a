"""What is trained on and what is held out never share a text."""

from __future__ import annotations

import pytest

from warum_models.train.labelbank import held_out_taxonomies
from warum_models.train.tasks import Task

recipe = pytest.importorskip(
    "warum_models.train.recipe", reason="training needs torch: warum[train]"
)


def review(text: str, source: str = "authored real") -> Task:
    return Task(text, "en", source)


def test_a_tenth_is_held_out_and_no_sentence_of_it_is_trained_on() -> None:
    held = next(
        t for i in range(100) if (t := review(f"Fine phone number {i}. Bad cable.")).fold == 0
    )
    other = next(t for i in range(100) if (t := review(f"Sound of set {i} is thin.")).fold != 0)
    parts = [review("Bad cable.", "vader"), review(held.text.partition(". ")[0] + ".", "vader")]
    train, aside = recipe.split([held, other, *parts])
    assert aside == [held]
    assert train == [other]


def test_a_small_taxonomy_is_held_out_as_a_whole() -> None:
    kept = sorted(held_out_taxonomies())[0]
    tasks = [
        Task(f"text {i} of {name}", "de", "own", known=(f"{name}:a",))
        for name in (kept, "another")
        for i in range(3)
    ]
    train, aside = recipe.split(tasks)
    assert {t.known[0] for t in aside} == {f"{kept}:a"}
    assert len(train) == len(aside) == 3
