"""Who counts as one client among network addresses."""

from ipaddress import IPv6Address, ip_address

# Whoever has one IPv6 address usually has all of its network.
IPV6_NETWORK_BITS = 64


def network_of(client_ip: str) -> str:
    """The address, or of an IPv6 one its network; what is no address stays as it is."""
    try:
        address = ip_address(client_ip)
    except ValueError:
        return client_ip
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return f"{int(address) >> (128 - IPV6_NETWORK_BITS):x}"
    return str(address)
