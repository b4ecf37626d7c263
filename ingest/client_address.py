"""Whose address a request comes from, when proxies stand between."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class TrustedProxies:
    """The proxies whose X-Forwarded-For is believed, as addresses or CIDR blocks."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ip_network(network, strict=False) for network in networks]
        # The same few proxies stand before every request.
        self._is_trusted = lru_cache(maxsize=1024)(self._is_in_networks)

    def client_of(self, peer: str, forwarded_for: str) -> str:
        """The nearest address that is no trusted proxy; "" when the peer has none.

        Anybody can write the left part of the header: it is read from the right, and only as far
        as proxies that are trusted wrote it.
        """
        client = peer
        if not forwarded_for:
            return client
        for hop in reversed(forwarded_for.split(",")):
            address = _without_port(hop.strip())
            if not address or not self._is_trusted(client):
                break
            client = address
        return client

    def _is_in_networks(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


def _without_port(text: str) -> str:
    """The address in "1.2.3.4", "1.2.3.4:80", "::1" or "[::1]:80"; "" when it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
