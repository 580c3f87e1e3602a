from __future__ import annotations

import asyncio
import ipaddress
import shutil
import ssl
import subprocess
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.warum_api.notifying.receiver import receiving, status
from warum_api.notifying.addresses import Address, AddressRules
from warum_api.notifying.sending import Outcome, Sender

HERE = AddressRules(networks=(ipaddress.ip_network("127.0.0.1/32"),), ports=None, plain_http=True)


class Names:
    """A resolver that answers as it is told, the last answer for ever, and counts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = answers, 0

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        self.asked += 1
        return [
            ipaddress.ip_address(a) for a in self.answers[min(self.asked, len(self.answers)) - 1]
        ]


def send(sender: Sender, url: str, body: bytes = b"{}", **headers: str) -> Outcome:
    return asyncio.run(sender.send(url, headers, body))


def test_a_body_arrives_as_it_is() -> None:
    with receiving(status(204)) as receiver:
        outcome = send(Sender(HERE, seconds=60), receiver.url, b'{"a":"\xc3\xa4"}', X_Own="1")
    assert outcome.delivered
    assert outcome.status == 204
    (got,) = receiver.got
    assert (got.path, got.body) == ("/hook", b'{"a":"\xc3\xa4"}')
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["X_Own"] == "1"


def test_loopback_is_not_called_unless_configured() -> None:
    with receiving(status(200)) as receiver:
        rules = AddressRules(ports=None, plain_http=True)
        outcome = send(Sender(rules), receiver.url)
    assert not outcome.delivered
    assert "loopback" in (outcome.problem or "")
    assert receiver.got == []


def test_redirects_are_not_followed() -> None:
    away = status(302, Location="http://169.254.169.254/latest/meta-data/")
    with receiving(away) as receiver:
        outcome = send(Sender(HERE, seconds=60), receiver.url)
    assert outcome.status == 302
    assert outcome.problem == "Answered 302: redirects are not followed."
    assert len(receiver.got) == 1


@pytest.mark.parametrize("at_first", [False, True])
def test_a_receiver_that_hangs_is_left(at_first: bool) -> None:
    released = threading.Event()

    def hang(_: int, handler: BaseHTTPRequestHandler) -> None:
        if not at_first:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            handler.wfile.flush()
        released.wait(120)

    with receiving(hang) as receiver:
        outcome = send(Sender(HERE, seconds=0.5), receiver.url)
        released.set()
    assert outcome.problem == "No answer within 0.5 s."
    assert outcome.seconds < 100  # before it lets go


def test_a_drip_of_bytes_does_not_hold_the_line() -> None:
    stop = threading.Event()

    def drip(_: int, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not stop.wait(0.05):
            handler.wfile.write(b".")
            handler.wfile.flush()

    with receiving(drip) as receiver:
        outcome = send(Sender(HERE, seconds=0.7), receiver.url)
        stop.set()
    assert outcome.problem == "No answer within 0.7 s."


def test_a_long_answer_is_not_read() -> None:
    written = []

    def flood(_: int, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        for _i in range(15_000):
            handler.wfile.write(b"x" * 65_536)
            written.append(65_536)

    with receiving(flood) as receiver:
        assert send(Sender(HERE, seconds=60), receiver.url).delivered
    assert sum(written) < 500_000_000


def test_an_answer_that_is_no_http_is_a_failure() -> None:
    def nonsense(_: int, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x00\x01 hello\r\n\r\n")

    with receiving(nonsense) as receiver:
        outcome = send(Sender(HERE, seconds=60), receiver.url)
    assert outcome.status is None
    assert (outcome.problem or "").startswith("No answer: ")


def test_nobody_there() -> None:
    with receiving(status(200)) as receiver:
        url = receiver.url
    assert (send(Sender(HERE, seconds=60), url).problem or "").startswith("No answer: ")


def test_retry_after_is_read() -> None:
    with receiving(status(503, Retry_After="120")) as receiver:
        outcome = send(Sender(HERE, seconds=60), receiver.url)
    assert outcome.retry_after is not None
    assert outcome.retry_after.total_seconds() == 120
    with receiving(status(503, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT")) as receiver:
        assert send(Sender(HERE, seconds=60), receiver.url).retry_after is None


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    names = Names(["127.0.0.1"])
    with receiving(status(200)) as receiver:
        outcome = send(
            Sender(HERE, seconds=60, resolve=names),
            f"http://no-such-name.test:{receiver.port}/hook",
        )
    assert outcome.delivered
    assert names.asked == 1  # the name is not asked for a second time
    assert receiver.got[0].headers["Host"] == f"no-such-name.test:{receiver.port}"


def test_a_name_that_changes_its_answer_is_refused() -> None:
    names = Names(["127.0.0.1"], ["169.254.169.254"], ["10.0.0.1", "127.0.0.1"])
    with receiving(status(200)) as receiver:
        sender = Sender(HERE, seconds=60, resolve=names)
        url = f"http://rebind.test:{receiver.port}/hook"
        first, second, third = (send(sender, url) for _ in range(3))
    assert first.delivered
    assert "metadata" in (second.problem or "")
    assert "private" in (third.problem or "")
    assert len(receiver.got) == 1


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    rules = AddressRules(
        networks=(ipaddress.ip_network("127.0.0.0/8"),), ports=None, plain_http=True
    )
    with receiving(status(200)) as receiver:  # listens on 127.0.0.1 only
        sender = Sender(rules, seconds=60, resolve=Names(["127.0.0.77", "127.0.0.1"]))
        assert send(sender, f"http://two.test:{receiver.port}/").delivered


def test_the_environment_does_not_redirect_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with receiving(status(200)) as receiver:
        assert send(Sender(HERE, seconds=60), receiver.url).delivered


def test_tls_proves_the_name_though_the_address_is_given(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=hooks.test",
         "-addext", "subjectAltName=DNS:hooks.test"],
        check=True, capture_output=True,
    )  # fmt: skip
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with receiving(status(200), tls=served) as receiver:
        sender = Sender(HERE, seconds=60, resolve=Names(["127.0.0.1"]), tls=trusted)
        good = send(sender, f"https://hooks.test:{receiver.port}/")
        bad = send(sender, f"https://another.test:{receiver.port}/")
    assert good.delivered, good.problem
    assert "certificate" in (bad.problem or "").lower()
    assert len(receiver.got) == 1
