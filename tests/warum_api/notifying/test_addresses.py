from __future__ import annotations

import asyncio
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum_api.notifying.addresses import (
    AddressRules,
    RefusedAddress,
    allowed_addresses,
    checked_url,
    system_resolve,
)

PUBLIC = AddressRules()
PRIVATE_TOO = AddressRules.private_too()


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.1.1", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "168.63.129.16", "100.100.100.200", "192.0.0.192",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "fc00::1", "fd00:ec2::254",
        "fe80::1", "fec0::1", "ff02::1", "100::1", "3fff::1", "4000::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(text: str) -> None:
    assert PUBLIC.why_refused(ipaddress.ip_address(text)) is not None


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_public_addresses_are_called(text: str) -> None:
    assert PUBLIC.why_refused(ipaddress.ip_address(text)) is None


@given(st.ip_addresses())
def test_nothing_that_python_knows_as_special_is_called(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if PUBLIC.why_refused(address) is None:
        assert address.is_global
        special = ("private", "loopback", "link_local", "multicast", "reserved", "unspecified")
        assert not [name for name in special if getattr(address, f"is_{name}")]


def test_an_operator_may_let_networks_in_but_metadata_stays_shut() -> None:
    office = AddressRules(networks=(ipaddress.ip_network("10.0.0.0/8"),))
    assert office.why_refused(ipaddress.ip_address("10.9.8.7")) is None
    assert office.why_refused(ipaddress.ip_address("127.0.0.1")) is not None
    assert PRIVATE_TOO.why_refused(ipaddress.ip_address("127.0.0.1")) is None
    for shut in (
        "169.254.169.254",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
    ):
        assert "metadata" in (PRIVATE_TOO.why_refused(ipaddress.ip_address(shut)) or "")
    meant = AddressRules(networks=(ipaddress.ip_network("169.254.169.254/32"),))
    assert meant.why_refused(ipaddress.ip_address("169.254.169.254")) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("//example.org/", "scheme"),
        ("https://user:pass@example.org/", "User info"),
        ("https://example.org@127.0.0.1/", "User info"),
        ("https://example.org/#x", "fragments"),
        ("https://example.org:8443/", "port"),
        ("https://example.org:99999/", "broken"),
        ("https://example.org:443a/", "broken"),
        ("https:///path", "no host"),
        ("https://exa mple.org/", "cannot be used"),
        ("https://example.org\\@127.0.0.1/", "cannot be used"),
        ("https://example.org/\r\nX: 1", "cannot be used"),
        ("https://bücher.example/", "cannot be used"),
        ("https://" + "a" * 3_000, "cannot be used"),
        ("https://%31%32%37.0.0.1/", "no host"),
        ("https://127.0.0.1/", "loopback"),
        ("https://[::1]/", "loopback"),
        ("https://[::ffff:7f00:1]/", "IPv4-mapped"),
        ("https://[fe80::1%25eth0]/", "zone"),
        ("https://[fe80::1%eth0]/", "zone"),
        ("https://[::1/", "broken"),
        ("https://a..b/", "no host"),
        ("https://" + "a" * 64 + ".org/", "no host"),
        ("https://" + "a." * 130 + "org/", "no host"),
        ("https://" + "a" * 60 + "-" * 60 + "!/", "no host"),
        ("https://169.254.169.254/latest/meta-data/", "metadata"),
    ],
)
def test_odd_urls_are_refused(url: str, said: str) -> None:
    with pytest.raises(RefusedAddress, match=said):
        checked_url(url, PUBLIC)


def test_a_url_in_parts() -> None:
    target = checked_url("https://Hooks.Example.org/a/b?c=d%20e", PUBLIC)
    assert (target.scheme, target.host, target.port) == ("https", "hooks.example.org", 443)
    assert (target.path, target.authority) == ("/a/b?c=d%20e", "hooks.example.org")
    six = checked_url("http://[::1]:8080", PRIVATE_TOO)
    assert (six.path, six.authority) == ("/", "[::1]:8080")


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f.0.0.1", "2130706433", "0"])
def test_other_spellings_of_loopback_are_caught_when_resolved(host: str) -> None:
    checked_url(f"https://{host}/", PUBLIC)  # a name, as far as one can tell
    try:
        asyncio.run(system_resolve(host, 443))
    except OSError:
        pytest.skip(f"{host!r} does not resolve here")
    with pytest.raises(RefusedAddress):
        asyncio.run(allowed_addresses(host, 443, PUBLIC, system_resolve))


def test_one_private_address_among_public_ones_is_reason_to_refuse_all() -> None:
    async def mixed(*_: object) -> list[ipaddress.IPv4Address]:
        return [ipaddress.IPv4Address("93.184.216.34"), ipaddress.IPv4Address("10.0.0.1")]

    with pytest.raises(RefusedAddress, match=r"mixed\.test = 10\.0\.0\.1"):
        asyncio.run(allowed_addresses("mixed.test", 443, PUBLIC, mixed))
