"""Which addresses count as one client."""

from common.addresses import network_of


def test_addresses_of_one_ipv6_network_are_one_client() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:0:1")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")


def test_other_addresses_are_clients_of_their_own() -> None:
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("::ffff:192.0.2.1") != network_of("::ffff:192.0.2.2")


def test_what_is_no_address_stays() -> None:
    assert network_of("unix:") == "unix:"
