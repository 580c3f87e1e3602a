"""The client, in a process of its own: `python -m benchmarks.service.client '{…}'` prints what it measured.

HTTP by hand over asyncio streams, a fifth of what a client library costs: on two cores the client's time is
taken from the server's.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Load:
    """What is sent.

    Attributes:
        port: Where to, on loopback.
        connections: How many at the same time.
        seconds: How long.
        bodies: JSON bodies, sent in turns.
        rate: Requests a second, arriving at random (open loop); 0 sends the next when a reply is there (closed).
    """

    port: int
    connections: int
    seconds: float
    bodies: list[str]
    rate: float = 0.0


@dataclass(frozen=True)
class Measured:
    """What came back.

    Attributes:
        requests: Answered with 200.
        failed: Answered with anything else.
        seconds: From the first request to the last answer.
        p50, p90, p99: Milliseconds from the moment a request was due to the end of its answer.
    """

    requests: int
    failed: int
    seconds: float
    p50: float
    p90: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


class Connection:
    """One connection that stays open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Connection:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, request: bytes) -> int:
        """Send a request; the status of its answer, once all of it is there."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length))
        return int(head[9:12])

    async def close(self) -> None:
        """Close it."""
        self._writer.close()
        await self._writer.wait_closed()


def request_of(body: str) -> bytes:
    """The bytes of a request."""
    raw = body.encode()
    head = "POST /v1/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(raw)}\r\n\r\n".encode() + raw


async def measure(load: Load) -> Measured:
    """Send a load; times count from when a request was due, so that a stall is not hidden by waiting clients."""
    requests = [request_of(body) for body in load.bodies]
    connections = [await Connection.open(load.port) for _ in range(load.connections)]
    due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    spent: list[float] = []
    statuses: list[int] = []
    begun = time.perf_counter()

    async def arrive() -> None:
        dice, at, sent = random.Random(1), begun, 0
        while (at := at + dice.expovariate(load.rate)) < begun + load.seconds:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            due.put_nowait((at, requests[sent % len(requests)]))
            sent += 1
        for _ in connections:
            due.put_nowait(None)

    async def answer_open(connection: Connection) -> None:
        while (one := await due.get()) is not None:
            statuses.append(await connection.send(one[1]))
            spent.append(time.perf_counter() - one[0])

    async def answer_closed(connection: Connection, first: int) -> None:
        turn = first
        while (at := time.perf_counter()) < begun + load.seconds:
            statuses.append(await connection.send(requests[turn % len(requests)]))
            spent.append(time.perf_counter() - at)
            turn += 1

    if load.rate:
        await asyncio.gather(arrive(), *(answer_open(c) for c in connections))
    else:
        await asyncio.gather(*(answer_closed(c, 7 * i) for i, c in enumerate(connections)))
    seconds = time.perf_counter() - begun
    for connection in connections:
        await connection.close()
    good = statuses.count(200)
    p50, p90, p99 = (float(p) * 1000 for p in np.percentile(spent, [50, 90, 99]))
    return Measured(good, len(statuses) - good, seconds, p50, p90, p99)


def main() -> None:
    """Measure the load that the first argument describes, or standard input if it is `-`."""
    told: dict[str, Any] = json.loads(sys.stdin.read() if sys.argv[1] == "-" else sys.argv[1])
    print(json.dumps(asdict(asyncio.run(measure(Load(**told))))))


if __name__ == "__main__":
    main()
