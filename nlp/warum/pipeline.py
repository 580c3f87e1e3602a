"""Runs stages over batches of comments; knows only what a stage is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from warum.packing import pack_comments, pack_read, unpack_comments, unpack_read
from warum.records import Comment, ReadComment
from warum.stages.protocol import Stage
from warum.workers import Start, ask_workers

BATCH = 512
PARALLEL_FROM = 20_000
"""Comments from which on, with a fast model, processes are worth the seconds that they take to start."""

Stages = Sequence[Stage] | Callable[[], Sequence[Stage]]
"""Stages, or a function that makes them."""


def run(
    comments: Iterable[Comment],
    stages: Stages,
    *,
    batch_size: int = BATCH,
    on_batch: Callable[[int], None] | None = None,
    workers: int = 1,
    parallel_from: int = PARALLEL_FROM,
    start: Start = "spawn",
) -> Iterator[ReadComment]:
    """Read comments through all stages, in order.

    Args:
        comments: Any number of comments; they are taken batch by batch.
        stages: The stages, applied one after the other, or a function that makes them. For several workers
            it must be a function, and one that can be pickled (of a module's top level, or a
            `functools.partial` of one): each worker calls it once, so that no model is sent around.
        batch_size: Comments handed to a stage at a time; results do not depend on it.
        on_batch: Called with the number of comments just finished.
        workers: Processes that read; results do not depend on it. With 1 all is read in this process.
        parallel_from: Fewer comments than this are read in this process.
        start: How worker processes start, see `ask_workers`.

    Yields:
        One read comment per comment, in the order given.

    Raises:
        ValueError: If `workers` is less than 1, or more than 1 for stages that are made already.
        WorkerError: If a worker process ends before its work. What a stage raises in a worker is raised
            here as it is.
    """
    if workers < 1 or (workers > 1 and not callable(stages)):
        expected = "at least 1" if workers < 1 else "1 unless stages is a function that makes them"
        raise ValueError(f"workers is {workers}, expected {expected}")
    iterator = iter(comments)
    head = list(islice(iterator, parallel_from)) if workers > 1 else []
    batches = _batches(chain(head, iterator), batch_size)
    if callable(stages) and workers > 1 and len(head) >= parallel_from:
        read = _read_by_workers(batches, stages, workers, start)
    else:
        made = stages() if callable(stages) else stages
        read = (_through(batch, made) for batch in batches)
    for batch in read:
        if on_batch is not None:
            on_batch(len(batch))
        yield from batch


def _batches(comments: Iterable[Comment], size: int) -> Iterator[list[Comment]]:
    iterator = iter(comments)
    while batch := list(islice(iterator, size)):
        yield batch


def _through(batch: Sequence[Comment], stages: Sequence[Stage]) -> list[ReadComment]:
    read = [ReadComment(comment, comment.text) for comment in batch]
    for stage in stages:
        read = list(stage(read))
    return read


def _read_by_workers(
    batches: Iterable[list[Comment]],
    make_stages: Callable[[], Sequence[Stage]],
    workers: int,
    start: Start,
) -> Iterator[list[ReadComment]]:
    sent: deque[list[Comment]] = deque()

    def packed() -> Iterator[bytes]:
        for batch in batches:
            sent.append(batch)
            yield pack_comments(batch)

    make = partial(_reader, make_stages)
    for answer in ask_workers(make, packed(), workers=workers, start=start):
        yield unpack_read(answer, sent.popleft())


def _reader(make_stages: Callable[[], Sequence[Stage]]) -> Callable[[bytes], bytes]:
    """What a worker does with each batch."""
    stages = make_stages()

    def read(packed: bytes) -> bytes:
        return pack_read(_through(unpack_comments(packed), stages))

    return read
