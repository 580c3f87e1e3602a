"""The client of the benchmark counts what it sends, and times from when a request was due."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from benchmarks.service.client import Load, Measured, measure
from benchmarks.service.latency import BATCH
from benchmarks.service.texts import bodies, short_comments


def _measured(*, wait: float, status: int = 200, rate: float = 0.0) -> Measured:
    """A load of 0.4 s on 2 connections against a server that answers after `wait` seconds."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # the client is done
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = head.lower().partition(b"content-length:")[2].split()[0]
                await reader.readexactly(int(length))
                await asyncio.sleep(wait)
                writer.write(b"HTTP/1.1 %d X\r\ncontent-length: 2\r\n\r\n{}" % status)
        writer.close()
        await writer.wait_closed()

    async def main() -> Measured:
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tasks.add(asyncio.create_task(answer(reader, writer)))

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        measured = await measure(Load(port, 2, 0.4, ["{}"], rate))
        await asyncio.gather(*tasks)
        server.close()
        await server.wait_closed()
        return measured

    return asyncio.run(main())


def test_a_closed_loop_sends_the_next_when_a_reply_is_there() -> None:
    measured = _measured(wait=0.05)
    assert 4 <= measured.requests <= 20
    assert measured.failed == 0
    assert measured.p50 >= 50


def test_an_open_loop_counts_the_wait_for_a_connection() -> None:
    # 100 a second on 2 connections of 20 a second: the last ones wait long.
    measured = _measured(wait=0.1, rate=100.0)
    assert measured.requests > 10
    assert measured.p99 > 300


def test_other_answers_count_as_failed() -> None:
    measured = _measured(wait=0.05, status=503)
    assert (measured.requests, measured.failed > 0) == (0, True)


@pytest.mark.parametrize("size", [1, BATCH])
def test_bodies_hold_so_many_comments(size: int) -> None:
    texts = short_comments()
    assert len(texts) > 300
    assert {len(json.loads(body)["comments"]) for body in bodies(texts, size)} == {size}
