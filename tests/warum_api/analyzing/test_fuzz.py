"""Malformed requests: only 4xx, and the service lives."""

from __future__ import annotations

import gzip
import json
import random
import socket
import string
from collections.abc import Callable
from typing import Any

import httpx
import pytest

VALID = {
    "comments": [{"id": "1", "text": "Great staff", "language": "en"}],
    "language": "en",
    "question": "Why?",
    "taxonomy": {"categories": [{"code": "a", "title": {"en": "A"}, "description": "B"}]},
}
Dice = random.Random


def _value(dice: Dice, depth: int = 0) -> Any:
    kinds: list[Callable[[], Any]] = [
        lambda: None,
        lambda: dice.choice([True, False]),
        lambda: dice.choice([0, -1, 2**63, 10**30, 1e308, -0.5, float("nan"), float("inf")]),
        lambda: "".join(
            dice.choices(string.printable + "äß\x00\ud800\udfff👍", k=dice.randint(0, 40))
        ),
        lambda: [_value(dice, depth + 1) for _ in range(dice.randint(0, 3))],
        lambda: {
            dice.choice(["id", "text", "code", "title", "", "ü", "__proto__"]): _value(
                dice, depth + 1
            )
            for _ in range(dice.randint(0, 3))
        },
    ]
    return dice.choice(kinds[: 4 if depth > 3 else None])()


def _mutated(dice: Dice) -> bytes:
    """A valid body with something put in a random place."""
    body: Any = json.loads(json.dumps(VALID))
    here, steps = body, dice.randint(0, 4)
    for _ in range(steps):
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        nested = [k for k in keys if isinstance(here[k], (dict, list)) and here[k]]
        if not nested:
            break
        here = here[dice.choice(nested)]
    keys = list(here) if isinstance(here, dict) else list(range(len(here)))
    action, key = dice.randrange(3), dice.choice(keys)
    if action == 0:
        del here[key]
    elif action == 1 and isinstance(here, dict):
        here[dice.choice(["x", "", "comments ", "Language"])] = _value(dice)
    else:
        here[key] = _value(dice)
    return json.dumps(body).encode("utf-8", "surrogatepass")


def _damaged(dice: Dice) -> bytes:
    """The bytes of a valid body, some lost, doubled or changed."""
    raw = bytearray(json.dumps(VALID).encode())
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(raw))
        what = dice.randrange(3)
        if what == 0:
            del raw[at : at + dice.randint(1, 9)]
        elif what == 1:
            raw[at:at] = dice.randbytes(dice.randint(1, 9))
        else:
            raw[at] = dice.randrange(256)
        if not raw:
            raw += b"{"
    return bytes(raw)


def _odd(dice: Dice) -> bytes:
    return dice.choice([
        b"", b"\x00" * 100, b"[" * 100_000, b'{"a":' * 50_000, b"1" * 10_000, b"nul", b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}", b'"\\ud800"', b"NaN", dice.randbytes(dice.randint(1, 500)),
        b'{"comments":[' + b"1," * 5_000 + b"1]}", b'{"comments":{}}', b'{"comments":[{"id":' + b"9" * 5_000 + b"}]}",
    ])  # fmt: skip


def _headers(dice: Dice) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if dice.random() < 0.3:
        headers |= dice.choice([
            {"Content-Type": "text/plain"}, {"Content-Type": ""}, {"Content-Type": "application/json; charset=x"},
            {"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}, {"X-Deadline-Ms": "-5"},
            {"X-Deadline-Ms": "9" * 500}, {"Accept-Language": ";;q=,,de;q=nan" * 50}, {"Host": "evil.example"},
            {"X-Request-ID": "a<>" * 200}, {"Accept": "image/png"}, {"Content-Type": "application/" + "x" * 900},
        ])  # fmt: skip
    return headers


def bombard(service: httpx.Client, count: int, seed: int) -> dict[int, int]:
    """Send malformed requests; how often each status came."""
    dice = Dice(seed)
    statuses: dict[int, int] = {}
    for _ in range(count):
        body = dice.choice([_mutated, _mutated, _damaged, _odd])(dice)
        headers = _headers(dice)
        if headers.get("Content-Encoding") == "gzip" and dice.random() < 0.5:
            body = gzip.compress(body)[: dice.choice([None, -3])]
        method = dice.choice(["POST"] * 9 + ["PUT"])
        path = dice.choice(
            ["/v1/analyze"] * 9 + ["/v1/analyze/", "/v1//analyze", "/v1/%00", "/../etc/passwd"]
        )
        answer = service.request(method, path, content=body, headers=headers)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        told = (answer.status_code, body[:300], headers)
        # What is wrong inside a list of comments is an error entry of an answer.
        assert answer.status_code < 500, (told, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", told
            assert answer.json()["code"], told
        else:
            assert answer.status_code == 200, told
    return statuses


def test_hundreds_of_malformed_requests(service: httpx.Client) -> None:
    statuses = bombard(service, 400, seed=5)
    assert {400, 404, 405, 415, 422} <= statuses.keys()
    assert service.get("/health/ready").status_code == 200


@pytest.mark.full
def test_ten_thousand_malformed_requests(service: httpx.Client) -> None:
    bombard(service, 10_000, seed=6)
    assert service.get("/health/ready").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: \x7f\r\n\r\n",
        b"POST /v1/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /v1/analyze HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /health HTTP/1.1\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_does_no_harm(service: httpx.Client, sent: bytes) -> None:
    with socket.create_connection((service.base_url.host, service.base_url.port or 80)) as raw:
        raw.settimeout(5)
        try:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            answer = raw.recv(200)
        except OSError:
            answer = b""
    assert not answer or answer.startswith(b"HTTP/1.1 4"), answer
    assert service.get("/health/live").status_code == 200
