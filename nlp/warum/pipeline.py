"""Runs stages over batches of comments; knows only what a stage is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from warum.records import Comment, ReadComment
from warum.stages.protocol import Stage

BATCH = 512


def run(
    comments: Iterable[Comment],
    stages: Sequence[Stage],
    *,
    batch_size: int = BATCH,
    on_batch: Callable[[int], None] | None = None,
) -> Iterator[ReadComment]:
    """Read comments through all stages, in order.

    Args:
        comments: Any number of comments; they are taken batch by batch.
        stages: The stages, applied one after the other.
        batch_size: Comments handed to a stage at a time; results do not depend on it.
        on_batch: Called with the number of comments just finished.

    Yields:
        One read comment per comment, in the order given.
    """
    iterator = iter(comments)
    while batch := list(islice(iterator, batch_size)):
        read = [ReadComment(comment, comment.text) for comment in batch]
        for stage in stages:
            read = list(stage(read))
        if on_batch is not None:
            on_batch(len(batch))
        yield from read
