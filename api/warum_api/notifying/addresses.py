"""Which addresses may be called: the guard against requests that reach where their sender cannot (SSRF).

A URL is checked when it is given, and again at every connection: the name is resolved, every address it has
must be allowed, and the connection goes to the very address that was checked, so that a name that changes its
answer in between ("DNS rebinding") gains nothing. TLS still proves the name. Nothing is read from the
environment: no proxy, no `.netrc`.

Refused are the ranges of the IANA special-purpose registries (private, loopback, link-local, shared, multicast,
documentation, reserved …), addresses of IPv6 that carry one of IPv4, and the addresses at which clouds hand out
credentials; only networks that the operator names are let through.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
"""The addresses of a name; raises OSError if it has none."""

LONGEST_URL = 2_048
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_PRINTABLE = re.compile(r"[!-\[\]-~]+")  # ASCII without spaces and without the backslash
_DEFAULT_PORTS = {"https": 443, "http": 80}

# Where clouds hand out credentials. Most are link-local or private too: these stay shut even if those are let in.
METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254", "169.254.169.253", "169.254.170.2", "169.254.170.23", "168.63.129.16",
        "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",
    )
)  # fmt: skip

_SPECIAL = tuple(
    (ipaddress.ip_network(text), name)
    for text, name in (
        ("0.0.0.0/8", "this network"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "shared"),
        ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "documentation"), ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"), ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
        ("::1/128", "loopback"), ("::ffff:0:0/96", "IPv4-mapped"), ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "translated IPv4"), ("64:ff9b:1::/48", "translated IPv4"),
        ("2001::/23", "reserved"), ("2001:db8::/32", "documentation"), ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"), ("fc00::/7", "private"), ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"), ("ff00::/8", "multicast"),
    )
)  # fmt: skip
_EVERYTHING = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")


class RefusedAddress(ValueError):  # noqa: N818 - says what it is
    """An address that is not called.

    Attributes:
        came: What came.
        expected: What was expected.
    """

    def __init__(self, detail: str, *, came: str, expected: str) -> None:
        super().__init__(f"{detail} (came: {came}; expected: {expected})")
        self.detail, self.came, self.expected = detail, came, expected


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What may be called.

    Attributes:
        networks: Networks that are let through although they are not public.
        ports: Ports; None for any.
        plain_http: Whether `http` is allowed beside `https`.
    """

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] | None = field(default=frozenset({443}))
    plain_http: bool = False

    @classmethod
    def private_too(cls) -> AddressRules:
        """Everything but metadata addresses, any port, also without TLS: for a network of one's own."""
        return cls(networks=_EVERYTHING, ports=None, plain_http=True)

    def why_refused(self, address: Address) -> str | None:
        """Why an address is not called; None if it may be."""
        if address in METADATA and not self._named(address):
            return "a metadata address"
        if _carried(address) in METADATA and not self._named(address):
            return "a metadata address in IPv6"
        if any(address in network for network in self.networks):
            return None
        for network, name in _SPECIAL:
            if address in network:
                return f"not public ({name})"
        if address.version == 6 and address not in _GLOBAL_IPV6:
            return "not public"
        public = address.is_global and not (address.is_multicast or address.is_reserved)
        return None if public else "not public"

    def _named(self, address: Address) -> bool:
        """Whether the operator means this very address."""
        return any(address in n and n.num_addresses == 1 for n in self.networks)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that was checked, in parts, so that nothing reads it in another way.

    Attributes:
        scheme: `https` or `http`.
        host: Name or address, without brackets.
        port: The port.
        path: Path and query, beginning with a slash.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def checked_url(url: str, rules: AddressRules) -> Target:
    """A URL in parts, if it may be called as far as one can tell without resolving its name.

    Args:
        url: The URL.
        rules: What may be called.

    Raises:
        RefusedAddress: If it has another scheme, user info, a fragment, an odd port, signs that programs read
            differently, or an address that is refused.
    """
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url):
        raise RefusedAddress(
            "The URL cannot be used.",
            came=repr(url[:80]),
            expected=f"at most {LONGEST_URL} ASCII signs without spaces or backslashes (a name in punycode)",
        )
    schemes = ("https", "http") if rules.plain_http else ("https",)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddress(f"The URL is broken: {error}.", came=url, expected="a URL") from None
    if parts.scheme not in schemes:
        raise RefusedAddress(
            "The scheme is not allowed.", came=parts.scheme or "none", expected=" or ".join(schemes)
        )
    if "@" in parts.netloc or "#" in url:
        raise RefusedAddress(
            "User info and fragments are not allowed.",
            came="a URL with @ or #",
            expected="https://host/path",
        )
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    if rules.ports is not None and port not in rules.ports:
        allowed = ", ".join(map(str, sorted(rules.ports)))
        raise RefusedAddress("The port is not allowed.", came=str(port), expected=allowed)
    host = _checked_host(parts.hostname or "", rules)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _checked_host(host: str, rules: AddressRules) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not _HOST.fullmatch(host) or len(host) > 253:
            raise RefusedAddress(
                "The URL names no host.", came=host or "none", expected="a name or an address"
            ) from None
        return host
    if getattr(address, "scope_id", None):
        raise RefusedAddress("The address has a zone.", came=host, expected="no zone")
    _check(address, host, rules)
    return host


async def allowed_addresses(
    host: str, port: int, rules: AddressRules, resolve: Resolve
) -> Sequence[Address]:
    """The addresses of a name, if each of them may be called: one that may not is reason to distrust all.

    Args:
        host: Name or address.
        port: The port.
        rules: What may be called.
        resolve: Tells the addresses of a name.

    Raises:
        RefusedAddress: If one of them may not be called.
        OSError: If the name has none.
    """
    try:
        addresses: Sequence[Address] = [ipaddress.ip_address(host)]
    except ValueError:
        addresses = await resolve(host, port)
    if not addresses:
        raise OSError(f"the name {host!r} has no address")
    for address in addresses:
        _check(address, host, rules)
    return addresses


async def system_resolve(host: str, port: int) -> Sequence[Address]:
    """The addresses of a name as the operating system resolves it, without doubles.

    Raises:
        OSError: If it has none.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # no name in terms of IDNA
        raise OSError(f"{host!r} is no name: {error}") from None
    # A zone ("%eth0") would be lost on the way: such addresses are link-local, and refused.
    texts = dict.fromkeys(str(where[0]).partition("%")[0] for *_, where in found)
    return [ipaddress.ip_address(text) for text in texts]


def _check(address: Address, host: str, rules: AddressRules) -> None:
    reason = rules.why_refused(address)
    if reason is not None:
        came = str(address) if str(address) == host else f"{host} = {address}"
        raise RefusedAddress(f"The address is {reason}.", came=came, expected="a public address")


def _carried(address: Address) -> Address | None:
    """The IPv4 address that one of IPv6 carries, if any."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network, name in _SPECIAL if "IPv4" in name):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
