"""Batches across requests: order, turns, deadlines, limits. Reading is a function that notes what it gets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest

from warum.records import Comment
from warum_api.engine.batching import LONG, Batcher, BatchLimits
from warum_api.engine.deadlines import Deadline
from warum_api.observing.metrics import Metrics
from warum_api.problems import Problem

Made = Batcher[str, str]


class Reader:
    """Answers with the text in capitals; waits at a gate."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, list[str]]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Semaphore(0)

    def __call__(self, key: str, comments: Sequence[Comment]) -> list[str]:
        texts = [comment.text or "" for comment in comments]
        self.batches.append((key, texts))
        self.began.release()
        assert self.gate.wait(10)
        if "bad" in texts:
            raise RuntimeError("bad")
        return [text.upper() for text in texts]


def comments(*texts: str) -> list[Comment]:
    return [Comment(str(i), text, i + 1) for i, text in enumerate(texts)]


def many(name: str, count: int) -> list[Comment]:
    return comments(*(f"{name}{i}" for i in range(count)))


SOON = 10.0


def run(reader: Reader, work: Callable[[Made], object], **limits: int) -> None:
    async def main() -> None:
        batcher = Made(reader, BatchLimits(**{"threads": 1, **limits}), Metrics())
        try:
            await work(batcher)  # type: ignore[misc]
        finally:
            reader.gate.set()
            batcher.stop()

    asyncio.run(main())


async def begun(reader: Reader) -> None:
    assert await asyncio.to_thread(reader.began.acquire, timeout=10)


def test_what_arrives_while_a_batch_is_read_is_read_together() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        asked = [
            asyncio.create_task(batcher.read("k", comments(f"a{i}", f"b{i}"), Deadline.after(SOON)))
            for i in range(10)
        ]
        await begun(reader)
        reader.gate.set()
        for i, one in enumerate(asked):
            assert await one == [f"A{i}", f"B{i}"]

    run(reader, work)
    assert [len(texts) for _, texts in reader.batches] == [2, 18]


def test_without_batching_each_is_read_by_itself() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        assert await batcher.read("k", many("a", 5), Deadline.after(SOON)) == [
            f"A{i}" for i in range(5)
        ]

    run(reader, work, comments=1)
    assert [len(texts) for _, texts in reader.batches] == [1] * 5


def test_one_comment_is_not_behind_a_thousand() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        large = asyncio.create_task(batcher.read("k", many("a", 1000), Deadline.after(SOON)))
        await begun(reader)
        small = asyncio.create_task(batcher.read("k", comments("b"), Deadline.after(SOON)))
        await asyncio.sleep(0)
        reader.gate.set()
        assert await small == ["B"]
        assert not large.done()
        assert await large == [f"A{i}" for i in range(1000)]

    run(reader, work)
    assert "b" in reader.batches[1][1]
    assert all(len(texts) <= 64 for _, texts in reader.batches)
    assert sum(len(texts) for _, texts in reader.batches) == 1001


def test_batches_are_of_one_key() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        asked = [
            asyncio.create_task(batcher.read("kl"[i % 2], many(f"{i}x", 3), Deadline.after(SOON)))
            for i in range(9)
        ]
        await begun(reader)
        reader.gate.set()
        assert await asyncio.gather(*asked) == [[f"{i}X{j}" for j in range(3)] for i in range(9)]

    run(reader, work)
    assert [key for key, _ in reader.batches] == ["k", "l", "k"]


def test_a_batch_holds_so_many_characters_or_one_comment() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        await batcher.read("k", comments("x" * 900, "y" * 60, "z" * 60, "q"), Deadline.after(SOON))

    run(reader, work, characters=100)
    assert [[t[0] for t in texts] for _, texts in reader.batches] == [["x"], ["y"], ["z", "q"]]


def test_a_thread_stays_free_of_long_texts() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        long = [
            asyncio.create_task(batcher.read("k", comments("x" * LONG), Deadline.after(SOON)))
            for _ in range(3)
        ]
        await begun(reader)
        short = asyncio.create_task(batcher.read("k", comments("a"), Deadline.after(SOON)))
        await begun(reader)
        assert [texts for _, texts in reader.batches][1] == ["a"]
        reader.gate.set()
        assert await short == ["A"]
        assert [len(found[0]) for found in await asyncio.gather(*long)] == [LONG] * 3

    run(reader, work, threads=2)


def test_what_is_not_begun_by_its_deadline_is_never_read() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        first = asyncio.create_task(batcher.read("k", comments("a"), Deadline.after(SOON)))
        await begun(reader)
        with pytest.raises(Problem, match="fewer") as refused:
            await batcher.read("k", many("b", 100), Deadline.after(0.02))
        assert refused.value.document()["expected"] == "done within 0.02 s"
        reader.gate.set()
        assert await first == ["A"]
        assert await batcher.read("k", comments("c"), Deadline.after(SOON)) == ["C"]

    run(reader, work)
    assert [texts for _, texts in reader.batches] == [["a"], ["c"]]


def test_what_is_begun_by_its_deadline_harms_nobody() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        with pytest.raises(Problem, match="fewer"):
            await batcher.read("k", many("b", 100), Deadline.after(0.05))
        other = asyncio.create_task(batcher.read("k", comments("a"), Deadline.after(SOON)))
        await asyncio.sleep(0)
        reader.gate.set()
        assert await other == ["A"]

    run(reader, work)
    assert [len(texts) for _, texts in reader.batches] == [64, 1]


def test_too_much_is_refused_with_when_to_come_again() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        first = asyncio.create_task(batcher.read("k", comments("a"), Deadline.after(SOON)))
        await begun(reader)
        waiting = asyncio.create_task(batcher.read("k", many("b", 10), Deadline.after(SOON)))
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await batcher.read("k", comments("c"), Deadline.after(SOON))
        assert refused.value.code == "overloaded"
        assert int(refused.value.headers["Retry-After"]) >= 1  # type: ignore[index]
        reader.gate.set()
        assert (await first, len(await waiting)) == (["A"], 10)
        # Nothing waits: a request of more than may wait is taken by itself.
        assert len(await batcher.read("k", many("d", 50), Deadline.after(SOON))) == 50

    run(reader, work, waiting=10)


def test_a_failure_is_that_of_its_batch_alone() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        with pytest.raises(RuntimeError, match="bad"):
            await batcher.read("k", comments("bad"), Deadline.after(SOON))
        assert await batcher.read("k", comments("good"), Deadline.after(SOON)) == ["GOOD"]
        assert await batcher.read("k", [], Deadline.after(SOON)) == []

    run(reader, work)


def test_what_waits_is_divided_among_the_threads() -> None:
    reader = Reader()

    async def work(batcher: Made) -> None:
        reader.gate.clear()
        asked = [
            asyncio.create_task(batcher.read("k", comments(f"first{i}"), Deadline.after(SOON)))
            for i in range(2)
        ]
        await begun(reader)
        await begun(reader)
        asked += [
            asyncio.create_task(batcher.read("k", comments(f"one{i}"), Deadline.after(SOON)))
            for i in range(16)
        ]
        await asyncio.sleep(0)
        reader.gate.set()
        await asyncio.gather(*asked)

    run(reader, work, threads=2)
    assert [len(texts) for _, texts in reader.batches][2:4] == [8, 4]
    assert sum(len(texts) for _, texts in reader.batches) == 18
