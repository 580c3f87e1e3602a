"""The pipeline keeps order, counts batches and knows only what a stage is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from warum.pipeline import run
from warum.records import Comment, ReadComment


class Mark:
    """Writes its name into the warnings."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        return [replace(c, warnings=(*c.warnings, self.name)) for c in batch]


def test_stages_run_in_order_over_batches() -> None:
    comments = [Comment(str(i), "x", i) for i in range(10)]
    seen: list[int] = []
    read = list(run(iter(comments), [Mark("one"), Mark("two")], batch_size=4, on_batch=seen.append))
    assert [c.comment for c in read] == comments
    assert {c.warnings for c in read} == {("one", "two")}
    assert seen == [4, 4, 2]


def test_nothing_in_nothing_out() -> None:
    assert list(run([], [Mark("one")])) == []
