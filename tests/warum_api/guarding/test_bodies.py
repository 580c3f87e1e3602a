"""What may come as a body."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Iterator

import httpx
import pytest

from tests.warum_api.conftest import Serving

BODY = b'{"comments":[{"id":"1","text":"Great staff"}]}'
JSON = {"Content-Type": "application/json"}
ZIPPED = {**JSON, "Content-Encoding": "gzip"}


@pytest.fixture(scope="module")
def small(serving: Serving) -> Iterator[httpx.Client]:
    """A service with narrow limits."""
    limits = {"max_body_bytes": 2_000, "max_decompressed_bytes": 70_000, "body_seconds": 0.5}
    with serving(model="nothing", **limits) as client:
        yield client


def test_a_compressed_body_is_read_as_the_same(service: httpx.Client) -> None:
    plain = service.post("/v1/analyze", content=BODY, headers=JSON)
    packed = service.post("/v1/analyze", content=gzip.compress(BODY), headers=ZIPPED)
    assert plain.status_code == packed.status_code == 200
    assert plain.content == packed.content


def test_a_compressed_body_in_small_pieces_is_read(service: httpx.Client) -> None:
    large = b'{"comments":[' + b",".join(
        b'{"id":"%d","text":"n/a %s"}' % (i, b" " * 400) for i in range(900)
    ) + b"]}"  # fmt: skip
    packed = gzip.compress(large)
    pieces = (packed[i : i + 7] for i in range(0, len(packed), 7))
    answer = service.post("/v1/analyze", content=pieces, headers=ZIPPED)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 900


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no gzip at all", "it is none"),
        (gzip.compress(BODY)[:-6], "cut off"),
        (gzip.compress(BODY) + b"more", "behind its end"),
        (gzip.compress(BODY) * 2, "behind its end"),
        (zlib.compress(BODY), "it is none"),
    ],
    # Named, since the bytes hold the time at which they were packed.
    ids=["no gzip", "cut off", "more behind", "two behind each other", "zlib"],
)
def test_a_broken_compressed_body_is_refused(
    service: httpx.Client, content: bytes, why: str
) -> None:
    answer = service.post("/v1/analyze", content=content, headers=ZIPPED)
    assert (answer.status_code, answer.json()["code"]) == (400, "undecodable_body")
    assert why in answer.json()["detail"]


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_other_codings_are_refused(service: httpx.Client, coding: str) -> None:
    headers = {**JSON, "Content-Encoding": coding}
    answer = service.post("/v1/analyze", content=BODY, headers=headers)
    assert (answer.status_code, answer.json()["expected"]) == (415, "identity or gzip")


def test_a_body_that_says_that_it_is_too_large_is_refused_unread(small: httpx.Client) -> None:
    answer = small.post("/v1/analyze", content=b"x" * 2_001, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.json()["expected"] == "at most 2000 bytes"


def test_a_body_that_does_not_say_how_large_it_is_is_refused_on_the_way(
    small: httpx.Client,
) -> None:
    answer = small.post("/v1/analyze", content=(b"x" * 500 for _ in range(9)), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_what_a_body_grows_to_is_limited(small: httpx.Client) -> None:
    bomb = gzip.compress(b" " * 1_000_000)
    assert len(bomb) < 2_000
    answer = small.post("/v1/analyze", content=bomb, headers=ZIPPED)
    assert answer.status_code == 413
    assert answer.json()["expected"] == "at most 70000 decompressed bytes"


def test_a_body_must_arrive_in_time(small: httpx.Client) -> None:
    begun = time.monotonic()
    with socket.create_connection((small.base_url.host, small.base_url.port or 80)) as slow:
        head = b"POST /v1/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        slow.sendall(head + b"Content-Length: 100\r\n\r\n{")
        slow.settimeout(10)
        answer = slow.recv(4096)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"body_timeout" in answer
    assert time.monotonic() - begun < 5


def test_the_service_lives_after_all_that(small: httpx.Client) -> None:
    assert small.post("/v1/analyze", content=BODY, headers=JSON).status_code == 200
