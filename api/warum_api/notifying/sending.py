"""One request to a subscriber: guarded, bounded in time and size, never redirected."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpcore2

from warum_api.notifying.addresses import (
    AddressRules,
    RefusedAddress,
    Resolve,
    Target,
    allowed_addresses,
    checked_url,
    system_resolve,
)

MOST_ANSWER_BYTES = 4_096
"""Bytes of an answer that are read, and thrown away."""
_TRIED_ADDRESSES = 3
_MOST_RETRY_AFTER = 86_400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request.

    Attributes:
        status: HTTP status; None if there was no answer.
        problem: What went wrong, in a few words; None if it was taken.
        retry_after: How long the receiver asks to wait.
        seconds: How long it took.
    """

    status: int | None
    problem: str | None
    retry_after: timedelta | None = None
    seconds: float = 0.0

    @property
    def delivered(self) -> bool:
        """Whether it was taken: any status 2xx."""
        return self.problem is None

    @property
    def gone(self) -> bool:
        """Whether the receiver says that it will never take anything again (410)."""
        return self.status == 410


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that were checked, and to no others.

    Args:
        rules: What may be called.
        resolve: Tells the addresses of a name.
    """

    def __init__(self, rules: AddressRules, resolve: Resolve) -> None:
        self._rules, self._resolve = rules, resolve
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, check, connect to what was checked.

        Raises:
            RefusedAddress: If an address may not be called.
            OSError: If the name has none.
            httpcore2.ConnectError: If none of them answers.
        """
        addresses = await allowed_addresses(host, port, self._rules, self._resolve)
        failed: httpcore2.ConnectError | None = None
        for address in addresses[:_TRIED_ADDRESSES]:
            try:
                # An address as text is not resolved again.
                stream = await self._network.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except httpcore2.ConnectError as error:
                failed = error
                continue
            peer = stream.get_extra_info("server_addr")
            if peer is None or ipaddress.ip_address(peer[0]) != address:
                await stream.aclose()
                raise httpcore2.ConnectError(f"connected to {peer!r} instead of {address}")
            return stream
        assert failed is not None
        raise failed


class Sender:
    """Sends bodies to subscribers.

    Args:
        rules: What may be called.
        resolve: Tells the addresses of a name.
        seconds: Time for everything: name, connection, request, answer.
        tls: The certificates to trust; by default those of the system.
    """

    def __init__(
        self,
        rules: AddressRules,
        *,
        resolve: Resolve = system_resolve,
        seconds: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.rules, self.resolve = rules, resolve
        self._network, self._seconds, self._tls = GuardedNetwork(rules, resolve), seconds, tls

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST a body as JSON.

        Args:
            url: Where to.
            headers: Further headers.
            body: The body.

        Returns:
            What came of it; nothing that a receiver does raises.
        """
        begun = time.perf_counter()
        status, problem, retry_after = None, None, None
        try:
            target = checked_url(url, self.rules)
            async with asyncio.timeout(self._seconds):
                status, retry_after = await self._post(target, headers, body)
            problem = None if 200 <= status < 300 else _said(status)
        except RefusedAddress as error:
            problem = f"Not called: {error}"
        except (TimeoutError, httpcore2.TimeoutException):
            problem = f"No answer within {self._seconds:g} s."
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            problem = f"No answer: {str(error)[:200] or type(error).__name__}"
        return Outcome(status, problem, retry_after, time.perf_counter() - begun)

    async def _post(
        self, target: Target, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, timedelta | None]:
        url = httpcore2.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        told = {
            "Host": target.authority,
            "User-Agent": "warum-webhooks",
            "Content-Type": "application/json",
            "Accept": "*/*",
            "Content-Length": str(len(body)),
            "Connection": "close",
            **headers,
        }
        async with (
            httpcore2.AsyncConnectionPool(
                ssl_context=self._tls_context(), network_backend=self._network, max_connections=1
            ) as pool,
            pool.stream("POST", url, headers=list(told.items()), content=body) as answer,
        ):
            read = 0
            async for chunk in answer.aiter_stream():
                read += len(chunk)
                if read > MOST_ANSWER_BYTES:
                    break
            return answer.status, _retry_after(answer.headers)

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = httpcore2.default_ssl_context()
        return self._tls


def _said(status: int) -> str:
    if 300 <= status < 400:
        return f"Answered {status}: redirects are not followed."
    return f"Answered {status}."


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> timedelta | None:
    """`Retry-After` in seconds; a date is not read, the backoff does as well."""
    for name, value in headers:
        if name.lower() == b"retry-after" and value.strip().isdigit() and len(value) <= 9:
            return timedelta(seconds=min(int(value), _MOST_RETRY_AFTER))
    return None
